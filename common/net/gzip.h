// gzip.h - bytes made smaller for browsers that say they take that.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GZIP_BEST = 9,
    GZIP_QUICK = 1,
    GZIP_MIN = 1024
}; // GZIP_MIN: smaller ones are one packet anyway

// malloc'd; NULL where it would save less than a tenth.
uint8_t *gzip_pack(const void *at, size_t n, int level, size_t *ret_n);
bool gzip_taken(const char *accept_encoding); // the header's value, or NULL

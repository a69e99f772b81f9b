// lib.h - what the tests of proto share: cmocka's order of includes, one seed for all chance.
#pragma once
#include "proto/session.h"
#include "proto/code.h"
#include "proto/utf8.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const uint8_t election_a[ELECTION_SIZE] = "0123456789abcde";

static inline struct log_id log_named(const char *author, const char *about, enum stream stream,
                                      uint64_t incarnation)
{
    return (struct log_id){code_of(bytes_text(author)), code_of(bytes_text(about)), stream,
                           incarnation};
}

static inline void keys_from(uint8_t with, uint8_t key[KEY_SIZE], uint8_t secret[SECRET_SIZE])
{
    uint8_t from[SEED_SIZE];
    memset(from, with, sizeof from);
    key_pair(from, key, secret);
}

// gzip.c - bytes made smaller for browsers that say they take that.
#include "common/net/gzip.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

uint8_t *gzip_pack(const void *at, size_t n, int level, size_t *ret_n)
{
    enum { WINDOW_GZIP = 15 + 16 };
    z_stream z = {0};
    if (n < GZIP_MIN ||
        deflateInit2(&z, level, Z_DEFLATED, WINDOW_GZIP, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    size_t room = n - n / 10;
    uint8_t *to = malloc(room);
    assert(to);
    z.next_in = (Bytef *)(uintptr_t)at;
    z.avail_in = (uInt)n;
    z.next_out = to;
    z.avail_out = (uInt)room;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *ret_n = z.total_out;
    deflateEnd(&z);
    uint8_t *fitting = whole ? realloc(to, *ret_n) : NULL;
    if (fitting)
        return fitting;
    free(to);
    return NULL;
}

// "gzip" among the words, and not with q=0.
bool gzip_taken(const char *accept_encoding)
{
    for (const char *at = accept_encoding; at && *at;) {
        at += strspn(at, " ,\t");
        size_t n = strcspn(at, " ,;\t"), rest = strcspn(at, ",");
        if (n == 4 && strncasecmp(at, "gzip", 4) == 0) {
            const char *q = memchr(at, '=', rest);
            return !q || strtod(q + 1, NULL) > 0;
        }
        at += rest;
    }
    return false;
}

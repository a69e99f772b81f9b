// fuzz_pack.c - our strict reader beside msgpack-c: what both take has equal values, what only msgpack-c
// takes is refused for one of a few reasons that can be named.
//
// Reasons: a type that Dantin has none of, text with characters that may not stand there, deeper than
// this reader goes, more than one item, or bytes that are not the shortest form of what they say.
#include "fuzz.h"
#include "proto/pack.h"
#include "proto/utf8.h"
#include <msgpack.h>
#include <string.h>

enum { DEPTH_MAX = 24, TOO_DEEP = 1 };

// One item of any kind by the strict cursor; it is packed again as it is read.
static int read_item(struct cursor *c, struct packer *again, unsigned depth)
{
    unsigned t = c->at < c->end ? *c->at : 0xc1;
    if (depth > DEPTH_MAX)
        return TOO_DEEP;
    if ((t >= 0x90 && t <= 0x9f) || t == 0xdc || t == 0xdd) {
        size_t n = take_array(c, 0, SIZE_MAX);
        pack_array(again, n);
        int rc = 0;
        for (size_t i = 0; i < n && rc == 0 && cursor_ok(c); i++)
            rc = read_item(c, again, depth + 1);
        return rc;
    }
    if ((t >= 0xa0 && t <= 0xbf) || (t >= 0xd9 && t <= 0xdb))
        pack_text(again, take_text(c, SIZE_MAX));
    else if (t >= 0xc4 && t <= 0xc6)
        pack_bin(again, take_bin(c, 0, SIZE_MAX));
    else
        pack_uint(again, take_uint(c, UINT64_MAX));
    return 0;
}

// Both readers walk the same bytes at once; ours has taken them already.
static void same(struct cursor *c, const msgpack_object *o)
{
    struct bytes b;
    switch (o->type) {
    case MSGPACK_OBJECT_POSITIVE_INTEGER: MUST(take_uint(c, UINT64_MAX) == o->via.u64); break;
    case MSGPACK_OBJECT_STR:
        b = take_text(c, SIZE_MAX);
        MUST(bytes_same(b, bytes_of(o->via.str.ptr, o->via.str.size)));
        break;
    case MSGPACK_OBJECT_BIN:
        b = take_bin(c, 0, SIZE_MAX);
        MUST(bytes_same(b, bytes_of(o->via.bin.ptr, o->via.bin.size)));
        break;
    case MSGPACK_OBJECT_ARRAY:
        MUST(take_array(c, 0, SIZE_MAX) == o->via.array.size);
        for (uint32_t i = 0; i < o->via.array.size; i++)
            same(c, &o->via.array.ptr[i]);
        break;
    default: MUST(o->type == MSGPACK_OBJECT_ARRAY); // a type that ours does not have
    }
    MUST(cursor_ok(c));
}

// What can be said against it, and the shortest form of it where nothing can. NULL: nothing.
static const char *reason(const msgpack_object *o, struct packer *p, unsigned depth)
{
    const char *why = depth > DEPTH_MAX ? "too deep" : NULL;
    switch (o->type) {
    case MSGPACK_OBJECT_POSITIVE_INTEGER: pack_uint(p, o->via.u64); return why;
    case MSGPACK_OBJECT_BIN: pack_bin(p, bytes_of(o->via.bin.ptr, o->via.bin.size)); return why;
    case MSGPACK_OBJECT_STR:
        pack_text(p, bytes_of(o->via.str.ptr, o->via.str.size));
        return why                                                  ? why
               : utf8_ok(bytes_of(o->via.str.ptr, o->via.str.size)) ? NULL
                                                                    : "text that may not stand";
    case MSGPACK_OBJECT_ARRAY:
        pack_array(p, o->via.array.size);
        for (uint32_t i = 0; i < o->via.array.size && !why; i++)
            why = reason(&o->via.array.ptr[i], p, depth + 1);
        return why;
    default: return "a type that Dantin has none of";
    }
}

// msgpack-c reserves room for as many items as an array or a map says it has, before it looks whether
// they are there: such a length, wherever it might be read, is kept from it. Ours has no such trouble.
static bool is_bomb(const uint8_t *at, size_t n)
{
    for (size_t i = 0; i + 2 < n; i++) {
        unsigned t = at[i];
        if ((t == 0xdc || t == 0xde) && ((size_t)at[i + 1] << 8 | at[i + 2]) > n)
            return true;
        if ((t == 0xdd || t == 0xdf) && i + 4 < n &&
            ((size_t)at[i + 1] << 24 | (size_t)at[i + 2] << 16 | (size_t)at[i + 3] << 8 |
             at[i + 4]) > n)
            return true;
    }
    return false;
}

static void compare(const uint8_t *at, size_t n, bool taken)
{
    msgpack_unpacked theirs;
    size_t end = 0;
    msgpack_unpacked_init(&theirs);
    msgpack_unpack_return rc = msgpack_unpack_next(&theirs, (const char *)at, n, &end);
    bool got = rc == MSGPACK_UNPACK_SUCCESS || rc == MSGPACK_UNPACK_EXTRA_BYTES;
    if (got && end == n) {
        uint8_t *shortest = malloc(n + 1);
        struct packer p;
        pack_init(&p, shortest, n + 1);
        const char *why = reason(&theirs.data, &p, 0);
        MUST(taken == (!why && bytes_same(packed(&p), bytes_of(at, n))));
        free(shortest);
    }
    if (taken) {
        struct cursor c;
        MUST(got && end == n);
        cursor_init(&c, bytes_of(at, n));
        same(&c, &theirs.data);
        take_end(&c);
        MUST(cursor_ok(&c));
    }
    msgpack_unpacked_destroy(&theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct cursor c;
    struct packer again;
    uint8_t *buffer = malloc(n + 1);
    pack_init(&again, buffer, n + 1);
    cursor_init(&c, bytes_of(data, n));
    int rc = read_item(&c, &again, 0);
    take_end(&c);
    bool taken = cursor_ok(&c) && rc == 0;
    MUST(taken || c.bad || rc == TOO_DEEP);
    if (taken) // a value has one form, and it was it
        MUST(bytes_same(packed(&again), bytes_of(data, n)));
    if (!is_bomb(data, n))
        compare(data, n, taken);
    free(buffer);
    return 0;
}

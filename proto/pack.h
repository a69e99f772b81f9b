// pack.h - canonical msgpack: a writer into the caller's bytes, and a strict cursor to read.
//
// The whole of what Dantin signs, stores and sends is made of four things: unsigned integers, byte
// strings, UTF-8 text and arrays, each in its shortest form. Anything else is refused. The packer
// never allocates; when its buffer is too small it stays `full` and packs nothing more. A cursor
// keeps its first complaint in `bad` (a literal) and reads zeros from then on, so a decoder may
// read a whole structure and look once. Views that a cursor hands out point into the bytes read.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *at;
    size_t n;
};

static inline struct bytes bytes_of(const void *at, size_t n)
{
    return (struct bytes){.at = at, .n = n};
}
struct bytes bytes_text(const char *text); // up to its NUL; NULL is empty
bool bytes_same(struct bytes a, struct bytes b);
static inline uint32_t bytes_hash(struct bytes b) // FNV-1a: for names that nobody gains by choosing
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < b.n; i++)
        h = (h ^ b.at[i]) * 16777619u;
    return h ^ h >> 15;
}

struct packer {
    uint8_t *at;
    size_t n, cap;
    bool full;
};

void pack_init(struct packer *p, void *buffer, size_t cap);
void pack_array(struct packer *p, size_t n);
void pack_uint(struct packer *p, uint64_t v);
void pack_bin(struct packer *p, struct bytes b);
void pack_text(struct packer *p, struct bytes b);
void pack_raw(struct packer *p, struct bytes canonical); // bytes that are canonical already
struct bytes packed(const struct packer *p);             // empty when full

struct cursor {
    const uint8_t *at, *end;
    const char *bad;
};

void cursor_init(struct cursor *c, struct bytes b);
size_t take_array(struct cursor *c, size_t min, size_t max);
uint64_t take_uint_long(struct cursor *c, uint64_t max);
static inline uint64_t take_uint(struct cursor *c, uint64_t max) // most numbers are of one byte
{
    return c->at < c->end && *c->at <= 0x7f && *c->at <= max ? *c->at++ : take_uint_long(c, max);
}
struct bytes take_bin(struct cursor *c, size_t min, size_t max);
struct bytes take_text(struct cursor *c, size_t max); // valid UTF-8 without controls: see utf8.h
void take_copy(struct cursor *c, void *to, size_t n); // a byte string of exactly n
void take_end(struct cursor *c);                      // nothing may follow
bool cursor_ok(const struct cursor *c);

// pack.c - canonical msgpack: a writer into the caller's bytes, and a strict cursor to read.
#include "pack.h"
#include "utf8.h"
#include <assert.h>
#include <msgpack/pack.h>
#include <string.h>

struct bytes bytes_text(const char *text)
{
    return bytes_of(text, text ? strlen(text) : 0);
}

bool bytes_same(struct bytes a, struct bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

static int put(void *to, const char *from, size_t n)
{
    struct packer *p = to;
    if (p->full || n > p->cap - p->n) {
        p->full = true;
        return -1;
    }
    memcpy(p->at + p->n, from, n);
    p->n += n;
    return 0;
}

void pack_init(struct packer *p, void *buffer, size_t cap)
{
    *p = (struct packer){.at = buffer, .cap = cap};
}

void pack_array(struct packer *p, size_t n)
{
    msgpack_packer m = {.data = p, .callback = put};
    msgpack_pack_array(&m, n);
}

void pack_uint(struct packer *p, uint64_t v)
{
    msgpack_packer m = {.data = p, .callback = put};
    msgpack_pack_uint64(&m, v);
}

void pack_bin(struct packer *p, struct bytes b)
{
    msgpack_packer m = {.data = p, .callback = put};
    msgpack_pack_bin(&m, b.n);
    if (b.n > 0)
        put(p, (const char *)b.at, b.n);
}

void pack_text(struct packer *p, struct bytes b)
{
    msgpack_packer m = {.data = p, .callback = put};
    msgpack_pack_str(&m, b.n);
    if (b.n > 0)
        put(p, (const char *)b.at, b.n);
}

void pack_raw(struct packer *p, struct bytes canonical)
{
    put(p, (const char *)canonical.at, canonical.n);
}

struct bytes packed(const struct packer *p)
{
    return p->full ? bytes_of(NULL, 0) : bytes_of(p->at, p->n);
}

void cursor_init(struct cursor *c, struct bytes b)
{
    static const uint8_t nothing[1];
    *c = (struct cursor){.at = b.at ? b.at : nothing, .bad = NULL};
    c->end = c->at + b.n;
}

bool cursor_ok(const struct cursor *c)
{
    return c->bad == NULL;
}

static void complain(struct cursor *c, const char *why)
{
    if (!c->bad)
        c->bad = why;
    c->at = c->end;
}

// The big-endian number in the next n bytes, which must not have fitted a shorter form.
static uint64_t wide(struct cursor *c, size_t n, uint64_t least)
{
    if ((size_t)(c->end - c->at) < n) {
        complain(c, "cut short");
        return 0;
    }
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | *c->at++;
    if (v < least)
        complain(c, "not the shortest form");
    return c->bad ? 0 : v;
}

static unsigned tag(struct cursor *c)
{
    if (c->at == c->end) {
        complain(c, "cut short");
        return 0xc1; // never used in msgpack
    }
    return *c->at++;
}

uint64_t take_uint_long(struct cursor *c, uint64_t max)
{
    unsigned t = tag(c);
    uint64_t v = 0;
    if (t <= 0x7f)
        v = t;
    else if (t == 0xcc)
        v = wide(c, 1, 0x80);
    else if (t == 0xcd)
        v = wide(c, 2, 0x100);
    else if (t == 0xce)
        v = wide(c, 4, 0x10000);
    else if (t == 0xcf)
        v = wide(c, 8, 0x100000000);
    else
        complain(c, "not an unsigned integer");
    if (v > max)
        complain(c, "number too large");
    return c->bad ? 0 : v;
}

size_t take_array(struct cursor *c, size_t min, size_t max)
{
    unsigned t = tag(c);
    uint64_t n = 0;
    if (t >= 0x90 && t <= 0x9f)
        n = t & 0xf;
    else if (t == 0xdc)
        n = wide(c, 2, 16);
    else if (t == 0xdd)
        n = wide(c, 4, 0x10000);
    else
        complain(c, "not an array");
    if (!c->bad && (n < min || n > max))
        complain(c, "array of the wrong length");
    return c->bad ? 0 : (size_t)n;
}

static struct bytes view(struct cursor *c, uint64_t n, size_t max)
{
    if (n > max)
        complain(c, "too long");
    else if (n > (size_t)(c->end - c->at))
        complain(c, "cut short");
    if (c->bad)
        return bytes_of(NULL, 0);
    struct bytes b = bytes_of(c->at, (size_t)n);
    c->at += n;
    return b;
}

struct bytes take_bin(struct cursor *c, size_t min, size_t max)
{
    unsigned t = tag(c);
    uint64_t n = 0;
    if (t == 0xc4)
        n = wide(c, 1, 0);
    else if (t == 0xc5)
        n = wide(c, 2, 0x100);
    else if (t == 0xc6)
        n = wide(c, 4, 0x10000);
    else
        complain(c, "not a byte string");
    if (n < min)
        complain(c, "too short");
    return view(c, n, max);
}

struct bytes take_text(struct cursor *c, size_t max)
{
    unsigned t = tag(c);
    uint64_t n = 0;
    if (t >= 0xa0 && t <= 0xbf)
        n = t & 0x1f;
    else if (t == 0xd9)
        n = wide(c, 1, 32);
    else if (t == 0xda)
        n = wide(c, 2, 0x100);
    else if (t == 0xdb)
        n = wide(c, 4, 0x10000);
    else
        complain(c, "not text");
    struct bytes b = view(c, n, max);
    if (!c->bad && !utf8_ok(b))
        complain(c, "text with bytes that may not stand in a record");
    return c->bad ? bytes_of(NULL, 0) : b;
}

void take_copy(struct cursor *c, void *to, size_t n)
{
    struct bytes b = take_bin(c, n, n);
    assert(n > 0); // a copy of nothing would hide that nothing was read
    if (b.n == n)
        memcpy(to, b.at, n);
    else
        memset(to, 0, n);
}

void take_end(struct cursor *c)
{
    if (!c->bad && c->at != c->end)
        complain(c, "bytes left over");
}

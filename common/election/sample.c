// sample.c - places drawn to check paper against data, from what dice showed: anybody can draw them again.
#include "sample.h"
#include <assert.h>
#include <string.h>

bool sample_dice(struct bytes typed, char ret[SAMPLE_DICE_MAX + 1])
{
    unsigned n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        uint8_t c = typed.at[i];
        if (c == ' ' || c == '.' || c == '-' || c == ',')
            continue;
        if (c < '1' || c > '6' || n == SAMPLE_DICE_MAX)
            return false;
        ret[n++] = (char)c;
    }
    ret[n] = 0;
    return n >= SAMPLE_DICE_MIN;
}

static uint64_t number(const struct plan *p, struct bytes unit, const char *dice, uint32_t k)
{
    uint8_t buffer[64 + HASH_SIZE + CODE_MAX + SAMPLE_DICE_MAX], hash[HASH_SIZE];
    struct packer b;
    uint64_t v = 0;
    pack_init(&b, buffer, sizeof buffer);
    pack_array(&b, 5);
    pack_text(&b, bytes_text("dantin sample 1"));
    pack_bin(&b, bytes_of(p->hash, HASH_SIZE));
    pack_text(&b, unit);
    pack_text(&b, bytes_text(dice));
    pack_uint(&b, k);
    assert(!b.full);
    hash_of(packed(&b), hash);
    for (unsigned i = 0; i < 8; i++)
        v = v << 8 | hash[i];
    return v;
}

void sample_draw(const struct plan *p, struct bytes unit, const char *dice, uint32_t *pool,
                 uint32_t n_pool, uint32_t n)
{
    static uint32_t drawn[SAMPLE_MAX]; // small, and nobody else draws meanwhile
    assert(n <= n_pool && n <= SAMPLE_MAX);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t left = n_pool - k, at = (uint32_t)(number(p, unit, dice, k) % left);
        drawn[k] = pool[at];
        pool[at] = pool[left - 1];
    }
    memcpy(pool, drawn, n * sizeof *pool);
}

// chains.c - the members of a growing array by a hash of their names: none is looked for through all.
//
//   heads[hash & (cap - 1)] -> the newest member of that hash -> an older one ... CHAIN_END
#include "inside.h"
#include <stdlib.h>
#include <string.h>

static void link_in(struct chains *c, uint32_t i)
{
    uint32_t *head = &c->heads[c->links[i].hash & (c->cap - 1)];
    c->links[i].older = *head;
    *head = i;
}

static void more(struct chains *c)
{
    c->links = grown(c->links, c->n, &c->cap, sizeof *c->links);
    c->heads = realloc(c->heads, c->cap * sizeof *c->heads);
    if (!c->heads)
        abort();
    memset(c->heads, 0xff, c->cap * sizeof *c->heads);
    for (uint32_t i = 0; i < c->n; i++)
        link_in(c, i);
}

void chains_add(struct chains *c, uint32_t hash)
{
    if (c->n == c->cap)
        more(c);
    c->links[c->n].hash = hash;
    link_in(c, c->n++);
}

static uint32_t next_of_hash(const struct chains *c, uint32_t i, uint32_t hash)
{
    while (i != CHAIN_END && c->links[i].hash != hash)
        i = c->links[i].older;
    return i;
}

uint32_t chains_first(const struct chains *c, uint32_t hash)
{
    return c->n == 0 ? CHAIN_END : next_of_hash(c, c->heads[hash & (c->cap - 1)], hash);
}

uint32_t chains_next(const struct chains *c, uint32_t i)
{
    return next_of_hash(c, c->links[i].older, c->links[i].hash);
}

void chains_clear(struct chains *c)
{
    c->n = 0;
    if (c->cap > 0)
        memset(c->heads, 0xff, c->cap * sizeof *c->heads);
}

void chains_free(struct chains *c)
{
    free(c->links);
    free(c->heads);
}

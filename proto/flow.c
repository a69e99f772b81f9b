// flow.c - the logs a store holds, found by their ids.
#include "flow.h"
#include <assert.h>
#include <string.h>

void logs_init(struct log_table *t, struct log_head *at, uint32_t *slots, uint32_t cap)
{
    *t = (struct log_table){.at = at, .slots = slots, .cap = cap};
    memset(slots, 0xff, 2 * cap * sizeof *slots);
}

// Incarnations are random, so they spread by themselves; a liar's are only found more slowly.
static uint32_t *slot(const struct log_table *t, const struct log_id *id)
{
    uint32_t mask = 2 * t->cap - 1;
    for (uint32_t i = (uint32_t)(id->incarnation ^ id->incarnation >> 32);; i++) {
        uint32_t *s = &t->slots[i & mask];
        if (*s == LOG_NONE || log_same(&t->at[*s].id, id))
            return s;
    }
}

uint32_t logs_find(const struct log_table *t, const struct log_id *id)
{
    return t->cap == 0 ? LOG_NONE : *slot(t, id);
}

uint32_t logs_add(struct log_table *t, const struct log_id *id)
{
    uint32_t *s = slot(t, id);
    assert(*s == LOG_NONE && t->n < t->cap);
    *s = t->n;
    memset(&t->at[t->n], 0, sizeof t->at[0]);
    t->at[t->n].id = *id;
    return t->n++;
}

// planhistory.c - every version of the plan that was ever loaded here, read from the store again.
//
// A candidate's number never comes to mean somebody else, whatever versions lie between: who loads a plan
// compares it with all of them.
#include "inside.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct history {
    struct office *o;
    void (*on_plan)(void *ctx, struct bytes plan);
    void *ctx;
    uint32_t log, version, next; // of the version that is being put together
    uint8_t *bytes;
    size_t n;
};

static void take_part(struct history *h, uint32_t log, const struct record *r)
{
    struct bytes part = r->blob[PART_BYTES];
    uint8_t hash[HASH_SIZE];
    if (r->number[PART_INDEX] == 0) {
        h->log = log;
        h->version = (uint32_t)r->number[PART_VERSION];
        h->next = 0;
        h->n = 0;
    }
    if (h->log != log || h->version != r->number[PART_VERSION] ||
        h->next != r->number[PART_INDEX] || h->n + part.n > PLAN_BYTES_MAX)
        return;
    h->bytes = realloc(h->bytes, h->n + part.n + 1);
    if (!h->bytes)
        abort();
    if (part.n > 0)
        memcpy(h->bytes + h->n, part.at, part.n);
    h->n += part.n;
    if (++h->next < r->number[PART_COUNT])
        return;
    hash_of(bytes_of(h->bytes, h->n), hash);
    if (memcmp(hash, r->blob[PART_HASH].at, HASH_SIZE) == 0)
        h->on_plan(h->ctx, bytes_of(h->bytes, h->n));
}

static int on_run(void *ctx, const struct stored_run *s)
{
    struct history *h = ctx;
    struct run run;
    struct cursor c;
    struct bytes b;
    struct record r;
    const char *why;
    if (s->log >= h->o->logs.n || !folding_is_own_plan(h->o, &h->o->logs.at[s->log].id))
        return 0;
    if (run_decode(&run, s->body, &why) < 0)
        return -EIO;
    cursor_init(&c, run.records);
    while (run_next(&c, &b))
        if (record_decode(&r, b, &why) == 0 && r.kind == KIND_PLAN_PART)
            take_part(h, s->log, &r);
    return 0;
}

int office_each_plan(struct office *o, void (*on_plan)(void *ctx, struct bytes plan), void *ctx)
{
    struct history h = {.o = o, .on_plan = on_plan, .ctx = ctx, .log = LOG_NONE};
    int rc = store_each(o->store, on_run, &h);
    free(h.bytes);
    return rc;
}

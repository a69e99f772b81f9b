// proofs.c - links and signatures of runs checked ahead, by other threads, while frames are heard one by one.
//
// That check is half of what a lone record costs, and a quarter where runs are long; it depends on nothing but
// the run and the key. What was found is used for the same bytes at the same place under the same key, and for nothing else.
#include "inside.h"
#include "proto/mutant.h"
#include <string.h>

static void prove(void *work, unsigned i)
{
    struct office *o = work;
    struct proof *p = &o->proofs[i];
    p->rc = run_check(o->id.election, &p->run, p->key, p->hash, &p->why);
}

// Runs of logs that are here, behind what is here: repeats are compared, and a new log's key is looked for.
static void expect(struct office *o, const struct frame *f)
{
    uint32_t log = logs_find(&o->logs, &f->log);
    struct cursor items = f->items;
    struct bytes body, texts;
    const char *why;
    while (log != LOG_NONE && o->n_proofs < OFFICE_PROOFS_MAX &&
           frame_next_run(&items, &body, &texts)) {
        struct proof *p = &o->proofs[o->n_proofs];
        p->run = (struct run){.log = f->log, .texts = texts};
        if (run_decode(&p->run, body, &why) < 0 || p->run.first <= o->logs.at[log].next_n)
            continue;
        memcpy(p->key, o->books[log].key, KEY_SIZE);
        o->n_proofs++;
    }
}

void office_expect(struct office *o, const struct bytes *frames, unsigned n)
{
    const struct office_doors *d = &o->setup.doors;
    struct frame f;
    const char *why;
    if (o->n_proofs > 0)
        d->ahead(d->ctx, NULL, NULL, 0);
    o->n_proofs = 0;
    for (unsigned i = 0; d->ahead && i < n && o->n_proofs < OFFICE_PROOFS_MAX; i++)
        if (frame_decode(&f, frames[i], &why) == 0 && f.kind == FRAME_RUN)
            expect(o, &f);
    if (o->n_proofs > 0)
        d->ahead(d->ctx, prove, o, o->n_proofs);
}

int proofs_check(const struct office *o, const struct run *r, const uint8_t key[KEY_SIZE],
                 uint8_t ret_hash[HASH_SIZE], const char **ret_why)
{
    for (unsigned i = 0; i < o->n_proofs; i++) {
        const struct proof *p = &o->proofs[i];
        if (p->run.body.at != r->body.at || p->run.body.n != r->body.n ||
            !log_same(&p->run.log, &r->log) || memcmp(p->key, key, KEY_SIZE) != 0)
            continue;
        o->setup.doors.await(o->setup.doors.ctx, i);
        memcpy(ret_hash, p->hash, HASH_SIZE);
        if (p->rc < 0)
            *ret_why = p->why;
        return MUTANT(proof_unread) ? 0 : p->rc;
    }
    return run_check(o->id.election, r, key, ret_hash, ret_why);
}

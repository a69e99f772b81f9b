// folding.c - the office's plan and fold: built from the store, grown with each record.
#include "inside.h"
#include "proto/mutant.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { GROWTH = 4 };             // times, when a fold gets a larger block
enum { STATEMENTS = 4 };         // of a ballot beside turnouts: steps, tally, minutes
enum { EXPECTED_MAX = 4 << 20 }; // statements that have room before they come: 2 GB of addresses

bool folding_is_own_plan(const struct office *o, const struct log_id *id)
{
    const struct code *from = o->id.n_signers > 0 ? &o->id.signers[0].unit : &o->id.unit;
    return id->stream == STREAM_PLAN && code_same(&id->about, &o->id.unit) &&
           code_same(&id->author, from);
}

void folding_forget_parts(struct office *o, uint32_t log)
{
    struct parts **p = &o->books[log].parts;
    if (*p)
        free((*p)->bytes);
    free(*p);
    *p = NULL;
}

// The newest version that is whole waits to be adopted, whichever log it came in.
static void keep_newest(struct office *o, uint32_t log)
{
    struct parts *p = o->books[log].parts, *best = &o->parts;
    uint8_t hash[HASH_SIZE];
    hash_of(bytes_of(p->bytes, p->n), hash);
    if (memcmp(hash, p->hash, HASH_SIZE) == 0 && p->version > best->version) {
        free(best->bytes);
        *best = *p;
        p->bytes = NULL;
        o->plan_grew = true;
    }
    folding_forget_parts(o, log);
}

// Parts of one version come in order in one log; one out of order means that version is not whole.
// Logs of several incarnations of the parent may come side by side.
void folding_part(struct office *o, uint32_t log, const struct record *r)
{
    struct bytes part = r->blob[PART_BYTES];
    if (!folding_is_own_plan(o, &o->logs.at[log].id))
        return;
    if (r->number[PART_INDEX] == 0) {
        folding_forget_parts(o, log);
        o->books[log].parts = calloc(1, sizeof *o->books[log].parts);
        if (!o->books[log].parts)
            abort();
        o->books[log].parts->version = (uint32_t)r->number[PART_VERSION];
        o->books[log].parts->count = (uint32_t)r->number[PART_COUNT];
        memcpy(o->books[log].parts->hash, r->blob[PART_HASH].at, HASH_SIZE);
    }
    struct parts *p = o->books[log].parts;
    if (!p || p->version != r->number[PART_VERSION] ||
        (p->next != r->number[PART_INDEX] && !MUTANT(plan_part_out_of_order)))
        return;
    if (p->n + part.n > p->cap) {
        p->cap = (p->n + part.n) * 2;
        p->bytes = realloc(p->bytes, p->cap);
        if (!p->bytes)
            abort();
    }
    if (part.n > 0)
        memcpy(p->bytes + p->n, part.at, part.n);
    p->n += part.n;
    if (++p->next == p->count)
        keep_newest(o, log);
}

int folding_adopt(struct office *o)
{
    struct parts *p = &o->parts;
    const char *why;
    o->plan_grew = false;
    if (!p->bytes || (o->plan && p->version <= o->plan->version))
        return 0;
    size_t size = plan_size(bytes_of(p->bytes, p->n), &why);
    if (size == 0)
        return 0; // not one we can read: the plan in force stays
    void *at = aligned_block(size);
    if (plan_open(at, size, bytes_of(p->bytes, p->n), &why) < 0) {
        free(at);
        return 0;
    }
    free(p->bytes);
    *p = (struct parts){.version = p->version}; // the block has its own copy
    free(o->plan_block);
    o->plan_block = at;
    o->plan = at;
    for (uint32_t i = 0; i < o->n_children; i++) {
        o->children[i].plan_due = o->children[i].maybe_changed = true;
        o->children[i].speakers = 0;
    }
    book_ranks(o);
    return 1;
}

static void grow_fold(struct office *o)
{
    struct fold_limits l = o->fold.limits;
    struct fold larger;
    l.logs = l.logs < o->logs.cap * 2 ? o->logs.cap * 2 : l.logs;
    if (!fold_room(&o->fold)) { // room that is not used yet costs addresses, no memory
        l.entries *= GROWTH;
        l.refs *= GROWTH;
        l.occurrences *= GROWTH;
        l.bytes *= GROWTH;
    }
    void *at = aligned_block(fold_size(o->plan, &l));
    fold_move(&larger, at, &l, &o->fold);
    free(o->fold_block);
    o->fold_block = at;
    o->fold = larger;
}

// Logs are numbered alike in the table and in the fold.
static void know_logs(struct office *o)
{
    if (o->logs.n > o->fold.limits.logs / 2)
        grow_fold(o);
    while (o->fold.n_logs < o->logs.n)
        fold_log(&o->fold, o->fold.n_logs, &o->logs.at[o->fold.n_logs].id);
}

void folding_touch(struct office *o, uint32_t unit)
{
    for (uint32_t u = unit; u != PLAN_NONE; u = o->plan->units[u].parent)
        o->changed_at[u] = o->turn;
}

static SELDOM void learn_word(struct office *o, uint32_t log, uint64_t n, struct bytes record)
{
    struct record r;
    struct certificate c;
    const char *why;
    const struct log_id *id = &o->logs.at[log].id;
    bool ours = code_same(&id->author, &o->id.unit);
    bool by_key = ours && memcmp(o->books[log].key, o->id.key, KEY_SIZE) == 0;
    if (record_decode(&r, record, &why) < 0)
        return;
    if (r.kind == KIND_PLAN_PART)
        folding_part(o, log, &r);
    if (r.kind == KIND_ADMIT && id->stream == STREAM_ABOUT &&
        certificate_check(&c, r.blob[ADMIT_CERTIFICATE], o->id.election) == 0 &&
        code_same(&c.unit, &id->about)) {
        struct known_key *k = keyring_learn(o, &c.unit, c.key, &id->author);
        k->by_key = k->by_key || by_key;
        if (ours)
            duties_new_child(o, &c.unit)->maybe_changed = true;
    }
    if (r.kind == KIND_RETIRE && id->stream == STREAM_ABOUT && r.blob[RETIRE_KEY].n == KEY_SIZE)
        keyring_retire(o, &id->about, r.blob[RETIRE_KEY].at, &id->author);
    if (r.kind == KIND_ERASE && id->stream == STREAM_ABOUT)
        erasing_learn(o, id, &r);
    // A tier above has the proof that our key signed another record there: that branch is left.
    if (r.kind == KIND_FORK && id->stream == STREAM_ABOUT && !ours &&
        code_same(&id->about, &o->id.unit) && r.number[FORK_STREAM] == STREAM_REPORTS &&
        keyring_above(o, &id->author, &id->about))
        o->forked = r.number[FORK_INCARNATION];
    // What was said under an earlier key, and comes back from the child, is no plan for its next store.
    struct child *child = id->about.n > 0 && id->stream == STREAM_PLAN && book_is_current(o, id)
                              ? duties_child(o, &id->about)
                              : NULL;
    if (child && r.kind == KIND_PLAN_PART)
        memcpy(child->plan_hash, r.blob[PART_HASH].at, HASH_SIZE);
    if (ours && r.kind == KIND_SUMMARY && r.subject.n <= CODE_MAX) {
        struct code subject = code_of(r.subject);
        struct summary s;
        child = duties_new_child(o, &subject);
        if (summary_decode(&s, r.blob[SUMMARY_CONTENT]) == 0) {
            child->summed = s.cut;
            child->summed_n = id->incarnation == o->incarnation ? n : 0;
        }
    }
}

// What a log about a child teaches beside its figures: keys, and what was last said in our own logs.
static void learn(struct office *o, uint32_t log, uint64_t n, struct bytes record)
{
    const struct log_id *id = &o->logs.at[log].id;
    if (id->stream != STREAM_REPORTS || code_same(&id->author, &o->id.unit))
        learn_word(o, log, n, record);
}

static void fold_record(struct office *o, uint32_t log, uint64_t n, struct bytes record)
{
    know_logs(o);
    if (!fold_room(&o->fold))
        grow_fold(o);
    uint64_t before = o->fold.changes;
    fold_apply(&o->fold, log, n, record);
    uint32_t home = o->fold.logs[log].home;
    if (o->fold.changes != before && home != PLAN_NONE)
        folding_touch(o, home);
}

void folding_record(struct office *o, uint32_t log, uint64_t n, struct bytes record)
{
    learn(o, log, n, record);
    if (o->plan)
        fold_record(o, log, n, record);
}

static void fresh_fold(struct office *o)
{
    uint64_t held = 0;
    // What is there has its room at once, and what the plan lets expect: to grow moves all cells, and touches as
    // much memory again, which is the dearest part of a large fold.
    uint64_t expected = (uint64_t)o->plan->n_ballots * (STATEMENTS + o->plan->n_cutoffs);
    uint32_t n = 1024;
    for (uint32_t i = 0; i < o->logs.n; i++)
        held += o->logs.at[i].n;
    while (n < held || (n < expected && n < EXPECTED_MAX))
        n *= 2;
    struct fold_limits l = {.logs = o->logs.cap * 2,
                            .entries = n,
                            .refs = n,
                            .occurrences = n,
                            .bytes = (size_t)n * 256,
                            .salt = o->setup.doors.random(o->setup.doors.ctx)};
    for (uint32_t i = 0; i < o->logs.n; i++)
        o->books[i].lacked = 0;
    o->n_looked = 0; // what was admitted is found again
    free(o->fold_block);
    free(o->changed_at);
    o->fold_block = NULL;
    o->changed_at = calloc(o->plan->n_units, sizeof *o->changed_at);
    if (!o->changed_at)
        abort();
    for (uint32_t i = 0; i < o->plan->n_units; i++)
        o->changed_at[i] = o->turn;
    o->fold_block = aligned_block(fold_size(o->plan, &l));
    fold_init(&o->fold, o->fold_block, o->plan, &l);
}

static int open_run(struct office *o, const struct stored_run *s, struct run *ret)
{
    const char *why;
    if (s->log >= o->logs.n || run_decode(ret, s->body, &why) < 0)
        return -EIO; // what was a run when it was stored is none any more
    ret->log = o->logs.at[s->log].id;
    return 0;
}

static void each_record(struct office *o, uint32_t log, const struct run *run,
                        void (*on_record)(struct office *, uint32_t, uint64_t, struct bytes))
{
    struct cursor c;
    struct bytes record;
    uint64_t n = run->first;
    cursor_init(&c, run->records);
    while (run_next(&c, &record))
        on_record(o, log, n++, record);
}

// A version whose parts are all here is taken at once: the next may not be whole yet.
static int on_learn(void *ctx, const struct stored_run *s)
{
    struct office *o = ctx;
    struct run run;
    int rc = open_run(o, s, &run);
    if (rc == 0)
        each_record(o, s->log, &run, learn);
    if (rc == 0 && o->plan_grew)
        folding_adopt(o);
    return rc;
}

static int on_fold(void *ctx, const struct stored_run *s)
{
    struct office *o = ctx;
    struct run run;
    int rc = open_run(o, s, &run);
    if (rc < 0)
        return rc;
    fold_ahead(&o->fold, &run); // whether it crowds was asked when it came
    each_record(o, s->log, &run, fold_record);
    if (run.log.stream != STREAM_PLAN)
        fold_held(&o->fold, s->log, s->last);
    return 0;
}

int folding_rebuild(struct office *o)
{
    erasing_forget(o);
    int rc = store_each(o->store, on_learn, o);
    if (rc == 0 && o->plan) {
        fresh_fold(o);
        rc = store_each(o->store, on_fold, o);
    }
    return rc;
}

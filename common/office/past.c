// past.c - what was known when the logs were held only so far: a second fold of the same store.
#include "past.h"
#include <errno.h>
#include <stdlib.h>

static bool later(const struct past *past, const struct stored_run *s, struct bytes record)
{
    static struct record r; // too large for a stack, and nobody else folds meanwhile
    const char *why;
    return past->until != 0 && (past->every || past->fold.logs[s->log].stream == STREAM_ABOUT) &&
           record_decode(&r, record, &why) == 0 && r.entered > past->until;
}

static int on_run(void *ctx, const struct stored_run *s)
{
    struct past *past = ctx;
    struct run run;
    struct cursor c;
    struct bytes record;
    const char *why;
    uint64_t n = s->first;
    if (s->log >= past->fold.n_logs || s->first > past->upto[s->log])
        return 0;
    if (run_decode(&run, s->body, &why) < 0)
        return -EIO;
    cursor_init(&c, run.records);
    for (; n <= past->upto[s->log] && run_next(&c, &record); n++) {
        bool is_later = later(past, s, record);
        if (is_later && past->every)
            continue;
        if (is_later) {
            past->upto[s->log] = n - 1;
            break;
        }
        fold_apply(&past->fold, s->log, n, record);
    }
    if (past->fold.logs[s->log].stream != STREAM_PLAN)
        fold_held(&past->fold, s->log, n - 1);
    return 0;
}

void past_init(struct past *past, const struct office *o)
{
    *past = (struct past){.plan = office_plan(o)};
    past->upto = calloc(office_logs(o)->n + 1, sizeof *past->upto);
    if (!past->upto)
        abort();
}

static void *block_for(const struct plan *p, const struct fold_limits *limits)
{
    void *block = aligned_alloc(16, (fold_size(p, limits) + 15) & ~(size_t)15);
    if (!block)
        abort();
    return block;
}

// Everything that the store holds has its room in a fold of the present limits, so what it held
// then has too.
int past_fold(struct past *past, struct office *o)
{
    const struct fold *now = office_fold(o);
    const struct log_table *t = office_logs(o);
    past->block = block_for(past->plan, &now->limits);
    fold_init(&past->fold, past->block, past->plan, &now->limits);
    for (uint32_t i = 0; i < t->n; i++)
        fold_log(&past->fold, i, &t->at[i].id);
    return store_each(office_store(o), on_run, past);
}

void past_keep(struct past *past)
{
    const struct fold_limits none = {
        .logs = 1, .entries = 1, .refs = 1, .occurrences = 1, .bytes = 16};
    struct fold whole = past->fold;
    void *block = block_for(past->plan, &none);
    whole.n_logs = whole.n_grants = whole.n_names = whole.n_entries = 0;
    whole.n_refs = whole.n_occurrences = whole.n_slots = 0;
    whole.n_bytes = 0;
    fold_move(&past->fold, block, &none, &whole);
    free(past->block);
    free(past->upto);
    past->block = block;
    past->upto = NULL;
}

struct stored_then {
    struct past *past;
    uint32_t n_logs;
    int64_t at, first;
};

static int on_time(void *ctx, const struct stored_run *s)
{
    struct stored_then *then = ctx;
    if (then->first == 0 || s->at < then->first)
        then->first = s->at;
    if (s->log < then->n_logs && s->at <= then->at && s->last > then->past->upto[s->log])
        then->past->upto[s->log] = s->last;
    return 0;
}

int past_stored(struct past *past, struct office *o, int64_t at, int64_t *ret_first)
{
    struct stored_then then = {.past = past, .n_logs = office_logs(o)->n, .at = at};
    past_init(past, o);
    int rc = store_each_time(office_store(o), on_time, &then);
    *ret_first = then.first;
    return rc == 0 ? past_fold(past, o) : rc;
}

void past_close(struct past *past)
{
    free(past->block);
    free(past->upto);
    past->block = NULL;
    past->upto = NULL;
}

// room.h - one fold and the logs it reads, for tests that say something and look at what it did.
#pragma once
#include "voting.h"

struct room { // one fold and the logs it reads, folded as they are said
    struct plan *plan;
    struct fold *fold;
    struct voting *logs;
    uint32_t number[LOGS];
};

static inline int setup(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    r->plan = voting_plan();
    r->fold = voting_fold(r->plan, 200);
    r->logs = calloc(1, sizeof *r->logs);
    memset(r->number, 0xff, sizeof r->number);
    *state = r;
    return 0;
}

static inline int teardown(void **state)
{
    struct room *r = *state;
    free(r->plan);
    free(r->fold);
    free(r->logs);
    free(r);
    return 0;
}

// Folds what was said in a log since the last time; up to record n at most.
static inline void hear_up_to(struct room *r, const struct voting_log *l, unsigned n)
{
    uint32_t i = (uint32_t)(l - r->logs->logs);
    if (r->number[i] == UINT32_MAX)
        fold_log(r->fold, r->number[i] = r->fold->n_logs, &l->id);
    uint32_t log = r->number[i];
    for (uint64_t k = r->fold->logs[log].held; k < n && k < l->n; k++) {
        fold_apply(r->fold, log, k + 1, bytes_of(l->records[k].at, l->records[k].n));
        fold_held(r->fold, log, k + 1);
    }
}

static inline void hear(struct room *r, const struct voting_log *l)
{
    hear_up_to(r, l, RECORDS);
}

static inline void say(struct room *r, struct voting_log *l, const struct record *record)
{
    voting_say(l, record);
    hear(r, l);
}

static inline struct voting_log *about(struct room *r)
{
    return voting_add(r->logs, "D", "C1", STREAM_ABOUT, 21);
}

static inline struct voting_log *reports(struct room *r, struct voting_log *by,
                                         uint64_t incarnation)
{
    voting_admit(by, 1000 + incarnation, incarnation);
    hear(r, by);
    return voting_add(r->logs, "C1", "C1", STREAM_REPORTS, incarnation);
}

static inline const struct cell *cell(const struct room *r, uint32_t unit, uint32_t contest)
{
    return &r->fold->cells[plan_ballot_of(r->plan, unit, contest)];
}

static inline struct record verdict(uint64_t act, enum verdict word, uint64_t of)
{
    struct record r = voting_record(KIND_VERDICT, act, "C1");
    r.number[VERDICT_WORD] = word;
    r.number[VERDICT_OF] = of;
    r.by = bytes_text("officer");
    return r;
}

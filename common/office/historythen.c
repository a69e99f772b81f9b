// historythen.c - what counted here at a moment beside what counts now, place by place.
//
// By when runs were stored the answer is exact: it is what this disk held. By when statements say that they were
// entered it is what people had stated by then, wherever it was; a store that was begun later can say no more.
// Both are folds under the plan that is in force now.
#include "common/election/summary.h"
#include "history.h"
#include "past.h"
#include <string.h>

static bool same_facts(const struct cell *a, const struct cell *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static bool same_ballot(const struct fold *a, const struct fold *b, uint32_t ballot)
{
    const struct plan *p = b->plan;
    const struct plan_ballot *x = &p->ballots[ballot];
    size_t t = (size_t)ballot * p->n_cutoffs;
    return same_facts(&a->cells[ballot], &b->cells[ballot]) &&
           memcmp(a->turnouts + t, b->turnouts + t, p->n_cutoffs * sizeof *a->turnouts) == 0 &&
           memcmp(a->votes + x->first_vote, b->votes + x->first_vote,
                  p->contests[x->contest].n_candidates * sizeof *a->votes) == 0;
}

// Votes are shown where they may be now: what was counted then is no more open than what is.
static json_t *ballot_of(const struct fold *f, uint32_t ballot, bool votes)
{
    json_t *j = view_ballot(f, ballot);
    if (!votes)
        json_object_del(json_object_get(j, "tally"), "votes");
    return j;
}

static json_t *row_of(const struct fold *then, const struct fold *now, uint32_t ballot, bool votes)
{
    const struct plan *p = now->plan;
    const struct plan_unit *u = &p->units[p->ballots[ballot].unit];
    bool open = votes || view_votes_open(now, p->ballots[ballot].contest);
    return json_pack("{s:o,s:o,s:o,s:b,s:b,s:o,s:o}", "place", view_bytes(u->code), "name",
                     view_bytes(u->name), "within",
                     view_bytes(u->parent == PLAN_NONE ? bytes_text("") : p->units[u->parent].name),
                     "changed", !same_ballot(then, now, ballot), "votes_open", open, "then",
                     ballot_of(then, ballot, open), "now", ballot_of(now, ballot, open));
}

static json_t *rows_of(const struct fold *then, const struct fold *now,
                       const struct history_then *x, uint32_t *ret_n, uint32_t *ret_changed)
{
    const struct plan *p = now->plan;
    const struct plan_unit *u = &p->units[x->unit];
    json_t *rows = json_array();
    *ret_n = *ret_changed = 0;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        if (!view_shown(p, p->contests[p->ballots[b].contest].kind, x->restricted))
            continue;
        bool same = same_ballot(then, now, b);
        *ret_changed += !same;
        if (same && !x->all)
            continue;
        if (*ret_n / HISTORY_PLACES == x->page)
            json_array_append_new(rows, row_of(then, now, b, x->votes));
        ++*ret_n;
    }
    return rows;
}

// Runs of logs that count which came since, so that a reader sees how much the picture moved.
static json_int_t records_since(const struct office *o, const struct past *past)
{
    json_int_t n = 0;
    for (uint32_t i = 0; i < office_logs(o)->n; i++)
        if (office_logs(o)->at[i].id.stream != STREAM_PLAN)
            n += (json_int_t)(office_logs(o)->at[i].n - past->upto[i]);
    return n;
}

int history_then(struct office *o, const struct history_then *x, json_t **ret)
{
    struct past past;
    const struct fold *now = office_fold(o);
    int64_t first = 0;
    uint32_t n, changed;
    int rc;
    if (x->entered) {
        past_init(&past, o);
        past.until = x->at;
        past.every = true;
        for (uint32_t i = 0; i < office_logs(o)->n; i++)
            past.upto[i] = office_logs(o)->at[i].n;
        rc = past_fold(&past, o);
    } else {
        rc = past_stored(&past, o, x->at, &first);
    }
    if (rc == 0) {
        json_t *rows = rows_of(&past.fold, now, x, &n, &changed);
        bool place = now->plan->units[x->unit].place;
        *ret = json_pack(
            "{s:I,s:s,s:o,s:o,s:I,s:I,s:I,s:i,s:i,s:o,s:o}", "moment", (json_int_t)x->at, "basis",
            x->entered ? "entered" : "stored", "began",
            first ? json_integer((json_int_t)first) : json_null(), "rows", rows, "n", (json_int_t)n,
            "changed", (json_int_t)changed, "since", records_since(o, &past), "page", (int)x->page,
            "pages", (int)((n + HISTORY_PLACES - 1) / HISTORY_PLACES), "totals_then",
            place ? json_array() : view_totals(&past.fold, x->unit, x->at, x->restricted),
            "totals_now", place ? json_array() : view_totals(now, x->unit, x->at, x->restricted));
    }
    past_close(&past);
    return rc;
}

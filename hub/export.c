// export.c - the results in the long form of an official totals file, for spreadsheets and checks.
//
// level,unit_code,unit_name,contest_id,contest_name,seats,eligible,ballots_issued,ballots_cast,
// ballots_valid,ballots_invalid,candidate_no,candidate_name,votes,elected,places,tallied
// A row for each unit that is not a place and kind of contest (contest_id empty), for each contest
// voted on in it (candidate_no empty) and each of its candidates; whole contests again with the level
// `contest`. Empty: nobody stated it; of votes and who is elected also: the minutes are not made yet.
#include "common/base/csv.h"
#include "common/election/outcome.h"
#include "common/office/view.h"
#include "hub.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    struct bytes level;
    uint32_t unit, contest; // contest PLAN_NONE: all of a kind
    const int64_t *numbers; // tally numbers as (sum, places), or NULL
    uint32_t candidate;     // or PLAN_NONE
    int64_t votes;
    const char *elected;
    uint64_t places, tallied;
    bool open; // votes may be shown
};

static void put(FILE *to, struct bytes b)
{
    csv_write_field(to, b, true);
    fputc(',', to);
}

static void put_number(FILE *to, const int64_t *numbers, enum tally_number n)
{
    if (numbers && numbers[2 * n + 1] > 0)
        fprintf(to, "%lld", (long long)numbers[2 * n]);
    fputc(',', to);
}

static void put_row(FILE *to, const struct plan *p, const struct row *r)
{
    static const enum tally_number columns[] = {N_ELIGIBLE, N_ISSUED, N_RETURNED, N_VALID,
                                                N_INVALID};
    const struct plan_contest *k = r->contest == PLAN_NONE ? NULL : &p->contests[r->contest];
    put(to, r->level);
    put(to, p->units[r->unit].code);
    put(to, p->units[r->unit].name);
    put(to, k ? k->code : bytes_of(NULL, 0));
    put(to, k ? k->name : bytes_of(NULL, 0));
    if (k)
        fprintf(to, "%u", k->seats);
    fputc(',', to);
    for (unsigned i = 0; i < sizeof columns / sizeof columns[0]; i++)
        put_number(to, r->numbers, columns[i]);
    if (k && r->candidate != PLAN_NONE) {
        const struct plan_candidate *c = &p->candidates[k->first_candidate + r->candidate];
        fprintf(to, "%llu,", (unsigned long long)c->number);
        put(to, c->name);
        if (r->tallied > 0 && r->open)
            fprintf(to, "%lld", (long long)r->votes);
        fputc(',', to);
    } else {
        fputs(",,,", to);
    }
    fprintf(to, "%s,%llu,%llu\n", r->elected, (unsigned long long)r->places,
            (unsigned long long)r->tallied);
}

static void put_contest(FILE *to, const struct fold *f, struct row r, const int64_t *sums,
                        const struct outcome_of *out)
{
    static const char *const marks[] = {"", "*", "?"};
    const struct plan_contest *k = &f->plan->contests[r.contest];
    r.numbers = sums + CONTEST_TALLY;
    r.tallied = (uint64_t)sums[CONTEST_TALLIED];
    r.candidate = PLAN_NONE;
    r.elected = "";
    put_row(to, f->plan, &r);
    for (uint32_t i = 0; i < k->n_candidates; i++) {
        r.candidate = i;
        r.votes = sums[CONTEST_VOTES + i];
        r.elected = out && r.open ? marks[out->mark[i]] : "";
        put_row(to, f->plan, &r);
    }
}

// What the contests came to within one unit, at the fold's places for them: one pass over its ballots.
struct within {
    uint32_t *seen;   // by contest: the unit of the last pass + 1
    uint64_t *places; // by contest
    int64_t *sums;    // at fold.contest_at
    bool local;       // who asks may see restricted contests
    bool votes;       // and candidates' votes before the minutes are made
};

static void sum_within(const struct fold *f, uint32_t unit, struct within *w)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    int64_t share[CONTEST_SUMS_MAX];
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        uint32_t c = p->ballots[b].contest;
        unsigned n = CONTEST_VOTES + p->contests[c].n_candidates;
        int64_t *sums = w->sums + f->contest_at[c];
        if (w->seen[c] != unit + 1) {
            memset(sums, 0, n * sizeof *sums);
            w->places[c] = 0;
        }
        w->seen[c] = unit + 1;
        w->places[c]++;
        cell_contest_share(p, b, &f->cells[b], f->votes + p->ballots[b].first_vote, share);
        for (unsigned i = 0; i < n; i++)
            sums[i] += share[i];
    }
}

static struct bytes level_of(const struct plan *p, uint32_t unit)
{
    unsigned level = p->units[unit].level;
    return level < p->n_levels
               ? (p->levels[level].english.n ? p->levels[level].english : p->levels[level].name)
               : bytes_of(NULL, 0);
}

static void put_kinds(FILE *to, const struct fold *f, uint32_t unit, bool local)
{
    const struct plan *p = f->plan;
    for (unsigned k = 0; k < p->n_kinds; k++) {
        if (!view_shown(p, k, local))
            continue;
        const int64_t *sums = fold_sums(f, unit, k);
        struct row r = {
            .level = level_of(p, unit), .unit = unit, .contest = PLAN_NONE, .candidate = PLAN_NONE};
        r.numbers = sums + SUM_TALLY;
        r.tallied = (uint64_t)sums[SUM_TALLIED];
        r.elected = "";
        for (uint32_t b = p->units[unit].first_ballot;
             b < p->units[unit].first_ballot + p->units[unit].n_ballots; b++)
            r.places += p->contests[p->ballots[b].contest].kind == k;
        put_row(to, p, &r);
    }
}

static void put_unit(FILE *to, const struct fold *f, uint32_t unit, struct within *w)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    struct outcome_of out;
    put_kinds(to, f, unit, w->local);
    sum_within(f, unit, w);
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        uint32_t c = p->ballots[b].contest;
        if (w->seen[c] != unit + 1)
            continue; // written already
        w->seen[c] = 0;
        if (!view_shown(p, p->contests[c].kind, w->local))
            continue;
        struct row r = {
            .level = level_of(p, unit), .unit = unit, .contest = c, .places = w->places[c]};
        r.open = w->votes || view_votes_open(f, c);
        if (p->contests[c].unit == unit)
            outcome_find(f, c, &out);
        put_contest(to, f, r, w->sums + f->contest_at[c],
                    p->contests[c].unit == unit ? &out : NULL);
    }
}

static bool make_within(const struct plan *p, struct within *w)
{
    size_t numbers = (size_t)p->n_contests * CONTEST_VOTES + p->n_candidates;
    w->seen = calloc(p->n_contests + 1, sizeof *w->seen);
    w->places = calloc(p->n_contests + 1, sizeof *w->places);
    w->sums = calloc(numbers + 1, sizeof *w->sums);
    return w->seen && w->places && w->sums;
}

void export_results(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct hub *)ctx)->common.daemon);
    const struct fold *f = office_fold(o);
    if (!f) {
        http_refuse(a, 503, "no_plan");
        return;
    }
    FILE *to = open_memstream(&a->body, &a->n);
    struct within w = {.local = people_restricted(q), .votes = people_votes(q)};
    if (!make_within(f->plan, &w) || !to)
        abort();
    fputs(
        "level,unit_code,unit_name,contest_id,contest_name,seats,eligible,ballots_issued,ballots_"
        "cast,"
        "ballots_valid,ballots_invalid,candidate_no,candidate_name,votes,elected,places,tallied\n",
        to);
    for (uint32_t u = 0; u < f->plan->n_units; u++)
        if (!f->plan->units[u].place)
            put_unit(to, f, u, &w);
    for (uint32_t c = 0; c < f->plan->n_contests; c++) {
        struct outcome_of out;
        struct row r = {
            .level = bytes_text("contest"), .unit = f->plan->contests[c].unit, .contest = c};
        r.places = f->plan->contests[c].places_in_all;
        r.open = w.votes || view_votes_open(f, c);
        outcome_find(f, c, &out);
        if (view_shown(f->plan, f->plan->contests[c].kind, w.local))
            put_contest(to, f, r, fold_contest(f, c), &out);
    }
    fclose(to);
    free(w.seen), free(w.places), free(w.sums);
    a->type = "text/csv; charset=utf-8";
    snprintf(a->filename, sizeof a->filename, "results.csv");
}

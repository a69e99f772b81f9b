// export.c - the results in the long form of an official totals file, for spreadsheets and checks.
//
// level,unit_code,unit_name,contest_id,contest_name,seats,eligible,ballots_issued,ballots_cast,
// ballots_valid,ballots_invalid,candidate_no,candidate_name,votes,elected,places,tallied
// A row for each unit that is not a place and kind of contest (contest_id empty), for each contest
// voted on in it (candidate_no empty) and each of its candidates; whole contests again with the level
// `contest`. Empty: nobody stated it.
#include "common/base/csv.h"
#include "common/election/outcome.h"
#include "hub.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    struct bytes level;
    uint32_t unit, contest;      // contest PLAN_NONE: all of a kind
    const int64_t *numbers;      // tally numbers as (sum, places), or NULL
    uint32_t candidate;          // or PLAN_NONE
    int64_t votes;
    const char *elected;
    uint64_t places, tallied;
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
    static const enum tally_number columns[] = {N_ELIGIBLE, N_ISSUED, N_RETURNED, N_VALID, N_INVALID};
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
        fprintf(to, "%lld,", (long long)r->votes);
    } else {
        fputs(",,,", to);
    }
    fprintf(to, "%s,%llu,%llu\n", r->elected, (unsigned long long)r->places, (unsigned long long)r->tallied);
}

static void put_contest(FILE *to, const struct fold *f, struct row r, const int64_t *sums, const struct outcome_of *out)
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
        r.elected = out ? marks[out->mark[i]] : "";
        put_row(to, f->plan, &r);
    }
}

// What a contest came to within one unit: the sum of the cells there.
static uint64_t sum_within(const struct fold *f, uint32_t unit, uint32_t contest, int64_t *sums)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    int64_t share[CONTEST_SUMS_MAX];
    unsigned n = CONTEST_VOTES + p->contests[contest].n_candidates;
    uint64_t places = 0;
    memset(sums, 0, n * sizeof *sums);
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        if (p->ballots[b].contest != contest)
            continue;
        places++;
        cell_contest_share(p, b, &f->cells[b], f->votes + p->ballots[b].first_vote, share);
        for (unsigned i = 0; i < n; i++)
            sums[i] += share[i];
    }
    return places;
}

static struct bytes level_of(const struct plan *p, uint32_t unit)
{
    unsigned level = p->units[unit].level;
    return level < p->n_levels ? (p->levels[level].english.n ? p->levels[level].english : p->levels[level].name)
                               : bytes_of(NULL, 0);
}

static void put_kinds(FILE *to, const struct fold *f, uint32_t unit)
{
    const struct plan *p = f->plan;
    for (unsigned k = 0; k < p->n_kinds; k++) {
        const int64_t *sums = fold_sums(f, unit, k);
        struct row r = {.level = level_of(p, unit), .unit = unit, .contest = PLAN_NONE, .candidate = PLAN_NONE};
        r.numbers = sums + SUM_TALLY;
        r.tallied = (uint64_t)sums[SUM_TALLIED];
        r.elected = "";
        for (uint32_t b = p->units[unit].first_ballot; b < p->units[unit].first_ballot + p->units[unit].n_ballots; b++)
            r.places += p->contests[p->ballots[b].contest].kind == k;
        put_row(to, p, &r);
    }
}

static void put_unit(FILE *to, const struct fold *f, uint32_t unit, uint32_t *seen)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    int64_t sums[CONTEST_SUMS_MAX];
    struct outcome_of out;
    put_kinds(to, f, unit);
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        uint32_t c = p->ballots[b].contest;
        if (seen[c] == unit + 1)
            continue;
        seen[c] = unit + 1;
        bool whole = p->contests[c].unit == unit;
        struct row r = {.level = level_of(p, unit), .unit = unit, .contest = c};
        r.places = sum_within(f, unit, c, sums);
        outcome_find(f, c, &out);
        put_contest(to, f, r, sums, whole ? &out : NULL);
    }
}

void export_results(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct hub *)ctx)->common.daemon);
    const struct fold *f = office_fold(o);
    (void)q;
    if (!f) {
        http_refuse(a, 503, "no plan is here yet");
        return;
    }
    FILE *to = open_memstream(&a->body, &a->n);
    uint32_t *seen = calloc(f->plan->n_contests + 1, sizeof *seen);
    if (!to || !seen)
        abort();
    fputs("level,unit_code,unit_name,contest_id,contest_name,seats,eligible,ballots_issued,ballots_cast,"
          "ballots_valid,ballots_invalid,candidate_no,candidate_name,votes,elected,places,tallied\n", to);
    for (uint32_t u = 0; u < f->plan->n_units; u++)
        if (!f->plan->units[u].place)
            put_unit(to, f, u, seen);
    for (uint32_t c = 0; c < f->plan->n_contests; c++) {
        struct outcome_of out;
        struct row r = {.level = bytes_text("contest"), .unit = f->plan->contests[c].unit, .contest = c};
        r.places = f->plan->contests[c].places_in_all;
        outcome_find(f, c, &out);
        put_contest(to, f, r, fold_contest(f, c), &out);
    }
    fclose(to);
    free(seen);
    a->type = "text/csv; charset=utf-8";
    snprintf(a->filename, sizeof a->filename, "results.csv");
}

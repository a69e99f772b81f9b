// viewtotal.c - totals as JSON: of a unit, or of several that stand side by side.
#include "report.h"
#include "view.h"
#include <string.h>

// Voters and places of one kind of contest below a unit.
static void voters_below(const struct plan *p, uint32_t unit, unsigned kind, uint64_t *ret_voters,
                         uint32_t *ret_places)
{
    const struct plan_unit *u = &p->units[unit];
    *ret_voters = 0;
    *ret_places = 0;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        if (p->contests[p->ballots[i].contest].kind != kind)
            continue;
        if (p->ballots[i].voters == VOTERS_UNKNOWN || *ret_voters == UINT64_MAX)
            *ret_voters = UINT64_MAX;
        else
            *ret_voters += p->ballots[i].voters;
        *ret_places += 1;
    }
}

// What is asked of several units together, of one kind of contest.
struct many {
    const struct fold *f;
    const uint32_t *units;
    uint32_t n;
    unsigned kind;
    int64_t now;
};

static json_t *turnout_of_many(const struct many *m, const int64_t *sums, unsigned cutoff)
{
    const int64_t *t = sums + SUM_TURNOUT + TURNOUT_SUMS * (cutoff - 1);
    json_int_t due = 0;
    for (uint32_t i = 0; i < m->n; i++)
        due += report_due(m->f->plan, m->units[i], m->kind, cutoff, m->now);
    return json_pack("{s:I,s:I,s:I,s:I,s:I}", "voted", (json_int_t)t[TURNOUT_OF], "places",
                     (json_int_t)t[TURNOUT_PLACES], "voters", (json_int_t)t[TURNOUT_VOTERS], "full",
                     (json_int_t)t[TURNOUT_FULL], "due", due);
}

static void add_up(const struct many *m, int64_t sums[SUMS_MAX], uint64_t *ret_voters,
                   uint32_t *ret_places)
{
    uint64_t voters;
    uint32_t places;
    memset(sums, 0, SUMS_MAX * sizeof *sums);
    *ret_voters = *ret_places = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        const int64_t *own = fold_sums(m->f, m->units[i], m->kind);
        for (unsigned k = 0; k < sums_of(m->f->plan); k++)
            sums[k] += own[k];
        voters_below(m->f->plan, m->units[i], m->kind, &voters, &places);
        *ret_voters = voters == UINT64_MAX || *ret_voters == UINT64_MAX ? UINT64_MAX
                                                                        : *ret_voters + voters;
        *ret_places += places;
    }
}

static json_t *view_total(const struct many *m)
{
    static const struct {
        unsigned sum;
        const char *name;
    } counts[] = {{SUM_OPENED, "opened"},
                  {SUM_CLOSED, "closed"},
                  {SUM_TALLIED, "tallied"},
                  {SUM_MINUTES, "minutes"},
                  {SUM_QUARANTINED, "quarantined"},
                  {SUM_CONFLICTS, "conflicts"},
                  {SUM_NO_QUORUM, "no_quorum"},
                  {SUM_INCIDENTS, "incidents"},
                  {SUM_SEVERE, "severe"},
                  {SUM_RECOGNISED, "recognised"},
                  {SUM_NOT_RECOGNISED, "not_recognised"},
                  {SUM_ON_HOLD, "on_hold"},
                  {SUM_RERUNS, "reruns"},
                  {SUM_POSTPONED, "postponed"},
                  {SUM_INTERRUPTED, "interrupted"}};
    const struct plan *p = m->f->plan;
    int64_t sums[SUMS_MAX];
    json_t *turnout = json_array();
    uint64_t voters;
    uint32_t places;
    add_up(m, sums, &voters, &places);
    json_t *j = json_pack("{s:o,s:I,s:o}", "kind",
                          view_bytes(p->n_kinds ? p->kinds[m->kind] : bytes_text("")), "places",
                          (json_int_t)places, "voters", view_count(voters, voters != UINT64_MAX));
    for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++)
        json_object_set_new(j, counts[i].name, json_integer((json_int_t)sums[counts[i].sum]));
    view_numbers(j, sums + SUM_TALLY);
    for (unsigned i = 0; i < p->n_cutoffs; i++)
        json_array_append_new(turnout, turnout_of_many(m, sums, i + 1));
    json_object_set_new(j, "turnout", turnout);
    return j;
}

json_t *view_totals_of(const struct fold *f, const uint32_t *units, uint32_t n, int64_t now,
                       bool local)
{
    json_t *list = json_array();
    struct many m = {.f = f, .units = units, .n = n, .now = now};
    for (; m.kind < f->plan->n_kinds || m.kind == 0; m.kind++)
        if (view_shown(f->plan, m.kind, local))
            json_array_append_new(list, view_total(&m));
    return list;
}

json_t *view_totals(const struct fold *f, uint32_t unit, int64_t now, bool local)
{
    return view_totals_of(f, &unit, 1, now, local);
}

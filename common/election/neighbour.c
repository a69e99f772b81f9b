// neighbour.c - what statements of one place's contest cannot be beside each other: the second pass.
#include "neighbour.h"
#include "proto/mutant.h"
#include <assert.h>
#include <string.h>

uint32_t voters_at(const struct voter_list *l, int64_t at)
{
    bool known = l->frozen != VOTERS_UNKNOWN;
    int64_t n = known ? (int64_t)l->frozen : 0;
    for (unsigned i = 0; i < l->n && l->changes[i].at <= at; i++) {
        if (l->changes[i].eligible != UNSTATED) {
            n = l->changes[i].eligible;
            known = true;
        } else {
            n += l->changes[i].delta;
        }
    }
    if (!known || l->crowded || n >= (int64_t)VOTERS_UNKNOWN)
        return VOTERS_UNKNOWN;
    return n < 0 ? 0 : (uint32_t)n;
}

// In a day's order. Where something must lie between two, equal times hold back both.
static const struct pair {
    uint8_t before, after;
    bool apart;   // something lies between: at equal times neither is possible
    bool reverse; // the one that comes first is the impossible one
} pairs[] = {
    {STEP_LIST_FROZEN, STEP_OPENED, false, false},
    {STEP_LIST_FROZEN, STEP_CLOSED, true, false},
    {STEP_POSTPONED, STEP_OPENED, true, true},
    {STEP_OPENED, STEP_CLOSED, true, false},
    {STEP_OPENED, STEP_NO_QUORUM, true, false},
    {STEP_OPENED, STEP_HOUSEHOLD_BALLOTS, true, false},
    {STEP_OPENED, STEP_COUNTING, true, false},
    {STEP_OPENED, STEP_ANNULLED, true, false},
    {STEP_OPENED, CELL_TALLY, true, false},
    {STEP_OPENED, CELL_MINUTES, true, false},
    {STEP_OPENED, CELL_DECISION, true, false},
    {STEP_NO_QUORUM, STEP_HOUSEHOLD_BALLOTS, false, false},
    {STEP_HOUSEHOLD_BALLOTS, STEP_COUNTING, true, false},
    {STEP_HOUSEHOLD_BALLOTS, CELL_TALLY, true, false},
    {STEP_CLOSED, STEP_COUNTING, false, false},
    {STEP_CLOSED, CELL_TALLY, false, false},
    {STEP_CLOSED, CELL_MINUTES, false, false},
    {STEP_CLOSED, CELL_RERUN, false, false},
    {STEP_COUNTING, CELL_TALLY, false, false},
    {STEP_COUNTING, CELL_MINUTES, false, false},
    {CELL_TALLY, CELL_MINUTES, false, false},
    {CELL_TALLY, CELL_DECISION, false, false},
    {CELL_MINUTES, CELL_DECISION, false, false},
};

// Typed without a time of its own: it was then or before.
static bool may_be_earlier(const struct fact *f, unsigned fact)
{
    return fact >= CELL_TALLY && f[fact].typed;
}

static void check_order(const struct around *a, unsigned fact, struct findings *s)
{
    const struct fact *f = a->cell->facts;
    for (unsigned i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct pair *p = &pairs[i];
        unsigned other = fact == p->before ? p->after : p->before;
        if ((fact != p->before && fact != p->after) || f[other].passed != FACT_VALUE ||
            may_be_earlier(f, p->before) ||
            (p->after == CELL_DECISION && a->cell->decision == DECISION_ON_HOLD))
            continue; // recognition may be put off at any time
        bool equal = f[p->before].at == f[p->after].at && p->apart;
        bool wrong = f[p->before].at > f[p->after].at;
        if (equal || (wrong && fact == (p->reverse ? p->before : p->after))) {
            findings_add(s, REASON_ORDER, (uint64_t)f[fact].at, (uint64_t)f[other].at);
            return; // one is enough to say it
        }
    }
}

// Ballots that contests of one paper have in common; per paper also what is valid.
static void check_paper(const struct around *a, struct findings *s)
{
    static const enum tally_number common[] = {N_PRINTED,  N_ISSUED, N_SPOILED, N_UNUSED,
                                               N_RETURNED, N_VALID,  N_INVALID};
    const struct plan *p = a->f->plan;
    const struct plan_ballot *own = &p->ballots[a->ballot];
    const struct plan_contest *k = &p->contests[own->contest];
    const struct plan_unit *u = &p->units[own->unit];
    unsigned n = p->profiles[k->profile].per_person ? 5 : 7;
    for (uint32_t b = u->first_ballot; k->paper.n > 0 && b < u->first_ballot + u->n_ballots; b++) {
        const struct cell *c = &a->f->cells[b];
        if (b == a->ballot || !bytes_same(p->contests[p->ballots[b].contest].paper, k->paper) ||
            c->facts[CELL_TALLY].passed != FACT_VALUE)
            continue;
        for (unsigned i = 0; i < n; i++) {
            uint32_t x = a->cell->tally[common[i]], y = c->tally[common[i]];
            if (x == UNSTATED || y == UNSTATED || x == y)
                continue;
            findings_add(s, REASON_PAPER, x, y);
            return;
        }
    }
}

// What was stated of the list, and who came, against the list as it was then.
static void check_list(const struct around *a, int64_t at, uint32_t eligible, uint32_t came,
                       struct findings *s)
{
    uint32_t n = voters_at(a->list, at);
    if (n == VOTERS_UNKNOWN)
        return;
    if (eligible != UNSTATED && eligible != n)
        findings_add(s, REASON_F10, eligible, n);
    if (eligible == UNSTATED && came != UNSTATED && came > n)
        findings_add(s, REASON_F1, came, n);
}

// A paper that states votes alone is held against the list then: so many could have voted at most.
static void check_votes_alone(const struct around *a, struct findings *s)
{
    static const enum tally_number limits[] = {N_VALID, N_RETURNED, N_ATTENDED, N_ELIGIBLE};
    const struct plan *p = a->f->plan;
    uint32_t contest = p->ballots[a->ballot].contest;
    uint64_t n = voters_at(a->list, a->cell->facts[CELL_TALLY].at), sum = 0, most = 0;
    unsigned choices = check_choices(p, contest);
    for (unsigned i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (a->cell->tally[limits[i]] != UNSTATED)
            return;
    for (uint32_t i = 0; i < p->contests[contest].n_candidates; i++) {
        uint64_t votes = a->votes[i] == UNSTATED ? 0 : a->votes[i];
        sum += votes;
        most = votes > most ? votes : most;
    }
    if (n == VOTERS_UNKNOWN)
        return;
    if (choices == 1 && sum > n)
        findings_add(s, REASON_F6, sum, n);
    if (choices > 1 && (sum > n * choices || most > n))
        findings_add(s, REASON_F7, most > n ? most : sum, most > n ? n : n * choices);
}

void neighbours_of_fact(const struct around *a, unsigned fact, struct findings *ret)
{
    const struct cell *c = a->cell;
    check_order(a, fact, ret);
    if (fact != CELL_TALLY)
        return;
    uint32_t came = c->tally[N_ATTENDED] != UNSTATED ? c->tally[N_ATTENDED] : c->tally[N_RETURNED];
    check_list(a, c->facts[CELL_TALLY].at, c->tally[N_ELIGIBLE], came, ret);
    check_votes_alone(a, ret);
    check_paper(a, ret);
}

void neighbours_of_turnout(const struct around *a, unsigned cutoff, struct findings *ret)
{
    const struct turnout_cell *t = &a->turnouts[cutoff - 1];
    const struct fact *opened = &a->cell->facts[STEP_OPENED];
    uint32_t most = 0;
    for (unsigned i = 0; i + 1 < cutoff; i++)
        if (a->turnouts[i].fact.passed == FACT_VALUE && a->turnouts[i].voted > most &&
            !(MUTANT(second_pass_cascades) && a->turnouts[i].fact.state != FACT_VALUE))
            most = a->turnouts[i].voted;
    if (t->voted < most)
        findings_add(ret, REASON_FALL, t->voted, most);
    if (opened->passed == FACT_VALUE && t->fact.at < opened->at)
        findings_add(ret, REASON_ORDER, (uint64_t)t->fact.at, (uint64_t)opened->at);
    check_list(a, t->fact.at, t->eligible, t->voted, ret);
}

// The vote that this one repeats, at the same place, had other voters.
static void check_repeated(const struct around *a, struct findings *s)
{
    const struct plan *p = a->f->plan;
    const struct plan_ballot *own = &p->ballots[a->ballot];
    uint32_t first = plan_contest_of(p, p->contests[own->contest].repeats);
    uint32_t b = first == PLAN_NONE ? PLAN_NONE : plan_ballot_of(p, own->unit, first);
    if (b == PLAN_NONE || a->f->cells[b].facts[CELL_TALLY].state != FACT_VALUE)
        return;
    uint32_t then = a->f->cells[b].tally[N_ELIGIBLE], now = a->cell->tally[N_ELIGIBLE];
    if (then != UNSTATED && now != UNSTATED && then != now && a->cell->changes == 0)
        findings_add(s, REASON_F11, now, then);
}

static bool same_votes(const struct fold *f, uint32_t a, uint32_t b, const uint32_t *votes)
{
    const struct plan *p = f->plan;
    uint32_t n = p->contests[p->ballots[a].contest].n_candidates;
    uint64_t sum = 0;
    if (p->contests[p->ballots[b].contest].n_candidates != n)
        return false;
    for (uint32_t i = 0; i < n; i++)
        sum += votes[i] == UNSTATED ? 0 : votes[i];
    return n > 1 && sum > 0 &&
           memcmp(votes, f->votes + p->ballots[b].first_vote, n * sizeof *votes) == 0;
}

// All numbers and all votes as at another place of the unit: one paper was entered twice.
static void check_same(const struct around *a, struct findings *s)
{
    const struct plan *p = a->f->plan;
    const struct plan_ballot *own = &p->ballots[a->ballot];
    uint32_t parent = p->units[own->unit].parent;
    const struct plan_unit *u = &p->units[parent == PLAN_NONE ? own->unit : parent];
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        const struct cell *c = &a->f->cells[b];
        if (p->ballots[b].unit == own->unit || c->facts[CELL_TALLY].passed != FACT_VALUE ||
            memcmp(c->tally, a->cell->tally, sizeof c->tally) != 0 ||
            !same_votes(a->f, a->ballot, b, a->votes))
            continue;
        findings_add(s, REASON_SAME, p->ballots[b].unit, own->unit);
        return;
    }
}

void neighbours_to_show(const struct around *a, struct findings *ret)
{
    assert(a->cell->facts[CELL_TALLY].passed == FACT_VALUE); // it is a copy with the tally in it
    check_repeated(a, ret);
    check_same(a, ret);
}

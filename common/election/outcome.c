// outcome.c - what the votes of one contest mean, by its rule profile: elected, tied, or not yet.
#include "outcome.h"
#include <string.h>

bool part_reached(const struct part *p, uint64_t n, uint64_t base)
{
    if (p->den == 0 || base == 0)
        return false;
    return p->strict ? n * p->den > base * p->num : n * p->den >= base * p->num;
}

uint64_t part_need(const struct part *p, uint64_t base)
{
    if (p->den == 0)
        return 0;
    return p->strict ? base * p->num / p->den + 1 : (base * p->num + p->den - 1) / p->den;
}

// Voters of all places of the contest that are in this plan, with changes of their lists, or
// UINT64_MAX where one is not known.
static uint64_t voters(const struct fold *f, uint32_t contest)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[p->contests[contest].unit];
    uint64_t sum = 0;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        if (p->ballots[i].contest != contest)
            continue;
        if (f->cells[i].voters == VOTERS_UNKNOWN)
            return UINT64_MAX;
        sum += f->cells[i].voters;
    }
    return sum;
}

// A number that every place that tallied stated.
static uint64_t number(const int64_t *sums, enum tally_number n, uint64_t fallback)
{
    const int64_t *at = sums + CONTEST_TALLY + 2 * n;
    return at[1] == sums[CONTEST_TALLIED] && at[1] > 0 ? (uint64_t)at[0] : fallback;
}

static uint64_t summoned(const int64_t *sums)
{
    static const enum tally_number excused[] = {N_ELSEWHERE, N_EXEMPT, N_SUSPENDED, N_ABSENT};
    uint64_t n = number(sums, N_SUMMONED, UINT64_MAX), less = 0;
    for (unsigned i = 0; i < sizeof excused / sizeof excused[0]; i++)
        less += (uint64_t)sums[CONTEST_TALLY + 2 * excused[i]];
    return n == UINT64_MAX || less > n ? UINT64_MAX : n - less;
}

static uint64_t base_of(const struct fold *f, uint32_t contest, unsigned base, const int64_t *sums)
{
    uint64_t n = voters(f, contest);
    switch (base) {
    case BASE_ATTENDED: return number(sums, N_ATTENDED, UINT64_MAX);
    case BASE_RETURNED: return number(sums, N_RETURNED, UINT64_MAX);
    case BASE_VALID: return number(sums, N_VALID, UINT64_MAX);
    case BASE_SUMMONED: return summoned(sums);
    default: return n == UINT64_MAX ? number(sums, N_ELIGIBLE, n) : n;
    }
}

// Marks the candidates who fill the seats by most votes among those with at least the need.
static void fill_seats(const int64_t *votes, uint32_t n, unsigned seats, struct outcome_of *ret)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t above = 0, equal = 0;
        if (votes[i] <= 0 || (uint64_t)votes[i] < ret->need)
            continue;
        for (uint32_t k = 0; k < n; k++) {
            above += votes[k] > votes[i];
            equal += votes[k] == votes[i];
        }
        if (above + equal <= seats)
            ret->mark[i] = 1;
        else if (above < seats)
            ret->mark[i] = 2;
    }
}

static enum outcome elect(const struct plan *p, const struct plan_contest *k, const int64_t *sums,
                          struct outcome_of *ret)
{
    const struct plan_profile *r = &p->profiles[k->profile];
    unsigned elected = 0, tied = 0;
    if (r->quorum.den > 0 && !ret->quorum)
        return OUTCOME_NO_QUORUM;
    fill_seats(sums + CONTEST_VOTES, k->n_candidates, k->seats, ret);
    for (uint32_t i = 0; i < k->n_candidates; i++) {
        elected += ret->mark[i] == 1;
        tied += ret->mark[i] == 2;
    }
    return tied > 0             ? OUTCOME_TIE
           : elected == 0       ? OUTCOME_NOT_ELECTED
           : elected < k->seats ? OUTCOME_PARTLY
                                : OUTCOME_ELECTED;
}

// Levels stand in the order of the plan, the highest first; what follows is said of the last one.
static enum outcome judge_levels(const struct plan_profile *r, const struct plan_contest *k,
                                 const int64_t *sums, uint64_t base)
{
    uint64_t last = k->n_candidates ? (uint64_t)sums[CONTEST_VOTES + k->n_candidates - 1] : 0;
    return part_reached(&r->lowest, last, base) ? OUTCOME_LOWEST
           : part_reached(&r->low, last, base)  ? OUTCOME_LOW
                                                : OUTCOME_CONFIDENCE;
}

void outcome_find(const struct fold *f, uint32_t contest, struct outcome_of *ret)
{
    const struct plan *p = f->plan;
    const struct plan_contest *k = &p->contests[contest];
    const struct plan_profile *r = &p->profiles[k->profile];
    const int64_t *sums = fold_contest(f, contest);
    uint64_t attended = number(sums, N_ATTENDED, number(sums, N_RETURNED, UINT64_MAX)),
             n = base_of(f, contest, r->quorum_base, sums),
             valid = number(sums, N_VALID, UINT64_MAX);
    bool counted = r->rule != RULE_PLURALITY; // the base decides
    bool whole = sums[CONTEST_TALLIED] == k->places_in_all && k->places_in_all > 0;
    memset(ret, 0, sizeof *ret);
    ret->base = base_of(f, contest, r->base, sums);
    if (!whole && r->base != BASE_ELIGIBLE)
        ret->base = UINT64_MAX; // of some places it would be another number
    ret->quorum_known = whole && r->quorum.den > 0 && attended != UINT64_MAX && n != UINT64_MAX;
    ret->quorum = ret->quorum_known && part_reached(&r->quorum, attended, n);
    if (r->rule == RULE_MAJORITY && ret->base != UINT64_MAX)
        ret->need = part_need(&r->need, ret->base);
    ret->hopeless = whole && ret->need > 0 && valid != UINT64_MAX && valid < ret->need;
    if (!whole || (counted && ret->base == UINT64_MAX) || (r->quorum.den > 0 && !ret->quorum_known))
        return;
    ret->outcome = r->rule == RULE_CONFIDENCE ? judge_levels(r, k, sums, ret->base)
                                              : elect(p, k, sums, ret);
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[] = {"open",      "elected",    "partly", "not_elected", "tie",
                                        "no_quorum", "confidence", "low",    "lowest"};
    return names[outcome];
}

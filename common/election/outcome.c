// outcome.c - what the votes of one contest mean, by its rule profile: elected, tied, or not yet.
#include "outcome.h"
#include <string.h>

// Voters of all places of the contest that are in this plan, or UINT64_MAX where one is not known.
static uint64_t voters(const struct plan *p, uint32_t contest)
{
    const struct plan_unit *u = &p->units[p->contests[contest].unit];
    uint64_t sum = 0;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        if (p->ballots[i].contest != contest)
            continue;
        if (p->ballots[i].voters == VOTERS_UNKNOWN)
            return UINT64_MAX;
        sum += p->ballots[i].voters;
    }
    return sum;
}

static uint64_t number(const int64_t *sums, enum tally_number n, uint64_t fallback)
{
    const int64_t *at = sums + CONTEST_TALLY + 2 * n;
    return at[1] == sums[CONTEST_TALLIED] && at[1] > 0 ? (uint64_t)at[0] : fallback;
}

static uint64_t base_of(const struct fold *f, uint32_t contest, const int64_t *sums)
{
    uint64_t n = voters(f->plan, contest);
    switch (f->plan->profiles[f->plan->contests[contest].profile].base) {
    case BASE_ATTENDED: return number(sums, N_ATTENDED, UINT64_MAX);
    case BASE_RETURNED: return number(sums, N_RETURNED, UINT64_MAX);
    case BASE_VALID: return number(sums, N_VALID, UINT64_MAX);
    default: return n == UINT64_MAX ? number(sums, N_ELIGIBLE, n) : n;
    }
}

// Marks the candidates who fill the seats by most votes among those with at least the need.
static void fill_seats(const int64_t *votes, uint32_t n, unsigned seats, struct outcome_of *ret)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t above = 0, equal = 0;
        if (ret->need > 0 && (uint64_t)votes[i] < ret->need)
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

void outcome_find(const struct fold *f, uint32_t contest, struct outcome_of *ret)
{
    const struct plan *p = f->plan;
    const struct plan_contest *k = &p->contests[contest];
    const struct plan_profile *r = &p->profiles[k->profile];
    const int64_t *sums = fold_contest(f, contest);
    uint64_t attended = number(sums, N_ATTENDED, number(sums, N_RETURNED, UINT64_MAX)),
             n = voters(p, contest);
    memset(ret, 0, sizeof *ret);
    ret->base = base_of(f, contest, sums);
    ret->quorum_known = r->quorum_den > 0 && attended != UINT64_MAX && n != UINT64_MAX;
    ret->quorum = ret->quorum_known && attended * r->quorum_den > n * r->quorum_num;
    if (r->rule == RULE_MAJORITY && ret->base != UINT64_MAX)
        ret->need = ret->base * r->need_num / r->need_den + 1;
    bool whole = sums[CONTEST_TALLIED] == k->places_in_all && k->places_in_all > 0;
    if (!whole || (r->rule == RULE_MAJORITY && ret->base == UINT64_MAX) ||
        (r->quorum_den > 0 && !ret->quorum_known))
        return;
    if (r->quorum_den == 0 || ret->quorum)
        fill_seats(sums + CONTEST_VOTES, k->n_candidates, k->seats, ret);
    unsigned elected = 0, tied = 0;
    for (uint32_t i = 0; i < k->n_candidates; i++) {
        elected += ret->mark[i] == 1;
        tied += ret->mark[i] == 2;
    }
    ret->outcome = tied > 0 ? OUTCOME_TIE : elected > 0 ? OUTCOME_ELECTED : OUTCOME_NOT_ELECTED;
}

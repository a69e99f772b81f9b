// cell.c - what is known of one place's contest, and what that adds to everything above it.
#include "cell.h"
#include <string.h>

static void add_numbers(const struct cell *c, int64_t *at)
{
    for (unsigned i = 0; i < TALLY_NUMBERS; i++) {
        if (c->tally[i] == UNSTATED)
            continue;
        at[2 * i] += c->tally[i];
        at[2 * i + 1] += 1;
    }
}

// The states that anything of the cell is in, a bit for each.
static unsigned states_of(const struct plan *p, const struct cell *c, const struct turnout_cell *t)
{
    unsigned states = 1u << c->tally_state | 1u << c->decision_state | 1u << c->minutes_state;
    for (unsigned i = 1; i <= STEP_LAST; i++)
        states |= 1u << c->step_state[i];
    for (unsigned i = 0; i < p->n_cutoffs; i++)
        states |= 1u << t[i].state;
    return states;
}

void cell_share(const struct plan *p, uint32_t ballot, const struct cell *c,
                const struct turnout_cell *turnouts, int64_t *sums)
{
    unsigned states = states_of(p, c, turnouts);
    memset(sums, 0, sums_of(p) * sizeof *sums);
    sums[SUM_OPENED] = c->step_state[STEP_OPENED] == FACT_VALUE;
    sums[SUM_CLOSED] = c->step_state[STEP_CLOSED] == FACT_VALUE;
    sums[SUM_NO_QUORUM] = c->step_state[STEP_NO_QUORUM] == FACT_VALUE;
    sums[SUM_MINUTES] = c->minutes_state == FACT_VALUE;
    sums[SUM_QUARANTINED] = states >> FACT_QUARANTINED & 1;
    sums[SUM_CONFLICTS] = states >> FACT_CONFLICT & 1;
    if (c->tally_state == FACT_VALUE) {
        sums[SUM_TALLIED] = 1;
        add_numbers(c, sums + SUM_TALLY);
    }
    for (unsigned i = 0; i < p->n_cutoffs; i++) {
        int64_t *at = sums + SUM_TURNOUT + TURNOUT_SUMS * i;
        uint32_t voters = p->ballots[ballot].voters;
        if (turnouts[i].state != FACT_VALUE)
            continue;
        if (voters == VOTERS_UNKNOWN && turnouts[i].eligible != UNSTATED)
            voters = turnouts[i].eligible;
        at[0] = turnouts[i].voted;
        at[1] = 1;
        at[2] = voters == VOTERS_UNKNOWN ? 0 : voters;
    }
}

void cell_contest_share(const struct plan *p, uint32_t ballot, const struct cell *c,
                        const uint32_t *votes, int64_t *contest)
{
    const struct plan_contest *k = &p->contests[p->ballots[ballot].contest];
    memset(contest, 0, (CONTEST_VOTES + k->n_candidates) * sizeof *contest);
    if (c->tally_state != FACT_VALUE)
        return;
    contest[CONTEST_TALLIED] = 1;
    add_numbers(c, contest + CONTEST_TALLY);
    for (uint32_t i = 0; i < k->n_candidates; i++)
        contest[CONTEST_VOTES + i] = votes[i] == UNSTATED ? 0 : votes[i];
}

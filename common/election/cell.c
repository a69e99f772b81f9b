// cell.c - what is known of one place's contest, and what that adds to everything above it.
#include "cell.h"
#include <string.h>

// What they are a part of: the number that came with them, else the list as it was then.
static uint32_t turnout_voters(const struct turnout_cell *t)
{
    return t->eligible != UNSTATED ? t->eligible : t->voters;
}

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
    unsigned states = 0;
    for (unsigned i = 1; i < CELL_FACTS; i++)
        states |= 1u << c->facts[i].state;
    for (unsigned i = 0; i < p->n_cutoffs; i++)
        states |= 1u << t[i].fact.state;
    return states;
}

static void share_life(const struct cell *c, int64_t *sums)
{
    const struct fact *f = c->facts, *opened = &f[STEP_OPENED], *postponed = &f[STEP_POSTPONED];
    bool decided = f[CELL_DECISION].state == FACT_VALUE;
    sums[SUM_OPENED] = opened->state == FACT_VALUE;
    sums[SUM_CLOSED] = f[STEP_CLOSED].state == FACT_VALUE;
    sums[SUM_NO_QUORUM] = f[STEP_NO_QUORUM].state == FACT_VALUE;
    sums[SUM_MINUTES] = f[CELL_MINUTES].state == FACT_VALUE;
    sums[SUM_RECOGNISED] = decided && c->decision == DECISION_RECOGNISED;
    sums[SUM_NOT_RECOGNISED] = decided && c->decision == DECISION_NOT_RECOGNISED;
    sums[SUM_ON_HOLD] = decided && c->decision == DECISION_ON_HOLD;
    sums[SUM_RERUNS] = f[CELL_RERUN].state == FACT_VALUE;
    sums[SUM_POSTPONED] = postponed->state == FACT_VALUE && opened->state != FACT_VALUE;
    sums[SUM_INTERRUPTED] = c->interrupted_at > c->resumed_at && f[STEP_CLOSED].state != FACT_VALUE;
}

void cell_share(const struct plan *p, const struct cell *c, const struct turnout_cell *turnouts,
                int64_t *sums)
{
    unsigned states = states_of(p, c, turnouts);
    memset(sums, 0, sums_of(p) * sizeof *sums);
    share_life(c, sums);
    sums[SUM_QUARANTINED] = states >> FACT_QUARANTINED & 1;
    sums[SUM_CONFLICTS] = states >> FACT_CONFLICT & 1;
    if (cell_counts(c)) {
        sums[SUM_TALLIED] = 1;
        add_numbers(c, sums + SUM_TALLY);
    }
    for (unsigned i = 0; i < p->n_cutoffs; i++) {
        int64_t *at = sums + SUM_TURNOUT + TURNOUT_SUMS * i;
        uint32_t voters = turnout_voters(&turnouts[i]);
        if (turnouts[i].fact.state != FACT_VALUE)
            continue;
        at[TURNOUT_OF] = turnouts[i].voted;
        at[TURNOUT_PLACES] = 1;
        at[TURNOUT_VOTERS] = voters == VOTERS_UNKNOWN ? 0 : voters;
        at[TURNOUT_FULL] = voters != VOTERS_UNKNOWN && turnouts[i].voted == voters;
    }
}

void cell_contest_share(const struct plan *p, uint32_t ballot, const struct cell *c,
                        const uint32_t *votes, int64_t *contest)
{
    const struct plan_contest *k = &p->contests[p->ballots[ballot].contest];
    memset(contest, 0, (CONTEST_VOTES + k->n_candidates) * sizeof *contest);
    if (!cell_counts(c))
        return;
    contest[CONTEST_TALLIED] = 1;
    add_numbers(c, contest + CONTEST_TALLY);
    for (uint32_t i = 0; i < k->n_candidates; i++)
        contest[CONTEST_VOTES + i] = votes[i] == UNSTATED ? 0 : votes[i];
}

static bool is_so(const struct cell *c, unsigned fact)
{
    return c->facts[fact].state == FACT_VALUE;
}

static enum life decided(const struct cell *c)
{
    return c->decision == DECISION_RECOGNISED       ? LIFE_RECOGNISED
           : c->decision == DECISION_NOT_RECOGNISED ? LIFE_NOT_RECOGNISED
                                                    : LIFE_ON_HOLD;
}

enum life cell_life(const struct cell *c)
{
    static const struct {
        uint8_t fact, life;
    } latest_first[] = {
        {CELL_INTERIM, LIFE_INTERIM_HEAD},   {CELL_RERUN, LIFE_RERUN_ORDERED},
        {STEP_ANNULLED, LIFE_ANNULLED},      {CELL_DECISION, LIFE_STATES},
        {CELL_MINUTES, LIFE_MINUTES_SIGNED}, {CELL_TALLY, LIFE_TALLIED},
        {STEP_COUNTING, LIFE_COUNTING},      {STEP_HOUSEHOLD_BALLOTS, LIFE_HOUSEHOLD_BALLOTS},
        {STEP_NO_QUORUM, LIFE_NO_QUORUM},    {STEP_CLOSED, LIFE_CLOSED},
        {STEP_OPENED, LIFE_OPENED},          {STEP_POSTPONED, LIFE_POSTPONED},
        {STEP_LIST_FROZEN, LIFE_LIST_FROZEN}};
    for (unsigned i = 0; i < sizeof latest_first / sizeof latest_first[0]; i++) {
        enum life life = (enum life)latest_first[i].life;
        if (!is_so(c, latest_first[i].fact))
            continue;
        if (life == LIFE_STATES)
            return decided(c);
        return life == LIFE_OPENED && c->interrupted_at > c->resumed_at ? LIFE_INTERRUPTED : life;
    }
    return LIFE_PLANNED;
}

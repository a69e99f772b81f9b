// cell.h - what is known of one place's contest, and what that adds to everything above it.
//
// A cell holds values only, no trace of how they came: equal sets of statements give equal cells by
// memcmp. What a cell adds upwards is a share: a vector of sums for its kind of contest, and a
// vector for its contest. When the cell changes, what stands above it changes by the difference.
#pragma once
#include "plan.h"

#define UNSTATED UINT32_MAX

enum fact_state { FACT_MISSING, FACT_VALUE, FACT_QUARANTINED, FACT_CONFLICT };

// Numbers of a tally, in the order of the kind's row after the definition.
enum tally_number {
    N_ELIGIBLE,
    N_ATTENDED,
    N_PRINTED,
    N_ISSUED,
    N_SPOILED,
    N_UNUSED,
    N_RETURNED,
    N_VALID,
    N_INVALID,
    N_BLANK,
    N_TOTAL,
    N_SUMMONED,
    N_ELSEWHERE,
    N_EXEMPT,
    N_SUSPENDED,
    N_ABSENT,
    TALLY_NUMBERS
};

// What one slot says. Statements are judged in two passes: each alone, then those that passed against
// each other; so what is held back follows from what is said, never from what came first.
struct fact {
    int64_t at;       // when, by the earliest statement of the value; 0 where nothing is said
    uint32_t reasons; // why it is held back now: REASON_ bits of check.h
    uint32_t alone;   // those of them that it has by itself
    uint32_t waived;  // by operators
    uint8_t passed;   // enum fact_state by itself
    uint8_t state;    // beside its neighbours too: what counts
    uint8_t typed;    // no time of its own was stated: it was then or before
    uint8_t zero;     // cells are compared as bytes
};

// Facts of a cell: a step by its number, then
enum {
    CELL_TALLY = STEP_LAST + 1,
    CELL_MINUTES,
    CELL_DECISION, // recognised, not recognised, on hold
    CELL_RERUN,
    CELL_INTERIM,
    CELL_FACTS
};

struct cell {
    struct fact facts[CELL_FACTS];
    int64_t interrupted_at, resumed_at; // the latest that stands; 0: none
    uint32_t tally[TALLY_NUMBERS];      // UNSTATED where the paper does not say
    uint32_t voters;                    // of the list as it was at the tally; before, as it is now
    uint32_t changes;                   // of the list, that stand
    uint8_t decision;                   // enum decision, of CELL_DECISION
    uint8_t zero[7];
};
struct turnout_cell { // one for each cut-off
    struct fact fact;
    uint32_t voted, eligible;
    uint32_t voters; // of the list as it was then
    uint32_t zero;
};

// A tally that adds to totals: it stands, and its vote was not annulled.
static inline bool cell_counts(const struct cell *c)
{
    return c->facts[CELL_TALLY].state == FACT_VALUE && c->facts[STEP_ANNULLED].state != FACT_VALUE;
}

// Sums over places, by kind of contest. Each tally number has a sum and how many places stated it.
enum {
    SUM_OPENED,
    SUM_CLOSED,
    SUM_TALLIED,
    SUM_QUARANTINED,
    SUM_CONFLICTS,
    SUM_NO_QUORUM,
    SUM_INCIDENTS, // that are open; of no contest: with the first kind that is not restricted
    SUM_SEVERE,    // of those, severity 3 and 4
    SUM_MINUTES,
    SUM_RECOGNISED,
    SUM_NOT_RECOGNISED,
    SUM_ON_HOLD,
    SUM_RERUNS,
    SUM_POSTPONED,
    SUM_INTERRUPTED, // and not resumed
    SUM_TALLY,
    SUM_TURNOUT = SUM_TALLY + 2 * TALLY_NUMBERS
};
enum {              // of each cut-off, from SUM_TURNOUT on
    TURNOUT_OF,     // people who voted
    TURNOUT_PLACES, // that said so
    TURNOUT_VOTERS, // theirs in all
    TURNOUT_FULL,   // places where all have voted
    TURNOUT_SUMS
};
enum { SUMS_MAX = SUM_TURNOUT + TURNOUT_SUMS * PLAN_CUTOFFS_MAX };
static inline unsigned
kinds_of(const struct plan *p) // sums are kept for each; a plan without any has one
{
    return p->n_kinds > 0 ? p->n_kinds : 1;
}
static inline unsigned sums_of(const struct plan *p)
{
    return SUM_TURNOUT + TURNOUT_SUMS * p->n_cutoffs;
}

// Sums over places, by contest: places tallied, tally numbers as above, then votes of each candidate.
enum { CONTEST_TALLIED, CONTEST_TALLY, CONTEST_VOTES = CONTEST_TALLY + 2 * TALLY_NUMBERS };
enum { CONTEST_SUMS_MAX = CONTEST_VOTES + PLAN_CANDIDATES_MAX };

// What one ballot's cell adds to the sums of its kind, and to those of its contest; turnouts and
// votes are the ballot's. Both vectors are written whole.
void cell_share(const struct plan *p, const struct cell *c, const struct turnout_cell *turnouts,
                int64_t *sums);
void cell_contest_share(const struct plan *p, uint32_t ballot, const struct cell *c,
                        const uint32_t *votes, int64_t *contest);

// Where a place's contest stands, in the order of its life.
enum life {
    LIFE_PLANNED,
    LIFE_LIST_FROZEN,
    LIFE_POSTPONED,
    LIFE_OPENED,
    LIFE_INTERRUPTED,
    LIFE_CLOSED,
    LIFE_NO_QUORUM,
    LIFE_HOUSEHOLD_BALLOTS,
    LIFE_COUNTING,
    LIFE_TALLIED, // not signed yet
    LIFE_MINUTES_SIGNED,
    LIFE_ON_HOLD,
    LIFE_RECOGNISED,
    LIFE_NOT_RECOGNISED,
    LIFE_ANNULLED,
    LIFE_RERUN_ORDERED,
    LIFE_INTERIM_HEAD,
    LIFE_STATES
};
enum life cell_life(const struct cell *c);

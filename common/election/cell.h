// cell.h - what is known of one place's contest, and what that adds to everything above it.
//
// A cell holds values only, no trace of how they came: equal sets of statements give equal cells by
// memcmp. What a cell adds upwards is a share: a vector of sums for its kind of contest, and a
// vector for its contest. When the cell changes, what stands above it changes by the difference.
#pragma once
#include "plan.h"

#define UNSTATED UINT32_MAX

enum fact_state { FACT_MISSING, FACT_VALUE, FACT_QUARANTINED, FACT_CONFLICT };

enum {
    TALLY_NUMBERS = 10
}; // eligible .. blank, in the order of the kind's row after the definition
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
    N_BLANK
};

struct cell {
    int64_t step_at[STEP_LAST + 1]; // when, by the statement; 0 where it is not said
    int64_t tally_at;
    uint32_t tally[TALLY_NUMBERS]; // UNSTATED where the paper does not say
    uint32_t reasons;              // why the tally is quarantined: REASON_ bits of check.h
    uint8_t step_state[STEP_LAST + 1];
    uint8_t tally_state, minutes_state, decision_state, decision;
};
struct turnout_cell { // one for each cut-off
    int64_t at;
    uint32_t voted, eligible, reasons;
    uint8_t state;
};

// Sums over places, by kind of contest. Each tally number has a sum and how many places stated it.
enum {
    SUM_OPENED,
    SUM_CLOSED,
    SUM_TALLIED,
    SUM_QUARANTINED,
    SUM_CONFLICTS,
    SUM_NO_QUORUM,
    SUM_INCIDENTS, // of all kinds, in the sums of kind 0
    SUM_SEVERE,    // of those, severity 3 and 4
    SUM_MINUTES,
    SUM_TALLY,
    SUM_TURNOUT = SUM_TALLY + 2 * TALLY_NUMBERS // then voted, places, their voters for each cut-off
};
enum { TURNOUT_SUMS = 3, SUMS_MAX = SUM_TURNOUT + TURNOUT_SUMS * PLAN_CUTOFFS_MAX };
static inline unsigned sums_of(const struct plan *p)
{
    return SUM_TURNOUT + TURNOUT_SUMS * p->n_cutoffs;
}

// Sums over places, by contest: places tallied, tally numbers as above, then votes of each candidate.
enum { CONTEST_TALLIED, CONTEST_TALLY, CONTEST_VOTES = CONTEST_TALLY + 2 * TALLY_NUMBERS };
enum { CONTEST_SUMS_MAX = CONTEST_VOTES + PLAN_CANDIDATES_MAX };

// What one ballot's cell adds to the sums of its kind, and to those of its contest; turnouts and
// votes are the ballot's. Both vectors are written whole.
void cell_share(const struct plan *p, uint32_t ballot, const struct cell *c,
                const struct turnout_cell *turnouts, int64_t *sums);
void cell_contest_share(const struct plan *p, uint32_t ballot, const struct cell *c,
                        const uint32_t *votes, int64_t *contest);

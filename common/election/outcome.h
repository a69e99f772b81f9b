// outcome.h - what the votes of one contest mean, by its rule profile: elected, tied, or not yet.
//
// Integers only. While places are missing nothing is declared. Equal votes for the last seat are a
// tie: all of them are marked, none is elected, for a lot or another rule decides.
#pragma once
#include "fold.h"

enum outcome { OUTCOME_OPEN, OUTCOME_ELECTED, OUTCOME_NOT_ELECTED, OUTCOME_TIE };
struct outcome_of {
    enum outcome outcome;
    uint64_t base, need; // need 0: who has most; base UINT64_MAX: not known
    bool quorum_known, quorum;
    uint8_t mark[PLAN_CANDIDATES_MAX]; // by candidate: 1 elected, 2 tied
};
void outcome_find(const struct fold *f, uint32_t contest, struct outcome_of *ret);

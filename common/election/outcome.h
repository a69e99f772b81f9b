// outcome.h - what the votes of one contest mean, by its rule profile: elected, tied, or not yet.
//
// Integers only. While places are missing nothing is declared. Equal votes for the last seat are a
// tie: all of them are marked, none is elected, for a lot or another rule decides. The base of a
// majority is what the profile says: for village heads all voters of the list, not those who came;
// for a Party cell the members summoned less those excused.
#pragma once
#include "fold.h"

enum outcome {
    OUTCOME_OPEN,
    OUTCOME_ELECTED,
    OUTCOME_PARTLY, // fewer than there are seats: the rest is voted on again
    OUTCOME_NOT_ELECTED,
    OUTCOME_TIE,
    OUTCOME_NO_QUORUM,
    OUTCOME_CONFIDENCE, // of a confidence vote: no level calls for anything
    OUTCOME_LOW,        // the profile's `low` is reached at its last level
    OUTCOME_LOWEST      // and its `lowest`
};
struct outcome_of {
    enum outcome outcome;
    uint64_t base, need; // need 0: who has most; base UINT64_MAX: not known
    bool quorum_known, quorum;
    bool hopeless; // too few valid ballots for anybody to reach the need, whatever the split
    uint8_t mark[PLAN_CANDIDATES_MAX]; // by candidate: 1 elected, 2 tied
};
void outcome_find(const struct fold *f, uint32_t contest, struct outcome_of *ret);
const char *outcome_name(enum outcome outcome); // "elected", "no_quorum" ...

// More than the part of the base (or just that, where it is not strict); false without a part.
bool part_reached(const struct part *p, uint64_t n, uint64_t base);
uint64_t part_need(const struct part *p, uint64_t base); // least n that reaches it

// neighbour.h - what statements of one place's contest cannot be beside each other: the second pass.
//
// Judged are values that passed alone (check.h), against others that did too: the outcome does not
// depend on which of them the second pass holds back, nor on what came first.
//
//   order   a step earlier than what must come before it, by the times both state; where equal times
//           leave no room for what lies between, both. A tally, minutes or decision that states no
//           time of its own was then or before: nothing is too early beside it
//   fall    a cumulative turnout below that of an earlier cut-off: the later one
//   F1, F10 against the voters of the frozen list and its changes until then; F6, F7 too, where the paper
//           states votes and nothing else
//   paper   contests on one paper whose ballots differ: both
#pragma once
#include "fold.h"

enum { LIST_CHANGES_MAX = 64 };
struct voter_list { // of one ballot, as changes of it that stand say; ascending by time
    uint32_t frozen, n;
    bool crowded; // more than so many: the number is not known
    struct list_change {
        int64_t at, delta;
        uint32_t eligible; // UNSTATED: only what was added and removed
    } changes[LIST_CHANGES_MAX];
};
// Voters at that time, or VOTERS_UNKNOWN.
uint32_t voters_at(const struct voter_list *l, int64_t at);

struct around { // one ballot: its cell, or one that a statement not yet made would give
    const struct fold *f;
    uint32_t ballot;
    const struct cell *cell;
    const struct turnout_cell *turnouts;
    const uint32_t *votes;
    const struct voter_list *list;
};
// What is against a fact of the cell, or the turnout of a cut-off (from 1), were it to count.
void neighbours_of_fact(const struct around *a, unsigned fact, struct findings *ret);
void neighbours_of_turnout(const struct around *a, unsigned cutoff, struct findings *ret);
// Level W of the tally, looked at when it is shown: F11 and `same`.
void neighbours_to_show(const struct around *a, struct findings *ret);

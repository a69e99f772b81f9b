// bag.h - statements of which each stands until one replaces it: interruptions, resumptions, list changes.
//
// Of more than so many that stand, none counts: no honest day has them, and what is shown must not depend on
// which of them came first.
#pragma once
#include "neighbour.h"

enum { PAUSES_MAX = 64 };
struct pauses { // of one ballot, as they stand, in no order
    int64_t interrupted[PAUSES_MAX], resumed[PAUSES_MAX];
    unsigned n_interrupted, n_resumed;
    bool crowded;
};
void bag_pauses(const struct fold *f, uint32_t ballot, struct pauses *ret);
// One at this time cannot be: at or before the opening, at or after the closing, at the time of an opposite
// one, or a resumption of what was not interrupted before.
bool pauses_bar(const struct pauses *p, const struct cell *c, bool resumed, int64_t at);
int64_t pauses_latest(const struct pauses *p, const struct cell *c,
                      bool resumed); // possible one; 0: none

void bag_voters(const struct fold *f, uint32_t ballot, struct voter_list *ret);
void voters_change(struct voter_list *l, const struct record *r); // one more that stands

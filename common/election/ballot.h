// ballot.h - one place's contest as a statement not yet made would find it: what is shown before it is said.
#pragma once
#include "neighbour.h"

// All that fails of the statement, alone and beside what is known here, were it to count now; and of what
// counts now, what it would hold back.
void ballot_try(const struct fold *f, uint32_t ballot, const struct record *r, bool by_parent,
                struct findings *ret);

// standing.h - what stands in the slot that a statement is for, and what a correction takes over from it.
#pragma once
#include "office.h"

// First statement of the slot, by next_of_slot; ENTRY_NONE: it has no slot, or nothing was said.
uint32_t standing_first(const struct fold *f, uint32_t ballot, const struct record *r);
bool standing_named(const uint64_t *acts, unsigned n, uint64_t act);
// Names all that stands there as replaced; of those that each stand, the newest.
void standing_take(const struct fold *f, uint32_t ballot, struct record *r);
// A correction speaks of the time that what it corrects spoke of, unless it states another.
void standing_time(const struct fold *f, uint32_t ballot, struct record *r);

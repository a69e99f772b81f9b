// slot.h - what slot.c and ballot.c ask each other, and nobody else.
#pragma once
#include "neighbour.h"

// The statement of an entry, in the caller's room where it is not at hand.
const struct record *slot_read(const struct fold *f, uint32_t entry, struct record *room);
bool slot_candidate(const struct fold *f, uint32_t entry); // in force, and nothing replaces it
// One author's act stands with other bytes too.
bool slot_twin(const struct fold *f, uint32_t entry);
bool slot_is_bag(const struct fold_slot *s); // each statement of it stands by itself

// The slot says something else: its ballot's cell, and all that is judged beside it, follow.
void ballot_write(struct fold *f, uint32_t slot, uint32_t ballot);
void ballot_again(struct fold *f,
                  uint32_t ballot); // a statement that stands by itself came or went

// sample.h - places drawn to check paper against data, from what dice showed: anybody can draw them again.
//
// Of a pool in the order of the plan, the k-th draw (from 0) takes the one at d(k) mod what is left, which changes
// place with the last of what is left; d(k) is the first 8 bytes, the highest first, of
//   BLAKE2b-256(["dantin sample 1", hash of the plan, unit, dice, k])
// Dice are the digits 1 to 6 as they were thrown; blanks, dots and dashes between them are nothing. Pure.
#pragma once
#include "plan.h"

enum { SAMPLE_DICE_MIN = 10, SAMPLE_DICE_MAX = 60, SAMPLE_MAX = 60 };

// The digits of what was typed, or false: something else stands there, too few or too many.
bool sample_dice(struct bytes typed, char ret[SAMPLE_DICE_MAX + 1]);
// Puts the n drawn at the front of the pool, in the order in which they were drawn; n is at most n_pool.
void sample_draw(const struct plan *p, struct bytes unit, const char *dice, uint32_t *pool,
                 uint32_t n_pool, uint32_t n);

// find.h - units of the plan by what somebody types: a code, a few letters without marks, "T3", "to 5".
//
// Letters begin a word of the name, or are the first letters of words that follow each other; a number is
// a number of the name. Words stand in the order of the name. Where no name fits by itself, words of units
// above may stand before or behind it, or the text is the end of a code. With marks, names with the very
// same marks come first. Pure but for its own memory.
#pragma once
#include "common/election/plan.h"

struct find; // owns what names look like without marks

enum { FIND_MAX = 20, FIND_QUERY_MAX = 200 }; // units of one answer; bytes of what was typed

// Of the plan's units; rebuilt by find_units() as soon as another plan is in force.
void find_open(struct find **ret_find);
void find_close(struct find **find);
// The best first, then in the order of names; below `root`, itself included. How many there are in all,
// of which at most FIND_MAX are told. Nothing for a text that has no letter and no digit.
uint32_t find_units(struct find *f, const struct plan *p, uint32_t root, struct bytes text,
                    uint32_t ret_units[FIND_MAX]);

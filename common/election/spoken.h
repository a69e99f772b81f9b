// spoken.h - a figure as it is read out by telephone: "05 – 2 – 214 – 35".
//
// The village's number within its commune, the cut-off, the figure, two check digits. The three are
// written with 3, 2 and 6 digits behind each other and checked by ISO 7064 MOD 97-10: any one wrong
// digit, any two neighbours swapped, another village (below 97 of them) or another cut-off is found.
#pragma once
#include "plan.h"

enum { SPOKEN_PLACE_MAX = 999, SPOKEN_CUTOFF_MAX = 99, SPOKEN_FIGURE_MAX = 999999 };

struct spoken {
    uint64_t place, cutoff, figure;
};

// 2 to 98; 0 where a part is larger than it can be read out.
unsigned spoken_check(const struct spoken *s);
bool spoken_fits(const struct spoken *s, uint64_t check);

// The village's number that people call it by: the number in its name, where no other village of the
// commune has it; the others are counted on from the largest in any name, in the order of the plan. 0: no
// village.
unsigned spoken_place(const struct plan *p, uint32_t unit);
uint32_t spoken_unit(const struct plan *p, uint32_t commune, uint64_t number); // PLAN_NONE

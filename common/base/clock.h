// clock.h - the only clock and the only source of randomness in the project.
//
// Everything that decides (proto/, common/election, common/office) is given the time and the random
// numbers; only the programs' shells call these.
#pragma once
#include <stddef.h>
#include <stdint.h>

int64_t clock_now(void);  // ms since 1970, may jump when the machine's clock is set
int64_t clock_mono(void); // ms, never goes back, goes on while the machine sleeps
void clock_random(void *to, size_t n);
uint64_t clock_random64(void); // never 0

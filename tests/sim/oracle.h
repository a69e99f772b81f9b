// oracle.h - what must hold in a simulated world once its faults are over.
#pragma once
#include "clerk.h"

void oracle_check(struct world *w);      // at quiet: statements, cells, sums, logs, links
void oracle_show(const struct world *w); // every room's logs, for a trace
void oracle_steady(struct world *w);     // runs on for a while: nothing is refused again and again

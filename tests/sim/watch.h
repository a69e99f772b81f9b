// watch.h - what must hold in a simulated world at every step: ticks are true, equal sets are equal states.
//
// It remembers every head that a unit's machines had on disk, what was ticked, and what each office's
// sets of statements and sums were.
#pragma once
#include "clerk.h"

struct watch;

void watch_open(struct world *w);
void watch_close(struct world *w);
void watch_start(struct world *w,
                 uint32_t room);                 // an office was opened: its logs are numbered anew
void watch_turn(struct world *w, uint32_t room); // after each turn that was kept
// What is in force about a unit here: an order-free sum over the statements, and their number.
struct set {
    uint64_t sum;
    uint32_t n;
};
struct set watch_set(const struct fold *f, uint32_t home);
// Place by place, equal by memcmp: the cells of this unit at two offices with one plan version.
bool watch_same_cells(const struct fold *a, const struct fold *b, struct bytes unit);

// crew.h - other threads that help with one thing at a time: many small, independent pieces of reckoning.
//
// The caller works too and returns when all is done, so nothing goes on beside the turn: what the pieces
// read does not change under them. With one processor there is no thread, and the caller does it all.
#pragma once

struct crew;

int crew_open(struct crew **ret_crew); // 0 or a negative errno; threads inherit blocked signals
void crew_close(struct crew **crew);
// one(work, i) for each i below n, in any order and at the same time.
void crew_do(struct crew *c, void (*one)(void *work, unsigned i), void *work, unsigned n);

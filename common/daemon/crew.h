// crew.h - other threads that do many small, independent pieces of reckoning ahead of when they are needed.
//
// The caller goes on meanwhile, and asks for each piece before it uses what came out: one that nobody has
// begun it does itself. So what the pieces read must not change until crew_end(). With one processor
// there is no thread, and the caller does what it asks for.
#pragma once

struct crew;

enum { CREW_PIECES_MAX = 64 };

int crew_open(struct crew **ret_crew); // 0 or a negative errno; threads inherit blocked signals
void crew_close(struct crew **crew);
// one(work, i) for each i below n, in any order and at the same time; what went before has ended.
void crew_begin(struct crew *c, void (*one)(void *work, unsigned i), void *work, unsigned n);
void crew_await(struct crew *c, unsigned i); // returns when this piece is done
void crew_end(struct crew *c); // nobody is at a piece any more; what is not begun never will be

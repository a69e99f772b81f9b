// faults.h - what goes wrong in a simulated world, one thing at a time: links, power, disks, clocks.
#pragma once
#include "world.h"

// Each strikes somewhere, or nowhere where it cannot.
void fault_link(struct world *w); // frames of one direction, or both, vanish unseen; or flow again
void fault_half_open(struct world *w); // a connection ends for one end only
void fault_swizzle(struct world *w); // some links are cut one by one and come back in another order
void fault_noise(struct world *w);   // frames are lost, or come late
void fault_clock(struct world *w);   // a wall clock steps
void fault_kill(struct world *w);  // of a process or a machine, also in the middle of what it sends
void fault_power(struct world *w); // goes at a write or a sync
void fault_full(struct world *w);
void fault_sync(struct world *w);           // an fsync fails
void fault_flip(struct world *w);           // a bit of a store
void fault_copy(struct world *w);           // a store is put aside, by the office or as files
void fault_restore(struct world *w);        // and put back
void fault_restore_unseen(struct world *w); // in place, so that only the parent can know
void fault_lose(struct world *w);
void faults_end(struct world *w); // everything is as it should be, from now on

// rooms.h - the offices of a simulated world as machines: they start, turn, die, and have disks and keys.
//
// A part of world.h, which includes it.
#pragma once
#include "world.h"

// machines.c
bool room_heard(const struct room *r); // what it says goes out: it lives, and its disk does
void room_start(struct world *w, uint32_t room);
void room_kill(struct world *w, uint32_t room, int64_t starts_in);
void room_well(struct world *w, uint32_t room);
void room_gone(struct world *w, uint32_t room); // for ever
// After a call that gave rc: false where the office is not running any more.
bool room_judge(struct world *w, uint32_t room, int rc, const char *rule);
int room_turn(struct world *w, uint32_t room);    // what every caller does after a call
void room_settle(struct world *w, uint32_t room); // dies now if it was to die

// rooms.c
bool room_is_leaf(const struct world *w, uint32_t room);
void room_new_identity(struct world *w, uint32_t room);
// Another key, and nothing else of the old machine; admitted.
void room_new_machine(struct world *w, uint32_t room);
// Its keys stay; a token of the parent that it has now names others who sign above. Admitted there.
void room_enrol(struct world *w, uint32_t room);
void room_signers(struct world *w, uint32_t room); // the tiers above, and behind them former ones
// Another machine under the same key, with a copy of the state directory, or without a store.
uint32_t room_twin(struct world *w, uint32_t room, bool with_store);

// Directories: put aside (the office must not run), put back, in place or as new files; emptied.
void copy_out(struct world *w, uint32_t room);
void copy_backup(struct world *w, uint32_t room); // by the office, while it runs
void copy_in(struct world *w, uint32_t room, uint32_t copy, bool same_inode);
// It is no backup: its files were copied.
bool copy_has_side_file(const struct world *w, uint32_t room, uint32_t copy);
void store_lose(struct world *w, uint32_t room);

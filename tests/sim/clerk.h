// clerk.h - the people of a simulated world: they state figures, correct them, telephone and decide.
//
// They remember what they were told is recorded.
#pragma once
#include "world.h"

enum { PLACES = 3, CUTOFFS = 2, CANDIDATES = 3, VOTERS = 300 };

size_t clerk_plan(const struct world *w, uint32_t version, uint8_t *buffer, size_t cap);
// One more statement of a room without rooms below, or of a hub about one of its children (by phone).
void clerk_says(struct world *w, uint32_t room);
void clerk_phones(struct world *w, uint32_t hub);
void clerk_chooses(struct world *w, uint32_t hub);  // settles a conflict of a child
void clerk_babbles(struct world *w, uint32_t room); // signed bytes that are no record
void clerk_again(struct world *w);                  // whoever was not answered asks again
// What stands nowhere else goes with the disk of the room; copy: what will be put back, or UINT32_MAX.
void clerk_loses(struct world *w, uint32_t room, uint32_t copy);
void clerk_copied(struct world *w, uint32_t room); // before its store is copied
// What is not in force at the hub is beyond the line that it has drawn.
void clerk_retired(struct world *w, uint32_t room, uint32_t hub);
// Nobody answers for what the room said (about one unit, or ROOM_NONE: about any).
void clerk_excuses(struct world *w, uint32_t room, uint32_t about);
bool clerk_stands(const struct office *o, const struct statement *s, const struct world *w,
                  bool in_force);

// stories.h - what happens to offices of a simulated world over several steps: keys, machines, plans, words.
//
// Each is a history from which a rule of the design was made; where it does not fit it does not happen.
#pragma once
#include "world.h"

void story_plan(struct world *w, uint32_t version); // loaded at the top
void story_new_plan(struct world *w); // or the candidates stand in another order, under new numbers
void story_moves(struct world *w);    // a commune, to another parent, while both live
void story_never_returns(struct world *w); // a district; its communes go to the province
void story_retires(struct world *w);       // a key, in the middle of what its machine sends
void story_new_keys(struct world *w);  // a hub loses store and keys, and all below it enrol again
void story_same_keys(struct world *w); // or has its identity on paper
void story_twin(struct world *w);      // two machines work under one key, for a while
void story_word_lost(
    struct world *w); // a hub speaks of a child without a line, and loses its store
void story_commit_fails(struct world *w); // after several runs of one log
void story_no_summary(struct world *w); // a hub dies between a child's statements and their summary
void story_operators(struct world *w);  // hubs let count what is held, at the end

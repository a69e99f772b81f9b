// texts.h - texts beside a simulated world's statements: said, erased by an operator, and nowhere then.
#pragma once
#include "world.h"

enum { TEXT_ROOM = 64 };

// Salt and text of an act, and their commitment: a function of the act.
struct bytes text_of(uint64_t act, uint8_t salted[TEXT_ROOM], uint8_t commitment[HASH_SIZE]);
void story_erases(struct world *w); // an operator; then the hub may lose its store
void texts_gone(struct world *w);   // at quiet

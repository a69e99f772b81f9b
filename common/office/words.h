// words.h - names of what records hold as numbers, and times as people write them.
#pragma once
#include "proto/record.h"

const char *step_name(unsigned step); // "opened"; NULL beyond
const char *decision_name(unsigned decision);
const char *method_name(unsigned method);
const char *life_name(unsigned life); // enum life of a cell
const char *how_name(unsigned how);
const char *verdict_name(unsigned verdict);
const char *words_time(int64_t at, char to[32]); // "17:05 22/05/2022", of Vietnam
int parse_act(struct bytes hex, uint64_t *ret);  // 16 hex digits or fewer
// The number of a name, 0: none of them.
unsigned step_named(struct bytes word);
unsigned decision_named(struct bytes word);
unsigned how_named(struct bytes word);
unsigned verdict_named(struct bytes word);

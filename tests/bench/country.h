// country.h - a whole country for one measure: keys for every unit, and communes at work in a few processes.
#pragma once
#include "common/base/keys.h"

// Reads lines `code parent hub|node` (parents first, the top's parent is -) from the file `tree` in dir, and writes
// the state directory dir/CODE of each: its identity, and of a hub its children with their certificates.
int country_stage(const char *dir);

// Offices of the communes whose number among all is `part` modulo `parts`, until SIGTERM. Says `open N` when all are
// linked and have their plan, waits for a line on standard input, states one turnout and one tally for each place,
// and says `said N` when the last of them is on this disk.
int country_nodes(const char *dir, unsigned part, unsigned parts);

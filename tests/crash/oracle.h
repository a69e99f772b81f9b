// oracle.h - what must hold of a store whatever happened to its disk.
#pragma once
#include "stage.h"

// The desk is at work. NULL, or the rule that is broken; detail in `oracle_detail`.
const char *oracle_check(unsigned desk);
const char *oracle_copy(unsigned desk); // of a backup that was said to be made; on the disk, closed
extern char oracle_detail[300];

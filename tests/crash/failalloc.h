// failalloc.h - allocations of our code and of SQLite that fail: the one that is named, or all from it on.
#pragma once
#include <stdbool.h>
#include <stdint.h>

void failalloc_install(void);                          // before SQLite is first used
void failalloc_at(uint64_t allocation, bool for_good); // counted from now; 0: none
uint64_t failalloc_count(void);                        // since then

// plant.h - bugs planted between the office and its store, or in the disk, that these tests must find.
#pragma once
#include <stdbool.h>

bool plant_set(const char *name); // false: there is none of this name
bool plant_is(const char *name);
void plant_reset(void); // another history begins

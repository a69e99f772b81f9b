// moment.h - a time as people write it, by Vietnam's clock: one rule for forms, commands and pages.
//
// "7:05", "7h05", "7h", "7g05", "7.05", "0705" of the day of `now`; "22/05/2022", "22/5", "22-5-2022",
// "22.5.2022" (its first minute; a year left out is this one); both, in either order; or milliseconds
// since 1970. All else is refused.
#pragma once
#include "proto/pack.h"

enum { MOMENT_CLOCK = 1, MOMENT_DAY = 2, MOMENT_TEXT_MAX = 40 };

// What was stated, as bits (both for milliseconds); -EINVAL, with *ret untouched.
int moment_read(struct bytes text, int64_t now, int64_t *ret);
// A clock time without its day that would lie far ahead was yesterday's: counts cross midnight.
int64_t moment_past(int64_t at, int stated, int64_t now);

// advice.h - when to stop waiting for the line and to take the telephone: figures, and incidents nobody answered.
//
// Pure. What a page says of it is its own; here is only when.
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    ADVICE_ON_ITS_WAY_MS = 60 * 1000,   // so long nothing is said of a figure that was just entered
    ADVICE_LONG_MS = 20 * 60 * 1000,    // unsent for so long: ring, whatever the hour
    ADVICE_SHORT_MS = 3 * 60 * 1000,    // unsent for so long, and the end of a cut-off is near
    ADVICE_NEAR_MS = 10 * 60 * 1000,    // before the end of its grace, and behind it
    ADVICE_INCIDENT_MS = 3 * 60 * 1000, // an incident that nobody above has acknowledged
};
enum advice { ADVICE_NONE, ADVICE_WAIT, ADVICE_PHONE };
const char *advice_name(enum advice a);

struct advice_unsent { // a figure that the parent does not have yet
    int64_t entered;
    int64_t until; // when its cut-off ends, with the grace; 0: not known
};
enum advice advice_of(const struct advice_unsent *u, int64_t now);
bool advice_incident(int64_t entered, int64_t now); // of an open one that nobody has acknowledged

// calls.h - what came of telephone calls to units: calls.csv, a local owner-only table of a hub or node.
//
// Columns unit, at, what, until, by; times in ms since 1970. Of each unit the newest few are kept.
// What the desk derives from them: how the last call ended, what was promised, and who holds the unit.
// It is no statement about an election and stands in no log.
#pragma once
#include "common/base/faults.h"
#include "proto/chain.h"

struct calls; // owns the file `calls.csv` in the state directory

enum {
    CALLS_UNITS_MAX = 5000,
    CALLS_OF_UNIT_MAX = 8, // newest; and beside them who holds the unit
    CALLS_BYTES_MAX = 16 << 20,
    PROMISE_MAX_MS = 24 * 3600 * 1000 // a promise lies no further ahead
};
#define CALLS_FILE "calls.csv"

enum call_what { CALL_REACHED = 1, CALL_NO_ANSWER, CALL_PROMISED, CALL_HELD, CALL_LEFT };
const char *call_name(enum call_what what);
enum call_what call_named(struct bytes word); // 0: none of them

struct call {
    enum call_what what;
    int64_t at, until; // until: of a promise; 0 else
    char by[PERSON_MAX + 1];
};
struct call_state {
    struct call last; // reached, no answer or promised; what 0: nobody rang
    struct call held; // what 0: nobody holds it
    int64_t
        promised; // the time of the promise that stands, also after a call that nobody answered; or 0
};

void calls_open(struct calls **ret,
                const char *dir); // what cannot be read is a fault, the rest serves
void calls_close(struct calls **c);
const struct faults *calls_faults(const struct calls *c);
void calls_state(const struct calls *c, struct bytes unit, struct call_state *ret);
// The call i of a unit, the newest first; false: no more.
bool calls_at(const struct calls *c, struct bytes unit, unsigned i, struct call *ret);

// Until when somebody promised: "8:15", "8h15", "8h" by Vietnam's clock, the next one to come; "+15" is in
// so many minutes. -EINVAL: none of these, or further ahead than PROMISE_MAX_MS / 2.
int calls_promise(struct bytes text, int64_t now, int64_t *ret);
// On disk when it returns 0. -EINVAL: a promise for a time that is past or too far ahead; -ENOSPC: of
// another unit than are kept; or the errno of writing.
int calls_add(struct calls *c, const struct code *unit, const struct call *call);

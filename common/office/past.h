// past.h - what was known when the logs were held only so far: a second fold of the same store.
//
// A log about a unit may also stop at the first record that was entered after a moment: where a position was not
// written down, that is what its author claims of the time. Or all later records of every log are passed over.
#pragma once
#include "office.h"

struct past {
    const struct plan *plan; // the one in force now
    struct fold fold;
    void *block;
    uint64_t *upto; // by log of the office's table: records 1..n of it were held
    int64_t until;  // ms; 0: not asked. Of logs about units only, unless `every`
    bool every;     // later records of all logs are passed over
};
void past_init(struct past *past, const struct office *o); // nothing was held: then fill upto
int past_fold(struct past *past, struct office *o);        // 0, or an errno of the store
// From here on only figures are read of it (cells, turnouts, votes, sums): the index is given back.
void past_keep(struct past *past);
// What this disk held then: what was stored not later. *ret_first: when its first run came, 0 for none.
int past_stored(struct past *past, struct office *o, int64_t at, int64_t *ret_first);
void past_close(struct past *past);

// past.h - what was known when the logs were held only so far: a second fold of the same store.
//
// Of a log about a unit it may also stop at the first record that was entered after a moment: where a
// position was not written down, that is what its author claims of the time.
#pragma once
#include "office.h"

struct past {
    const struct plan *plan; // the one in force now
    struct fold fold;
    void *block;
    uint64_t *upto; // by log of the office's table: records 1..n of it were held
    int64_t until;  // of logs about units, ms; 0: not asked
};
void past_init(struct past *past, const struct office *o); // nothing was held: then fill upto
int past_fold(struct past *past, struct office *o);        // 0, or an errno of the store
// From here on only figures are read of it (cells, turnouts, votes, sums): the index is given back.
void past_keep(struct past *past);
void past_close(struct past *past);

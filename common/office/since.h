// since.h - what was corrected or added since the last bulletin that this hub released, for its pages.
//
// The cells of then are folded once for each release and kept, so that a page costs one comparison of
// cells. Where positions say nothing (release.h), only that it was released is known.
#pragma once
#include "release.h"
#include "view.h"

enum { SINCE_SHOWN = 20 }; // changes that are named; all are counted

struct since { // begin with zeros
    uint64_t act;
    const struct plan *plan; // to be compared, never read: it may be gone
    uint8_t plan_hash[HASH_SIZE];
    bool open, known; // known: past holds what stood then
    struct past past;
};
// null: nothing was released, or that cannot be read now. number, cutoff (0: of a plan that had more),
// at, state, known; corrected and added: how many figures, added_places; items: the first of them.
json_t *since_view(struct since *s, struct office *o, int64_t now);
void since_close(struct since *s);

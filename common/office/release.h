// release.h - bulletins that a hub released: kept as sent, numbered, with what they rest on.
//
// A release is a statement in the hub's own reports, with all its text. What it rests on stands in its
// `positions`: how far each log was held, canonical msgpack, ascending by incarnation:
//
//   positions = array *position      ; at most BULLETIN_MAX bytes in all; empty: they were too many
//   array     = %x90-9F / %xDC 2OCTET
//   position  = %x92 incarnation n   ; records 1..n of that log were held
//   incarnation = uint               ; of any stream: no two logs share one
//   n         = uint                 ; pack.h has uint
//
// Folding just those records gives what stood then, so the next release can say what was corrected or
// added. Numbers go on in a new incarnation, which begins with copies of the old statements. A release
// is never changed: it may be paused, resumed, or withdrawn by `void`, all by its number; the latest
// word by its own time holds, and at equal times the more cautious.
#pragma once
#include "common/election/bulletin.h"
#include "past.h"

enum release_state { RELEASE_VALID, RELEASE_PAUSED, RELEASE_WITHDRAWN };

struct release { // views into the fold: valid until the next turn
    uint64_t act;
    unsigned number, cutoff;
    int64_t at;
    struct bytes by, hash, positions, text;
    enum release_state state;
    struct bytes why; // of the pause or the withdrawal, where it is either
};
// The next one from entry *at of the fold on; false: no more. Begin with *at = 0.
bool release_each(const struct office *o, uint32_t *at, struct release *ret);
bool release_find(const struct office *o, unsigned number, struct release *ret);
bool release_of_act(const struct office *o, uint64_t act, struct release *ret);
unsigned release_next_number(const struct office *o);
// The newest of this cut-off or an earlier one that was not withdrawn.
bool release_before(const struct office *o, unsigned cutoff, struct release *ret);

struct release_ask {
    uint64_t act; // drawn
    struct bytes by;
    unsigned cutoff;
    const struct statistics *statistics; // or NULL
    struct moment now;
};
// Writes the bulletin of the hub's own unit and says it, in turns of their own. *ret_number: what it
// became. -ENOENT: no plan, or nothing to show; -EMSGSIZE: too long; -ERANGE: no number is left; else
// as office_say.
int release_make(struct office *o, const struct release_ask *ask, unsigned *ret_number);
// KIND_PAUSE, KIND_RESUME or KIND_VOID of a release. -ENOENT: no such number.
int release_word(struct office *o, unsigned kind, unsigned number, struct bytes by,
                 struct bytes why, uint64_t act, struct moment now);
// What stood when it was released, of the present plan; false: its positions say nothing, or (*ret_rc)
// the store could not be read. To be closed where it is true.
bool release_past(struct office *o, const struct release *r, struct past *ret, int *ret_rc);
// How far each log is held, as above; bytes written, 0: too many.
size_t release_positions(const struct office *o, uint8_t to[BULLETIN_MAX]);

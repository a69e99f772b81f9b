// seal.h - a unit's figures are sealed: a numbered statement that names the head of its own reports.
//
// Seal 1, 2, ... each says how far the log of own reports had come (n) and h(n), which a person signs on
// paper. It stands as the very next record, n + 1. Nothing is locked: what the unit says behind a seal
// is taken as ever, and shown as said after it. Who holds the paper can ask any tier for h(n) of that log.
#pragma once
#include "office.h"

struct seal { // views into the fold: valid until the next turn
    unsigned number;
    uint64_t act, n;
    uint8_t hash[HASH_SIZE];
    int64_t at;
    struct bytes by;
    uint32_t entry;
};

// The next one from entry *at of the fold on; false: no more. Begin with *at = 0.
bool seal_each(const struct office *o, uint32_t *at, struct seal *ret);
bool seal_find(const struct office *o, unsigned number, struct seal *ret); // number 0: the newest
struct seal_ask {
    struct bytes by;
    uint64_t act; // drawn
    enum how how;
    struct moment now;
};
// Seals in turns of its own. The same act again: what it sealed. -ENODATA: nothing was said yet;
// -ENOENT: no plan is here; -ERANGE: no number is left; else as office_say.
int seal_make(struct office *o, const struct seal_ask *ask, struct seal *ret);
// The newest seal behind which a statement of the unit stands, in each log that has both; 0: none.
unsigned seal_before(const struct fold *f, uint32_t entry);

struct past;
// What stood when the seal was made; past_close() it, also after a failure.
int seal_past(struct office *o, const struct seal *s, struct past *ret);

// history.h - every version of every figure: who, when, by what way, what it replaced, and what became of it.
//
// A *figure* is a slot of the fold (a turnout at one cut-off, a count, a step ...), or a statement without one with
// what updates it. Its versions are all statements about it that are here, in the order in which they were
// entered, also those that count no more or never did. Nothing is left out in silence: `more` says how much.
#pragma once
#include "view.h"
#include <stdio.h>

enum {
    HISTORY_FIGURES = 40,  // of one page
    HISTORY_VERSIONS = 30, // shown of one figure
    HISTORY_PAGES = 10000, // that can be asked for
    HISTORY_ROWS = 50000,  // of one export
    HISTORY_PLACES = 200   // of one page of what was here then
};

// What is remarkable about a version, as bits; their names are the words of only=.
enum history_mark {
    HISTORY_CHANGED = 1 << 0,     // it replaces another version, or is replaced
    HISTORY_CONFLICT = 1 << 1,    // it takes part in a conflict
    HISTORY_HELD_BACK = 1 << 2,   // in quarantine
    HISTORY_RELEASED = 1 << 3,    // an operator let it count
    HISTORY_VERDICT = 1 << 4,     // some word of the parent is about it
    HISTORY_LATE = 1 << 5,        // a turnout entered after its time
    HISTORY_CAME_LATE = 1 << 6,   // entered in time, and here only after
    HISTORY_RELAYED = 1 << 7,     // said by the unit above
    HISTORY_BEHALF = 1 << 8,      // by telephone, radio, courier or file
    HISTORY_NOT_COUNTED = 1 << 9, // in no log that counts: not admitted
    HISTORY_RETIRED = 1 << 10,    // beyond the line that was drawn for its machine
    HISTORY_OLD = 1 << 11,        // begun on a machine before the unit's present one
    HISTORY_CLOCK = 1 << 12,      // entered, it says, after it came here
    HISTORY_MARKS = 13
};
const char *history_mark_name(unsigned bit); // by its place
bool history_mark_named(struct bytes word, unsigned *ret_mark);

struct history_asked {
    uint32_t unit;        // and all below
    unsigned kind, only;  // 0: all; marks of which one must be there
    struct bytes person;  // who entered it or on whose behalf; empty: anybody
    struct bytes contest; // its code; empty: all
    unsigned page;        // from 0
    bool restricted, votes;
};
// {figures: [{place, name, within, contest, kind, which, marks, versions: [view_record ..., marks, verdicts], more}],
//  n, versions, page, pages, machines, forks}
json_t *history_view(const struct office *o, const struct history_asked *x);
// The statements that match, one a row, as CSV; *ret_more: rows beyond the limit. malloc'd.
char *history_csv(const struct office *o, const struct history_asked *x, size_t *ret_n,
                  uint32_t *ret_more);
// The logs by and about a unit, each of one machine; and where two branches of one log were seen below it.
json_t *history_machines(const struct office *o, uint32_t unit);
json_t *history_forks(const struct office *o, uint32_t unit);

// historythen.c: what counted here at a moment beside what counts now, place by place. entered: by what the
// statements claim of when they were entered; else by when they were stored on this disk, which is exact.
struct history_then {
    uint32_t unit;
    int64_t at;
    bool entered, all; // all: places where nothing differs too
    unsigned page;
    bool restricted, votes;
};
int history_then(struct office *o, const struct history_then *x, json_t **ret);

// For its own files: rows of the export, h(n), when each statement came.
void history_csv_head(FILE *to);
void history_csv_row(FILE *to, const json_t *version);
bool history_hash(const struct office *o, uint32_t log, uint64_t n, uint8_t ret[HASH_SIZE]);
struct arrivals; // one row for each run, by log
int arrivals_open(struct arrivals **ret, const struct office *o);
void arrivals_close(struct arrivals **a);
int64_t arrivals_first(const struct arrivals *a, const struct fold *f,
                       uint32_t entry); // 0: unknown
unsigned history_marks(const struct office *o, const struct arrivals *a, uint32_t entry);

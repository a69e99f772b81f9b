// bulletin.h - the quick report of a unit at one cut-off: text to read out, short messages, a table.
//
// The form is the one of real provincial bulletins, the same at every tier; words for units come from
// the plan's levels. Missing is never zero: what nobody stated is "chưa có", and a figure that does not
// cover everything says of how many it is. "Tạm thời" stands as long as anything is not recognised.
// Contests of a restricted kind appear nowhere. Pure; the caller gives the room.
//
//   text   paragraphs, at most BULLETIN_TEXT_MAX bytes; lists of names are cut, and say so
//   short  messages of at most SHORT_MAX letters without marks, one a line
//   table  a row of names, then one for each unit directly below and one for all, tabs between;
//          numbers without dots, for a spreadsheet
#pragma once
#include "statistics.h"
#include "writing.h"

enum bulletin_form { BULLETIN_TEXT, BULLETIN_SHORT, BULLETIN_TABLE };
enum {
    BULLETIN_TEXT_MAX = BULLETIN_MAX - 1, // a released one is kept as sent
    BULLETIN_CHANGES_MAX = 3000,          // of its end, on what changed
    BULLETIN_TABLE_MAX = 4 << 20
};

// What `situation` states of order, weather, roads and lines.
enum { SITUATION_NORMAL = 1, SITUATION_DIFFICULT, SITUATION_SERIOUS, SITUATION_NOT_STATED };

struct bulletin {
    const struct fold *fold;
    uint32_t unit;   // no place
    unsigned cutoff; // from 1; 0: before the first
    int64_t now;     // what is due, and when it was written
    bool drill;
    unsigned number;                     // of a released one; 0: it is not
    const struct statistics *statistics; // or NULL
    struct bytes changes;                // from bulletin_changes, or empty
};
// Length; -EMSGSIZE: beyond the form's limit, or the room; -ENOENT: nothing here may be shown.
int bulletin_write(const struct bulletin *b, enum bulletin_form form, char *to, size_t cap);

// What a bulletin says at its end of an earlier one.
struct bulletin_before {
    unsigned number, cutoff;
    const struct fold *fold; // as it was then, under the same plan; NULL: only its text is known
    struct bytes text;
};
// Sentences on what was corrected or added at its cut-off since; length, 0 where nothing was. Without
// the fold of then, from the totals that its text states.
int bulletin_changes(const struct bulletin *b, const struct bulletin_before *before, char *to,
                     size_t cap);

// One figure of the earlier cut-off, or a tally, that is another now; of what is only told, a sum.
enum bulletin_changed { CHANGED_TURNOUT, CHANGED_TALLY, CHANGED_SUMS };
struct bulletin_change {
    enum bulletin_changed what;
    uint32_t unit, ballot; // ballot: PLAN_NONE of a sum
    unsigned kind;
    bool added;            // nothing stood there then; else it is corrected, or held back now
    uint32_t places;       // how many places came
    enum fact_state state; // now
    uint64_t then, now;    // people who voted; not of a tally
};
// In the plan's order; before->fold must be there. Restricted contests are passed over.
void bulletin_each_change(const struct bulletin *b, const struct bulletin_before *before,
                          void (*on_change)(void *ctx, const struct bulletin_change *x), void *ctx);

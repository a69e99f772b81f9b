// traps.h - what must be asked before a turnout figure is taken: the slips of a telephone call.
//
// Somebody says an increment for the total, a percentage, the neighbour's figure, more than there are
// voters, or corrects what stands. Each question has its words and its answers; an answer is named in
// the field `sure` of the line that comes next, and is not asked again. Nothing is recorded here, and
// nothing is refused for good: what the team insists on is taken, and judged as any statement is.
#pragma once
#include "intake.h"
#include <jansson.h>

enum trap_kind {
    TRAP_NONE,
    TRAP_SAME,      // it stands already: nothing is to be said
    TRAP_PERCENT,   // "98 %": how many are that?
    TRAP_MORE,      // "thêm 40", "+40"
    TRAP_ABOVE,     // more than there are voters
    TRAP_LOWER,     // than the last one: the increment, or the total?
    TRAP_NEIGHBOUR, // just what the village before or behind it has
    TRAP_STANDS,    // another figure stands, which the clerk has seen
};
struct trap {
    enum trap_kind kind;
    uint64_t typed;  // the figure; of a percentage, its hundredths
    uint64_t other;  // what it is held against: voters, the last figure, the one that stands
    uint64_t sum;    // what it would come to; UINT64_MAX: not known
    unsigned cutoff; // of `other`; 0: none
    uint32_t place;  // whose figure `other` is, or PLAN_NONE
    uint32_t entry;  // of SAME: what stands; else ENTRY_NONE
};
struct trap_asked {
    uint32_t ballot;
    unsigned cutoff;   // from 1
    struct bytes text; // the figure as it was typed
    struct bytes sure; // names of what has been answered, with commas
    struct bytes seen; // acts that stood when it was typed, with commas
};

// The first question that is not answered yet.
void traps_find(const struct fold *f, const struct trap_asked *a, struct trap *ret);
// The figure before that cut-off which counts: false where there is none.
bool traps_last(const struct fold *f, uint32_t ballot, unsigned cutoff, uint64_t *ret_voted,
                unsigned *ret_cutoff);
// {"ask", "words", "words_en", "choices": [{"words", "words_en", "fields": {"voted", "sure", ...}}]}: the
// line goes again with the fields of the answer. No choices: another figure must be typed.
json_t *traps_view(const struct plan *p, const struct trap_asked *a, const struct trap *t);
struct trap_line {
    const struct code *about; // the child a hub speaks of, or NULL
    bool restricted;          // whoever asks may know of restricted contests
    uint32_t same;            // out: the statement that says it already, or ENTRY_NONE
};
// Of a line with a field `ask` that states a turnout: NULL where nothing is to be asked, or where the act
// is here already.
json_t *traps_of_line(const struct office *o, const struct named *f, size_t n, struct trap_line *l);

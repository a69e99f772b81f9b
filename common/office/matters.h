// matters.h - what somebody must look at: incidents, complaints, situations and instructions that stand.
//
// Each is a statement as view_statement() has it, and beside it the name of its place, who acknowledged
// it (or, `earlier`, what it updates), to whom it was given (the newest such word that has a reason: the reason
// names them), by which word the parent holds it for settled, and of an instruction the receipts. The most severe
// first, then the newest; what is closed last.
#pragma once
#include "view.h"

enum { MATTERS_SHOWN = 200 }; // in one answer; `more` says how many were left out

// Of a unit and all below it; kind 0: all four. "matters", "n" in all, "more" beyond those shown.
json_t *matters_list(const struct office *o, uint32_t unit, unsigned kind, bool local);
// Incidents of a unit and all below it that are open and that nobody above acknowledged.
struct matters_unseen {
    uint32_t entry, home; // home: the unit that said it
    unsigned severity;
    int64_t came; // when this office got it
};
unsigned matters_unseen(const struct office *o, uint32_t unit, bool local,
                        struct matters_unseen *ret, unsigned max);
// When this office got a statement first; its own: when it said it.
int64_t matters_came(const struct office *o, uint32_t entry);
bool matters_kind(unsigned kind); // is one of the four
// Incidents that are open and high or urgent, the worst first: the same form, fewer of them.
json_t *matters_severe(const struct office *o, uint32_t unit, bool local);
bool matters_open(const struct record *r); // something is still to be done

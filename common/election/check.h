// check.h - what cannot be right in one statement: the rules F1-F8 and F10 over its own numbers and the plan.
//
// They are the sums that the paper minutes must satisfy; PROTOCOL.md, section 11, has them in words.
// Level E quarantines: the statement is kept, shown with the reason, in
// no total, until it is replaced or released. Level W is shown and changes nothing. A number that is
// not stated is judged by nothing. Integers only.
#pragma once
#include "cell.h"

enum {                           // bits of `reasons`; an operator's release names those it waives
    REASON_F1 = 1 << 1,          // more attended than there are voters
    REASON_F2 = 1 << 2,          // more ballots used than people came
    REASON_F3 = 1 << 3,          // more ballots in the box than were issued
    REASON_F5 = 1 << 5,          // valid and invalid are not those returned
    REASON_F6 = 1 << 6,          // single choice: more votes than valid ballots
    REASON_F7 = 1 << 7,          // several choices: more votes than the valid ballots allow
    REASON_F10 = 1 << 10,        // voters differ from the frozen list
    REASON_F4 = 1 << 4,          // W: ballots taken away
    REASON_F8 = 1 << 8,          // W: printed is not issued and unused
    REASON_CANDIDATE = 1 << 16,  // votes for a candidate that the plan does not have
    REASON_PLACE = 1 << 17,      // a place or contest that the plan does not have, or not here
    REASON_DEFINITION = 1 << 18, // made for another ballot
    REASON_RETURNED = 1 << 19,   // an operator gave it back
    REASON_CUTOFF = 1 << 20,     // a cut-off that the plan does not have
    REASON_UNREADABLE = 1 << 21,
    REASON_NOTHING = 1 << 22, // a tally that states no number: missing is never zero
    REASONS_WARNING = REASON_F4 | REASON_F8 | REASON_F10,
    // No release makes these right: there is nothing that the figure could count for.
    REASONS_FINAL = REASON_CANDIDATE | REASON_PLACE | REASON_CUTOFF | REASON_UNREADABLE |
                    REASON_NOTHING
};

struct finding { // one failing rule with its inputs, for a sentence in the reader's language
    uint32_t reason;
    uint64_t left, right; // the two sides that do not fit; 0 where the rule has none
};
enum { FINDINGS_MAX = 16 };

// All failing rules of a decoded statement about a ballot; returns their bits. ret may be NULL.
uint32_t check_statement(const struct plan *p, uint32_t ballot, const struct record *r,
                         struct finding ret[FINDINGS_MAX]);
const char *reason_name(uint32_t reason); // "F5", "candidate" ...: the key of its sentence

// check.h - what cannot be right in one statement: rules over its own numbers and the plan, the first pass.
//
// They are the sums that the paper minutes must satisfy; PROTOCOL.md, section 11, has them in words.
// Level E quarantines: the statement is kept, shown with the reason, in no total, until it is replaced
// or released. Level W is shown and changes nothing. A number that is not stated is judged by nothing.
// Integers only. neighbour.h is the second pass: what passed here, against each other.
#pragma once
#include "cell.h"

// Bits of `reasons`; an operator's release names those it waives. N: the frozen list with its changes.
#define REASON_F1 (1u << 1) // more attended than there are voters
#define REASON_F2 (1u << 2) // more ballots used than people came
#define REASON_F3 (1u << 3) // more ballots in the box than were issued
#define REASON_F4 (1u << 4) // W: ballots taken away
#define REASON_F5                                                                                  \
    (1u << 5) // valid and invalid are not those returned; more blank than there can be
#define REASON_F6         (1u << 6) // single choice: more votes than valid ballots
#define REASON_F7         (1u << 7) // several choices, or for and against: more than the ballots allow
#define REASON_F8         (1u << 8)  // W: printed is not issued and unused
#define REASON_F9         (1u << 9)  // show of hands: ballots are stated, or more hands than people
#define REASON_F10        (1u << 10) // voters differ from the list, and no list change explains it
#define REASON_F11        (1u << 11) // W: other voters than in the vote that is repeated
#define REASON_F12        (1u << 12) // W: a percentage on the paper is not what its numbers give
#define REASON_F2_LESS    (1u << 13) // W: fewer ballots used than people came
#define REASON_F6_LESS    (1u << 14) // W: fewer votes than valid ballots
#define REASON_TOTAL      (1u << 15) // W: votes in all as written are not their sum
#define REASON_CANDIDATE  (1u << 16) // votes for a candidate that the plan does not have
#define REASON_PLACE      (1u << 17) // a place or contest that the plan does not have, or not here
#define REASON_DEFINITION (1u << 18) // made for another ballot
#define REASON_RETURNED   (1u << 19) // an operator gave it back
#define REASON_CUTOFF     (1u << 20) // a cut-off that the plan does not have
#define REASON_UNREADABLE (1u << 21)
#define REASON_NOTHING    (1u << 22) // a tally that states no number: missing is never zero
#define REASON_ORDER      (1u << 23) // before what must come first, by the times both state
#define REASON_FALL       (1u << 24) // fewer voted than at an earlier cut-off
#define REASON_PAPER      (1u << 25) // contests on one paper state different ballots
#define REASON_DECIDES    (1u << 26) // a decision that is not its author's to make
#define REASON_DECISION   (1u << 27) // a decision without number, date or signatory
#define REASON_SAME       (1u << 28) // W: another place of the unit has just the same tally
#define REASON_ALL_ONE    (1u << 29) // W: all votes for one candidate of several
#define REASON_FUTURE     (1u << 30) // W: speaks of a time after its entry
#define REASON_FULL       (1u << 31) // W: everybody came, and yet ballots are missing
#define REASONS_WARNING                                                                            \
    (REASON_F4 | REASON_F8 | REASON_F11 | REASON_F12 | REASON_F2_LESS | REASON_F6_LESS |           \
     REASON_TOTAL | REASON_SAME | REASON_ALL_ONE | REASON_FUTURE | REASON_FULL)
// No release makes these right: there is nothing that the figure could count for.
#define REASONS_FINAL                                                                              \
    (REASON_CANDIDATE | REASON_PLACE | REASON_CUTOFF | REASON_UNREADABLE | REASON_NOTHING |        \
     REASON_DECIDES)

enum { FUTURE_MS = 2 * 60 * 1000 }; // a clock may be off by so much

struct finding { // one failing rule with its inputs, for a sentence in the reader's language
    uint32_t reason;
    uint64_t left, right; // the two sides that do not fit; 0 where the rule has none
};
enum { FINDINGS_MAX = 24 };
struct findings {
    uint32_t reasons;
    unsigned n;
    struct finding *at; // of FINDINGS_MAX, or NULL: only the reasons are wanted
};
void findings_add(struct findings *s, uint32_t reason, uint64_t left, uint64_t right);

// All failing rules of a decoded statement about a ballot. by_parent: it is not the unit's own.
void check_statement(const struct plan *p, uint32_t ballot, const struct record *r, bool by_parent,
                     struct findings *ret);
unsigned check_choices(const struct plan *p,
                       uint32_t contest); // names a ballot may mark, at least 1
const char *reason_name(uint32_t reason); // "F5", "candidate" ...: the key of its sentence

// formview.h - what a form of the page must know: the ballot and its rules, which statements stand in its
// slots when it is opened, and what a tally that is not recorded yet would come to.
#pragma once
#include "view.h"

// view_ballot() with "rules" of its profile and "standing": {"turnout/1": [{"act", "by", "how", "behalf",
// "at", "entered", "parent"}], "step/opened": ..., "decision/result": ...}: slots in which something
// stands. A statement of the parent is whole, as view_statement() has it. Kinds whose statements stand
// beside each other have no slot here.
json_t *formview_ballot(const struct office *o, uint32_t ballot);
json_t *formview_unit(const struct office *o, uint32_t unit); // its own slots: situations, ready
// Of a contest voted on at one place: "base", "need", "quorum", "hopeless" by the numbers of the tally, and
// "votes" by candidate;
// null where the contest has other places too, or the rule asks for none of it.
json_t *formview_need(const struct office *o, const struct record *r);
// Figures as they were read, to be shown back: {"voted": "3.452", "votes": {"1": "1.159"}, "written":
// {"1": "44,04"}}; and "at", the time in ms.
json_t *formview_read(const struct record *r);

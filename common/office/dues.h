// dues.h - what somebody owes after the vote, by its day: reports, minutes, decisions, reruns, complaints.
//
// Days come from the rule profile, the clock of Vietnam and the days off of the plan. To report: so many days
// after the vote; to recognise: so many *working* days after the minutes; to vote again: the day that was ordered,
// else so many days after the vote. A day that is not worked is not put off, only said: who keeps the earlier
// one keeps both. A complaint has no day of its own in any profile.
#pragma once
#include "view.h"

enum due_kind {
    DUE_REPORT,    // nothing was counted yet, although the vote is over
    DUE_MINUTES,   // the count is here, the minutes are not
    DUE_RECOGNISE, // the minutes are, a decision is not
    DUE_HOLD,      // the decision is on hold
    DUE_RERUN,     // to vote again
    DUE_APPOINT,   // the last round elected nobody
    DUE_INTERIM,   // until when an interim head may hold the office
    DUE_COMPLAINT,
    DUE_KINDS
};
enum { DUES_SHOWN = 500 };

struct due {
    enum due_kind kind;
    uint32_t unit, ballot, entry; // PLAN_NONE, ENTRY_NONE where there is none
    int32_t from, day;            // the day from which is counted, and the one it is due; -1: none
    bool ordered;                 // of a rerun: its day is a decision's
};
struct dues {
    struct due *at; // the first day first, those without a day last; malloc'd
    uint32_t n, cap;
};
// restricted: contests of a restricted kind too.
void dues_find(struct dues *d, const struct fold *f, uint32_t unit, int64_t now, bool restricted);
void dues_free(struct dues *d);
const char *due_name(enum due_kind kind); // "recognise"
bool due_named(struct bytes word, enum due_kind *ret);
// kind DUE_KINDS: all. {now, today, holidays, n, overdue, counts, dues, more, told}
json_t *dues_view(const struct fold *f, uint32_t unit, enum due_kind kind, int64_t now,
                  bool restricted);

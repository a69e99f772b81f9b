// report.h - is a unit's report here: not due, due soon, on time, late, missing, done, postponed.
//
// The report is one column and the link another: a commune whose figures came by telephone owes
// nothing, though its machine is silent. What is due follows from each place's own hours
// (plan_due_at). A figure entered in time is on time whenever it arrives: an offline commune is not late.
#pragma once
#include "office.h"

enum report {
    REPORT_NOT_DUE,
    REPORT_DUE_SOON, // within ten minutes, or within its grace
    REPORT_ON_TIME,
    REPORT_LATE, // it is here, and was entered after the grace
    REPORT_MISSING,
    REPORT_DONE, // the count is here
    REPORT_POSTPONED
};
// local: restricted contests are weighed too.
enum report report_of(const struct fold *f, uint32_t unit, int64_t now, bool local);
const char *report_name(enum report r);

// Of one cut-off (from 1) at a ballot, whatever came since: not due, due soon, on time, late, missing.
enum report report_at(const struct fold *f, uint32_t ballot, unsigned cutoff, int64_t now);
// Ballots below a unit whose turnout of the last cut-off due there is not here though its grace is over.
struct report_missing {
    uint32_t places, due; // missing, of those that owe one
    unsigned cutoff;      // the earliest of them missed, 0: nothing is missing
    int64_t since;        // when its grace ended
};
struct report_missing report_missing(const struct fold *f, uint32_t unit, int64_t now, bool local);
// The turnout of a cut-off (from 1) at a ballot: entered after its grace; and if it only came after.
struct report_turnout {
    bool late, arrived_late;
};
struct report_turnout report_turnout(const struct office *o, uint32_t ballot, unsigned cutoff);
// Until when a figure of a cut-off (from 1) may be entered to be in time; INT64_MAX: it is not due there.
int64_t report_deadline(const struct plan *p, uint32_t ballot, unsigned cutoff);
// Ballots of a kind below a unit at which the cut-off is due by now; cut-off 0: all of them.
uint32_t report_due(const struct plan *p, uint32_t unit, unsigned kind, unsigned cutoff,
                    int64_t now);

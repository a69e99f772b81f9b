// ringing.h - whom to ring first: which unit asks for a telephone call, why, and in what order.
//
// Pure: of each unit it is given what is known, and it says the reason and whether the alarm sleeps.
// The order of reasons is the order of what must be done: an incident nobody has answered; a promise
// that was not kept; figures overdue where the line is down, so that only a telephone brings them, then
// where it is up; figures soon due from a machine without a line. A unit that owes nothing is not rung,
// however silent its machine is.
#pragma once
#include "common/office/calls.h"
#include "common/office/report.h"

enum { RING_ALARM_MS = 3 * 60 * 1000, RING_REST_MS = 5 * 60 * 1000 };

enum ring_reason { // in the order in which units are rung
    RING_INCIDENT, // severe, and three minutes unanswered
    RING_BROKEN,   // a promise whose time has passed, and figures are still missing
    RING_SILENT,   // overdue, the machine has no line
    RING_UNSEEN,   // overdue, the machine never had one
    RING_STUCK,    // overdue, connected and nothing moves
    RING_OVERDUE,  // overdue, the machine is connected
    RING_SOON,     // due within minutes, and the machine has no line
    RING_NOT       // nothing to ring for
};
const char *ring_name(enum ring_reason reason);

struct ring_facts {
    unsigned link; // LINK_ ...
    int64_t link_since;
    enum report report;
    struct report_missing missing;
    int64_t incident_at; // when the oldest severe incident came that nobody acknowledged; 0: none
    struct call_state calls;
    uint32_t order; // in the plan
};
struct ring {
    enum ring_reason reason; // RING_NOT too while a promise silences it: then `asleep`
    bool asleep;             // figures are missing, and a promise stands
    bool rested;             // rung in the last minutes: comes behind the others of its reason
    bool held;               // somebody has taken it on: comes behind those nobody has
    int64_t since;           // of the reason
    uint32_t places, order;
    int64_t changes_at; // when the judgement changes by the clock alone; INT64_MAX: it does not
};
struct ring ring_judge(const struct ring_facts *f, int64_t now);
// qsort's order: whom to ring first.
int ring_order(const void *a, const void *b);

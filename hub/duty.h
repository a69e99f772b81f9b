// duty.h - what the files of the duty desk share: whose units are on it, and who works at it.
#pragma once
#include "common/office/phonebook.h"
#include "hub.h"
#include "ringing.h"
#include <jansson.h>

// The units on the desk: directly below the unit asked for (unit=, or the hub's own), of one group
// where group= names it. Places are not on it. The caller frees `at`.
struct duty_units {
    uint32_t *at, n;
    uint32_t above; // the unit they are below
    struct bytes group;
};
// False: the reply says why not.
bool duty_units(const struct hub *h, const struct http_request *q, struct http_reply *a,
                struct duty_units *ret);
// The unit on the desk that has this one below it, as a place in `at`; PLAN_NONE: none.
uint32_t duty_under(const struct plan *p, const struct duty_units *u, uint32_t unit);

struct duty_at { // for whom, and when
    int64_t now;
    bool restricted;
};
struct duty_alarms {    // incidents that nobody has acknowledged
    unsigned unseen, n; // n: of those, for three minutes
    int64_t next;       // when the next one has waited so long; INT64_MAX: none will
};
// What the telephone is for, of each unit on the desk, in the same order; the caller frees it.
struct ring *duty_ring(const struct hub *h, const struct duty_units *u, const struct duty_at *at,
                       struct duty_alarms *ret_alarms);

// In what order incidents are answered: those that nobody has acknowledged for three minutes; then by
// severity what is open; then what the desk holds for settled; what is over last.
struct urgency {
    bool open, settled, seen, alarm;
    unsigned severity;
    int64_t came; // when it reached this hub
    size_t at;    // as the list had it
};
// Whether it is an alarm by now; *next: not later than when it becomes one.
void urgency_judge(struct urgency *u, int64_t now, int64_t *next);
int urgency_order(const void *a, const void *b);

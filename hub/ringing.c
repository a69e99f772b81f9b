// ringing.c - whom to ring first: which unit asks for a telephone call, why, and in what order.
#include "ringing.h"

const char *ring_name(enum ring_reason reason)
{
    static const char *const names[] = {"incident", "broken",  "silent", "unseen",
                                        "stuck",    "overdue", "soon",   "not"};
    return names[reason];
}

static enum ring_reason of_line(const struct ring_facts *f)
{
    switch (f->link) {
    case LINK_CONNECTED: return RING_OVERDUE;
    case LINK_STUCK: return RING_STUCK;
    case LINK_NEVER_SEEN: return RING_UNSEEN;
    default: return RING_SILENT;
    }
}

static void change_at(struct ring *r, int64_t at, int64_t now)
{
    if (at > now && at < r->changes_at)
        r->changes_at = at;
}

static void judge_figures(const struct ring_facts *f, int64_t now, struct ring *r)
{
    bool missing = f->missing.places > 0, no_line = f->link != LINK_CONNECTED;
    int64_t until = f->calls.promised;
    r->places = f->missing.places;
    r->since = f->missing.since;
    if (!missing && f->report == REPORT_DUE_SOON && no_line) {
        r->reason = RING_SOON;
        r->since = f->link_since;
    } else if (missing) {
        r->reason = until != 0 && until <= now ? RING_BROKEN : of_line(f);
    }
    if (r->reason == RING_BROKEN)
        r->since = until;
    if (r->reason != RING_NOT && until > now) {
        r->asleep = true;
        r->reason = RING_NOT;
        change_at(r, until, now);
    }
}

struct ring ring_judge(const struct ring_facts *f, int64_t now)
{
    struct ring r = {.reason = RING_NOT, .order = f->order, .changes_at = INT64_MAX};
    int64_t rest = f->calls.last.what == 0 ? 0 : f->calls.last.at + RING_REST_MS;
    judge_figures(f, now, &r);
    // A promise of figures is none about an incident that came since.
    if (f->incident_at != 0 && f->incident_at + RING_ALARM_MS <= now) {
        r.reason = RING_INCIDENT;
        r.since = f->incident_at;
        r.asleep = false;
    } else if (f->incident_at != 0) {
        change_at(&r, f->incident_at + RING_ALARM_MS, now);
    }
    r.held = f->calls.held.what == CALL_HELD;
    r.rested = r.reason != RING_NOT && rest > now && r.reason != RING_BROKEN;
    if (r.rested)
        change_at(&r, rest, now);
    return r;
}

int ring_order(const void *a, const void *b)
{
    const struct ring *x = a, *y = b;
    if (x->reason != y->reason)
        return x->reason < y->reason ? -1 : 1;
    if (x->held != y->held)
        return x->held ? 1 : -1;
    if (x->rested != y->rested)
        return x->rested ? 1 : -1;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    if (x->places != y->places)
        return x->places > y->places ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

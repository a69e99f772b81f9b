// duty.c - what the files of the duty desk share: whose units are on it, and who works at it.
#include "duty.h"
#include "common/office/matters.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { UNSEEN_MAX = 500, SEVERE = 3 }; // incidents weighed for the telephone

static void pick(const struct plan *p, const struct http_request *q, struct duty_units *u)
{
    const struct plan_unit *above = &p->units[u->above];
    u->at = malloc(above->size * sizeof *u->at);
    if (!u->at)
        abort();
    for (uint32_t i = u->above + 1; i < u->above + above->size; i += p->units[i].size)
        if (!p->units[i].place && people_sees(q, p, i) &&
            (u->group.n == 0 || bytes_same(p->units[i].group, u->group)))
            u->at[u->n++] = i;
}

bool duty_units(const struct hub *h, const struct http_request *q, struct http_reply *a,
                struct duty_units *ret)
{
    const struct office *o = daemon_office(h->common.daemon);
    const struct plan *p = office_plan(o);
    const char *unit = http_query(q, "unit"), *group = http_query(q, "group");
    memset(ret, 0, sizeof *ret);
    if (!p) {
        http_refuse(a, 503, "no_plan");
        return false;
    }
    ret->above =
        plan_unit_of(p, unit && *unit ? bytes_text(unit) : code_bytes(&office_identity(o)->unit));
    if (ret->above == PLAN_NONE || p->units[ret->above].place) {
        http_refuse(a, 404, "no_such_unit");
        return false;
    }
    ret->group = bytes_text(group ? group : "");
    pick(p, q, ret);
    return true;
}

uint32_t duty_under(const struct plan *p, const struct duty_units *u, uint32_t unit)
{
    uint32_t low = 0, high = u->n;
    while (low < high) { // the last one that does not begin behind it
        uint32_t mid = low + (high - low) / 2;
        if (u->at[mid] <= unit)
            low = mid + 1;
        else
            high = mid;
    }
    return low > 0 && plan_below(p, unit, u->at[low - 1]) ? low - 1 : PLAN_NONE;
}

// Of each unit on the desk its oldest severe incident that nobody has acknowledged; and all such alarms.
static void find_incidents(const struct office *o, const struct duty_units *u,
                           const struct duty_at *at, struct ring_facts *facts,
                           struct duty_alarms *ret)
{
    static struct matters_unseen unseen[UNSEEN_MAX];
    unsigned n = matters_unseen(o, u->above, at->restricted, unseen, UNSEEN_MAX);
    *ret = (struct duty_alarms){.next = INT64_MAX};
    for (unsigned i = 0; i < n; i++) {
        uint32_t unit = duty_under(office_plan(o), u, unseen[i].home);
        int64_t when = unseen[i].came + RING_ALARM_MS;
        if (unit == PLAN_NONE)
            continue;
        ret->unseen++;
        ret->n += when <= at->now;
        ret->next = when > at->now && when < ret->next ? when : ret->next;
        if (unseen[i].severity >= SEVERE &&
            (facts[unit].incident_at == 0 || unseen[i].came < facts[unit].incident_at))
            facts[unit].incident_at = unseen[i].came;
    }
}

struct ring *duty_ring(const struct hub *h, const struct duty_units *u, const struct duty_at *at,
                       struct duty_alarms *ret_alarms)
{
    const struct office *o = daemon_office(h->common.daemon);
    const struct fold *f = office_fold(o);
    struct ring_facts *facts = calloc(u->n + 1, sizeof *facts);
    struct ring *ring = calloc(u->n + 1, sizeof *ring);
    struct office_link_state link;
    if (!facts || !ring)
        abort();
    find_incidents(o, u, at, facts, ret_alarms);
    for (uint32_t i = 0; i < u->n; i++) {
        struct bytes code = f->plan->units[u->at[i]].code;
        facts[i].link = LINK_NEVER_SEEN;
        if (office_child(o, code, &link) || office_word(o, code, &link)) {
            facts[i].link = link.word;
            facts[i].link_since = link.since;
        }
        facts[i].report = report_of(f, u->at[i], at->now, at->restricted);
        facts[i].missing = report_missing(f, u->at[i], at->now, at->restricted);
        facts[i].order = i;
        calls_state(h->calls, code, &facts[i].calls);
        ring[i] = ring_judge(&facts[i], at->now);
    }
    free(facts);
    return ring;
}

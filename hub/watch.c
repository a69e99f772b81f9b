// watch.c - the duty desk's first list: each unit's line and report, whom to ring first, what came of calls.
#include "common/daemon/callbook.h"
#include "common/office/view.h"
#include "common/office/words.h"
#include "duty.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS_SHOWN = 20 };

static json_t *view_missing(const struct plan *p, const struct report_missing *m)
{
    return json_pack("{s:I,s:I,s:o,s:I}", "places", (json_int_t)m->places, "due",
                     (json_int_t)m->due, "cutoff",
                     m->cutoff ? view_bytes(p->cutoffs[m->cutoff - 1].name) : json_null(), "since",
                     (json_int_t)m->since);
}

static json_t *view_ring(const struct ring *r)
{
    return json_pack("{s:s,s:b,s:b,s:b,s:I}", "reason", ring_name(r->reason), "asleep", r->asleep,
                     "rested", r->rested, "held", r->held, "since", (json_int_t)r->since);
}

static json_t *view_row(const struct hub *h, uint32_t unit, const struct ring *ring,
                        const struct http_request *q)
{
    const struct office *o = daemon_office(h->common.daemon);
    const struct fold *f = office_fold(o);
    const struct plan_unit *u = &f->plan->units[unit];
    int64_t now = daemon_now().wall;
    struct office_link_state link = {.word = LINK_NEVER_SEEN};
    struct report_missing missing = report_missing(f, unit, now, people_restricted(q));
    if (!office_child(o, u->code, &link))
        office_word(o, u->code, &link);
    json_t *j = view_unit(f->plan, unit);
    json_object_set_new(j, "group", view_bytes(u->group));
    json_object_set_new(j, "link", view_link(&link));
    json_object_set_new(j, "report",
                        json_string(report_name(report_of(f, unit, now, people_restricted(q)))));
    json_object_set_new(j, "missing", view_missing(f->plan, &missing));
    json_object_set_new(j, "totals", view_totals(f, unit, now, people_restricted(q)));
    json_object_set_new(j, "told", json_boolean(f->told[f->inner[unit]].used));
    json_object_set_new(j, "ring", view_ring(ring));
    json_object_set_new(j, "calls", phonebook_calls(h->calls, u->code));
    json_object_set_new(j, "contacts", phonebook_contacts(h->contacts, u->code));
    return j;
}

static void add_faults(const struct faults *faults, json_t *list)
{
    for (unsigned i = 0; i < faults->n_kept && json_array_size(list) < FAULTS_SHOWN; i++)
        json_array_append_new(list, json_pack("{s:s?,s:i,s:s}", "file", faults->at[i].file, "line",
                                              (int)faults->at[i].line, "text", faults->at[i].text));
}

// Groups of all units on the desk, whichever is shown, each once and in the plan's order.
static json_t *view_groups(const struct plan *p, uint32_t above)
{
    json_t *list = json_array(), *have;
    size_t k;
    for (uint32_t i = above + 1; i < above + p->units[above].size; i += p->units[i].size) {
        bool known = p->units[i].group.n == 0 || p->units[i].place;
        json_array_foreach(list, k, have)
            known = known || bytes_same(bytes_text(json_string_value(have)), p->units[i].group);
        if (!known)
            json_array_append_new(list, view_bytes(p->units[i].group));
    }
    return list;
}

// Units in the order in which they are rung, and those whose alarm a promise silences.
static void add_order(const struct plan *p, const struct duty_units *u, struct ring *ring,
                      int64_t next, json_t *j)
{
    json_t *order = json_array(), *asleep = json_array();
    for (uint32_t i = 0; i < u->n; i++) {
        next = ring[i].changes_at < next ? ring[i].changes_at : next;
        if (ring[i].asleep)
            json_array_append_new(asleep, view_bytes(p->units[u->at[i]].code));
    }
    qsort(ring, u->n, sizeof *ring, ring_order);
    for (uint32_t i = 0; i < u->n && ring[i].reason != RING_NOT; i++)
        json_array_append_new(order, view_bytes(p->units[u->at[ring[i].order]].code));
    json_object_set_new(j, "ring", order);
    json_object_set_new(j, "asleep", asleep);
    json_object_set_new(j, "next",
                        next == INT64_MAX ? json_null() : json_integer((json_int_t)next));
}

void watch_state(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    int64_t now = daemon_now().wall;
    struct duty_units u;
    json_t *units = json_array(), *faults = json_array();
    if (!duty_units(h, q, a, &u)) {
        json_decref(units);
        json_decref(faults);
        return;
    }
    const struct fold *f = office_fold(o);
    contacts_look(h->contacts);
    struct duty_at at = {now, people_restricted(q)};
    struct duty_alarms alarms;
    struct ring *ring = duty_ring(h, &u, &at, &alarms);
    for (uint32_t i = 0; i < u.n; i++)
        json_array_append_new(units, view_row(h, u.at[i], &ring[i], q));
    add_faults(contacts_faults(h->contacts), faults);
    add_faults(calls_faults(h->calls), faults);
    json_t *j = json_pack("{s:I,s:I,s:o,s:o,s:s,s:o,s:i,s:o,s:o,s:o,s:o,s:s?}", "turn",
                          (json_int_t)office_turn_number(o), "as_of", (json_int_t)now, "unit",
                          view_unit(f->plan, u.above), "election", view_election(o), "taking",
                          taking_name(office_taking(o)), "cutoffs", view_cutoffs(f->plan), "due",
                          (int)plan_cutoff_due(f->plan, now), "groups",
                          view_groups(f->plan, u.above), "group", view_bytes(u.group), "units",
                          units, "faults", faults, "person", q->person);
    json_object_set_new(j, "totals", view_totals_of(f, u.at, u.n, now, people_restricted(q)));
    json_object_set_new(j, "alarms", json_integer(alarms.n));
    json_object_set_new(j, "unseen", json_integer(alarms.unseen));
    add_order(f->plan, &u, ring, alarms.next, j);
    free(ring);
    free(u.at);
    reply_json(a, j);
}

// Somebody known, about a unit below this hub; in their scope: judged before the route.
static bool read_form(struct hub *h, const struct http_request *q, struct http_reply *a,
                      struct call_form *ret)
{
    const struct plan *p = office_plan(daemon_office(h->common.daemon));
    if (!callbook_read(q, a, ret))
        return false;
    bool known = hub_person(h, ret->by), there = p && plan_unit_of(p, ret->unit) != PLAN_NONE;
    if (!known)
        http_refuse(a, 403, "duty_e_by");
    else if (!there)
        http_refuse(a, 404, "no_such_unit");
    return known && there;
}

void watch_call(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct call_form form;
    if (read_form(h, q, a, &form))
        callbook_call(h->calls, &form, a);
}

void watch_contacts(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct call_form form;
    if (read_form(h, q, a, &form))
        callbook_contacts(h->contacts, &form, a);
}

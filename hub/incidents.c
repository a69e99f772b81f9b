// incidents.c - incidents and complaints in the order in which somebody must answer them.
#include "common/office/matters.h"
#include "common/office/view.h"
#include "duty.h"
#include <stdlib.h>
#include <string.h>

enum { COMPLAINT_SEVERITY = 2 }; // it stands with the low incidents

struct row {
    struct urgency urgency; // first: the order reads it
    json_t *matter;
};

int urgency_order(const void *a, const void *b)
{
    const struct urgency *x = a, *y = b;
    if (x->open != y->open)
        return x->open ? -1 : 1;
    if (x->settled != y->settled)
        return x->settled ? 1 : -1;
    if (x->alarm != y->alarm)
        return x->alarm ? -1 : 1;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->seen != y->seen)
        return x->seen ? 1 : -1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void urgency_judge(struct urgency *u, int64_t now, int64_t *next)
{
    bool waits = u->open && !u->seen && !u->settled;
    u->alarm = waits && u->came + RING_ALARM_MS <= now;
    if (waits && !u->alarm && u->came + RING_ALARM_MS < *next)
        *next = u->came + RING_ALARM_MS;
}

static json_int_t came_of(const struct office *o, const json_t *m)
{
    const struct fold *f = office_fold(o);
    uint64_t act = strtoull(json_string_value(json_object_get(m, "act")), NULL, 16);
    uint32_t home =
        plan_unit_of(f->plan, bytes_text(json_string_value(json_object_get(m, "unit"))));
    uint32_t e = home == PLAN_NONE ? ENTRY_NONE : fold_find(f, home, act);
    return e == ENTRY_NONE ? 0 : matters_came(o, e);
}

static bool on_desk(const struct plan *p, const struct duty_units *u, const json_t *m)
{
    uint32_t home = plan_unit_of(p, bytes_text(json_string_value(json_object_get(m, "unit"))));
    return home != PLAN_NONE && duty_under(p, u, home) != PLAN_NONE;
}

static void judge(const struct office *o, struct row *r, int64_t now, int64_t *next)
{
    json_t *m = r->matter;
    struct urgency *u = &r->urgency;
    bool incident = strcmp(json_string_value(json_object_get(m, "kind")), "incident") == 0;
    json_t *severity = json_object_get(json_object_get(m, "fields"), "severity");
    u->open = json_is_true(json_object_get(m, "open"));
    u->settled = u->open && !json_is_null(json_object_get(m, "settled"));
    u->seen = !json_is_null(json_object_get(m, "acknowledged"));
    u->severity = incident ? (unsigned)json_integer_value(severity) : COMPLAINT_SEVERITY;
    u->came = u->open && !u->seen ? came_of(o, m) : 0;
    urgency_judge(u, now, next);
    // What this hub said itself it changes itself; of what a unit said it gives its word beside it.
    struct bytes author = bytes_text(json_string_value(json_object_get(m, "author")));
    json_object_set_new(m, "ours",
                        json_boolean(bytes_same(author, code_bytes(&office_identity(o)->unit))));
    json_object_set_new(m, "alarm", json_boolean(u->alarm));
    json_object_set_new(m, "came", u->came ? json_integer(u->came) : json_null());
}

static size_t collect(const struct hub *h, const struct http_request *q, const struct duty_units *u,
                      struct row *rows, size_t max, json_int_t *ret_more)
{
    static const unsigned kinds[] = {KIND_INCIDENT, KIND_COMPLAINT};
    const struct office *o = daemon_office(h->common.daemon);
    size_t n = 0, i;
    json_t *m;
    for (unsigned k = 0; k < 2; k++) {
        json_t *list = matters_list(o, u->above, kinds[k], people_restricted(q));
        *ret_more += json_integer_value(json_object_get(list, "more"));
        json_array_foreach(json_object_get(list, "matters"), i,
                           m) if (n < max && on_desk(office_plan(o), u, m))
        {
            rows[n] = (struct row){.urgency.at = n, .matter = json_incref(m)};
            n++;
        }
        json_decref(list);
    }
    return n;
}

void incidents_list(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct duty_units u;
    struct row rows[2 * MATTERS_SHOWN];
    json_t *list = json_array();
    json_int_t more = 0;
    int64_t next = INT64_MAX;
    unsigned alarms = 0, open = 0;
    if (!duty_units(h, q, a, &u)) {
        json_decref(list);
        return;
    }
    const struct office *o = daemon_office(h->common.daemon);
    size_t n = collect(h, q, &u, rows, 2 * MATTERS_SHOWN, &more);
    for (size_t i = 0; i < n; i++)
        judge(o, &rows[i], daemon_now().wall, &next);
    if (n > 1)
        qsort(rows, n, sizeof rows[0], urgency_order);
    for (size_t i = 0; i < n; i++) {
        alarms += rows[i].urgency.alarm;
        open += rows[i].urgency.open && !rows[i].urgency.settled;
        json_array_append_new(list, rows[i].matter);
    }
    free(u.at);
    reply_json(a, json_pack("{s:o,s:i,s:i,s:I,s:o}", "matters", list, "alarms", (int)alarms, "open",
                            (int)open, "more", more, "next",
                            next == INT64_MAX ? json_null() : json_integer((json_int_t)next)));
}

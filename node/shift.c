// shift.c - the handover of a commune's desk: who gave it to whom, and everything that is open then.
#include "clerk.h"
#include "common/daemon/people.h"
#include "common/office/dues.h"
#include "common/office/matters.h"
#include "common/office/report.h"
#include "common/office/view.h"
#include <stdlib.h>

enum { OPEN_SHOWN = 500 };

// What somebody else than the author of a handover said of it: that it was taken over.
static json_t *taken_by(const struct fold *f, uint64_t act, struct bytes to)
{
    struct record r;
    const char *why;
    for (uint32_t i = f->n_entries; i > 0; i--) {
        const struct fold_entry *e = &f->entries[i - 1];
        if (e->kind == KIND_RECEIPT && e->in_force && !fold_replaced(f, i - 1) &&
            record_decode(&r, fold_bytes(f, i - 1), &why) == 0 && r.number[RECEIPT_OF] == act &&
            bytes_same(r.by, to))
            return json_pack("{s:o,s:I}", "by", view_bytes(r.by), "at", (json_int_t)r.at);
    }
    return json_null();
}

// The newest handover, or null.
static json_t *handover_of(const struct office *o)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    for (uint32_t i = f ? f->n_entries : 0; i > 0; i--) {
        const struct fold_entry *e = &f->entries[i - 1];
        if (e->kind != KIND_SHIFT || e->by_parent || !e->in_force || fold_replaced(f, i - 1) ||
            record_decode(&r, fold_bytes(f, i - 1), &why) < 0)
            continue;
        struct bytes to = r.blob[SHIFT_TO];
        return json_pack("{s:o,s:o,s:o,s:I,s:o,s:o}", "act", view_id(r.act), "by", view_bytes(r.by),
                         "to", view_bytes(to), "at", (json_int_t)r.at, "why", view_bytes(r.why),
                         "taken", taken_by(f, r.act, to));
    }
    return json_null();
}

// Figures that should be here by now and are not.
static json_t *missing_of(const struct fold *f, uint32_t own, int64_t now, bool restricted)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[own];
    json_t *list = json_array();
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        const struct plan_contest *k = &p->contests[p->ballots[b].contest];
        for (unsigned c = 1; c <= p->n_cutoffs && view_shown(p, k->kind, restricted); c++)
            if (report_at(f, b, c, now) == REPORT_MISSING && json_array_size(list) < OPEN_SHOWN)
                json_array_append_new(list,
                                      json_pack("{s:o,s:o,s:o,s:i}", "place",
                                                view_bytes(p->units[p->ballots[b].unit].name),
                                                "contest", view_bytes(k->name), "cutoff",
                                                view_bytes(p->cutoffs[c - 1].name), "n", (int)c));
    }
    return list;
}

// With the name of the place beside what is held.
static json_t *held_of(const struct office *o, bool restricted)
{
    const struct plan *p = office_plan(o);
    json_t *j = view_quarantine(o, restricted), *items = json_incref(json_object_get(j, "items"));
    const json_t *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        const char *code = json_string_value(json_object_get(item, "subject"));
        uint32_t unit = plan_unit_of(p, bytes_text(code));
        json_object_set_new((json_t *)item, "place",
                            unit == PLAN_NONE ? json_string(code)
                                              : view_bytes(p->units[unit].name));
    }
    json_decref(j);
    return items;
}

static json_t *open_matters(const struct office *o, uint32_t own, bool restricted)
{
    json_t *j = matters_list(o, own, 0, restricted),
           *list = json_incref(json_object_get(j, "matters"));
    for (size_t i = json_array_size(list); i-- > 0;) {
        const json_t *m = json_array_get(list, i);
        if (!json_is_true(json_object_get(m, "open")) ||
            json_array_size(json_object_get(m, "receipts")) > 0)
            json_array_remove(list, i);
    }
    json_decref(j);
    return list;
}

// Who may take over: whoever can log in here and state something.
static json_t *persons_of(struct people *p)
{
    const struct person *x;
    json_t *list = json_array();
    for (unsigned i = 0; (x = people_at(p, i)); i++)
        if (x->secret[0] && x->role && (x->role->rights & RIGHT_ENTER))
            json_array_append_new(list, json_pack("{s:s,s:s}", "id", x->id, "name", x->name));
    return list;
}

void shift_show(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct daemon *d = ((struct clerk *)ctx)->common.daemon;
    const struct office *o = daemon_office(d);
    const struct plan *p = office_plan(o);
    struct bytes code = code_bytes(&office_identity(o)->unit);
    uint32_t own = p ? plan_unit_of(p, code) : PLAN_NONE;
    int64_t now = daemon_now().wall;
    struct office_link_state link;
    bool restricted = people_restricted(q);
    if (own == PLAN_NONE) {
        http_refuse(a, 503, "no_plan");
        return;
    }
    office_parent(o, &link);
    json_t *j = json_pack("{s:o,s:o,s:I,s:o,s:o,s:o}", "unit", view_unit(p, own), "election",
                          view_election(o), "now", (json_int_t)now, "handover", handover_of(o),
                          "persons", persons_of(daemon_people(d)), "link", view_link(&link));
    json_object_set_new(j, "cutoffs", view_cutoffs(p));
    json_object_set_new(j, "missing", missing_of(office_fold(o), own, now, restricted));
    json_object_set_new(j, "held", held_of(o, restricted));
    json_object_set_new(j, "matters", open_matters(o, own, restricted));
    json_object_set_new(j, "dues", dues_view(office_fold(o), own, DUE_KINDS, now, restricted));
    reply_json(a, j);
}

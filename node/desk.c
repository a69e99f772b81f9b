// desk.c - the clerk's call desk: numbers and telephones of the villages, what is unsent, what was pasted.
#include "clerk.h"
#include "common/base/vntext.h"
#include "common/daemon/callbook.h"
#include "common/election/spoken.h"
#include "common/office/advice.h"
#include "common/office/paste.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { UNSENT_SHOWN = 100 };

int desk_open(void *ctx, struct daemon *d)
{
    struct clerk *c = ctx;
    contacts_close(&c->contacts);
    calls_close(&c->calls);
    if (!d)
        return 0;
    contacts_open(&c->contacts, daemon_dir(d));
    calls_open(&c->calls, daemon_dir(d));
    return 0;
}

void desk_place(const struct clerk *c, const struct plan *p, uint32_t unit, json_t *place)
{
    const struct plan_unit *u = &p->units[unit];
    char *key = vn_key(u->name, VN_BARE);
    json_object_set_new(place, "number", json_integer(spoken_place(p, unit)));
    json_object_set_new(place, "find", json_string(key));
    json_object_set_new(place, "contacts", phonebook_contacts(c->contacts, u->code));
    json_object_set_new(place, "calls", phonebook_calls(c->calls, u->code));
    free(key);
}

// Check digits of what each cut-off's figure of a ballot would be read out with; null where there is none.
void desk_ballot(const struct fold *f, uint32_t ballot, json_t *j)
{
    const struct plan *p = f->plan;
    json_t *list = json_array();
    for (unsigned i = 1; i <= p->n_cutoffs; i++) {
        const struct turnout_cell *t = &f->turnouts[(size_t)ballot * p->n_cutoffs + i - 1];
        struct spoken s = {spoken_place(p, p->ballots[ballot].unit), i, t->voted};
        unsigned check = t->fact.at != 0 ? spoken_check(&s) : 0;
        json_array_append_new(list, check ? json_integer(check) : json_null());
    }
    json_object_set_new(j, "checks", list);
}

// ---- what the unit above does not have yet

// Own figures that stand and that its marks do not cover; none where there is no unit above.
static bool unsent(const struct office *o, uint32_t entry)
{
    const struct fold *f = office_fold(o);
    const struct fold_entry *e = &f->entries[entry];
    return e->kind == KIND_TURNOUT && !e->by_parent && !fold_replaced(f, entry) &&
           office_identity(o)->n_signers > 0 && !view_ticked(o, entry, 0);
}

static json_t *view_unsent(const struct office *o, uint32_t entry, const struct record *r,
                           enum advice *worst, int64_t now)
{
    const struct plan *p = office_plan(o);
    uint32_t unit = plan_unit_of(p, r->subject);
    unsigned cutoff = (unsigned)r->number[TURNOUT_CUTOFF];
    if (unit == PLAN_NONE || cutoff == 0 || cutoff > p->n_cutoffs)
        return NULL;
    int64_t due = plan_due_at(p, unit, cutoff);
    struct advice_unsent u = {r->entered, due ? due + p->cutoffs[cutoff - 1].grace : 0};
    struct spoken s = {spoken_place(p, unit), cutoff, r->number[TURNOUT_VOTED]};
    enum advice a = advice_of(&u, now);
    unsigned check = spoken_check(&s);
    *worst = a > *worst ? a : *worst;
    return json_pack("{s:o,s:o,s:i,s:i,s:I,s:o,s:I,s:s}", "act",
                     view_id(office_fold(o)->names[office_fold(o)->entries[entry].name].act),
                     "name", view_bytes(p->units[unit].name), "number", (int)s.place, "cutoff",
                     (int)cutoff, "voted", (json_int_t)s.figure, "check",
                     check ? json_integer(check) : json_null(), "entered", (json_int_t)r->entered,
                     "advice", advice_name(a));
}

json_t *desk_advice(const struct clerk *c, const struct office *o, bool restricted)
{
    const struct fold *f = office_fold(o);
    const struct identity *id = office_identity(o);
    int64_t now = daemon_now().wall, since = 0;
    enum advice worst = ADVICE_NONE;
    json_t *items = json_array();
    struct record r;
    const char *why;
    json_int_t n = 0;
    for (uint32_t i = 0; f && i < f->n_entries; i++) {
        if (!unsent(o, i) || !view_statement_shown(f, i, restricted) ||
            record_decode(&r, fold_bytes(f, i), &why) < 0)
            continue;
        json_t *j = view_unsent(o, i, &r, &worst, now);
        n += j != NULL;
        since = j && (since == 0 || r.entered < since) ? r.entered : since;
        if (j && n <= UNSENT_SHOWN)
            json_array_append_new(items, j);
        else
            json_decref(j);
    }
    struct bytes above = id->n_signers > 0 ? code_bytes(&id->signers[0].unit) : bytes_of(NULL, 0);
    return json_pack("{s:s,s:I,s:o,s:o,s:o}", "word", advice_name(worst), "n", n, "since",
                     since ? json_integer((json_int_t)since) : json_null(), "items", items,
                     "contacts", phonebook_contacts(c->contacts, above));
}

// An incident that stands open for minutes and that nobody above has acknowledged: ring.
void desk_incidents(const struct office *o, json_t *matters)
{
    int64_t now = daemon_now().wall;
    json_t *list = json_object_get(matters, "matters"), *m;
    size_t i;
    json_array_foreach(list, i, m) json_object_set_new(
        m, "ring",
        json_boolean(office_identity(o)->n_signers > 0 &&
                     json_is_true(json_object_get(m, "open")) &&
                     strcmp(json_string_value(json_object_get(m, "kind")), "incident") == 0 &&
                     json_is_null(json_object_get(m, "acknowledged")) &&
                     advice_incident(json_integer_value(json_object_get(m, "entered")), now)));
}

// ---- forms of the desk

// A village of this commune, or the unit above it, whose telephone the clerk needs.
static bool may_be_rung(const struct office *o, struct bytes code)
{
    const struct plan *p = office_plan(o);
    const struct identity *id = office_identity(o);
    uint32_t own = p ? plan_unit_of(p, code_bytes(&id->unit)) : PLAN_NONE;
    uint32_t unit = p ? plan_unit_of(p, code) : PLAN_NONE;
    for (unsigned i = 0; i < id->n_signers; i++)
        if (bytes_same(code_bytes(&id->signers[i].unit), code))
            return true;
    return own != PLAN_NONE && unit != PLAN_NONE && plan_below(p, unit, own);
}

static bool read_form(const struct clerk *c, const struct http_request *q, struct http_reply *a,
                      struct call_form *ret)
{
    if (!callbook_read(q, a, ret))
        return false;
    bool there = may_be_rung(daemon_office(c->common.daemon), ret->unit);
    if (!there)
        http_refuse(a, 404, "desk_no_village");
    return there;
}

static void other_pages_hear(struct clerk *c)
{
    c->seen_calls++;
    daemon_turned(c->common.daemon, 0);
}

void desk_call(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct clerk *c = ctx;
    struct call_form form;
    if (read_form(c, q, a, &form) && callbook_call(c->calls, &form, a))
        other_pages_hear(c);
}

void desk_contacts(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct clerk *c = ctx;
    struct call_form form;
    if (read_form(c, q, a, &form) && callbook_contacts(c->contacts, &form, a))
        other_pages_hear(c);
}

// Read and matched, nothing recorded: each line that is confirmed is then said by itself.
void desk_paste(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct clerk *)ctx)->common.daemon);
    struct form form;
    struct form_field f;
    struct bytes text = bytes_of(NULL, 0);
    uint64_t cutoff = 0;
    char *room = malloc(q->body.n + 1);
    int rc;
    unsigned lines = 0;
    if (!room)
        abort();
    form_init(&form, q->body, room, q->body.n + 1);
    while ((rc = form_next(&form, &f)) == 1) {
        if (strcmp(f.name, "text") == 0)
            text = bytes_of(f.value, f.n_value);
        if (strcmp(f.name, "cutoff") == 0 &&
            figure_read(bytes_of(f.value, f.n_value), &cutoff) != FIGURE_GOOD)
            cutoff = 0;
    }
    for (size_t i = 0; i < text.n; i++)
        lines += text.at[i] == '\n';
    if (!office_plan(o))
        http_refuse(a, 503, "bar_no_plan");
    else if (rc < 0 || cutoff == 0 || cutoff > office_plan(o)->n_cutoffs)
        http_refuse(a, 422, "paste_form");
    else if (text.n > PASTE_BYTES_MAX || lines >= PASTE_LINES_MAX)
        http_refuse(a, 413, "paste_much");
    else
        reply_json(a, paste_read(o, text, (unsigned)cutoff, people_restricted(q)));
    free(room);
}

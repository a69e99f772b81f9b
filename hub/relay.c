// relay.c - a figure that comes by telephone: which village, what it said before, the read-back, and then the
// hub's statement about the unit.
#include "common/base/figure.h"
#include "common/election/spoken.h"
#include "common/office/standing.h"
#include "common/office/traps.h"
#include "common/office/view.h"
#include "common/office/villages.h"
#include "common/office/words.h"
#include "duty.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 8192, SEEN_MAX = 16 };

struct sheet { // the relay sheet as it is filled in so far; views into the request
    struct bytes unit, village, contest, figure, code;
    unsigned cutoff;
    uint32_t commune, place, ballot; // PLAN_NONE: not known yet
    uint64_t voted, check;
    bool has_figure, has_code;
    const char *wrong; // key of a sentence: why it cannot be said as it stands; NULL: it can
};

static const char *find_village(const struct plan *p, struct sheet *s)
{
    struct villages v;
    uint32_t i = 0;
    if (s->village.n == 0)
        return "duty_e_village";
    villages_of(&v, p, s->commune);
    enum village_match m = villages_find(&v, s->village, &i);
    if (m == VILLAGE_FOUND)
        s->place = v.at[i].unit;
    villages_free(&v);
    return m == VILLAGE_FOUND ? NULL : m == VILLAGE_SEVERAL ? "duty_e_several" : "duty_e_village";
}

// The contest named, or the first one that may be shown: of most places there is one.
static uint32_t ballot_of(const struct plan *p, const struct sheet *s, bool restricted)
{
    const struct plan_unit *u = &p->units[s->place];
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        const struct plan_contest *k = &p->contests[p->ballots[b].contest];
        if (view_shown(p, k->kind, restricted) &&
            (s->contest.n == 0 || bytes_same(s->contest, k->code)))
            return b;
    }
    return PLAN_NONE;
}

static struct spoken spoken_of(const struct plan *p, const struct sheet *s)
{
    return (struct spoken){spoken_place(p, s->place), s->cutoff, s->voted};
}

// What is wrong first, in the order in which the sheet is filled in.
static const char *judge(const struct office *o, struct sheet *s, bool restricted)
{
    const struct plan *p = office_plan(o);
    uint64_t code = 0;
    const char *wrong;
    s->place = s->ballot = PLAN_NONE;
    s->commune = plan_unit_of(p, s->unit);
    uint32_t own = plan_unit_of(p, code_bytes(&office_identity(o)->unit));
    if (s->commune == PLAN_NONE || p->units[s->commune].parent != own)
        return "duty_e_unit";
    if ((wrong = find_village(p, s)))
        return wrong;
    s->ballot = ballot_of(p, s, restricted);
    if (s->ballot == PLAN_NONE)
        return "duty_e_contest";
    if (s->cutoff == 0 || s->cutoff > p->n_cutoffs)
        return "duty_e_cutoff";
    s->has_figure = figure_read(s->figure, &s->voted) == FIGURE_GOOD && s->voted <= UINT32_MAX;
    s->has_code = s->code.n > 0;
    if (s->has_code && figure_read(s->code, &code) != FIGURE_GOOD)
        return "duty_e_code";
    s->check = code;
    struct spoken spoken = spoken_of(p, s);
    if (s->has_code && s->has_figure && !spoken_fits(&spoken, code))
        return "duty_e_code";
    return NULL;
}

static json_t *view_before(const struct fold *f, const struct sheet *s)
{
    uint64_t voted = 0;
    unsigned cutoff = 0;
    if (!traps_last(f, s->ballot, s->cutoff, &voted, &cutoff))
        return json_null();
    const struct turnout_cell *t =
        &f->turnouts[(size_t)s->ballot * f->plan->n_cutoffs + cutoff - 1];
    return json_pack("{s:I,s:o,s:I}", "voted", (json_int_t)voted, "cutoff",
                     view_bytes(f->plan->cutoffs[cutoff - 1].name), "at", (json_int_t)t->fact.at);
}

// What stands for the cut-off already: named when the figure is said, so that nothing is overwritten unseen.
static json_t *view_stands(const struct office *o, const struct sheet *s)
{
    const struct fold *f = office_fold(o);
    json_t *list = json_array();
    uint32_t slot = fold_slot_of(f, KIND_TURNOUT, s->cutoff, s->ballot);
    uint32_t e = slot == ENTRY_NONE ? ENTRY_NONE : f->slots[slot].first_entry;
    for (; e != ENTRY_NONE && json_array_size(list) < SEEN_MAX; e = f->entries[e].next_of_slot) {
        json_t *j = fold_replaced(f, e) ? NULL : view_statement(o, e);
        if (j)
            json_array_append_new(list, j);
    }
    return list;
}

static json_t *contests_of(const struct plan *p, uint32_t place, bool restricted)
{
    const struct plan_unit *u = &p->units[place];
    json_t *list = json_array();
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        const struct plan_contest *k = &p->contests[p->ballots[b].contest];
        if (view_shown(p, k->kind, restricted))
            json_array_append_new(list, json_pack("{s:o,s:o}", "code", view_bytes(k->code), "name",
                                                  view_bytes(k->name)));
    }
    return list;
}

static json_t *view_sheet(const struct hub *h, const struct sheet *s, bool restricted)
{
    const struct office *o = daemon_office(h->common.daemon);
    const struct fold *f = office_fold(o);
    const struct plan *p = f->plan;
    json_t *j = json_pack("{s:s?}", "wrong", s->wrong);
    if (s->ballot == PLAN_NONE || s->cutoff == 0 || s->cutoff > p->n_cutoffs)
        return j;
    uint32_t voters = f->cells[s->ballot].voters;
    struct spoken spoken = spoken_of(p, s);
    json_object_set_new(j, "place", view_unit(p, s->place));
    json_object_set_new(j, "number", view_count(spoken.place, spoken.place > 0));
    json_object_set_new(j, "contest", view_bytes(p->contests[p->ballots[s->ballot].contest].code));
    json_object_set_new(j, "contests", contests_of(p, s->place, restricted));
    json_object_set_new(j, "voters", view_count(voters, voters != VOTERS_UNKNOWN));
    json_object_set_new(j, "before", view_before(f, s));
    json_object_set_new(j, "stands", view_stands(o, s));
    json_object_set_new(j, "contacts", phonebook_contacts(h->contacts, p->units[s->place].code));
    json_object_set_new(j, "voted", view_count(s->voted, s->has_figure));
    json_object_set_new(
        j, "check", view_count(spoken_check(&spoken), s->has_figure && spoken_check(&spoken) > 0));
    json_object_set_new(j, "fits",
                        s->has_code && s->has_figure ? json_boolean(spoken_fits(&spoken, s->check))
                                                     : json_null());
    return j;
}

static unsigned small_number(struct bytes text)
{
    uint64_t v = 0;
    return figure_read(text, &v) == FIGURE_GOOD && v <= PLAN_CUTOFFS_MAX ? (unsigned)v : 0;
}

static struct bytes asked(const struct http_request *q, const char *name)
{
    const char *value = http_query(q, name);
    return bytes_text(value ? value : "");
}

// The sheet as it is filled in: whose it is, what stood before, how the figure is read back.
void relay_look(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    struct sheet s = {.unit = asked(q, "unit"),
                      .village = asked(q, "village"),
                      .contest = asked(q, "contest"),
                      .figure = asked(q, "figure"),
                      .code = asked(q, "code")};
    s.cutoff = small_number(asked(q, "cutoff"));
    if (!office_fold(o)) {
        http_refuse(a, 503, "no_plan");
        return;
    }
    s.wrong = judge(o, &s, people_restricted(q));
    reply_json(a, view_sheet(h, &s, people_restricted(q)));
}

struct relayed { // a POST: the sheet, and what goes into the statement as it is
    struct sheet sheet;
    struct bytes by, how, behalf, act, sure, seen, replaces, why;
    bool read_back;
};

static int read_form(struct relayed *x, struct bytes body, char *room, size_t cap)
{
    struct bytes cutoff = {0}, back = {0};
    const struct {
        const char *name;
        struct bytes *to;
    } fields[] = {{"unit", &x->sheet.unit},
                  {"village", &x->sheet.village},
                  {"contest", &x->sheet.contest},
                  {"figure", &x->sheet.figure},
                  {"code", &x->sheet.code},
                  {"cutoff", &cutoff},
                  {"back", &back},
                  {"by", &x->by},
                  {"how", &x->how},
                  {"behalf", &x->behalf},
                  {"act", &x->act},
                  {"sure", &x->sure},
                  {"seen", &x->seen},
                  {"replaces", &x->replaces},
                  {"why", &x->why}};
    struct form form;
    struct form_field f;
    int rc;
    form_init(&form, body, room, cap);
    while ((rc = form_next(&form, &f)) == 1)
        for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
            if (strcmp(f.name, fields[i].name) == 0)
                *fields[i].to = bytes_of(f.value, f.n_value);
    x->sheet.cutoff = small_number(cutoff);
    x->read_back = back.n > 0;
    return rc;
}

// The line of a statement, as /api/say takes it.
static bool write_line(const struct plan *p, const struct relayed *x, char *to, size_t cap)
{
    char place[CODE_MAX + 1], cutoff[16];
    struct code code = code_of(p->units[x->sheet.place].code);
    struct bytes contest = p->contests[p->ballots[x->sheet.ballot].contest].code;
    snprintf(place, sizeof place, "%s", code.at);
    snprintf(cutoff, sizeof cutoff, "%u", x->sheet.cutoff);
    const struct {
        const char *name;
        struct bytes value;
    } fields[] = {{"kind", bytes_text("turnout")},
                  {"about", x->sheet.unit},
                  {"place", bytes_text(place)},
                  {"contest", contest},
                  {"cutoff", bytes_text(cutoff)},
                  {"voted", x->sheet.figure},
                  {"how", x->how},
                  {"behalf", x->behalf},
                  {"by", x->by},
                  {"act", x->act},
                  {"ask", bytes_text("1")},
                  {"sure", x->sure},
                  {"replaces", x->replaces},
                  {"why", x->why}};
    bool fits = true;
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0] && fits; i++) {
        char value[WHY_MAX + 1];
        struct bytes v = fields[i].value;
        if (v.n == 0)
            continue;
        if (v.n > WHY_MAX)
            return false;
        memcpy(value, v.at, v.n);
        value[v.n] = 0;
        fits = form_add(to, cap, fields[i].name, value);
    }
    char seen[WHY_MAX + 1];
    snprintf(seen, sizeof seen, "%.*s", (int)x->seen.n, (const char *)x->seen.at);
    return fits && form_add(to, cap, "seen", seen); // also where nothing was seen
}

static const char *refusal(const struct relayed *x)
{
    if (x->sheet.wrong)
        return x->sheet.wrong;
    if (x->sheet.figure.n == 0)
        return "duty_e_figure";
    if (x->behalf.n == 0)
        return "duty_e_caller";
    if (how_named(x->how) < HOW_PHONE || how_named(x->how) > HOW_FILE)
        return "duty_e_how";
    // One of the two: digits that the caller read out, or the figure read back to them.
    return x->sheet.has_code || x->read_back ? NULL : "duty_e_back";
}

void relay_say(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    struct relayed x = {0};
    char room[BODY_MAX], body[BODY_MAX] = "";
    if (read_form(&x, q->body, room, sizeof room) < 0 || x.seen.n > WHY_MAX) {
        http_refuse(a, 422, "no_form");
        return;
    }
    if (!office_fold(o)) {
        http_refuse(a, 503, "no_plan");
        return;
    }
    x.sheet.wrong = judge(o, &x.sheet, people_restricted(q));
    const char *wrong = refusal(&x);
    if (wrong) {
        http_refuse(a, 422, wrong);
        return;
    }
    if (!write_line(office_plan(o), &x, body, sizeof body)) {
        http_refuse(a, 422, "no_form");
        return;
    }
    struct http_request line = *q;
    line.body = bytes_text(body);
    desk_say(h, &line, a);
}

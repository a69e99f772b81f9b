// clerk.c - what the clerk's page and commands ask of the commune's daemon.
#include "clerk.h"
#include "common/daemon/bulletins.h"
#include "common/net/qr.h"
#include "common/office/formview.h"
#include "common/office/matters.h"
#include "proto/code.h"
#include <stdio.h>

enum { STATEMENTS_SHOWN = 200 };

static json_t *log_of(const struct office *o)
{
    uint32_t log = office_own_log(o);
    char key[SEAL_TEXT];
    seal_text(office_identity(o)->key, key);
    if (log == LOG_NONE)
        return json_pack("{s:n,s:i,s:s}", "incarnation", "n", 0, "key", key);
    const struct log_head *h = &office_logs(o)->at[log];
    return json_pack("{s:o,s:I,s:s}", "incarnation", view_id(h->id.incarnation), "n",
                     (json_int_t)h->n, "key", key);
}

static json_t *places_of(const struct clerk *c, const struct office *o, bool local)
{
    const struct fold *f = office_fold(o);
    json_t *places = json_array();
    uint32_t own = f ? plan_unit_of(f->plan, code_bytes(&office_identity(o)->unit)) : PLAN_NONE;
    for (uint32_t i = own; own != PLAN_NONE && i < own + f->plan->units[own].size; i++) {
        const struct plan_unit *u = &f->plan->units[i];
        json_t *ballots = json_array();
        if (!u->place) {
            json_decref(ballots);
            continue;
        }
        for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
            if (!view_shown(f->plan, f->plan->contests[f->plan->ballots[b].contest].kind, local))
                continue;
            json_t *j = formview_ballot(o, b);
            desk_ballot(f, b, j);
            json_array_append_new(ballots, j);
        }
        json_t *place = json_pack("{s:o,s:o,s:I,s:I,s:o}", "code", view_bytes(u->code), "name",
                                  view_bytes(u->name), "opens", (json_int_t)u->opens, "closes",
                                  (json_int_t)u->closes, "ballots", ballots);
        desk_place(c, f->plan, i, place);
        json_array_append_new(places, place);
    }
    return places;
}

// Contests that are voted on here, by code: votes, need and what they come to so far.
static json_t *contests_of(const struct office *o, bool local)
{
    const struct fold *f = office_fold(o);
    json_t *contests = json_object();
    uint32_t own = f ? plan_unit_of(f->plan, code_bytes(&office_identity(o)->unit)) : PLAN_NONE;
    const struct plan_unit *u = own == PLAN_NONE ? NULL : &f->plan->units[own];
    for (uint32_t b = 0; u && b < u->n_ballots; b++) {
        uint32_t contest = f->plan->ballots[u->first_ballot + b].contest;
        const struct plan_contest *k = &f->plan->contests[contest];
        char code[CODE_MAX + 1];
        snprintf(code, sizeof code, "%.*s", (int)k->code.n, (const char *)k->code.at);
        if (view_shown(f->plan, k->kind, local) && !json_object_get(contests, code))
            json_object_set_new(contests, code, view_contest(f, contest, true));
    }
    return contests;
}

static json_t *statements_of(const struct office *o, bool local)
{
    const struct fold *f = office_fold(o);
    json_t *list = json_array();
    for (uint32_t i = f ? f->n_entries : 0, n = 0; i > 0 && n < STATEMENTS_SHOWN; i--) {
        unsigned kind = f->entries[i - 1].kind;
        if (kind == KIND_ADMIT || kind == KIND_RETIRE || !view_statement_shown(f, i - 1, local))
            continue;
        json_t *j = view_statement(o, i - 1);
        if (j)
            json_array_append_new(list, j);
        n++;
    }
    return list;
}

static void route_state(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct clerk *c = ctx;
    struct office *o = daemon_office(c->common.daemon);
    const struct identity *id = office_identity(o);
    const struct plan *p = office_plan(o);
    struct office_link_state link;
    struct office_counts counts;
    contacts_look(c->contacts);
    json_t *tiers = json_array();
    uint32_t own = p ? plan_unit_of(p, code_bytes(&id->unit)) : PLAN_NONE, log = office_own_log(o);
    office_parent(o, &link);
    office_counts(o, &counts);
    for (unsigned i = 0; i < id->n_signers; i++) {
        struct bytes code = code_bytes(&id->signers[i].unit);
        uint32_t unit = p ? plan_unit_of(p, code) : PLAN_NONE;
        const struct plan_level *level = unit == PLAN_NONE ? &(struct plan_level){0}
                                                           : &p->levels[p->units[unit].level];
        json_array_append_new(
            tiers, json_pack("{s:o,s:o,s:o,s:o}", "code", view_bytes(code), "name",
                             view_bytes(unit == PLAN_NONE ? code : p->units[unit].name), "level",
                             view_bytes(level->name), "level_en", view_bytes(level->english)));
    }
    bool admitted = log == LOG_NONE || !p || fold_admitted(office_fold(o), log);
    json_t *j = json_pack(
        "{s:I,s:o,s:o,s:o,s:o,s:s,s:I,s:b,s:o,s:o,s:o,s:o,s:I}", "turn",
        (json_int_t)office_turn_number(o), "unit",
        own != PLAN_NONE ? view_unit(p, own)
                         : json_pack("{s:o,s:o,s:s}", "code", view_bytes(code_bytes(&id->unit)),
                                     "name", view_bytes(code_bytes(&id->unit)), "level", ""),
        "election", view_election(o), "link", view_link(&link), "tiers", tiers, "taking",
        taking_name(office_taking(o)), "wait_ms", (json_int_t)office_wait(o, daemon_now()),
        "admitted", admitted, "log", log_of(o), "cutoffs", p ? view_cutoffs(p) : json_array(),
        "places", places_of(c, o, people_restricted(q)), "statements",
        statements_of(o, people_restricted(q)), "forks", (json_int_t)counts.forks);
    json_object_set_new(j, "contests", contests_of(o, people_restricted(q)));
    json_object_set_new(j, "standing", own == PLAN_NONE ? json_object() : formview_unit(o, own));
    if (own != PLAN_NONE) {
        json_t *matters = matters_list(o, own, 0, people_restricted(q));
        desk_incidents(o, matters);
        json_object_set_new(j, "matters", matters);
    }
    json_object_set_new(j, "due", json_integer(p ? plan_cutoff_due(p, daemon_now().wall) : 0));
    json_object_set_new(j, "advice", desk_advice(c, o, people_restricted(q)));
    json_object_set_new(j, "renewed", json_boolean(office_renewed(o)));
    json_object_set_new(
        j, "access",
        json_string(config_text(daemon_config(c->common.daemon), SETTING_HTTP_ACCESS)));
    json_object_set_new(j, "now", json_integer((json_int_t)daemon_now().wall));
    json_object_set_new(j, "last_refusal",
                        counts.last_refusal ? json_string(counts.last_refusal) : json_null());
    reply_json(a, j);
}

static void route_say(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct say_options s = {.check = false};
    route_say_lines(((struct clerk *)ctx)->common.daemon, q, a, &s);
}

static void route_check(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct say_options s = {.check = true};
    route_say_lines(((struct clerk *)ctx)->common.daemon, q, a, &s);
}

static void route_moved(void *ctx, const struct http_request *q, struct http_reply *a)
{
    route_move(((struct clerk *)ctx)->common.daemon, q, a);
}

static void route_no_line(void *ctx, const struct http_request *q, struct http_reply *a)
{
    (void)q;
    office_no_line(daemon_office(((struct clerk *)ctx)->common.daemon));
    http_printf(a, "{\"ok\":true}");
}

char *clerk_event(void *ctx)
{
    struct clerk *c = ctx;
    const struct office *o = daemon_office(c->common.daemon);
    struct office_link_state link;
    uint64_t now = office_fold(o) ? office_fold(o)->changes : 0, marks = 0;
    char *text = NULL;
    int64_t when;
    office_parent(o, &link);
    for (uint32_t i = 0; i < office_logs(o)->n; i++)
        for (unsigned k = 0; k < office_identity(o)->n_signers; k++)
            marks += office_marked(o, i, k, &when);
    uint64_t n = marks * 31 + link.word + 7 * office_taking(o) + 1000003 * c->seen_calls;
    if (now == c->seen_changes && n == c->seen_n)
        return NULL;
    c->seen_changes = now;
    c->seen_n = n;
    return asprintf(&text, "{\"turn\":%llu}", (unsigned long long)office_turn_number(o)) < 0 ? NULL
                                                                                             : text;
}

const struct http_route clerk_routes[] = {
    {"GET", "/api/state", route_state, RIGHT_READ},
    {"GET", "/api/events", route_events, RIGHT_READ},
    {"GET", "/api/matters", route_matters, RIGHT_READ},
    {"GET", "/api/dues", route_dues, RIGHT_READ},
    {"GET", "/api/figure", route_figure, RIGHT_READ},
    {"GET", "/plain", route_plain, RIGHT_READ | HTTP_PAGE},
    {"GET", "/api/find", route_find, RIGHT_READ},
    {"GET", "/api/reconcile", route_reconcile, RIGHT_READ},
    {"GET", "/api/quarantine", route_quarantine, RIGHT_READ},
    {"GET", "/api/bulletin", route_bulletin, RIGHT_READ},
    {"GET", "/api/qr", route_qr, RIGHT_READ},
    {"GET", "/api/zero", route_zero, RIGHT_READ},
    {"GET", "/api/seal", seal_show, RIGHT_READ},
    {"POST", "/api/seal", seal_say, RIGHT_ENTER},
    {"GET", "/api/shift", shift_show, RIGHT_READ},
    {"GET", "/api/export/log.jsonl", route_export_log, HTTP_LOCAL},
    {"POST", "/api/say", route_say, RIGHT_ENTER},
    {"POST", "/api/check", route_check, RIGHT_ENTER},
    {"POST", "/api/paste", desk_paste, RIGHT_ENTER},
    {"POST", "/api/call", desk_call, RIGHT_ENTER},
    {"POST", "/api/contacts", desk_contacts, RIGHT_ENTER},
    {"POST", "/api/move", route_moved, RIGHT_ENTER},
    {"POST", "/api/no_line", route_no_line, RIGHT_ENTER},
    {"POST", "/api/import", route_import, HTTP_LOCAL},
    {"POST", "/api/backup", route_backup, HTTP_LOCAL},
    PEOPLE_ROUTES,
};
const size_t clerk_n_routes = sizeof clerk_routes / sizeof clerk_routes[0];

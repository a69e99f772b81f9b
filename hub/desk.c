// desk.c - what operators do: tokens, retirements, releases, plans, words about a child.
#include "common/base/clock.h"
#include "common/election/check.h"
#include "common/office/intake.h"
#include "common/base/savefile.h"
#include "common/office/planfolder.h"
#include "common/office/traits.h"
#include "common/office/view.h"
#include "common/office/words.h"
#include "hub.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_MAX = 8192 };

struct asked { // the form of an operator's request
    char room[FORM_MAX];
    struct bytes unit, by, why, act, rules, path;
    bool replace, restricted;
};

static bool read_form(struct hub *h, const struct http_request *q, struct http_reply *a,
                      struct asked *x)
{
    struct form form;
    struct form_field f;
    int rc;
    memset(x, 0, sizeof *x);
    x->restricted = people_restricted(q);
    form_init(&form, q->body, x->room, sizeof x->room);
    while ((rc = form_next(&form, &f)) == 1) {
        struct bytes v = bytes_of(f.value, f.n_value);
        if (strcmp(f.name, "unit") == 0)
            x->unit = v;
        else if (strcmp(f.name, "by") == 0)
            x->by = v;
        else if (strcmp(f.name, "why") == 0)
            x->why = v;
        else if (strcmp(f.name, "act") == 0)
            x->act = v;
        else if (strcmp(f.name, "rules") == 0)
            x->rules = v;
        else if (strcmp(f.name, "path") == 0)
            x->path = v;
        else if (strcmp(f.name, "replace") == 0)
            x->replace = v.n == 1 && v.at[0] == '1';
    }
    if (rc < 0 || x->unit.n > CODE_MAX || x->by.n > PERSON_MAX || x->why.n > WHY_MAX) {
        http_refuse(a, 422, "no_form");
        return false;
    }
    x->by = people_by(q, x->by);
    if (hub_person(h, x->by))
        return true;
    http_refuse(a, 403,
                "who does this? --as PERSON, with the id of a line in people.csv (owner-only, "
                "columns id,name)");
    return false;
}

// A child's unit: below us in the plan, no place.
static bool child_unit(const struct office *o, struct bytes code, struct http_reply *a)
{
    const struct plan *p = office_plan(o);
    uint32_t own = p ? plan_unit_of(p, code_bytes(&office_identity(o)->unit)) : PLAN_NONE;
    uint32_t unit = p ? plan_unit_of(p, code) : PLAN_NONE;
    bool good = own != PLAN_NONE && unit != PLAN_NONE && p->units[unit].parent == own &&
                !p->units[unit].place;
    if (!good)
        http_refuse(a, 404, p ? "not a unit directly below this hub in the plan" : "no_plan");
    return good;
}

static void fill_token(const struct hub *h, const struct office *o, struct bytes unit,
                       struct token *t)
{
    const struct identity *id = office_identity(o);
    const char *advertise = config_text(daemon_config(h->common.daemon), SETTING_LINK_ADVERTISE);
    size_t n = strlen(advertise);
    memset(t, 0, sizeof *t);
    memcpy(t->election, id->election, ELECTION_SIZE);
    t->drill = id->drill;
    t->unit = code_of(unit);
    t->n_ways = 1;
    if (n > 2 && strcmp(advertise + n - 2, ":0") == 0)
        snprintf(t->ways[0].address, sizeof t->ways[0].address, "%.*s:%d", (int)n - 2, advertise,
                 h->port);
    else
        snprintf(t->ways[0].address, sizeof t->ways[0].address, "%s", advertise);
    memcpy(t->ways[0].curve, id->curve, KEY_SIZE);
    t->signers[0].unit = id->unit;
    memcpy(t->signers[0].key, id->key, KEY_SIZE);
    t->n_signers = 1;
    for (unsigned i = 0; i < id->n_signers && t->n_signers < SIGNERS_MAX; i++)
        t->signers[t->n_signers++] = id->signers[i];
    clock_random(t->seed, sizeof t->seed);
}

static bool has_key(const struct hub *h, struct bytes unit)
{
    for (uint32_t i = 0; children_at(h->children, i); i++)
        if (bytes_same(code_bytes(&children_at(h->children, i)->unit), unit) &&
            !children_at(h->children, i)->retired)
            return true;
    return false;
}

void desk_token(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    struct asked x;
    struct token t;
    char text[TOKEN_TEXT_MAX];
    if (!read_form(h, q, a, &x) || !child_unit(o, x.unit, a))
        return;
    if (has_key(h, x.unit) && !x.replace) {
        http_refuse(a, 409, "this unit has a machine already: retire it first, or say --replace");
        return;
    }
    fill_token(h, o, x.unit, &t);
    if (strncmp(t.ways[0].address, "0.0.0.0:", 8) == 0 || t.ways[0].address[0] == '*') {
        http_refuse(
            a, 409,
            "link/listen is every address of this machine: say in config.zpl by which one children "
            "reach it, link/advertise = host:port, and start the hub again");
        return;
    }
    int rc = token_encode(&t, text);
    if (rc == 0)
        rc = children_token(h->children, &t, clock_now());
    memset(&t, 0, sizeof t); // the seed is on paper from here on
    if (rc < 0)
        http_refuse(a, 500, strerror(-rc));
    else
        reply_json(a, json_pack("{s:s}", "token", text));
}

void desk_admit(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    struct asked x;
    uint64_t incarnation = 0;
    if (!read_form(h, q, a, &x) || !child_unit(o, x.unit, a))
        return;
    if (x.act.n > 0 && parse_act(x.act, &incarnation) < 0) {
        http_refuse(a, 422,
                    "the incarnation is up to 16 hexadecimal digits: see dantin-hub reconcile");
        return;
    }
    struct code unit = code_of(x.unit);
    int rc = office_admit_held(o, &unit, incarnation, x.by, daemon_now());
    daemon_turned(h->common.daemon, rc == -ENOENT ? 0 : rc);
    if (rc == -ENOENT)
        http_refuse(a, 404,
                    "no held log of this unit under a key in use: see dantin-hub reconcile");
    else if (rc < 0)
        daemon_refuse(a, rc);
    else
        http_printf(a, "{\"ok\":true}");
}

void desk_retire(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    struct asked x;
    if (!read_form(h, q, a, &x))
        return;
    struct code unit = code_of(x.unit);
    // The list first: from here on no message of the key is taken, whatever the store then does.
    int rc = children_retire(h->children, &unit);
    office_bye(o, &unit, "this machine's key was retired: ask the hub's operator");
    if (rc == 0)
        rc = office_retire(o, &unit, x.by, x.why, daemon_now());
    daemon_turned(h->common.daemon, rc == -ENOENT ? 0 : rc);
    if (rc == -ENOENT)
        http_refuse(a, 404, "no machine of this unit is in use");
    else if (rc < 0)
        daemon_refuse(a, rc);
    else
        http_printf(a, "{\"ok\":true}");
}

static uint32_t rules_of(struct bytes names)
{
    uint32_t rules = 0;
    for (size_t i = 0; i < names.n;) {
        size_t end = i;
        while (end < names.n && names.at[end] != ',')
            end++;
        for (unsigned bit = 0; bit < 32; bit++)
            if (bytes_same(bytes_of(names.at + i, end - i), bytes_text(reason_name(1u << bit))))
                rules |= 1u << bit;
        i = end + 1;
    }
    return rules & ~(uint32_t)REASONS_FINAL;
}

// The statement's own enterer may not release it: found here to say so, judged again by the fold.
static const char *release_fault(const struct office *o, const struct asked *x, uint64_t act,
                                 uint32_t rules)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    uint32_t home = f ? plan_unit_of(f->plan, x->unit) : PLAN_NONE;
    uint32_t e = home == PLAN_NONE ? ENTRY_NONE : fold_find(f, home, act);
    if (e == ENTRY_NONE || !view_statement_shown(f, e, x->restricted) ||
        record_decode(&r, fold_bytes(f, e), &why) < 0)
        return "no such statement of this unit: see dantin-hub quarantine";
    if (bytes_same(r.by, x->by) && r.by.n > 0)
        return "who entered a figure cannot release it";
    if (rules == 0)
        return "which rules are waived? --rules F5,F6 (see dantin-hub quarantine; a place or "
               "candidate that does not exist cannot be released)";
    return x->why.n == 0 ? "why? --why is missing" : NULL;
}

void desk_release(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    struct asked x;
    struct moment now = daemon_now();
    uint8_t buffer[2048];
    uint64_t act = 0, n;
    if (!read_form(h, q, a, &x))
        return;
    parse_act(x.act, &act);
    uint32_t rules = rules_of(x.rules);
    const char *fault = release_fault(o, &x, act, rules);
    if (fault) {
        http_refuse(a, 422, fault);
        return;
    }
    if (!people_confirmed(q, a))
        return;
    struct record r = {
        .act = clock_random64(), .kind = KIND_VERDICT, .at = now.wall, .entered = now.wall};
    r.by = x.by;
    r.why = x.why;
    r.subject = x.unit;
    r.how = says_how(h->common.daemon, q);
    r.plan = office_plan(o)->version;
    r.number[VERDICT_WORD] = VERDICT_RELEASED;
    r.number[VERDICT_OF] = act;
    r.number[VERDICT_WAIVES] = rules;
    int size = record_encode(&r, buffer, sizeof buffer, &fault);
    struct code about = code_of(x.unit);
    struct bytes record = bytes_of(buffer, size < 0 ? 0 : (size_t)size);
    int rc = size < 0 ? -EINVAL
                      : office_say(o, &about, &(struct own_records){.records = &record, .n = 1},
                                   now, &n);
    daemon_turned(h->common.daemon, rc == -EINVAL ? 0 : rc);
    if (rc == -EINVAL)
        http_refuse(a, 422, fault);
    else if (rc < 0)
        daemon_refuse(a, rc);
    else
        http_printf(a, "{\"ok\":true,\"n\":%llu}", (unsigned long long)n);
}

void desk_erase(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    struct asked x;
    struct erase_order order = {0};
    if (!read_form(h, q, a, &x) || !child_unit(o, x.unit, a))
        return;
    if (parse_act(x.act, &order.act) < 0 || x.why.n == 0) {
        http_refuse(a, 422, "which statement, and why? its act is up to 16 hexadecimal digits");
        return;
    }
    order.unit = code_of(x.unit);
    order.by = x.by;
    order.why = x.why;
    int rc = office_erase(o, &order, daemon_now());
    daemon_turned(h->common.daemon, rc == -ENOENT ? 0 : rc);
    if (rc == -ENOENT)
        http_refuse(a, 404, "no statement of this unit by that name has a text");
    else if (rc < 0)
        daemon_refuse(a, rc);
    else
        http_printf(a, "{\"ok\":true}");
}

static char *faults_text(const struct faults *faults)
{
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    if (!to)
        abort();
    faults_print(faults, to);
    fclose(to);
    return text;
}

// What only this hub's statistics use of candidates is read before the plan is accepted, and then
// kept beside the store, in no log.
static int read_traits(const char *path, uint8_t **ret_text, size_t *ret_n, struct faults *faults)
{
    int rc = planfolder_traits(path, ret_text, ret_n);
    if (rc < 0)
        faults_add(faults, NULL, 0, "the folder changed while it was read: load it again");
    return rc;
}

struct successor { // a plan that is to be loaded, held against every one before it
    const struct plan *plan;
    struct faults *faults;
};

static void compare_plan(void *ctx, struct bytes older)
{
    struct successor *x = ctx;
    const char *why;
    size_t size = x->faults->n == 0 ? plan_size(older, &why)
                                    : 0; // the first one that speaks against it
    void *block = size > 0 ? aligned_alloc(16, (size + 15) & ~(size_t)15) : NULL;
    if (block && plan_open(block, size, older, &why) == 0)
        plan_refusal(block, x->plan, x->faults);
    free(block);
}

// -EINVAL with the faults: a number would come to mean something else than in some version before.
static int may_follow(struct office *o, const struct plan *plan, struct faults *faults)
{
    struct successor x = {plan, faults};
    int rc = office_plan(o) ? plan_refusal(office_plan(o), plan, faults) : 0;
    if (rc == 0)
        rc = office_each_plan(o, compare_plan, &x);
    return rc == 0 && faults->n > 0 ? -EINVAL : rc;
}

static int load(struct hub *h, const char *path, struct faults *faults)
{
    struct office *o = daemon_office(h->common.daemon);
    uint8_t *bytes = NULL, *traits = NULL;
    size_t n = 0, n_traits = 0;
    const char *why;
    int rc = planfolder_read(path, &bytes, &n, faults);
    if (rc < 0)
        return rc;
    size_t size = plan_size(bytes_of(bytes, n), &why);
    void *block = aligned_alloc(16, (size + 15) & ~(size_t)15);
    if (!block)
        abort();
    rc = plan_open(block, size, bytes_of(bytes, n), &why);
    const struct plan *plan = block;
    if (rc == 0 && !bytes_same(plan->units[0].code, code_bytes(&office_identity(o)->unit))) {
        faults_add(faults, "units.csv", 0,
                   "the root of the plan is %.*s, but this hub is %s: set the hub up for that unit",
                   (int)plan->units[0].code.n, (const char *)plan->units[0].code.at,
                   office_identity(o)->unit.at);
        rc = -EINVAL;
    }
    if (rc == 0)
        rc = may_follow(o, plan, faults);
    if (rc == 0)
        rc = read_traits(path, &traits, &n_traits, faults);
    if (rc == 0)
        rc = office_load_plan(o, bytes_of(bytes, n), daemon_now());
    if (rc == 0)
        rc = savefile_write(daemon_dir(h->common.daemon), TRAITS_FILE, bytes_of(traits, n_traits));
    free(traits);
    free(block);
    free(bytes);
    return rc;
}

void desk_plan(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct asked x;
    struct faults faults = {0};
    if (!read_form(h, q, a, &x))
        return;
    if (office_identity(daemon_office(h->common.daemon))->n_signers > 0) {
        http_refuse(a, 409, "plans are loaded at the top: here the plan comes from the parent");
        return;
    }
    char *path = strndup((const char *)x.path.at, x.path.n);
    int rc = load(h, path ? path : "", &faults);
    if (rc < 0 && faults.n > 0) {
        char *text = faults_text(&faults);
        reply_json(a, json_pack("{s:s,s:i}", "error", text, "faults", (int)faults.n));
        a->status = 422;
        free(text);
    } else if (rc < 0) {
        daemon_refuse(a, rc);
        daemon_turned(h->common.daemon, rc);
    } else {
        const struct plan *p = office_plan(daemon_office(h->common.daemon));
        reply_json(a, json_pack("{s:b,s:i,s:i,s:i}", "ok", 1, "version", (int)p->version, "places",
                                (int)plan_places(p, 0), "contests", (int)p->n_contests));
        daemon_turned(h->common.daemon, 0);
    }
    free(path);
    faults_clear(&faults);
}

static bool may_say(void *ctx, struct bytes by)
{
    return hub_person(ctx, by);
}

void desk_say(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct say_options s = {.hub = true, .may = may_say, .ctx = h};
    route_say_lines(h->common.daemon, q, a, &s);
}

void desk_check(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct say_options s = {.check = true, .hub = true, .may = may_say, .ctx = h};
    route_say_lines(h->common.daemon, q, a, &s);
}

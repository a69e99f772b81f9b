// seal.c - the commune seals its figures, and the page that is printed and signed for it.
#include "common/base/clock.h"
#include "common/base/figure.h"
#include "clerk.h"
#include "common/office/past.h"
#include "common/office/seal.h"
#include "common/office/view.h"
#include "common/office/words.h"
#include "proto/code.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_MAX = 1024 };

static struct office *office_of(void *ctx)
{
    return daemon_office(((struct clerk *)ctx)->common.daemon);
}

static json_t *view_seal(const struct office *o, const struct seal *s)
{
    char head[SEAL_TEXT], key[SEAL_TEXT];
    seal_text(s->hash, head);
    seal_text(office_identity(o)->key, key);
    return json_pack("{s:i,s:I,s:s,s:s,s:I,s:o,s:o,s:o}", "number", (int)s->number, "n",
                     (json_int_t)s->n, "seal", head, "key", key, "at", (json_int_t)s->at, "by",
                     view_bytes(s->by), "act", view_id(s->act), "hash",
                     view_hex(bytes_of(s->hash, HASH_SIZE)));
}

static json_t *view_seals(const struct office *o)
{
    json_t *list = json_array();
    struct seal s;
    uint32_t at = 0;
    while (seal_each(o, &at, &s))
        json_array_append_new(list, view_seal(o, &s));
    return list;
}

static json_t *places_of(const struct fold *f, uint32_t own, bool local)
{
    const struct plan *p = f->plan;
    json_t *places = json_array();
    for (uint32_t i = own; i < own + p->units[own].size; i++) {
        const struct plan_unit *u = &p->units[i];
        json_t *ballots = json_array();
        for (uint32_t b = u->first_ballot; u->place && b < u->first_ballot + u->n_ballots; b++)
            if (view_shown(p, p->contests[p->ballots[b].contest].kind, local))
                json_array_append_new(ballots, view_ballot(f, b));
        if (u->place)
            json_array_append_new(places,
                                  json_pack("{s:o,s:o,s:O}", "code", view_bytes(u->code), "name",
                                            view_bytes(u->name), "ballots", ballots));
        json_decref(ballots);
    }
    return places;
}

// Of this unit, said since: shown beside the seal, for nothing is locked by it.
static unsigned said_after(const struct fold *f, const struct seal *s)
{
    unsigned n = 0;
    for (uint32_t e = 0; e < f->n_entries; e++)
        n += f->entries[e].kind != KIND_SEALED && seal_before(f, e) >= s->number;
    return n;
}

// Places and sums as they stood then.
static int add_past(struct office *o, const struct seal *s, bool local, json_t *j)
{
    struct past past;
    int rc = seal_past(o, s, &past);
    uint32_t own = plan_unit_of(past.plan, code_bytes(&office_identity(o)->unit));
    if (rc == 0 && own != PLAN_NONE) {
        json_object_set_new(j, "places", places_of(&past.fold, own, local));
        if (!past.plan->units[own].place)
            json_object_set_new(j, "totals", view_totals(&past.fold, own, s->at, local));
    }
    past_close(&past);
    return rc;
}

// ?number=: a seal, else the newest; `seal` is null where there is none.
void seal_show(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct office *o = office_of(ctx);
    const struct plan *p = office_plan(o);
    struct bytes code = code_bytes(&office_identity(o)->unit);
    const char *asked = http_query(q, "number");
    struct seal s;
    uint64_t number = 0;
    if (!p || (asked && figure_read(bytes_text(asked), &number) != FIGURE_GOOD)) {
        http_refuse(a, p ? 422 : 503, p ? "number= is that of a seal" : "no_plan");
        return;
    }
    bool found = number <= UINT32_MAX && seal_find(o, (unsigned)number, &s);
    if (!found && number != 0) {
        http_refuse(a, 404, "seal_no_number");
        return;
    }
    uint32_t own = plan_unit_of(p, code);
    json_t *j = json_pack("{s:o,s:o,s:o,s:I}", "unit",
                          own != PLAN_NONE ? view_unit(p, own)
                                           : json_pack("{s:o,s:o,s:s}", "code", view_bytes(code),
                                                       "name", view_bytes(code), "level", ""),
                          "election", view_election(o), "seals", view_seals(o), "now",
                          (json_int_t)daemon_now().wall);
    json_object_set_new(j, "kinds_hidden", json_integer(view_hidden(p, people_restricted(q))));
    json_object_set_new(j, "program", json_string(DANTIN_VERSION));
    json_object_set_new(j, "seal", found ? view_seal(o, &s) : json_null());
    json_object_set_new(j, "after", json_integer(found ? said_after(office_fold(o), &s) : 0));
    if (found && add_past(o, &s, people_restricted(q), j) < 0)
        http_refuse(a, 500, "no_store_read");
    else
        reply_json(a, json_incref(j));
    json_decref(j);
}

static bool read_form(const struct http_request *q, struct http_reply *a, char room[FORM_MAX],
                      struct seal_ask *ret)
{
    struct form form;
    struct form_field f;
    int rc;
    ret->act = clock_random64();
    form_init(&form, q->body, room, FORM_MAX);
    while ((rc = form_next(&form, &f)) == 1) {
        struct bytes v = bytes_of(f.value, f.n_value);
        if (strcmp(f.name, "by") == 0)
            ret->by = v;
        else if (strcmp(f.name, "act") == 0 && parse_act(v, &ret->act) < 0)
            break;
    }
    ret->by = people_by(q, ret->by);
    const char *why = rc != 0                  ? "no_form"
                      : ret->by.n == 0         ? "seal_no_name"
                      : ret->by.n > PERSON_MAX ? "seal_no_name"
                                               : NULL;
    if (why)
        http_refuse(a, 422, why);
    return !why;
}

static void refuse(struct daemon *d, struct http_reply *a, int rc)
{
    bool ours = rc == -ENODATA || rc == -ENOENT || rc == -ERANGE || rc == -EINVAL;
    daemon_turned(d, ours ? 0 : rc);
    if (rc == -ENODATA)
        http_refuse(a, 409, "seal_no_records");
    else if (rc == -ENOENT)
        http_refuse(a, 503, "no_plan");
    else if (rc == -ERANGE)
        http_refuse(a, 409, "seal_no_more");
    else if (rc == -EINVAL)
        http_refuse(a, 422, "seal_no_name");
    else
        daemon_refuse(a, rc);
}

void seal_say(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct daemon *d = ((struct clerk *)ctx)->common.daemon;
    struct office *o = daemon_office(d);
    struct seal_ask ask = {.how = says_how(d, q), .now = daemon_now()};
    char room[FORM_MAX];
    struct seal s;
    if (office_wait(o, ask.now) > 0) {
        http_refuse(a, 503, "no_wait_parent");
        return;
    }
    if (!read_form(q, a, room, &ask) || !people_confirmed(q, a))
        return;
    int rc = seal_make(o, &ask, &s);
    if (rc < 0) {
        refuse(d, a, rc);
        return;
    }
    daemon_turned(d, 0);
    reply_json(a, view_seal(o, &s));
}

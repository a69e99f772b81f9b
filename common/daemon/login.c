// login.c - the routes by which a person comes in, is asked again, and goes; and the table of people.
#include "commands.h"
#include "common/base/clock.h"
#include "common/base/config.h"
#include "common/office/view.h"
#include "peopleinside.h"
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_MAX = 1024 };

static struct people *people_of(void *ctx)
{
    return daemon_people(((struct commands_ctx *)ctx)->daemon);
}

// The highest units that the person sees, as a page offers them; null: all.
static json_t *units_of(const struct people *p, const struct person *x)
{
    const struct plan *plan = p->setup.plan(p->setup.ctx);
    if (!x || !x->scope[0])
        return json_null();
    json_t *list = json_array();
    for (uint32_t u = 0; plan && u < plan->n_units;) {
        bool in = people_in_scope(plan, x->scope, u);
        if (in)
            json_array_append_new(list, view_unit(plan, u));
        u += in ? plan->units[u].size : 1;
    }
    return list;
}

// Who can log in here: told at a desk that a few people share, and nowhere else.
static json_t *names_of(const struct people *p)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < p->persons.n; i++)
        if (p->setup.access == ACCESS_DESK && p->setup.rules->pin && p->persons.at[i].secret[0])
            json_array_append_new(list, json_pack("{s:s,s:s}", "id", p->persons.at[i].id, "name",
                                                  p->persons.at[i].name));
    return list;
}

void route_who(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct people *p = people_of(ctx);
    const struct office *o = daemon_office(((struct commands_ctx *)ctx)->daemon);
    const struct person *x = q->who;
    const struct plan *plan = office_plan(o);
    struct bytes code = code_bytes(&office_identity(o)->unit);
    uint32_t unit = plan ? plan_unit_of(plan, code) : PLAN_NONE;
    json_t *person = x ? json_pack("{s:s,s:s,s:s,s:s}", "id", x->id, "name", x->name, "role",
                                   x->role->name, "scope", x->scope)
                       : json_null();
    json_t *j = json_pack("{s:b,s:b,s:b,s:o,s:o,s:o,s:o}", "guarded", people_guarded(p), "nobody",
                          !persons_log_in(&p->persons), "pin", p->setup.rules->pin, "person",
                          person, "rights", routes_rights(q->may), "names", names_of(p), "units",
                          units_of(p, x));
    json_object_set_new(j, "unit",
                        unit != PLAN_NONE ? view_unit(plan, unit)
                                          : json_pack("{s:o,s:o,s:s}", "code", view_bytes(code),
                                                      "name", view_bytes(code), "level", ""));
    json_object_set_new(j, "election", view_election(o));
    reply_json(a, j);
}

static bool read_form(const struct http_request *q, struct http_reply *a, char room[FORM_MAX],
                      struct bytes *ret_person, struct bytes *ret_secret)
{
    struct form form;
    struct form_field f;
    int rc;
    *ret_person = *ret_secret = bytes_of(NULL, 0);
    form_init(&form, q->body, room, FORM_MAX);
    while ((rc = form_next(&form, &f)) == 1) {
        if (strcmp(f.name, "person") == 0)
            *ret_person = bytes_of(f.value, f.n_value);
        else if (strcmp(f.name, "secret") == 0)
            *ret_secret = bytes_of(f.value, f.n_value);
    }
    if (rc == 0 && ret_person->n <= PERSON_MAX && ret_secret->n <= PERSON_SECRET_MAX)
        return true;
    http_refuse(a, 422, "no_form");
    return false;
}

static void refuse_locked(struct http_reply *a, int64_t wait_ms)
{
    http_printf(a, "{\"error\":\"too many wrong tries: wait before the next\",\"wait_ms\":%lld}",
                (long long)wait_ms);
    a->status = 429;
}

void people_answered(void *ctx, uint64_t ticket, enum hasher_word word, const char *made)
{
    struct people *p = ctx;
    for (unsigned i = 0; i < WAITING_MAX; i++) {
        struct waiting *w = &p->waiting[i];
        if (w->ticket != ticket || w->done)
            continue;
        w->done = true;
        w->word = word;
        if (made)
            snprintf(w->made, sizeof w->made, "%s", made);
        http_resume(p->http, w->connection);
    }
}

int people_hasher(struct people *p)
{
    struct hasher_done done = {.ctx = p, .on_done = people_answered};
    if (!p->http)
        return -ESHUTDOWN;
    return p->hasher ? 0 : hasher_open(&p->hasher, p->setup.loop, done);
}

// What waited and was answered to nobody, since its browser went, gives way.
struct waiting *people_wait(struct people *p, const struct http_request *q, struct bytes person)
{
    struct waiting *found = NULL;
    for (unsigned i = 0; i < WAITING_MAX; i++)
        if (p->waiting[i].ticket == 0 || (p->waiting[i].done && !found))
            found = &p->waiting[i];
    if (!found || people_hasher(p) < 0)
        return NULL;
    *found = (struct waiting){.connection = q->connection};
    if (person.n > 0)
        memcpy(found->person, person.at, person.n);
    return found;
}

bool people_answer(struct people *p, const struct http_request *q, struct waiting *ret)
{
    for (unsigned i = 0; i < WAITING_MAX; i++)
        if (p->waiting[i].ticket == q->waited && p->waiting[i].done) {
            *ret = p->waiting[i];
            memset(&p->waiting[i], 0, sizeof p->waiting[i]);
            return true;
        }
    *ret = (struct waiting){.word = HASHER_FAILED};
    return false;
}

// Asks the worker about this person's secret; the reply waits. An id that nobody has takes as long,
// and is counted, as one that somebody has.
static void begin(struct people *p, const struct http_request *q, struct http_reply *a,
                  struct bytes id, struct bytes secret)
{
    const struct person *x = persons_find(&p->persons, id);
    int64_t now = clock_mono(), wait = lockout_wait(&p->lockout, id, now);
    if (wait > 0) {
        refuse_locked(a, wait);
        return;
    }
    struct waiting *w = people_wait(p, q, id);
    const char *stored = x && x->secret[0] && x->role ? x->secret : NULL;
    if (!w || hasher_ask(p->hasher, stored, secret, &w->ticket) < 0) {
        http_refuse(a, 503, "no_login_many");
        return;
    }
    snprintf(w->made, sizeof w->made, "%s", stored ? stored : "");
    lockout_try(&p->lockout, id, now);
    a->wait = w->ticket;
}

// Whose secret it was; NULL: the reply says why not.
static const struct person *finish(struct people *p, const struct http_request *q,
                                   struct http_reply *a)
{
    struct waiting was;
    people_answer(p, q, &was);
    struct bytes id = bytes_text(was.person);
    const struct person *x = persons_find(&p->persons, id);
    if (was.word == HASHER_RIGHT && x && x->role && strcmp(x->secret, was.made) == 0) {
        lockout_right(&p->lockout, id);
        return x;
    }
    if (was.word == HASHER_FAILED)
        http_refuse(a, 503, "who_busy");
    else
        http_refuse(a, 403, "who_wrong");
    return NULL;
}

static void say_cookie(const struct people *p, struct http_reply *a, const char *value, bool end)
{
    snprintf(a->cookie, sizeof a->cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", p->cookie,
             value, end ? "; Max-Age=0" : "", p->setup.access == ACCESS_HOSTED ? "; Secure" : "");
}

static void enter(struct people *p, const struct http_request *q, struct http_reply *a,
                  const struct person *x)
{
    uint8_t key[LOGIN_KEY];
    char text[2 * LOGIN_KEY + 1];
    struct login *old = people_login(p, q);
    if (old)
        login_end(old);
    clock_random(key, sizeof key);
    sodium_bin2hex(text, sizeof text, key, sizeof key);
    logins_begin(&p->logins, bytes_text(text), x->id, x->secret, clock_mono());
    say_cookie(p, a, text, false);
    http_printf(a, "{\"ok\":true}");
}

void route_login(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct people *p = people_of(ctx);
    char room[FORM_MAX];
    struct bytes id, secret;
    if (q->local) {
        http_refuse(a, 422, "by a page only: commands name the person");
    } else if (q->waited != 0) {
        const struct person *x = finish(p, q, a);
        if (x)
            enter(p, q, a, x);
    } else if (read_form(q, a, room, &id, &secret)) {
        begin(p, q, a, id, secret);
    }
    sodium_memzero(room, sizeof room);
}

void route_confirm(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct people *p = people_of(ctx);
    char room[FORM_MAX];
    struct bytes id, secret;
    struct login *s = people_login(p, q);
    if (!q->person || !s) {
        http_refuse(a, 401, "no_login");
    } else if (q->waited != 0) {
        const struct person *x = finish(p, q, a);
        if (x && strcmp(x->id, s->person) == 0) {
            s->confirmed = clock_mono();
            http_printf(a, "{\"ok\":true}");
        }
    } else if (read_form(q, a, room, &id, &secret)) {
        begin(p, q, a, bytes_text(q->person), secret);
    }
    sodium_memzero(room, sizeof room);
}

void route_logout(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct people *p = people_of(ctx);
    struct login *s = people_login(p, q);
    if (s)
        login_end(s);
    say_cookie(p, a, "", true);
    http_printf(a, "{\"ok\":true}");
}

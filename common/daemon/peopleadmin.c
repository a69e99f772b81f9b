// peopleadmin.c - the table of people as an administrator's page and the machine's own commands change it.
#include "commands.h"
#include "common/base/clock.h"
#include "common/base/config.h"
#include "peopleinside.h"
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_MAX = 4096 };

static struct people *people_of(void *ctx)
{
    return daemon_people(((struct commands_ctx *)ctx)->daemon);
}

void route_people(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct people *p = people_of(ctx);
    json_t *list = json_array();
    (void)q;
    for (unsigned i = 0; i < p->persons.n; i++) {
        const struct person *x = &p->persons.at[i];
        json_array_append_new(
            list,
            json_pack("{s:s,s:s,s:s?,s:s,s:b,s:b,s:I}", "id", x->id, "name", x->name, "role",
                      x->role ? x->role->name : NULL, "scope", x->scope, "restricted",
                      x->restricted, "secret", x->secret[0] != 0, "locked_ms",
                      (json_int_t)lockout_wait(&p->lockout, bytes_text(x->id), clock_mono())));
    }
    reply_json(a, json_pack("{s:o,s:b}", "people", list, "broken", p->broken));
}

// Somebody who can administer and log in is left; with a scope nobody reaches the table.
static bool administered(const struct persons *p)
{
    for (unsigned i = 0; i < p->n; i++)
        if (p->at[i].secret[0] && p->at[i].role && (p->at[i].role->rights & RIGHT_ADMIN) &&
            !p->at[i].scope[0])
            return true;
    return false;
}

// One change on disk, or the reply says why not. by_page: the last administrator stays one.
static bool change(struct people *p, struct bytes form, bool by_page, struct http_reply *a)
{
    static struct persons changed; // one request at a time
    if (p->broken) {
        http_refuse(a, 409, "no_people_file");
        return false;
    }
    changed = p->persons;
    const char *why = persons_change(&changed, form);
    if (!why && by_page && administered(&p->persons) && !administered(&changed))
        why = "no_administrator";
    int rc = why ? 0 : persons_write(&changed, p->setup.dir);
    if (why)
        http_refuse(a, 422, why);
    else if (rc < 0)
        http_refuse(a, 500, strerror(-rc));
    else
        http_printf(a, "{\"ok\":true}");
    sodium_memzero(&changed, sizeof changed);
    return !why && rc == 0;
}

void route_people_change(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct people *p = people_of(ctx);
    if (change(p, q->body, false, a)) // whoever has the machine lets everybody try again
        memset(&p->lockout, 0, sizeof p->lockout);
}

struct asked {
    char form[FORM_MAX], secret[PERSON_SECRET_MAX + 1], id[PERSON_MAX + 1];
    bool has_secret;
};

// The form without the secret; false: the reply says why not. A hash is not taken from a page.
static bool read_form(const struct http_request *q, struct http_reply *a, struct asked *x)
{
    char room[FORM_MAX];
    struct form form;
    struct form_field f;
    int rc;
    bool good = true;
    memset(x, 0, sizeof *x);
    form_init(&form, q->body, room, sizeof room);
    while (good && (rc = form_next(&form, &f)) == 1) {
        if (strcmp(f.name, "password") == 0) {
            good = f.n_value <= PERSON_SECRET_MAX;
            x->has_secret = f.n_value > 0;
            snprintf(x->secret, sizeof x->secret, "%s", f.value);
            continue;
        }
        if (strcmp(f.name, "id") == 0) {
            good = f.n_value <= PERSON_MAX;
            snprintf(x->id, sizeof x->id, "%s", f.value);
        }
        good = good && strcmp(f.name, "secret") != 0 &&
               form_add(x->form, sizeof x->form, f.name, f.value);
    }
    good = good && rc == 0;
    if (!good)
        http_refuse(a, 422, "no_form");
    sodium_memzero(room, sizeof room);
    return good;
}

// The new secret goes to the worker first: the reply waits, and the change is made with its hash.
static bool begin_secret(struct people *p, const struct http_request *q, struct http_reply *a,
                         const struct asked *x)
{
    bool far = p->setup.access == ACCESS_HOSTED;
    const char *why = persons_secret_fault(p->setup.rules, far, bytes_text(x->secret));
    if (why) {
        http_refuse(a, 422, why);
        return false;
    }
    struct waiting *w = people_wait(p, q, bytes_text(x->id));
    if (!w || hasher_ask_hash(p->hasher, bytes_text(x->secret), &w->ticket) < 0)
        http_refuse(a, 503, "no_login_many");
    else
        a->wait = w->ticket;
    return false;
}

static bool finish_secret(struct people *p, const struct http_request *q, struct http_reply *a,
                          struct asked *x)
{
    struct waiting was;
    bool good = people_answer(p, q, &was) && was.word == HASHER_RIGHT && was.made[0] &&
                strcmp(was.person, x->id) == 0 &&
                form_add(x->form, sizeof x->form, "secret", was.made);
    if (!good)
        http_refuse(a, 503, "no_secret_kept");
    sodium_memzero(&was, sizeof was);
    return good;
}

static void put(struct people *p, const struct http_request *q, struct http_reply *a,
                struct asked *x)
{
    bool ready = !x->has_secret   ? true
                 : q->waited == 0 ? begin_secret(p, q, a, x)
                                  : finish_secret(p, q, a, x);
    if (ready && change(p, bytes_text(x->form), !p->setup.rules->pin, a)) {
        fprintf(stderr, "people.csv: %s was changed by %s\n", x->id, q->person ? q->person : "");
        if (x->has_secret) // of theirs alone: nobody frees their tries at another's secret
            lockout_forget(&p->lockout, bytes_text(x->id));
    }
    sodium_memzero(x, sizeof *x);
}

void route_person(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct asked x;
    if (people_confirmed(q, a) && read_form(q, a, &x))
        put(people_of(ctx), q, a, &x);
}

void route_secret(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct asked x;
    if (!q->person) {
        http_refuse(a, 401, "no_login");
        return;
    }
    if (!people_confirmed(q, a) || !read_form(q, a, &x))
        return;
    if (!x.has_secret) {
        http_refuse(a, 422, "no_secret_given");
        return;
    }
    x.form[0] = 0;
    snprintf(x.id, sizeof x.id, "%s", q->person);
    form_add(x.form, sizeof x.form, "act", "put");
    form_add(x.form, sizeof x.form, "id", x.id);
    put(people_of(ctx), q, a, &x);
}

// people.c - who asks, and what they may: one place that judges every request before its route.
#include "people.h"
#include "access.h"
#include "common/base/clock.h"
#include "common/base/config.h"
#include "peopleinside.h"
#include "proto/mutant.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char group_start[] = "group:";

void people_tell(const struct people *p, struct faults *faults)
{
    faults_print(faults, stderr);
    if (faults->n > 0)
        fprintf(stderr, "%s/%s: not read: nobody can log in until it is mended\n", p->setup.dir,
                PERSONS_FILE);
    faults_clear(faults);
}

// The table is looked at before each request: it is also written by hand.
static void look(struct people *p)
{
    char path[4200];
    struct stat st;
    struct faults faults = {0};
    snprintf(path, sizeof path, "%s/%s", p->setup.dir, PERSONS_FILE);
    bool there = stat(path, &st) == 0;
    if (there == p->there &&
        (!there || (st.st_ino == p->seen.st_ino && st.st_size == p->seen.st_size &&
                    st.st_mode == p->seen.st_mode && st.st_mtim.tv_sec == p->seen.st_mtim.tv_sec &&
                    st.st_mtim.tv_nsec == p->seen.st_mtim.tv_nsec)))
        return;
    p->there = there;
    p->seen = st;
    p->broken = persons_read(&p->persons, p->setup.dir, &faults) < 0;
    people_tell(p, &faults);
}

int people_open(struct people **ret_people, const struct people_setup *setup)
{
    struct people *p = calloc(1, sizeof *p);
    uint8_t hash[HASH_SIZE];
    assert(p);
    p->setup = *setup;
    p->persons.rules = setup->rules;
    hash_of(bytes_of(setup->key, KEY_SIZE), hash);
    size_t n = (size_t)snprintf(p->cookie, sizeof p->cookie, "dantin_");
    for (unsigned i = 0; i < 8; i++)
        n += (size_t)snprintf(p->cookie + n, sizeof p->cookie - n, "%02x", hash[i]);
    look(p);
    *ret_people = p;
    return access_open(&p->access, setup->dir);
}

void people_serve(struct people *p, struct http *http)
{
    p->http = http;
}

void people_stop(struct people *p)
{
    if (!p)
        return;
    hasher_close(&p->hasher);
    for (unsigned i = 0; i < WAITING_MAX; i++)
        if (p->waiting[i].ticket != 0 && !p->waiting[i].done)
            people_answered(p, p->waiting[i].ticket, HASHER_FAILED, NULL);
    p->http = NULL; // a request that comes yet does not wait: a suspended one would end the program
}

void people_close(struct people **people)
{
    if (!*people)
        return;
    access_close(&(*people)->access);
    memset(*people, 0, sizeof **people);
    free(*people);
    *people = NULL;
}

const struct person *people_find(struct people *p, struct bytes id)
{
    look(p);
    return persons_find(&p->persons, id);
}

const struct person *people_at(const struct people *p, unsigned i)
{
    return i < p->persons.n ? &p->persons.at[i] : NULL;
}

bool people_guarded(const struct people *p)
{
    return p->setup.access != ACCESS_DESK || p->broken || persons_log_in(&p->persons);
}

struct login *people_login(struct people *p, const struct http_request *q)
{
    const char *key = q->local ? NULL : http_cookie(q, p->cookie);
    return key ? logins_find(&p->logins, bytes_text(key), clock_mono()) : NULL;
}

bool people_in_scope(const struct plan *p, const char *scope, uint32_t unit)
{
    size_t n = sizeof group_start - 1;
    if (!p || unit == PLAN_NONE)
        return false;
    if (strncmp(scope, group_start, n) != 0) {
        uint32_t top = plan_unit_of(p, bytes_text(scope));
        return top != PLAN_NONE && plan_below(p, unit, top);
    }
    for (; unit != PLAN_NONE; unit = p->units[unit].parent)
        if (bytes_same(p->units[unit].group, bytes_text(scope + n)))
            return true;
    return false;
}

// Whether the lines of a body name units, each at least one, that all lie in the scope.
static bool body_in_scope(const struct plan *p, const char *scope, struct bytes body)
{
    char *room = malloc(body.n + 1);
    bool good = body.n > 0;
    if (!room)
        abort();
    for (size_t i = 0; i < body.n && good;) {
        size_t end = i;
        while (end < body.n && body.at[end] != '\n')
            end++;
        size_t n = end - i - (end > i && body.at[end - 1] == '\r');
        struct form form;
        struct form_field f;
        unsigned named = 0;
        int rc;
        form_init(&form, bytes_of(body.at + i, n), room, body.n + 1);
        while (good && (rc = form_next(&form, &f)) != 0) {
            if (rc > 0 && strcmp(f.name, "unit") != 0 && strcmp(f.name, "about") != 0)
                continue;
            named++;
            good = rc > 0 &&
                   people_in_scope(p, scope, plan_unit_of(p, bytes_of(f.value, f.n_value)));
        }
        good = good && (n == 0 || named > 0);
        i = end + 1;
    }
    free(room);
    return good;
}

// The first unit of the scope stands for a unit that is not named.
static bool in_scope(const struct people *p, struct http_request *q, const char *scope)
{
    static char first[CODE_MAX + 1]; // one request at a time
    const struct plan *plan = p->setup.plan(p->setup.ctx);
    const char *unit = http_query(q, "unit");
    if (!plan)
        return false;
    if (unit && !people_in_scope(plan, scope, plan_unit_of(plan, bytes_text(unit))))
        return false;
    if (strcmp(q->method, "POST") == 0)
        return body_in_scope(plan, scope, q->body);
    for (uint32_t u = 0; u < plan->n_units; u++)
        if (people_in_scope(plan, scope, u)) {
            snprintf(first, sizeof first, "%.*s", (int)plan->units[u].code.n,
                     (const char *)plan->units[u].code.at);
            q->unit = first;
            return true;
        }
    return false;
}

// What the session's person may; NULL: nobody has logged in, or what they logged in by is gone.
static const struct person *asker(struct people *p, struct http_request *q)
{
    struct login *s = people_login(p, q);
    const struct person *x = s ? persons_find(&p->persons, bytes_text(s->person)) : NULL;
    if (!x || !x->secret[0] || !x->role || !login_by_secret(s, x->secret)) {
        if (s && !p->broken) // a table that cannot be read for a moment throws nobody out
            login_end(s);
        return NULL;
    }
    q->person = x->id;
    q->who = x;
    q->may = x->role->rights | (x->restricted ? RIGHT_RESTRICTED : 0);
    if (s->confirmed > 0 && clock_mono() - s->confirmed <= LOGIN_CONFIRM_MS)
        q->may |= RIGHT_CONFIRMED;
    return x;
}

static int refuse(struct http_reply *a, int status, const char *why)
{
    http_refuse(a, status, why);
    return -EACCES;
}

static bool any_restricted(const struct plan *p)
{
    bool any = false;
    for (unsigned k = 0; p && k < p->n_kinds; k++)
        any = any || p->restricted[k];
    return any;
}

const struct access_book *people_access(const struct people *p)
{
    return p->access;
}

// Whoever may see contests of a restricted kind and asks for what can hold them is written down first. Where that
// cannot be, they see what everybody sees.
static int note(struct people *p, struct http_request *q, unsigned needs,
                struct http_reply *refusal)
{
    if (!(q->may & RIGHT_RESTRICTED) || !(needs & (RIGHT_READ | RIGHT_OPERATE | RIGHT_AUDIT)) ||
        strcmp(q->method, "GET") != 0 || strcmp(q->path, "/api/events") == 0 ||
        strcmp(q->path, "/api/qr") == 0 || !any_restricted(p->setup.plan(p->setup.ctx)))
        return 0;
    int rc = access_note(p->access, q, clock_now());
    if (rc < 0)
        q->may &= ~(unsigned)RIGHT_RESTRICTED;
    if (rc < 0 && (needs & RIGHT_RESTRICTED))
        return refuse(refusal, 503, "no_restricted_note");
    return 0;
}

int people_admit(void *ctx, struct http_request *q, unsigned needs, struct http_reply *refusal)
{
    struct people *p = ctx;
    unsigned rights = needs & RIGHTS_ALL;
    look(p);
    q->may = q->local ? RIGHTS_ALL : people_guarded(p) ? 0 : p->setup.desk;
    const struct person *x = q->local || q->may ? NULL : asker(p, q);
    if (needs & (HTTP_OPEN | HTTP_LOCAL))
        return 0;
    if (q->local)
        return note(p, q, needs, refusal);
    if (people_guarded(p) && !x)
        return refuse(refusal, 401, "no_login");
    if ((q->may & rights) != rights && !MUTANT(role_left_out))
        return refuse(refusal, 403, x ? "no_right" : "no_right_desk");
    if (x && x->scope[0] && !(needs & ROUTE_SCOPED))
        return refuse(refusal, 403, "no_right_all");
    if (x && x->scope[0] && !in_scope(p, q, x->scope) && !MUTANT(scope_left_out))
        return refuse(refusal, 403, "no_right_unit");
    return note(p, q, needs, refusal);
}

struct bytes people_by(const struct http_request *q, struct bytes said)
{
    return q->person ? bytes_text(q->person) : said;
}

const char *people_unit(const struct http_request *q)
{
    const char *unit = http_query(q, "unit");
    return unit ? unit : q->unit;
}

bool people_scoped(const struct http_request *q)
{
    return q->who && ((const struct person *)q->who)->scope[0];
}

bool people_sees(const struct http_request *q, const struct plan *p, uint32_t unit)
{
    return !people_scoped(q) || people_in_scope(p, ((const struct person *)q->who)->scope, unit);
}

bool people_confirmed(const struct http_request *q, struct http_reply *a)
{
    if (!q->person || (q->may & RIGHT_CONFIRMED))
        return true;
    http_printf(a, "{\"error\":\"give your PIN or password again: this asks for it\",\"confirm\":"
                   "true}");
    a->status = 403;
    return false;
}

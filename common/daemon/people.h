// people.h - who asks, and what they may: one place that judges every request before its route.
//
// By the Unix socket comes who has this machine's user: all rights, and the command names the person.
// By TCP comes whoever the session's cookie names; while access is `desk` and nobody has a secret,
// whoever sits there. What the peer's address looks like decides nothing.
//
// Somebody with a scope reaches only routes that say ROUTE_SCOPED: those whose answer is of one unit,
// named by unit= in the query or by unit= or about= in each line of a body. That it lies in the scope
// is checked here; where a GET names none, http_request.unit is the first one there.
#pragma once
#include "common/net/http.h"
#include "common/office/office.h"
#include "persons.h"

struct people; // owns the table and the sessions
struct daemon;
struct loop;

enum { ROUTE_SCOPED = 1 << 28 }; // with a route's rights

struct people_setup {
    const struct persons_rules *rules;
    const char *dir;
    struct loop *loop;
    unsigned desk;      // rights of whoever sits there while nobody has a secret
    unsigned access;    // enum access
    const uint8_t *key; // of this unit: the cookie's name, since ports of one host share cookies
    const struct plan *(*plan)(void *ctx); // in force, or NULL
    void *ctx;
};
struct access_book;

int people_open(struct people **ret_people, const struct people_setup *setup);
void people_serve(struct people *p, struct http *http); // its replies may wait from here on
void people_stop(struct people *p);                     // what waits is resumed; before http_close
void people_close(struct people **people);

// For http_setup.admit; ctx is a struct people.
int people_admit(void *ctx, struct http_request *q, unsigned needs, struct http_reply *refusal);

// Who read contests of a restricted kind.
const struct access_book *people_access(const struct people *p);
const struct person *people_find(struct people *p, struct bytes id); // NULL: not in the table
const struct person *people_at(const struct people *p,
                               unsigned i); // in the table's order; NULL: no more
static inline bool people_restricted(const struct http_request *q)
{
    return (q->may & RIGHT_RESTRICTED) != 0;
}
// Votes of candidates before the count is finished and the minutes are made: who works with them, and asks.
static inline bool people_votes(const struct http_request *q)
{
    return q->local ||
           ((q->may & (RIGHT_OPERATE | RIGHT_AUDIT)) != 0 && http_query(q, "votes") != NULL);
}
// Who states it: the person who asks, where they are known; else whom the form names.
struct bytes people_by(const struct http_request *q, struct bytes said);
// unit= of the query, else what stands for it; NULL: the own unit.
const char *people_unit(const struct http_request *q);
// Whether a unit is within what the person who asks may see.
bool people_sees(const struct http_request *q, const struct plan *p, uint32_t unit);
bool people_scoped(const struct http_request *q); // the person sees some units only
// For what is asked the secret again. True: it was; else the refusal is filled, and says `confirm`.
bool people_confirmed(const struct http_request *q, struct http_reply *a);

// login.c: routes of both programs; ctx begins with a struct commands_ctx.
void route_who(void *ctx, const struct http_request *q, struct http_reply *a);
void route_login(void *ctx, const struct http_request *q, struct http_reply *a); // person=, secret=
void route_confirm(void *ctx, const struct http_request *q, struct http_reply *a); // secret=
void route_logout(void *ctx, const struct http_request *q, struct http_reply *a);
void route_people(void *ctx, const struct http_request *q, struct http_reply *a);
void route_people_change(void *ctx, const struct http_request *q, struct http_reply *a);
// act=put|remove, id=, name=, role=, scope=, restricted=, password=: by an administrator's page
void route_person(void *ctx, const struct http_request *q, struct http_reply *a);
void route_secret(void *ctx, const struct http_request *q,
                  struct http_reply *a); // password=: one's own
#define PEOPLE_ROUTES                                                                              \
    {"GET", "/api/who", route_who, HTTP_OPEN}, {"POST", "/api/login", route_login, HTTP_OPEN},     \
        {"POST", "/api/confirm", route_confirm, HTTP_OPEN},                                        \
        {"POST", "/api/logout", route_logout, HTTP_OPEN},                                          \
        {"POST", "/api/secret", route_secret, HTTP_OPEN},                                          \
        {"POST", "/api/person", route_person, RIGHT_ADMIN},                                        \
        {"GET", "/api/people", route_people, RIGHT_ADMIN},                                         \
    {                                                                                              \
        "POST", "/api/people", route_people_change, HTTP_LOCAL                                     \
    }

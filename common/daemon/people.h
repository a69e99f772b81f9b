// people.h - who asks, and what they may: the rights that routes need.
//
// By the Unix socket comes who has this machine's user: all rights, and the command names the person.
#pragma once
#include "common/net/http.h"

enum right { // bits of http_route.needs and http_request.may
    RIGHT_READ = 1 << 0,
    RIGHT_ENTER = 1 << 1,      // node: state figures
    RIGHT_CHECK = 1 << 2,      // node: what a second person does
    RIGHT_OPERATE = 1 << 3,    // hub: words about units below, bulletins
    RIGHT_AUDIT = 1 << 4,      // hub: every version, the signed logs
    RIGHT_ADMIN = 1 << 5,      // hub: persons
    RIGHT_RESTRICTED = 1 << 6, // contests of a restricted kind are shown and taken
    RIGHT_CONFIRMED = 1 << 7,  // the secret was given again moments ago
    RIGHTS_ALL = (1 << 8) - 1,
};

struct people { // the rights of whoever comes by TCP
    unsigned desk;
};

// For http_setup.admit; ctx is a struct people.
int people_admit(void *ctx, struct http_request *q, unsigned needs, struct http_reply *refusal);

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

// clerk.h - what the clerk's page and commands ask of the commune's daemon.
#pragma once
#include "common/daemon/commands.h"
#include "common/office/calls.h"
#include "common/office/contacts.h"
#include "common/office/view.h"

struct clerk {
    struct commands_ctx common;    // first: the routes of both programs read it
    uint64_t seen_changes, seen_n; // of the last event
    uint64_t seen_calls;           // how often the local tables were written
    struct contacts *contacts;
    struct calls *calls;
};

extern const struct http_route clerk_routes[];
extern const size_t clerk_n_routes;
char *clerk_event(void *ctx);
// shift.c
void shift_show(void *ctx, const struct http_request *q, struct http_reply *a);
// seal.c
void seal_show(void *ctx, const struct http_request *q, struct http_reply *a);
void seal_say(void *ctx, const struct http_request *q, struct http_reply *a);

// desk.c
int desk_open(void *ctx, struct daemon *d); // NULL: closes what it opened
void desk_place(const struct clerk *c, const struct plan *p, uint32_t unit, json_t *place);
void desk_ballot(const struct fold *f, uint32_t ballot, json_t *j);
// {"word": "none" | "wait" | "phone", "n", "since", "items", "contacts"}: figures that the unit above does
// not have yet, and whom to ring.
json_t *desk_advice(const struct clerk *c, const struct office *o, bool restricted);
void desk_incidents(const struct office *o, json_t *matters); // adds "ring" to each
void desk_call(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_contacts(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_paste(void *ctx, const struct http_request *q, struct http_reply *a);

// clerk.h - what the clerk's page and commands ask of the commune's daemon.
#pragma once
#include "common/daemon/commands.h"

struct clerk {
    struct commands_ctx common;    // first: the routes of both programs read it
    uint64_t seen_changes, seen_n; // of the last event
};

extern const struct http_route clerk_routes[];
extern const size_t clerk_n_routes;
char *clerk_event(void *ctx);
// shift.c
void shift_show(void *ctx, const struct http_request *q, struct http_reply *a);
// seal.c
void seal_show(void *ctx, const struct http_request *q, struct http_reply *a);
void seal_say(void *ctx, const struct http_request *q, struct http_reply *a);

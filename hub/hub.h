// hub.h - a hub's daemon: what the gate, the pages and the operators' desk share.
#pragma once
#include "children.h"
#include "common/daemon/commands.h"
#include "common/office/calls.h"
#include "common/office/contacts.h"
#include "common/office/since.h"
#include "gate.h"

struct hub {
    struct commands_ctx common; // first: the routes of both programs read it
    struct gate *gate;
    struct children *children;
    struct contacts *contacts; // local tables of the duty desk
    struct calls *calls;
    int port;             // of the gate
    uint64_t told_turn;   // up to which turn events were published
    int64_t then_at;      // ms, mono: when the store was last folded for an auditor
    int64_t refusal_told; // ms, mono: when a refused enrolment was last put on standard error
    bool released; // a bulletin, or a word about one, since the last event: no figure changes by it
    struct since since; // the last bulletin
};

extern const struct http_route hub_routes[];
extern const size_t hub_n_routes;
char *hub_event(void *ctx);
int hub_on_open(void *ctx, struct daemon *d); // d NULL: close
int hub_send(void *ctx, uint32_t peer, struct bytes frame);
void hub_drop(void *ctx, uint32_t peer);
bool hub_person(const struct hub *h, struct bytes id); // stands in people.csv

// board.c: what pages and commands read
void board_state(void *ctx, const struct http_request *q, struct http_reply *a);
void board_results(void *ctx, const struct http_request *q, struct http_reply *a);
void board_children(void *ctx, const struct http_request *q, struct http_reply *a);
void board_status(void *ctx, const struct http_request *q, struct http_reply *a);
// The unit asked for, or the hub's own; PLAN_NONE with the reply filled.
uint32_t board_unit(const struct office *o, const struct http_request *q, struct http_reply *a);
json_t *board_path(const struct plan *p, uint32_t unit, struct bytes own); // from there down to it
// monitor.c: the live pages
void monitor_state(void *ctx, const struct http_request *q, struct http_reply *a);
// bulletin.c: what is released
void bulletin_list(void *ctx, const struct http_request *q, struct http_reply *a);
void bulletin_release(void *ctx, const struct http_request *q, struct http_reply *a);
void bulletin_word(void *ctx, const struct http_request *q, struct http_reply *a);
// zero.c
void zero_sheet(void *ctx, const struct http_request *q, struct http_reply *a);
// audit.c: what an auditor asks
void audit_history(void *ctx, const struct http_request *q, struct http_reply *a);
void audit_csv(void *ctx, const struct http_request *q, struct http_reply *a);
void audit_then(void *ctx, const struct http_request *q, struct http_reply *a);
void audit_access(void *ctx, const struct http_request *q, struct http_reply *a);
int command_access(struct cli *cli);
int command_history(struct cli *cli);
int command_then(struct cli *cli);
// sample.c
void sample_sheet(void *ctx, const struct http_request *q, struct http_reply *a); // dice=&n=
// export.c
void export_results(void *ctx, const struct http_request *q, struct http_reply *a);
// watch.c: the duty desk's units, calls and telephone numbers
void watch_state(void *ctx, const struct http_request *q, struct http_reply *a);
void watch_call(void *ctx, const struct http_request *q, struct http_reply *a);
void watch_contacts(void *ctx, const struct http_request *q, struct http_reply *a);
// held.c, incidents.c, heat.c, machines.c, relay.c, groups.c: its other lists and sheets
void held_list(void *ctx, const struct http_request *q, struct http_reply *a);
void incidents_list(void *ctx, const struct http_request *q, struct http_reply *a);
void heat_table(void *ctx, const struct http_request *q, struct http_reply *a);
void machines_list(void *ctx, const struct http_request *q, struct http_reply *a);
void machines_ready(void *ctx, const struct http_request *q, struct http_reply *a);
void relay_look(void *ctx, const struct http_request *q, struct http_reply *a);
void relay_say(void *ctx, const struct http_request *q, struct http_reply *a);
void groups_results(void *ctx, const struct http_request *q, struct http_reply *a);
void groups_bulletin(void *ctx, const struct http_request *q, struct http_reply *a);
// desk.c: what operators do
void desk_token(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_admit(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_retire(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_release(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_erase(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_plan(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_say(void *ctx, const struct http_request *q, struct http_reply *a);
void desk_check(void *ctx, const struct http_request *q, struct http_reply *a); // records nothing

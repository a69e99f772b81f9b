// commands.h - what both programs answer alike: routes of the daemon, and commands of the shell.
#pragma once
#include "common/net/cli.h"
#include "daemon.h"
#include <jansson.h>

// Routes; ctx begins with a struct daemon * (see each program).
struct commands_ctx {
    struct daemon *daemon;
    struct find *find; // made by the first who looks for a unit; the program closes it
};
void route_reconcile(void *ctx, const struct http_request *q, struct http_reply *a);
void route_quarantine(void *ctx, const struct http_request *q, struct http_reply *a);
void route_events(void *ctx, const struct http_request *q, struct http_reply *a);
void route_export_log(void *ctx, const struct http_request *q, struct http_reply *a); // ?own=1
void route_import(void *ctx, const struct http_request *q, struct http_reply *a);
void route_backup(void *ctx, const struct http_request *q, struct http_reply *a); // path=
void route_find(void *ctx, const struct http_request *q, struct http_reply *a);   // lookup.c
void route_plain(void *ctx, const struct http_request *q, struct http_reply *a);  // plainpage.c
void route_figure(void *ctx, const struct http_request *q, struct http_reply *a); // figures.c
void route_zero(void *ctx, const struct http_request *q, struct http_reply *a);
// records.c: the statements behind a figure, with where they stand; ?unit=CODE and act=, or kind=, which=,
// contest=
void route_record(void *ctx, const struct http_request *q, struct http_reply *a);
void reply_json(struct http_reply *a, void *json_t_root);
json_t *reply_quarantine(const struct office *o, const struct http_request *q); // of what they see
// The unit asked for, or the own one; PLAN_NONE: the reply says why there is none.
uint32_t reply_unit(const struct office *o, const struct http_request *q, struct http_reply *a);

// The lines of a POST as statements, said or only checked. about: the child a hub speaks of in a
// line's field `about` (hub true), else own statements.
struct say_options {
    bool check, hub;
    bool (*may)(void *ctx, struct bytes by); // NULL: anybody here
    void *ctx;
};
// A statement to the place it belongs to: it is taken back and said there, in one append. act=, to=
// (a place), contest= where that place votes on several, by=.
void route_move(struct daemon *d, const struct http_request *q, struct http_reply *a);
// Findings of a check as JSON: rule, formula, sides, the sentence in both languages.
json_t *says_findings(const struct office *o, const struct record *r, const struct finding *at,
                      unsigned n);
// By what way a statement comes that does not say it.
enum how says_how(struct daemon *d, const struct http_request *q);
void route_say_lines(struct daemon *d, const struct http_request *q, struct http_reply *a,
                     const struct say_options *s);

// matters.c: incidents, complaints, situations, instructions that stand; ?unit=CODE&kind=NAME
void route_matters(void *ctx, const struct http_request *q, struct http_reply *a);
int command_incidents(struct cli *cli);
// dues.c: what is owed after the vote, by its day; ?unit=CODE&kind=NAME
void route_dues(void *ctx, const struct http_request *q, struct http_reply *a);
int command_dues(struct cli *cli);

int command_verify(struct cli *cli);
int command_config(struct cli *cli);
int command_backup(struct cli *cli);
int command_export(struct cli *cli);        // FILE: own signed runs, or with --all every log
int command_export_sqlite(struct cli *cli); // FILE: all that is held, as tables
int command_import(struct cli *cli);
int command_reconcile(struct cli *cli);
int command_quarantine(struct cli *cli);
int command_zero(struct cli *cli);
// routes.c
json_t *routes_rights(unsigned may); // their names
int command_routes(struct cli *cli, const struct http_route *routes, size_t n);
// peoplecmd.c
int command_people_add(struct cli *cli);
int command_people_list(struct cli *cli);
int command_people_remove(struct cli *cli);
int command_people_secret(struct cli *cli);
// Sends the form of the command's name=value words to the path.
int command_form(struct cli *cli, const char *path, const char *prefix);
int command_query(struct cli *cli, const char *path); // asks the path, with the words as its query

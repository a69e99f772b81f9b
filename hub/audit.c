// audit.c - what an auditor asks of a hub: every version, what was here at a moment, exports.
#include "common/base/figure.h"
#include "common/base/moment.h"
#include "common/daemon/access.h"
#include "common/office/history.h"
#include "common/office/words.h"
#include "hub.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THEN_PACE_MS = 1000 }; // a whole store is folded for one answer: not more often than this

static struct office *office_of(void *ctx)
{
    return daemon_office(((struct hub *)ctx)->common.daemon);
}

static struct bytes word(const struct http_request *q, const char *name)
{
    const char *text = http_query(q, name);
    return bytes_text(text ? text : "");
}

// page=N from 1; false with the reply filled.
static bool page_asked(const struct http_request *q, unsigned *ret, struct http_reply *a)
{
    struct bytes text = word(q, "page");
    uint64_t n = 1;
    if (text.n > 0 && (figure_read(text, &n) != FIGURE_GOOD || n < 1 || n > HISTORY_PAGES)) {
        http_refuse(a, 422, "page= is a number from 1 on");
        return false;
    }
    *ret = (unsigned)n - 1;
    return true;
}

// only=late,relayed: any of them.
static bool marks_asked(const struct http_request *q, unsigned *ret, struct http_reply *a)
{
    struct bytes text = word(q, "only");
    *ret = 0;
    for (size_t i = 0, end; i < text.n; i = end + 1) {
        const uint8_t *comma = memchr(text.at + i, ',', text.n - i);
        unsigned mark;
        end = comma ? (size_t)(comma - text.at) : text.n;
        if (!history_mark_named(bytes_of(text.at + i, end - i), &mark)) {
            http_refuse(a, 422,
                        "only= is one or more of changed, conflict, held_back, released, verdict, "
                        "late, came_late, relayed, behalf, not_counted, retired, old, clock");
            return false;
        }
        *ret |= mark;
    }
    return true;
}

static bool asked(const struct office *o, const struct http_request *q, struct history_asked *x,
                  struct http_reply *a)
{
    struct bytes kind = word(q, "kind");
    const struct record_spec *s = kind.n > 0 ? record_spec_named(kind) : NULL;
    *x = (struct history_asked){.person = word(q, "person"),
                                .contest = word(q, "contest"),
                                .restricted = people_restricted(q),
                                .votes = people_votes(q)};
    x->unit = reply_unit(o, q, a);
    if (x->unit == PLAN_NONE || !page_asked(q, &x->page, a) || !marks_asked(q, &x->only, a))
        return false;
    if (x->person.n > PERSON_MAX || x->contest.n > CODE_MAX) {
        http_refuse(a, 422, "person= has at most 64 bytes, contest= at most 80");
        return false;
    }
    if (kind.n > 0 && !s) {
        http_refuse(a, 422, "kind= is the name of a kind of record: turnout, tally, step ...");
        return false;
    }
    x->kind = s ? s->kind : 0;
    return true;
}

void audit_history(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct office *o = office_of(ctx);
    struct history_asked x;
    if (!asked(o, q, &x, a))
        return;
    json_t *j = history_view(o, &x);
    if (!j) {
        http_refuse(a, 500, "no_store_read");
        return;
    }
    json_object_set_new(j, "as_of", json_integer((json_int_t)daemon_now().wall));
    json_object_set_new(j, "unit", view_unit(office_plan(o), x.unit));
    json_object_set_new(j, "election", view_election(o));
    json_object_set_new(j, "cutoffs", view_cutoffs(office_plan(o)));
    json_object_set_new(j, "hidden", json_integer(view_hidden(office_plan(o), x.restricted)));
    reply_json(a, j);
}

void audit_csv(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct office *o = office_of(ctx);
    struct history_asked x;
    uint32_t more;
    if (!asked(o, q, &x, a))
        return;
    a->body = history_csv(o, &x, &a->n, &more);
    if (!a->body) {
        http_refuse(a, 500, "no_store_read");
    } else if (more > 0) {
        free(a->body);
        a->body = NULL;
        http_refuse(a, 413, "no_rows_so_many");
    } else {
        struct bytes only = word(q, "only");
        bool plain = only.n > 0 && only.n < 40 && !memchr(only.at, ',', only.n);
        a->type = "text/csv; charset=utf-8";
        snprintf(a->filename, sizeof a->filename, "%.*s.csv", plain ? (int)only.n : 7,
                 plain ? (const char *)only.at : "history");
    }
}

void audit_then(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct office *o = office_of(ctx);
    struct moment now = daemon_now();
    struct bytes at = word(q, "at"), basis = word(q, "basis");
    struct history_then x = {.restricted = people_restricted(q), .votes = people_votes(q)};
    json_t *j = NULL;
    x.unit = reply_unit(o, q, a);
    if (x.unit == PLAN_NONE || !page_asked(q, &x.page, a))
        return;
    if (moment_read(at, now.wall, &x.at) < 0) {
        http_refuse(a, 422, "at= is a moment: 14:15, or 14:15 22/05/2022");
        return;
    }
    x.entered = bytes_same(basis, bytes_text("entered"));
    x.all = bytes_same(word(q, "all"), bytes_text("1"));
    if (basis.n > 0 && !x.entered && !bytes_same(basis, bytes_text("stored"))) {
        http_refuse(a, 422, "basis= is stored or entered");
        return;
    }
    if (h->then_at != 0 && now.mono - h->then_at < THEN_PACE_MS) {
        http_refuse(a, 429, "no_asked_just_now");
        return;
    }
    int rc = history_then(o, &x, &j);
    h->then_at = daemon_now().mono;
    if (rc < 0) {
        http_refuse(a, 500, strerror(-rc));
        return;
    }
    json_object_set_new(j, "as_of", json_integer((json_int_t)now.wall));
    json_object_set_new(j, "unit", view_unit(office_plan(o), x.unit));
    json_object_set_new(j, "election", view_election(o));
    json_object_set_new(j, "cutoffs", view_cutoffs(office_plan(o)));
    reply_json(a, j);
}

void audit_access(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct daemon *d = ((struct hub *)ctx)->common.daemon;
    (void)q;
    reply_json(a, json_pack("{s:I,s:i,s:o}", "as_of", (json_int_t)daemon_now().wall, "most",
                            ACCESS_ROWS, "rows", access_view(people_access(daemon_people(d)))));
}

int command_access(struct cli *cli)
{
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "GET", "/api/access", NULL);
}

int command_history(struct cli *cli)
{
    return command_query(cli, "/api/history");
}

int command_then(struct cli *cli)
{
    return command_query(cli, "/api/then");
}

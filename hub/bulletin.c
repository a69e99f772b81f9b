// bulletin.c - what a hub releases: the list of bulletins, a new one, a pause, the end of it.
#include "common/base/clock.h"
#include "common/base/figure.h"
#include "common/daemon/bulletins.h"
#include "common/office/release.h"
#include "common/office/view.h"
#include "common/office/words.h"
#include "hub.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FORM_MAX = 4096 };

struct asked { // the form of an operator's request
    char room[FORM_MAX];
    struct bytes by, why, word, number, cutoff;
    uint64_t act;
};

static bool read_form(struct hub *h, const struct http_request *q, struct http_reply *a,
                      struct asked *x)
{
    static const char *const names[] = {"by", "why", "word", "number", "cutoff"};
    struct bytes *const to[] = {&x->by, &x->why, &x->word, &x->number, &x->cutoff};
    struct form form;
    struct form_field f;
    int rc;
    memset(x, 0, sizeof *x);
    x->act = clock_random64();
    form_init(&form, q->body, x->room, sizeof x->room);
    while ((rc = form_next(&form, &f)) == 1) {
        for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
            if (strcmp(f.name, names[i]) == 0)
                *to[i] = bytes_of(f.value, f.n_value);
        if (strcmp(f.name, "act") == 0 && parse_act(bytes_of(f.value, f.n_value), &x->act) < 0)
            rc = -EINVAL;
        if (rc < 0)
            break;
    }
    if (rc < 0 || x->by.n > PERSON_MAX || x->why.n > WHY_MAX) {
        http_refuse(a, 422, "no_form");
        return false;
    }
    x->by = people_by(q, x->by);
    if (hub_person(h, x->by))
        return true;
    http_refuse(a, 403,
                "who does this? --as PERSON, with the id of a line in people.csv (owner-only, "
                "columns id,name)");
    return false;
}

static json_t *view_release(const struct release *r)
{
    static const char *const states[] = {"valid", "paused", "withdrawn"};
    return json_pack("{s:i,s:i,s:I,s:o,s:s,s:o,s:o,s:o,s:o}", "number", (int)r->number, "cutoff",
                     (int)r->cutoff, "at", (json_int_t)r->at, "by", view_bytes(r->by), "state",
                     states[r->state], "why", view_bytes(r->why), "act", view_id(r->act), "hash",
                     view_hex(r->hash), "text", view_bytes(r->text));
}

void bulletin_list(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct hub *)ctx)->common.daemon);
    json_t *list = json_array();
    struct release r;
    uint32_t at = 0;
    (void)q;
    while (release_each(o, &at, &r))
        json_array_append_new(list, view_release(&r));
    reply_json(a, json_pack("{s:o}", "bulletins", list));
}

static void refuse(struct hub *h, struct http_reply *a, int rc)
{
    bool ours = rc == -ENOENT || rc == -EMSGSIZE || rc == -ERANGE || rc == -EINVAL;
    daemon_turned(h->common.daemon, ours ? 0 : rc);
    if (rc == -ENOENT)
        http_refuse(a, 404, "no_contest_shown");
    else if (rc == -EMSGSIZE)
        http_refuse(a, 413, "no_bulletin_so_long");
    else if (rc == -ERANGE)
        http_refuse(a, 409, "no number is left for another bulletin");
    else if (rc == -EINVAL)
        http_refuse(a, 422, "a field cannot be read: is the reason one line of text?");
    else
        daemon_refuse(a, rc);
}

static void reply_release(const struct office *o, uint64_t act, struct http_reply *a)
{
    struct release r;
    if (release_of_act(o, act, &r))
        reply_json(a, view_release(&r));
    else
        http_refuse(a, 500, "the bulletin was said and is not found");
}

// A hub that has just started may hold less of its own reports than its parent does: numbers go on there.
static bool must_wait(const struct office *o, struct http_reply *a)
{
    bool wait = office_wait(o, daemon_now()) > 0;
    if (wait)
        http_refuse(a, 503,
                    "this hub has just started and asks its parent what it said: try again");
    return wait;
}

// The same act again is answered with what it released.
void bulletin_release(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    const struct plan *p = office_plan(o);
    struct moment now = daemon_now();
    struct bulletin_traits traits;
    struct release again;
    struct asked x;
    unsigned number;
    if (!read_form(h, q, a, &x) || must_wait(o, a))
        return;
    // Fields end with a NUL: a cut-off that is not given is the last one due.
    int cutoff = p ? bulletins_cutoff(p, (const char *)x.cutoff.at, now.wall) : -ENOENT;
    uint32_t unit = p ? plan_unit_of(p, code_bytes(&office_identity(o)->unit)) : PLAN_NONE;
    if (cutoff < 0 || unit == PLAN_NONE) {
        http_refuse(a, p ? 422 : 503,
                    p ? "cutoff= is the number of a cut-off of the plan" : "no_plan");
        return;
    }
    if (release_of_act(o, x.act, &again)) {
        reply_json(a, view_release(&again));
        return;
    }
    struct release_ask ask = {.act = x.act, .by = x.by, .cutoff = (unsigned)cutoff, .now = now};
    ask.statistics = bulletins_statistics(h->common.daemon, unit, &traits);
    int rc = release_make(o, &ask, &number);
    traits_close(&traits.file);
    if (rc < 0) {
        refuse(h, a, rc);
        return;
    }
    h->released = true;
    daemon_turned(h->common.daemon, 0);
    reply_release(o, x.act, a);
}

void bulletin_word(void *ctx, const struct http_request *q, struct http_reply *a)
{
    static const struct {
        const char *word;
        unsigned kind;
    } words[] = {{"pause", KIND_PAUSE}, {"resume", KIND_RESUME}, {"withdraw", KIND_VOID}};
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    struct asked x;
    uint64_t number = 0;
    unsigned kind = 0;
    if (!read_form(h, q, a, &x) || must_wait(o, a))
        return;
    for (unsigned i = 0; i < 3; i++)
        if (bytes_same(x.word, bytes_text(words[i].word)))
            kind = words[i].kind;
    if (kind == 0 || figure_read(x.number, &number) != FIGURE_GOOD || number > UINT32_MAX) {
        http_refuse(a, 422, "word= is pause, resume or withdraw, number= that of a bulletin");
        return;
    }
    if (kind != KIND_RESUME && x.why.n == 0) {
        http_refuse(a, 422, "why? --why is missing");
        return;
    }
    int rc = release_word(o, kind, (unsigned)number, x.by, x.why, x.act, daemon_now());
    if (rc == -ENOENT) {
        http_refuse(a, 404, "no bulletin of that number was released: see dantin-hub bulletins");
    } else if (rc < 0) {
        refuse(h, a, rc);
    } else {
        struct release r;
        h->released = true;
        daemon_turned(h->common.daemon, 0);
        if (release_find(o, (unsigned)number, &r))
            reply_json(a, view_release(&r));
    }
}

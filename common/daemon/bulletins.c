// bulletins.c - the quick report and the statistics as node and hub both answer them.
#include "bulletins.h"
#include "common/base/figure.h"
#include "common/election/bulletin.h"
#include "common/office/view.h"
#include "common/office/words.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const form_names[] = {"text", "short", "table"};
enum { N_FORMS = sizeof form_names / sizeof form_names[0] };

// The unit asked for, or the own one: one that a bulletin can be of. PLAN_NONE: the reply says why.
static uint32_t unit_asked(struct daemon *d, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(d);
    const struct plan *p = office_plan(o);
    uint32_t unit = reply_unit(o, q, a);
    if (unit != PLAN_NONE && p->units[unit].place) {
        http_refuse(a, 422, "no_bulletin_of_place");
        unit = PLAN_NONE;
    }
    return unit;
}

int bulletins_cutoff(const struct plan *p, const char *word, int64_t now)
{
    uint64_t n = plan_cutoff_due(p, now);
    if (word && *word && figure_read(bytes_text(word), &n) != FIGURE_GOOD)
        return -EINVAL;
    return n > p->n_cutoffs ? -EINVAL : (int)n;
}

const struct statistics *bulletins_statistics(struct daemon *d, uint32_t unit,
                                              struct bulletin_traits *ret)
{
    const struct fold *f = office_fold(daemon_office(d));
    memset(ret, 0, sizeof *ret);
    int rc = traits_open(&ret->file, daemon_dir(d), f->plan);
    if (rc < 0 && rc != -ENOENT)
        fprintf(stderr, "%s/%s: %s\n", daemon_dir(d), TRAITS_FILE, strerror(-rc));
    if (rc < 0)
        return NULL;
    statistics_find(f, unit, traits_of(ret->file), traits_year(f->plan, daemon_now().wall),
                    &ret->statistics);
    return &ret->statistics;
}

static int form_asked(const struct http_request *q)
{
    const char *word = http_query(q, "form");
    for (int i = 0; i < N_FORMS; i++)
        if (!word || strcmp(word, form_names[i]) == 0)
            return i;
    return -1;
}

static void write_bulletin(struct bulletin *b, int form, struct http_reply *a)
{
    size_t cap = form == BULLETIN_TABLE ? BULLETIN_TABLE_MAX + 1 : BULLETIN_TEXT_MAX + 1;
    char *text = malloc(cap);
    if (!text)
        abort();
    int rc = bulletin_write(b, (enum bulletin_form)form, text, cap);
    if (rc == -ENOENT)
        http_refuse(a, 404, "no_contest_shown");
    else if (rc < 0)
        http_refuse(a, 413, "no_bulletin_so_long");
    else
        reply_json(a, json_pack("{s:o,s:i,s:s,s:I,s:s}", "unit",
                                view_bytes(b->fold->plan->units[b->unit].code), "cutoff",
                                (int)b->cutoff, "form", form_names[form], "as_of",
                                (json_int_t)b->now, "text", text));
    free(text);
}

void route_bulletin(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct daemon *d = ((struct commands_ctx *)ctx)->daemon;
    uint32_t unit = unit_asked(d, q, a);
    struct bulletin_traits traits;
    if (unit == PLAN_NONE)
        return;
    const struct office *o = daemon_office(d);
    struct bulletin b = {.fold = office_fold(o), .unit = unit, .now = daemon_now().wall};
    int form = form_asked(q),
        cutoff = bulletins_cutoff(b.fold->plan, http_query(q, "cutoff"), b.now);
    if (form < 0 || cutoff < 0) {
        http_refuse(a, 422,
                    form < 0 ? "form= is text, short or table"
                             : "cutoff= is the number of a cut-off of the plan, from 1");
        return;
    }
    b.cutoff = (unsigned)cutoff;
    b.drill = office_identity(o)->drill;
    b.statistics = bulletins_statistics(d, unit, &traits);
    write_bulletin(&b, form, a);
    traits_close(&traits.file);
}

int command_bulletin(struct cli *cli)
{
    char *query = NULL, *path = NULL, *text = NULL;
    long status = 0;
    int rc = cli_form(cli, &query);
    if (rc != CLI_OK)
        return rc;
    if (asprintf(&path, "/api/bulletin%s%s", *query ? "?" : "", query) < 0)
        abort();
    if (cli->json) {
        rc = cli_show(cli, "GET", path, NULL);
    } else {
        rc = cli_call(cli, "GET", path, NULL, &text, &status);
        json_t *reply = rc == CLI_OK ? json_loads(text, 0, NULL) : NULL;
        const char *said =
            json_string_value(json_object_get(reply, status == 200 ? "text" : "error"));
        if (rc == CLI_OK)
            fprintf(status == 200 ? stdout : stderr, "%s%s", said ? said : text,
                    said && *said && said[strlen(said) - 1] == '\n' ? "" : "\n");
        rc = rc == CLI_OK && status != 200 ? CLI_WRONG : rc;
        json_decref(reply);
    }
    free(query);
    free(path);
    free(text);
    return rc;
}

static json_t *levels_of(const struct statistics *s, const uint32_t *n)
{
    json_t *j = json_object();
    for (unsigned i = 0; i < s->traits->n_levels; i++)
        if (n[i] > 0)
            json_object_setn_new(j, (const char *)s->traits->levels[i].at, s->traits->levels[i].n,
                                 json_integer(n[i]));
    return j;
}

void route_statistics(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct daemon *d = ((struct commands_ctx *)ctx)->daemon;
    uint32_t unit = unit_asked(d, q, a);
    struct bulletin_traits traits;
    if (unit == PLAN_NONE)
        return;
    const struct statistics *s = bulletins_statistics(d, unit, &traits);
    if (!s) {
        http_refuse(a, 404, "no_traits");
        return;
    }
    json_t *j = json_pack("{s:o,s:I,s:I,s:I}", "unit",
                          view_bytes(office_plan(daemon_office(d))->units[unit].code), "contests",
                          (json_int_t)s->contests, "decided", (json_int_t)s->decided, "elected",
                          (json_int_t)s->elected);
    for (unsigned i = 0; i < STATISTICS; i++)
        json_object_set_new(
            j, statistic_name((enum statistic)i),
            json_pack("{s:I,s:I,s:o,s:o}", "n", (json_int_t)s->of[i].n, "known",
                      (json_int_t)s->of[i].known, "target",
                      s->of[i].target > 0 ? json_integer(s->of[i].target) : json_null(), "reached",
                      s->of[i].target > 0 && s->of[i].known > 0
                          ? json_boolean((uint64_t)s->of[i].n * 100 >=
                                         (uint64_t)s->of[i].target * s->of[i].known)
                          : json_null()));
    json_object_set_new(j, "schooling_levels", levels_of(s, s->schooling));
    json_object_set_new(j, "theory_levels", levels_of(s, s->theory));
    traits_close(&traits.file);
    reply_json(a, j);
}

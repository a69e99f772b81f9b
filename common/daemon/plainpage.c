// plainpage.c - one unit for browsers without scripts: totals, what is due, who is missing, results.
#include "commands.h"
#include "plaininside.h"
#include "common/base/figure.h"
#include <stdio.h>
#include <string.h>

static void put_head(struct page *g, const char *name)
{
    const struct plan_unit *u = &g->p->units[g->unit];
    char href[CELL], text[CELL], when[CELL];
    struct office_link_state link;
    if (office_identity(g->o)->drill)
        html_line(&g->t, HTML_LOUD, plain_say(g, "drill_band"));
    html_line(&g->t, HTML_TITLE, name);
    html_line(&g->t, HTML_PLAIN, plain_copy(g->p->title.n ? g->p->title : g->p->label, text));
    snprintf(text, sizeof text, "%s: %s", plain_say(g, "head_as_of"),
             plain_moment(g, g->now, when));
    html_line(&g->t, HTML_PLAIN, text);
    html_line(&g->t, HTML_PLAIN, plain_say(g, "provisional_note"));
    if (office_identity(g->o)->n_signers > 0) {
        office_parent(g->o, &link);
        snprintf(text, sizeof text, "%s: %s", plain_say(g, "head_link"), plain_link_word(g, &link));
        html_line(&g->t, HTML_PLAIN, text);
    }
    if (office_taking(g->o) != TAKING)
        html_line(&g->t, HTML_LOUD, plain_word(g, "bar", taking_name(office_taking(g->o))));
    if (g->unit != g->own) {
        const struct plan_unit *above = &g->p->units[u->parent];
        char up[CELL];
        plain_fill(g, "plain_up", "name", plain_copy(above->name, text), up);
        html_link(&g->t, plain_to_unit(g, above->code, href), up);
    }
    html_link(&g->t, plain_to_unit(g, u->code, href), plain_say(g, "plain_again"));
    g->language ^= LANGUAGE_VI ^ LANGUAGE_EN;
    plain_to_unit(g, u->code, href);
    g->language ^= LANGUAGE_VI ^ LANGUAGE_EN;
    html_link(&g->t, href, plain_say(g, "other_language"));
    html_link(&g->t, "./", plain_say(g, "plain_full"));
}

static void put_totals(struct page *g, const json_t *totals)
{
    static const char *const counts[] = {"opened",      "closed",    "tallied",   "minutes",
                                         "quarantined", "conflicts", "incidents", "severe",
                                         "postponed",   "reruns"};
    size_t i;
    json_t *t;
    json_array_foreach(totals, i, t)
    {
        char caption[CELL], figure[CELL];
        struct html_cell head[2] = {{plain_say(g, "plain_what"), NULL, false},
                                    {plain_say(g, "plain_figure"), NULL, true}};
        snprintf(caption, sizeof caption, "%s%s%s", plain_say(g, "plain_totals"),
                 json_array_size(totals) > 1 ? ": " : "",
                 json_array_size(totals) > 1 ? plain_string(t, "kind") : "");
        html_open(&g->t, caption, head, 2);
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
            json_int_t n = plain_number(t, counts[k]);
            if (k < 4)
                plain_n_of(n, plain_number(t, "places"), figure);
            else
                figure_write((uint64_t)n, figure);
            html_row(&g->t,
                     (struct html_cell[]){{plain_word(g, "c", counts[k]), NULL, false},
                                          {figure, NULL, true}},
                     2);
        }
        html_shut(&g->t);
    }
}

// Each cut-off with its time, how many of those due have reported, and what they come to.
static void put_cutoffs(struct page *g, const json_t *totals)
{
    struct html_cell head[] = {{plain_say(g, "plain_cutoff"), NULL, false},
                               {plain_say(g, "plain_at"), NULL, false},
                               {plain_say(g, "plain_reported"), NULL, true},
                               {plain_say(g, "turnout"), NULL, true}};
    const json_t *t = json_array_get(totals, 0);
    html_open(&g->t, plain_say(g, "head_next"), head, 4);
    for (unsigned i = 0; t && i < g->p->n_cutoffs; i++) {
        const json_t *c = json_array_get(json_object_get(t, "turnout"), i);
        char name[CELL], at[CELL], reported[CELL], figure[CELL];
        plain_copy(g->p->cutoffs[i].name, name);
        plain_moment(g, g->p->cutoffs[i].at, at);
        plain_n_of(plain_number(c, "places"), plain_number(c, "due"), reported);
        if (plain_number(c, "places") > 0)
            plain_share(g, plain_number(c, "voted"), json_object_get(c, "voters"), figure);
        else
            snprintf(figure, sizeof figure, "%s", plain_say(g, "none"));
        html_row(&g->t,
                 (struct html_cell[]){{name, NULL, false},
                                      {at, NULL, false},
                                      {plain_number(c, "due") > 0 ? reported : "–", NULL, true},
                                      {figure, NULL, true}},
                 4);
    }
    html_shut(&g->t);
}

static bool owes(const struct page *g, uint32_t unit)
{
    return report_of(g->f, unit, g->now, g->restricted) == REPORT_MISSING;
}

// Places whose report is past its time, with the unit above each.
static void put_missing(struct page *g)
{
    struct html_cell head[] = {{plain_say(g, "col_place"), NULL, false},
                               {plain_say(g, "plain_code"), NULL, false},
                               {plain_say(g, "col_unit"), NULL, false}};
    uint32_t n = 0;
    for (uint32_t i = g->unit; i < g->unit + g->p->units[g->unit].size; i++)
        n += g->p->units[i].place && owes(g, i);
    if (n == 0) {
        html_line(&g->t, HTML_PLAIN, plain_say(g, "plain_nobody"));
        return;
    }
    html_open(&g->t, plain_say(g, "plain_missing"), head, 3);
    for (uint32_t i = g->unit, shown = 0;
         i < g->unit + g->p->units[g->unit].size && shown < MISSING_SHOWN; i++) {
        const struct plan_unit *u = &g->p->units[i];
        char name[CELL], code[CELL], above[CELL], href[CELL];
        if (!u->place || !owes(g, i))
            continue;
        const struct plan_unit *parent = &g->p->units[u->parent == PLAN_NONE ? i : u->parent];
        html_row(&g->t,
                 (struct html_cell[]){{plain_copy(u->name, name), NULL, false},
                                      {plain_copy(u->code, code), NULL, false},
                                      {plain_copy(parent->name, above),
                                       plain_to_unit(g, parent->code, href), false}},
                 3);
        shown++;
    }
    html_shut(&g->t);
    if (n > MISSING_SHOWN) {
        char left[FIGURE_TEXT], text[CELL];
        plain_fill(g, "plain_more", "n", figure_write(n - MISSING_SHOWN, left), text);
        html_line(&g->t, HTML_PLAIN, text);
    }
}

void route_plain(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct commands_ctx *)ctx)->daemon);
    const char *code = http_query(q, "unit"), *lang = http_query(q, "lang");
    struct bytes own = code_bytes(&office_identity(o)->unit);
    struct page g = {.o = o, .f = office_fold(o), .p = office_plan(o), .now = daemon_now().wall};
    char name[CELL];
    g.language = lang && strcmp(lang, "en") == 0 ? LANGUAGE_EN : LANGUAGE_VI;
    g.restricted = people_restricted(q);
    code = code ? code : q->unit;
    g.own = g.p ? plan_unit_of(g.p, own) : PLAN_NONE;
    g.unit = g.p && code ? plan_unit_of(g.p, bytes_text(code)) : g.own;
    plain_copy(g.unit == PLAN_NONE ? own : g.p->units[g.unit].name, name);
    html_begin(&g.t, g.language == LANGUAGE_EN ? "en" : "vi", name);
    if (g.unit == PLAN_NONE) {
        a->status = g.p ? 404 : 503;
        html_line(&g.t, HTML_TITLE, name);
        html_line(&g.t, HTML_LOUD, plain_say(&g, g.p ? "no_such_unit" : "bar_no_plan"));
    } else {
        json_t *totals = view_totals(g.f, g.unit, g.now, g.restricted);
        put_head(&g, name);
        put_missing(&g);
        if (!g.p->units[g.unit].place)
            put_cutoffs(&g, totals);
        plain_units(&g);
        plain_places(&g);
        if (!g.p->units[g.unit].place)
            put_totals(&g, totals);
        plain_results(&g);
        json_decref(totals);
    }
    a->type = "text/html; charset=utf-8";
    a->body = html_end(&g.t, plain_say(&g, "plain_cut"), &a->n);
}

// plaintables.c - units, places and results as tables of the page without scripts.
#include "plaininside.h"
#include "common/base/figure.h"
#include <stdio.h>
#include <string.h>

// A figure of a place with its state, where that is more than that it is here.
static const char *fact(const struct page *g, const json_t *fact, const char *figure, char to[CELL])
{
    const char *state = plain_string(fact, "state");
    if (!fact || strcmp(state, "missing") == 0)
        snprintf(to, CELL, "%s", plain_say(g, "none"));
    else if (strcmp(state, "value") == 0)
        snprintf(to, CELL, "%s", figure);
    else
        snprintf(to, CELL, "%s (%s)", figure, plain_word(g, "state", state));
    return to;
}

static void put_place(struct page *g, uint32_t unit, uint32_t ballot)
{
    json_t *j = view_ballot(g->f, ballot);
    const json_t *steps = json_object_get(j, "steps"), *voters = json_object_get(j, "voters");
    char text[PAGE_COLUMNS][CELL], when[CELL];
    struct html_cell cells[PAGE_COLUMNS];
    unsigned n = 0;
    const char *const ends[] = {"opened", "closed"};
    plain_copy(g->p->units[unit].name, text[n]);
    if (g->p->units[unit].n_ballots > 1)
        snprintf(text[n] + strlen(text[n]), CELL - strlen(text[n]), ": %s",
                 plain_string(j, "contest_name"));
    plain_copy(g->p->units[unit].code, text[++n]);
    snprintf(text[++n], CELL, "%s", plain_say(g, "none"));
    if (json_is_integer(voters))
        figure_write((uint64_t)json_integer_value(voters), text[n]);
    for (unsigned i = 0; i < g->p->n_cutoffs; i++) {
        const json_t *t = json_array_get(json_object_get(j, "turnout"), i);
        const json_t *base = json_object_get(t, "eligible");
        plain_share(g, plain_number(t, "voted"), json_is_integer(base) ? base : voters, when);
        fact(g, t, when, text[++n]);
    }
    for (unsigned i = 0; i < 2; i++) {
        const json_t *s = json_object_get(steps, ends[i]);
        fact(g, s, plain_moment(g, plain_number(s, "at"), when), text[++n]);
    }
    const json_t *tally = json_object_get(j, "tally");
    fact(g, tally, plain_say(g, "tallied"), text[++n]);
    snprintf(text[++n], CELL, "%s",
             plain_word(g, "report", report_name(report_of(g->f, unit, g->now, g->restricted))));
    for (unsigned i = 0; i <= n; i++)
        cells[i] = (struct html_cell){text[i], NULL, i >= 2 && i < 3 + g->p->n_cutoffs};
    html_row(&g->t, cells, n + 1);
    json_decref(j);
}

void plain_places(struct page *g)
{
    const struct plan_unit *top = &g->p->units[g->unit];
    struct html_cell head[PAGE_COLUMNS];
    char names[PLAN_CUTOFFS_MAX][CELL];
    unsigned n = 0;
    bool any = false;
    for (uint32_t i = g->unit; i < g->unit + top->size; i++)
        any = any || (g->p->units[i].place && (i == g->unit || g->p->units[i].parent == g->unit));
    if (!any)
        return;
    head[n++] = (struct html_cell){plain_say(g, "col_place"), NULL, false};
    head[n++] = (struct html_cell){plain_say(g, "plain_code"), NULL, false};
    head[n++] = (struct html_cell){plain_say(g, "col_voters"), NULL, true};
    for (unsigned i = 0; i < g->p->n_cutoffs; i++)
        head[n++] = (struct html_cell){plain_copy(g->p->cutoffs[i].name, names[i]), NULL, true};
    head[n++] = (struct html_cell){plain_say(g, "col_opened"), NULL, false};
    head[n++] = (struct html_cell){plain_say(g, "col_closed"), NULL, false};
    head[n++] = (struct html_cell){plain_say(g, "col_tallied"), NULL, false};
    head[n++] = (struct html_cell){plain_say(g, "col_report"), NULL, false};
    html_open(&g->t, plain_say(g, "places_title"), head, n);
    for (uint32_t i = g->unit; i < g->unit + top->size; i++) {
        const struct plan_unit *u = &g->p->units[i];
        for (uint32_t b = u->first_ballot; u->place && b < u->first_ballot + u->n_ballots; b++)
            if ((i == g->unit || u->parent == g->unit) &&
                view_shown(g->p, g->p->contests[g->p->ballots[b].contest].kind, g->restricted))
                put_place(g, i, b);
    }
    html_shut(&g->t);
}

// What one unit below has, for its first kind of contest.
static void put_unit(struct page *g, uint32_t unit, unsigned due)
{
    const struct plan_unit *u = &g->p->units[unit];
    json_t *totals = view_totals(g->f, unit, g->now, g->restricted), *t = json_array_get(totals, 0);
    const json_t *c = json_array_get(json_object_get(t, "turnout"), due - 1);
    char name[CELL], code[CELL], href[CELL], reported[CELL], figure[CELL], opened[CELL],
        tallied[CELL], waiting[FIGURE_TEXT];
    struct office_link_state link = {0};
    bool known = office_child(g->o, u->code, &link) || office_word(g->o, u->code, &link);
    snprintf(reported, sizeof reported, "–");
    snprintf(figure, sizeof figure, "%s", plain_say(g, "none"));
    if (c && plain_number(c, "due") > 0)
        plain_n_of(plain_number(c, "places"), plain_number(c, "due"), reported);
    if (c && plain_number(c, "places") > 0)
        plain_share(g, plain_number(c, "voted"), json_object_get(c, "voters"), figure);
    struct html_cell cells[] = {
        {plain_copy(u->name, name), plain_to_unit(g, u->code, href), false},
        {plain_copy(u->code, code), NULL, false},
        {known ? plain_link_word(g, &link) : "–", NULL, false},
        {plain_word(g, "report", report_name(report_of(g->f, unit, g->now, g->restricted))), NULL,
         false},
        {reported, NULL, true},
        {figure, NULL, true},
        {plain_n_of(plain_number(t, "opened"), plain_number(t, "places"), opened), NULL, true},
        {plain_n_of(plain_number(t, "tallied"), plain_number(t, "places"), tallied), NULL, true},
        {figure_write((uint64_t)plain_number(t, "quarantined"), waiting), NULL, true}};
    html_row(&g->t, cells, sizeof cells / sizeof cells[0]);
    json_decref(totals);
}

void plain_units(struct page *g)
{
    const struct plan_unit *top = &g->p->units[g->unit];
    unsigned due = plan_cutoff_due(g->p, g->now);
    struct html_cell head[] = {
        {plain_say(g, "col_unit"), NULL, false},      {plain_say(g, "plain_code"), NULL, false},
        {plain_say(g, "col_link"), NULL, false},      {plain_say(g, "col_report"), NULL, false},
        {plain_say(g, "plain_reported"), NULL, true}, {plain_say(g, "turnout"), NULL, true},
        {plain_say(g, "c_opened"), NULL, true},       {plain_say(g, "c_tallied"), NULL, true},
        {plain_say(g, "c_quarantined"), NULL, true}};
    bool any = false;
    for (uint32_t i = g->unit + 1; i < g->unit + top->size; i += g->p->units[i].size) {
        if (g->p->units[i].place)
            continue;
        if (!any)
            html_open(&g->t, plain_say(g, "plain_below"), head, sizeof head / sizeof head[0]);
        any = true;
        put_unit(g, i, due);
    }
    if (any)
        html_shut(&g->t);
}

static void put_contest(struct page *g, const json_t *k)
{
    char need[CELL] = "", text[CELL], line[CELL];
    size_t i;
    json_t *c;
    if (json_is_integer(json_object_get(k, "need")))
        plain_fill(g, "need", "n", figure_write((uint64_t)plain_number(k, "need"), text), need);
    json_array_foreach(json_object_get(k, "candidates"), i, c)
    {
        char name[CELL];
        const char *outcome = plain_number(c, "mark") == 1 ? "elected" : plain_string(k, "outcome");
        snprintf(name, sizeof name, "%lld. %s", (long long)plain_number(c, "number"),
                 plain_string(c, "name"));
        if (json_is_integer(json_object_get(c, "votes")))
            plain_share(g, plain_number(c, "votes"), json_object_get(k, "base"), line);
        else // before the minutes
            snprintf(line, sizeof line, "%s", plain_say(g, "none"));
        html_row(
            &g->t,
            (struct html_cell[]){
                {name, NULL, false},
                {i == 0 ? plain_string(k, "name") : "", NULL, false},
                {line, NULL, true},
                {i == 0 ? need : "", NULL, false},
                {i == 0 || plain_number(c, "mark") == 1 ? plain_word(g, "outcome", outcome) : "",
                 NULL, false}},
            5);
    }
}

// Of contests in which anything was counted.
void plain_results(struct page *g)
{
    const struct plan_unit *u = &g->p->units[g->unit];
    struct html_cell head[] = {{plain_say(g, "col_candidates"), NULL, false},
                               {plain_say(g, "col_contest"), NULL, false},
                               {plain_say(g, "col_votes"), NULL, true},
                               {plain_say(g, "plain_need"), NULL, false},
                               {plain_say(g, "col_outcome"), NULL, false}};
    uint32_t last = PLAN_NONE;
    unsigned n = 0;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        uint32_t contest = g->p->ballots[b].contest;
        if (contest == last || !view_shown(g->p, g->p->contests[contest].kind, g->restricted))
            continue;
        last = contest;
        json_t *k = view_contest(g->f, contest, view_votes_open(g->f, contest));
        if (plain_number(k, "tallied") > 0) {
            if (n == 0)
                html_open(&g->t, plain_say(g, "plain_results"), head, 5);
            if (n++ < RESULTS_SHOWN)
                put_contest(g, k);
        }
        json_decref(k);
    }
    if (n > 0)
        html_shut(&g->t);
    if (n > RESULTS_SHOWN) {
        char left[FIGURE_TEXT], text[CELL];
        plain_fill(g, "plain_more", "n", figure_write(n - RESULTS_SHOWN, left), text);
        html_line(&g->t, HTML_PLAIN, text);
    }
}

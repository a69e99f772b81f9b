// monitor.c - what a page that watches a unit shows of those below it: rows, tiles, turnout by cut-off.
#include "monitor.h"
#include "common/election/figures.h"
#include "report.h"
#include <string.h>

static const struct fold *fold_of(const struct monitor *m)
{
    return office_fold(m->o);
}

static bool may_show(const struct monitor *m, unsigned kind)
{
    const struct plan *p = office_plan(m->o);
    return view_shown(p, kind, m->restricted) && figures_ballots(p, m->unit, kind) > 0;
}

bool monitor_kind(const struct monitor *m, const char *name, unsigned *ret_kind)
{
    const struct plan *p = office_plan(m->o);
    bool found = false;
    for (unsigned k = 0; k < p->n_kinds; k++) {
        bool named = name && bytes_same(p->kinds[k], bytes_text(name));
        if (!may_show(m, k) || (found && !named))
            continue;
        *ret_kind = k;
        found = true;
    }
    return found;
}

json_t *monitor_kinds(const struct monitor *m)
{
    const struct plan *p = office_plan(m->o);
    json_t *list = json_array();
    for (unsigned k = 0; k < p->n_kinds; k++)
        if (may_show(m, k))
            json_array_append_new(list, view_bytes(p->kinds[k]));
    return list;
}

// ---- rows ----

// Incidents are in the sums of one kind only, whichever is looked at.
static int64_t sum_of_kinds(const struct monitor *m, uint32_t unit, unsigned sum)
{
    const struct fold *f = fold_of(m);
    int64_t n = 0;
    for (unsigned k = 0; k < kinds_of(f->plan); k++)
        n += view_shown(f->plan, k, m->restricted) ? fold_sums(f, unit, k)[sum] : 0;
    return n;
}

static json_t *point_of(const struct monitor *m, const int64_t *sums, uint32_t due, unsigned cutoff)
{
    const int64_t *t = figures_turnout(sums, cutoff);
    (void)m;
    return json_pack("{s:I,s:I,s:I,s:I,s:I}", "voted", (json_int_t)t[TURNOUT_OF], "voters",
                     (json_int_t)t[TURNOUT_VOTERS], "places", (json_int_t)t[TURNOUT_PLACES], "full",
                     (json_int_t)t[TURNOUT_FULL], "due", (json_int_t)due);
}

// When the summary was made that a unit's figures rest on; null where they rest on its own records.
static json_t *told_at(const struct fold *f, uint32_t unit)
{
    const struct fold_told *t = &f->told[f->inner[unit]];
    struct record r;
    const char *why;
    if (!t->used || record_decode(&r, fold_bytes(f, t->entry), &why) < 0)
        return json_null();
    return json_integer((json_int_t)r.at);
}

// Records about it, or about what is below it, are here and count.
static bool is_heard(const struct fold *f, uint32_t unit)
{
    for (uint32_t i = 0; i < f->n_logs; i++)
        if (f->logs[i].home != PLAN_NONE && f->logs[i].said && f->logs[i].stream != STREAM_PLAN &&
            plan_below(f->plan, f->logs[i].home, unit) && fold_admitted(f, i))
            return true;
    return false;
}

static json_t *row_of_unit(const struct monitor *m, uint32_t unit)
{
    static const struct {
        unsigned sum;
        const char *name;
    } counts[] = {{SUM_OPENED, "opened"},         {SUM_CLOSED, "closed"},
                  {SUM_TALLIED, "tallied"},       {SUM_MINUTES, "minutes"},
                  {SUM_RECOGNISED, "recognised"}, {SUM_NO_QUORUM, "no_quorum"}};
    const struct fold *f = fold_of(m);
    const int64_t *sums = fold_sums(f, unit, m->kind);
    const struct fold_told *told = &f->told[f->inner[unit]];
    json_t *j = view_unit(f->plan, unit);
    for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++)
        json_object_set_new(j, counts[i].name, json_integer((json_int_t)sums[counts[i].sum]));
    json_object_set_new(j, "places", json_integer(figures_ballots(f->plan, unit, m->kind)));
    json_object_set_new(
        j, "turnout",
        m->cutoff
            ? point_of(m, sums, report_due(f->plan, unit, m->kind, m->cutoff, m->now), m->cutoff)
            : json_null());
    json_object_set_new(j, "waiting", json_integer(sums[SUM_QUARANTINED] + sums[SUM_CONFLICTS]));
    json_object_set_new(j, "incidents",
                        json_integer((json_int_t)sum_of_kinds(m, unit, SUM_INCIDENTS)));
    json_object_set_new(j, "severe", json_integer((json_int_t)sum_of_kinds(m, unit, SUM_SEVERE)));
    json_object_set_new(j, "link", view_link_of(m->o, f->plan->units[unit].code));
    json_object_set_new(j, "report",
                        json_string(report_name(report_of(f, unit, m->now, m->restricted))));
    json_object_set_new(j, "told", json_boolean(told->used));
    json_object_set_new(j, "heard", json_boolean(told->used || is_heard(f, unit)));
    json_object_set_new(j, "unequal", json_boolean(told->unequal));
    json_object_set_new(j, "told_at", told_at(f, unit));
    return j;
}

static json_t *ballot_of(const struct monitor *m, uint32_t ballot)
{
    json_t *j = view_ballot(fold_of(m), ballot), *t;
    size_t i;
    json_array_foreach(json_object_get(j, "turnout"), i, t)
    {
        struct report_turnout r = report_turnout(m->o, ballot, (unsigned)i + 1);
        json_object_set_new(t, "late", json_boolean(r.late));
        json_object_set_new(t, "arrived_late", json_boolean(r.arrived_late));
    }
    return j;
}

// Of the place's first ballot of the kind.
static json_t *row_of_place(const struct monitor *m, uint32_t unit)
{
    static const char *const kept[] = {"contest", "voters", "life",     "minutes",
                                       "rerun",   "method", "decision", "interrupted"};
    const struct fold *f = fold_of(m);
    const struct plan_unit *u = &f->plan->units[unit];
    json_t *j = view_unit(f->plan, unit);
    json_object_set_new(j, "report",
                        json_string(report_name(report_of(f, unit, m->now, m->restricted))));
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        if (f->plan->contests[f->plan->ballots[b].contest].kind != m->kind)
            continue;
        json_t *whole = ballot_of(m, b), *steps = json_object_get(whole, "steps");
        json_t *tally = json_object_get(whole, "tally");
        for (unsigned i = 0; i < sizeof kept / sizeof kept[0]; i++)
            json_object_set(j, kept[i], json_object_get(whole, kept[i]));
        json_object_set(j, "opened", json_object_get(steps, "opened"));
        json_object_set(j, "closed", json_object_get(steps, "closed"));
        json_object_set_new(j, "tally",
                            json_pack("{s:O,s:O,s:O}", "state", json_object_get(tally, "state"),
                                      "at", json_object_get(tally, "at"), "reasons",
                                      json_object_get(tally, "reasons")));
        if (m->cutoff)
            json_object_set(j, "turnout",
                            json_array_get(json_object_get(whole, "turnout"), m->cutoff - 1));
        json_decref(whole);
        break;
    }
    return j;
}

json_t *monitor_children(const struct monitor *m)
{
    const struct plan *p = office_plan(m->o);
    json_t *rows = json_array();
    json_int_t more = 0;
    for (uint32_t i = m->unit + 1; i < m->unit + p->units[m->unit].size; i += p->units[i].size)
        if (json_array_size(rows) >= MONITOR_ROWS)
            more++;
        else
            json_array_append_new(rows, p->units[i].place ? row_of_place(m, i) : row_of_unit(m, i));
    return json_pack("{s:o,s:I}", "rows", rows, "more", more);
}

json_t *monitor_ballots(const struct monitor *m, bool votes)
{
    const struct plan *p = office_plan(m->o);
    const struct plan_unit *u = &p->units[m->unit];
    json_t *list = json_array();
    for (uint32_t b = u->first_ballot; u->place && b < u->first_ballot + u->n_ballots; b++) {
        uint32_t contest = p->ballots[b].contest;
        if (!view_shown(p, p->contests[contest].kind, m->restricted))
            continue;
        json_t *j = ballot_of(m, b);
        bool open = votes || view_votes_open(fold_of(m), contest);
        json_object_set_new(j, "votes_open", json_boolean(open));
        if (!open)
            json_object_del(json_object_get(j, "tally"), "votes");
        json_array_append_new(list, j);
    }
    return list;
}

// ---- tiles ----

// The next unit that has a tile, from i on within the unit that is watched; its end where there is none.
static uint32_t next_tile(const struct monitor *m, uint32_t i, bool direct)
{
    const struct plan *p = office_plan(m->o);
    uint32_t end = m->unit + p->units[m->unit].size;
    while (i < end && (p->units[i].place || (!direct && !figures_has_places(p, i))))
        i += p->units[i].place || direct ? p->units[i].size : 1;
    return i;
}

static struct bytes group_of(const struct monitor *m, uint32_t unit)
{
    const struct plan_unit *u = &office_plan(m->o)->units[unit];
    return u->parent == m->unit ? u->group : office_plan(m->o)->units[u->parent].name;
}

// Groups stand where their first unit does; a plan may name them in any order.
static json_t *group_named(json_t *groups, struct bytes name)
{
    size_t i;
    json_t *g;
    json_array_foreach(groups, i, g)
    {
        const json_t *have = json_object_get(g, "name");
        if (bytes_same(bytes_of(json_string_value(have), json_string_length(have)), name))
            return json_object_get(g, "rows");
    }
    g = json_pack("{s:o,s:[]}", "name", view_bytes(name), "rows");
    json_array_append_new(groups, g);
    return json_object_get(g, "rows");
}

json_t *monitor_tiles(const struct monitor *m)
{
    const struct plan *p = office_plan(m->o);
    const struct plan_unit *u = &p->units[m->unit];
    uint32_t end = m->unit + u->size, n = 0, level = 0;
    for (uint32_t i = next_tile(m, m->unit + 1, false); i < end;
         i = next_tile(m, i + p->units[i].size, false))
        n++;
    if (n == 0)
        return json_null();
    bool direct = n > MONITOR_TILES;
    json_t *groups = json_array();
    n = 0;
    for (uint32_t i = next_tile(m, m->unit + 1, direct); i < end && n < MONITOR_TILES;
         i = next_tile(m, i + p->units[i].size, direct), n++) {
        level = p->units[i].level;
        json_array_append_new(group_named(groups, group_of(m, i)), row_of_unit(m, i));
    }
    bool named = level < p->n_levels;
    return json_pack("{s:o,s:o,s:o}", "level",
                     view_bytes(named ? p->levels[level].name : bytes_text("")), "level_en",
                     view_bytes(named ? p->levels[level].english : bytes_text("")), "groups",
                     groups);
}

// ---- told and proven ----

static bool is_told(const struct monitor *m, uint32_t unit)
{
    const struct fold *f = fold_of(m);
    for (; unit != PLAN_NONE; unit = f->plan->units[unit].parent)
        if (figures_told(f, unit))
            return true;
    return false;
}

void monitor_known(const struct monitor *m, uint32_t *ret_n, uint32_t *ret_told,
                   uint32_t *ret_proven)
{
    const struct fold *f = fold_of(m);
    const struct plan *p = f->plan;
    *ret_n = *ret_told = *ret_proven = 0;
    for (uint32_t i = m->unit; i < m->unit + p->units[m->unit].size; i++) {
        if (p->units[i].place || !figures_has_places(p, i))
            continue;
        bool told = is_told(m, i);
        ++*ret_n;
        *ret_told += told;
        *ret_proven += !told && is_heard(f, i);
    }
}

// ---- turnout over time ----

static json_t *line_of(const struct monitor *m, struct bytes code, struct bytes name,
                       const int64_t *sums, const uint32_t *due)
{
    const struct plan *p = office_plan(m->o);
    json_t *points = json_array();
    for (unsigned i = 1; i <= p->n_cutoffs; i++)
        json_array_append_new(points, point_of(m, sums, due[i - 1], i));
    return json_pack("{s:o,s:o,s:o}", "code", view_bytes(code), "name", view_bytes(name), "points",
                     points);
}

static void add_unit(const struct monitor *m, uint32_t unit, int64_t *sums, uint32_t *due)
{
    const struct fold *f = fold_of(m);
    int64_t own[SUMS_MAX];
    figures_of(f, unit, m->kind, own);
    for (unsigned i = 0; i < sums_of(f->plan); i++)
        sums[i] += own[i];
    for (unsigned i = 0; i < f->plan->n_cutoffs; i++)
        due[i] += report_due(f->plan, unit, m->kind, i + 1, m->now);
}

struct line_group {
    struct bytes name;
    int64_t sums[SUMS_MAX];
    uint32_t due[PLAN_CUTOFFS_MAX];
};

// Of the units directly below, by group; n 0: they are in none, or the groups are too many.
static unsigned groups_below(const struct monitor *m, struct line_group *at)
{
    const struct plan *p = office_plan(m->o);
    unsigned n = 0, g;
    for (uint32_t i = m->unit + 1; i < m->unit + p->units[m->unit].size; i += p->units[i].size) {
        if (p->units[i].group.n == 0)
            return 0;
        for (g = 0; g < n && !bytes_same(at[g].name, p->units[i].group); g++)
            continue;
        if (g == MONITOR_LINES)
            return 0;
        if (g == n) {
            memset(&at[n], 0, sizeof at[n]);
            at[n++].name = p->units[i].group;
        }
        add_unit(m, i, at[g].sums, at[g].due);
    }
    return n;
}

json_t *monitor_series(const struct monitor *m)
{
    static struct line_group groups[MONITOR_LINES + 1]; // too large for a stack
    const struct plan *p = office_plan(m->o);
    const struct bytes none = bytes_of(NULL, 0);
    json_t *rows = json_array();
    uint32_t n = 0;
    bool by_group = false;
    for (uint32_t i = m->unit + 1; i < m->unit + p->units[m->unit].size; i += p->units[i].size)
        n++;
    for (uint32_t i = m->unit + 1; n <= MONITOR_LINES && i < m->unit + p->units[m->unit].size;
         i += p->units[i].size) {
        memset(groups, 0, sizeof groups[0]);
        add_unit(m, i, groups->sums, groups->due);
        json_array_append_new(
            rows, line_of(m, p->units[i].code, p->units[i].name, groups->sums, groups->due));
    }
    unsigned n_groups = n > MONITOR_LINES ? groups_below(m, groups) : 0;
    for (unsigned g = 0; g < n_groups; g++) {
        by_group = true;
        json_array_append_new(rows,
                              line_of(m, none, groups[g].name, groups[g].sums, groups[g].due));
    }
    memset(groups, 0, sizeof groups[0]);
    add_unit(m, m->unit, groups->sums, groups->due);
    return json_pack(
        "{s:s,s:o,s:o}", "by",
        by_group             ? "group"
        : n <= MONITOR_LINES ? "unit"
                             : "",
        "rows", rows, "whole",
        line_of(m, p->units[m->unit].code, p->units[m->unit].name, groups->sums, groups->due));
}

// ---- results ----

json_t *monitor_results(const struct monitor *m)
{
    struct bulletin b = {.fold = fold_of(m), .unit = m->unit, .now = m->now};
    struct page g = {.b = &b, .f = b.fold, .p = b.fold->plan};
    struct result_figures r;
    page_result_figures(&g, &r);
    if (r.decided == 0)
        return json_null();
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "contests",
                     (json_int_t)r.contests, "decided", (json_int_t)r.decided, "elected",
                     (json_int_t)r.elected, "partly", (json_int_t)r.partly, "none",
                     (json_int_t)r.none, "tied", (json_int_t)r.tied, "no_quorum",
                     (json_int_t)r.no_quorum, "reruns", (json_int_t)r.reruns, "recognised",
                     (json_int_t)r.n_recognised, "all_recognised", r.recognised);
}

bool monitor_recognised(const struct monitor *m)
{
    return figures_recognised(fold_of(m), m->unit);
}

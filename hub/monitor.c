// monitor.c - one unit as it is watched: totals, turnout over time, tiles, what changed since the bulletin.
#include "common/daemon/bulletins.h"
#include "common/office/matters.h"
#include "common/office/monitor.h"
#include "hub.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *view_targets(const struct plan *p)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < p->n_targets; i++)
        json_array_append_new(list, json_pack("{s:o,s:i}", "what", view_bytes(p->targets[i].what),
                                              "percent", (int)p->targets[i].percent));
    return list;
}

// Whether shares of those elected can be told here.
static bool has_traits(const struct hub *h)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", daemon_dir(h->common.daemon), TRAITS_FILE);
    return n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}

static json_t *total_of(const struct monitor *m)
{
    const struct plan *p = office_plan(m->o);
    json_t *all = view_totals(office_fold(m->o), m->unit, m->now, m->restricted), *total, *ret;
    size_t i;
    ret = json_null();
    json_array_foreach(all, i, total)
    {
        const json_t *kind = json_object_get(total, "kind");
        if (bytes_same(bytes_of(json_string_value(kind), json_string_length(kind)),
                       p->kinds[m->kind]))
            ret = json_incref(total);
    }
    json_decref(all);
    return ret;
}

static void add_head(const struct monitor *m, json_t *j)
{
    const struct office *o = m->o;
    const struct plan *p = office_plan(o);
    struct office_link_state link;
    office_parent(o, &link);
    json_object_set_new(j, "turn", json_integer((json_int_t)office_turn_number(o)));
    json_object_set_new(j, "as_of", json_integer((json_int_t)m->now));
    json_object_set_new(j, "unit", view_unit(p, m->unit));
    json_object_set_new(j, "election", view_election(o));
    json_object_set_new(j, "taking", json_string(taking_name(office_taking(o))));
    json_object_set_new(j, "path", board_path(p, m->unit, code_bytes(&office_identity(o)->unit)));
    json_object_set_new(j, "cutoffs", view_cutoffs(p));
    json_object_set_new(j, "due", json_integer(plan_cutoff_due(p, m->now)));
    json_object_set_new(j, "cutoff", json_integer(m->cutoff));
    json_object_set_new(j, "link",
                        office_identity(o)->n_signers > 0 ? view_link(&link) : json_null());
    json_object_set_new(j, "kinds", monitor_kinds(m));
    json_object_set_new(j, "recognised", json_boolean(monitor_recognised(m)));
}

static void add_sums(struct hub *h, const struct monitor *m, json_t *j)
{
    const struct fold *f = office_fold(m->o);
    const struct plan *p = f->plan;
    uint32_t units, told, proven;
    bool own = bytes_same(p->units[m->unit].code, code_bytes(&office_identity(m->o)->unit));
    monitor_known(m, &units, &told, &proven);
    json_object_set_new(j, "units", json_integer(units));
    json_object_set_new(j, "told_units", json_integer(told));
    json_object_set_new(j, "proven_units", json_integer(proven));
    json_object_set_new(j, "told", json_boolean(f->told[f->inner[m->unit]].used));
    json_object_set_new(j, "total", total_of(m));
    json_object_set_new(j, "tiles", monitor_tiles(m));
    json_object_set_new(j, "series", monitor_series(m));
    json_object_set_new(j, "results", monitor_results(m));
    json_object_set_new(j, "targets", view_targets(p));
    json_object_set_new(j, "traits", json_boolean(has_traits(h)));
    json_object_set_new(j, "severe", matters_severe(m->o, m->unit, m->restricted));
    json_object_set_new(j, "since",
                        own ? since_view(&h->since, daemon_office(h->common.daemon), m->now)
                            : json_null());
}

static json_t *whole_of(struct hub *h, const struct monitor *m, bool votes)
{
    const struct plan *p = office_plan(m->o);
    json_t *j = json_object(), *children;
    add_head(m, j);
    json_object_set_new(j, "kind", p->n_kinds ? view_bytes(p->kinds[m->kind]) : json_null());
    children = monitor_children(m);
    json_object_set(j, "children", json_object_get(children, "rows"));
    json_object_set(j, "more", json_object_get(children, "more"));
    json_decref(children);
    json_object_set_new(j, "ballots", monitor_ballots(m, votes));
    if (!p->units[m->unit].place)
        add_sums(h, m, j);
    return j;
}

// ?unit=CODE&kind=NAME&cutoff=N: of the own unit, the first kind, the cut-off that is due.
void monitor_state(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    uint32_t unit = board_unit(o, q, a);
    struct monitor m = {
        .o = o, .unit = unit, .now = daemon_now().wall, .restricted = people_restricted(q)};
    if (unit == PLAN_NONE)
        return;
    int cutoff = bulletins_cutoff(office_plan(o), http_query(q, "cutoff"), m.now);
    if (cutoff < 0) {
        http_refuse(a, 422, "cutoff= is the number of a cut-off of the plan, from 1");
        return;
    }
    m.cutoff = (unsigned)cutoff;
    monitor_kind(&m, http_query(q, "kind"), &m.kind);
    reply_json(a, whole_of(h, &m, people_votes(q)));
    a->keep = true;
}

// board.c - what the hub's pages and commands read: units, results, children, how it is.
#include "common/office/report.h"
#include "common/office/view.h"
#include "hub.h"
#include "proto/code.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

static struct office *office_of(void *ctx)
{
    return daemon_office(((struct hub *)ctx)->common.daemon);
}

uint32_t board_unit(const struct office *o, const struct http_request *q, struct http_reply *a)
{
    return reply_unit(o, q, a);
}

// A place's ballot, with what only this hub knows: which figures were late, and which only came late.
static json_t *ballot_of(const struct office *o, uint32_t ballot, bool votes)
{
    const struct fold *f = office_fold(o);
    json_t *j = view_ballot(f, ballot), *t;
    size_t i;
    if (!votes && !view_votes_open(f, f->plan->ballots[ballot].contest))
        json_object_del(json_object_get(j, "tally"), "votes");
    json_array_foreach(json_object_get(j, "turnout"), i, t)
    {
        struct report_turnout r = report_turnout(o, ballot, (unsigned)i + 1);
        json_object_set_new(t, "late", json_boolean(r.late));
        json_object_set_new(t, "arrived_late", json_boolean(r.arrived_late));
    }
    return j;
}

static json_t *child_of(const struct office *o, uint32_t unit, int64_t now,
                        const struct http_request *q)
{
    bool local = people_restricted(q);
    const struct fold *f = office_fold(o);
    const struct plan_unit *u = &f->plan->units[unit];
    json_t *j = view_unit(f->plan, unit);
    if (u->place) {
        json_t *ballots = json_array();
        for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
            if (view_shown(f->plan, f->plan->contests[f->plan->ballots[b].contest].kind, local))
                json_array_append_new(ballots, ballot_of(o, b, people_votes(q)));
        json_object_set_new(j, "ballots", ballots);
        json_object_set_new(j, "report", json_string(report_name(report_of(f, unit, now, local))));
        return j;
    }
    const struct fold_told *t = &f->told[f->inner[unit]];
    json_object_set_new(j, "link", view_link_of(o, u->code));
    json_object_set_new(j, "report", json_string(report_name(report_of(f, unit, now, local))));
    json_object_set_new(j, "totals", view_totals(f, unit, now, local));
    json_object_set_new(j, "told", json_boolean(t->used));
    json_object_set_new(j, "unequal", json_boolean(t->unequal));
    return j;
}

json_t *board_path(const struct plan *p, uint32_t unit, struct bytes own)
{
    json_t *path = json_array();
    for (uint32_t u = unit; u != PLAN_NONE; u = p->units[u].parent) {
        json_array_insert_new(path, 0, view_unit(p, u));
        if (bytes_same(p->units[u].code, own))
            break;
    }
    return path;
}

void board_state(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = office_of(ctx);
    uint32_t unit = board_unit(o, q, a);
    struct office_link_state link;
    json_t *children = json_array(), *quarantine;
    unsigned told, proven;
    int64_t now = daemon_now().wall;
    if (unit == PLAN_NONE) {
        json_decref(children);
        return;
    }
    const struct fold *f = office_fold(o);
    const struct plan *p = f->plan;
    for (uint32_t i = unit + 1; i < unit + p->units[unit].size; i += p->units[i].size)
        json_array_append_new(children, child_of(o, i, now, q));
    view_told(f, unit, &told, &proven);
    office_parent(o, &link);
    quarantine = reply_quarantine(o, q);
    json_t *j = json_pack(
        "{s:I,s:I,s:o,s:o,s:s,s:o,s:o,s:i,s:i,s:i,s:O,s:o}", "turn",
        (json_int_t)office_turn_number(o), "as_of", (json_int_t)now, "unit", view_unit(p, unit),
        "election", view_election(o), "taking", taking_name(office_taking(o)), "path",
        board_path(p, unit, code_bytes(&office_identity(o)->unit)), "cutoffs", view_cutoffs(p),
        "due", (int)plan_cutoff_due(p, now), "told_units", (int)told, "proven_units", (int)proven,
        "quarantined", json_object_get(quarantine, "n"), "children", children);
    json_decref(quarantine);
    json_object_set_new(j, "link",
                        office_identity(o)->n_signers > 0 ? view_link(&link) : json_null());
    json_object_set_new(j, "totals",
                        p->units[unit].place ? json_array()
                                             : view_totals(f, unit, now, people_restricted(q)));
    json_object_set_new(j, "told",
                        json_boolean(!p->units[unit].place && f->told[f->inner[unit]].used));
    a->keep = true;
    reply_json(a, j);
}

void board_results(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = office_of(ctx);
    uint32_t unit = board_unit(o, q, a);
    if (unit == PLAN_NONE)
        return;
    const struct fold *f = office_fold(o);
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    json_t *contests = json_array();
    bool *wanted = calloc(p->n_contests + 1, sizeof *wanted);
    if (!wanted)
        abort();
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
        wanted[p->ballots[b].contest] = true;
    for (uint32_t c = 0; c < p->n_contests; c++)
        if (wanted[c] && view_shown(p, p->contests[c].kind, people_restricted(q)))
            json_array_append_new(contests,
                                  view_contest(f, c, people_votes(q) || view_votes_open(f, c)));
    free(wanted);
    a->keep = true;
    reply_json(a, json_pack("{s:o,s:o}", "unit", view_unit(p, unit), "contests", contests));
}

void board_children(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = office_of(ctx);
    const struct plan *p = office_plan(o);
    json_t *list = json_array();
    for (uint32_t i = 0; children_at(h->children, i); i++) {
        const struct child_entry *e = children_at(h->children, i);
        struct bytes code = code_bytes(&e->unit);
        uint32_t unit = p ? plan_unit_of(p, code) : PLAN_NONE;
        uint64_t n = 0, logs = 0;
        if (!people_sees(q, p, unit))
            continue;
        char key[SEAL_TEXT];
        for (uint32_t l = 0; l < office_logs(o)->n; l++)
            if (bytes_same(code_bytes(&office_logs(o)->at[l].id.author), code) &&
                office_logs(o)->at[l].id.stream == STREAM_REPORTS) {
                n += office_logs(o)->at[l].n;
                logs++;
            }
        seal_text(e->key, key);
        json_array_append_new(
            list, json_pack("{s:o,s:o,s:o,s:s,s:b,s:I,s:I}", "unit", view_bytes(code), "name",
                            view_bytes(unit == PLAN_NONE ? code : p->units[unit].name), "link",
                            view_link_of(o, code), "key", key, "retired", e->retired, "logs",
                            (json_int_t)logs, "n", (json_int_t)n));
    }
    reply_json(a, json_pack("{s:o}", "children", list));
}

static long resident_kb(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return pages * 4;
}

void board_status(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = office_of(ctx);
    const struct fold *f = office_fold(o);
    struct office_counts c;
    struct gate_counts g;
    struct office_link_state link, child;
    struct statvfs disk;
    uint64_t records = 0, connected = 0, n = 0;
    unsigned told = 0, proven = 0;
    (void)q;
    office_counts(o, &c);
    gate_counts(h->gate, &g);
    office_parent(o, &link);
    for (uint32_t i = 0; i < office_logs(o)->n; i++)
        records += office_logs(o)->at[i].n;
    for (; children_at(h->children, (uint32_t)n); n++)
        connected +=
            office_child(o, code_bytes(&children_at(h->children, (uint32_t)n)->unit), &child) &&
            child.word == LINK_CONNECTED;
    if (f)
        view_told(f, 0, &told, &proven);
    memset(&disk, 0, sizeof disk);
    statvfs(daemon_dir(h->common.daemon), &disk);
    json_t *j = json_pack(
        "{s:o,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:i,s:i,s:I,s:I}", "unit",
        view_bytes(code_bytes(&office_identity(o)->unit)), "taking", taking_name(office_taking(o)),
        "free_disk", (json_int_t)(disk.f_bavail * disk.f_frsize), "records", (json_int_t)records,
        "logs", (json_int_t)office_logs(o)->n, "units", (json_int_t)(f ? f->plan->n_units : 0),
        "children", (json_int_t)n, "children_connected", (json_int_t)connected, "unreadable",
        (json_int_t)(f ? f->unreadable : 0), "told_units", (int)told, "proven_units", (int)proven,
        "forks", (json_int_t)c.forks, "turns", (json_int_t)c.turns);
    json_object_set_new(j, "parent",
                        office_identity(o)->n_signers > 0 ? view_link(&link) : json_null());
    json_object_set_new(j, "election", view_election(o));
    json_object_set_new(
        j, "refused",
        json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "frames", (json_int_t)c.frames_refused, "runs",
                  (json_int_t)c.runs_refused, "dropped", (json_int_t)c.runs_dropped, "keys",
                  (json_int_t)g.refused_keys, "messages", (json_int_t)g.refused_messages, "knocks",
                  (json_int_t)g.refused_knocks, "slowed", (json_int_t)c.slowed));
    json_object_set_new(j, "last_refusal",
                        c.last_refusal ? json_string(c.last_refusal) : json_null());
    json_object_set_new(j, "link_port", json_integer(h->port));
    json_object_set_new(j, "rss_kb", json_integer(resident_kb()));
    reply_json(a, j);
}

// heat.c - units against cut-offs: how many places reported, in time or late, and how many people voted.
#include "common/office/view.h"
#include "duty.h"
#include <stdlib.h>

struct square { // of one unit and cut-off
    uint32_t due, here, late, missing;
    bool soon;
};

static struct square of_places(const struct fold *f, uint32_t unit, unsigned cutoff, int64_t now,
                               bool restricted)
{
    const struct plan_unit *u = &f->plan->units[unit];
    struct square s = {0};
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        if (!restricted && f->plan->restricted[f->plan->contests[f->plan->ballots[b].contest].kind])
            continue;
        int64_t at = plan_due_at(f->plan, f->plan->ballots[b].unit, cutoff);
        enum report r = report_at(f, b, cutoff, now);
        s.due += at != 0 && at <= now;
        s.here += r == REPORT_ON_TIME || r == REPORT_LATE;
        s.late += r == REPORT_LATE;
        s.missing += r == REPORT_MISSING;
        s.soon = s.soon || r == REPORT_DUE_SOON;
    }
    return s;
}

static struct square of_told(const struct fold *f, uint32_t unit, unsigned cutoff, int64_t now,
                             bool restricted)
{
    const struct plan *p = f->plan;
    struct square s = {0};
    for (unsigned k = 0; k < p->n_kinds; k++) {
        if (p->restricted[k] && !restricted)
            continue;
        uint32_t due = report_due(p, unit, k, cutoff, now);
        uint32_t over = report_due(p, unit, k, cutoff, now - p->cutoffs[cutoff - 1].grace);
        uint32_t here = (uint32_t)fold_sums(
            f, unit, k)[SUM_TURNOUT + TURNOUT_SUMS * (cutoff - 1) + TURNOUT_PLACES];
        s.due += due;
        s.here += here;
        s.missing += over > here ? over - here : 0;
        s.soon = s.soon || (due > here && over <= here);
    }
    return s;
}

static const char *word_of(const struct square *s)
{
    return s->missing > 0 ? "missing"
           : s->soon      ? "due_soon"
           : s->late > 0  ? "late"
           : s->here > 0  ? "on_time"
                          : "not_due";
}

static json_t *view_square(const struct square *s)
{
    return json_pack("{s:s,s:I,s:I,s:I,s:I}", "word", word_of(s), "due", (json_int_t)s->due, "here",
                     (json_int_t)s->here, "late", (json_int_t)s->late, "missing",
                     (json_int_t)s->missing);
}

void heat_table(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    struct duty_units u;
    json_t *rows = json_array();
    int64_t now = daemon_now().wall;
    if (!duty_units(h, q, a, &u)) {
        json_decref(rows);
        return;
    }
    const struct fold *f = office_fold(o);
    for (uint32_t i = 0; i < u.n; i++) {
        bool told = f->told[f->inner[u.at[i]]].used;
        json_t *squares = json_array(), *row = view_unit(f->plan, u.at[i]);
        for (unsigned c = 1; c <= f->plan->n_cutoffs; c++) {
            struct square s = told ? of_told(f, u.at[i], c, now, people_restricted(q))
                                   : of_places(f, u.at[i], c, now, people_restricted(q));
            json_array_append_new(squares, view_square(&s));
        }
        json_object_set_new(row, "squares", squares);
        json_object_set_new(row, "totals", view_totals(f, u.at[i], now, people_restricted(q)));
        json_array_append_new(rows, row);
    }
    reply_json(a, json_pack("{s:o,s:o,s:o}", "cutoffs", view_cutoffs(f->plan), "rows", rows,
                            "totals", view_totals_of(f, u.at, u.n, now, people_restricted(q))));
    free(u.at);
}

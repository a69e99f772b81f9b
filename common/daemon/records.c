// records.c - from a figure on a page to the signed record behind it.
#include "common/base/figure.h"
#include "common/office/view.h"
#include "common/office/words.h"
#include "commands.h"
#include <string.h>

static json_t *none(void)
{
    return json_pack("{s:[],s:i}", "records", "more", 0);
}

// The ballot that the contest names, else the place's first that may be shown.
static uint32_t ballot_asked(const struct plan *p, uint32_t unit, const char *contest,
                             bool restricted)
{
    const struct plan_unit *u = &p->units[unit];
    uint32_t wanted = contest && *contest ? plan_contest_of(p, bytes_text(contest)) : PLAN_NONE;
    for (uint32_t b = u->first_ballot; u->place && b < u->first_ballot + u->n_ballots; b++) {
        uint32_t c = p->ballots[b].contest;
        if (view_shown(p, p->contests[c].kind, restricted) &&
            (!contest || !*contest || c == wanted))
            return b;
    }
    return PLAN_NONE;
}

// A summary has no slot: what is told of a unit is the newest one.
static json_t *summary_of(const struct office *o, uint32_t unit, bool restricted)
{
    const struct fold *f = office_fold(o);
    uint32_t entry = f->plan->units[unit].place ? ENTRY_NONE : f->told[f->inner[unit]].entry;
    if (entry == ENTRY_NONE || !view_statement_shown(f, entry, restricted))
        return none();
    json_t *j = view_record(o, entry, false);
    return j ? json_pack("{s:[o],s:i}", "records", j, "more", 0) : none();
}

// A number: the cut-off of a turnout; of a step also its name.
static bool read_which(const struct record_spec *s, const char *word, uint64_t *ret)
{
    if (s->kind == KIND_STEP && (*ret = step_named(bytes_text(word))) != 0)
        return true;
    return figure_read(bytes_text(word), ret) == FIGURE_GOOD && *ret <= 0xffffff;
}

static json_t *records_of(const struct office *o, uint32_t unit, const struct record_spec *s,
                          const struct http_request *q)
{
    uint64_t which = 1;
    const char *word = http_query(q, "which");
    struct view_fact_asked x = {.kind = s->kind,
                                .subject = unit,
                                .restricted = people_restricted(q),
                                .votes = people_votes(q)};
    if (s->kind == KIND_SUMMARY)
        return summary_of(o, unit, x.restricted);
    if (word && *word && !read_which(s, word, &which))
        return NULL;
    x.which = (unsigned)which;
    if (fold_of_a_ballot(s->kind))
        x.subject = ballot_asked(office_plan(o), unit, http_query(q, "contest"), x.restricted);
    return x.subject == PLAN_NONE ? none() : view_records(o, &x);
}

void route_record(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct daemon *d = ((struct commands_ctx *)ctx)->daemon;
    const struct office *o = daemon_office(d);
    const struct plan *p = office_plan(o);
    const char *code = http_query(q, "unit"), *kind = http_query(q, "kind"),
               *act = http_query(q, "act");
    const struct record_spec *s = kind ? record_spec_named(bytes_text(kind)) : NULL;
    struct view_fact_asked x = {.restricted = people_restricted(q), .votes = people_votes(q)};
    uint64_t named = 0;
    if (!p) {
        http_refuse(a, 503, "no_plan");
        return;
    }
    uint32_t unit = code ? plan_unit_of(p, bytes_text(code)) : PLAN_NONE;
    if (unit == PLAN_NONE) {
        http_refuse(a, 404, "unit= is the code of a unit or place of the plan here");
        return;
    }
    if (act ? parse_act(bytes_text(act), &named) < 0 : !s) {
        http_refuse(
            a, 422,
            "act= is 16 hexadecimal digits; or kind= names a kind of record, and which= the "
            "cut-off or step");
        return;
    }
    json_t *j = act ? view_records_named(o, unit, named, &x) : records_of(o, unit, s, q);
    if (!j) {
        http_refuse(a, 422, "which= is the number of a cut-off, or the name of a step");
        return;
    }
    json_object_set_new(j, "as_of", json_integer((json_int_t)daemon_now().wall));
    json_object_set_new(j, "turn", json_integer((json_int_t)office_turn_number(o)));
    json_object_set_new(j, "unit", view_unit(p, unit));
    json_object_set_new(j, "top", json_boolean(office_identity(o)->n_signers == 0));
    json_object_set_new(j, "election", view_election(o));
    json_object_set_new(j, "cutoffs", view_cutoffs(p));
    reply_json(a, j);
}

// zero.c - the zero sheet as JSON: what a unit holds before anything is opened, to be printed and signed.
#include "zero.h"
#include "proto/code.h"
#include "view.h"
#include <stdlib.h>
#include <string.h>

json_t *zero_typed(const uint8_t *hash)
{
    char text[SEAL_TEXT];
    seal_text(hash, text);
    return json_string(text);
}

static json_t *keys_above(const struct office *o)
{
    const struct identity *id = office_identity(o);
    const struct plan *p = office_plan(o);
    json_t *list = json_array();
    for (unsigned i = 0; i < id->n_signers; i++) {
        struct bytes code = code_bytes(&id->signers[i].unit);
        uint32_t unit = p ? plan_unit_of(p, code) : PLAN_NONE;
        json_array_append_new(list,
                              json_pack("{s:o,s:o,s:o}", "code", view_bytes(code), "name",
                                        view_bytes(unit == PLAN_NONE ? code : p->units[unit].name),
                                        "key", zero_typed(id->signers[i].key)));
    }
    return list;
}

// Why a unit does not count as ready, or NULL: it stated so under the version in force.
static const char *not_ready(const struct fold *f, uint32_t unit)
{
    uint32_t slot = fold_slot_of(f, KIND_READY, 1, unit);
    const struct fold_slot *s = slot == ENTRY_NONE ? NULL : &f->slots[slot];
    struct record r;
    const char *why;
    if (!s || s->state != FACT_VALUE)
        return s ? state_name(s->state) : state_name(FACT_MISSING);
    bool read = record_decode(&r, fold_bytes(f, s->chosen), &why) == 0;
    return read && r.plan == f->plan->version ? NULL : "other_plan";
}

static bool has_places(const struct plan *p, uint32_t unit)
{
    bool has = false;
    for (uint32_t i = unit + 1; i < unit + p->units[unit].size && !has; i += p->units[i].size)
        has = p->units[i].place;
    return has;
}

// Communes are the units that have places directly below.
json_t *zero_ready(const struct fold *f, uint32_t own)
{
    const struct plan *p = f->plan;
    json_t *missing = json_array();
    unsigned n = 0, of = 0;
    for (uint32_t i = own; i < own + p->units[own].size; i++) {
        if (p->units[i].place || !has_places(p, i))
            continue;
        const char *why = not_ready(f, i);
        of++;
        n += !why;
        if (why)
            json_array_append_new(missing,
                                  json_pack("{s:o,s:o,s:s}", "code", view_bytes(p->units[i].code),
                                            "name", view_bytes(p->units[i].name), "why", why));
    }
    return json_pack("{s:i,s:i,s:o}", "n", (int)n, "of", (int)of, "missing", missing);
}

// What a total counts, by name; {"sum", "places"} and the cut-offs' turnout too.
static json_int_t counted(const json_t *value)
{
    json_int_t n = json_integer_value(value);
    const json_t *cutoff;
    size_t i;
    if (json_is_object(value))
        n = json_integer_value(json_object_get(value, "sum"));
    json_array_foreach(value, i, cutoff) n += json_integer_value(json_object_get(cutoff, "voted"));
    return n;
}

static json_int_t votes_of(const struct fold *f, struct bytes kind)
{
    const struct plan *p = f->plan;
    json_int_t n = 0;
    for (uint32_t c = 0; c < p->n_contests; c++)
        for (uint32_t i = 0;
             bytes_same(p->kinds[p->contests[c].kind], kind) && i < p->contests[c].n_candidates;
             i++)
            n += fold_contest(f, c)[CONTEST_VOTES + i];
    return n;
}

// Of one kind of contest: every counter, and into `not_zero` those that are not 0.
static json_t *view_counters(const struct fold *f, json_t *total, json_t *not_zero)
{
    json_t *counters = json_object(), *value;
    const json_t *kind = json_object_get(total, "kind");
    const char *name;
    json_object_foreach(total, name, value) if (strcmp(name, "kind") != 0 &&
                                                strcmp(name, "places") != 0 &&
                                                strcmp(name, "voters") != 0)
        json_object_set_new(counters, name, json_integer(counted(value)));
    json_object_set_new(counters, "votes",
                        json_integer(votes_of(f, bytes_text(json_string_value(kind)))));
    json_object_foreach(counters, name, value) if (json_integer_value(value) != 0)
        json_array_append_new(
            not_zero, json_pack("{s:O,s:s,s:O}", "kind", kind, "name", name, "value", value));
    return json_pack("{s:O,s:O,s:O,s:o}", "kind", kind, "places", json_object_get(total, "places"),
                     "voters", json_object_get(total, "voters"), "counters", counters);
}

// Contests voted on below, of the kinds shown.
static unsigned contests_below(const struct plan *p, uint32_t own, bool local)
{
    const struct plan_unit *u = &p->units[own];
    bool *here = calloc(p->n_contests + 1, sizeof *here);
    unsigned n = 0;
    if (!here)
        abort();
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
        here[p->ballots[b].contest] = true;
    for (uint32_t c = 0; c < p->n_contests; c++)
        n += here[c] && view_shown(p, p->contests[c].kind, local);
    free(here);
    return n;
}

// Figures that were ever stated, those too that were taken back.
static unsigned figures_said(const struct fold *f, bool local)
{
    unsigned n = 0;
    for (uint32_t e = 0; e < f->n_entries; e++)
        n += (f->entries[e].kind == KIND_TURNOUT || f->entries[e].kind == KIND_TALLY) &&
             view_statement_shown(f, e, local);
    return n;
}

static void add_counters(const struct office *o, uint32_t own, int64_t now, bool local, json_t *j)
{
    const struct fold *f = office_fold(o);
    const struct plan *p = f->plan;
    json_t *totals = view_totals(f, own, now, local), *kinds = json_array(), *total;
    json_t *not_zero = json_array();
    size_t i;
    json_array_foreach(totals, i, total)
        json_array_append_new(kinds, view_counters(f, total, not_zero));
    json_decref(totals);
    json_object_set_new(j, "places", json_integer(plan_places(p, own)));
    json_object_set_new(j, "contests", json_integer(contests_below(p, own, local)));
    json_object_set_new(j, "kinds_hidden", json_integer(view_hidden(p, local)));
    json_object_set_new(j, "kinds", kinds);
    json_object_set_new(j, "said", json_integer(figures_said(f, local)));
    json_object_set_new(j, "unreadable", json_integer((json_int_t)f->unreadable));
    json_object_set_new(j, "zero",
                        json_boolean(json_array_size(not_zero) == 0 && f->unreadable == 0));
    json_object_set_new(j, "not_zero", not_zero);
    json_object_set_new(j, "ready", zero_ready(f, own));
}

json_t *zero_view(const struct office *o, int64_t now, bool local)
{
    const struct identity *id = office_identity(o);
    const struct plan *p = office_plan(o);
    struct bytes code = code_bytes(&id->unit);
    uint32_t own = p ? plan_unit_of(p, code) : PLAN_NONE;
    bool known = own != PLAN_NONE && !p->units[own].place;
    json_t *j = json_pack("{s:o,s:o,s:I,s:s,s:o,s:o}", "unit",
                          known ? view_unit(p, own)
                                : json_pack("{s:o,s:o,s:s}", "code", view_bytes(code), "name",
                                            view_bytes(code), "level", ""),
                          "election", view_election(o), "now", (json_int_t)now, "program",
                          DANTIN_VERSION, "key", zero_typed(id->key), "above", keys_above(o));
    json_object_set_new(j, "election_id", view_hex(bytes_of(id->election, ELECTION_SIZE)));
    json_object_set_new(j, "plan",
                        p ? json_pack("{s:o,s:I,s:o,s:o}", "label", view_bytes(p->label), "version",
                                      (json_int_t)p->version, "seal", zero_typed(p->hash), "hash",
                                      view_hex(bytes_of(p->hash, HASH_SIZE)))
                          : json_null());
    json_object_set_new(j, "zero", json_false());
    if (known)
        add_counters(o, own, now, local, j);
    return j;
}

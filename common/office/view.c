// view.c - state as JSON, in the pieces that the pages and commands of both programs are made of.
#include "view.h"
#include "common/election/outcome.h"
#include "words.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const tally_names[TALLY_NUMBERS] = {
    "eligible", "attended", "printed", "issued",   "spoiled",   "unused", "returned",  "valid",
    "invalid",  "blank",    "total",   "summoned", "elsewhere", "exempt", "suspended", "absent"};

bool view_shown(const struct plan *p, unsigned kind, bool local)
{
    return local || !p->restricted[kind];
}

unsigned view_hidden(const struct plan *p, bool local)
{
    unsigned n = 0;
    for (unsigned k = 0; k < p->n_kinds; k++)
        n += !view_shown(p, k, local);
    return n;
}

const char *state_name(enum fact_state state)
{
    static const char *const names[] = {"missing", "value", "quarantined", "conflict"};
    return names[state];
}

const char *taking_name(unsigned taking)
{
    static const char *const names[] = {"", "taking", "full", "loading", "rebuilding"};
    return names[taking];
}

static const char *link_name(unsigned word)
{
    static const char *const names[] = {"", "never_seen", "connected", "stuck", "silent"};
    return names[word <= LINK_SILENT ? word : 0];
}

char *view_dump(json_t *j)
{
    char *text = json_dumps(j, JSON_COMPACT);
    if (!text)
        abort();
    json_decref(j);
    return text;
}

json_t *view_bytes(struct bytes text)
{
    return text.n == 0 ? json_string("") : json_stringn((const char *)text.at, text.n);
}

json_t *view_hex(struct bytes b)
{
    char text[2 * 64 + 1];
    return json_string(sodium_bin2hex(text, sizeof text, b.at, b.n < 64 ? b.n : 64));
}

json_t *view_id(uint64_t id)
{
    char text[17];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)id);
    return json_string(text);
}

json_t *view_count(uint64_t v, bool known)
{
    return known ? json_integer((json_int_t)v) : json_null();
}

json_t *view_election(const struct office *o)
{
    const struct plan *p = office_plan(o);
    json_t *categories = json_array();
    for (unsigned i = 0; p && i < p->n_categories; i++)
        json_array_append_new(categories,
                              json_pack("{s:o,s:o}", "name", view_bytes(p->categories[i].name),
                                        "english", view_bytes(p->categories[i].english)));
    return json_pack("{s:o,s:o,s:i,s:b,s:o}", "label", view_bytes(p ? p->label : bytes_text("")),
                     "title", view_bytes(p ? p->title : bytes_text("")), "version",
                     p ? (int)p->version : 0, "drill", office_identity(o)->drill, "categories",
                     categories);
}

json_t *view_unit(const struct plan *p, uint32_t unit)
{
    const struct plan_unit *u = &p->units[unit];
    return json_pack("{s:o,s:o,s:o,s:b}", "code", view_bytes(u->code), "name", view_bytes(u->name),
                     "level",
                     view_bytes(u->level < p->n_levels ? p->levels[u->level].name : bytes_text("")),
                     "place", u->place);
}

json_t *view_link(const struct office_link_state *l)
{
    return json_pack("{s:s,s:I,s:I,s:I,s:i,s:b,s:s?,s:b,s:o,s:s,s:s?}", "word", link_name(l->word),
                     "since", (json_int_t)l->since, "offset_ms", (json_int_t)l->offset_ms,
                     "backlog", (json_int_t)l->backlog, "machines", (int)l->machines,
                     "plan_current", l->plan_current, "why", l->why, "beat", l->beat, "free_disk",
                     view_count(l->free_disk, l->beat), "taking",
                     taking_name(l->beat ? l->taking : 0), "program",
                     l->program && l->program[0] ? l->program : NULL);
}

json_t *view_cutoffs(const struct plan *p)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < p->n_cutoffs; i++)
        json_array_append_new(list,
                              json_pack("{s:o,s:I,s:I}", "name", view_bytes(p->cutoffs[i].name),
                                        "at", (json_int_t)p->cutoffs[i].at, "grace",
                                        (json_int_t)p->cutoffs[i].grace));
    return list;
}

json_t *view_reasons(uint32_t reasons)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < 32; i++)
        if (reasons >> i & 1)
            json_array_append_new(list, json_string(reason_name(1u << i)));
    return list;
}

static json_t *view_fact(const struct fact *f)
{
    return json_pack("{s:s,s:I,s:o}", "state", state_name(f->state), "at", (json_int_t)f->at,
                     "reasons", view_reasons(f->reasons));
}

static json_t *view_tally(const struct fold *f, uint32_t ballot)
{
    const struct cell *c = &f->cells[ballot];
    const struct plan_ballot *b = &f->plan->ballots[ballot];
    json_t *votes = json_array(), *j = view_fact(&c->facts[CELL_TALLY]);
    for (unsigned i = 0; i < TALLY_NUMBERS; i++)
        json_object_set_new(j, tally_names[i], view_count(c->tally[i], c->tally[i] != UNSTATED));
    for (uint32_t i = 0; i < f->plan->contests[b->contest].n_candidates; i++)
        json_array_append_new(votes, view_count(f->votes[b->first_vote + i],
                                                f->votes[b->first_vote + i] != UNSTATED));
    json_object_set_new(j, "votes", votes);
    return j;
}

static json_t *view_turnout(const struct fold *f, uint32_t ballot)
{
    const struct plan *p = f->plan;
    json_t *list = json_array();
    for (unsigned i = 0; i < p->n_cutoffs; i++) {
        const struct turnout_cell *t = &f->turnouts[(size_t)ballot * p->n_cutoffs + i];
        int64_t due = plan_due_at(p, p->ballots[ballot].unit, i + 1);
        bool said = t->fact.at != 0;
        json_t *j = view_fact(&t->fact);
        json_object_set_new(j, "voted", view_count(t->voted, said));
        json_object_set_new(j, "eligible",
                            view_count(t->eligible, said && t->eligible != UNSTATED));
        json_object_set_new(j, "due", view_count((uint64_t)due, due != 0));
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *view_candidates(const struct plan *p, const struct plan_contest *k)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < k->n_candidates; i++)
        json_array_append_new(
            list, json_pack("{s:I,s:o}", "number",
                            (json_int_t)p->candidates[k->first_candidate + i].number, "name",
                            view_bytes(p->candidates[k->first_candidate + i].name)));
    return list;
}

static json_t *view_steps(const struct cell *c)
{
    json_t *steps = json_object();
    for (unsigned i = 1; i <= STEP_LAST; i++)
        if (c->facts[i].state != FACT_MISSING) {
            json_t *fact = view_fact(&c->facts[i]);
            json_object_set_new(fact, "step", json_integer(i));
            json_object_set_new(steps, step_name(i), fact);
        }
    return steps;
}

static const char *decided(const struct fact *f, unsigned decision)
{
    return f->state == FACT_VALUE ? decision_name(decision) : state_name(f->state);
}

json_t *view_ballot(const struct fold *f, uint32_t ballot)
{
    const struct plan *p = f->plan;
    const struct plan_ballot *b = &p->ballots[ballot];
    const struct plan_contest *k = &p->contests[b->contest];
    const struct cell *c = &f->cells[ballot];
    json_t *j = json_pack(
        "{s:o,s:o,s:o,s:o,s:i,s:s,s:o,s:o}", "contest", view_bytes(k->code), "contest_name",
        view_bytes(k->name), "kind", view_bytes(p->kinds[k->kind]), "profile",
        view_bytes(p->profiles[k->profile].name), "seats", (int)k->seats, "method",
        method_name(b->method), "candidates", view_candidates(p, k), "steps", view_steps(c));
    json_object_set_new(j, "life", json_string(life_name(cell_life(c))));
    json_object_set_new(j, "repeats", view_bytes(k->repeats));
    json_object_set_new(j, "restricted", json_boolean(p->restricted[k->kind]));
    json_object_set_new(j, "voters", view_count(c->voters, c->voters != VOTERS_UNKNOWN));
    json_object_set_new(j, "frozen", view_count(b->voters, b->voters != VOTERS_UNKNOWN));
    json_object_set_new(j, "interrupted", json_boolean(c->interrupted_at > c->resumed_at));
    json_object_set_new(j, "turnout", view_turnout(f, ballot));
    json_object_set_new(j, "tally", view_tally(f, ballot));
    json_object_set_new(j, "minutes", json_string(state_name(c->facts[CELL_MINUTES].state)));
    json_object_set_new(j, "decision", json_string(decided(&c->facts[CELL_DECISION], c->decision)));
    json_object_set_new(j, "rerun", json_string(state_name(c->facts[CELL_RERUN].state)));
    json_object_set_new(j, "interim", json_string(state_name(c->facts[CELL_INTERIM].state)));
    return j;
}

void view_numbers(json_t *j, const int64_t *at)
{
    for (unsigned i = 0; i < TALLY_NUMBERS; i++)
        json_object_set_new(j, tally_names[i],
                            json_pack("{s:I,s:I}", "sum", (json_int_t)at[2 * i], "places",
                                      (json_int_t)at[2 * i + 1]));
}

// At how many places of the contest the minutes are signed, and the result recognised.
static void ends_of(const struct fold *f, uint32_t contest, unsigned *ret_signed,
                    unsigned *ret_recognised)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[p->contests[contest].unit];
    *ret_signed = *ret_recognised = 0;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        const struct cell *c = &f->cells[i];
        if (p->ballots[i].contest != contest)
            continue;
        *ret_signed += c->facts[CELL_MINUTES].state == FACT_VALUE;
        *ret_recognised += c->facts[CELL_DECISION].state == FACT_VALUE &&
                           c->decision == DECISION_RECOGNISED;
    }
}

bool view_votes_open(const struct fold *f, uint32_t contest)
{
    const struct plan_contest *k = &f->plan->contests[contest];
    unsigned n_signed, recognised;
    ends_of(f, contest, &n_signed, &recognised);
    return k->places_in_all > 0 && n_signed >= k->places_in_all &&
           fold_contest(f, contest)[CONTEST_TALLIED] >= k->places_in_all;
}

json_t *view_contest(const struct fold *f, uint32_t contest, bool votes)
{
    const struct plan *p = f->plan;
    const struct plan_contest *k = &p->contests[contest];
    const int64_t *sums = fold_contest(f, contest);
    struct outcome_of out;
    json_t *candidates = json_array(), *elected = json_array();
    outcome_find(f, contest, &out);
    for (uint32_t i = 0; i < k->n_candidates; i++) {
        const struct plan_candidate *c = &p->candidates[k->first_candidate + i];
        json_array_append_new(candidates,
                              json_pack("{s:I,s:o,s:o,s:i}", "number", (json_int_t)c->number,
                                        "name", view_bytes(c->name), "votes",
                                        view_count((uint64_t)sums[CONTEST_VOTES + i], votes),
                                        "mark", votes ? out.mark[i] : 0));
        if (votes && out.mark[i] == 1)
            json_array_append_new(elected, json_integer((json_int_t)c->number));
    }
    json_t *j = json_pack(
        "{s:o,s:o,s:o,s:i,s:o,s:I,s:I,s:s,s:o,s:o}", "contest", view_bytes(k->code), "name",
        view_bytes(k->name), "kind", view_bytes(p->kinds[k->kind]), "seats", (int)k->seats,
        "profile", view_bytes(p->profiles[k->profile].name), "places_in_all",
        (json_int_t)k->places_in_all, "tallied", (json_int_t)sums[CONTEST_TALLIED], "outcome",
        outcome_name(out.outcome), "candidates", candidates, "elected", elected);
    view_numbers(j, sums + CONTEST_TALLY);
    // Villages of two communes may bear the same name.
    const struct plan_unit *u = &p->units[k->unit];
    json_object_set_new(j, "unit", view_bytes(u->code));
    json_object_set_new(
        j, "within",
        view_bytes(u->place && u->parent != PLAN_NONE ? p->units[u->parent].name : u->name));
    json_object_set_new(j, "need", view_count(out.need, out.need > 0));
    json_object_set_new(j, "base", view_count(out.base, out.base != UINT64_MAX));
    unsigned n_signed, recognised;
    ends_of(f, contest, &n_signed, &recognised);
    json_object_set_new(j, "signed", json_integer(n_signed));
    json_object_set_new(j, "recognised", json_integer(recognised));
    json_object_set_new(j, "votes_open", json_boolean(votes));
    json_object_set_new(j, "hopeless", json_boolean(out.hopeless));
    json_object_set_new(j, "repeats", view_bytes(k->repeats));
    json_object_set_new(j, "person", view_bytes(k->person));
    json_object_set_new(j, "quorum", out.quorum_known ? json_boolean(out.quorum) : json_null());
    return j;
}

void view_told(const struct fold *f, uint32_t unit, unsigned *ret_told, unsigned *ret_proven)
{
    *ret_told = *ret_proven = 0;
    for (uint32_t i = unit; i < unit + f->plan->units[unit].size; i++) {
        if (f->plan->units[i].place || f->told[f->inner[i]].entry == ENTRY_NONE)
            continue;
        if (f->told[f->inner[i]].used)
            ++*ret_told;
        else
            ++*ret_proven;
    }
}

json_t *view_outcomes(const struct fold *f)
{
    const struct plan *p = f->plan;
    json_t *list = json_array();
    struct outcome_of out;
    for (uint32_t c = 0; c < p->n_contests; c++) {
        const struct plan_contest *k = &p->contests[c];
        json_t *elected = json_array();
        outcome_find(f, c, &out);
        for (uint32_t i = 0; i < k->n_candidates; i++)
            if (out.mark[i] == 1)
                json_array_append_new(
                    elected,
                    json_integer((json_int_t)p->candidates[k->first_candidate + i].number));
        json_array_append_new(list,
                              json_pack("{s:o,s:s,s:o}", "contest", view_bytes(k->code), "outcome",
                                        outcome_name(out.outcome), "elected", elected));
    }
    return list;
}

// dues.c - what somebody owes after the vote, by its day: reports, minutes, decisions, reruns, complaints.
#include "dues.h"
#include "common/election/workdays.h"
#include "matters.h"
#include <stdlib.h>

static const char *const names[DUE_KINDS] = {"report", "minutes", "recognise", "hold",
                                             "rerun",  "appoint", "interim",   "complaint"};

const char *due_name(enum due_kind kind)
{
    return names[kind];
}

bool due_named(struct bytes word, enum due_kind *ret)
{
    for (unsigned i = 0; i < DUE_KINDS; i++)
        if (bytes_same(word, bytes_text(names[i]))) {
            *ret = (enum due_kind)i;
            return true;
        }
    return false;
}

static void add(struct dues *d, struct due one)
{
    if (d->n == d->cap) {
        d->cap = d->cap ? 2 * d->cap : 64;
        d->at = realloc(d->at, d->cap * sizeof *d->at);
        if (!d->at)
            abort();
    }
    d->at[d->n++] = one;
}

static bool value_of(const struct fold *f, uint32_t ballot, enum decision which, struct record *ret)
{
    const char *why;
    unsigned slot_is = which == DECISION_RERUN || which == DECISION_INTERIM ? which : 1;
    uint32_t slot = fold_slot_of(f, KIND_DECISION, slot_is, ballot);
    return slot != ENTRY_NONE && f->slots[slot].chosen != ENTRY_NONE &&
           record_decode(ret, fold_bytes(f, f->slots[slot].chosen), &why) == 0;
}

// The day on which it closed, or on which the plan lets the place vote; -1: not known.
static int32_t own_day(const struct fold *f, uint32_t ballot)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[p->ballots[ballot].unit];
    const struct cell *c = &f->cells[ballot];
    int64_t at = u->opens ? u->opens : u->closes;
    if (c->facts[STEP_CLOSED].state == FACT_VALUE)
        at = c->facts[STEP_CLOSED].at;
    else if (at == 0 && p->n_cutoffs > 0)
        at = p->cutoffs[p->n_cutoffs - 1].at;
    return at ? workdays_day(at) : -1;
}

// The same; but of a second vote, which stands in the plan beside the first, it is the day that was ordered, or
// that the plan has moved the place to since: not the first one's.
static int32_t vote_day(const struct fold *f, uint32_t ballot)
{
    const struct plan *p = f->plan;
    uint32_t first = plan_contest_of(p, p->contests[p->ballots[ballot].contest].repeats);
    int32_t own = own_day(f, ballot);
    struct record r;
    if (first == PLAN_NONE || f->cells[ballot].facts[STEP_CLOSED].state == FACT_VALUE)
        return own;
    first = plan_ballot_of(p, p->ballots[ballot].unit, first);
    if (first == PLAN_NONE)
        return own;
    if (f->cells[first].facts[CELL_RERUN].state == FACT_VALUE &&
        value_of(f, first, DECISION_RERUN, &r) && r.number[DECISION_ON] > 0)
        return workdays_day((int64_t)r.number[DECISION_ON]);
    return own > own_day(f, first) ? own : -1;
}

static int32_t in_days(int32_t from, unsigned days)
{
    return from < 0 || days == 0 ? -1 : from + (int32_t)days;
}

// The vote at this place that repeats this one, or PLAN_NONE.
static uint32_t repeated_by(const struct plan *p, uint32_t ballot)
{
    const struct plan_unit *u = &p->units[p->ballots[ballot].unit];
    struct bytes code = p->contests[p->ballots[ballot].contest].code;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
        if (bytes_same(p->contests[p->ballots[b].contest].repeats, code))
            return b;
    return PLAN_NONE;
}

// How many votes this one follows, itself included; a ring of plans ends at the limit.
static unsigned round_of(const struct plan *p, uint32_t contest)
{
    unsigned n = 1;
    for (uint32_t k = contest; n < PLAN_CANDIDATES_MAX && p->contests[k].repeats.n > 0; n++) {
        k = plan_contest_of(p, p->contests[k].repeats);
        if (k == PLAN_NONE)
            return n + 1;
    }
    return n;
}

static bool ended(const struct fold *f, uint32_t ballot)
{
    return ballot != PLAN_NONE && (f->cells[ballot].facts[CELL_TALLY].state == FACT_VALUE ||
                                   f->cells[ballot].facts[CELL_DECISION].state == FACT_VALUE);
}

// A vote that did not elect: it is repeated, or, after the last round, somebody is appointed.
static void add_rerun(struct dues *d, const struct fold *f, struct due due, bool annulled)
{
    const struct plan *p = f->plan;
    uint32_t contest = p->ballots[due.ballot].contest, again = repeated_by(p, due.ballot);
    const struct plan_profile *rules = &p->profiles[p->contests[contest].profile];
    struct record r;
    if (ended(f, again))
        return;
    due.kind = DUE_RERUN;
    due.day = in_days(due.from, rules->rerun_days);
    if (value_of(f, due.ballot, DECISION_RERUN, &r) &&
        f->cells[due.ballot].facts[CELL_RERUN].state == FACT_VALUE) {
        due.ordered = r.number[DECISION_ON] > 0;
        due.day = due.ordered ? workdays_day((int64_t)r.number[DECISION_ON]) : due.day;
    } else if (!annulled && rules->rounds > 0 && round_of(p, contest) >= rules->rounds) {
        due.kind = DUE_APPOINT;
        due.day = -1;
    }
    add(d, due);
}

static void add_interim(struct dues *d, const struct fold *f, struct due due, unsigned months)
{
    struct record r;
    uint32_t again = repeated_by(f->plan, due.ballot);
    if (ended(f, again) || !value_of(f, due.ballot, DECISION_INTERIM, &r))
        return;
    due.kind = DUE_INTERIM;
    due.from = workdays_day(r.number[DECISION_DATE] ? (int64_t)r.number[DECISION_DATE] : r.at);
    due.day = months ? workdays_months(due.from, months) : -1;
    if (months)
        add(d, due);
}

static void look_at(struct dues *d, const struct fold *f, uint32_t ballot, int32_t today)
{
    const struct plan *p = f->plan;
    const struct cell *c = &f->cells[ballot];
    const struct plan_profile *rules =
        &p->profiles[p->contests[p->ballots[ballot].contest].profile];
    struct due due = {.unit = p->ballots[ballot].unit,
                      .ballot = ballot,
                      .entry = ENTRY_NONE,
                      .from = vote_day(f, ballot)};
    bool over = c->facts[STEP_CLOSED].state == FACT_VALUE || (due.from >= 0 && today > due.from);
    switch (cell_life(c)) {
    case LIFE_POSTPONED:
    case LIFE_RECOGNISED:
    case LIFE_STATES: return;
    case LIFE_PLANNED:
    case LIFE_LIST_FROZEN:
    case LIFE_OPENED:
    case LIFE_INTERRUPTED:
    case LIFE_CLOSED:
    case LIFE_HOUSEHOLD_BALLOTS:
    case LIFE_COUNTING:
        due.day = in_days(due.from, rules->report_days);
        if (over)
            add(d, due);
        return;
    case LIFE_TALLIED:
        due.kind = DUE_MINUTES;
        due.day = in_days(due.from, rules->report_days);
        add(d, due);
        return;
    case LIFE_MINUTES_SIGNED:
    case LIFE_ON_HOLD:
        due.kind = cell_life(c) == LIFE_ON_HOLD ? DUE_HOLD : DUE_RECOGNISE;
        if (c->facts[CELL_MINUTES].state == FACT_VALUE)
            due.from = workdays_day(c->facts[CELL_MINUTES].at);
        due.day = rules->recognise_days && due.from >= 0
                      ? workdays_after(p, due.from, rules->recognise_days)
                      : -1;
        add(d, due);
        return;
    case LIFE_NO_QUORUM:
    case LIFE_NOT_RECOGNISED:
    case LIFE_RERUN_ORDERED: add_rerun(d, f, due, false); return;
    case LIFE_ANNULLED: add_rerun(d, f, due, true); return;
    case LIFE_INTERIM_HEAD: add_interim(d, f, due, rules->interim_months); return;
    }
}

static void add_complaints(struct dues *d, const struct fold *f, uint32_t unit, bool restricted)
{
    struct record r;
    const char *why;
    for (uint32_t i = 0; i < f->n_entries; i++) {
        const struct fold_entry *e = &f->entries[i];
        if (e->kind != KIND_COMPLAINT || !e->in_force || fold_replaced(f, i) ||
            e->unit == PLAN_NONE || !plan_below(f->plan, e->unit, unit) ||
            !view_statement_shown(f, i, restricted) ||
            record_decode(&r, fold_bytes(f, i), &why) < 0 || !matters_open(&r))
            continue;
        add(d, (struct due){.kind = DUE_COMPLAINT,
                            .unit = e->unit,
                            .ballot = e->ballot,
                            .entry = i,
                            .from = workdays_day(r.at),
                            .day = -1});
    }
}

static int by_day(const void *a, const void *b)
{
    const struct due *x = a, *y = b;
    const int64_t keys[][2] = {{x->day < 0, y->day < 0}, {x->day, y->day},
                               {x->kind, y->kind},       {x->unit, y->unit},
                               {x->ballot, y->ballot},   {x->entry, y->entry}};
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

void dues_find(struct dues *d, const struct fold *f, uint32_t unit, int64_t now, bool restricted)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    *d = (struct dues){0};
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
        if (view_shown(p, p->contests[p->ballots[b].contest].kind, restricted))
            look_at(d, f, b, workdays_day(now));
    add_complaints(d, f, unit, restricted);
    if (d->n > 1)
        qsort(d->at, d->n, sizeof *d->at, by_day);
}

void dues_free(struct dues *d)
{
    free(d->at);
    *d = (struct dues){0};
}

// ---- as JSON

static const char *urgency(const struct plan *p, const struct due *due, int32_t today)
{
    if (due->day < 0)
        return "none";
    if (due->day <= today)
        return due->day < today ? "overdue" : "today";
    return workdays_between(p, today, due->day) <= 1 ? "soon" : "later";
}

static const char *decider(const struct plan *p, const struct due *due)
{
    static const char *const deciders[] = {"node", "parent", "superior"};
    if (due->ballot == PLAN_NONE)
        return "node";
    return deciders[p->profiles[p->contests[p->ballots[due->ballot].contest].profile].decides];
}

static json_t *day_or_null(int32_t day)
{
    return day < 0 ? json_null() : json_integer((json_int_t)workdays_start(day));
}

// What stands in the way where the thing itself is here: minutes in quarantine are not minutes yet.
static const char *awaited(const struct fold *f, const struct due *due)
{
    static const uint8_t facts[DUE_KINDS] = {
        [DUE_REPORT] = CELL_TALLY, [DUE_MINUTES] = CELL_MINUTES, [DUE_RECOGNISE] = CELL_DECISION};
    if (due->ballot == PLAN_NONE || due->kind > DUE_RECOGNISE)
        return "missing";
    return state_name(f->cells[due->ballot].facts[facts[due->kind]].state);
}

static json_t *view_due(const struct fold *f, const struct due *due, int32_t today)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[due->unit];
    const struct plan_contest *k =
        due->ballot == PLAN_NONE ? NULL : &p->contests[p->ballots[due->ballot].contest];
    const struct plan_day *named = due->day < 0 ? NULL : workdays_named(p, due->day);
    json_t *j =
        json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "kind", due_name(due->kind), "state",
                  urgency(p, due, today), "due_at", day_or_null(due->day), "place",
                  view_bytes(u->code), "name", view_bytes(u->name), "within",
                  view_bytes(u->parent == PLAN_NONE ? bytes_text("") : p->units[u->parent].name),
                  "contest", view_bytes(k ? k->name : bytes_text("")));
    json_object_set_new(j, "since", day_or_null(due->from));
    json_object_set_new(j, "days", due->day < 0 ? json_null() : json_integer(due->day - today));
    json_object_set_new(j, "workdays",
                        due->day < 0 ? json_null()
                                     : json_integer(workdays_between(p, today, due->day)));
    json_object_set_new(j, "off", json_boolean(due->day >= 0 && !workdays_is(p, due->day)));
    json_object_set_new(j, "off_name",
                        view_bytes(named && !named->works ? named->name : bytes_text("")));
    json_object_set_new(j, "decides", json_string(decider(p, due)));
    json_object_set_new(j, "awaited", json_string(awaited(f, due)));
    json_object_set_new(j, "ordered", json_boolean(due->ordered));
    json_object_set_new(j, "contest_code", view_bytes(k ? k->code : bytes_text("")));
    json_object_set_new(j, "act",
                        due->entry == ENTRY_NONE
                            ? json_null()
                            : view_id(f->names[f->entries[due->entry].name].act));
    return j;
}

json_t *dues_view(const struct fold *f, uint32_t unit, enum due_kind kind, int64_t now,
                  bool restricted)
{
    struct dues d;
    int32_t today = workdays_day(now);
    uint32_t counts[DUE_KINDS] = {0}, n = 0, overdue = 0, due_today = 0;
    unsigned told = 0, proven = 0;
    json_t *list = json_array(), *by_kind = json_object();
    dues_find(&d, f, unit, now, restricted);
    for (uint32_t i = 0; i < d.n; i++) {
        const struct due *due = &d.at[i];
        counts[due->kind]++;
        if (kind != DUE_KINDS && kind != due->kind)
            continue;
        overdue += due->day >= 0 && due->day < today;
        due_today += due->day == today;
        if (n++ < DUES_SHOWN)
            json_array_append_new(list, view_due(f, due, today));
    }
    for (unsigned i = 0; i < DUE_KINDS; i++)
        json_object_set_new(by_kind, names[i], json_integer(counts[i]));
    if (!f->plan->units[unit].place)
        view_told(f, unit, &told, &proven);
    dues_free(&d);
    return json_pack("{s:I,s:I,s:b,s:i,s:i,s:i,s:i,s:i,s:o,s:o}", "as_of", (json_int_t)now, "today",
                     (json_int_t)workdays_start(today), "holidays", f->plan->n_days > 0, "n",
                     (int)n, "overdue", (int)overdue, "due_today", (int)due_today, "more",
                     n > DUES_SHOWN ? (int)(n - DUES_SHOWN) : 0, "told", (int)told, "counts",
                     by_kind, "dues", list);
}

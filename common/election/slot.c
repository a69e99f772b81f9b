// slot.c - decides what a slot says from the statements in it, the same whatever order they came in.
#include "fold.h"
#include <assert.h>
#include <string.h>

// May `by` replace `what`: a unit its own and its parent's word, a parent only its own.
static bool may_replace(const struct fold *f, const struct fold_entry *by,
                        const struct fold_entry *what)
{
    if (!by->by_parent)
        return true;
    return what->by_parent && code_same(&f->logs[by->log].author, &f->logs[what->log].author);
}

bool fold_replaced(const struct fold *f, uint32_t entry)
{
    const struct fold_entry *e = &f->entries[entry];
    for (uint32_t i = f->names[e->name].first_ref; i != ENTRY_NONE; i = f->refs[i].next_of_name) {
        const struct fold_entry *by = &f->entries[f->refs[i].from];
        if (!f->refs[i].verdict && by != e && by->in_force && may_replace(f, by, e))
            return true;
    }
    return false;
}

// Replaced, but by nothing that stands elsewhere than in this slot: part of a ring, or of a chain
// whose end is here.
static bool replaced_from_outside(const struct fold *f, uint32_t entry)
{
    const struct fold_entry *e = &f->entries[entry];
    for (uint32_t i = f->names[e->name].first_ref; i != ENTRY_NONE; i = f->refs[i].next_of_name) {
        const struct fold_entry *by = &f->entries[f->refs[i].from];
        if (!f->refs[i].verdict && by->in_force && by->slot != e->slot && may_replace(f, by, e))
            return true;
    }
    return false;
}

static struct bytes content(const struct fold *f, uint32_t entry)
{
    const struct fold_entry *e = &f->entries[entry];
    return bytes_of(f->arena + e->at + e->body, e->n - e->body);
}

// The statement of an entry, in the caller's room where it is not at hand; what stands in the index
// could be read when it came.
static const struct record *read_entry(const struct fold *f, uint32_t entry, struct record *room)
{
    const char *why;
    if (entry == f->hand)
        return f->hand_record;
    int rc = record_decode(room, fold_bytes(f, entry), &why);
    assert(rc == 0);
    return room;
}

// One author's act with other bytes, of whatever kind: both are in conflict until both are replaced.
static bool has_twin(const struct fold *f, uint32_t entry)
{
    const struct fold_entry *e = &f->entries[entry];
    for (uint32_t i = f->names[e->name].first_entry; i != ENTRY_NONE;
         i = f->entries[i].next_of_name)
        if (i != entry && f->entries[i].in_force && !fold_replaced(f, i) &&
            code_same(&f->logs[f->entries[i].log].author, &f->logs[e->log].author))
            return true;
    return false;
}

// Of entries with equal content the one that stands for them: said earliest, then the smallest act.
static bool stands_before(const struct fold *f, uint32_t entry, uint32_t other)
{
    struct record rooms[2];
    const struct record *a = read_entry(f, entry, &rooms[0]), *b = read_entry(f, other, &rooms[1]);
    if (a->at != b->at)
        return a->at < b->at;
    return a->entered != b->entered ? a->entered < b->entered
                                    : a->act < b->act; // else equal as values
}

struct weighing {
    uint32_t best; // stands for the value
    unsigned candidates, in_force, outside;
    bool differ, twin, crowded;
};

static struct weighing gather(const struct fold *f, uint32_t slot)
{
    struct weighing w = {.best = ENTRY_NONE};
    for (uint32_t i = f->slots[slot].first_entry; i != ENTRY_NONE; i = f->entries[i].next_of_slot) {
        if (!f->entries[i].in_force)
            continue;
        w.in_force++;
        if (fold_replaced(f, i)) {
            w.outside += replaced_from_outside(f, i);
            continue;
        }
        w.candidates++;
        w.twin = w.twin || has_twin(f, i);
        if (w.best != ENTRY_NONE && !bytes_same(content(f, i), content(f, w.best)))
            w.differ = true;
        if (w.best == ENTRY_NONE || stands_before(f, i, w.best))
            w.best = i;
        w.crowded = w.candidates > CANDIDATES_MAX && (w.differ || w.twin);
        if (w.crowded)
            break;
    }
    return w;
}

// The verdict that makes this reference, where it holds; else NULL.
static const struct record *verdict_of(const struct fold *f, uint32_t ref, struct record *room)
{
    const struct fold_entry *v = &f->entries[f->refs[ref].from];
    if (!f->refs[ref].verdict || !v->in_force || !v->by_parent ||
        fold_replaced(f, f->refs[ref].from))
        return NULL;
    return read_entry(f, f->refs[ref].from, room);
}

static bool is_candidate(const struct fold *f, uint32_t i)
{
    return f->entries[i].in_force && !fold_replaced(f, i);
}

static bool saw_all(const struct fold *f, uint32_t slot, const struct record *verdict)
{
    for (uint32_t i = f->slots[slot].first_entry; i != ENTRY_NONE; i = f->entries[i].next_of_slot) {
        uint64_t act = f->names[f->entries[i].name].act;
        bool seen = act == verdict->number[VERDICT_OF];
        for (unsigned k = 0; k < verdict->n_list; k++)
            seen = seen || verdict->list[k] == act;
        if (is_candidate(f, i) && !seen)
            return false;
    }
    return true;
}

static bool is_chosen(const struct fold *f, uint32_t slot, uint32_t entry)
{
    struct record room;
    for (uint32_t i = f->names[f->entries[entry].name].first_ref; i != ENTRY_NONE;
         i = f->refs[i].next_of_name) {
        const struct record *v = verdict_of(f, i, &room);
        if (v && v->number[VERDICT_WORD] == VERDICT_CHOSEN && saw_all(f, slot, v))
            return true;
    }
    return false;
}

// Where candidates differ: the one that verdicts *chosen* name, if all that saw everything agree.
static uint32_t choose(const struct fold *f, uint32_t slot)
{
    uint32_t chosen = ENTRY_NONE;
    for (uint32_t i = f->slots[slot].first_entry; i != ENTRY_NONE; i = f->entries[i].next_of_slot) {
        if (!is_candidate(f, i) || !is_chosen(f, slot, i))
            continue;
        if (chosen != ENTRY_NONE && !bytes_same(content(f, i), content(f, chosen)))
            return ENTRY_NONE;
        if (chosen == ENTRY_NONE || stands_before(f, i, chosen))
            chosen = i;
    }
    return chosen;
}

// Reasons that remain in the way of a value after what operators said of it or of its equals.
static uint32_t remaining(const struct fold *f, uint32_t slot, uint32_t value)
{
    uint32_t reasons = f->entries[value].reasons & ~(uint32_t)REASONS_WARNING, waived = 0,
             returned = 0;
    struct record rooms[2];
    for (uint32_t i = f->slots[slot].first_entry; i != ENTRY_NONE; i = f->entries[i].next_of_slot) {
        if (!is_candidate(f, i) || !bytes_same(content(f, i), content(f, value)))
            continue;
        for (uint32_t r = f->names[f->entries[i].name].first_ref; r != ENTRY_NONE;
             r = f->refs[r].next_of_name) {
            const struct record *v = verdict_of(f, r, &rooms[0]);
            if (!v)
                continue;
            if (v->number[VERDICT_WORD] == VERDICT_RETURNED)
                returned = REASON_RETURNED;
            if (v->number[VERDICT_WORD] == VERDICT_RELEASED &&
                !bytes_same(v->by, read_entry(f, i, &rooms[1])->by))
                waived |= (uint32_t)v->number[VERDICT_WAIVES] & ~(uint32_t)REASONS_FINAL;
        }
    }
    return (reasons & ~waived) | returned;
}

static void write_tally(struct fold *f, uint32_t ballot, const struct record *r, struct cell *c)
{
    const struct plan_ballot *b = &f->plan->ballots[ballot];
    const struct plan_contest *k = &f->plan->contests[b->contest];
    uint32_t *votes = f->votes + b->first_vote;
    memset(c->tally, 0xff, sizeof c->tally);
    for (uint32_t i = 0; i < k->n_candidates; i++)
        votes[i] = UNSTATED;
    c->tally_at = r ? r->at : 0;
    for (unsigned i = 0; r && i < TALLY_NUMBERS; i++) {
        uint64_t v;
        if (record_number(r, TALLY_ELIGIBLE + i, &v))
            c->tally[i] = (uint32_t)v;
    }
    for (unsigned i = 0; r && i + 1 < r->n_list; i += 2) {
        uint32_t candidate = plan_candidate_of(f->plan, b->contest, r->list[i]);
        if (candidate != PLAN_NONE)
            votes[candidate] = r->list[i + 1] > UINT32_MAX - 1 ? UINT32_MAX - 1
                                                               : (uint32_t)r->list[i + 1];
    }
}

static void write_turnout(struct fold *f, uint32_t ballot, unsigned cutoff, const struct record *r,
                          const struct fold_slot *s)
{
    struct turnout_cell *t = &f->turnouts[ballot * f->plan->n_cutoffs + cutoff - 1];
    uint64_t eligible;
    memset(t, 0, sizeof *t); // also what lies between the fields: cells are compared as bytes
    t->state = s->state;
    t->reasons = s->reasons;
    t->eligible = UNSTATED;
    if (!r)
        return;
    t->at = r->at;
    t->voted = (uint32_t)r->number[TURNOUT_VOTED];
    if (record_number(r, TURNOUT_ELIGIBLE, &eligible))
        t->eligible = (uint32_t)eligible;
}

// Puts the slot's word into the cell of its ballot. r: the value, also where it is quarantined.
static void write_cell(struct fold *f, const struct fold_slot *s, uint32_t ballot,
                       const struct record *r)
{
    struct cell *c = &f->cells[ballot];
    unsigned kind = slot_kind(s), which = slot_which(s);
    switch (kind) {
    case KIND_STEP:
        c->step_state[which] = s->state;
        c->step_at[which] = r ? r->at : 0;
        break;
    case KIND_TURNOUT: write_turnout(f, ballot, which, r, s); break;
    case KIND_TALLY:
        c->tally_state = s->state;
        c->reasons = s->reasons;
        write_tally(f, ballot, r, c);
        break;
    case KIND_MINUTES: c->minutes_state = s->state; break;
    case KIND_DECISION:
        c->decision_state = s->state;
        c->decision = r ? (uint8_t)r->number[DECISION_WHAT] : 0;
        break;
    default: break;
    }
}

void slot_weigh(struct fold *f, uint32_t slot)
{
    struct fold_slot *s = &f->slots[slot];
    struct weighing w = gather(f, slot);
    uint32_t ballot = f->entries[s->first_entry].ballot, value = w.best;
    bool conflict = w.differ || w.twin || (w.candidates == 0 && w.in_force > 0 && w.outside == 0);
    if (conflict) {
        value = w.crowded ? ENTRY_NONE : choose(f, slot);
        conflict = value == ENTRY_NONE;
    }
    struct fold_slot before = *s;
    s->chosen = conflict ? ENTRY_NONE : value;
    s->reasons = s->chosen == ENTRY_NONE ? 0 : remaining(f, slot, value);
    s->state = conflict              ? FACT_CONFLICT
               : value == ENTRY_NONE ? FACT_MISSING
               : s->reasons          ? FACT_QUARANTINED
                                     : FACT_VALUE;
    if (ballot == PLAN_NONE ||
        (before.chosen == s->chosen && before.state == s->state && before.reasons == s->reasons))
        return;
    struct record room;
    int64_t share[SUMS_MAX];
    f->changes++;
    sums_before(f, ballot, share);
    write_cell(f, s, ballot, s->chosen == ENTRY_NONE ? NULL : read_entry(f, s->chosen, &room));
    sums_after(f, ballot, share);
}

void slot_weigh_loose(struct fold *f, uint32_t entry)
{
    struct fold_entry *e = &f->entries[entry];
    struct record room;
    const struct record *r = read_entry(f, entry, &room);
    if (r->kind == KIND_VERDICT) {
        // What it speaks of, and all it saw, may be decided otherwise now.
        uint32_t home = f->logs[e->log].home;
        for (unsigned k = 0; k <= r->n_list; k++) {
            uint64_t act = k == r->n_list ? r->number[VERDICT_OF] : r->list[k];
            for (uint32_t i = fold_find(f, home, act); i != ENTRY_NONE;
                 i = f->entries[i].next_of_name)
                if (f->entries[i].slot != ENTRY_NONE)
                    slot_weigh(f, f->entries[i].slot);
        }
    }
    bool severe = r->number[INCIDENT_SEVERITY] >= 3;
    bool now = r->kind == KIND_INCIDENT && e->in_force && !e->reasons &&
               r->number[INCIDENT_STATE] != 3 && !fold_replaced(f, entry) && !has_twin(f, entry);
    if (now == e->counted)
        return;
    sums_incident(f, entry, severe, now ? +1 : -1);
    e->counted = now;
    f->changes++;
}

uint32_t fold_entry_reasons(const struct fold *f, uint32_t entry, enum fact_state *ret_state)
{
    const struct fold_entry *e = &f->entries[entry];
    uint32_t reasons = e->reasons & ~(uint32_t)REASONS_WARNING;
    if (e->slot == ENTRY_NONE) {
        *ret_state = reasons ? FACT_QUARANTINED : FACT_VALUE;
        return reasons;
    }
    const struct fold_slot *s = &f->slots[e->slot];
    *ret_state = (enum fact_state)s->state;
    return s->state == FACT_CONFLICT ? reasons : s->reasons;
}

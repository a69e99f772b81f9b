// slot.c - decides what a slot says from the statements in it, the same whatever order they came in.
#include "slot.h"
#include "proto/mutant.h"
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
            return !MUTANT(replaced_value_counts);
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
const struct record *slot_read(const struct fold *f, uint32_t entry, struct record *room)
{
    const char *why;
    if (entry == f->hand)
        return f->hand_record;
    int rc = record_decode(room, fold_bytes(f, entry), &why);
    assert(rc == 0);
    return room;
}

// One author's act with other bytes, of whatever kind: both are in conflict until both are replaced.
bool slot_twin(const struct fold *f, uint32_t entry)
{
    const struct fold_entry *e = &f->entries[entry];
    for (uint32_t i = f->names[e->name].first_entry; i != ENTRY_NONE;
         i = f->entries[i].next_of_name)
        if (i != entry && f->entries[i].in_force && !fold_replaced(f, i) &&
            code_same(&f->logs[f->entries[i].log].author, &f->logs[e->log].author))
            return true;
    return false;
}

static int order_of(struct bytes a, struct bytes b)
{
    int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

// Of entries that say the same the one that stands for them: said earliest, then the smallest act, then
// the unit's own. The last steps are for an act that two authors bear.
static SELDOM bool stands_before(const struct fold *f, uint32_t entry, uint32_t other)
{
    struct record rooms[2];
    const struct record *a = slot_read(f, entry, &rooms[0]), *b = slot_read(f, other, &rooms[1]);
    const struct fold_entry *x = &f->entries[entry], *y = &f->entries[other];
    if (a->at != b->at)
        return a->at < b->at;
    if (a->entered != b->entered)
        return a->entered < b->entered;
    if (a->act != b->act)
        return a->act < b->act;
    if (x->by_parent != y->by_parent)
        return y->by_parent;
    int order = order_of(code_bytes(&f->logs[x->log].author), code_bytes(&f->logs[y->log].author));
    return order != 0 ? order < 0 : order_of(fold_bytes(f, entry), fold_bytes(f, other)) < 0;
}

// How much a statement says: a figure by telephone may state less than the paper.
static unsigned fullness(const struct record *r)
{
    unsigned n = r->n_list;
    for (uint32_t stated = r->stated; stated; stated &= stated - 1)
        n++;
    for (unsigned i = 0; i < FIELDS_MAX; i++)
        n += r->blob[i].n > 0;
    return n;
}

static bool lists_agree(const struct record *a, const struct record *b)
{
    for (unsigned i = 0, k = 0; i < a->n_list && k < b->n_list;) {
        if (a->list[i] == b->list[k] && a->list[i + 1] != b->list[k + 1])
            return false;
        bool next = a->list[i] <= b->list[k];
        k += b->list[k] <= a->list[i] ? 2 : 0;
        i += next ? 2 : 0;
    }
    return true;
}

// Two statements for one slot say nothing that differs: what only one of them states is no difference.
static bool agree(const struct record *a, const struct record *b)
{
    const struct record_spec *s = record_spec(a->kind);
    for (unsigned i = 0; s->fields[i].name; i++) {
        uint64_t x, y;
        if (s->fields[i].type == FIELD_TEXT || s->fields[i].type == FIELD_BIN) {
            if (a->blob[i].n > 0 && b->blob[i].n > 0 && !bytes_same(a->blob[i], b->blob[i]))
                return false;
        } else if (record_number(a, i, &x) && record_number(b, i, &y) && x != y) {
            return false;
        }
    }
    return a->kind != KIND_TALLY || lists_agree(a, b);
}

enum { CONTENTS_MAX = 8 }; // different contents that still agree; with more it is a conflict
struct weighing {
    uint32_t best; // stands for the value
    uint32_t contents[CONTENTS_MAX];
    unsigned n_contents, candidates, in_force, outside;
    int64_t at; // earliest of the candidates
    bool differ, twin, crowded;
};

static void note_time(const struct fold *f, struct weighing *w, uint32_t entry)
{
    struct record room;
    const struct record *r = slot_read(f, entry, &room);
    if (w->candidates == 1 || r->at < w->at)
        w->at = r->at;
}

static bool is_of_paper(unsigned kind) // a step is said when it happens
{
    return kind == KIND_TALLY || kind == KIND_MINUTES || kind == KIND_DECISION;
}

// A time that some statement of the slot bears for having been typed then: a correction that takes it over
// does not make it a time that was stated.
static SELDOM bool is_typed(const struct fold *f, uint32_t slot, int64_t at)
{
    struct record room;
    for (uint32_t i = f->slots[slot].first_entry; i != ENTRY_NONE; i = f->entries[i].next_of_slot) {
        const struct record *r = f->entries[i].in_force ? slot_read(f, i, &room) : NULL;
        if (r && r->at == at && r->entered == at)
            return true;
    }
    return false;
}

static SELDOM bool says_otherwise(const struct fold *f, uint32_t entry, uint32_t other)
{
    struct record rooms[2];
    return !MUTANT(last_statement_wins) &&
           !agree(slot_read(f, entry, &rooms[0]), slot_read(f, other, &rooms[1]));
}

// A content not seen yet in this slot, against those that were.
static void add_content(const struct fold *f, struct weighing *w, uint32_t entry)
{
    for (unsigned i = 0; i < w->n_contents; i++)
        if (bytes_same(content(f, entry), content(f, w->contents[i])))
            return;
    for (unsigned i = 0; i < w->n_contents && !w->differ; i++)
        w->differ = says_otherwise(f, entry, w->contents[i]);
    if (w->n_contents == CONTENTS_MAX)
        w->differ = true;
    else
        w->contents[w->n_contents++] = entry;
}

// The fuller one; then one that nothing is against by itself, as a decision that its author may make.
static SELDOM bool is_better(const struct fold *f, uint32_t entry, uint32_t other)
{
    struct record rooms[2];
    if (!bytes_same(content(f, entry), content(f, other))) {
        unsigned a = fullness(slot_read(f, entry, &rooms[0])),
                 b = fullness(slot_read(f, other, &rooms[1]));
        if (a != b)
            return a > b;
    }
    bool good = (f->entries[entry].reasons & ~REASONS_WARNING) == 0,
         other_good = (f->entries[other].reasons & ~REASONS_WARNING) == 0;
    return good != other_good ? good : stands_before(f, entry, other);
}

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
        w.twin = w.twin || slot_twin(f, i);
        if (!w.differ)
            add_content(f, &w, i);
        note_time(f, &w, i);
        if (w.best == ENTRY_NONE || (!MUTANT(last_statement_wins) && is_better(f, i, w.best)))
            w.best = i;
        w.crowded = w.candidates > CANDIDATES_MAX;
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
    return slot_read(f, f->refs[ref].from, room);
}

bool slot_candidate(const struct fold *f, uint32_t i)
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
        if (slot_candidate(f, i) && !seen)
            return false;
    }
    return true;
}

static SELDOM bool is_chosen(const struct fold *f, uint32_t slot, uint32_t entry)
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
        if (!slot_candidate(f, i) || !is_chosen(f, slot, i))
            continue;
        if (chosen != ENTRY_NONE && !bytes_same(content(f, i), content(f, chosen)))
            return ENTRY_NONE;
        if (chosen == ENTRY_NONE || stands_before(f, i, chosen))
            chosen = i;
    }
    return chosen;
}

static SELDOM uint32_t waived_by(const struct fold *f, uint32_t ref, uint32_t entry,
                                 uint32_t *ret_returned)
{
    struct record rooms[2];
    const struct record *v = verdict_of(f, ref, &rooms[0]);
    if (v && v->number[VERDICT_WORD] == VERDICT_RETURNED)
        *ret_returned = REASON_RETURNED;
    if (v && v->number[VERDICT_WORD] == VERDICT_RELEASED &&
        (!bytes_same(v->by, slot_read(f, entry, &rooms[1])->by) || MUTANT(released_by_its_author)))
        return (uint32_t)v->number[VERDICT_WAIVES] & ~(uint32_t)REASONS_FINAL;
    return 0;
}

// What operators said of a value or of its equals: reasons they waive, and whether it was given back.
static uint32_t waived(const struct fold *f, uint32_t slot, uint32_t value, uint32_t *ret_returned)
{
    uint32_t bits = 0;
    *ret_returned = 0;
    for (uint32_t i = f->slots[slot].first_entry; i != ENTRY_NONE; i = f->entries[i].next_of_slot)
        if (slot_candidate(f, i) && bytes_same(content(f, i), content(f, value)))
            for (uint32_t r = f->names[f->entries[i].name].first_ref; r != ENTRY_NONE;
                 r = f->refs[r].next_of_name)
                bits |= waived_by(f, r, i, ret_returned);
    return bits;
}

// What the slot says of itself, from the statements in it.
static void decide(struct fold *f, uint32_t slot)
{
    struct fold_slot *s = &f->slots[slot];
    struct weighing w = gather(f, slot);
    uint32_t value = w.best, returned = 0;
    bool ring = w.candidates == 0 && w.in_force > 0 && w.outside == 0;
    bool conflict = w.differ || w.twin || w.crowded || ring;
    if (conflict) {
        struct record room;
        const struct record *r;
        value = w.crowded ? ENTRY_NONE : choose(f, slot);
        conflict = value == ENTRY_NONE;
        r = conflict ? NULL : slot_read(f, value, &room);
        w.at = r ? r->at : 0;
    }
    s->chosen = conflict ? ENTRY_NONE : value;
    s->at = w.at;
    s->typed = s->chosen != ENTRY_NONE && is_of_paper(slot_kind(s)) && is_typed(f, slot, w.at);
    s->waived = s->chosen == ENTRY_NONE ? 0 : waived(f, slot, value, &returned);
    s->reasons = s->chosen == ENTRY_NONE
                     ? 0
                     : (f->entries[value].reasons & ~REASONS_WARNING & ~s->waived) | returned;
    s->state = conflict              ? FACT_CONFLICT
               : value == ENTRY_NONE ? FACT_MISSING
               : s->reasons          ? FACT_QUARANTINED
                                     : FACT_VALUE;
}

void slot_weigh(struct fold *f, uint32_t slot)
{
    struct fold_slot *s = &f->slots[slot], before = *s;
    uint32_t ballot = f->entries[s->first_entry].ballot;
    if (slot_is_bag(s)) {
        ballot_again(f, ballot);
        return;
    }
    decide(f, slot);
    if (before.chosen == s->chosen && before.state == s->state && before.reasons == s->reasons &&
        before.waived == s->waived && before.at == s->at && before.typed == s->typed)
        return;
    f->changes++;
    if (ballot != PLAN_NONE)
        ballot_write(f, slot, ballot);
}

void slot_weigh_loose(struct fold *f, uint32_t entry)
{
    struct fold_entry *e = &f->entries[entry];
    struct record room;
    const struct record *r = slot_read(f, entry, &room);
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
    bool now = r->kind == KIND_INCIDENT && e->in_force && !e->reasons &&
               r->number[INCIDENT_STATE] != 3 && !fold_replaced(f, entry) && !slot_twin(f, entry);
    if (now == e->counted)
        return;
    sums_incident(f, entry, r, now ? +1 : -1);
    e->counted = now;
    f->changes++;
}

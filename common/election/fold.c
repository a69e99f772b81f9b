// fold.c - the index of statements: what stands where, what names what, what is in force.
#include "fold.h"
#include "proto/mutant.h"
#include <assert.h>
#include <string.h>

static uint32_t grant_of(const struct fold *f, uint32_t home, uint64_t incarnation)
{
    uint32_t i = home == PLAN_NONE ? ENTRY_NONE : f->homes[home].grant;
    while (i != ENTRY_NONE && f->grants[i].incarnation != incarnation)
        i = f->grants[i].next;
    return i;
}

void fold_log(struct fold *f, uint32_t log, const struct log_id *id)
{
    assert(log == f->n_logs && log < f->limits.logs);
    struct fold_log *l = &f->logs[f->n_logs++];
    *l = (struct fold_log){
        .author = id->author, .stream = id->stream, .incarnation = id->incarnation};
    l->home = plan_unit_of(f->plan, code_bytes(&id->about));
    l->grant = grant_of(f, l->home, l->incarnation);
    fold_home_log(f, log);
    l->by_parent = !code_same(&id->author, &id->about);
    // Reports are of the unit itself, words about it are not: nobody passes for another tier.
    l->speaks = l->home != PLAN_NONE && l->by_parent == (l->stream == STREAM_ABOUT) &&
                plan_may_speak(f->plan, code_bytes(&id->author), l->home);
}

static bool counts(const struct fold *f, uint32_t log, uint64_t n)
{
    const struct fold_log *l = &f->logs[log];
    if (!l->speaks || l->stream == STREAM_PLAN)
        return false;
    if (l->stream == STREAM_ABOUT)
        return true;
    const struct fold_grant *g = l->grant == ENTRY_NONE ? NULL : &f->grants[l->grant];
    return g && g->admitted && n <= g->until;
}

bool fold_admitted(const struct fold *f, uint32_t log)
{
    return counts(f, log, 1);
}

static uint32_t name_of(struct fold *f, uint32_t home, uint64_t act)
{
    uint32_t *bucket = &f->name_buckets[name_bucket(f, home, act)];
    for (uint32_t i = *bucket; i != ENTRY_NONE; i = f->names[i].next)
        if (f->names[i].act == act && f->names[i].home == home)
            return i;
    f->names[f->n_names] = (struct fold_name){act, home, ENTRY_NONE, ENTRY_NONE, *bucket};
    return *bucket = f->n_names++;
}

uint32_t fold_find(const struct fold *f, uint32_t home, uint64_t act)
{
    for (uint32_t i = f->name_buckets[name_bucket(f, home, act)]; i != ENTRY_NONE;
         i = f->names[i].next)
        if (f->names[i].act == act && f->names[i].home == home)
            return f->names[i].first_entry;
    return ENTRY_NONE;
}

struct bytes fold_bytes(const struct fold *f, uint32_t entry)
{
    return bytes_of(f->arena + f->entries[entry].at, f->entries[entry].n);
}

static uint32_t slot_at(const struct fold *f, uint64_t key)
{
    for (uint32_t i = f->slot_buckets[slot_bucket(f, key)]; i != ENTRY_NONE; i = f->slots[i].next)
        if (f->slots[i].key == key)
            return i;
    return ENTRY_NONE;
}

uint32_t fold_slot_of(const struct fold *f, unsigned kind, unsigned which, uint32_t subject)
{
    return slot_at(f, fold_slot_key(kind, which, subject));
}

// The slot for a key, made when it is new.
static uint32_t slot_for(struct fold *f, uint64_t key)
{
    uint32_t *bucket = &f->slot_buckets[slot_bucket(f, key)], there = slot_at(f, key);
    if (there != ENTRY_NONE)
        return there;
    f->slots[f->n_slots] = (struct fold_slot){
        .key = key, .first_entry = ENTRY_NONE, .next = *bucket, .chosen = ENTRY_NONE};
    return *bucket = f->n_slots++;
}

unsigned fold_which(const struct record *r)
{
    switch (r->kind) {
    case KIND_STEP: return (unsigned)r->number[STEP_WHAT];
    case KIND_TURNOUT: return (unsigned)r->number[TURNOUT_CUTOFF];
    case KIND_SITUATION: return (unsigned)r->number[SITUATION_CUTOFF];
    case KIND_SEALED: return (unsigned)r->number[SEALED_NUMBER];
    case KIND_DECISION: // of one recognition, or that it is put off, one holds
        return r->number[DECISION_WHAT] < DECISION_RERUN ? 1 : (unsigned)r->number[DECISION_WHAT];
    case KIND_TALLY:
    case KIND_MINUTES:
    case KIND_LIST_CHANGE:
    case KIND_READY: return 1;
    default: return 0;
    }
}

bool fold_each_stands(unsigned kind, unsigned which)
{
    return kind == KIND_LIST_CHANGE ||
           (kind == KIND_STEP && (which == STEP_INTERRUPTED || which == STEP_RESUMED));
}

bool fold_of_a_ballot(unsigned kind)
{
    return kind == KIND_STEP || kind == KIND_TURNOUT || kind == KIND_TALLY ||
           kind == KIND_MINUTES || kind == KIND_DECISION || kind == KIND_LIST_CHANGE;
}

// What a statement speaks of: unit, ballot and slot; REASON_PLACE where the plan has no such thing,
// or it is not below the unit that the log is about.
static void locate(struct fold *f, struct fold_entry *e, const struct record *r)
{
    const struct plan *p = f->plan;
    uint32_t home = f->logs[e->log].home;
    e->unit = plan_unit_of(p, r->subject);
    e->ballot = PLAN_NONE;
    e->slot = ENTRY_NONE;
    if (r->kind == KIND_SUMMARY) {
        e->unit = home; // its subject is a child of the author; sums.c looks
        return;
    }
    if (e->unit == PLAN_NONE || home == PLAN_NONE || !plan_below(p, e->unit, home)) {
        e->reasons |= REASON_PLACE;
        e->unit = home;
        return;
    }
    if (fold_of_a_ballot(r->kind)) {
        const struct plan_unit *u = &p->units[e->unit];
        uint32_t contest = plan_contest_of(p, r->contest);
        if (contest != PLAN_NONE)
            e->ballot = plan_ballot_of(p, e->unit, contest);
        else if (r->contest.n == 0 && u->place && u->n_ballots == 1)
            e->ballot = u->first_ballot;
        if (e->ballot == PLAN_NONE) {
            e->reasons |= REASON_PLACE;
            return;
        }
        struct findings found = {0};
        check_statement(p, e->ballot, r, e->by_parent, &found);
        e->reasons |= found.reasons;
        if (e->reasons & REASON_CUTOFF)
            return;
    }
    unsigned which = fold_which(r);
    if (which > 0)
        e->slot = slot_for(
            f, fold_slot_key(r->kind, which, e->ballot == PLAN_NONE ? e->unit : e->ballot));
    if (fold_each_stands(r->kind, which))
        f->bags[e->ballot] = true;
}

static void refer(struct fold *f, uint32_t from, uint32_t home, uint64_t act, bool verdict)
{
    uint32_t name = name_of(f, home, act);
    f->refs[f->n_refs] = (struct fold_ref){from, f->names[name].first_ref, verdict};
    f->names[name].first_ref = f->n_refs++;
}

static bool named_before(const struct record *r, unsigned k)
{
    for (unsigned i = 0; i < k; i++)
        if (r->replaces[i] == r->replaces[k])
            return true;
    return false;
}

// An entry for a record not seen before about this unit.
static uint32_t add_entry(struct fold *f, uint32_t log, const struct record *r, struct bytes record)
{
    uint32_t i = f->n_entries++;
    struct fold_entry *e = &f->entries[i];
    uint32_t home = f->logs[log].home;
    *e = (struct fold_entry){.log = log,
                             .at = f->n_bytes,
                             .n = (uint32_t)record.n,
                             .kind = (uint8_t)r->kind,
                             .occurrences = ENTRY_NONE};
    e->body = (uint32_t)(r->body.at - record.at);
    memcpy(f->arena + f->n_bytes, record.at, record.n);
    f->n_bytes += record.n;
    e->by_parent = f->logs[log].by_parent;
    e->name = name_of(f, home, r->act);
    e->next_of_name = f->names[e->name].first_entry;
    f->names[e->name].first_entry = i;
    locate(f, e, r);
    if (e->slot != ENTRY_NONE) {
        e->next_of_slot = f->slots[e->slot].first_entry;
        f->slots[e->slot].first_entry = i;
    }
    for (unsigned k = 0; k < r->n_replaces; k++)
        if (!named_before(r, k))
            refer(f, i, home, r->replaces[k], false);
    if (r->kind == KIND_VERDICT)
        refer(f, i, home, r->number[VERDICT_OF], true);
    return i;
}

uint32_t fold_same(const struct fold *f, uint32_t home, const struct code *author, uint64_t act,
                   struct bytes record)
{
    for (uint32_t i = fold_find(f, home, act); i != ENTRY_NONE; i = f->entries[i].next_of_name)
        if (bytes_same(fold_bytes(f, i), record) &&
            code_same(&f->logs[f->entries[i].log].author, author))
            return i;
    return ENTRY_NONE;
}

static void weigh(struct fold *f, uint32_t entry)
{
    uint32_t slot = f->entries[entry].slot;
    if (slot == ENTRY_NONE) {
        slot_weigh_loose(f, entry);
    } else if (f->slots[slot].stirred != f->stirs) {
        f->slots[slot].stirred = f->stirs;
        slot_weigh(f, slot);
    }
}

static void weigh_name(struct fold *f, uint32_t home, uint64_t act)
{
    for (uint32_t i = fold_find(f, home, act); i != ENTRY_NONE; i = f->entries[i].next_of_name)
        weigh(f, i);
}

// An entry came into force or left it: it with its namesakes, and all it names, are weighed anew. What
// those name in turn is not: a statement that was replaced still replaces what it named.
static void stir(struct fold *f, uint32_t entry, const struct record *r)
{
    uint32_t home = f->logs[f->entries[entry].log].home;
    f->stirs++;
    weigh_name(f, home, r->act);
    for (unsigned k = 0; k < r->n_replaces; k++)
        weigh_name(f, home, r->replaces[k]);
}

static bool stands(const struct fold *f, uint32_t entry)
{
    for (uint32_t o = f->entries[entry].occurrences; o != ENTRY_NONE; o = f->occurrences[o].next)
        if (counts(f, f->occurrences[o].log, f->occurrences[o].n))
            return true;
    return false;
}

static void judge_force(struct fold *f, uint32_t entry, const struct record *r)
{
    bool now = stands(f, entry);
    if (now == f->entries[entry].in_force)
        return;
    f->entries[entry].in_force = now;
    f->changes++;
    if (r->kind == KIND_SUMMARY)
        sums_summary(f, entry, r);
    stir(f, entry, r); // whatever its kind: it may replace, and its act may be another's too
}

// What an `admit` or `retire` speaks of, made when it is new, and tied to its log if that is here.
static struct fold_grant *make_grant(struct fold *f, uint32_t home, uint64_t incarnation)
{
    uint32_t i = grant_of(f, home, incarnation);
    if (i == ENTRY_NONE) {
        i = f->n_grants++;
        f->grants[i] =
            (struct fold_grant){.incarnation = incarnation, .home = home, .until = UINT64_MAX};
        fold_home_grant(f, i);
        for (uint32_t l = f->homes[home].log; l != LOG_NONE; l = f->logs[l].next)
            if (f->logs[l].incarnation == incarnation)
                f->logs[l].grant = i;
    }
    return &f->grants[i];
}

// They change which occurrences count: those entries about the unit that it touches are judged anew.
static SELDOM void grant(struct fold *f, const struct record *r, uint32_t home)
{
    bool admit = r->kind == KIND_ADMIT, any = false;
    uint64_t incarnation = r->number[admit ? ADMIT_INCARNATION : RETIRE_INCARNATION];
    struct fold_grant *g = make_grant(f, home, incarnation);
    struct record other;
    const char *why;
    g->admitted = g->admitted || admit;
    if (!admit && r->number[RETIRE_N] < g->until)
        g->until = r->number[RETIRE_N];
    for (uint32_t l = f->homes[home].log; l != LOG_NONE; l = f->logs[l].next)
        any = any || (f->logs[l].incarnation == incarnation && f->logs[l].said);
    for (uint32_t i = 0; i < f->n_entries && any; i++)
        if (f->logs[f->entries[i].log].home == home && stands(f, i) != f->entries[i].in_force &&
            record_decode(&other, fold_bytes(f, i), &why) == 0)
            judge_force(f, i, &other);
}

static bool may_stand(const struct fold_log *l, const struct record_spec *s)
{
    return l->stream == STREAM_ABOUT ? (s->said_by & SAID_ABOUT)
                                     : (s->said_by & (SAID_BY_NODE | SAID_BY_HUB));
}

// The first place in each log is enough: where a later one counts, it does too.
static void add_occurrence(struct fold *f, uint32_t entry, uint32_t log, uint64_t n)
{
    for (uint32_t o = f->entries[entry].occurrences; o != ENTRY_NONE; o = f->occurrences[o].next)
        if (f->occurrences[o].log == log)
            return;
    f->occurrences[f->n_occurrences] =
        (struct fold_occurrence){log, f->entries[entry].occurrences, n};
    f->entries[entry].occurrences = f->n_occurrences++;
}

void fold_apply(struct fold *f, uint32_t log, uint64_t n, struct bytes record)
{
    struct record r;
    const char *why;
    const struct fold_log *l = &f->logs[log];
    assert(fold_room(f));
    if (l->stream == STREAM_PLAN || l->home == PLAN_NONE)
        return; // the office reads plan parts; a unit outside the plan is only kept
    int rc = record_decode(&r, record, &why);
    if (rc < 0 || !may_stand(l, record_spec(r.kind))) {
        if (f->n_odd < UNREADABLE_SHOWN)
            f->odd[f->n_odd++] = (struct fold_position){log, n};
        f->unreadable++;
        f->changes++;
        return;
    }
    f->logs[log].said = true;
    uint32_t e = fold_same(f, l->home, &l->author, r.act, record);
    if (e == ENTRY_NONE || MUTANT(no_duplicate_check))
        e = add_entry(f, log, &r, record);
    f->hand = e;
    f->hand_record = &r;
    add_occurrence(f, e, log, n);
    if (l->stream == STREAM_ABOUT && l->speaks && l->by_parent &&
        (r.kind == KIND_ADMIT || (r.kind == KIND_RETIRE && r.number[RETIRE_INCARNATION] != 0)))
        grant(f, &r, l->home);
    judge_force(f, e, &r);
    f->hand = ENTRY_NONE;
    f->hand_record = NULL;
}

void fold_held(struct fold *f, uint32_t log, uint64_t n)
{
    f->logs[log].held = n;
    if (f->logs[log].home != PLAN_NONE)
        sums_held(f, f->logs[log].home);
}

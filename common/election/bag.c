// bag.c - statements of which each stands until one replaces it: interruptions, resumptions, list changes.
#include "bag.h"
#include "slot.h"
#include "proto/mutant.h"
#include <string.h>

static uint32_t first_of(const struct fold *f, unsigned kind, unsigned which, uint32_t ballot)
{
    uint32_t slot = f->bags[ballot] ? fold_slot_of(f, kind, which, ballot) : ENTRY_NONE;
    return slot == ENTRY_NONE ? ENTRY_NONE : f->slots[slot].first_entry;
}

static bool stands(const struct fold *f, uint32_t entry)
{
    return slot_candidate(f, entry) && !slot_twin(f, entry);
}

static unsigned times_of(const struct fold *f, uint32_t ballot, enum step what,
                         int64_t at[PAUSES_MAX], bool *ret_crowded)
{
    struct record room;
    unsigned n = 0;
    for (uint32_t i = first_of(f, KIND_STEP, what, ballot); i != ENTRY_NONE && !*ret_crowded;
         i = f->entries[i].next_of_slot) {
        if (!stands(f, i))
            continue;
        *ret_crowded = n == PAUSES_MAX;
        if (!*ret_crowded)
            at[n++] = slot_read(f, i, &room)->at;
    }
    return n;
}

void bag_pauses(const struct fold *f, uint32_t ballot, struct pauses *ret)
{
    ret->crowded = false;
    ret->n_interrupted = times_of(f, ballot, STEP_INTERRUPTED, ret->interrupted, &ret->crowded);
    ret->n_resumed = times_of(f, ballot, STEP_RESUMED, ret->resumed, &ret->crowded);
    if (ret->crowded)
        ret->n_interrupted = ret->n_resumed = 0;
}

bool pauses_bar(const struct pauses *p, const struct cell *c, bool resumed, int64_t at)
{
    const struct fact *opened = &c->facts[STEP_OPENED], *closed = &c->facts[STEP_CLOSED];
    const int64_t *other = resumed ? p->interrupted : p->resumed;
    bool equal = false, before = false;
    for (unsigned i = 0; i < (resumed ? p->n_interrupted : p->n_resumed); i++) {
        equal = equal || other[i] == at;
        before = before || other[i] < at;
    }
    return equal || (resumed && !before) || (opened->passed == FACT_VALUE && at <= opened->at) ||
           (closed->passed == FACT_VALUE && at >= closed->at);
}

int64_t pauses_latest(const struct pauses *p, const struct cell *c, bool resumed)
{
    const int64_t *at = resumed ? p->resumed : p->interrupted;
    int64_t latest = 0;
    for (unsigned i = 0; i < (resumed ? p->n_resumed : p->n_interrupted); i++)
        if (at[i] > latest && !pauses_bar(p, c, resumed, at[i]))
            latest = at[i];
    return latest;
}

// By time; at one time what adds and subtracts, then what states the number: the same whatever came first.
static bool comes_after(const struct list_change *a, const struct list_change *b)
{
    if (a->at != b->at)
        return a->at > b->at;
    bool sets = a->eligible != UNSTATED, other_sets = b->eligible != UNSTATED;
    if (sets != other_sets)
        return sets;
    return sets && a->eligible > b->eligible;
}

void voters_change(struct voter_list *l, const struct record *r)
{
    struct list_change x = {.at = r->at, .eligible = UNSTATED};
    uint64_t v;
    unsigned i = l->n;
    l->crowded = l->crowded || l->n == LIST_CHANGES_MAX;
    if (l->crowded)
        return;
    if (record_number(r, LIST_ADDED, &v))
        x.delta += (int64_t)v;
    if (record_number(r, LIST_REMOVED, &v))
        x.delta -= (int64_t)v;
    if (record_number(r, LIST_ELIGIBLE, &v))
        x.eligible = (uint32_t)v;
    for (; i > 0 && comes_after(&l->changes[i - 1], &x); i--)
        l->changes[i] = l->changes[i - 1];
    l->changes[i] = x;
    l->n++;
}

void bag_voters(const struct fold *f, uint32_t ballot, struct voter_list *ret)
{
    struct record room;
    ret->frozen = f->plan->ballots[ballot].voters;
    ret->n = 0;
    ret->crowded = false;
    for (uint32_t i = first_of(f, KIND_LIST_CHANGE, 1, ballot); i != ENTRY_NONE && !ret->crowded;
         i = f->entries[i].next_of_slot)
        if (stands(f, i) && !MUTANT(list_change_ignored))
            voters_change(ret, slot_read(f, i, &room));
}

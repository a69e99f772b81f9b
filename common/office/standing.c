// standing.c - what stands in the slot that a statement is for, and what a correction takes over from it.
#include "standing.h"

uint32_t standing_first(const struct fold *f, uint32_t ballot, const struct record *r)
{
    uint32_t unit = plan_unit_of(f->plan, r->subject), which = fold_which(r);
    uint32_t subject = fold_of_a_ballot(r->kind) ? ballot : unit;
    uint32_t slot = which == 0 || subject == PLAN_NONE ? ENTRY_NONE
                                                       : fold_slot_of(f, r->kind, which, subject);
    return slot == ENTRY_NONE ? ENTRY_NONE : f->slots[slot].first_entry;
}

bool standing_named(const uint64_t *acts, unsigned n, uint64_t act)
{
    for (unsigned i = 0; i < n; i++)
        if (acts[i] == act)
            return true;
    return false;
}

void standing_take(const struct fold *f, uint32_t ballot, struct record *r)
{
    bool one = fold_each_stands(r->kind, fold_which(r));
    for (uint32_t e = standing_first(f, ballot, r); e != ENTRY_NONE && r->n_replaces < REPLACES_MAX;
         e = f->entries[e].next_of_slot) {
        uint64_t act = f->names[f->entries[e].name].act;
        if (!fold_replaced(f, e) && !standing_named(r->replaces, r->n_replaces, act))
            r->replaces[r->n_replaces++] = act;
        if (one && r->n_replaces > 0)
            return;
    }
}

void standing_time(const struct fold *f, uint32_t ballot, struct record *r)
{
    struct record old;
    const char *why;
    if (fold_each_stands(r->kind, fold_which(r)))
        return;
    for (uint32_t e = standing_first(f, ballot, r); e != ENTRY_NONE; e = f->entries[e].next_of_slot)
        if (standing_named(r->replaces, r->n_replaces, f->names[f->entries[e].name].act) &&
            record_decode(&old, fold_bytes(f, e), &why) == 0 && old.at < r->at)
            r->at = old.at;
}

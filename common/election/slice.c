// slice.c - the part of a plan that a child needs; slicing composes.
#include "slice.h"
#include <string.h>

// A unit's index in the slice: the ancestors come first, then the subtree as it stands.
static uint32_t moved(const struct plan *plan, uint32_t unit, uint32_t depth, uint32_t i)
{
    if (i >= unit)
        return i - unit + depth;
    uint32_t n = 0;
    for (uint32_t a = i; plan->units[a].parent != PLAN_NONE; a = plan->units[a].parent)
        n++;
    return n;
}

static void pack_ancestors(const struct plan *plan, uint32_t unit, uint32_t depth, struct packer *p)
{
    for (uint32_t n = 0; n < depth; n++) {
        uint32_t a = unit;
        for (uint32_t i = 0; i < depth - n; i++)
            a = plan->units[a].parent;
        struct plan_unit u = plan->units[a];
        u.parent = n == 0 ? PLAN_NONE : n - 1;
        plan_pack_unit(p, &u, plan->dues + u.first_due);
    }
}

static void pack_head(const struct plan *plan, struct packer *p)
{
    if (plan->n_days > 0)
        plan_pack_head_days(p, plan);
    else
        plan_pack_head(p, plan->version, plan->label, plan->title);
    pack_array(p, plan->n_levels);
    for (unsigned i = 0; i < plan->n_levels; i++)
        plan_pack_level(p, &plan->levels[i]);
    pack_array(p, plan->n_cutoffs);
    for (unsigned i = 0; i < plan->n_cutoffs; i++)
        plan_pack_cutoff(p, &plan->cutoffs[i]);
    pack_array(p, plan->n_categories);
    for (unsigned i = 0; i < plan->n_categories; i++)
        plan_pack_category(p, &plan->categories[i]);
    pack_array(p, plan->n_targets);
    for (unsigned i = 0; i < plan->n_targets; i++)
        plan_pack_target(p, &plan->targets[i]);
    pack_array(p, plan->n_profiles);
    for (unsigned i = 0; i < plan->n_profiles; i++)
        plan_pack_profile(p, &plan->profiles[i]);
    pack_array(p, plan->n_kinds);
    for (unsigned i = 0; i < plan->n_kinds; i++)
        pack_text(p, plan->kinds[i]);
}

void slice_pack(const struct plan *plan, uint32_t unit, uint32_t *scratch, struct packer *p)
{
    const struct plan_unit *top = &plan->units[unit];
    uint32_t depth = 0, n = 0;
    for (uint32_t a = unit; plan->units[a].parent != PLAN_NONE; a = plan->units[a].parent)
        depth++;
    pack_head(plan, p);
    pack_array(p, depth + top->size);
    pack_ancestors(plan, unit, depth, p);
    for (uint32_t i = unit; i < unit + top->size; i++) {
        struct plan_unit u = plan->units[i];
        u.parent = i > unit ? u.parent - unit + depth : depth == 0 ? PLAN_NONE : depth - 1;
        plan_pack_unit(p, &u, plan->dues + u.first_due);
    }
    memset(scratch, 0, plan->n_contests * sizeof *scratch);
    for (uint32_t i = top->first_ballot; i < top->first_ballot + top->n_ballots; i++)
        scratch[plan->ballots[i].contest] = 1;
    for (uint32_t i = 0; i < plan->n_contests; i++)
        scratch[i] = scratch[i] ? ++n : 0;
    pack_array(p, n);
    for (uint32_t i = 0; i < plan->n_contests; i++) {
        if (!scratch[i])
            continue;
        struct plan_contest k = plan->contests[i];
        k.unit = moved(plan, unit, depth, k.unit);
        plan_pack_contest(p, &k, plan->candidates + k.first_candidate);
    }
    pack_array(p, top->n_ballots);
    for (uint32_t i = top->first_ballot; i < top->first_ballot + top->n_ballots; i++) {
        struct plan_ballot b = plan->ballots[i];
        b.unit = b.unit - unit + depth;
        b.contest = scratch[b.contest] - 1;
        const struct plan_contest *k = &plan->contests[plan->ballots[i].contest];
        plan_pack_ballot(p, &b, &plan->profiles[k->profile]);
    }
}

// plansort.c - the rows of a plan folder in the order of the plan: codes, the tree, ballots.
#include "plandraft.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int compare_bytes(struct bytes a, struct bytes b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.at, b.at, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int compare_codes(const void *left, const void *right)
{
    const struct draft_code *a = left, *b = right;
    int c = compare_bytes(a->code, b->code);
    return c ? c : (a->row > b->row) - (a->row < b->row);
}

void draft_codes_sort(struct draft_codes *codes)
{
    if (codes->n > 0)
        qsort(codes->at, codes->n, sizeof codes->at[0], compare_codes);
}

// The first row of the code.
uint32_t draft_codes_find(const struct draft_codes *codes, struct bytes code)
{
    uint32_t low = 0, high = codes->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_bytes(codes->at[middle].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < codes->n && compare_bytes(codes->at[low].code, code) == 0;
    return found ? codes->at[low].row : PLAN_NONE;
}

// Every path upwards ends at a root, at an unknown parent, or runs into itself; the last is told
// once for each ring, at the row where it closes. A mark is the number of the path that came by.
static void find_rings(struct draft *d)
{
    uint32_t *mark = calloc(d->n_units, sizeof *mark);
    assert(mark);
    for (uint32_t i = 0; i < d->n_units; i++) {
        uint32_t at = i, last = i;
        while (at != PLAN_NONE && mark[at] == 0) {
            mark[at] = i + 1;
            last = at;
            at = d->units[at].parent;
        }
        if (at != PLAN_NONE && mark[at] == i + 1)
            faults_add(
                d->faults, FILE_UNITS, d->units[last].line,
                "the parents of unit %.*s run in a ring: following parent_code leads back to it",
                SAY(d->units[last].row.code));
    }
    free(mark);
}

// The unit behind `at` in the walk, or PLAN_NONE.
static uint32_t walk_next(const struct draft *d, uint32_t at, uint32_t root)
{
    if (d->units[at].child != PLAN_NONE)
        return d->units[at].child;
    while (at != root && d->units[at].next == PLAN_NONE)
        at = d->units[at].parent;
    return at == root ? PLAN_NONE : d->units[at].next;
}

static void walk_from(struct draft *d, uint32_t root)
{
    d->walk = calloc(d->n_units, sizeof *d->walk);
    assert(d->walk);
    for (uint32_t at = root; at != PLAN_NONE; at = walk_next(d, at, root)) {
        struct draft_unit *u = &d->units[at];
        u->at = d->n_walk;
        u->row.size = 1;
        u->row.parent = at == root ? PLAN_NONE : d->units[u->parent].at;
        d->walk[d->n_walk++] = at;
    }
    for (uint32_t i = d->n_walk; i-- > 1;)
        d->units[d->units[d->walk[i]].parent].row.size += d->units[d->walk[i]].row.size;
}

static uint32_t find_root(struct draft *d)
{
    uint32_t root = PLAN_NONE;
    for (uint32_t i = 0; i < d->n_units; i++) {
        struct draft_unit *u = &d->units[i];
        if (u->parent_code.n > 0)
            continue;
        if (root == PLAN_NONE)
            root = i;
        else
            faults_add(
                d->faults, FILE_UNITS, u->line,
                "unit %.*s is a second one without a parent_code; the first is %.*s on line %u",
                SAY(u->row.code), SAY(d->units[root].row.code), d->units[root].line);
    }
    if (root == PLAN_NONE && d->n_units > 0)
        faults_add(d->faults, FILE_UNITS, 0,
                   "no unit is at the top: exactly one must have an empty parent_code");
    return root;
}

void draft_walk(struct draft *d)
{
    if (d->n_units == 0)
        return;
    for (uint32_t i = d->n_units; i-- > 0;) { // backwards, so that siblings keep their order
        struct draft_unit *u = &d->units[i];
        if (u->parent == PLAN_NONE || u->parent == i)
            continue;
        u->next = d->units[u->parent].child;
        d->units[u->parent].child = i;
    }
    find_rings(d);
    uint32_t root = find_root(d);
    if (root != PLAN_NONE)
        walk_from(d, root);
}

bool draft_below(const struct draft *d, uint32_t unit, uint32_t above)
{
    const struct draft_unit *u = &d->units[unit], *a = &d->units[above];
    return u->at != PLAN_NONE && a->at != PLAN_NONE && u->at >= a->at &&
           u->at < a->at + a->row.size;
}

static int compare_candidates(const void *left, const void *right)
{
    const struct draft_candidate *a = left, *b = right;
    if (a->contest != b->contest)
        return a->contest < b->contest ? -1 : 1;
    if (a->row.number != b->row.number)
        return a->row.number < b->row.number ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

void draft_order_candidates(struct draft *d)
{
    if (d->n_candidates > 0)
        qsort(d->candidates, d->n_candidates, sizeof d->candidates[0], compare_candidates);
    for (uint32_t i = d->n_candidates; i-- > 0;) {
        struct plan_contest *k = &d->contests[d->candidates[i].contest].row;
        k->first_candidate = i;
        k->n_candidates++;
    }
}

// By row of the unit: the caller has put units' places in the walk into `unit`.
static int compare_ballots(const void *left, const void *right)
{
    const struct draft_ballot *a = left, *b = right;
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    if (a->contest != b->contest)
        return a->contest < b->contest ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

// A contest without a row in voters.csv is voted on at every place below its unit.
static bool spread(struct draft *d, uint32_t contest)
{
    const struct draft_unit *top = &d->units[d->contests[contest].row.unit];
    for (uint32_t i = top->at; i < top->at + top->row.size; i++) {
        struct draft_unit *u = &d->units[d->walk[i]];
        if (!u->row.place)
            continue;
        if (d->n_ballots == PLAN_BALLOTS_MAX)
            return false;
        u->voted = true;
        d->ballots = draft_room(d->ballots, d->n_ballots, sizeof d->ballots[0]);
        d->ballots[d->n_ballots++] =
            (struct draft_ballot){.unit = d->walk[i], .contest = contest, .voters = VOTERS_UNKNOWN};
    }
    return true;
}

void draft_order_ballots(struct draft *d)
{
    bool room = true;
    for (uint32_t i = 0; i < d->n_contests && room; i++) {
        const struct draft_contest *k = &d->contests[i];
        if (k->n_rows == 0 && k->row.unit != PLAN_NONE && d->units[k->row.unit].at != PLAN_NONE)
            room = spread(d, i);
    }
    if (!room)
        faults_add(d->faults, FILE_VOTERS, 0,
                   "more than %d places and contests: split the election", PLAN_BALLOTS_MAX);
    for (uint32_t i = 0; i < d->n_ballots; i++)
        d->ballots[i].unit = d->units[d->ballots[i].unit].at;
    if (d->n_ballots > 0)
        qsort(d->ballots, d->n_ballots, sizeof d->ballots[0], compare_ballots);
    for (uint32_t i = 0; i < d->n_ballots; i++)
        d->contests[d->ballots[i].contest].row.places_in_all++;
}

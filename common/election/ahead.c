// ahead.c - what a run will touch is fetched for all its records at once, and whether one of them crowds is said.
//
// In a large fold a statement's name, unit, ballot, cell and slot are each somewhere else in memory, and each is
// found through the one before. Record by record the processor would wait for every one of them. So a run
// is gone through in steps, each of which asks for what the next one reads. Nothing depends on what is fetched.
#include "fold.h"
#include "proto/mutant.h"
#include <string.h>

struct glimpse { // of one record
    uint64_t act;
    struct bytes bytes, subject;
    uint32_t *name, *slot;                   // the buckets of its act, and of its slot
    const uint32_t *likely, *likely_contest; // where the plan's index has its subject and contest
    uint32_t unit, contest;
    uint32_t subject_of_slot; // its ballot, or unit
    unsigned kind, which;
    bool alone; // it replaces nothing
};

static void fetch(const void *at)
{
    __builtin_prefetch(at);
}

static void fetch_all(const void *at, size_t n)
{
    enum { LINE = 64 };
    for (size_t i = 0; i < n; i += LINE)
        fetch((const uint8_t *)at + i);
}

// The number that tells facts of a kind apart comes first in the bodies of steps and turnouts.
static unsigned which_of(const struct record *r)
{
    struct cursor c;
    cursor_init(&c, r->body);
    size_t n = take_array(&c, 1, FIELDS_MAX + 2);
    if (r->kind == KIND_TURNOUT)
        take_uint(&c, UINT32_MAX); // the mask
    return n > 1 || r->kind == KIND_STEP ? (unsigned)take_uint(&c, 0xffffff) : 1;
}

static unsigned glance(const struct fold *f, uint32_t home, const struct run *run,
                       struct glimpse gs[RUN_RECORDS_MAX])
{
    struct cursor c;
    struct bytes record;
    unsigned n = 0;
    cursor_init(&c, run->records);
    while (n < RUN_RECORDS_MAX && run_next(&c, &record)) {
        struct record r;
        if (record_glance(&r, record) < 0 && !MUTANT(content_refused_at_link))
            continue; // it is only kept
        struct glimpse *g = &gs[n++];
        *g = (struct glimpse){.act = r.act, .bytes = record, .subject = r.subject, .kind = r.kind};
        g->which = r.kind == KIND_STEP || r.kind == KIND_TURNOUT ? which_of(&r) : 1;
        g->alone = r.n_replaces == 0;
        g->name = &f->name_buckets[name_bucket(f, home, r.act)];
        g->likely = plan_likely_unit(f->plan, r.subject);
        g->likely_contest = plan_likely_contest(f->plan, r.contest);
        fetch(g->name);
        fetch(g->likely);
        fetch(g->likely_contest);
    }
    return n;
}

static void fetch_units(const struct fold *f, struct glimpse *gs, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        gs[i].unit = *gs[i].likely;
        gs[i].contest = *gs[i].likely_contest;
        if (gs[i].unit != PLAN_NONE)
            fetch_all(&f->plan->units[gs[i].unit], sizeof *f->plan->units);
        if (gs[i].contest != PLAN_NONE) {
            fetch_all(&f->plan->contests[gs[i].contest], sizeof *f->plan->contests);
            fetch(&f->contest_at[gs[i].contest]);
        }
        if (*gs[i].name != ENTRY_NONE)
            fetch(&f->names[*gs[i].name]);
    }
}

static void fetch_ballots(const struct fold *f, struct glimpse *gs, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (gs[i].contest != PLAN_NONE) {
            fetch(f->plan->contests[gs[i].contest].code.at);
            fetch_all(&f->contest_sums[f->contest_at[gs[i].contest]],
                      CONTEST_VOTES * sizeof *f->contest_sums);
        }
        if (gs[i].unit == PLAN_NONE)
            continue;
        const struct plan_unit *u = &f->plan->units[gs[i].unit];
        fetch(u->code.at);
        if (u->place && u->n_ballots > 0)
            fetch(&f->plan->ballots[u->first_ballot]);
    }
}

static uint32_t likely_ballot(const struct plan *p, const struct glimpse *g)
{
    if (g->unit == PLAN_NONE || !fold_of_a_ballot(g->kind))
        return PLAN_NONE;
    const struct plan_unit *u = &p->units[g->unit];
    return u->place && u->n_ballots == 1 ? u->first_ballot : plan_ballot_of(p, g->unit, g->contest);
}

static void fetch_cells(const struct fold *f, struct glimpse *gs, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        uint32_t ballot = likely_ballot(f->plan, &gs[i]);
        gs[i].subject_of_slot = ballot == PLAN_NONE ? gs[i].unit : ballot;
        if (ballot != PLAN_NONE) {
            fetch_all(&f->cells[ballot], sizeof *f->cells);
            fetch_all(&f->turnouts[(size_t)ballot * f->plan->n_cutoffs],
                      f->plan->n_cutoffs * sizeof *f->turnouts);
        }
    }
}

static void fetch_slots(const struct fold *f, struct glimpse *gs, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        uint64_t key = fold_slot_key(gs[i].kind, gs[i].which, gs[i].subject_of_slot);
        gs[i].slot = &f->slot_buckets[slot_bucket(f, key)];
        fetch(gs[i].slot);
    }
    for (unsigned i = 0; i < n; i++)
        if (*gs[i].slot != ENTRY_NONE)
            fetch(&f->slots[*gs[i].slot]);
}

static bool is_crowded(const struct fold *f, uint32_t home, uint64_t act)
{
    unsigned namesakes = 0, named = 0;
    for (uint32_t i = f->name_buckets[name_bucket(f, home, act)]; i != ENTRY_NONE;
         i = f->names[i].next) {
        if (f->names[i].act != act || f->names[i].home != home)
            continue;
        for (uint32_t e = f->names[i].first_entry; e != ENTRY_NONE; e = f->entries[e].next_of_name)
            namesakes++;
        for (uint32_t r = f->names[i].first_ref; r != ENTRY_NONE; r = f->refs[r].next_of_name)
            named++;
    }
    return namesakes >= NAMESAKES_MAX || named >= NAMED_MAX;
}

// What cannot be read as a whole is only kept, and crowds nobody.
static SELDOM bool crowds(const struct fold *f, uint32_t home, const struct code *author,
                          struct bytes record)
{
    struct record r;
    const char *why;
    bool read = record_decode(&r, record, &why) == 0;
    bool crowded = read && is_crowded(f, home, r.act) &&
                   fold_same(f, home, author, r.act, record) == ENTRY_NONE;
    for (unsigned i = 0; read && i < r.n_replaces && !crowded; i++)
        crowded = is_crowded(f, home, r.replaces[i]);
    return crowded || (MUTANT(content_refused_at_link) && !read);
}

bool fold_ahead(const struct fold *f, const struct run *run)
{
    struct glimpse gs[RUN_RECORDS_MAX];
    uint32_t home = plan_unit_of(f->plan, code_bytes(&run->log.about));
    bool crowded = false;
    if (home == PLAN_NONE || run->log.stream == STREAM_PLAN)
        return false;
    unsigned n = glance(f, home, run, gs);
    fetch_units(f, gs, n);
    fetch_ballots(f, gs, n);
    fetch_cells(f, gs, n);
    fetch_slots(f, gs, n);
    for (unsigned i = 0; i < n && !crowded; i++)
        if (!gs[i].alone || MUTANT(content_refused_at_link) || is_crowded(f, home, gs[i].act))
            crowded = crowds(f, home, &run->log.author, gs[i].bytes);
    return crowded;
}

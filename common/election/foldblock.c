// foldblock.c - the fold's one block: where its arrays stand, and the move to a larger one.
#include "fold.h"
#include <string.h>

static size_t up(size_t n)
{
    return (n + 15) & ~(size_t)15;
}

static uint32_t count_inner(const struct plan *p)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n_units; i++)
        n += !p->units[i].place;
    return n;
}

static size_t contest_numbers(const struct plan *p)
{
    return (size_t)p->n_contests * CONTEST_VOTES + p->n_candidates;
}

static uint32_t buckets_for(uint32_t entries)
{
    uint32_t n = 64;
    while (n < entries)
        n *= 2;
    return n;
}

// Every array of the block in its order, with its size.
enum { PART_COUNT_ = 21 };
static size_t layout(const struct plan *p, const struct fold_limits *l, size_t at[PART_COUNT_])
{
    uint32_t inner = count_inner(p), kinds = kinds_of(p);
    size_t sums = (size_t)inner * kinds * sums_of(p) * sizeof(int64_t);
    size_t sizes[PART_COUNT_] = {
        p->n_ballots * sizeof(struct cell),
        (size_t)p->n_ballots * p->n_cutoffs * sizeof(struct turnout_cell),
        p->n_votes * sizeof(uint32_t),
        p->n_units * sizeof(uint32_t),
        sums,
        sums,
        contest_numbers(p) * sizeof(int64_t),
        p->n_contests * sizeof(uint32_t),
        inner * sizeof(struct fold_told),
        l->logs * sizeof(struct fold_log),
        l->entries * sizeof(struct fold_grant),
        l->refs * sizeof(struct fold_name) + l->entries * sizeof(struct fold_name),
        l->entries * sizeof(struct fold_entry),
        l->refs * sizeof(struct fold_ref),
        l->occurrences * sizeof(struct fold_occurrence),
        l->entries * sizeof(struct fold_slot),
        buckets_for(l->entries) * sizeof(uint32_t),
        buckets_for(l->entries) * sizeof(uint32_t),
        p->n_units * sizeof(struct fold_home),
        p->n_ballots * sizeof(bool),
        l->bytes,
    };
    size_t n = 0;
    for (unsigned i = 0; i < PART_COUNT_; i++) {
        at[i] = n;
        n += up(sizes[i]);
    }
    return n;
}

size_t fold_size(const struct plan *p, const struct fold_limits *limits)
{
    size_t at[PART_COUNT_];
    return layout(p, limits, at);
}

static void place_arrays(struct fold *f, uint8_t *base)
{
    size_t at[PART_COUNT_];
    void *part[PART_COUNT_];
    layout(f->plan, &f->limits, at);
    for (unsigned i = 0; i < PART_COUNT_; i++)
        part[i] = base + at[i];
    f->cells = part[0], f->turnouts = part[1], f->votes = part[2], f->inner = part[3];
    f->own = part[4], f->told_sums = part[5], f->contest_sums = part[6], f->contest_at = part[7];
    f->told = part[8], f->logs = part[9], f->grants = part[10], f->names = part[11];
    f->entries = part[12], f->refs = part[13], f->occurrences = part[14], f->slots = part[15];
    f->name_buckets = part[16], f->slot_buckets = part[17], f->homes = part[18];
    f->bags = part[19], f->arena = part[20];
    f->bucket_mask = buckets_for(f->limits.entries) - 1;
    memset(f->name_buckets, 0xff, (f->bucket_mask + 1) * sizeof(uint32_t));
    memset(f->slot_buckets, 0xff, (f->bucket_mask + 1) * sizeof(uint32_t));
    memset(f->homes, 0xff, f->plan->n_units * sizeof *f->homes); // LOG_NONE, ENTRY_NONE
}

static void empty_cells(struct fold *f)
{
    const struct plan *p = f->plan;
    uint32_t at = 0;
    memset(f->cells, 0, p->n_ballots * sizeof *f->cells);
    memset(f->turnouts, 0, (size_t)p->n_ballots * p->n_cutoffs * sizeof *f->turnouts);
    memset(f->votes, 0xff, p->n_votes * sizeof *f->votes);
    memset(f->bags, 0, p->n_ballots * sizeof *f->bags);
    memset(f->own, 0, (size_t)f->n_inner * kinds_of(p) * sums_of(p) * sizeof *f->own);
    memset(f->told_sums, 0, (size_t)f->n_inner * kinds_of(p) * sums_of(p) * sizeof *f->own);
    memset(f->contest_sums, 0, contest_numbers(p) * sizeof *f->contest_sums);
    for (uint32_t i = 0; i < p->n_ballots; i++) {
        memset(f->cells[i].tally, 0xff, sizeof f->cells[i].tally);
        f->cells[i].voters = p->ballots[i].voters;
    }
    for (size_t i = 0; i < (size_t)p->n_ballots * p->n_cutoffs; i++) {
        f->turnouts[i].eligible = UNSTATED;
        f->turnouts[i].voters = p->ballots[i / p->n_cutoffs].voters;
    }
    for (uint32_t i = 0; i < p->n_contests; i++) {
        f->contest_at[i] = at;
        at += CONTEST_VOTES + p->contests[i].n_candidates;
    }
    for (uint32_t i = 0; i < f->n_inner; i++)
        f->told[i] = (struct fold_told){.entry = ENTRY_NONE};
}

void fold_init(struct fold *f, void *block, const struct plan *p, const struct fold_limits *limits)
{
    *f = (struct fold){.plan = p, .limits = *limits, .hand = ENTRY_NONE};
    place_arrays(f, block);
    for (uint32_t i = 0; i < p->n_units; i++)
        f->inner[i] = p->units[i].place ? PLAN_NONE : f->n_inner++;
    empty_cells(f);
}

bool fold_room(const struct fold *f)
{
    return f->n_entries < f->limits.entries && f->n_refs + REPLACES_MAX + 1 < f->limits.refs &&
           f->n_occurrences < f->limits.occurrences && f->n_bytes + RECORD_MAX < f->limits.bytes;
}

void fold_move(struct fold *to, void *block, const struct fold_limits *limits,
               const struct fold *from)
{
    const struct plan *p = from->plan;
    size_t sums = (size_t)from->n_inner * kinds_of(p) * sums_of(p);
    *to = *from;
    to->limits = *limits;
    place_arrays(to, block);
#define COPY(array, count) memcpy(to->array, from->array, (size_t)(count) * sizeof *to->array)
    COPY(cells, p->n_ballots);
    COPY(turnouts, p->n_ballots * p->n_cutoffs);
    COPY(votes, p->n_votes);
    COPY(bags, p->n_ballots);
    COPY(inner, p->n_units);
    COPY(own, sums);
    COPY(told_sums, sums);
    COPY(contest_sums, contest_numbers(p));
    COPY(contest_at, p->n_contests);
    COPY(told, from->n_inner);
    COPY(logs, from->n_logs);
    COPY(grants, from->n_grants);
    COPY(names, from->n_names);
    COPY(entries, from->n_entries);
    COPY(refs, from->n_refs);
    COPY(occurrences, from->n_occurrences);
    COPY(slots, from->n_slots);
    COPY(arena, from->n_bytes);
#undef COPY
    for (uint32_t i = 0; i < to->n_logs; i++)
        fold_home_log(to, i);
    for (uint32_t i = 0; i < to->n_grants; i++)
        fold_home_grant(to, i);
    for (uint32_t i = 0; i < to->n_names; i++) {
        uint32_t *bucket = &to->name_buckets[name_bucket(to, to->names[i].home, to->names[i].act)];
        to->names[i].next = *bucket;
        *bucket = i;
    }
    for (uint32_t i = 0; i < to->n_slots; i++) {
        uint32_t *bucket = &to->slot_buckets[slot_bucket(to, to->slots[i].key)];
        to->slots[i].next = *bucket;
        *bucket = i;
    }
}

// alarms.c - what a hub must say of its children that they do not say themselves: forks, false sums.
//
// Each goes once into the log about the child, so that both ends and the tiers above see it. That it
// was said is found in the fold, so no restart says it again.
#include "inside.h"

// A word of ours of this kind about the unit that `same` recognises.
static bool said(const struct office *o, uint32_t unit, unsigned kind, const struct record *want,
                 bool (*same)(const struct record *a, const struct record *b))
{
    const struct fold *f = &o->fold;
    struct record r;
    const char *why;
    for (uint32_t e = 0; e < f->n_entries; e++)
        if (f->entries[e].kind == kind && f->logs[f->entries[e].log].home == unit &&
            record_decode(&r, fold_bytes(f, e), &why) == 0 && same(&r, want))
            return true;
    return false;
}

static bool same_fork(const struct record *a, const struct record *b)
{
    return a->number[FORK_INCARNATION] == b->number[FORK_INCARNATION];
}

static bool same_overrule(const struct record *a, const struct record *b)
{
    return bytes_same(a->subject, b->subject) &&
           bytes_same(a->blob[OVERRULE_TOLD], b->blob[OVERRULE_TOLD]) &&
           bytes_same(a->blob[OVERRULE_PROVEN], b->blob[OVERRULE_PROVEN]);
}

// The record names both runs by the hash of their bodies; the other's run itself is kept in the store.
static int say_fork(struct office *o, uint32_t log, struct moment now)
{
    struct stored_run ours;
    uint8_t hashes[2][HASH_SIZE] = {{0}};
    struct code unit = o->logs.at[log].id.author; // the child whose key signed both
    uint64_t n;
    struct record r = duties_blank(o, KIND_FORK, code_bytes(&unit), now);
    uint32_t home = plan_unit_of(o->plan, code_bytes(&unit));
    r.number[FORK_STREAM] = o->logs.at[log].id.stream;
    r.number[FORK_INCARNATION] = o->logs.at[log].id.incarnation;
    r.number[FORK_N] = o->books[log].fork_n;
    if (home == PLAN_NONE || said(o, home, KIND_FORK, &r, same_fork))
        return 0;
    if (store_run_at(o->store, log, o->books[log].fork_n, &ours) == 0)
        hash_of(ours.body, hashes[0]);
    if (store_fork_of(o->store, log, &ours) == 0)
        hash_of(ours.body, hashes[1]);
    r.blob[FORK_OURS] = bytes_of(hashes[0], HASH_SIZE);
    r.blob[FORK_THEIRS] = bytes_of(hashes[1], HASH_SIZE);
    return duties_say(o, book_own(o, STREAM_ABOUT, &unit), &r, now, &n);
}

static int forks(struct office *o, struct moment now)
{
    int rc = 0;
    for (uint32_t i = 0; i < o->logs.n && rc == 0; i++) {
        struct book *b = &o->books[i];
        if (b->fork_n == 0 || b->fork_said || !duties_child(o, &o->logs.at[i].id.author))
            continue;
        rc = say_fork(o, i, now);
        o->books[i].fork_said = true;
    }
    return rc;
}

static struct bytes pack_sums(struct packer *p, const int64_t *sums, unsigned n)
{
    pack_array(p, n);
    for (unsigned i = 0; i < n; i++)
        pack_uint(p, sums[i] < 0 ? 0 : (uint64_t)sums[i]);
    return packed(p);
}

// The hub that told what its child never signed is overruled with both figures: the evidence counts.
static int say_overrule(struct office *o, uint32_t unit, uint32_t hub, struct moment now)
{
    static uint8_t told[7000], proven[7000];
    const struct fold *f = &o->fold;
    size_t row = (size_t)f->inner[unit] * kinds_of(f->plan) * sums_of(f->plan);
    unsigned n_numbers = sums_of(f->plan) * kinds_of(f->plan);
    struct code about = code_of(f->plan->units[hub].code);
    struct packer p, q;
    uint64_t n;
    pack_init(&p, told, sizeof told);
    pack_init(&q, proven, sizeof proven);
    struct record r = duties_blank(o, KIND_OVERRULE, f->plan->units[unit].code, now);
    r.blob[OVERRULE_TOLD] = pack_sums(&p, f->told_sums + row, n_numbers);
    r.blob[OVERRULE_PROVEN] = pack_sums(&q, f->own + row, n_numbers);
    if (said(o, hub, KIND_OVERRULE, &r, same_overrule))
        return 0;
    return duties_say(o, book_own(o, STREAM_ABOUT, &about), &r, now, &n);
}

static int overrules(struct office *o, struct moment now)
{
    int rc = 0;
    const struct plan *p = o->plan;
    for (uint32_t u = 0; u < p->n_units && rc == 0; u++) {
        if (p->units[u].place || !o->fold.told[o->fold.inner[u]].unequal ||
            p->units[u].parent == PLAN_NONE)
            continue;
        struct code hub = code_of(p->units[p->units[u].parent].code);
        if (duties_child(o, &hub))
            rc = say_overrule(o, u, p->units[u].parent, now);
    }
    return rc;
}

int alarms_say(struct office *o, struct moment now)
{
    int rc = o->plan && o->counts.forks > 0 ? forks(o, now) : 0;
    return rc == 0 && o->plan && o->fold.n_unequal > 0 ? overrules(o, now) : rc;
}

// sums.c - the tree of sums: what stands below each unit, told or proven, never both.
//
// own[u] is the sum of what u's children contribute, or of its places' cells. What u contributes to
// its parent is told[u] while the evidence has not reached the cut of u's newest summary, else own[u].
// Results of contests above u follow the same choice; those inside u are always of the evidence.
#include "summary.h"
#include "proto/mutant.h"
#include <string.h>

static int64_t *row(const struct fold *f, int64_t *of, uint32_t unit, unsigned kind)
{
    return of + ((size_t)f->inner[unit] * kinds_of(f->plan) + kind) * sums_of(f->plan);
}

static struct fold_told *told(const struct fold *f, uint32_t unit)
{
    return f->inner[unit] == PLAN_NONE ? NULL : &f->told[f->inner[unit]];
}

const int64_t *fold_sums(const struct fold *f, uint32_t unit, unsigned kind)
{
    return row(f, told(f, unit)->used ? f->told_sums : f->own, unit, kind);
}

const int64_t *fold_contest(const struct fold *f, uint32_t contest)
{
    return f->contest_sums + f->contest_at[contest];
}

// Adds a vector from this unit upwards, as far as sums are of what stands below. Most of it is zero:
// one statement changes a few numbers that lie together.
static void spread(struct fold *f, uint32_t unit, unsigned kind, const int64_t *sums, int sign)
{
    unsigned from = 0, to = sums_of(f->plan);
    while (to > 0 && sums[to - 1] == 0)
        to--;
    while (from < to && sums[from] == 0)
        from++;
    for (uint32_t u = unit; u != PLAN_NONE && from < to; u = f->plan->units[u].parent) {
        int64_t *own = row(f, f->own, u, kind);
        for (unsigned i = from; i < to; i++)
            own[i] += sign * sums[i];
        if (told(f, u)->used && !MUTANT(told_and_proven_counted))
            return;
    }
}

// What stands at `unit` reaches the contest: no unit between speaks for it by a summary.
static bool open_path(const struct fold *f, uint32_t unit, uint32_t contest_unit)
{
    for (uint32_t u = unit; u != contest_unit && u != PLAN_NONE; u = f->plan->units[u].parent)
        if (u != unit && told(f, u)->used)
            return false;
    return true;
}

static void add_contest(struct fold *f, uint32_t contest, const int64_t *sums, int sign)
{
    int64_t *to = f->contest_sums + f->contest_at[contest];
    for (unsigned i = 0; i < CONTEST_VOTES + f->plan->contests[contest].n_candidates; i++)
        to[i] += sign * sums[i];
}

static void add_ballot(struct fold *f, uint32_t ballot, int sign)
{
    const struct plan_ballot *b = &f->plan->ballots[ballot];
    int64_t sums[CONTEST_SUMS_MAX];
    if (!cell_counts(&f->cells[ballot]) ||
        !open_path(f, b->unit, f->plan->contests[b->contest].unit))
        return;
    cell_contest_share(f->plan, ballot, &f->cells[ballot], f->votes + b->first_vote, sums);
    add_contest(f, b->contest, sums, sign);
}

void sums_before(struct fold *f, uint32_t ballot, int64_t ret_share[SUMS_MAX])
{
    const struct turnout_cell *t = f->turnouts + (size_t)ballot * f->plan->n_cutoffs;
    cell_share(f->plan, &f->cells[ballot], t, ret_share);
    add_ballot(f, ballot, -1);
}

void sums_after(struct fold *f, uint32_t ballot, const int64_t before[SUMS_MAX])
{
    const struct plan_ballot *b = &f->plan->ballots[ballot];
    const struct turnout_cell *t = f->turnouts + (size_t)ballot * f->plan->n_cutoffs;
    int64_t share[SUMS_MAX];
    cell_share(f->plan, &f->cells[ballot], t, share);
    for (unsigned i = 0; i < sums_of(f->plan); i++)
        share[i] -= MUTANT(rollup_not_undone) ? 0 : before[i];
    spread(f, f->plan->units[b->unit].parent, f->plan->contests[b->contest].kind, share, +1);
    add_ballot(f, ballot, +1);
}

// Incidents of a contest are counted with its kind; others with the first kind that is not restricted.
static unsigned incident_kind(const struct plan *p, struct bytes contest)
{
    uint32_t k = plan_contest_of(p, contest);
    unsigned kind = 0;
    if (k != PLAN_NONE)
        return p->contests[k].kind;
    while (kind + 1 < p->n_kinds && p->restricted[kind])
        kind++;
    return p->restricted[kind] ? 0 : kind;
}

void sums_incident(struct fold *f, uint32_t entry, const struct record *r, int sign)
{
    bool severe = r->number[INCIDENT_SEVERITY] >= 3;
    uint32_t unit = f->entries[entry].unit;
    int64_t sums[SUMS_MAX] = {0};
    sums[SUM_INCIDENTS] = 1;
    sums[SUM_SEVERE] = severe;
    spread(f, f->plan->units[unit].place ? f->plan->units[unit].parent : unit,
           incident_kind(f->plan, r->contest), sums, sign);
}

// Rows of contests in a unit's summary whose unit is strictly above `above`.
static void add_told_contests(struct fold *f, uint32_t unit, uint32_t above, int sign)
{
    struct record r;
    struct summary s;
    const char *why;
    struct bytes name;
    unsigned n;
    int64_t sums[CONTEST_SUMS_MAX];
    if (record_decode(&r, fold_bytes(f, told(f, unit)->entry), &why) < 0 ||
        summary_decode(&s, r.blob[SUMMARY_CONTENT]) < 0)
        return; // GCOV_EXCL_LINE: only what was decoded is told
    for (unsigned i = 0;
         i < s.n_contests && summary_next(&s.contests, &name, sums, CONTEST_SUMS_MAX, &n); i++) {
        uint32_t contest = plan_contest_of(f->plan, name);
        if (contest == PLAN_NONE || n != CONTEST_VOTES + f->plan->contests[contest].n_candidates)
            continue;
        uint32_t at = f->plan->contests[contest].unit;
        if (at != above && plan_below(f->plan, above, at) && open_path(f, unit, at))
            add_contest(f, contest, sums, sign);
    }
}

// All that the subtree adds to contests above it, by cells and by summaries, as chosen now.
static void contests_of(struct fold *f, uint32_t unit, int sign)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        uint32_t at = p->contests[p->ballots[i].contest].unit;
        if (at != unit && plan_below(p, unit, at))
            add_ballot(f, i, sign);
    }
    for (uint32_t i = unit; i < unit + u->size; i++)
        if (!p->units[i].place && told(f, i)->used)
            add_told_contests(f, i, unit, sign);
}

// The evidence is there up to the cut: every log of it is held that far. A cut that names a log about another
// unit is never reached: only the unit's own logs are weighed when they grow.
static bool reached(struct fold *f, uint32_t unit)
{
    struct fold_told *t = told(f, unit);
    for (unsigned i = 0; i < t->n_cut; i++) {
        for (uint32_t l = f->homes[unit].log; l != LOG_NONE && t->cut_log[i] == LOG_NONE;
             l = f->logs[l].next)
            if (f->logs[l].incarnation == t->cut[i].log.incarnation &&
                f->logs[l].stream == t->cut[i].log.stream &&
                code_same(&f->logs[l].author, &t->cut[i].log.author))
                t->cut_log[i] = l;
        if (t->cut_log[i] == LOG_NONE || f->logs[t->cut_log[i]].held < t->cut[i].n)
            return false;
    }
    return true;
}

// Every log about the unit that has records is one of the cut: else the evidence holds more.
static bool cut_is_all(const struct fold *f, uint32_t unit, const struct fold_told *t)
{
    unsigned held = 0;
    for (uint32_t l = f->homes[unit].log; l != LOG_NONE; l = f->logs[l].next)
        held += f->logs[l].stream != STREAM_PLAN && f->logs[l].held > 0;
    return held == t->n_cut;
}

void sums_compared(struct fold *f, uint32_t unit, bool equal)
{
    struct fold_told *t = told(f, unit);
    f->n_unequal -= t->unequal;
    t->compared = true;
    t->unequal = !equal;
    f->n_unequal += t->unequal;
}

bool sums_only_told(const struct fold *f, uint32_t unit)
{
    for (uint32_t u = unit; u < unit + f->plan->units[unit].size; u++)
        if (told(f, u) && told(f, u)->used)
            return true;
    return false;
}

// Exactly at the cut and under one plan version both must say the same, byte for byte.
static void compare(struct fold *f, uint32_t unit)
{
    struct fold_told *t = told(f, unit);
    struct cut cut = {.n = t->n_cut};
    if (t->entry == ENTRY_NONE || t->plan != f->plan->version || sums_only_told(f, unit))
        return;
    for (unsigned i = 0; i < t->n_cut; i++)
        if (f->logs[t->cut_log[i]].held != t->cut[i].n)
            return;
    if (!cut_is_all(f, unit, t))
        return;
    memcpy(cut.at, t->cut, sizeof cut.at);
    sums_compared(f, unit, summary_is(f, unit, &cut, fold_bytes(f, t->entry)));
}

static void set_told_sums(struct fold *f, uint32_t unit, struct summary *s)
{
    struct bytes name;
    int64_t sums[SUMS_MAX];
    unsigned n;
    memset(row(f, f->told_sums, unit, 0), 0,
           (size_t)kinds_of(f->plan) * sums_of(f->plan) * sizeof(int64_t));
    for (unsigned i = 0; i < s->n_kinds && summary_next(&s->kinds, &name, sums, SUMS_MAX, &n); i++)
        for (unsigned k = 0; k < kinds_of(f->plan); k++)
            if (n == sums_of(f->plan) &&
                (f->plan->n_kinds == 0 || bytes_same(f->plan->kinds[k], name)))
                memcpy(row(f, f->told_sums, unit, k), sums, n * sizeof(int64_t));
}

// Replaces what was told of a unit, or only weighs anew whether it counts.
static void tell(struct fold *f, uint32_t unit, uint32_t entry, struct summary *s)
{
    struct fold_told *t = told(f, unit);
    int64_t before[PLAN_KINDS_MAX][SUMS_MAX];
    unsigned n = sums_of(f->plan);
    contests_of(f, unit, -1);
    for (unsigned k = 0; k < kinds_of(f->plan); k++)
        memcpy(before[k], fold_sums(f, unit, k), n * sizeof(int64_t));
    if (s) {
        f->n_unequal -= t->unequal;
        *t = (struct fold_told){.entry = entry, .plan = s->plan, .n_cut = s->cut.n};
        memcpy(t->cut, s->cut.at, sizeof t->cut);
        memset(t->cut_log, 0xff, sizeof t->cut_log);
        set_told_sums(f, unit, s);
    }
    t->used = t->entry != ENTRY_NONE && t->plan <= f->plan->version && !reached(f, unit);
    contests_of(f, unit, +1);
    for (unsigned k = 0; k < kinds_of(f->plan) && f->plan->units[unit].parent != PLAN_NONE; k++) {
        const int64_t *now = fold_sums(f, unit, k);
        for (unsigned i = 0; i < n; i++)
            before[k][i] = now[i] - before[k][i];
        spread(f, f->plan->units[unit].parent, k, before[k], +1);
    }
    compare(f, unit);
}

// A word counts only from the unit's parent in the current plan. PLAN_NONE: it does not.
static uint32_t told_unit(const struct fold *f, uint32_t entry, const struct record *r)
{
    const struct plan *p = f->plan;
    uint32_t unit = plan_unit_of(p, r->subject);
    struct bytes author = code_bytes(&f->logs[f->entries[entry].log].author);
    if (unit == PLAN_NONE || p->units[unit].place || p->units[unit].parent == PLAN_NONE ||
        !bytes_same(p->units[p->units[unit].parent].code, author))
        return PLAN_NONE;
    return unit;
}

// A summary replaces another where its cut is behind in no log; of equal cuts, which can come from
// two logs of a hub, the one under the newer plan, then the later said.
static bool supersedes(const struct fold *f, const struct fold_told *t, const struct summary *s,
                       const struct record *r)
{
    struct record old;
    const char *why;
    struct cut before = {.n = t->n_cut};
    if (t->entry == ENTRY_NONE)
        return true;
    memcpy(before.at, t->cut, sizeof before.at);
    if (MUTANT(newest_summary_counts))
        return true;
    if (cut_behind(&s->cut, &before) || record_decode(&old, fold_bytes(f, t->entry), &why) < 0)
        return false;
    if (cut_behind(&before, &s->cut) || s->plan != t->plan)
        return cut_behind(&before, &s->cut) || s->plan > t->plan;
    return r->entered != old.entered ? r->entered > old.entered : r->act > old.act;
}

static void offer(struct fold *f, uint32_t unit, uint32_t entry, const struct record *r)
{
    struct summary s;
    if (summary_decode(&s, r->blob[SUMMARY_CONTENT]) < 0)
        f->unreadable++;
    else if (supersedes(f, told(f, unit), &s, r))
        tell(f, unit, entry, &s);
}

void sums_summary(struct fold *f, uint32_t entry, const struct record *r)
{
    struct summary none = {0};
    struct record other;
    const char *why;
    uint32_t unit = told_unit(f, entry, r);
    if (unit == PLAN_NONE)
        return;
    if (f->entries[entry].in_force) {
        offer(f, unit, entry, r);
    } else if (told(f, unit)->entry == entry) {
        // The hub's log was retired before this one: what it said until then holds again.
        tell(f, unit, ENTRY_NONE, &none);
        for (uint32_t i = 0; i < f->n_entries; i++)
            if (f->entries[i].kind == KIND_SUMMARY && f->entries[i].in_force &&
                record_decode(&other, fold_bytes(f, i), &why) == 0 &&
                told_unit(f, i, &other) == unit)
                offer(f, unit, i, &other);
    }
}

void sums_held(struct fold *f, uint32_t unit)
{
    struct fold_told *t = told(f, unit);
    if (!t || t->entry == ENTRY_NONE)
        return;
    if (t->used ? reached(f, unit) : !reached(f, unit))
        tell(f, unit, t->entry, NULL);
    else
        compare(f, unit);
}

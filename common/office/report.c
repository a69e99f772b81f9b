// report.c - is a unit's report here: not due, due soon, on time, late, missing, done, postponed.
#include "report.h"
#include "common/store/logstore.h"

enum { SOON_MS = 10 * 60 * 1000 };

const char *report_name(enum report r)
{
    static const char *const names[] = {"not_due", "due_soon", "on_time",  "late",
                                        "missing", "done",     "postponed"};
    return names[r];
}

// The last cut-off that is due at a ballot by then, or 0.
static unsigned last_due(const struct plan *p, uint32_t ballot, int64_t now)
{
    unsigned last = 0;
    for (unsigned i = 1; i <= p->n_cutoffs; i++) {
        int64_t at = plan_due_at(p, p->ballots[ballot].unit, i);
        last = at != 0 && at <= now ? i : last;
    }
    return last;
}

static bool due_soon(const struct plan *p, uint32_t ballot, int64_t now)
{
    for (unsigned i = 1; i <= p->n_cutoffs; i++) {
        int64_t at = plan_due_at(p, p->ballots[ballot].unit, i);
        if (at > now && at - now < SOON_MS)
            return true;
    }
    return false;
}

// When a figure for the cut-off was first entered, corrected since or not, and by which statement;
// INT64_MAX: none is in force. A correction does not make a report late that was in time.
static int64_t first_entered(const struct fold *f, uint32_t ballot, unsigned cutoff,
                             uint32_t *ret_entry)
{
    struct record r;
    const char *why;
    int64_t first = INT64_MAX;
    uint32_t slot = fold_slot_of(f, KIND_TURNOUT, cutoff, ballot);
    *ret_entry = ENTRY_NONE;
    for (uint32_t i = slot == ENTRY_NONE ? ENTRY_NONE : f->slots[slot].first_entry; i != ENTRY_NONE;
         i = f->entries[i].next_of_slot) {
        if (!f->entries[i].in_force || record_decode(&r, fold_bytes(f, i), &why) < 0 ||
            r.entered >= first)
            continue;
        first = r.entered;
        *ret_entry = i;
    }
    return first;
}

int64_t report_deadline(const struct plan *p, uint32_t ballot, unsigned cutoff)
{
    int64_t at = plan_due_at(p, p->ballots[ballot].unit, cutoff);
    return at == 0 ? INT64_MAX : at + p->cutoffs[cutoff - 1].grace;
}

enum report report_at(const struct fold *f, uint32_t ballot, unsigned cutoff, int64_t now)
{
    const struct plan *p = f->plan;
    int64_t at = plan_due_at(p, p->ballots[ballot].unit, cutoff);
    uint32_t entry;
    if (f->turnouts[(size_t)ballot * p->n_cutoffs + cutoff - 1].fact.state == FACT_VALUE)
        return first_entered(f, ballot, cutoff, &entry) > report_deadline(p, ballot, cutoff)
                   ? REPORT_LATE
                   : REPORT_ON_TIME;
    if (at == 0 || at > now)
        return at != 0 && at - now < SOON_MS ? REPORT_DUE_SOON : REPORT_NOT_DUE;
    return now <= report_deadline(p, ballot, cutoff) ? REPORT_DUE_SOON : REPORT_MISSING;
}

// The count is here, or the vote does not take place: no turnout is asked for any more.
static bool is_over(const struct cell *c, enum report *ret)
{
    *ret = c->facts[CELL_TALLY].state == FACT_VALUE ? REPORT_DONE : REPORT_POSTPONED;
    return *ret == REPORT_DONE || (c->facts[STEP_POSTPONED].state == FACT_VALUE &&
                                   c->facts[STEP_OPENED].state != FACT_VALUE);
}

static enum report report_of_ballot(const struct fold *f, uint32_t ballot, int64_t now)
{
    enum report over;
    unsigned due = last_due(f->plan, ballot, now);
    if (is_over(&f->cells[ballot], &over))
        return over;
    if (due == 0)
        return due_soon(f->plan, ballot, now) ? REPORT_DUE_SOON : REPORT_NOT_DUE;
    return report_at(f, ballot, due, now);
}

static uint32_t of_kind(const struct plan *p, uint32_t unit, unsigned kind)
{
    return report_due(p, unit, kind, 0, 0);
}

// Where only a summary is here, what it counts is held against what the plan says is due.
static enum report report_of_told(const struct fold *f, uint32_t unit, int64_t now, bool local)
{
    const struct plan *p = f->plan;
    enum report worst = REPORT_NOT_DUE;
    uint64_t tallied = 0, ballots = 0;
    for (unsigned k = 0; k < p->n_kinds; k++) {
        const int64_t *sums = fold_sums(f, unit, k);
        if (p->restricted[k] && !local)
            continue;
        ballots += of_kind(p, unit, k);
        tallied += (uint64_t)sums[SUM_TALLIED];
        for (unsigned i = 1; i <= p->n_cutoffs; i++) {
            uint32_t due = report_due(p, unit, k, i, now);
            int64_t here = sums[SUM_TURNOUT + TURNOUT_SUMS * (i - 1) + TURNOUT_PLACES];
            if (due == 0)
                continue;
            worst = here >= due ? REPORT_ON_TIME
                    : here >= report_due(p, unit, k, i, now - p->cutoffs[i - 1].grace)
                        ? REPORT_DUE_SOON
                        : REPORT_MISSING;
        }
    }
    return ballots > 0 && tallied >= ballots ? REPORT_DONE : worst;
}

// Of several the one that asks for most: missing, late, due soon, on time, not due; else all are done
// or postponed.
static enum report worse(enum report a, enum report b)
{
    static const uint8_t weight[] = {
        [REPORT_DONE] = 0,     [REPORT_POSTPONED] = 1, [REPORT_NOT_DUE] = 2, [REPORT_ON_TIME] = 3,
        [REPORT_DUE_SOON] = 4, [REPORT_LATE] = 5,      [REPORT_MISSING] = 6};
    return weight[b] > weight[a] ? b : a;
}

static void count_missing(struct report_missing *m, unsigned cutoff, uint32_t n, int64_t since)
{
    m->places += n;
    m->cutoff = n > 0 && (m->cutoff == 0 || since < m->since) ? cutoff : m->cutoff;
    m->since = n > 0 && (m->since == 0 || since < m->since) ? since : m->since;
}

static void missing_of_told(const struct fold *f, uint32_t unit, unsigned kind, int64_t now,
                            struct report_missing *ret)
{
    const struct plan *p = f->plan;
    const int64_t *sums = fold_sums(f, unit, kind);
    uint32_t missing = 0, last = 0;
    unsigned cutoff = 0;
    for (unsigned i = 1; i <= p->n_cutoffs; i++) {
        uint32_t due = report_due(p, unit, kind, i, now - p->cutoffs[i - 1].grace);
        int64_t here = sums[SUM_TURNOUT + TURNOUT_SUMS * (i - 1) + TURNOUT_PLACES];
        if (due == 0)
            continue;
        last = due;
        missing = here < due ? due - (uint32_t)here : 0;
        cutoff = i;
    }
    ret->due += last;
    if (cutoff > 0 && sums[SUM_TALLIED] < of_kind(p, unit, kind))
        count_missing(ret, cutoff, missing,
                      p->cutoffs[cutoff - 1].at + p->cutoffs[cutoff - 1].grace);
}

struct report_missing report_missing(const struct fold *f, uint32_t unit, int64_t now, bool local)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    struct report_missing ret = {0};
    enum report over;
    if (!u->place && f->told[f->inner[unit]].used) {
        for (unsigned k = 0; k < p->n_kinds; k++)
            if (local || !p->restricted[k])
                missing_of_told(f, unit, k, now, &ret);
        return ret;
    }
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        unsigned due = last_due(p, b, now);
        if (due == 0 || (!local && p->restricted[p->contests[p->ballots[b].contest].kind]) ||
            is_over(&f->cells[b], &over))
            continue;
        ret.due++;
        count_missing(&ret, due, report_at(f, b, due, now) == REPORT_MISSING,
                      report_deadline(p, b, due));
    }
    return ret;
}

enum report report_of(const struct fold *f, uint32_t unit, int64_t now, bool local)
{
    const struct plan_unit *u = &f->plan->units[unit];
    enum report all = REPORT_DONE;
    if (!u->place && f->told[f->inner[unit]].used)
        return report_of_told(f, unit, now, local);
    if (u->n_ballots == 0)
        return REPORT_NOT_DUE;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
        if (local || !f->plan->restricted[f->plan->contests[f->plan->ballots[b].contest].kind])
            all = worse(all, report_of_ballot(f, b, now));
    return all;
}

struct report_turnout report_turnout(const struct office *o, uint32_t ballot, unsigned cutoff)
{
    const struct fold *f = office_fold(o);
    struct report_turnout ret = {0};
    struct stored_run run;
    uint32_t entry;
    int64_t until = report_deadline(f->plan, ballot, cutoff),
            first = first_entered(f, ballot, cutoff, &entry);
    if (entry == ENTRY_NONE)
        return ret;
    const struct fold_occurrence *at = &f->occurrences[f->entries[entry].occurrences];
    ret.late = first > until;
    ret.arrived_late = !ret.late &&
                       store_run_at(office_store((struct office *)o), at->log, at->n, &run) == 0 &&
                       run.at > until;
    return ret;
}

uint32_t report_due(const struct plan *p, uint32_t unit, unsigned kind, unsigned cutoff,
                    int64_t now)
{
    const struct plan_unit *u = &p->units[unit];
    uint32_t n = 0;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        int64_t at = cutoff == 0 ? now : plan_due_at(p, p->ballots[b].unit, cutoff);
        n += p->contests[p->ballots[b].contest].kind == kind && (cutoff == 0 || at != 0) &&
             at <= now;
    }
    return n;
}

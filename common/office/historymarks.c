// historymarks.c - what is remarkable about one statement, and when it came.
#include "history.h"
#include "report.h"
#include <stdlib.h>
#include <string.h>

enum { CLOCK_MS = 2 * 60 * 1000 }; // so far may two clocks differ before it is remarked

static const char *const names[HISTORY_MARKS] = {
    "changed", "conflict", "held_back",   "released", "verdict", "late", "came_late",
    "relayed", "behalf",   "not_counted", "retired",  "old",     "clock"};

const char *history_mark_name(unsigned bit)
{
    return names[bit];
}

bool history_mark_named(struct bytes word, unsigned *ret_mark)
{
    for (unsigned i = 0; i < HISTORY_MARKS; i++)
        if (bytes_same(word, bytes_text(names[i]))) {
            *ret_mark = 1u << i;
            return true;
        }
    return false;
}

// ---- when it came

struct came {
    uint64_t last;
    int64_t at;
};
struct arrivals {
    uint32_t n_logs;
    struct came **logs; // of each its runs, ascending
    uint32_t *n, *cap;
    uint32_t *newest; // by unit: 1 + its reports log that counts and came last; 0: none
};

static int on_time(void *ctx, const struct stored_run *s)
{
    struct arrivals *a = ctx;
    if (s->log >= a->n_logs)
        return 0;
    if (a->n[s->log] == a->cap[s->log]) {
        a->cap[s->log] = a->cap[s->log] ? 2 * a->cap[s->log] : 16;
        a->logs[s->log] = realloc(a->logs[s->log], a->cap[s->log] * sizeof *a->logs[s->log]);
        if (!a->logs[s->log])
            abort();
    }
    a->logs[s->log][a->n[s->log]++] = (struct came){s->last, s->at};
    return 0;
}

// Logs are numbered as they came: the last one that counts is of the machine that a unit has now.
static void find_newest(struct arrivals *a, const struct fold *f)
{
    a->newest = calloc(f->plan->n_units + 1, sizeof *a->newest);
    if (!a->newest)
        abort();
    for (uint32_t i = 0; i < f->n_logs; i++)
        if (f->logs[i].home != PLAN_NONE && f->logs[i].stream == STREAM_REPORTS &&
            fold_admitted(f, i))
            a->newest[f->logs[i].home] = i + 1;
}

int arrivals_open(struct arrivals **ret, const struct office *o)
{
    struct arrivals *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    a->n_logs = office_logs(o)->n;
    a->logs = calloc(a->n_logs + 1, sizeof *a->logs);
    a->n = calloc(a->n_logs + 1, sizeof *a->n);
    a->cap = calloc(a->n_logs + 1, sizeof *a->cap);
    if (!a->logs || !a->n || !a->cap)
        abort();
    find_newest(a, office_fold(o));
    int rc = store_each_time(office_store((struct office *)o), on_time, a);
    *ret = a;
    if (rc < 0)
        arrivals_close(ret);
    return rc;
}

void arrivals_close(struct arrivals **a)
{
    for (uint32_t i = 0; *a && i < (*a)->n_logs; i++)
        free((*a)->logs[i]);
    if (*a) {
        free((*a)->logs);
        free((*a)->n);
        free((*a)->cap);
        free((*a)->newest);
    }
    free(*a);
    *a = NULL;
}

static int64_t came_at(const struct arrivals *a, uint32_t log, uint64_t n)
{
    uint32_t from = 0, to = log < a->n_logs ? a->n[log] : 0;
    while (from < to) {
        uint32_t at = from + (to - from) / 2;
        if (a->logs[log][at].last < n)
            from = at + 1;
        else
            to = at;
    }
    return log < a->n_logs && from < a->n[log] ? a->logs[log][from].at : 0;
}

int64_t arrivals_first(const struct arrivals *a, const struct fold *f, uint32_t entry)
{
    int64_t first = 0;
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next) {
        int64_t at = came_at(a, f->occurrences[i].log, f->occurrences[i].n);
        first = at > 0 && (first == 0 || at < first) ? at : first;
    }
    return first;
}

// ---- marks

static unsigned of_verdicts(const struct fold *f, uint32_t entry)
{
    unsigned marks = 0;
    struct record r;
    const char *why;
    for (uint32_t i = f->names[f->entries[entry].name].first_ref; i != ENTRY_NONE;
         i = f->refs[i].next_of_name) {
        if (!f->refs[i].verdict || record_decode(&r, fold_bytes(f, f->refs[i].from), &why) < 0 ||
            r.kind != KIND_VERDICT || !f->entries[f->refs[i].from].in_force)
            continue;
        marks |= HISTORY_VERDICT;
        if (r.number[VERDICT_WORD] == VERDICT_RELEASED)
            marks |= HISTORY_RELEASED;
    }
    return marks;
}

// Why it counts in no log: beyond a line, or nobody admitted it.
static unsigned of_force(const struct fold *f, uint32_t entry)
{
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next) {
        uint32_t grant = f->logs[f->occurrences[i].log].grant;
        if (grant != ENTRY_NONE && f->grants[grant].admitted &&
            f->occurrences[i].n > f->grants[grant].until)
            return HISTORY_RETIRED;
    }
    return HISTORY_NOT_COUNTED;
}

static bool is_old(const struct arrivals *a, const struct fold *f, uint32_t entry)
{
    uint32_t log = f->entries[entry].log;
    if (f->logs[log].stream != STREAM_REPORTS || f->logs[log].home == PLAN_NONE)
        return false;
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next)
        log = f->occurrences[i].log < log ? f->occurrences[i].log : log;
    return a->newest[f->logs[log].home] > log + 1;
}

static unsigned of_times(const struct office *o, const struct arrivals *a, uint32_t entry,
                         const struct record *r)
{
    const struct fold *f = office_fold(o);
    const struct fold_entry *e = &f->entries[entry];
    unsigned marks = 0;
    int64_t came = arrivals_first(a, f, entry);
    if (came > 0 && r->entered > came + CLOCK_MS)
        marks |= HISTORY_CLOCK;
    if (r->kind != KIND_TURNOUT || e->ballot == PLAN_NONE || r->number[TURNOUT_CUTOFF] < 1 ||
        r->number[TURNOUT_CUTOFF] > f->plan->n_cutoffs)
        return marks;
    int64_t until = report_deadline(f->plan, e->ballot, (unsigned)r->number[TURNOUT_CUTOFF]);
    if (r->entered > until)
        marks |= HISTORY_LATE;
    else if (came > until)
        marks |= HISTORY_CAME_LATE;
    return marks;
}

static bool of_a_mouth(unsigned how)
{
    return how == HOW_PHONE || how == HOW_RADIO || how == HOW_COURIER || how == HOW_FILE;
}

unsigned history_marks(const struct office *o, const struct arrivals *a, uint32_t entry)
{
    const struct fold *f = office_fold(o);
    const struct fold_entry *e = &f->entries[entry];
    enum fact_state state;
    struct record r;
    const char *why;
    if (record_decode(&r, fold_bytes(f, entry), &why) < 0)
        return 0;
    fold_entry_reasons(f, entry, &state);
    unsigned marks = of_times(o, a, entry, &r) | of_verdicts(f, entry);
    bool replaced = fold_replaced(f, entry);
    if (r.n_replaces > 0 || replaced)
        marks |= HISTORY_CHANGED;
    if (state == FACT_CONFLICT && e->in_force && !replaced)
        marks |= HISTORY_CONFLICT;
    if (state == FACT_QUARANTINED && e->in_force && !replaced)
        marks |= HISTORY_HELD_BACK;
    if (e->by_parent && r.kind < KIND_SUMMARY)
        marks |= HISTORY_RELAYED;
    if (of_a_mouth(r.how))
        marks |= HISTORY_BEHALF;
    if (!e->in_force)
        marks |= of_force(f, entry);
    if (is_old(a, f, entry))
        marks |= HISTORY_OLD;
    return marks;
}

// foldload.c - statements of many places through the fold, rolled up after each, as an office drives it.
#include "common/election/summary.h"
#include "common/office/inside.h"
#include "workloads.h"
#include <stdio.h>
#include <string.h>

enum {
    PLAN_LETS_EXPECT = 6
}; // statements of a place: the fold has room for them at once, as an office's has

struct said {    // a run of one unit
    uint64_t at; // in the arena of bytes
    uint32_t n, unit, log;
};
struct load_room {
    struct plan *plan;
    struct fold *fold;
    void *block;
    struct said *said; // all runs, pass by pass and unit by unit
    uint8_t *bytes;
    uint64_t n_said, n_records, rolled; // rolled: sum of what the top showed after each record
    uint32_t n_units;
    uint64_t *held; // by log
    bool summaries;
};

static void apply(struct load_room *r, uint32_t log, struct bytes record)
{
    MUST(fold_room(r->fold));
    fold_apply(r->fold, log, ++r->held[log], record);
}

static const int64_t *top_sums(const struct load_room *r)
{
    return fold_sums(r->fold, 0, 0);
}

// A hub's word about the unit once its run is folded.
static void sum_up(const struct load_room *r, uint32_t log, uint32_t unit)
{
    static uint8_t content[SUMMARY_MAX];
    struct cut cut = {.n = 1};
    struct packer p;
    cut.at[0].log = (struct log_id){.author = r->fold->logs[log].author,
                                    .about = r->fold->logs[log].author,
                                    .stream = STREAM_REPORTS,
                                    .incarnation = r->fold->logs[log].incarnation};
    cut.at[0].n = r->held[log];
    pack_init(&p, content, sizeof content);
    summary_pack(r->fold, unit, &cut, &p);
    MUST(!p.full);
}

static void fold_all(void *ctx)
{
    struct load_room *r = ctx;
    for (uint64_t i = 0; i < r->n_said; i++) {
        const struct said *s = &r->said[i];
        struct run run = {.records = bytes_of(r->bytes + s->at, s->n)};
        struct cursor c;
        struct bytes record;
        run.log.about = run.log.author = r->fold->logs[s->log].author;
        run.log.stream = STREAM_REPORTS;
        MUST(!fold_ahead(r->fold, &run));
        cursor_init(&c, run.records);
        while (run_next(&c, &record)) {
            apply(r, s->log, record);
            r->rolled += (uint64_t)top_sums(r)[SUM_TURNOUT + TURNOUT_OF];
        }
        fold_held(r->fold, s->log, r->held[s->log]);
        if (r->summaries)
            sum_up(r, s->log, s->unit);
    }
}

static void admit(struct load_room *r, uint32_t log, const struct log_id *reports)
{
    static uint8_t buffer[RECORD_MAX];
    const char *why;
    struct record a = {.kind = KIND_ADMIT,
                       .act = 1u << 30 | log,
                       .at = 1,
                       .entered = 1,
                       .how = HOW_DESK,
                       .plan = 1,
                       .by = bytes_text("lan"),
                       .subject = code_bytes(&reports->author)};
    a.number[ADMIT_INCARNATION] = reports->incarnation;
    a.blob[ADMIT_CERTIFICATE] = bytes_text("its certificate");
    int n = record_encode(&a, buffer, sizeof buffer, &why);
    MUST(n > 0);
    apply(r, log, bytes_of(buffer, (size_t)n));
    fold_held(r->fold, log, r->held[log]);
}

// Logs 0 ... n-1 are the top's about its units, n ... 2n-1 the units' own.
static void open_logs(struct load_room *r)
{
    for (unsigned own = 0; own < 2; own++)
        for (uint32_t k = 0; k < r->n_units; k++) {
            struct code unit = code_of(r->plan->units[1 + k * (PLACES_OF_UNIT + 1)].code);
            struct log_id id = {.author = own ? unit : code_of(r->plan->units[0].code),
                                .about = unit,
                                .stream = own ? STREAM_REPORTS : STREAM_ABOUT,
                                .incarnation = own ? 1000 + k : 7};
            fold_log(r->fold, own * r->n_units + k, &id);
        }
    for (uint32_t k = 0; k < r->n_units; k++) {
        struct log_id id = {.author = r->fold->logs[r->n_units + k].author,
                            .incarnation = r->fold->logs[r->n_units + k].incarnation};
        admit(r, k, &id);
        MUST(fold_admitted(r->fold, r->n_units + k));
    }
}

static void say_all(struct load_room *r, unsigned places)
{
    static uint8_t buffer[RECORD_MAX];
    struct packer p;
    size_t cap = (size_t)places * STATEMENTS * 160;
    r->said = must_have(calloc((size_t)r->n_units * STATEMENTS, sizeof *r->said));
    r->bytes = must_have(malloc(cap));
    pack_init(&p, r->bytes, cap);
    for (unsigned which = 0; which < STATEMENTS; which++)
        for (uint32_t u = 1; u < r->plan->n_units; u++) {
            if (!r->plan->units[u].place) {
                uint32_t log = r->n_units + (u - 1) / (PLACES_OF_UNIT + 1);
                r->said[r->n_said++] = (struct said){.at = p.n, .unit = u, .log = log};
                continue;
            }
            size_t n = workplan_statement(r->plan, u, which, ++r->n_records, buffer);
            pack_bin(&p, bytes_of(buffer, n));
            r->said[r->n_said - 1].n = (uint32_t)(p.n - r->said[r->n_said - 1].at);
        }
    MUST(!p.full);
}

static void check(const struct load_room *r, unsigned places)
{
    const int64_t *sums = top_sums(r);
    int64_t voted[STATEMENTS] = {0};
    uint64_t running = 0, rolled = 0;
    for (unsigned which = 0; which < STATEMENTS; which++)
        for (unsigned i = 0; i < places; i++) {
            voted[which] += workplan_voted(i, which);
            running += which == 0 ? workplan_voted(i, which) : 0;
            rolled += running;
        }
    MUST(sums[SUM_TURNOUT + TURNOUT_OF] == voted[0]);
    MUST(sums[SUM_TURNOUT + TURNOUT_SUMS + TURNOUT_OF] == voted[1]);
    MUST(sums[SUM_TURNOUT + TURNOUT_PLACES] == places);
    MUST(sums[SUM_TALLIED] == places && sums[SUM_QUARANTINED] == 0 && sums[SUM_CONFLICTS] == 0);
    MUST(sums[SUM_TALLY + 2 * N_VALID] == voted[2]);
    MUST(r->rolled == rolled); // after each record, not only at the end
}

static void load(unsigned size, bool summaries, struct done *ret)
{
    static const char *const top[] = {"T"};
    struct load_room r = {.summaries = summaries};
    struct bytes bytes = workplan(top, 1, size, PLACES_OF_UNIT);
    uint32_t room = 1024;
    r.plan = workplan_open(bytes);
    free((void *)(uintptr_t)bytes.at);
    r.n_units = (size + PLACES_OF_UNIT - 1) / PLACES_OF_UNIT;
    while (room < PLAN_LETS_EXPECT * size)
        room *= 2;
    struct fold_limits l = {.entries = room,
                            .refs = room,
                            .occurrences = room,
                            .bytes = (size_t)room * 256,
                            .salt = 7,
                            .logs = 2 * r.n_units};
    r.fold = must_have(calloc(1, sizeof *r.fold));
    r.held = must_have(calloc(l.logs, sizeof *r.held));
    r.block = aligned_block(fold_size(r.plan, &l));
    fold_init(r.fold, r.block, r.plan, &l);
    open_logs(&r);
    say_all(&r, size);
    measured(fold_all, &r);
    check(&r, size);
    ret->records = r.n_records;
    snprintf(ret->what, sizeof ret->what,
             "%u places of %u units, %llu statements in runs folded and rolled up, %u summaries",
             size, (unsigned)r.n_units, (unsigned long long)r.n_records,
             summaries ? (unsigned)r.n_units * STATEMENTS : 0);
    free(r.said);
    free(r.bytes);
    free(r.held);
    free(r.block);
    free(r.fold);
    free(r.plan);
}

void load_fold(unsigned size, struct done *ret)
{
    load(size, true, ret);
}

void load_bare(unsigned size, struct done *ret)
{
    load(size, false, ret);
}

// foldload.c - statements of many places through the fold, rolled up after each, as an office drives it.
#include "common/election/summary.h"
#include "workloads.h"
#include <stdio.h>
#include <string.h>

enum { GROWTH = 4 }; // times, when the fold gets a larger block: as the office does

struct said {
    uint64_t at; // in the arena of bytes
    uint32_t n, unit;
};
struct room {
    struct plan *plan;
    struct fold *fold;
    void *block;
    struct said *said; // all records, pass by pass and unit by unit
    uint8_t *bytes;
    uint64_t n_said, rolled; // rolled: sum of what the top showed after each record
    size_t n_bytes;
    uint32_t n_units;
    uint64_t *held; // by log
    bool summaries;
};

static void *fold_block(const struct plan *p, const struct fold_limits *l)
{
    return must_have(aligned_alloc(64, (fold_size(p, l) + 63) & ~(size_t)63));
}

static void grow(struct room *r)
{
    struct fold_limits l = r->fold->limits;
    struct fold larger;
    l.entries *= GROWTH;
    l.refs *= GROWTH;
    l.occurrences *= GROWTH;
    l.bytes *= GROWTH;
    void *at = fold_block(r->plan, &l);
    fold_move(&larger, at, &l, r->fold);
    free(r->block);
    r->block = at;
    *r->fold = larger;
}

static void apply(struct room *r, uint32_t log, struct bytes record)
{
    if (!fold_room(r->fold))
        grow(r);
    fold_apply(r->fold, log, ++r->held[log], record);
}

static const int64_t *top_sums(const struct room *r)
{
    return fold_sums(r->fold, 0, 0);
}

// A hub's word about the unit once its run is folded.
static void sum_up(const struct room *r, uint32_t log, uint32_t unit)
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
    struct room *r = ctx;
    for (uint64_t i = 0; i < r->n_said; i++) {
        const struct said *s = &r->said[i];
        uint32_t unit = r->plan->units[s->unit].parent;
        uint32_t log = r->n_units + (unit - 1) / (PLACES_OF_UNIT + 1);
        apply(r, log, bytes_of(r->bytes + s->at, s->n));
        r->rolled += (uint64_t)top_sums(r)[SUM_TURNOUT + TURNOUT_OF];
        if (i + 1 == r->n_said || r->plan->units[r->said[i + 1].unit].parent != unit) {
            fold_held(r->fold, log, r->held[log]);
            if (r->summaries)
                sum_up(r, log, unit);
        }
    }
}

static void admit(struct room *r, uint32_t log, const struct log_id *reports)
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
static void open_logs(struct room *r)
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

static void say_all(struct room *r, unsigned places)
{
    static uint8_t buffer[RECORD_MAX];
    size_t cap = (size_t)places * STATEMENTS * 160;
    r->said = must_have(calloc((size_t)places * STATEMENTS, sizeof *r->said));
    r->bytes = must_have(malloc(cap));
    for (unsigned which = 0; which < STATEMENTS; which++)
        for (uint32_t u = 0; u < r->plan->n_units; u++) {
            if (!r->plan->units[u].place)
                continue;
            size_t n = workplan_statement(r->plan, u, which, r->n_said + 1, buffer);
            MUST(r->n_bytes + n <= cap);
            memcpy(r->bytes + r->n_bytes, buffer, n);
            r->said[r->n_said++] = (struct said){r->n_bytes, (uint32_t)n, u};
            r->n_bytes += n;
        }
}

static void check(const struct room *r, unsigned places)
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
    struct room r = {.summaries = summaries};
    struct bytes bytes = workplan(top, 1, size, PLACES_OF_UNIT);
    struct fold_limits l = {
        .entries = 1024, .refs = 1024, .occurrences = 1024, .bytes = 1024 * 256, .salt = 7};
    r.plan = workplan_open(bytes);
    free((void *)(uintptr_t)bytes.at);
    r.n_units = (size + PLACES_OF_UNIT - 1) / PLACES_OF_UNIT;
    l.logs = 2 * r.n_units;
    r.fold = must_have(calloc(1, sizeof *r.fold));
    r.held = must_have(calloc(l.logs, sizeof *r.held));
    r.block = fold_block(r.plan, &l);
    fold_init(r.fold, r.block, r.plan, &l);
    open_logs(&r);
    say_all(&r, size);
    measured(fold_all, &r);
    check(&r, size);
    ret->records = r.n_said;
    snprintf(ret->what, sizeof ret->what,
             "%u places of %u units, %llu statements folded and rolled up, %u summaries", size,
             (unsigned)r.n_units, (unsigned long long)r.n_said,
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

// places.h - a tree of places with a vote in each, made unit by unit, for tests of what is told of them.
//
// Each place votes on a contest of kind "head" with two candidates; with `cells` set also on one of the
// kind "cell", which is restricted unless `shown`. Three cut-offs on 22/5/2016: 9, 11 and 15 o'clock. Statements are those of a
// parent about the unit named, said in one log for each such unit.
#pragma once
#include "common/election/bulletin.h"
#include "common/election/summary.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { PLACES_UNITS = 2000, PLACES_LOGS = 256, HEAD = 0, CELL = 1 };
static const int64_t at_9 = 1463882400000, at_11 = 1463889600000, at_15 = 1463904000000;

struct places {
    bool cells, shown;
    bool most;         // who has most votes is elected, else who has more than half of all voters
    bool wide;         // each contest is of the place's commune, with this one place
    unsigned seats;    // of each contest; 0: one
    uint32_t rerun_at; // a place that votes again, on a contest of code "r...", or 0
    unsigned n_levels;
    const char *levels[5];
    uint32_t n;
    struct plan_unit units[PLACES_UNITS];
    uint32_t voters[PLACES_UNITS];
    char codes[PLACES_UNITS][16], names[PLACES_UNITS][64];
    struct plan *plan;
    struct fold *fold;
    void *block;
    uint32_t log_of[PLACES_UNITS]; // 1 + the log about the unit
    uint64_t said[PLACES_LOGS], act;
    struct plan_target targets[2];
    unsigned n_targets;
    struct plan_profile after; // days and rounds of both profiles: what is due after the vote
    struct plan days;          // off
};

static inline struct places *places_new(unsigned n_levels, const char *const *levels)
{
    struct places *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->n_levels = n_levels;
    memcpy(s->levels, levels, n_levels * sizeof *levels);
    return s;
}

// A unit on the level below its parent's; voters > 0: a place.
static inline uint32_t places_add(struct places *s, uint32_t parent, const char *name,
                                  uint32_t voters)
{
    uint32_t i = s->n++;
    assert_true(i < PLACES_UNITS);
    snprintf(s->codes[i], sizeof s->codes[i], "u%04u", (unsigned)i);
    snprintf(s->names[i], sizeof s->names[i], "%s", name);
    s->units[i] = (struct plan_unit){.code = bytes_text(s->codes[i]),
                                     .name = bytes_text(s->names[i]),
                                     .parent = parent,
                                     .level = parent == PLAN_NONE ? 0 : s->units[parent].level + 1,
                                     .place = voters > 0};
    if (voters > 0)
        s->units[i].level = s->n_levels - 1;
    s->voters[i] = voters;
    return i;
}

static inline unsigned votes_at(const struct places *s, uint32_t place)
{
    return 1u + s->cells + (place == s->rerun_at && place > 0);
}

static inline void places_contests(struct places *s, struct packer *p)
{
    struct plan_candidate people[2] = {{1, bytes_text("an"), bytes_text("An")},
                                       {2, bytes_text("binh"), bytes_text("Bình")}};
    uint32_t places = 0;
    for (uint32_t i = 0; i < s->n; i++)
        places += s->units[i].place;
    pack_array(p, places * (1u + s->cells) + (s->rerun_at > 0));
    for (uint32_t i = 0; i < s->n; i++)
        for (unsigned k = 0; s->units[i].place && k < votes_at(s, i); k++) {
            char code[20], first[20];
            bool rerun = k > s->cells;
            unsigned kind = rerun ? HEAD : k;
            snprintf(code, sizeof code, "%c%s",
                     rerun          ? 'r'
                     : kind == HEAD ? 'h'
                                    : 'c',
                     s->codes[i]);
            snprintf(first, sizeof first, "h%s", s->codes[i]);
            plan_pack_contest(p,
                              &(struct plan_contest){.code = bytes_text(code),
                                                     .name = bytes_text(kind ? "Chi ủy" : "Trưởng"),
                                                     .repeats = bytes_text(rerun ? first : ""),
                                                     .unit = s->wide ? s->units[i].parent : i,
                                                     .kind = kind,
                                                     .profile = kind,
                                                     .seats = s->seats ? s->seats : 1,
                                                     .places_in_all = 1,
                                                     .n_candidates = 2},
                              people);
        }
    pack_array(p, places * (1u + s->cells) + (s->rerun_at > 0));
    for (uint32_t i = 0, c = 0; i < s->n; i++)
        for (unsigned k = 0; s->units[i].place && k < votes_at(s, i); k++, c++)
            plan_pack_ballot(p,
                             &(struct plan_ballot){.unit = i, .contest = c, .voters = s->voters[i]},
                             &(struct plan_profile){0});
}

static inline void places_open(struct places *s)
{
    static const int64_t *const at[] = {&at_9, &at_11, &at_15};
    static uint8_t buffer[1 << 20];
    struct packer p;
    const char *why = "";
    struct plan_profile half = {.name = bytes_text("half"),
                                .rule = RULE_MAJORITY,
                                .quorum = {1, 2, 1},
                                .need = {1, 2, 1},
                                .choices = 1};
    if (s->most)
        half = (struct plan_profile){
            .name = bytes_text("most"), .choices = 1, .decides = DECIDES_PARENT};
    half.rounds = s->after.rounds;
    half.report_days = s->after.report_days;
    half.recognise_days = s->after.recognise_days;
    half.rerun_days = s->after.rerun_days;
    half.interim_months = s->after.interim_months;
    pack_init(&p, buffer, sizeof buffer);
    s->days.version = 1;
    s->days.label = bytes_text("t");
    s->days.title = bytes_text("Bầu cử trưởng thôn");
    if (s->days.n_days > 0)
        plan_pack_head_days(&p, &s->days);
    else
        plan_pack_head(&p, 1, s->days.label, s->days.title);
    pack_array(&p, s->n_levels);
    for (unsigned i = 0; i < s->n_levels; i++)
        plan_pack_level(&p, &(struct plan_level){bytes_text(s->levels[i]), bytes_text("level")});
    pack_array(&p, 3);
    for (unsigned i = 0; i < 3; i++)
        plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("mốc"), *at[i], 1});
    pack_array(&p, 0);
    pack_array(&p, s->n_targets);
    for (unsigned i = 0; i < s->n_targets; i++)
        plan_pack_target(&p, &s->targets[i]);
    pack_array(&p, 1u + s->cells);
    plan_pack_profile(&p, &half);
    half.name = bytes_text("cell");
    half.restricted = !s->shown;
    if (s->cells)
        plan_pack_profile(&p, &half);
    pack_array(&p, 1u + s->cells);
    pack_text(&p, bytes_text("head"));
    if (s->cells)
        pack_text(&p, bytes_text("cell"));
    pack_array(&p, s->n);
    for (uint32_t i = 0; i < s->n; i++)
        plan_pack_unit(&p, &s->units[i], NULL);
    places_contests(s, &p);
    assert_false(p.full);
    size_t size = plan_size(packed(&p), &why);
    s->plan = size > 0 ? aligned_alloc(16, (size + 15) & ~(size_t)15) : NULL;
    if (!s->plan || plan_open(s->plan, size, packed(&p), &why) < 0)
        fail_msg("not a plan: %s", why);
}

// A fold without any statement; `from` NULL is the first.
static inline void places_fold(struct places *s)
{
    struct fold_limits l = {.logs = PLACES_LOGS,
                            .entries = 16384,
                            .refs = 32768,
                            .occurrences = 16384,
                            .bytes = 8 << 20};
    size_t size = fold_size(s->plan, &l);
    s->fold = calloc(1, sizeof *s->fold);
    s->block = aligned_alloc(16, (size + 15) & ~(size_t)15);
    assert_non_null(s->fold);
    assert_non_null(s->block);
    fold_init(s->fold, s->block, s->plan, &l);
}

static inline void places_free(struct places *s)
{
    free(s->block);
    free(s->fold);
    free(s->plan);
    free(s);
}

// A record of the log, whose act is the next one where it has none.
static inline void places_apply(struct places *s, uint32_t log, struct record *r)
{
    static uint8_t buffer[RECORD_MAX];
    const char *why = "";
    r->act = r->act ? r->act : ++s->act;
    r->entered = r->entered ? r->entered : r->at;
    r->how = HOW_PHONE;
    r->plan = 1;
    r->by = bytes_text("lan");
    int n = record_encode(r, buffer, sizeof buffer, &why);
    if (n < 0)
        fail_msg("not a record: %s", why);
    fold_apply(s->fold, log, ++s->said[log], bytes_of(buffer, (size_t)n));
    fold_held(s->fold, log, s->said[log]);
}

// The parent of `about` says it.
static inline uint64_t places_say(struct places *s, uint32_t about, struct record *r)
{
    if (s->log_of[about] == 0) {
        struct log_id id = {.author = code_of(bytes_text(s->codes[s->units[about].parent])),
                            .about = code_of(bytes_text(s->codes[about])),
                            .stream = STREAM_ABOUT,
                            .incarnation = 100 + about};
        fold_log(s->fold, s->fold->n_logs, &id);
        s->log_of[about] = s->fold->n_logs;
    }
    places_apply(s, s->log_of[about] - 1, r);
    return r->act;
}

// The unit's parent, itself below another, sums it up as it stands in `from`; of its evidence, which that
// names, nothing is here.
static inline void places_told(struct places *s, uint32_t unit, const struct fold *from)
{
    static uint8_t content[SUMMARY_MAX];
    struct packer p;
    uint32_t hub = s->units[unit].parent, log;
    struct log_id id = {.author = code_of(bytes_text(s->codes[hub])),
                        .about = code_of(bytes_text(s->codes[hub])),
                        .stream = STREAM_REPORTS,
                        .incarnation = 5000 + unit};
    struct cut cut = {.n = 1};
    struct record admit = {.kind = KIND_ADMIT, .subject = bytes_text(s->codes[hub])},
                  told = {.kind = KIND_SUMMARY, .subject = bytes_text(s->codes[unit])};
    admit.number[ADMIT_INCARNATION] = id.incarnation;
    admit.blob[ADMIT_CERTIFICATE] = bytes_text("its certificate");
    places_say(s, hub, &admit);
    log = s->fold->n_logs;
    fold_log(s->fold, log, &id);
    cut.at[0].log = (struct log_id){.author = code_of(bytes_text(s->codes[unit])),
                                    .about = code_of(bytes_text(s->codes[unit])),
                                    .stream = STREAM_REPORTS,
                                    .incarnation = 9000 + unit};
    cut.at[0].n = 7;
    pack_init(&p, content, sizeof content);
    summary_pack(from, unit, &cut, &p);
    told.blob[SUMMARY_CONTENT] = packed(&p);
    places_apply(s, log, &told);
    assert_true(s->fold->told[s->fold->inner[unit]].used);
}

static inline struct record places_record(struct places *s, enum kind kind, uint32_t unit,
                                          char contest)
{
    static char code[20];
    struct record r = {.kind = kind, .at = at_15, .subject = bytes_text(s->codes[unit])};
    snprintf(code, sizeof code, "%c%s", contest, s->codes[unit]);
    if (contest)
        r.contest = bytes_text(code);
    return r;
}

static inline uint64_t places_step(struct places *s, uint32_t about, uint32_t place, enum step what,
                                   int64_t at)
{
    struct record r = places_record(s, KIND_STEP, place, 'h');
    r.at = at;
    r.number[STEP_WHAT] = what;
    return places_say(s, about, &r);
}

// `replaces`: an act, or 0.
static inline uint64_t places_voted(struct places *s, uint32_t about, uint32_t place,
                                    unsigned cutoff, uint32_t voted, uint64_t replaces)
{
    struct record r = places_record(s, KIND_TURNOUT, place, 'h');
    r.at = cutoff == 1 ? at_9 : cutoff == 2 ? at_11 : at_15;
    r.number[TURNOUT_CUTOFF] = cutoff;
    r.number[TURNOUT_VOTED] = voted;
    if (replaces)
        r.replaces[r.n_replaces++] = replaces;
    return places_say(s, about, &r);
}

static inline uint64_t places_tally(struct places *s, uint32_t about, uint32_t place, char contest,
                                    const uint32_t votes[2], uint64_t replaces)
{
    struct record r = places_record(s, KIND_TALLY, place, contest);
    const struct plan_contest *k = &s->plan->contests[plan_contest_of(s->plan, r.contest)];
    r.at = at_15 + 3600000;
    r.blob[TALLY_DEFINITION] = bytes_of(k->definition, 8);
    for (unsigned i = 0; i < 2; i++) {
        r.list[r.n_list++] = i + 1;
        r.list[r.n_list++] = votes[i];
    }
    record_set(&r, TALLY_ATTENDED, votes[0] + votes[1]);
    record_set(&r, TALLY_RETURNED, votes[0] + votes[1]);
    record_set(&r, TALLY_VALID, votes[0] + votes[1]);
    record_set(&r, TALLY_INVALID, 0);
    if (replaces)
        r.replaces[r.n_replaces++] = replaces;
    return places_say(s, about, &r);
}

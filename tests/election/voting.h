// voting.h - one small election for the tests of the fold: its plan, logs and random statements.
//
//   R ─ D ─┬─ C1 ─ P1 P2       X is voted on in C1, Y in all of R, W in all of D, Z in C2
//          └─ C2 ─ P3 P4       kinds: head (X, W, Z) and council (Y); two cut-offs
#pragma once
#include "common/election/slice.h"
#include "common/election/summary.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { R_UNIT, D_UNIT, C1_UNIT, P1_UNIT, P2_UNIT, C2_UNIT, P3_UNIT, P4_UNIT, UNITS };
enum { X_CONTEST, Y_CONTEST, W_CONTEST, Z_CONTEST, CONTESTS };
static const char *const unit_codes[UNITS] = {"R", "D", "C1", "P1", "P2", "C2", "P3", "P4"};
static const char *const contest_codes[CONTESTS] = {"X", "Y", "W", "Z"};

static uint64_t seed;
static inline uint32_t draw(uint32_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % below;
}

static inline struct plan *voting_open(struct bytes b)
{
    const char *why = "";
    size_t size = plan_size(b, &why);
    void *block = size > 0 ? malloc(size) : NULL;
    if (!block || plan_open(block, size, b, &why) < 0)
        fail_msg("not a plan: %s", why);
    return block;
}

static const struct plan_profile voting_rules = {.name = {(const uint8_t *)"r", 1}};

static inline struct plan *voting_plan(void)
{
    static uint8_t buffer[16384];
    static const uint32_t parents[UNITS] = {PLAN_NONE, 0, 1, 2, 2, 1, 5, 5};
    static const uint32_t at[CONTESTS] = {C1_UNIT, R_UNIT, D_UNIT, C2_UNIT};
    static const char *const keys[4] = {"an", "binh", "chi", "dung"};
    struct plan_candidate candidates[4];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    plan_pack_head(&p, 1, bytes_text("test"), bytes_text("Bầu cử"));
    pack_array(&p, 4);
    for (unsigned i = 0; i < 4; i++)
        plan_pack_level(&p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(&p, 2);
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("9h"), 9000, 10});
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("11h"), 11000, 10});
    pack_array(&p, 0); // categories
    pack_array(&p, 0); // targets
    pack_array(&p, 1);
    plan_pack_profile(&p, &voting_rules);
    pack_array(&p, 2);
    pack_text(&p, bytes_text("head"));
    pack_text(&p, bytes_text("council"));
    pack_array(&p, UNITS);
    for (uint32_t i = 0; i < UNITS; i++)
        plan_pack_unit(&p,
                       &(struct plan_unit){.code = bytes_text(unit_codes[i]),
                                           .name = bytes_text("n"),
                                           .parent = parents[i],
                                           .place = unit_codes[i][0] == 'P',
                                           .level = i < 2                     ? i
                                                    : unit_codes[i][0] == 'P' ? 3
                                                                              : 2},
                       NULL);
    for (unsigned i = 0; i < 4; i++)
        candidates[i] = (struct plan_candidate){i + 1, bytes_text(keys[i]), bytes_text(keys[i])};
    pack_array(&p, CONTESTS);
    for (uint32_t i = 0; i < CONTESTS; i++)
        plan_pack_contest(
            &p,
            &(struct plan_contest){.code = bytes_text(contest_codes[i]),
                                   .name = bytes_text("c"),
                                   .unit = at[i],
                                   .kind = i == Y_CONTEST,
                                   .seats = i == Y_CONTEST ? 2 : 1,
                                   .paper = bytes_text(i == X_CONTEST || i == W_CONTEST ? "p" : ""),
                                   .places_in_all = 4,
                                   .n_candidates = i == Y_CONTEST ? 4 : 3},
            candidates);
    pack_array(&p, 12);
    for (uint32_t u = 0; u < UNITS; u++)
        for (uint32_t c = 0; c < CONTESTS && unit_codes[u][0] == 'P'; c++)
            if (at[c] == parents[u] || at[c] == D_UNIT || at[c] == R_UNIT)
                plan_pack_ballot(
                    &p,
                    &(struct plan_ballot){
                        .unit = u, .contest = c, .voters = u == P2_UNIT ? VOTERS_UNKNOWN : 20},
                    &voting_rules);
    assert_false(p.full);
    return voting_open(packed(&p));
}

static inline struct plan *voting_slice(const struct plan *p, uint32_t unit)
{
    static uint8_t buffer[16384];
    uint32_t scratch[CONTESTS];
    struct packer to;
    pack_init(&to, buffer, sizeof buffer);
    slice_pack(p, unit, scratch, &to);
    return voting_open(packed(&to));
}

// Logs with their records, as a store would hold them.
enum { LOGS = 12, RECORDS = 80 };
struct voting_record {
    uint8_t at[1200];
    size_t n;
};
struct voting_log {
    struct log_id id;
    unsigned n;
    struct voting_record records[RECORDS];
};
struct voting {
    unsigned n_logs;
    struct voting_log logs[LOGS];
};

static inline struct voting_log *voting_add(struct voting *v, const char *author, const char *about,
                                            enum stream stream, uint64_t incarnation)
{
    struct voting_log *l = &v->logs[v->n_logs++];
    l->id = (struct log_id){code_of(bytes_text(author)), code_of(bytes_text(about)), stream,
                            incarnation};
    l->n = 0;
    return l;
}

static inline void voting_say(struct voting_log *l, const struct record *r)
{
    const char *why = "";
    struct voting_record *to = &l->records[l->n++];
    int n = record_encode(r, to->at, sizeof to->at, &why);
    if (n < 0)
        fail_msg("not a record: %d %s", n, why);
    to->n = (size_t)n;
}

static inline struct record voting_record(enum kind kind, uint64_t act, const char *subject)
{
    struct record r = {
        .act = act, .kind = kind, .at = 1000, .entered = 1000, .how = HOW_DESK, .plan = 1};
    r.by = bytes_text("lan");
    r.subject = bytes_text(subject);
    return r;
}

// A tally that nothing is wrong with: `votes` for each candidate.
static inline struct record voting_tally(const struct plan *p, uint64_t act, const char *place,
                                         const char *contest, const unsigned *votes)
{
    struct record r = voting_record(KIND_TALLY, act, place);
    const struct plan_contest *k = &p->contests[plan_contest_of(p, bytes_text(contest))];
    unsigned sum = 0;
    r.contest = bytes_text(contest);
    r.blob[TALLY_DEFINITION] = bytes_of(k->definition, 8);
    for (unsigned i = 0; i < k->n_candidates; i++) {
        r.list[r.n_list++] = i + 1;
        r.list[r.n_list++] = votes[i];
        sum += votes[i];
    }
    record_set(&r, TALLY_VALID, sum);
    record_set(&r, TALLY_INVALID, 1);
    record_set(&r, TALLY_RETURNED, sum + 1);
    return r;
}

static const uint8_t voting_election[ELECTION_SIZE] = "an election 123";

// Each unit's key is of the first letter of its code.
static inline void voting_keys(const struct code *unit, uint8_t key[KEY_SIZE],
                               uint8_t secret[SECRET_SIZE])
{
    uint8_t from[SEED_SIZE] = {(uint8_t)unit->at[0]};
    key_pair(from, key, secret);
}

static inline void voting_admit(struct voting_log *about, uint64_t act, uint64_t incarnation)
{
    struct record r = voting_record(KIND_ADMIT, act, "");
    struct certificate c = {.unit = about->id.about, .incarnation = incarnation};
    uint8_t raw[CERTIFICATE_MAX], secret[SECRET_SIZE], voucher_secret[SECRET_SIZE];
    struct code voucher = code_of(bytes_text("v"));
    voting_keys(&c.unit, c.key, secret);
    voting_keys(&voucher, c.voucher, voucher_secret);
    r.subject = code_bytes(&about->id.about);
    r.number[ADMIT_INCARNATION] = incarnation;
    r.blob[ADMIT_CERTIFICATE] =
        bytes_of(raw, certificate_make(&c, voting_election, secret, voucher_secret, raw));
    voting_say(about, &r);
}

static inline struct fold *voting_fold(const struct plan *p, uint32_t entries)
{
    struct fold_limits l = {.logs = LOGS,
                            .entries = entries,
                            .refs = entries * 8 + 64,
                            .occurrences = entries,
                            .bytes = entries * 1200u + 2 * RECORD_MAX};
    struct fold *f = malloc(sizeof *f + 16 + fold_size(p, &l));
    assert_non_null(f);
    fold_init(f, (uint8_t *)f + ((sizeof *f + 15) & ~(size_t)15), p, &l);
    return f;
}

// Everything that a value can be read from.
static inline bool voting_same_cells(const struct fold *a, const struct fold *b)
{
    const struct plan *p = a->plan;
    size_t sums = (size_t)a->n_inner * p->n_kinds * sums_of(p) * sizeof *a->own;
    size_t contests = 0;
    for (uint32_t i = 0; i < p->n_contests; i++)
        contests += CONTEST_VOTES + p->contests[i].n_candidates;
    return memcmp(a->cells, b->cells, p->n_ballots * sizeof *a->cells) == 0 &&
           memcmp(a->turnouts, b->turnouts, p->n_ballots * p->n_cutoffs * sizeof *a->turnouts) ==
               0 &&
           memcmp(a->votes, b->votes, p->n_votes * sizeof *a->votes) == 0 &&
           memcmp(a->own, b->own, sums) == 0 &&
           memcmp(a->contest_sums, b->contest_sums, contests * sizeof *a->contest_sums) == 0;
}

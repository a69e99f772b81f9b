// test_told.c - sums told by a hub's summaries and proven by evidence: either counts, never both.
#include "voting.h"

enum { C1_LOG, C2_LOG, ABOUT_C1, ABOUT_C2, D_LOG, ABOUT_D, ALL_LOGS };

struct room {
    struct plan *plan, *slice; // the province's, and the district's slice of it
    struct voting *v;
    struct fold *district;
    unsigned done[ALL_LOGS]; // folded at the district
};

static struct voting_log *log_at(struct room *r, unsigned i)
{
    return &r->v->logs[i];
}

static void district_hears(struct room *r)
{
    for (uint32_t i = 0; i < ALL_LOGS; i++)
        for (struct voting_log *l = log_at(r, i); r->done[i] < l->n;) {
            const struct voting_record *at = &l->records[r->done[i]++];
            fold_apply(r->district, i, r->done[i], bytes_of(at->at, at->n));
            fold_held(r->district, i, r->done[i]);
        }
}

static int setup(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    r->plan = voting_plan();
    r->slice = voting_slice(r->plan, D_UNIT);
    r->v = calloc(1, sizeof *r->v);
    r->district = voting_fold(r->slice, 400);
    voting_add(r->v, "C1", "C1", STREAM_REPORTS, 11);
    voting_add(r->v, "C2", "C2", STREAM_REPORTS, 12);
    voting_add(r->v, "D", "C1", STREAM_ABOUT, 21);
    voting_add(r->v, "D", "C2", STREAM_ABOUT, 22);
    voting_add(r->v, "D", "D", STREAM_REPORTS, 41);
    voting_add(r->v, "R", "D", STREAM_ABOUT, 51);
    voting_admit(log_at(r, ABOUT_C1), 1001, 11);
    voting_admit(log_at(r, ABOUT_C2), 1002, 12);
    voting_admit(log_at(r, ABOUT_D), 1003, 41);
    for (uint32_t i = 0; i < ALL_LOGS; i++)
        fold_log(r->district, i, &r->v->logs[i].id);
    district_hears(r);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    struct room *r = *state;
    free(r->plan);
    free(r->slice);
    free(r->v);
    free(r->district);
    free(r);
    return 0;
}

static void cut_of(struct room *r, unsigned reports, unsigned about, struct cut *cut)
{
    const unsigned logs[2] = {reports, about};
    *cut = (struct cut){.n = 0};
    for (unsigned i = 0; i < 2; i++)
        if (log_at(r, logs[i])->n > 0)
            cut->at[cut->n++] =
                (struct have){.log = log_at(r, logs[i])->id, .n = log_at(r, logs[i])->n};
}

// The district sums up a commune in its own reports; plan_version 0: the plan's.
static void sum_up(struct room *r, unsigned reports, uint64_t act, const struct cut *cut)
{
    static uint8_t content[SUMMARY_MAX];
    struct packer p;
    struct cut now;
    const char *unit = reports == C1_LOG ? "C1" : "C2";
    struct record s = voting_record(KIND_SUMMARY, act, unit);
    district_hears(r);
    cut_of(r, reports, reports + 2, &now);
    pack_init(&p, content, sizeof content);
    summary_pack(r->district, plan_unit_of(r->slice, bytes_text(unit)), cut ? cut : &now, &p);
    s.blob[SUMMARY_CONTENT] = packed(&p);
    voting_say(log_at(r, D_LOG), &s);
    district_hears(r);
}

static void commune_says(struct room *r, unsigned reports, uint64_t act, uint64_t replaces)
{
    static const unsigned votes[3][4] = {{3, 4, 5, 0}, {1, 1, 1, 1}, {0, 0, 9, 2}};
    const char *place = reports == C1_LOG ? draw(2) ? "P1" : "P2" : draw(2) ? "P3" : "P4";
    const char *contest = draw(2) ? "Y" : draw(2) ? "W" : reports == C1_LOG ? "X" : "Z";
    struct record t = voting_tally(r->plan, act, place, contest, votes[draw(3)]);
    if (draw(5) == 0) {
        t = voting_record(KIND_INCIDENT, act, place);
        t.number[INCIDENT_SEVERITY] = 3;
        t.number[INCIDENT_STATE] = 1;
    }
    if (replaces)
        t.replaces[t.n_replaces++] = replaces;
    voting_say(log_at(r, reports), &t);
}

// What must stand in a contest by cells and summaries: told of a commune, or its places, never both.
static void contest_must_be(const struct fold *f, uint32_t contest, int64_t *sums)
{
    const struct plan *p = f->plan;
    static const uint32_t communes[2] = {C1_UNIT, C2_UNIT};
    unsigned n = CONTEST_VOTES + p->contests[contest].n_candidates, n_row;
    int64_t row[CONTEST_SUMS_MAX];
    struct record r;
    struct summary s;
    struct bytes name;
    const char *why;
    memset(sums, 0, CONTEST_SUMS_MAX * sizeof *sums);
    for (unsigned i = 0; i < 2; i++) {
        const struct fold_told *t = &f->told[f->inner[communes[i]]];
        bool told = t->used && p->contests[contest].unit < C1_UNIT;
        for (uint32_t b = 0; b < p->n_ballots && !told; b++)
            if (p->ballots[b].contest == contest &&
                plan_below(p, p->ballots[b].unit, communes[i])) {
                cell_contest_share(p, b, &f->cells[b], f->votes + p->ballots[b].first_vote, row);
                for (unsigned k = 0; k < n; k++)
                    sums[k] += row[k];
            }
        if (!told || record_decode(&r, fold_bytes(f, t->entry), &why) < 0 ||
            summary_decode(&s, r.blob[SUMMARY_CONTENT]) < 0)
            continue;
        for (unsigned c = 0;
             c < s.n_contests && summary_next(&s.contests, &name, row, CONTEST_SUMS_MAX, &n_row);
             c++)
            for (unsigned k = 0; k < n && bytes_same(name, p->contests[contest].code); k++)
                sums[k] += row[k];
    }
}

static void sums_hold(const struct fold *f)
{
    int64_t sums[CONTEST_SUMS_MAX];
    for (uint32_t c = 0; c < CONTESTS; c++) {
        contest_must_be(f, c, sums);
        assert_memory_equal(fold_contest(f, c), sums,
                            (CONTEST_VOTES + f->plan->contests[c].n_candidates) * sizeof *sums);
    }
    for (unsigned k = 0; k < 2; k++) {
        const int64_t *c1 = fold_sums(f, C1_UNIT, k), *c2 = fold_sums(f, C2_UNIT, k);
        for (unsigned i = 0; i < sums_of(f->plan); i++) {
            assert_int_equal(fold_sums(f, D_UNIT, k)[i], c1[i] + c2[i]);
            assert_int_equal(fold_sums(f, R_UNIT, k)[i], c1[i] + c2[i]);
        }
    }
}

// The province hears the logs in an order drawn at random; `logs`: bits of those it hears at all.
static struct fold *province(const struct room *r, unsigned logs, uint64_t order)
{
    unsigned next[ALL_LOGS] = {0}, left = 0;
    struct fold *f = voting_fold(r->plan, 400);
    seed = order;
    for (uint32_t i = 0; i < ALL_LOGS; i++) {
        fold_log(f, i, &r->v->logs[i].id);
        left += logs >> i & 1 ? r->v->logs[i].n : 0;
    }
    while (left > 0) {
        uint32_t i = draw(ALL_LOGS);
        const struct voting_log *l = &r->v->logs[i];
        for (unsigned run = 1 + draw(4); run > 0 && (logs >> i & 1) && next[i] < l->n;
             run--, left--) {
            const struct voting_record *at = &l->records[next[i]++];
            fold_apply(f, i, next[i], bytes_of(at->at, at->n));
        }
        fold_held(f, i, next[i]);
        sums_hold(f);
    }
    return f;
}

enum {
    EVIDENCE = 1 << C1_LOG | 1 << C2_LOG | 1 << ABOUT_C1 | 1 << ABOUT_C2,
    SUMMARIES = 1 << D_LOG | 1 << ABOUT_D
};

// Summaries before evidence, after it or between: at every moment each commune stands in each sum
// once, and in the end all is as the evidence alone says.
static void test_told_then_proven(void **state)
{
    struct room *r = *state;
    for (unsigned world = 1; world < 60; world++) {
        teardown(state);
        setup(state);
        r = *state;
        seed = world;
        for (uint64_t act = 1; act < 40; act++) {
            commune_says(r, draw(2) ? C1_LOG : C2_LOG, act,
                         draw(3) && act > 2 ? 1 + draw((uint32_t)act - 1) : 0);
            if (draw(4) == 0)
                sum_up(r, draw(2) ? C1_LOG : C2_LOG, 2000 + act, NULL);
        }
        struct fold *proven = province(r, EVIDENCE, world),
                    *both = province(r, EVIDENCE | SUMMARIES, world + 1);
        struct fold *later = province(r, EVIDENCE | SUMMARIES, world + 2);
        assert_true(voting_same_cells(proven, both) && voting_same_cells(proven, later));
        free(proven);
        free(both);
        free(later);
    }
}

// Told alone, a total is the district's own; only results inside a commune wait for the evidence.
static void test_told_alone(void **state)
{
    struct room *r = *state;
    seed = 5;
    for (uint64_t act = 1; act < 30; act++)
        commune_says(r, act % 2 ? C1_LOG : C2_LOG, act, 0);
    sum_up(r, C1_LOG, 2001, NULL);
    sum_up(r, C2_LOG, 2002, NULL);
    struct fold *told = province(r, SUMMARIES, 1), *proven = province(r, EVIDENCE, 1);
    for (unsigned k = 0; k < 2; k++)
        assert_memory_equal(fold_sums(told, R_UNIT, k), fold_sums(proven, R_UNIT, k),
                            sums_of(r->plan) * sizeof(int64_t));
    for (uint32_t c = Y_CONTEST; c <= W_CONTEST; c++)
        assert_memory_equal(fold_contest(told, c), fold_contest(proven, c),
                            (CONTEST_VOTES + r->plan->contests[c].n_candidates) * sizeof(int64_t));
    assert_int_equal(fold_contest(told, X_CONTEST)[CONTEST_TALLIED], 0);
    free(told);
    free(proven);
}

// What the province says of the district is the sum of the newest summaries of its communes.
static void test_summary_of_summaries(void **state)
{
    static uint8_t content[2][SUMMARY_MAX];
    struct room *r = *state;
    struct cut cut = {.n = 0};
    struct packer p[2];
    seed = 6;
    for (uint64_t act = 1; act < 30; act++)
        commune_says(r, act % 2 ? C1_LOG : C2_LOG, act, 0);
    sum_up(r, C1_LOG, 2001, NULL);
    sum_up(r, C2_LOG, 2002, NULL);
    struct fold *told = province(r, SUMMARIES, 1), *proven = province(r, EVIDENCE, 1);
    pack_init(&p[0], content[0], SUMMARY_MAX);
    pack_init(&p[1], content[1], SUMMARY_MAX);
    summary_pack(told, D_UNIT, &cut, &p[0]);
    summary_pack(proven, D_UNIT, &cut, &p[1]);
    assert_true(p[0].n > 0 && bytes_same(packed(&p[0]), packed(&p[1])));
    free(told);
    free(proven);
}

static const struct fold_told *told_of(const struct fold *f, uint32_t unit)
{
    return &f->told[f->inner[unit]];
}

// At its cut a summary is compared with the evidence: equal, or the evidence counts and it is said.
static void test_compared_at_the_cut(void **state)
{
    struct room *r = *state;
    seed = 7;
    commune_says(r, C1_LOG, 1, 0);
    sum_up(r, C1_LOG, 2001, NULL);
    struct fold *f = province(r, EVIDENCE | SUMMARIES, 3);
    assert_true(told_of(f, C1_UNIT)->compared && !told_of(f, C1_UNIT)->unequal);
    free(f);
    struct cut cut;
    commune_says(r, C1_LOG, 2, 0);
    cut_of(r, C1_LOG, ABOUT_C1, &cut);
    cut.at[0].n--; // a district that says more than the records of its cut
    sum_up(r, C1_LOG, 2002, &cut);
    log_at(r, C1_LOG)->n--;
    f = province(r, EVIDENCE | SUMMARIES, 3);
    assert_true(told_of(f, C1_UNIT)->compared && told_of(f, C1_UNIT)->unequal);
    assert_false(told_of(f, C1_UNIT)->used);
    free(f);
}

// What stands above a unit that is only told is no evidence: no hub is held against it.
static void test_only_told_is_no_evidence(void **state)
{
    struct room *r = *state;
    seed = 7;
    commune_says(r, C1_LOG, 1, 0);
    sum_up(r, C1_LOG, 2001, NULL);
    struct fold *told = province(r, SUMMARIES, 1), *proven = province(r, EVIDENCE | SUMMARIES, 1);
    assert_true(sums_only_told(told, C1_UNIT) && sums_only_told(told, D_UNIT));
    assert_false(sums_only_told(told, C2_UNIT));
    assert_false(sums_only_told(proven, D_UNIT));
    free(told);
    free(proven);
}

// A summary whose cut is behind in any log replaces nothing.
static void test_behind_replaces_nothing(void **state)
{
    struct room *r = *state;
    struct cut cut;
    seed = 8;
    commune_says(r, C1_LOG, 1, 0);
    sum_up(r, C1_LOG, 2001, NULL);
    cut_of(r, C1_LOG, ABOUT_C1, &cut);
    cut.at[1].n++;
    cut.at[0].n = 0;
    sum_up(r, C1_LOG, 2002, &cut);
    struct fold *f = province(r, SUMMARIES, 1);
    assert_int_equal(f->names[f->entries[told_of(f, C1_UNIT)->entry].name].act, 2001);
    free(f);
}

// When a hub's log is retired, what it told beyond the line counts no more, in either order.
static void test_retired_summaries(void **state)
{
    struct room *r = *state;
    struct record retire = voting_record(KIND_RETIRE, 1100, "D");
    seed = 9;
    commune_says(r, C1_LOG, 1, 0);
    sum_up(r, C1_LOG, 2001, NULL);
    struct fold *before = province(r, SUMMARIES, 1);
    commune_says(r, C1_LOG, 2, 0);
    sum_up(r, C1_LOG, 2002, NULL);
    retire.number[RETIRE_INCARNATION] = 41;
    retire.number[RETIRE_N] = 1;
    voting_say(log_at(r, ABOUT_D), &retire);
    for (uint64_t order = 1; order < 12; order++) {
        struct fold *f = province(r, SUMMARIES, order);
        assert_true(told_of(f, C1_UNIT)->used);
        assert_true(voting_same_cells(f, before));
        free(f);
    }
    retire.act = 1101;
    retire.number[RETIRE_N] = 0;
    voting_say(log_at(r, ABOUT_D), &retire);
    for (uint64_t order = 1; order < 12; order++) {
        struct fold *f = province(r, SUMMARIES, order);
        assert_int_equal(told_of(f, C1_UNIT)->entry, ENTRY_NONE);
        assert_int_equal(fold_sums(f, R_UNIT, 1)[SUM_TALLIED], 0);
        free(f);
    }
    free(before);
}

// Only a unit's parent in the current plan sums it up.
static void test_only_the_parent_sums_up(void **state)
{
    struct room *r = *state;
    seed = 10;
    commune_says(r, C1_LOG, 1, 0);
    sum_up(r, C1_LOG, 2001, NULL);
    struct voting_log *l = log_at(r, C2_LOG);
    l->records[l->n++] = log_at(r, D_LOG)->records[0];
    struct fold *f = province(r, 1 << C2_LOG | 1 << ABOUT_C2, 1);
    assert_int_equal(told_of(f, C1_UNIT)->entry, ENTRY_NONE);
    free(f);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_told_then_proven),         TEST(test_told_alone),
        TEST(test_summary_of_summaries),     TEST(test_compared_at_the_cut),
        TEST(test_only_told_is_no_evidence), TEST(test_behind_replaces_nothing),
        TEST(test_retired_summaries),        TEST(test_only_the_parent_sums_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

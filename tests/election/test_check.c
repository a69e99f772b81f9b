// test_check.c - the rules F1-F10 over one statement: what fails them, what does not, what is not stated.
#include "common/election/check.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct {
    struct plan plan;
    struct plan_contest contest;
    struct plan_ballot ballot;
    struct plan_candidate people[3];
    struct record r;
    struct finding findings[FINDINGS_MAX];
} v;

static void form(unsigned kind, uint32_t voters, unsigned seats)
{
    memset(&v, 0, sizeof v);
    v.contest = (struct plan_contest){.seats = seats, .n_candidates = 3, .definition = "abcdefg"};
    v.ballot = (struct plan_ballot){.voters = voters};
    for (unsigned i = 0; i < 3; i++)
        v.people[i].number = i + 1;
    v.plan.contests = &v.contest;
    v.plan.ballots = &v.ballot;
    v.plan.candidates = v.people;
    v.plan.n_profiles = v.plan.n_contests = v.plan.n_ballots = 1;
    v.plan.n_candidates = 3;
    v.plan.n_cutoffs = 2;
    v.r.kind = kind;
    if (kind == KIND_TALLY)
        v.r.blob[TALLY_DEFINITION] = bytes_of(v.contest.definition, 8);
}

static void state(enum tally_number n, uint64_t value)
{
    record_set(&v.r, TALLY_ELIGIBLE + n, value);
}

static void votes(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t list[] = {1, a, 2, b, 3, c};
    v.r.n_list = 6;
    memcpy(v.r.list, list, sizeof list);
}

static uint32_t judged(void)
{
    return check_statement(&v.plan, 0, &v.r, v.findings);
}

// A whole account of the ballots in which all fits fails nothing.
static void test_a_good_tally(void **s)
{
    (void)s;
    form(KIND_TALLY, 361, 1);
    state(N_ELIGIBLE, 361);
    state(N_ATTENDED, 314);
    state(N_PRINTED, 370);
    state(N_ISSUED, 316);
    state(N_SPOILED, 2);
    state(N_UNUSED, 54);
    state(N_RETURNED, 314);
    state(N_VALID, 308);
    state(N_INVALID, 6);
    votes(159, 149, 0);
    assert_int_equal(judged(), 0);
}

// F1: more took part than there are voters, by the list of the plan or by the paper; so for a turnout.
static void test_F1(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    state(N_ATTENDED, 101);
    assert_int_equal(judged(), REASON_F1);
    assert_int_equal(v.findings[0].left, 101);
    assert_int_equal(v.findings[0].right, 100);
    form(KIND_TALLY, VOTERS_UNKNOWN, 1);
    state(N_RETURNED, 66);
    state(N_ELIGIBLE, 64);
    assert_int_equal(judged(), REASON_F1);
    form(KIND_TALLY, VOTERS_UNKNOWN, 1);
    state(N_RETURNED, 66);
    assert_int_equal(judged(), 0); // nothing says how many voters there are
    form(KIND_TURNOUT, 100, 1);
    record_set(&v.r, TURNOUT_CUTOFF, 1);
    record_set(&v.r, TURNOUT_VOTED, 101);
    assert_int_equal(judged(), REASON_F1);
    record_set(&v.r, TURNOUT_VOTED, 100);
    assert_int_equal(judged(), 0);
}

// F2: more ballots used than people came.
static void test_F2(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    state(N_ATTENDED, 50);
    state(N_ISSUED, 52);
    state(N_SPOILED, 1);
    assert_int_equal(judged(), REASON_F2);
    state(N_SPOILED, 2);
    assert_int_equal(judged(), 0);
}

// F3: more ballots in the box than were issued. F4: fewer, which is shown and holds nothing back.
static void test_F3_F4(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    state(N_ISSUED, 50);
    state(N_RETURNED, 51);
    assert_int_equal(judged(), REASON_F3);
    state(N_RETURNED, 48);
    assert_int_equal(judged(), REASON_F4);
    assert_int_equal(judged() & ~(uint32_t)REASONS_WARNING, 0);
}

// F5: valid and invalid are not those returned.
static void test_F5(void **s)
{
    (void)s;
    form(KIND_TALLY, 400, 1);
    state(N_RETURNED, 314);
    state(N_VALID, 308);
    state(N_INVALID, 5);
    assert_int_equal(judged(), REASON_F5);
    state(N_INVALID, 6);
    assert_int_equal(judged(), 0);
}

// F6: single choice, more votes than valid ballots; T5's 540 votes of 500 voters.
static void test_F6(void **s)
{
    (void)s;
    form(KIND_TALLY, 600, 1);
    state(N_ATTENDED, 500);
    votes(280, 260, 0);
    assert_int_equal(judged(), REASON_F6);
    votes(240, 260, 0);
    assert_int_equal(judged(), 0);
}

// F7: several choices, more than `seats` names for each valid ballot, or one name on more than all.
static void test_F7(void **s)
{
    (void)s;
    form(KIND_TALLY, 600, 2);
    state(N_VALID, 100);
    votes(100, 100, 0);
    assert_int_equal(judged(), 0);
    votes(100, 100, 1);
    assert_int_equal(judged(), REASON_F7);
    votes(101, 0, 0);
    assert_int_equal(judged(), REASON_F7);
}

// F8: printed is not issued and unused: a word for people, no more.
static void test_F8(void **s)
{
    (void)s;
    form(KIND_TALLY, 600, 1);
    state(N_PRINTED, 100);
    state(N_ISSUED, 60);
    state(N_UNUSED, 39);
    assert_int_equal(judged(), REASON_F8);
}

// F10: voters on the paper are not those of the frozen list.
static void test_F10(void **s)
{
    (void)s;
    form(KIND_TALLY, 361, 1);
    state(N_ELIGIBLE, 360);
    assert_int_equal(judged(), REASON_F10);
}

// Votes for nobody of this contest, a paper for another ballot, a cut-off that is none, nothing at all:
// these no release makes right, but for the other ballot.
static void test_what_can_count_for_nothing(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    v.r.list[0] = 9;
    v.r.list[1] = 1;
    v.r.n_list = 2;
    assert_int_equal(judged(), REASON_CANDIDATE);
    form(KIND_TALLY, 100, 1);
    votes(1, 2, 3);
    v.r.blob[TALLY_DEFINITION] = bytes_of("another", 8);
    assert_int_equal(judged(), REASON_DEFINITION);
    form(KIND_TALLY, 100, 1);
    assert_int_equal(judged(), REASON_NOTHING);
    form(KIND_TURNOUT, 100, 1);
    record_set(&v.r, TURNOUT_CUTOFF, 3);
    assert_int_equal(judged(), REASON_CUTOFF);
    assert_int_equal(REASONS_FINAL & REASON_DEFINITION, 0);
    assert_int_not_equal(REASONS_FINAL & REASON_CANDIDATE, 0);
}

// All that fails is found at once, and every reason has a name that its sentence is found by.
static void test_all_at_once(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    state(N_ATTENDED, 120);
    state(N_RETURNED, 120);
    state(N_VALID, 100);
    state(N_INVALID, 10);
    votes(90, 20, 0);
    assert_int_equal(judged(), REASON_F1 | REASON_F5 | REASON_F6);
    for (unsigned i = 0; i < 3; i++)
        assert_string_not_equal(reason_name(v.findings[i].reason), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_tally), cmocka_unit_test(test_F1),
        cmocka_unit_test(test_F2),           cmocka_unit_test(test_F3_F4),
        cmocka_unit_test(test_F5),           cmocka_unit_test(test_F6),
        cmocka_unit_test(test_F7),           cmocka_unit_test(test_F8),
        cmocka_unit_test(test_F10),          cmocka_unit_test(test_what_can_count_for_nothing),
        cmocka_unit_test(test_all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

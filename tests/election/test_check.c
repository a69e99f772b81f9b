// test_check.c - the rules F1-F12 over one statement: what fails them, what does not, what is not stated.
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

static uint32_t judged_by(bool by_parent)
{
    struct findings found = {.at = v.findings};
    check_statement(&v.plan, 0, &v.r, by_parent, &found);
    return found.reasons;
}

static uint32_t judged(void)
{
    return judged_by(false);
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

// F1: more took part than the paper says there are voters; so for a turnout, and for excuses of a Party cell.
static void test_F1(void **s)
{
    (void)s;
    form(KIND_TALLY, VOTERS_UNKNOWN, 1);
    state(N_ELIGIBLE, 100);
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
    record_set(&v.r, TURNOUT_ELIGIBLE, 100);
    record_set(&v.r, TURNOUT_VOTED, 101);
    assert_int_equal(judged(), REASON_F1);
    record_set(&v.r, TURNOUT_VOTED, 100);
    assert_int_equal(judged(), 0);
    form(KIND_TALLY, VOTERS_UNKNOWN, 1);
    state(N_SUMMONED, 20);
    state(N_ELSEWHERE, 15);
    state(N_ABSENT, 6);
    assert_int_equal(judged(), REASON_F1);
}

// F2: more ballots used than people came. Fewer is shown, and holds nothing back.
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
    state(N_SPOILED, 4);
    assert_int_equal(judged(), REASON_F2_LESS);
    assert_int_equal(judged() & ~REASONS_WARNING, 0);
}

// F3: more ballots in the box than were issued.
static void test_F3(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    state(N_ISSUED, 50);
    state(N_RETURNED, 51);
    assert_int_equal(judged(), REASON_F3);
    state(N_RETURNED, 50);
    assert_int_equal(judged(), 0);
}

// F4: fewer, taken away by voters: it is shown, and holds nothing back.
static void test_F4(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    state(N_ISSUED, 50);
    state(N_RETURNED, 48);
    assert_int_equal(judged(), REASON_F4);
    assert_int_equal(judged() & ~REASONS_WARNING, 0);
    assert_int_equal(v.findings[0].left, 48);
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
    state(N_VALID, 501); // one valid ballot without a name
    assert_int_equal(judged(), REASON_F6_LESS);
    v.plan.profiles[0].blank_valid = 1;
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
    assert_int_equal(judged() & ~REASONS_WARNING, REASON_F7);
    votes(60, 40, 0);
    v.r.list[v.r.n_list++] = (uint64_t)COLUMN_AGAINST << 32 | 1; // for and against on one ballot
    v.r.list[v.r.n_list++] = 41;
    assert_int_equal(judged(), REASON_F7);
    v.r.list[v.r.n_list - 1] = 40;
    assert_int_equal(judged(), 0);
    v.r.n_list = 2; // votes against somebody for whom none are stated
    v.r.list[v.r.n_list++] = (uint64_t)COLUMN_AGAINST << 32 | 3;
    v.r.list[v.r.n_list++] = 100;
    assert_int_equal(judged() & ~REASONS_WARNING, 0);
    v.r.list[v.r.n_list - 1] = 101;
    assert_int_equal(judged() & ~REASONS_WARNING, REASON_F7);
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

// F9: a show of hands has no ballots, and no more hands than people.
static void test_F9(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    v.ballot.method = SHOW_OF_HANDS;
    state(N_ATTENDED, 60);
    votes(40, 20, 0);
    assert_int_equal(judged(), 0);
    state(N_VALID, 60);
    assert_int_equal(judged(), REASON_F9);
    form(KIND_TALLY, 100, 1);
    v.ballot.method = SHOW_OF_HANDS;
    state(N_ATTENDED, 60);
    votes(41, 20, 0);
    assert_int_equal(judged() & REASON_F9, REASON_F9);
}

static void written(uint64_t candidate, uint64_t hundredths)
{
    v.r.list[v.r.n_list++] = (uint64_t)COLUMN_WRITTEN << 32 | candidate;
    v.r.list[v.r.n_list++] = hundredths;
}

// F12: a percentage on the paper that its numbers do not give; one hundredth is rounding.
static void test_F12(void **s)
{
    (void)s;
    form(KIND_TALLY, 361, 1);
    votes(159, 149, 0);
    written(1, 4404);
    written(2, 4127);
    assert_int_equal(judged(), 0);
    v.r.list[7] = 4405;
    assert_int_equal(judged(), 0);
    v.r.list[7] = 4406;
    assert_int_equal(judged(), REASON_F12);
    assert_int_equal(v.findings[0].left, 4406);
    assert_int_equal(v.findings[0].right, 4404);
    form(KIND_TALLY, VOTERS_UNKNOWN, 1); // of returned ballots, and of members less those excused
    v.plan.profiles[0].base = BASE_RETURNED;
    votes(30, 10, 0);
    written(1, 7500);
    state(N_RETURNED, 40);
    assert_int_equal(judged(), 0);
    v.plan.profiles[0].base = BASE_SUMMONED;
    assert_int_equal(judged(), 0); // nothing says of how many
    state(N_SUMMONED, 62);
    state(N_EXEMPT, 2);
    assert_int_equal(judged(), REASON_F12); // 30 of 60
}

// As written and as computed: a total on the paper that is not the sum is shown.
static void test_the_total_as_written(void **s)
{
    (void)s;
    form(KIND_TALLY, 361, 1);
    votes(159, 149, 0);
    state(N_TOTAL, 308);
    assert_int_equal(judged(), 0);
    state(N_TOTAL, 380);
    assert_int_equal(judged(), REASON_TOTAL);
    assert_int_equal(judged() & ~REASONS_WARNING, 0);
}

// Shown for people to look at: all votes for one of several, a time after the entry, everybody there
// and yet ballots missing.
static void test_what_is_only_shown(void **s)
{
    (void)s;
    form(KIND_TALLY, 100, 1);
    votes(90, 0, 0);
    assert_int_equal(judged(), REASON_ALL_ONE);
    form(KIND_TURNOUT, 100, 1);
    record_set(&v.r, TURNOUT_CUTOFF, 1);
    v.r.entered = 1000000;
    v.r.at = v.r.entered + FUTURE_MS;
    assert_int_equal(judged(), 0);
    v.r.at++;
    assert_int_equal(judged(), REASON_FUTURE);
    form(KIND_TALLY, 100, 1);
    state(N_ELIGIBLE, 100);
    state(N_ATTENDED, 100);
    state(N_ISSUED, 100);
    state(N_RETURNED, 99);
    assert_int_equal(judged(), REASON_F4 | REASON_FULL);
    assert_int_equal(judged() & ~REASONS_WARNING, 0);
}

// A decision is made by whom the rule profile names, with number, date and signatory; who has no machine
// is spoken for. That recognition is put off may come before its paper.
static void test_decisions(void **s)
{
    (void)s;
    form(KIND_DECISION, 100, 1);
    record_set(&v.r, DECISION_WHAT, DECISION_RECOGNISED);
    assert_int_equal(judged(), REASON_DECISION);
    v.r.blob[DECISION_NUMBER] = bytes_text("12/QD-UBND");
    v.r.blob[DECISION_SIGNATORY] = bytes_text("Nguyen Van A");
    record_set(&v.r, DECISION_DATE, 1);
    assert_int_equal(judged(), 0);
    assert_int_equal(judged_by(true), REASON_DECIDES);
    v.r.behalf = bytes_text("UBND xa");
    assert_int_equal(judged_by(true), 0);
    v.plan.profiles[0].decides = DECIDES_SUPERIOR;
    assert_int_equal(judged(), 0); // said by the unit, with the document of the superior
    v.r.behalf = bytes_text("");
    assert_int_equal(judged(), REASON_DECIDES);
    assert_int_equal(judged_by(true), 0);
    form(KIND_DECISION, 100, 1);
    record_set(&v.r, DECISION_WHAT, DECISION_ON_HOLD);
    v.r.blob[DECISION_SIGNATORY] = bytes_text("Nguyen Van A");
    assert_int_equal(judged(), 0);
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
    assert_int_equal(judged() & ~REASONS_WARNING, REASON_CANDIDATE);
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
    state(N_ELIGIBLE, 100);
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
        cmocka_unit_test(test_a_good_tally),
        cmocka_unit_test(test_F1),
        cmocka_unit_test(test_F2),
        cmocka_unit_test(test_F3),
        cmocka_unit_test(test_F4),
        cmocka_unit_test(test_F5),
        cmocka_unit_test(test_F6),
        cmocka_unit_test(test_F7),
        cmocka_unit_test(test_F8),
        cmocka_unit_test(test_F9),
        cmocka_unit_test(test_F12),
        cmocka_unit_test(test_the_total_as_written),
        cmocka_unit_test(test_what_is_only_shown),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_what_can_count_for_nothing),
        cmocka_unit_test(test_all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

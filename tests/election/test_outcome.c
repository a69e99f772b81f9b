// test_outcome.c - who is elected: the real cases of the rules, ties, several seats, and what is not known.
#include "common/election/outcome.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { PEOPLE = 6 };
static struct {
    struct plan plan;
    struct plan_unit units[2];
    struct plan_contest contest;
    struct plan_ballot ballot;
    struct plan_candidate people[PEOPLE];
    struct fold fold;
    struct cell cell;
    uint32_t at;
    int64_t sums[CONTEST_VOTES + PEOPLE];
} v;

// One village, one contest: voters on the list, seats, and a profile.
static void village(uint32_t voters, unsigned seats, unsigned rule, unsigned people)
{
    memset(&v, 0, sizeof v);
    v.plan.units = v.units;
    v.plan.n_units = 2;
    v.units[0] = (struct plan_unit){.parent = PLAN_NONE, .size = 2, .n_ballots = 1};
    v.units[1] = (struct plan_unit){.size = 1, .place = true, .n_ballots = 1};
    v.contest = (struct plan_contest){.seats = seats, .places_in_all = 1, .n_candidates = people};
    v.plan.contests = &v.contest;
    v.ballot = (struct plan_ballot){.unit = 1, .voters = voters};
    v.plan.ballots = &v.ballot;
    v.plan.n_contests = v.plan.n_ballots = v.plan.n_profiles = 1;
    if (rule == RULE_MAJORITY)
        v.plan.profiles[0] = (struct plan_profile){
            .rule = RULE_MAJORITY, .quorum = {1, 2, 1}, .need = {1, 2, 1}, .base = BASE_ELIGIBLE};
    else
        v.plan.profiles[0] = (struct plan_profile){.rule = rule, .base = BASE_VALID};
    v.cell.voters = voters;
    v.fold = (struct fold){
        .plan = &v.plan, .cells = &v.cell, .contest_sums = v.sums, .contest_at = &v.at};
    v.sums[CONTEST_TALLIED] = 1;
}

static void state(enum tally_number n, int64_t value)
{
    v.sums[CONTEST_TALLY + 2 * n] = value;
    v.sums[CONTEST_TALLY + 2 * n + 1] = 1;
}

static struct outcome_of found(const unsigned *votes)
{
    struct outcome_of out;
    for (unsigned i = 0; i < v.contest.n_candidates; i++)
        v.sums[CONTEST_VOTES + i] = votes[i];
    outcome_find(&v.fold, 0, &out);
    return out;
}

// T1: 216 of 310 came, 110 votes: quorum, but not more than half of all voters.
static void test_T1(void **s)
{
    (void)s;
    village(310, 1, RULE_MAJORITY, 1);
    state(N_ATTENDED, 216);
    struct outcome_of out = found((unsigned[]){110});
    assert_true(out.quorum);
    assert_int_equal(out.need, 156);
    assert_int_equal(out.outcome, OUTCOME_NOT_ELECTED);
}

// T2: 159 of 308 valid votes are more than half of them, and not of the 361 voters.
static void test_T2(void **s)
{
    (void)s;
    village(361, 1, RULE_MAJORITY, 2);
    state(N_ATTENDED, 314);
    struct outcome_of out = found((unsigned[]){159, 149});
    assert_int_equal(out.need, 181);
    assert_int_equal(out.outcome, OUTCOME_NOT_ELECTED);
}

// T3: 300 of 400 are a quorum.
static void test_T3(void **s)
{
    (void)s;
    village(400, 1, RULE_MAJORITY, 1);
    state(N_ATTENDED, 300);
    assert_true(found((unsigned[]){0}).quorum);
}

// T4: 46 of 90 (or of 91) is more than half.
static void test_T4(void **s)
{
    (void)s;
    for (uint32_t voters = 90; voters <= 91; voters++) {
        village(voters, 1, RULE_MAJORITY, 2);
        state(N_ATTENDED, 74);
        struct outcome_of out = found((unsigned[]){46, 22});
        assert_int_equal(out.need, 46);
        assert_int_equal(out.outcome, OUTCOME_ELECTED);
        assert_int_equal(out.mark[0], 1);
    }
}

// T5: 280 of 600 is not.
static void test_T5(void **s)
{
    (void)s;
    village(600, 1, RULE_MAJORITY, 2);
    state(N_ATTENDED, 500);
    struct outcome_of out = found((unsigned[]){280, 260});
    assert_int_equal(out.need, 301);
    assert_int_equal(out.outcome, OUTCOME_NOT_ELECTED);
}

// T6: 10,001 of 20,001 shows as 50,00 % and is elected: no rounded percentage decides.
static void test_T6(void **s)
{
    (void)s;
    village(20001, 1, RULE_MAJORITY, 1);
    state(N_ATTENDED, 15000);
    assert_int_equal(found((unsigned[]){10001}).outcome, OUTCOME_ELECTED);
}

// T7: exactly half is not more than half.
static void test_T7(void **s)
{
    (void)s;
    village(200, 1, RULE_MAJORITY, 1);
    state(N_ATTENDED, 200);
    assert_int_equal(found((unsigned[]){100}).outcome, OUTCOME_NOT_ELECTED);
}

// T8: 180 of 361 are no quorum, whatever the votes.
static void test_T8(void **s)
{
    (void)s;
    village(361, 1, RULE_MAJORITY, 1);
    state(N_ATTENDED, 180);
    struct outcome_of out = found((unsigned[]){180});
    assert_true(out.quorum_known);
    assert_false(out.quorum);
    assert_int_equal(out.need, 181);
    assert_int_equal(out.outcome, OUTCOME_NO_QUORUM);
}

// By most votes: equal votes for the only seat are a tie, and nobody is elected.
static void test_a_tie_is_undecided(void **s)
{
    (void)s;
    village(VOTERS_UNKNOWN, 1, RULE_PLURALITY, 3);
    struct outcome_of out = found((unsigned[]){297, 297, 3});
    assert_int_equal(out.outcome, OUTCOME_TIE);
    assert_int_equal(out.mark[0], 2);
    assert_int_equal(out.mark[1], 2);
    assert_int_equal(out.mark[2], 0);
}

// Several seats: those clearly in are elected, those equal for the last seat are tied.
static void test_a_tie_for_the_last_seat(void **s)
{
    (void)s;
    village(VOTERS_UNKNOWN, 3, RULE_PLURALITY, 5);
    struct outcome_of out = found((unsigned[]){500, 302, 302, 400, 100});
    assert_int_equal(out.mark[0], 1);
    assert_int_equal(out.mark[3], 1);
    assert_int_equal(out.mark[1], 2);
    assert_int_equal(out.mark[2], 2);
    assert_int_equal(out.mark[4], 0);
    out = found((unsigned[]){500, 302, 301, 400, 100});
    assert_int_equal(out.mark[1], 1);
    assert_int_equal(out.mark[2], 0);
    assert_int_equal(out.outcome, OUTCOME_ELECTED);
}

// No more candidates than seats: all are elected, equal votes or not.
static void test_a_seat_for_everybody(void **s)
{
    (void)s;
    village(VOTERS_UNKNOWN, 2, RULE_PLURALITY, 2);
    struct outcome_of out = found((unsigned[]){10, 10});
    assert_int_equal(out.mark[0], 1);
    assert_int_equal(out.mark[1], 1);
}

// While a place is missing, here or in another slice, nothing is declared.
static void test_nothing_while_places_are_missing(void **s)
{
    (void)s;
    village(100, 1, RULE_PLURALITY, 2);
    v.contest.places_in_all = 2;
    struct outcome_of out = found((unsigned[]){90, 1});
    assert_int_equal(out.outcome, OUTCOME_OPEN);
    assert_int_equal(out.mark[0], 0);
}

// A need that is a part of the voters is not known where they are not.
static void test_unknown_voters_decide_nothing(void **s)
{
    (void)s;
    village(VOTERS_UNKNOWN, 1, RULE_MAJORITY, 1);
    state(N_ATTENDED, 100);
    struct outcome_of out = found((unsigned[]){100});
    assert_int_equal(out.outcome, OUTCOME_OPEN);
    assert_false(out.quorum_known);
    assert_int_equal(out.need, 0);
}

// Too few valid ballots for anybody to reach the need: known before the names are counted.
static void test_nobody_possible(void **s)
{
    (void)s;
    village(310, 1, RULE_MAJORITY, 2);
    state(N_ATTENDED, 216);
    state(N_VALID, 155);
    assert_true(found((unsigned[]){100, 55}).hopeless);
    state(N_VALID, 156);
    assert_false(found((unsigned[]){100, 55}).hopeless);
}

// A list that grew on the day is the base that counts (T4: 90 listed, 91 real).
static void test_base_is_the_list_with_its_changes(void **s)
{
    (void)s;
    village(90, 1, RULE_MAJORITY, 2);
    state(N_ATTENDED, 74);
    assert_int_equal(found((unsigned[]){46, 22}).base, 90);
    v.cell.voters = 92;
    assert_int_equal(found((unsigned[]){46, 22}).need, 47);
    assert_int_equal(found((unsigned[]){46, 22}).outcome, OUTCOME_NOT_ELECTED);
}

static void confidence(int64_t returned)
{
    village(400, 0, RULE_CONFIDENCE, 3);
    v.plan.profiles[0].base = BASE_RETURNED;
    v.plan.profiles[0].low = (struct part){1, 2, 1};
    v.plan.profiles[0].lowest = (struct part){2, 3, 0};
    state(N_RETURNED, returned);
}

// Confidence (QD 96): parts of the ballots returned, not of those valid; low is more than half,
// lowest is two thirds or more.
static void test_levels_of_confidence(void **s)
{
    (void)s;
    confidence(300);
    struct outcome_of out = found((unsigned[]){100, 40, 150});
    assert_int_equal(out.base, 300);
    assert_int_equal(out.outcome, OUTCOME_CONFIDENCE); // exactly half is not more than half
    assert_int_equal(found((unsigned[]){100, 39, 151}).outcome, OUTCOME_LOW);
    assert_int_equal(found((unsigned[]){60, 40, 199}).outcome, OUTCOME_LOW);
    assert_int_equal(found((unsigned[]){60, 40, 200}).outcome, OUTCOME_LOWEST); // just two thirds
    assert_int_equal(found((unsigned[]){60, 40, 200}).mark[0], 0); // nobody is elected by it
}

static void cell_congress(unsigned seats, unsigned people, int64_t summoned)
{
    village(VOTERS_UNKNOWN, seats, RULE_MAJORITY, people);
    v.plan.profiles[0].quorum = (struct part){0};
    v.plan.profiles[0].base = BASE_SUMMONED;
    state(N_SUMMONED, summoned);
}

// Party cell (QD 244, 190): more than half of the official members summoned less those excused, by
// the votes for, however many ballots were valid.
static void test_base_of_a_party_cell(void **s)
{
    (void)s;
    cell_congress(1, 2, 30);
    assert_int_equal(found((unsigned[]){15, 10}).need, 16);
    assert_int_equal(found((unsigned[]){15, 10}).outcome, OUTCOME_NOT_ELECTED);
    state(N_ELSEWHERE, 2); // introduced to temporary activity elsewhere
    state(N_EXEMPT, 1);
    assert_int_equal(found((unsigned[]){15, 10}).base, 27);
    assert_int_equal(found((unsigned[]){14, 10}).outcome, OUTCOME_ELECTED);
    state(N_SUSPENDED, 1);
    state(N_ABSENT, 30); // more excused than summoned: no base is known
    assert_int_equal(found((unsigned[]){14, 10}).outcome, OUTCOME_OPEN);
}

// A committee of several seats: most votes first among those with the need; a tie at the end of the
// list is voted on again; too few winners leave seats open.
static void test_a_committee(void **s)
{
    (void)s;
    cell_congress(3, 4, 30);
    struct outcome_of out = found((unsigned[]){28, 25, 17, 16});
    assert_int_equal(out.outcome, OUTCOME_ELECTED);
    assert_int_equal(out.mark[2], 1);
    assert_int_equal(out.mark[3], 0); // has the need, and no seat
    out = found((unsigned[]){28, 25, 17, 17});
    assert_int_equal(out.outcome, OUTCOME_TIE);
    assert_int_equal(out.mark[2], 2);
    out = found((unsigned[]){28, 25, 15, 14});
    assert_int_equal(out.outcome, OUTCOME_PARTLY);
    assert_int_equal(out.mark[1], 1);
}

// A quorum of another base: of members summoned.
static void test_quorum_of_another_base(void **s)
{
    (void)s;
    cell_congress(1, 1, 30);
    v.plan.profiles[0].quorum = (struct part){2, 3, 0};
    v.plan.profiles[0].quorum_base = BASE_SUMMONED;
    state(N_ATTENDED, 19);
    assert_int_equal(found((unsigned[]){18}).outcome, OUTCOME_NO_QUORUM);
    state(N_ATTENDED, 20);
    assert_int_equal(found((unsigned[]){18}).outcome, OUTCOME_ELECTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_T1),
        cmocka_unit_test(test_T2),
        cmocka_unit_test(test_T3),
        cmocka_unit_test(test_T4),
        cmocka_unit_test(test_T5),
        cmocka_unit_test(test_T6),
        cmocka_unit_test(test_T7),
        cmocka_unit_test(test_T8),
        cmocka_unit_test(test_a_tie_is_undecided),
        cmocka_unit_test(test_a_tie_for_the_last_seat),
        cmocka_unit_test(test_a_seat_for_everybody),
        cmocka_unit_test(test_nothing_while_places_are_missing),
        cmocka_unit_test(test_unknown_voters_decide_nothing),
        cmocka_unit_test(test_nobody_possible),
        cmocka_unit_test(test_base_is_the_list_with_its_changes),
        cmocka_unit_test(test_levels_of_confidence),
        cmocka_unit_test(test_base_of_a_party_cell),
        cmocka_unit_test(test_a_committee),
        cmocka_unit_test(test_quorum_of_another_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

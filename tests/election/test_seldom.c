// test_seldom.c - statements and plans that seldom come, and what is then said of them.
#include "common/election/ballot.h"
#include "common/election/outcome.h"
#include "common/election/statistics.h"
#include "room.h"
#include <errno.h>

static const unsigned votes[4] = {3, 4, 5, 0};

static struct record step(uint64_t act, enum step what, int64_t at)
{
    struct record r = voting_record(KIND_STEP, act, "P1");
    r.contest = bytes_text("X");
    r.number[STEP_WHAT] = what;
    r.at = at;
    return r;
}

// A pause that cannot be is told before it is said: resumed before anything was interrupted, or after the close.
static void test_a_pause_is_tried(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    uint32_t ballot = plan_ballot_of(r->plan, P1_UNIT, X_CONTEST);
    struct finding at[FINDINGS_MAX];
    struct findings found = {.at = at};
    struct record s = step(1, STEP_OPENED, 1100);
    say(r, l, &s);
    s = step(2, STEP_CLOSED, 1900);
    say(r, l, &s);
    s = step(3, STEP_INTERRUPTED, 1500);
    ballot_try(r->fold, ballot, &s, false, &found);
    assert_int_equal(found.reasons, 0);
    s = step(3, STEP_RESUMED, 1500);
    ballot_try(r->fold, ballot, &s, false, &found);
    assert_int_equal(found.reasons, REASON_ORDER);
    found = (struct findings){.at = at};
    s = step(3, STEP_INTERRUPTED, 2000);
    ballot_try(r->fold, ballot, &s, false, &found);
    assert_int_equal(found.reasons, REASON_ORDER);
    assert_int_equal(at[0].left, 2000);
    assert_int_equal(at[0].right, 1100);
}

// The numbers of another ballot with other candidates are no second copy of this one.
static void test_another_ballot_is_no_copy(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct finding at[FINDINGS_MAX];
    struct findings found = {.at = at};
    struct record council = voting_tally(r->plan, 1, "P2", "Y", votes);
    struct record head = voting_tally(r->plan, 2, "P1", "X", votes);
    say(r, l, &council);
    ballot_try(r->fold, plan_ballot_of(r->plan, P1_UNIT, X_CONTEST), &head, false, &found);
    assert_int_equal(found.reasons, 0);
}

// A key is retired for all its logs without naming one: no log is admitted or ended by it here.
static void test_a_retired_key_names_no_log(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    static const uint8_t key[KEY_SIZE] = {7};
    struct record t = voting_tally(r->plan, 1, "P1", "X", votes),
                  retire = voting_record(KIND_RETIRE, 101, "C1");
    uint32_t grants = r->fold->n_grants;
    say(r, l, &t);
    retire.blob[RETIRE_KEY] = bytes_of(key, KEY_SIZE);
    say(r, by, &retire);
    assert_int_equal(r->fold->n_grants, grants);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 1);
}

// A figure that stands in a log of plan parts counts for nothing, whoever wrote it.
static void test_a_figure_in_a_plan_log(void **state)
{
    struct room *r = *state;
    struct record t = voting_tally(r->plan, 1, "P1", "X", votes);
    say(r, voting_add(r->logs, "D", "C1", STREAM_PLAN, 21), &t);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 0);
    assert_int_equal(r->fold->n_entries, 0);
}

// A summary whose content is no summary is counted as unreadable, and the one before it goes on counting.
static void test_an_unreadable_summary(void **state)
{
    struct room *r = *state;
    struct voting_log *over = voting_add(r->logs, "R", "D", STREAM_ABOUT, 31), *l;
    voting_admit(over, 1, 41);
    hear(r, over);
    l = voting_add(r->logs, "D", "D", STREAM_REPORTS, 41);
    struct record s = voting_record(KIND_SUMMARY, 2, "C1");
    s.blob[SUMMARY_CONTENT] = bytes_text("no summary");
    say(r, l, &s);
    assert_int_equal(r->fold->unreadable, 1);
    assert_false(r->fold->told[r->fold->inner[C1_UNIT]].used);
}

// Many hands that each state something else of one paper agree, until there are too many to hold against each other.
static void test_too_many_contents(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    const struct cell *c = cell(r, P1_UNIT, X_CONTEST);
    static const unsigned more[] = {N_PRINTED,  N_ISSUED,    N_SPOILED, N_UNUSED, N_BLANK,
                                    N_SUMMONED, N_ELSEWHERE, N_EXEMPT,  N_ABSENT};
    static const unsigned numbers[] = {40, 13, 0, 27, 1, 20, 0, 0, 0};
    for (unsigned i = 0; i < sizeof more / sizeof more[0]; i++) {
        struct record t = voting_tally(r->plan, i + 1, "P1", "X", votes);
        record_set(&t, TALLY_ELIGIBLE + more[i], numbers[i]);
        say(r, l, &t);
        assert_int_equal(c->facts[CELL_TALLY].state, i < 8 ? FACT_VALUE : FACT_CONFLICT);
    }
}

// A part that is none needs nobody; a reason that is none has a name too, and so has each statistic.
static void test_names_and_nothing(void **state)
{
    (void)state;
    assert_int_equal(part_need(&(struct part){0}, 100), 0);
    assert_string_equal(reason_name(0), "other");
    assert_string_equal(statistic_name(STATISTIC_WOMEN), "women");
    assert_string_equal(statistic_words(STATISTIC_NEW), "mới");
}

static size_t small_plan(uint8_t *to, size_t cap, const bool restricted[2])
{
    struct packer p;
    pack_init(&p, to, cap);
    plan_pack_head(&p, 1, bytes_text("t"), bytes_text("Bầu cử"));
    pack_array(&p, 1);
    plan_pack_level(&p, &(struct plan_level){bytes_text("thôn"), bytes_text("village")});
    for (unsigned i = 0; i < 3; i++)
        pack_array(&p, 0); // cut-offs, categories, targets
    pack_array(&p, 2);
    for (unsigned i = 0; i < 2; i++)
        plan_pack_profile(&p, &(struct plan_profile){.name = bytes_text(i ? "b" : "a"),
                                                     .restricted = restricted[i]});
    pack_array(&p, 1);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, 1);
    plan_pack_unit(&p, &(struct plan_unit){.code = bytes_text("R"), .parent = PLAN_NONE}, NULL);
    pack_array(&p, 2);
    for (unsigned i = 0; i < 2; i++)
        plan_pack_contest(
            &p, &(struct plan_contest){.code = bytes_text(i ? "L" : "K"), .profile = i, .seats = 1},
            NULL);
    pack_array(&p, 0);
    assert_false(p.full);
    return p.n;
}

// Plans are refused that are too long, not plans, or would show on one page what another keeps back.
static void test_plans_refused(void **state)
{
    static uint8_t bytes[PLAN_BYTES_MAX + 1], block[65536];
    const char *why = "";
    (void)state;
    assert_int_equal(plan_size(bytes_of(bytes, sizeof bytes), &why), 0);
    assert_string_equal(why, "plan too long");
    assert_int_equal(plan_open(block, sizeof block, bytes_of(bytes, 3), &why), -EBADMSG);
    for (unsigned i = 0; i < 3; i++) {
        size_t n = small_plan(bytes, sizeof bytes, (const bool[]){i > 0, i > 1});
        size_t size = plan_size(bytes_of(bytes, n), &why);
        assert_in_range(size, 1, sizeof block);
        int rc = plan_open(block, size, bytes_of(bytes, n), &why);
        assert_int_equal(rc, i == 1 ? -EBADMSG : 0);
        if (i == 1)
            assert_string_equal(why, "restricted and other contests are of one kind");
    }
}

int main(void)
{
#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IN_ROOM(test_a_pause_is_tried),           IN_ROOM(test_another_ballot_is_no_copy),
        IN_ROOM(test_a_retired_key_names_no_log), IN_ROOM(test_a_figure_in_a_plan_log),
        IN_ROOM(test_an_unreadable_summary),      IN_ROOM(test_too_many_contents),
        cmocka_unit_test(test_names_and_nothing), cmocka_unit_test(test_plans_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

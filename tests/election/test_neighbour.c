// test_neighbour.c - the second pass: statements that are each good alone and cannot be beside each other.
#include "common/election/bag.h"
#include "common/election/ballot.h"
#include "room.h"

static const unsigned votes[4] = {3, 4, 5, 0};

static struct record step(uint64_t act, enum step what, int64_t at)
{
    struct record r = voting_record(KIND_STEP, act, "P1");
    r.contest = bytes_text("X");
    r.number[STEP_WHAT] = what;
    r.at = at;
    return r;
}

static struct record turnout(uint64_t act, unsigned cutoff, unsigned voted, int64_t at)
{
    struct record r = voting_record(KIND_TURNOUT, act, "P1");
    r.contest = bytes_text("X");
    r.number[TURNOUT_CUTOFF] = cutoff;
    r.number[TURNOUT_VOTED] = voted;
    r.at = at;
    return r;
}

static struct record tally(const struct room *r, uint64_t act, int64_t at)
{
    struct record t = voting_tally(r->plan, act, "P1", "X", votes);
    t.at = at;
    return t;
}

static const struct fact *fact(const struct room *r, unsigned which)
{
    return &cell(r, P1_UNIT, X_CONTEST)->facts[which];
}

static const struct turnout_cell *turnout_at(const struct room *r, unsigned cutoff)
{
    return &r->fold->turnouts[plan_ballot_of(r->plan, P1_UNIT, X_CONTEST) * 2 + cutoff - 1];
}

static void say_step(struct room *r, struct voting_log *l, uint64_t act, enum step what, int64_t at)
{
    struct record s = step(act, what, at);
    say(r, l, &s);
}

// What came before it must be earlier, by the times that the steps themselves state, in whatever order
// they are said: a closing before the opening is held back, and the opening stands.
static void test_steps_in_order(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    say_step(r, l, 1, STEP_CLOSED, 500);
    assert_int_equal(fact(r, STEP_CLOSED)->state, FACT_VALUE);
    say_step(r, l, 2, STEP_OPENED, 600);
    assert_int_equal(fact(r, STEP_OPENED)->state, FACT_VALUE);
    assert_int_equal(fact(r, STEP_CLOSED)->state, FACT_QUARANTINED);
    assert_int_equal(fact(r, STEP_CLOSED)->reasons, REASON_ORDER);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_CLOSED], 0);
    struct record s = step(3, STEP_CLOSED, 900);
    s.replaces[s.n_replaces++] = 1;
    say(r, l, &s);
    assert_int_equal(fact(r, STEP_CLOSED)->state, FACT_VALUE);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_CLOSED], 1);
}

// Where something must lie between two steps, equal times hold back both; where nothing does, none.
static void test_equal_times(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    say_step(r, l, 1, STEP_OPENED, 700);
    say_step(r, l, 2, STEP_CLOSED, 700);
    assert_int_equal(fact(r, STEP_OPENED)->reasons, REASON_ORDER);
    assert_int_equal(fact(r, STEP_CLOSED)->reasons, REASON_ORDER);
    struct record s = step(3, STEP_CLOSED, 900);
    s.replaces[s.n_replaces++] = 2;
    say(r, l, &s);
    say_step(r, l, 4, STEP_COUNTING, 900);
    assert_int_equal(fact(r, STEP_OPENED)->state, FACT_VALUE);
    assert_int_equal(fact(r, STEP_CLOSED)->state, FACT_VALUE);
    assert_int_equal(fact(r, STEP_COUNTING)->state, FACT_VALUE);
}

// No tally before the closing, no minutes before the tally, no recognition before the minutes; that
// recognition is put off may be said at any time.
static void test_count_minutes_decision(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = tally(r, 1, 800), m = voting_record(KIND_MINUTES, 2, "P1");
    struct record d = voting_record(KIND_DECISION, 4, "P1");
    say(r, l, &t);
    say_step(r, l, 3, STEP_CLOSED, 900);
    assert_int_equal(fact(r, CELL_TALLY)->reasons, REASON_ORDER);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 0);
    m.contest = d.contest = bytes_text("X");
    m.at = 1000;
    m.entered =
        2000; // the time is the paper's; typed without one, it would have been then or before
    say(r, l, &m);
    d.number[DECISION_WHAT] = DECISION_ON_HOLD;
    d.blob[DECISION_SIGNATORY] = bytes_text("chair");
    d.at = 950;
    say(r, l, &d);
    assert_int_equal(fact(r, CELL_DECISION)->state, FACT_VALUE);
    d.act = 5;
    d.replaces[d.n_replaces++] = 4;
    d.number[DECISION_WHAT] = DECISION_RECOGNISED;
    d.number[DECISION_DATE] = 1;
    d.blob[DECISION_NUMBER] = bytes_text("1/QD");
    say(r, l, &d);
    assert_int_equal(fact(r, CELL_DECISION)->reasons, REASON_ORDER);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_RECOGNISED], 0);
}

// Each interruption stands; one before the opening or after the closing is held back, and so is a
// resumption of what was not interrupted.
static void test_interrupted_and_resumed(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    enum fact_state of;
    say_step(r, l, 1, STEP_OPENED, 700);
    say_step(r, l, 2, STEP_RESUMED, 750);
    assert_int_equal(fold_entry_reasons(r->fold, fold_find(r->fold, C1_UNIT, 2), &of),
                     REASON_ORDER);
    assert_int_equal(of, FACT_QUARANTINED);
    say_step(r, l, 3, STEP_INTERRUPTED, 800);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INTERRUPTED], 1);
    say_step(r, l, 4, STEP_RESUMED, 820);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INTERRUPTED], 0);
    say_step(r, l, 5, STEP_INTERRUPTED, 840);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INTERRUPTED], 1);
    say_step(r, l, 6, STEP_CLOSED, 830);
    assert_int_equal(fold_entry_reasons(r->fold, fold_find(r->fold, C1_UNIT, 5), &of),
                     REASON_ORDER);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INTERRUPTED], 0);
}

// A cumulative turnout that falls below an earlier cut-off is held back until it is corrected; the
// earlier figure is never rewritten.
static void test_turnout_falls(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = turnout(1, 2, 12, 2000);
    say(r, l, &t);
    t = turnout(2, 1, 15, 1000);
    say(r, l, &t);
    assert_int_equal(turnout_at(r, 2)->fact.reasons, REASON_FALL);
    assert_int_equal(turnout_at(r, 1)->voted, 15);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_TURNOUT + TURNOUT_SUMS + TURNOUT_OF], 0);
    t = turnout(3, 2, 19, 2000);
    t.replaces[t.n_replaces++] = 1;
    say(r, l, &t);
    assert_int_equal(turnout_at(r, 2)->fact.state, FACT_VALUE);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_TURNOUT + TURNOUT_SUMS + TURNOUT_OF], 19);
}

// The second pass does not cascade: what it holds back is still a neighbour of the others, so that
// nothing depends on which was looked at first.
static void test_no_cascade(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = turnout(1, 1, 15, 1000);
    say(r, l, &t);
    t = turnout(2, 2, 12, 2000);
    say(r, l, &t);
    say_step(r, l, 3, STEP_OPENED, 1500); // the first turnout is of before the opening
    assert_int_equal(turnout_at(r, 1)->fact.reasons, REASON_ORDER);
    assert_int_equal(turnout_at(r, 2)->fact.reasons, REASON_FALL);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_TURNOUT + TURNOUT_SUMS + TURNOUT_OF], 0);
}

// F1 and F10 are judged by the frozen list and what had changed of it by then: nothing dated before
// the opening, no voters that no list change explains.
static void test_F10(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = tally(r, 1, 2000), change = voting_record(KIND_LIST_CHANGE, 2, "P1");
    record_set(&t, TALLY_ELIGIBLE, 21);
    say(r, l, &t);
    assert_int_equal(fact(r, CELL_TALLY)->reasons, REASON_F10);
    change.contest = bytes_text("X");
    change.at = 1500;
    record_set(&change, LIST_ADDED, 1);
    say(r, l, &change);
    assert_int_equal(fact(r, CELL_TALLY)->state, FACT_VALUE);
    assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->voters, 21);
    struct record early = turnout(3, 1, 21, 1000);
    say(r, l, &early); // at that time there were 20
    assert_int_equal(turnout_at(r, 1)->fact.reasons, REASON_F1);
    early = turnout(4, 1, 20, 1000);
    early.replaces[early.n_replaces++] = 3;
    record_set(&early, TURNOUT_ELIGIBLE, 20);
    say(r, l, &early);
    assert_int_equal(turnout_at(r, 1)->fact.state, FACT_VALUE);
}

// F11: the vote that repeats another has other voters, and no list change says why: shown, no more.
static void test_F11(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct finding at[FINDINGS_MAX];
    struct findings found = {.at = at};
    struct record first = voting_tally(r->plan, 1, "P1", "X", votes),
                  again = voting_tally(r->plan, 2, "P1", "W", votes);
    r->plan->contests[W_CONTEST].repeats = bytes_text("X");
    record_set(&first, TALLY_ELIGIBLE, 20);
    say(r, l, &first);
    record_set(&again, TALLY_ELIGIBLE, 19);
    ballot_try(r->fold, plan_ballot_of(r->plan, P1_UNIT, W_CONTEST), &again, false, &found);
    assert_int_equal(found.reasons & REASON_F11, REASON_F11);
    assert_int_equal(REASON_F11 & ~REASONS_WARNING, 0);
    record_set(&again, TALLY_ELIGIBLE, 20);
    found = (struct findings){.at = at};
    ballot_try(r->fold, plan_ballot_of(r->plan, P1_UNIT, W_CONTEST), &again, false, &found);
    assert_int_equal(found.reasons & REASON_F11, 0);
}

// Every number as at another place of the commune: one paper was entered twice, it may be. Shown.
static void test_the_same_tally_twice(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct finding at[FINDINGS_MAX];
    struct findings found = {.at = at};
    struct record one = voting_tally(r->plan, 1, "P1", "X", votes);
    struct record two = voting_tally(r->plan, 2, "P2", "X", votes);
    say(r, l, &one);
    ballot_try(r->fold, plan_ballot_of(r->plan, P2_UNIT, X_CONTEST), &two, false, &found);
    assert_int_equal(found.reasons, REASON_SAME);
    say(r, l, &two);
    assert_int_equal(cell(r, P2_UNIT, X_CONTEST)->facts[CELL_TALLY].state, FACT_VALUE);
}

// Contests on one paper that state different ballots hold back both.
static void test_one_paper(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record x = voting_tally(r->plan, 1, "P1", "X", votes);
    struct record w = voting_tally(r->plan, 2, "P1", "W", (unsigned[]){3, 4, 6, 0});
    say(r, l, &x);
    assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->facts[CELL_TALLY].state, FACT_VALUE);
    say(r, l, &w);
    assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->facts[CELL_TALLY].reasons, REASON_PAPER);
    assert_int_equal(cell(r, P1_UNIT, W_CONTEST)->facts[CELL_TALLY].reasons, REASON_PAPER);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 0);
    w = voting_tally(r->plan, 3, "P1", "W", (unsigned[]){4, 4, 4, 0});
    w.replaces[w.n_replaces++] = 2;
    say(r, l, &w);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 1);
    assert_int_equal(fold_contest(r->fold, W_CONTEST)[CONTEST_TALLIED], 1);
}

// An operator who did not enter it releases what a neighbour speaks against, as any other reason.
static void test_release_of_a_neighbour(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    struct record t = turnout(1, 1, 15, 1000);
    say(r, l, &t);
    t = turnout(2, 2, 12, 2000);
    say(r, l, &t);
    assert_int_equal(turnout_at(r, 2)->fact.state, FACT_QUARANTINED);
    struct record v = verdict(103, VERDICT_RELEASED, 2);
    v.number[VERDICT_WAIVES] = REASON_FALL;
    v.by = bytes_text("lan"); // who entered it
    say(r, by, &v);
    assert_int_equal(turnout_at(r, 2)->fact.state, FACT_QUARANTINED);
    v.act = 104;
    v.by = bytes_text("officer");
    say(r, by, &v);
    assert_int_equal(turnout_at(r, 2)->fact.state, FACT_VALUE);
}

// Two sources of one figure match by themselves, also where the telephone states less than the paper;
// what differs asks.
static void test_two_sources_match(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    struct record phoned = turnout(101, 1, 14, 1000), own = turnout(1, 1, 14, 1000);
    say(r, by, &phoned);
    record_set(&own, TURNOUT_ELIGIBLE, 20);
    say(r, l, &own);
    assert_int_equal(turnout_at(r, 1)->fact.state, FACT_VALUE);
    assert_int_equal(turnout_at(r, 1)->eligible, 20);
    struct record second = turnout(2, 1, 15, 1000);
    say(r, l, &second);
    assert_int_equal(turnout_at(r, 1)->fact.state, FACT_CONFLICT);
    struct record short_tally = tally(r, 102, 2000), whole = tally(r, 3, 2000);
    short_tally.n_list = 2; // only the first candidate's votes were read out
    short_tally.stated = 0;
    for (unsigned i = 0; i < FIELDS_MAX; i++)
        short_tally.number[i] = 0;
    say(r, by, &short_tally);
    say(r, l, &whole);
    assert_int_equal(fact(r, CELL_TALLY)->state, FACT_VALUE);
    assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->tally[N_VALID], 12);
}

// Typed without a time of its own, a tally was then or before: minutes signed earlier are not held back by
// it, nor by its correction.
static void test_typed_late(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record m = voting_record(KIND_MINUTES, 1, "P1"), t = tally(r, 2, 1800);
    m.contest = bytes_text("X");
    m.at = 1724;
    m.entered = 1900;
    say(r, l, &m);
    t.entered = t.at;
    say(r, l, &t);
    assert_int_equal(fact(r, CELL_MINUTES)->state, FACT_VALUE);
    t.act = 3; // corrected later, of the same time
    t.entered = 2000;
    t.replaces[t.n_replaces++] = 2;
    say(r, l, &t);
    assert_int_equal(fact(r, CELL_MINUTES)->state, FACT_VALUE);
    t.act = 4; // and with a time that the paper states
    t.at = 1790;
    t.replaces[0] = 3;
    say(r, l, &t);
    assert_int_equal(fact(r, CELL_MINUTES)->reasons, REASON_ORDER);
}

// What a statement would hold back of others is told before it is said.
static void test_told_what_it_holds_back(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    uint32_t ballot = plan_ballot_of(r->plan, P1_UNIT, X_CONTEST);
    struct finding at[FINDINGS_MAX];
    struct findings found = {.at = at};
    struct record t = tally(r, 1, 1700), closed = step(2, STEP_CLOSED, 1800);
    say(r, l, &t);
    ballot_try(r->fold, ballot, &closed, false, &found);
    assert_int_equal(found.n, 1);
    assert_int_equal(at[0].reason, REASON_ORDER);
    assert_int_equal(at[0].left, 1700);
    assert_int_equal(at[0].right, 1800);
    closed.at = 1600;
    found = (struct findings){.at = at};
    ballot_try(r->fold, ballot, &closed, false, &found);
    assert_int_equal(found.reasons, 0);
}

// A list that changes after a figure changes neither what the figure was a part of nor the outcome.
static void test_the_list_of_its_time(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record full = turnout(1, 1, 20, 1000), t = tally(r, 2, 2000),
                  change = voting_record(KIND_LIST_CHANGE, 3, "P1");
    say(r, l, &full);
    say(r, l, &t);
    change.contest = bytes_text("X");
    change.at = 3000;
    record_set(&change, LIST_ADDED, 3);
    say(r, l, &change);
    assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->voters, 20);
    assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->changes, 1);
    assert_int_equal(turnout_at(r, 1)->voters, 20);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_TURNOUT + TURNOUT_FULL], 1);
}

// Changes at one time add up, whatever came first, and then what states the number holds; of more than
// can be weighed the number is not known.
static void test_list_changes_at_one_time(void **state)
{
    struct voter_list a = {.frozen = 20}, b = {.frozen = 20};
    struct record less = voting_record(KIND_LIST_CHANGE, 1, "P1"), more = less, sets = less;
    (void)state;
    less.at = more.at = sets.at = 5;
    record_set(&less, LIST_REMOVED, 25);
    record_set(&more, LIST_ADDED, 10);
    voters_change(&a, &less);
    voters_change(&a, &more);
    voters_change(&b, &more);
    voters_change(&b, &less);
    assert_int_equal(voters_at(&a, 5), 5);
    assert_int_equal(voters_at(&b, 5), 5);
    record_set(&sets, LIST_ELIGIBLE, 21);
    voters_change(&a, &sets);
    assert_int_equal(voters_at(&a, 5), 21);
    assert_int_equal(voters_at(&a, 4), 20);
    for (unsigned i = b.n; i <= LIST_CHANGES_MAX; i++)
        voters_change(&b, &more);
    assert_int_equal(voters_at(&b, 5), VOTERS_UNKNOWN);
}

// Of more interruptions than an honest day has none counts, and each costs no more than the others.
static void test_too_many_interruptions(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    enum fact_state of;
    say_step(r, l, 1, STEP_OPENED, 100);
    for (unsigned i = 0; i <= PAUSES_MAX; i++) {
        if (l->n == RECORDS)
            l->n = 0; // the room's log is shorter; the fold has them already
        struct record s = step(1000 + i, STEP_INTERRUPTED, 200 + i);
        voting_say(l, &s);
        fold_apply(r->fold, r->number[l - r->logs->logs], 100 + i,
                   bytes_of(l->records[l->n - 1].at, l->records[l->n - 1].n));
        if (i + 1 == PAUSES_MAX)
            assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INTERRUPTED], 1);
    }
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INTERRUPTED], 0);
    fold_entry_reasons(r->fold, fold_find(r->fold, C1_UNIT, 1000), &of);
    assert_int_equal(of, FACT_CONFLICT);
}

// A vote that is annulled adds nothing to any total, and is counted again when that is taken back.
static void test_annulled(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = tally(r, 1, 1700), back = voting_record(KIND_VOID, 3, "P1");
    say(r, l, &t);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 1);
    say_step(r, l, 2, STEP_ANNULLED, 1800);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 0);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_TALLIED], 0);
    assert_int_equal(cell_life(cell(r, P1_UNIT, X_CONTEST)), LIFE_ANNULLED);
    back.replaces[back.n_replaces++] = 2;
    say(r, l, &back);
    assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 1);
}

// A decision stated by whom the profile does not name does not stand in the way of who may.
static void test_decision_of_who_may(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    struct record d = voting_record(KIND_DECISION, 1, "P1");
    r->plan->profiles[0].decides = DECIDES_PARENT;
    d.contest = bytes_text("X");
    d.number[DECISION_WHAT] = DECISION_RECOGNISED;
    d.number[DECISION_DATE] = 1;
    d.blob[DECISION_NUMBER] = bytes_text("1/QD");
    d.blob[DECISION_SIGNATORY] = bytes_text("chair");
    say(r, l, &d);
    assert_int_equal(fact(r, CELL_DECISION)->reasons, REASON_DECIDES);
    d.act = 101;
    d.at++;
    d.entered++;
    say(r, by, &d);
    assert_int_equal(fact(r, CELL_DECISION)->state, FACT_VALUE);
}

// A slot with more statements than can be weighed is a conflict, also where they agree.
static void test_crowded_slot(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    for (unsigned i = 0; i <= CANDIDATES_MAX; i++) {
        struct record t = turnout(1000 + i, 1, 14, 1000);
        say(r, l, &t);
        assert_int_equal(turnout_at(r, 1)->fact.state,
                         i < CANDIDATES_MAX ? FACT_VALUE : FACT_CONFLICT);
    }
}

// A paper that states votes and nothing else is held against the list then: more could not have voted.
static void test_votes_alone(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = tally(r, 1, 2000), change = voting_record(KIND_LIST_CHANGE, 3, "P1");
    t.stated = 0;
    for (unsigned i = 0; i < FIELDS_MAX; i++)
        t.number[i] = 0;
    t.list[1] = 12; // 21 votes of 20 voters
    say(r, l, &t);
    assert_int_equal(fact(r, CELL_TALLY)->reasons, REASON_F6);
    change.contest = bytes_text("X");
    change.at = 1000;
    record_set(&change, LIST_ADDED, 1);
    say(r, l, &change);
    assert_int_equal(fact(r, CELL_TALLY)->state, FACT_VALUE);
    struct record y =
        voting_tally(r->plan, 2, "P1", "Y", (unsigned[]){20, 20, 1, 0}); // two names each
    y.stated = 0;
    for (unsigned i = 0; i < FIELDS_MAX; i++)
        y.number[i] = 0;
    say(r, l, &y);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].reasons, REASON_F7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_steps_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_equal_times, setup, teardown),
        cmocka_unit_test_setup_teardown(test_count_minutes_decision, setup, teardown),
        cmocka_unit_test_setup_teardown(test_interrupted_and_resumed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_turnout_falls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_cascade, setup, teardown),
        cmocka_unit_test_setup_teardown(test_F10, setup, teardown),
        cmocka_unit_test_setup_teardown(test_F11, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_same_tally_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_votes_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_paper, setup, teardown),
        cmocka_unit_test_setup_teardown(test_release_of_a_neighbour, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_sources_match, setup, teardown),
        cmocka_unit_test_setup_teardown(test_typed_late, setup, teardown),
        cmocka_unit_test_setup_teardown(test_told_what_it_holds_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_list_of_its_time, setup, teardown),
        cmocka_unit_test(test_list_changes_at_one_time),
        cmocka_unit_test_setup_teardown(test_too_many_interruptions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_annulled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_decision_of_who_may, setup, teardown),
        cmocka_unit_test_setup_teardown(test_crowded_slot, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_dues.c - what is owed after the vote: its kind, its day, and what is overdue when the list is read.
#include "common/election/workdays.h"
#include "common/office/dues.h"
#include "tests/election/places.h"

enum { HOUR = 3600000, DAY = 24 * HOUR };
static struct places *s;
static uint32_t town, other, village, second;
static int32_t voted_on; // Sunday 22/5/2016

// A commune with two villages, one of which votes again, and another commune. Report in 3 days, recognition in 5
// working days, a second vote within 15, two rounds, an interim head for 6 months; Tuesday 24 and Saturday 28 are
// off and worked.
static int set_up(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    (void)state;
    s = places_new(3, levels);
    s->cells = true;
    s->after = (struct plan_profile){
        .rounds = 2, .report_days = 3, .recognise_days = 5, .rerun_days = 15, .interim_months = 6};
    voted_on = workdays_date(2016, 5, 22);
    s->days.n_days = 2;
    s->days.days[0] = (struct plan_day){voted_on + 2, false, bytes_text("nghỉ bù")};
    s->days.days[1] = (struct plan_day){voted_on + 6, true, bytes_text("làm bù")};
    places_add(s, PLAN_NONE, "Ba Tơ", 0);
    town = places_add(s, 0, "Ba Xa", 0);
    village = places_add(s, town, "Thôn 1", 300);
    second = places_add(s, town, "Thôn 2", 200);
    other = places_add(s, 0, "Ba Nam", 0);
    places_add(s, other, "Thôn 1", 100);
    s->rerun_at = village;
    places_open(s);
    places_fold(s);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    places_free(s);
    return 0;
}

static struct dues found(uint32_t unit, int32_t day, bool restricted)
{
    struct dues d;
    dues_find(&d, s->fold, unit, workdays_start(day) + 9 * HOUR, restricted);
    return d;
}

// The only thing due at the place's vote on a day, or DUE_KINDS.
static struct due due_at(uint32_t unit, char contest, int32_t day)
{
    struct due one = {.kind = DUE_KINDS, .day = -1};
    struct dues d = found(unit, day, false);
    unsigned n = 0;
    for (uint32_t i = 0; i < d.n; i++) {
        struct bytes code = s->plan->contests[s->plan->ballots[d.at[i].ballot].contest].code;
        if (d.at[i].kind == DUE_COMPLAINT || code.at[0] != contest)
            continue;
        one = d.at[i];
        n++;
    }
    assert_true(n <= 1);
    dues_free(&d);
    return one;
}

static void is_due(uint32_t unit, int32_t today, enum due_kind kind, int32_t day)
{
    struct due due = due_at(unit, 'h', today);
    assert_int_equal(due.kind, kind);
    assert_int_equal(due.day, day);
}

static void counted(uint32_t place, unsigned for_an, unsigned for_binh)
{
    uint32_t votes[2] = {for_an, for_binh};
    places_step(s, town, place, STEP_OPENED, at_9 - 2 * HOUR);
    places_step(s, town, place, STEP_CLOSED, at_15);
    places_tally(s, town, place, 'h', votes, 0);
}

static void minutes(uint32_t place, int64_t at)
{
    struct record r = places_record(s, KIND_MINUTES, place, 'h');
    r.at = at;
    places_say(s, town, &r);
}

static uint64_t decided(uint32_t place, enum decision what, int64_t at, int64_t on)
{
    struct record r = places_record(s, KIND_DECISION, place, 'h');
    r.at = at;
    r.behalf = bytes_text("chủ tịch xã");
    r.number[DECISION_WHAT] = what;
    r.number[DECISION_DATE] = (uint64_t)at;
    r.number[DECISION_ON] = (uint64_t)on;
    r.blob[DECISION_NUMBER] = bytes_text("12/QĐ");
    r.blob[DECISION_SIGNATORY] = bytes_text("chủ tịch");
    return places_say(s, town, &r);
}

// Nothing before the vote is over; then the report, the minutes, the decision, and nothing once it is recognised.
static void test_a_vote_that_elects(void **state)
{
    (void)state;
    is_due(second, voted_on - 1, DUE_KINDS, -1);
    is_due(second, voted_on, DUE_KINDS, -1);
    is_due(second, voted_on + 1, DUE_REPORT, voted_on + 3); // of a place that never said a word
    counted(second, 150, 20);
    is_due(second, voted_on, DUE_MINUTES, voted_on + 3);
    minutes(second, at_15 + 2 * HOUR);
    // Monday, Wednesday to Friday and the Saturday that is worked: five.
    is_due(second, voted_on + 1, DUE_RECOGNISE, voted_on + 6);
    uint64_t hold = decided(second, DECISION_ON_HOLD, at_15 + DAY, 0);
    is_due(second, voted_on + 1, DUE_HOLD, voted_on + 6);
    struct record r = places_record(s, KIND_DECISION, second, 'h');
    r.at = at_15 + 2 * DAY;
    r.behalf = bytes_text("chủ tịch xã");
    r.number[DECISION_WHAT] = DECISION_RECOGNISED;
    r.number[DECISION_DATE] = (uint64_t)r.at;
    r.blob[DECISION_NUMBER] = bytes_text("13/QĐ");
    r.blob[DECISION_SIGNATORY] = bytes_text("chủ tịch");
    r.replaces[r.n_replaces++] = hold;
    places_say(s, town, &r);
    is_due(second, voted_on + 30, DUE_KINDS, -1);
}

// Minutes that come later begin the count later.
static void test_days_from_the_minutes(void **state)
{
    (void)state;
    counted(second, 150, 20);
    minutes(second, at_15 + DAY);
    is_due(second, voted_on + 1, DUE_RECOGNISE, voted_on + 8); // Wed Thu Fri Sat Mon
}

// Nobody elected: again within fifteen days of the vote; on the day that was ordered; done with the second vote;
// and after the last round an interim head, for six months.
static void test_votes_again(void **state)
{
    (void)state;
    counted(village, 100, 120);
    minutes(village, at_15 + HOUR);
    decided(village, DECISION_NOT_RECOGNISED, at_15 + DAY, 0);
    is_due(village, voted_on + 2, DUE_RERUN, voted_on + 15);
    assert_false(due_at(village, 'h', voted_on + 2).ordered);
    decided(village, DECISION_RERUN, at_15 + DAY, workdays_start(voted_on + 7) + 7 * HOUR);
    is_due(village, voted_on + 2, DUE_RERUN, voted_on + 7);
    assert_true(due_at(village, 'h', voted_on + 2).ordered);
    // The second vote owes its own report, from the day that was ordered.
    assert_int_equal(due_at(village, 'r', voted_on + 7).kind, DUE_KINDS);
    assert_int_equal(due_at(village, 'r', voted_on + 8).kind, DUE_REPORT);
    assert_int_equal(due_at(village, 'r', voted_on + 8).day, voted_on + 10);
    uint32_t votes[2] = {90, 120};
    places_tally(s, town, village, 'r', votes, 0);
    is_due(village, voted_on + 8, DUE_KINDS, -1);
    struct record r = places_record(s, KIND_DECISION, village, 'r');
    r.at = at_15 + 8 * DAY;
    r.behalf = bytes_text("chủ tịch xã");
    r.number[DECISION_WHAT] = DECISION_NOT_RECOGNISED;
    r.number[DECISION_DATE] = (uint64_t)r.at;
    r.blob[DECISION_NUMBER] = bytes_text("14/QĐ");
    r.blob[DECISION_SIGNATORY] = bytes_text("chủ tịch");
    places_say(s, town, &r);
    assert_int_equal(due_at(village, 'r', voted_on + 9).kind, DUE_APPOINT);
    assert_int_equal(due_at(village, 'r', voted_on + 9).day, -1);
    r.number[DECISION_WHAT] = DECISION_INTERIM;
    r.act = 0;
    places_say(s, town, &r);
    assert_int_equal(due_at(village, 'r', voted_on + 9).kind, DUE_INTERIM);
    assert_int_equal(due_at(village, 'r', voted_on + 9).day, workdays_date(2016, 11, 30));
}

// Too few came: it is voted again; a postponed vote owes nothing; an annulled one is repeated.
static void test_no_quorum_postponed_annulled(void **state)
{
    (void)state;
    places_step(s, town, second, STEP_OPENED, at_9);
    places_step(s, town, second, STEP_NO_QUORUM, at_15);
    is_due(second, voted_on + 1, DUE_RERUN, voted_on + 15);
    places_step(s, other, 5, STEP_POSTPONED, at_9 - DAY);
    is_due(5, voted_on + 4, DUE_KINDS, -1);
    counted(village, 160, 20);
    places_step(s, town, village, STEP_ANNULLED, at_15 + DAY);
    is_due(village, voted_on + 4, DUE_RERUN, voted_on + 15);
}

static uint64_t complaint(unsigned state, char contest, uint64_t replaces)
{
    struct record r = places_record(s, KIND_COMPLAINT, second, contest);
    r.number[COMPLAINT_SORT] = 1;
    r.number[COMPLAINT_STATE] = state;
    if (replaces)
        r.replaces[r.n_replaces++] = replaces;
    return places_say(s, town, &r);
}

// A complaint stands until it is settled, without a day, behind everything that has one.
static void test_complaints(void **state)
{
    (void)state;
    uint64_t first = complaint(1, 'h', 0);
    struct dues d = found(town, voted_on + 1, false);
    // Nothing yet of the second vote, which stands in the plan but was not ordered.
    assert_int_equal(d.n, 2 + 1);
    assert_int_equal(d.at[d.n - 1].kind, DUE_COMPLAINT);
    assert_int_equal(d.at[d.n - 1].day, -1);
    dues_free(&d);
    complaint(3, 'h', first);
    d = found(town, voted_on + 1, false);
    for (uint32_t i = 0; i < d.n; i++)
        assert_int_not_equal(d.at[i].kind, DUE_COMPLAINT);
    dues_free(&d);
}

// Votes of a restricted kind, and complaints about them, are for those who may see them.
static void test_restricted(void **state)
{
    (void)state;
    complaint(1, 'c', 0);
    struct dues all = found(0, voted_on + 1, true), shown = found(0, voted_on + 1, false);
    assert_int_equal(all.n, shown.n + 3 + 1);
    for (uint32_t i = 0; i < shown.n; i++)
        assert_int_not_equal(shown.at[i].kind, DUE_COMPLAINT);
    dues_free(&all);
    dues_free(&shown);
}

static json_t *first_of(json_t *j)
{
    return json_array_get(json_object_get(j, "dues"), 0);
}

static const char *word(const json_t *j, const char *name)
{
    return json_string_value(json_object_get(j, name));
}

// Sorted by the day; each says what it is, how many working days are left, and whether it is overdue.
static void test_as_json(void **state)
{
    (void)state;
    int64_t today = workdays_start(voted_on + 2) + 8 * HOUR;
    counted(second, 150, 20);
    minutes(second, at_15 + HOUR);
    json_t *j = dues_view(s->fold, town, DUE_KINDS, today, false), *due;
    assert_int_equal(json_integer_value(json_object_get(j, "n")), 2);
    assert_int_equal(json_integer_value(json_object_get(j, "overdue")), 0);
    assert_true(json_is_true(json_object_get(j, "holidays")));
    assert_string_equal(word(first_of(j), "kind"), "report");
    assert_string_equal(word(first_of(j), "state"), "soon");
    assert_string_equal(word(first_of(j), "name"), "Thôn 1");
    assert_string_equal(word(first_of(j), "within"), "Ba Xa");
    assert_int_equal(json_integer_value(json_object_get(first_of(j), "days")), 1);
    json_decref(j);
    j = dues_view(s->fold, town, DUE_RECOGNISE, today, false);
    due = first_of(j);
    assert_int_equal(json_array_size(json_object_get(j, "dues")), 1);
    assert_string_equal(word(due, "state"), "later");
    assert_int_equal(json_integer_value(json_object_get(due, "due_at")),
                     workdays_start(voted_on + 6));
    assert_int_equal(json_integer_value(json_object_get(due, "workdays")), 4);
    assert_true(json_is_false(json_object_get(due, "off")));
    assert_string_equal(word(due, "decides"), "node");
    json_decref(j);
    j = dues_view(s->fold, town, DUE_RECOGNISE, workdays_start(voted_on + 6), false);
    assert_string_equal(word(first_of(j), "state"), "today");
    json_decref(j);
    j = dues_view(s->fold, town, DUE_KINDS, workdays_start(voted_on + 8) + HOUR, false);
    assert_int_equal(json_integer_value(json_object_get(j, "overdue")), 2);
    assert_string_equal(word(first_of(j), "state"), "overdue");
    json_decref(j);
}

// A day that is not worked is said to be one.
static void test_due_on_a_day_off(void **state)
{
    (void)state;
    counted(second, 100, 120);
    minutes(second, at_15 + HOUR);
    decided(second, DECISION_RERUN, at_15 + HOUR, workdays_start(voted_on + 2));
    json_t *j = dues_view(s->fold, second, DUE_RERUN, workdays_start(voted_on + 1), false);
    assert_true(json_is_true(json_object_get(first_of(j), "off")));
    assert_string_equal(word(first_of(j), "off_name"), "nghỉ bù");
    json_decref(j);
}

// A list that is longer than is shown says how much it leaves out.
static void test_more_than_are_shown(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DUES_SHOWN; i++)
        complaint(1, 'h', 0);
    json_t *j = dues_view(s->fold, 0, DUE_KINDS, workdays_start(voted_on + 1), false);
    int64_t n = json_integer_value(json_object_get(j, "n"));
    assert_int_equal(json_array_size(json_object_get(j, "dues")), DUES_SHOWN);
    assert_true(n > DUES_SHOWN);
    assert_int_equal(json_integer_value(json_object_get(j, "more")), n - DUES_SHOWN);
    json_decref(j);
    enum due_kind kind;
    for (unsigned i = 0; i < DUE_KINDS; i++) {
        assert_true(due_named(bytes_text(due_name((enum due_kind)i)), &kind));
        assert_int_equal(kind, i);
    }
    assert_false(due_named(bytes_text("taxes"), &kind));
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(test_a_vote_that_elects),
        IN_ROOM(test_days_from_the_minutes),
        IN_ROOM(test_votes_again),
        IN_ROOM(test_no_quorum_postponed_annulled),
        IN_ROOM(test_complaints),
        IN_ROOM(test_restricted),
        IN_ROOM(test_as_json),
        IN_ROOM(test_due_on_a_day_off),
        IN_ROOM(test_more_than_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

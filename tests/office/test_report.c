// test_report.c - is a report due, here, late, or only come late: by each place's own hours.
#include "common/office/report.h"
#include "tests/election/places.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <unistd.h>

enum { MINUTE = 60000, HOUR = 60 * MINUTE };
static struct room {
    char dir[64];
    struct identity id;
    struct office *hub;
    struct places *s;
    uint32_t town, day, evening; // a commune, a village by day, one that meets in the evening
    uint64_t drawn, act;
    int64_t now;
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = r.now, .wall = r.now};
}

static int open_room(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    (void)state;
    memset(&r, 0, sizeof r);
    assert_int_equal(folder_make(r.dir, "report"), 0);
    r.now = at_9 - 2 * HOUR;
    r.s = places_new(3, levels);
    r.s->cells = true;
    places_add(r.s, PLAN_NONE, "Ba Tơ", 0);
    r.town = places_add(r.s, 0, "Ba Xa", 0);
    r.day = places_add(r.s, r.town, "Thôn 1", 300);
    r.evening = places_add(r.s, r.town, "Thôn 2", 200);
    r.s->units[r.evening].opens = at_15 + 4 * HOUR;
    r.s->units[r.evening].closes = at_15 + 6 * HOUR;
    places_open(r.s);
    identity_make(&r.id);
    r.id.unit = code_of(bytes_text(r.s->codes[0]));
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id, .boot = 1, .doors = doors_shut(&r.drawn)};
    assert_int_equal(office_open(&r.hub, &setup, now_is()), 0);
    assert_int_equal(office_load_plan(r.hub, r.s->plan->bytes, now_is()), 0);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    office_close(&r.hub);
    places_free(r.s);
    return folder_remove(r.dir);
}

static enum report at(uint32_t unit, int64_t now)
{
    return report_of(office_fold(r.hub), unit, now, false);
}

// A figure by telephone: entered then, and taken by the hub now.
static uint64_t voted(uint32_t village, unsigned cutoff, unsigned n, int64_t entered,
                      uint64_t replaces)
{
    uint8_t buffer[1024];
    const char *why;
    uint64_t first;
    struct code about = code_of(bytes_text(r.s->codes[r.town]));
    struct record x = places_record(r.s, KIND_TURNOUT, village, 'h');
    x.act = ++r.act;
    x.at = x.entered = entered;
    x.how = HOW_PHONE;
    x.number[TURNOUT_CUTOFF] = cutoff;
    x.number[TURNOUT_VOTED] = n;
    x.n_replaces = replaces != 0;
    x.replaces[0] = replaces;
    int size = record_encode(&x, buffer, sizeof buffer, &why);
    assert_true(size > 0);
    struct bytes b = bytes_of(buffer, (size_t)size);
    struct own_records own = {.records = &b, .n = 1};
    assert_int_equal(office_say(r.hub, &about, &own, now_is(), &first), 0);
    return x.act;
}

static uint32_t head_of(uint32_t village)
{
    return office_plan(r.hub)->units[village].first_ballot;
}

// Not due, due soon, within its grace, missing, on time: and a village that meets in the evening owes
// nothing all day, but its last figure when it closes.
static void test_words_of_a_day(void **state)
{
    (void)state;
    assert_int_equal(at(r.day, at_9 - HOUR), REPORT_NOT_DUE);
    assert_int_equal(at(r.day, at_9 - 5 * MINUTE), REPORT_DUE_SOON);
    assert_int_equal(at(r.day, at_9 + 1),
                     REPORT_DUE_SOON); // the grace of this plan is a millisecond
    assert_int_equal(at(r.day, at_9 + 2), REPORT_MISSING);
    voted(r.day, 1, 100, at_9 - MINUTE, 0);
    assert_int_equal(at(r.day, at_9 + HOUR), REPORT_ON_TIME);
    assert_int_equal(at(r.day, at_11 + HOUR), REPORT_MISSING);
    assert_int_equal(at(r.evening, at_15 + HOUR), REPORT_NOT_DUE);
    assert_int_equal(at(r.evening, at_15 + 6 * HOUR + 2), REPORT_MISSING);
    assert_int_equal(at(r.town, at_9 + HOUR), REPORT_ON_TIME); // of those due by now
    assert_int_equal(report_due(office_plan(r.hub), r.town, HEAD, 1, at_15), 1);
    assert_int_equal(report_due(office_plan(r.hub), r.town, HEAD, 3, at_15 + 7 * HOUR), 2);
    assert_int_equal(report_due(office_plan(r.hub), r.town, HEAD, 0, 0), 2);
}

// Late is what was entered after the grace; what a village entered in time and sent hours later is on
// time, arrived late; a correction does not make late what was in time.
static void test_late_and_arrived_late(void **state)
{
    (void)state;
    r.now = at_11; // what was entered before nine comes now
    uint64_t first = voted(r.day, 1, 100, at_9 - MINUTE, 0);
    struct report_turnout t = report_turnout(r.hub, head_of(r.day), 1);
    assert_false(t.late);
    assert_true(t.arrived_late);
    assert_int_equal(at(r.day, at_9 + HOUR), REPORT_ON_TIME);
    voted(r.day, 1, 120, at_11 - HOUR, first);
    assert_false(report_turnout(r.hub, head_of(r.day), 1).late);
    assert_int_equal(at(r.day, at_9 + HOUR), REPORT_ON_TIME);
    voted(r.day, 2, 150, at_11 + HOUR, 0);
    assert_true(report_turnout(r.hub, head_of(r.day), 2).late);
    assert_false(report_turnout(r.hub, head_of(r.day), 2).arrived_late);
    assert_int_equal(at(r.day, at_11 + 2 * HOUR), REPORT_LATE);
    // A late figure rewrites no earlier one.
    const struct fold *f = office_fold(r.hub);
    assert_int_equal(f->turnouts[head_of(r.day) * 3].voted, 120);
    t = report_turnout(r.hub, head_of(r.day), 3);
    assert_false(t.late || t.arrived_late);
}

// Restricted contests are weighed only for who asks on the machine itself.
static void test_restricted_contests_are_not_weighed(void **state)
{
    (void)state;
    voted(r.day, 1, 100, at_9 - MINUTE, 0);
    const struct fold *f = office_fold(r.hub);
    assert_int_equal(report_of(f, r.day, at_9 + HOUR, false), REPORT_ON_TIME);
    assert_int_equal(report_of(f, r.day, at_9 + HOUR, true),
                     REPORT_MISSING); // the cell's is not here
}

static struct report_missing missing(uint32_t unit, int64_t now)
{
    return report_missing(office_fold(r.hub), unit, now, false);
}

// Whom a commune still owes figures of, since when, and of which cut-off; a vote that is over owes none.
static void test_what_is_missing(void **state)
{
    (void)state;
    assert_int_equal(missing(r.town, at_9 - MINUTE).due, 0);
    struct report_missing m = missing(r.town, at_9 + 2);
    assert_int_equal(m.places, 1);
    assert_int_equal(m.due, 1); // the other one meets in the evening
    assert_int_equal(m.cutoff, 1);
    assert_int_equal(m.since, at_9 + 1);
    m = missing(r.town, at_11 + HOUR); // of the last one due only: figures are cumulative
    assert_int_equal(m.cutoff, 2);
    voted(r.day, 2, 150, at_11 + MINUTE, 0);
    m = missing(r.town, at_11 + HOUR);
    assert_int_equal(m.places, 0);
    assert_int_equal(m.due, 1);
    assert_int_equal(m.cutoff, 0);
    m = missing(r.town, at_15 + 7 * HOUR);
    assert_int_equal(m.places, 2);
    assert_int_equal(m.due, 2);
    assert_int_equal(m.cutoff, 3);
}

static void test_each_cutoff_by_itself(void **state)
{
    (void)state;
    voted(r.day, 2, 150, at_11 + HOUR, 0);
    const struct fold *f = office_fold(r.hub);
    uint32_t b = head_of(r.day);
    assert_int_equal(report_at(f, b, 1, at_11 + HOUR), REPORT_MISSING); // whatever came since
    assert_int_equal(report_at(f, b, 2, at_11 + HOUR), REPORT_LATE);
    assert_int_equal(report_at(f, b, 3, at_15 - 5 * MINUTE), REPORT_DUE_SOON);
    assert_int_equal(report_at(f, b, 3, at_11), REPORT_NOT_DUE);
    assert_int_equal(report_at(f, head_of(r.evening), 1, at_11), REPORT_NOT_DUE);
    voted(r.day, 1, 100, at_9 - MINUTE, 0);
    assert_int_equal(report_at(office_fold(r.hub), b, 1, at_11 + HOUR), REPORT_ON_TIME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words_of_a_day, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_late_and_arrived_late, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_what_is_missing, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_each_cutoff_by_itself, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_restricted_contests_are_not_weighed, open_room,
                                        close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

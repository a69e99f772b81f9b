// test_ringing.c - whom to ring first: the reasons, their order, what a promise silences.
#include "hub/ringing.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MINUTE = 60000 };
static const int64_t now = 1653195600000;

static struct ring_facts overdue(unsigned link, uint32_t places)
{
    return (struct ring_facts){.link = link,
                               .link_since = now - 30 * MINUTE,
                               .report = REPORT_MISSING,
                               .missing = {places, places + 1, 2, now - 10 * MINUTE}};
}

static void test_four_silent_communes_for_four_reasons(void **state)
{
    (void)state;
    struct ring_facts f[4] = {
        // its figures came by telephone: nothing is owed
        {.link = LINK_SILENT, .link_since = now - 60 * MINUTE, .report = REPORT_ON_TIME},
        // it votes in the evening
        {.link = LINK_NEVER_SEEN, .report = REPORT_NOT_DUE},
        // it promised
        overdue(LINK_SILENT, 5),
        // nobody knows anything
        overdue(LINK_SILENT, 1)};
    f[2].calls.last = (struct call){.what = CALL_PROMISED, .at = now - MINUTE, .until = now + 1};
    f[2].calls.promised = now + 1;
    struct ring r[4];
    for (unsigned i = 0; i < 4; i++) {
        f[i].order = i;
        r[i] = ring_judge(&f[i], now);
    }
    assert_int_equal(r[0].reason, RING_NOT);
    assert_false(r[0].asleep);
    assert_int_equal(r[1].reason, RING_NOT);
    assert_int_equal(r[2].reason, RING_NOT);
    assert_true(r[2].asleep);
    assert_int_equal(r[2].changes_at, now + 1);
    qsort(r, 4, sizeof r[0], ring_order);
    assert_int_equal(r[0].order, 3);
    assert_int_equal(r[0].reason, RING_SILENT);
    assert_int_equal(r[0].since, now - 10 * MINUTE);
    // When its time has come and nothing else has, the promise is the first reason.
    struct ring late = ring_judge(&f[2], now + 1);
    assert_int_equal(late.reason, RING_BROKEN);
    assert_int_equal(late.since, now + 1);
    assert_true(ring_order(&late, &r[0]) < 0);
}

static void test_the_order_of_reasons(void **state)
{
    (void)state;
    struct ring_facts f[RING_NOT] = {
        [RING_INCIDENT] = {.link = LINK_CONNECTED,
                           .report = REPORT_ON_TIME,
                           .incident_at = now - RING_ALARM_MS},
        [RING_BROKEN] = overdue(LINK_CONNECTED, 1),
        [RING_SILENT] = overdue(LINK_SILENT, 1),
        [RING_UNSEEN] = overdue(LINK_NEVER_SEEN, 1),
        [RING_STUCK] = overdue(LINK_STUCK, 1),
        [RING_OVERDUE] = overdue(LINK_CONNECTED, 9),
        [RING_SOON] = {.link = LINK_SILENT, .link_since = now - MINUTE, .report = REPORT_DUE_SOON}};
    f[RING_BROKEN].calls.promised = now - MINUTE;
    struct ring r[RING_NOT];
    for (unsigned i = 0; i < RING_NOT; i++) {
        f[i].order = RING_NOT - i;
        r[i] = ring_judge(&f[i], now);
        assert_int_equal(r[i].reason, i);
    }
    for (unsigned i = 1; i < RING_NOT; i++)
        assert_true(ring_order(&r[i - 1], &r[i]) < 0);
}

static void test_within_a_reason(void **state)
{
    (void)state;
    struct ring_facts f = overdue(LINK_SILENT, 3);
    struct ring plain = ring_judge(&f, now), other;
    f.order = 1;
    other = ring_judge(&f, now);
    assert_true(ring_order(&plain, &other) < 0); // the plan's order at last
    f.missing.places = 4;
    other = ring_judge(&f, now);
    assert_true(ring_order(&other, &plain) < 0); // more places first
    f.missing.since--;
    f.missing.places = 1;
    other = ring_judge(&f, now);
    assert_true(ring_order(&other, &plain) < 0); // longer first
    f.calls.last = (struct call){.what = CALL_NO_ANSWER, .at = now};
    other = ring_judge(&f, now);
    assert_true(other.rested);
    assert_true(ring_order(&plain, &other) < 0); // rung a moment ago: behind
    assert_int_equal(other.changes_at, now + RING_REST_MS);
    other = ring_judge(&f, now + RING_REST_MS);
    assert_false(other.rested);
    f.calls.last.what = 0;
    f.calls.held = (struct call){.what = CALL_HELD, .at = now};
    other = ring_judge(&f, now);
    assert_true(ring_order(&plain, &other) < 0); // somebody has it
    assert_int_equal(other.reason, RING_SILENT);
}

static void test_a_promise_of_figures_is_none_about_an_incident(void **state)
{
    (void)state;
    struct ring_facts f = overdue(LINK_SILENT, 3);
    f.calls.promised = now + 10 * MINUTE;
    f.incident_at = now - MINUTE;
    struct ring r = ring_judge(&f, now);
    assert_int_equal(r.reason, RING_NOT);
    assert_true(r.asleep);
    assert_int_equal(r.changes_at, now - MINUTE + RING_ALARM_MS); // earlier than the promise
    r = ring_judge(&f, now - MINUTE + RING_ALARM_MS);
    assert_int_equal(r.reason, RING_INCIDENT);
    assert_false(r.asleep);
}

static void test_a_promise_that_was_kept_is_forgotten(void **state)
{
    (void)state;
    struct ring_facts f = {.link = LINK_SILENT, .report = REPORT_LATE};
    f.calls.promised = now - MINUTE;
    struct ring r = ring_judge(&f, now);
    assert_int_equal(r.reason, RING_NOT);
    f.calls.promised = now + MINUTE;
    r = ring_judge(&f, now);
    assert_false(r.asleep); // nothing is missing: nothing sleeps
    assert_int_equal(r.changes_at, INT64_MAX);
}

static void test_a_machine_with_a_line_is_not_rung_before_its_time(void **state)
{
    (void)state;
    struct ring_facts f = {.link = LINK_CONNECTED, .report = REPORT_DUE_SOON};
    assert_int_equal(ring_judge(&f, now).reason, RING_NOT);
    f.link = LINK_STUCK;
    assert_int_equal(ring_judge(&f, now).reason, RING_SOON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_four_silent_communes_for_four_reasons),
        cmocka_unit_test(test_the_order_of_reasons),
        cmocka_unit_test(test_within_a_reason),
        cmocka_unit_test(test_a_promise_of_figures_is_none_about_an_incident),
        cmocka_unit_test(test_a_promise_that_was_kept_is_forgotten),
        cmocka_unit_test(test_a_machine_with_a_line_is_not_rung_before_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

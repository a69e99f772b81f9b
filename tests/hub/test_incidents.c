// test_incidents.c - in what order incidents are answered, and when one that nobody answered is an alarm.
#include "hub/duty.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static const int64_t now = 1653195600000;

static void test_three_minutes(void **state)
{
    (void)state;
    int64_t next = INT64_MAX;
    struct urgency u = {.open = true, .severity = 1, .came = now - RING_ALARM_MS + 1};
    urgency_judge(&u, now, &next);
    assert_false(u.alarm);
    assert_int_equal(next, now + 1); // then the page reads again
    urgency_judge(&u, now + 1, &next);
    assert_true(u.alarm);
    next = INT64_MAX;
    u.seen = true;
    urgency_judge(&u, now + 1, &next);
    assert_false(u.alarm);
    u.seen = false;
    u.settled = true;
    urgency_judge(&u, now + 1, &next);
    assert_false(u.alarm);
    u = (struct urgency){.severity = 4, .came = now - RING_ALARM_MS};
    urgency_judge(&u, now, &next); // it is over
    assert_false(u.alarm);
    assert_int_equal(next, INT64_MAX);
}

static void test_the_order(void **state)
{
    (void)state;
    struct urgency in_order[] = {{.open = true, .alarm = true, .severity = 3},
                                 {.open = true, .alarm = true, .severity = 1},
                                 {.open = true, .severity = 4},
                                 {.open = true, .severity = 3},
                                 {.open = true, .severity = 3},
                                 {.open = true, .seen = true, .severity = 3},
                                 {.open = true, .severity = 2},
                                 {.open = true, .settled = true, .severity = 4},
                                 {.severity = 4}};
    enum { N = sizeof in_order / sizeof in_order[0] };
    struct urgency mixed[N];
    for (unsigned i = 0; i < N; i++)
        in_order[i].at = i; // of two alike the list's own order stands
    for (unsigned i = 0; i < N; i++)
        mixed[i] = in_order[(i * 4 + 3) % N];
    qsort(mixed, N, sizeof mixed[0], urgency_order);
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(mixed[i].at, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_minutes),
        cmocka_unit_test(test_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

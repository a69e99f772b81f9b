// test_advice.c - when the clerk is told to stop waiting and to ring.
#include "common/office/advice.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { MINUTE = 60000 };
static const int64_t now = 1780000000000;

static enum advice after(int64_t minutes, int64_t left)
{
    struct advice_unsent u = {now - minutes * MINUTE, left ? now + left * MINUTE : 0};
    return advice_of(&u, now);
}

// Far from the end of a cut-off the line has twenty minutes; near it, or behind it, three.
static void test_figures(void **state)
{
    (void)state;
    assert_int_equal(after(0, 60), ADVICE_NONE);
    assert_int_equal(after(1, 60), ADVICE_WAIT);
    assert_int_equal(after(19, 60), ADVICE_WAIT);
    assert_int_equal(after(20, 60), ADVICE_PHONE);
    assert_int_equal(after(2, 10), ADVICE_WAIT);
    assert_int_equal(after(3, 10), ADVICE_PHONE);
    assert_int_equal(after(3, 11), ADVICE_WAIT);
    assert_int_equal(after(3, -30), ADVICE_PHONE);
    assert_int_equal(after(0, -30), ADVICE_NONE);
    assert_int_equal(after(5, 0), ADVICE_WAIT);   // no hour is known
    assert_int_equal(after(-5, 10), ADVICE_NONE); // a clock that was set back
    assert_string_equal(advice_name(ADVICE_PHONE), "phone");
}

static void test_incidents(void **state)
{
    (void)state;
    assert_false(advice_incident(now - 3 * MINUTE + 1, now));
    assert_true(advice_incident(now - 3 * MINUTE, now));
    assert_false(advice_incident(now + MINUTE, now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_incidents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

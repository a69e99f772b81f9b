// test_workdays.c - working days between two days, across weekends, holidays and years.
#include "common/election/workdays.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct plan plan; // its days are all that counts here

static int32_t day(int d, int m, int y)
{
    int32_t n = workdays_date(y, m, d);
    assert_true(n > 0);
    return n;
}

static void off(int32_t first, int32_t last, bool works)
{
    for (int32_t d = first; d <= last; d++)
        plan.days[plan.n_days++] = (struct plan_day){d, works, bytes_text("ngày")};
}

// As the notices for 2026 said: two days of New Year, the second worked a week later; the nine days of Tết; the
// kings' day, a Sunday, with the Monday that makes up for it; 30 April and 1 May.
static int with_2026(void **state)
{
    (void)state;
    plan.n_days = 0;
    off(day(1, 1, 2026), day(2, 1, 2026), false);
    off(day(10, 1, 2026), day(10, 1, 2026), true);
    off(day(14, 2, 2026), day(22, 2, 2026), false);
    off(day(26, 4, 2026), day(27, 4, 2026), false);
    off(day(30, 4, 2026), day(1, 5, 2026), false);
    return 0;
}

// Every day from 1970 to the last one has a date, and the date that day; dates that are none have no day.
static void test_dates(void **state)
{
    (void)state;
    int y = 0, m = 0, d = 0;
    assert_int_equal(workdays_date(1970, 1, 1), 0);
    assert_int_equal(workdays_date(2022, 5, 22), 19134);
    for (int32_t n = 0; n <= PLAN_DAY_LAST; n++) {
        workdays_civil(n, &y, &m, &d);
        assert_int_equal(workdays_date(y, m, d), n);
    }
    assert_int_equal(workdays_date(2023, 2, 29), -1);
    assert_true(workdays_date(2024, 2, 29) > 0);
    assert_int_equal(workdays_date(2100, 2, 29), -1);
    assert_int_equal(workdays_date(2026, 13, 1), -1);
    assert_int_equal(workdays_date(2026, 0, 1), -1);
    assert_int_equal(workdays_date(2026, 4, 31), -1);
    assert_int_equal(workdays_date(2026, 4, 0), -1);
    assert_int_equal(workdays_date(1969, 12, 31), -1);
    assert_int_equal(workdays_date(10000, 1, 1), -1);
}

// A day begins at midnight in Vietnam, which is 17:00 UTC of the day before.
static void test_days_of_vietnam(void **state)
{
    (void)state;
    int32_t n = day(22, 5, 2022);
    int64_t starts = workdays_start(n);
    assert_int_equal(starts % (24 * 3600 * 1000), 17 * 3600 * 1000);
    assert_int_equal(workdays_day(starts), n);
    assert_int_equal(workdays_day(starts - 1), n - 1);
    assert_true(workdays_weekend(n)); // a Sunday
    assert_true(workdays_weekend(n - 1));
    assert_false(workdays_weekend(n + 1));
    assert_false(workdays_weekend(n - 2));
}

// Five working days after Sunday 22 May are over on Friday 27 May; after a Wednesday the weekend lies between.
static void test_weekends(void **state)
{
    (void)state;
    struct plan none = {0};
    assert_int_equal(workdays_after(&none, day(22, 5, 2022), 5), day(27, 5, 2022));
    assert_int_equal(workdays_after(&none, day(25, 5, 2022), 5), day(1, 6, 2022));
    assert_int_equal(workdays_after(&none, day(22, 5, 2022), 0), day(22, 5, 2022));
    assert_int_equal(workdays_between(&none, day(22, 5, 2022), day(27, 5, 2022)), 5);
    assert_int_equal(workdays_between(&none, day(27, 5, 2022), day(29, 5, 2022)), 0);
    assert_int_equal(workdays_between(&none, day(27, 5, 2022), day(27, 5, 2022)), 0);
    assert_int_equal(workdays_between(&none, day(30, 5, 2022), day(27, 5, 2022)), -1);
}

// A vote on Sunday 8 February 2026: five working days are over on Friday 13, six only after the nine days of Tết.
static void test_tet(void **state)
{
    (void)state;
    assert_int_equal(workdays_after(&plan, day(8, 2, 2026), 5), day(13, 2, 2026));
    assert_int_equal(workdays_after(&plan, day(8, 2, 2026), 6), day(23, 2, 2026));
    assert_int_equal(workdays_between(&plan, day(13, 2, 2026), day(23, 2, 2026)), 1);
    assert_false(workdays_is(&plan, day(17, 2, 2026)));
    assert_true(workdays_is(&plan, day(23, 2, 2026)));
}

// The kings' day is a Sunday: the Monday is off too; then Thursday and Friday. Five days after it: 6 May.
static void test_made_up(void **state)
{
    (void)state;
    assert_false(workdays_is(&plan, day(26, 4, 2026)));
    assert_false(workdays_is(&plan, day(27, 4, 2026)));
    assert_true(workdays_is(&plan, day(28, 4, 2026)));
    assert_int_equal(workdays_after(&plan, day(26, 4, 2026), 1), day(28, 4, 2026));
    assert_int_equal(workdays_after(&plan, day(26, 4, 2026), 5), day(6, 5, 2026));
    assert_true(bytes_same(workdays_named(&plan, day(27, 4, 2026))->name, bytes_text("ngày")));
    assert_null(workdays_named(&plan, day(28, 4, 2026)));
}

// A Saturday that is worked in exchange counts.
static void test_worked_saturday(void **state)
{
    (void)state;
    assert_true(workdays_is(&plan, day(10, 1, 2026)));
    assert_false(workdays_is(&plan, day(17, 1, 2026)));
    assert_int_equal(workdays_after(&plan, day(4, 1, 2026), 6), day(10, 1, 2026));
    assert_int_equal(workdays_after(&plan, day(31, 12, 2025), 1), day(5, 1, 2026));
}

// What is after n working days lies n working days ahead, from every day and for every n.
static void test_both_ways(void **state)
{
    (void)state;
    for (int32_t from = day(1, 1, 2026); from < day(1, 6, 2026); from++)
        for (unsigned n = 1; n < 40; n++) {
            int32_t to = workdays_after(&plan, from, n);
            assert_int_equal(workdays_between(&plan, from, to), (int)n);
            assert_true(workdays_is(&plan, to));
        }
}

// Six months on is the same day, or the last of the month.
static void test_months(void **state)
{
    (void)state;
    assert_int_equal(workdays_months(day(22, 5, 2022), 6), day(22, 11, 2022));
    assert_int_equal(workdays_months(day(31, 8, 2023), 6), day(29, 2, 2024));
    assert_int_equal(workdays_months(day(31, 12, 2022), 14), day(29, 2, 2024));
    assert_int_equal(workdays_months(day(1, 1, 2022), 0), day(1, 1, 2022));
}

// Beyond the limit a count ends; a plan full of days off does not hang it.
static void test_limits(void **state)
{
    (void)state;
    struct plan none = {0};
    plan.n_days = 0;
    off(day(1, 1, 2030), day(1, 1, 2030) + PLAN_DAYS_MAX - 1, false);
    assert_int_equal(plan.n_days, PLAN_DAYS_MAX);
    assert_true(workdays_after(&plan, day(1, 1, 2030) - 1, 1) >= day(1, 1, 2030) + PLAN_DAYS_MAX);
    assert_int_equal(workdays_after(&none, 0, WORKDAYS_MAX + 1000),
                     workdays_after(&none, 0, WORKDAYS_MAX));
    assert_true(workdays_between(&none, 0, PLAN_DAY_LAST) < WORKDAYS_MAX);
    assert_true(workdays_between(&none, PLAN_DAY_LAST, 0) > -WORKDAYS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_days_of_vietnam),
        cmocka_unit_test(test_weekends),
        cmocka_unit_test_setup(test_tet, with_2026),
        cmocka_unit_test_setup(test_made_up, with_2026),
        cmocka_unit_test_setup(test_worked_saturday, with_2026),
        cmocka_unit_test_setup(test_both_ways, with_2026),
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

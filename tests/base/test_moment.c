// test_moment.c - times as people write them, by Vietnam's clock; what is no time is none.
#include "common/base/moment.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const int64_t DAY = 1779987600000, HOUR = 3600000,
                     MINUTE = 60000; // 00:00 of 29/05/2026 there
static const int64_t NOW = 1779987600000 + 10 * 3600000;

static void reads(const char *text, int stated, int64_t wanted)
{
    int64_t at = -7;
    assert_int_equal(moment_read(bytes_text(text), NOW, &at), stated);
    assert_int_equal(at, wanted);
}

static void test_clock(void **state)
{
    static const char *const all[] = {"7:05", "07:05", "7h05", "7H05",   "7g05",
                                      "7.05", "0705",  "705",  " 7:05 ", "7:05\xc2\xa0"};
    (void)state;
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        reads(all[i], MOMENT_CLOCK, DAY + 7 * HOUR + 5 * MINUTE);
    reads("0:00", MOMENT_CLOCK, DAY);
    reads("23:59", MOMENT_CLOCK, DAY + 24 * HOUR - MINUTE);
    reads("17h", MOMENT_CLOCK, DAY + 17 * HOUR);
}

static void test_day(void **state)
{
    static const char *const all[] = {"28/05/2026", "28/5/2026", "28-5-2026",
                                      "28.5.2026",  "28/5",      "28/05"};
    (void)state;
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        reads(all[i], MOMENT_DAY, DAY - 24 * HOUR);
    reads("28/5 7:05", MOMENT_DAY | MOMENT_CLOCK, DAY - 17 * HOUR + 5 * MINUTE);
    reads("7h05 28/05/2026", MOMENT_DAY | MOMENT_CLOCK, DAY - 17 * HOUR + 5 * MINUTE);
    reads("29/02/2024", MOMENT_DAY, 1709139600000);
    reads("1780023600000", MOMENT_DAY | MOMENT_CLOCK, 1780023600000);
    reads("0", MOMENT_DAY | MOMENT_CLOCK, 0);
}

static void test_none(void **state)
{
    static const char *const all[] = {"",
                                      " ",
                                      "7",
                                      "24:00",
                                      "7:60",
                                      "7:5",
                                      "7:",
                                      ":05",
                                      "7h5",
                                      "7:05:00",
                                      "2460",
                                      "29/02/2026",
                                      "31/04/2026",
                                      "0/5/2026",
                                      "5/13/2026",
                                      "28/5/26",
                                      "28/5-2026",
                                      "28.5",
                                      "28-5",
                                      "hôm nay",
                                      "-1",
                                      "7:05 8:05",
                                      "1/1 2/1",
                                      "7:05 am",
                                      "7:05 28/5 x",
                                      "28/05/20266",
                                      "2l:05",
                                      "7:05 28/05/2026 and more than fits here",
                                      "1/1/1960",
                                      "253402275600000",
                                      "999999999999999"};
    (void)state;
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        int64_t at = -7;
        if (moment_read(bytes_text(all[i]), NOW, &at) != -EINVAL || at != -7)
            fail_msg("\"%s\" was read as a time", all[i]);
    }
}

// Entered after midnight, 23:50 was yesterday; what has its day, or lies a little ahead, is as stated.
static void test_midnight(void **state)
{
    int64_t at, now = DAY + 20 * MINUTE;
    (void)state;
    int stated = moment_read(bytes_text("23:50"), now, &at);
    assert_int_equal(moment_past(at, stated, now), DAY - 10 * MINUTE);
    stated = moment_read(bytes_text("23:50 29/5"), now, &at);
    assert_int_equal(moment_past(at, stated, now), DAY + 24 * HOUR - 10 * MINUTE);
    stated = moment_read(bytes_text("1:00"), now, &at);
    assert_int_equal(moment_past(at, stated, now), DAY + HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clock), cmocka_unit_test(test_day),
                                       cmocka_unit_test(test_none),
                                       cmocka_unit_test(test_midnight)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_clock.c - the clock goes on, and what is drawn differs.
#include "common/base/clock.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

// Both clocks count milliseconds and the monotonic one never goes back.
static void test_clocks(void **state)
{
    (void)state;
    int64_t before = clock_mono();
    assert_true(clock_now() > 1700000000000 && clock_now() < 4000000000000);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_mono();
        assert_true(now >= before);
        before = now;
    }
}

// Random numbers are never 0 and do not repeat; random bytes fill exactly what was asked for.
static void test_random(void **state)
{
    (void)state;
    uint8_t bytes[34] = {0};
    uint64_t drawn[64];
    clock_random(bytes, 32);
    assert_int_equal(bytes[32] | bytes[33], 0);
    for (int i = 0; i < 64; i++) {
        drawn[i] = clock_random64();
        assert_true(drawn[i] != 0);
        for (int k = 0; k < i; k++)
            assert_true(drawn[i] != drawn[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clocks),
                                       cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

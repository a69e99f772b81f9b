// test_sample.c - places drawn by dice: each once, the same for the same dice, others for others, none left out.
#include "common/election/sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct plan plan;

static void draw(const char *dice, uint32_t n_pool, uint32_t n, uint32_t *ret)
{
    static uint32_t pool[1000];
    for (uint32_t i = 0; i < n_pool; i++)
        pool[i] = i;
    sample_draw(&plan, bytes_text("535"), dice, pool, n_pool, n);
    memcpy(ret, pool, n * sizeof *ret);
}

// Digits 1 to 6, at least ten and at most sixty; blanks, dots, commas and dashes are nothing.
static void test_dice(void **state)
{
    (void)state;
    char dice[SAMPLE_DICE_MAX + 1], most[SAMPLE_DICE_MAX + 2];
    assert_true(sample_dice(bytes_text("12345 61234"), dice));
    assert_string_equal(dice, "1234561234");
    assert_true(sample_dice(bytes_text("1-2.3,4 5-6-1-2-3-4"), dice));
    assert_false(sample_dice(bytes_text("123456123"), dice));
    assert_false(sample_dice(bytes_text("1234567123"), dice));
    assert_false(sample_dice(bytes_text("1234560123"), dice));
    assert_false(sample_dice(bytes_text("12345a61234"), dice));
    assert_false(sample_dice(bytes_text(""), dice));
    memset(most, '6', sizeof most);
    assert_true(sample_dice(bytes_of((uint8_t *)most, SAMPLE_DICE_MAX), dice));
    assert_false(sample_dice(bytes_of((uint8_t *)most, SAMPLE_DICE_MAX + 1), dice));
}

// No place twice; the same dice give the same places, one die more gives others; all of a small pool are drawn.
static void test_draws(void **state)
{
    (void)state;
    uint32_t one[SAMPLE_MAX], two[SAMPLE_MAX], seen[1000] = {0};
    draw("1234561234", 1000, SAMPLE_MAX, one);
    draw("1234561234", 1000, SAMPLE_MAX, two);
    assert_memory_equal(one, two, sizeof one);
    draw("12345612341", 1000, SAMPLE_MAX, two);
    assert_memory_not_equal(one, two, sizeof one);
    for (unsigned i = 0; i < SAMPLE_MAX; i++)
        assert_int_equal(seen[one[i]]++, 0);
    memset(seen, 0, sizeof seen);
    draw("6666666666", 7, 7, one);
    for (unsigned i = 0; i < 7; i++)
        assert_int_equal(seen[one[i]]++, 0);
    draw("6666666666", 1, 1, one);
    assert_int_equal(one[0], 0);
}

// Over many throws every place is drawn about as often as another.
static void test_even(void **state)
{
    (void)state;
    uint32_t seen[20] = {0}, drawn[5];
    char dice[] = "1111111111";
    for (unsigned i = 0; i < 4000; i++) {
        for (unsigned k = 0, v = i; k < 6; k++, v /= 6)
            dice[k] = (char)('1' + v % 6);
        draw(dice, 20, 5, drawn);
        for (unsigned k = 0; k < 5; k++)
            seen[drawn[k]]++;
    }
    for (unsigned i = 0; i < 20; i++)
        assert_in_range(seen[i], 850, 1150); // 1000 each; the deviation is about 27
}

// What the description in sample.h gives, worked out by another program.
static void test_vector(void **state)
{
    (void)state;
    uint32_t drawn[5];
    static const uint32_t expected[5] = {78, 74, 87, 20, 58};
    for (unsigned i = 0; i < HASH_SIZE; i++)
        plan.hash[i] = (uint8_t)i;
    draw("1234561234", 100, 5, drawn);
    assert_memory_equal(drawn, expected, sizeof expected);
    memset(plan.hash, 0, sizeof plan.hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dice),
        cmocka_unit_test(test_draws),
        cmocka_unit_test(test_even),
        cmocka_unit_test(test_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

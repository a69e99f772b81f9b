// test_spoken.c - check digits of a figure that is read out, and the numbers that villages are called by.
#include "common/election/spoken.h"
#include "places.h"

static struct spoken said(uint64_t place, uint64_t cutoff, uint64_t figure)
{
    return (struct spoken){place, cutoff, figure};
}

static void test_example(void **state)
{
    struct spoken s = said(5, 2, 214), none = said(1000, 1, 1);
    (void)state;
    assert_int_equal(spoken_check(&s), 98 - 502000214ull * 100 % 97);
    assert_true(spoken_fits(&s, spoken_check(&s)));
    assert_int_equal(spoken_check(&none), 0); // cannot be read out
    assert_false(spoken_fits(&none, 0));
    assert_int_equal(spoken_check(&(struct spoken){1, 100, 1}), 0);
    assert_int_equal(spoken_check(&(struct spoken){1, 1, 1000000}), 0);
}

// Of the digits of a figure, one wrong and two neighbours swapped; every other village and cut-off.
static void test_every_slip_of_one_kind_is_found(void **state)
{
    (void)state;
    for (uint64_t place = 1; place <= 30; place += 7)
        for (uint64_t figure = 0; figure < 3000; figure += 13) {
            struct spoken s = said(place, 3, figure);
            unsigned check = spoken_check(&s);
            assert_in_range(check, 2, 98);
            for (uint64_t unit = 1; unit <= 1000; unit *= 10) {
                uint64_t digit = figure / unit % 10, next = figure / unit / 10 % 10;
                for (uint64_t d = 0; d < 10; d++) {
                    struct spoken wrong = said(place, 3, figure - digit * unit + d * unit);
                    assert_true(d == digit || !spoken_fits(&wrong, check));
                }
                struct spoken swapped = said(place, 3, figure);
                swapped.figure =
                    figure - digit * unit - next * unit * 10 + next * unit + digit * unit * 10;
                assert_true(digit == next || !spoken_fits(&swapped, check));
            }
            for (uint64_t other = 1; other <= 97; other++)
                assert_true(other == place ||
                            !spoken_fits(&(struct spoken){other, 3, figure}, check));
            for (uint64_t cutoff = 1; cutoff <= 16; cutoff++)
                assert_true(cutoff == 3 ||
                            !spoken_fits(&(struct spoken){place, cutoff, figure}, check));
            for (unsigned c = 0; c < 100; c++)
                assert_true(c == check || !spoken_fits(&s, c));
        }
}

static struct places *commune(unsigned n, const char *const *names)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct places *s = places_new(3, levels);
    places_add(s, PLAN_NONE, "Ba Tơ", 0);
    places_add(s, 0, "Ba Xa", 0);
    for (unsigned i = 0; i < n; i++)
        places_add(s, 1, names[i], 100);
    places_open(s);
    return s;
}

static void numbers(unsigned n, const char *const *names, const unsigned *expected)
{
    struct places *s = commune(n, names);
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(spoken_place(s->plan, 2 + i), expected[i]);
        assert_int_equal(spoken_unit(s->plan, 1, expected[i]), 2 + i);
    }
    assert_int_equal(spoken_place(s->plan, 1), 0);
    assert_int_equal(spoken_unit(s->plan, 1, 0), PLAN_NONE);
    assert_int_equal(spoken_unit(s->plan, 1, 500), PLAN_NONE);
    places_free(s);
}

// A village is called by the number in its name, where that says which; the others are counted on.
static void test_numbers_of_villages(void **state)
{
    (void)state;
    numbers(3, (const char *const[]){"Thôn 2", "Thôn 9", "Thôn 10 (diễn tập)"},
            (const unsigned[]){2, 9, 10});
    numbers(3, (const char *const[]){"Thôn 2", "Tổ 2", "Thôn 10"}, (const unsigned[]){11, 12, 10});
    numbers(3, (const char *const[]){"Thôn 2", "Làng Mâm", "Thôn 10"},
            (const unsigned[]){2, 11, 10});
    numbers(2, (const char *const[]){"Làng Mâm", "Làng Nước"}, (const unsigned[]){1, 2});
    numbers(2, (const char *const[]){"Thôn 2", "Tổ 2"}, (const unsigned[]){3, 4});
    numbers(2, (const char *const[]){"Thôn 1000", "Thôn 7"}, (const unsigned[]){8, 7});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example),
        cmocka_unit_test(test_every_slip_of_one_kind_is_found),
        cmocka_unit_test(test_numbers_of_villages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

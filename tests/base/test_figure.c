// test_figure.c - the one number rule: what is a figure, and what is said of all else.
#include "common/base/figure.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define NBSP   "\xc2\xa0"
#define NARROW "\xe2\x80\xaf"

static void good(const char *text, uint64_t wanted)
{
    uint64_t got = 77;
    assert_int_equal(figure_read(bytes_text(text), &got), FIGURE_GOOD);
    assert_int_equal(got, wanted);
}

// Digits, or groups of three with dots or with blanks of any kind; blanks around do not count.
static void test_figures(void **state)
{
    (void)state;
    good("0", 0);
    good("214", 214);
    good("0705", 705);
    good(" 3452 ", 3452);
    good(NBSP "12" NARROW, 12);
    good("3.452", 3452);
    good("1.234.567", 1234567);
    good("3 452", 3452);
    good("1" NBSP "234" NBSP "567", 1234567);
    good("1" NARROW "234 567", 1234567); // a blank is a blank
    good("999999999999999", FIGURE_MAX);
}

static void bad(const char *text, enum figure_fault wanted)
{
    uint64_t got = 77;
    char why[FIGURE_WHY];
    assert_int_equal(figure_read(bytes_text(text), &got), wanted);
    assert_int_equal(got, 77); // untouched: nobody reads half a figure
    for (unsigned i = 0; i < LANGUAGES; i++) {
        figure_why(wanted, bytes_text(text), (enum language)i, why);
        assert_null(strstr(why, "figure_")); // a sentence, not its key
        assert_null(strstr(why, "{seen}"));
        if (wanted != FIGURE_EMPTY && strlen(text) < 20 && text[0] != ' ')
            assert_non_null(strstr(why, text)); // it names what it saw
    }
}

// What is refused is told by what it is, and repeated as it was written.
static void test_refused(void **state)
{
    (void)state;
    bad("", FIGURE_EMPTY);
    bad("  " NBSP, FIGURE_EMPTY);
    bad("98 %", FIGURE_PERCENT);
    bad("98%", FIGURE_PERCENT);
    bad("44,04 %", FIGURE_PERCENT);
    bad("2l4", FIGURE_LETTERS);
    bad("21O", FIGURE_LETTERS);
    bad("1e3", FIGURE_LETTERS);
    bad("0x10", FIGURE_LETTERS);
    bad("214 phieu", FIGURE_LETTERS);
    bad("3,452", FIGURE_COMMA);
    bad("44,04", FIGURE_COMMA);
    bad("3.45", FIGURE_GROUPS);
    bad("1.2345", FIGURE_GROUPS);
    bad(".345", FIGURE_GROUPS);
    bad("345.", FIGURE_GROUPS);
    bad("1..234", FIGURE_GROUPS);
    bad("3452.000", FIGURE_GROUPS);
    bad("0.123", FIGURE_GROUPS); // a part of one, not a hundred and twenty-three
    bad("1.234 567", FIGURE_GROUPS);
    bad("12 34", FIGURE_GROUPS);
    bad("-5", FIGURE_SIGN);
    bad("+5", FIGURE_SIGN);
    bad("(5)", FIGURE_SIGN);
    bad("1000000000000000", FIGURE_BIG);
    bad("99999999999999999999999999", FIGURE_BIG);
    bad("ba", FIGURE_OTHER);
    bad("1/2", FIGURE_OTHER);
    bad("２１４", FIGURE_OTHER); // digits of another script
    bad("<b>1</b>", FIGURE_LETTERS);
}

// A long text is repeated in part only, and never with half a character.
static void test_long(void **state)
{
    (void)state;
    char text[400] = "", why[FIGURE_WHY];
    while (strlen(text) < 390)
        strcat(text, "ắ");
    bad(text, FIGURE_OTHER);
    figure_why(FIGURE_OTHER, bytes_text(text), LANGUAGE_VI, why);
    assert_non_null(strstr(why, "ắ…\""));
    assert_true(strlen(why) < 300);
}

static void percent(const char *text, bool bare, uint64_t wanted)
{
    uint64_t got = 7777777;
    enum figure_fault fault = figure_read_percent(bytes_text(text), bare, &got);
    assert_int_equal(fault == FIGURE_GOOD ? got : 7777777, wanted);
}

// A part is read in hundredths; bare digits only where nothing else can be meant.
static void test_percent(void **state)
{
    (void)state;
    const uint64_t not = 7777777;
    percent("44,04", false, 4404);
    percent("44.04 %", false, 4404);
    percent("44,4%", false, 4440);
    percent("44%", false, 4400);
    percent("100 %%", false, 10000); // a page adds its own sign
    percent("44", true, 4400);
    percent("44", false, not );
    percent("", true, not );
    percent("%", true, not );
    percent("44,045", true, not );
    percent("44,", true, not );
    percent(",5", true, not );
    percent("1000", true, not );
    percent("4 4%", true, not );
    percent("-4%", true, not );
}

static void test_written(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        const char *text;
    } all[] = {{0, "0"},
               {12, "12"},
               {999, "999"},
               {1000, "1.000"},
               {3452, "3.452"},
               {1234567, "1.234.567"},
               {UINT64_MAX, "18.446.744.073.709.551.615"}};
    char text[FIGURE_TEXT];
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        uint64_t back;
        assert_string_equal(figure_write(all[i].n, text), all[i].text);
        if (all[i].n <= FIGURE_MAX) {
            assert_int_equal(figure_read(bytes_text(text), &back), FIGURE_GOOD);
            assert_int_equal(back, all[i].n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures), cmocka_unit_test(test_refused), cmocka_unit_test(test_long),
        cmocka_unit_test(test_percent), cmocka_unit_test(test_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_planrepair.c - one cell at a time: numbers, hours, words, names, and tables of any shape.
#include "common/office/plangrid.h"
#include "common/office/planrepair.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// A number has one meaning, a probable one, or none; it is never guessed silently.
static void test_voters(void **state)
{
    static const struct {
        const char *cell;
        enum reading reading;
        uint32_t n;
        enum number_fault fault;
    } cases[] = {
        {"412", READ_PLAIN, 412, 0},
        {"3.452", READ_NOTED, 3452, 0},
        {"3 452", READ_NOTED, 3452, 0},
        {"3\xc2\xa0"
         "452",
         READ_NOTED, 3452, 0},
        {"3452.0", READ_NOTED, 3452, 0},
        {"412.00", READ_NOTED, 412, 0},
        {"412 người", READ_NOTED, 412, 0},
        {"412 cử tri", READ_NOTED, 412, 0},
        {"3,452", READ_PROPOSED, 3452, 0},
        {"3.45", READ_PROPOSED, 3450, 0},
        {"3.4", READ_PROPOSED, 3400, 0},
        {"98%", READ_WRONG, 0, NUMBER_PERCENT},
        {"98,5 %", READ_WRONG, 0, NUMBER_PERCENT},
        {"0.98", READ_WRONG, 0, NUMBER_PERCENT},
        {"khoảng 300", READ_WRONG, 0, NUMBER_OTHER},
        {"2l4", READ_WRONG, 0, NUMBER_OTHER},
        {"1.23.456", READ_WRONG, 0, NUMBER_OTHER},
        {"-5", READ_WRONG, 0, NUMBER_OTHER},
        {"0", READ_WRONG, 0, NUMBER_ZERO},
        {"345.200", READ_WRONG, 0, NUMBER_BIG},
        {"999999999999999999999", READ_WRONG, 0, NUMBER_OTHER},
        {"99999", READ_PLAIN, 99999, 0},
        {"100000", READ_WRONG, 0, NUMBER_BIG},
        {"", READ_EMPTY, 0, 0},
        {"chưa có", READ_EMPTY, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t n;
        enum number_fault fault;
        enum reading r = repair_voters(cases[i].cell, &n, &fault);
        if (r != cases[i].reading)
            fail_msg("\"%s\" is read as %d", cases[i].cell, (int)r);
        if (r == READ_WRONG)
            assert_int_equal(fault, cases[i].fault);
        else
            assert_int_equal(n, cases[i].n);
    }
}

// Hours and days are read as offices write them, and as a spreadsheet keeps them.
static void test_moments(void **state)
{
    static const struct {
        const char *cell;
        enum reading reading;
        struct moment m;
    } cases[] = {
        {"07:00", READ_PLAIN, {-1, -1, -1, 420}},
        {"7h30", READ_PLAIN, {-1, -1, -1, 450}},
        {"7 giờ 30 phút", READ_PLAIN, {-1, -1, -1, 450}},
        {"7g", READ_PLAIN, {-1, -1, -1, 420}},
        {"19:30:00", READ_PLAIN, {-1, -1, -1, 1170}},
        {"7:30 PM", READ_PLAIN, {-1, -1, -1, 1170}},
        {"0.2916666666666667", READ_NOTED, {-1, -1, -1, 420}},
        {"46040", READ_NOTED, {2026, 1, 18, -1}},
        {"46040.2916666667", READ_NOTED, {2026, 1, 18, 420}},
        {"18/01/2026", READ_PLAIN, {2026, 1, 18, -1}},
        {"18-1-26", READ_PLAIN, {2026, 1, 18, -1}},
        {"18/01/2026 07:00", READ_PLAIN, {2026, 1, 18, 420}},
        {"07:00 18/01/2026", READ_PLAIN, {2026, 1, 18, 420}},
        {"2026-01-18 07:00", READ_PLAIN, {2026, 1, 18, 420}},
        {"ngày 18 tháng 1 năm 2026", READ_PLAIN, {2026, 1, 18, -1}},
        {"18/01", READ_NOTED, {-1, 1, 18, -1}},
        {"01/18/2026", READ_PROPOSED, {2026, 1, 18, -1}},
        {"1899-12-30 07:00", READ_PLAIN, {-1, -1, -1, 420}},
        {"31/02/2026", READ_WRONG, {-1, -1, -1, -1}},
        {"25:00", READ_WRONG, {-1, -1, -1, -1}},
        {"sáng", READ_WRONG, {-1, -1, -1, -1}},
        {"", READ_EMPTY, {-1, -1, -1, -1}},
    };
    struct moment m;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum reading r = repair_moment(cases[i].cell, &m);
        if (r != cases[i].reading)
            fail_msg("\"%s\" is read as %d", cases[i].cell, (int)r);
        assert_int_equal(m.year, cases[i].m.year);
        assert_int_equal(m.month, cases[i].m.month);
        assert_int_equal(m.day, cases[i].m.day);
        assert_int_equal(m.minute, cases[i].m.minute);
    }
    assert_int_equal(repair_hour("7", &m), READ_PROPOSED);
    assert_int_equal(m.minute, 420);
    assert_int_equal(repair_hour("7.30", &m), READ_PROPOSED);
    assert_int_equal(m.minute, 450);
}

// Words stand for yes and no, for the form of voting, for kinds of villages.
static void test_words(void **state)
{
    bool yes;
    int year = 0;
    const char *method;
    (void)state;
    assert_true(repair_yes("X", &yes) == READ_PLAIN && yes);
    assert_true(repair_yes("Có", &yes) == READ_PLAIN && yes);
    assert_true(repair_yes("Nữ", &yes) == READ_PLAIN && yes);
    assert_true(repair_yes("nam", &yes) == READ_PLAIN && !yes);
    assert_true(repair_yes("-", &yes) == READ_PLAIN && !yes);
    assert_int_equal(repair_yes("chắc là có", &yes), READ_WRONG);
    assert_int_equal(repair_method("Bỏ phiếu kín", &method), READ_PLAIN);
    assert_string_equal(method, "secret_ballot");
    assert_int_equal(repair_method("giơ tay biểu quyết", &method), READ_PLAIN);
    assert_string_equal(method, "show_of_hands");
    assert_int_equal(repair_method("Phát phiếu lấy ý kiến", &method), READ_PLAIN);
    assert_string_equal(method, "household_ballot");
    assert_int_equal(repair_method("bưu điện", &method), READ_WRONG);
    assert_int_equal(repair_birth("1975", &year), READ_PLAIN);
    assert_int_equal(repair_birth("12/03/1975", &year), READ_NOTED);
    assert_int_equal(year, 1975);
    assert_int_equal(repair_birth("75 tuổi", &year), READ_WRONG);
    assert_string_equal(repair_kind("to dan pho 3"), "to dan pho");
    assert_null(repair_kind("thong nhat"));
}

// What was done to a name is said bit by bit; what cannot be read gives no name.
static void test_names(void **state)
{
    char to[REPAIR_NAME_MAX], longer[REPAIR_NAME_MAX + 10];
    (void)state;
    assert_int_equal(repair_name("Thôn Hạ", false, to), 0);
    assert_string_equal(to, "Thôn Hạ");
    assert_int_equal(repair_name("Tho\xcc\x82n Hạ", false, to), NAME_NFC);
    assert_int_equal(repair_name("Thôn  Hạ", false, to), NAME_BLANKS);
    assert_int_equal(repair_name("Thôn\xe2\x80\x8b Hạ", false, to), NAME_HIDDEN);
    assert_string_equal(to, "Thôn Hạ");
    assert_int_equal(repair_name("Th«n H¹", true, to), NAME_TCVN3);
    assert_string_equal(to, "Thôn Hạ");
    assert_int_equal(repair_name("Thoân Haï", false, to), NAME_VNI);
    assert_string_equal(to, "");
    assert_int_equal(repair_name("Hà Nam", true, to), NAME_UNREADABLE); // of an unknown code page
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    assert_int_equal(repair_name(longer, false, to), NAME_LONG);
    longer[REPAIR_NAME_MAX - 1] = 0;
    assert_int_equal(repair_name(longer, false, to), 0);
}

static void expect_cell(const char *text, size_t n, unsigned row, int column, const char *wanted)
{
    struct faults faults = {0};
    struct grid g;
    grid_read(&g, bytes_of(text, n), false, &faults);
    assert_int_equal(faults.n, 0);
    assert_string_equal(grid_cell(&g, row, column), wanted);
    grid_free(&g);
}

// The separator is that of the rows, whatever the titles hold; blank rows keep their numbers.
static void test_grid(void **state)
{
    static const char semicolons[] =
        "\xef\xbb\xbfThôn, bản, tổ;;\r\n\r\na;b;\"c;\"\"1\"\"\"\r\n1;2;3\r\n";
    static const char tabs[] = "a;b\tc\t d \n1\t2\t3\n";
    static const char utf16[] = "\xff\xfe"
                                "a\0\t\0b\0\t\0\xf4\0\n\0";
    struct faults faults = {0};
    struct grid g;
    (void)state;
    expect_cell(semicolons, sizeof semicolons - 1, 0, 0, "Thôn, bản, tổ");
    expect_cell(semicolons, sizeof semicolons - 1, 1, 2, "c;\"1\"");
    expect_cell(semicolons, sizeof semicolons - 1, 2, 3, "");
    expect_cell(semicolons, sizeof semicolons - 1, 9, 0, "");
    expect_cell(tabs, sizeof tabs - 1, 0, 0, "a;b");
    expect_cell(tabs, sizeof tabs - 1, 0, 2, "d");
    expect_cell(utf16, sizeof utf16 - 1, 0, 2, "ô");
    expect_cell("Th\xabn,b,c\n", 9, 0, 0, "Th«n");
    expect_cell("", 0, 0, 0, "");
    grid_read(&g, bytes_of(semicolons, sizeof semicolons - 1), false, &faults);
    assert_int_equal(g.rows[1].line, 3);
    grid_free(&g);
    grid_read(&g, bytes_text("a,b,c\n1,\"2,3\n4,5,6\n"), false, &faults);
    assert_int_equal(faults.n, 1);
    assert_int_equal(faults.at[0].line, 2);
    assert_string_equal(grid_cell(&g, 1, 2), "6");
    grid_free(&g);
    faults_clear(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voters), cmocka_unit_test(test_moments), cmocka_unit_test(test_words),
        cmocka_unit_test(test_names),  cmocka_unit_test(test_grid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

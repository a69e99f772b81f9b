// test_calls.c - calls and promises: what stands after them, what survives, how many are kept.
#include "common/office/calls.h"
#include "common/base/savefile.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MINUTE = 60000 };
static const int64_t noon = 1653195600000; // 12:00 of 22/05/2022 in Vietnam
static char dir[64];

static int setup(void **state)
{
    (void)state;
    return folder_make(dir, "calls");
}

static int teardown(void **state)
{
    (void)state;
    return folder_remove(dir);
}

static int add(struct calls *c, const char *unit, enum call_what what, int64_t at, int64_t until)
{
    struct code code = code_of(bytes_text(unit));
    struct call call = {.what = what, .at = at, .until = until, .by = "mai"};
    return calls_add(c, &code, &call);
}

static struct call_state state_of(const struct calls *c, const char *unit)
{
    struct call_state s;
    calls_state(c, bytes_text(unit), &s);
    return s;
}

static void test_what_stands(void **state)
{
    struct calls *c;
    (void)state;
    calls_open(&c, dir);
    assert_int_equal(state_of(c, "1").last.what, 0);
    assert_int_equal(add(c, "1", CALL_NO_ANSWER, noon, 0), 0);
    assert_int_equal(add(c, "1", CALL_PROMISED, noon + 1, noon + 15 * MINUTE), 0);
    assert_int_equal(state_of(c, "1").promised, noon + 15 * MINUTE);
    assert_int_equal(add(c, "1", CALL_NO_ANSWER, noon + 2, 0), 0); // it does not undo the promise
    assert_int_equal(state_of(c, "1").last.what, CALL_NO_ANSWER);
    assert_int_equal(state_of(c, "1").promised, noon + 15 * MINUTE);
    assert_int_equal(add(c, "1", CALL_REACHED, noon + 3, 0), 0); // what was said since does
    assert_int_equal(state_of(c, "1").promised, 0);
    assert_int_equal(add(c, "1", CALL_HELD, noon + 4, 0), 0);
    assert_string_equal(state_of(c, "1").held.by, "mai");
    assert_int_equal(state_of(c, "1").last.what, CALL_REACHED);
    assert_int_equal(add(c, "1", CALL_LEFT, noon + 5, 0), 0);
    assert_int_equal(state_of(c, "1").held.what, 0);
    calls_close(&c);
    assert_null(c);
}

static void test_a_start_finds_them(void **state)
{
    struct calls *c;
    struct call call;
    (void)state;
    calls_open(&c, dir);
    add(c, "2", CALL_PROMISED, noon, noon + MINUTE);
    add(c, "10", CALL_HELD, noon, 0);
    add(c, "2", CALL_NO_ANSWER, noon + 1, 0);
    calls_close(&c);
    calls_open(&c, dir);
    assert_int_equal(calls_faults(c)->n, 0);
    assert_int_equal(state_of(c, "2").promised, noon + MINUTE);
    assert_int_equal(state_of(c, "10").held.what, CALL_HELD);
    assert_true(calls_at(c, bytes_text("2"), 0, &call));
    assert_int_equal(call.what, CALL_NO_ANSWER);
    assert_true(calls_at(c, bytes_text("2"), 1, &call));
    assert_int_equal(call.what, CALL_PROMISED);
    assert_false(calls_at(c, bytes_text("2"), 2, &call));
    calls_close(&c);
}

static void test_what_is_refused(void **state)
{
    struct calls *c;
    (void)state;
    calls_open(&c, dir);
    assert_int_equal(add(c, "1", CALL_PROMISED, noon, noon), -EINVAL);
    assert_int_equal(add(c, "1", CALL_PROMISED, noon, noon + PROMISE_MAX_MS + 1), -EINVAL);
    assert_int_equal(add(c, "1", CALL_REACHED, noon, noon + 1), -EINVAL);
    assert_int_equal(add(c, "1", 0, noon, 0), -EINVAL);
    assert_int_equal(state_of(c, "1").last.what, 0);
    calls_close(&c);
}

static void test_the_newest_of_a_unit_are_kept(void **state)
{
    struct calls *c;
    struct call call;
    (void)state;
    calls_open(&c, dir);
    assert_int_equal(add(c, "1", CALL_HELD, noon, 0), 0);
    for (int i = 1; i <= CALLS_OF_UNIT_MAX + 3; i++)
        assert_int_equal(add(c, "1", CALL_NO_ANSWER, noon + i, 0), 0);
    assert_true(calls_at(c, bytes_text("1"), 0, &call));
    assert_int_equal(call.at, noon + CALLS_OF_UNIT_MAX + 3);
    assert_true(calls_at(c, bytes_text("1"), CALLS_OF_UNIT_MAX - 1, &call));
    assert_int_equal(call.at, noon + 4);
    assert_false(calls_at(c, bytes_text("1"), CALLS_OF_UNIT_MAX, &call));
    assert_int_equal(state_of(c, "1").held.at, noon); // however many calls there were
    calls_close(&c);
}

static void save(const char *text, size_t n)
{
    assert_int_equal(savefile_write(dir, CALLS_FILE, bytes_of(text, n)), 0);
}

static void test_more_units_than_are_kept(void **state)
{
    struct calls *c;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    (void)state;
    assert_non_null(to);
    fputs("unit,at,what,until,by\n", to);
    for (int i = 0; i <= CALLS_UNITS_MAX; i++)
        fprintf(to, "u%d,1,reached,,mai\n", i);
    fclose(to);
    save(text, size);
    free(text);
    calls_open(&c, dir);
    assert_int_equal(calls_faults(c)->n, 1);
    assert_int_equal(calls_faults(c)->at[0].line, CALLS_UNITS_MAX + 2);
    assert_int_equal(add(c, "another", CALL_REACHED, noon, 0), -ENOSPC);
    assert_int_equal(add(c, "u7", CALL_REACHED, noon, 0), 0);
    calls_close(&c);
}

static void test_a_damaged_table_serves_and_is_kept_aside(void **state)
{
    static const char text[] = "unit,at,what,until,by\n"
                               "1,5,reached,,mai\n"
                               "2,5,sang,,mai\n"
                               "3,yesterday,reached,,mai\n"
                               "4,99999999999999999999999,reached,,mai\n"
                               "5,5,promi";
    struct calls *c;
    uint8_t *kept = NULL;
    size_t n = 0;
    (void)state;
    save(text, sizeof text - 1);
    calls_open(&c, dir);
    assert_int_equal(calls_faults(c)->n, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(calls_faults(c)->at[i].line, 3 + i);
    assert_int_equal(state_of(c, "1").last.what, CALL_REACHED);
    assert_int_equal(add(c, "9", CALL_REACHED, noon, 0), 0);
    assert_int_equal(savefile_read(dir, CALLS_FILE ".damaged", 1 << 20, &kept, &n), 0);
    assert_int_equal(n, sizeof text - 1);
    assert_memory_equal(kept, text, n);
    free(kept);
    calls_close(&c);
}

static void test_what_is_not_on_disk_is_not_shown(void **state)
{
    struct calls *c;
    (void)state;
    calls_open(&c, dir);
    assert_int_equal(add(c, "1", CALL_REACHED, noon, 0), 0);
    assert_int_equal(folder_remove(dir), 0);
    assert_true(add(c, "1", CALL_NO_ANSWER, noon, 0) < 0);
    assert_true(add(c, "2", CALL_NO_ANSWER, noon, 0) < 0);
    assert_int_equal(state_of(c, "1").last.what, CALL_REACHED);
    assert_int_equal(state_of(c, "2").last.what, 0);
    calls_close(&c);
}

static void test_when_a_promise_is_for(void **state)
{
    int64_t at;
    (void)state;
    static const struct {
        const char *text;
        int minutes; // after noon; 0: refused
    } cases[] = {{"12:15", 15}, {"12h15", 15}, {"12g05", 5}, {"13h", 60},   {"+15", 15},
                 {"0:00", 720}, {"", 0},       {"12", 0},    {"+0", 0},     {"+99999", 0},
                 {"11:59", 0},  {"25:00", 0},  {"sáng", 0},  {"12:60", 0},  {"12:15:00000", 0},
                 {"h", 0},      {"12::15", 0}, {"+", 0},     {"12:1567", 0}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int rc = calls_promise(bytes_text(cases[i].text), noon, &at);
        if (cases[i].minutes == 0 && rc == 0)
            fail_msg("\"%s\" is taken", cases[i].text);
        if (cases[i].minutes != 0 && (rc < 0 || at != noon + cases[i].minutes * MINUTE))
            fail_msg("\"%s\" is not %d minutes", cases[i].text, cases[i].minutes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_stands, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_start_finds_them, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_newest_of_a_unit_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_more_units_than_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_table_serves_and_is_kept_aside, setup,
                                        teardown),
        cmocka_unit_test_setup(test_what_is_not_on_disk_is_not_shown, setup),
        cmocka_unit_test(test_when_a_promise_is_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

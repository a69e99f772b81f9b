// test_zpl.c - what a ZPL file says, and which line is wrong.
#include "common/base/zpl.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct seen {
    char text[4096]; // "line path=value;" of every value
    size_t n;
    unsigned stop_at;
};

static int note(void *ctx, const char *path, struct bytes value, unsigned line)
{
    struct seen *s = ctx;
    if (line == s->stop_at)
        return -ERANGE;
    s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%u %s=%.*s;", line, path,
                             (int)value.n, (const char *)value.at);
    return 0;
}

static struct zpl_fault fault;
static int reads(struct seen *s, const char *text)
{
    s->n = 0;
    s->text[0] = 0;
    return zpl_read(bytes_text(text), note, s, &fault);
}

// Every value comes with the path of the names above it and with its line.
static void test_values(void **state)
{
    (void)state;
    struct seen s = {0};
    assert_int_equal(
        reads(&s, "# top\n\na = 1\nlink   # here\n    listen = 127.0.0.1:1 # why\n    deep\n"
                  "        x='a # \"b\"'  # c\n    end =\nb = \" two \"\n"),
        0);
    assert_string_equal(
        s.text, "3 a=1;5 link/listen=127.0.0.1:1;7 link/deep/x=a # \"b\";8 link/end=;9 b= two ;");
    assert_int_equal(reads(&s, "\xef\xbb\xbf"
                               "a = b c\r\nd = e"),
                     0);
    assert_string_equal(s.text, "1 a=b c;2 d=e;");
    assert_int_equal(reads(&s, ""), 0);
    assert_string_equal(s.text, "");
    assert_int_equal(reads(&s, "a = x = y\n"), 0);
    assert_string_equal(s.text, "1 a=x = y;");
}

// The same name under two parents is two names.
static void test_same_name_elsewhere(void **state)
{
    (void)state;
    struct seen s = {0};
    assert_int_equal(reads(&s, "a\n    x = 1\nb\n    x = 2\n"), 0);
    assert_string_equal(s.text, "2 a/x=1;4 b/x=2;");
}

// What is wrong is refused with its line, and the lines behind it are not read.
static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
    } cases[] = {
        {"a = 1\nb = 2\na = 3\n", 3},
        {"s\n    x = 1\nt = 2\ns\n", 4},
        {"a\n  b = 1\n", 2},
        {"a\n        b = 1\n", 2},
        {"    b = 1\n", 1},
        {"a\n\tb = 1\n", 2},
        {"a = \"open\n", 1},
        {"a = \"x\" y\n", 1},
        {"a = b#c\n", 1},
        {"a b\n", 1},
        {"a: b\n", 1},
        {"= b\n", 1},
        {"a/b = 1\n", 1},
        {"a#b\n", 1},
        {"ok = 1\na = \xff\n", 2},
        {"a = b\x01\n", 1},
        {"a\n    b\n        c\n            d\n                e\n                    f\n"
         "                        g\n                            h\n                               "
         " i\n",
         9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct seen s = {0};
        assert_int_equal(reads(&s, cases[i].text), -EBADMSG);
        assert_int_equal(fault.line, cases[i].line);
        assert_non_null(fault.why);
    }
}

// What the caller refuses comes back as it is, with the line.
static void test_caller_stops(void **state)
{
    (void)state;
    struct seen s = {.stop_at = 2};
    assert_int_equal(reads(&s, "a = 1\nb = 2\nc = 3\n"), -ERANGE);
    assert_string_equal(s.text, "1 a=1;");
    assert_int_equal(fault.line, 2);
    assert_null(fault.why);
}

static int count(void *ctx, const char *path, struct bytes value, unsigned line)
{
    (void)path, (void)value, (void)line;
    ++*(unsigned *)ctx;
    return 0;
}

// The limits are exact: as many names, and a path as long, as are allowed, and one more is refused.
static void test_limits(void **state)
{
    (void)state;
    char *text = malloc(20 * (ZPL_NAMES_MAX + 1));
    size_t n = 0, before = 0;
    unsigned n_values = 0;
    for (int i = 0; i <= ZPL_NAMES_MAX; i++) {
        before = n;
        n += (size_t)sprintf(text + n, "n%d = 1\n", i);
    }
    assert_int_equal(zpl_read(bytes_of(text, before), count, &n_values, &fault), 0);
    assert_int_equal(n_values, ZPL_NAMES_MAX);
    assert_int_equal(zpl_read(bytes_of(text, n), count, &n_values, &fault), -EBADMSG);
    assert_int_equal(fault.line, ZPL_NAMES_MAX + 1);
    memset(text, 'a', ZPL_PATH_MAX + 1);
    assert_int_equal(zpl_read(bytes_of(text, ZPL_PATH_MAX - 1), count, &n_values, &fault), 0);
    assert_int_equal(zpl_read(bytes_of(text, ZPL_PATH_MAX), count, &n_values, &fault), -EBADMSG);
    free(text);
}

// A value can be written in the quote that it does not hold; with both, or a line break, in none.
static void test_quote(void **state)
{
    (void)state;
    assert_int_equal(zpl_quote(bytes_text("a 'b'")), '"');
    assert_int_equal(zpl_quote(bytes_text("a \"b\"")), '\'');
    assert_int_equal(zpl_quote(bytes_text("'\"")), 0);
    assert_int_equal(zpl_quote(bytes_text("a\nb")), 0);
    assert_int_equal(zpl_quote(bytes_text("")), '"');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_same_name_elsewhere),
        cmocka_unit_test(test_faults), cmocka_unit_test(test_caller_stops),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

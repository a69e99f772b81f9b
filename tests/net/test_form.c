// test_form.c - forms are read strictly and written so that they are read back.
#include "common/net/form.h"
#include <errno.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

// Fields come in their order, decoded; empty values are values; the last '&' may be followed by
// nothing.
static void test_fields(void **state)
{
    (void)state;
    static const char text[] = "place=0123&note=Y%C3%AAn+B%c3%a1i%0Ahai&empty=&a=b=c&";
    static const char *const want[][2] = {
        {"place", "0123"}, {"note", "Yên Bái\nhai"}, {"empty", ""}, {"a", "b=c"}};
    char buffer[sizeof text];
    struct form f;
    struct form_field field;
    form_init(&f, bytes_text(text), buffer, sizeof buffer);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(form_next(&f, &field), 1);
        assert_string_equal(field.name, want[i][0]);
        assert_string_equal(field.value, want[i][1]);
        assert_int_equal(field.n_value, strlen(want[i][1]));
    }
    assert_int_equal(form_next(&f, &field), 0);
    form_init(&f, bytes_text(""), buffer, 0);
    assert_int_equal(form_next(&f, &field), 0);
}

// What is not exactly a form is refused: nothing is guessed.
static void test_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {"a=%",      "a=%4",        "a=%4g", "a=%00",       "%41%0=b",
                                      "=b",       "a",           "a&b=c", "&a=b",        "a=%ff",
                                      "a=%c0%80", "a=%ed%a0%80", "a=%C3", "a=%E2%80%AE", "a=%1b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char buffer[64];
        struct form f;
        struct form_field field;
        form_init(&f, bytes_text(bad[i]), buffer, sizeof buffer);
        if (form_next(&f, &field) != -EINVAL)
            fail_msg("taken: %s", bad[i]);
    }
}

// A buffer of one byte more than the text is enough for any form; a smaller one is an error, not a
// cut.
static void test_room(void **state)
{
    (void)state;
    static const char *const texts[] = {"a=", "a=b", "a=&b=&c=", "abc=def&g=h"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char buffer[32];
        struct form f;
        struct form_field field;
        int rc;
        form_init(&f, bytes_text(texts[i]), buffer, strlen(texts[i]) + 1);
        while ((rc = form_next(&f, &field)) == 1)
            ;
        assert_int_equal(rc, 0);
        form_init(&f, bytes_text(texts[i]), buffer, strlen(texts[i]));
        while ((rc = form_next(&f, &field)) == 1)
            ;
        assert_int_equal(rc, -ENOSPC);
    }
}

// What form_add wrote, form_next reads back; what does not fit leaves the text as it was.
static void test_round(void **state)
{
    (void)state;
    char text[256] = "", buffer[256], small[12] = "a=b";
    struct form f;
    struct form_field field;
    assert_true(form_add(text, sizeof text, "note", "Đắk & Nông = 100%+\n"));
    assert_true(form_add(text, sizeof text, "b", ""));
    form_init(&f, bytes_text(text), buffer, sizeof buffer);
    assert_int_equal(form_next(&f, &field), 1);
    assert_string_equal(field.value, "Đắk & Nông = 100%+\n");
    assert_int_equal(form_next(&f, &field), 1);
    assert_string_equal(field.name, "b");
    assert_int_equal(form_next(&f, &field), 0);
    for (size_t n = 1; n < sizeof small; n++) {
        char more[32];
        memset(more, 'x', n);
        more[n] = 0;
        strcpy(small, "a=b");
        if (!form_add(small, sizeof small, "c", more))
            assert_string_equal(small, "a=b");
        assert_true(strlen(small) < sizeof small);
    }
    assert_false(form_add(small, sizeof small, "c", "xxxxxxx"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

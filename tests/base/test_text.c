// test_text.c - sentences in two languages: the same keys, the same places, and none missing.
#include "common/base/text.h"
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// Places of a sentence, sorted, as "{a}{b}".
static void places_of(const char *sentence, char text[400])
{
    const char *places[16];
    size_t n = 0;
    text[0] = 0;
    for (const char *p = sentence; (p = strchr(p, '{')); p++) {
        assert_true(n < 16 && strchr(p, '}') != NULL);
        size_t at = n++;
        for (; at > 0 && strcmp(places[at - 1], p) > 0; at--)
            places[at] = places[at - 1];
        places[at] = p;
    }
    for (size_t i = 0; i < n; i++)
        strncat(text, places[i], (size_t)(strchr(places[i], '}') - places[i]) + 1);
}

// A number that one language shows the other shows too: each key has the same places in both.
static void test_same_places(void **state)
{
    (void)state;
    for (unsigned i = 0; i < text_count(); i++) {
        char vi[400], en[400];
        places_of(text_of(text_key(i), LANGUAGE_VI), vi);
        places_of(text_of(text_key(i), LANGUAGE_EN), en);
        if (strcmp(vi, en) != 0)
            fail_msg("%s: %s in Vietnamese, %s in English", text_key(i), vi, en);
    }
}

static unsigned n_sentences(const char *path)
{
    char line[2000];
    unsigned n = 0;
    FILE *from = fopen(path, "r");
    assert_non_null(from);
    while (fgets(line, sizeof line, from)) {
        char *is = strstr(line, " = ");
        if (line[0] == '#' || line[0] == '\n')
            continue;
        assert_non_null(is);
        is[0] = 0;
        is[strlen(is + 3) + 2] = 0; // its line break
        assert_string_equal(text_of(line, strstr(path, ".vi") ? LANGUAGE_VI : LANGUAGE_EN), is + 3);
        n++;
    }
    fclose(from);
    return n;
}

// Both files have the same keys, and what stands in them stands in the program, to the byte.
static void test_files(void **state)
{
    (void)state;
    assert_int_equal(n_sentences("common/web/text.vi"), text_count());
    assert_int_equal(n_sentences("common/web/text.en"), text_count());
}

static void needed_family(const char *family, unsigned last)
{
    char key[40];
    for (unsigned i = 1; i <= last; i++)
        for (unsigned l = 0; l < LANGUAGES; l++) {
            snprintf(key, sizeof key, "%s_%u", family, i);
            assert_string_not_equal(text_of(key, l), key);
        }
}

// What the programs ask for is there: findings, both columns of the screen, steps, severities.
static void test_needed(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "F1",
        "F2",
        "F3",
        "F4",
        "F5",
        "F6",
        "F7",
        "F8",
        "F10",
        "link_connected",
        "link_stuck",
        "link_silent",
        "link_never_seen",
        "report_not_due",
        "report_due_soon",
        "report_on_time",
        "report_late",
        "report_missing",
        "report_done",
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        for (unsigned l = 0; l < LANGUAGES; l++)
            assert_string_not_equal(text_of(keys[i], l), keys[i]);
    needed_family("step", 11);
    needed_family("severity", 4);
    assert_string_equal(text_of("report_late", LANGUAGE_VI), "nhận trễ");
    assert_string_equal(text_of("no such key", LANGUAGE_VI), "no such key");
}

// "Wrong" is not said of a figure that nobody has examined yet.
static void test_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < text_count(); i++) {
        if (text_key(i)[0] != 'F' || !isdigit((unsigned char)text_key(i)[1]))
            continue;
        assert_null(strstr(text_of(text_key(i), LANGUAGE_VI), "sai"));
        assert_null(strstr(text_of(text_key(i), LANGUAGE_EN), "wrong"));
    }
}

// Places are filled by name in any order; what nobody fills stays to be seen.
static void test_fill(void **state)
{
    (void)state;
    char to[100];
    const struct text_place places[] = {{"a", "1"}, {"ab", "{a}"}, {"c", ""}};
    assert_int_equal(text_fill(to, sizeof to, "{ab} and {a}{c}.", places, 3), 10);
    assert_string_equal(to, "{a} and 1.");
    text_fill(to, sizeof to, "{d} {a", places, 3);
    assert_string_equal(to, "{d} {a");
    text_fill(to, sizeof to, "{", NULL, 0);
    assert_string_equal(to, "{");
    text_fill(to, sizeof to, "", NULL, 0);
    assert_string_equal(to, "");
}

// A sentence that does not fit is cut between characters, at every length.
static void test_fill_cut(void **state)
{
    (void)state;
    char whole[200], to[200];
    const struct text_place places[] = {{"attended", "ồồ"}, {"eligible", "9"}};
    size_t n = text_fill(whole, sizeof whole, text_of("F1", LANGUAGE_VI), places, 2);
    for (size_t cap = 1; cap <= n + 1; cap++) {
        size_t got = text_fill(to, cap, text_of("F1", LANGUAGE_VI), places, 2);
        assert_true(got < cap && got + 4 > cap);
        assert_memory_equal(to, whole, got);
        assert_int_equal(to[got], 0);
        assert_true(((unsigned char)whole[got] & 0xc0) != 0x80);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_places), cmocka_unit_test(test_files),
        cmocka_unit_test(test_needed),      cmocka_unit_test(test_words),
        cmocka_unit_test(test_fill),        cmocka_unit_test(test_fill_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

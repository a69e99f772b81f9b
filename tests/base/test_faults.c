// test_faults.c - what is wrong, told all at once, and bounded.
#include "common/base/faults.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static char *printed(const struct faults *f)
{
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    faults_print(f, to);
    fclose(to);
    return text;
}

// A fault is printed with what is known of where it stands.
static void test_print(void **state)
{
    (void)state;
    struct faults f = {0};
    faults_add(&f, "units.csv", 7, "the code \"%s\" stands here twice", "051");
    faults_add(&f, "voters.csv", 0, "the file is missing");
    faults_add(&f, NULL, 0, "two places, %d voters", 0);
    char *text = printed(&f);
    assert_string_equal(text, "units.csv:7: the code \"051\" stands here twice\n"
                              "voters.csv: the file is missing\ntwo places, 0 voters\n");
    free(text);
    faults_clear(&f);
    assert_int_equal(f.n, 0);
    faults_add(&f, NULL, 0, "again");
    assert_int_equal(f.n, 1);
    faults_clear(&f);
    faults_clear(&f);
}

// However many faults there are, a thousand are kept and all are counted.
static void test_bounded(void **state)
{
    (void)state;
    struct faults f = {0};
    for (unsigned i = 0; i < FAULTS_MAX + 5; i++)
        faults_add(&f, "a", i + 1, "fault %u", i);
    assert_int_equal(f.n, FAULTS_MAX + 5);
    assert_int_equal(f.n_kept, FAULTS_MAX);
    assert_int_equal(f.at[FAULTS_MAX - 1].line, FAULTS_MAX);
    char *text = printed(&f);
    assert_non_null(strstr(text, "\n... 5 more\n"));
    free(text);
    faults_clear(&f);
}

// A note is told among the faults, and counts neither as one nor as one that was left out.
static void test_notes(void **state)
{
    (void)state;
    struct faults f = {0};
    faults_note(&f, "contests.csv", 0, "%u are restricted", 3);
    assert_int_equal(f.n, 0);
    assert_int_equal(f.n_kept, 1);
    char *text = printed(&f);
    assert_string_equal(text, "contests.csv: note: 3 are restricted\n");
    free(text);
    for (unsigned i = 0; i < FAULTS_MAX + 5; i++)
        faults_add(&f, NULL, 0, "fault");
    faults_note(&f, NULL, 0, "one too many");
    assert_int_equal(f.n, FAULTS_MAX + 5);
    assert_int_equal(f.n_kept, FAULTS_MAX);
    text = printed(&f);
    assert_non_null(strstr(text, "\n... 6 more\n"));
    assert_null(strstr(text, "one too many"));
    free(text);
    faults_clear(&f);
}

// A text from outside is cut between characters, and cannot begin a line of its own.
static void test_hostile_text(void **state)
{
    (void)state;
    struct faults f = {0};
    char text[FAULT_TEXT_MAX + 2] = {0};
    for (size_t i = 0; i + 3 <= FAULT_TEXT_MAX + 1; i += 3)
        memcpy(text + i, "ồ", strlen("ồ"));
    faults_add(&f, NULL, 0, "x%s", text);
    assert_int_equal(strlen(f.at[0].text), 1 + (FAULT_TEXT_MAX - 1) / 3 * 3);
    faults_add(&f, NULL, 0, "a\nb\x1b[2J");
    assert_string_equal(f.at[1].text, "a b [2J");
    memset(text, 'a', FAULT_TEXT_MAX);
    text[FAULT_TEXT_MAX] = 0;
    faults_add(&f, NULL, 0, "%s", text);
    assert_int_equal(strlen(f.at[2].text), FAULT_TEXT_MAX);
    faults_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_print), cmocka_unit_test(test_bounded),
                                       cmocka_unit_test(test_notes),
                                       cmocka_unit_test(test_hostile_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

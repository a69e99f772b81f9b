// test_intake.c - what a finding says to a person: the numbers that do not fit, and no others.
#include "common/office/findings.h"
#include "common/office/intake.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *said(const struct intake *in, uint32_t reason, uint64_t left, uint64_t right)
{
    static char words[400];
    struct finding f = {reason, left, right};
    findings_words(NULL, &f, &in->parsed, 1, words, sizeof words);
    return words;
}

// A form that leaves the voters to the frozen list is judged by the list, and is told its number.
static void test_side_of_the_plan(void **state)
{
    struct intake *in = calloc(1, sizeof *in);
    (void)state;
    in->parsed.kind = KIND_TALLY;
    record_set(&in->parsed, TALLY_RETURNED, 240);
    assert_string_equal(said(in, REASON_F1, 240, 232),
                        "240 took part, more than the 232 on the voter list");
    in->parsed.kind = KIND_TURNOUT;
    assert_string_equal(said(in, REASON_F1, 300, 232),
                        "300 took part, more than the 232 on the voter list");
    free(in);
}

// What the ballots allow is said as a number of votes, whether all together are too many or one's.
static void test_several_choices(void **state)
{
    struct intake *in = calloc(1, sizeof *in);
    (void)state;
    in->parsed.kind = KIND_TALLY;
    record_set(&in->parsed, TALLY_VALID, 100);
    assert_non_null(strstr(said(in, REASON_F7, 301, 300), "301 votes, more than the 300"));
    assert_non_null(strstr(said(in, REASON_F7, 101, 100), "101 votes, more than the 100"));
    free(in);
}

// What the paper does not state is not said to be zero.
static void test_unstated(void **state)
{
    struct intake *in = calloc(1, sizeof *in);
    (void)state;
    in->parsed.kind = KIND_TALLY;
    record_set(&in->parsed, TALLY_ISSUED, 120);
    record_set(&in->parsed, TALLY_RETURNED, 130);
    assert_string_equal(
        said(in, REASON_F3, 130, 120),
        "130 ballots returned, more than issued (120) less spoiled and exchanged (?)");
    free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_side_of_the_plan),
        cmocka_unit_test(test_several_choices),
        cmocka_unit_test(test_unstated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

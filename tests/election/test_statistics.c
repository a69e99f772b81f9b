// test_statistics.c - who was elected: unknown is not "no", and restricted contests are not looked at.
#include "places.h"

enum { TOWN = 1, FIRST = 2, VILLAGES = 4 };
static struct trait people[2 * 2 * VILLAGES];
static struct traits traits = {.of = people, .n_levels = 3};

static struct places *town(void)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct places *s = places_new(3, levels);
    s->cells = true;
    s->targets[0] = (struct plan_target){bytes_text("women"), 30};
    s->targets[1] = (struct plan_target){bytes_text("party"), 80};
    s->n_targets = 2;
    places_add(s, PLAN_NONE, "Ba Tơ", 0);
    places_add(s, 0, "Ba Vì", 0);
    for (unsigned i = 0; i < VILLAGES; i++)
        places_add(s, TOWN, "Thôn", 100);
    places_open(s);
    places_fold(s);
    memset(people, 0, sizeof people);
    traits.levels[0] = bytes_text("THPT");
    traits.levels[1] = bytes_text("THCS");
    traits.levels[2] = bytes_text("không");
    traits.none[2] = true;
    return s;
}

// The candidate's traits, by the contest of that kind at a village.
static struct trait *trait(const struct places *s, char kind, uint32_t village, unsigned candidate)
{
    char code[20];
    snprintf(code, sizeof code, "%c%s", kind, s->codes[FIRST + village]);
    return &people[s->plan->contests[plan_contest_of(s->plan, bytes_text(code))].first_candidate +
                   candidate];
}

static void elect(struct places *s, char kind, uint32_t village, unsigned who)
{
    uint32_t votes[2] = {10, 10};
    votes[who] = 60;
    places_tally(s, TOWN, FIRST + village, kind, votes, 0);
}

// Each figure is of those elected of whom it is known; the others are neither yes nor no.
static void test_unknown_is_not_no(void **state)
{
    struct places *s = town();
    struct statistics got;
    (void)state;
    *trait(s, 'h', 0, 0) = (struct trait){.re_elected = TRAIT_YES,
                                          .woman = TRAIT_YES,
                                          .party = TRAIT_YES,
                                          .schooling = 1,
                                          .theory = 3,
                                          .birth_year = 1951};
    *trait(s, 'h', 0, 1) = (struct trait){.woman = TRAIT_YES, .minority = TRAIT_YES}; // not elected
    *trait(s, 'h', 1, 1) = (struct trait){.re_elected = TRAIT_NO,
                                          .woman = TRAIT_NO,
                                          .schooling = 2,
                                          .birth_year = 1950,
                                          .secretary = TRAIT_YES};
    elect(s, 'h', 0, 0);
    elect(s, 'h', 1, 1);
    elect(s, 'h', 2, 0);
    statistics_find(s->fold, 0, &traits, 2016, &got);
    assert_int_equal(got.contests, VILLAGES);
    assert_int_equal(got.decided, 3);
    assert_int_equal(got.elected, 3);
#define OF(what, yes, among)                                                                       \
    assert_int_equal(got.of[STATISTIC_##what].n, yes);                                             \
    assert_int_equal(got.of[STATISTIC_##what].known, among)
    OF(NEW, 1, 2);
    OF(RE_ELECTED, 1, 2);
    OF(WOMEN, 1, 2);
    OF(MINORITY, 0, 0);
    OF(PARTY, 1, 1);
    OF(AGE_65, 1, 2); // 65 in that year is not above it, 66 is
    OF(SCHOOLING, 2, 2);
    OF(THEORY, 0, 1);
    OF(SECRETARY, 1, 1);
    assert_int_equal(got.of[STATISTIC_WOMEN].target, 30);
    assert_int_equal(got.of[STATISTIC_PARTY].target, 80);
    assert_int_equal(got.of[STATISTIC_NEW].target, 0);
    assert_int_equal(got.schooling[0], 1);
    assert_int_equal(got.schooling[1], 1);
    assert_int_equal(got.theory[2], 1);
    places_free(s);
}

// Whoever was elected in a restricted contest changes nothing.
static void test_restricted_contests_are_not_looked_at(void **state)
{
    struct places *s = town();
    struct statistics before, after;
    (void)state;
    for (unsigned i = 0; i < VILLAGES; i++)
        *trait(s, 'c', i, 0) = (struct trait){.woman = TRAIT_YES, .party = TRAIT_YES};
    elect(s, 'h', 0, 0);
    statistics_find(s->fold, 0, &traits, 2016, &before);
    for (unsigned i = 0; i < VILLAGES; i++)
        elect(s, 'c', i, 0);
    statistics_find(s->fold, 0, &traits, 2016, &after);
    assert_memory_equal(&before, &after, sizeof before);
    places_free(s);
}

// The bulletin has a paragraph of them once every count is in, with the plan's targets beside.
static void test_the_paragraph(void **state)
{
    struct places *s = town();
    struct statistics got;
    struct bulletin b = {.fold = s->fold, .cutoff = 3, .now = at_15, .statistics = &got};
    char text[BULLETIN_TEXT_MAX + 1];
    (void)state;
    for (unsigned i = 0; i < VILLAGES; i++)
        *trait(s, 'h', i, 0) = (struct trait){.woman = i == 0  ? TRAIT_YES
                                                       : i < 3 ? TRAIT_NO
                                                               : TRAIT_UNKNOWN,
                                              .party = TRAIT_YES,
                                              .schooling = 1};
    for (unsigned i = 0; i < VILLAGES; i++) {
        statistics_find(s->fold, 0, &traits, 2016, &got);
        assert_true(bulletin_write(&b, BULLETIN_TEXT, text, sizeof text) > 0);
        assert_null(strstr(text, "Cơ cấu"));
        elect(s, 'h', i, 0);
    }
    statistics_find(s->fold, 0, &traits, 2016, &got);
    assert_true(bulletin_write(&b, BULLETIN_TEXT, text, sizeof text) > 0);
    assert_non_null(strstr(text, "Cơ cấu 4 người trúng cử: mới chưa có; tái cử chưa có; nữ 1/3 "
                                 "(33,33 %, chỉ tiêu 30 %, biết được "
                                 "của 3/4); dân tộc thiểu số chưa có; đảng viên 4/4 (100,00 %, chỉ "
                                 "tiêu 80 %); không quá 65 tuổi "
                                 "chưa có; có trình độ học vấn 4/4 (100,00 %) (THPT 4); có trình "
                                 "độ lý luận chính trị chưa có; đồng "
                                 "thời là bí thư chi bộ chưa có.\n"));
    places_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unknown_is_not_no),
        cmocka_unit_test(test_restricted_contests_are_not_looked_at),
        cmocka_unit_test(test_the_paragraph),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

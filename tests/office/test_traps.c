// test_traps.c - what is asked before a turnout is taken: an increment, a part, a neighbour's figure, too many.
#include "common/office/traps.h"
#include "tests/election/places.h"

enum { COMMUNE = 1, V1 = 2, V2, V3, V4 };
static struct places *s;

static int open_commune(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    (void)state;
    s = places_new(3, levels);
    places_add(s, PLAN_NONE, "Ba Tơ", 0);
    places_add(s, 0, "Ba Xa", 0);
    places_add(s, COMMUNE, "Thôn 1", 380);
    places_add(s, COMMUNE, "Thôn 2", 380);
    places_add(s, COMMUNE, "Thôn 3", 200);
    places_add(s, COMMUNE, "Thôn 4", VOTERS_UNKNOWN);
    places_open(s);
    places_fold(s);
    return 0;
}

static int close_commune(void **state)
{
    (void)state;
    places_free(s);
    return 0;
}

static struct trap_asked asked(uint32_t place, unsigned cutoff, const char *text, const char *sure)
{
    return (struct trap_asked){s->plan->units[place].first_ballot, cutoff, bytes_text(text),
                               bytes_text(sure), bytes_text("")};
}

static struct trap trap(uint32_t place, unsigned cutoff, const char *text, const char *sure)
{
    struct trap_asked a = asked(place, cutoff, text, sure);
    struct trap t;
    traps_find(s->fold, &a, &t);
    return t;
}

static void is(uint32_t place, unsigned cutoff, const char *text, const char *sure,
               enum trap_kind kind)
{
    struct trap t = trap(place, cutoff, text, sure);
    if (t.kind != kind)
        fail_msg("\"%s\" sure \"%s\": %d instead of %d", text, sure, t.kind, kind);
}

// The question as the page gets it, with an answer's field; freed by the next call.
static const char *answer(uint32_t place, const char *text, unsigned choice, const char *field)
{
    static json_t *j;
    struct trap_asked a = asked(place, 2, text, "");
    struct trap t;
    json_decref(j);
    traps_find(s->fold, &a, &t);
    j = traps_view(s->plan, &a, &t);
    if (!field)
        return json_string_value(json_object_get(j, "words"));
    json_t *c = json_array_get(json_object_get(j, "choices"), choice);
    return json_string_value(json_object_get(json_object_get(c, "fields"), field));
}

// Lower than the last figure: the increment or the total? Either is an answer, and no answer is taken for it.
static void test_lower(void **state)
{
    (void)state;
    places_voted(s, COMMUNE, V1, 1, 174, 0);
    is(V1, 2, "214", "", TRAP_NONE);
    is(V1, 2, "174", "", TRAP_NONE); // nobody came since
    is(V1, 2, "173", "", TRAP_LOWER);
    is(V1, 2, "40", "lower", TRAP_NONE);
    is(V1, 2, "40", "above", TRAP_LOWER);
    is(V1, 1, "40", "", TRAP_NONE); // of the same cut-off it is a correction
    assert_string_equal(answer(V1, "40", 0, "voted"), "214");
    assert_string_equal(answer(V1, "40", 0, "sure"), "lower");
    assert_null(answer(V1, "40", 1, "voted")); // what was typed is the total
    assert_string_equal(answer(V1, "40", 1, "sure"), "lower");
    assert_non_null(strstr(answer(V1, "40", 0, NULL), "174"));
    places_voted(s, COMMUNE, V2, 1, 350, 0);
    assert_null(answer(V2, "40", 0, "voted")); // 390 would be more than 380: only the total is left
    assert_true(trap(V2, 2, "40", "").sum == UINT64_MAX);
}

static void test_percentage(void **state)
{
    (void)state;
    is(V1, 1, "98%", "", TRAP_PERCENT);
    is(V1, 1, "98 %", "percent", TRAP_PERCENT); // no answer makes a part a count
    is(V1, 1, "98,5 %", "", TRAP_PERCENT);
    assert_int_equal(trap(V1, 1, "98 %", "").sum, 372);
    assert_string_equal(answer(V1, "98 %", 0, NULL),
                        "98 % của 380 ≈ 372: hãy hỏi số người rồi ghi số người.");
    assert_null(answer(V1, "98 %", 0, "sure"));
    assert_true(trap(V4, 1, "98 %", "").sum == UINT64_MAX);
    assert_non_null(strstr(answer(V4, "98 %", 0, NULL), "98 %"));
}

static void test_increment_in_words(void **state)
{
    (void)state;
    places_voted(s, COMMUNE, V1, 1, 174, 0);
    is(V1, 2, "thêm 40", "", TRAP_MORE);
    is(V1, 2, "Thêm 40", "", TRAP_MORE);
    is(V1, 2, "+40", "", TRAP_MORE);
    is(V1, 2, "thêm", "", TRAP_NONE); // no figure: intake says so
    is(V1, 2, "40 thêm", "", TRAP_NONE);
    assert_string_equal(answer(V1, "+40", 0, "voted"), "214");
    assert_null(answer(V2, "+40", 0, "voted")); // nothing to add it to
}

static void test_above(void **state)
{
    (void)state;
    is(V1, 1, "380", "", TRAP_NONE);
    is(V1, 1, "381", "", TRAP_ABOVE);
    is(V1, 1, "1.214", "above", TRAP_NONE);
    is(V4, 1, "99999", "", TRAP_NONE); // voters are not known
    is(V1, 1, "2l4", "", TRAP_NONE);   // not a figure: intake says so
    is(V1, 1, "", "", TRAP_NONE);
}

// The figure of the village before or behind it on the list, at this cut-off or an earlier one.
static void test_neighbour(void **state)
{
    (void)state;
    places_voted(s, COMMUNE, V2, 1, 126, 0);
    is(V1, 1, "126", "", TRAP_NEIGHBOUR);
    is(V3, 2, "126", "", TRAP_NEIGHBOUR);
    is(V4, 1, "126", "", TRAP_NONE); // not beside it
    is(V3, 1, "126", "neighbour", TRAP_NONE);
    is(V3, 1, "127", "", TRAP_NONE);
    assert_int_equal(trap(V3, 1, "126", "").place, V2);
    places_voted(s, COMMUNE, V2, 2, 380, 0);
    is(V1, 2, "380", "", TRAP_NONE); // everybody, at both
}

// What stands and was seen: the same is nothing new, another needs a reason; each trap is asked in its turn.
static void test_stands(void **state)
{
    (void)state;
    char seen[17];
    struct trap t;
    snprintf(seen, sizeof seen, "%016llx",
             (unsigned long long)places_voted(s, COMMUNE, V1, 1, 126, 0));
    struct trap_asked a = asked(V1, 1, "126", "");
    traps_find(s->fold, &a, &t);
    assert_int_equal(t.kind, TRAP_NONE); // not seen: whoever judges the line compares
    a.seen = bytes_text(seen);
    traps_find(s->fold, &a, &t);
    assert_int_equal(t.kind, TRAP_SAME);
    assert_int_not_equal(t.entry, ENTRY_NONE);
    a.text = bytes_text("400");
    traps_find(s->fold, &a, &t);
    assert_int_equal(t.kind, TRAP_ABOVE);
    a.sure = bytes_text("above");
    traps_find(s->fold, &a, &t);
    assert_int_equal(t.kind, TRAP_STANDS);
    assert_int_equal(t.other, 126);
    json_t *j = traps_view(s->plan, &a, &t), *fields;
    fields = json_object_get(json_array_get(json_object_get(j, "choices"), 0), "fields");
    assert_string_equal(json_string_value(json_object_get(fields, "sure")), "above,stands");
    assert_string_equal(json_string_value(json_object_get(fields, "replaces")), seen);
    assert_string_equal(json_string_value(json_object_get(fields, "why")), "tổ bầu cử báo lại");
    json_decref(j);
    a.sure = bytes_text("above,stands");
    traps_find(s->fold, &a, &t);
    assert_int_equal(t.kind, TRAP_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lower, open_commune, close_commune),
        cmocka_unit_test_setup_teardown(test_percentage, open_commune, close_commune),
        cmocka_unit_test_setup_teardown(test_increment_in_words, open_commune, close_commune),
        cmocka_unit_test_setup_teardown(test_above, open_commune, close_commune),
        cmocka_unit_test_setup_teardown(test_neighbour, open_commune, close_commune),
        cmocka_unit_test_setup_teardown(test_stands, open_commune, close_commune),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

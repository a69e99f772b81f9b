// test_find.c - units are found by a code, a few letters without marks, first letters and a number.
#include "common/office/find.h"
#include "tests/election/places.h"

static struct room {
    struct places *s;
    struct find *f;
} r;

static int open_room(void **state)
{
    static const char *const levels[] = {"tỉnh", "xã", "thôn"};
    static const char *const names[] = {"Thôn 10",  "Thôn 2",      "Thôn 3",
                                        "Thôn 03A", "Thôn Gò Hòa", "Tổ dân phố số 5",
                                        "Bản 3",    "Thôn 13",     "Thôn Hóa Tân"};
    (void)state;
    r.s = places_new(3, levels);
    places_add(r.s, PLAN_NONE, "Quảng Ngãi", 0);
    for (unsigned c = 0; c < 2; c++) {
        uint32_t commune = places_add(r.s, 0, c ? "Xã Sơn Hạ" : "Xã Ba Tơ", 0);
        for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
            places_add(r.s, commune, names[i], 100);
    }
    places_open(r.s);
    find_open(&r.f);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    find_close(&r.f);
    places_free(r.s);
    return 0;
}

// The names found below the unit, one behind the other.
static void expect(uint32_t root, const char *text, const char *wanted)
{
    uint32_t units[FIND_MAX];
    char names[2000] = "";
    uint32_t n = find_units(r.f, r.s->plan, root, bytes_text(text), units);
    for (uint32_t i = 0; i < n && i < FIND_MAX; i++) {
        if (i > 0)
            strcat(names, ", ");
        strcat(names, r.s->names[units[i]]);
    }
    assert_string_equal(names, wanted);
}

// Letters without marks begin words or are their first letters; a number is a number, not a part of one.
static void test_typed(void **state)
{
    (void)state;
    expect(1, "thon 3", "Thôn 3, Thôn 03A");
    expect(1, "T3", "Thôn 3, Thôn 03A");
    expect(1, "t 03", "Thôn 3, Thôn 03A");
    expect(1, "thôn 3", "Thôn 3, Thôn 03A");
    expect(1, "THÔN 3", "Thôn 3, Thôn 03A");
    expect(1, "tho\xcc\x82n 3", "Thôn 3, Thôn 03A"); // typed decomposed
    expect(1, "3a", "Thôn 03A");
    expect(1, "to 5", "Tổ dân phố số 5");
    expect(1, "tdp5", "Tổ dân phố số 5");
    expect(1, "5", "Tổ dân phố số 5");
    expect(1, "b3", "Bản 3");
}

// A list is in the order of names: 2, 3, 10, 13.
static void test_order(void **state)
{
    (void)state;
    expect(1, "thon", "Thôn 2, Thôn 3, Thôn 03A, Thôn 10, Thôn 13, Thôn Gò Hòa, Thôn Hóa Tân");
}

// Marks that were typed are worth more than none, wherever the tone stands.
static void test_marks(void **state)
{
    (void)state;
    expect(1, "hoa", "Thôn Gò Hòa, Thôn Hóa Tân");
    expect(1, "hoà", "Thôn Gò Hòa, Thôn Hóa Tân");
    expect(1, "hòa", "Thôn Gò Hòa, Thôn Hóa Tân");
    expect(1, "hoá", "Thôn Hóa Tân, Thôn Gò Hòa");
}

// Units above narrow it, behind the name or before it; alone they find themselves.
static void test_above(void **state)
{
    uint32_t units[FIND_MAX];
    (void)state;
    assert_int_equal(find_units(r.f, r.s->plan, 0, bytes_text("thon 10"), units), 2);
    assert_int_equal(find_units(r.f, r.s->plan, 0, bytes_text("thon 10 son ha"), units), 1);
    assert_string_equal(r.s->codes[r.s->plan->units[units[0]].parent], "u0011");
    expect(0, "ba to thon 2", "Thôn 2");
    expect(0, "ba to", "Xã Ba Tơ");
    expect(0, "quang ngai", "Quảng Ngãi");
}

static void test_codes(void **state)
{
    (void)state;
    expect(0, "u0011", "Xã Sơn Hạ");
    expect(0, "u0005", "Thôn 03A");
    expect(0, "0012", "Thôn 10");
    expect(0, "u002", "Thôn Hóa Tân"); // how it begins
}

// Nothing is found for nothing, for signs, for what is no text or too long; the answer is bounded.
static void test_limits(void **state)
{
    static const char *const levels[] = {"xã", "thôn"};
    char text[FIND_QUERY_MAX + 2];
    uint32_t units[FIND_MAX];
    (void)state;
    expect(0, "", "");
    expect(0, " ", "");
    expect(0, "...", "");
    expect(0, "\xff\xfe", "");
    expect(0, "xyz", "");
    memset(text, 't', sizeof text);
    assert_int_equal(find_units(r.f, r.s->plan, 0, bytes_of(text, sizeof text - 1), units), 0);
    struct places *many = places_new(2, levels);
    char name[32];
    places_add(many, PLAN_NONE, "Xã", 0);
    for (unsigned i = 60; i > 0; i--) {
        snprintf(name, sizeof name, "Thôn %u", i);
        places_add(many, 0, name, 10);
    }
    places_open(many);
    assert_int_equal(find_units(r.f, many->plan, 0, bytes_text("t"), units), 60); // another plan
    assert_string_equal(many->names[units[0]], "Thôn 1");
    assert_string_equal(many->names[units[FIND_MAX - 1]], "Thôn 20");
    places_free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_typed, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_order, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_marks, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_above, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_codes, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_limits, open_room, close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

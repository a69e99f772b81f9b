// test_villages.c - a village is found by number, code, name or a few letters; what fits several is none.
#include "common/office/villages.h"
#include "tests/election/places.h"

enum { COMMUNE = 1, FIRST = 2 };

static struct villages v;
static struct places *s;

static void commune(unsigned n, const char *const *names)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    s = places_new(3, levels);
    places_add(s, PLAN_NONE, "Ba Tơ", 0);
    places_add(s, 0, "Ba Xa", 0);
    for (unsigned i = 0; i < n; i++)
        places_add(s, COMMUNE, names[i], 100);
    places_open(s);
    villages_of(&v, s->plan, COMMUNE);
}

static void leave(void)
{
    villages_free(&v);
    places_free(s);
}

static void finds(const char *text, int expected)
{
    uint32_t i = 99;
    enum village_match m = villages_find(&v, bytes_text(text), &i);
    if (m != VILLAGE_FOUND || (int)i != expected)
        fail_msg("\"%s\": match %d, village %u instead of %d", text, m, (unsigned)i, expected);
}

static void finds_no(const char *text, enum village_match expected)
{
    uint32_t i;
    enum village_match m = villages_find(&v, bytes_text(text), &i);
    if (m != expected)
        fail_msg("\"%s\": match %d instead of %d", text, m, expected);
}

static void test_numbers_in_names(void **state)
{
    (void)state;
    commune(5, (const char *const[]){"Thôn 2", "Thôn 9", "Thôn 10", "Tổ dân phố 12", "Thôn 21"});
    finds("2", 0);
    finds("10", 2);
    finds("010", 2);
    finds("Thôn 9", 1);
    finds("THON 9", 1);
    finds("thon09", 1);
    finds("T9", 1);
    finds("t 10", 2);
    finds("số 10", 2);
    finds("tdp12", 3);
    finds("to 12", 3);
    finds("TDP 12", 3);
    finds("dan pho 12", 3);
    finds("u0005", 3);
    finds_no("1", VILLAGE_NONE); // neither 10 nor 12
    finds_no("thon 1", VILLAGE_NONE);
    finds_no("kp 12", VILLAGE_NONE);
    finds_no("thôn", VILLAGE_SEVERAL);
    finds_no("", VILLAGE_NONE);
    finds_no("!", VILLAGE_NONE);
    finds_no("9999999999999999999999", VILLAGE_NONE);
    finds_no("\xff\xfe", VILLAGE_NONE);
    leave();
}

static void test_names_without_numbers(void **state)
{
    (void)state;
    commune(3, (const char *const[]){"Thôn Hòa Bình", "Thôn Hòa An", "Thôn Mâm"});
    finds("3", 2); // by the order of the plan
    finds("thôn 3", 2);
    finds("T1", 0);
    finds_no("làng 3", VILLAGE_NONE);
    finds_no("4", VILLAGE_NONE);
    leave();
}

static void test_part_of_a_name(void **state)
{
    (void)state;
    commune(5, (const char *const[]){"Thôn Hòa Bình", "Thôn Hòa An", "Làng Mâm", "Thôn Mỹ Hoa",
                                     "Thôn Mỹ Hòa"});
    finds("binh", 0);
    finds("hoa b", 0);
    finds("Hoà Bình", 0); // the tone stands elsewhere
    finds("mam", 2);
    finds("Thôn Mỹ Hòa", 4); // one of two that differ in a mark only
    finds_no("my hoa", VILLAGE_SEVERAL);
    finds_no("thon my hoa", VILLAGE_SEVERAL);
    finds_no("hoa", VILLAGE_SEVERAL);
    finds_no("m", VILLAGE_NONE);
    finds_no("oa binh", VILLAGE_NONE); // a word begins where a word begins
    leave();
}

// Where one name has a number, "thôn 3" is not the third of the list, nor is 3.
static void test_some_names_with_numbers(void **state)
{
    (void)state;
    commune(3, (const char *const[]){"Thôn 7", "Thôn Hạ", "Thôn Thượng"});
    finds("thon 7", 0);
    finds("9", 2);
    finds_no("3", VILLAGE_NONE);
    finds_no("thon 3", VILLAGE_NONE);
    leave();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_in_names),
        cmocka_unit_test(test_names_without_numbers),
        cmocka_unit_test(test_part_of_a_name),
        cmocka_unit_test(test_some_names_with_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

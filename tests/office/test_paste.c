// test_paste.c - pasted rows and lines of messages: what is understood, what is left with its reason, no guess.
#include "common/office/paste.h"
#include "tests/election/places.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <unistd.h>

enum { COMMUNE = 1, FIRST = 2 };
static struct room {
    char dir[64];
    struct identity id;
    struct office *node;
    struct places *s;
    uint64_t drawn;
    json_t *got;
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = at_11, .wall = at_11};
}

// A hub that has its communes' plan stands for the node: it may state what the node states.
static int open_room(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"}, *const names[] = {"Thôn 1",
                                                                                   "Thôn 3",
                                                                                   "Thôn 12",
                                                                                   "Tổ dân phố 5",
                                                                                   "Thôn Hòa Bình",
                                                                                   "Thôn Mỹ Hoa"};
    (void)state;
    memset(&r, 0, sizeof r);
    assert_int_equal(folder_make(r.dir, "paste"), 0);
    r.s = places_new(3, levels);
    places_add(r.s, PLAN_NONE, "Ba Tơ", 0);
    places_add(r.s, 0, "Ba Xa", 0);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        places_add(r.s, COMMUNE, names[i], 380);
    places_open(r.s);
    identity_make(&r.id);
    r.id.unit = code_of(bytes_text(r.s->codes[0]));
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id, .boot = 1, .doors = doors_shut(&r.drawn)};
    assert_int_equal(office_open(&r.node, &setup, now_is()), 0);
    assert_int_equal(office_load_plan(r.node, r.s->plan->bytes, now_is()), 0);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    json_decref(r.got);
    office_close(&r.node);
    places_free(r.s);
    return folder_remove(r.dir);
}

static json_t *read_text(const char *text)
{
    json_decref(r.got);
    r.got = paste_read(r.node, bytes_text(text), 2, false);
    return r.got;
}

// One line as "place voted", or "!line" of one that is left.
static void is(const char *text, const char *place, const char *voted)
{
    json_t *j = json_array_get(json_object_get(read_text(text), "rows"), 0);
    const char *p = json_string_value(json_object_get(j, "name")),
               *v = json_string_value(json_object_get(j, "voted"));
    if (!p || strcmp(p, place) != 0 || strcmp(v, voted) != 0)
        fail_msg("\"%s\": %s %s instead of %s %s", text, p ? p : "left", v ? v : "", place, voted);
}

static void left(const char *text, const char *why)
{
    json_t *j = json_array_get(json_object_get(read_text(text), "left"), 0);
    const char *words = json_string_value(json_object_get(j, "words_en"));
    if (!words || !strstr(words, why))
        fail_msg("\"%s\": %s instead of %s", text, words ? words : "understood", why);
}

static void test_lines_of_messages(void **state)
{
    (void)state;
    is("Thôn 3: 214", "Thôn 3", "214");
    is("thon 3 214", "Thôn 3", "214");
    is("T3: 214", "Thôn 3", "214");
    is("  thôn 12 - 1.214 người", "Thôn 12", "1.214");
    is("tdp 5 được 97/380", "Tổ dân phố 5", "97");
    is("Hoà Bình: 105 (27,63%)", "Thôn Hòa Bình", "105");
    is("9h Thôn 3: 214", "Thôn 3", "214");
    is("Chị Lan: Thôn 3: 214", "Thôn 3", "214");
    is("1. Thôn 12: 214", "Thôn 12", "214");
    is("5: 97 cử tri", "Tổ dân phố 5", "97");
    is("5 97", "Tổ dân phố 5", "97");
    is("Thôn 3 thêm 40", "Thôn 3", "+40");
    is("Thôn 3: 98 %", "Thôn 3", "98 %");
    is("* Thôn 1: 1 214", "Thôn 1", "1 214");
}

static void test_rows_of_a_spreadsheet(void **state)
{
    (void)state;
    is("3\tThôn 12\t380\t214", "Thôn 12", "214"); // its own number, voters, figure
    is("1\tThôn 12\t214", "Thôn 12", "214");
    is("u0003\tThôn 3\t214\t56,3%", "Thôn 3", "214");
    is("u0003\t214", "Thôn 3", "214");
    is("12\t214\r", "Thôn 12", "214");
    is("\tThôn 12\t\t214\t", "Thôn 12", "214");
    is("Thôn 12;380;214", "Thôn 12", "214");
    is("THÔN 12 \t 1.214", "Thôn 12", "1.214");
}

static void test_what_is_left(void **state)
{
    (void)state;
    left("Thôn 9: 214", "which village");
    left("Thôn 3\tThôn 12\t214", "which village");
    left("Chào các bác", "which village");
    left("STT\tTên thôn\tSố cử tri", "which village");
    left("Thôn: 214", "which village");
    left("Thôn 3: 214, Thôn 12: 90", "which village");
    left("Thôn 3", "There is no figure");
    left("Thôn 3: chưa có", "There is no figure");
    left("Thôn 3: 214 90", "Two figures, 214 and 90");
    left("Thôn 3\t102\t214", "Two figures");
    left("Thôn 3: 2l4", "cannot be read");
    left("Thôn 3: 56,3", "cannot be read");
    left("\xff\xfe: 3", "which village");
    left("214", "which village");
}

static void test_several_lines(void **state)
{
    (void)state;
    json_t *j = read_text("Mốc 9h\r\n\r\nThôn 1: 100\r\nThôn 3: 400\r\nthon 1 = 110\r\n");
    assert_int_equal(json_array_size(json_object_get(j, "rows")), 2);
    assert_int_equal(json_array_size(json_object_get(j, "left")), 2);
    json_t *second = json_array_get(json_object_get(j, "rows"), 1),
           *twice = json_array_get(json_object_get(j, "left"), 1);
    assert_int_equal(json_integer_value(json_object_get(second, "line")), 4);
    assert_string_equal(json_string_value(json_object_get(json_object_get(second, "ask"), "ask")),
                        "above");
    assert_int_equal(json_integer_value(json_object_get(twice, "line")), 5);
    assert_string_equal(json_string_value(json_object_get(twice, "words_en")),
                        "This village stands in line 3 already");
}

// At the limits: what lies beyond is left or not read, and nothing falls over.
static void test_limits(void **state)
{
    (void)state;
    char *text = calloc(1, 64 << 10);
    for (unsigned i = 0; i < PASTE_LINES_MAX + 5; i++)
        strcat(text, "x\n");
    assert_int_equal(json_array_size(json_object_get(read_text(text), "left")), PASTE_LINES_MAX);
    memset(text, 'a', PASTE_LINE_MAX + 1);
    text[PASTE_LINE_MAX + 1] = 0;
    left(text, "too long");
    memset(text, '\t', PASTE_LINE_MAX);
    text[PASTE_LINE_MAX] = 0;
    assert_int_equal(json_array_size(json_object_get(read_text(text), "left")), 0);
    text[0] = '1';
    left(text, "too long"); // more cells than are looked at
    for (unsigned i = 0; i < PASTE_LINE_MAX; i++)
        text[i] = i % 2 ? ' ' : '1';
    left(text, "too long"); // more words
    for (unsigned i = 0; i < 20; i++)
        memcpy(text + 7 * i, i ? " 1.000 " : "thon 3 ", 7);
    text[7 * 20] = 0;
    is(text, "Thôn 3", "1.000"); // the same number again and again is one
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lines_of_messages, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_rows_of_a_spreadsheet, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_what_is_left, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_several_lines, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_limits, open_room, close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

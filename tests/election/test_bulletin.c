// test_bulletin.c - the quick report, word for word, at every tier.
#include "bulletins.h"

// ---- a real bulletin ----

enum { DISTRICTS = 14, COMMUNES = 184, PLACES = 1341, VOTERS = 600 };
static const char *const district_names[DISTRICTS] = {
    "Ba Tơ",      "Bình Sơn", "Đức Phổ", "Lý Sơn",   "Minh Long", "Mộ Đức",   "Nghĩa Hành",
    "Quảng Ngãi", "Sơn Hà",   "Sơn Tây", "Sơn Tịnh", "Tây Trà",   "Trà Bồng", "Tư Nghĩa"};

static uint32_t commune_at[COMMUNES], district_at[DISTRICTS];

static struct places *quang_ngai(void)
{
    static const char *const levels[] = {"tỉnh", "huyện", "xã", "tổ bầu cử"};
    struct places *s = places_new(4, levels);
    uint32_t top = places_add(s, PLAN_NONE, "Quảng Ngãi", 0);
    unsigned commune = 0;
    char name[40];
    for (unsigned d = 0; d < DISTRICTS; d++) {
        district_at[d] = places_add(s, top, district_names[d], 0);
        for (unsigned c = 0; c < (d < 2 ? 14 : 13); c++, commune++) {
            snprintf(name, sizeof name, "Xã số %u", commune + 1);
            commune_at[commune] = places_add(s, district_at[d], name, 0);
            for (unsigned i = 0; i < (commune < 53 ? 8 : 7); i++) {
                snprintf(name, sizeof name, "Tổ %u", i + 1);
                places_add(s, commune_at[commune], name, VOTERS);
            }
        }
    }
    assert_int_equal(commune, COMMUNES);
    places_open(s);
    places_fold(s);
    assert_int_equal(plan_places(s->plan, 0), PLACES);
    return s;
}

// 5 districts and 42 other communes are done; of the other places as many as make 953, and of all voters
// 791.807 of 804.600.
static void votes_at_15(struct places *s)
{
    unsigned rest = 0, extra = 953 - (53 * 8 + 56 * 7), missing = 804600 - 791807;
    unsigned slow = PLACES - 953, seen = 0;
    for (unsigned c = 0; c < COMMUNES; c++) {
        // From the sixth district on, in each some communes come first and are done.
        uint32_t district = s->units[commune_at[c]].parent, from = commune_at[c];
        unsigned in_district = 0, d = 0;
        while (district_at[d] != district)
            d++;
        for (unsigned k = 0; k < c; k++)
            in_district += s->units[commune_at[k]].parent == district;
        bool done = d < 5 || in_district < (d < 11 ? 5u : 4u);
        for (uint32_t i = from + 1; i < from + s->plan->units[from].size; i++) {
            unsigned left = done || (i > from + 1 && rest < extra) ? 0 : missing / slow;
            if (!done && left == 0)
                rest++;
            if (left > 0 && seen++ < missing % slow)
                left++;
            places_voted(s, district, i, 3, VOTERS - left, 0);
            places_step(s, district, i, STEP_OPENED, at_9 - 7200000);
        }
    }
}

// The form is that of the provincial bulletin of 22/5/2016, with its figures.
static void test_a_real_bulletin(void **state)
{
    struct places *s = quang_ngai();
    (void)state;
    votes_at_15(s);
    write_as(s, 0, 3, BULLETIN_TEXT, at_15 + 720000);
    has("Tính đến 15 giờ ngày 22/5/2016, tỉnh Quảng Ngãi có 791.807/804.600 cử tri đã bỏ phiếu, "
        "đạt "
        "98,41 % cử tri; 953 tổ bầu cử đạt 100 %, chiếm 71,07 %; 109/184 xã đạt 100 %, chiếm 59,24 "
        "%; "
        "5 huyện hoàn thành: Ba Tơ, Bình Sơn, Đức Phổ, Lý Sơn, Minh Long; các huyện còn lại: Mộ "
        "Đức (");
    has("Khai mạc: 1.341/1.341 tổ bầu cử; kết thúc bỏ phiếu: chưa có.\n");
    has("Tất cả 1.341 tổ bầu cử đến hạn đã báo cáo.\n");
    has("Sự cố: chưa có báo cáo.\n");
    has("Tình hình: an ninh, trật tự: chưa nêu; thời tiết: chưa nêu; đi lại: chưa nêu; thông tin "
        "liên "
        "lạc: chưa nêu.\n");
    has("BÁO CÁO NHANH (số liệu tạm thời)\n");
    has("Lập lúc 15 giờ 12 ngày 22/5/2016.\n");
    has_not("Kết quả");
    // The same form one and two tiers below.
    write_as(s, district_at[5], 3, BULLETIN_TEXT, at_15);
    has("huyện Mộ Đức có ");
    has(" tổ bầu cử đạt 100 %, chiếm ");
    has("; 5/13 xã đạt 100 %, chiếm 38,46 %; 5 xã hoàn thành: Xã số 68, Xã số 69, Xã số 70, Xã số "
        "71, "
        "Xã số 72; các xã còn lại: Xã số 73 (");
    write_as(s, commune_at[0], 3, BULLETIN_TEXT, at_15);
    has("Tính đến 15 giờ ngày 22/5/2016, xã số 1 có 4.800/4.800 cử tri đã bỏ phiếu, đạt 100,00 % "
        "cử tri; "
        "8 tổ bầu cử đạt 100 %, chiếm 100,00 %; 8 tổ bầu cử hoàn thành: Tổ 1, Tổ 2, Tổ 3, Tổ 4, Tổ "
        "5, "
        "Tổ 6, Tổ 7, Tổ 8.\n");
    places_free(s);
}

// ---- one district ----

// At 11:05 three communes of nineteen are missing: they are named, and so is the one that sent a part.
static void test_three_of_nineteen_missing(void **state)
{
    struct places *s = ba_to(false);
    (void)state;
    for (unsigned c = 0; c < TOWNS; c++)
        for (unsigned v = 1; v <= VILLAGES; v++)
            if (c != 4 && c != 9 && !(c == 17 && v > 2))
                places_voted(s, town[c], town[c] + v, 2, 200, 0);
    write_as(s, 0, 2, BULLETIN_TEXT, at_11 + 300000);
    has("Chưa báo cáo: 3/19 xã (10/76 thôn đến hạn): Ba E, Ba J, Ba R (2/4 thôn).\n");
    has("huyện Ba Tơ có 13.200/19.800 cử tri đã bỏ phiếu, đạt 66,67 % cử tri (của 66/76 thôn); 0 "
        "thôn đạt "
        "100 %");
    has("chưa có xã hoàn thành; các xã còn lại: Ba A (66,67 %), ");
    has("Ba E (chưa có)");
    write_as(s, town[17], 2, BULLETIN_TEXT, at_11 + 300000);
    has("Chưa báo cáo: 2/4 thôn: Thôn 3, Thôn 4.\n");
    write_as(s, town[4], 2, BULLETIN_TEXT, at_11 + 300000);
    has("xã Ba E: số cử tri đã bỏ phiếu chưa có (của 0/4 thôn).\n");
    // Of a cut-off that is not due nothing is missing.
    write_as(s, 0, 2, BULLETIN_TEXT, at_11 - 1);
    has_not("Chưa báo cáo");
    has("Chưa đến hạn báo cáo; chưa đến giờ báo cáo: 10.\n");
    places_free(s);
}

// A village that is postponed owes no figure; one that waits to be compared is not missing either.
static void test_postponed_and_held(void **state)
{
    struct places *s = ba_to(false);
    (void)state;
    places_step(s, town[0], town[0] + 1, STEP_POSTPONED, at_9);
    places_voted(s, town[0], town[0] + 2, 2, 301, 0); // more than there are voters
    places_voted(s, town[0], town[0] + 3, 2, 100, 0);
    write_as(s, town[0], 2, BULLETIN_TEXT, at_11);
    has("Chưa báo cáo: 1/3 thôn: Thôn 4; số liệu chờ đối chiếu: 1.\n");
    has("; hoãn bầu cử: 1.\n");
    places_free(s);
}

// Messages for telephones: letters without marks, at most 160 of them, cut between words and numbered.
static void test_short_messages(void **state)
{
    struct places *s = ba_to(false);
    unsigned lines = 0;
    (void)state;
    for (unsigned c = 3; c < TOWNS; c++)
        for (unsigned v = 1; v <= VILLAGES; v++)
            places_voted(s, town[c], town[c] + v, 2, 300, 0);
    write_as(s, 0, 2, BULLETIN_SHORT, at_11 + 300000);
    for (const char *line = text; *line; lines++) {
        size_t n = strcspn(line, "\n");
        char prefix[] = "(1/2) ";
        prefix[1] = (char)('1' + lines);
        assert_in_range(n, 1, SHORT_MAX);
        assert_memory_equal(line, prefix, 6);
        for (size_t i = 0; i < n; i++)
            assert_true(line[i] >= ' ' && line[i] < 0x7f);
        line += n + (line[n] == '\n');
    }
    assert_int_equal(lines, 2);
    has("(1/2) BC nhanh den 11 gio 22/5/2016, huyen Ba To (tam thoi): 19.200/19.200 cu tri, 100,00 "
        "% (cua "
        "64/76); 64/76 thon dat 100 %. Chua bao cao:");
    has("3/19 xa: Ba A, Ba\n(2/2) B, Ba C.");
    write_as(s, town[4], 2, BULLETIN_SHORT, at_11 + 300000);
    assert_memory_equal(text, "BC nhanh", 8); // one message needs no number
    places_free(s);
}

// Rows for a spreadsheet: numbers without dots, what is not known is "chưa có", the whole at the end.
static void test_table(void **state)
{
    struct places *s = ba_to(false);
    (void)state;
    places_voted(s, town[0], town[0] + 1, 2, 300, 0);
    places_voted(s, town[0], town[0] + 2, 2, 150, 0);
    places_step(s, town[0], town[0] + 1, STEP_OPENED, at_9 - 1);
    write_as(s, town[0], 2, BULLETIN_TABLE, at_11);
    assert_string_equal(
        text, "Đơn vị\tTổng số cử tri\tĐã bỏ phiếu\tTỷ lệ % nơi đã báo cáo\tKhai mạc\tĐạt 100 "
              "%\tKết thúc\tChưa báo cáo\n"
              "Thôn 1\t300\t300\t100,00\t1\t1\tchưa có\t0\n"
              "Thôn 2\t300\t150\t50,00\tchưa có\t0\tchưa có\t0\n"
              "Thôn 3\t300\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\t1\n"
              "Thôn 4\t300\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\t1\n"
              "Ba A\t1200\t450\t75,00\t1\t1\tchưa có\t2\n");
    places_free(s);
}

// ---- told ----

static struct places *two_districts(void)
{
    static const char *const levels[] = {"tỉnh", "huyện", "xã", "thôn"};
    struct places *s = places_new(4, levels);
    char name[40];
    uint32_t top = places_add(s, PLAN_NONE, "Quảng Ngãi", 0);
    for (unsigned d = 0; d < 2; d++) {
        uint32_t district = places_add(s, top, d ? "Tư Nghĩa" : "Ba Tơ", 0);
        for (unsigned c = 0; c < 2; c++) {
            snprintf(name, sizeof name, "Xã %u%u", d + 1, c + 1);
            uint32_t commune = places_add(s, district, name, 0);
            places_add(s, commune, "Thôn 1", 100);
            places_add(s, commune, "Thôn 2", 100);
        }
    }
    places_open(s);
    places_fold(s);
    return s;
}

// Where only sums are known of a unit they count, what is missing is counted from them, and of its
// villages nothing is said.
static void test_told_units(void **state)
{
    enum { FIRST = 1, SECOND = 8, TOLD = 9, OTHER = 12 };
    struct places *s = two_districts(), *below = two_districts();
    (void)state;
    places_voted(below, TOLD, TOLD + 1, 2, 100, 0);
    places_told(s, TOLD, below->fold);
    for (uint32_t c = 2; c <= 5; c += 3)
        for (unsigned v = 1; v <= 2; v++)
            places_voted(s, FIRST, c + v, 2, 100, 0);
    places_voted(s, SECOND, OTHER + 1, 2, 50, 0);
    places_voted(s, SECOND, OTHER + 2, 2, 50, 0);
    write_as(s, 0, 2, BULLETIN_TEXT, at_11);
    has("có 600/700 cử tri đã bỏ phiếu, đạt 85,71 % cử tri (của 7/8 thôn); 5 thôn đạt 100 %, chiếm "
        "62,50 %; 2/4 "
        "xã đạt 100 %, chiếm 50,00 %; 1 huyện hoàn thành: Ba Tơ; các huyện còn lại: Tư Nghĩa "
        "(66,67 %).\n");
    has("Chưa báo cáo: 1/4 xã (1/8 thôn đến hạn): Xã 21 (Tư Nghĩa; 1/2 thôn).\n");
    has("Mới có số liệu tổng hợp, chưa có báo cáo chi tiết: Xã 21.\n");
    write_as(s, TOLD, 2, BULLETIN_TEXT, at_11);
    has("xã 21 có 100/100 cử tri đã bỏ phiếu, đạt 100,00 % cử tri (của 1/2 thôn); 1 thôn đạt 100 "
        "%, chiếm 50,00 "
        "%; chưa có số liệu của từng thôn.\n");
    write_as(s, TOLD, 2, BULLETIN_TABLE, at_11);
    has("Thôn 1\t100\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\n");
    has("Xã 21\t200\t100\t100,00\tchưa có\t1\tchưa có\t1\n");
    places_free(below);
    places_free(s);
}

// Above a unit of which only sums are known, what is said of its parts says of how many it is known.
static void test_parts_of_a_told_unit(void **state)
{
    static const char *const levels[] = {"nước", "tỉnh", "huyện", "xã", "thôn"};
    struct places *s[2];
    uint32_t province = 0, commune = 0, district[2] = {0, 0};
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        s[i] = places_new(5, levels);
        province = places_add(s[i], places_add(s[i], PLAN_NONE, "Việt Nam", 0), "Quảng Ngãi", 0);
        for (unsigned d = 0; d < 2; d++) {
            district[d] = places_add(s[i], province, d ? "Tư Nghĩa" : "Ba Tơ", 0);
            commune = places_add(s[i], district[d], "Xã", 0);
            places_add(s[i], commune, "Thôn", 100);
        }
        places_open(s[i]);
        places_fold(s[i]);
    }
    places_voted(s[1], commune, commune + 1, 2, 100, 0);
    places_voted(s[0], district[0], district[0] + 2, 2, 60, 0);
    places_told(s[0], district[1], s[1]->fold);
    write_as(s[0], 0, 2, BULLETIN_TEXT, at_11);
    has("nước Việt Nam có 160/200 cử tri đã bỏ phiếu, đạt 80,00 % cử tri; 1 thôn đạt 100 %, chiếm "
        "50,00 %; 0/1 xã "
        "đạt 100 %, chiếm 0,00 % (biết được của 1/2); 1/2 huyện đạt 100 %, chiếm 50,00 %; chưa có "
        "tỉnh hoàn thành; "
        "các tỉnh còn lại: Quảng Ngãi (80,00 %).\n");
    places_free(s[0]);
    places_free(s[1]);
}

// ---- limits ----

// The lists of a whole country are cut, and say by how many; a name of any length fits or is cut too.
static void test_a_country(void **state)
{
    static const char *const levels[] = {"nước", "tỉnh", "xã", "thôn"};
    struct places *s = places_new(4, levels);
    char name[64];
    (void)state;
    uint32_t top = places_add(s, PLAN_NONE, "Việt Nam", 0);
    for (unsigned i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "Tỉnh có một cái tên khá dài, thứ %u", i);
        uint32_t province = places_add(s, top, name, 0), commune = 0;
        for (unsigned c = 0; c < 2; c++) {
            snprintf(name, sizeof name, "Xã có một cái tên khá dài, thứ %u", c);
            commune = places_add(s, province, name, 0);
            places_add(s, commune, "Thôn", 500);
        }
        (void)commune;
    }
    places_open(s);
    places_fold(s);
    places_voted(s, 2, 3, 2, 500, 0); // the first place of the first province
    write_as(s, 0, 2, BULLETIN_TEXT, at_11);
    assert_in_range(strlen(text), 1, BULLETIN_TEXT_MAX);
    has(" đơn vị khác");
    has("; 1/400 xã đạt 100 %, chiếm 0,25 %; chưa có tỉnh hoàn thành; các tỉnh còn lại: ");
    has("Chưa báo cáo: 399/400 xã: ");
    write_as(s, 0, 2, BULLETIN_SHORT, at_11);
    has("don vi");
    // A room that is too small is said, not written beyond.
    struct bulletin b = {.fold = s->fold, .cutoff = 2, .now = at_11};
    char small[300];
    memset(small, 'x', sizeof small);
    assert_int_equal(bulletin_write(&b, BULLETIN_TEXT, small, 200), -EMSGSIZE);
    for (unsigned i = 200; i < sizeof small; i++)
        assert_int_equal(small[i], 'x');
    places_free(s);
}

// Percent by half up on integers; dots and a comma; half past, and midnight of a leap day.
static void test_numbers(void **state)
{
    char to[64];
    struct writing w;
    (void)state;
    static const struct {
        uint64_t n, of;
        const char *percent;
    } rows[] = {{953, 1341, "71,07 %"}, {109, 184, "59,24 %"}, {1, 8, "12,50 %"},
                {1, 20000, "0,01 %"},   {1, 20001, "0,00 %"},  {10001, 20001, "50,00 %"},
                {2, 3, "66,67 %"},      {0, 7, "0,00 %"},      {123456, 1000, "12.345,60 %"}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        writing_init(&w, to, sizeof to);
        writing_percent(&w, rows[i].n, rows[i].of);
        assert_string_equal(to, rows[i].percent);
    }
    writing_init(&w, to, sizeof to);
    writing_hour(&w, at_9 + 300000);
    writing_text(&w, " ");
    writing_day(&w, 1709226000000 - 1); // 23:59 on 29/2/2024 + 1 ms is 1/3
    assert_string_equal(to, "9 giờ 05 29/2/2024");
    writing_init(&w, to, sizeof to);
    writing_unmarked(&w, bytes_text("Đặng Thùy Trâm, ƯỚC ộ ỷ [x] → – ☃"));
    assert_string_equal(to, "Dang Thuy Tram, UOC o y (x) -> - ?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_real_bulletin),
        cmocka_unit_test(test_three_of_nineteen_missing),
        cmocka_unit_test(test_postponed_and_held),
        cmocka_unit_test(test_short_messages),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_told_units),
        cmocka_unit_test(test_parts_of_a_told_unit),
        cmocka_unit_test(test_a_country),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_bulletin.c - the quick report, word for word, at every tier, and what it says of an earlier one.
#include "places.h"
#include <errno.h>

static char text[BULLETIN_TABLE_MAX];

static const char *write_as(const struct places *s, uint32_t unit, unsigned cutoff,
                            enum bulletin_form form, int64_t now)
{
    struct bulletin b = {.fold = s->fold, .unit = unit, .cutoff = cutoff, .now = now};
    int rc = bulletin_write(&b, form, text, sizeof text);
    if (rc < 0)
        fail_msg("no bulletin: %d", rc);
    assert_int_equal(rc, strlen(text));
    return text;
}

static void has(const char *what)
{
    if (!strstr(text, what))
        fail_msg("\"%s\" is not in:\n%s", what, text);
}

static void has_not(const char *what)
{
    if (strstr(text, what))
        fail_msg("\"%s\" is in:\n%s", what, text);
}

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

enum { TOWNS = 19, VILLAGES = 4 };
static uint32_t town[TOWNS];

static struct places *ba_to(bool cells)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct places *s = places_new(3, levels);
    char name[40];
    s->cells = cells;
    uint32_t top = places_add(s, PLAN_NONE, "Ba Tơ", 0);
    for (unsigned c = 0; c < TOWNS; c++) {
        snprintf(name, sizeof name, "Ba %c", 'A' + (char)c);
        town[c] = places_add(s, top, name, 0);
        for (unsigned v = 1; v <= VILLAGES; v++) {
            snprintf(name, sizeof name, "Thôn %u", v);
            places_add(s, town[c], name, 300);
        }
    }
    places_open(s);
    places_fold(s);
    return s;
}

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
    assert_string_equal(text, "Đơn vị\tTổng số cử tri\tĐã bỏ phiếu\tTỷ lệ %\tKhai mạc\tĐạt 100 "
                              "%\tKết thúc\tChưa báo cáo\n"
                              "Thôn 1\t300\t300\t100,00\t1\t1\tchưa có\t0\n"
                              "Thôn 2\t300\t150\t50,00\tchưa có\t0\tchưa có\t0\n"
                              "Thôn 3\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\t1\n"
                              "Thôn 4\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\t1\n"
                              "Ba A\t600\t450\t75,00\t1\t1\tchưa có\t2\n");
    places_free(s);
}

// Normal is stated, never presumed; what is not is named.
static void test_situation(void **state)
{
    struct places *s = ba_to(false);
    (void)state;
    for (unsigned c = 0; c < TOWNS - 1; c++) {
        struct record r = {
            .kind = KIND_SITUATION, .at = at_11, .subject = bytes_text(s->codes[town[c]])};
        r.number[SITUATION_CUTOFF] = 2;
        r.number[SITUATION_ORDER] = SITUATION_NORMAL;
        r.number[SITUATION_WEATHER] = c == 7 ? SITUATION_DIFFICULT : SITUATION_NORMAL;
        r.number[SITUATION_ROADS] = SITUATION_NOT_STATED;
        r.number[SITUATION_LINES] = c == 2 ? SITUATION_SERIOUS : SITUATION_NORMAL;
        places_say(s, town[c], &r);
    }
    write_as(s, 0, 2, BULLETIN_TEXT, at_11);
    has("Tình hình: an ninh, trật tự: bình thường 18/19, chưa nêu 1/19; thời tiết: bình thường "
        "17/19, có "
        "khó khăn 1/19 (Ba H), chưa nêu 1/19; đi lại: chưa nêu; thông tin liên lạc: bình thường "
        "17/19, phức "
        "tạp 1/19 (Ba C), chưa nêu 1/19.\n");
    write_as(s, town[0], 2, BULLETIN_TEXT, at_11);
    has("Tình hình: an ninh, trật tự: bình thường; thời tiết: bình thường; đi lại: chưa nêu; ");
    write_as(s, 0, 1, BULLETIN_TEXT, at_11); // another cut-off has its own
    has("an ninh, trật tự: chưa nêu; ");
    places_free(s);
}

static uint64_t incident(struct places *s, uint32_t about, unsigned state, uint64_t replaces,
                         char contest)
{
    struct record r = places_record(s, KIND_INCIDENT, about + 1, contest);
    r.number[INCIDENT_SEVERITY] = 1;
    r.number[INCIDENT_STATE] = state;
    if (replaces)
        r.replaces[r.n_replaces++] = replaces;
    return places_say(s, about, &r);
}

// Contests of a restricted kind appear nowhere: no turnout, no result, no incident of theirs.
static void test_restricted_contests_nowhere(void **state)
{
    struct places *s = ba_to(true);
    char plain[4000];
    (void)state;
    places_voted(s, town[0], town[0] + 1, 2, 200, 0);
    incident(s, town[0], 1, 0, 'h');
    uint64_t act = incident(s, town[0], 1, 0, 0);
    incident(s, town[0], 3, act, 0);
    for (enum bulletin_form form = BULLETIN_TEXT; form <= BULLETIN_TABLE; form++) {
        struct bulletin b = {.fold = s->fold, .unit = 0, .cutoff = 2, .now = at_11};
        assert_true(bulletin_write(&b, form, plain, sizeof plain) > 0);
        // The same with words of the restricted contest.
        struct record r = places_record(s, KIND_TURNOUT, town[1] + 1, 'c');
        r.number[TURNOUT_CUTOFF] = 2;
        r.number[TURNOUT_VOTED] = 7u + form;
        places_say(s, town[1], &r);
        places_tally(s, town[1], town[1] + 2 + form, 'c', (uint32_t[]){200, 10}, 0);
        incident(s, town[1], 2, 0, 'c');
        incident(s, town[1], 3, 0, 'c');
        write_as(s, 0, 2, form, at_11);
        assert_string_equal(text, plain);
    }
    write_as(s, 0, 2, BULLETIN_TEXT, at_11);
    has("Sự cố: đang xử lý 1, đã xử lý xong 1.\n");
    places_free(s);
}

// ---- the count ----

// Who was elected is provisional until all is recognised; who was not is named with what it would take.
static void test_results(void **state)
{
    struct places *s = ba_to(false);
    uint32_t t = town[0];
    (void)state;
    places_tally(s, t, t + 1, 'h', (uint32_t[]){200, 50}, 0);
    places_tally(s, t, t + 2, 'h', (uint32_t[]){149, 148}, 0);
    places_tally(s, t, t + 3, 'h', (uint32_t[]){100, 20}, 0);
    write_as(s, t, 3, BULLETIN_TEXT, at_15);
    has("Kết quả tạm thời: đã có của 3/4; bầu được 1/4; không ai trúng cử 1: Thôn 2 (cao nhất "
        "149/300, 49,67 "
        "%, cần 151); không đủ điều kiện tiến hành 1: Thôn 3.\n");
    write_as(s, 0, 3, BULLETIN_TEXT, at_15);
    has("đã có của 3/76; bầu được 1/76; không ai trúng cử 1: Thôn 2, xã Ba A (cao nhất ");
    write_as(s, t, 3, BULLETIN_SHORT, at_15);
    has(". Bau duoc 1/4,\n(2/2) chua bau duoc 2 (tam thoi).");
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
    has("Thôn 1\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\tchưa có\n");
    has("Xã 21\t100\t100\t100,00\tchưa có\t1\tchưa có\t1\n");
    places_free(below);
    places_free(s);
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

// ---- what changed ----

static const char *changes(struct places *now, const struct fold *then, unsigned since,
                           unsigned cutoff, struct bytes said)
{
    struct bulletin b = {.fold = now->fold, .unit = 0, .cutoff = cutoff, .now = at_11};
    struct bulletin_before before = {.number = 2, .cutoff = since, .fold = then, .text = said};
    int rc = bulletin_changes(&b, &before, text, sizeof text);
    assert_true(rc >= 0);
    assert_int_equal(rc, strlen(text));
    return text;
}

// Number 3 names the late and the corrected figure, and only those.
static void test_late_and_corrected(void **state)
{
    struct places *s = ba_to(true);
    struct fold *then = NULL;
    void *block = NULL;
    uint64_t act[2];
    (void)state;
    for (unsigned pass = 0; pass < 2; pass++) { // the same words twice: as it stood then, and now
        act[0] = places_voted(s, town[3], town[3] + 3, 2, 214, 0);
        act[1] = places_voted(s, town[4], town[4] + 1, 2, 120, 0);
        places_voted(s, town[5], town[5] + 1, 2, 77, 0);
        if (pass == 1)
            break;
        then = s->fold, block = s->block;
        memset(s->log_of, 0, sizeof s->log_of);
        memset(s->said, 0, sizeof s->said);
        s->act = 0;
        places_fold(s);
    }
    assert_string_equal(changes(s, then, 2, 2, bytes_text("")), "");
    places_voted(s, town[3], town[3] + 3, 2, 241, act[0]);
    places_voted(s, town[4], town[4] + 1, 2, 301, act[1]); // held back
    places_voted(s, town[6], town[6] + 2, 2, 12, 0);
    places_voted(s, town[6], town[6] + 3, 3, 99, 0); // of the next cut-off: nothing late
    struct record r = places_record(s, KIND_TURNOUT, town[6] + 4, 'c');
    r.number[TURNOUT_CUTOFF] = 2;
    r.number[TURNOUT_VOTED] = 5;
    places_say(s, town[6], &r); // restricted
    assert_string_equal(
        changes(s, then, 2, 2, bytes_text("")),
        "Đính chính so với số 2: Thôn 3, xã Ba D: 214 → 241; Thôn 1, xã Ba E: 120 → chờ đối "
        "chiếu.\nBổ sung so với số 2: 1 thôn: Thôn 2, xã Ba G: 12.\n");
    changes(s, then, 2, 3, bytes_text(""));
    has("Đính chính so với số 2 (mốc 11 giờ): Thôn 3, xã Ba D: 214 → 241");
    free(then);
    free(block);
    places_free(s);
}

// Where only the text of the earlier one is known, the totals are compared.
static void test_changes_from_the_text(void **state)
{
    struct places *s = ba_to(false);
    static char before[BULLETIN_TEXT_MAX + 1];
    (void)state;
    uint64_t act = places_voted(s, town[3], town[3] + 3, 2, 214, 0);
    snprintf(before, sizeof before, "%s", write_as(s, 0, 2, BULLETIN_TEXT, at_11));
    assert_string_equal(changes(s, NULL, 2, 2, bytes_text(before)), "");
    places_voted(s, town[3], town[3] + 3, 2, 241, act);
    assert_string_equal(changes(s, NULL, 2, 2, bytes_text(before)),
                        "Đính chính, bổ sung so với số 2: số cử tri đã bỏ phiếu 214 → 241.\n");
    assert_string_equal(changes(s, NULL, 2, 2, bytes_text("not a bulletin")), "");
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
        cmocka_unit_test(test_situation),
        cmocka_unit_test(test_restricted_contests_nowhere),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_told_units),
        cmocka_unit_test(test_a_country),
        cmocka_unit_test(test_late_and_corrected),
        cmocka_unit_test(test_changes_from_the_text),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

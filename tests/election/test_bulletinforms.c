// test_bulletinforms.c - bulletins of several kinds, with numbers, before the first cut-off, and where much is unknown.
#include "bulletins.h"

// One commune of villages, each with so many voters; with `cells` two kinds are open.
static struct places *commune_of(unsigned villages, uint32_t voters, bool cells)
{
    static const char *const levels[] = {"xã", "thôn"};
    struct places *s = places_new(2, levels);
    char name[40];
    s->cells = s->shown = cells;
    uint32_t top = places_add(s, PLAN_NONE, "Ba Vì", 0);
    for (unsigned v = 1; v <= villages; v++) {
        snprintf(name, sizeof name, "Thôn %u", v);
        places_add(s, top, name, voters);
    }
    return s;
}

static void begin(struct places *s)
{
    places_open(s);
    places_fold(s);
}

// As it was said, to be said again into a fold without any statement.
static struct places *again(struct places *s)
{
    struct places *then = calloc(1, sizeof *then);
    assert_non_null(then);
    then->fold = s->fold;
    then->block = s->block;
    memset(s->log_of, 0, sizeof s->log_of);
    memset(s->said, 0, sizeof s->said);
    s->act = 0;
    places_fold(s);
    return then;
}

static void write_numbered(const struct places *s, unsigned cutoff, enum bulletin_form form)
{
    struct bulletin b = {.fold = s->fold, .cutoff = cutoff, .now = at_9 - 3600000, .drill = true};
    b.number = 4;
    assert_true(bulletin_write(&b, form, text, sizeof text) > 0);
}

// Before the first cut-off the course of the day is all there is; a drill and a number say so, each kind its name.
static void test_before_the_first_cutoff(void **state)
{
    struct places *s = commune_of(2, 100, true);
    (void)state;
    begin(s);
    places_step(s, 1, 1, STEP_OPENED, at_9 - 7200000);
    write_numbered(s, 0, BULLETIN_TEXT);
    has("BÁO CÁO NHANH số 4 (số liệu tạm thời)\nDIỄN TẬP – không phải số liệu thật\n");
    has("[head] Tại xã Ba Vì. Khai mạc: 1/2 thôn");
    has("[cell] Tại xã Ba Vì. Khai mạc: ");
    has_not("Tình hình");
    write_numbered(s, 0, BULLETIN_SHORT);
    has("DIEN TAP. BC nhanh so 4 den 8 gio 22/5/2016, xa Ba Vi (tam thoi): (head)");
    has("(cell)");
    write_numbered(s, 1, BULLETIN_TABLE);
    has("\nhead\nThôn 1\t");
    has("\ncell\nThôn 1\t");
    places_free(s);
}

// Where a list's number is not known, a turnout is a number of people and no part of anything.
static void test_voters_unknown(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct places *s = places_new(3, levels);
    (void)state;
    uint32_t top = places_add(s, PLAN_NONE, "Ba Tơ", 0), commune = places_add(s, top, "Ba Vì", 0);
    uint32_t place = places_add(s, commune, "Thôn 1", VOTERS_UNKNOWN);
    places_add(s, commune, "Thôn 2", 100);
    begin(s);
    places_voted(s, commune, place, 2, 70, 0);
    places_voted(s, commune, place + 1, 2, 80, 0);
    write_as(s, 0, 2, BULLETIN_TEXT, at_11);
    has("có 150 cử tri đã bỏ phiếu (tổng số cử tri chưa có đủ)");
    has("các xã còn lại: Ba Vì (150).");
    write_as(s, 0, 2, BULLETIN_SHORT, at_11);
    has(" 150 cu tri");
    write_as(s, commune, 2, BULLETIN_TABLE, at_11);
    has("Thôn 1\tchưa có\t70\t");
    // Once the place itself says how many may vote, or its list changes, the whole is known.
    struct record r = places_record(s, KIND_TURNOUT, place, 'h');
    r.at = at_15;
    r.number[TURNOUT_CUTOFF] = 3;
    r.number[TURNOUT_VOTED] = 90;
    record_set(&r, TURNOUT_ELIGIBLE, 120);
    places_say(s, commune, &r);
    r = places_record(s, KIND_LIST_CHANGE, place + 1, 'h');
    r.at = at_11;
    record_set(&r, LIST_ADDED, 3);
    places_say(s, commune, &r);
    places_voted(s, commune, place + 1, 3, 80, 0);
    write_as(s, 0, 3, BULLETIN_TEXT, at_15);
    has("có 170/223 cử tri đã bỏ phiếu");
    places_free(s);
}

static void decide(struct places *s, uint32_t place, unsigned what)
{
    struct record r = places_record(s, KIND_DECISION, place, 'h');
    r.at = at_15 + 86400000;
    r.number[DECISION_WHAT] = what;
    r.number[DECISION_DATE] = 20160523;
    r.blob[DECISION_NUMBER] = bytes_text("12/QĐ-UBND");
    r.blob[DECISION_SIGNATORY] = bytes_text("lan");
    places_say(s, place, &r);
}

// A tie is no result, a vote without anybody no reason; once all is recognised nothing is provisional.
static void test_most_votes(void **state)
{
    struct places *s = commune_of(4, 100, false);
    (void)state;
    s->most = true;
    begin(s);
    places_tally(s, 1, 1, 'h', (uint32_t[]){40, 40}, 0);
    places_tally(s, 2, 2, 'h', (uint32_t[]){0, 0}, 0);
    places_tally(s, 3, 3, 'h', (uint32_t[]){50, 30}, 0);
    write_as(s, 0, 3, BULLETIN_TEXT, at_15);
    has("Kết quả tạm thời: đã có của 3/4; bầu được 1/4; không ai trúng cử 1: Thôn 2; bằng phiếu 1: "
        "Thôn 1.\n");
    decide(s, 3, DECISION_RECOGNISED);
    decide(s, 1, DECISION_RERUN);
    write_as(s, 0, 3, BULLETIN_TEXT, at_15);
    has("bầu được 1/4, đã công nhận 1; ");
    has("; đã quyết định bầu lại 1: Thôn 1");
    places_free(s);
    s = commune_of(1, 100, false);
    s->most = true;
    begin(s);
    places_tally(s, 1, 1, 'h', (uint32_t[]){50, 30}, 0);
    decide(s, 1, DECISION_RECOGNISED);
    write_as(s, 0, 3, BULLETIN_TEXT, at_15);
    has("Kết quả: đã có của 1/1; bầu được 1/1, đã công nhận 1.\n");
    places_free(s);
}

// Fewer elected than there are seats; a place that says that too few came is no open one.
static void test_partly_and_no_quorum(void **state)
{
    struct places *s = commune_of(3, 100, false);
    (void)state;
    s->seats = 2;
    begin(s);
    places_tally(s, 1, 1, 'h', (uint32_t[]){80, 10}, 0);
    places_step(s, 2, 2, STEP_NO_QUORUM, at_15);
    write_as(s, 0, 3, BULLETIN_TEXT, at_15);
    has("đã có của 2/3; bầu được 0/3; chưa đủ số người được bầu 1: Thôn 1; không đủ điều kiện tiến "
        "hành 1: Thôn 2.\n");
    places_free(s);
}

// A kind that may be shown nowhere leaves the rest as it is; with nothing to show there is no bulletin.
static void test_only_what_may_be_shown(void **state)
{
    struct places *s = commune_of(2, 100, true), *then = NULL;
    struct bulletin b = {.cutoff = 2, .now = at_11};
    (void)state;
    begin(s);
    s->plan->restricted[HEAD] = true; // the first kind, so that the second is the first to be shown
    then = again(s);
    struct record r = places_record(s, KIND_TURNOUT, 1, 'c');
    r.at = at_11;
    r.number[TURNOUT_CUTOFF] = 2;
    r.number[TURNOUT_VOTED] = 70;
    places_say(s, 1, &r);
    write_as(s, 0, 2, BULLETIN_TEXT, at_11);
    has("có 70/100 cử tri đã bỏ phiếu");
    has_not("[cell]");
    b.fold = s->fold;
    struct bulletin_before before = {.number = 2, .cutoff = 2, .fold = then->fold};
    assert_true(bulletin_changes(&b, &before, text, sizeof text) > 0);
    assert_string_equal(text, "Bổ sung so với số 2: 1 thôn: Thôn 1: 70.\n");
    assert_int_equal(bulletin_write(&b, BULLETIN_SHORT, text, 20), -EMSGSIZE);
    s->plan->restricted[CELL] = true;
    assert_int_equal(bulletin_write(&b, BULLETIN_TEXT, text, sizeof text), -ENOENT);
    free(then->block);
    free(then->fold);
    free(then);
    places_free(s);
}

// A unit where nobody votes is in no list, and a contest of a whole commune is called by its own name.
static void test_units_without_a_vote(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct places *s = places_new(3, levels);
    (void)state;
    uint32_t top = places_add(s, PLAN_NONE, "Ba Tơ", 0), commune = places_add(s, top, "Ba Vì", 0);
    places_add(s, commune, "Thôn 1", 100);
    places_add(s, top, "Ba Xa", 0);
    s->wide = true;
    s->most = true;
    begin(s);
    places_tally(s, commune, commune + 1, 'h', (uint32_t[]){40, 40}, 0);
    places_voted(s, commune, commune + 1, 3, 80, 0);
    write_as(s, 0, 3, BULLETIN_TEXT, at_15);
    has("các xã còn lại: Ba Vì (80,00 %).\n");
    has_not("Ba Xa");
    has("; bằng phiếu 1: Trưởng.\n");
    places_free(s);
}

static void changes_since(struct places *now, const struct fold *then, unsigned since)
{
    struct bulletin b = {.fold = now->fold, .cutoff = 2, .now = at_11};
    struct bulletin_before before = {.number = 2, .cutoff = since, .fold = then};
    int rc = bulletin_changes(&b, &before, text, sizeof text);
    assert_true(rc >= 0);
    assert_int_equal(rc, strlen(text));
}

// A tally that was corrected names who has how many more or fewer; of several kinds each says which it is.
static void test_corrected_tallies(void **state)
{
    struct places *s = commune_of(3, 300, true), *then = NULL;
    uint64_t act[3] = {0};
    (void)state;
    begin(s);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < 3; i++)
            act[i] = places_tally(s, i + 1, i + 1, 'h', (uint32_t[]){150, 100 + i}, 0);
        if (pass == 0)
            then = again(s);
    }
    changes_since(s, then->fold, 2);
    assert_string_equal(text, "");
    places_tally(s, 1, 1, 'h', (uint32_t[]){140, 100}, act[0]);
    struct record gone = places_record(s, KIND_VOID, 2, 'h');
    gone.replaces[gone.n_replaces++] = act[1];
    places_say(s, 2, &gone);
    places_tally(s, 3, 3, 'h', (uint32_t[]){290, 100},
                 act[2]); // held back: more than there are voters
    changes_since(s, then->fold, 2);
    assert_string_equal(
        text, "Đính chính so với số 2: Thôn 1 [head], kiểm phiếu: An 150 → 140; "
              "Thôn 2 [head], kiểm phiếu: chưa có; Thôn 3 [head], kiểm phiếu: chờ đối chiếu.\n");
    free(then->block);
    free(then->fold);
    free(then);
    places_free(s);
}

// Of a unit of which only sums are known, then or now, its sums are compared.
static void test_changed_sums(void **state)
{
    enum { COMMUNE = 2 };
    static const char *const levels[] = {"tỉnh", "huyện", "xã", "thôn"};
    struct places *s[3];
    (void)state;
    for (unsigned i = 0; i < 3; i++) { // as it was, as it is, and the figures that a hub sums up
        s[i] = places_new(4, levels);
        uint32_t top = places_add(s[i], PLAN_NONE, "Quảng Ngãi", 0),
                 district = places_add(s[i], top, "Ba Tơ", 0), commune;
        for (unsigned c = 0; c < 2; c++) {
            commune = places_add(s[i], district, c ? "Ba Vì" : "Ba Xa", 0);
            places_add(s[i], commune, "Thôn 1", 100);
            places_add(s[i], commune, "Thôn 2", 100);
        }
        begin(s[i]);
    }
    places_voted(s[2], COMMUNE, COMMUNE + 1, 2, 60, 0);
    places_told(s[0], COMMUNE, s[2]->fold);
    changes_since(s[0], s[0]->fold, 2);
    assert_string_equal(text, "");
    places_voted(s[2], COMMUNE, COMMUNE + 2, 2, 70, 0);
    places_told(s[1], COMMUNE, s[2]->fold);
    changes_since(s[1], s[0]->fold, 2);
    assert_string_equal(text, "Bổ sung so với số 2: 1 thôn: Ba Xa, huyện Ba Tơ: 60 → 130.\n");
    changes_since(s[0], s[1]->fold, 2);
    assert_string_equal(text, "Đính chính so với số 2: Ba Xa, huyện Ba Tơ: 130 → 60.\n");
    for (unsigned i = 0; i < 3; i++)
        places_free(s[i]);
}

// The signs that telephones do not take as one letter become ones they take.
static void test_unmarked(void **state)
{
    static const struct {
        const char *from, *to;
    } rows[] = {{"Ư ư À ÿ", "U u A y"}, {"a\u00a0b", "a b"}, {"– — ^ ~", "- - - -"},
                {"‘a’ `b", "'a' 'b"},   {"“a”", "\"a\""},    {"[{a}]", "((a))"},
                {"\\ |", "/ /"},        {"e\u0301", "e"}};
    char to[64];
    struct writing w;
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        writing_init(&w, to, sizeof to);
        writing_unmarked(&w, bytes_text(rows[i].from));
        assert_string_equal(to, rows[i].to);
    }
    writing_init(&w, to, sizeof to);
    writing_lower(&w, bytes_text("Đức Phổ"));
    writing_lower(&w, bytes_of("\xc4", 1)); // cut within a letter: the bytes stay what they are
    assert_string_equal(to, "đức Phổ\xc4");
}

// More messages than anybody reads are refused, not sent in part.
static void test_too_many_messages(void **state)
{
    static char plain[(SHORT_MESSAGES_MAX + 1) * SHORT_MAX], to[2 * sizeof plain];
    struct writing w;
    (void)state;
    memset(plain, 'x', sizeof plain);
    writing_init(&w, to, sizeof to);
    assert_int_equal(writing_messages(&w, bytes_of(plain, sizeof plain)), -EMSGSIZE);
    assert_int_equal(w.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_the_first_cutoff),
        cmocka_unit_test(test_voters_unknown),
        cmocka_unit_test(test_most_votes),
        cmocka_unit_test(test_partly_and_no_quorum),
        cmocka_unit_test(test_only_what_may_be_shown),
        cmocka_unit_test(test_units_without_a_vote),
        cmocka_unit_test(test_corrected_tallies),
        cmocka_unit_test(test_changed_sums),
        cmocka_unit_test(test_unmarked),
        cmocka_unit_test(test_too_many_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

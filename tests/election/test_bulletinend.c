// test_bulletinend.c - what a bulletin says behind the turnout, and of an earlier one.
#include "bulletins.h"

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

// A vote that is held again counts once: the first until the second is decided, then the second.
static void test_a_rerun_counts_once(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct places *s = places_new(3, levels);
    (void)state;
    uint32_t top = places_add(s, PLAN_NONE, "Ba Tơ", 0), commune = places_add(s, top, "Ba Vì", 0);
    uint32_t first = places_add(s, commune, "Thôn 1", 300);
    s->rerun_at = places_add(s, commune, "Thôn 2", 300);
    places_open(s);
    places_fold(s);
    places_tally(s, commune, first, 'h', (uint32_t[]){200, 50}, 0);
    places_tally(s, commune, s->rerun_at, 'h', (uint32_t[]){140, 130}, 0);
    write_as(s, commune, 3, BULLETIN_TEXT, at_15);
    has("đã có của 2/2; bầu được 1/2; không ai trúng cử 1: Thôn 2 (");
    places_tally(s, commune, s->rerun_at, 'r', (uint32_t[]){180, 90}, 0);
    write_as(s, commune, 3, BULLETIN_TEXT, at_15);
    has("đã có của 2/2; bầu được 2/2.\n");
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
    write_as(s, 0, 2, BULLETIN_TEXT, at_11);
    memcpy(before, text, strlen(text) + 1);
    assert_string_equal(changes(s, NULL, 2, 2, bytes_text(before)), "");
    places_voted(s, town[3], town[3] + 3, 2, 241, act);
    assert_string_equal(changes(s, NULL, 2, 2, bytes_text(before)),
                        "Đính chính, bổ sung so với số 2: số cử tri đã bỏ phiếu 214 → 241.\n");
    assert_string_equal(changes(s, NULL, 2, 2, bytes_text("not a bulletin")), "");
    places_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_situation),
        cmocka_unit_test(test_restricted_contests_nowhere),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_a_rerun_counts_once),
        cmocka_unit_test(test_late_and_corrected),
        cmocka_unit_test(test_changes_from_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

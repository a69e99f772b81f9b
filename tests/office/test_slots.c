// test_slots.c - what a form has seen, what came since, and the columns and times that people write.
#include "common/office/formview.h"
#include "common/office/intake.h"
#include "common/office/matters.h"
#include "common/office/words.h"
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

enum { NAMED_MAX_HERE = 24 };
static const int64_t MORNING = 1780023600000; // 10:00 of 29/05/2026 in Vietnam

static struct bench {
    struct office *office;
    struct identity id;
    struct code child; // the hub speaks of it, for it has no line
    char dir[64];
    uint64_t drawn;
    struct intake in;
} b;

static uint64_t door_random(void *ctx)
{
    (void)ctx;
    return ++b.drawn * 0x9e3779b97f4a7c15u | 1;
}

static uint64_t door_disk(void *ctx)
{
    (void)ctx;
    return 1u << 30;
}

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000, .wall = MORNING};
}

static void load_plan(void)
{
    static const char *const codes[] = {"01", "01D", "01-1", "01-2"};
    static const struct plan_candidate people[] = {{1, {0}, {0}}, {2, {0}, {0}}};
    const struct plan_profile profile = {.name = bytes_text("r"),
                                         .rule = RULE_MAJORITY,
                                         .quorum = {1, 2, 1},
                                         .need = {1, 2, 1},
                                         .electorate = HOUSEHOLD_REPS};
    uint8_t buffer[4096];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    plan_pack_head(&p, 1, bytes_text("test"), bytes_text("Thử"));
    pack_array(&p, 3);
    for (unsigned i = 0; i < 3; i++)
        plan_pack_level(&p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(&p, 1);
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("9"), MORNING - 3600000, 1});
    pack_array(&p, 1);
    plan_pack_category(&p, &(struct plan_category){bytes_text("thời tiết"), bytes_text("weather")});
    pack_array(&p, 0);
    pack_array(&p, 1);
    plan_pack_profile(&p, &profile);
    pack_array(&p, 1);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, 4);
    for (uint32_t i = 0; i < 4; i++)
        plan_pack_unit(&p,
                       &(struct plan_unit){.code = bytes_text(codes[i]),
                                           .name = bytes_text(codes[i]),
                                           .parent = i == 0 ? PLAN_NONE : i > 1,
                                           .level = i > 1 ? 2 : i,
                                           .place = i > 1},
                       NULL);
    pack_array(&p, 2);
    for (uint32_t i = 0; i < 2; i++)
        plan_pack_contest(&p,
                          &(struct plan_contest){.code = bytes_text(i ? "K2" : "K1"),
                                                 .unit = i + 2,
                                                 .seats = 1,
                                                 .places_in_all = 1,
                                                 .n_candidates = 2},
                          people);
    pack_array(&p, 2);
    for (uint32_t i = 0; i < 2; i++)
        plan_pack_ballot(&p, &(struct plan_ballot){.unit = i + 2, .contest = i, .voters = 361},
                         &profile);
    assert_false(p.full);
    assert_int_equal(office_load_plan(b.office, packed(&p), now_is()), 0);
}

static int set_up(void **state)
{
    uint8_t seed[SEED_SIZE] = {9};
    (void)state;
    memset(&b, 0, sizeof b);
    strcpy(b.dir, "/tmp/dantin-slots-XXXXXX");
    assert_non_null(mkdtemp(b.dir));
    b.id.unit = code_of(bytes_text("01"));
    b.child = code_of(bytes_text("01D"));
    b.id.incarnation = door_random(NULL);
    key_pair(seed, b.id.key, b.id.secret);
    struct office_setup setup = {.dir = b.dir, .identity = &b.id, .boot = door_random(NULL)};
    setup.doors.random = door_random;
    setup.doors.free_disk = door_disk;
    assert_int_equal(office_open(&b.office, &setup, now_is()), 0);
    load_plan();
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st, (void)type, (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    office_close(&b.office);
    nftw(b.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}

// "kind=turnout&voted=214": the words of a form as they stand, without escapes.
static int read_form(const char *words)
{
    static char room[1024];
    struct named fields[NAMED_MAX_HERE];
    struct intake_given given = {
        .about = &b.child, .now = now_is(), .act = door_random(NULL), .how = HOW_PHONE};
    size_t n = 0;
    snprintf(room, sizeof room, "%s", words);
    for (char *at = room, *end; at && *at; at = end) {
        end = strchr(at, '&');
        if (end)
            *end++ = 0;
        char *is = strchr(at, '=');
        *is = 0;
        assert_true(n < NAMED_MAX_HERE);
        fields[n++] = (struct named){bytes_text(at), bytes_text(is + 1)};
    }
    return intake_read(b.office, fields, n, &given, &b.in);
}

static uint64_t say(const char *words)
{
    uint64_t n;
    assert_int_equal(read_form(words), 0);
    struct own_records own = {.records = &b.in.record, .n = 1};
    assert_int_equal(office_say(b.office, &b.child, &own, now_is(), &n), 0);
    return b.in.act;
}

// A form with what it has seen: another figure that came since is shown, an equal one is the same.
static void test_two_clerks(void **state)
{
    char words[200];
    (void)state;
    assert_int_equal(read_form("kind=turnout&place=01-1&cutoff=1&voted=214&seen="), 0);
    assert_int_equal(b.in.newer, ENTRY_NONE);
    uint64_t act = say("kind=turnout&place=01-1&cutoff=1&voted=214");
    assert_int_equal(read_form("kind=turnout&place=01-1&cutoff=1&voted=220&seen="), 0);
    assert_int_not_equal(b.in.newer, ENTRY_NONE);
    assert_false(b.in.matches);
    assert_int_equal(read_form("kind=turnout&place=01-1&cutoff=1&voted=214&seen="), 0);
    assert_int_not_equal(b.in.newer, ENTRY_NONE);
    assert_true(b.in.matches);
    snprintf(words, sizeof words, "kind=turnout&place=01-1&cutoff=1&voted=220&seen=%016llx",
             (unsigned long long)act);
    assert_int_equal(read_form(words), 0);
    assert_int_equal(b.in.newer, ENTRY_NONE);
    // Another place is another slot.
    assert_int_equal(read_form("kind=turnout&place=01-2&cutoff=1&voted=220&seen="), 0);
    assert_int_equal(b.in.newer, ENTRY_NONE);
    // A form that does not say what it has seen asks for nothing.
    assert_int_equal(read_form("kind=turnout&place=01-1&cutoff=1&voted=220"), 0);
    assert_int_equal(b.in.newer, ENTRY_NONE);
}

// What a page calls seen is what stands: a statement that was replaced is not in it.
static void test_what_stands(void **state)
{
    (void)state;
    say("kind=turnout&place=01-1&cutoff=1&voted=214");
    uint64_t second = say("kind=turnout&place=01-1&cutoff=1&voted=220&replaces=last&why=x");
    say("kind=step&place=01-1&what=opened");
    char act[20];
    snprintf(act, sizeof act, "%016llx", (unsigned long long)second);
    json_t *j = formview_ballot(b.office, 0), *slots = json_object_get(j, "standing");
    json_t *turnout = json_object_get(slots, "turnout/1");
    assert_int_equal(json_array_size(turnout), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(turnout, 0), "act")), act);
    assert_int_equal(json_array_size(json_object_get(slots, "step/opened")), 1);
    assert_null(json_object_get(slots, "tally/1"));
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(j, "rules"), "electorate")),
        "household_reps");
    json_decref(j);
}

// Votes, votes against and percentages as written stand in one list, by column and candidate.
static void test_columns(void **state)
{
    static const uint64_t want[] = {1,
                                    159,
                                    2,
                                    149,
                                    (uint64_t)COLUMN_AGAINST << 32 | 1,
                                    3,
                                    (uint64_t)COLUMN_WRITTEN << 32 | 1,
                                    4404,
                                    (uint64_t)COLUMN_WRITTEN << 32 | 2,
                                    4127};
    (void)state;
    assert_int_equal(read_form("kind=tally&place=01-1&valid=308&votes=2:149,1:159&against=1:3"
                               "&written=2:4127,1:4404"),
                     0);
    assert_int_equal(b.in.parsed.n_list, sizeof want / sizeof want[0]);
    assert_memory_equal(b.in.parsed.list, want, sizeof want);
    assert_true(read_form("kind=tally&place=01-1&valid=308&votes=1:159&written=1:44,04") < 0);
    assert_string_equal(b.in.field, "written");
}

// Of 361 voters more than half are 181: 308 valid ballots leave it open, 180 do not.
static void test_need_before_it_is_recorded(void **state)
{
    (void)state;
    assert_int_equal(
        read_form("kind=tally&place=01-1&eligible=361&attended=314&valid=308&votes=1:159"), 0);
    json_t *j = formview_need(b.office, &b.in.parsed);
    assert_int_equal(json_integer_value(json_object_get(j, "need")), 181);
    assert_int_equal(json_integer_value(json_object_get(j, "base")), 361);
    assert_true(json_is_true(json_object_get(j, "quorum")));
    assert_true(json_is_false(json_object_get(j, "hopeless")));
    json_decref(j);
    assert_int_equal(read_form("kind=tally&place=01-1&attended=180&valid=180&votes=1:159"), 0);
    j = formview_need(b.office, &b.in.parsed);
    assert_true(json_is_false(json_object_get(j, "quorum")));
    assert_true(json_is_true(json_object_get(j, "hopeless")));
    json_decref(j);
}

// A time is written as people write it, by Vietnam's clock; what is no time is refused with a sentence.
static void test_times(void **state)
{
    (void)state;
    assert_true(read_form("kind=decision&place=01-1&what=recognised&number=5&date=31/06/2026") < 0);
    assert_string_equal(b.in.field, "date");
}

static const char *text_of_matter(const json_t *list, size_t i, const char *name)
{
    return json_string_value(json_object_get(json_array_get(list, i), name));
}

// The most severe stands first, then the newest; what is closed last; an update takes the first one's place.
static void test_matters(void **state)
{
    char words[200];
    (void)state;
    uint64_t first = say("kind=incident&place=01-1&category=1&severity=4&state=1&at=1780023000000");
    say("kind=incident&place=01-1&category=0&severity=1&state=1");
    say("kind=incident&place=01-2&category=9&severity=3&state=2");
    say("kind=complaint&place=01-2&sort=1&state=1");
    snprintf(words, sizeof words,
             "kind=incident&place=01-1&category=1&severity=4&state=3&replaces=%016llx&why=x",
             (unsigned long long)first);
    say(words);
    json_t *j = matters_list(b.office, 0, 0, false), *list = json_object_get(j, "matters");
    assert_int_equal(json_integer_value(json_object_get(j, "n")), 4);
    assert_int_equal(json_integer_value(json_object_get(j, "more")), 0);
    assert_string_equal(text_of_matter(list, 0, "place"), "01-2");
    assert_string_equal(text_of_matter(list, 1, "kind"), "complaint");
    assert_null(text_of_matter(list, 2, "category"));
    assert_string_equal(text_of_matter(list, 3, "category"), "thời tiết");
    assert_true(json_is_false(json_object_get(json_array_get(list, 3), "open")));
    json_decref(j);
    j = matters_list(b.office, 3, KIND_INCIDENT, false);
    assert_int_equal(json_integer_value(json_object_get(j, "n")), 1);
    json_decref(j);
}

// One answer holds so many and no more; it says how many are left out.
static void test_matters_are_bounded(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MATTERS_SHOWN + 3; i++)
        say("kind=incident&place=01-1&category=1&severity=2&state=1");
    json_t *j = matters_list(b.office, 0, 0, false);
    assert_int_equal(json_array_size(json_object_get(j, "matters")), MATTERS_SHOWN);
    assert_int_equal(json_integer_value(json_object_get(j, "more")), 3);
    json_decref(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_two_clerks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_need_before_it_is_recorded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_matters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_matters_are_bounded, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

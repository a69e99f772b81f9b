// test_sql.c - what a unit holds, as tables: every statement once, states and figures as the fold has them.
#include "common/office/sql.h"
#include "common/store/db.h"
#include "tests/election/places.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static struct room {
    char dir[64], path[96];
    struct identity id;
    struct office *hub;
    struct places *s;
    uint32_t town;
    uint64_t drawn, act;
    sqlite3 *db;
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000, .wall = at_11};
}

static int open_room(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    (void)state;
    memset(&r, 0, sizeof r);
    r.act = 5000;
    assert_int_equal(folder_make(r.dir, "sql"), 0);
    snprintf(r.path, sizeof r.path, "%s/out.sqlite", r.dir);
    r.s = places_new(3, levels);
    r.s->cells = true;
    places_add(r.s, PLAN_NONE, "Ba Tơ", 0);
    r.town = places_add(r.s, 0, "Ba Xa", 0);
    places_add(r.s, r.town, "Thôn 1", 300);
    places_add(r.s, r.town, "Thôn 2", 200);
    places_open(r.s);
    identity_make(&r.id);
    r.id.unit = code_of(bytes_text(r.s->codes[0]));
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id, .boot = 1, .doors = doors_shut(&r.drawn)};
    assert_int_equal(office_open(&r.hub, &setup, now_is()), 0);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    sqlite3_close(r.db);
    office_close(&r.hub);
    places_free(r.s);
    return folder_remove(r.dir);
}

static uint64_t say(struct record *x, uint64_t replaces)
{
    uint8_t buffer[1024];
    const char *why = "";
    uint64_t first;
    struct code about = code_of(bytes_text(r.s->codes[r.town]));
    x->act = ++r.act;
    x->at = at_11;
    x->entered = at_11;
    x->how = HOW_PHONE;
    x->plan = 1;
    x->by = bytes_text("mai");
    x->why = replaces ? bytes_text("gõ nhầm") : bytes_of(NULL, 0);
    x->n_replaces = replaces ? 1 : 0;
    x->replaces[0] = replaces;
    int n = record_encode(x, buffer, sizeof buffer, &why);
    assert_true(n > 0);
    struct bytes b = bytes_of(buffer, (size_t)n);
    struct own_records own = {.records = &b, .n = 1};
    assert_int_equal(office_say(r.hub, &about, &own, now_is(), &first), 0);
    return x->act;
}

static uint64_t voted(unsigned village, unsigned n, uint64_t replaces)
{
    struct record x = places_record(r.s, KIND_TURNOUT, r.town + village, 'h');
    record_set(&x, TURNOUT_CUTOFF, 1);
    record_set(&x, TURNOUT_VOTED, n);
    return say(&x, replaces);
}

static void tallied(unsigned village, unsigned valid, unsigned invalid, unsigned returned)
{
    struct record x = places_record(r.s, KIND_TALLY, r.town + village, 'h');
    uint32_t contest = plan_contest_of(r.s->plan, x.contest);
    x.blob[TALLY_DEFINITION] = bytes_of(r.s->plan->contests[contest].definition, 8);
    record_set(&x, TALLY_RETURNED, returned);
    record_set(&x, TALLY_VALID, valid);
    record_set(&x, TALLY_INVALID, invalid);
    x.n_list = 2;
    x.list[0] = 1;
    x.list[1] = valid;
    say(&x, 0);
}

static int64_t ask(const char *sql)
{
    sqlite3_stmt *q;
    if (!r.db)
        assert_int_equal(sqlite3_open_v2(r.path, &r.db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(r.db, sql, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(r.db));
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t v = sqlite3_column_type(q, 0) == SQLITE_NULL ? -1 : sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return v;
}

// A figure that was replaced is in `statement`, not in `turnout`; one that cannot be right is not counted.
static void test_tables_say_what_the_fold_says(void **state)
{
    struct stat st;
    (void)state;
    assert_int_equal(office_load_plan(r.hub, r.s->plan->bytes, now_is()), 0);
    voted(2, 50, voted(2, 40, 0));
    tallied(1, 90, 10, 100);
    tallied(2, 90, 10, 77); // not what was in the box
    assert_int_equal(sql_export(r.hub, r.path, at_11), 0);
    assert_int_equal(stat(r.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(ask("SELECT count(*) FROM unit"), 4);
    assert_int_equal(ask("SELECT count(*) FROM ballot"), r.s->plan->n_ballots);
    assert_int_equal(ask("SELECT count(*) FROM turnout"),
                     r.s->plan->n_ballots * r.s->plan->n_cutoffs);
    assert_int_equal(ask("SELECT count(*) FROM statement WHERE kind='turnout'"), 2);
    assert_int_equal(
        ask("SELECT count(*) FROM statement WHERE kind='turnout' AND state='replaced'"), 1);
    assert_int_equal(ask("SELECT count(*) FROM statement WHERE by='mai' AND stream='about'"), 4);
    assert_int_equal(
        ask("SELECT json_extract(fields,'$.voted') FROM statement WHERE why='gõ nhầm'"), 50);
    assert_int_equal(ask("SELECT sum(voted) FROM turnout WHERE state='value'"), 50);
    assert_int_equal(ask("SELECT sum(valid) FROM ballot WHERE tally_state='value'"), 90);
    assert_int_equal(
        ask("SELECT count(*) FROM ballot WHERE tally_state='quarantined' AND tally_reasons='F5'"),
        1);
    assert_int_equal(ask("SELECT count(*) FROM ballot WHERE blank IS NOT NULL"), 0);
    assert_int_equal(ask("SELECT sum(votes) FROM votes WHERE counted=1"), 90);
    assert_int_equal(ask("SELECT sum(n) FROM log WHERE stream='about'"), 4);
    assert_int_equal(ask("SELECT count(*) FROM log WHERE length(hash)=64 AND length(key)=64"),
                     ask("SELECT count(*) FROM log"));
}

// Without a plan there are the tables, and nothing in them but who writes; a file is never written over.
static void test_without_a_plan(void **state)
{
    (void)state;
    assert_int_equal(sql_export(r.hub, r.path, at_11), 0);
    assert_int_equal(ask("SELECT (SELECT count(*) FROM unit) + (SELECT count(*) FROM statement)"),
                     0);
    assert_int_equal(ask("SELECT count(*) FROM election WHERE name='drill' AND value='real'"), 1);
    assert_int_equal(sql_export(r.hub, r.path, at_11), -EEXIST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tables_say_what_the_fold_says, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_without_a_plan, open_room, close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

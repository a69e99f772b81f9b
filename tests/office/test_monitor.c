// test_monitor.c - what a live page is given: rows, tiles, turnout by cut-off, what changed since a bulletin, records.
#include "common/office/matters.h"
#include "common/office/monitor.h"
#include "common/office/since.h"
#include "tests/election/places.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <sodium.h>
#include <unistd.h>

enum { TOWNS = 3 };

static struct room {
    char dir[64];
    struct identity id;
    struct office *hub;
    struct places *s;
    uint32_t town[TOWNS];
    uint64_t drawn, act;
    struct since since;
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000, .wall = at_11};
}

static void open_with(unsigned towns, const char *const *groups)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id, .boot = 1, .doors = doors_shut(&r.drawn)};
    char name[40];
    memset(&r, 0, sizeof r);
    setup.doors = doors_shut(&r.drawn);
    r.act = 5000;
    assert_int_equal(folder_make(r.dir, "monitor"), 0);
    r.s = places_new(3, levels);
    r.s->cells = true;
    places_add(r.s, PLAN_NONE, "Ba Tơ", 0);
    for (unsigned i = 0; i < towns; i++) {
        snprintf(name, sizeof name, "Ba %u", i);
        uint32_t town = places_add(r.s, 0, name, 0);
        if (i < TOWNS)
            r.town[i] = town;
        if (groups)
            r.s->units[town].group = bytes_text(groups[i % 2]);
        places_add(r.s, town, "Thôn 1", 300);
        places_add(r.s, town, "Thôn 2", 200);
    }
    places_open(r.s);
    identity_make(&r.id);
    r.id.unit = code_of(bytes_text(r.s->codes[0]));
    assert_int_equal(office_open(&r.hub, &setup, now_is()), 0);
    assert_int_equal(office_load_plan(r.hub, r.s->plan->bytes, now_is()), 0);
}

static int open_room(void **state)
{
    (void)state;
    open_with(TOWNS, NULL);
    return 0;
}

static int open_grouped_room(void **state)
{
    static const char *const groups[] = {"bắc", "nam"};
    (void)state;
    open_with(14, groups);
    return 0;
}

static int open_loose_room(void **state)
{
    (void)state;
    open_with(14, NULL);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    since_close(&r.since);
    office_close(&r.hub);
    places_free(r.s);
    return folder_remove(r.dir);
}

// The hub says it of a commune's village.
static uint64_t say(uint32_t town, struct record *x)
{
    uint8_t buffer[2048];
    const char *why = "";
    uint64_t first;
    x->act = ++r.act;
    x->plan = 1;
    x->how = HOW_PHONE;
    x->by = bytes_text("lan");
    x->entered = at_11 + 60000;
    int size = record_encode(x, buffer, sizeof buffer, &why);
    if (size < 0)
        fail_msg("not a record: %s", why);
    struct bytes b = bytes_of(buffer, (size_t)size);
    struct code about = code_of(bytes_text(r.s->codes[town]));
    assert_int_equal(
        office_say(r.hub, &about, &(struct own_records){.records = &b, .n = 1}, now_is(), &first),
        0);
    return x->act;
}

static uint64_t voted(uint32_t town, unsigned village, unsigned cutoff, unsigned n,
                      uint64_t replaces)
{
    struct record x = places_record(r.s, KIND_TURNOUT, town + village, 'h');
    x.at = cutoff == 1 ? at_9 : at_11;
    x.number[TURNOUT_CUTOFF] = cutoff;
    x.number[TURNOUT_VOTED] = n;
    x.n_replaces = replaces != 0;
    x.replaces[0] = replaces;
    return say(town, &x);
}

static uint64_t tallied(uint32_t town, unsigned village, unsigned first, unsigned second)
{
    struct record x = places_record(r.s, KIND_TALLY, town + village, 'h');
    const struct plan *p = office_plan(r.hub);
    x.at = at_11;
    x.blob[TALLY_DEFINITION] = bytes_of(p->contests[plan_contest_of(p, x.contest)].definition, 8);
    x.n_list = 4;
    x.list[0] = 1, x.list[1] = first, x.list[2] = 2, x.list[3] = second;
    record_set(&x, TALLY_ATTENDED, first + second);
    record_set(&x, TALLY_RETURNED, first + second);
    record_set(&x, TALLY_VALID, first + second);
    record_set(&x, TALLY_INVALID, 0);
    return say(town, &x);
}

static void minutes(uint32_t town, unsigned village)
{
    struct record x = places_record(r.s, KIND_MINUTES, town + village, 'h');
    x.at = at_11;
    x.blob[MINUTES_NUMBER] = bytes_text("1/BB");
    x.blob[MINUTES_FORM] = bytes_text("");
    say(town, &x);
}

static struct monitor at(uint32_t unit, unsigned cutoff)
{
    return (struct monitor){
        .o = r.hub, .unit = unit, .kind = HEAD, .cutoff = cutoff, .now = at_11 + 3600000};
}

static json_int_t number(json_t *j, const char *path)
{
    char name[64];
    for (; *path; path += *path == '.') {
        size_t n = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)n, path);
        j = json_is_array(j) ? json_array_get(j, (size_t)atoll(name)) : json_object_get(j, name);
        path += n;
    }
    if (!json_is_integer(j) && !json_is_boolean(j))
        fail_msg("%s is no number", name);
    return json_is_integer(j) ? json_integer_value(j) : json_is_true(j);
}

static const char *word(json_t *j, const char *name)
{
    return json_string_value(json_object_get(j, name));
}

// The points of a line are what the fold has at each cut-off: who voted, of those places that said so.
static void test_series(void **state)
{
    (void)state;
    voted(r.town[0], 1, 1, 100, 0);
    voted(r.town[0], 1, 2, 150, 0);
    voted(r.town[1], 2, 2, 200, 0);
    struct monitor m = at(0, 2);
    json_t *j = monitor_series(&m);
    assert_string_equal(word(j, "by"), "unit");
    assert_int_equal(json_array_size(json_object_get(j, "rows")), TOWNS);
    assert_int_equal(number(j, "whole.points.0.voted"), 100);
    assert_int_equal(number(j, "whole.points.1.voted"), 350);
    assert_int_equal(number(j, "whole.points.1.voters"), 500);
    assert_int_equal(number(j, "whole.points.1.places"), 2);
    assert_int_equal(number(j, "whole.points.1.full"), 1);
    assert_int_equal(number(j, "whole.points.1.due"), 6);
    assert_int_equal(number(j, "whole.points.2.due"), 0);
    assert_int_equal(number(j, "rows.0.points.1.voted"), 150);
    assert_int_equal(number(j, "rows.1.points.0.places"), 0);
    assert_int_equal(number(j, "rows.1.points.1.voted"), 200);
    json_decref(j);
}

// Above twelve units their groups stand for them; without groups the whole alone has a line.
static void test_series_of_groups(void **state)
{
    (void)state;
    voted(r.town[0], 1, 1, 100, 0);
    voted(r.town[2], 1, 1, 50, 0);
    struct monitor m = at(0, 1);
    json_t *j = monitor_series(&m), *tiles = monitor_tiles(&m);
    assert_string_equal(word(j, "by"), "group");
    assert_int_equal(json_array_size(json_object_get(j, "rows")), 2);
    assert_int_equal(number(j, "rows.0.points.0.voted"), 150);
    assert_int_equal(number(j, "rows.0.points.0.due"), 14);
    assert_int_equal(number(j, "rows.1.points.0.places"), 0);
    assert_int_equal(json_array_size(json_object_get(tiles, "groups")), 2);
    json_decref(j);
    json_decref(tiles);
}

static void test_series_without_groups(void **state)
{
    (void)state;
    voted(r.town[0], 1, 1, 100, 0);
    struct monitor m = at(0, 1);
    json_t *j = monitor_series(&m);
    assert_string_equal(word(j, "by"), "");
    assert_int_equal(json_array_size(json_object_get(j, "rows")), 0);
    assert_int_equal(number(j, "whole.points.0.voted"), 100);
    json_decref(j);
}

// Tiles are the communes, with what is told or proven of them; rows of places are those of one unit.
static void test_rows(void **state)
{
    (void)state;
    voted(r.town[1], 1, 2, 150, 0);
    struct monitor m = at(0, 2), commune = at(r.town[1], 2);
    json_t *tiles = monitor_tiles(&m), *rows = monitor_children(&m);
    assert_string_equal(word(tiles, "level"), "xã");
    assert_int_equal(json_array_size(json_object_get(tiles, "groups")), 1);
    assert_int_equal(number(tiles, "groups.0.rows.1.turnout.voted"), 150);
    assert_int_equal(number(tiles, "groups.0.rows.1.turnout.places"), 1);
    assert_int_equal(number(tiles, "groups.0.rows.1.turnout.due"), 2);
    assert_int_equal(number(tiles, "groups.0.rows.1.places"), 2);
    assert_int_equal(number(rows, "rows.0.turnout.places"), 0);
    assert_int_equal(number(rows, "more"), 0);
    json_decref(tiles);
    json_decref(rows);
    assert_true(json_is_null(tiles = monitor_tiles(&commune)));
    rows = monitor_children(&commune);
    assert_int_equal(json_array_size(json_object_get(rows, "rows")), 2);
    assert_int_equal(number(rows, "rows.0.turnout.voted"), 150);
    assert_string_equal(
        word(json_object_get(json_array_get(json_object_get(rows, "rows"), 1), "turnout"), "state"),
        "missing");
    json_decref(rows);
}

// A unit is proven where its records are here, told where a summary is all there is, and else neither.
static void test_known(void **state)
{
    struct monitor m = at(0, 2);
    uint32_t n, told, proven;
    (void)state;
    monitor_known(&m, &n, &told, &proven);
    assert_int_equal(n, TOWNS);
    assert_int_equal(told + proven, 0);
    voted(r.town[1], 1, 2, 150, 0);
    monitor_known(&m, &n, &told, &proven);
    assert_int_equal(told, 0);
    assert_int_equal(proven, 1);
}

// A kind is shown by its name, or the first; a restricted one to nobody without that right.
static void test_kinds(void **state)
{
    unsigned kind = 7;
    struct monitor m = at(0, 1);
    (void)state;
    assert_true(monitor_kind(&m, NULL, &kind));
    assert_int_equal(kind, HEAD);
    assert_true(monitor_kind(&m, "cell", &kind));
    assert_int_equal(kind, HEAD);
    m.restricted = true;
    assert_true(monitor_kind(&m, "cell", &kind));
    assert_int_equal(kind, CELL);
    json_t *j = monitor_kinds(&m);
    assert_int_equal(json_array_size(j), 2);
    json_decref(j);
}

static json_t *contest_of(uint32_t place, bool votes)
{
    const struct fold *f = office_fold(r.hub);
    uint32_t ballot = f->plan->units[place].first_ballot;
    return view_contest(f, f->plan->ballots[ballot].contest, votes);
}

// No candidate's votes before the count is finished and the minutes are made; results are counted after it.
static void test_votes_after_the_minutes(void **state)
{
    struct monitor m = at(0, 2), place;
    const struct fold *f = office_fold(r.hub);
    json_t *j;
    (void)state;
    place = at(r.town[0] + 1, 2);
    uint32_t contest = f->plan->ballots[f->plan->units[place.unit].first_ballot].contest;
    assert_true(json_is_null(j = monitor_results(&m)));
    tallied(r.town[0], 1, 200, 50);
    f = office_fold(r.hub);
    assert_false(view_votes_open(f, contest));
    j = monitor_ballots(&place, false);
    assert_null(json_object_get(json_object_get(json_array_get(j, 0), "tally"), "votes"));
    json_decref(j);
    j = monitor_ballots(&place, true);
    assert_non_null(json_object_get(json_object_get(json_array_get(j, 0), "tally"), "votes"));
    json_decref(j);
    j = contest_of(place.unit, false);
    assert_true(json_is_null(
        json_object_get(json_array_get(json_object_get(j, "candidates"), 0), "votes")));
    assert_int_equal(json_array_size(json_object_get(j, "elected")), 0);
    json_decref(j);
    minutes(r.town[0], 1);
    f = office_fold(r.hub);
    assert_true(view_votes_open(f, contest));
    j = contest_of(place.unit, true);
    assert_int_equal(number(j, "candidates.0.votes"), 200);
    json_decref(j);
    j = monitor_results(&m);
    assert_int_equal(number(j, "contests"), 6);
    assert_int_equal(number(j, "decided"), 1);
    assert_int_equal(number(j, "elected"), 1);
    assert_int_equal(number(j, "all_recognised"), 0);
    assert_false(monitor_recognised(&m));
    json_decref(j);
}

static void release(unsigned cutoff)
{
    struct release_ask ask = {
        .act = ++r.act, .by = bytes_text("minh"), .cutoff = cutoff, .now = now_is()};
    unsigned n;
    assert_int_equal(release_make(r.hub, &ask, &n), 0);
}

// What the page says is corrected or added is what the cells are now against those of the release, also
// after further changes and further releases.
static void test_since_the_bulletin(void **state)
{
    (void)state;
    json_t *j = since_view(&r.since, r.hub, at_11);
    assert_true(json_is_null(j));
    uint64_t act = voted(r.town[0], 1, 2, 214, 0);
    tallied(r.town[2], 1, 100, 50);
    release(2);
    j = since_view(&r.since, r.hub, at_11);
    assert_int_equal(number(j, "number"), 1);
    assert_int_equal(number(j, "cutoff"), 2);
    assert_int_equal(number(j, "known"), 1);
    assert_int_equal(number(j, "corrected") + number(j, "added"), 0);
    json_decref(j);
    act = voted(r.town[0], 1, 2, 241, act);
    voted(r.town[1], 2, 2, 99, 0);
    voted(r.town[1], 1, 1, 99, 0); // of another cut-off
    j = since_view(&r.since, r.hub, at_11);
    assert_int_equal(number(j, "corrected"), 1);
    assert_int_equal(number(j, "added"), 1);
    assert_int_equal(number(j, "added_places"), 1);
    assert_int_equal(number(j, "items.0.then"), 214);
    assert_int_equal(number(j, "items.0.now"), 241);
    assert_int_equal(number(j, "items.1.now"), 99);
    assert_true(
        json_is_null(json_object_get(json_array_get(json_object_get(j, "items"), 1), "then")));
    json_decref(j);
    release(2);
    j = since_view(&r.since, r.hub, at_11);
    assert_int_equal(number(j, "number"), 2);
    assert_int_equal(number(j, "corrected") + number(j, "added"), 0);
    json_decref(j);
    // The second is withdrawn: what is said is of the first again.
    assert_int_equal(
        release_word(r.hub, KIND_VOID, 2, bytes_text("minh"), bytes_text("sai"), ++r.act, now_is()),
        0);
    j = since_view(&r.since, r.hub, at_11);
    assert_int_equal(number(j, "number"), 1);
    assert_int_equal(number(j, "corrected"), 1);
    json_decref(j);
}

// More changes than are named are counted.
static void test_many_changes(void **state)
{
    uint64_t acts[28];
    (void)state;
    for (unsigned i = 0; i < 28; i++)
        acts[i] = voted(1 + i / 2 * 3, 1 + i % 2, 2, 100, 0);
    release(2);
    for (unsigned i = 0; i < 28; i++)
        voted(1 + i / 2 * 3, 1 + i % 2, 2, 110, acts[i]);
    json_t *j = since_view(&r.since, r.hub, at_11);
    assert_int_equal(number(j, "corrected"), 28);
    assert_int_equal(json_array_size(json_object_get(j, "items")), SINCE_SHOWN);
    json_decref(j);
}

static struct view_fact_asked turnout_at(uint32_t place, unsigned cutoff)
{
    return (struct view_fact_asked){.kind = KIND_TURNOUT,
                                    .which = cutoff,
                                    .subject = office_plan(r.hub)->units[place].first_ballot};
}

// The record behind a figure: the one that counts first, with its log, number, run and signature.
static void test_records_of_a_figure(void **state)
{
    char signature[2 * SIGNATURE_SIZE + 1];
    struct stored_run stored;
    struct run run;
    const char *why;
    (void)state;
    uint64_t act = voted(r.town[0], 1, 2, 214, 0);
    uint64_t second = voted(r.town[0], 1, 2, 241, act);
    struct view_fact_asked x = turnout_at(r.town[0] + 1, 2);
    json_t *j = view_records(r.hub, &x), *first, *copy;
    assert_int_equal(json_array_size(json_object_get(j, "records")), 2);
    assert_int_equal(number(j, "records.0.chosen"), 1);
    assert_int_equal(number(j, "records.0.fields.voted"), 241);
    assert_int_equal(number(j, "records.1.chosen"), 0);
    assert_int_equal(number(j, "records.1.fields.voted"), 214);
    first = json_array_get(json_object_get(j, "records"), 0);
    assert_string_equal(word(first, "how"), "phone");
    assert_true(json_is_true(json_object_get(first, "relayed")));
    assert_string_equal(word(json_object_get(first, "place"), "code"), r.s->codes[r.town[0] + 1]);
    assert_int_equal(json_array_size(json_object_get(first, "way")), 2);
    assert_int_equal(number(first, "typed_after_ms"), 60000);
    assert_int_equal(number(first, "came_after_ms"),
                     -60000); // a clock that is ahead is shown as it is
    copy = json_array_get(json_object_get(first, "copies"), 0);
    assert_string_equal(word(copy, "stream"), "about");
    assert_string_equal(word(copy, "author"), r.s->codes[0]);
    uint32_t entry = fold_find(office_fold(r.hub), r.town[0], second);
    const struct fold_occurrence *o =
        &office_fold(r.hub)->occurrences[office_fold(r.hub)->entries[entry].occurrences];
    assert_int_equal(store_run_at(office_store(r.hub), o->log, o->n, &stored), 0);
    assert_int_equal(run_decode(&run, stored.body, &why), 0);
    sodium_bin2hex(signature, sizeof signature, run.signature.at, run.signature.n);
    assert_string_equal(word(copy, "signature"), signature);
    assert_int_equal(number(copy, "n"), (json_int_t)o->n);
    assert_int_equal(number(copy, "run_last"), (json_int_t)stored.last);
    assert_int_equal(number(copy, "stored"), at_11);
    json_decref(j);
    j = view_records_named(r.hub, r.town[0], act, &x);
    assert_int_equal(json_array_size(json_object_get(j, "records")), 1);
    assert_int_equal(number(j, "records.0.fields.voted"), 214);
    json_decref(j);
    x = turnout_at(r.town[0] + 1, 1);
    j = view_records(r.hub, &x);
    assert_int_equal(json_array_size(json_object_get(j, "records")), 0);
    json_decref(j);
}

// More versions than are listed are counted.
static void test_many_versions(void **state)
{
    uint64_t act = 0;
    (void)state;
    for (unsigned i = 0; i < VIEW_RECORDS + 5; i++)
        act = voted(r.town[0], 1, 2, 100 + i, act);
    struct view_fact_asked x = turnout_at(r.town[0] + 1, 2);
    json_t *j = view_records(r.hub, &x);
    assert_int_equal(json_array_size(json_object_get(j, "records")), VIEW_RECORDS);
    assert_int_equal(number(j, "more"), 5);
    assert_int_equal(number(j, "records.0.fields.voted"), 100 + VIEW_RECORDS + 4);
    json_decref(j);
}

// The record of a tally names candidates only after the minutes, or to who works with them.
static void test_record_of_a_tally(void **state)
{
    (void)state;
    uint64_t act = tallied(r.town[0], 1, 200, 50);
    struct view_fact_asked x = {0};
    json_t *j = view_records_named(r.hub, r.town[0], act, &x);
    assert_int_equal(number(j, "records.0.votes_open"), 0);
    json_t *first = json_array_get(json_object_get(j, "records"), 0);
    assert_null(json_object_get(first, "list"));
    assert_null(json_object_get(first, "votes"));
    json_decref(j);
    x.votes = true;
    j = view_records_named(r.hub, r.town[0], act, &x);
    assert_int_equal(number(j, "records.0.votes.0.votes"), 200);
    json_decref(j);
    x.votes = false;
    minutes(r.town[0], 1);
    j = view_records_named(r.hub, r.town[0], act, &x);
    assert_int_equal(number(j, "records.0.votes.1.votes"), 50);
    first = json_array_get(json_object_get(j, "records"), 0);
    assert_string_equal(word(json_array_get(json_object_get(first, "votes"), 1), "name"), "Bình");
    json_decref(j);
}

// What is said of a restricted contest is in no answer to who may not see it.
static void test_restricted_record(void **state)
{
    (void)state;
    struct record x = places_record(r.s, KIND_TURNOUT, r.town[0] + 1, 'c');
    x.at = at_11;
    x.number[TURNOUT_CUTOFF] = 2;
    x.number[TURNOUT_VOTED] = 20;
    uint64_t act = say(r.town[0], &x);
    struct view_fact_asked asked = {0};
    json_t *j = view_records_named(r.hub, r.town[0], act, &asked);
    assert_int_equal(json_array_size(json_object_get(j, "records")), 0);
    json_decref(j);
    asked.restricted = true;
    j = view_records_named(r.hub, r.town[0], act, &asked);
    assert_int_equal(json_array_size(json_object_get(j, "records")), 1);
    json_decref(j);
}

static void incident(unsigned severity, unsigned what)
{
    struct record x = places_record(r.s, KIND_INCIDENT, r.town[0] + 1, 0);
    x.at = at_11;
    x.number[INCIDENT_SEVERITY] = severity;
    x.number[INCIDENT_STATE] = what;
    say(r.town[0], &x);
}

// Open incidents of level 3 and 4 are listed, the worst first; no others.
static void test_severe(void **state)
{
    (void)state;
    incident(1, 1);
    incident(3, 1);
    incident(4, 2);
    incident(4, 3);
    json_t *j = matters_severe(r.hub, 0, false);
    assert_int_equal(number(j, "n"), 2);
    assert_int_equal(number(j, "matters.0.fields.severity"), 4);
    assert_int_equal(number(j, "matters.1.fields.severity"), 3);
    json_decref(j);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_room, close_room)
    const struct CMUnitTest tests[] = {
        TEST(test_series),
        cmocka_unit_test_setup_teardown(test_series_of_groups, open_grouped_room, close_room),
        cmocka_unit_test_setup_teardown(test_series_without_groups, open_loose_room, close_room),
        TEST(test_rows),
        TEST(test_known),
        TEST(test_kinds),
        TEST(test_votes_after_the_minutes),
        TEST(test_since_the_bulletin),
        cmocka_unit_test_setup_teardown(test_many_changes, open_loose_room, close_room),
        TEST(test_records_of_a_figure),
        TEST(test_many_versions),
        TEST(test_record_of_a_tally),
        TEST(test_restricted_record),
        TEST(test_severe),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

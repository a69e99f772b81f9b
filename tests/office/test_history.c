// test_history.c - every version of a figure with its marks, in pages and as rows; and what was here at a moment.
#include "common/office/history.h"
#include "tests/election/places.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <unistd.h>

enum { MINUTE = 60000, HOUR = 60 * MINUTE };
static struct room {
    char dir[64];
    struct identity id;
    struct office *hub;
    struct places *s;
    uint32_t town, one, two;
    uint64_t drawn, act;
    int64_t now;
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = r.now, .wall = r.now};
}

static int open_room(void **state)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    (void)state;
    memset(&r, 0, sizeof r);
    assert_int_equal(folder_make(r.dir, "history"), 0);
    r.now = at_9 - 2 * HOUR;
    r.s = places_new(3, levels);
    r.s->cells = true;
    places_add(r.s, PLAN_NONE, "Ba Tơ", 0);
    r.town = places_add(r.s, 0, "Ba Xa", 0);
    r.one = places_add(r.s, r.town, "=Thôn, 1", 300);
    r.two = places_add(r.s, r.town, "Thôn 2", 200);
    places_open(r.s);
    identity_make(&r.id);
    r.id.unit = code_of(bytes_text(r.s->codes[0]));
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id, .boot = 1, .doors = doors_shut(&r.drawn)};
    assert_int_equal(office_open(&r.hub, &setup, now_is()), 0);
    assert_int_equal(office_load_plan(r.hub, r.s->plan->bytes, now_is()), 0);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    office_close(&r.hub);
    places_free(r.s);
    return folder_remove(r.dir);
}

static uint64_t say(struct record *x)
{
    uint8_t buffer[RECORD_MAX];
    const char *why = "";
    uint64_t first;
    struct code about = code_of(bytes_text(r.s->codes[r.town]));
    x->act = x->act ? x->act : ++r.act;
    x->plan = 1;
    x->how = x->how ? x->how : HOW_PHONE;
    x->by = x->by.n > 0 ? x->by : bytes_text("lan");
    int size = record_encode(x, buffer, sizeof buffer, &why);
    if (size < 0)
        fail_msg("not a record: %s", why);
    struct bytes b = bytes_of(buffer, (size_t)size);
    struct own_records own = {.records = &b, .n = 1};
    assert_int_equal(office_say(r.hub, &about, &own, now_is(), &first), 0);
    return x->act;
}

// A turnout entered then and taken by the hub now.
static struct record figure(uint32_t village, unsigned cutoff, unsigned n, int64_t entered)
{
    struct record x = places_record(r.s, KIND_TURNOUT, village, 'h');
    x.at = x.entered = entered;
    x.number[TURNOUT_CUTOFF] = cutoff;
    x.number[TURNOUT_VOTED] = n;
    return x;
}

static uint64_t voted(uint32_t village, unsigned cutoff, unsigned n, int64_t entered,
                      uint64_t replaces)
{
    struct record x = figure(village, cutoff, n, entered);
    x.n_replaces = replaces != 0;
    x.replaces[0] = replaces;
    x.why = bytes_text(replaces ? "gõ nhầm" : "");
    return say(&x);
}

static json_t *view(struct history_asked x)
{
    json_t *j = history_view(r.hub, &x);
    assert_non_null(j);
    return j;
}

static json_int_t number(const json_t *j, const char *name)
{
    return json_integer_value(json_object_get(j, name));
}

static const char *word(const json_t *j, const char *name)
{
    return json_string_value(json_object_get(j, name));
}

static json_t *version(const json_t *j, size_t of_figure, size_t i)
{
    return json_array_get(
        json_object_get(json_array_get(json_object_get(j, "figures"), of_figure), "versions"), i);
}

static bool marked(const json_t *j, const char *mark)
{
    size_t i;
    const json_t *m;
    json_array_foreach(json_object_get(j, "marks"), i,
                       m) if (strcmp(json_string_value(m), mark) == 0) return true;
    return false;
}

// Both versions of a corrected figure are there, in the order in which they were entered, with who, why and where
// they stand; the log's number and hash are those of the store.
static void test_both_versions(void **state)
{
    (void)state;
    r.now = at_9;
    uint64_t first = voted(r.one, 1, 214, at_9 - MINUTE, 0);
    r.now = at_9 + 5 * MINUTE;
    uint64_t second = voted(r.one, 1, 241, at_9 + 4 * MINUTE, first);
    json_t *j = view((struct history_asked){.unit = r.town, .only = HISTORY_CHANGED}), *v;
    char hex[17];
    assert_int_equal(number(j, "n"), 1);
    assert_int_equal(number(j, "versions"), 2);
    v = version(j, 0, 0);
    assert_int_equal(number(json_object_get(v, "fields"), "voted"), 214);
    assert_string_equal(word(v, "state"), "replaced");
    snprintf(hex, sizeof hex, "%016llx", (unsigned long long)second);
    assert_string_equal(word(json_object_get(v, "replaced_by"), "act"), hex);
    assert_string_equal(word(json_object_get(v, "replaced_by"), "why"), "gõ nhầm");
    assert_int_equal(number(v, "stored"), at_9);
    assert_true(marked(v, "changed") && marked(v, "relayed") && marked(v, "behalf"));
    v = version(j, 0, 1);
    assert_int_equal(number(json_object_get(v, "fields"), "voted"), 241);
    assert_string_equal(word(v, "state"), "value");
    assert_string_equal(word(v, "by"), "lan");
    assert_string_equal(word(v, "how"), "phone");
    json_t *copy = json_array_get(json_object_get(v, "copies"), 0);
    const struct log_head *h = &office_logs(r.hub)->at[office_logs(r.hub)->n - 1];
    json_t *hash = view_hex(bytes_of(h->hash, HASH_SIZE));
    assert_int_equal(number(copy, "n"), h->n);
    assert_string_equal(word(copy, "hash"), json_string_value(hash));
    json_decref(hash);
    json_decref(j);
}

// Late is entered after the grace; come late is entered in time; a clock that runs ahead is remarked.
static void test_times(void **state)
{
    (void)state;
    r.now = at_11;
    voted(r.one, 1, 100, at_9 - MINUTE, 0);
    voted(r.two, 1, 90, at_9 + HOUR, 0);
    voted(r.one, 2, 150, at_11 + HOUR, 0); // entered in an hour
    json_t *j = view((struct history_asked){.unit = r.town, .only = HISTORY_CAME_LATE});
    assert_int_equal(number(j, "n"), 1);
    assert_string_equal(word(json_array_get(json_object_get(j, "figures"), 0), "name"), "=Thôn, 1");
    json_decref(j);
    j = view((struct history_asked){.unit = r.town, .only = HISTORY_LATE | HISTORY_CLOCK});
    assert_int_equal(number(j, "n"), 2);
    assert_true(marked(version(j, 0, 0), "clock"));
    assert_true(marked(version(j, 1, 0), "late"));
    assert_false(marked(version(j, 1, 0), "clock"));
    json_decref(j);
}

// What was held back and let count: the figure, the reason, who released it and why.
static void test_conflicts_and_releases(void **state)
{
    (void)state;
    r.now = at_9;
    struct record fewer, verdict = {.kind = KIND_VERDICT, .at = at_11};
    voted(r.one, 1, 200, at_9, 0);
    fewer = figure(r.one, 2, 150, at_11); // fewer than before
    uint64_t held = say(&fewer);
    voted(r.two, 1, 50, at_9, 0);
    voted(r.two, 1, 60, at_9, 0); // another word for the same
    json_t *j = view((struct history_asked){.unit = 0, .only = HISTORY_HELD_BACK});
    assert_int_equal(number(j, "n"), 1);
    assert_string_equal(word(version(j, 0, 0), "state"), "quarantined");
    json_decref(j);
    j = view((struct history_asked){.unit = 0, .only = HISTORY_CONFLICT});
    assert_int_equal(number(j, "n"), 1);
    assert_int_equal(number(j, "versions"), 2);
    json_decref(j);
    verdict.subject = bytes_text(r.s->codes[r.town]);
    verdict.entered = at_11;
    verdict.by = bytes_text("hoa");
    verdict.why = bytes_text("đã hỏi lại tổ bầu cử");
    verdict.number[VERDICT_WORD] = VERDICT_RELEASED;
    verdict.number[VERDICT_OF] = held;
    verdict.number[VERDICT_WAIVES] = UINT32_MAX;
    say(&verdict);
    j = view((struct history_asked){.unit = 0, .only = HISTORY_RELEASED});
    assert_int_equal(number(j, "n"), 1);
    json_t *said = json_array_get(json_object_get(version(j, 0, 0), "verdicts"), 0);
    assert_string_equal(word(said, "word"), "released");
    assert_string_equal(word(said, "by"), "hoa");
    assert_string_equal(word(said, "why"), "đã hỏi lại tổ bầu cử");
    assert_string_equal(word(version(j, 0, 0), "state"), "value");
    json_decref(j);
}

// By unit, person, kind and contest; restricted contests only for those who may see them.
static void test_filters(void **state)
{
    (void)state;
    r.now = at_9;
    struct record cell = places_record(r.s, KIND_TURNOUT, r.one, 'c');
    cell.at = cell.entered = at_9;
    cell.number[TURNOUT_CUTOFF] = 1;
    cell.number[TURNOUT_VOTED] = 10;
    cell.by = bytes_text("an");
    say(&cell);
    voted(r.one, 1, 100, at_9, 0);
    voted(r.two, 1, 90, at_9, 0);
    struct record step = places_record(r.s, KIND_STEP, r.two, 'h');
    step.at = step.entered = at_9 - HOUR;
    step.number[STEP_WHAT] = STEP_OPENED;
    step.behalf = bytes_text("anh Ba");
    say(&step);
    const struct {
        struct history_asked x;
        json_int_t n;
    } cases[] = {
        {{.unit = r.town}, 3},
        {{.unit = r.town, .restricted = true}, 4},
        {{.unit = r.two}, 2},
        {{.unit = r.town, .kind = KIND_STEP}, 1},
        {{.unit = r.town, .person = bytes_text("anh Ba")}, 1},
        {{.unit = r.town, .person = bytes_text("an")}, 0},
        {{.unit = r.town, .person = bytes_text("an"), .restricted = true}, 1},
        {{.unit = r.town, .contest = bytes_text("hu0002")}, 1},
        {{.unit = r.town, .only = HISTORY_RETIRED | HISTORY_OLD | HISTORY_NOT_COUNTED}, 0},
        {{.unit = r.town, .page = 1}, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *j = view(cases[i].x);
        assert_int_equal(number(j, "n"), cases[i].n);
        assert_int_equal(json_array_size(json_object_get(j, "figures")),
                         cases[i].x.page ? 0 : cases[i].n);
        json_decref(j);
    }
}

// More versions than are shown of one figure, and more figures than stand on a page.
static void test_limits(void **state)
{
    (void)state;
    r.now = at_9;
    uint64_t before = 0;
    for (unsigned i = 0; i < HISTORY_VERSIONS + 5; i++)
        before = voted(r.one, 1, 100 + i, at_9 + i, before);
    for (unsigned i = 0; i < HISTORY_FIGURES; i++) {
        struct record x = places_record(r.s, KIND_INCIDENT, r.two, 'h');
        x.at = x.entered = at_9 + i;
        x.number[INCIDENT_SEVERITY] = x.number[INCIDENT_STATE] = 1;
        say(&x);
    }
    json_t *j = view((struct history_asked){.unit = r.town});
    assert_int_equal(number(j, "n"), HISTORY_FIGURES + 1);
    assert_int_equal(number(j, "pages"), 2);
    assert_int_equal(json_array_size(json_object_get(j, "figures")), HISTORY_FIGURES);
    json_t *first = json_array_get(json_object_get(j, "figures"), 0);
    assert_int_equal(json_array_size(json_object_get(first, "versions")), HISTORY_VERSIONS);
    assert_int_equal(number(first, "more"), 5);
    json_decref(j);
    j = view((struct history_asked){.unit = r.town, .page = 1});
    assert_int_equal(json_array_size(json_object_get(j, "figures")), 1);
    json_decref(j);
}

// One row for each version that matches, with what a spreadsheet would run made harmless.
static void test_rows(void **state)
{
    (void)state;
    r.now = at_9;
    uint64_t first = voted(r.one, 1, 214, at_9 - MINUTE, 0);
    voted(r.one, 1, 241, at_9 - MINUTE, first);
    voted(r.two, 1, 9, at_9 - MINUTE, 0);
    size_t n;
    uint32_t more, lines = 0;
    char *csv = history_csv(r.hub, &(struct history_asked){.unit = r.town, .only = HISTORY_CHANGED},
                            &n, &more);
    for (const char *at = csv; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, 3);
    assert_int_equal(more, 0);
    assert_non_null(strstr(csv, "\"'=Thôn, 1\""));
    assert_non_null(strstr(csv, "voted=214"));
    assert_non_null(strstr(csv, "gõ nhầm"));
    assert_null(strstr(csv, "voted=9"));
    free(csv);
}

static json_t *then_at(struct history_then x)
{
    json_t *j = NULL;
    assert_int_equal(history_then(r.hub, &x, &j), 0);
    return j;
}

static json_int_t voted_of(const json_t *row, const char *when)
{
    return number(json_array_get(json_object_get(json_object_get(row, when), "turnout"), 0),
                  "voted");
}

// What this disk held at a moment is what had come by then, whenever it was entered; by entry it is what had been
// said by then, whenever it came. Places where nothing differs are left out, or shown.
static void test_then(void **state)
{
    (void)state;
    r.now = at_9;
    uint64_t first = voted(r.one, 1, 214, at_9 - MINUTE, 0);
    r.now = at_11;
    voted(r.one, 1, 241, at_9 + HOUR, first);
    voted(r.two, 1, 90, at_9 - MINUTE, 0); // was entered in time, came two hours later
    r.now = at_15;
    json_t *j = then_at((struct history_then){.unit = r.town, .at = at_9 + MINUTE});
    json_t *row = json_array_get(json_object_get(j, "rows"), 0);
    assert_int_equal(number(j, "n"), 2);
    assert_int_equal(number(j, "changed"), 2);
    assert_int_equal(number(j, "since"), 2);
    assert_int_equal(voted_of(row, "then"), 214);
    assert_int_equal(voted_of(row, "now"), 241);
    row = json_array_get(json_object_get(j, "rows"), 1);
    assert_true(json_is_null(json_object_get(
        json_array_get(json_object_get(json_object_get(row, "then"), "turnout"), 0), "voted")));
    assert_true(number(j, "began") > 0);
    json_decref(j);
    j = then_at((struct history_then){.unit = r.town, .at = at_9 + MINUTE, .entered = true});
    row = json_array_get(json_object_get(j, "rows"), 0);
    assert_int_equal(number(j, "n"), 1);
    assert_int_equal(voted_of(row, "then"), 214);
    assert_string_equal(word(j, "basis"), "entered");
    json_decref(j);
    j = then_at((struct history_then){.unit = r.town, .at = at_15, .all = true});
    assert_int_equal(number(j, "n"), 2);
    assert_int_equal(number(j, "changed"), 0);
    json_decref(j);
    j = then_at(
        (struct history_then){.unit = r.town, .at = at_15, .all = true, .restricted = true});
    assert_int_equal(number(j, "n"), 4);
    json_decref(j);
    j = then_at((struct history_then){.unit = r.town, .at = at_9 - 3 * HOUR});
    assert_int_equal(number(j, "n"), 2);
    assert_true(number(j, "began") > at_9 - 3 * HOUR);
    json_decref(j);
}

// Names of marks go both ways.
static void test_names(void **state)
{
    (void)state;
    unsigned mark;
    for (unsigned i = 0; i < HISTORY_MARKS; i++) {
        assert_true(history_mark_named(bytes_text(history_mark_name(i)), &mark));
        assert_int_equal(mark, 1u << i);
    }
    assert_false(history_mark_named(bytes_text("blue"), &mark));
    assert_int_equal(HISTORY_CLOCK, 1 << (HISTORY_MARKS - 1));
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(test_both_versions),
        IN_ROOM(test_times),
        IN_ROOM(test_conflicts_and_releases),
        IN_ROOM(test_filters),
        IN_ROOM(test_limits),
        IN_ROOM(test_rows),
        IN_ROOM(test_then),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

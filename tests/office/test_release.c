// test_release.c - releases of a hub: numbered, kept as sent, and the next one says what changed since.
#include "common/office/release.h"
#include "tests/election/places.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <sodium.h>
#include <unistd.h>

enum { MANY = 800 }; // communes, more than positions have room for

static struct room {
    char dir[64];
    struct identity id;
    struct office *hub;
    struct places *s;
    uint32_t town[MANY];
    uint64_t drawn, act;
    int64_t now;
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000 + r.now, .wall = at_11 + r.now};
}

static void open_hub(void)
{
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id, .boot = 1, .doors = doors_shut(&r.drawn)};
    assert_int_equal(office_open(&r.hub, &setup, now_is()), 0);
}

static void open_with(unsigned towns)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    char name[40];
    memset(&r, 0, sizeof r);
    r.act = 5000;
    assert_int_equal(folder_make(r.dir, "release"), 0);
    r.s = places_new(3, levels);
    r.s->cells = true;
    places_add(r.s, PLAN_NONE, "Ba Tơ", 0);
    for (unsigned i = 0; i < towns; i++) {
        snprintf(name, sizeof name, "Ba %u", i);
        r.town[i] = places_add(r.s, 0, name, 0);
        places_add(r.s, r.town[i], "Thôn 1", 300);
        if (towns < MANY)
            places_add(r.s, r.town[i], "Thôn 2", 300);
    }
    places_open(r.s);
    identity_make(&r.id);
    r.id.unit = code_of(bytes_text(r.s->codes[0]));
    open_hub();
    assert_int_equal(office_load_plan(r.hub, r.s->plan->bytes, now_is()), 0);
    assert_non_null(office_plan(r.hub));
}

static int open_room(void **state)
{
    (void)state;
    open_with(3);
    return 0;
}

static int open_large_room(void **state)
{
    (void)state;
    open_with(MANY);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    office_close(&r.hub);
    places_free(r.s);
    return folder_remove(r.dir);
}

// The hub says it of a commune's village.
static uint64_t voted(uint32_t town, unsigned village, char contest, unsigned n, uint64_t replaces)
{
    uint8_t buffer[1024];
    const char *why = "";
    uint64_t first;
    struct record x = places_record(r.s, KIND_TURNOUT, town + village, contest);
    x.at = at_11;
    x.act = ++r.act;
    x.plan = 1;
    x.how = HOW_PHONE;
    x.by = bytes_text("lan");
    x.number[TURNOUT_CUTOFF] = 2;
    x.number[TURNOUT_VOTED] = n;
    if (replaces)
        x.replaces[x.n_replaces++] = replaces;
    int size = record_encode(&x, buffer, sizeof buffer, &why);
    assert_true(size > 0);
    struct bytes b = bytes_of(buffer, (size_t)size);
    struct code about = code_of(bytes_text(r.s->codes[town]));
    assert_int_equal(
        office_say(r.hub, &about, &(struct own_records){.records = &b, .n = 1}, now_is(), &first),
        0);
    return x.act;
}

static struct release released(unsigned cutoff)
{
    struct release_ask ask = {
        .act = ++r.act, .by = bytes_text("minh"), .cutoff = cutoff, .now = now_is()};
    struct release got;
    unsigned number = 0;
    assert_int_equal(release_make(r.hub, &ask, &number), 0);
    assert_true(release_of_act(r.hub, ask.act, &got));
    assert_int_equal(got.number, number);
    return got;
}

static bool has(const struct release *x, const char *what)
{
    static char text[BULLETIN_MAX + 1];
    memcpy(text, x->text.at, x->text.n);
    text[x->text.n] = 0;
    return strstr(text, what) != NULL;
}

static enum release_state state_of(unsigned number)
{
    struct release x;
    assert_true(release_find(r.hub, number, &x));
    return x.state;
}

static void word(unsigned kind, unsigned number)
{
    assert_int_equal(release_word(r.hub, kind, number, bytes_text("minh"), bytes_text("số sai"),
                                  ++r.act, now_is()),
                     0);
}

// A release is kept as sent, with its hash, by whom, and how far each log was held.
static void test_kept_as_sent(void **state)
{
    char text[BULLETIN_TEXT_MAX + 1];
    uint8_t hash[HASH_SIZE];
    struct cursor c;
    uint64_t records = 0, before = 0;
    (void)state;
    voted(r.town[0], 1, 'h', 214, 0);
    struct bulletin b = {.fold = office_fold(r.hub), .cutoff = 2, .now = at_11, .number = 1};
    int n = bulletin_write(&b, BULLETIN_TEXT, text, sizeof text);
    struct release x = released(2);
    assert_int_equal(x.number, 1);
    assert_int_equal(x.cutoff, 2);
    assert_int_equal(x.at, at_11);
    assert_int_equal(x.state, RELEASE_VALID);
    assert_true(bytes_same(x.by, bytes_text("minh")));
    assert_true(bytes_same(x.text, bytes_of(text, (size_t)n)));
    hash_of(x.text, hash);
    assert_true(bytes_same(x.hash, bytes_of(hash, HASH_SIZE)));
    cursor_init(&c, x.positions);
    size_t logs = take_array(&c, 0, 100);
    assert_true(logs >= 2); // the plan, and what was said of the commune
    for (size_t i = 0; i < logs; i++) {
        take_array(&c, 2, 2);
        uint64_t incarnation = take_uint(&c, UINT64_MAX);
        assert_true(incarnation > before);
        before = incarnation;
        records += take_uint(&c, UINT64_MAX);
    }
    take_end(&c);
    assert_true(cursor_ok(&c));
    assert_true(records >= 2);
}

// The next one names the late and the corrected figure, and nothing that is restricted.
static void test_the_next_says_what_changed(void **state)
{
    (void)state;
    uint64_t act = voted(r.town[0], 1, 'h', 214, 0);
    struct release x = released(1); // of a cut-off before: no figures were late for it
    x = released(2);
    assert_int_equal(x.number, 2);
    assert_false(has(&x, "so với số"));
    x = released(2);
    assert_false(has(&x, "so với số")); // nothing changed
    voted(r.town[0], 1, 'h', 241, act);
    voted(r.town[1], 2, 'h', 99, 0);
    voted(r.town[2], 1, 'c', 77, 0);
    x = released(2);
    assert_int_equal(x.number, 4);
    assert_true(
        has(&x, "Đính chính so với số 3: Thôn 1, xã Ba 0: 214 → 241.\nBổ sung so với số 3: 1 thôn: "
                "Thôn 2, xã Ba 1: 99.\n"));
    assert_false(has(&x, "77"));
    x = released(3);
    assert_false(has(&x, "so với số")); // since number 4
    word(KIND_VOID, 5);
    word(KIND_VOID, 4);
    x = released(2); // number 3 is the last that stands
    assert_true(has(&x, "Đính chính so với số 3: Thôn 1, xã Ba 0: 214 → 241.\n"));
}

// Pause, resume and withdraw act on a number that there is; the latest word holds, at one time the pause.
static void test_words_about_a_release(void **state)
{
    (void)state;
    assert_int_equal(
        release_word(r.hub, KIND_PAUSE, 1, bytes_text("minh"), bytes_text("x"), 1, now_is()),
        -ENOENT);
    voted(r.town[0], 1, 'h', 214, 0);
    released(2);
    r.now = 10000;
    word(KIND_PAUSE, 1);
    assert_int_equal(state_of(1), RELEASE_PAUSED);
    word(KIND_RESUME, 1); // at the same time
    assert_int_equal(state_of(1), RELEASE_PAUSED);
    r.now = 20000;
    word(KIND_RESUME, 1);
    assert_int_equal(state_of(1), RELEASE_VALID);
    r.now = 15000; // said later, of an earlier time
    word(KIND_PAUSE, 1);
    assert_int_equal(state_of(1), RELEASE_VALID);
    assert_int_equal(
        release_word(r.hub, KIND_PAUSE, 2, bytes_text("minh"), bytes_text("x"), 1, now_is()),
        -ENOENT);
    word(KIND_VOID, 1);
    assert_int_equal(state_of(1), RELEASE_WITHDRAWN);
    word(KIND_RESUME, 1);
    assert_int_equal(state_of(1), RELEASE_WITHDRAWN);
}

// A hub that begins anew goes on with its numbers, and what it released stays released, once.
static void test_a_new_incarnation(void **state)
{
    struct identity other;
    struct release x;
    uint32_t at = 0;
    unsigned n = 0;
    (void)state;
    uint64_t act = voted(r.town[0], 1, 'h', 214, 0);
    released(2);
    word(KIND_PAUSE, 1);
    office_close(&r.hub);
    identity_make(&other); // another machine's key, on the old one's store
    memcpy(r.id.key, other.key, sizeof r.id.key);
    memcpy(r.id.secret, other.secret, sizeof r.id.secret);
    open_hub();
    r.now = 1000;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(office_turn(r.hub, now_is()), 0);
    assert_true(office_renewed(r.hub));
    while (release_each(r.hub, &at, &x))
        n++;
    assert_int_equal(n, 1);
    assert_int_equal(state_of(1), RELEASE_PAUSED);
    voted(r.town[0], 1, 'h', 241, act);
    x = released(2);
    assert_int_equal(x.number, 2);
    assert_true(has(&x, "so với số 1: Thôn 1, xã Ba 0: 214 → "));
}

// With more logs than positions have room for, a release says nothing of them; the next one compares totals.
static void test_too_many_logs(void **state)
{
    uint64_t act = 0;
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        act = voted(r.town[i], 1, 'h', 100, 0);
    struct release x = released(2);
    assert_int_equal(x.positions.n, 0);
    assert_true(has(&x, "có 80.000/240.000 cử tri đã bỏ phiếu"));
    voted(r.town[MANY - 1], 1, 'h', 101, act);
    x = released(2);
    assert_true(
        has(&x, "Đính chính, bổ sung so với số 1: số cử tri đã bỏ phiếu 80.000 → 80.001.\n"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_room, close_room)
    const struct CMUnitTest tests[] = {
        TEST(test_kept_as_sent),
        TEST(test_the_next_says_what_changed),
        TEST(test_words_about_a_release),
        TEST(test_a_new_incarnation),
        cmocka_unit_test_setup_teardown(test_too_many_logs, open_large_room, close_room),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

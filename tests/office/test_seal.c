// test_seal.c - a seal names the head before it, the next one has the next number, and what comes behind is told.
#include "common/office/past.h"
#include "common/office/seal.h"
#include "tests/election/places.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <sodium.h>
#include <unistd.h>

static struct room {
    char dir[64];
    struct identity id;
    struct office *top;
    struct places *s;
    uint64_t drawn, act;
    int64_t now;
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000 + r.now, .wall = at_11 + r.now};
}

static void open_office(void)
{
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id, .boot = 1, .doors = doors_shut(&r.drawn)};
    assert_int_equal(office_open(&r.top, &setup, now_is()), 0);
}

// A commune that stands at the top, so that it has a plan without a parent.
static int open_room(void **state)
{
    static const char *const levels[] = {"xã", "thôn"};
    (void)state;
    memset(&r, 0, sizeof r);
    r.act = 5000;
    assert_int_equal(folder_make(r.dir, "seal"), 0);
    r.s = places_new(2, levels);
    places_add(r.s, PLAN_NONE, "Ba Xa", 0);
    places_add(r.s, 0, "Thôn 1", 300);
    places_add(r.s, 0, "Thôn 2", 200);
    places_open(r.s);
    identity_make(&r.id);
    r.id.unit = code_of(bytes_text(r.s->codes[0]));
    open_office();
    assert_int_equal(office_load_plan(r.top, r.s->plan->bytes, now_is()), 0);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    office_close(&r.top);
    places_free(r.s);
    return folder_remove(r.dir);
}

static uint64_t voted(unsigned village, unsigned n, uint64_t replaces)
{
    uint8_t buffer[1024];
    const char *why;
    uint64_t first;
    struct record x = places_record(r.s, KIND_TURNOUT, village, 'h');
    r.now += 60000;
    x.act = ++r.act;
    x.at = x.entered = now_is().wall;
    x.how = HOW_DESK;
    x.plan = 1;
    x.by = bytes_text("lan");
    x.number[TURNOUT_CUTOFF] = 1;
    x.number[TURNOUT_VOTED] = n;
    x.n_replaces = replaces != 0;
    x.replaces[0] = replaces;
    int size = record_encode(&x, buffer, sizeof buffer, &why);
    assert_true(size > 0);
    struct bytes b = bytes_of(buffer, (size_t)size);
    struct own_records own = {.records = &b, .n = 1};
    assert_int_equal(office_say(r.top, NULL, &own, now_is(), &first), 0);
    return x.act;
}

static int seal(uint64_t act, struct seal *ret)
{
    r.now += 60000;
    struct seal_ask ask = {.by = bytes_text("mai"), .act = act, .how = HOW_DESK, .now = now_is()};
    return seal_make(r.top, &ask, ret);
}

static uint32_t entry_of(uint64_t act)
{
    uint32_t e = fold_find(office_fold(r.top), 0, act);
    assert_int_not_equal(e, ENTRY_NONE);
    return e;
}

static unsigned behind(uint64_t act)
{
    return seal_before(office_fold(r.top), entry_of(act));
}

static const struct log_head *own_log(void)
{
    return &office_logs(r.top)->at[office_own_log(r.top)];
}

// Before anything was said there is nothing to seal.
static void test_nothing_to_seal(void **state)
{
    struct seal s;
    uint32_t at = 0;
    (void)state;
    assert_int_equal(seal(1, &s), -ENODATA);
    assert_false(seal_each(r.top, &at, &s));
    assert_false(seal_find(r.top, 0, &s));
}

// A seal is the head before it; the next has the next number; a statement stands behind the seals before it.
static void test_two_seals(void **state)
{
    struct seal s, t, found;
    struct log_head head;
    (void)state;
    uint64_t early = voted(1, 100, 0);
    head = *own_log();
    assert_int_equal(seal(11, &s), 0);
    assert_int_equal(s.number, 1);
    assert_int_equal(s.n, head.n);
    assert_memory_equal(s.hash, head.hash, HASH_SIZE);
    assert_int_equal(own_log()->n, head.n + 1); // the seal is the very next record
    assert_true(bytes_same(s.by, bytes_text("mai")));
    uint64_t between = voted(1, 120, early);
    head = *own_log();
    assert_int_equal(seal(12, &t), 0);
    assert_int_equal(t.number, 2);
    assert_int_equal(t.n, head.n);
    assert_memory_equal(t.hash, head.hash, HASH_SIZE);
    uint64_t late = voted(2, 50, 0);
    assert_int_equal(behind(early), 0);
    assert_int_equal(behind(between), 1);
    assert_int_equal(behind(late), 2);
    assert_int_equal(behind(11), 0); // a seal is not behind itself
    assert_int_equal(behind(12), 1);
    assert_true(seal_find(r.top, 0, &found));
    assert_int_equal(found.number, 2);
    assert_true(seal_find(r.top, 1, &found));
    assert_int_equal(found.act, 11);
    assert_false(seal_find(r.top, 3, &found));
}

// A second click is the same seal, and says nothing more.
static void test_the_same_act_again(void **state)
{
    struct seal s, again;
    (void)state;
    voted(1, 100, 0);
    assert_int_equal(seal(11, &s), 0);
    uint64_t n = own_log()->n;
    assert_int_equal(seal(11, &again), 0);
    assert_int_equal(again.number, 1);
    assert_int_equal(own_log()->n, n);
}

// Nobody admits the log of a commune at the top, so no figure counts: what was said is looked at.
static void said_then(const struct seal *s, const uint64_t *acts, unsigned n, unsigned expected)
{
    struct past past;
    assert_int_equal(seal_past(r.top, s, &past), 0);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(fold_find(&past.fold, 0, acts[i]) != ENTRY_NONE, i < expected);
    past_close(&past);
}

// What was said until a seal can be read later, whatever was said since; also after a restart.
static void test_as_it_stood(void **state)
{
    struct seal s, t;
    uint64_t acts[4];
    (void)state;
    acts[0] = voted(1, 100, 0);
    assert_int_equal(seal(11, &s), 0);
    acts[1] = s.act;
    acts[2] = voted(1, 120, acts[0]);
    assert_int_equal(seal(12, &t), 0);
    acts[3] = voted(2, 50, 0);
    office_close(&r.top);
    open_office();
    assert_true(seal_find(r.top, 1, &s));
    said_then(&s, acts, 4, 1);
    assert_true(seal_find(r.top, 2, &t));
    said_then(&t, acts, 4, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_to_seal, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_two_seals, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_the_same_act_again, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_as_it_stood, open_room, close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

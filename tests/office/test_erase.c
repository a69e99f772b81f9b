// test_erase.c - an erased text is gone at every tier, and stays gone whoever brings it again.
#include "tests/lib/desks.h"

enum { ACT = 5, BESIDE = 6, TEXT_ROOM = SALT_SIZE + 64 };

static const char person[] = "Bà Nguyễn Thị B. ngã tại điểm bầu cử";

static struct bytes salted(uint8_t salt, uint8_t to[TEXT_ROOM])
{
    memset(to, salt, SALT_SIZE);
    memcpy(to + SALT_SIZE, person, sizeof person - 1);
    return bytes_of(to, SALT_SIZE + sizeof person - 1);
}

static struct bytes incident(uint64_t act, struct bytes with_salt, uint8_t *buffer, size_t cap)
{
    uint8_t hash[HASH_SIZE];
    const char *why;
    struct record r = {.kind = KIND_INCIDENT, .act = act, .at = 1, .entered = 1, .how = HOW_DESK};
    r.subject = bytes_text("01D1-1");
    r.by = bytes_text("p1");
    r.number[INCIDENT_SEVERITY] = 2;
    r.number[INCIDENT_STATE] = 1;
    text_commit(with_salt.at, bytes_of(with_salt.at + SALT_SIZE, with_salt.n - SALT_SIZE), hash);
    r.blob[INCIDENT_TEXT] = bytes_of(hash, HASH_SIZE);
    int n = record_encode(&r, buffer, cap, &why);
    assert_true(n > 0);
    return bytes_of(buffer, (size_t)n);
}

// Two incidents with a text each, in one run.
static void say_incidents(void)
{
    uint8_t room[2][512], texts[2][TEXT_ROOM];
    struct bytes text[2] = {salted(1, texts[0]), salted(2, texts[1])}, records[2];
    uint64_t n;
    for (unsigned i = 0; i < 2; i++)
        records[i] = incident(ACT + i, text[i], room[i], sizeof room[i]);
    struct own_records own = {.records = records, .texts = text, .n = 2};
    assert_int_equal(office_say(b.desks[NODE].office, NULL, &own, now_is(), &n), 0);
}

// How many texts the store of this desk has beside the reports of the node.
static unsigned texts_at(unsigned at)
{
    struct office *o = b.desks[at].office;
    const struct log_head *h = log_at(at, NODE, STREAM_REPORTS);
    struct stored_run r;
    struct bytes text;
    struct cursor c;
    unsigned n_texts = 0;
    uint64_t n;
    if (!h || h->n == 0)
        return 0;
    uint32_t log = logs_find(office_logs(o), &h->id);
    assert_int_equal(store_read(office_store(o), log, 0, &r), 0);
    for (cursor_init(&c, r.texts); texts_next(&c, &n, &text);)
        n_texts++;
    return n_texts;
}

static int erase(uint64_t act)
{
    struct erase_order order = {.unit = b.desks[NODE].unit, .act = act};
    order.by = bytes_text("p9");
    order.why = bytes_text("tên người");
    return office_erase(b.desks[HUB].office, &order, now_is());
}

static void lose_store(unsigned i)
{
    char path[200];
    static const char *const names[] = {"store.db", "store.db-wal", "store.db-shm", "store.id"};
    office_close(&b.desks[i].office);
    for (unsigned k = 0; k < 4; k++) {
        snprintf(path, sizeof path, "%s/%s", b.desks[i].dir, names[k]);
        unlink(path);
    }
}

// Not one byte of it is left in the files of the store.
static bool is_on_disk(unsigned i)
{
    static const char *const names[] = {"store.db", "store.db-wal"};
    static char all[1 << 22];
    bool found = false;
    for (unsigned k = 0; k < 2; k++) {
        char path[200];
        snprintf(path, sizeof path, "%s/%s", b.desks[i].dir, names[k]);
        FILE *f = fopen(path, "r");
        size_t n = f ? fread(all, 1, sizeof all, f) : 0;
        assert_true(n < sizeof all);
        found = found || memmem(all, n, person, sizeof person - 1) != NULL;
        if (f)
            fclose(f);
    }
    return found;
}

static void test_gone_at_every_tier(void **state)
{
    (void)state;
    open_all();
    say_incidents();
    pass(5000);
    for (unsigned i = 0; i < DESKS; i++)
        assert_int_equal(texts_at(i), 2);
    assert_true(is_on_disk(NODE));
    assert_int_equal(erase(ACT), 0);
    assert_int_equal(texts_at(HUB), 1); // with the answer, not some time after it
    pass(5000);
    for (unsigned i = 0; i < DESKS; i++)
        assert_int_equal(texts_at(i), 1);
    assert_int_equal(erase(BESIDE), 0);
    pass(5000);
    for (unsigned i = 0; i < DESKS; i++) {
        assert_int_equal(texts_at(i), 0);
        assert_false(is_on_disk(i));
    }
    const struct log_head *at_hub = log_at(HUB, HUB, STREAM_ABOUT);
    uint64_t n = at_hub ? at_hub->n : 0;
    assert_int_equal(erase(ACT), 0); // is erased already, and nothing more is said
    assert_int_equal(log_at(HUB, HUB, STREAM_ABOUT) ? log_at(HUB, HUB, STREAM_ABOUT)->n : 0, n);
    assert_int_equal(erase(77), -ENOENT);
    assert_int_equal(say(NODE, 8, 10), 0);
    assert_int_equal(erase(8), -ENOENT); // a turnout has no text
}

// The node has not heard of it when its hub loses the store: what it sends again has the text.
static void test_a_child_that_has_not_heard(void **state)
{
    (void)state;
    open_all();
    say_incidents();
    pass(5000);
    b.desks[NODE].cut = true;
    office_link(b.desks[NODE].office, false, now_is());
    assert_int_equal(erase(ACT), 0);
    pass(5000);
    assert_int_equal(texts_at(TOP), 1);
    assert_int_equal(texts_at(NODE), 2);
    lose_store(HUB);
    start(HUB);
    admit(HUB);
    pass(30000); // the order comes back from the top
    b.desks[NODE].cut = false;
    b.desks[NODE].wants_link = true;
    pass(30000);
    for (unsigned i = 0; i < DESKS; i++)
        assert_int_equal(texts_at(i), 1);
}

// The node is there first, and the order comes after what it names.
static void test_an_order_that_comes_later(void **state)
{
    (void)state;
    open_all();
    say_incidents();
    pass(5000);
    b.desks[NODE].cut = true;
    office_link(b.desks[NODE].office, false, now_is());
    assert_int_equal(erase(ACT), 0);
    pass(5000);
    b.desks[HUB].cut = true;
    office_link(b.desks[HUB].office, false, now_is());
    lose_store(HUB);
    start(HUB);
    b.desks[HUB].cut = false;
    b.desks[NODE].cut = false;
    b.desks[HUB].wants_link = b.desks[NODE].wants_link = true;
    pass(60000);
    for (unsigned i = 0; i < DESKS; i++)
        assert_int_equal(texts_at(i), 1);
    office_close(&b.desks[HUB].office);
    start(HUB); // learned again from the store
    pass(5000);
    assert_int_equal(texts_at(HUB), 1);
}

// Carries a log from one desk to another as a file does: run by run, with the texts beside them.
static void carry(unsigned from, const struct log_id *id, unsigned to)
{
    struct office *o = b.desks[from].office;
    uint32_t log = logs_find(office_logs(o), id);
    struct stored_run run;
    for (uint64_t after = 0; store_read(office_store(o), log, after, &run) == 0; after = run.last)
        assert_int_equal(office_import(b.desks[to].office, id, run.body, run.texts, now_is()), 0);
    assert_int_equal(office_turn(b.desks[to].office, now_is()), 0);
}

// A hub that has nothing but the order takes a file of the commune that still has the text.
static void test_a_file_that_has_it_still(void **state)
{
    (void)state;
    open_all();
    say_incidents();
    pass(5000);
    b.desks[NODE].cut = true;
    office_link(b.desks[NODE].office, false, now_is());
    assert_int_equal(erase(ACT), 0);
    pass(5000);
    struct log_id about = log_at(TOP, HUB, STREAM_ABOUT)->id;
    struct log_id reports = log_at(NODE, NODE, STREAM_REPORTS)->id;
    b.desks[HUB].cut = true;
    office_link(b.desks[HUB].office, false, now_is());
    lose_store(HUB);
    start(HUB);
    carry(TOP, &about, HUB);
    carry(NODE, &reports, HUB);
    assert_int_equal(texts_at(NODE), 2);
    assert_int_equal(texts_at(HUB), 1);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 2);
}

// Only who is above a unit has its texts erased: not the unit, nor anybody beside it.
static void test_nobody_else_erases(void **state)
{
    uint8_t hash[HASH_SIZE], text[TEXT_ROOM], buffer[512];
    const char *why;
    struct desk *d = &b.desks[NODE];
    struct log_id id = {.author = d->unit, .about = d->unit, .stream = STREAM_ABOUT};
    struct record r = {.kind = KIND_ERASE, .act = 9, .at = 1, .entered = 1, .how = HOW_DESK};
    (void)state;
    open_all();
    say_incidents();
    pass(5000);
    struct bytes with_salt = salted(1, text);
    text_commit(with_salt.at, bytes_of(with_salt.at + SALT_SIZE, with_salt.n - SALT_SIZE), hash);
    r.subject = code_bytes(&d->unit);
    r.number[ERASE_OF] = ACT;
    r.blob[ERASE_TEXT] = bytes_of(hash, HASH_SIZE);
    id.incarnation = 99;
    int n = record_encode(&r, buffer, sizeof buffer, &why);
    assert_true(n > 0);
    assert_int_equal(forge(&id, d, bytes_of(buffer, (size_t)n)), 0);
    pass(5000);
    assert_int_equal(texts_at(HUB), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_gone_at_every_tier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_child_that_has_not_heard, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_order_that_comes_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_has_it_still, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_else_erases, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

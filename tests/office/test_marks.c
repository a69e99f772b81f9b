// test_marks.c - which marks a clerk sees as ticks, and which not any more.
#include "tests/lib/desks.h"

// A mark in the name of the top, under its key, for record n of the node's own log as having this hash.
static void hand_mark(uint64_t n, const uint8_t hash[HASH_SIZE])
{
    struct desk *node = &b.desks[NODE];
    struct mark m = {
        .tier = b.desks[TOP].unit, .log = log_at(NODE, NODE, STREAM_REPORTS)->id, .n = n};
    uint8_t raw[MARK_MAX], buffer[1024];
    struct packer p;
    m.at = now_is().wall + 1000;
    memcpy(m.hash, hash, HASH_SIZE);
    mark_make(&m, node->id.election, b.desks[TOP].id.secret, raw);
    pack_init(&p, buffer, sizeof buffer);
    frame_mark(&p, node->session, 1);
    pack_raw(&p, m.raw);
    office_heard(node->office, OFFICE_PARENT, &b.desks[HUB].unit, packed(&p), now_is());
    assert_int_equal(office_turn(node->office, now_is()), 0);
}

static uint64_t ticks(unsigned tier)
{
    const struct desk *node = &b.desks[NODE];
    int64_t at;
    for (unsigned i = 0; i < node->id.n_signers; i++)
        if (code_same(&node->id.signers[i].unit, &b.desks[tier].unit))
            return office_marked(node->office, office_own_log(node->office), i, &at);
    return 0;
}

// A tier that has another record at that number says nothing of ours: after a fork, before its proof is here.
static void test_a_mark_of_other_records(void **state)
{
    uint8_t ours[HASH_SIZE], other[HASH_SIZE] = {7};
    (void)state;
    open_all();
    b.desks[NODE].cut = true;
    assert_int_equal(say(NODE, 1, 10), 0);
    assert_int_equal(say(NODE, 2, 20), 0);
    memcpy(ours, log_at(NODE, NODE, STREAM_REPORTS)->hash, HASH_SIZE);
    hand_mark(2, other);
    assert_int_equal(ticks(TOP), 0);
    hand_mark(1, other);
    assert_int_equal(ticks(TOP), 0);
    hand_mark(2, ours);
    assert_int_equal(ticks(TOP), 2);
}

// A tier that was ahead of an old copy has another record where the copy goes on by itself; also after a start.
static void test_a_mark_ahead_of_what_is_here(void **state)
{
    uint8_t other[HASH_SIZE] = {7};
    (void)state;
    open_all();
    b.desks[NODE].cut = true;
    assert_int_equal(say(NODE, 1, 10), 0);
    hand_mark(2, other);
    assert_int_equal(ticks(TOP), 2);
    assert_int_equal(say(NODE, 2, 20), 0);
    assert_int_equal(ticks(TOP), 0);
    office_close(&b.desks[NODE].office);
    start(NODE);
    assert_int_equal(ticks(TOP), 0);
}

// A hub passes a mark of another branch on, and shows no tick by it.
static void test_a_mark_passed_on(void **state)
{
    struct desk *hub = &b.desks[HUB];
    uint8_t raw[MARK_MAX], buffer[1024];
    struct packer p;
    int64_t at;
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(3000);
    struct mark m = {.tier = b.desks[TOP].unit, .log = log_at(HUB, NODE, STREAM_REPORTS)->id};
    uint32_t log = logs_find(office_logs(hub->office), &m.log);
    assert_int_equal(office_marked(hub->office, log, 0, &at), 1);
    m.n = 1;
    m.at = now_is().wall + 1000;
    m.hash[0] = 7;
    mark_make(&m, hub->id.election, b.desks[TOP].id.secret, raw);
    pack_init(&p, buffer, sizeof buffer);
    frame_mark(&p, b.desks[TOP].session, 1);
    pack_raw(&p, m.raw);
    office_heard(hub->office, OFFICE_PARENT, &b.desks[TOP].unit, packed(&p), now_is());
    pump();
    assert_int_equal(office_marked(hub->office, log, 0, &at), 0);
    assert_int_equal(ticks(TOP), 1); // the node compares for itself
    assert_true(b.desks[HUB].sent[FRAME_MARK] > 0);
}

// A tier that has other keys since has another store: what the old one signed is no tick after a start.
static void test_a_mark_under_a_key_that_is_no_more(void **state)
{
    struct desk *node = &b.desks[NODE];
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(3000);
    assert_int_equal(ticks(HUB), 1);
    assert_int_equal(ticks(TOP), 1);
    office_close(&node->office);
    start(NODE);
    assert_int_equal(ticks(HUB), 1);
    office_close(&node->office);
    for (unsigned i = 0; i < node->id.n_signers; i++)
        if (code_same(&node->id.signers[i].unit, &b.desks[HUB].unit))
            node->id.signers[i].key[0] ^= 1;
    start(NODE);
    assert_int_equal(ticks(HUB), 0);
    assert_int_equal(ticks(TOP), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_mark_of_other_records, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mark_ahead_of_what_is_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mark_passed_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mark_under_a_key_that_is_no_more, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

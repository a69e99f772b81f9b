// test_distrust.c - what an office does not believe of others, and does not rely on of itself.
#include "tests/lib/desks.h"

// One run of these records behind record `after` of a log, under the key of `by`, brought to `at`.
static int bring(unsigned at, unsigned by, const struct log_id *id, const struct bytes *records,
                 size_t n)
{
    const struct desk *key = &b.desks[by];
    static uint8_t body[RUN_BYTES_MAX + 256];
    uint8_t hash[HASH_SIZE];
    struct run_writer w;
    chain_start(key->id.election, id, key->id.key, hash);
    run_begin(&w, body, sizeof body, 0, hash);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(run_add(&w, records[i]), 0);
    struct bytes run = run_end(&w, key->id.election, id, key->id.secret);
    int rc = office_import(b.desks[at].office, id, run, bytes_of(NULL, 0), now_is());
    assert_int_equal(office_turn(b.desks[at].office, now_is()), 0);
    return rc;
}

static struct log_id reports_of(unsigned i, uint64_t incarnation)
{
    return (struct log_id){.author = b.desks[i].unit,
                           .about = b.desks[i].unit,
                           .stream = STREAM_REPORTS,
                           .incarnation = incarnation};
}

// A run with the right number that goes on from another record than the one held is no continuation:
// it is a fork, and the log stays as it is.
static void test_a_branch_beyond_the_head(void **state)
{
    static uint8_t body[RUN_BYTES_MAX + 256];
    const struct desk *d = &b.desks[NODE];
    uint8_t buffer[512], hash[HASH_SIZE] = {7};
    struct run_writer w;
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(2000);
    const struct log_id id = log_at(HUB, NODE, STREAM_REPORTS)->id;
    run_begin(&w, body, sizeof body, 1, hash);
    assert_int_equal(run_add(&w, bytes_of(buffer, turnout(2, 20, buffer, sizeof buffer))), 0);
    int rc = office_import(b.desks[HUB].office, &id, run_end(&w, d->id.election, &id, d->id.secret),
                           bytes_of(NULL, 0), now_is());
    assert_int_equal(rc, -EBADMSG);
    assert_int_equal(office_turn(b.desks[HUB].office, now_is()), 0);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 1);
    assert_int_equal(counts_of(HUB).forks, 1);
}

static uint64_t told_up_to(unsigned at, unsigned unit)
{
    const struct fold *f = office_fold(b.desks[at].office);
    const struct fold_told *t =
        &f->told[f->inner[plan_unit_of(f->plan, code_bytes(&b.desks[unit].unit))]];
    for (unsigned i = 0; i < t->n_cut; i++)
        if (t->cut[i].log.stream == STREAM_REPORTS)
            return t->cut[i].n;
    return 0;
}

// A hub that goes down between a child's record and the summary that is due sums up after its start,
// though the child has nothing more to say: nothing but its own log remembers what it said.
static void test_what_changed_is_not_remembered(void **state)
{
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pump();
    assert_int_equal(told_up_to(TOP, NODE), 1);
    assert_int_equal(say(NODE, 2, 20), 0); // within a second of the one before
    pump();
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 2);
    assert_int_equal(told_up_to(TOP, NODE), 1);
    office_close(&b.desks[HUB].office);
    start(HUB);
    pass(60000);
    assert_int_equal(told_up_to(TOP, NODE), 2);
}

// h(n) of the node's own log.
static void own_hash(uint64_t n, uint8_t ret_hash[HASH_SIZE])
{
    struct office *o = b.desks[NODE].office;
    const struct log_head *own = log_at(NODE, NODE, STREAM_REPORTS);
    struct stored_run s;
    struct run run;
    const char *why;
    memcpy(ret_hash, own->hash, HASH_SIZE);
    if (n == own->n)
        return;
    assert_int_equal(store_read(office_store(o), office_own_log(o), n, &s), 0);
    assert_int_equal(run_decode(&run, s.body, &why), 0);
    memcpy(ret_hash, run.prev.at, HASH_SIZE);
}

// A mark in the name of `tier`, signed by `by`, as the node's parent hands it on.
static void hand_mark(unsigned tier, unsigned by, uint64_t n)
{
    struct desk *node = &b.desks[NODE];
    const struct log_head *own = log_at(NODE, NODE, STREAM_REPORTS);
    struct mark m = {
        .tier = b.desks[tier].unit, .log = own->id, .n = n, .at = now_is().wall + 1000};
    uint8_t raw[MARK_MAX], buffer[1024];
    struct packer p;
    own_hash(n, m.hash);
    mark_make(&m, node->id.election, b.desks[by].id.secret, raw);
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
    return office_marked(node->office, office_own_log(node->office), tier == HUB ? 0 : 1, &at);
}

// A newer mark takes the place of an older one also where it says less: the tier fell back.
static void test_a_mark_may_say_less(void **state)
{
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    assert_int_equal(say(NODE, 2, 20), 0);
    pass(5000);
    assert_int_equal(ticks(TOP), 2);
    hand_mark(TOP, TOP, 1);
    assert_int_equal(ticks(TOP), 1);
}

// A tick of a tier is a mark that this tier has signed, whoever hands it on.
static void test_a_mark_is_of_its_tier(void **state)
{
    (void)state;
    open_all();
    b.desks[HUB].cut = true; // the top hears nothing
    pass(30000);
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(5000);
    assert_int_equal(ticks(HUB), 1);
    assert_int_equal(ticks(TOP), 0);
    hand_mark(TOP, HUB, 1);
    assert_int_equal(ticks(TOP), 0);
    assert_string_equal(counts_of(NODE).last_refusal, "a mark that no tier above has signed");
    hand_mark(TOP, TOP, 1);
    assert_int_equal(ticks(TOP), 1);
}

// What could not be kept is not marked, not even in the turn in which that is found out.
static void test_no_mark_of_what_was_not_kept(void **state)
{
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(5000);
    assert_int_equal(ticks(HUB), 1);
    b.desks[HUB].free_disk = 10;
    assert_int_equal(say(NODE, 2, 20), 0);
    pump();
    assert_int_equal(office_taking(b.desks[HUB].office), TAKING_FULL);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 1);
    pass(3000);
    assert_int_equal(ticks(HUB), 1);
}

// What is rightly chained and signed is taken and passed on, whatever it says: nothing inside a record
// stops those behind it.
static void test_what_cannot_be_read_is_taken(void **state)
{
    uint8_t room[512], odd[] = {0x93, 1, 2, 3};
    struct log_id id = reports_of(NODE, 70);
    struct bytes records[] = {bytes_of(odd, sizeof odd),
                              bytes_of(room, turnout(1, 10, room, sizeof room))};
    (void)state;
    open_all();
    assert_int_equal(bring(HUB, NODE, &id, records, 2), 0);
    pass(10000);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 2);
    assert_int_equal(log_at(TOP, NODE, STREAM_REPORTS)->n, 2);
    assert_int_equal(office_fold(b.desks[TOP].office)->unreadable, 1);
}

static bool counts_at(unsigned at, const struct log_id *id)
{
    uint32_t log = logs_find(office_logs(b.desks[at].office), id);
    assert_int_not_equal(log, LOG_NONE);
    return fold_admitted(office_fold(b.desks[at].office), log);
}

// Under the same key a log that lacks what an earlier one holds is kept and not admitted; one that
// lacks nothing is.
static void test_a_log_that_lacks_records_is_held(void **state)
{
    uint8_t room[2][512];
    struct log_id lacks = reports_of(NODE, 71), whole = reports_of(NODE, 72);
    struct bytes records[2];
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(10000);
    for (unsigned i = 0; i < 2; i++)
        records[i] = bytes_of(room[i], turnout(1 + i, 10 + i, room[i], sizeof room[i]));
    assert_int_equal(bring(HUB, NODE, &lacks, &records[1], 1), 0);
    pass(60000);
    assert_false(counts_at(HUB, &lacks));
    assert_false(counts_at(TOP, &lacks)); // held there too
    assert_int_equal(bring(HUB, NODE, &whole, records, 2), 0);
    pass(60000);
    assert_true(counts_at(HUB, &whole));
    assert_true(counts_at(TOP, &whole));
}

// Under a retired key nothing further is admitted: no certificate, and no log, though it lacks nothing.
static void test_a_retired_key_brings_nothing_in(void **state)
{
    uint8_t room[512];
    struct log_id id = reports_of(NODE, 73);
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(10000);
    b.desks[NODE].cut = true;
    assert_int_equal(office_retire(b.desks[HUB].office, &b.desks[NODE].unit, bytes_text("p9"),
                                   bytes_text("lost"), now_is()),
                     0);
    assert_int_equal(try_admit(NODE), -EACCES);
    struct bytes record = bytes_of(room, turnout(1, 10, room, sizeof room));
    bring(HUB, NODE, &id, &record, 1);
    pass(60000);
    assert_false(counts_at(HUB, &id));
}

static size_t part(struct bytes plan, uint64_t i, uint64_t count, uint8_t *to, size_t cap)
{
    uint8_t hash[HASH_SIZE];
    size_t size = plan.n / count, from = size * i;
    struct record r = {.kind = KIND_PLAN_PART,
                       .act = 900 + i,
                       .at = 1,
                       .entered = 1,
                       .how = HOW_MACHINE,
                       .subject = code_bytes(&b.desks[NODE].unit)};
    const char *why;
    hash_of(plan, hash);
    r.number[PART_VERSION] = 2;
    r.number[PART_INDEX] = i;
    r.number[PART_COUNT] = count;
    r.blob[PART_HASH] = bytes_of(hash, HASH_SIZE);
    r.blob[PART_BYTES] = bytes_of(plan.at + from, i + 1 == count ? plan.n - from : size);
    int n = record_encode(&r, to, cap, &why);
    assert_true(n > 0);
    return (size_t)n;
}

// Of a plan's parts only the next one is taken: one out of its order makes no plan, and one said twice
// spoils none.
static void test_parts_in_order(void **state)
{
    static uint8_t room[4][2048], buffer[4096];
    static const uint64_t order[] = {0, 1, 1, 2};
    struct bytes plan = make_plan(2, buffer, sizeof buffer), records[4];
    struct log_id id = {.author = b.desks[HUB].unit,
                        .about = b.desks[NODE].unit,
                        .stream = STREAM_PLAN,
                        .incarnation = 74};
    (void)state;
    open_all();
    for (unsigned i = 0; i < 4; i++)
        records[i] = bytes_of(room[i], part(plan, order[i], 3, room[i], sizeof room[i]));
    struct bytes wrong[] = {records[0], records[3], records[1]};
    assert_int_equal(bring(NODE, HUB, &id, wrong, 3), 0);
    assert_int_equal(office_plan(b.desks[NODE].office)->version, 1);
    id.incarnation = 75;
    assert_int_equal(bring(NODE, HUB, &id, records, 4), 0);
    assert_int_equal(office_plan(b.desks[NODE].office)->version, 2);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_branch_beyond_the_head),
        TEST(test_what_changed_is_not_remembered),
        TEST(test_a_mark_may_say_less),
        TEST(test_a_mark_is_of_its_tier),
        TEST(test_no_mark_of_what_was_not_kept),
        TEST(test_what_cannot_be_read_is_taken),
        TEST(test_a_log_that_lacks_records_is_held),
        TEST(test_a_retired_key_brings_nothing_in),
        TEST(test_parts_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

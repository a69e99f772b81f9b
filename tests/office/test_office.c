// test_office.c - offices of three tiers joined by queues: what is answered when, and what slows whom.
#include "common/election/summary.h"
#include "tests/lib/desks.h"
#include "common/office/verify.h"
#include "common/store/inside.h"

// What was taken is answered after the commit and not before; without it nothing was taken.
static void test_answers_after_the_commit(void **state)
{
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    unsigned haves = b.desks[HUB].sent[FRAME_HAVE], marks = b.desks[HUB].sent[FRAME_MARK];
    while (b.first != b.end)
        hand_over();
    assert_true(office_has_work(b.desks[HUB].office));
    assert_int_equal(b.desks[HUB].sent[FRAME_HAVE], haves);
    assert_null(log_at(HUB, NODE, STREAM_REPORTS));
    office_close(&b.desks[HUB].office); // the plug is pulled
    start(HUB);
    assert_null(log_at(HUB, NODE, STREAM_REPORTS));
    pass(60000); // and the node gives it again
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 1);
    assert_true(b.desks[HUB].sent[FRAME_HAVE] > haves && b.desks[HUB].sent[FRAME_MARK] > marks);
    assert_int_equal(log_at(TOP, NODE, STREAM_REPORTS)->n, 1);
}

// What one end was told is on the other's disk is there when the plug is pulled, each time.
static void test_acknowledged_is_on_disk(void **state)
{
    (void)state;
    open_all();
    for (uint64_t i = 1, n = 0; i <= 6; i++) {
        for (uint64_t k = 0; k < i; k++) {
            n++;
            assert_int_equal(say(NODE, n, n), 0);
            pump();
        }
        assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, n); // and so it has said
        office_close(&b.desks[HUB].office);
        start(HUB);
        assert_non_null(log_at(HUB, NODE, STREAM_REPORTS));
        assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, n);
        pass(40000);
    }
}

// The same run a second time is compared, not taken again and no fork; one byte changed is refused.
static void test_same_run_again(void **state)
{
    uint8_t body[4096];
    size_t n;
    (void)state;
    open_all();
    b.desks[NODE].cut = true;
    assert_int_equal(say(NODE, 1, 10), 0);
    struct log_id id = log_at(NODE, NODE, STREAM_REPORTS)->id;
    assert_int_equal(first_run(NODE, &id, body, &n), 0);
    body[n - 1] ^= 1;
    assert_int_equal(
        office_import(b.desks[HUB].office, &id, bytes_of(body, n), bytes_of(NULL, 0), now_is()),
        -EBADMSG);
    body[n - 1] ^= 1;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(
            office_import(b.desks[HUB].office, &id, bytes_of(body, n), bytes_of(NULL, 0), now_is()),
            0);
        assert_int_equal(office_turn(b.desks[HUB].office, now_is()), 0);
        assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 1);
    }
    assert_int_equal(counts_of(HUB).forks, 0);
}

// A full disk takes and acknowledges nothing, says so, and goes on by itself when there is room.
static void test_full_disk(void **state)
{
    (void)state;
    open_all();
    b.desks[HUB].free_disk = 10;
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(10000);
    assert_int_equal(office_taking(b.desks[HUB].office), TAKING_FULL);
    assert_null(log_at(HUB, NODE, STREAM_REPORTS));
    assert_int_equal(say(HUB, 2, 10), -ENOSPC);
    pass(60000);
    assert_null(log_at(HUB, NODE, STREAM_REPORTS));
    b.desks[HUB].free_disk = 100000;
    pass(15000);
    assert_int_equal(office_taking(b.desks[HUB].office), TAKING);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 1);
    assert_int_equal(log_at(TOP, NODE, STREAM_REPORTS)->n, 1);
}

// A turn that took several runs of one log and then found no room leaves that log as it was before them.
static void test_no_room_after_some_runs(void **state)
{
    enum { RUNS = 40 };
    (void)state;
    open_all();
    sqlite3 *db = office_store(b.desks[HUB].office)->db;
    assert_int_equal(say(NODE, 1, 1), 0);
    pass(5000);
    assert_int_equal(db_exec(db, "PRAGMA max_page_count=1"), 0); // as many as there are
    for (uint64_t i = 2; i <= RUNS; i++) {
        assert_int_equal(say(NODE, i, i), 0);
        turn(NODE);
    }
    while (b.first != b.end)
        hand_over();
    assert_int_equal(office_turn(b.desks[HUB].office, now_is()), -ENOSPC);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 1);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->next_n, 1);
    assert_int_equal(db_exec(db, "PRAGMA max_page_count=100000"), 0);
    pass(90000);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, RUNS);
    assert_memory_equal(log_at(HUB, NODE, STREAM_REPORTS)->hash,
                        log_at(NODE, NODE, STREAM_REPORTS)->hash, HASH_SIZE);
}

// Marks wait for the next commit, or a second: a tick costs a commune's disk no sync of its own.
static void test_marks_wait(void **state)
{
    int64_t at;
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(5000);
    sqlite3 *db = office_store(b.desks[NODE].office)->db;
    uint32_t log =
        logs_find(office_logs(b.desks[NODE].office), &log_at(NODE, NODE, STREAM_REPORTS)->id);
    assert_int_equal(say(NODE, 2, 20), 0);
    pass(3 * TICK);
    assert_int_equal(office_marked(b.desks[NODE].office, log, HUB, &at), 2); // it is shown
    assert_int_equal(sqlite3_get_autocommit(db), 0);
    assert_false(office_has_work(b.desks[NODE].office));
    assert_int_equal(say(NODE, 3, 30), 0);
    assert_int_equal(sqlite3_get_autocommit(db), 1); // with what the clerk said
    pass(1500);
    assert_int_equal(office_marked(b.desks[NODE].office, log, HUB, &at), 3);
    pass(1500);
    assert_int_equal(sqlite3_get_autocommit(db), 1);
    office_close(&b.desks[NODE].office);
    start(NODE);
    assert_int_equal(office_marked(b.desks[NODE].office, log, HUB, &at), 3);
}

// A signature that was checked ahead and does not hold is refused when its frame is heard.
static void test_checked_ahead(void **state)
{
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(5000); // the key of a log that is here is known
    assert_int_equal(say(NODE, 2, 20), 0);
    turn(NODE);
    bool any = false;
    for (unsigned i = b.first; i != b.end; i++) {
        struct frame_on_its_way *w = &b.queue[i % FRAMES];
        struct frame f;
        const char *why;
        assert_int_equal(frame_decode(&f, bytes_of(w->bytes, w->n), &why), 0);
        if (f.kind == FRAME_RUN) {
            w->bytes[w->n - 3] ^= 1; // before the texts, of which there are none
            any = true;
        }
    }
    assert_true(any);
    while (b.first != b.end)
        hand_over();
    turn(HUB);
    assert_int_equal(counts_of(HUB).runs_refused, 1);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 1);
}

// The first change of a child is summed up at once, the next ones not before a second.
static void test_summaries_are_paced(void **state)
{
    (void)state;
    open_all();
    const struct log_head *own = log_at(HUB, HUB, STREAM_REPORTS);
    uint64_t before = own ? own->n : 0;
    for (uint64_t i = 1; i <= 10; i++) {
        assert_int_equal(say(NODE, i, i), 0);
        pump();
    }
    assert_int_equal(log_at(HUB, HUB, STREAM_REPORTS)->n, before + 1);
    pass(5000);
    assert_int_equal(log_at(HUB, HUB, STREAM_REPORTS)->n, before + 2);
    assert_int_equal(log_at(TOP, HUB, STREAM_REPORTS)->n, before + 2);
}

// Whether each summary of the hub's that names the node's reports speaks of so many records.
static bool sums_only(uint64_t before, uint64_t after)
{
    const struct fold *f = office_fold(b.desks[HUB].office);
    bool only = true;
    struct record r;
    struct summary s;
    const char *why;
    for (uint32_t e = 0; e < f->n_entries; e++) {
        if (f->entries[e].kind != KIND_SUMMARY || record_decode(&r, fold_bytes(f, e), &why) < 0)
            continue;
        assert_int_equal(summary_decode(&s, r.blob[SUMMARY_CONTENT]), 0);
        for (unsigned i = 0; i < s.cut.n; i++)
            only = only && (s.cut.at[i].log.stream != STREAM_REPORTS || s.cut.at[i].n == before ||
                            s.cut.at[i].n == after);
    }
    return only;
}

// A hub that knows that a child has more says nothing of it before that is here.
static void test_nothing_is_said_half_way(void **state)
{
    enum { MORE = 3 * SESSION_WINDOW }; // runs than may be on the way at once
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 1), 0);
    pass(5000);
    b.desks[NODE].cut = true;
    pass(30000);
    for (uint64_t i = 2; i <= MORE; i++)
        assert_int_equal(say(NODE, i, i), 0);
    b.desks[NODE].cut = false;
    pass(60000);
    assert_int_equal(log_at(TOP, NODE, STREAM_REPORTS)->n, MORE);
    assert_true(sums_only(1, MORE));
}

// Nor does one that lost its store and hears of the child's log for the first time.
static void test_nothing_is_said_half_rebuilt(void **state)
{
    char store[200];
    (void)state;
    open_all();
    b.desks[HUB].cut = true;
    for (uint64_t i = 1; i <= 31; i++) // more runs than may be on the way at once
        assert_int_equal(say(NODE, i, i), 0);
    pass(30000);
    office_close(&b.desks[HUB].office);
    b.desks[NODE].cut = b.desks[NODE].wants_link = true;
    snprintf(store, sizeof store, "%s/store.db", b.desks[HUB].dir);
    assert_int_equal(unlink(store), 0);
    b.desks[HUB].cut = false;
    start(HUB);
    pass(60000);
    assert_null(log_at(HUB, NODE, STREAM_REPORTS));
    office_link(b.desks[NODE].office, false, now_is());
    b.desks[NODE].cut = false;
    pass(60000);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 31);
    assert_int_equal(log_at(TOP, NODE, STREAM_REPORTS)->n, 31);
    assert_non_null(log_at(TOP, HUB, STREAM_REPORTS));
    assert_true(sums_only(31, 31));
}

// Above its budget of the day a child gets one run through in ten seconds.
static void test_budget(void **state)
{
    (void)state;
    b.desks[HUB].budget = 2000;
    open_all();
    for (uint64_t i = 1; i <= 30; i++)
        assert_int_equal(say(NODE, i, i), 0);
    pump();
    uint64_t n = log_at(HUB, NODE, STREAM_REPORTS)->n;
    assert_in_range(n, 5, 25); // as many as 2000 bytes hold
    assert_true(counts_of(HUB).slowed > 0);
    pass(60000);
    assert_in_range(log_at(HUB, NODE, STREAM_REPORTS)->n, n + 3, n + 7);
}

// Two runs under one key that disagree: the first stays, the other is kept as proof, both ends see it.
static void test_fork(void **state)
{
    struct desk *node = &b.desks[NODE];
    char store[200], copy[200];
    (void)state;
    open_all();
    snprintf(store, sizeof store, "%s/store.db", node->dir);
    snprintf(copy, sizeof copy, "%s/copy.db", node->dir);
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(2000);
    office_close(&node->office);
    copy_file(store, copy);
    node->cut = true;
    start(NODE);
    assert_int_equal(say(NODE, 2, 20), 0); // nobody has heard of this one ...
    struct log_id id = log_at(NODE, NODE, STREAM_REPORTS)->id;
    uint8_t body[4096];
    struct stored_run run;
    assert_int_equal(store_read(office_store(node->office), office_own_log(node->office), 1, &run),
                     0);
    size_t n = run.body.n;
    memcpy(body, run.body.at, n);
    office_close(&node->office);
    copy_file(copy, store); // ... the old copy comes back under its inode ...
    start(NODE);
    assert_int_equal(say(NODE, 3, 30), 0); // ... and says another one at the same number
    node->cut = false;
    pass(30000);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 2);
    assert_int_equal(
        office_import(b.desks[HUB].office, &id, bytes_of(body, n), bytes_of(NULL, 0), now_is()),
        -EBADMSG);
    pass(1000);
    assert_int_equal(counts_of(HUB).forks, 1);
    assert_int_equal(log_at(HUB, NODE, STREAM_REPORTS)->n, 2);
    pass(30000);
    const struct fold *f = office_fold(node->office);
    unsigned said = 0;
    for (uint32_t e = 0; e < f->n_entries; e++)
        said += f->entries[e].kind == KIND_FORK;
    assert_int_equal(said, 1);
    office_close(&b.desks[HUB].office); // a store that is mended keeps the proof
    assert_int_equal(suspect_mend(b.desks[HUB].dir, node->id.election, now_is().wall), 0);
    start(HUB);
    assert_int_equal(counts_of(HUB).forks, 1);
}

// Whoever asks which machine is to be updated is told by the machines themselves.
static void test_program_of_a_child(void **state)
{
    struct office_link_state l;
    (void)state;
    open_all();
    assert_true(office_child(b.desks[HUB].office, code_bytes(&b.desks[NODE].unit), &l));
    assert_string_equal(l.program, "0.9");
    assert_true(office_child(b.desks[TOP].office, code_bytes(&b.desks[HUB].unit), &l));
    assert_string_equal(l.program, "");
}

// The hub holds what the node says, and a tier above another branch: the node is told, and says it all again in a
// log that nobody has otherwise.
static void test_a_fork_seen_from_above_only(void **state)
{
    struct desk *node = &b.desks[NODE];
    uint8_t buffer[512];
    uint8_t hash[HASH_SIZE] = {7};
    const char *why;
    uint64_t n;
    (void)state;
    open_all();
    assert_int_equal(say(NODE, 1, 10), 0);
    pass(3000);
    uint64_t before = log_at(NODE, NODE, STREAM_REPORTS)->id.incarnation;
    struct record r = {.kind = KIND_FORK, .act = 9, .at = 1, .entered = 1, .how = HOW_MACHINE};
    r.subject = code_bytes(&node->unit);
    r.number[FORK_STREAM] = STREAM_REPORTS;
    r.number[FORK_INCARNATION] = before;
    r.number[FORK_N] = 1;
    r.blob[FORK_OURS] = r.blob[FORK_THEIRS] = bytes_of(hash, HASH_SIZE);
    int size = record_encode(&r, buffer, sizeof buffer, &why);
    assert_true(size > 0);
    struct bytes record = bytes_of(buffer, (size_t)size);
    struct own_records own = {.records = &record, .n = 1};
    assert_int_equal(office_say(b.desks[HUB].office, &node->unit, &own, now_is(), &n), 0);
    pass(10000);
    uint32_t log = office_own_log(node->office);
    assert_true(log != LOG_NONE);
    const struct log_head *h = &office_logs(node->office)->at[log];
    assert_true(h->id.incarnation != before && h->n == 1); // the same statement, under its act
    assert_int_equal(say(NODE, 2, 20), 0);
    pass(10000);
    uint32_t at_top = logs_find(office_logs(b.desks[TOP].office), &h->id);
    assert_true(at_top != LOG_NONE);
    assert_int_equal(office_logs(b.desks[TOP].office)->at[at_top].n, 2);
    assert_true(fold_admitted(office_fold(b.desks[TOP].office), at_top));
    office_close(&node->office); // it is not begun again and again
    start(NODE);
    pass(5000);
    log = office_own_log(node->office);
    assert_int_equal(office_logs(node->office)->at[log].n, 2);
}

// A backup begins a new incarnation that repeats what it holds; the hub admits it and counts each once.
static void test_backup_is_a_copy(void **state)
{
    struct desk *node = &b.desks[NODE];
    char copy[200], store[200];
    (void)state;
    open_all();
    snprintf(store, sizeof store, "%s/store.db", node->dir);
    snprintf(copy, sizeof copy, "%s/copy.db", node->dir);
    assert_int_equal(say(NODE, 1, 10), 0);
    assert_int_equal(office_backup(node->office, copy), 0);
    assert_int_equal(say(NODE, 2, 20), 0);
    pass(2000);
    office_close(&node->office);
    assert_int_equal(rename(copy, store), 0);
    start(NODE);
    assert_true(office_renewed(node->office));
    assert_true(office_wait(node->office, now_is()) > 0);
    pass(30000);
    const struct fold *f = office_fold(b.desks[TOP].office);
    for (uint64_t act = 1; act <= 2; act++) {
        uint32_t e = fold_find(f, plan_unit_of(f->plan, bytes_text("01D1")), act);
        assert_true(e != ENTRY_NONE && f->entries[e].next_of_name == ENTRY_NONE &&
                    f->entries[e].in_force);
    }
    assert_true(fold_admitted(office_fold(node->office), office_own_log(node->office)));
    assert_int_equal(log_at(NODE, NODE, STREAM_REPORTS)->n, 2);
}

// Nobody speaks for another unit: a child that makes up a certificate for a key of its own in another
// unit's name, in a log about that unit, brings in no log under it.
static void test_no_key_by_a_stranger(void **state)
{
    uint8_t seed[SEED_SIZE] = {99}, raw[CERTIFICATE_MAX], buffer[1024];
    struct desk liar = b.desks[NODE];
    struct certificate c = {.unit = b.desks[HUB].unit, .incarnation = 5};
    struct log_id about = {
        .author = b.desks[NODE].unit, .about = c.unit, .stream = STREAM_ABOUT, .incarnation = 6};
    struct log_id false_one = {
        .author = c.unit, .about = c.unit, .stream = STREAM_REPORTS, .incarnation = 5};
    struct record r = {.kind = KIND_ADMIT,
                       .act = 8,
                       .at = 1,
                       .entered = 1,
                       .how = HOW_MACHINE,
                       .subject = code_bytes(&c.unit)};
    const char *why;
    (void)state;
    open_all();
    key_pair(seed, liar.id.key, liar.id.secret);
    memcpy(c.key, liar.id.key, KEY_SIZE);
    memcpy(c.voucher, liar.id.key, KEY_SIZE);
    size_t n = certificate_make(&c, liar.id.election, liar.id.secret, liar.id.secret, raw);
    r.number[ADMIT_INCARNATION] = c.incarnation;
    r.blob[ADMIT_CERTIFICATE] = bytes_of(raw, n);
    int size = record_encode(&r, buffer, sizeof buffer, &why);
    assert_true(size > 0);
    forge(&about, &b.desks[NODE], bytes_of(buffer, (size_t)size));
    uint32_t before = office_logs(b.desks[HUB].office)->n;
    size_t m = turnout(77, 5, buffer, sizeof buffer);
    assert_int_equal(forge(&false_one, &liar, bytes_of(buffer, m)), -ENOKEY);
    assert_int_equal(office_logs(b.desks[HUB].office)->n, before);
    about = (struct log_id){.author = b.desks[NODE].unit,
                            .about = b.desks[NODE].unit,
                            .stream = STREAM_ABOUT,
                            .incarnation = 7};
    c.unit = false_one.author = false_one.about = b.desks[NODE].unit; // nor a second key for itself
    r.subject = code_bytes(&c.unit);
    r.blob[ADMIT_CERTIFICATE].n =
        certificate_make(&c, liar.id.election, liar.id.secret, liar.id.secret, raw);
    size = record_encode(&r, buffer, sizeof buffer, &why);
    assert_true(size > 0);
    forge(&about, &b.desks[NODE], bytes_of(buffer, (size_t)size));
    m = turnout(77, 5, buffer, sizeof buffer);
    assert_int_equal(forge(&false_one, &liar, bytes_of(buffer, m)), -ENOKEY);
}

// One act said in hundreds of ways is not weighed again and again: the hub takes no more of it, and goes on.
static void test_one_act_is_not_said_for_ever(void **state)
{
    static uint8_t body[RUN_BYTES_MAX];
    uint8_t buffer[512], hash[HASH_SIZE];
    const struct desk *d = &b.desks[NODE];
    struct log_id id = {.author = d->unit, .about = d->unit, .stream = STREAM_REPORTS};
    uint64_t voted = 0;
    (void)state;
    open_all();
    for (id.incarnation = 11; id.incarnation < 14; id.incarnation++) {
        struct run_writer w;
        chain_start(d->id.election, &id, d->id.key, hash);
        run_begin(&w, body, sizeof body, 0, hash);
        for (unsigned i = 0; i < 100; i++)
            assert_int_equal(
                run_add(&w, bytes_of(buffer, turnout(5, ++voted, buffer, sizeof buffer))), 0);
        int rc = office_import(b.desks[HUB].office, &id,
                               run_end(&w, d->id.election, &id, d->id.secret), bytes_of(NULL, 0),
                               now_is());
        assert_int_equal(rc, id.incarnation == 11 ? 0 : -EBADMSG);
        assert_int_equal(office_turn(b.desks[HUB].office, now_is()), 0);
    }
    assert_int_equal(say(NODE, 6, 1), 0);
    pass(5000);
    assert_int_equal(log_at(TOP, NODE, STREAM_REPORTS)->n, log_at(HUB, NODE, STREAM_REPORTS)->n);
}

// A file may name a log that no frame could: it is not taken, or it would end every link it is sent over.
static void test_import_is_strict(void **state)
{
    uint8_t buffer[512];
    (void)state;
    open_all();
    size_t n = turnout(77, 5, buffer, sizeof buffer);
    struct log_id id = {.author = b.desks[NODE].unit,
                        .about = code_of(bytes_text("x\n")),
                        .stream = STREAM_ABOUT,
                        .incarnation = 5};
    assert_int_equal(forge(&id, &b.desks[NODE], bytes_of(buffer, n)), -EBADMSG);
    id.about = b.desks[NODE].unit;
    id.incarnation = 0;
    assert_int_equal(forge(&id, &b.desks[NODE], bytes_of(buffer, n)), -EBADMSG);
    id.incarnation = 5;
    id.stream = 4;
    assert_int_equal(forge(&id, &b.desks[NODE], bytes_of(buffer, n)), -EBADMSG);
}

// What a child makes up takes a bounded number of logs, and none without its signature.
static void test_logs_are_bounded(void **state)
{
    uint8_t buffer[512];
    char code[16];
    (void)state;
    open_all();
    size_t n = turnout(77, 5, buffer, sizeof buffer);
    struct log_id id = {.author = b.desks[NODE].unit, .stream = STREAM_ABOUT, .incarnation = 5};
    for (unsigned i = 0; i < 200; i++) {
        snprintf(code, sizeof code, "x%u", i);
        id.about = code_of(bytes_text(code));
        id.incarnation = i + 1;
        forge(&id, &b.desks[NODE], bytes_of(buffer, n));
    }
    uint32_t held = office_logs(b.desks[HUB].office)->n;
    assert_in_range(held, 64, 100);
    struct desk thief = b.desks[TOP]; // the first hash of a log needs the public key only
    thief.id.secret[0] ^= 1;
    id.author = id.about = b.desks[TOP].unit;
    forge(&id, &thief, bytes_of(buffer, n));
    assert_int_equal(office_logs(b.desks[HUB].office)->n, held);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_answers_after_the_commit),
        TEST(test_acknowledged_is_on_disk),
        TEST(test_same_run_again),
        TEST(test_full_disk),
        TEST(test_no_room_after_some_runs),
        TEST(test_checked_ahead),
        TEST(test_marks_wait),
        TEST(test_summaries_are_paced),
        TEST(test_nothing_is_said_half_way),
        TEST(test_nothing_is_said_half_rebuilt),
        TEST(test_budget),
        TEST(test_fork),
        TEST(test_a_fork_seen_from_above_only),
        TEST(test_program_of_a_child),
        TEST(test_backup_is_a_copy),
        TEST(test_no_key_by_a_stranger),
        TEST(test_logs_are_bounded),
        TEST(test_import_is_strict),
        TEST(test_one_act_is_not_said_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

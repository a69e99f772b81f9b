// test_office.c - offices of three tiers joined by queues: what is answered when, and what slows whom.
#include "common/office/office.h"
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

enum { TOP, HUB, NODE, DESKS, FRAMES = 4096, TICK = 100 };

struct desk {
    struct office *office;
    struct identity id;
    struct code unit;
    char dir[128];
    uint64_t free_disk, budget;
    bool wants_link, cut; // cut: no connection comes up
    uint32_t peer;        // its number at its parent
    unsigned sent[FRAME_BYE + 1];
};
struct frame_on_its_way {
    unsigned from, to;
    uint32_t peer; // as the receiver knows it
    size_t n;
    uint8_t *bytes;
};
static struct bench {
    struct desk desks[DESKS];
    struct frame_on_its_way queue[FRAMES];
    unsigned first, end;
    uint64_t drawn;
    uint32_t peers;
    int64_t now;
    char base[64];
} b;

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000 + b.now, .wall = 1780000000000 + b.now};
}

static uint64_t door_random(void *ctx)
{
    (void)ctx;
    b.drawn = b.drawn * 6364136223846793005u + 1442695040888963407u;
    return b.drawn ^ b.drawn >> 29 ? b.drawn ^ b.drawn >> 29 : 1;
}

static uint64_t door_disk(void *ctx)
{
    return ((struct desk *)ctx)->free_disk;
}

static int door_send(void *ctx, uint32_t peer, struct bytes frame)
{
    struct desk *d = ctx;
    unsigned me = (unsigned)(d - b.desks), to = peer == OFFICE_PARENT ? me - 1 : me + 1;
    struct frame f;
    const char *why;
    assert_int_equal(frame_decode(&f, frame, &why), 0);
    d->sent[f.kind]++;
    struct frame_on_its_way *w = &b.queue[b.end++ % FRAMES];
    assert_true(b.end - b.first < FRAMES);
    *w = (struct frame_on_its_way){.from = me, .to = to, .n = frame.n, .bytes = malloc(frame.n)};
    w->peer = peer == OFFICE_PARENT ? d->peer : OFFICE_PARENT;
    memcpy(w->bytes, frame.at, frame.n);
    return 0;
}

static void door_connect(void *ctx, const char *why)
{
    (void)why;
    ((struct desk *)ctx)->wants_link = true;
}

static void door_drop(void *ctx, uint32_t peer, const char *why)
{
    (void)ctx, (void)peer, (void)why;
}

static void hand_over(void)
{
    struct frame_on_its_way w = b.queue[b.first++ % FRAMES];
    struct desk *to = &b.desks[w.to], *child = &b.desks[w.from > w.to ? w.from : w.to];
    if (to->office && !child->cut && (w.from < w.to || w.peer == child->peer))
        office_heard(to->office, w.peer, &b.desks[w.from].unit, bytes_of(w.bytes, w.n), now_is());
    free(w.bytes);
}

static void turn(unsigned i)
{
    struct desk *d = &b.desks[i];
    if (d->office && office_has_work(d->office)) {
        int rc = office_turn(d->office, now_is());
        assert_true(rc == 0 || rc == -ENOSPC);
    }
}

// Everything that can happen without time going on.
static void pump(void)
{
    for (unsigned quiet = 0; quiet < 2;) {
        quiet = b.first == b.end ? quiet + 1 : 0;
        while (b.first != b.end)
            hand_over();
        for (unsigned i = 0; i < DESKS; i++) {
            struct desk *d = &b.desks[i];
            if (d->office && d->wants_link && !d->cut && b.desks[i - 1].office) {
                d->wants_link = false;
                d->peer = ++b.peers;
                office_link(d->office, true, now_is());
                quiet = 0;
            }
            turn(i);
        }
    }
}

static void pass(int64_t ms)
{
    for (int64_t until = b.now + ms; b.now < until;) {
        b.now += TICK;
        for (unsigned i = 0; i < DESKS; i++)
            if (b.desks[i].office)
                office_tick(b.desks[i].office, now_is());
        pump();
    }
}

static void start(unsigned i)
{
    struct desk *d = &b.desks[i];
    struct office_setup setup = {
        .dir = d->dir,
        .identity = &d->id,
        .boot = door_random(NULL),
        .full_bytes = 1000,
        .budget = d->budget,
        .doors = {d, door_send, door_connect, door_drop, door_random, door_disk}};
    assert_int_equal(office_open(&d->office, &setup, now_is()), 0);
}

static void admit(unsigned i)
{
    struct desk *d = &b.desks[i];
    uint8_t secret[SECRET_SIZE], seed[SEED_SIZE] = {(uint8_t)i, 7}, raw[CERTIFICATE_MAX];
    struct certificate c = {.unit = d->unit, .incarnation = d->id.incarnation};
    memcpy(c.key, d->id.key, KEY_SIZE);
    key_pair(seed, c.voucher, secret);
    size_t n = certificate_make(&c, d->id.election, d->id.secret, secret, raw);
    int rc = office_admit(b.desks[i - 1].office, &c, bytes_of(raw, n), now_is());
    assert_true(rc == 0 || rc == -EAGAIN); // before a hub has heard its parent
}

static int set_up(void **state)
{
    static const char *const units[] = {"01", "01D", "01D1"};
    (void)state;
    memset(&b, 0, sizeof b);
    strcpy(b.base, "/tmp/dantin-office-XXXXXX");
    assert_non_null(mkdtemp(b.base));
    b.drawn = 42;
    for (unsigned i = 0; i < DESKS; i++) {
        struct desk *d = &b.desks[i];
        uint8_t seed[SEED_SIZE] = {(uint8_t)i};
        d->unit = d->id.unit = code_of(bytes_text(units[i]));
        d->id.incarnation = door_random(NULL);
        d->free_disk = 100000;
        key_pair(seed, d->id.key, d->id.secret);
        for (unsigned k = i; k-- > 0;) {
            d->id.signers[d->id.n_signers].unit = b.desks[k].unit;
            memcpy(d->id.signers[d->id.n_signers++].key, b.desks[k].id.key, KEY_SIZE);
        }
        snprintf(d->dir, sizeof d->dir, "%s/%s", b.base, units[i]);
        mkdir(d->dir, 0700);
    }
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
    for (unsigned i = 0; i < DESKS; i++)
        office_close(&b.desks[i].office);
    for (; b.first != b.end; b.first++)
        free(b.queue[b.first % FRAMES].bytes);
    nftw(b.base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}

static void load_plan(void)
{
    static const char *const codes[] = {"01", "01D", "01D1", "01D1-1"};
    uint8_t buffer[4096];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    plan_pack_head(&p, 1, bytes_text("test"), bytes_text("Thử"));
    pack_array(&p, 4);
    for (unsigned i = 0; i < 4; i++)
        plan_pack_level(&p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(&p, 1);
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("9"), 9, 1});
    pack_array(&p, 0);
    pack_array(&p, 0);
    pack_array(&p, 1);
    const struct plan_profile profile = {.name = bytes_text("r")};
    plan_pack_profile(&p, &profile);
    pack_array(&p, 1);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, 4);
    for (uint32_t i = 0; i < 4; i++)
        plan_pack_unit(&p, &(struct plan_unit){.code = bytes_text(codes[i]),
                                               .parent = i == 0 ? PLAN_NONE : i - 1,
                                               .level = i,
                                               .place = i == 3},
                       NULL);
    pack_array(&p, 1);
    plan_pack_contest(
        &p, &(struct plan_contest){.code = bytes_text("K"), .seats = 1, .places_in_all = 1}, NULL);
    pack_array(&p, 1);
    plan_pack_ballot(&p, &(struct plan_ballot){.unit = 3, .voters = 1000}, &profile);
    assert_false(p.full);
    assert_int_equal(office_load_plan(b.desks[TOP].office, packed(&p), now_is()), 0);
}

// All three at work with a plan, linked.
static void open_all(void)
{
    for (unsigned i = 0; i < DESKS; i++)
        start(i);
    load_plan();
    admit(HUB);
    admit(NODE);
    pass(30000);
    assert_non_null(office_plan(b.desks[NODE].office));
}

static size_t turnout(uint64_t act, uint64_t voted, uint8_t *buffer, size_t cap)
{
    struct record r = {.kind = KIND_TURNOUT,
                       .act = act,
                       .at = 1,
                       .entered = 1,
                       .how = HOW_DESK,
                       .subject = bytes_text("01D1-1"),
                       .contest = bytes_text("K"),
                       .by = bytes_text("p1")};
    const char *why;
    r.number[TURNOUT_CUTOFF] = 1;
    r.number[TURNOUT_VOTED] = voted;
    int n = record_encode(&r, buffer, cap, &why);
    assert_true(n > 0);
    return (size_t)n;
}

static int say(unsigned i, uint64_t act, uint64_t voted)
{
    uint8_t buffer[512];
    uint64_t n;
    struct bytes record = bytes_of(buffer, turnout(act, voted, buffer, sizeof buffer));
    return office_say(b.desks[i].office, NULL, &(struct own_records){.records = &record, .n = 1},
                      now_is(), &n);
}

static const struct log_head *log_at(unsigned at, unsigned author, unsigned stream)
{
    const struct log_table *t = office_logs(b.desks[at].office);
    for (uint32_t i = 0; i < t->n; i++)
        if (code_same(&t->at[i].id.author, &b.desks[author].unit) && t->at[i].id.stream == stream &&
            t->at[i].n > 0)
            return &t->at[i];
    return NULL;
}

static struct office_counts counts_of(unsigned i)
{
    struct office_counts c;
    office_counts(b.desks[i].office, &c);
    return c;
}

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

static int first_run(unsigned at, const struct log_id *id, uint8_t *body, size_t *ret_n)
{
    struct stored_run run;
    uint32_t log = logs_find(office_logs(b.desks[at].office), id);
    int rc = store_read(office_store(b.desks[at].office), log, 0, &run);
    memcpy(body, run.body.at, run.body.n);
    *ret_n = run.body.n;
    return rc;
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

// Into the file that is there, if it is: its inode stays.
static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    FILE *in = fopen(from, "rb"), *out = fopen(to, access(to, F_OK) == 0 ? "r+b" : "wb");
    assert_true(in && out);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    fclose(in);
    fclose(out);
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

// A run under the node's own key of a log that it makes up.
static int forge(const struct log_id *id, const struct desk *key, struct bytes record)
{
    uint8_t start[HASH_SIZE];
    static uint8_t body[8192];
    struct run_writer w;
    chain_start(key->id.election, id, key->id.key, start);
    run_begin(&w, body, sizeof body, 0, start);
    assert_int_equal(run_add(&w, record), 0);
    struct bytes run = run_end(&w, key->id.election, id, key->id.secret);
    int rc = office_import(b.desks[HUB].office, id, run, bytes_of(NULL, 0), now_is());
    assert_int_equal(office_turn(b.desks[HUB].office, now_is()), 0);
    return rc;
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
        TEST(test_same_run_again),
        TEST(test_full_disk),
        TEST(test_summaries_are_paced),
        TEST(test_budget),
        TEST(test_fork),
        TEST(test_backup_is_a_copy),
        TEST(test_no_key_by_a_stranger),
        TEST(test_logs_are_bounded),
        TEST(test_import_is_strict),
        TEST(test_one_act_is_not_said_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// desks.h - offices of three tiers joined by queues, under one clock of the test's.
#pragma once
#include "common/office/office.h"
#include "tests/lib/chainplan.h"
#include "tests/lib/folder.h"
#include <errno.h>
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
    uint64_t session;     // of the frame it sent last
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

static inline struct moment now_is(void)
{
    return (struct moment){.mono = 100000 + b.now, .wall = 1780000000000 + b.now};
}

static inline uint64_t door_random(void *ctx)
{
    (void)ctx;
    b.drawn = b.drawn * 6364136223846793005u + 1442695040888963407u;
    return b.drawn ^ b.drawn >> 29 ? b.drawn ^ b.drawn >> 29 : 1;
}

static inline uint64_t door_disk(void *ctx)
{
    return ((struct desk *)ctx)->free_disk;
}

static inline int door_send(void *ctx, uint32_t peer, struct bytes frame)
{
    struct desk *d = ctx;
    unsigned me = (unsigned)(d - b.desks), to = peer == OFFICE_PARENT ? me - 1 : me + 1;
    struct frame f;
    const char *why;
    assert_int_equal(frame_decode(&f, frame, &why), 0);
    d->sent[f.kind]++;
    d->session = f.session;
    struct frame_on_its_way *w = &b.queue[b.end++ % FRAMES];
    assert_true(b.end - b.first < FRAMES);
    *w = (struct frame_on_its_way){.from = me, .to = to, .n = frame.n, .bytes = malloc(frame.n)};
    w->peer = peer == OFFICE_PARENT ? d->peer : OFFICE_PARENT;
    memcpy(w->bytes, frame.at, frame.n);
    return 0;
}

static inline void door_connect(void *ctx, const char *why)
{
    (void)why;
    ((struct desk *)ctx)->wants_link = true;
}

static inline void door_drop(void *ctx, uint32_t peer, const char *why)
{
    (void)ctx, (void)peer, (void)why;
}

// In no order that anything could lean on.
static inline void door_ahead(void *ctx, void (*one)(void *work, unsigned i), void *work,
                              unsigned n)
{
    (void)ctx;
    while (n-- > 0)
        one(work, n);
}

static inline void door_await(void *ctx, unsigned i)
{
    (void)ctx, (void)i;
}

static inline void hand_over(void)
{
    struct frame_on_its_way w = b.queue[b.first++ % FRAMES];
    struct desk *to = &b.desks[w.to], *child = &b.desks[w.from > w.to ? w.from : w.to];
    struct bytes frame = bytes_of(w.bytes, w.n);
    if (to->office && !child->cut && (w.from < w.to || w.peer == child->peer)) {
        office_expect(to->office, &frame, 1);
        office_heard(to->office, w.peer, &b.desks[w.from].unit, frame, now_is());
        office_expect(to->office, NULL, 0);
    }
    free(w.bytes);
}

static inline void turn(unsigned i)
{
    struct desk *d = &b.desks[i];
    if (d->office && office_has_work(d->office)) {
        int rc = office_turn(d->office, now_is());
        assert_true(rc == 0 || rc == -ENOSPC);
    }
}

// Everything that can happen without time going on.
static inline void pump(void)
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

static inline void pass(int64_t ms)
{
    for (int64_t until = b.now + ms; b.now < until;) {
        b.now += TICK;
        for (unsigned i = 0; i < DESKS; i++)
            if (b.desks[i].office)
                office_tick(b.desks[i].office, now_is());
        pump();
    }
}

static inline void start(unsigned i)
{
    struct desk *d = &b.desks[i];
    struct office_setup setup = {.dir = d->dir,
                                 .identity = &d->id,
                                 .boot = door_random(NULL),
                                 .program = i == NODE ? "0.9" : NULL,
                                 .full_bytes = 1000,
                                 .budget = d->budget,
                                 .doors = {d, door_send, door_connect, door_drop, door_random,
                                           door_disk, door_ahead, door_await}};
    assert_int_equal(office_open(&d->office, &setup, now_is()), 0);
}

static inline int try_admit(unsigned i)
{
    struct desk *d = &b.desks[i];
    uint8_t secret[SECRET_SIZE], seed[SEED_SIZE] = {(uint8_t)i, 7}, raw[CERTIFICATE_MAX];
    struct certificate c = {.unit = d->unit, .incarnation = d->id.incarnation};
    memcpy(c.key, d->id.key, KEY_SIZE);
    key_pair(seed, c.voucher, secret);
    size_t n = certificate_make(&c, d->id.election, d->id.secret, secret, raw);
    return office_admit(b.desks[i - 1].office, &c, bytes_of(raw, n), now_is());
}

static inline void admit(unsigned i)
{
    int rc = try_admit(i);
    assert_true(rc == 0 || rc == -EAGAIN); // before a hub has heard its parent
}

static inline int set_up(void **state)
{
    static const char *const units[] = {"01", "01D", "01D1"};
    (void)state;
    memset(&b, 0, sizeof b);
    assert_int_equal(folder_make(b.base, "office"), 0);
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

static inline int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DESKS; i++)
        office_close(&b.desks[i].office);
    for (; b.first != b.end; b.first++)
        free(b.queue[b.first % FRAMES].bytes);
    return folder_remove(b.base);
}

static inline struct bytes make_plan(uint32_t version, uint8_t *buffer, size_t cap)
{
    static const char *const codes[] = {"01", "01D", "01D1", "01D1-1"};
    struct packer p;
    pack_init(&p, buffer, cap);
    return chain_plan(version, codes, 4, &p);
}

static inline void load_plan(void)
{
    uint8_t buffer[4096];
    struct bytes plan = make_plan(1, buffer, sizeof buffer);
    assert_int_equal(office_load_plan(b.desks[TOP].office, plan, now_is()), 0);
}

// All three at work with a plan, linked.
static inline void open_all(void)
{
    for (unsigned i = 0; i < DESKS; i++)
        start(i);
    load_plan();
    admit(HUB);
    admit(NODE);
    pass(30000);
    assert_non_null(office_plan(b.desks[NODE].office));
}

static inline size_t turnout(uint64_t act, uint64_t voted, uint8_t *buffer, size_t cap)
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

static inline int say(unsigned i, uint64_t act, uint64_t voted)
{
    uint8_t buffer[512];
    uint64_t n;
    struct bytes record = bytes_of(buffer, turnout(act, voted, buffer, sizeof buffer));
    return office_say(b.desks[i].office, NULL, &(struct own_records){.records = &record, .n = 1},
                      now_is(), &n);
}

static inline const struct log_head *log_at(unsigned at, unsigned author, unsigned stream)
{
    const struct log_table *t = office_logs(b.desks[at].office);
    for (uint32_t i = 0; i < t->n; i++)
        if (code_same(&t->at[i].id.author, &b.desks[author].unit) && t->at[i].id.stream == stream &&
            t->at[i].n > 0)
            return &t->at[i];
    return NULL;
}

static inline struct office_counts counts_of(unsigned i)
{
    struct office_counts c;
    office_counts(b.desks[i].office, &c);
    return c;
}

static inline int first_run(unsigned at, const struct log_id *id, uint8_t *body, size_t *ret_n)
{
    struct stored_run run;
    uint32_t log = logs_find(office_logs(b.desks[at].office), id);
    int rc = store_read(office_store(b.desks[at].office), log, 0, &run);
    memcpy(body, run.body.at, run.body.n);
    *ret_n = run.body.n;
    return rc;
}

// Into the file that is there, if it is: its inode stays.
static inline void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    FILE *in = fopen(from, "rb"), *out = fopen(to, access(to, F_OK) == 0 ? "r+b" : "wb");
    assert_true(in && out);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    fclose(in);
    fclose(out);
}

// A run under the node's own key of a log that it makes up.
static inline int forge(const struct log_id *id, const struct desk *key, struct bytes record)
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

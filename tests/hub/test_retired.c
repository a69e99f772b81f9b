// test_retired.c - a key is looked up for every message, not once for a connection.
#include "common/base/clock.h"
#include "common/net/link.h"
#include "common/net/loop.h"
#include "hub/gate.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sodium.h>
#include <cmocka.h>

enum { DEADLINE_MS = 20000 };

static struct room {
    char dir[64];
    struct loop *loop;
    struct children *children;
    struct gate *gate;
    struct link *link;
    struct code unit;
    uint8_t curve[KEY_SIZE], secret[KEY_SIZE]; // of the hub
    uint8_t own_curve[KEY_SIZE], own_secret[KEY_SIZE];
    int port;
    unsigned frames;
    int64_t until;
} r;

static uint64_t refused(void)
{
    struct gate_counts c;
    gate_counts(r.gate, &c);
    return c.refused_messages;
}

// The child's second message goes out when its key is retired, over the connection of the first.
static void on_frame(void *ctx, uint32_t peer, const struct code *unit, struct bytes frame)
{
    (void)ctx, (void)peer, (void)frame;
    assert_true(code_same(unit, &r.unit));
    if (++r.frames > 1)
        return;
    assert_int_equal(children_retire(r.children, &r.unit), 0);
    assert_int_equal(link_send(r.link, bytes_text("after")), 0);
}

static void on_tick(void *ctx)
{
    (void)ctx;
    link_look(r.link);
    if (clock_mono() > r.until || r.frames > 1 || refused() > 0)
        loop_stop(r.loop, -1);
}

static void link_frame(void *ctx, struct bytes frame)
{
    (void)ctx, (void)frame;
}

static void link_up(void *ctx)
{
    (void)ctx;
    assert_int_equal(link_send(r.link, bytes_text("before")), 0);
}

static void link_down(void *ctx)
{
    (void)ctx;
}

static void enrol(void)
{
    static const uint8_t election[ELECTION_SIZE] = {1};
    struct token t = {.unit = r.unit};
    struct certificate c = {.unit = r.unit, .incarnation = 5};
    uint8_t secret[SECRET_SIZE], voucher_secret[SECRET_SIZE], seed[SEED_SIZE], raw[CERTIFICATE_MAX];
    const char *why;
    clock_random(t.seed, sizeof t.seed);
    clock_random(seed, sizeof seed);
    token_voucher(&t, c.voucher, voucher_secret);
    key_pair(seed, c.key, secret);
    crypto_box_keypair(r.own_curve, r.own_secret);
    memcpy(c.curve, r.own_curve, KEY_SIZE);
    size_t n = certificate_make(&c, election, secret, voucher_secret, raw);
    assert_int_equal(children_token(r.children, &t, clock_now()), 0);
    int rc = children_enrol(r.children, bytes_of(raw, n), &r.unit, election, clock_now(), &why);
    assert_int_equal(rc, 0);
}

static int open_room(void **state)
{
    struct loop_hooks hooks = {.on_tick = on_tick};
    struct gate_hooks gate = {.on_frame = on_frame};
    struct link_hooks link = {NULL, link_frame, link_up, link_down};
    (void)state;
    strcpy(r.dir, "/tmp/dantin-retired-XXXXXX");
    assert_non_null(mkdtemp(r.dir));
    r.unit = code_of(bytes_text("21484"));
    crypto_box_keypair(r.curve, r.secret);
    assert_int_equal(loop_open(&r.loop, &hooks), 0);
    assert_int_equal(children_open(&r.children, r.dir), 0);
    assert_int_equal(gate_open(&r.gate, r.loop, &gate, r.children), 0);
    assert_int_equal(gate_listen(r.gate, "127.0.0.1:0", r.secret, &r.port), 0);
    assert_int_equal(link_open(&r.link, r.loop, &link), 0);
    enrol();
    return 0;
}

static int close_room(void **state)
{
    char path[128];
    (void)state;
    link_close(&r.link);
    gate_close(&r.gate);
    children_close(&r.children);
    loop_close(&r.loop);
    snprintf(path, sizeof path, "%s/children", r.dir);
    unlink(path);
    rmdir(r.dir);
    return 0;
}

// A key that is retired while its connection stands is out at its next message.
static void test_out_at_the_next_message(void **state)
{
    struct way w;
    (void)state;
    snprintf(w.address, sizeof w.address, "127.0.0.1:%d", r.port);
    memcpy(w.curve, r.curve, KEY_SIZE);
    assert_int_equal(link_connect(r.link, &w, r.own_curve, r.own_secret), 0);
    r.until = clock_mono() + DEADLINE_MS;
    loop_run(r.loop);
    assert_int_equal(r.frames, 1);
    assert_int_equal(refused(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_out_at_the_next_message, open_room, close_room),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

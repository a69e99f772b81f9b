// test_gate.c - the gate listens only when CURVE cannot fail open, and with the limits it should have.
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

enum { DEADLINE_MS = 20000, MUCH = 14 }; // MUCH: fits into what waits at one end

struct room {
    char dir[64];
    struct loop *loop;
    struct children *children;
    struct gate *gate;
    struct link *link,
        *honest; // honest: comes after the one under test, and its knock ends the wait
    uint8_t curve[KEY_SIZE], secret[KEY_SIZE];
    int port;
    int64_t until;
    unsigned frames, knocks, ups, downs;
    unsigned want_frames;
    int64_t slow_ms;               // that a frame takes
    unsigned in_turn, most_a_turn; // frames
    struct code unit;
};

static void on_tick(void *ctx)
{
    struct room *r = ctx;
    link_look(r->link);
    if (r->honest)
        link_look(r->honest);
    if (clock_mono() > r->until || (r->want_frames && r->frames + r->knocks >= r->want_frames))
        loop_stop(r->loop, -1);
}

static void on_frame(void *ctx, uint32_t peer, const struct code *unit, struct bytes frame)
{
    struct room *r = ctx;
    (void)peer, (void)frame;
    r->unit = *unit;
    r->frames++;
    r->in_turn++;
    for (int64_t end = clock_mono() + r->slow_ms; r->slow_ms > 0 && clock_mono() < end;)
        ; // at work
}

static void on_turn_end(void *ctx)
{
    struct room *r = ctx;
    r->most_a_turn = r->in_turn > r->most_a_turn ? r->in_turn : r->most_a_turn;
    r->in_turn = 0;
}

static bool on_knock(void *ctx, uint32_t peer, const struct code *unit, struct bytes frame)
{
    struct room *r = ctx;
    (void)peer, (void)frame;
    r->unit = *unit;
    r->knocks++;
    return false;
}

static void link_frame(void *ctx, struct bytes frame)
{
    (void)ctx, (void)frame;
}

static void link_up(void *ctx)
{
    struct room *r = ctx;
    r->ups++;
    assert_int_equal(link_send(r->link, bytes_text("hello")), 0);
}

static void honest_up(void *ctx)
{
    assert_int_equal(link_send(((struct room *)ctx)->honest, bytes_text("hello")), 0);
}

static void link_down(void *ctx)
{
    ((struct room *)ctx)->downs++;
}

static int open_room(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    struct loop_hooks hooks = {.ctx = r, .on_turn_end = on_turn_end, .on_tick = on_tick};
    struct gate_hooks gate = {.ctx = r, .on_frame = on_frame, .on_knock = on_knock};
    struct link_hooks link = {r, link_frame, link_up, link_down};
    strcpy(r->dir, "/tmp/dantin-gate-XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    crypto_box_keypair(r->curve, r->secret);
    assert_int_equal(loop_open(&r->loop, &hooks), 0);
    assert_int_equal(children_open(&r->children, r->dir), 0);
    assert_int_equal(gate_open(&r->gate, r->loop, &gate, r->children), 0);
    assert_int_equal(gate_listen(r->gate, "127.0.0.1:0", r->secret, &r->port), 0);
    assert_int_equal(link_open(&r->link, r->loop, &link), 0);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    char path[128];
    link_close(&r->link);
    link_close(&r->honest);
    gate_close(&r->gate);
    children_close(&r->children);
    loop_close(&r->loop);
    snprintf(path, sizeof path, "%s/children", r->dir);
    unlink(path);
    rmdir(r->dir);
    free(r);
    return 0;
}

static void run(struct room *r, int64_t ms)
{
    r->until = clock_mono() + ms;
    loop_run(r->loop);
}

static struct way way_to(const struct room *r)
{
    struct way w;
    snprintf(w.address, sizeof w.address, "127.0.0.1:%d", r->port);
    memcpy(w.curve, r->curve, KEY_SIZE);
    return w;
}

// The same of the child's end: only our machine reconnects, nothing waits in a socket that is not up.
static void test_link_settings_are_read_back(void **state)
{
    struct room *r = *state;
    struct way w = way_to(r);
    assert_int_equal(link_connect(r->link, &w, r->curve, r->secret), 0);
    assert_int_equal(link_option(r->link, ZMQ_RECONNECT_IVL), -1);
    assert_int_equal(link_option(r->link, ZMQ_IMMEDIATE), 1);
    assert_int_equal(link_option(r->link, ZMQ_LINGER), 0);
    assert_int_equal(link_option(r->link, ZMQ_MECHANISM), ZMQ_CURVE);
    assert_int_equal(link_option(r->link, ZMQ_SNDHWM), 16);
    assert_int_equal(link_option(r->link, ZMQ_RCVHWM), 64);
    assert_int_equal(link_option(r->link, ZMQ_HANDSHAKE_IVL), 20000);
    assert_int_equal(link_option(r->link, ZMQ_CONNECT_TIMEOUT), 10000);
    assert_int_equal(link_option(r->link, ZMQ_HEARTBEAT_IVL), 0);
    assert_int_equal(link_option(r->link, ZMQ_TCP_KEEPALIVE_IDLE), 30);
}

// A machine with a token knocks; whoever came before it had the time to get in too.
static void honest_knocks(struct room *r)
{
    uint8_t door[KEY_SIZE], secret[KEY_SIZE];
    struct token t = {.unit = code_of(bytes_text("21484"))};
    struct way w = way_to(r);
    struct link_hooks hooks = {r, link_frame, honest_up, link_down};
    clock_random(t.seed, sizeof t.seed);
    token_door(&t, door, secret);
    assert_int_equal(children_token(r->children, &t, clock_now()), 0);
    assert_int_equal(link_open(&r->honest, r->loop, &hooks), 0);
    assert_int_equal(link_connect(r->honest, &w, door, secret), 0);
    r->want_frames = 1;
    run(r, DEADLINE_MS);
    assert_int_equal(r->knocks, 1);
    assert_int_equal(r->frames, 0);
    assert_true(bytes_same(code_bytes(&r->unit), bytes_text("21484")));
}

// Every setting of the gate that the design names is what the socket says of itself.
static void test_settings_are_read_back(void **state)
{
    struct room *r = *state;
    assert_int_equal(gate_option(r->gate, 93), 1); // ZMQ_ZAP_ENFORCE_DOMAIN: else CURVE fails open
    assert_int_equal(gate_option(r->gate, ZMQ_CURVE_SERVER), 1);
    assert_int_equal(gate_option(r->gate, ZMQ_MECHANISM), ZMQ_CURVE);
    assert_int_equal(gate_option(r->gate, ZMQ_RCVHWM), 16);
    assert_int_equal(gate_option(r->gate, ZMQ_SNDHWM), 64);
    assert_int_equal(gate_option(r->gate, ZMQ_BACKLOG), 4096);
    assert_int_equal(gate_option(r->gate, ZMQ_LINGER), 0);
    assert_int_equal(gate_option(r->gate, ZMQ_HANDSHAKE_IVL), 15000);
    assert_int_equal(gate_option(r->gate, ZMQ_HEARTBEAT_IVL),
                     0); // else libzmq may abort: see link.c
    assert_int_equal(gate_option(r->gate, ZMQ_TCP_KEEPALIVE), 1);
    assert_int_equal(gate_option(r->gate, ZMQ_TCP_KEEPALIVE_IDLE), 30);
    assert_int_equal(gate_option(r->gate, ZMQ_TCP_KEEPALIVE_INTVL), 10);
    assert_int_equal(gate_option(r->gate, ZMQ_TCP_KEEPALIVE_CNT), 3);
    assert_int_equal(gate_max_frame(r->gate), 64 * 1024);
}

// A key that stands in no list never gets in, whatever it sends.
static void test_unknown_key_stays_out(void **state)
{
    struct room *r = *state;
    uint8_t curve[KEY_SIZE], secret[KEY_SIZE];
    struct way w = way_to(r);
    struct gate_counts c;
    crypto_box_keypair(curve, secret);
    assert_int_equal(link_connect(r->link, &w, curve, secret), 0);
    honest_knocks(r);
    gate_counts(r->gate, &c);
    assert_true(c.refused_keys >= 1); // libzmq may ask more than once for one knock
    assert_int_equal(r->ups, 0);
}

// A parent with another key than the one pinned is never spoken to.
static void test_wrong_server_key_is_no_link(void **state)
{
    struct room *r = *state;
    uint8_t curve[KEY_SIZE], secret[KEY_SIZE];
    struct way w = way_to(r);
    crypto_box_keypair(curve, secret);
    w.curve[0] ^= 1;
    assert_int_equal(link_connect(r->link, &w, curve, secret), 0);
    honest_knocks(r);
    assert_int_equal(r->ups, 0);
}

// The door key of an unused token may knock, and is known as the unit it was made for; nothing else.
static void test_door_key_knocks(void **state)
{
    struct room *r = *state;
    struct gate_counts c;
    honest_knocks(r);
    gate_counts(r->gate, &c);
    assert_int_equal(c.refused_knocks, 1); // what the hub does not take is counted
}

static void send_much(void *ctx)
{
    struct room *r = ctx;
    r->ups++;
    for (unsigned i = 0; i < MUCH; i++)
        if (link_send(r->link, bytes_text("again")) < 0)
            break;
}

// Frames that take long do not make a turn long: the rest waits for the next one, and nothing is lost.
static void test_a_turn_has_an_end(void **state)
{
    struct room *r = *state;
    uint8_t seed[SEED_SIZE] = {1}, raw[CERTIFICATE_MAX], voucher[SECRET_SIZE], key[SECRET_SIZE];
    uint8_t secret[KEY_SIZE], election[ELECTION_SIZE] = {0};
    struct token t = {.unit = code_of(bytes_text("21484"))};
    struct certificate c = {.unit = t.unit, .incarnation = 1};
    struct link_hooks hooks = {r, link_frame, send_much, link_down};
    struct way w = way_to(r);
    const char *why;
    crypto_box_keypair(c.curve, secret);
    key_pair(seed, c.key, key);
    assert_int_equal(children_token(r->children, &t, clock_now()), 0);
    token_voucher(&t, c.voucher, voucher);
    size_t n = certificate_make(&c, election, key, voucher, raw);
    assert_int_equal(
        children_enrol(r->children, bytes_of(raw, n), &t.unit, election, clock_now(), &why), 0);
    link_close(&r->link);
    assert_int_equal(link_open(&r->link, r->loop, &hooks), 0);
    assert_int_equal(link_connect(r->link, &w, c.curve, secret), 0);
    r->slow_ms = GATE_TURN_MS / 4;
    r->want_frames = MUCH;
    run(r, DEADLINE_MS);
    on_turn_end(r); // the last one, broken off
    assert_int_equal(r->frames, MUCH);
    assert_in_range(r->most_a_turn, 1, 5); // four take the whole of it
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_settings_are_read_back, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_link_settings_are_read_back, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_unknown_key_stays_out, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_a_turn_has_an_end, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_door_key_knocks, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_wrong_server_key_is_no_link, open_room, close_room),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

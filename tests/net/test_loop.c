// test_loop.c - turns, ticks, signals and what systemd is told.
#include "common/base/clock.h"
#include "common/net/loop.h"
#include <czmq.h>
#include <sys/eventfd.h>
#include <sys/un.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct bench {
    struct loop *loop;
    int fds[2];
    zsock_t *in, *out;
    unsigned taken, turns, bursts, ticks, seen_taken[8];
    int64_t tick_at[8];
    bool spin;
};

static void ring(int fd)
{
    uint64_t one = 1;
    assert_int_equal(write(fd, &one, sizeof one), sizeof one);
}

static void take(struct bench *b, int fd)
{
    uint64_t n;
    assert_int_equal(read(fd, &n, sizeof n), sizeof n);
    b->taken++;
    loop_arm(b->loop);
}

static void on_first(void *ctx)
{
    take(ctx, ((struct bench *)ctx)->fds[0]);
}

static void on_second(void *ctx)
{
    take(ctx, ((struct bench *)ctx)->fds[1]);
}

static void on_message(void *ctx)
{
    struct bench *b = ctx;
    for (int i = 0; i < 512 && zsock_events(b->in) & ZMQ_POLLIN; i++) {
        char *text = zstr_recv(b->in);
        zstr_free(&text);
        b->taken++;
        loop_arm(b->loop);
    }
}

static void burst(struct bench *b)
{
    ring(b->fds[0]);
    ring(b->fds[1]);
    b->bursts++;
}

static void on_turn_end(void *ctx)
{
    struct bench *b = ctx;
    b->seen_taken[b->turns++] = b->taken;
    if (b->turns == 3)
        loop_stop(b->loop, -ECANCELED);
    else
        burst(b);
}

static void on_tick(void *ctx)
{
    struct bench *b = ctx;
    b->tick_at[b->ticks++] = clock_mono();
    if (b->spin && b->ticks == 2)
        while (clock_mono() < b->tick_at[1] + 6 * LOOP_TICK_MS)
            ;
    if (b->ticks == 6)
        loop_stop(b->loop, -ECANCELED);
}

static void open_bench(struct bench *b, const struct loop_hooks *hooks)
{
    assert_int_equal(loop_open(&b->loop, hooks), 0);
    b->fds[0] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    b->fds[1] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    assert_int_equal(loop_add_fd(b->loop, b->fds[0], on_first, b), 0);
    assert_int_equal(loop_add_fd(b->loop, b->fds[1], on_second, b), 0);
}

static void close_bench(struct bench *b)
{
    loop_close(&b->loop);
    assert_null(b->loop);
    loop_close(&b->loop); // NULL is fine
    close(b->fds[0]);
    close(b->fds[1]);
}

// However many sources took something in a burst, the turn ends once, after all of them.
static void test_turn_end_once(void **state)
{
    (void)state;
    struct bench b = {0};
    open_bench(&b, &(struct loop_hooks){.ctx = &b, .on_turn_end = on_turn_end});
    burst(&b);
    assert_int_equal(loop_run(b.loop), -ECANCELED);
    assert_int_equal(b.turns, 3);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(b.seen_taken[i], 2 * (i + 1));
    close_bench(&b);
}

static void on_messages_done(void *ctx)
{
    struct bench *b = ctx;
    b->turns++;
    if (b->taken >= 1000)
        loop_stop(b->loop, -ECANCELED);
}

// A socket that holds a thousand messages is drained in a few turns, not in a thousand.
static void test_socket_drained(void **state)
{
    (void)state;
    struct bench b = {0};
    open_bench(&b, &(struct loop_hooks){.ctx = &b, .on_turn_end = on_messages_done});
    b.in = zsock_new_pair("@inproc://test-loop");
    b.out = zsock_new_pair(">inproc://test-loop");
    assert_int_equal(loop_add_socket(b.loop, b.in, on_message, &b), 0);
    for (int i = 0; i < 1000; i++)
        zstr_send(b.out, "x");
    assert_int_equal(loop_run(b.loop), -ECANCELED);
    assert_int_equal(b.taken, 1000);
    assert_in_range(b.turns, 1, 10);
    loop_remove_socket(b.loop, b.in);
    zsock_destroy(&b.in);
    zsock_destroy(&b.out);
    close_bench(&b);
}

static void on_last_turn(void *ctx)
{
    ((struct bench *)ctx)->turns++;
}

// SIGTERM and SIGINT end the loop with 0, also when czmq has sockets; what was taken in before is
// finished.
static void test_signal_ends(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGINT};
    for (int i = 0; i < 2; i++) {
        struct bench b = {0};
        open_bench(&b, &(struct loop_hooks){.ctx = &b, .on_turn_end = on_last_turn});
        zsock_t *any = zsock_new_router("@inproc://test-signal");
        kill(getpid(), signals[i]);
        ring(b.fds[0]);
        assert_int_equal(loop_run(b.loop), 0);
        assert_int_equal(b.taken, 1);
        assert_int_equal(b.turns, 1);
        zsock_destroy(&any);
        close_bench(&b);
    }
}

// Writing to somebody who has gone is an error, not the end of the program.
static void test_no_sigpipe(void **state)
{
    (void)state;
    struct bench b = {0};
    int ends[2];
    open_bench(&b, &(struct loop_hooks){0});
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
    close_bench(&b);
}

// After the program stood still, the ticks that were missed are not made up for.
static void test_ticks_not_made_up(void **state)
{
    (void)state;
    struct bench b = {.spin = true};
    open_bench(&b, &(struct loop_hooks){.ctx = &b, .on_tick = on_tick});
    assert_int_equal(loop_run(b.loop), -ECANCELED);
    for (unsigned i = 1; i < b.ticks; i++)
        assert_true(b.tick_at[i] - b.tick_at[i - 1] >= LOOP_TICK_MS / 2);
    close_bench(&b);
}

static void on_leave(void *ctx)
{
    struct bench *b = ctx;
    b->taken++;
    loop_remove_fd(b->loop, b->fds[0]); // stays readable, and is never asked again
    loop_remove_fd(b->loop, b->fds[1]);
}

// A callback may remove itself and others.
static void test_remove_inside(void **state)
{
    (void)state;
    struct bench b = {0};
    assert_int_equal(loop_open(&b.loop, &(struct loop_hooks){.ctx = &b, .on_tick = on_tick}), 0);
    for (int i = 0; i < 2; i++) {
        b.fds[i] = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
        assert_int_equal(loop_add_fd(b.loop, b.fds[i], on_leave, &b), 0);
    }
    assert_int_equal(loop_run(b.loop), -ECANCELED);
    assert_int_equal(b.taken, 1);
    close_bench(&b);
}

static int bind_notify(char *ret_name, size_t cap, bool abstract)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    snprintf(ret_name, cap, "%s-%d", abstract ? "@dantin-test-loop" : "/tmp/dantin-test-loop",
             getpid());
    memcpy(at.sun_path, ret_name, strlen(ret_name));
    if (abstract)
        at.sun_path[0] = 0;
    socklen_t n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(ret_name));
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    return fd;
}

static void expect(int fd, const char *text)
{
    char got[600];
    ssize_t n = recv(fd, got, sizeof got - 1, 0);
    assert_true(n > 0);
    got[n] = 0;
    assert_string_equal(got, text);
}

// systemd hears that we are ready, is fed while the loop turns, and hears that we stop.
static void test_systemd(void **state)
{
    (void)state;
    for (int abstract = 0; abstract < 2; abstract++) {
        struct bench b = {0};
        char name[64];
        int fd = bind_notify(name, sizeof name, abstract);
        setenv("NOTIFY_SOCKET", name, 1);
        setenv("WATCHDOG_USEC", "600000", 1);
        open_bench(&b, &(struct loop_hooks){.ctx = &b, .on_tick = on_tick});
        loop_ready(b.loop, "takes reports");
        expect(fd, "READY=1\nSTATUS=takes reports");
        assert_int_equal(loop_run(b.loop), -ECANCELED);
        expect(fd, "WATCHDOG=1");
        close_bench(&b);
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        close(fd);
        if (!abstract)
            unlink(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turn_end_once),     cmocka_unit_test(test_socket_drained),
        cmocka_unit_test(test_signal_ends),       cmocka_unit_test(test_no_sigpipe),
        cmocka_unit_test(test_ticks_not_made_up), cmocka_unit_test(test_remove_inside),
        cmocka_unit_test(test_systemd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_sse.c - event streams: order, resuming, and what happens to those who cannot follow.
#include "common/base/clock.h"
#include "tests/net/world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static char text[4 << 20];

static int join(const struct world *w, const char *query, const char *more)
{
    char request[512];
    int fd = client_connect(http_port(w->http));
    snprintf(request, sizeof request, "GET /api/events%s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n",
             query, http_port(w->http), more);
    client_send(fd, request);
    return fd;
}

// The id that the stream began with; what follows the first event's blank line stays in `text`.
static void first_id(int fd, char *ret_id, size_t cap)
{
    client_read(fd, text, sizeof text, "\n\n");
    char *id = strstr(text, "id: ");
    assert_non_null(id);
    snprintf(ret_id, cap, "%.*s", (int)strcspn(id + 4, "\n"), id + 4);
}

static void in_order(const char *from, unsigned first, unsigned last)
{
    for (unsigned i = first; i <= last; i++) {
        char want[48];
        snprintf(want, sizeof want, "data: {\"turn\":%u,", i);
        from = strstr(from, want);
        if (!from)
            fail_msg("turn %u is missing or out of its order", i);
    }
}

// Two readers get every event once, in the order of publication.
static void test_two_readers(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int a = join(&w, "", ""), b = join(&w, "", "");
    char id[64];
    first_id(a, id, sizeof id);
    first_id(b, id, sizeof id);
    world_ring(&w, 5, 10);
    for (int i = 0; i < 2; i++) {
        client_read(i ? b : a, text, sizeof text, "\"turn\":5,");
        in_order(text, 1, 5);
        assert_null(strstr(strstr(text, "\"turn\":1,") + 1, "\"turn\":1,"));
        assert_null(strstr(text, "event: reset"));
    }
    close(a);
    close(b);
    world_close(&w);
}

// A reader that comes back with the last id it saw gets what it missed, and nothing twice.
static void test_resume(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int fd = join(&w, "", "");
    char id[64], header[128];
    first_id(fd, id, sizeof id);
    world_ring(&w, 3, 10);
    client_read(fd, text, sizeof text, "\"turn\":3,");
    close(fd);
    const char *boot = strchr(id, '.');
    assert_non_null(boot);
    snprintf(header, sizeof header, "Last-Event-ID: 1%s\r\n", boot);
    fd = join(&w, "", header);
    client_read(fd, text, sizeof text, "\"turn\":3,");
    in_order(text, 2, 3);
    assert_null(strstr(text, "\"turn\":1,"));
    assert_null(strstr(text, "event: reset"));
    close(fd);
    fd = join(&w, "?after=2", ""); // a page that has read the state of turn 2
    client_read(fd, text, sizeof text, "\"turn\":3,");
    in_order(text, 3, 3);
    assert_null(strstr(text, "\"turn\":2,"));
    close(fd);
    fd = join(&w, "?after=1", "Last-Event-ID: 3.1\r\n"); // of another start: the header wins
    client_read(fd, text, sizeof text, "event: reset");
    assert_non_null(strstr(text, "event: reset"));
    close(fd);
    world_close(&w);
}

// What nobody listened to was kept for nobody: who comes back from before it reads the state again, who has
// read it since goes on.
static void test_skipped(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int fd = join(&w, "", "");
    char id[64], query[96], header[128];
    first_id(fd, id, sizeof id);
    const char *boot = strchr(id, '.');
    assert_non_null(boot);
    world_ring(&w, 2, 10);
    client_read(fd, text, sizeof text, "\"turn\":2,");
    close(fd);
    w.skip = true; // read by the loop behind the ring of `go` only
    world_ring(&w, 3, 10);
    fd = join(&w, "", "");
    first_id(fd, id, sizeof id);
    while (strncmp(id, "5.", 2) != 0) { // until they are passed
        close(fd);
        fd = join(&w, "", "");
        first_id(fd, id, sizeof id);
    }
    boot = strchr(id, '.');
    snprintf(header, sizeof header, "Last-Event-ID: 2%s\r\n", boot);
    int behind = join(&w, "", header);
    client_read(behind, text, sizeof text, "event: reset");
    assert_non_null(strstr(text, "event: reset"));
    snprintf(query, sizeof query, "?after=5%s", boot);
    int level = join(&w, query, "");
    w.skip = false;
    world_ring(&w, 1, 10);
    client_read(level, text, sizeof text, "\"turn\":6,");
    assert_null(strstr(text, "event: reset"));
    in_order(text, 6, 6);
    close(fd);
    close(behind);
    close(level);
    world_close(&w);
}

// A page says of which start its turn is: of another one, whatever its number, it reads the state again.
static void test_other_start(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    char request[128], *start;
    int fd = client_connect(http_port(w.http));
    snprintf(request, sizeof request, "GET /api/say HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             http_port(w.http));
    client_send(fd, request);
    client_read(fd, text, sizeof text, "}");
    start = strstr(text, "X-Dantin-Start: ");
    assert_non_null(start);
    unsigned long boot = strtoul(start + 16, NULL, 10);
    close(fd);
    for (unsigned i = 0; i < 2; i++) {
        char query[64];
        snprintf(query, sizeof query, "?after=900.%lu", boot + i);
        fd = join(&w, query, "");
        client_read(fd, text, sizeof text, i ? "event: reset" : "id: 900");
        assert_true((strstr(text, "event: reset") != NULL) == (i == 1));
        close(fd);
    }
    world_close(&w);
}

// Who asks for what is no longer in the ring is told to read the state again.
static void test_reset(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int fd = join(&w, "", "");
    char id[64];
    first_id(fd, id, sizeof id);
    for (unsigned i = 1; i <= 10; i++) {
        char end[32];
        world_ring(&w, 1, 40000);
        snprintf(end, sizeof end, "\"turn\":%u,", i);
        client_read(fd, text, sizeof text, end);
    }
    close(fd);
    fd = join(&w, "?after=1", "");
    client_read(fd, text, sizeof text, "event: reset");
    assert_non_null(strstr(text, "event: reset"));
    assert_null(strstr(text, "\"turn\""));
    world_ring(&w, 1, 10); // and goes on with what is new
    client_read(fd, text, sizeof text, "\"turn\":11,");
    in_order(text, 11, 11);
    close(fd);
    fd = join(&w, "?after=9", "");
    client_read(fd, text, sizeof text, "\"turn\":11,");
    in_order(text, 10, 11);
    close(fd);
    world_close(&w);
}

// An event beyond the limit is not sent; the readers are told to read the state.
static void test_too_long(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int fd = join(&w, "", "");
    char id[64];
    first_id(fd, id, sizeof id);
    world_ring(&w, 1, SSE_EVENT_MAX);
    client_read(fd, text, sizeof text, "event: reset");
    assert_non_null(strstr(text, "event: reset"));
    close(fd);
    fd = join(&w, "?after=0", "");
    client_read(fd, text, sizeof text, "event: reset");
    assert_non_null(strstr(text, "event: reset"));
    close(fd);
    world_close(&w);
}

// A reader that does not read is dropped when the ring overtakes it; the one beside it misses
// nothing.
static void test_slow_reader(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int slow = join(&w, "", ""), quick = join(&w, "", "");
    char id[64];
    first_id(slow, id, sizeof id);
    first_id(quick, id, sizeof id);
    unsigned turn = 0;
    do {
        char end[32];
        assert_true(turn < 2000);
        turn += 5;
        world_ring(&w, 5, 20000);
        snprintf(end, sizeof end, "\"turn\":%u,", turn);
        client_read(quick, text, sizeof text, end);
        in_order(text, turn - 4, turn);
    } while (world_readers(&w) != 1);
    size_t n;
    while ((n = client_read(slow, text, sizeof text, NULL)) == sizeof text - 1)
        ; // to the end that the server made
    close(slow);
    close(quick);
    world_close(&w);
}

// A reader that has gone is forgotten at the next publication; the end of the program ends streams.
static void test_gone(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int gone = join(&w, "", ""), stays = join(&w, "", "");
    char id[64];
    first_id(gone, id, sizeof id);
    first_id(stays, id, sizeof id);
    close(gone);
    for (unsigned i = 0; i < 200 && world_readers(&w) != 1; i++) {
        char end[32];
        world_ring(&w, 1, 10);
        snprintf(end, sizeof end, "\"turn\":%u,", i + 1);
        client_read(stays, text, sizeof text, end);
    }
    assert_int_equal(world_readers(&w), 1);
    world_close(&w);
    client_read(stays, text, sizeof text, NULL); // ends
    close(stays);
}

// What a handler publishes is at the readers when, or soon after, the answer is; no tick is waited
// for.
static void test_from_handler(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    int fd = join(&w, "", "");
    char id[64], request[256];
    first_id(fd, id, sizeof id);
    snprintf(request, sizeof request,
             "POST /api/say?publish=1 HTTP/1.1\r\nHost: localhost:%d\r\nX-Dantin: 1\r\n"
             "Connection: close\r\nContent-Length: 0\r\n\r\n",
             http_port(w.http));
    int64_t begun = clock_mono();
    for (int i = 0; i < 20; i++) {
        assert_int_equal(client_ask(http_port(w.http), request, text, sizeof text), 200);
        client_read(fd, text, sizeof text, "handler\"}\n\n");
        assert_non_null(strstr(text, "data: {\"by\":\"handler\"}"));
    }
    assert_true(clock_mono() - begun < 20 * LOOP_TICK_MS / 2);
    close(fd);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_readers),  cmocka_unit_test(test_skipped),
        cmocka_unit_test(test_other_start),  cmocka_unit_test(test_resume),
        cmocka_unit_test(test_reset),        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_slow_reader),  cmocka_unit_test(test_gone),
        cmocka_unit_test(test_from_handler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

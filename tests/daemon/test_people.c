// test_people.c - each request is judged before its route: by role, by scope, by what has ended; over real sockets.
#include "common/base/clock.h"
#include "common/base/config.h"
#include "common/base/savefile.h"
#include "common/daemon/access.h"
#include "common/daemon/peopleinside.h"
#include "common/net/loop.h"
#include "tests/lib/folder.h"
#include "tests/net/world.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define HASH                                                                                       \
    "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0c2E$"                                          \
    "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"

static struct {
    char dir[64];
    struct loop *loop;
    struct people *people;
    struct http *http;
    pthread_t thread;
    int stop;
    char reply[4096];
} z;

static const char table[] = "id,name,role,scope,restricted,secret\n"
                            "viewer,V,viewer,,,\"" HASH "\"\n"
                            "trusted,T,viewer,,yes,\"" HASH "\"\n"
                            "operator,O,operator,,,\"" HASH "\"\n"
                            "narrow,N,operator,535,,\"" HASH "\"\n"
                            "late,L,operator,,,\"" HASH "\"\n"
                            "named,M,operator,,,\n";

static void handle(void *ctx, const struct http_request *q, struct http_reply *a)
{
    (void)ctx;
    http_printf(a, "{\"by\":\"%s\",\"restricted\":%d}", q->person ? q->person : "",
                people_restricted(q));
}

static const struct plan *the_plan; // none, unless a test has one
static const struct plan *no_plan(void *ctx)
{
    (void)ctx;
    return the_plan;
}

static void end(void *ctx)
{
    (void)ctx;
    loop_stop(z.loop, -ECANCELED);
}

static void *work(void *ctx)
{
    (void)ctx;
    loop_run(z.loop);
    return NULL;
}

static void write_table(const char *text)
{
    assert_int_equal(savefile_write(z.dir, PERSONS_FILE, bytes_text(text)), 0);
}

static void begin(unsigned access, const char *text)
{
    static const struct http_route routes[] = {
        {"GET", "/open", handle, HTTP_OPEN},
        {"GET", "/read", handle, RIGHT_READ},
        {"GET", "/unit", handle, RIGHT_READ | ROUTE_SCOPED},
        {"GET", "/operate", handle, RIGHT_OPERATE},
        {"GET", "/both", handle, RIGHT_READ | RIGHT_RESTRICTED},
        {"GET", "/local", handle, HTTP_LOCAL},
    };
    static const uint8_t key[KEY_SIZE] = {1};
    struct loop_hooks hooks = {0};
    assert_int_equal(folder_make(z.dir, "people"), 0);
    if (text)
        write_table(text);
    assert_int_equal(loop_open(&z.loop, &hooks), 0);
    struct people_setup p = {.rules = &persons_of_hub, .dir = z.dir, .loop = z.loop};
    p.desk = RIGHT_READ;
    p.access = access;
    p.key = key;
    p.plan = no_plan;
    assert_int_equal(people_open(&z.people, &p), 0);
    struct http_setup h = {.loop = z.loop, .dir = z.dir, .host = "127.0.0.1", .routes = routes};
    h.n_routes = sizeof routes / sizeof routes[0];
    h.admit = people_admit;
    h.admit_ctx = z.people;
    assert_int_equal(http_open(&z.http, &h), 0);
    people_serve(z.people, z.http);
    z.stop = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(loop_add_fd(z.loop, z.stop, end, NULL), 0);
    int64_t now = clock_mono();
    static const char *const who[] = {"viewer", "trusted", "operator", "narrow", "named", "nobody"};
    for (unsigned i = 0; i < sizeof who / sizeof *who; i++)
        logins_begin(&z.people->logins, bytes_text(who[i]), who[i], HASH, now);
    logins_begin(&z.people->logins, bytes_text("late"), "late", HASH, now - LOGIN_LIFE_MS - 1000);
    logins_begin(&z.people->logins, bytes_text("other"), "operator", "another hash", now);
    assert_int_equal(pthread_create(&z.thread, NULL, work, NULL), 0);
}

static void finish(void)
{
    assert_int_equal(write(z.stop, &(uint64_t){1}, 8), 8);
    pthread_join(z.thread, NULL);
    people_stop(z.people);
    http_close(&z.http);
    people_close(&z.people);
    loop_close(&z.loop);
    close(z.stop);
    folder_remove(z.dir);
}

// The key of a login is the person's name in this test; NULL: no cookie.
static int ask(const char *path, const char *key)
{
    char request[512], cookie[128] = "";
    if (key)
        snprintf(cookie, sizeof cookie, "Cookie: %s=%s\r\n", z.people->cookie, key);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Forwarded-For: 127.0.0.1\r\n%s"
             "Connection: close\r\n\r\n",
             path, http_port(z.http), cookie);
    return client_ask(http_port(z.http), request, z.reply, sizeof z.reply);
}

// Who has no login, one that has ended, or one by a secret that is no longer theirs, is nobody.
static void test_nobody(void **state)
{
    (void)state;
    static const char *const keys[] = {NULL, "", "made up", "late", "other", "named", "nobody"};
    begin(ACCESS_DESK, table);
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++) {
        assert_int_equal(ask("/open", keys[i]), 200);
        assert_non_null(strstr(z.reply, "\"by\":\"\""));
        assert_int_equal(ask("/read", keys[i]), 401);
        assert_int_equal(ask("/operate", keys[i]), 401);
        assert_int_equal(ask("/unit?unit=535", keys[i]), 401);
        assert_int_equal(ask("/local", keys[i]), 404);
    }
    finish();
}

// A role is served what its rights cover, all of a route's, and the reply knows who asked.
static void test_roles(void **state)
{
    (void)state;
    begin(ACCESS_DESK, table);
    assert_int_equal(ask("/read", "viewer"), 200);
    assert_non_null(strstr(z.reply, "\"by\":\"viewer\",\"restricted\":0"));
    assert_int_equal(ask("/operate", "viewer"), 403);
    assert_int_equal(ask("/both", "viewer"), 403);
    assert_int_equal(ask("/both", "trusted"), 200);
    assert_non_null(strstr(z.reply, "\"restricted\":1"));
    assert_int_equal(ask("/operate", "trusted"), 403);
    assert_int_equal(ask("/operate", "operator"), 200);
    assert_int_equal(ask("/both", "operator"), 403);
    assert_int_equal(ask("/local", "operator"), 404);
    finish();
}

static size_t rows_of(const char *person)
{
    struct access_book *book;
    size_t n = 0, i;
    const json_t *row;
    assert_int_equal(access_open(&book, z.dir), 0); // as it is on the disk
    json_t *list = access_view(book);
    json_array_foreach(list, i, row)
        n += strcmp(json_string_value(json_object_get(row, "person")), person) == 0;
    json_decref(list);
    access_close(&book);
    return n;
}

// Who may see contests of a restricted kind and reads is on the disk before the answer; where that cannot be written,
// they see what everybody sees. Where the plan has no such kind nobody is written down.
static void test_restricted_reads_are_written(void **state)
{
    (void)state;
    static struct plan plan = {.n_kinds = 2, .restricted = {false, true}}, plain = {.n_kinds = 1};
    char path[128];
    the_plan = &plain;
    begin(ACCESS_DESK, table);
    assert_int_equal(ask("/both", "trusted"), 200);
    assert_int_equal(rows_of("trusted"), 0);
    the_plan = &plan;
    snprintf(path, sizeof path, "%s/%s.new", z.dir, ACCESS_FILE);
    assert_int_equal(mkdir(path, 0700), 0); // where it is written first
    assert_int_equal(ask("/read", "trusted"), 200);
    assert_non_null(strstr(z.reply, "\"restricted\":0"));
    assert_int_equal(ask("/both", "trusted"), 503);
    assert_int_equal(rows_of("trusted"), 0);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(ask("/read", "viewer"), 200);
    assert_int_equal(ask("/read", "trusted"), 200);
    assert_non_null(strstr(z.reply, "\"restricted\":1"));
    assert_int_equal(rows_of("trusted"), 1);
    assert_int_equal(ask("/both", "trusted"), 200);
    assert_int_equal(rows_of("trusted"), 2);
    assert_int_equal(rows_of("viewer"), 0);
    assert_int_equal(ask("/open", "trusted"), 200);
    assert_int_equal(rows_of("trusted"), 2);
    finish();
    the_plan = NULL;
}

// Where the plan does not say that a unit is in the scope, it is not; routes of all units are not for a scope.
static void test_scope(void **state)
{
    (void)state;
    begin(ACCESS_DESK, table);
    assert_int_equal(ask("/unit?unit=535", "operator"), 200);
    assert_int_equal(ask("/unit?unit=535", "narrow"), 403);
    assert_int_equal(ask("/unit", "narrow"), 403);
    assert_int_equal(ask("/read", "narrow"), 403);
    finish();
}

// At a desk where nobody has a secret the page is open as far as the program says; anywhere else it is not.
static void test_access(void **state)
{
    (void)state;
    static const char *const tables[] = {NULL, "id,name\nmai,Mai\n"};
    for (unsigned i = 0; i < 2; i++) {
        begin(ACCESS_DESK, tables[i]);
        assert_int_equal(ask("/read", NULL), 200);
        assert_int_equal(ask("/operate", NULL), 403);
        assert_int_equal(ask("/both", NULL), 403);
        finish();
        begin(ACCESS_LAN, tables[i]);
        assert_int_equal(ask("/read", NULL), 401);
        finish();
        begin(ACCESS_HOSTED, tables[i]);
        assert_int_equal(ask("/read", NULL), 401);
        assert_int_equal(ask("/open", NULL), 200);
        finish();
    }
}

// The table may be written while the program runs: the next request sees it, and a bad one lets nobody in.
static void test_table_changes(void **state)
{
    (void)state;
    begin(ACCESS_DESK, NULL);
    assert_int_equal(ask("/read", NULL), 200);
    write_table(table);
    assert_int_equal(ask("/read", NULL), 401);
    assert_int_equal(ask("/read", "viewer"), 200);
    write_table("id,role\nviewer,boss\n");
    assert_int_equal(ask("/read", NULL), 401);
    assert_int_equal(ask("/read", "viewer"), 401);
    write_table(table);
    assert_int_equal(ask("/read", "viewer"), 200); // thrown out by no slip of the pen
    write_table("id,name\nviewer,V\n");
    assert_int_equal(ask("/operate", "viewer"),
                     403); // nobody has a secret: the desk is open as before
    write_table(table);
    assert_int_equal(ask("/read", "trusted"), 200);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_restricted_reads_are_written),
        cmocka_unit_test(test_scope),
        cmocka_unit_test(test_access),
        cmocka_unit_test(test_table_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

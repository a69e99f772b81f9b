// test_http.c - who gets through to a handler, and what the replies carry.
#include "tests/net/world.h"
#include "common/net/gzip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <curl/curl.h>

static char reply[1 << 16];

static const char *fill(const char *pattern, int port, char *to, size_t cap)
{
    char number[16];
    snprintf(number, sizeof number, "%d", port);
    const char *at = pattern ? strstr(pattern, "PORT") : NULL;
    if (!at)
        return pattern;
    snprintf(to, cap, "%.*s%s%s", (int)(at - pattern), pattern, number, at + 4);
    return to;
}

static int post(const struct world *w, const char *host, const char *origin, const char *site,
                const char *ours)
{
    char request[1024], h[64], o[64];
    int port = http_port(w->http), n = 0;
    n += snprintf(request, sizeof request, "POST /api/say HTTP/1.1\r\nConnection: close\r\n");
    if (host)
        n += snprintf(request + n, sizeof request - (size_t)n, "Host: %s\r\n",
                      fill(host, port, h, sizeof h));
    if (origin)
        n += snprintf(request + n, sizeof request - (size_t)n, "Origin: %s\r\n",
                      fill(origin, port, o, sizeof o));
    if (site)
        n += snprintf(request + n, sizeof request - (size_t)n, "Sec-Fetch-Site: %s\r\n", site);
    if (ours)
        n += snprintf(request + n, sizeof request - (size_t)n, "X-Dantin: %s\r\n", ours);
    snprintf(request + n, sizeof request - (size_t)n, "Content-Length: 3\r\n\r\na=b");
    return client_ask(port, request, reply, sizeof reply);
}

// A POST by TCP reaches a handler only if Host is ours, Origin and Sec-Fetch-Site are ours or
// absent, and our own header is there; no other combination does.
static void test_matrix(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool right;
    } hosts[] = {{"127.0.0.1:PORT", true}, {"localhost:PORT", true},      {"[::1]:PORT", true},
                 {"office.example", true}, {"evil.example", false},       {"127.0.0.1:1", false},
                 {"localhost", false},     {"evil.localhost:PORT", false}},
      origins[] = {{NULL, true},
                   {"same", true},
                   {"null", false},
                   {"http://evil.example", false},
                   {"file://", false}},
      sites[] = {{NULL, true},
                 {"same-origin", true},
                 {"none", true},
                 {"same-site", false},
                 {"cross-site", false}},
      ours[] = {{NULL, false}, {"1", true}, {"2", false}};
    struct world w = {0};
    world_open(&w);
    unsigned right = 0;
    for (size_t h = 0; h < sizeof hosts / sizeof *hosts; h++)
        for (size_t o = 0; o < sizeof origins / sizeof *origins; o++)
            for (size_t s = 0; s < sizeof sites / sizeof *sites; s++)
                for (size_t x = 0; x < sizeof ours / sizeof *ours; x++) {
                    char same[64];
                    const char *origin = origins[o].text;
                    snprintf(same, sizeof same, "http://%s", hosts[h].text);
                    if (origin && strcmp(origin, "same") == 0)
                        origin = same;
                    bool pass = hosts[h].right && origins[o].right && sites[s].right &&
                                ours[x].right;
                    right += pass;
                    int status = post(&w, hosts[h].text, origin, sites[s].text, ours[x].text);
                    if (status != (pass ? 200 : 403))
                        fail_msg("%d for host %s origin %s site %s header %s", status,
                                 hosts[h].text, origin, sites[s].text, ours[x].text);
                }
    assert_int_equal(w.handled, right);
    assert_int_not_equal(post(&w, NULL, NULL, NULL, "1"), 200); // no Host at all
    assert_int_equal(w.handled, right);
    world_close(&w);
}

static int get(const struct world *w, const char *path, const char *more)
{
    char request[1024];
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s\r\n", path,
             http_port(w->http), more);
    return client_ask(http_port(w->http), request, reply, sizeof reply);
}

// A page read under a foreign name that resolves to us is not served.
static void test_rebinding(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    assert_int_equal(get(&w, "/api/say?name=Y%C3%AAn", ""), 200);
    assert_non_null(strstr(reply, "\"name\":\"Yên\""));
    assert_int_equal(
        client_ask(http_port(w.http),
                   "GET /api/say HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
                   reply, sizeof reply),
        403);
    world_close(&w);
}

// Every reply of the API says what a browser may do with it, and that nobody keeps it.
static void test_headers(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    assert_int_equal(get(&w, "/api/say", ""), 200);
    assert_non_null(
        strstr(reply, "Content-Security-Policy: default-src 'none'; script-src 'self';"));
    assert_non_null(strstr(reply, "frame-ancestors 'none'"));
    assert_non_null(strstr(reply, "X-Content-Type-Options: nosniff"));
    assert_non_null(strstr(reply, "Referrer-Policy: no-referrer"));
    assert_non_null(strstr(reply, "Cache-Control: no-store"));
    assert_null(strstr(reply, "Access-Control"));
    assert_int_equal(get(&w, "/api/nothing", ""), 404);
    assert_non_null(strstr(reply, "default-src 'none'"));
    world_close(&w);
}

// A route for the Unix socket only does not exist on TCP; a known path by another method is 405.
static void test_routes(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    assert_int_equal(get(&w, "/api/secret", ""), 404);
    char request[256];
    snprintf(request, sizeof request,
             "POST /api/events HTTP/1.1\r\nHost: localhost:%d\r\nX-Dantin: 1\r\n"
             "Connection: close\r\nContent-Length: 0\r\n\r\n",
             http_port(w.http));
    assert_int_equal(client_ask(http_port(w.http), request, reply, sizeof reply), 405);
    snprintf(request, sizeof request,
             "PUT /api/say HTTP/1.1\r\nHost: localhost:%d\r\nX-Dantin: 1\r\n"
             "Connection: close\r\nContent-Length: 0\r\n\r\n",
             http_port(w.http));
    assert_int_equal(client_ask(http_port(w.http), request, reply, sizeof reply), 405);
    world_close(&w);
}

// What a person can meet is refused in both languages; what only a program does wrong, as it stands.
static void test_refusal(void **state)
{
    (void)state;
    struct http_reply r = {0};
    http_refuse(&r, 503, "no_disk_full");
    assert_int_equal(r.status, 503);
    assert_non_null(strstr(r.body, "\"error\":\"The disk is full"));
    assert_non_null(strstr(r.body, "\"words\":\"Đĩa đã đầy"));
    assert_non_null(strstr(r.body, "\"words_en\":\"The disk is full"));
    http_refuse(&r, 422, "page= is a number from 1 on");
    assert_string_equal(r.body, "{\"error\":\"page= is a number from 1 on\","
                                "\"words\":\"page= is a number from 1 on\","
                                "\"words_en\":\"page= is a number from 1 on\"}");
    http_refuse(&r, 422, "\xff");
    assert_string_equal(r.body, "{\"error\":\"refused\"}");
    free(r.body);
}

static size_t swallow(char *data, size_t size, size_t n, void *ctx)
{
    size_t *at = ctx;
    size_t room = sizeof reply - 1 - *at, got = size * n;
    memcpy(reply + *at, data, got < room ? got : room);
    *at += got < room ? got : room;
    reply[*at] = 0;
    return got;
}

static long upload(const struct world *w, size_t n, bool chunked)
{
    char url[64];
    char *body = malloc(n + 1);
    assert_non_null(body);
    memset(body, 'a', n);
    size_t at = 0;
    CURL *c = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "X-Dantin: 1");
    headers = curl_slist_append(headers, "Expect:");
    if (chunked)
        headers = curl_slist_append(headers, "Transfer-Encoding: chunked");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/api/say", http_port(w->http));
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)n);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &at);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 20L);
    long status = 0;
    curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    free(body);
    return status;
}

// A body of exactly the limit is taken whole; one byte more is refused with 413, announced or not.
static void test_body_limit(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    assert_int_equal(upload(&w, HTTP_BODY_MAX, false), 200);
    assert_non_null(strstr(reply, "\"body\":1048576"));
    assert_int_equal(upload(&w, HTTP_BODY_MAX, true), 200);
    assert_int_equal(upload(&w, HTTP_BODY_MAX + 1, false), 413);
    assert_int_equal(upload(&w, HTTP_BODY_MAX + 1, true), 413);
    assert_int_equal(upload(&w, 3 * HTTP_BODY_MAX, true), 413);
    assert_int_equal(w.handled, 2);
    world_close(&w);
}

// Headers beyond the limit are refused, and the program lives.
static void test_header_limit(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    static char more[HTTP_HEADERS_MAX * 2 + 16];
    memset(more, 'a', sizeof more - 1);
    memcpy(more, "X: ", 3);
    memcpy(more + sizeof more - 3, "\r\n", 2);
    static char request[sizeof more + 256];
    snprintf(request, sizeof request, "GET /api/say HTTP/1.1\r\nHost: localhost\r\n%s\r\n", more);
    int status = client_ask(http_port(w.http), request, reply, sizeof reply);
    assert_true(status == 0 || status == 431 || status == 413);
    assert_int_equal(get(&w, "/api/say", ""), 200);
    world_close(&w);
}

// The port file says where we listen while we do, and is gone afterwards; so is the socket.
static void test_port_file(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    char path[512];
    int port = 0;
    struct stat st;
    snprintf(path, sizeof path, "%s/http.port", w.dir);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%d", &port), 1);
    fclose(f);
    assert_int_equal(port, http_port(w.http));
    snprintf(path, sizeof path, "%s/api.sock", w.dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    world_close(&w);
    assert_int_equal(access(w.dir, F_OK), -1); // world_close could remove the folder
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

// The program's own page wins over the common one; both are served with their types, once per
// content; what is not in the list, above all a path upwards, is not there.
static void test_pages(void **state)
{
    (void)state;
    char base[] = "/tmp/dantin-web-XXXXXX", path[128], etag[128];
    assert_non_null(mkdtemp(base));
    static const char *const folders[] = {"common", "common/web", "node", "node/web"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", base, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    static const char *const files[][2] = {{"common/web/index.html", "common"},
                                           {"common/web/base.css", "b{}"},
                                           {"node/web/index.html", "<p>node"},
                                           {"node/web/notes.md", "not served"}};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", base, files[i][0]);
        write_text(path, files[i][1]);
    }
    setenv("DANTIN_WEB", base, 1);
    struct world w = {0};
    char dir[] = "/tmp/dantin-net-XXXXXX";
    assert_non_null(mkdtemp(dir));
    world_open_in(&w, dir, "node");
    unsetenv("DANTIN_WEB");
    assert_int_equal(get(&w, "/", ""), 200);
    assert_non_null(strstr(reply, "<p>node"));
    assert_non_null(strstr(reply, "text/html; charset=utf-8"));
    assert_int_equal(get(&w, "/base.css", ""), 200);
    assert_non_null(strstr(reply, "text/css"));
    char *tag = strstr(reply, "ETag: ");
    assert_non_null(tag);
    snprintf(etag, sizeof etag, "If-None-Match: %.34s\r\n", tag + 6);
    assert_int_equal(get(&w, "/base.css", etag), 304);
    assert_int_equal(get(&w, "/notes.md", ""), 404);
    assert_int_equal(get(&w, "/../node/web/index.html", ""), 404);
    assert_int_equal(get(&w, "/%2e%2e/etc/passwd", ""), 404);
    world_close(&w);
    for (size_t i = 4; i-- > 0;) {
        snprintf(path, sizeof path, "%s/%s", base, files[i][0]);
        unlink(path);
    }
    for (size_t i = 4; i-- > 0;) {
        snprintf(path, sizeof path, "%s/%s", base, folders[i]);
        assert_int_equal(rmdir(path), 0);
    }
    rmdir(base);
}

// A page goes packed to whom it says so, and to nobody else.
static void test_packed(void **state)
{
    (void)state;
    static const char *const yes[] = {"gzip",         "gzip, deflate, br", "br;q=1.0, GZIP;q=0.8",
                                      "deflate,gzip", " \tgzip ",          "gzip;q=0.001"};
    static const char *const no[] = {
        "",       "br",      "identity",        "gzip;q=0", "gzip; q=0.000",
        "x-gzip", "gzipped", "br, deflate;q=1", "*"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(gzip_taken(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(gzip_taken(no[i]));
    assert_false(gzip_taken(NULL));
}

static unsigned made(const struct world *w, const char *path, const char *more)
{
    assert_int_equal(get(w, path, more), 200);
    const char *n = strstr(reply, "\"made\":");
    return n ? (unsigned)strtoul(n + 7, NULL, 10) : 0;
}

static void set_turn(struct world *w, uint64_t turn, uint64_t may)
{
    pthread_mutex_lock(&w->lock);
    w->turn = turn;
    w->may = may;
    pthread_mutex_unlock(&w->lock);
}

// What may be given again is made once in a turn for each address and each set of rights; a POST, another
// turn, and time end it. A refusal is never kept.
static void test_kept(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    unsigned n = made(&w, "/api/kept?unit=1", "");
    assert_true(made(&w, "/api/kept?unit=2", "") > n);
    n = made(&w, "/api/kept?a=bc", "");
    assert_true(made(&w, "/api/kept?ab=c", "") > n); // no two addresses are one
    set_turn(&w, 1, 7);
    assert_true(made(&w, "/api/kept?unit=2", "") > n + 1); // other rights
    n = made(&w, "/api/kept?unit=3", "");
    set_turn(&w, 2, 7);
    assert_true(made(&w, "/api/kept?unit=3", "") > n); // another turn
    n = made(&w, "/api/kept?unit=3", "");
    assert_int_equal(post(&w, "localhost:PORT", NULL, NULL, "1"), 200);
    assert_true(made(&w, "/api/kept?unit=3", "") > n); // somebody said something
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(get(&w, "/api/kept?bad=1", ""), 404);
        assert_true(strtoul(strstr(reply, "\"made\":") + 7, NULL, 10) > n + 1 + i);
    }
    world_close(&w);
}

// That it is one reply, and not made anew each time, is seen where time does not matter: within one turn
// of the loop many are answered by the first.
static void test_kept_once(void **state)
{
    (void)state;
    struct world w = {0};
    world_open(&w);
    unsigned runs = 0, again = 0;
    for (; runs < 50 && !again; runs++) {
        unsigned n = made(&w, "/api/kept?n=4000", "");
        again = made(&w, "/api/kept?n=4000", "") == n;
    }
    assert_true(again);
    assert_null(strstr(reply, "Content-Encoding"));
    assert_int_equal(get(&w, "/api/kept?n=4000", "Accept-Encoding: gzip\r\n"), 200);
    assert_non_null(strstr(reply, "Content-Encoding: gzip"));
    assert_non_null(strstr(reply, "X-Dantin-Start"));
    assert_non_null(strstr(reply, "no-store"));
    // Long addresses and many of them: answered, and bounded.
    char path[900] = "/api/kept?x=";
    memset(path + strlen(path), 'a', 600);
    assert_int_equal(get(&w, path, ""), 200);
    for (unsigned i = 0; i < 200; i++) {
        snprintf(path, sizeof path, "/api/kept?n=2000&x=%u", i);
        assert_int_equal(get(&w, path, ""), 200);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix),       cmocka_unit_test(test_rebinding),
        cmocka_unit_test(test_headers),      cmocka_unit_test(test_routes),
        cmocka_unit_test(test_refusal),      cmocka_unit_test(test_body_limit),
        cmocka_unit_test(test_header_limit), cmocka_unit_test(test_port_file),
        cmocka_unit_test(test_pages),        cmocka_unit_test(test_packed),
        cmocka_unit_test(test_kept),         cmocka_unit_test(test_kept_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

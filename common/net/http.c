// http.c - the program's HTTP in the loop's one thread: commands by a Unix socket, pages by TCP.
#include "common/net/http.h"
#include "common/net/dispatch.h"
#include "common/net/guard.h"
#include "common/net/kept.h"
#include "common/net/listen.h"
#include "common/net/loop.h"
#include "common/net/sse.h"
#include "common/net/upload.h"
#include "common/net/web.h"
#include "common/base/clock.h"
#include "common/base/savefile.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    RUNS_MAX = 32,           // of MHD in one turn
    SOCKET_CONNECTIONS = 64, // on the Unix socket
    SWEEP_MS = 1000,
};

static const char socket_name[] = "api.sock";
static const char port_name[] = "http.port";

struct listener {
    struct http *http;
    struct MHD_Daemon *daemon;
    int epoll; // MHD's own
    bool local;
};

struct http {
    struct http_setup setup;
    struct listener local, tcp;
    struct guard guard;
    struct web *web;
    struct kept *kept;
    int dir;     // the state directory
    int kick;    // an eventfd: MHD has more to do, in the next turn
    size_t held; // bytes of all bodies
    int64_t swept_at;
};

static const char *header(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static bool has_method(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "POST") == 0;
}

// NULL, or why this request is not looked at.
static const char *check_origin(const struct listener *l, struct MHD_Connection *c,
                                const char *method)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!info)
        return "this connection is not known";
    if (l->local)
        return listen_peer_is_us(info->connect_fd) ? NULL
                                                   : "only for the user this program runs as";
    char address[LISTEN_ADDRESS];
    listen_address(info->connect_fd, address);
    struct guard_headers h = {.method = method,
                              .address = address,
                              .host = header(c, "Host"),
                              .origin = header(c, "Origin"),
                              .site = header(c, "Sec-Fetch-Site"),
                              .ours = header(c, "X-Dantin")};
    return guard_check(&l->http->guard, &h);
}

static void check_start(const struct listener *l, struct MHD_Connection *c, const char *method,
                        struct upload *u)
{
    const char *why = check_origin(l, c, method);
    if (why)
        upload_refuse(u, 403, why);
    if (!has_method(method))
        upload_refuse(u, 405, "GET and POST only");
    const char *length = header(c, "Content-Length");
    if (length && strtoull(length, NULL, 10) > HTTP_BODY_MAX)
        upload_refuse(u, 413, "no_so_much");
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *n_data, void **state)
{
    const struct listener *l = cls;
    struct upload *u = *state;
    (void)version;
    if (!u) {
        u = calloc(1, sizeof *u);
        assert(u);
        *state = u;
        check_start(l, c, method, u);
        return MHD_YES;
    }
    if (*n_data > 0) {
        size_t n = *n_data;
        *n_data = 0;
        return upload_take(u, data, n, &l->http->held) ? MHD_YES : MHD_NO;
    }
    if (u->refused)
        return dispatch_error(c, u->refused, u->why);
    struct http_request q = {.method = strcmp(method, "HEAD") == 0 ? "GET" : method,
                             .path = url,
                             .local = l->local,
                             .body = upload_body(u),
                             .connection = c,
                             .waited = u->waited};
    struct dispatch d = {.setup = &l->http->setup, .web = l->http->web, .kept = l->http->kept};
    enum MHD_Result rc = dispatch_request(&d, &q);
    u->waited = q.waited;
    return rc;
}

static void on_done(void *cls, struct MHD_Connection *c, void **state,
                    enum MHD_RequestTerminationCode why)
{
    const struct listener *l = cls;
    (void)c;
    (void)why;
    struct upload *u = *state;
    if (!u)
        return;
    upload_drop(u, &l->http->held);
    free(u);
    *state = NULL;
}

// In a loop that is not its own MHD does not notice by itself that connections were resumed.
static void kick(void *ctx)
{
    const struct http *h = ctx;
    (void)!write(h->kick, &(uint64_t){1}, sizeof(uint64_t));
}

void http_resume(struct http *h, void *connection)
{
    MHD_resume_connection(connection);
    kick(h);
}

// MHD works on edges: what it left undone does not show on its descriptor.
static void pump(void *ctx)
{
    struct listener *l = ctx;
    MHD_UNSIGNED_LONG_LONG wait = 0;
    for (int i = 0; i < RUNS_MAX; i++) {
        MHD_run(l->daemon);
        if (MHD_get_timeout(l->daemon, &wait) != MHD_YES || wait > 0)
            return;
    }
    kick(l->http);
}

static void pump_all(void *ctx)
{
    struct http *h = ctx;
    uint64_t drop;
    (void)!read(h->kick, &drop, sizeof drop);
    if (h->local.daemon)
        pump(&h->local);
    if (h->tcp.daemon)
        pump(&h->tcp);
}

// Takes the listening socket over, also when it fails.
static int start(struct http *h, struct listener *l, int fd, unsigned connections)
{
    l->http = h;
    l->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, l,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, on_done, l,
        MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HTTP_HEADERS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_TIMEOUT_S,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!l->daemon) {
        close(fd);
        return -EIO;
    }
    l->epoll = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return loop_add_fd(h->setup.loop, l->epoll, pump, l);
}

static void stop(struct http *h, struct listener *l)
{
    if (!l->daemon)
        return;
    loop_remove_fd(h->setup.loop, l->epoll);
    MHD_run(l->daemon);
    MHD_stop_daemon(l->daemon);
    l->daemon = NULL;
}

// Whole, or not there: for whoever started us with port 0. A full disk does not keep the page away.
static int say_port(const struct http *h)
{
    char text[16];
    snprintf(text, sizeof text, "%d\n", h->guard.port);
    int rc = savefile_write(h->setup.dir, port_name, bytes_text(text));
    if (rc != -ENOSPC && rc != -EDQUOT)
        return rc;
    fprintf(stderr, "%s/%s: no space; the page is at port %d\n", h->setup.dir, port_name,
            h->guard.port);
    return unlinkat(h->dir, port_name, 0) == 0 || errno == ENOENT ? 0 : -errno;
}

static int open_local(struct http *h)
{
    int fd = listen_unix(h->dir, socket_name);
    if (fd < 0)
        return fd;
    h->local.local = true;
    return start(h, &h->local, fd, SOCKET_CONNECTIONS);
}

static int open_tcp(struct http *h)
{
    int fd = listen_tcp(h->setup.host, h->setup.port, &h->guard.port);
    if (fd < 0)
        return fd;
    int rc = start(h, &h->tcp, fd, HTTP_CONNECTIONS_MAX);
    return rc < 0 ? rc : say_port(h);
}

static int open_all(struct http *h)
{
    h->dir = open(h->setup.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (h->dir < 0)
        return -errno;
    h->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (h->kick < 0)
        return -errno;
    int rc = loop_add_fd(h->setup.loop, h->kick, pump_all, h);
    if (h->setup.events)
        sse_on_wake(h->setup.events, kick, h);
    if (rc == 0 && h->setup.pages)
        rc = web_open(&h->web, h->setup.pages);
    if (rc == 0)
        rc = open_local(h);
    if (rc == 0 && h->setup.host)
        rc = open_tcp(h);
    return rc;
}

int http_open(struct http **ret_http, const struct http_setup *setup)
{
    struct http *h = calloc(1, sizeof *h);
    assert(h);
    for (size_t i = 0; i < setup->n_routes; i++)
        assert(setup->routes[i].needs != 0); // left out, it would be open to everybody
    h->setup = *setup;
    h->guard.name = setup->name;
    h->dir = h->kick = -1;
    kept_open(&h->kept);
    int rc = open_all(h);
    if (rc < 0) {
        http_close(&h);
        return rc;
    }
    *ret_http = h;
    return 0;
}

void http_close(struct http **http)
{
    struct http *h = *http;
    if (!h)
        return;
    if (h->setup.events) { // MHD must not be stopped while a connection is suspended
        sse_end(h->setup.events);
        sse_on_wake(h->setup.events, NULL, NULL);
    }
    if (h->tcp.daemon)
        unlinkat(h->dir, port_name, 0);
    if (h->local.daemon)
        unlinkat(h->dir, socket_name, 0);
    stop(h, &h->tcp);
    stop(h, &h->local);
    web_close(&h->web);
    kept_close(&h->kept);
    if (h->kick >= 0) {
        loop_remove_fd(h->setup.loop, h->kick);
        close(h->kick);
    }
    if (h->dir >= 0)
        close(h->dir);
    free(h);
    *http = NULL;
}

// Only what has grown old needs the tick: MHD closes what was silent for HTTP_TIMEOUT_S.
void http_tick(struct http *h)
{
    int64_t now = clock_mono();
    if (now - h->swept_at < SWEEP_MS)
        return;
    h->swept_at = now;
    if (h->setup.events)
        sse_tick(h->setup.events, now);
    pump_all(h);
}

int http_port(const struct http *h)
{
    return h->guard.port;
}

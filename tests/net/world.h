// world.h - for the tests of common/net: a loop with HTTP in a thread, and a plain client.
#pragma once
#include "common/net/http.h"
#include "common/net/loop.h"
#include "common/net/sse.h"
#include <fcntl.h>
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct world {
    char dir[400];
    struct loop *loop;
    struct http *http;
    struct sse *events;
    pthread_t thread;
    int stop, go;         // eventfds: end the loop; publish
    pthread_mutex_t lock; // of what follows
    uint64_t turn;        // the next to publish
    unsigned n_publish;   // how many, when `go` is rung
    size_t n_pad;         // bytes in each
    bool skip;            // they are passed over instead
    unsigned handled;     // POSTs that reached the handler
    unsigned made;        // replies to GET /api/kept
    uint64_t may;         // whoever asks has these rights
    unsigned readers;     // after the last tick or publication
};

static inline void world_tick(void *ctx)
{
    struct world *w = ctx;
    http_tick(w->http);
    pthread_mutex_lock(&w->lock);
    w->readers = sse_readers(w->events);
    pthread_mutex_unlock(&w->lock);
}

static inline void world_stop(void *ctx)
{
    loop_stop(((struct world *)ctx)->loop, -ECANCELED);
}

static inline void world_publish(void *ctx)
{
    struct world *w = ctx;
    uint64_t n;
    assert(read(w->go, &n, sizeof n) == sizeof n);
    pthread_mutex_lock(&w->lock);
    char *text = malloc(w->n_pad + 64);
    assert(text);
    for (unsigned i = 0; i < w->n_publish; i++) {
        int at = snprintf(text, 64, "{\"turn\":%u,\"pad\":\"", (unsigned)w->turn);
        memset(text + at, 'x', w->n_pad);
        memcpy(text + at + w->n_pad, "\"}", 3);
        if (w->skip)
            sse_skip(w->events, w->turn++);
        else
            sse_publish(w->events, w->turn++, text);
    }
    free(text);
    w->readers = sse_readers(w->events);
    pthread_mutex_unlock(&w->lock);
}

static inline unsigned world_readers(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    unsigned n = w->readers;
    pthread_mutex_unlock(&w->lock);
    return n;
}

static inline void world_ring(struct world *w, unsigned n, size_t n_pad)
{
    pthread_mutex_lock(&w->lock);
    w->n_publish = n;
    w->n_pad = n_pad;
    pthread_mutex_unlock(&w->lock);
    uint64_t one = 1;
    assert(write(w->go, &one, sizeof one) == sizeof one);
}

static inline void handle_say(void *ctx, const struct http_request *q, struct http_reply *r)
{
    struct world *w = ctx;
    if (strcmp(q->method, "POST") == 0) {
        pthread_mutex_lock(&w->lock);
        w->handled++;
        if (http_query(q, "publish"))
            sse_publish(w->events, w->turn++, "{\"by\":\"handler\"}");
        pthread_mutex_unlock(&w->lock);
    }
    const char *name = http_query(q, "name");
    http_printf(r, "{\"local\":%d,\"body\":%zu,\"name\":\"%s\"}\n", q->local, q->body.n,
                name ? name : "");
}

// A reply that may be given again, as long as ?n= says, with how often one was made.
static inline void handle_kept(void *ctx, const struct http_request *q, struct http_reply *r)
{
    struct world *w = ctx;
    const char *n = http_query(q, "n");
    int pad = n ? atoi(n) : 1;
    pthread_mutex_lock(&w->lock);
    http_printf(r, "{\"made\":%u,\"pad\":\"%0*d\"}", ++w->made, pad, 0);
    pthread_mutex_unlock(&w->lock);
    r->keep = true;
    r->status = http_query(q, "bad") ? 404 : 0;
}

static inline int world_admit(void *ctx, struct http_request *q, unsigned needs,
                              struct http_reply *refusal)
{
    struct world *w = ctx;
    (void)needs;
    (void)refusal;
    pthread_mutex_lock(&w->lock);
    q->may = (unsigned)w->may;
    pthread_mutex_unlock(&w->lock);
    return 0;
}

static inline uint64_t world_turn(void *ctx)
{
    struct world *w = ctx;
    pthread_mutex_lock(&w->lock);
    uint64_t turn = w->turn;
    pthread_mutex_unlock(&w->lock);
    return turn;
}

static inline void handle_events(void *ctx, const struct http_request *q, struct http_reply *r)
{
    (void)ctx;
    (void)q;
    r->stream = true;
}

static inline void *world_run(void *arg)
{
    struct world *w = arg;
    loop_run(w->loop);
    return NULL;
}

static inline void world_open_in(struct world *w, const char *dir, const char *pages)
{
    static const struct http_route routes[] = {
        {"GET", "/api/say", handle_say, HTTP_OPEN},
        {"POST", "/api/say", handle_say, HTTP_OPEN},
        {"GET", "/api/kept", handle_kept, HTTP_OPEN},
        {"GET", "/api/events", handle_events, HTTP_OPEN},
        {"GET", "/api/secret", handle_say, HTTP_LOCAL},
    };
    snprintf(w->dir, sizeof w->dir, "%s", dir);
    pthread_mutex_init(&w->lock, NULL);
    w->turn = 1;
    w->stop = eventfd(0, EFD_CLOEXEC);
    w->go = eventfd(0, EFD_CLOEXEC);
    struct loop_hooks hooks = {.ctx = w, .on_tick = world_tick};
    assert(loop_open(&w->loop, &hooks) == 0);
    assert(sse_open(&w->events) == 0);
    struct http_setup setup = {.loop = w->loop,
                               .dir = w->dir,
                               .host = "127.0.0.1",
                               .name = "office.example",
                               .pages = pages,
                               .routes = routes,
                               .n_routes = sizeof routes / sizeof *routes,
                               .ctx = w,
                               .admit = world_admit,
                               .admit_ctx = w,
                               .turn = world_turn,
                               .turn_ctx = w,
                               .events = w->events};
    assert(http_open(&w->http, &setup) == 0);
    assert(loop_add_fd(w->loop, w->stop, world_stop, w) == 0);
    assert(loop_add_fd(w->loop, w->go, world_publish, w) == 0);
    assert(pthread_create(&w->thread, NULL, world_run, w) == 0);
}

static inline void world_open(struct world *w)
{
    char dir[] = "/tmp/dantin-net-XXXXXX";
    assert(mkdtemp(dir));
    world_open_in(w, dir, NULL);
}

static inline void world_close(struct world *w)
{
    uint64_t one = 1;
    assert(write(w->stop, &one, sizeof one) == sizeof one);
    pthread_join(w->thread, NULL);
    http_close(&w->http);
    sse_close(&w->events);
    loop_close(&w->loop);
    close(w->stop);
    close(w->go);
    rmdir(w->dir); // empty: nothing of ours is left behind
}

static inline int client_connect(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    return fd;
}

static inline void client_send(int fd, const char *text)
{
    for (size_t n = strlen(text), at = 0; at < n;) {
        ssize_t sent = send(fd, text + at, n - at, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += (size_t)sent;
    }
}

// Reads until `end` has come, or the other side has closed. The text is ended by NUL.
static inline size_t client_read(int fd, char *to, size_t cap, const char *end)
{
    size_t n = 0;
    to[0] = 0;
    while (n + 1 < cap && !(end && strstr(to, end))) {
        ssize_t got = recv(fd, to + n, cap - 1 - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        to[n] = 0;
    }
    return n;
}

// One request with a connection of its own; the status, the whole reply in `to`.
static inline int client_ask(int port, const char *request, char *to, size_t cap)
{
    int fd = client_connect(port), status = 0;
    client_send(fd, request);
    client_read(fd, to, cap, NULL);
    close(fd);
    sscanf(to, "HTTP/1.1 %d", &status);
    return status;
}

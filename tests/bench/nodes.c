// nodes.c - the nodes' side of the wire: runs signed beforehand, sent as acknowledgements allow.
//
// A client as short as PROTOCOL.md permits: it greets, says that it holds nothing it could be
// compared by and takes nothing (credit 0), sends the runs of its own log, and counts a run as
// acknowledged when a HAVE names its last record or a later one.
#include "bench.h"
#include "common/base/clock.h"
#include "proto/frame.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { STUCK_MS = 30000, BEAT_MS = 5000, READY_MAX = 256 };

static void *context;
static int
    ready_fd; // which sockets may have something: a poll of thousands costs more than what came

static int64_t now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void *checked(void *at)
{
    if (!at)
        abort();
    return at;
}

static void prepare(struct bench_node *node, unsigned number, const struct load *l)
{
    static uint8_t body[RUN_BYTES_MAX + 256], frame[FRAME_MAX];
    const struct identity *id = &node->id;
    struct log_id log = {.author = id->unit, .about = id->unit, .stream = STREAM_REPORTS};
    uint8_t hash[HASH_SIZE], buffer[512];
    uint64_t n = 0;
    log.incarnation = id->incarnation;
    node->session = clock_random64();
    node->n_runs = (uint32_t)((l->records / l->nodes + l->run_length - 1) / l->run_length);
    node->runs = checked(calloc(node->n_runs, sizeof *node->runs));
    chain_start(id->election, &log, id->key, hash);
    for (uint32_t i = 0; i < node->n_runs; i++) {
        struct run_writer w;
        struct packer p;
        run_begin(&w, body, sizeof body, n, hash);
        for (unsigned k = 0; k < l->run_length; k++) {
            int rc = run_add(&w, bench_statement(number, n + k, l, buffer));
            assert(rc == 0);
        }
        n = w.n;
        memcpy(hash, w.hash, HASH_SIZE);
        pack_init(&p, frame, sizeof frame);
        frame_run(&p, node->session, &log, 1);
        frame_run_item(&p, run_end(&w, id->election, &log, id->secret), bytes_of(NULL, 0));
        node->runs[i] =
            (struct bench_run){.frame = checked(malloc(p.n)), .n = (uint32_t)p.n, .last = n};
        memcpy(node->runs[i].frame, p.at, p.n);
    }
}

void nodes_prepare(struct bench_node *nodes, const struct load *l)
{
    for (unsigned i = 0; i < l->nodes; i++)
        prepare(&nodes[i], i, l);
}

static void send_bytes(struct bench_node *node, const void *at, size_t n)
{
    int rc = zmq_send(node->socket, at, n, ZMQ_DONTWAIT);
    assert(rc >= 0); // queues are not limited here
}

static void say_hello(struct bench_node *node)
{
    uint8_t buffer[512];
    struct packer p;
    struct frame f = {
        .session = node->session, .lowest = PROTOCOL_VERSION, .highest = PROTOCOL_VERSION};
    memcpy(f.election, node->id.election, ELECTION_SIZE);
    f.unit = node->id.unit;
    f.store = f.boot = node->session;
    f.clock = clock_now();
    pack_init(&p, buffer, sizeof buffer);
    frame_hello(&p, &f);
    send_bytes(node, buffer, p.n);
}

static void say_have(struct bench_node *node)
{
    uint8_t buffer[64];
    struct packer p;
    struct frame f = {.session = node->session, .last = true};
    pack_init(&p, buffer, sizeof buffer);
    frame_have(&p, &f, 0);
    send_bytes(node, buffer, p.n);
}

struct tally {       // of the runs acknowledged so far
    int64_t *waited; // ns
    uint64_t n;
    int64_t now;
};

static void heed_have(struct bench_node *node, const struct frame *f, struct tally *t)
{
    struct cursor items = f->items;
    struct have h;
    node->credit = f->credit;
    node->open = node->open || f->last;
    while (frame_next_have(&items, &h)) {
        if (h.log.stream != STREAM_REPORTS || h.log.incarnation != node->id.incarnation)
            continue;
        for (; node->acked < node->sent && node->runs[node->acked].last <= h.n; node->acked++)
            t->waited[t->n++] = t->now - node->runs[node->acked].from;
    }
}

// Everything that has come; -1 when the hub ended the session.
static int heed(struct bench_node *node, struct tally *t)
{
    for (;;) {
        zmq_msg_t m;
        struct frame f;
        const char *why;
        zmq_msg_init(&m);
        if (zmq_msg_recv(&m, node->socket, ZMQ_DONTWAIT) < 0)
            return 0;
        int rc = frame_decode(&f, bytes_of(zmq_msg_data(&m), zmq_msg_size(&m)), &why);
        if (rc == 0 && f.kind == FRAME_HELLO && !node->greeted) {
            node->greeted = true;
            say_have(node);
        }
        if (rc == 0 && f.kind == FRAME_HAVE)
            heed_have(node, &f, t);
        if (rc < 0 || f.kind == FRAME_BYE) {
            struct bytes said = rc < 0 ? bytes_text(why) : f.blob;
            fprintf(stderr, "ingest: %s: the hub ends the session: %.*s\n", node->id.unit.at,
                    (int)said.n, (const char *)said.at);
            rc = -1;
        }
        zmq_msg_close(&m);
        if (rc < 0)
            return -1;
    }
}

static int heed_ready(struct tally *t, int64_t wait_ms)
{
    struct epoll_event ready[READY_MAX];
    int n = epoll_wait(ready_fd, ready, READY_MAX, (int)wait_ms);
    t->now = now_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < n; i++)
        if (heed(ready[i].data.ptr, t) < 0)
            return -1;
    return n < 0 && errno != EINTR ? -1 : 0;
}

// Only a socket that was found empty tells that something came.
static int open_socket(struct bench_node *node, const struct stage *s, struct tally *t)
{
    int none = 0, fd;
    size_t size = sizeof fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = node};
    void *z = node->socket = zmq_socket(context, ZMQ_DEALER);
    if (!z || zmq_setsockopt(z, ZMQ_LINGER, &none, sizeof none) ||
        zmq_setsockopt(z, ZMQ_SNDHWM, &none, sizeof none) ||
        zmq_setsockopt(z, ZMQ_RCVHWM, &none, sizeof none) ||
        zmq_setsockopt(z, ZMQ_CURVE_SERVERKEY, s->top.curve, KEY_SIZE) ||
        zmq_setsockopt(z, ZMQ_CURVE_PUBLICKEY, node->id.curve, KEY_SIZE) ||
        zmq_setsockopt(z, ZMQ_CURVE_SECRETKEY, node->id.curve_secret, KEY_SIZE) ||
        zmq_connect(z, s->address) || zmq_getsockopt(z, ZMQ_FD, &fd, &size) ||
        epoll_ctl(ready_fd, EPOLL_CTL_ADD, fd, &event))
        return -1;
    say_hello(node);
    return heed(node, t);
}

// A session that says nothing is ended: while thousands are let in, the first of them wait longer than that.
static int beat(struct bench_node *nodes, const struct load *l, int64_t *said, struct tally *t)
{
    if (t->now - *said < BEAT_MS * 1000000ll)
        return 0;
    *said = t->now;
    int rc = 0;
    for (unsigned i = 0; i < l->nodes && rc == 0; i++) {
        if (!nodes[i].open)
            continue;
        say_have(&nodes[i]);
        rc = heed(&nodes[i], t);
    }
    return rc;
}

int nodes_connect(struct bench_node *nodes, const struct load *l, const struct stage *s)
{
    struct tally t = {0};
    unsigned open = 0;
    context = checked(zmq_ctx_new());
    ready_fd = epoll_create1(EPOLL_CLOEXEC);
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, (int)l->nodes + 16);
    for (unsigned i = 0; i < l->nodes; i++)
        if (open_socket(&nodes[i], s, &t) < 0) {
            fprintf(stderr, "ingest: %s: %s\n", s->address, zmq_strerror(zmq_errno()));
            return -1;
        }
    int64_t said = now_ns(CLOCK_MONOTONIC), until = said + STUCK_MS * 1000000ll;
    for (; open < l->nodes && t.now < until; open = 0) {
        if (heed_ready(&t, 100) < 0 || beat(nodes, l, &said, &t) < 0)
            return -1;
        while (open < l->nodes && nodes[open].open)
            open++;
        if (open == l->nodes)
            break;
    }
    if (open < l->nodes)
        fprintf(stderr, "ingest: %s was not let in\n", nodes[open].id.unit.at);
    return open < l->nodes ? -1 : 0;
}

// Whatever is sent: what came meanwhile is taken at once, for the library has read its signal already
// and will give no other.
static int give(struct bench_node *node, const struct load *l, struct tally *t)
{
    uint32_t before = node->sent;
    while (node->sent < node->allowed && node->sent - node->acked < l->in_flight &&
           node->sent < node->credit) {
        struct bench_run *r = &node->runs[node->sent++];
        r->from = r->from ? r->from : t->now;
        send_bytes(node, r->frame, r->n);
    }
    return node->sent > before ? heed(node, t) : 0;
}

// Paced: runs fall due one after the other, node by node; ms until the next does.
static int64_t release(struct bench_node *nodes, const struct load *l, int64_t begun, int64_t now)
{
    static uint64_t due;
    uint64_t all = (uint64_t)nodes[0].n_runs * l->nodes;
    for (; due < all; due++) {
        struct bench_node *node = &nodes[due % l->nodes];
        int64_t at = begun + (int64_t)((double)due * l->run_length / l->paced * 1e9);
        if (at > now)
            return (at - now) / 1000000;
        node->runs[node->allowed++].from = at;
    }
    return 100;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double part(const struct tally *t, double of)
{
    return t->n == 0 ? 0 : (double)t->waited[(uint64_t)((double)(t->n - 1) * of)] / 1e6;
}

int nodes_run(struct bench_node *nodes, const struct load *l, const struct stage *s,
              struct figures *ret)
{
    uint64_t all = (uint64_t)nodes[0].n_runs * l->nodes, before = 0;
    struct tally t = {.waited = checked(calloc(all, sizeof *t.waited))};
    double hub = stage_cpu(s);
    int64_t own = now_ns(CLOCK_PROCESS_CPUTIME_ID), begun = now_ns(CLOCK_MONOTONIC), moved = begun,
            said = begun;
    int64_t wait = 1000;
    for (unsigned i = 0; i < l->nodes; i++)
        nodes[i].allowed = l->paced > 0 ? 0 : nodes[i].n_runs;
    t.now = begun;
    while (t.n < all && t.now - moved < STUCK_MS * 1000000ll) {
        if (l->paced > 0)
            wait = release(nodes, l, begun, t.now);
        bool good = true;
        for (unsigned i = 0; i < l->nodes; i++)
            good = give(&nodes[i], l, &t) == 0 && good;
        if (!good || heed_ready(&t, wait) < 0 || beat(nodes, l, &said, &t) < 0)
            break;
        moved = t.n > before ? t.now : moved;
        before = t.n;
    }
    ret->seconds = (double)(t.now - begun) / 1e9;
    ret->hub_cpu = stage_cpu(s) - hub;
    ret->own_cpu = (double)(now_ns(CLOCK_PROCESS_CPUTIME_ID) - own) / 1e9;
    ret->records = t.n * l->run_length;
    qsort(t.waited, t.n, sizeof *t.waited, by_time);
    ret->p50 = part(&t, 0.5);
    ret->p99 = part(&t, 0.99);
    free(t.waited);
    if (t.n < all)
        fprintf(stderr, "ingest: only %llu of %llu runs were acknowledged\n",
                (unsigned long long)t.n, (unsigned long long)all);
    return t.n < all ? -1 : 0;
}

void nodes_close(struct bench_node *nodes, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (nodes[i].socket)
            zmq_close(nodes[i].socket);
        for (uint32_t k = 0; k < nodes[i].n_runs; k++)
            free(nodes[i].runs[k].frame);
        free(nodes[i].runs);
    }
    if (context)
        zmq_ctx_term(context);
    close(ready_fd);
}

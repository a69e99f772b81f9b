// gate.c - the ROUTER end: who knocks, by key, checked on every message; carries bytes.
#include "gate.h"
#include "common/base/clock.h"
#include "common/net/link.h"
#include "common/net/loop.h"
#include "proto/mutant.h"
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { ZAP_ENFORCE_DOMAIN = 93, ZAP_FRAMES = 9, ROUTING_MAX = 8, BUCKETS = 16384 };

struct peer {
    uint8_t routing[ROUTING_MAX];
    uint8_t n_routing;
    uint32_t next; // in its bucket, or in the list of free ones
};

struct waiting { // a message whose key was found good
    uint32_t peer;
    bool knocks;
    struct code unit;
    zmq_msg_t payload;
};

struct gate {
    struct loop *loop;
    struct gate_hooks hooks;
    struct children *children;
    zsock_t *zap, *router;
    unsigned batch;     // messages taken together next time
    struct peer *peers; // 1 .. n_peers; 0 is the parent
    uint32_t n_peers, cap, free_list;
    uint32_t buckets[BUCKETS];
    struct gate_counts counts;
};

static void zap_answer(struct gate *g, zmq_msg_t *frames, const char *status, const char *user)
{
    void *s = zsock_resolve(g->zap);
    zmq_msg_send(&frames[0], s, ZMQ_SNDMORE);
    zmq_send(s, "", 0, ZMQ_SNDMORE);
    zmq_send(s, "1.0", 3, ZMQ_SNDMORE);
    zmq_msg_send(&frames[3], s, ZMQ_SNDMORE);
    zmq_send(s, status, 3, ZMQ_SNDMORE);
    zmq_send(s, "", 0, ZMQ_SNDMORE);
    zmq_send(s, user, strlen(user), ZMQ_SNDMORE);
    zmq_send(s, "", 0, 0);
}

// One handshake: routing id, "", "1.0", request, domain, address, identity, "CURVE", key.
static bool zap_one(struct gate *g)
{
    zmq_msg_t frames[ZAP_FRAMES];
    unsigned n = 0;
    bool more = true, curve = false;
    char user[2 * KEY_SIZE + 1] = "";
    struct code unit;
    for (; more; n++) {
        zmq_msg_t extra, *m = n < ZAP_FRAMES ? &frames[n] : &extra;
        zmq_msg_init(m);
        if (zmq_msg_recv(m, zsock_resolve(g->zap), n == 0 ? ZMQ_DONTWAIT : 0) < 0)
            break;
        more = zmq_msg_more(m);
        if (m == &extra)
            zmq_msg_close(m);
    }
    if (n == 0)
        return false;
    curve = n == ZAP_FRAMES && zmq_msg_size(&frames[7]) == 5 &&
            memcmp(zmq_msg_data(&frames[7]), "CURVE", 5) == 0 &&
            zmq_msg_size(&frames[8]) == KEY_SIZE;
    bool known = curve && children_find(g->children, zmq_msg_data(&frames[8]), &unit) >= 0;
    g->counts.refused_keys += !known;
    if (known)
        sodium_bin2hex(user, sizeof user, zmq_msg_data(&frames[8]), KEY_SIZE);
    if (n >= 4)
        zap_answer(g, frames, known ? "200" : "400", user);
    for (unsigned i = 0; i < n && i < ZAP_FRAMES; i++)
        zmq_msg_close(&frames[i]);
    return true;
}

static void on_zap(void *ctx)
{
    unsigned n = 0;
    while (n++ < GATE_DRAIN && zap_one(ctx))
        ;
}

static uint32_t *bucket(struct gate *g, const uint8_t *routing, size_t n)
{
    return &g->buckets[bytes_hash(bytes_of(routing, n)) % BUCKETS];
}

static uint32_t peer_of(struct gate *g, const uint8_t *routing, size_t n)
{
    if (n == 0 || n > ROUTING_MAX)
        return 0;
    uint32_t *b = bucket(g, routing, n);
    for (uint32_t i = *b; i != 0; i = g->peers[i].next)
        if (g->peers[i].n_routing == n && memcmp(g->peers[i].routing, routing, n) == 0)
            return i;
    uint32_t i = g->free_list;
    if (i != 0) {
        g->free_list = g->peers[i].next;
    } else if (g->n_peers >= GATE_PEERS_MAX) {
        return 0;
    } else {
        if (g->n_peers + 1 >= g->cap) {
            g->cap = g->cap ? g->cap * 2 : 64;
            g->peers = realloc(g->peers, g->cap * sizeof *g->peers);
            if (!g->peers)
                abort();
        }
        i = ++g->n_peers;
    }
    g->peers[i] = (struct peer){.n_routing = (uint8_t)n, .next = *b};
    memcpy(g->peers[i].routing, routing, n);
    *b = i;
    g->counts.peers++;
    return i;
}

void gate_drop(struct gate *g, uint32_t peer)
{
    if (peer == 0 || peer > g->n_peers || g->peers[peer].n_routing == 0)
        return;
    uint32_t *at = bucket(g, g->peers[peer].routing, g->peers[peer].n_routing);
    while (*at != peer && *at != 0)
        at = &g->peers[*at].next;
    if (*at == peer)
        *at = g->peers[peer].next;
    g->peers[peer] = (struct peer){.next = g->free_list};
    g->free_list = peer;
    g->counts.peers--;
}

static void hear(struct gate *g, struct waiting *w)
{
    struct bytes frame = bytes_of(zmq_msg_data(&w->payload), zmq_msg_size(&w->payload));
    if (g->peers[w->peer].n_routing == 0) // dropped for what it said just before
        g->counts.refused_messages++;
    else if (w->knocks)
        g->counts.refused_knocks += !g->hooks.on_knock(g->hooks.ctx, w->peer, &w->unit, frame);
    else
        g->hooks.on_frame(g->hooks.ctx, w->peer, &w->unit, frame);
}

static void hear_all(struct gate *g, struct waiting *batch, unsigned n)
{
    struct bytes frames[GATE_BATCH];
    for (unsigned i = 0; i < n; i++)
        frames[i] = bytes_of(zmq_msg_data(&batch[i].payload), zmq_msg_size(&batch[i].payload));
    if (g->hooks.on_expect)
        g->hooks.on_expect(g->hooks.ctx, frames, n);
    for (unsigned i = 0; i < n; i++)
        hear(g, &batch[i]);
    if (g->hooks.on_expect)
        g->hooks.on_expect(g->hooks.ctx, frames, 0);
    for (unsigned i = 0; i < n; i++)
        zmq_msg_close(&batch[i].payload);
}

// Whether the message is somebody's whose key counts now.
static bool take(struct gate *g, zmq_msg_t *id, struct waiting *w)
{
    uint8_t key[KEY_SIZE];
    int who = -ENOENT;
    const char *user = zmq_msg_gets(&w->payload, "User-Id");
    size_t n = 0;
    w->unit = (struct code){0};
    if (user && sodium_hex2bin(key, sizeof key, user, strlen(user), NULL, &n, NULL) == 0 &&
        n == KEY_SIZE)
        who = children_find(g->children, key, &w->unit);
    if (MUTANT(key_checked_once) && who < 0 && w->unit.n > 0)
        who = 0;
    w->knocks = who == 1;
    w->peer = who < 0 ? 0 : peer_of(g, zmq_msg_data(id), zmq_msg_size(id));
    g->counts.refused_messages += w->peer == 0;
    return w->peer != 0;
}

// A message is the routing id and one payload; more frames are read away and it counts for nothing.
// *ret_kept: the payload is the caller's to close.
static bool one_message(struct gate *g, struct waiting *w, bool *ret_kept)
{
    zmq_msg_t id, extra;
    zmq_msg_init(&id);
    zmq_msg_init(&w->payload);
    bool got = zmq_msg_recv(&id, zsock_resolve(g->router), ZMQ_DONTWAIT) >= 0;
    bool whole = got && zmq_msg_more(&id) &&
                 zmq_msg_recv(&w->payload, zsock_resolve(g->router), 0) >= 0;
    bool more = whole && zmq_msg_more(&w->payload);
    *ret_kept = whole && !more && take(g, &id, w);
    if (got && (!whole || more))
        g->counts.refused_messages++;
    while (more) {
        zmq_msg_init(&extra);
        more = zmq_msg_recv(&extra, zsock_resolve(g->router), 0) >= 0 && zmq_msg_more(&extra);
        zmq_msg_close(&extra);
    }
    zmq_msg_close(&id);
    if (!*ret_kept)
        zmq_msg_close(&w->payload);
    return got;
}

// As many as are there, up to a batch, which is the smaller the longer the last one took. Keys change by
// commands, between turns, and by knocks: a knock ends the batch. False: nothing waits any more.
static bool one_batch(struct gate *g)
{
    struct waiting batch[GATE_BATCH];
    unsigned n = 0;
    bool got = true, kept;
    for (unsigned i = 0; i < g->batch && got && (n == 0 || !batch[n - 1].knocks); i++) {
        got = one_message(g, &batch[n], &kept);
        n += kept;
    }
    int64_t from = clock_mono();
    hear_all(g, batch, n);
    bool quick = clock_mono() - from < GATE_TURN_MS / 8;
    g->batch = quick ? g->batch * 2 : g->batch / 2;
    g->batch = g->batch < 1 ? 1 : g->batch > GATE_BATCH ? GATE_BATCH : g->batch;
    return got;
}

// What waits behind the limits stays with libzmq, which takes from all connections in turn: whoever sends
// much, or what takes long, delays the others by his own share and the pages by one turn.
static void on_router(void *ctx)
{
    struct gate *g = ctx;
    int64_t until = clock_mono() + GATE_TURN_MS;
    bool more = true;
    for (unsigned n = 0; n < GATE_DRAIN && more && clock_mono() < until; n += g->batch) {
        more = one_batch(g);
        loop_arm(g->loop);
    }
}

int gate_open(struct gate **ret, struct loop *loop, const struct gate_hooks *hooks,
              struct children *children)
{
    struct gate *g = calloc(1, sizeof *g);
    if (!g)
        abort();
    *ret = g;
    g->loop = loop;
    g->hooks = *hooks;
    g->children = children;
    g->batch = 1;
    g->zap = zsock_new(ZMQ_ROUTER);
    int rc =
        g->zap && zmq_bind(zsock_resolve(g->zap), "inproc://zeromq.zap.01") == 0 ? 0 : -zmq_errno();
    if (rc == 0)
        rc = socket_set(g->zap, ZMQ_LINGER, 0);
    if (rc == 0)
        rc = loop_add_socket(loop, g->zap, on_zap, g);
    if (rc < 0)
        gate_close(ret);
    return rc;
}

void gate_close(struct gate **gate)
{
    struct gate *g = *gate;
    if (!g)
        return;
    if (g->router) {
        loop_remove_socket(g->loop, g->router);
        zsock_destroy(&g->router);
    }
    if (g->zap) {
        zmq_unbind(zsock_resolve(g->zap), "inproc://zeromq.zap.01"); // the name is free at once
        loop_remove_socket(g->loop, g->zap);
        zsock_destroy(&g->zap);
    }
    free(g->peers);
    free(g);
    *gate = NULL;
}

int gate_option(const struct gate *g, int option)
{
    int value = -1;
    size_t n = sizeof value;
    return zmq_getsockopt(zsock_resolve(g->router), option, &value, &n) == 0 ? value : -1;
}

int64_t gate_max_frame(const struct gate *g)
{
    int64_t value = -1;
    size_t n = sizeof value;
    return zmq_getsockopt(zsock_resolve(g->router), ZMQ_MAXMSGSIZE, &value, &n) == 0 ? value : -1;
}

static int set_up(struct gate *g, const uint8_t *curve_secret)
{
    static const struct {
        int option, value;
    } settings[] = {{ZMQ_ROUTER_MANDATORY, 1}, {ZMQ_ROUTER_HANDOVER, 0}, {ZMQ_RCVHWM, 16},
                    {ZMQ_SNDHWM, 64},          {ZMQ_BACKLOG, 4096},      {ZMQ_HANDSHAKE_IVL, 15000},
                    {ZMQ_CURVE_SERVER, 1},     {ZAP_ENFORCE_DOMAIN, 1}};
    int rc = socket_common(g->router);
    if (rc == 0 && zmq_setsockopt(zsock_resolve(g->router), ZMQ_ZAP_DOMAIN, "dantin", 6) != 0)
        rc = -zmq_errno();
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0] && rc == 0; i++)
        rc = socket_set(g->router, settings[i].option, settings[i].value);
    if (rc == 0)
        rc = socket_set_key(g->router, ZMQ_CURVE_SECRETKEY, curve_secret);
    // Without these CURVE fails open: then nothing listens.
    if (rc == 0 &&
        (gate_option(g, ZAP_ENFORCE_DOMAIN) != 1 || gate_option(g, ZMQ_CURVE_SERVER) != 1))
        rc = -ENOTSUP;
    return rc;
}

int gate_listen(struct gate *g, const char *address, const uint8_t curve_secret[KEY_SIZE],
                int *ret_port)
{
    char endpoint[256];
    size_t n = sizeof endpoint;
    g->router = zsock_new(ZMQ_ROUTER);
    if (!g->router)
        return -ENOMEM;
    int rc = set_up(g, curve_secret);
    snprintf(endpoint, sizeof endpoint, "tcp://%s", address);
    char *any = strrchr(endpoint, ':');
    if (any && strcmp(any, ":0") == 0)
        memcpy(any, ":*", 3);
    if (rc == 0 && zmq_bind(zsock_resolve(g->router), endpoint) != 0)
        rc = -zmq_errno();
    if (rc == 0 && zmq_getsockopt(zsock_resolve(g->router), ZMQ_LAST_ENDPOINT, endpoint, &n) != 0)
        rc = -zmq_errno();
    if (rc == 0) {
        *ret_port = (int)strtol(strrchr(endpoint, ':') + 1, NULL, 10);
        rc = loop_add_socket(g->loop, g->router, on_router, g);
    }
    if (rc < 0)
        zsock_destroy(&g->router);
    return rc;
}

int gate_send(struct gate *g, uint32_t peer, struct bytes frame)
{
    if (!g->router || peer == 0 || peer > g->n_peers || g->peers[peer].n_routing == 0)
        return -EHOSTUNREACH;
    const struct peer *p = &g->peers[peer];
    void *s = zsock_resolve(g->router);
    // The first frame meets a slow or missing peer; after it the second cannot fail half way.
    if (zmq_send(s, p->routing, p->n_routing, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return -zmq_errno();
    return zmq_send(s, frame.at, frame.n, ZMQ_DONTWAIT) >= 0 ? 0 : -zmq_errno();
}

void gate_counts(const struct gate *g, struct gate_counts *ret)
{
    *ret = g->counts;
}

// link.c - the DEALER end: a fresh CURVE socket to the parent whenever one is asked for; carries bytes.
#include "link.h"
#include "loop.h"
#include "proto/frame.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct link {
    struct loop *loop;
    struct link_hooks hooks;
    zsock_t *socket;
    bool up;
};

int socket_set(void *socket, int option, int value)
{
    return zmq_setsockopt(zsock_resolve(socket), option, &value, sizeof value) == 0 ? 0
                                                                                    : -zmq_errno();
}

int socket_set_key(void *socket, int option, const uint8_t key[KEY_SIZE])
{
    return zmq_setsockopt(zsock_resolve(socket), option, key, KEY_SIZE) == 0 ? 0 : -zmq_errno();
}

// Heartbeats of ZMTP stay off: where the other end goes while our input is stopped by its limit, libzmq 4.3.4
// finds the closed socket with its next ping and aborts the program. Beats of the session and TCP see to it.
int socket_common(zsock_t *s)
{
    static const struct {
        int option, value;
    } settings[] = {{ZMQ_LINGER, 0},
                    {ZMQ_HEARTBEAT_IVL, 0},
                    {ZMQ_TCP_MAXRT, 60000},
                    {ZMQ_TCP_KEEPALIVE, 1},
                    {ZMQ_TCP_KEEPALIVE_IDLE, 30},
                    {ZMQ_TCP_KEEPALIVE_INTVL, 10},
                    {ZMQ_TCP_KEEPALIVE_CNT, 3},
                    {ZMQ_IPV6, 0}};
    int rc = 0;
    int64_t most = FRAME_MAX;
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0] && rc == 0; i++)
        rc = socket_set(s, settings[i].option, settings[i].value);
    if (rc == 0 && zmq_setsockopt(zsock_resolve(s), ZMQ_MAXMSGSIZE, &most, sizeof most) != 0)
        rc = -zmq_errno();
    return rc;
}

int link_open(struct link **ret_link, struct loop *loop, const struct link_hooks *hooks)
{
    struct link *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->loop = loop;
    l->hooks = *hooks;
    *ret_link = l;
    return 0;
}

void link_close(struct link **link)
{
    if (!*link)
        return;
    link_drop(*link);
    free(*link);
    *link = NULL;
}

void link_drop(struct link *l)
{
    if (!l->socket)
        return;
    loop_remove_socket(l->loop, l->socket);
    zsock_destroy(&l->socket);
    l->up = false;
}

static void drain(void *ctx)
{
    struct link *l = ctx;
    for (unsigned i = 0; i < LINK_DRAIN && l->socket; i++) {
        zmq_msg_t m;
        zmq_msg_init(&m);
        if (zmq_msg_recv(&m, zsock_resolve(l->socket), ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&m);
            break;
        }
        loop_arm(l->loop);
        if (!zmq_msg_more(&m))
            l->hooks.on_frame(l->hooks.ctx, bytes_of(zmq_msg_data(&m), zmq_msg_size(&m)));
        zmq_msg_close(&m);
    }
    if (l->socket)
        link_look(l);
}

static int set_up(zsock_t *s, const struct way *to, const uint8_t *curve, const uint8_t *secret)
{
    static const struct {
        int option, value;
    } settings[] = {{ZMQ_SNDHWM, 16},           {ZMQ_RCVHWM, 64},
                    {ZMQ_IMMEDIATE, 1},         {ZMQ_RECONNECT_IVL, -1},
                    {ZMQ_HANDSHAKE_IVL, 20000}, {ZMQ_CONNECT_TIMEOUT, 10000}};
    int rc = socket_common(s);
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0] && rc == 0; i++)
        rc = socket_set(s, settings[i].option, settings[i].value);
    if (rc == 0)
        rc = socket_set_key(s, ZMQ_CURVE_SERVERKEY, to->curve);
    if (rc == 0)
        rc = socket_set_key(s, ZMQ_CURVE_PUBLICKEY, curve);
    return rc == 0 ? socket_set_key(s, ZMQ_CURVE_SECRETKEY, secret) : rc;
}

int link_connect(struct link *l, const struct way *to, const uint8_t curve[KEY_SIZE],
                 const uint8_t curve_secret[KEY_SIZE])
{
    char endpoint[ADDRESS_MAX + 16];
    link_drop(l);
    l->socket = zsock_new(ZMQ_DEALER);
    if (!l->socket)
        return -ENOMEM;
    snprintf(endpoint, sizeof endpoint, "tcp://%s", to->address);
    int rc = set_up(l->socket, to, curve, curve_secret);
    if (rc == 0 && zmq_connect(zsock_resolve(l->socket), endpoint) != 0)
        rc = -zmq_errno();
    if (rc == 0)
        rc = loop_add_socket(l->loop, l->socket, drain, l);
    if (rc < 0)
        zsock_destroy(&l->socket);
    return rc;
}

int link_send(struct link *l, struct bytes frame)
{
    if (!l->socket)
        return -ENOTCONN;
    return zmq_send(zsock_resolve(l->socket), frame.at, frame.n, ZMQ_DONTWAIT) >= 0 ? 0
                                                                                    : -zmq_errno();
}

int link_option(const struct link *l, int option)
{
    int value = -1;
    size_t n = sizeof value;
    return l->socket && zmq_getsockopt(zsock_resolve(l->socket), option, &value, &n) == 0 ? value
                                                                                          : -1;
}

void link_look(struct link *l)
{
    bool up = l->socket && (zsock_events(l->socket) & ZMQ_POLLOUT);
    if (up == l->up || !l->socket)
        return;
    // A full pipe also takes POLLOUT away, so a link that is up falls only when nothing can be read
    // either; a peer that is gone is found by the session's deadline at the latest.
    if (!up && (zsock_events(l->socket) & ZMQ_POLLIN))
        return;
    l->up = up;
    if (up)
        l->hooks.on_up(l->hooks.ctx);
    else
        l->hooks.on_down(l->hooks.ctx);
}

// link.h - the DEALER end: a fresh CURVE socket to the parent whenever one is asked for; carries bytes.
//
// Knows no protocol. Only the session reconnects: libzmq's own reconnection is off, because one bad
// answer (a captive portal, a wrong key) would end it for ever. POLLOUT says that the handshake is
// done; it falls at once when the peer is gone. link_look() must be called from the tick.
#pragma once
#include "proto/code.h"
#include <czmq.h>

struct link; // owns a socket, or none
struct loop;

enum { LINK_DRAIN = 512 }; // frames taken in one turn

struct link_hooks {
    void *ctx;
    void (*on_frame)(void *ctx, struct bytes frame); // valid during the call
    void (*on_up)(void *ctx);
    void (*on_down)(void *ctx);
};

int link_open(struct link **ret_link, struct loop *loop, const struct link_hooks *hooks);
void link_close(struct link **link);
// Drops the socket there is, and makes one. -EINVAL: the address is none.
int link_connect(struct link *l, const struct way *to, const uint8_t curve[KEY_SIZE],
                 const uint8_t curve_secret[KEY_SIZE]);
void link_drop(struct link *l);
int link_send(struct link *l, struct bytes frame); // 0, -EAGAIN, -ENOTCONN
void link_look(struct link *l);
int link_option(const struct link *l,
                int option); // read back, for the test of settings; -1: no socket

// Settings of both ends, raw: czmq has no call for some of them, and a call that does nothing for one.
int socket_set(void *socket, int option, int value);
int socket_set_key(void *socket, int option, const uint8_t key[KEY_SIZE]);
int socket_common(zsock_t *s); // before bind or connect

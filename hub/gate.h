// gate.h - the ROUTER end: who knocks, by key, checked on every message; carries bytes.
//
// A ZAP handler in the same loop answers handshakes from the list of children; without it CURVE
// would let anybody in, so it is bound first and option 93 is read back. The User-Id of a payload
// frame is the key in hex: a connection is a peer number, its unit is looked up for each message.
#pragma once
#include "children.h"

struct gate; // owns two sockets
struct loop;

enum { GATE_DRAIN = 512, GATE_TURN_MS = 50, GATE_PEERS_MAX = 20000 }; // of one turn
enum { GATE_BATCH = 32 }; // messages that are looked at together before they are heard one by one

struct gate_hooks {
    void *ctx;
    // Frames that will be heard next, in this order, from where they are now; n 0: they were. May be NULL.
    void (*on_expect)(void *ctx, const struct bytes *frames, unsigned n);
    void (*on_frame)(void *ctx, uint32_t peer, const struct code *unit, struct bytes frame);
    // By a door key. False: refused.
    bool (*on_knock)(void *ctx, uint32_t peer, const struct code *unit, struct bytes frame);
};
struct gate_counts {
    uint64_t refused_keys, refused_messages, refused_knocks, peers;
};

int gate_open(struct gate **ret, struct loop *loop, const struct gate_hooks *hooks,
              struct children *children);
void gate_close(struct gate **gate);
// host:port, port 0 for any; the one really bound is written to ret_port.
int gate_listen(struct gate *g, const char *address, const uint8_t curve_secret[KEY_SIZE],
                int *ret_port);
int gate_send(struct gate *g, uint32_t peer,
              struct bytes frame);             // 0, -EAGAIN slow, -EHOSTUNREACH gone
void gate_drop(struct gate *g, uint32_t peer); // forgotten: what it says is a new peer's
void gate_counts(const struct gate *g, struct gate_counts *ret);
int gate_option(const struct gate *g, int option); // read back, for the test of settings
int64_t gate_max_frame(const struct gate *g);      // bytes; a longer frame ends its connection

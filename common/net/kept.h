// kept.h - replies that many pages ask for after the same event: made once, given to each who may have them.
//
// A handler says `keep` of a reply that depends on nothing but the address, the rights and the scope of who
// asks, and the state. It is given again while the turn is the same, for KEPT_MS at most; whatever is
// posted clears all. Each stands as it is and packed; many connections may be sending the one body.
#pragma once
#include "common/net/http.h"
#include <microhttpd.h>

struct kept; // owns the replies

enum {
    KEPT_MAX = 64,
    KEPT_KEY_MAX = 500,        // a longer address is not kept
    KEPT_BYTES_MAX = 4 << 20,  // nor a longer reply
    KEPT_TOTAL_MAX = 16 << 20, // of all; above it the oldest goes
    KEPT_MS = 1000,
};

void kept_open(struct kept **ret_kept);
void kept_close(struct kept **kept);
// NULL: not here. Borrowed: MHD counts who still sends it.
struct MHD_Response *kept_find(struct kept *k, const struct http_request *q, uint64_t turn,
                               int64_t now);
struct kept_pair {
    struct MHD_Response *plain, *packed; // to be given further headers; packed may be NULL
    struct MHD_Response *answer;         // for who asked
};
// Takes the reply's body over; false: it is not to be kept, and nothing was taken.
bool kept_put(struct kept *k, const struct http_request *q, struct http_reply *reply, uint64_t turn,
              int64_t now, struct kept_pair *ret);
void kept_clear(struct kept *k);

// peer.h - another server that takes the same records: what the load generator asks of its client.
#pragma once
#include "bench.h"
#include <stdbool.h>

struct peer_conn; // one node's connection
struct peer_kind {
    const char *name;
    // Refuses a server that would answer before a record is on its disk, that has records already, or, of PostgreSQL,
    // without TLS. 0 or -1 after saying why.
    int (*check)(const char *where);
    struct peer_conn *(*open)(const char *where, unsigned node,
                              const struct load *l); // NULL: said why
    int (*fd)(struct peer_conn *c);
    // Batch i of the node; 0, or -1 after saying why. It is on its way when flush says so.
    int (*send)(struct peer_conn *c, uint32_t i);
    int (*flush)(struct peer_conn *c);   // 1: more is to be written; 0; -1
    int (*acked)(struct peer_conn *c);   // batches that are durable since it was last asked, or -1
    int64_t (*count)(const char *where); // records that are there
    void (*close)(struct peer_conn *c);
};
extern const struct peer_kind peer_postgres, peer_redis;

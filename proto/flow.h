// flow.h - the logs a store holds, and how far each end of a session is with the ones they share.
//
// A log table is the heads of one store: what is on disk, and what the turn under way will add. A
// flow is one shared log within one session. It says nothing that outlives the session: whoever has
// more gives, and what the other end has is what its HAVE said.
#pragma once
#include "frame.h"

#define LOG_NONE UINT32_MAX

struct log_head {
    struct log_id id;
    uint64_t n, next_n; // committed; and with the runs of the turn under way
    uint8_t hash[HASH_SIZE], next_hash[HASH_SIZE];
    uint8_t rank; // order of sending: 0 plan and own reports, then by depth, see flow_rank_
};

enum { FLOW_RANK_OWN = 0, FLOW_RANK_ABOUT = 1, FLOW_RANK_REPORTS = 7 };

struct log_table { // memory is the caller's; cap is a power of two, slots 2 * cap
    struct log_head *at;
    uint32_t *slots;
    uint32_t n, cap;
};
void logs_init(struct log_table *t, struct log_head *at, uint32_t *slots, uint32_t cap);
uint32_t logs_find(const struct log_table *t, const struct log_id *id); // or LOG_NONE
uint32_t logs_add(struct log_table *t, const struct log_id *id);        // n < cap; not there yet

struct flow {
    uint32_t log;    // in the table
    bool owed;       // a HAVE about it goes out with the next ones
    bool disputed;   // equal numbers, unequal hashes: this end gives its run as proof
    bool forked;     // that was done: nothing more is sent here
    bool untold;     // the caller's: marks of it are still to be passed on
    bool probing;    // what was sent was not kept: one run at a time until it is
    uint64_t peer_n; // what the other end has on disk
    uint8_t peer_hash[HASH_SIZE];
    uint64_t sent_n;   // sent up to here in this session
    uint64_t sent_seq; // which run of the session that was
    uint64_t claimed;  // the most the other end ever said it holds, in this session
    int64_t retry_at;
};

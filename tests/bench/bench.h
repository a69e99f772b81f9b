// bench.h - what the parts of the load generator share: the load, the hub under it, its figures.
#pragma once
#include "common/base/keys.h"
#include <sys/types.h>

enum {
    BENCH_CUTOFFS = 16,  // of the plan
    BENCH_VOTERS = 5000, // of each place
    BENCH_PLACES_MAX =
        400000, // of all nodes; where more statements come, places vote on more contests
};

struct load {
    unsigned nodes, run_length, in_flight;
    uint64_t records;  // of all nodes; rounded up to whole runs for each
    double paced;      // records a second of all nodes; 0: as fast as they are acknowledged
    unsigned places;   // of each node: as many as its records need, one for each ballot and cut-off
    unsigned contests; // of each place
};

struct bench_run { // made before the load begins: a whole RUN frame
    uint8_t *frame;
    uint32_t n;
    uint64_t last; // its last record
    int64_t from;  // ns: when it was due, or sent
};
struct bench_node {
    struct identity id;
    void *socket;
    uint64_t session;
    struct bench_run *runs;
    uint32_t n_runs, allowed, sent, acked; // allowed: may be sent by now
    uint64_t credit, seen;                 // what the hub lets us send; what came of its own
    bool greeted, open;
};
struct figures {
    double seconds, hub_cpu, own_cpu; // s
    double p50, p99;                  // ms
    uint64_t records, peak_kib;
    double start_s, verify_s; // of what was written: until a hub answers again, and is checked
    uint64_t start_kib, disk_bytes; // its memory then; the store's file
};

// stage.c: a hub in a fresh directory, with a plan and its children
struct stage {
    char dir[512], state[600], plan[600], address[64];
    const char *program;
    const char *slow_ms; // each sync takes so much longer, or NULL
    pid_t pid;
    struct identity top;
};
// Each node gets its keys, its unit and the election. 0, or -1 after saying what is wrong.
int stage_begin(struct stage *s, const char *within, const struct load *l,
                struct bench_node *nodes);
int stage_start(struct stage *s);        // again, on what is there; returns when it answers
double stage_cpu(const struct stage *s); // s, of all its threads
uint64_t stage_peak_kib(const struct stage *s);
uint64_t stage_kib(const struct stage *s);  // resident now
uint64_t stage_disk(const struct stage *s); // bytes of the store's file
int stage_stop(struct stage *s);            // asks it to end, and waits
// How many records of the nodes' own logs are on the disk, every chain and signature checked.
int stage_count(const struct stage *s, const char *program, uint64_t *ret_records);
void stage_remove(struct stage *s);

// records.c
void bench_unit(unsigned node, struct code *ret);
void bench_place(unsigned node, unsigned place, struct code *ret);
void bench_contest(unsigned contest, struct code *ret);
// Statement i of a node, encoded: one contest and cut-off after the other, each of all its places.
struct bytes bench_statement(unsigned node, uint64_t i, const struct load *l, uint8_t buffer[512]);

// nodes.c: the nodes' side of the wire
void nodes_prepare(struct bench_node *nodes, const struct load *l);
int nodes_connect(struct bench_node *nodes, const struct load *l, const struct stage *s);
int nodes_run(struct bench_node *nodes, const struct load *l, const struct stage *s,
              struct figures *ret);
void nodes_close(struct bench_node *nodes, unsigned n);

// knock.c: all come back at once after a restart of the hub. Prints; 0, or -1 after saying what is wrong.
int knock(struct bench_node *nodes, const struct load *l, struct stage *s, bool json);

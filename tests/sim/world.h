// world.h - offices in one process under one virtual clock, joined by links that fail from a seed.
//
// A room is one unit at work: its state directory, identity, office, and its link to its parent. A
// killed office is closed without a turn, or goes on without being heard until its call is over.
// Nothing here judges: see oracle.h. Everything is decided by the seed.
#pragma once
#include "common/office/office.h"

enum {
    ROOMS_MAX = 40,
    STATEMENT_BYTES = 1024,
    TICK_MS = 100,       // while something happens, and for a while after it
    IDLE_TICK_MS = 1000, // else
    BUSY_MS = 2000
};
#define ROOM_NONE UINT32_MAX
#define NEVER     INT64_MAX

struct room {
    struct code unit;
    uint32_t parent;    // ROOM_NONE: the top
    bool hub;           // units hang below it, or did
    struct code former; // parent before it moved
    uint32_t moved_in;  // in this version of the plan; 0: it never did
    char dir[160];
    struct identity id;
    uint8_t certificate[CERTIFICATE_MAX];
    size_t n_certificate;
    bool retired;          // its key is: the gate lets nobody in with it
    bool gone;             // the machine is no more, and nobody waits for it
    bool lost;             // its store was lost, mended or is an older one: it may hold less
    bool twin;             // a second machine under the key of another
    bool worked;           // its identity was at work before: where no store is, it was lost
    unsigned failures;     // injected into its disk, that an office may have met
    struct office *office; // NULL: not running
    int64_t starts_at;     // of a room that is not running
    int64_t skew;          // of its wall clock
    uint64_t full_bytes, free_disk, budget;
    int64_t well_at;   // then its disk and its link are as they should be
    int sends_left;    // then its frames go nowhere and it dies; -1: it lives
    uint32_t conn;     // its newest connection to its parent; 0: none
    bool deaf, mute;   // frames from its parent, to its parent, vanish unseen
    uint32_t n_copies; // state directories put aside
};

enum parcel_kind { PARCEL_FRAME, PARCEL_UP, PARCEL_DOWN, PARCEL_GONE };
struct parcel { // on its way through a link
    int64_t at;
    uint64_t order;
    uint32_t conn;
    bool up; // from the child to the parent
    enum parcel_kind kind;
    size_t n;
    uint8_t *bytes;
};
struct conn {
    uint32_t child, parent;
    bool child_open, parent_open, lost; // lost: a frame was
    int64_t last[2]; // when the newest parcel of each direction arrives: order is kept
};

struct statement {        // what a clerk said and was told is recorded, or has not been told yet
    uint32_t room, about; // who said it; of whom
    uint64_t act;
    uint16_t n;
    uint8_t bytes[STATEMENT_BYTES];
    uint8_t kind, which;
    uint32_t ballot_place; // index of place below the unit, for whoever replaces it
    uint64_t in_copies;    // bit i: stands in the room's i-th copy
    uint64_t log, at_n;    // incarnation and number
    bool accepted;         // else its answer was lost: it is said again
    bool excused;          // lost with the only disk that had it, or past a retire line
};

struct world {
    uint64_t seed, rng;
    bool trace, frames; // tells what happens; each frame too
    int64_t now, next_tick, busy_until;
    bool small;                   // a province, a district and a few communes
    uint32_t version, n_shuffles; // of the plan; how often its candidates were numbered anew
    struct room rooms[ROOMS_MAX];
    uint32_t n_rooms;
    bool touched[ROOMS_MAX]; // it may have work, or have to die
    int64_t beat_ms;
    struct conn *conns; // 1 .. n_conns
    uint32_t n_conns, cap_conns;
    struct parcel *parcels;
    uint32_t n_parcels, cap_parcels;
    uint64_t next_order;
    uint32_t loss, delay_ms; // one frame in so many is lost, 0: none; the longest delay
    struct statement *statements;
    uint32_t n_statements, cap_statements;
    struct watch *watch; // what was seen before: see watch.c
    uint8_t election[ELECTION_SIZE];
    char base[96];
    const char *violation; // the first rule that did not hold
    char detail[400];
    uint64_t turns;
    bool never_returned; // a district that is gone for ever
    uint32_t n_twins;
    bool strangers;   // logs whose author's key is vouched for by nobody that their holders know
    bool sets_differ; // at quiet, where they may: after a fork, or a move
    bool loss_told;   // a summary speaks of records that went with the only disk that had them
};

void world_open(struct world *w, uint64_t seed, bool trace);
void world_close(struct world *w);           // and removes its directories
uint64_t draw(struct world *w);              // 64 random bits, never 0
uint32_t below(struct world *w, uint32_t n); // 0 .. n-1
bool chance(struct world *w, uint32_t one_in);
uint32_t world_room(struct world *w, const char *code, uint32_t parent); // parents first
void world_run(struct world *w, int64_t until);
void world_stir(struct world *w); // something happens: its clock ticks finely for a while
struct office_doors world_doors(struct world *w, uint32_t room);
struct moment world_time(const struct world *w, const struct room *r);
void world_note(struct world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void world_violation(struct world *w, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void wire_break(struct world *w, uint32_t room, bool child_told, bool parent_told);

#include "rooms.h"

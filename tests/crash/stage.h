// stage.h - a hub and its node on the crash disks, as their daemons run them, with what they acknowledged.
//
// A clerk says statements at the node and sees them recorded; the hub answers the node by HAVE and MARK.
// Both are kept here, beside the disks, and oracle.c holds the stores against them.
#pragma once
#include "common/office/office.h"

enum { HUB, NODE, DESKS };
enum { STATEMENTS_MAX = 160, HELD_MAX = 24, GROUP_MAX = 120 };

struct statement {           // its act is its place + 1
    unsigned group, n_group; // what was said in one call is kept whole or not at all
    bool seen;               // the clerk saw it recorded
    struct log_id log;       // there, as
    uint64_t at_n;           // this record
    uint16_t n;
    uint8_t bytes[320];
};
struct held { // said by the hub to be on its disk
    struct log_id log;
    uint64_t n;
    uint8_t hash[HASH_SIZE];
};
struct memory { // a value, copied with the disks
    struct statement statements[STATEMENTS_MAX];
    unsigned n_statements, n_groups;
    struct held helds[HELD_MAX];
    unsigned n_helds;
    bool copied; // a backup was said to be made: it holds the statements seen so far
    unsigned n_copied;
    uint64_t line; // beyond it nothing may be said in the node's first log: 0 no line
    int64_t now;
    uint64_t drawn;
};
struct desk {
    struct office *office; // NULL: not at work
    struct identity id;
    struct code unit;
    char dir[16];  // "/crash/N"
    uint32_t peer; // of the node, at the hub
    bool wants_link;
    int failed; // of its last turn: its daemon would stop
};
extern struct desk desks[DESKS];
extern struct memory *memory; // shared with children of this process, as the disks are

void stage_make(void);          // identities and disks, once
int stage_start(unsigned desk); // as a daemon does: a suspect store is mended first
// Ends its process. After -EIO the daemon's mark is left, if the disk takes it.
void stage_stop(unsigned desk, int rc);
void stage_kill(unsigned desk); // ends its process at once: closing changes nothing on its disk
int stage_say(unsigned n);      // the clerk, so many statements in one call
int stage_backup(unsigned desk);
void stage_pass(int64_t ms); // time goes on for both, frames go to and fro
int stage_found(void); // both begin, with a plan, and know each other; the disks are then synced

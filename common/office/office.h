// office.h - one unit at work, without sockets and clock: the only room that commits, and then answers.
//
// Frames, statements and ticks go in with the time; frames to send come out through `send`, after
// the commit. A turn: what has come is decoded, judged and appended as it arrives, in one open
// transaction; office_turn() appends what it calls for (admissions, plan parts, summaries), commits,
// and only then acknowledges, marks and sends. If the commit fails, nothing of that happens: heads
// are the committed ones and the fold is built again from the store. The same code is driven by
// node, hub and simulator.
//
// Peers: 0 is the parent; children are small numbers that the caller gives to connections.
#pragma once
#include "common/base/keys.h"
#include "common/election/fold.h"
#include "common/store/logstore.h"
#include "proto/session.h"

struct office; // owns the store, the plan, the fold and the sessions

enum { OFFICE_PARENT = 0, OFFICE_LOGS_PER_UNIT = 64, OFFICE_SESSIONS_PER_UNIT = 4 };
enum { OFFICE_PROOFS_MAX = 64 }; // runs that are checked ahead

struct moment {
    int64_t mono; // ms, of a clock that never goes back
    int64_t wall; // ms since 1970
};
struct office_doors { // what the office needs of the world; each borrowed for the office's life
    void *ctx;
    int (*send)(void *ctx, uint32_t peer, struct bytes frame); // 0; -EAGAIN: not now; else gone
    void (*connect)(void *ctx, const char *why);               // a fresh link to the parent
    void (*drop)(void *ctx, uint32_t peer, const char *why);   // close the link
    uint64_t (*random)(void *ctx);                             // never 0
    uint64_t (*free_disk)(void *ctx);                          // bytes
    // Begins one(work, 0 .. n - 1), up to OFFICE_PROOFS_MAX of them, in any order and on other threads;
    // n 0: nobody is at any of them now, and those not begun never will be. NULL: nothing is done ahead.
    void (*ahead)(void *ctx, void (*one)(void *work, unsigned i), void *work, unsigned n);
    void (*await)(void *ctx, unsigned i); // returns when one(work, i) is done
};
struct office_setup {
    const char *dir;
    const struct identity *identity;
    struct office_doors doors;
    bool reader;         // only to look: beside a daemon, or without one; nothing may be said
    uint64_t boot;       // drawn at this start
    const char *program; // its version, told to the other ends; a literal, or NULL
    bool later;          // the identity was at work before: where no store is, it was lost
    int64_t beat_ms, deadline_ms, backoff_ms; // 0: the defaults of session.h
    int64_t wait_ms;     // at most so long a start waits for the parent; 0: 10 s
    uint64_t full_bytes; // free space below which intake stops
    uint64_t budget;     // bytes a child may add in a day before it is slowed down; 0: none
};

// -EIO: the store is suspect, see suspect_mend(); -EBUSY ...: as the store says.
int office_open(struct office **ret_office, const struct office_setup *setup, struct moment now);
void office_close(struct office **office);

// Frames that will be heard next, from where their bytes are now: their runs are checked ahead, by all
// threads there are. n 0: forgotten, before the bytes go. Changes nothing else.
void office_expect(struct office *o, const struct bytes *frames, unsigned n);
// A frame from the peer whose key is bound to `unit`.
void office_heard(struct office *o, uint32_t peer, const struct code *unit, struct bytes frame,
                  struct moment now);
void office_link(struct office *o, bool up, struct moment now); // to the parent
void office_tick(struct office *o, struct moment now);
// The end of a turn. 0, -ENOSPC: nothing of it was kept, taking stops; -EIO: stop the program.
int office_turn(struct office *o, struct moment now);
bool office_has_work(const struct office *o); // a turn would commit something

// Own statements, already encoded; stream STREAM_ABOUT with `about`, else own reports. One turn of
// its own: 0 means on disk; -ENOSPC, -EIO: nothing was said. *ret_n: number of the first record; the
// others follow it.
struct own_records {
    const struct bytes *records;
    const struct bytes *texts; // of each its salt || text, or empty; NULL where none has one
    size_t n;
};
int office_say(struct office *o, const struct code *about, const struct own_records *r,
               struct moment now, uint64_t *ret_n);
int64_t office_wait(const struct office *o,
                    struct moment now); // ms before the first entry is taken
void office_no_line(struct office *o);  // the clerk will not wait

// Of a hub. A plan's bytes at the top; -EEXIST: not above the versions known. A child's certificate:
// appended once, the same again is 0; -EAGAIN, -ENOSPC: not now, it will be by itself; -EACCES: its
// key is retired. A unit's key is retired: its logs count up to here.
int office_load_plan(struct office *o, struct bytes plan, struct moment now);
// Every version that was loaded here, also those that are not in force any more, in no order.
int office_each_plan(struct office *o, void (*on_plan)(void *ctx, struct bytes plan), void *ctx);
int office_admit(struct office *o, const struct certificate *c, struct bytes raw,
                 struct moment now);
// The same with the next turn, so that many children are one commit. 0, or -EACCES.
int office_admit_next(struct office *o, const struct certificate *c, struct bytes raw);
// An operator lets a held log of a child count: all that are held, or the one of this incarnation.
// -ENOENT: none is held under a key that was ever admitted.
int office_admit_held(struct office *o, const struct code *unit, uint64_t incarnation,
                      struct bytes by, struct moment now);
int office_retire(struct office *o, const struct code *unit, struct bytes by, struct bytes why,
                  struct moment now);
// Salt and text of a statement of the unit, or about it, are deleted here with this turn, and wherever
// the order comes. -ENOENT: no such statement with a text.
struct erase_order {
    struct code unit;
    uint64_t act;
    struct bytes by, why;
};
int office_erase(struct office *o, const struct erase_order *x, struct moment now);
// Whether the text with this commitment, beside a statement of the unit or about it, is to be gone.
bool office_erased(const struct office *o, const struct code *about, const uint8_t text[HASH_SIZE]);
bool office_seated(const struct office *o,
                   uint32_t peer); // a child's connection that has a session
// Closes the sessions of a unit; its machines are told why.
void office_bye(struct office *o, const struct code *unit, const char *why);
// A run from a file: 0 taken or held already, -ENOKEY author not known, -EBADMSG refused.
int office_import(struct office *o, const struct log_id *log, struct bytes body, struct bytes texts,
                  struct moment now);
int office_backup(struct office *o, const char *path);

// What screens and commands read. All views are valid until the next turn.
struct office_link_state {
    unsigned word; // LINK_ ...
    int64_t since, offset_ms;
    uint64_t backlog;
    unsigned machines; // connected under the unit's keys: two at once are a clone or a replacement
    bool beat; // connected, and has said what follows: clock, backlog, disk, whether it takes
    uint64_t free_disk;
    unsigned taking;     // TAKING ...
    bool plan_current;   // it has the slice that we would give it
    const char *program; // version of a child's program, or NULL: not heard; until the next turn
    const char *why;     // of the last fall, or NULL
};
struct office_counts {
    uint64_t turns, frames_refused, runs_refused, runs_dropped, forks, slowed;
    const char *last_refusal;
};
const struct plan *office_plan(const struct office *o); // NULL: none here yet
const struct fold *office_fold(const struct office *o); // NULL with it
const struct log_table *office_logs(const struct office *o);
const uint8_t *office_log_key(const struct office *o, uint32_t log);
const struct identity *office_identity(const struct office *o);
struct store *office_store(struct office *o);
uint32_t office_own_log(const struct office *o); // LOG_NONE before the first record
unsigned office_taking(const struct office *o);
void office_counts(const struct office *o, struct office_counts *ret);
void office_parent(const struct office *o, struct office_link_state *ret);
bool office_child(const struct office *o, struct bytes unit,
                  struct office_link_state *ret); // false: no child
// A child hub's word about a unit below it.
bool office_word(const struct office *o, struct bytes unit, struct office_link_state *ret);
// How far the tier has the log on disk by its newest mark; 0: no mark. signers[i] of the identity.
uint64_t office_marked(const struct office *o, uint32_t log, unsigned signer, int64_t *ret_at);
bool office_renewed(const struct office *o); // this store began a new incarnation at this start
uint64_t office_turn_number(const struct office *o);
// Units that changed since `turn`: true where the unit or something below it did.
bool office_changed(const struct office *o, uint32_t unit, uint64_t turn);

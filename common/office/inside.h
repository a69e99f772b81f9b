// inside.h - the office's own struct, shared by the files it is made of and by nobody else.
#pragma once
#include "common/election/summary.h"
#include "office.h"

enum {
    OFFICE_WAIT_MS = 10000,
    SUMMARY_PACE_MS = 1000, // between two summaries of one child
    COMING_MS = 120000,  // a summary waits so long for a run of those that a child claims to have
    MARK_PACE_MS = 1000, // between two marks of one log
    PROBE_MS = 5000,     // a full disk is tried again
    SHIP_BYTES = 32 * 1024, // runs put into one frame
    SLOW_MS = 10000,        // a child above its budget: one run in so long
    SLIGHT_MS = 1000        // marks that came are committed with what else is, or after so long
};
#define SEAT_NONE UINT32_MAX

struct book { // what the office knows of a log beside its head
    uint8_t key[KEY_SIZE];
    bool dirty;          // grew in this turn
    struct parts *parts; // of a plan log: of a version that is not whole yet, or NULL
    uint64_t fork_n;     // another run under its key disagrees at this number; 0: none does
    uint32_t lacked;     // entry of the fold that it was last found to lack, or 0
    bool fork_said;
    bool mark_owed;               // our own says less than is on our disk
    bool mark_news;               // a mark of it is to be passed on
    int64_t marked_at, grew_at;   // ms, mono
    uint64_t marked[SIGNERS_MAX]; // by signer: how far its newest mark says
    int64_t marked_wall[SIGNERS_MAX];
    uint8_t *marks[SIGNERS_MAX + 1]; // raw marks: of the signers, then our own; malloc'd
    uint16_t n_marks[SIGNERS_MAX + 1];
};
struct known_key {
    struct code unit,
        by; // whose, and who says so: counts while `by` is this unit, a signer, or its parent
    uint8_t key[KEY_SIZE];
    bool retired;
    bool by_key; // said here under the key that this office has now
};
struct child { // a unit with an admitted key: this office is its parent
    struct code unit;
    uint8_t plan_hash[HASH_SIZE]; // of the last slice said in the plan log
    struct cut summed;            // of the newest summary of it in own reports
    uint64_t summed_n;            // record that holds it; 0: none
    int64_t summed_at;
    bool maybe_changed, plan_due;
    unsigned word, best; // of its link; of its machines at this look
    unsigned machines;   // connected under its keys: more than one is shown
    uint32_t seats;      // the first of its connections, or SEAT_NONE
    int64_t word_since;
    const char *why;
    int64_t day; // of the budget
    uint64_t bytes_today;
    uint32_t
        speakers; // units below it that speak, itself included; 0: not counted under this plan yet
    int64_t slow_until;
};
struct erased { // a text by its commitment; counts while `by` is above the unit
    struct code about, by;
    uint8_t text[HASH_SIZE];
    bool done; // in the runs that were here
};
struct word { // a child hub's beat about a unit below it
    struct code unit;
    unsigned word;
    int64_t since;
};
struct claim { // the other end holds more of this log of reports than we did then
    struct log_id log;
    uint64_t n;
};
struct claims {
    struct claim at[OFFICE_LOGS_PER_UNIT]; // more are passed over
    uint32_t n;
};

struct seat { // a child's connection
    bool used, marks_due;
    bool stirred;         // it may have something to say: it stands in the office's list
    uint32_t peer, child; // child: its place in the office's list, or UINT32_MAX
    uint32_t number,
        next;             // its own among the seats, and the next one of the same unit or SEAT_NONE
    uint32_t shared;      // logs of the table looked at for sharing
    int64_t came_at;      // the last run that was taken, or the start
    struct claims claims; // of a child: of it and those below it; of the parent: of our own logs
    struct session session;
};

struct log_units { // of a log, as numbered in the plan; PLAN_NONE: not of this plan
    uint32_t author, about;
};
struct chains { // see chains.c
    struct chain_link {
        uint32_t hash, older;
    } * links;
    uint32_t *heads;
    uint32_t n, cap;
};
struct log_list { // numbers of logs or seats, each once: the book or seat says that it stands here
    uint32_t *at;
    uint32_t n, cap;
};

struct proof { // of a run that will be heard next: what run_check says of it
    struct run run;
    uint8_t key[KEY_SIZE], hash[HASH_SIZE];
    const char *why;
    int rc;
};

struct due_admit {
    struct code unit;
    uint8_t key[KEY_SIZE], certificate[CERTIFICATE_MAX];
    uint64_t incarnation;
    uint16_t n;
};

struct parts { // plan parts as they come, in one log
    uint32_t version, count, next;
    uint8_t hash[HASH_SIZE];
    uint8_t *bytes;
    size_t n, cap;
};

struct office {
    struct office_setup setup;
    struct identity id;
    char dir[4096];
    struct store *store;
    uint64_t store_id;
    // logs
    struct log_table logs;
    struct book *books;
    struct log_units *log_units;        // by log
    struct chains log_chains;           // by author
    struct log_list dirty, owing, news; // whose book is dirty, owes a mark, has news
    uint32_t own_log; // reports of this incarnation, LOG_NONE before its first record
    uint64_t incarnation;
    uint32_t n_rows, next_rows; // logs that have their row: committed, and with the turn under way
    bool renewed, copies_due, unsaved; // unsaved: the incarnation is not in the store yet
    uint64_t forked; // incarnation of own reports of which a tier above has another branch; 0: none
    struct known_key *keys;
    uint32_t n_keys, cap_keys;
    struct chains key_chains; // by unit
    struct erased *erased;
    uint32_t n_erased, cap_erased;
    bool erase_due;
    // plan and fold
    struct plan *plan;
    void *plan_block, *fold_block;
    struct parts parts; // the newest version that is whole
    struct fold fold;
    uint64_t *changed_at; // by unit: turn of its last change
    // links
    struct seat up;
    struct seat **seats;
    uint32_t *seat_of; // by peer: seat + 1
    uint32_t n_seats, cap_seats, cap_peers;
    uint32_t strange_seats;  // the first seat of a unit that is no child yet, or SEAT_NONE
    struct log_list stirred; // seats, in the order in which something happened to them
    struct child *children;
    uint32_t n_children, cap_children;
    struct chains child_chains; // by unit
    struct word *words;
    uint32_t n_words, cap_words;
    uint32_t next_word; // child whose word comes first in the next beat
    unsigned up_word;
    int64_t up_since;
    const char *up_why;
    struct proof proofs[OFFICE_PROOFS_MAX];
    unsigned n_proofs;
    // the turn
    bool open; // a transaction is
    bool
        slight; // it holds marks only: they come again if they are lost, and wait for what else is to be committed
    int64_t slight_until;
    bool plan_grew;
    uint32_t n_looked, n_ungranted; // logs looked at for admission, and those that had none then
    unsigned taking;
    int failed; // of a store call within the turn
    int64_t probe_at, opened_at, compare_at;
    int64_t wake_at; // when something that was put off is due: a turn is called for then
    bool no_line, heard_parent;
    struct due_admit *admits; // asked for when nothing could be said yet
    uint32_t n_admits, cap_admits;
    uint64_t turn;
    struct office_counts counts;
    bool work;
};

// chains.c: the caller compares the names, which other members of a hash may not share
enum { CHAIN_END = UINT32_MAX };
void chains_add(struct chains *c, uint32_t hash); // of member n, in the order of the array
uint32_t chains_first(const struct chains *c, uint32_t hash); // the newest of this hash
uint32_t chains_next(const struct chains *c, uint32_t i);     // an older one of the same
void chains_clear(struct chains *c);
void chains_free(struct chains *c);

// keyring.c: whose keys are known, and who says so
struct known_key *keyring_learn(struct office *o, const struct code *unit, const uint8_t *key,
                                const struct code *by);
void keyring_retire(struct office *o, const struct code *unit, const uint8_t *key,
                    const struct code *by);
void keyring_forget(struct office *o);
uint32_t keyring_first(const struct office *o, struct bytes unit); // all that is said of its keys,
uint32_t keyring_next(const struct office *o, uint32_t i);         // until CHAIN_END
// `by` is this unit, signs above it, or is the unit's parent, present or former.
bool keyring_above(const struct office *o, const struct code *by, const struct code *unit);
bool keyring_knows(const struct office *o, const struct code *unit,
                   const uint8_t *key); // or did, before it was retired
bool keyring_good(const struct office *o, struct bytes unit, const uint8_t *key);
// The key under which the log's first run begins, or NULL.
const uint8_t *keyring_for(const struct office *o, const struct log_id *id, const uint8_t *prev);

// books.c: the table of logs, own records
uint32_t book_log(struct office *o, const struct log_id *id,
                  const uint8_t key[KEY_SIZE]); // adds where new
void list_add(struct log_list *l, uint32_t log);
int book_begin(struct office *o);                           // opens the turn's transaction
int book_begin_slight(struct office *o, struct moment now); // for what may wait: marks
// Puts a checked run behind the tentative head, and folds it. hash: h(n).
int book_append(struct office *o, uint32_t log, const struct run *run, const uint8_t *hash,
                struct moment now);
// Appends own records as runs to one of this office's logs; *ret_n the first one's number.
int book_say(struct office *o, uint32_t log, const struct own_records *r, struct moment now,
             uint64_t *ret_n);
uint32_t book_own(struct office *o, unsigned stream,
                  const struct code *about);                           // own log, made when new
bool book_is_current(const struct office *o, const struct log_id *id); // own, of this incarnation
void book_renew(struct office *o); // another incarnation: own logs are begun anew, with copies
// This store did not begin where its identity did: its reports repeat what the older ones hold.
bool book_is_later(const struct office *o);
int book_heads(struct office *o);  // writes the heads of the turn
void book_ranks(struct office *o); // a plan came: orders of sending, and what is shared with whom

// folding.c: plan and fold
int folding_rebuild(struct office *o); // both from the store
void folding_record(struct office *o, uint32_t log, uint64_t n, struct bytes record);
void folding_part(struct office *o, uint32_t log, const struct record *r);
void folding_forget_parts(struct office *o, uint32_t log);
int folding_adopt(struct office *o); // a plan whose parts are all here, if it is newer
bool folding_is_own_plan(const struct office *o, const struct log_id *id);
void folding_touch(struct office *o, uint32_t unit);

// erasing.c: texts that are to go
void erasing_learn(struct office *o, const struct log_id *log, const struct record *r);
void erasing_forget(struct office *o); // what is learned again from the store
// What may be kept of a run's texts; a view until the next call.
struct bytes erasing_left(const struct office *o, const struct code *about, struct bytes texts);
int erasing_do(struct office *o); // in the turn: takes them out of the runs that are here

// says.c: one record of this office, in a turn of its own
int says_record(struct office *o, const struct code *about, const struct record *r,
                struct moment now);

// proofs.c: run_check, of what was done ahead; the run is still where it was then
int proofs_check(const struct office *o, const struct run *r, const uint8_t key[KEY_SIZE],
                 uint8_t ret_hash[HASH_SIZE], const char **ret_why);

// receive.c: what comes in
void receive_runs(struct office *o, struct seat *seat, const struct frame *f, struct moment now);
enum took receive_run(struct office *o, const struct log_id *id, struct bytes body,
                      struct bytes texts, struct moment now);
void receive_marks(struct office *o, const struct frame *f, struct moment now);
// A tier that has another branch of the log speaks of other records: nothing here is ticked by its word.
bool receive_is_held(const struct office *o, uint32_t log, const struct mark *m);
void receive_claims(struct office *o, struct seat *seat, const struct frame *f); // of a HAVE
bool receive_coming(const struct office *o,
                    const struct seat *seat); // less is here than it claimed
void receive_links(struct office *o, const struct seat *seat, const struct frame *f);

// duties.c: what a turn calls for beside what came: admissions, copies, plan slices, summaries
int duties_do(struct office *o, struct moment now);
struct record duties_blank(const struct office *o, enum kind kind, struct bytes subject,
                           struct moment now);
int duties_say(struct office *o, uint32_t log, const struct record *r, struct moment now,
               uint64_t *ret_n);
size_t duties_certificate(const struct office *o, uint32_t log, uint8_t raw[CERTIFICATE_MAX]);
// A child of ours, whose key counts by our word under the key we have: a unit that moved here is known by
// its former parent's word alone, and after our keys were lost children do not take what the old one said.
bool duties_admitted(struct office *o, const struct code *unit, const uint8_t *key);
bool duties_admits(struct office *o, const struct due_admit *a); // is still to be said
struct child *duties_child(const struct office *o,
                           const struct code *unit); // NULL: is none of ours
struct child *duties_new_child(struct office *o,
                               const struct code *unit); // or the one that is there

// seats.c: who is connected
void seats_look(struct office *o, struct moment now);
// The unit's connections, one after the other: NULL is before the first and after the last.
struct seat *seats_of(const struct office *o, const struct code *unit, const struct seat *before);
void seats_adopt(struct office *o, struct child *c); // those that came before it was a child

// alarms.c: what a hub must say of its children that they do not say themselves
int alarms_say(struct office *o, struct moment now);

// compare.c: summaries against evidence that is beyond their cut
int compare_due(struct office *o, struct moment now);

// answers.c: what goes out after the commit
struct session_env answers_env(const struct office *o, struct moment now);
void answers_share(struct office *o, struct seat *seat);
void answers_share_log(struct seat *seat, uint32_t log); // this one, if it is not yet
void answers_stir(struct office *o, struct seat *seat);  // the end of this turn looks at it
void answers_stir_all(struct office *o);
void answers_flush(struct office *o, struct moment now);
void answers_wake(struct office *o, int64_t at); // not later than this
void answers_act(struct office *o, struct seat *seat, struct session_action action);
// A log grew from `before`: marks that were ahead of it are compared now.
void answers_compare_marks(struct office *o, uint32_t log, uint64_t before);
void answers_mark(struct office *o, uint32_t log, const struct mark *m, unsigned slot);
// Both abort without memory.
void *grown(void *at, uint32_t n, uint32_t *cap, size_t size); // room for one more
void *aligned_block(size_t n);                                 // for a fold or a plan

#ifdef DANTIN_MUTANTS                                                // tests/mutants/lies.c
bool lies_run(struct office *o, uint32_t log, struct stored_run *r); // false: it is kept back
#else
#define lies_run(o, log, r) true
#endif

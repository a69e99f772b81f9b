// fold.h - the pure function from the set of statements held, and the plan, to state.
//
// State depends on which statements are in force and on the plan, on nothing else: not on arrival,
// not on the log a statement came in, not on a clock, not on the tier. fold_apply() is its
// incremental form. The fold is two things in one block: cells, sized by the plan, values only; and
// an index of statements by act with named limits. Whoever owns it gives a larger block when a limit
// is near (fold_room, fold_move). A statement is never removed; it may cease to be in force.
//
// A *name* is an act among those about one unit. It has the entries that bear it (one, or several in
// conflict) and the references to it, of which any may come before the entry. A *slot* is (subject,
// contest, kind, which); its entries in force that no entry in force replaces are its candidates.
#pragma once
#include "check.h"
#include "proto/flow.h"

#define ENTRY_NONE UINT32_MAX

struct fold_limits {
    uint32_t logs, entries, refs, occurrences;
    size_t bytes;  // of records kept
    uint64_t salt; // drawn: where a name stands in the index is nobody's to choose
};

struct fold_log {
    struct code author;
    uint32_t home; // the unit it is about, or PLAN_NONE: not of this plan
    unsigned stream;
    uint64_t incarnation;
    bool speaks;    // its author may speak of its home
    bool by_parent; // its author is not the unit itself
    bool said;      // it has records that could be read
    uint32_t grant; // of a reports log, or ENTRY_NONE
    uint32_t next;  // the next log about the same unit, or LOG_NONE
    uint64_t held;  // records folded
};
struct fold_grant { // what `admit` and `retire` say of a reports log, before or after it is here
    uint64_t incarnation;
    uint32_t home;
    bool admitted;
    uint32_t next;  // the next grant of the same unit, or ENTRY_NONE
    uint64_t until; // the retire line; UINT64_MAX: none
};
struct fold_home { // by unit: the first log about it, and grant to it
    uint32_t log, grant;
};
struct fold_name {
    uint64_t act;
    uint32_t home, first_entry, first_ref, next; // next: in its bucket
};
struct fold_entry {
    uint32_t name, next_of_name;
    uint32_t slot, next_of_slot;
    uint32_t log, unit, ballot; // first log it stood in; subject, and its ballot or PLAN_NONE
    uint32_t occurrences;       // list of where it stands
    uint32_t reasons;           // by itself; of an entry in a slot, see the cell for what holds now
    uint64_t at;                // its bytes in the arena
    uint32_t n, body;           // their number; where the part of its kind begins: its content
    uint8_t kind;
    bool in_force, by_parent, counted;
};
struct fold_ref {
    uint32_t from, next_of_name;
    bool verdict; // else: replaces
};
struct fold_occurrence {
    uint32_t log, next;
    uint64_t n;
};
struct fold_slot {
    uint64_t key;
    uint32_t first_entry, next;
    uint32_t chosen;  // the entry whose content is the value, or ENTRY_NONE
    uint32_t reasons; // by itself; of a ballot's slot, the cell says what holds now
    uint32_t waived;
    int64_t at;       // the earliest that its value was said of
    bool typed;       // and that was no time of its own
    uint32_t stirred; // the last stir in which it was weighed
    uint8_t state;
};

enum { CUT_MAX = 32 }; // logs that one summary may speak of
// Far above what an honest unit needs: statements under one act, those that replace it, candidates of a slot
// that differ (more are a conflict that no verdict decides).
enum { UNREADABLE_SHOWN = 32 }; // that are named; all are counted
enum { NAMESAKES_MAX = 64, NAMED_MAX = 256, CANDIDATES_MAX = 64 };
static inline unsigned slot_kind(const struct fold_slot *s)
{
    return (unsigned)(s->key >> 56);
}
static inline unsigned
slot_which(const struct fold_slot *s) // step, cut-off, number; 1 where there is one
{
    return (unsigned)(s->key >> 32 & 0xffffff);
}

struct fold_told {  // the newest summary of a unit, by its parent
    uint32_t entry; // its record, or ENTRY_NONE
    uint32_t plan;  // version it was made under
    unsigned n_cut;
    struct have cut[CUT_MAX];
    uint32_t cut_log[CUT_MAX]; // as numbered here, or LOG_NONE: not here yet
    bool used;                 // its sums count: the evidence has not reached its cut
    bool compared, unequal;    // at its cut, against the evidence
};

struct fold {
    const struct plan *plan;
    struct fold_limits limits;
    // cells: sized by the plan
    struct cell *cells;            // by ballot
    struct turnout_cell *turnouts; // by ballot and cut-off
    uint32_t *votes;               // by plan_ballot.first_vote
    bool *bags;      // by ballot: it has slots of statements that each stand, which few have
    uint32_t *inner; // by unit: its row in the sums, or PLAN_NONE for a place
    uint32_t n_inner;
    int64_t *own, *told_sums; // by row, kind and sum: what stands below; what was told
    int64_t *contest_sums;    // by contest, at contest_at
    uint32_t *contest_at;
    struct fold_told *told; // by row
    // index
    struct fold_log *logs;
    struct fold_grant *grants;
    struct fold_home *homes;
    struct fold_name *names;
    struct fold_entry *entries;
    struct fold_ref *refs;
    struct fold_occurrence *occurrences;
    struct fold_slot *slots;
    uint32_t *name_buckets, *slot_buckets;
    uint32_t bucket_mask;
    uint8_t *arena;
    uint32_t n_logs, n_grants, n_names, n_entries, n_refs, n_occurrences, n_slots;
    size_t n_bytes;
    uint32_t stirs; // changes of what is in force, so that a slot is weighed once in each
    uint32_t hand;  // the entry that is being applied, or ENTRY_NONE
    const struct record *hand_record; // and its record, so that it is decoded once
    struct fold_position {
        uint32_t log;
        uint64_t n;
    } odd[UNREADABLE_SHOWN]; // where the first unreadable records stand
    uint32_t n_odd;
    uint64_t unreadable; // records that no reader here understands: kept, counted, passed over
    uint32_t n_unequal;  // units of which a summary and the evidence at its cut differ
    uint64_t changes;    // grows with each change of a value
};

// The new log, or grant, stands first in the list of its unit.
static inline void fold_home_log(struct fold *f, uint32_t log)
{
    uint32_t home = f->logs[log].home;
    f->logs[log].next = home == PLAN_NONE ? LOG_NONE : f->homes[home].log;
    if (home != PLAN_NONE)
        f->homes[home].log = log;
}

static inline void fold_home_grant(struct fold *f, uint32_t grant)
{
    uint32_t *first = &f->homes[f->grants[grant].home].grant;
    f->grants[grant].next = *first;
    *first = grant;
}

// Where a name, and a slot, is looked for; see foldblock.c.
static inline uint32_t name_bucket(const struct fold *f, uint32_t home, uint64_t act)
{
    uint64_t key = (act ^ f->limits.salt) * 0x9e3779b97f4a7c15u + home;
    key = (key ^ key >> 29) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(key >> 32) & f->bucket_mask;
}

static inline uint64_t fold_slot_key(unsigned kind, unsigned which, uint32_t subject)
{
    return (uint64_t)kind << 56 | (uint64_t)which << 32 | subject;
}

static inline uint32_t slot_bucket(const struct fold *f, uint64_t key)
{
    key *= 0x9e3779b97f4a7c15u;
    return (uint32_t)(key >> 40) & f->bucket_mask;
}

size_t fold_size(const struct plan *p, const struct fold_limits *limits);
void fold_init(struct fold *f, void *block, const struct plan *p, const struct fold_limits *limits);
// False: before the next record of up to RECORD_MAX bytes a larger block is needed.
bool fold_room(const struct fold *f);
void fold_move(struct fold *to, void *block, const struct fold_limits *limits,
               const struct fold *from);

// Logs are numbered by the caller, ascending from 0, as in its table; limits.logs is enough.
void fold_log(struct fold *f, uint32_t log, const struct log_id *id);
// Before a run is applied, and before it is kept: its place in memory is fetched. True: an act of a record has more
// namesakes, or what it replaces is named more often, than is taken.
bool fold_ahead(const struct fold *f, const struct run *run);
// Record n of the log. Never refuses: what cannot be read or believed is kept and passed over.
void fold_apply(struct fold *f, uint32_t log, uint64_t n, struct bytes record);
// After the last record of a run: what was told of the log's unit is weighed anew.
void fold_held(struct fold *f, uint32_t log, uint64_t n);

bool fold_admitted(const struct fold *f,
                   uint32_t log); // counts: about logs that speak, admitted reports
// Reasons in the way of an entry now: 0 where it counts. Conflicts have no bit; see the slot's state.
uint32_t fold_entry_reasons(const struct fold *f, uint32_t entry, enum fact_state *ret_state);
struct bytes fold_bytes(const struct fold *f, uint32_t entry);
uint32_t fold_find(const struct fold *f, uint32_t home, uint64_t act); // an entry of that name
// The entry with these very bytes by this author, or ENTRY_NONE.
uint32_t fold_same(const struct fold *f, uint32_t home, const struct code *author, uint64_t act,
                   struct bytes record);
bool fold_replaced(const struct fold *f, uint32_t entry);
// Which of several facts of its kind a statement speaks of (step, cut-off, number); 0: it has no slot.
unsigned fold_which(const struct record *r);
// Interruptions, resumptions and changes of the list: each stands until one replaces it.
bool fold_each_stands(unsigned kind, unsigned which);
// The slot of a ballot, or of a unit where the kind is not of a ballot; ENTRY_NONE: nothing was said.
uint32_t fold_slot_of(const struct fold *f, unsigned kind, unsigned which, uint32_t subject);
bool fold_of_a_ballot(unsigned kind); // it speaks of a place's contest

// For a unit that is not a place: sums of one kind, told or proven as decided now.
const int64_t *fold_sums(const struct fold *f, uint32_t unit, unsigned kind);
const int64_t *fold_contest(const struct fold *f, uint32_t contest);

// slot.c
void slot_weigh(struct fold *f, uint32_t slot);        // decides the slot anew from its entries
void slot_weigh_loose(struct fold *f, uint32_t entry); // an entry without a slot
// sums.c
// Around a change of a ballot's cell: its share then, and what it adds to all above it since.
void sums_before(struct fold *f, uint32_t ballot, int64_t ret_share[SUMS_MAX]);
void sums_after(struct fold *f, uint32_t ballot, const int64_t before[SUMS_MAX]);
void sums_incident(struct fold *f, uint32_t entry, const struct record *r, int sign);
void sums_summary(struct fold *f, uint32_t entry,
                  const struct record *r); // came into force or left it
// Something of it or below it is only told: that is no evidence to hold a summary against.
bool sums_only_told(const struct fold *f, uint32_t unit);
void sums_compared(struct fold *f, uint32_t unit,
                   bool equal);                // a summary was held against the evidence at its cut
void sums_held(struct fold *f, uint32_t unit); // logs of the unit grew

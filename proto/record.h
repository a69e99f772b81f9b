// record.h - the shape of each kind of record: one table for bytes, ranges, names and who may say it.
//
//   record = [act, kind, at, entered, by, how, behalf, plan, [*replaces], why, subject, contest, body]
//   body   = [?mask, field..., ?list]     in the order of the kind's row in record_specs
//
//   act       a random number, drawn when the form is opened, that names the statement in its unit
//   at        the time it speaks of; entered: when it was typed (milliseconds since 1970, both claims)
//   by        id of the person who entered it; how: through what; behalf: who gave it by telephone
//   plan      version of the plan in force where it was entered
//   replaces  acts of statements that this one takes the place of; why: in words
//   subject   the unit or place it speaks of; contest: which vote there, or empty
//   mask      bit i is set where the i-th *optional* number is stated; one not stated is 0 and must be
//   list      of a tally: key, number, key, number ... with keys ascending, a key being
//             column * 2^32 + candidate; columns: votes, votes against, percent as written in
//             hundredths; of a verdict: the acts it saw
//
// This file looks at one record's bytes and at nothing else. What a record does is common/election.
#pragma once
#include "pack.h"

enum {
    CODE_MAX = 80,         // bytes of the code of a unit, place or contest
    PERSON_MAX = 64,       // of a person's id, and of "on whose behalf"
    WHY_MAX = 400,         // of a reason
    REPLACES_MAX = 32,     // statements that one statement replaces
    LIST_MAX = 1536,       // numbers in a record's list: three columns of 256 candidates
    FIELDS_MAX = 20,       // fields of one kind
    BULLETIN_MAX = 8000,   // bytes of a released bulletin, and of the positions it rests on
    SUMMARY_MAX = 16384,   // bytes of a summary's content
    PART_MAX = 8192,       // of one part of a plan
    ATTACHMENT_MAX = 4096, // of a text that travels beside its record
    SALT_SIZE = 32,
    RECORD_MAX = SUMMARY_MAX + 2048
};

enum kind {
    KIND_STEP = 1,
    KIND_TURNOUT = 2,
    KIND_LIST_CHANGE = 3,
    KIND_TALLY = 4,
    KIND_MINUTES = 5,
    KIND_INCIDENT = 6,
    KIND_COMPLAINT = 7,
    KIND_SITUATION = 8,
    KIND_DECISION = 9,
    KIND_RECEIPT = 10,
    KIND_READY = 11,
    KIND_SHIFT = 12,
    KIND_VOID = 13,
    KIND_SEALED = 14,
    KIND_SUMMARY = 32,
    KIND_BULLETIN = 33,
    KIND_PAUSE = 34,
    KIND_RESUME = 35,
    KIND_INSTRUCTION = 48,
    KIND_VERDICT = 49,
    KIND_ADMIT = 50,
    KIND_RETIRE = 51,
    KIND_OVERRULE = 52,
    KIND_ERASE = 53,
    KIND_FORK = 54,
    KIND_PLAN_PART = 64,
    KIND_MAX = 64
};

enum how {
    HOW_DESK = 1,
    HOW_LAN,
    HOW_HOSTED,
    HOW_PHONE,
    HOW_RADIO,
    HOW_COURIER,
    HOW_FILE,
    HOW_MACHINE
};

// Values of `what` in a step, in the order of a day; of `word` in a verdict; of `what` in a decision.
enum step {
    STEP_LIST_FROZEN = 1,
    STEP_OPENED,
    STEP_INTERRUPTED,
    STEP_RESUMED,
    STEP_CLOSED,
    STEP_NO_QUORUM,
    STEP_HOUSEHOLD_BALLOTS,
    STEP_COUNTING,
    STEP_POSTPONED,
    STEP_EARLY,
    STEP_ANNULLED,
    STEP_LAST = STEP_ANNULLED
};
enum verdict {
    VERDICT_VERIFIED = 1,
    VERDICT_RETURNED,
    VERDICT_RELEASED,
    VERDICT_CHOSEN,
    VERDICT_ACKNOWLEDGED,
    VERDICT_LAST = VERDICT_ACKNOWLEDGED
};
enum decision {
    DECISION_RECOGNISED = 1,
    DECISION_NOT_RECOGNISED,
    DECISION_ON_HOLD,
    DECISION_RERUN,
    DECISION_INTERIM, // an interim head is appointed
    DECISION_LAST = DECISION_INTERIM
};
enum { COLUMN_VOTES, COLUMN_AGAINST, COLUMN_WRITTEN, COLUMNS }; // of a tally's list

// Who may say a kind, as bits: a unit in its own reports, a hub in its own, a parent about a child.
enum { SAID_BY_NODE = 1, SAID_BY_HUB = 2, SAID_ABOUT = 4, SAID_IN_PLAN = 8 };

#define COUNT_MAX 1000000000u // voters, ballots, votes
enum field_type { FIELD_NUMBER, FIELD_OPTIONAL, FIELD_TEXT, FIELD_BIN };
struct field {
    const char *name; // as in forms, JSON and CSV columns; NULL ends the row
    enum field_type type;
    uint64_t min, max; // of a number its value, of text and bytes the length
};
struct record_spec {
    enum kind kind;
    const char *name;
    unsigned said_by;
    const char *list; // name of the list, or NULL
    struct field fields[FIELDS_MAX + 1];
};

// The row of a kind, or NULL: an unknown kind is no fault of the link, only unreadable here.
const struct record_spec *record_spec(unsigned kind);
const struct record_spec *record_spec_named(struct bytes name);

// Fields by place in their row.
enum { STEP_WHAT };
enum { TURNOUT_CUTOFF, TURNOUT_VOTED, TURNOUT_ELIGIBLE };
enum { LIST_ADDED, LIST_REMOVED, LIST_ELIGIBLE };
enum {
    TALLY_DEFINITION,
    TALLY_ELIGIBLE,
    TALLY_ATTENDED,
    TALLY_PRINTED,
    TALLY_ISSUED,
    TALLY_SPOILED,
    TALLY_UNUSED,
    TALLY_RETURNED,
    TALLY_VALID,
    TALLY_INVALID,
    TALLY_BLANK,
    TALLY_TOTAL,    // votes in all as written
    TALLY_SUMMONED, // of a Party cell: official members summoned, and those of them not counted:
    TALLY_ELSEWHERE,
    TALLY_EXEMPT,
    TALLY_SUSPENDED,
    TALLY_ABSENT
};
enum {
    MINUTES_NUMBER,
    MINUTES_FORM,
    MINUTES_COPIES,
    MINUTES_WITNESSES,
    MINUTES_SIGNED,
    MINUTES_COMPLAINTS, // received; of those settled, and passed on
    MINUTES_SETTLED,
    MINUTES_PASSED,
    MINUTES_HASH
};
enum { INCIDENT_CATEGORY, INCIDENT_SEVERITY, INCIDENT_STATE, INCIDENT_ACTOR, INCIDENT_TEXT };
enum { COMPLAINT_SORT, COMPLAINT_STATE, COMPLAINT_PASSED_TO, COMPLAINT_ACTOR, COMPLAINT_TEXT };
enum {
    SITUATION_CUTOFF,
    SITUATION_ORDER,
    SITUATION_WEATHER,
    SITUATION_ROADS,
    SITUATION_LINES,
    SITUATION_TEXT
};
enum { DECISION_WHAT, DECISION_NUMBER, DECISION_DATE, DECISION_SIGNATORY, DECISION_ON };
enum { RECEIPT_OF };
enum { READY_PLAN_HASH, READY_DECISION };
enum { SHIFT_TO };
enum { VOID_REASON, VOID_MOVED_TO };
enum { SEALED_NUMBER, SEALED_N, SEALED_HASH };
enum { SUMMARY_CONTENT };
enum { BULLETIN_NUMBER, BULLETIN_CUTOFF, BULLETIN_HASH, BULLETIN_POSITIONS, BULLETIN_CONTENT };
enum { PAUSE_NUMBER };
enum { INSTRUCTION_DUE, INSTRUCTION_TEXT };
enum { VERDICT_WORD, VERDICT_OF, VERDICT_WAIVES };
enum { ADMIT_INCARNATION, ADMIT_CERTIFICATE };
enum { RETIRE_KEY, RETIRE_INCARNATION, RETIRE_N, RETIRE_HASH };
enum { OVERRULE_TOLD, OVERRULE_PROVEN };
enum { ERASE_OF, ERASE_TEXT };
enum { FORK_STREAM, FORK_INCARNATION, FORK_N, FORK_OURS, FORK_THEIRS };
enum { PART_VERSION, PART_INDEX, PART_COUNT, PART_HASH, PART_BYTES };

struct record {
    uint64_t act;
    unsigned kind;
    int64_t at, entered; // ms since 1970
    struct bytes by, behalf, why, subject, contest;
    unsigned how;
    uint32_t plan;
    unsigned n_replaces;
    uint32_t stated;               // bit i: field i, an optional number, is stated
    uint64_t number[FIELDS_MAX];   // by place in the row; 0 for text and bytes
    struct bytes blob[FIELDS_MAX]; // by place in the row; empty for numbers
    unsigned n_list;
    struct bytes body;               // after decoding: the bytes after the common part
    uint64_t replaces[REPLACES_MAX]; // n_replaces of them; of what lies behind, nothing is zeroed
    uint64_t list[LIST_MAX];         // n_list of them
};

// Bytes written, or -EMSGSIZE; -EINVAL where a strict reader would refuse the result, with the
// reason in *ret_why. A writer passes each record through this door before it signs.
int record_encode(const struct record *r, void *buffer, size_t cap, const char **ret_why);

// A record is 14 KB of stack: who needs one but seldom has it in a frame of his own, not in every caller's.
#define SELDOM __attribute__((noinline))

// 0, or -EBADMSG with a reason: then nothing of r is to be used. -ENOTSUP: a kind unknown here, of
// which the common part was read. Views point into b.
int record_decode(struct record *r, struct bytes b, const char **ret_why);

// The common part alone, which says what a record is about: 0 or -EBADMSG. Its numbers and texts are not looked at,
// and not set.
int record_glance(struct record *r, struct bytes b);

// The value of a number, or false where it is optional and not stated.
bool record_number(const struct record *r, unsigned field, uint64_t *ret_value);
void record_set(struct record *r, unsigned field, uint64_t value); // states a number

// The commitment to an attached text in this record, or NULL: its kind has none, or it is empty.
const uint8_t *record_commitment(const struct record *r);

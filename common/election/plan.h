// plan.h - the plan of an election: its bytes, opened as arrays in one block.
//
//   plan = ["dantin plan 2", version, label, title, [*level], [*cutoff], [*category], [*target],
//           [*profile], [*kind], [+unit], [*contest], [*ballot]]
//        | ["dantin plan 3", version, label, title, [+day], [*level], ... as above]
//   day      = [days since 1970 in Vietnam, works, name] ascending; off, or worked on a weekend
//   level    = [name, english name]
//   cutoff   = [name, time, grace]                       ms since 1970, ms
//   category = [name, english name]                      of incidents; numbered from 1, 0 is "other"
//   target   = [what, percent]                           of those elected, at least; see statistics
//   profile  = [name, electorate, method, decides, rule, quorum, quorum base, need, base, choices,
//               least candidates, blank is valid, valid per person, restricted, surplus percent,
//               rounds, rerun days, report days, recognise workdays, interim months, copies, form,
//               low, lowest, [*level of confidence]]
//   quorum, need, low, lowest = [num, den, strict]       den 0: there is none
//   kind     = name                                      of contests whose voters are counted as one
//   unit     = [code, parent + 1 or 0, level, name, group, former parent, moved in, successor of,
//               place, opens, closes, [*[cut-off, time or 0]]]
//   contest  = [code, name, kind, unit, profile, seats, places in all, repeats, paper, person,
//               [*[number, key, name]]]
//   ballot   = [unit, contest, voters + 1 or 0, method + 1 or 0]
//                                                        what one place votes on; 0: not known,
//                                                        and the profile's
//
// Units stand in the order of a walk of the tree, each parent before its children and siblings in
// their order, so a subtree is a range; ballots stand in the order of their places, so those of a
// subtree are a range too. References are indexes. One plan, one sequence of bytes: its hash is
// BLAKE2b-256 of them. Pure; the caller gives the block; strings point into the block's copy.
#pragma once
#include "proto/chain.h"

enum {
    PLAN_LEVELS_MAX = 12,
    PLAN_CUTOFFS_MAX = 16,
    PLAN_PROFILES_MAX = 16,
    PLAN_KINDS_MAX = 8,
    PLAN_CATEGORIES_MAX = 32,
    PLAN_TARGETS_MAX = 16,
    PLAN_GRADES_MAX = 5,   // levels of a confidence ballot
    PLAN_DAYS_MAX = 200,   // off, or worked instead
    PLAN_DAY_LAST = 80000, // of 2189
    PLAN_UNITS_MAX = 500000,
    PLAN_BALLOTS_MAX = 1000000,
    PLAN_CANDIDATES_MAX = 256, // of one contest
    PLAN_NAME_MAX = 1000,      // bytes of a name
    PLAN_BYTES_MAX = 256 << 20
};
#define PLAN_NONE      UINT32_MAX
#define VOTERS_UNKNOWN UINT32_MAX

enum rule { RULE_PLURALITY, RULE_MAJORITY, RULE_CONFIDENCE }; // most votes; the need; levels
// Of what quorum and need are a part; summoned: official members less those excused (tally.summoned).
enum base { BASE_ELIGIBLE, BASE_ATTENDED, BASE_RETURNED, BASE_VALID, BASE_SUMMONED };
enum electorate { ALL_VOTERS, HOUSEHOLD_REPS, MEMBERS };
enum method { SECRET_BALLOT, SHOW_OF_HANDS, HOUSEHOLD_BALLOT, ONLINE, MIXED, METHODS };
enum decides { DECIDES_NODE, DECIDES_PARENT, DECIDES_SUPERIOR }; // who recognises a result

struct plan_level {
    struct bytes name, english;
};
struct plan_cutoff {
    struct bytes name;
    int64_t at, grace;
};
struct plan_day { // that is not as its weekday is
    int32_t day;  // since 1970, by Vietnam's clock
    bool works;   // a Saturday or Sunday that is worked; else a day off
    struct bytes name;
};
struct part {                  // more than num/den of a base; not strict: or just that
    unsigned num, den, strict; // den 0: there is none
};
struct plan_profile {
    struct bytes name, form; // form: code of the form of its minutes
    unsigned electorate, method, decides, rule;
    struct part quorum, need;
    unsigned quorum_base, base;
    unsigned choices; // names a ballot may mark; 0: as many as seats
    unsigned min_candidates;
    unsigned blank_valid; // blank ballots are valid, and against; else invalid
    unsigned per_person;  // valid and invalid are counted for each person, not for each paper
    unsigned restricted;  // on no page, export, bulletin or stream
    unsigned surplus;     // percent by which the list may be longer than the seats; 0: not limited
    unsigned rounds, rerun_days, report_days, recognise_days, interim_months, copies; // 0: not said
    struct part low, lowest; // of a confidence vote: marks at its last level
    unsigned n_grades;
    struct bytes grades[PLAN_GRADES_MAX]; // levels of confidence, the highest first
};
struct plan_category {
    struct bytes name, english;
};
struct plan_target {
    struct bytes what;
    unsigned percent;
};
struct plan_due {   // a cut-off that has its own time at this place
    uint8_t cutoff; // from 1
    int64_t at;     // 0: nothing is due
};
struct plan_unit {
    struct bytes code, name, group, former; // former parent's code, where the unit moved
    struct bytes successor_of;              // codes of units that went up in this one, with commas
    uint32_t parent;                        // PLAN_NONE at the root
    uint32_t size;                          // units of its subtree, itself included
    unsigned level;
    bool place;
    uint32_t moved_in;                // version of the plan that moved it, or 0
    int64_t opens, closes;            // of a place; 0: not known
    uint32_t first_due, n_dues;       // cut-offs with a time of its own
    uint32_t first_ballot, n_ballots; // of the whole subtree
};
struct plan_candidate {
    uint64_t number;
    struct bytes key, name;
};
struct plan_contest {
    struct bytes code, name, repeats;
    struct bytes paper;  // contests of one paper share its ballots; empty: a paper of its own
    struct bytes person; // key of the person that a confidence vote is about
    unsigned kind, profile, seats;
    uint32_t unit;
    uint32_t places_in_all; // also those outside this slice
    uint32_t first_candidate, n_candidates;
    uint8_t definition[8]; // what a tally must name: PROTOCOL.md, section 4
};
struct plan_ballot {
    uint32_t unit, contest;
    uint32_t voters;     // VOTERS_UNKNOWN where the plan does not say
    uint32_t first_vote; // where its candidates begin in an array over all ballots
    unsigned method;     // here: enum method
};

struct plan {
    uint32_t version;
    struct bytes label, title, bytes;
    uint8_t hash[HASH_SIZE];
    unsigned n_levels, n_cutoffs, n_categories, n_targets, n_profiles, n_kinds, n_days;
    struct plan_level levels[PLAN_LEVELS_MAX];
    struct plan_cutoff cutoffs[PLAN_CUTOFFS_MAX];
    struct plan_category categories[PLAN_CATEGORIES_MAX];
    struct plan_target targets[PLAN_TARGETS_MAX];
    struct plan_profile profiles[PLAN_PROFILES_MAX];
    struct plan_day days[PLAN_DAYS_MAX];
    struct bytes kinds[PLAN_KINDS_MAX];
    bool restricted[PLAN_KINDS_MAX]; // all contests of the kind are
    uint32_t n_units, n_contests, n_candidates, n_ballots, n_votes, n_dues;
    struct plan_unit *units;
    struct plan_contest *contests;
    struct plan_candidate *candidates;
    struct plan_ballot *ballots;
    struct plan_due *dues;
    uint32_t *unit_slots, *contest_slots; // open addressing by code
    uint32_t unit_mask, contest_mask;
};

// Bytes of the block for these plan bytes, or 0 with the reason: not the bytes of a plan.
size_t plan_size(struct bytes b, const char **ret_why);
uint32_t plan_version(struct bytes b); // of plan bytes; 0: not those of a plan
// Opens them in a block of that size, 16-byte aligned; b is copied into it. -EBADMSG with a reason.
int plan_open(void *block, size_t size, struct bytes b, const char **ret_why);

void plan_take_head(struct cursor *c, struct plan *p); // for plan_open(): all before the units
const char *plan_index(struct plan *p); // for plan_open(): NULL, or why codes are not good
uint32_t plan_unit_of(const struct plan *p, struct bytes code); // PLAN_NONE when unknown
// Where the index is looked into first for a code: what stands there is mostly that unit or contest, or PLAN_NONE.
const uint32_t *plan_likely_unit(const struct plan *p, struct bytes code);
const uint32_t *plan_likely_contest(const struct plan *p, struct bytes code);
uint32_t plan_contest_of(const struct plan *p, struct bytes code);
uint32_t plan_ballot_of(const struct plan *p, uint32_t unit, uint32_t contest); // of a place
uint32_t plan_cutoff_due(const struct plan *p, int64_t now); // how many cut-offs are past
// When turnout of a cut-off (from 1) is due at a place; 0: it is not. A place's own time counts; else
// the cut-off's hour on the day when the place votes, unless it opens later: then only the last cut-off
// is due, when the place closes.
int64_t plan_due_at(const struct plan *p, uint32_t unit, unsigned cutoff);
bool plan_below(const struct plan *p, uint32_t unit, uint32_t above); // or the same
uint32_t plan_places(const struct plan *p, uint32_t unit);            // places of its subtree
// The candidate's place in the contest, or PLAN_NONE.
uint32_t plan_candidate_of(const struct plan *p, uint32_t contest, uint64_t number);
// True where `author` may speak about `unit`: itself, its parent, or its parent before a move.
bool plan_may_speak(const struct plan *p, struct bytes author, uint32_t unit);

// What a writer of plan bytes calls, in this order and each for its rows; see the form above.
void plan_pack_head(struct packer *p, uint32_t version, struct bytes label, struct bytes title);
// Instead of it, where n_days > 0 of `with`.
void plan_pack_head_days(struct packer *p, const struct plan *with);
void plan_pack_level(struct packer *p, const struct plan_level *l);
void plan_pack_cutoff(struct packer *p, const struct plan_cutoff *c);
void plan_pack_profile(struct packer *p, const struct plan_profile *r);
void plan_pack_category(struct packer *p, const struct plan_category *c);
void plan_pack_target(struct packer *p, const struct plan_target *t);
void plan_pack_unit(struct packer *p,
                    const struct plan_unit *u, // parent: an index in what is written
                    const struct plan_due *dues);
void plan_pack_contest(struct packer *p, const struct plan_contest *c,
                       const struct plan_candidate *cs);
void plan_pack_ballot(struct packer *p, const struct plan_ballot *b,
                      const struct plan_profile *k); // of its contest

// plandraft.h - a plan folder's rows while it is read; only for the files of planfolder.h.
//
// plansettings.c, planprofiles.c, planunits.c, planvotes.c and planholidays.c fill it, plansort.c orders it, plancheck.c
// judges it as a whole, planfolder.c packs it.
// Texts are copies that live as long as the draft. A row with a fault is kept where others may name
// it, so that one fault is told once. References are indexes of rows; PLAN_NONE where the name was
// not found.
#pragma once
#include "common/base/faults.h"
#include "common/base/zpl.h"
#include "common/election/plan.h"

#define FILE_ELECTION   "election.zpl"
#define FILE_PROFILES   "profiles.zpl"
#define FILE_UNITS      "units.csv"
#define FILE_CONTESTS   "contests.csv"
#define FILE_CANDIDATES "candidates.csv"
#define FILE_VOTERS     "voters.csv"
#define FILE_HOLIDAYS   "holidays.csv"
enum { DRAFT_PROFILES_MAX = 64 }; // known ones; a plan holds those its contests use

struct draft_level {
    struct bytes name, english;
    unsigned line; // 0: not there
};
struct draft_cutoff {
    struct bytes name, at, grace;
    unsigned line; // 0: not there
};
struct draft_target {
    struct plan_target row;
    bool has_percent;
    unsigned line; // 0: not there
};
struct draft_unit {
    struct plan_unit row; // parent: in the walk, once it is known; dues: in the draft's
    struct bytes parent_code;
    unsigned line;
    uint32_t parent, child, next; // rows
    uint32_t at;                  // in the walk
    bool voted;                   // some contest is voted on there
    bool again;                   // its code stands on an earlier row too
};
struct draft_contest {
    struct plan_contest row; // unit: a row of units; profile, kind: in the plan, or the MAX of them
    unsigned line;
    uint32_t n_rows; // of voters.csv
    bool again;      // its code stands on an earlier row too
};
// What is known of a candidate beside the name; it never goes into the plan.
enum draft_trait {
    TRAIT_RE_ELECTED,
    TRAIT_WOMAN,
    TRAIT_MINORITY,
    TRAIT_PARTY,
    TRAIT_BIRTH_YEAR,
    TRAIT_SCHOOLING,
    TRAIT_THEORY,
    TRAIT_SECRETARY,
    TRAITS
};
struct draft_candidate {
    struct plan_candidate row;
    struct bytes traits[TRAITS];
    uint32_t contest;
    unsigned line;
};
struct draft_ballot {
    uint32_t unit, contest, voters; // unit: a row
    unsigned method;                // + 1; 0: the profile's
    unsigned line;                  // 0: made from a contest without rows
};
struct draft_code {
    struct bytes code;
    uint32_t row;
};
struct draft_codes {
    struct draft_code *at; // sorted
    uint32_t n;
};

struct draft {
    const char *dir;
    struct faults *faults;
    struct draft_texts *texts;
    uint32_t version;
    struct bytes label, title;
    int64_t day; // ms since 1970 when it begins in Vietnam; -1: not stated
    unsigned n_levels, n_cutoffs, n_categories, n_targets, n_known, n_profiles, n_kinds;
    struct draft_level levels[PLAN_LEVELS_MAX];
    struct draft_cutoff cutoffs[PLAN_CUTOFFS_MAX];
    struct draft_level categories[PLAN_CATEGORIES_MAX];
    struct draft_target targets[PLAN_TARGETS_MAX];
    struct plan_profile known[DRAFT_PROFILES_MAX];
    unsigned known_line[DRAFT_PROFILES_MAX]; // where the folder first speaks of it; 0: nowhere
    bool known_faulty[DRAFT_PROFILES_MAX];   // a fault of it was told
    unsigned profiles[PLAN_PROFILES_MAX];    // of those known, in the order of their first use
    struct bytes kinds[PLAN_KINDS_MAX];
    unsigned n_days;
    struct plan_day days[PLAN_DAYS_MAX]; // ascending
    uint32_t n_units, n_walk, n_contests, n_candidates, n_ballots;
    struct draft_unit *units;
    struct draft_contest *contests;
    struct draft_candidate *candidates;
    struct draft_ballot *ballots;
    struct plan_due *dues;
    uint32_t n_dues;
    uint32_t *walk; // rows of units in walk order
    struct draft_codes unit_codes, contest_codes;
    bool unit_missing;       // a contest has no unit: which places vote is not known
    bool candidates_missing; // no row of them could be read
};

#define SAY(b) (int)(b).n, (const char *)(b).at // for %.*s

void draft_free(struct draft *d);
struct bytes draft_keep(struct draft *d, struct bytes b);
// A file's bytes, malloc'd; false with the fault told, or with none where it may be missing.
bool draft_file(struct draft *d, const char *name, bool may_miss, struct bytes *ret);
// An array of n with room for one more; rows are zero.
void *draft_room(void *rows, uint32_t n, size_t size);
// By the number rule (common/base/figure.h), and at most `max`.
bool draft_number(struct bytes b, uint32_t max, uint32_t *ret);
// HH:MM[:SS] of the day, or with a yyyy-mm-dd of its own before it. Ms since 1970.
bool draft_time(struct bytes b, int64_t day, int64_t *ret);
bool draft_day(struct bytes b, int64_t *ret);
// NULL, or what is wrong with a text that must be there and have at most max bytes.
const char *draft_text_fault(struct bytes b, size_t max);

void draft_settings(struct draft *d); // election.zpl, then profiles.zpl
void draft_profiles(struct draft *d);
// Reads a ZPL file; false where it is not there or is none, with the fault told.
bool draft_zpl(struct draft *d, const char *name, bool may_miss, zpl_on_value *on_value);
bool draft_method(struct bytes word, unsigned *ret); // enum method by its name
void draft_units(struct draft *d);
void draft_contests(struct draft *d);
void draft_candidates(struct draft *d);
void draft_voters(struct draft *d);
void draft_holidays(struct draft *d); // may be missing

// Sorted by code, equal ones by row.
void draft_codes_sort(struct draft_codes *codes);
uint32_t draft_codes_find(const struct draft_codes *codes, struct bytes code);
void draft_walk(struct draft *d); // finds parents, cycles and roots; fills walk, at, sizes
bool draft_below(const struct draft *d, uint32_t unit,
                 uint32_t above); // rows; false if not in the walk
void draft_order_candidates(struct draft *d);
void draft_order_ballots(struct draft *d); // also makes those of contests without rows

// What is wrong with the whole; candidates and ballots are in order.
void draft_check(struct draft *d);
// The rules of a contest; NULL where its profile is not known.
const struct plan_profile *draft_rules(const struct draft *d, const struct draft_contest *k);
// Why minutes of that method do not give what the rules take a part of; NULL: they do.
const char *draft_base_fault(const struct plan_profile *r, unsigned method);

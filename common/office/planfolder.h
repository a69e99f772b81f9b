// planfolder.h - a plan written with a spreadsheet becomes plan bytes, or a list of all its faults.
//
//   election.zpl    plan/version, plan/label, plan/title, plan/day (yyyy-mm-dd, for times without one)
//                   levels/N/name, /english; cutoffs/N/name, /at, /grace; categories/N/name, /english of
//                   incidents; targets/N/what, /percent of those elected        N from 1, in order
//   units.csv       code, parent_code, level (number or name), name, group, former_parent, moved_in,
//                   place (yes or no; empty: yes at the last level), opens, closes, successor_of,
//                   cutoffs ("1=08:30;3=none": a place's own times)
//   contests.csv    code, name, kind, unit_code, profile, seats, repeats, paper, person
//   candidates.csv  contest, number, key (empty: contest/number), name; and what stays out of the plan:
//                   re_elected, woman, minority, party, secretary (yes, no), birth_year, schooling, theory
//   voters.csv      place, contest, voters (empty: not known), method. A contest with no row is voted on
//                   at every place below its unit
//   holidays.csv    may be missing: date, name, until (empty: that day), works (yes: a weekend that is worked)
//   profiles.zpl    may be missing: NAME/like, and what planprofiles.c lists
//
// Rows stand in any order; siblings keep theirs. Times are those of a clock in Vietnam (+07:00).
// One folder, one sequence of bytes, whatever a spreadsheet did to line ends, quotes and
// separators.
#pragma once
#include "common/base/faults.h"
#include "common/election/plan.h"

// 0 and bytes that plan_open takes, for the caller to free; or -EINVAL and every fault, told once.
int planfolder_read(const char *dir, uint8_t **ret_bytes, size_t *ret_n, struct faults *faults);

// What the folder knows of candidates beside their names, as a table for a local file: traits.h. The
// caller frees it; -EINVAL where the folder is not one that planfolder_read takes.
int planfolder_traits(const char *dir, uint8_t **ret_text, size_t *ret_n);

// Writes a small folder to begin with. The directory may exist, its files must not: -EEXIST, and
// nothing is overwritten; else -errno of what failed.
int planfolder_new(const char *dir);

// 0 where `new` may follow `old`; -EINVAL with the reasons where its version is not above, or where
// a candidate's number in a contest would come to mean somebody else.
int plan_refusal(const struct plan *old, const struct plan *new, struct faults *faults);

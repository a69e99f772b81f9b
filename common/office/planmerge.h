// planmerge.h - the plan comes from below: tables of communes become a plan folder, or a list of
// what is wrong with each.
//
// Order: merge_open, merge_base, merge_table for each sheet of each file, merge_end; then the
// findings may be told, and what merge_good allows be written. All of that is pure; plan_merge does
// it with folders. A village keeps its code for ever: codes.csv remembers those that are gone.
#pragma once
#include "proto/pack.h"
#include <stdio.h>

struct merge;

struct merge_options {
    bool repair;         // every proposed repair is accepted
    const char *profile; // of head contests; NULL: as the base has it, or nqlt09-2008
};
// A plan folder's files, each empty where it is missing. Borrowed for the call.
struct merge_texts {
    struct bytes election, units, contests, candidates, voters, codes;
};

void merge_open(struct merge **ret_merge, const struct merge_options *options);
void merge_close(struct merge **merge);

// The folder with the upper units, then one that an earlier merge wrote, if there is one. What
// stops everything is a finding. False: nothing more can be read.
bool merge_base(struct merge *m, const struct merge_texts *base);
void merge_former(struct merge *m, const struct merge_texts *former);

// One table: `sheet` counts those of a file from 0. Escaped: as xlsx2csv --escape writes.
void merge_table(struct merge *m, const char *file, unsigned sheet, struct bytes text,
                 bool escaped);
void merge_unreadable(struct merge *m, const char *file, const char *why); // a file as a whole
void merge_end(struct merge *m);

// Nothing that stands in the way, or all of it accepted.
bool merge_good(const struct merge *m);
struct merge_count {
    unsigned faults, proposed, notes; // of the findings; proposed: those with a repair to accept
    unsigned communes, with_table, villages;
};
struct merge_count merge_counted(const struct merge *m);
// One finding a line, by commune, file and row; Vietnamese, or English.
void merge_tell(const struct merge *m, bool english, FILE *to);

// The files of the new folder; those of the election itself are copied.
enum merge_file {
    MERGE_UNITS,
    MERGE_CONTESTS,
    MERGE_CANDIDATES,
    MERGE_VOTERS,
    MERGE_CODES,
    MERGE_FILES
};
const char *merge_file_name(enum merge_file file);
void merge_write(const struct merge *m, enum merge_file file, FILE *to);

// Reads each file of `folder`, joins, tells the findings on `tell`, and writes the plan folder
// `into` when it is good. base NULL: `into` is one already. 0; -EINVAL after the findings were
// told; -errno of what failed, with its sentence told too.
struct plan_merge_call {
    const char *folder, *into, *base;
    struct merge_options options;
    bool english;
    FILE *tell;
};
int plan_merge(const struct plan_merge_call *call);

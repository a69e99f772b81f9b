// logfile.h - a store's signed logs as a file of lines: for an auditor, or for a courier.
//
//   {"export":"dantin 1","election":hex,"unit":code}
//   {"log":i,"author":..,"about":..,"stream":1..3,"incarnation":hex,"key":hex}    before its first run
//   {"run":i,"first":n,"body":hex,"texts":hex}                                    in the order they came
//   {"totals":[{"contest":code,"tallied":n,"votes":{"1":n,..},"outcome":word,"elected":[n,..]}],
//    "kinds":[[n,..]],"plan":hex}                                                 last; sums as in cell.h
//
// An import takes the log and run lines of such a file, each checked like one that came by a link.
#pragma once
#include "common/office/office.h"

// own_only: this unit's own reports, as a courier carries them. malloc'd; *ret_n its length.
int logfile_export(struct office *o, bool own_only, char **ret, size_t *ret_n);
struct logfile_result {
    unsigned runs, refused;
    unsigned line; // of the first refused one
    const char *why;
};
int logfile_import(struct office *o, struct bytes text, struct moment now,
                   struct logfile_result *ret);

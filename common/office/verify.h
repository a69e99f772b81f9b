// verify.h - walks a store: every chain and signature, and the first record that is not as signed.
#pragma once
#include "common/store/logstore.h"

#define SUSPECT_FILE "suspect" // beside the store, after an I/O error: the next start mends it

struct verify_report {
    uint64_t logs, runs, records, bad_runs;
    // the first bad one
    struct log_id log;
    uint64_t first, last, record; // of the run, and the record where the chain parts from its head
    char why[160];
};
// 0: all runs verify; -EBADMSG: see the report; other: the store could not be read.
int verify_store(struct store *s, const uint8_t election[ELECTION_SIZE], struct verify_report *ret);

// After an I/O error: the next start mends. The mark need not outlive a power cut, which takes the page
// cache with it, so a disk that cannot sync it gets it all the same. 0 when it stands there.
int suspect_mark(const char *dir);
// After an I/O error or corruption: marks, copies every run that verifies, without gaps, to a fresh
// store, verifies that, keeps the old file beside it, and takes the mark away. May be broken off at any
// point and called again. Otherwise an errno: nothing is lost, and the mark stays. What cannot be read
// at two tries is left out. The new file begins a new incarnation.
int suspect_mend(const char *dir, const uint8_t election[ELECTION_SIZE], int64_t now);

// planrepair.h - one cell as an office writes it, read as what a plan holds. Pure.
//
// A reading is used as it is (and noted where it is not what stands there), or is only a proposal,
// for somebody to accept; where nothing can be read, the proposal is to leave the value unknown.
#pragma once
#include "proto/pack.h"

enum { REPAIR_NAME_MAX = 400, REPAIR_VOTERS_MAX = 99999 }; // bytes; voters of one village

enum reading {
    READ_EMPTY,
    READ_PLAIN,
    READ_NOTED,    // one meaning only, but written differently
    READ_PROPOSED, // probably this
    READ_WRONG,    // nothing can be read
};

// Names: what was repaired, as bits.
enum {
    NAME_NFC = 1,    // it was decomposed
    NAME_BLANKS = 2, // several blanks, or such that do not break
    NAME_HIDDEN = 4, // invisible characters
    NAME_TCVN3 = 8,  // a proposal
    NAME_VNI = 16,   // not readable
    NAME_UNREADABLE = 32,
    NAME_LONG = 64,
};
unsigned repair_name(const char *cell, bool old_bytes, char to[REPAIR_NAME_MAX]);

enum number_fault { NUMBER_OTHER, NUMBER_PERCENT, NUMBER_BIG, NUMBER_ZERO };
// How many voters. "3.452", "3 452" and "3452.0" have one meaning, "3,452" and "3.45" a probable one.
enum reading repair_voters(const char *cell, uint32_t *ret, enum number_fault *ret_fault);

// A day and a minute of it, each with -1 where it is not stated: dates of Vietnam, of ISO and of
// spreadsheets (days since 1900), "7h30", "7 giờ 30", "07:30", a part of a day.
struct moment {
    int year, month, day; // day -1: none; year -1: of the election
    int minute;
};
enum reading repair_moment(const char *cell, struct moment *ret);
// An hour where nothing else can stand, so that "7" and "7.30" may be read.
enum reading repair_hour(const char *cell, struct moment *ret);

enum reading repair_yes(const char *cell, bool *ret);           // x, có, yes, 1; không, no, 0, -
enum reading repair_birth(const char *cell, int *ret);          // a year, also of a whole date
enum reading repair_method(const char *cell, const char **ret); // as in voters.csv
const char *repair_method_name(const char *method);             // in Vietnamese

// The word for a kind of village that a name begins with, as its key: "thon", "to dan pho"; NULL.
const char *repair_kind(const char *key);

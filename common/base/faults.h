// faults.h - a list of what is wrong, with file and line, for people.
//
// All faults of a folder are told at once, so that its author corrects them at once. The list is
// bounded: what comes behind the first FAULTS_MAX is counted only.
#pragma once
#include <stdbool.h>
#include <stdio.h>

enum { FAULTS_MAX = 1000, FAULT_TEXT_MAX = 300 };

struct fault {
    char *file;    // NULL when it is of no file
    unsigned line; // 0 when it is of no line
    char *text;
    bool note;
};
struct faults {      // starts as {0}
    unsigned n;      // all of them, notes not counted
    unsigned n_kept; // in at[]
    struct fault *at;
};

// One sentence, cut at FAULT_TEXT_MAX bytes; file and text are copied.
__attribute__((format(printf, 4, 5))) void faults_add(struct faults *f, const char *file,
                                                      unsigned line, const char *format, ...);
// Something to know that is no fault: it is told and not counted.
__attribute__((format(printf, 4, 5))) void faults_note(struct faults *f, const char *file,
                                                       unsigned line, const char *format, ...);
void faults_print(const struct faults *f, FILE *to); // file:line: sentence
void faults_clear(struct faults *f);                 // frees; the list may be used again

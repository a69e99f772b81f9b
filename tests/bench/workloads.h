// workloads.h - what the fixed workloads share: their plan, and the one door through which what is counted runs.
#pragma once
#include "common/base/keys.h"
#include "common/election/plan.h"
#include <stdlib.h>

enum { PLACES_OF_UNIT = 20, PLACE_VOTERS = 1000 };

// The work that is measured, and nothing before or after it: instructions are counted (by callgrind, for
// tests/bench/guard) and the processor's time is taken inside it only.
void measured(void (*work)(void *ctx), void *ctx);

struct done { // what a workload did
    uint64_t records;
    char what[200];
};
// Each checks its own result and ends the program where that is wrong. size: see the help of workloads.c.
void load_fold(unsigned size, struct done *ret);
void load_bare(unsigned size, struct done *ret);
void load_chain(unsigned size, struct done *ret);
void load_link(unsigned size, struct done *ret);
void load_plan_folder(unsigned size, struct done *ret);
void load_page(unsigned size, struct done *ret);

// Says where, and ends the program.
#define MUST(x) ((x) ? (void)0 : must_failed(__FILE__, __LINE__, #x))
void must_failed(const char *file, int line, const char *what) __attribute__((noreturn));
void *must_have(void *at); // of an allocation

// workplan.c: bytes of a plan for the caller to free: the units `above`, each below the one before; below the last
// of them units "LAST1", "LAST2" ... with up to `each` places, "LAST1-1" ..., `places` in all. Each
// place votes on a contest of its own, "H" and its code, with two candidates; two cut-offs.
struct bytes workplan(const char *const *above, unsigned n_above, unsigned places, unsigned each);
struct plan *workplan_open(struct bytes plan);                            // for the caller to free
void workplan_unit(char code[CODE_MAX], const char *last, unsigned unit); // unit, place: from 0
void workplan_place(char code[CODE_MAX], const char *last, unsigned unit, unsigned place);
// Statement 0, 1 or 2 about a place of the plan: its turnout at either cut-off, its tally. Bytes written.
enum { STATEMENTS = 3 };
size_t workplan_statement(const struct plan *p, uint32_t unit, unsigned which, uint64_t act,
                          uint8_t buffer[RECORD_MAX]);
uint32_t workplan_voted(uint64_t place, unsigned which); // what that statement says

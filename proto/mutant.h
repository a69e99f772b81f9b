// mutant.h - faults planted to be found: constant false in every build but one.
//
// In the build of the CMake preset `mutants` the environment variable DANTIN_MUTANT names the one
// that is on. tests/mutants/run has the test that must turn red for each; the lies of a lying hub
// (tests/mutants/lies.c, tests/system/lying.py) are chosen alike.
#pragma once
#include <stdbool.h>

#ifdef DANTIN_MUTANTS
bool mutant_is_on(const char *name); // tests/mutants/mutant.c
#define MUTANT(name) mutant_is_on(#name)
#else
#define MUTANT(name) false
#endif

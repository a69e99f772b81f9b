// mutant.c - which planted fault is on: the one that DANTIN_MUTANT named when the process began.
#include "proto/mutant.h"
#include <stdlib.h>
#include <string.h>

static const char *mutant;

__attribute__((constructor)) static void read_environment(void)
{
    mutant = getenv("DANTIN_MUTANT");
}

bool mutant_is_on(const char *name)
{
    return mutant && strcmp(mutant, name) == 0;
}

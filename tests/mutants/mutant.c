// mutant.c - which planted fault is on: DANTIN_MUTANT named it when the process began, or several by commas.
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
    size_t n = strlen(name);
    for (const char *at = mutant; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, n) == 0 && (at[n] == 0 || at[n] == ','))
            return true;
    return false;
}

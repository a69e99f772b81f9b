// folder.h - a folder of a test's own under /tmp, removed with all that is in it.
#pragma once
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static inline int folder_take_out(const char *path, const struct stat *st, int type,
                                  struct FTW *walk)
{
    (void)st, (void)type, (void)walk;
    return remove(path);
}

// 0, or -1 with errno. name: of the test, for whoever finds one that a crash left behind.
static inline int folder_make(char dir[64], const char *name)
{
    snprintf(dir, 64, "/tmp/dantin-%s-XXXXXX", name);
    return mkdtemp(dir) ? 0 : -1;
}

static inline int folder_remove(const char *dir)
{
    return nftw(dir, folder_take_out, 8, FTW_DEPTH | FTW_PHYS);
}

// slowsync.c - loaded before a program's libraries: each fsync and fdatasync takes SLOW_SYNC_MS longer.
//
// As a disk does that really writes before it answers: 2 to 20 ms where a virtual one takes 0.2.
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void wait_for_disk(void)
{
    const char *text = getenv("SLOW_SYNC_MS");
    double ms = text ? strtod(text, NULL) : 0;
    struct timespec t = {.tv_sec = (time_t)(ms / 1000)};
    t.tv_nsec = (long)((ms - (double)t.tv_sec * 1000) * 1e6);
    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

static int slowly(const char *name, int fd)
{
    int (*real)(int) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, name);
    if (!real)
        abort();
    wait_for_disk();
    return real(fd);
}

int fsync(int fd)
{
    return slowly("fsync", fd);
}

int fdatasync(int fd)
{
    return slowly("fdatasync", fd);
}

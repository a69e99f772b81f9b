// clock.c - the only clock and the only source of randomness in the project.
#include "common/base/clock.h"
#include <assert.h>
#include <sodium.h>
#include <time.h>

static int64_t read_ms(clockid_t which)
{
    struct timespec t;
    int rc = clock_gettime(which, &t);
    assert(rc == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
    return read_ms(CLOCK_REALTIME);
}

// CLOCK_MONOTONIC stands still in suspend: a laptop that was closed for an hour would think its
// session is one second old.
int64_t clock_mono(void)
{
    return read_ms(CLOCK_BOOTTIME);
}

void clock_random(void *to, size_t n)
{
    int rc = sodium_init(); // cheap when done before
    assert(rc >= 0);
    randombytes_buf(to, n);
}

uint64_t clock_random64(void)
{
    uint64_t drawn;
    do
        clock_random(&drawn, sizeof drawn);
    while (drawn == 0);
    return drawn;
}

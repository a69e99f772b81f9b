// doors.h - the doors of an office with nobody at the other end: nothing is sent, the disk has room, and what
// is drawn is counted.
#pragma once
#include "common/office/office.h"

static inline uint64_t door_random(void *drawn)
{
    return ++*(uint64_t *)drawn;
}

static inline uint64_t door_disk(void *drawn)
{
    (void)drawn;
    return 1 << 30;
}

static inline int door_send(void *drawn, uint32_t peer, struct bytes frame)
{
    (void)drawn, (void)peer, (void)frame;
    return 0;
}

static inline void door_nothing(void *drawn, const char *why)
{
    (void)drawn, (void)why;
}

static inline void door_drop(void *drawn, uint32_t peer, const char *why)
{
    (void)drawn, (void)peer, (void)why;
}

static inline struct office_doors doors_shut(uint64_t *drawn)
{
    return (struct office_doors){drawn,       door_send, door_nothing, door_drop,
                                 door_random, door_disk, NULL,         NULL};
}

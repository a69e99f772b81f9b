// faults.c - what goes wrong in a simulated world, one thing at a time: links, power, disks, clocks.
#include "faults.h"
#include "clerk.h"
#include "common/office/verify.h"
#include "disk.h"
#include <stdio.h>

enum { UNWELL_MS = 240000 }; // at most so long a disk or a link stays bad

static uint32_t some_room(struct world *w)
{
    return below(w, w->n_rooms);
}

static uint32_t some_child(struct world *w)
{
    return 1 + below(w, w->n_rooms - 1);
}

static void unwell(struct world *w, struct room *r)
{
    r->well_at = w->now + below(w, UNWELL_MS);
}

// One of which a copy was made, if there is any.
static uint32_t some_copied(struct world *w)
{
    uint32_t from = below(w, w->n_rooms), i = 0;
    while (i + 1 < w->n_rooms && w->rooms[(from + i) % w->n_rooms].n_copies == 0)
        i++;
    return (from + i) % w->n_rooms;
}

void fault_link(struct world *w)
{
    struct room *r = &w->rooms[some_child(w)];
    uint32_t what = below(w, 4);
    r->deaf = what == 0 || what == 2;
    r->mute = what == 1 || what == 2;
    unwell(w, r);
    world_note(w, "link of %s: deaf %d mute %d", r->unit.at, r->deaf, r->mute);
}

void fault_half_open(struct world *w)
{
    uint32_t room = some_child(w);
    bool child_told = chance(w, 2);
    wire_break(w, room, child_told, !child_told && chance(w, 2));
    world_note(w, "link of %s is gone: told %d", w->rooms[room].unit.at, child_told);
}

void fault_swizzle(struct world *w)
{
    uint32_t cut[8], n = 0, order = 2 + below(w, 7);
    for (; n < order && !w->violation; n++) {
        cut[n] = some_child(w);
        w->rooms[cut[n]].deaf = w->rooms[cut[n]].mute = true;
        world_note(w, "link of %s is cut", w->rooms[cut[n]].unit.at);
        world_run(w, w->now + below(w, 4000));
    }
    while (n > 0 && !w->violation) {
        uint32_t i = below(w, n);
        w->rooms[cut[i]].deaf = w->rooms[cut[i]].mute = false;
        world_note(w, "link of %s is whole", w->rooms[cut[i]].unit.at);
        cut[i] = cut[--n];
        world_run(w, w->now + below(w, 4000));
    }
}

void fault_noise(struct world *w)
{
    w->loss = chance(w, 2) ? 0 : 20 + below(w, 200);
    w->delay_ms = chance(w, 3) ? 30 + below(w, 3000) : 30;
}

void fault_clock(struct world *w)
{
    static const int64_t steps[] = {1000, 130000, 3600000, 86400000, INT64_C(7) * 365 * 86400000};
    struct room *r = &w->rooms[some_room(w)];
    int64_t step = steps[below(w, sizeof steps / sizeof steps[0])];
    r->skew = chance(w, 3) ? 0 : chance(w, 2) ? step : -step;
    world_note(w, "clock of %s: %lld ms off", r->unit.at, (long long)r->skew);
}

void fault_kill(struct world *w)
{
    uint32_t room = some_room(w);
    if (!w->rooms[room].office)
        return;
    if (chance(w, 2))
        w->rooms[room].sends_left = (int)below(w, 6);
    else
        room_kill(w, room, 200 + below(w, 15000));
    room_settle(w, room);
}

void fault_power(struct world *w)
{
    struct room *r = &w->rooms[some_room(w)];
    int steps = (int)below(w, 40);
    if (!r->office)
        return;
    disk_dies_after(r->dir, steps);
    world_note(w, "%s has power for %d steps of its disk", r->unit.at, steps);
}

void fault_full(struct world *w)
{
    struct room *r = &w->rooms[some_room(w)];
    unwell(w, r);
    if (chance(w, 3)) { // full in the middle of a write
        int writes = chance(w, 2) ? (int)below(w, 60) : -1;
        disk_fails_after(r->dir, writes);
        world_note(w, "%s has room for %d writes", r->unit.at, writes);
        return;
    }
    r->free_disk = r->free_disk == 0 ? 1000000 : chance(w, 3) ? 0 : 1000000;
    world_note(w, "%s has %llu bytes free", r->unit.at, (unsigned long long)r->free_disk);
}

void fault_sync(struct world *w)
{
    uint32_t room = some_room(w);
    struct room *r = &w->rooms[room];
    if (!r->office)
        return;
    clerk_copied(w, room); // what it holds now is not at risk, and is the reason not to excuse it
    disk_sync_fails_after(r->dir, (int)below(w, 4));
    r->failures++;
    world_note(w, "%s will fail to sync", r->unit.at);
}

// A restart reads all; where the flipped bit lies in what is signed the walk finds it, as an hourly
// `verify` would, and the store is mended. What only this disk had of it is lost.
void fault_flip(struct world *w)
{
    uint32_t room = some_room(w);
    struct room *r = &w->rooms[room];
    struct verify_report report;
    struct store *s = NULL;
    char path[200];
    if (!r->office || !room_heard(r))
        return;
    clerk_loses(w, room, UINT32_MAX);
    room_kill(w, room, 500 + below(w, 2000));
    snprintf(path, sizeof path, "%s/store.db", r->dir);
    disk_settle(r->dir);
    r->failures++;
    r->lost = true;
    bool done = disk_flip(path, draw(w));
    int rc = done ? store_open(&s, r->dir) : 0;
    if (rc == 0 && s)
        rc = verify_store(s, w->election, &report);
    store_close(&s);
    world_note(w, "a bit of %s is flipped: %d", r->unit.at, rc);
    if (rc < 0)
        suspect_mark(r->dir);
}

void fault_copy(struct world *w)
{
    uint32_t room = some_room(w);
    struct room *r = &w->rooms[room];
    if (!r->office || !room_heard(r) || r->n_copies >= 60)
        return;
    clerk_copied(w, room);
    if (chance(w, 2)) {
        copy_backup(w, room);
    } else {
        room_kill(w, room, 500 + below(w, 2000));
        copy_out(w, room);
    }
    world_note(w, "%s is copied", r->unit.at);
}

void fault_restore(struct world *w)
{
    uint32_t room = some_copied(w);
    struct room *r = &w->rooms[room];
    if (!r->office || r->n_copies == 0)
        return;
    uint32_t copy = below(w, r->n_copies);
    clerk_loses(w, room, copy);
    room_kill(w, room, 500 + below(w, 2000));
    copy_in(w, room, copy, false);
    world_note(w, "%s is an old copy", r->unit.at);
}

// The old files under the same inodes: only the parent can know. Without a line for longer than an
// office waits this forks its log; mostly the line is good while it starts.
void fault_restore_unseen(struct world *w)
{
    uint32_t room = some_copied(w);
    struct room *r = &w->rooms[room], *parent = &w->rooms[room == 0 ? 0 : r->parent];
    struct office_link_state l;
    if (room == 0 || !r->office || !parent->office || !room_heard(parent) || r->n_copies == 0 ||
        office_taking(parent->office) != TAKING)
        return;
    office_parent(r->office, &l);
    uint32_t copy = below(w, r->n_copies), loss = w->loss, delay = w->delay_ms;
    if (l.word != LINK_CONNECTED || r->deaf || r->mute || r->free_disk == 0 ||
        !copy_has_side_file(w, room, copy))
        return;
    clerk_loses(w, room, copy);
    room_kill(w, room, 0);
    copy_in(w, room, copy, true);
    bool forks = room_is_leaf(w, room) && chance(w, 3);
    r->deaf = r->mute = forks;
    world_note(w, "%s is an old copy, unseen%s", r->unit.at, forks ? ", without a line" : "");
    w->loss = 0;
    w->delay_ms = 30;
    world_run(w, w->now + 10500);
    for (unsigned i = 0; i < 3 && forks; i++)
        clerk_says(w, room);
    r->deaf = r->mute = false;
    w->loss = loss;
    w->delay_ms = delay;
}

void fault_lose(struct world *w)
{
    uint32_t room = some_room(w);
    if (!w->rooms[room].office)
        return;
    clerk_loses(w, room, UINT32_MAX);
    room_kill(w, room, 500 + below(w, 5000));
    store_lose(w, room);
    world_note(w, "%s has lost its store", w->rooms[room].unit.at);
}

void faults_end(struct world *w)
{
    w->loss = 0;
    w->delay_ms = 30;
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        struct room *r = &w->rooms[i];
        if (r->gone)
            continue;
        room_well(w, i);
        disk_sync_fails_after(r->dir, -1);
        if (!disk_is_off(r->dir)) // also of one that was killed before its power went
            disk_dies_after(r->dir, -1);
        room_settle(w, i);
        if (!r->office)
            r->starts_at = w->now;
    }
    world_stir(w);
    world_note(w, "the faults are over");
}

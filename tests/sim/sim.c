// sim.c - plays seeded worlds of real offices through faults, and looks at what must hold after them.
//
//   sim --seeds A-B        sim --seed N [--trace | --frames]     sim --list FILE: seeds that once failed
#include "disk.h"
#include "oracle.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAL_MS = 60000, START_MS = 20000 };

static void load_plan(struct world *w, uint32_t version)
{
    static uint8_t buffer[256 * 1024];
    size_t n = clerk_plan(w, version, buffer, sizeof buffer);
    if (!w->rooms[0].office)
        return;
    room_turn(w, 0);
    if (!w->rooms[0].office)
        return;
    int rc = office_load_plan(w->rooms[0].office, bytes_of(buffer, n), world_time(w, &w->rooms[0]));
    world_note(w, "plan %u: %d", version, rc);
    if (rc < 0 && rc != -EEXIST && rc != -ENOSPC)
        world_violation(w, "a plan is taken", "%d", rc);
    room_turn(w, 0);
}

// A province, a district and two communes; from other seeds more: a commune without a district, tiers.
static void settle_rooms(struct world *w)
{
    uint32_t top = world_room(w, "01", ROOM_NONE), district = world_room(w, "01D", top);
    world_room(w, "01D1", district);
    world_room(w, "01D2", district);
    if (w->seed % 3 == 1)
        world_room(w, "01E", top);
    if (w->seed % 5 == 2) {
        uint32_t other = world_room(w, "01F", top);
        world_room(w, "01F1", other);
    }
    if (w->seed % 4 == 3) { // four tiers: sums of sums
        uint32_t region = world_room(w, "01G", top), below_it = world_room(w, "01GA", region);
        world_room(w, "01GA1", below_it);
        world_room(w, "01GA2", below_it);
    }
    for (uint32_t i = 0; i < w->n_rooms; i++)
        w->rooms[i].skew = (int64_t)below(w, 5000) - 2500;
    for (uint32_t i = w->n_rooms; i-- > 0;)
        room_start(w, i);
}

static uint32_t some_room(struct world *w)
{
    return below(w, w->n_rooms);
}

static bool is_leaf(const struct world *w, uint32_t room)
{
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].parent == room)
            return false;
    return true;
}

static void say_something(struct world *w)
{
    uint32_t room = some_room(w);
    if (is_leaf(w, room))
        clerk_says(w, room);
    else if (chance(w, 3))
        clerk_phones(w, room);
    else if (chance(w, 2))
        clerk_chooses(w, room);
}

static void kill_one(struct world *w)
{
    uint32_t room = some_room(w);
    if (!w->rooms[room].office)
        return;
    if (chance(w, 2))
        w->rooms[room].sends_left = (int)below(w, 6); // in the middle of what it sends
    else
        room_kill(w, room, 200 + below(w, 15000));
    room_settle(w, room);
}

static void hurt_link(struct world *w)
{
    uint32_t room = 1 + below(w, w->n_rooms - 1);
    struct room *r = &w->rooms[room];
    switch (below(w, 5)) {
    case 0: r->deaf = true; break;
    case 1: r->mute = true; break;
    case 2: r->deaf = r->mute = true; break;
    case 3: r->deaf = r->mute = false; break;
    default: wire_break(w, room, chance(w, 2), chance(w, 2)); break;
    }
    world_note(w, "link of %s: deaf %d mute %d", r->unit.at, r->deaf, r->mute);
}

static void lose_store(struct world *w)
{
    uint32_t room = some_room(w);
    if (!w->rooms[room].office)
        return;
    clerk_loses(w, room, UINT32_MAX);
    room_kill(w, room, 500 + below(w, 5000));
    store_lose(w, room);
    world_note(w, "%s has lost its store", w->rooms[room].unit.at);
}

static void copy_store(struct world *w)
{
    uint32_t room = some_room(w);
    struct room *r = &w->rooms[room];
    if (!r->office || r->n_copies >= 60)
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

static void restore_store(struct world *w)
{
    uint32_t room = some_room(w);
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
// office waits this would fork its log, so the line is good while it starts.
static void restore_unseen(struct world *w)
{
    uint32_t room = 1 + below(w, w->n_rooms - 1);
    struct room *r = &w->rooms[room], *parent = &w->rooms[r->parent];
    struct office_link_state l;
    if (!r->office || !parent->office || parent->sends_left != -1 || r->n_copies == 0 ||
        office_taking(parent->office) != TAKING)
        return;
    office_parent(r->office, &l);
    if (l.word != LINK_CONNECTED || r->deaf || r->mute || r->free_disk == 0)
        return;
    uint32_t copy = below(w, r->n_copies), loss = w->loss;
    if (!copy_has_side_file(w, room, copy))
        return;
    clerk_loses(w, room, copy);
    room_kill(w, room, 0);
    copy_in(w, room, copy, true);
    world_note(w, "%s is an old copy, unseen", r->unit.at);
    w->loss = 0;
    world_run(w, w->now + 10500);
    w->loss = loss;
}

static void retire_one(struct world *w)
{
    uint32_t room = some_room(w), hub = w->rooms[room].parent;
    if (!is_leaf(w, room) || !w->rooms[hub].office || !w->rooms[room].office ||
        office_wait(w->rooms[hub].office, world_time(w, &w->rooms[hub])) > 0 ||
        office_taking(w->rooms[hub].office) != TAKING)
        return;
    int rc = office_retire(w->rooms[hub].office, &w->rooms[room].unit, bytes_text("p9"),
                           bytes_text("máy bị mất"), world_time(w, &w->rooms[hub]));
    world_note(w, "%s is retired: %d", w->rooms[room].unit.at, rc);
    if (rc < 0)
        return;
    clerk_retired(w, room, hub);
    clerk_loses(w, room, UINT32_MAX);
    room_kill(w, room, 2000);
    store_lose(w, room);
    room_new_machine(w, room);
}

static void fill_disk(struct world *w)
{
    struct room *r = &w->rooms[some_room(w)];
    if (chance(w, 3)) { // full in the middle of a write
        int writes = chance(w, 2) ? (int)below(w, 60) : -1;
        disk_fails_after(r->dir, writes);
        world_note(w, "%s has room for %d writes", r->unit.at, writes);
        return;
    }
    r->free_disk = r->free_disk == 0 ? 1000000 : chance(w, 3) ? 0 : 1000000;
    world_note(w, "%s has %llu bytes free", r->unit.at, (unsigned long long)r->free_disk);
}

static void something_happens(struct world *w, uint32_t *version)
{
    uint32_t what = below(w, 100);
    if (what < 60)
        say_something(w);
    else if (what < 70)
        hurt_link(w);
    else if (what < 78)
        kill_one(w);
    else if (what < 81)
        clerk_again(w);
    else if (what < 84)
        copy_store(w);
    else if (what < 85)
        restore_store(w);
    else if (what < 86)
        restore_unseen(w);
    else if (what < 88)
        lose_store(w);
    else if (what < 91)
        fill_disk(w);
    else if (what < 93)
        clerk_babbles(w, 1 + below(w, w->n_rooms - 1));
    else if (what < 94)
        load_plan(w, ++*version);
    else if (what < 95)
        retire_one(w);
    else
        w->loss = chance(w, 2) ? 0 : 20 + below(w, 200);
}

static void heal(struct world *w, uint32_t version)
{
    w->loss = 0;
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        struct room *r = &w->rooms[i];
        if (r->conn && w->conns[r->conn].lost)
            wire_break(w, i, true, true); // no link loses a frame and goes on for ever
        r->deaf = r->mute = false;
        r->free_disk = 1000000;
        r->sends_left = -1;
        disk_fails_after(r->dir, -1);
        if (!r->office)
            r->starts_at = w->now;
    }
    world_note(w, "the faults are over");
    world_run(w, w->now + HEAL_MS / 2);
    if (!office_plan(w->rooms[0].office) || office_plan(w->rooms[0].office)->version < version)
        load_plan(w,
                  version); // plans do not go up: a top that lost its store is given its own again
    clerk_again(w);
    world_run(w, w->now + HEAL_MS / 2);
}

static bool play(uint64_t seed, bool trace, bool frames)
{
    static struct world w;
    uint32_t version = 1, events = 60 + (uint32_t)(seed % 7) * 40;
    world_open(&w, seed, trace);
    w.frames = frames;
    settle_rooms(&w);
    load_plan(&w, version);
    world_run(&w, START_MS);
    for (uint32_t i = 1; i < w.n_rooms && !w.violation; i++)
        if (!office_plan(w.rooms[i].office))
            world_violation(&w, "the plan reaches every office", "%s", w.rooms[i].unit.at);
    for (uint32_t i = 0; i < events && !w.violation; i++) {
        something_happens(&w, &version);
        world_run(&w, w.now + (chance(&w, 8) ? 20000 : 1 + below(&w, 1500)));
    }
    if (!w.violation)
        heal(&w, version);
    if (!w.violation)
        oracle_check(&w);
    if (!w.violation)
        oracle_steady(&w);
    bool good = !w.violation;
    if (!good && trace)
        oracle_show(&w);
    if (!good)
        printf("seed %llu at %.3f s: %s: %s\n", (unsigned long long)seed, (double)w.now / 1000,
               w.violation, w.detail);
    world_close(&w);
    return good;
}

static uint64_t play_list(const char *path, uint64_t *ret_failed)
{
    char line[64];
    uint64_t n = 0;
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        char *end;
        uint64_t seed = strtoull(line, &end, 10);
        if (end == line)
            continue;
        *ret_failed += !play(seed, false, false);
        n++;
    }
    fclose(f);
    return n;
}

int main(int argc, char **argv)
{
    uint64_t from = 1, to = 20, failed = 0, n = 0;
    bool trace = false, frames = false;
    const char *list = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--trace") == 0)
            trace = true;
        else if (strcmp(argv[i], "--frames") == 0)
            trace = frames = true;
        else if (i + 1 < argc && strcmp(argv[i], "--list") == 0)
            list = argv[++i];
        else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            from = to = strtoull(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--seeds") == 0 && strchr(argv[i + 1], '-')) {
            from = strtoull(argv[++i], NULL, 10);
            to = strtoull(strchr(argv[i], '-') + 1, NULL, 10);
        } else {
            fprintf(stderr, "sim --seeds A-B | --seed N [--trace | --frames] | --list FILE\n");
            return 2;
        }
    }
    disk_install();
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (list)
        n += play_list(list, &failed);
    for (uint64_t seed = from; seed <= to && !(list && from == 1 && to == 20); seed++, n++)
        failed += !play(seed, trace, frames);
    printf("sim: %llu seeds, %llu violations\n", (unsigned long long)n, (unsigned long long)failed);
    return failed > 0;
}

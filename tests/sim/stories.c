// stories.c - what happens to offices of a simulated world over several steps: keys, machines, plans, words.
#include "stories.h"
#include "clerk.h"
#include "disk.h"
#include <errno.h>
#include <unistd.h>
#include <stdio.h>

void story_plan(struct world *w, uint32_t version)
{
    static uint8_t buffer[256 * 1024];
    size_t n = clerk_plan(w, version, buffer, sizeof buffer);
    struct room *top = &w->rooms[0];
    if (!top->office || room_turn(w, 0) == -EIO)
        return;
    int rc = office_load_plan(top->office, bytes_of(buffer, n), world_time(w, top));
    world_note(w, "plan %u: %d", version, rc);
    if (room_judge(w, 0, rc == -EEXIST ? 0 : rc, "a plan is taken"))
        room_turn(w, 0);
}

void story_new_plan(struct world *w)
{
    w->n_shuffles += chance(w, 2);
    story_plan(w, ++w->version);
}

// One that is at work, or ROOM_NONE: a leaf, or a hub.
static uint32_t some_of(struct world *w, bool hub, uint32_t first)
{
    uint32_t from = below(w, w->n_rooms);
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        uint32_t room = (from + i) % w->n_rooms;
        const struct room *r = &w->rooms[room];
        if (room >= first && r->hub == hub && r->office && room_heard(r) && !r->twin)
            return room;
    }
    return ROOM_NONE;
}

static uint32_t some_leaf(struct world *w)
{
    return some_of(w, false, 1);
}

static uint32_t some_hub(struct world *w, bool with_top)
{
    return some_of(w, true, with_top ? 0 : 1);
}

static bool is_below(const struct world *w, uint32_t room, uint32_t hub)
{
    for (uint32_t up = w->rooms[room].parent; up != ROOM_NONE; up = w->rooms[up].parent)
        if (up == hub)
            return true;
    return false;
}

static void move(struct world *w, uint32_t room, uint32_t to)
{
    struct room *r = &w->rooms[room];
    if (r->moved_in > 0) // the plan names one former parent; the words of one before it are over
        for (uint32_t i = 0; i < w->n_rooms; i++)
            if (i != room)
                clerk_excuses(w, i, room);
    r->former = w->rooms[r->parent].unit;
    r->moved_in = w->version;
    r->parent = to;
    world_note(w, "%s moves from %s to %s", r->unit.at, r->former.at, w->rooms[to].unit.at);
}

void story_moves(struct world *w)
{
    uint32_t room = some_leaf(w), to = some_hub(w, true);
    if (room == ROOM_NONE || to == ROOM_NONE || to == w->rooms[room].parent ||
        w->rooms[room].moved_in > 0 || !w->rooms[0].office)
        return;
    w->version++;
    move(w, room, to);
    story_plan(w, w->version);
    world_run(w, w->now + below(w, 20000));
    room_enrol(w, room);
}

void story_never_returns(struct world *w)
{
    uint32_t hub = some_hub(w, false);
    if (hub == ROOM_NONE || w->rooms[hub].parent != 0 || w->never_returned || !w->rooms[0].office)
        return;
    bool had[ROOMS_MAX];
    w->never_returned = true;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        had[i] = is_below(w, i, hub);
    clerk_loses(w, hub, UINT32_MAX);
    clerk_excuses(w, hub, ROOM_NONE);
    world_note(w, "%s is gone for ever", w->rooms[hub].unit.at);
    room_gone(w, hub);
    world_run(w, w->now + below(w, 120000));
    w->version++;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].parent == hub)
            move(w, i, 0);
    story_plan(w, w->version);
    for (uint32_t i = 0; i < w->n_rooms && !w->violation; i++) // and those below them
        if (had[i] && !w->rooms[i].gone)
            room_enrol(w, i);
}

// The old machine goes on for a while, and is not let in any more; then another takes its place.
void story_retires(struct world *w)
{
    uint32_t room = some_leaf(w), hub = room == ROOM_NONE ? 0 : w->rooms[room].parent;
    if (room == ROOM_NONE || !w->rooms[hub].office || !room_heard(&w->rooms[hub]) ||
        office_wait(w->rooms[hub].office, world_time(w, &w->rooms[hub])) > 0 ||
        office_taking(w->rooms[hub].office) != TAKING)
        return;
    for (unsigned i = 0; i < 3; i++)
        clerk_says(w, room);
    world_run(w, w->now + below(w, 100));
    if (!w->rooms[hub].office || !w->rooms[room].office || w->violation)
        return;
    int rc = office_retire(w->rooms[hub].office, &w->rooms[room].unit, bytes_text("p9"),
                           bytes_text("máy bị mất"), world_time(w, &w->rooms[hub]));
    world_note(w, "%s is retired: %d", w->rooms[room].unit.at, rc);
    if (room_judge(w, hub, rc, "a key is retired") && rc == 0) {
        w->rooms[room].retired = true;
        office_bye(w->rooms[hub].office, &w->rooms[room].unit, "this machine's key was retired");
        room_turn(w, hub);
        clerk_says(w, room);
        world_run(w, w->now + below(w, 30000));
    }
    if (w->rooms[hub].office) // else nobody knows where the line was drawn, if it was
        clerk_retired(w, room, hub);
    else
        clerk_excuses(w, room, ROOM_NONE);
    clerk_loses(w, room, UINT32_MAX);
    room_kill(w, room, 2000);
    w->rooms[room].starts_at = w->now + 2000;
    store_lose(w, room);
    w->rooms[room].retired = false;
    room_new_machine(w, room);
}

// As the manual says: a token of its parent sets it up anew, and its own tokens the units below it.
void story_new_keys(struct world *w)
{
    uint32_t hub = some_hub(w, false);
    if (hub == ROOM_NONE)
        return;
    clerk_loses(w, hub, UINT32_MAX);
    room_kill(w, hub, 2000 + below(w, 10000));
    store_lose(w, hub);
    world_note(w, "%s has lost its store and its keys", w->rooms[hub].unit.at);
    room_new_machine(w, hub);
    world_run(w, w->now + below(w, 20000));
    for (uint32_t i = 0; i < w->n_rooms && !w->violation; i++)
        if (is_below(w, i, hub) && !w->rooms[i].gone)
            room_enrol(w, i);
}

void story_same_keys(struct world *w)
{
    uint32_t hub = some_hub(w, true);
    char path[300];
    if (hub == ROOM_NONE)
        return;
    clerk_loses(w, hub, UINT32_MAX);
    room_kill(w, hub, 2000 + below(w, 10000));
    store_lose(w, hub);
    snprintf(path, sizeof path, "%s/store.id", w->rooms[hub].dir);
    unlink(path);
    world_note(w, "%s has nothing but its identity on paper", w->rooms[hub].unit.at);
}

// The other machine has a copy of the store, or begins with nothing. Of two hubs the children go to one.
void story_twin(struct world *w)
{
    uint32_t room = 1 + below(w, w->n_rooms - 1);
    struct room *r = &w->rooms[room];
    bool with_store = chance(w, 2);
    if (!r->office || !room_heard(r) || r->twin || w->n_twins >= 3)
        return;
    if (with_store) {
        room_kill(w, room, 200);
        disk_settle(r->dir);
    }
    uint32_t twin = room_twin(w, room, with_store);
    if (twin == ROOM_NONE)
        return;
    w->n_twins++;
    world_note(w, "%s has a twin %u, %s", r->unit.at, twin, with_store ? "a copy" : "empty");
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (r->hub && w->rooms[i].parent == room && chance(w, 2)) {
            w->rooms[i].parent = twin;
            wire_break(w, i, true, false);
        }
    for (unsigned i = 0; i < 4 && !w->violation; i++) {
        world_run(w, w->now + below(w, 15000));
        if (r->hub) {
            clerk_phones(w, chance(w, 2) ? room : twin);
        } else {
            clerk_says(w, room);
            clerk_says(w, twin);
        }
    }
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].parent == twin) {
            w->rooms[i].parent = room;
            wire_break(w, i, true, false);
        }
    clerk_loses(w, twin, UINT32_MAX);
    room_gone(w, twin);
}

void story_word_lost(struct world *w)
{
    uint32_t room = some_leaf(w), hub = room == ROOM_NONE ? 0 : w->rooms[room].parent;
    if (room == ROOM_NONE || !w->rooms[hub].office || !room_heard(&w->rooms[hub]))
        return;
    w->rooms[room].deaf = w->rooms[room].mute = true;
    clerk_says(w, room);
    for (unsigned i = 0; i < 6 && !w->violation; i++)
        clerk_phones(w, hub);
    world_run(w, w->now + below(w, 3000));
    if (!w->rooms[hub].office || w->violation)
        return;
    clerk_loses(w, hub, UINT32_MAX);
    room_kill(w, hub, 500 + below(w, 5000));
    store_lose(w, hub);
    world_note(w, "%s has lost its store, and words with it", w->rooms[hub].unit.at);
    world_run(w, w->now + below(w, 20000));
    w->rooms[room].deaf = w->rooms[room].mute = false;
}

void story_commit_fails(struct world *w)
{
    uint32_t room = some_leaf(w), hub = room == ROOM_NONE ? 0 : w->rooms[room].parent;
    if (room == ROOM_NONE || !w->rooms[hub].office || !room_heard(&w->rooms[hub]))
        return;
    struct room *r = &w->rooms[room], *h = &w->rooms[hub];
    r->mute = true;
    for (unsigned i = 0; i < 4 && !w->violation; i++)
        clerk_says(w, room);
    wire_break(w, room, true, true);
    r->mute = false;
    disk_fails_after(h->dir, (int)below(w, 12));
    world_note(w, "a commit of %s will fail", h->unit.at);
    world_run(w, w->now + 1000 + below(w, 20000));
    disk_fails_after(h->dir, -1);
}

void story_no_summary(struct world *w)
{
    uint32_t room = some_leaf(w), hub = room == ROOM_NONE ? 0 : w->rooms[room].parent;
    if (room == ROOM_NONE || hub == 0 || !w->rooms[hub].office)
        return;
    for (unsigned i = 0; i < 3 && !w->violation; i++) { // the second is kept back for a second
        clerk_says(w, room);
        world_run(w, w->now + 50 + below(w, 300));
    }
    room_kill(w, hub, 200 + below(w, 5000));
}

void story_operators(struct world *w)
{
    for (uint32_t i = 1; i < w->n_rooms && !w->violation; i++) {
        const struct room *r = &w->rooms[i];
        struct room *hub = &w->rooms[r->parent];
        if (r->twin || r->gone || !hub->office)
            continue;
        int rc = office_admit_held(hub->office, &r->unit, 0, bytes_text("p9"), world_time(w, hub));
        if (rc != -ENOENT)
            world_note(w, "what is held of %s counts: %d", r->unit.at, rc);
        if (room_judge(w, r->parent, rc == -ENOENT ? 0 : rc, "what is held may count"))
            room_turn(w, r->parent);
    }
}

// machines.c - offices of a simulated world at work: they start, turn, stop, and are gone.
#include "common/office/verify.h"
#include "disk.h"
#include "watch.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

// A room that dies when this call is over is not heard any more.
bool room_heard(const struct room *r)
{
    return r->sends_left != 0 && !disk_is_off(r->dir);
}

void room_settle(struct world *w, uint32_t room)
{
    if (w->rooms[room].office && !room_heard(&w->rooms[room]))
        room_kill(w, room, 200 + below(w, 8000));
}

// An I/O error stops the program; the next start mends what it left.
static void stop_suspect(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    world_note(w, "%s meets an I/O error", r->unit.at);
    suspect_mark(r->dir);
    room_kill(w, room, 500 + below(w, 3000));
}

bool room_judge(struct world *w, uint32_t room, int rc, const char *rule)
{
    struct room *r = &w->rooms[room];
    if (!room_heard(r))
        room_settle(w, room);
    else if (rc == -EIO && r->failures > 0)
        stop_suspect(w, room);
    else if (rc < 0 && rc != -ENOSPC && rc != -EAGAIN)
        world_violation(w, rule, "%s: %d", r->unit.at, rc);
    return r->office != NULL;
}

int room_turn(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    int rc = office_turn(r->office, world_time(w, r));
    w->turns++;
    if (!room_judge(w, room, rc, "an office goes on"))
        return rc < 0 ? rc : -EIO;
    watch_turn(w, room);
    return rc;
}

// As a hub does from its file of children.
static void admit_children(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    bool any = false;
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        struct room *c = &w->rooms[i];
        struct certificate cert;
        if (c->parent != room || c->retired || c->gone)
            continue;
        int rc = certificate_check(&cert, bytes_of(c->certificate, c->n_certificate), w->election);
        assert(rc == 0);
        rc = office_admit_next(r->office, &cert, bytes_of(c->certificate, c->n_certificate));
        assert(rc == 0 || rc == -EACCES); // retired, and it will have another key
        any = true;
    }
    if (any)
        room_turn(w, room);
}

// As the daemon does: a store that is suspect is mended, whatever made it so.
static int open_office(struct world *w, uint32_t room, const struct office_setup *setup)
{
    struct room *r = &w->rooms[room];
    char path[200];
    snprintf(path, sizeof path, "%s/" SUSPECT_FILE, r->dir);
    bool suspect = access(path, F_OK) == 0;
    int rc = suspect ? -EIO : office_open(&r->office, setup, world_time(w, r));
    if (rc != -EIO)
        return rc;
    disk_settle(r->dir); // by other names from now on
    r->lost = true;
    rc = suspect_mend(r->dir, w->election, world_time(w, r).wall);
    world_note(w, "%s is mended: %d", r->unit.at, rc);
    return rc == 0 ? office_open(&r->office, setup, world_time(w, r)) : rc;
}

void room_start(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    struct office_setup setup = {.dir = r->dir,
                                 .identity = &r->id,
                                 .boot = draw(w),
                                 .later = r->worked,
                                 .beat_ms = w->beat_ms,
                                 .full_bytes = r->full_bytes,
                                 .budget = r->budget,
                                 .doors = world_doors(w, room)};
    r->sends_left = -1;
    r->conn = 0;
    r->starts_at = NEVER;
    world_stir(w);
    int rc = open_office(w, room, &setup);
    world_note(w, "%s starts: %d%s", r->unit.at, rc,
               rc == 0 && office_renewed(r->office) ? ", renewed" : "");
    if (rc < 0 && (rc == -ENOSPC || r->failures > 0 || disk_is_off(r->dir))) {
        if (disk_is_off(r->dir)) // its power went while it started
            disk_forget(r->dir, draw(w));
        r->starts_at = w->now + 3000; // it is started again and again
        return;
    }
    if (rc < 0) {
        world_violation(w, "an office starts", "%s: %d", r->unit.at, rc);
        return;
    }
    r->worked = true;
    watch_start(w, room);
    admit_children(w, room);
    if (r->office && room_heard(r))
        watch_turn(w, room);
}

void room_kill(struct world *w, uint32_t room, int64_t starts_in)
{
    struct room *r = &w->rooms[room];
    if (!r->office)
        return;
    bool power = disk_is_off(r->dir) || chance(w, 2); // else only the process is gone
    world_note(w, "%s dies%s", r->unit.at, power ? ", and its power" : "");
    if (power)
        disk_cut_power(r->dir);
    office_close(&r->office);
    if (power)
        disk_forget(r->dir, draw(w));
    r->starts_at = w->now + starts_in;
    wire_break(w, room, false, chance(w, 2));
    r->conn = 0;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].conn && w->conns[w->rooms[i].conn].parent == room)
            wire_break(w, i, chance(w, 2), false);
}

void room_well(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    r->well_at = NEVER;
    if (r->conn && w->conns[r->conn].lost)
        wire_break(w, room, true, true); // no link loses a frame and goes on for ever
    r->deaf = r->mute = false;
    r->free_disk = 1000000;
    disk_fails_after(r->dir, -1);
    world_note(w, "%s is well", r->unit.at);
}

void room_gone(struct world *w, uint32_t room)
{
    room_kill(w, room, 0);
    w->rooms[room].starts_at = NEVER;
    w->rooms[room].gone = true;
}

// rooms.c - what stands on the disks of a simulated world: identities, state directories, their copies.
#include "world.h"
#include <assert.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {"store.db", "store.db-wal", "store.id"};
enum { N_FILES = sizeof files / sizeof files[0] };

void world_open(struct world *w, uint64_t seed, bool trace)
{
    *w = (struct world){
        .seed = seed, .rng = seed * 0x2545f4914f6cdd1du + 1, .trace = trace, .delay_ms = 30};
    snprintf(w->base, sizeof w->base, "%s/dantin-sim-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    char *made = mkdtemp(w->base);
    assert(made);
    for (unsigned i = 0; i < ELECTION_SIZE; i++)
        w->election[i] = (uint8_t)draw(w);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st, (void)type, (void)walk;
    return remove(path);
}

void world_close(struct world *w)
{
    for (uint32_t i = 0; i < w->n_rooms; i++)
        office_close(&w->rooms[i].office);
    for (uint32_t i = 0; i < w->n_parcels; i++)
        free(w->parcels[i].bytes);
    nftw(w->base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(w->parcels), free(w->conns), free(w->statements), free(w->helds);
}

void room_new_identity(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    uint8_t seed[SEED_SIZE], voucher_secret[SECRET_SIZE];
    struct identity *id = &r->id;
    struct certificate c = {.unit = r->unit};
    *id = (struct identity){.unit = r->unit, .incarnation = draw(w)};
    memcpy(id->election, w->election, ELECTION_SIZE);
    for (unsigned i = 0; i < SEED_SIZE; i++)
        seed[i] = (uint8_t)draw(w);
    key_pair(seed, id->key, id->secret);
    seed[0] ^= 0xff;
    key_pair(seed, c.voucher, voucher_secret);
    for (uint32_t up = r->parent; up != ROOM_NONE; up = w->rooms[up].parent) {
        id->signers[id->n_signers].unit = w->rooms[up].unit;
        memcpy(id->signers[id->n_signers++].key, w->rooms[up].id.key, KEY_SIZE);
    }
    c.incarnation = id->incarnation;
    memcpy(c.key, id->key, KEY_SIZE);
    r->n_certificate =
        certificate_make(&c, w->election, id->secret, voucher_secret, r->certificate);
}

uint32_t world_room(struct world *w, const char *code, uint32_t parent)
{
    uint32_t room = w->n_rooms++;
    struct room *r = &w->rooms[room];
    assert(room < ROOMS_MAX);
    *r = (struct room){.unit = code_of(bytes_text(code)),
                       .parent = parent,
                       .starts_at = NEVER,
                       .sends_left = -1,
                       .full_bytes = 1000,
                       .free_disk = 1000000};
    snprintf(r->dir, sizeof r->dir, "%s/%s", w->base, code);
    mkdir(r->dir, 0700);
    room_new_identity(w, room);
    return room;
}

// Into the file that is there, so that its inode stays, or as a new one.
static void copy_file(const char *from, const char *to, bool same_inode)
{
    char buffer[65536];
    size_t n;
    if (!same_inode)
        unlink(to);
    FILE *in = fopen(from, "rb");
    if (!in) {
        unlink(to);
        return;
    }
    FILE *out = fopen(to, same_inode ? "r+b" : "wb");
    if (!out)
        out = fopen(to, "wb");
    assert(out);
    while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
        fwrite(buffer, 1, n, out);
    fflush(out);
    int rc = ftruncate(fileno(out), ftell(out));
    assert(rc == 0);
    fclose(in);
    fclose(out);
}

void copy_out(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    char from[300], to[300];
    assert(!r->office);
    for (unsigned i = 0; i < N_FILES; i++) {
        snprintf(from, sizeof from, "%s/%s", r->dir, files[i]);
        snprintf(to, sizeof to, "%s/copy%u-%s", r->dir, r->n_copies, files[i]);
        copy_file(from, to, false);
    }
    r->n_copies++;
}

void copy_backup(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    char to[300];
    for (unsigned i = N_FILES; i-- > 0;) { // of a machine before this one
        snprintf(to, sizeof to, "%s/copy%u-%s", r->dir, r->n_copies, files[i]);
        unlink(to);
    }
    int rc = office_backup(r->office, to);
    if (rc < 0 && rc != -ENOSPC)
        world_violation(w, "a backup can be made", "%s: %d", r->unit.at, rc);
    r->n_copies += rc == 0;
}

void copy_in(struct world *w, uint32_t room, uint32_t copy, bool same_inode)
{
    struct room *r = &w->rooms[room];
    char from[300], to[300];
    assert(!r->office);
    for (unsigned i = 0; i < N_FILES; i++) {
        snprintf(from, sizeof from, "%s/copy%u-%s", r->dir, copy, files[i]);
        snprintf(to, sizeof to, "%s/%s", r->dir, files[i]);
        if (i + 1 < N_FILES || access(from, R_OK) == 0)
            copy_file(from, to, same_inode);
    }
    snprintf(to, sizeof to, "%s/store.db-shm", r->dir);
    unlink(to);
}

bool copy_has_side_file(const struct world *w, uint32_t room, uint32_t copy)
{
    char path[300];
    snprintf(path, sizeof path, "%s/copy%u-store.id", w->rooms[room].dir, copy);
    return access(path, R_OK) == 0;
}

void store_lose(struct world *w, uint32_t room)
{
    char path[300];
    assert(!w->rooms[room].office);
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", w->rooms[room].dir, files[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/store.db-shm", w->rooms[room].dir);
    unlink(path);
}

void room_new_machine(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room], *hub = &w->rooms[r->parent];
    struct certificate c;
    char path[300];
    snprintf(path, sizeof path, "%s/store.id", r->dir);
    unlink(path);
    r->n_copies = 0;
    for (uint32_t i = 0; i < w->n_statements; i++)
        w->statements[i].in_copies &= w->statements[i].room == room ? 0 : UINT64_MAX;
    room_new_identity(w, room);
    int rc = certificate_check(&c, bytes_of(r->certificate, r->n_certificate), w->election);
    assert(rc == 0);
    rc = office_admit(hub->office, &c, bytes_of(r->certificate, r->n_certificate),
                      world_time(w, hub));
    if (rc < 0 && rc != -EAGAIN && rc != -ENOSPC)
        world_violation(w, "a new machine is admitted", "%d", rc);
}

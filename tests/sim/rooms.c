// rooms.c - what stands on the disks of a simulated world: identities, state directories, their copies.
#include "disk.h"
#include "watch.h"
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
    disk_reset();
    watch_open(w);
    for (unsigned i = 0; i < ELECTION_SIZE; i++)
        w->election[i] = (uint8_t)draw(w);
}

bool room_is_leaf(const struct world *w, uint32_t room)
{
    return !w->rooms[room].hub;
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
    free(w->parcels), free(w->conns), free(w->statements);
    watch_close(w);
}

// Who signs above now, and behind them former ones, whose words are kept and checked.
void room_signers(struct world *w, uint32_t room)
{
    struct identity *id = &w->rooms[room].id;
    struct signer before[SIGNERS_MAX];
    unsigned n = id->n_signers, k;
    memcpy(before, id->signers, sizeof before);
    id->n_signers = 0;
    for (uint32_t up = w->rooms[room].parent; up != ROOM_NONE; up = w->rooms[up].parent) {
        id->signers[id->n_signers].unit = w->rooms[up].unit;
        memcpy(id->signers[id->n_signers++].key, w->rooms[up].id.key, KEY_SIZE);
    }
    for (unsigned i = 0; i < n && id->n_signers < SIGNERS_MAX; i++) {
        for (k = 0; k < id->n_signers && !code_same(&id->signers[k].unit, &before[i].unit);)
            k++;
        if (k == id->n_signers)
            id->signers[id->n_signers++] = before[i];
    }
}

static void make_certificate(struct world *w, struct room *r)
{
    uint8_t seed[SEED_SIZE], voucher_secret[SECRET_SIZE];
    struct certificate c = {.unit = r->unit, .incarnation = r->id.incarnation};
    for (unsigned i = 0; i < SEED_SIZE; i++)
        seed[i] = (uint8_t)draw(w);
    key_pair(seed, c.voucher, voucher_secret);
    memcpy(c.key, r->id.key, KEY_SIZE);
    r->n_certificate =
        certificate_make(&c, w->election, r->id.secret, voucher_secret, r->certificate);
}

void room_new_identity(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    uint8_t seed[SEED_SIZE];
    struct identity *id = &r->id;
    *id = (struct identity){.unit = r->unit, .incarnation = draw(w)};
    memcpy(id->election, w->election, ELECTION_SIZE);
    for (unsigned i = 0; i < SEED_SIZE; i++)
        seed[i] = (uint8_t)draw(w);
    key_pair(seed, id->key, id->secret);
    room_signers(w, room);
    make_certificate(w, r);
}

uint32_t world_room(struct world *w, const char *code, uint32_t parent)
{
    uint32_t room = w->n_rooms++;
    struct room *r = &w->rooms[room];
    assert(room < ROOMS_MAX);
    if (parent != ROOM_NONE)
        w->rooms[parent].hub = true;
    *r = (struct room){.unit = code_of(bytes_text(code)),
                       .parent = parent,
                       .starts_at = NEVER,
                       .well_at = NEVER,
                       .sends_left = -1,
                       .full_bytes = 1000,
                       .free_disk = 1000000};
    snprintf(r->dir, sizeof r->dir, "%s/%s", w->base, code);
    mkdir(r->dir, 0700);
    disk_add(r->dir);
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
    r->n_copies += rc == 0;
    room_judge(w, room, rc, "a backup can be made");
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
    r->lost = true;
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
    w->rooms[room].lost = true;
}

// By the parent's list of children, at once or as soon as it may be said.
static void admit(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room], *hub = &w->rooms[r->parent];
    struct certificate c;
    int rc = certificate_check(&c, bytes_of(r->certificate, r->n_certificate), w->election);
    assert(rc == 0);
    if (!hub->office)
        return; // it reads its list when it starts
    rc = office_admit(hub->office, &c, bytes_of(r->certificate, r->n_certificate),
                      world_time(w, hub));
    room_judge(w, r->parent, rc, "a new machine is admitted");
}

void room_new_machine(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    char path[300];
    snprintf(path, sizeof path, "%s/store.id", r->dir);
    unlink(path);
    r->n_copies = 0;
    r->worked = false;
    for (uint32_t i = 0; i < w->n_statements; i++)
        w->statements[i].in_copies &= w->statements[i].room == room ? 0 : UINT64_MAX;
    room_new_identity(w, room);
    if (r->parent != ROOM_NONE)
        admit(w, room);
}

void room_enrol(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    room_kill(w, room, 500 + below(w, 3000));
    room_signers(w, room);
    make_certificate(w, r);
    admit(w, room);
}

uint32_t room_twin(struct world *w, uint32_t room, bool with_store)
{
    struct room *r = &w->rooms[room];
    uint32_t twin = w->n_rooms;
    char from[300], to[300];
    if (twin == ROOMS_MAX)
        return ROOM_NONE;
    w->n_rooms++;
    struct room *t = &w->rooms[twin];
    *t = *r;
    snprintf(t->dir, sizeof t->dir, "%s/twin%u", w->base, twin);
    mkdir(t->dir, 0700);
    disk_add(t->dir);
    t->office = NULL;
    t->starts_at = w->now;
    t->conn = t->n_copies = 0;
    t->worked = true;
    t->twin = true;
    for (unsigned i = 0; i < N_FILES && with_store; i++) {
        snprintf(from, sizeof from, "%s/%s", r->dir, files[i]);
        snprintf(to, sizeof to, "%s/%s", t->dir, files[i]);
        copy_file(from, to, false);
    }
    return twin;
}

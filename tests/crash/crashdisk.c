// crashdisk.c - the crash disks as a whole: their images, what is to come, and the draw when the power goes.
#include "crashinside.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct image { // of what is synced: an inode's bytes follow each other in `bytes`
    struct name names[NAMES];
    enum kind kinds[FILES];
    uint64_t born[FILES], births;
    int64_t sizes[FILES];
    uint8_t bytes[];
};

static struct disk *disks;

void disks_make(void)
{
    disks = mmap(NULL, DISKS * sizeof *disks, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert(disks != MAP_FAILED);
    for (unsigned i = 0; i < DISKS; i++) {
        disks[i].number = i;
        disk_clear(&disks[i]);
    }
}

struct disk *disk_at(unsigned n)
{
    return &disks[n];
}

struct disk *disk_of(const char *path, const char **ret_rest)
{
    if (!path || strncmp(path, "/crash/", 7) != 0 || path[7] < '0' || path[7] >= '0' + DISKS)
        return NULL;
    if (ret_rest)
        *ret_rest = path[8] == '/' ? path + 9 : path + 8;
    return &disks[path[7] - '0'];
}

void disk_arm(struct disk *d)
{
    d->changes = d->calls = d->syncs = d->cut_at = d->fail_at = d->fail_sync_at = d->fail_syncs = 0;
}

static void forget_all(struct disk *d)
{
    d->n_pending = 0;
    d->n_pool = 0;
    d->off = false;
    disk_arm(d);
}

void disk_clear(struct disk *d)
{
    for (unsigned i = 0; i < FILES; i++)
        d->inodes[i].kind = KIND_FREE, d->inodes[i].opens = 0;
    memset(d->names, 0, sizeof d->names);
    memset(d->kept_names, 0, sizeof d->kept_names);
    d->inodes[ROOT].kind = KIND_FOLDER;
    forget_all(d);
}

struct image *disk_save(const struct disk *d)
{
    size_t n = 0;
    for (unsigned i = 1; i < FILES; i++)
        n += d->inodes[i].kind == KIND_FREE ? 0 : (size_t)d->inodes[i].size;
    struct image *to = calloc(1, sizeof *to + n);
    assert(to);
    memcpy(to->names, d->names, sizeof to->names);
    to->births = d->births;
    n = 0;
    for (unsigned i = 1; i < FILES; i++) {
        const struct inode *f = &d->inodes[i];
        to->kinds[i] = f->kind;
        to->born[i] = f->born;
        to->sizes[i] = f->kind == KIND_FREE ? 0 : f->size;
        memcpy(to->bytes + n, f->seen, (size_t)to->sizes[i]);
        n += (size_t)to->sizes[i];
    }
    return to;
}

void disk_restore(struct disk *d, const struct image *from)
{
    size_t n = 0;
    memcpy(d->names, from->names, sizeof d->names);
    memcpy(d->kept_names, from->names, sizeof d->kept_names);
    d->births = from->births;
    for (unsigned i = 1; i < FILES; i++) {
        struct inode *f = &d->inodes[i];
        f->kind = from->kinds[i];
        f->opens = 0;
        f->born = from->born[i];
        f->size = f->kept_size = from->sizes[i];
        memcpy(f->seen, from->bytes + n, (size_t)f->size);
        memcpy(f->kept, from->bytes + n, (size_t)f->size);
        n += (size_t)f->size;
    }
    forget_all(d);
}

void disk_cut_at(struct disk *d, uint64_t change)
{
    disk_arm(d);
    d->cut_at = change;
}

void disk_fail_at(struct disk *d, uint64_t call, int error, bool for_good)
{
    disk_arm(d);
    d->fail_at = call;
    d->error = error;
    d->for_good = for_good;
}

void disk_fail_sync_at(struct disk *d, uint64_t sync, unsigned times)
{
    disk_arm(d);
    d->fail_sync_at = sync;
    d->fail_syncs = times;
}

uint64_t disk_changes(const struct disk *d)
{
    return d->changes;
}

uint64_t disk_calls(const struct disk *d)
{
    return d->calls;
}

uint64_t disk_syncs(const struct disk *d)
{
    return d->syncs;
}

bool disk_is_off(const struct disk *d)
{
    return d->off;
}

void disk_power_off(struct disk *d)
{
    d->off = true;
}

void disk_revive(struct disk *d)
{
    d->off = false;
}

void disk_orphan(struct disk *d)
{
    for (unsigned i = 0; i < FILES; i++)
        d->inodes[i].opens = 0;
}

void disk_lies(struct disk *d, bool lies)
{
    d->lies = lies;
}

int disk_gate(struct disk *d, enum disk_call call, bool *ret_cut)
{
    bool changes = call >= CALL_CREATE && call <= CALL_SYNC_FOLDER;
    *ret_cut = false;
    if (d->off)
        return -EIO;
    d->calls++;
    d->changes += changes;
    if (d->fail_at > 0 && (d->calls == d->fail_at || (d->for_good && d->calls > d->fail_at))) {
        return -d->error;
    }
    if (changes && d->changes == d->cut_at) {
        *ret_cut = d->off = true;
    }
    return 0;
}

int disk_touch(struct disk *d, enum disk_call call)
{
    bool cut;
    return disk_gate(d, call, &cut);
}

static uint64_t next(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

// A write that is torn: each of its sectors got there, or did not.
static void tear(struct disk *d, const struct pending *p, uint64_t *seed)
{
    for (int64_t at = p->at; at < p->at + (int64_t)p->n;) {
        int64_t end = (at / SECTOR + 1) * SECTOR;
        end = end > p->at + (int64_t)p->n ? p->at + (int64_t)p->n : end;
        if (next(seed) & 1)
            disk_keep(d, p, (size_t)(at - p->at), (size_t)(end - at));
        at = end;
    }
}

// What a name stands for counts only while its folder is there.
static void drop_lost_names(struct disk *d)
{
    for (unsigned i = 0; i < NAMES; i++) {
        bool there = d->kept_names[i].folder == ROOT;
        for (unsigned k = 0; k < NAMES; k++)
            there = there || (d->kept_names[k].file != NO_FILE &&
                              d->kept_names[k].file == d->kept_names[i].folder);
        if (!there)
            d->kept_names[i].file = NO_FILE;
    }
}

// Of five seeds one keeps nothing, one everything, one the oldest changes up to a point, as a disk that
// writes in order; the others draw for each change by itself.
void disk_power_on(struct disk *d, uint64_t seed)
{
    unsigned mode = (unsigned)(seed % 5);
    uint64_t rng = seed * 0x2545f4914f6cdd1du + 1;
    unsigned up_to = d->n_pending > 0 ? (unsigned)(next(&rng) % (d->n_pending + 1)) : 0;
    for (unsigned i = 0; i < d->n_pending; i++) {
        const struct pending *p = &d->pending[i];
        unsigned lot = mode == 0   ? 0
                       : mode == 1 ? 1
                       : mode == 2 ? (i < up_to)
                                   : (unsigned)(next(&rng) % 3);
        if (lot == 2 && p->change == CHANGE_WRITE)
            tear(d, p, &rng);
        else if (lot == 1)
            disk_keep(d, p, 0, p->n);
    }
    drop_lost_names(d);
    memcpy(d->names, d->kept_names, sizeof d->names);
    for (int i = 0; i < FILES; i++) {
        struct inode *f = &d->inodes[i];
        assert(f->opens == 0);
        f->size = f->kept_size;
        memcpy(f->seen, f->kept, (size_t)f->size);
    }
    forget_all(d);
}

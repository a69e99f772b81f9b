// crashdisk.c - the disks' inodes, names and changes, and the draw when the power goes.
#include "crashdisk.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { POOL = 16 << 20 };
enum kind { KIND_FREE, KIND_FILE, KIND_FOLDER };

struct inode {
    enum kind kind;
    unsigned opens;
    uint64_t born;
    int64_t size, kept_size;
    uint8_t seen[FILE_ROOM], kept[FILE_ROOM]; // by programs; on the disk
};
struct name {
    int folder, file; // file: NO_FILE where the slot is free
    char at[NAME_ROOM];
};
enum change { CHANGE_WRITE, CHANGE_SIZE, CHANGE_NAME };
struct pending {
    enum change change;
    int file;               // of a name: what it stands for, NO_FILE where it was taken away
    int64_t at;             // of a write, or the size
    size_t n, pool;         // its bytes
    struct name name, from; // from.at[0]: a rename
};
struct disk {
    unsigned number;
    struct inode inodes[FILES];
    struct name names[NAMES], kept_names[NAMES];
    struct pending pending[PENDING];
    unsigned n_pending;
    size_t n_pool;
    uint64_t births;
    bool off, failed, lies;
    uint64_t changes, calls, syncs, cut_at, fail_at, fail_sync_at, fail_syncs;
    int error;
    bool for_good;
    enum disk_call last;
    uint8_t pool[POOL];
};
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
    d->failed = false;
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

bool disk_has_failed(const struct disk *d)
{
    return d->failed;
}

enum disk_call disk_last(const struct disk *d)
{
    return d->last;
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

// Before each call. *ret_cut: the power goes at it; of what it does the draw decides.
static int gate(struct disk *d, enum disk_call call, bool *ret_cut)
{
    bool changes = call >= CALL_CREATE && call <= CALL_SYNC_FOLDER;
    *ret_cut = false;
    if (d->off)
        return -EIO;
    d->calls++;
    d->changes += changes;
    if (d->fail_at > 0 && (d->calls == d->fail_at || (d->for_good && d->calls > d->fail_at))) {
        d->failed = true;
        d->last = call;
        return -d->error;
    }
    if (changes && d->changes == d->cut_at) {
        *ret_cut = d->off = true;
        d->last = call;
    }
    return 0;
}

int disk_touch(struct disk *d, enum disk_call call)
{
    bool cut;
    return gate(d, call, &cut);
}

static struct name *find_name(struct name *names, int folder, const char *at)
{
    for (unsigned i = 0; i < NAMES; i++)
        if (names[i].file != NO_FILE && names[i].folder == folder && strcmp(names[i].at, at) == 0)
            return &names[i];
    return NULL;
}

static void set_name(struct name *names, const struct name *n)
{
    struct name *to = find_name(names, n->folder, n->at);
    for (unsigned i = 0; i < NAMES && !to && n->file != NO_FILE; i++)
        if (names[i].file == NO_FILE)
            to = &names[i];
    assert(to || n->file == NO_FILE);
    if (to)
        *to = *n;
}

static struct pending *put_pending(struct disk *d, enum change change, int file)
{
    assert(d->n_pending < PENDING);
    struct pending *p = &d->pending[d->n_pending++];
    *p = (struct pending){.change = change, .file = file};
    return p;
}

// The folder of a path within the disk, and the last part of it.
static int walk(struct disk *d, const char *path, const char **ret_last)
{
    int folder = ROOT;
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
        char part[NAME_ROOM] = "";
        size_t n = (size_t)(slash - path);
        assert(n < NAME_ROOM);
        memcpy(part, path, n);
        struct name *at = find_name(d->names, folder, part);
        if (!at || d->inodes[at->file].kind != KIND_FOLDER)
            return -ENOENT;
        folder = at->file;
    }
    assert(strlen(path) < NAME_ROOM);
    *ret_last = path;
    return folder;
}

static bool is_named(const struct disk *d, int file)
{
    for (unsigned i = 0; i < NAMES; i++)
        if (d->names[i].file == file || d->kept_names[i].file == file)
            return true;
    for (unsigned i = 0; i < d->n_pending; i++)
        if (d->pending[i].change == CHANGE_NAME && d->pending[i].file == file)
            return true;
    return false;
}

static int new_inode(struct disk *d, enum kind kind)
{
    for (int i = ROOT + 1; i < FILES; i++) {
        struct inode *f = &d->inodes[i];
        if (f->kind != KIND_FREE && (f->opens > 0 || is_named(d, i)))
            continue;
        unsigned left = 0; // what was to come of an earlier file here
        for (unsigned k = 0; k < d->n_pending; k++)
            if (d->pending[k].change == CHANGE_NAME || d->pending[k].file != i)
                d->pending[left++] = d->pending[k];
        d->n_pending = left;
        f->kind = kind;
        f->size = f->kept_size = 0;
        f->born = ++d->births;
        return i;
    }
    assert(!"more files than a disk has room for");
    return -ENFILE;
}

static void name_it(struct disk *d, int folder, const char *last, int file)
{
    struct pending *p = put_pending(d, CHANGE_NAME, file);
    p->name = (struct name){.folder = folder, .file = file};
    strncpy(p->name.at, last, NAME_ROOM - 1);
    set_name(d->names, &p->name);
}

int disk_open(struct disk *d, const char *path, bool create, bool exclusive, bool *ret_made)
{
    const char *last;
    bool cut;
    int folder = walk(d, path, &last);
    struct name *at = folder < 0 ? NULL : find_name(d->names, folder, last);
    bool make = !at && create && folder >= 0;
    int rc = gate(d, make ? CALL_CREATE : CALL_OPEN, &cut);
    if (ret_made)
        *ret_made = make;
    if (rc < 0)
        return rc;
    if (folder < 0 || (!at && !create))
        return -ENOENT;
    if (at && create && exclusive)
        return -EEXIST;
    int file = at ? at->file : new_inode(d, KIND_FILE);
    if (make)
        name_it(d, folder, last, file);
    if (cut)
        return -EIO;
    d->inodes[file].opens++;
    return file;
}

int disk_folder(struct disk *d, const char *path)
{
    const char *last;
    int folder = walk(d, path, &last), rc = disk_touch(d, CALL_OPEN);
    if (rc < 0 || folder < 0)
        return rc < 0 ? rc : folder;
    struct name *at = *last ? find_name(d->names, folder, last) : NULL;
    int file = at ? at->file : *last ? -ENOENT : folder;
    if (file > 0 && d->inodes[file].kind != KIND_FOLDER)
        return -ENOTDIR;
    if (file > 0)
        d->inodes[file].opens++;
    return file;
}

int disk_unnamed(struct disk *d)
{
    int rc = disk_touch(d, CALL_OPEN);
    if (rc < 0)
        return rc;
    int file = new_inode(d, KIND_FILE);
    d->inodes[file].opens++;
    return file;
}

void disk_close(struct disk *d, int file)
{
    assert(d->inodes[file].opens > 0);
    d->inodes[file].opens--;
}

int64_t disk_read(struct disk *d, int file, void *to, size_t n, int64_t at)
{
    const struct inode *f = &d->inodes[file];
    int rc = disk_touch(d, CALL_READ);
    if (rc < 0)
        return rc;
    int64_t left = at >= f->size ? 0 : f->size - at;
    n = (int64_t)n > left ? (size_t)left : n;
    memcpy(to, f->seen + (at >= f->size ? 0 : at), n);
    return (int64_t)n;
}

// Into either picture of a file; a gap is zeros.
static void put_bytes(uint8_t *picture, int64_t *size, const uint8_t *from, size_t n, int64_t at)
{
    if (at > *size)
        memset(picture + *size, 0, (size_t)(at - *size));
    memcpy(picture + at, from, n);
    if (at + (int64_t)n > *size)
        *size = at + (int64_t)n;
}

static void put_size(uint8_t *picture, int64_t *size, int64_t to)
{
    if (to > *size)
        memset(picture + *size, 0, (size_t)(to - *size));
    *size = to;
}

int64_t disk_write(struct disk *d, int file, const void *from, size_t n, int64_t at)
{
    struct inode *f = &d->inodes[file];
    bool cut;
    int rc = gate(d, CALL_WRITE, &cut);
    if (rc < 0)
        return rc;
    assert(at >= 0 && at + (int64_t)n <= FILE_ROOM && d->n_pool + n <= POOL);
    struct pending *p = put_pending(d, CHANGE_WRITE, file);
    p->at = at;
    p->n = n;
    p->pool = d->n_pool;
    memcpy(d->pool + d->n_pool, from, n);
    d->n_pool += n;
    put_bytes(f->seen, &f->size, from, n, at);
    return cut ? -EIO : (int64_t)n;
}

int disk_truncate(struct disk *d, int file, int64_t size)
{
    bool cut;
    int rc = gate(d, CALL_TRUNCATE, &cut);
    if (rc < 0)
        return rc;
    assert(size <= FILE_ROOM);
    put_pending(d, CHANGE_SIZE, file)->at = size;
    put_size(d->inodes[file].seen, &d->inodes[file].size, size);
    return cut ? -EIO : 0;
}

static void keep(struct disk *d, const struct pending *p, size_t from, size_t n)
{
    struct inode *f = &d->inodes[p->file];
    if (p->change == CHANGE_WRITE && n > 0)
        put_bytes(f->kept, &f->kept_size, d->pool + p->pool + from, n, p->at + (int64_t)from);
    else if (p->change == CHANGE_SIZE)
        put_size(f->kept, &f->kept_size, p->at);
    if (p->change == CHANGE_NAME && p->from.at[0])
        set_name(d->kept_names, &p->from);
    if (p->change == CHANGE_NAME)
        set_name(d->kept_names, &p->name);
}

static bool is_of(const struct pending *p, int file, bool names)
{
    return names ? p->change == CHANGE_NAME && p->name.folder == file
                 : p->change != CHANGE_NAME && p->file == file;
}

// All that is to come of a file, or of the names in a folder, is kept, or with !kept never will be.
static void settle(struct disk *d, int file, bool names, bool kept)
{
    unsigned left = 0;
    for (unsigned i = 0; i < d->n_pending; i++) {
        if (!is_of(&d->pending[i], file, names))
            d->pending[left++] = d->pending[i];
        else if (kept)
            keep(d, &d->pending[i], 0, d->pending[i].n);
    }
    d->n_pending = left;
    if (left == 0)
        d->n_pool = 0;
}

static int sync_one(struct disk *d, int file, bool names)
{
    bool cut;
    int rc = gate(d, names ? CALL_SYNC_FOLDER : CALL_SYNC, &cut);
    if (rc < 0 && !d->off && !names)
        settle(d, file, names, false);
    if (rc < 0 || cut)
        return rc < 0 ? rc : -EIO;
    d->syncs++;
    if (d->fail_sync_at > 0 && d->syncs >= d->fail_sync_at &&
        d->syncs < d->fail_sync_at + d->fail_syncs) {
        d->failed = true;
        d->last = names ? CALL_SYNC_FOLDER : CALL_SYNC;
        if (!names)
            settle(d, file, names, false);
        return -EIO;
    }
    if (!d->lies)
        settle(d, file, names, true);
    return 0;
}

int disk_sync(struct disk *d, int file)
{
    return sync_one(d, file, d->inodes[file].kind == KIND_FOLDER);
}

int disk_sync_folder(struct disk *d, const char *path)
{
    const char *last;
    int folder = walk(d, path, &last);
    return folder < 0 ? folder : sync_one(d, folder, true);
}

int64_t disk_size(struct disk *d, int file)
{
    int rc = disk_touch(d, CALL_LOOK);
    return rc < 0 ? rc : d->inodes[file].size;
}

int disk_look(struct disk *d, const char *path, int64_t *ret_size, uint64_t *ret_born)
{
    const char *last;
    int folder = walk(d, path, &last), rc = disk_touch(d, CALL_LOOK);
    struct name *at = folder < 0 ? NULL : find_name(d->names, folder, last);
    if (rc < 0 || !at)
        return rc < 0 ? rc : -ENOENT;
    if (ret_size)
        *ret_size = d->inodes[at->file].size;
    if (ret_born)
        *ret_born = d->inodes[at->file].born;
    return at->file;
}

int disk_rename(struct disk *d, const char *from, const char *to)
{
    const char *last_from, *last_to;
    bool cut;
    int folder = walk(d, from, &last_from), target = walk(d, to, &last_to);
    int rc = gate(d, CALL_NAME, &cut);
    struct name *at = folder < 0 ? NULL : find_name(d->names, folder, last_from);
    if (rc < 0 || !at || target < 0)
        return rc < 0 ? rc : -ENOENT;
    struct pending *p = put_pending(d, CHANGE_NAME, at->file);
    p->from = *at;
    p->from.file = NO_FILE;
    p->name = (struct name){.folder = target, .file = at->file};
    strncpy(p->name.at, last_to, NAME_ROOM - 1);
    set_name(d->names, &p->from);
    set_name(d->names, &p->name);
    return cut ? -EIO : 0;
}

static int take_away(struct disk *d, const char *path, enum kind kind)
{
    const char *last;
    bool cut;
    int folder = walk(d, path, &last), rc = gate(d, CALL_NAME, &cut);
    struct name *at = folder < 0 ? NULL : find_name(d->names, folder, last);
    if (rc < 0 || !at)
        return rc < 0 ? rc : -ENOENT;
    if (d->inodes[at->file].kind != kind)
        return kind == KIND_FOLDER ? -ENOTDIR : -EISDIR;
    for (unsigned i = 0; i < NAMES; i++)
        if (d->names[i].file != NO_FILE && d->names[i].folder == at->file)
            return -ENOTEMPTY;
    name_it(d, folder, last, NO_FILE);
    return cut ? -EIO : 0;
}

int disk_unlink(struct disk *d, const char *path)
{
    return take_away(d, path, KIND_FILE);
}

int disk_rmdir(struct disk *d, const char *path)
{
    return take_away(d, path, KIND_FOLDER);
}

int disk_mkdir(struct disk *d, const char *path)
{
    const char *last;
    bool cut;
    int folder = walk(d, path, &last), rc = gate(d, CALL_NAME, &cut);
    if (rc < 0 || folder < 0)
        return rc < 0 ? rc : folder;
    if (find_name(d->names, folder, last))
        return -EEXIST;
    name_it(d, folder, last, new_inode(d, KIND_FOLDER));
    return cut ? -EIO : 0;
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
            keep(d, p, (size_t)(at - p->at), (size_t)(end - at));
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
            keep(d, p, 0, p->n);
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

// crashfiles.c - files and names of the crash disks, as programs see them, and what a sync makes of them.
#include "crashinside.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

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
    assert(false && "more files than a disk has room for");
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
    int rc = disk_gate(d, make ? CALL_CREATE : CALL_OPEN, &cut);
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
    int rc = disk_gate(d, CALL_WRITE, &cut);
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
    int rc = disk_gate(d, CALL_TRUNCATE, &cut);
    if (rc < 0)
        return rc;
    assert(size <= FILE_ROOM);
    put_pending(d, CHANGE_SIZE, file)->at = size;
    put_size(d->inodes[file].seen, &d->inodes[file].size, size);
    return cut ? -EIO : 0;
}

void disk_keep(struct disk *d, const struct pending *p, size_t from, size_t n)
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
            disk_keep(d, &d->pending[i], 0, d->pending[i].n);
    }
    d->n_pending = left;
    if (left == 0)
        d->n_pool = 0;
}

static int sync_one(struct disk *d, int file, bool names)
{
    bool cut;
    int rc = disk_gate(d, names ? CALL_SYNC_FOLDER : CALL_SYNC, &cut);
    if (rc < 0 && !d->off && !names)
        settle(d, file, names, false);
    if (rc < 0 || cut)
        return rc < 0 ? rc : -EIO;
    d->syncs++;
    if (d->fail_sync_at > 0 && d->syncs >= d->fail_sync_at &&
        d->syncs < d->fail_sync_at + d->fail_syncs) {
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
    int rc = disk_gate(d, CALL_NAME, &cut);
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
    int folder = walk(d, path, &last), rc = disk_gate(d, CALL_NAME, &cut);
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
    int folder = walk(d, path, &last), rc = disk_gate(d, CALL_NAME, &cut);
    if (rc < 0 || folder < 0)
        return rc < 0 ? rc : folder;
    if (find_name(d->names, folder, last))
        return -EEXIST;
    name_it(d, folder, last, new_inode(d, KIND_FOLDER));
    return cut ? -EIO : 0;
}

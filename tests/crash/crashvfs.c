// crashvfs.c - SQLite on the crash disks, with the habits of its own VFS for Unix.
//
// Of these habits three decide what is durable: the folder is synced with the first sync of a journal or
// WAL that was created, a failure of that is passed over, and a deletion syncs it where SQLite asks.
#include "crashvfs.h"
#include "crashdisk.h"
#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_ROOM = 300, REGIONS = 8 };

struct file {
    sqlite3_file base;
    struct disk *disk;
    int inode;
    bool sync_folder, delete_on_close;
    char path[PATH_ROOM];
    void *regions[REGIONS];
};

static sqlite3_vfs vfs, *unix_vfs;
static uint64_t drawn;

#define F(file) ((struct file *)(file))

static int vfs_close(sqlite3_file *file)
{
    struct file *f = F(file);
    disk_touch(f->disk, CALL_CLOSE); // a failing close lets go all the same
    disk_close(f->disk, f->inode);
    for (unsigned i = 0; i < REGIONS; i++)
        sqlite3_free(f->regions[i]);
    return SQLITE_OK;
}

static int vfs_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    int64_t got = disk_read(F(file)->disk, F(file)->inode, to, (size_t)n, at);
    if (got < 0)
        return SQLITE_IOERR_READ;
    memset((char *)to + got, 0, (size_t)(n - got));
    return got < n ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int failed(int64_t rc, int otherwise)
{
    return rc >= 0         ? SQLITE_OK
           : rc == -ENOSPC ? SQLITE_FULL
           : rc == -ENOMEM ? SQLITE_NOMEM
                           : otherwise;
}

static int vfs_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    return failed(disk_write(F(file)->disk, F(file)->inode, from, (size_t)n, at),
                  SQLITE_IOERR_WRITE);
}

static int vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return failed(disk_truncate(F(file)->disk, F(file)->inode, size), SQLITE_IOERR_TRUNCATE);
}

static int vfs_sync(sqlite3_file *file, int flags)
{
    struct file *f = F(file);
    (void)flags;
    if (disk_sync(f->disk, f->inode) < 0)
        return SQLITE_IOERR_FSYNC;
    const char *rest;
    if (f->sync_folder && disk_of(f->path, &rest))
        disk_sync_folder(f->disk, rest);
    f->sync_folder = false;
    return SQLITE_OK;
}

static int vfs_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    int64_t size = disk_size(F(file)->disk, F(file)->inode);
    *ret = size;
    return size < 0 ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int vfs_lock(sqlite3_file *file, int how)
{
    (void)how;
    int rc = disk_touch(F(file)->disk, CALL_LOCK);
    return rc == -EAGAIN ? SQLITE_BUSY : failed(rc, SQLITE_IOERR_LOCK);
}

static int vfs_unlock(sqlite3_file *file, int how)
{
    (void)how;
    return failed(disk_touch(F(file)->disk, CALL_LOCK), SQLITE_IOERR_UNLOCK);
}

static int vfs_reserved(sqlite3_file *file, int *ret)
{
    *ret = 0;
    return failed(disk_touch(F(file)->disk, CALL_LOCK), SQLITE_IOERR_CHECKRESERVEDLOCK);
}

static int vfs_control(sqlite3_file *file, int op, void *arg)
{
    (void)file, (void)op, (void)arg;
    return SQLITE_NOTFOUND;
}

static int vfs_sector(sqlite3_file *file)
{
    (void)file;
    return 4096;
}

static int vfs_traits(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; // as on Linux: a tear stays within what is written
}

static int vfs_map(sqlite3_file *file, int region, int size, int extend, void volatile **ret)
{
    struct file *f = F(file);
    assert(region < REGIONS);
    *ret = NULL;
    int rc = failed(disk_touch(f->disk, CALL_MEMORY), SQLITE_IOERR_SHMMAP);
    if (rc == SQLITE_OK && !f->regions[region] && extend) {
        f->regions[region] = sqlite3_malloc(size);
        if (!f->regions[region])
            return SQLITE_IOERR_NOMEM;
        memset(f->regions[region], 0, (size_t)size);
    }
    if (rc == SQLITE_OK)
        *ret = f->regions[region];
    return rc;
}

static int vfs_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    (void)offset, (void)n, (void)flags;
    return failed(disk_touch(F(file)->disk, CALL_MEMORY), SQLITE_IOERR_SHMLOCK);
}

static void vfs_barrier(sqlite3_file *file)
{
    (void)file;
}

static int vfs_unmap(sqlite3_file *file, int gone)
{
    struct file *f = F(file);
    (void)gone;
    for (unsigned i = 0; i < REGIONS; i++) {
        sqlite3_free(f->regions[i]);
        f->regions[i] = NULL;
    }
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    2,           vfs_close,  vfs_read,   vfs_write,  vfs_truncate,
    vfs_sync,    vfs_size,   vfs_lock,   vfs_unlock, vfs_reserved,
    vfs_control, vfs_sector, vfs_traits, vfs_map,    vfs_shm_lock,
    vfs_barrier, vfs_unmap,  NULL,       NULL};

static int vfs_open(sqlite3_vfs *v, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
    struct file *f = F(file);
    const char *rest = NULL;
    bool made = false;
    (void)v;
    memset(f, 0, sizeof *f);
    f->disk = path ? disk_of(path, &rest) : disk_at(0);
    assert(f->disk); // nothing outside the crash disks is opened
    f->inode = path ? disk_open(f->disk, rest, flags & SQLITE_OPEN_CREATE,
                                flags & SQLITE_OPEN_EXCLUSIVE, &made)
                    : disk_unnamed(f->disk);
    if (f->inode < 0)
        return failed(f->inode, SQLITE_CANTOPEN);
    if (path)
        strncpy(f->path, path, sizeof f->path - 1);
    f->sync_folder =
        made && flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL);
    f->base.pMethods = &methods;
    if (ret_flags)
        *ret_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *v, const char *path, int sync_folder)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    (void)v;
    int rc = disk_unlink(d, rest);
    if (rc < 0)
        return rc == -ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    return sync_folder && disk_sync_folder(d, rest) < 0 ? SQLITE_IOERR_DIR_FSYNC : SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *v, const char *path, int flags, int *ret)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    int64_t size = 0;
    (void)v;
    int rc = disk_look(d, rest, &size, NULL);
    *ret = rc >= 0 && (flags != SQLITE_ACCESS_EXISTS || size > 0);
    return SQLITE_OK; // stat that fails says no, in SQLite's own too
}

static int vfs_full_path(sqlite3_vfs *v, const char *path, int n, char *to)
{
    (void)v;
    assert((int)strlen(path) < n);
    strcpy(to, path);
    return SQLITE_OK;
}

static int vfs_random(sqlite3_vfs *v, int n, char *to)
{
    (void)v;
    for (int i = 0; i < n; i++) {
        drawn = drawn * 6364136223846793005u + 1442695040888963407u;
        to[i] = (char)(drawn >> 56);
    }
    return n;
}

static int vfs_sleep(sqlite3_vfs *v, int us)
{
    (void)v;
    return us; // nobody waits here
}

static int vfs_time(sqlite3_vfs *v, sqlite3_int64 *ret)
{
    (void)v;
    *ret = 212655000000000; // ms since the year -4713: some day
    return SQLITE_OK;
}

void crashvfs_install(void)
{
    unix_vfs = sqlite3_vfs_find(NULL);
    vfs = *unix_vfs;
    vfs.pNext = NULL;
    vfs.zName = "crash";
    vfs.szOsFile = (int)sizeof(struct file);
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_path;
    vfs.xRandomness = vfs_random;
    vfs.xSleep = vfs_sleep;
    vfs.xCurrentTimeInt64 = vfs_time;
    int rc = sqlite3_vfs_register(&vfs, 1);
    assert(rc == SQLITE_OK);
}

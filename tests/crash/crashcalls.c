// crashcalls.c - system calls of our own code that end on the crash disks, by the linker's --wrap.
#include "crashcalls.h"
#include "crashdisk.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST = 1000000, OPEN_MAX_HERE = 32, PATH_ROOM = 4400 };

struct descriptor {
    struct disk *disk; // NULL: free
    int inode;
    int64_t at;
    char folder[64]; // of a folder: its path within the disk, with a slash at its end
};
static struct descriptor open_now[OPEN_MAX_HERE];

void crashcalls_close_all(void)
{
    for (unsigned i = 0; i < OPEN_MAX_HERE; i++) {
        if (open_now[i].disk)
            disk_close(open_now[i].disk, open_now[i].inode);
        open_now[i].disk = NULL;
    }
}

unsigned crashcalls_open_now(void)
{
    unsigned n = 0;
    for (unsigned i = 0; i < OPEN_MAX_HERE; i++)
        n += open_now[i].disk != NULL;
    return n;
}

static struct descriptor *ours(int fd)
{
    struct descriptor *to = fd >= FIRST && fd < FIRST + OPEN_MAX_HERE ? &open_now[fd - FIRST]
                                                                      : NULL;
    assert(!to || to->disk); // a descriptor is not used after it was closed
    return to;
}

static int answer(int64_t rc)
{
    if (rc < 0)
        errno = (int)-rc;
    return rc < 0 ? -1 : (int)rc;
}

static int open_ours(struct disk *d, const char *rest, int flags)
{
    unsigned i = 0;
    while (i < OPEN_MAX_HERE && open_now[i].disk)
        i++;
    assert(i < OPEN_MAX_HERE);
    bool folder = flags & O_DIRECTORY;
    int inode = folder ? disk_folder(d, rest)
                       : disk_open(d, rest, flags & O_CREAT, flags & O_EXCL, NULL);
    if (inode < 0)
        return answer(inode);
    open_now[i] = (struct descriptor){.disk = d, .inode = inode};
    assert(strlen(rest) + 2 < sizeof open_now[i].folder);
    if (folder && *rest)
        snprintf(open_now[i].folder, sizeof open_now[i].folder, "%s/", rest);
    return FIRST + (int)i;
}

// The path of a name in an open folder, as one within its disk.
static const char *in_folder(const struct descriptor *d, const char *name, char path[PATH_ROOM])
{
    snprintf(path, PATH_ROOM, "%s%s", d->folder, name);
    return path;
}

#define REAL(type, name, ...)                                                                      \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);

REAL(int, open, const char *path, int flags, ...)
REAL(int, openat, int fd, const char *path, int flags, ...)
REAL(int, close, int fd)
REAL(ssize_t, read, int fd, void *to, size_t n)
REAL(ssize_t, write, int fd, const void *from, size_t n)
REAL(int, fsync, int fd)
REAL(int, ftruncate, int fd, off_t size)
REAL(int, flock, int fd, int how)
REAL(int, fstat, int fd, struct stat *st)
REAL(int, renameat, int from_fd, const char *from, int to_fd, const char *to)
REAL(int, unlinkat, int fd, const char *path, int flags)
REAL(int, rename, const char *from, const char *to)
REAL(int, unlink, const char *path)
REAL(int, mkdir, const char *path, mode_t mode)
REAL(int, rmdir, const char *path)
REAL(int, chmod, const char *path, mode_t mode)
REAL(int, access, const char *path, int how)
REAL(int, statx, int fd, const char *path, int flags, unsigned mask, struct statx *st)
REAL(FILE *, fopen, const char *path, const char *how)

static mode_t mode_of(int flags, va_list args)
{
    return flags & O_CREAT ? va_arg(args, mode_t) : 0;
}

int __wrap_open(const char *path, int flags, ...)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return d ? open_ours(d, rest, flags) : __real_open(path, flags, mode);
}

int __wrap_openat(int fd, const char *path, int flags, ...)
{
    char whole[PATH_ROOM];
    struct descriptor *d = ours(fd);
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return d ? open_ours(d->disk, in_folder(d, path, whole), flags)
             : __real_openat(fd, path, flags, mode);
}

int __wrap_close(int fd)
{
    struct descriptor *d = ours(fd);
    if (!d)
        return __real_close(fd);
    int rc = disk_touch(d->disk, CALL_CLOSE); // which fails, but the descriptor is gone
    disk_close(d->disk, d->inode);
    d->disk = NULL;
    return answer(rc);
}

ssize_t __wrap_read(int fd, void *to, size_t n)
{
    struct descriptor *d = ours(fd);
    if (!d)
        return __real_read(fd, to, n);
    int64_t got = disk_read(d->disk, d->inode, to, n, d->at);
    d->at += got > 0 ? got : 0;
    return answer(got);
}

ssize_t __wrap_write(int fd, const void *from, size_t n)
{
    struct descriptor *d = ours(fd);
    if (!d)
        return __real_write(fd, from, n);
    // The first half only, as a write may: whoever calls goes on with the rest.
    n = n > 1 ? n / 2 : n;
    int64_t put = disk_write(d->disk, d->inode, from, n, d->at);
    d->at += put > 0 ? put : 0;
    return answer(put);
}

int __wrap_fsync(int fd)
{
    struct descriptor *d = ours(fd);
    return d ? answer(disk_sync(d->disk, d->inode)) : __real_fsync(fd);
}

int __wrap_ftruncate(int fd, off_t size)
{
    struct descriptor *d = ours(fd);
    return d ? answer(disk_truncate(d->disk, d->inode, size)) : __real_ftruncate(fd, size);
}

int __wrap_flock(int fd, int how)
{
    struct descriptor *d = ours(fd);
    return d ? answer(disk_touch(d->disk, CALL_LOCK)) : __real_flock(fd, how);
}

int __wrap_fstat(int fd, struct stat *st)
{
    struct descriptor *d = ours(fd);
    if (!d)
        return __real_fstat(fd, st);
    int64_t size = disk_size(d->disk, d->inode);
    *st = (struct stat){.st_mode = S_IFREG | 0600, .st_uid = geteuid(), .st_size = size};
    return answer(size < 0 ? size : 0);
}

int __wrap_renameat(int from_fd, const char *from, int to_fd, const char *to)
{
    char a[PATH_ROOM], b[PATH_ROOM];
    struct descriptor *d = ours(from_fd), *e = ours(to_fd);
    assert(!d == !e);
    return d ? answer(disk_rename(d->disk, in_folder(d, from, a), in_folder(e, to, b)))
             : __real_renameat(from_fd, from, to_fd, to);
}

int __wrap_unlinkat(int fd, const char *path, int flags)
{
    char whole[PATH_ROOM];
    struct descriptor *d = ours(fd);
    return d ? answer(disk_unlink(d->disk, in_folder(d, path, whole)))
             : __real_unlinkat(fd, path, flags);
}

int __wrap_rename(const char *from, const char *to)
{
    const char *a, *b;
    struct disk *d = disk_of(from, &a);
    return d && disk_of(to, &b) == d ? answer(disk_rename(d, a, b)) : __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    return d ? answer(disk_unlink(d, rest)) : __real_unlink(path);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    return d ? answer(disk_mkdir(d, rest)) : __real_mkdir(path, mode);
}

int __wrap_rmdir(const char *path)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    return d ? answer(disk_rmdir(d, rest)) : __real_rmdir(path);
}

int __wrap_chmod(const char *path, mode_t mode)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    if (!d)
        return __real_chmod(path, mode);
    int rc = disk_look(d, rest, NULL, NULL);
    return answer(rc < 0 ? rc : 0);
}

int __wrap_access(const char *path, int how)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    if (!d)
        return __real_access(path, how);
    int rc = disk_look(d, rest, NULL, NULL);
    return answer(rc < 0 ? rc : 0);
}

int __wrap_statx(int fd, const char *path, int flags, unsigned mask, struct statx *st)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    uint64_t born = 0;
    int64_t size = 0;
    if (!d)
        return __real_statx(fd, path, flags, mask, st);
    int inode = disk_look(d, rest, &size, &born);
    if (inode < 0)
        return answer(inode);
    memset(st, 0, sizeof *st);
    st->stx_mask = STATX_BASIC_STATS | STATX_BTIME;
    st->stx_ino = (unsigned)inode;
    st->stx_size = (unsigned long long)size;
    st->stx_btime.tv_sec = (int64_t)born;
    return 0;
}

static ssize_t cookie_read(void *cookie, char *to, size_t n)
{
    return __wrap_read((int)(intptr_t)cookie, to, n);
}

static int cookie_close(void *cookie)
{
    return __wrap_close((int)(intptr_t)cookie);
}

FILE *__wrap_fopen(const char *path, const char *how)
{
    const char *rest;
    struct disk *d = disk_of(path, &rest);
    if (!d)
        return __real_fopen(path, how);
    assert(how[0] == 'r');
    int fd = open_ours(d, rest, O_RDONLY);
    return fd < 0
               ? NULL
               : fopencookie((void *)(intptr_t)fd, how,
                             (cookie_io_functions_t){.read = cookie_read, .close = cookie_close});
}

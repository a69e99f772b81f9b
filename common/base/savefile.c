// savefile.c - a small owner-only file that is replaced whole or not at all.
#include "common/base/savefile.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int dir_open(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int write_all(int fd, struct bytes b)
{
    while (b.n > 0) {
        ssize_t n = write(fd, b.at, b.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        b = bytes_of(b.at + n, b.n - (size_t)n);
    }
    return 0;
}

// Reads up to n bytes, fewer only at the end of the file.
static ssize_t read_all(int fd, uint8_t *to, size_t n)
{
    size_t got = 0;
    while (got < n) {
        ssize_t rc = read(fd, to + got, n - got);
        if (rc < 0 && errno == EINTR)
            continue;
        if (rc < 0)
            return -errno;
        if (rc == 0)
            break;
        got += (size_t)rc;
    }
    return (ssize_t)got;
}

// The new content on disk under its temporary name.
static int write_temporary(int dir_fd, const char *name, struct bytes content)
{
    unlinkat(dir_fd, name, 0); // left behind by a crash; if it cannot go, O_EXCL says so
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    int rc = write_all(fd, content);
    if (rc == 0 && fsync(fd) < 0)
        rc = -errno;
    if (close(fd) < 0 && rc == 0)
        rc = -errno;
    return rc;
}

static bool stands(const char *dir, const char *name, struct bytes content)
{
    uint8_t *old = NULL;
    size_t n = 0;
    if (savefile_read(dir, name, content.n, &old, &n) < 0)
        return false;
    bool same = n == content.n && memcmp(old, content.at, n) == 0;
    free(old);
    return same;
}

int savefile_write(const char *dir, const char *name, struct bytes content)
{
    char temporary[NAME_MAX + 1];
    assert(!strchr(name, '/') && strlen(name) + sizeof ".new" <= sizeof temporary);
    if (stands(dir, name, content))
        return savefile_sync(dir); // its rename may have been the last thing before a crash
    snprintf(temporary, sizeof temporary, "%s.new", name);
    int dir_fd = dir_open(dir);
    if (dir_fd < 0)
        return dir_fd;
    int rc = write_temporary(dir_fd, temporary, content);
    if (rc == 0 && renameat(dir_fd, temporary, dir_fd, name) < 0)
        rc = -errno;
    if (rc < 0)
        unlinkat(dir_fd, temporary, 0);
    else if (fsync(dir_fd) < 0) // without it the rename itself may be lost with the power
        rc = -errno;
    close(dir_fd);
    return rc;
}

int savefile_sync(const char *dir)
{
    int fd = dir_open(dir);
    if (fd < 0)
        return fd;
    int rc = fsync(fd) < 0 ? -errno : 0;
    close(fd);
    return rc;
}

// What is readable by others is no secret any more: refused, so that somebody hears of it.
static int check_owner(int fd, size_t max, size_t *ret_n)
{
    struct stat s;
    if (fstat(fd, &s) < 0)
        return -errno;
    if (!S_ISREG(s.st_mode) || s.st_uid != geteuid() || (s.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return -EPERM;
    if ((uint64_t)s.st_size > max)
        return -EFBIG;
    *ret_n = (size_t)s.st_size;
    return 0;
}

int savefile_read(const char *dir, const char *name, size_t max, uint8_t **ret, size_t *ret_n)
{
    assert(!strchr(name, '/'));
    int dir_fd = dir_open(dir);
    if (dir_fd < 0)
        return dir_fd;
    int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int rc = fd >= 0 ? 0 : errno == ELOOP ? -EPERM : -errno; // ELOOP: a symbolic link
    close(dir_fd);
    if (rc < 0)
        return rc;
    size_t n = 0;
    uint8_t *content = NULL;
    rc = check_owner(fd, max, &n);
    if (rc == 0) {
        content = malloc(n + 1);
        assert(content);
        ssize_t got = read_all(fd, content, n);
        rc = got < 0 ? (int)got : (size_t)got < n ? -EIO : 0;
    }
    close(fd);
    if (rc < 0) {
        free(content);
        return rc;
    }
    content[n] = 0;
    *ret = content;
    *ret_n = n;
    return 0;
}

static int read_pid(int fd)
{
    char text[24];
    ssize_t n = read_all(fd, (uint8_t *)text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    long pid = strtol(text, NULL, 10);
    return pid > 0 && pid <= INT_MAX ? (int)pid : 0;
}

int savefile_lock(const char *dir, int *ret_fd, int *ret_pid)
{
    *ret_fd = -1;
    *ret_pid = 0;
    int dir_fd = dir_open(dir);
    if (dir_fd < 0)
        return dir_fd;
    int fd = openat(dir_fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    int rc = fd < 0 ? -errno : 0;
    close(dir_fd);
    if (rc < 0)
        return rc;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        rc = errno == EWOULDBLOCK ? -EBUSY : -errno;
        *ret_pid = read_pid(fd);
        close(fd);
        return rc;
    }
    char text[24];
    int n = snprintf(text, sizeof text, "%d\n", (int)getpid());
    rc = ftruncate(fd, 0) < 0 ? -errno : write_all(fd, bytes_of(text, (size_t)n));
    if (rc < 0 && rc != -ENOSPC) { // on a full disk the lock holds, only the pid is unknown
        close(fd);
        return rc;
    }
    *ret_fd = fd;
    *ret_pid = (int)getpid();
    return 0;
}

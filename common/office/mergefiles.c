// mergefiles.c - the tables of one file; those of .xlsx by way of xlsx2csv.
#include "mergeinside.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TABLE_BYTES_MAX = 16 << 20, FIRST_SIZE = 64 * 1024 };
enum { PATH_ROOM = 4096, SHEETS_MAX = 16, SHEET_MARK = 9 };
static const char sheet_mark[] = "-------- "; // before each sheet of xlsx2csv --all

// All bytes up to max, malloc'd; from a file or the end of a pipe.
static int read_fd(int fd, size_t max, struct bytes *ret)
{
    size_t n = 0, cap = FIRST_SIZE;
    uint8_t *at = malloc(cap);
    assert(at);
    for (;;) {
        ssize_t got = read(fd, at + n, cap - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || n + (size_t)got > max) {
            free(at);
            return got < 0 ? -errno : -EFBIG;
        }
        if (got == 0)
            break;
        n += (size_t)got;
        if (n == cap) {
            at = realloc(at, cap *= 2);
            assert(at);
        }
    }
    *ret = bytes_of(at, n);
    return 0;
}

int merge_read_file(const char *dir, const char *name, size_t max, struct bytes *ret)
{
    char path[PATH_ROOM];
    *ret = (struct bytes){0};
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= PATH_ROOM)
        return -ENAMETOOLONG;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    int rc = read_fd(fd, max, ret);
    close(fd);
    return rc;
}

// Runs xlsx2csv with its output into the pipe's end; no shell, nothing on its input.
static int start_xlsx2csv(const char *path, int out, pid_t *ret_pid)
{
    // Without formats an hour is a part of a day, whatever the sheet shows of it.
    char *argv[] = {"xlsx2csv", "--escape", "--ignore-formats",      "date", "time", "float", "-d",
                    "tab",      "--all",    (char *)(uintptr_t)path, NULL};
    char *environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
                           "PYTHONIOENCODING=utf-8", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    int rc = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    if (rc != 0)
        *ret_pid = -1;
    return -rc;
}

static const char *read_xlsx(const char *dir, const char *name, struct bytes *ret)
{
    char path[PATH_ROOM];
    int ends[2], status = 0;
    pid_t pid = -1;
    *ret = (struct bytes){0};
    // "./" before a name that begins with a dash
    if (snprintf(path, sizeof path, "%s%s/%s", dir[0] == '-' ? "./" : "", dir, name) >= PATH_ROOM)
        return strerror(ENAMETOOLONG);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return strerror(errno);
    int rc = start_xlsx2csv(path, ends[1], &pid);
    close(ends[1]);
    if (rc == 0)
        rc = read_fd(ends[0], TABLE_BYTES_MAX, ret);
    close(ends[0]);
    if (pid < 0)
        return rc == -ENOENT ? "xlsx2csv chưa được cài (apt-get install xlsx2csv)" : strerror(-rc);
    if (rc < 0)
        kill(pid, SIGKILL); // it may go on for long with what is no honest table
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (rc < 0)
        return strerror(-rc);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? NULL
               : "không phải tệp .xlsx còn nguyên vẹn; đề nghị mở ra và lưu lại";
}

// ---- the tables of one file ----

// The sheets of xlsx2csv --all: each has a line of its own before it.
static void take_sheets(struct merge *m, const char *name, struct bytes text)
{
    const char *at = (const char *)text.at, *end = at + text.n;
    unsigned sheet = 0;
    while (at < end && sheet < SHEETS_MAX) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const char *from = line ? line + 1 : end, *to = from;
        while (to < end &&
               ((size_t)(end - to) < SHEET_MARK || memcmp(to, sheet_mark, SHEET_MARK) != 0)) {
            const char *next = memchr(to, '\n', (size_t)(end - to));
            to = next ? next + 1 : end;
        }
        merge_table(m, name, sheet++, bytes_of(from, (size_t)(to - from)), true);
        at = to;
    }
}

void merge_take_file(struct merge *m, const char *dir, const char *name)
{
    static const char *const texts[] = {".csv", ".txt", ".tsv", NULL};
    const char *dot = strrchr(name, '.'), *why = NULL;
    struct bytes text = {0};
    bool plain = false, xlsx = dot && strcasecmp(dot, ".xlsx") == 0;
    for (size_t i = 0; dot && texts[i]; i++)
        plain |= strcasecmp(dot, texts[i]) == 0;
    if (plain) {
        int rc = merge_read_file(dir, name, TABLE_BYTES_MAX, &text);
        why = rc < 0 ? strerror(-rc) : NULL;
    } else
        why = xlsx ? read_xlsx(dir, name, &text)
                   : "chỉ đọc .xlsx, .csv, .txt, .tsv; đề nghị mở ra và lưu thành .xlsx";
    if (why)
        merge_unreadable(m, name, why);
    else if (xlsx)
        take_sheets(m, name, text);
    else
        merge_table(m, name, 0, text, false);
    free((void *)(uintptr_t)text.at);
}

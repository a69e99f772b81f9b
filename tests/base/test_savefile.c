// test_savefile.c - small owner-only files: whole or not at all, and nobody else's.
#include "common/base/savefile.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64];

static int setup(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/dantin-savefile-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static const char *in_dir(const char *name)
{
    static char path[400];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static unsigned n_files(void)
{
    unsigned n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static int teardown(void **state)
{
    (void)state;
    DIR *d = opendir(dir);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.')
            unlink(in_dir(e->d_name));
    closedir(d);
    return rmdir(dir);
}

static int reads(size_t max, const char *expect)
{
    uint8_t *got = NULL;
    size_t n = 0;
    int rc = savefile_read(dir, "keys", max, &got, &n);
    if (rc == 0) {
        assert_int_equal(n, strlen(expect));
        assert_string_equal((char *)got, expect);
    }
    free(got);
    return rc;
}

// What was written is read back; a second write replaces the first and leaves no other file behind.
static void test_replace(void **state)
{
    (void)state;
    struct stat s;
    assert_int_equal(reads(100, ""), -ENOENT);
    assert_int_equal(savefile_write(dir, "keys", bytes_text("the first, longer")), 0);
    assert_int_equal(reads(100, "the first, longer"), 0);
    assert_int_equal(savefile_write(dir, "keys", bytes_text("second")), 0);
    assert_int_equal(reads(100, "second"), 0);
    assert_int_equal(n_files(), 1);
    assert_int_equal(stat(in_dir("keys"), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    assert_int_equal(savefile_write(dir, "keys", bytes_text("")), 0);
    assert_int_equal(reads(0, ""), 0);
}

// What stands there already is not written anew: a full disk allows that too.
static void test_same_again(void **state)
{
    (void)state;
    struct stat before, after;
    assert_int_equal(savefile_write(dir, "keys", bytes_text("the same")), 0);
    assert_int_equal(stat(in_dir("keys"), &before), 0);
    assert_int_equal(mkdir(in_dir("keys.new"), 0700), 0); // no new file can be made
    assert_int_equal(savefile_write(dir, "keys", bytes_text("the same")), 0);
    assert_int_equal(rmdir(in_dir("keys.new")), 0);
    assert_int_equal(stat(in_dir("keys"), &after), 0);
    assert_int_equal(after.st_ino, before.st_ino);
    assert_int_equal(chmod(in_dir("keys"), 0644),
                     0); // one that others may read is made anew, for us only
    assert_int_equal(savefile_write(dir, "keys", bytes_text("the same")), 0);
    assert_int_equal(stat(in_dir("keys"), &after), 0);
    assert_int_equal(after.st_mode & 0777, 0600);
}

// A temporary file that a crash left behind, open to all, is not written into but made anew.
static void test_after_crash(void **state)
{
    (void)state;
    struct stat s;
    int fd = open(in_dir("keys.new"), O_CREAT | O_WRONLY, 0666);
    assert_true(fd >= 0 && fchmod(fd, 0666) == 0 && write(fd, "half", 4) == 4);
    close(fd);
    assert_int_equal(savefile_write(dir, "keys", bytes_text("whole")), 0);
    assert_int_equal(reads(100, "whole"), 0);
    assert_int_equal(stat(in_dir("keys"), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
}

// When the new content cannot be written the old stays: here its temporary name is a directory.
static void test_failure_keeps_old(void **state)
{
    (void)state;
    assert_int_equal(savefile_write(dir, "keys", bytes_text("old")), 0);
    assert_int_equal(mkdir(in_dir("keys.new"), 0700), 0);
    assert_true(savefile_write(dir, "keys", bytes_text("new")) < 0);
    assert_int_equal(rmdir(in_dir("keys.new")), 0);
    assert_int_equal(reads(100, "old"), 0);
    assert_int_equal(savefile_write("/nonexistent", "keys", bytes_text("x")), -ENOENT);
}

// What others may read or write, a symbolic link, a pipe or a directory is refused, not read.
static void test_not_ours(void **state)
{
    (void)state;
    static const mode_t open_modes[] = {0640, 0604, 0620, 0602, 0644};
    assert_int_equal(savefile_write(dir, "keys", bytes_text("secret")), 0);
    for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
        assert_int_equal(chmod(in_dir("keys"), open_modes[i]), 0);
        assert_int_equal(reads(100, ""), -EPERM);
    }
    assert_int_equal(chmod(in_dir("keys"), 0400), 0);
    assert_int_equal(reads(100, "secret"), 0);
    char target[400];
    strcpy(target, in_dir("target"));
    assert_int_equal(rename(in_dir("keys"), target), 0);
    assert_int_equal(symlink(target, in_dir("keys")), 0);
    assert_int_equal(reads(100, ""), -EPERM);
    unlink(in_dir("keys"));
    assert_int_equal(mkfifo(in_dir("keys"), 0600), 0);
    assert_int_equal(reads(100, ""), -EPERM);
    unlink(in_dir("keys"));
    assert_int_equal(mkdir(in_dir("keys"), 0700), 0);
    assert_int_equal(reads(100, ""), -EPERM);
    rmdir(in_dir("keys"));
}

// The limit is exact.
static void test_limit(void **state)
{
    (void)state;
    assert_int_equal(savefile_write(dir, "keys", bytes_text("12345")), 0);
    assert_int_equal(reads(5, "12345"), 0);
    assert_int_equal(reads(4, ""), -EFBIG);
}

// One process per directory: the second hears whose it is, and gets it once the first has let go.
static void test_lock(void **state)
{
    (void)state;
    int fd, pid, second, other;
    assert_int_equal(savefile_lock(dir, &fd, &pid), 0);
    assert_int_equal(pid, getpid());
    assert_int_equal(savefile_lock(dir, &second, &other), -EBUSY);
    assert_int_equal(other, getpid());
    assert_int_equal(second, -1);
    close(fd);
    assert_int_equal(savefile_lock(dir, &fd, &pid), 0);
    close(fd);
    assert_int_equal(savefile_lock("/nonexistent", &fd, &pid), -ENOENT);
}

// A process that dies lets go of its directory.
static void test_lock_dies_with_process(void **state)
{
    (void)state;
    int fd, pid, status;
    pid_t child = fork();
    if (child == 0)
        _exit(savefile_lock(dir, &fd, &pid) == 0 ? 0 : 1); // the descriptor is left open
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(savefile_lock(dir, &fd, &pid), 0);
    assert_int_equal(pid, getpid());
    close(fd);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_replace),     CASE(test_same_again),
        CASE(test_after_crash), CASE(test_failure_keeps_old),
        CASE(test_not_ours),    CASE(test_limit),
        CASE(test_lock),        CASE(test_lock_dies_with_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

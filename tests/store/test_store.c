// test_store.c - the store keeps whole turns or nothing, reads any log back from any run, and is set as said.
#include "common/store/db.h"
#include "common/store/logstore.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct room {
    char dir[64];
    struct store *s;
};

static const uint8_t key[KEY_SIZE] = {7}, hash[HASH_SIZE] = {9};

static int open_room(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    strcpy(r->dir, "/tmp/dantin-store-XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    assert_int_equal(store_open(&r->s, r->dir), 0);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    static const char *const names[] = {"store.db", "store.db-wal", "store.db-shm", "copy.db"};
    char path[128];
    store_close(&r->s);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", r->dir, names[i]);
        unlink(path);
    }
    rmdir(r->dir);
    free(r);
    return 0;
}

static struct log_id log_named(const char *author)
{
    return (struct log_id){.author = code_of(bytes_text(author)),
                           .about = code_of(bytes_text(author)),
                           .stream = STREAM_REPORTS,
                           .incarnation = UINT64_MAX - 3};
}

static void add_log(struct room *r, uint32_t log, const char *author)
{
    struct log_id id = log_named(author);
    assert_int_equal(store_begin(r->s), 0);
    assert_int_equal(store_add_log(r->s, log, &id, key), 0);
}

static int append(struct room *r, uint32_t log, uint64_t first, uint64_t last, const char *body)
{
    struct stored_run run = {.log = log, .first = first, .last = last, .at = 5};
    run.body = bytes_text(body);
    assert_int_equal(store_begin(r->s), 0);
    return store_append(r->s, &run);
}

static int count_logs(void *ctx, uint32_t log, const struct stored_log *l)
{
    uint64_t *n = ctx;
    assert_int_equal(log, n[0]++);
    n[1] += l->n;
    assert_memory_equal(l->key, key, KEY_SIZE);
    assert_true(l->id.incarnation == UINT64_MAX - 3);
    return 0;
}

// The settings that durability rests on are what the connection says of itself.
static void test_settings_are_read_back(void **state)
{
    struct room *r = *state;
    struct db_settings s;
    sqlite3 *db;
    struct stat st;
    char path[128];
    snprintf(path, sizeof path, "%s/store.db", r->dir);
    store_close(&r->s);
    assert_int_equal(db_open(&db, path, DB_WRITER), 0);
    assert_int_equal(db_settings(db, &s), 0);
    assert_string_equal(s.journal, "wal");
    assert_int_equal(s.synchronous, 3); // EXTRA
    assert_int_equal(s.autocheckpoint, 0);
    assert_int_equal(s.mmap, 0);
    assert_int_equal(s.foreign_keys, 1);
    assert_int_equal(s.cell_size_check, 1);
    assert_int_equal(s.trusted_schema, 0);
    assert_int_equal(s.journal_limit, 16 << 20);
    db_close(&db);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

// A reader beside the daemon can write nothing.
static void test_reader_writes_nothing(void **state)
{
    struct room *r = *state;
    struct store *reader;
    assert_int_equal(store_open_reader(&reader, r->dir), 0);
    assert_int_not_equal(store_put(reader, "x", bytes_text("y")), 0);
    store_close(&reader);
}

// What was not committed is gone after it was rolled back, and after the program ended.
static void test_a_turn_is_whole_or_nothing(void **state)
{
    struct room *r = *state;
    struct stored_run run;
    uint64_t n[2] = {0};
    add_log(r, 0, "a");
    assert_int_equal(append(r, 0, 1, 3, "one"), 0);
    assert_int_equal(store_head(r->s, 0, 3, hash), 0);
    assert_int_equal(store_commit(r->s), 0);
    assert_int_equal(append(r, 0, 4, 4, "two"), 0);
    assert_int_equal(store_head(r->s, 0, 4, hash), 0);
    store_rollback(r->s);
    assert_int_equal(store_read(r->s, 0, 3, &run), -ENOENT);
    assert_int_equal(append(r, 0, 4, 4, "two"), 0);
    store_close(&r->s);
    assert_int_equal(store_open(&r->s, r->dir), 0);
    assert_int_equal(store_read(r->s, 0, 3, &run), -ENOENT);
    assert_int_equal(store_logs(r->s, count_logs, n), 0);
    assert_int_equal(n[0], 1);
    assert_int_equal(n[1], 3);
}

// A log is read on from any run's end, and the run that covers a record is found from any number.
static void test_reading_a_log_back(void **state)
{
    struct room *r = *state;
    struct stored_run run;
    add_log(r, 0, "a");
    add_log(r, 1, "b");
    for (uint64_t i = 0; i < 50; i++) {
        assert_int_equal(append(r, 0, i * 10 + 1, i * 10 + 10, "a"), 0);
        assert_int_equal(append(r, 1, i + 1, i + 1, "b"), 0);
    }
    assert_int_equal(store_commit(r->s), 0);
    for (uint64_t i = 0; i < 50; i++) {
        assert_int_equal(store_read(r->s, 0, i * 10, &run), 0);
        assert_int_equal(run.last, i * 10 + 10);
        assert_true(bytes_same(run.body, bytes_text("a")));
        assert_int_equal(run.texts.n, 0);
    }
    assert_int_equal(store_read(r->s, 0, 5, &run), -ENOENT); // no run begins there
    assert_int_equal(store_run_at(r->s, 0, 15, &run), 0);
    assert_int_equal(run.first, 11);
    assert_int_equal(store_run_at(r->s, 0, 501, &run), -ENOENT);
    assert_int_equal(store_run_at(r->s, 2, 1, &run), -ENOENT);
}

// Two runs of one log never begin at the same number; a run that stands is never changed or taken away.
static void test_runs_stay(void **state)
{
    struct room *r = *state;
    sqlite3 *db;
    char path[128];
    add_log(r, 0, "a");
    assert_int_equal(append(r, 0, 1, 1, "one"), 0);
    assert_int_equal(append(r, 0, 1, 1, "other"), -EEXIST);
    store_rollback(r->s);
    add_log(r, 0, "a");
    assert_int_equal(append(r, 0, 1, 1, "one"), 0);
    assert_int_equal(store_commit(r->s), 0);
    snprintf(path, sizeof path, "%s/store.db", r->dir);
    assert_int_equal(db_open(&db, path, DB_WRITER), 0);
    assert_int_not_equal(db_exec(db, "DELETE FROM run"), 0);
    assert_int_not_equal(db_exec(db, "UPDATE run SET body=x'00'"), 0);
    db_close(&db);
}

static int no_more(void *ctx, uint32_t log, struct bytes raw)
{
    (void)log;
    *(struct bytes *)ctx = raw;
    return raw.n == 3 ? 0 : -EINVAL;
}

static int one_fork(void *ctx, uint32_t log, uint64_t n, struct bytes body)
{
    (void)log;
    assert_int_equal(n, 7);
    assert_true(bytes_same(body, bytes_text("theirs")));
    ++*(unsigned *)ctx;
    return 0;
}

// Of marks the newest of each tier is kept, of forks the first proof of each log.
static void test_marks_and_forks(void **state)
{
    struct room *r = *state;
    struct code tier = code_of(bytes_text("51"));
    struct bytes raw = {0};
    struct stored_run proof;
    unsigned forks = 0;
    assert_int_equal(store_begin(r->s), 0);
    assert_int_equal(store_put_mark(r->s, 0, &tier, bytes_text("old!")), 0);
    assert_int_equal(store_put_mark(r->s, 0, &tier, bytes_text("new")), 0);
    assert_int_equal(store_put_fork(r->s, 0, 7, bytes_text("theirs")), 0);
    assert_int_equal(store_put_fork(r->s, 0, 8, bytes_text("again")), 0);
    assert_int_equal(store_commit(r->s), 0);
    assert_int_equal(store_marks(r->s, no_more, &raw), 0);
    assert_int_equal(raw.n, 3);
    assert_int_equal(store_forks(r->s, one_fork, &forks), 0);
    assert_int_equal(forks, 1);
    assert_int_equal(store_fork_of(r->s, 0, &proof), 0);
    assert_true(bytes_same(proof.body, bytes_text("theirs")));
    assert_int_equal(store_fork_of(r->s, 1, &proof), -ENOENT);
}

// What is left of a run's texts stands beside it, and the run itself stays as it is.
static void test_erased_text_is_gone(void **state)
{
    struct room *r = *state;
    struct stored_run run = {.log = 0, .first = 1, .last = 2, .body = bytes_text("x")};
    run.texts = bytes_text("named");
    add_log(r, 0, "a");
    assert_int_equal(store_append(r->s, &run), 0);
    assert_int_equal(store_set_texts(r->s, 0, 1, bytes_text("left")), 0);
    assert_int_equal(store_commit(r->s), 0);
    assert_int_equal(store_checkpoint_due(r->s), 0);
    assert_int_equal(store_read(r->s, 0, 0, &run), 0);
    assert_true(bytes_same(run.texts, bytes_text("left")));
    assert_true(bytes_same(run.body, bytes_text("x")));
}

static bool file_has(const char *dir, const char *name, const char *words)
{
    static char all[1 << 20];
    char path[160];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(all, 1, sizeof all, f) : 0;
    assert_true(n < sizeof all);
    if (f)
        fclose(f);
    return memmem(all, n, words, strlen(words)) != NULL;
}

static void copy_to(const char *from, const char *to, const char *name)
{
    char command[400];
    snprintf(command, sizeof command, "cp %s/%s %s/%s", from, name, to, name);
    assert_int_equal(system(command), 0);
}

// The process ended between the commit that erased and the checkpoint: the next one has the WAL cleared.
static void test_erased_text_after_a_crash(void **state)
{
    struct room *r = *state;
    char dir[64];
    struct store *s = NULL;
    struct stored_run run = {.log = 0, .first = 1, .last = 1, .body = bytes_text("x")};
    run.texts = bytes_text("a name that must go");
    add_log(r, 0, "a");
    assert_int_equal(store_append(r->s, &run), 0);
    assert_int_equal(store_commit(r->s), 0);
    assert_int_equal(store_begin(r->s), 0);
    assert_int_equal(store_set_texts(r->s, 0, 1, bytes_text("")), 0);
    assert_int_equal(store_commit(r->s), 0);
    assert_int_equal(folder_make(dir, "store"), 0);
    copy_to(r->dir, dir, "store.db");
    copy_to(r->dir, dir, "store.db-wal");
    assert_true(file_has(dir, "store.db-wal", "a name that must go"));
    assert_int_equal(store_open(&s, dir), 0);
    assert_int_equal(store_checkpoint_due(s), 0);
    assert_false(file_has(dir, "store.db-wal", "a name that must go"));
    assert_false(file_has(dir, "store.db", "a name that must go"));
    store_close(&s);
    folder_remove(dir);
}

// A backup is whole, and says inside that it is a copy; the store itself does not.
static void test_backup_is_marked(void **state)
{
    struct room *r = *state;
    char path[128];
    uint8_t mark = 0;
    sqlite3 *db;
    sqlite3_stmt *q;
    add_log(r, 0, "a");
    assert_int_equal(append(r, 0, 1, 1, "one"), 0);
    assert_int_equal(store_commit(r->s), 0);
    snprintf(path, sizeof path, "%s/copy.db", r->dir);
    assert_int_equal(store_backup(r->s, path), 0);
    assert_int_equal(store_get(r->s, "copy", &mark, 1), -ENOENT);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT count(*) FROM run, meta WHERE name='copy'", -1, &q, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(q, 0), 1);
    sqlite3_finalize(q);
    sqlite3_close(db);
}

// Each failure of SQLite has one errno, and it decides what the program does.
static void test_failures_as_errno(void **state)
{
    (void)state;
    assert_int_equal(db_errno(SQLITE_OK), 0);
    assert_int_equal(db_errno(SQLITE_FULL), -ENOSPC);
    assert_int_equal(db_errno(SQLITE_BUSY), -EBUSY);
    assert_int_equal(db_errno(SQLITE_IOERR_FSYNC), -EIO);
    assert_int_equal(db_errno(SQLITE_IOERR_WRITE), -EIO);
    assert_int_equal(db_errno(SQLITE_CORRUPT), -EIO);
    assert_int_equal(db_errno(SQLITE_NOTADB), -EIO);
    assert_int_equal(db_errno(SQLITE_CONSTRAINT_UNIQUE), -EEXIST);
    assert_int_equal(db_errno(SQLITE_NOMEM), -ENOMEM);
    assert_int_equal(db_errno(SQLITE_IOERR_NOMEM), -ENOMEM); // and the store is not suspect
}

// The store of a newer program is refused and not touched; a number without sense is a flipped bit.
static void test_newer_program(void **state)
{
    struct room *r = *state;
    struct store *newer = NULL;
    sqlite3 *db;
    char path[128];
    snprintf(path, sizeof path, "%s/store.db", r->dir);
    store_close(&r->s);
    assert_int_equal(db_open(&db, path, DB_WRITER), 0);
    assert_int_equal(db_exec(db, "PRAGMA user_version=2; DROP TABLE mark"), 0);
    db_close(&db);
    assert_int_equal(store_open(&newer, r->dir), -EPROTONOSUPPORT);
    assert_null(newer);
    assert_int_equal(store_open_reader(&newer, r->dir), -EPROTONOSUPPORT);
    assert_int_equal(db_open(&db, path, DB_WRITER), 0);
    assert_int_equal(db_exec(db, "CREATE TABLE mark(still_gone)"), 0);
    assert_int_equal(db_exec(db, "DROP TABLE mark; PRAGMA user_version=-2147483647"), 0);
    db_close(&db);
    assert_int_equal(store_open(&r->s, r->dir), 0);
}

int main(void)
{
#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)
    const struct CMUnitTest tests[] = {
        IN_ROOM(test_settings_are_read_back),
        IN_ROOM(test_reader_writes_nothing),
        IN_ROOM(test_a_turn_is_whole_or_nothing),
        IN_ROOM(test_reading_a_log_back),
        IN_ROOM(test_runs_stay),
        IN_ROOM(test_marks_and_forks),
        IN_ROOM(test_erased_text_is_gone),
        IN_ROOM(test_erased_text_after_a_crash),
        IN_ROOM(test_backup_is_marked),
        IN_ROOM(test_newer_program),
        cmocka_unit_test(test_failures_as_errno),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

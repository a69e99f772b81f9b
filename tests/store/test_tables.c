// test_tables.c - a file of tables is new, the owner's, typed, and whole or not there.
#include "common/store/db.h"
#include "common/store/tables.h"
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
    char dir[64], path[96], journal[112];
};

static const struct column columns[] = {
    {"code", COLUMN_TEXT, true}, {"group", COLUMN_NUMBER, true}, {"voters", COLUMN_NUMBER, false}};

static int open_room(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    strcpy(r->dir, "/tmp/dantin-tables-XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    snprintf(r->path, sizeof r->path, "%s/out.sqlite", r->dir);
    snprintf(r->journal, sizeof r->journal, "%s-journal", r->path);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    unlink(r->path);
    assert_int_equal(rmdir(r->dir), 0); // nothing else was left there
    free(r);
    return 0;
}

static void put(struct tables *t, const char *code, int64_t group, struct value voters,
                int expected)
{
    const struct value row[] = {value_text(bytes_text(code)), value_number(group), voters};
    assert_int_equal(tables_put(t, row), expected);
}

static int64_t ask(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return v;
}

// What was put is read back by SQL: texts as they are, nothing as NULL and never as 0.
static void test_rows_are_read_back(void **state)
{
    struct room *r = *state;
    struct tables *t;
    struct stat st;
    assert_int_equal(tables_open(&t, r->path), 0);
    assert_int_equal(tables_create(t, "unit", columns, 3), 0);
    put(t, "021480", 1, value_number(9007199254740993), 0);
    put(t, "Thôn 3", 1, value_none(), 0);
    put(t, "", 2, value_number(0), 0);
    assert_int_equal(tables_create(t, "empty", columns, 1), 0);
    assert_int_equal(tables_finish(&t), 0);
    assert_null(t);
    assert_int_equal(ask(r->path, "SELECT count(*) FROM unit"), 3);
    assert_int_equal(ask(r->path, "SELECT count(*) FROM empty"), 0);
    assert_int_equal(ask(r->path, "SELECT voters FROM unit WHERE code='021480'"), 9007199254740993);
    assert_int_equal(
        ask(r->path, "SELECT count(*) FROM unit WHERE voters IS NULL AND code='Thôn 3'"), 1);
    assert_int_equal(ask(r->path, "SELECT count(*) FROM unit WHERE typeof(code)='text'"), 3);
    assert_int_equal(stat(r->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

// What is there already is neither overwritten nor taken away.
static void test_never_over_another_file(void **state)
{
    struct room *r = *state;
    struct tables *t;
    struct stat st;
    FILE *f = fopen(r->path, "w");
    assert_non_null(f);
    fputs("ours", f);
    fclose(f);
    assert_int_equal(tables_open(&t, r->path), -EEXIST);
    assert_null(t);
    assert_int_equal(stat(r->path, &st), 0);
    assert_int_equal(st.st_size, 4);
    assert_int_equal(tables_open(&t, "/nowhere/at/all"), -ENOENT);
}

// A file that was not finished, or in which something failed, is gone; the first failure is the one told.
static void test_whole_or_gone(void **state)
{
    struct room *r = *state;
    struct tables *t;
    assert_int_equal(tables_open(&t, r->path), 0);
    assert_int_equal(tables_create(t, "unit", columns, 3), 0);
    put(t, "a", 1, value_none(), 0);
    tables_close(&t);
    assert_null(t);
    assert_int_equal(access(r->path, F_OK), -1);
    assert_int_equal(tables_open(&t, r->path), 0);
    assert_int_equal(tables_create(t, "unit", columns, 3), 0);
    put(t, "a", 1, value_none(), 0);
    put(t, "a", 1, value_none(), -EEXIST); // the same key again
    put(t, "b", 1, value_none(), -EEXIST);
    assert_int_equal(tables_finish(&t), -EEXIST);
    assert_null(t);
    assert_int_equal(access(r->path, F_OK), -1);
    assert_int_equal(access(r->journal, F_OK), -1);
    tables_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_are_read_back, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_never_over_another_file, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_whole_or_gone, open_room, close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// tables.c - a new SQLite file of plain tables, written once in one transaction: for people who want SQL.
#include "tables.h"
#include "db.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SQL_MAX = 4096 };

struct tables {
    sqlite3 *db;
    sqlite3_stmt *put; // into the newest table
    char *path;
    size_t n_columns;
    int failed;
};

static int fail(struct tables *t, int rc)
{
    if (t->failed == 0)
        t->failed = rc;
    return t->failed;
}

// O_EXCL makes the file ours before SQLite sees it; an empty file is an empty database.
static int make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -errno;
    if (close(fd) == 0)
        return 0;
    int rc = -errno;
    unlink(path);
    return rc;
}

int tables_open(struct tables **ret_tables, const char *path)
{
    int rc = make_file(path);
    *ret_tables = NULL;
    if (rc < 0)
        return rc;
    struct tables *t = calloc(1, sizeof *t);
    if (!t || !(t->path = strdup(path)))
        abort();
    rc = db_errno(sqlite3_open_v2(
        path, &t->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL));
    if (rc == 0) // the journal keeps a cut-off write from looking like a whole file
        rc = db_exec(
            t->db, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;"
                   "BEGIN IMMEDIATE;");
    *ret_tables = t;
    if (rc < 0)
        tables_close(ret_tables);
    return rc;
}

static void add(char sql[SQL_MAX], const char *word)
{
    size_t n = strlen(sql);
    int more = snprintf(sql + n, SQL_MAX - n, "%s", word);
    assert(more >= 0 && (size_t)more < SQL_MAX - n); // our own names: their number is limited
}

static void add_name(char sql[SQL_MAX], const char *name)
{
    assert(*name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name));
    add(sql, "\"");
    add(sql, name);
    add(sql, "\"");
}

static void add_keys(char sql[SQL_MAX], const struct column *columns, size_t n)
{
    for (size_t i = 0; i < n && columns[i].key; i++) {
        add(sql, i == 0 ? ", PRIMARY KEY(" : ",");
        add_name(sql, columns[i].name);
        if (i + 1 == n || !columns[i + 1].key)
            add(sql, ")");
    }
}

int tables_create(struct tables *t, const char *name, const struct column *columns, size_t n)
{
    char sql[SQL_MAX] = "CREATE TABLE ", put[SQL_MAX] = "INSERT INTO ";
    assert(n > 0 && n <= TABLE_COLUMNS_MAX);
    if (t->failed)
        return t->failed;
    add_name(sql, name);
    add_name(put, name);
    for (size_t i = 0; i < n; i++) {
        add(sql, i == 0 ? "(" : ", ");
        add_name(sql, columns[i].name);
        add(sql, columns[i].type == COLUMN_NUMBER ? " INTEGER" : " TEXT");
        add(put, i == 0 ? " VALUES(?" : ",?");
    }
    add_keys(sql, columns, n);
    add(sql, ") STRICT");
    add(put, ")");
    sqlite3_finalize(t->put);
    t->put = NULL;
    t->n_columns = n;
    int rc = db_exec(t->db, sql);
    if (rc == 0)
        rc = db_errno(sqlite3_prepare_v2(t->db, put, -1, &t->put, NULL));
    return rc < 0 ? fail(t, rc) : 0;
}

int tables_put(struct tables *t, const struct value *row)
{
    int rc = SQLITE_OK;
    if (t->failed)
        return t->failed;
    assert(t->put);
    for (int i = 0; i < (int)t->n_columns && rc == SQLITE_OK; i++) {
        const struct value *v = &row[i];
        const char *text = v->text.n ? (const char *)v->text.at : "";
        if (v->type == VALUE_NONE)
            rc = sqlite3_bind_null(t->put, i + 1);
        else if (v->type == VALUE_NUMBER)
            rc = sqlite3_bind_int64(t->put, i + 1, v->number);
        else
            rc = sqlite3_bind_text64(t->put, i + 1, text, v->text.n, SQLITE_STATIC, SQLITE_UTF8);
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_step(t->put);
    sqlite3_reset(t->put);
    rc = db_errno(rc);
    return rc < 0 ? fail(t, rc) : 0;
}

static void let_go(struct tables **tables)
{
    struct tables *t = *tables;
    free(t->path);
    free(t);
    *tables = NULL;
}

int tables_finish(struct tables **tables)
{
    struct tables *t = *tables;
    sqlite3_finalize(t->put);
    t->put = NULL;
    if (t->failed == 0)
        fail(t, db_exec(t->db, "COMMIT")); // SQLite syncs the file
    if (t->failed == 0)
        fail(t, db_sync_folder(t->path));
    int rc = t->failed;
    if (rc < 0) {
        tables_close(tables);
        return rc;
    }
    db_close(&t->db);
    let_go(tables);
    return 0;
}

void tables_close(struct tables **tables)
{
    struct tables *t = *tables;
    if (!t)
        return;
    sqlite3_finalize(t->put);
    if (t->db)
        db_close(&t->db); // rolls back and takes the journal away
    unlink(t->path);
    let_go(tables);
}

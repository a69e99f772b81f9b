// logreads.c - walks through what a store holds: logs, runs in the order they came, marks, forks.
#include "inside.h"
#include <errno.h>
#include <string.h>

struct bytes column_bytes(sqlite3_stmt *q, int i)
{
    const void *at = sqlite3_column_blob(q, i);
    return bytes_of(at, (size_t)sqlite3_column_bytes(q, i));
}

// The row's text as a code; empty where it would not fit: the check of chains then names the log.
struct code column_code(sqlite3_stmt *q, int i)
{
    struct bytes b = bytes_of(sqlite3_column_text(q, i), (size_t)sqlite3_column_bytes(q, i));
    return code_of(b.n <= CODE_MAX ? b : bytes_of(NULL, 0));
}

void read_run(sqlite3_stmt *q, struct stored_run *ret)
{
    ret->log = (uint32_t)sqlite3_column_int64(q, 0);
    ret->first = (uint64_t)sqlite3_column_int64(q, 1);
    ret->last = (uint64_t)sqlite3_column_int64(q, 2);
    ret->at = sqlite3_column_int64(q, 3);
    ret->body = column_bytes(q, 4);
    ret->texts = column_bytes(q, 5);
}

// Prepares a statement, calls for each row, and finalizes: for what is read once at the start.
static int each_row(struct store *s, const char *sql, int (*on_row)(sqlite3_stmt *q, void *ctx),
                    void *ctx)
{
    sqlite3_stmt *q;
    int rc = db_errno(sqlite3_prepare_v2(s->db, sql, -1, &q, NULL)), step = SQLITE_DONE;
    while (rc == 0 && (step = sqlite3_step(q)) == SQLITE_ROW)
        rc = on_row(q, ctx);
    if (rc == 0)
        rc = db_errno(step);
    sqlite3_finalize(q);
    return rc;
}

struct each {
    int (*on_log)(void *, uint32_t, const struct stored_log *);
    int (*on_run)(void *, const struct stored_run *);
    int (*on_mark)(void *, uint32_t, struct bytes);
    int (*on_fork)(void *, uint32_t, uint64_t, struct bytes);
    void *ctx;
};

static int row_log(sqlite3_stmt *q, void *ctx)
{
    struct each *e = ctx;
    struct stored_log l = {.id.author = column_code(q, 1), .id.about = column_code(q, 2)};
    l.id.stream = (unsigned)sqlite3_column_int64(q, 3);
    l.id.incarnation = (uint64_t)sqlite3_column_int64(q, 4);
    l.n = (uint64_t)sqlite3_column_int64(q, 6);
    struct bytes key = column_bytes(q, 5), hash = column_bytes(q, 7);
    if (key.n != KEY_SIZE || hash.n != HASH_SIZE)
        return -EIO;
    memcpy(l.key, key.at, KEY_SIZE);
    memcpy(l.hash, hash.at, HASH_SIZE);
    return e->on_log(e->ctx, (uint32_t)sqlite3_column_int64(q, 0), &l);
}

int store_logs(struct store *s, int (*on_log)(void *ctx, uint32_t log, const struct stored_log *l),
               void *ctx)
{
    struct each e = {.on_log = on_log, .ctx = ctx};
    return each_row(s, "SELECT id,author,about,stream,incarnation,key,n,hash FROM log ORDER BY id",
                    row_log, &e);
}

static int row_run(sqlite3_stmt *q, void *ctx)
{
    struct each *e = ctx;
    struct stored_run r;
    read_run(q, &r);
    return e->on_run(e->ctx, &r);
}

int store_each(struct store *s, int (*on_run)(void *ctx, const struct stored_run *run), void *ctx)
{
    struct each e = {.on_run = on_run, .ctx = ctx};
    return each_row(s, "SELECT log,first,last,at,body,texts FROM run ORDER BY id", row_run, &e);
}

static int row_time(sqlite3_stmt *q, void *ctx)
{
    struct each *e = ctx;
    struct stored_run r = {.log = (uint32_t)sqlite3_column_int64(q, 0),
                           .first = (uint64_t)sqlite3_column_int64(q, 1),
                           .last = (uint64_t)sqlite3_column_int64(q, 2),
                           .at = sqlite3_column_int64(q, 3)};
    return e->on_run(e->ctx, &r);
}

int store_each_time(struct store *s, int (*on_run)(void *ctx, const struct stored_run *run),
                    void *ctx)
{
    struct each e = {.on_run = on_run, .ctx = ctx};
    return each_row(s, "SELECT log,first,last,at FROM run ORDER BY id", row_time, &e);
}

static int row_mark(sqlite3_stmt *q, void *ctx)
{
    struct each *e = ctx;
    return e->on_mark(e->ctx, (uint32_t)sqlite3_column_int64(q, 0), column_bytes(q, 1));
}

int store_marks(struct store *s, int (*on_mark)(void *ctx, uint32_t log, struct bytes raw),
                void *ctx)
{
    struct each e = {.on_mark = on_mark, .ctx = ctx};
    return each_row(s, "SELECT log,raw FROM mark", row_mark, &e);
}

static int row_fork(sqlite3_stmt *q, void *ctx)
{
    struct each *e = ctx;
    return e->on_fork(e->ctx, (uint32_t)sqlite3_column_int64(q, 0),
                      (uint64_t)sqlite3_column_int64(q, 1), column_bytes(q, 2));
}

int store_forks(struct store *s,
                int (*on_fork)(void *ctx, uint32_t log, uint64_t n, struct bytes body), void *ctx)
{
    struct each e = {.on_fork = on_fork, .ctx = ctx};
    return each_row(s, "SELECT log,n,body FROM fork", row_fork, &e);
}

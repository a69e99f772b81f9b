// logstore.c - runs, heads and marks of one unit in one file, appended in one transaction a turn.
#include "inside.h"
#include "proto/mutant.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef STORE_CHECKPOINT_PAGES // of WAL; the crash tests take few
#define STORE_CHECKPOINT_PAGES 1000
#define STORE_TRUNCATE_PAGES   4000
#endif
enum { CHECKPOINT_PAGES = STORE_CHECKPOINT_PAGES, TRUNCATE_PAGES = STORE_TRUNCATE_PAGES };
enum { APPLICATION_ID = 0x44544e31, FORMAT = 1, FORMATS_MAX = 1000 }; // "DTN1"

static const char *const queries[N_QUERIES] = {
    [Q_ADD_LOG] = "INSERT INTO log(id,author,about,stream,incarnation,key,n,hash) "
                  "VALUES(?,?,?,?,?,?,0,zeroblob(32))",
    [Q_APPEND] = "INSERT INTO run(log,first,last,at,body,texts) VALUES(?,?,?,?,?,?)",
    [Q_HEAD] = "UPDATE log SET n=?2, hash=?3 WHERE id=?1",
    [Q_READ] = "SELECT log,first,last,at,body,texts FROM run WHERE log=? AND first=?",
    [Q_AT] = "SELECT log,first,last,at,body,texts FROM run WHERE log=? AND first<=? ORDER BY first "
             "DESC LIMIT 1",
    [Q_MARK] = "INSERT OR REPLACE INTO mark(log,tier,raw) VALUES(?,?,?)",
    [Q_FORK] = "INSERT OR IGNORE INTO fork(log,n,body) VALUES(?,?,?)",
    [Q_FORK_OF] = "SELECT log,n,n,0,body,x'' FROM fork WHERE log=?1 AND ?2=0",
    [Q_TEXTS] = "UPDATE run SET texts=?3 WHERE log=?1 AND first=?2",
    [Q_PUT] = "INSERT OR REPLACE INTO meta(name,value) VALUES(?,?)",
    [Q_GET] = "SELECT value FROM meta WHERE name=?",
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE IF NOT EXISTS log(id INTEGER PRIMARY KEY, author TEXT NOT NULL, about TEXT NOT "
    "NULL,"
    " stream INTEGER NOT NULL, incarnation INTEGER NOT NULL, key BLOB NOT NULL "
    "CHECK(length(key)=32),"
    " n INTEGER NOT NULL, hash BLOB NOT NULL CHECK(length(hash)=32)) STRICT;"
    "CREATE TABLE IF NOT EXISTS run(id INTEGER PRIMARY KEY, log INTEGER NOT NULL, first INTEGER "
    "NOT NULL,"
    " last INTEGER NOT NULL CHECK(last>=first), at INTEGER NOT NULL, body BLOB NOT NULL,"
    " texts BLOB NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX IF NOT EXISTS run_log ON run(log,first);"
    "CREATE TABLE IF NOT EXISTS mark(log INTEGER NOT NULL, tier TEXT NOT NULL, raw BLOB NOT NULL,"
    " PRIMARY KEY(log,tier)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS fork(log INTEGER PRIMARY KEY, n INTEGER NOT NULL, body BLOB NOT "
    "NULL) STRICT;"
    "CREATE TRIGGER IF NOT EXISTS run_stays BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT,'runs "
    "stay'); END;"
    "CREATE TRIGGER IF NOT EXISTS run_is BEFORE UPDATE OF log,first,last,at,body ON run"
    " BEGIN SELECT RAISE(ABORT,'runs stay as they are'); END;";

static int prepare(struct store *s)
{
    int rc = 0;
    for (unsigned i = 0; i < N_QUERIES && rc == 0; i++)
        rc = db_errno(
            sqlite3_prepare_v3(s->db, queries[i], -1, SQLITE_PREPARE_PERSISTENT, &s->q[i], NULL));
    return rc;
}

// The store of a newer program is left as it is. A number beyond all sense is a flipped bit.
static int check_format(struct store *s, bool *ret_made)
{
    sqlite3_stmt *q = NULL;
    int version = 0, rc = db_errno(sqlite3_prepare_v2(s->db, "PRAGMA user_version", -1, &q, NULL));
    if (rc == 0)
        rc = db_errno(sqlite3_step(q));
    if (rc == 0)
        version = sqlite3_column_int(q, 0);
    sqlite3_finalize(q);
    *ret_made = version == FORMAT;
    return rc == 0 && version > FORMAT && version < FORMATS_MAX ? -EPROTONOSUPPORT : rc;
}

static int create(struct store *s)
{
    char sql[96];
    int rc = db_exec(s->db, "BEGIN IMMEDIATE");
    if (rc == 0)
        rc = db_exec(s->db, schema);
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
             FORMAT);
    if (rc == 0)
        rc = db_exec(s->db, sql);
    return rc == 0 ? db_exec(s->db, "COMMIT") : rc;
}

static int wal_grew(void *ctx, sqlite3 *db, const char *name, int pages)
{
    struct store *s = ctx;
    (void)db, (void)name;
    s->wal_pages = pages;
    return SQLITE_OK;
}

static int open_mode(struct store **ret_store, const char *dir, enum db_mode mode)
{
    char path[4096];
    struct store *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    if (snprintf(path, sizeof path, "%s/store.db", dir) >= (int)sizeof path) {
        free(s);
        return -ENAMETOOLONG;
    }
    bool made = false;
    int rc = db_open(&s->db, path, mode);
    if (rc == 0)
        rc = check_format(s, &made);
    if (rc == 0 && mode == DB_WRITER &&
        !made) // nothing is written to a full disk to open what is there
        rc = create(s);
    // SQLite syncs the folder when it makes the WAL, and passes over a failure.
    if (rc == 0 && mode == DB_WRITER)
        rc = db_sync_folder(path);
    if (rc == 0)
        rc = prepare(s);
    if (rc == 0 && mode == DB_READER)
        rc = db_exec(s->db,
                     "BEGIN"); // heads and runs of one moment, whatever a daemon appends meanwhile
    if (rc == 0)
        sqlite3_wal_hook(s->db, wal_grew, s);
    s->erased = mode == DB_WRITER; // what a crash left in the WAL, too
    *ret_store = s;
    if (rc < 0)
        store_close(ret_store);
    return rc;
}

int store_open(struct store **ret_store, const char *dir)
{
    return open_mode(ret_store, dir, DB_WRITER);
}

int store_open_reader(struct store **ret_store, const char *dir)
{
    return open_mode(ret_store, dir, DB_READER);
}

void store_close(struct store **store)
{
    struct store *s = *store;
    if (!s)
        return;
    for (unsigned i = 0; i < N_QUERIES; i++)
        sqlite3_finalize(s->q[i]);
    db_close(&s->db);
    free(s);
    *store = NULL;
}

int store_begin(struct store *s)
{
    if (s->in_turn)
        return 0;
    int rc = db_exec(s->db, "BEGIN IMMEDIATE");
    s->in_turn = rc == 0;
    return rc;
}

int store_commit(struct store *s)
{
    if (!s->in_turn)
        return 0;
    int rc = db_exec(s->db, "COMMIT");
    if (rc < 0)
        store_rollback(s);
    s->in_turn = false;
    return rc;
}

void store_rollback(struct store *s)
{
    if (sqlite3_get_autocommit(s->db) == 0)
        db_exec(s->db, "ROLLBACK");
    s->in_turn = false;
}

static void bind_bytes(sqlite3_stmt *q, int i, struct bytes b)
{
    sqlite3_bind_blob64(q, i, b.at ? (const void *)b.at : "", b.n, SQLITE_STATIC);
}

static void bind_text(sqlite3_stmt *q, int i, struct bytes b)
{
    sqlite3_bind_text(q, i, b.at ? (const char *)b.at : "", (int)b.n, SQLITE_STATIC);
}

// Runs a statement that gives no row, and makes it ready for the next time.
static int run_once(sqlite3_stmt *q)
{
    int rc = db_errno(sqlite3_step(q));
    sqlite3_reset(q);
    return rc;
}

int store_add_log(struct store *s, uint32_t log, const struct log_id *id,
                  const uint8_t key[KEY_SIZE])
{
    sqlite3_stmt *q = s->q[Q_ADD_LOG];
    sqlite3_bind_int64(q, 1, log);
    bind_text(q, 2, code_bytes(&id->author));
    bind_text(q, 3, code_bytes(&id->about));
    sqlite3_bind_int64(q, 4, id->stream);
    sqlite3_bind_int64(q, 5, (sqlite3_int64)id->incarnation);
    bind_bytes(q, 6, bytes_of(key, KEY_SIZE));
    return run_once(q);
}

int store_append(struct store *s, const struct stored_run *run)
{
    sqlite3_stmt *q = s->q[Q_APPEND];
    sqlite3_bind_int64(q, 1, run->log);
    sqlite3_bind_int64(q, 2, (sqlite3_int64)run->first);
    sqlite3_bind_int64(q, 3, (sqlite3_int64)run->last);
    sqlite3_bind_int64(q, 4, run->at);
    bind_bytes(q, 5, run->body);
    bind_bytes(q, 6, run->texts);
    return run_once(q);
}

int store_head(struct store *s, uint32_t log, uint64_t n, const uint8_t hash[HASH_SIZE])
{
    sqlite3_stmt *q = s->q[Q_HEAD];
    sqlite3_bind_int64(q, 1, log);
    sqlite3_bind_int64(q, 2, (sqlite3_int64)n);
    bind_bytes(q, 3, bytes_of(hash, HASH_SIZE));
    return run_once(q);
}

// The statement stays on its row until it is used again: that is how long the views are valid.
static int read_one(sqlite3_stmt *q, uint32_t log, uint64_t n, struct stored_run *ret)
{
    sqlite3_reset(q);
    sqlite3_bind_int64(q, 1, log);
    sqlite3_bind_int64(q, 2, (sqlite3_int64)n);
    int rc = sqlite3_step(q);
    if (rc == SQLITE_DONE)
        sqlite3_reset(q);
    if (rc != SQLITE_ROW)
        return rc == SQLITE_DONE ? -ENOENT : db_errno(rc);
    read_run(q, ret);
    return 0;
}

int store_read(struct store *s, uint32_t log, uint64_t after, struct stored_run *ret)
{
    return read_one(s->q[Q_READ], log, after + 1, ret);
}

int store_run_at(struct store *s, uint32_t log, uint64_t n, struct stored_run *ret)
{
    int rc = read_one(s->q[Q_AT], log, n, ret);
    return rc == 0 && ret->last < n ? -ENOENT : rc;
}

int store_put_mark(struct store *s, uint32_t log, const struct code *tier, struct bytes raw)
{
    sqlite3_stmt *q = s->q[Q_MARK];
    sqlite3_bind_int64(q, 1, log);
    bind_text(q, 2, code_bytes(tier));
    bind_bytes(q, 3, raw);
    return run_once(q);
}

int store_put_fork(struct store *s, uint32_t log, uint64_t n, struct bytes body)
{
    if (MUTANT(fork_overwritten))
        db_exec(s->db, "DELETE FROM fork");
    sqlite3_stmt *q = s->q[Q_FORK];
    sqlite3_bind_int64(q, 1, log);
    sqlite3_bind_int64(q, 2, (sqlite3_int64)n);
    bind_bytes(q, 3, body);
    return run_once(q);
}

int store_drop(struct store *s, const char *name)
{
    char sql[128];
    sqlite3_snprintf(sizeof sql, sql, "DELETE FROM meta WHERE name=%Q", name);
    return db_exec(s->db, sql);
}

int store_fork_of(struct store *s, uint32_t log, struct stored_run *ret)
{
    return read_one(s->q[Q_FORK_OF], log, 0, ret);
}

int store_set_texts(struct store *s, uint32_t log, uint64_t first, struct bytes texts)
{
    sqlite3_stmt *q = s->q[Q_TEXTS];
    sqlite3_bind_int64(q, 1, log);
    sqlite3_bind_int64(q, 2, (sqlite3_int64)first);
    bind_bytes(q, 3, texts);
    s->erased = true;
    return run_once(q);
}

int store_put(struct store *s, const char *name, struct bytes value)
{
    sqlite3_stmt *q = s->q[Q_PUT];
    bind_text(q, 1, bytes_text(name));
    bind_bytes(q, 2, value);
    return run_once(q);
}

int store_get(struct store *s, const char *name, void *value, size_t n)
{
    sqlite3_stmt *q = s->q[Q_GET];
    bind_text(q, 1, bytes_text(name));
    int step = sqlite3_step(q), rc = db_errno(step);
    if (step == SQLITE_DONE)
        rc = -ENOENT;
    if (step == SQLITE_ROW) {
        struct bytes b = column_bytes(q, 0);
        rc = b.n == n ? 0 : -EMSGSIZE;
        if (rc == 0 && n > 0)
            memcpy(value, b.at, n);
    }
    sqlite3_reset(q);
    return rc;
}

// A statement left on its row holds the WAL, and stands in the way of a copy.
static void let_go(struct store *s)
{
    for (unsigned i = 0; i < N_QUERIES; i++)
        sqlite3_reset(s->q[i]);
}

int store_checkpoint_due(struct store *s)
{
    int frames = 0, moved = 0;
    if (s->in_turn || (s->wal_pages < CHECKPOINT_PAGES && !s->erased))
        return 0;
    s->wal_pages = 0;
    let_go(s);
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
    if (rc == SQLITE_OK && moved == frames && (frames > TRUNCATE_PAGES || s->erased)) {
        rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        s->erased = s->erased && rc != SQLITE_OK; // a text is gone when the WAL that had it is
    }
    return rc == SQLITE_BUSY || rc == SQLITE_FULL
               ? 0
               : db_errno(rc); // readers go first; it is tried again
}

int store_backup(struct store *s, const char *path)
{
    char sql[4200], part[4100], journal[4110];
    sqlite3 *copy = NULL;
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
        return -ENAMETOOLONG;
    snprintf(journal, sizeof journal, "%s-journal", part);
    unlink(part); // of a backup that was broken off
    unlink(journal);
    let_go(s);
    sqlite3_snprintf(sizeof sql, sql, "VACUUM INTO %Q", part);
    int rc = db_exec(s->db, sql);
    // Marked inside before it gets its name: a copy never continues a log.
    if (rc == 0)
        rc = db_errno(sqlite3_open_v2(part, &copy, SQLITE_OPEN_READWRITE, NULL));
    if (rc == 0)
        rc = db_exec(copy,
                     "PRAGMA synchronous=EXTRA; INSERT OR REPLACE INTO meta VALUES('copy',x'01');");
    sqlite3_close_v2(copy);
    if (rc == 0 && (chmod(part, 0600) < 0 || rename(part, path) < 0))
        rc = -errno;
    if (rc == 0)
        return db_sync_folder(path);
    unlink(part);
    unlink(journal);
    return rc;
}

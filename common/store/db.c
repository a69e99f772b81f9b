// db.c - one way to open SQLite with our settings, and its failures as errno.
#include "db.h"
#include "proto/mutant.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int db_errno(int rc)
{
    if (rc == SQLITE_IOERR_NOMEM)
        return -ENOMEM; // no fault of the file's
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return 0;
    case SQLITE_FULL: return -ENOSPC;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return -EBUSY;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return -EIO;
    case SQLITE_NOMEM: return -ENOMEM;
    case SQLITE_CANTOPEN: return -ENOENT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return -EACCES;
    case SQLITE_TOOBIG: return -EMSGSIZE;
    case SQLITE_CONSTRAINT: return -EEXIST;
    default: return -EINVAL;
    }
}

int db_exec(sqlite3 *db, const char *sql)
{
    return db_errno(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static int configure(sqlite3 *db, enum db_mode mode)
{
    static const char common[] =
        "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
        "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
        "PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=16777216;";
    sqlite3_busy_timeout(db, 5000);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (mode == DB_READER)
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 64 << 10);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1);
    int rc = db_exec(db, common);
    if (rc == 0)
        rc = db_exec(db, mode == DB_WRITER ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=EXTRA;"
                                             "PRAGMA secure_delete=ON;"
                                           : "PRAGMA query_only=ON;");
    return rc;
}

int db_open(sqlite3 **ret_db, const char *path, enum db_mode mode)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
    flags |= mode == DB_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
    mode_t mask = umask(077);
    int rc = db_errno(sqlite3_open_v2(path, ret_db, flags, NULL));
    if (rc == 0)
        rc = configure(*ret_db, mode);
    umask(mask);
    if (rc == 0 && mode == DB_WRITER) {
        struct db_settings s;
        rc = db_settings(*ret_db, &s);
        if (rc == 0 && (strcmp(s.journal, "wal") != 0 || s.synchronous != 3))
            rc = -EINVAL; // a disk that cannot do it is refused, not worked around
        if (MUTANT(synchronous_normal))
            rc = db_exec(*ret_db, "PRAGMA synchronous=NORMAL");
    }
    if (rc < 0)
        db_close(ret_db);
    return rc;
}

void db_close(sqlite3 **db)
{
    sqlite3_close_v2(*db);
    *db = NULL;
}

static int64_t pragma(sqlite3 *db, const char *sql, char text[16])
{
    sqlite3_stmt *q;
    int64_t v = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
        return -1;
    if (sqlite3_step(q) == SQLITE_ROW) {
        v = sqlite3_column_int64(q, 0);
        if (text) {
            memset(text, 0, 16);
            strncpy(text, (const char *)sqlite3_column_text(q, 0), 15);
        }
    }
    sqlite3_finalize(q);
    return v;
}

int db_settings(sqlite3 *db, struct db_settings *ret)
{
    pragma(db, "PRAGMA journal_mode", ret->journal);
    ret->synchronous = (int)pragma(db, "PRAGMA synchronous", NULL);
    ret->foreign_keys = (int)pragma(db, "PRAGMA foreign_keys", NULL);
    ret->cell_size_check = (int)pragma(db, "PRAGMA cell_size_check", NULL);
    ret->trusted_schema = (int)pragma(db, "PRAGMA trusted_schema", NULL);
    ret->autocheckpoint = (int)pragma(db, "PRAGMA wal_autocheckpoint", NULL);
    ret->mmap = (int)pragma(db, "PRAGMA mmap_size", NULL);
    ret->journal_limit = pragma(db, "PRAGMA journal_size_limit", NULL);
    return ret->synchronous < 0 ? -EIO : 0;
}

int db_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (!folder)
        abort();
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    free(folder);
    return rc;
}

// db.h - one way to open SQLite with our settings, and its failures as errno.
//
// WAL, synchronous=EXTRA, one connection that writes and checkpoints per file; readers are
// query_only and never checkpoint (SQLite before 3.51.3 may lose a WAL that two connections reset).
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct db_settings { // as read back from the connection, for the test that asserts them
    char journal[16];
    int synchronous, foreign_keys, cell_size_check, trusted_schema, autocheckpoint, mmap;
    int64_t journal_limit;
};

enum db_mode { DB_WRITER, DB_READER };

int db_open(sqlite3 **ret_db, const char *path,
            enum db_mode mode); // -ENOENT: a reader finds no file
void db_close(sqlite3 **db);
// 0, -ENOSPC (full: nothing was kept, try later), -EBUSY, -ENOMEM, -EIO (I/O, corrupt: stop and
// start as suspect), -EINVAL (a statement of ours is wrong). SQLITE_ROW and SQLITE_DONE are 0.
int db_errno(int rc);
int db_exec(sqlite3 *db, const char *sql);
int db_settings(sqlite3 *db, struct db_settings *ret);
int db_sync_folder(const char *path); // the names in the folder that the file lies in are on disk

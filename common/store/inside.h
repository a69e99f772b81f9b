// inside.h - the store's own struct and how its rows are read, shared by the files of the store only.
#pragma once
#include "db.h"
#include "logstore.h"

enum {
    Q_ADD_LOG,
    Q_APPEND,
    Q_HEAD,
    Q_READ,
    Q_AT,
    Q_MARK,
    Q_FORK,
    Q_FORK_OF,
    Q_TEXTS,
    Q_PUT,
    Q_GET,
    N_QUERIES
};
struct store {
    sqlite3 *db;
    bool in_turn;
    int wal_pages; // after the last commit
    bool erased;   // texts, that the WAL may still hold
    sqlite3_stmt *q[N_QUERIES];
};

struct bytes column_bytes(sqlite3_stmt *q, int i);
struct code column_code(sqlite3_stmt *q,
                        int i); // empty where it would not fit: the check of chains names the log
void read_run(sqlite3_stmt *q, struct stored_run *ret);

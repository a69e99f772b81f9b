// logstore.h - runs, heads and marks of one unit in one file, appended in one transaction a turn.
//
// One row per run, as signed; it does not look inside. The office numbers logs from 0 in the order
// in which they were added, and the store keeps that order, so a log's number is its place in the
// table of heads. Nothing is kept before store_commit(); after a failure nothing of the turn is.
//
//   meta(name, value)   log(id, author, about, stream, incarnation, key, n, hash)
//   run(id, log, first, last, at, body, texts)  unique (log, first)
//   mark(log, tier, raw)   fork(log, n, body)
#pragma once
#include "proto/chain.h"

struct store;

struct stored_log {
    struct log_id id;
    uint8_t key[KEY_SIZE]; // that signs it
    uint64_t n;
    uint8_t hash[HASH_SIZE];
};
struct stored_run { // views, valid until the next call on the same store
    uint32_t log;
    uint64_t first, last;
    int64_t at; // when this store took it: its own fact, shown and never folded
    struct bytes body, texts;
};

// All return 0 or an errno of db.h; what else a call may say stands beside it. Pointers are borrowed.
int store_open(struct store **ret_store, const char *dir); // creates; -EIO: suspect;
// -EPROTONOSUPPORT: of a newer program, and left as it is
// Beside a daemon, or without one. It sees the store as of its first reading, and is closed soon.
int store_open_reader(struct store **ret_store, const char *dir);
void store_close(struct store **store);

int store_begin(struct store *s);  // does nothing within a transaction
int store_commit(struct store *s); // 0; else nothing was kept: -ENOSPC, -EIO
void store_rollback(struct store *s);

int store_add_log(struct store *s, uint32_t log, const struct log_id *id,
                  const uint8_t key[KEY_SIZE]);
int store_append(struct store *s, const struct stored_run *run);
int store_head(struct store *s, uint32_t log, uint64_t n, const uint8_t hash[HASH_SIZE]);
int store_logs(struct store *s, int (*on_log)(void *ctx, uint32_t log, const struct stored_log *l),
               void *ctx);

// The run that begins after record `after`; -ENOENT: none. store_run_at: the run that covers n.
int store_read(struct store *s, uint32_t log, uint64_t after, struct stored_run *ret);
int store_run_at(struct store *s, uint32_t log, uint64_t n, struct stored_run *ret);
// All runs in the order in which they came; on_run returns 0 to go on.
int store_each(struct store *s, int (*on_run)(void *ctx, const struct stored_run *run), void *ctx);

// The same without their bytes: where each lies and when it came.
int store_each_time(struct store *s, int (*on_run)(void *ctx, const struct stored_run *run),
                    void *ctx);

int store_put_mark(struct store *s, uint32_t log, const struct code *tier, struct bytes raw);
int store_marks(struct store *s, int (*on_mark)(void *ctx, uint32_t log, struct bytes raw),
                void *ctx);
int store_put_fork(struct store *s, uint32_t log, uint64_t n,
                   struct bytes body); // one per log is kept
int store_forks(struct store *s,
                int (*on_fork)(void *ctx, uint32_t log, uint64_t n, struct bytes body), void *ctx);
int store_fork_of(struct store *s, uint32_t log, struct stored_run *ret); // body only; -ENOENT
// What is left of the texts of the run that begins with `first`; the rest is gone after commit and
// checkpoint, also from pages that are free.
int store_set_texts(struct store *s, uint32_t log, uint64_t first, struct bytes texts);

int store_put(struct store *s, const char *name, struct bytes value);    // meta
int store_get(struct store *s, const char *name, void *value, size_t n); // -ENOENT, -EMSGSIZE
int store_drop(struct store *s, const char *name);
int store_checkpoint_due(
    struct store *s); // after a commit: moves the WAL into the file where it grew
int store_backup(struct store *s, const char *path); // a copy that says inside that it is one

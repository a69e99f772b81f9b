// rawstore.c - the floor that the store is measured against: appends, and one fdatasync a turn.
//
// The interface of common/store/logstore.h with nothing behind it that keeps data findable, whole or
// tidy: dantin-hub-raw is the hub with this file in place of the store. Where runs lie in the file,
// heads and names are in memory only; a daemon that ends with it cannot be started again.
#include "common/store/logstore.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { META_MAX = 16, META_BYTES = 64 };

struct raw_head { // stands before each run in the file
    uint64_t first, last;
    int64_t at;
    uint32_t log, n_body, n_texts;
};
struct raw_run {
    uint32_t before; // the run of the same log that came before it, or RUN_NONE
    uint64_t first, offset;
    uint32_t n; // bytes, its head included
};
struct meta {
    char name[32];
    uint8_t value[META_BYTES];
    size_t n;
};
struct store {
    int fd;
    uint8_t *turn, *back; // bytes of the turn under way; a run that was read back
    size_t n_turn, cap_turn, cap_back;
    uint64_t size; // of the file, as synced
    struct raw_run *runs;
    uint32_t n_runs, cap_runs, kept_runs;
    uint32_t *newest; // by log: its last run
    uint32_t n_logs;
    struct meta meta[META_MAX];
};
#define RUN_NONE UINT32_MAX

static void *room(void *at, size_t n, size_t *cap, size_t size)
{
    if (n <= *cap)
        return at;
    *cap = n * 2;
    at = realloc(at, *cap * size);
    if (!at)
        abort();
    return at;
}

int store_open(struct store **ret_store, const char *dir)
{
    char path[4200];
    struct store *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    snprintf(path, sizeof path, "%s/store.db", dir);
    s->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (s->fd < 0) {
        free(s);
        return -errno;
    }
    *ret_store = s;
    return 0;
}

int store_open_reader(struct store **ret_store, const char *dir)
{
    (void)ret_store, (void)dir;
    return -ENOTSUP;
}

void store_close(struct store **store)
{
    struct store *s = *store;
    if (!s)
        return;
    close(s->fd);
    free(s->turn), free(s->back), free(s->runs), free(s->newest);
    free(s);
    *store = NULL;
}

int store_begin(struct store *s)
{
    (void)s;
    return 0;
}

int store_commit(struct store *s)
{
    size_t done = 0;
    while (done < s->n_turn) {
        ssize_t n = pwrite(s->fd, s->turn + done, s->n_turn - done, (off_t)(s->size + done));
        if (n < 0)
            return -errno;
        done += (size_t)n;
    }
    if (s->n_turn > 0 && fdatasync(s->fd) < 0)
        return -errno;
    s->size += s->n_turn;
    s->n_turn = 0;
    s->kept_runs = s->n_runs;
    return 0;
}

void store_rollback(struct store *s)
{
    for (; s->n_runs > s->kept_runs; s->n_runs--)
        for (uint32_t log = 0; log < s->n_logs; log++)
            if (s->newest[log] == s->n_runs - 1)
                s->newest[log] = s->runs[s->n_runs - 1].before;
    s->n_turn = 0;
}

int store_add_log(struct store *s, uint32_t log, const struct log_id *id,
                  const uint8_t key[KEY_SIZE])
{
    (void)id, (void)key;
    if (log < s->n_logs)
        return 0; // of a turn that was rolled back
    s->newest = realloc(s->newest, (log + 1) * sizeof *s->newest);
    if (!s->newest)
        abort();
    memset(s->newest + s->n_logs, 0xff, (log + 1 - s->n_logs) * sizeof *s->newest);
    s->n_logs = log + 1;
    return 0;
}

int store_append(struct store *s, const struct stored_run *run)
{
    struct raw_head h = {
        run->first, run->last, run->at, run->log, (uint32_t)run->body.n, (uint32_t)run->texts.n};
    size_t n = sizeof h + run->body.n + run->texts.n, cap = s->cap_runs;
    assert(run->log < s->n_logs);
    s->turn = room(s->turn, s->n_turn + n, &s->cap_turn, 1);
    s->runs = room(s->runs, s->n_runs + 1, &cap, sizeof *s->runs);
    s->cap_runs = (uint32_t)cap;
    s->runs[s->n_runs] =
        (struct raw_run){s->newest[run->log], run->first, s->size + s->n_turn, (uint32_t)n};
    s->newest[run->log] = s->n_runs++;
    uint8_t *to = s->turn + s->n_turn;
    memcpy(to, &h, sizeof h);
    memcpy(to + sizeof h, run->body.at, run->body.n);
    if (run->texts.n > 0)
        memcpy(to + sizeof h + run->body.n, run->texts.at, run->texts.n);
    s->n_turn += n;
    return 0;
}

int store_head(struct store *s, uint32_t log, uint64_t n, const uint8_t hash[HASH_SIZE])
{
    (void)s, (void)log, (void)n, (void)hash;
    return 0;
}

int store_logs(struct store *s, int (*on_log)(void *ctx, uint32_t log, const struct stored_log *l),
               void *ctx)
{
    (void)s, (void)on_log, (void)ctx;
    return 0; // it is always new
}

// The bytes of a run, from the turn under way or from the file.
static int read_run(struct store *s, const struct raw_run *r, struct stored_run *ret)
{
    struct raw_head h;
    const uint8_t *at = s->turn + (r->offset - s->size);
    if (r->offset < s->size) {
        s->back = room(s->back, r->n, &s->cap_back, 1);
        if (pread(s->fd, s->back, r->n, (off_t)r->offset) != (ssize_t)r->n)
            return -EIO;
        at = s->back;
    }
    memcpy(&h, at, sizeof h);
    *ret = (struct stored_run){.log = h.log, .first = h.first, .last = h.last, .at = h.at};
    ret->body = bytes_of(at + sizeof h, h.n_body);
    ret->texts = bytes_of(at + sizeof h + h.n_body, h.n_texts);
    return 0;
}

int store_run_at(struct store *s, uint32_t log, uint64_t n, struct stored_run *ret)
{
    for (uint32_t i = log < s->n_logs ? s->newest[log] : RUN_NONE; i != RUN_NONE;
         i = s->runs[i].before) {
        if (s->runs[i].first > n)
            continue;
        int rc = read_run(s, &s->runs[i], ret);
        return rc == 0 && ret->last < n ? -ENOENT : rc;
    }
    return -ENOENT;
}

int store_read(struct store *s, uint32_t log, uint64_t after, struct stored_run *ret)
{
    int rc = store_run_at(s, log, after + 1, ret);
    return rc == 0 && ret->first != after + 1 ? -ENOENT : rc;
}

int store_each(struct store *s, int (*on_run)(void *ctx, const struct stored_run *run), void *ctx)
{
    int rc = 0;
    struct stored_run r;
    for (uint32_t i = 0; i < s->n_runs && rc == 0; i++) {
        rc = read_run(s, &s->runs[i], &r);
        if (rc == 0)
            rc = on_run(ctx, &r);
    }
    return rc;
}

int store_each_time(struct store *s, int (*on_run)(void *ctx, const struct stored_run *run),
                    void *ctx)
{
    return store_each(s, on_run, ctx);
}

int store_put_mark(struct store *s, uint32_t log, const struct code *tier, struct bytes raw)
{
    (void)s, (void)log, (void)tier, (void)raw;
    return 0;
}

int store_marks(struct store *s, int (*on_mark)(void *ctx, uint32_t log, struct bytes raw),
                void *ctx)
{
    (void)s, (void)on_mark, (void)ctx;
    return 0;
}

int store_fork_of(struct store *s, uint32_t log, struct stored_run *ret)
{
    (void)s, (void)log, (void)ret;
    return -ENOENT;
}

int store_put_fork(struct store *s, uint32_t log, uint64_t n, struct bytes body)
{
    (void)s, (void)log, (void)n, (void)body;
    return 0;
}

int store_forks(struct store *s,
                int (*on_fork)(void *ctx, uint32_t log, uint64_t n, struct bytes body), void *ctx)
{
    (void)s, (void)on_fork, (void)ctx;
    return 0;
}

int store_set_texts(struct store *s, uint32_t log, uint64_t first, struct bytes texts)
{
    (void)s, (void)log, (void)first, (void)texts;
    return -ENOTSUP;
}

static struct meta *find_meta(struct store *s, const char *name)
{
    unsigned i = 0;
    while (i < META_MAX && s->meta[i].name[0] && strcmp(s->meta[i].name, name) != 0)
        i++;
    assert(i < META_MAX && strlen(name) < sizeof s->meta[i].name);
    return &s->meta[i];
}

int store_put(struct store *s, const char *name, struct bytes value)
{
    struct meta *m = find_meta(s, name);
    assert(value.n <= META_BYTES);
    strcpy(m->name, name);
    memcpy(m->value, value.at, value.n);
    m->n = value.n;
    return 0;
}

int store_get(struct store *s, const char *name, void *value, size_t n)
{
    const struct meta *m = find_meta(s, name);
    if (!m->name[0] || m->n == 0)
        return -ENOENT;
    if (m->n != n)
        return -EMSGSIZE;
    memcpy(value, m->value, n);
    return 0;
}

int store_drop(struct store *s, const char *name)
{
    find_meta(s, name)->n = 0;
    return 0;
}

int store_checkpoint_due(struct store *s)
{
    (void)s;
    return 0;
}

int store_backup(struct store *s, const char *path)
{
    (void)s, (void)path;
    return -ENOTSUP;
}

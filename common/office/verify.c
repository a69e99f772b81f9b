// verify.c - walks a store: every chain and signature, and the first record that is not as signed.
#include "verify.h"
#include "common/base/savefile.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
    const uint8_t *election;
    struct store *from, *to; // to: where good runs are copied; NULL: only looking
    struct verify_report *report;
    uint32_t n_to; // number in `to` of the log at hand
    int unread;    // why a log was left before its end, or 0
    bool to_failed;
    struct stored_log head;
    uint64_t n;
    uint8_t hash[HASH_SIZE];
};

static void note(struct walk *w, const struct stored_run *s, uint64_t record, const char *why)
{
    struct verify_report *r = w->report;
    if (r->bad_runs++ > 0)
        return;
    r->log = w->head.id;
    r->first = s->first;
    r->last = s->last;
    r->record = record;
    snprintf(r->why, sizeof r->why, "%s", why);
}

// A signature covers the end of a run only, so the record that was changed is found by the next
// run's h(first-1) not at all and by this one's signature as a whole; the first one that cannot even
// be read is named, else the run's first.
static uint64_t first_odd(const struct run *run)
{
    struct cursor c;
    struct bytes b;
    struct record r;
    const char *why;
    uint64_t n = run->first;
    cursor_init(&c, run->records);
    for (; run_next(&c, &b); n++)
        if (record_decode(&r, b, &why) == -EBADMSG)
            return n;
    return run->first;
}

static int good_run(struct walk *w, const struct stored_run *s, struct run *run, uint8_t *hash)
{
    const char *why;
    run->log = w->head.id;
    if (run_decode(run, s->body, &why) < 0 || run->first != s->first || run->n != s->last)
        return note(w, s, s->first, "the run cannot be read"), -EBADMSG;
    if (memcmp(run->prev.at, w->hash, HASH_SIZE) != 0)
        return note(w, s, s->first, "the chain does not go on from the record before"), -EBADMSG;
    if (run_check(w->election, run, w->head.key, hash, &why) < 0)
        return note(w, s, first_odd(run), why), -EBADMSG;
    return 0;
}

static int copy_run(struct walk *w, const struct stored_run *s, const uint8_t *hash)
{
    struct stored_run r = *s;
    int rc = store_begin(w->to);
    if (rc == 0 && s->first == 1)
        rc = store_add_log(w->to, w->n_to, &w->head.id, w->head.key);
    r.log = w->n_to;
    if (rc == 0)
        rc = store_append(w->to, &r);
    if (rc == 0)
        rc = store_head(w->to, w->n_to, s->last, hash);
    return rc;
}

// The proof that its author said something else, too: it is asked for by nobody again.
static int copy_fork(struct walk *w, uint32_t log)
{
    struct stored_run proof;
    struct run run = {.log = w->head.id};
    uint8_t hash[HASH_SIZE];
    const char *why;
    if (store_fork_of(w->from, log, &proof) < 0 || run_decode(&run, proof.body, &why) < 0 ||
        run_check(w->election, &run, w->head.key, hash, &why) < 0)
        return 0;
    int rc = store_put_fork(w->to, w->n_to, run.n, proof.body);
    w->to_failed = rc < 0;
    return rc;
}

static int on_log(void *ctx, uint32_t log, const struct stored_log *l)
{
    struct walk *w = ctx;
    struct stored_run s;
    struct run run;
    uint8_t hash[HASH_SIZE];
    int rc;
    w->head = *l;
    w->n = 0;
    w->report->logs++;
    chain_start(w->election, &l->id, l->key, w->hash);
    while ((rc = store_read(w->from, log, w->n, &s)) == 0) {
        w->report->runs++;
        bool good = good_run(w, &s, &run, hash) == 0;
        if (!good && w->to)
            break; // what follows has no ground in the fresh store; it comes back from the other side
        if (good && w->to && (rc = copy_run(w, &s, hash)) < 0) {
            w->to_failed = true;
            return rc;
        }
        w->report->records += s.last - s.first + 1;
        w->n = s.last;
        if (good) {
            memcpy(w->hash, hash, HASH_SIZE);
            continue;
        }
        // The next run says which h(n) it stands on, so those behind a bad one are still judged.
        struct stored_run next;
        const char *why;
        if (store_read(w->from, log, w->n, &next) == 0 && run_decode(&run, next.body, &why) == 0)
            memcpy(w->hash, run.prev.at, HASH_SIZE);
    }
    if (w->to && w->n > 0) {
        int forked = copy_fork(w, log);
        if (forked < 0)
            return forked;
        w->n_to++;
    }
    if (rc == -ENOENT && w->n != l->n && w->report->bad_runs == 0) {
        struct stored_run gap = {.first = w->n + 1, .last = l->n};
        note(w, &gap, w->n + 1, "records are missing that the head names");
    }
    if (rc == -ENOENT && w->n == l->n && memcmp(w->hash, l->hash, HASH_SIZE) != 0 &&
        w->report->bad_runs == 0 && l->n > 0) {
        struct stored_run end = {.first = l->n, .last = l->n};
        note(w, &end, l->n, "the head is not the hash of the last record");
    }
    if (rc < 0 && rc != -ENOENT && w->to)
        w->unread = rc; // the other logs may be whole
    return rc == -ENOENT || rc == 0 || w->to ? 0 : rc;
}

int verify_store(struct store *s, const uint8_t election[ELECTION_SIZE], struct verify_report *ret)
{
    struct walk w = {.election = election, .from = s, .report = ret};
    memset(ret, 0, sizeof *ret);
    int rc = store_logs(s, on_log, &w);
    return rc < 0 ? rc : ret->bad_runs > 0 ? -EBADMSG : 0;
}

// Where the fresh store is made, and its name once it is whole: from then on it is only moved.
#define MENDING "mending"
#define MENDED  "mended"

static const char *in(const char *dir, const char *name, char path[4300])
{
    snprintf(path, 4300, "%s/%s", dir, name);
    return path;
}

static int rename_in(const char *dir, const char *from, const char *to)
{
    char a[4300], b[4300];
    return rename(in(dir, from, a), in(dir, to, b)) < 0 ? -errno : 0;
}

// Perhaps it was before.
static int put_aside(const char *dir, const char *from, const char *to)
{
    int rc = rename_in(dir, from, to);
    return rc == -ENOENT ? 0 : rc;
}

static void unlink_in(const char *dir, const char *name)
{
    char path[4300];
    unlink(in(dir, name, path));
}

// 1 it is there, 0 it is not, or the errno of not knowing.
static int is_in(const char *dir, const char *name)
{
    char path[4300];
    return access(in(dir, name, path), F_OK) == 0 ? 1 : errno == ENOENT ? 0 : -errno;
}

int suspect_mark(const char *dir)
{
    char path[4300];
    if (savefile_write(dir, SUSPECT_FILE, bytes_text("I/O error\n")) == 0)
        return 0;
    int fd = open(in(dir, SUSPECT_FILE, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return fd < 0 || close(fd) < 0 ? -errno : 0;
}

static int make_folder(const char *dir, char fresh[4200])
{
    if (snprintf(fresh, 4200, "%s/" MENDING, dir) >= 4200)
        return -ENAMETOOLONG;
    unlink_in(fresh, "store.db");
    unlink_in(fresh, "store.db-wal");
    unlink_in(fresh, "store.db-shm");
    return mkdir(fresh, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

// All that verifies, into a fresh store. The old one is only read: it is evidence. *ret_unread: a log, or
// all of it, that could not be read to its end.
static int copy_good(const char *dir, struct walk *w, int *ret_unread)
{
    char fresh[4200];
    int rc = make_folder(dir, fresh), from = 0, old = is_in(dir, "store.db");
    *w = (struct walk){.election = w->election, .report = w->report};
    memset(w->report, 0, sizeof *w->report);
    rc = rc == 0 && old < 0 ? old : rc;
    if (rc == 0)
        rc = store_open(&w->to, fresh);
    if (rc == 0 && old)
        from = store_open_reader(&w->from, dir);
    if (w->from && rc == 0)
        from = store_logs(w->from, on_log, w);
    if (w->to_failed)
        rc = from;
    if (rc == 0)
        rc = store_commit(w->to);
    store_close(&w->from);
    store_close(&w->to);
    *ret_unread = from < 0 ? from : w->unread;
    return rc;
}

static int verify_fresh(const char *dir, const uint8_t *election)
{
    char fresh[4200];
    struct verify_report report;
    struct store *s;
    snprintf(fresh, sizeof fresh, "%s/" MENDING, dir);
    int rc = store_open(&s, fresh);
    if (rc < 0)
        return rc;
    rc = verify_store(s, election, &report);
    store_close(&s); // and its WAL is gone with its last connection
    if (rc == 0 && is_in(fresh, "store.db-wal") != 0)
        rc = -ENOSPC; // there was no room to empty it
    if (rc == 0)
        rc = savefile_sync(fresh);
    return rc == -EBADMSG ? -EIO : rc;
}

// The fresh store in place of the old one, in steps that may be taken again from any of them: while
// MENDED holds a store, that is the one which counts.
static int move_in(const char *dir, int64_t now)
{
    char kept[64], kept_wal[72], folder[4300];
    snprintf(kept, sizeof kept, "store.suspect.%lld.db", (long long)now);
    snprintf(kept_wal, sizeof kept_wal, "%s-wal", kept);
    int rc = put_aside(dir, "store.db", kept);
    if (rc == 0)
        rc = put_aside(dir, "store.db-wal", kept_wal);
    unlink_in(dir, "store.db-shm");
    if (rc == 0)
        rc = savefile_sync(dir); // an old WAL never stands beside the fresh store
    if (rc == 0)
        rc = rename_in(dir, MENDED "/store.db", "store.db");
    if (rc == 0)
        rc = savefile_sync(dir);
    if (rc == 0) {
        rmdir(in(dir, MENDED, folder));
        unlink_in(dir, SUSPECT_FILE);
        rc = savefile_sync(dir);
    }
    return rc;
}

static int make_fresh(const char *dir, const uint8_t *election, struct verify_report *report)
{
    struct walk w = {.election = election, .report = report};
    int unread = 0, rc = copy_good(dir, &w, &unread);
    if (rc == 0 && unread < 0) // a failure that passes must not cost what was there
        rc = copy_good(dir, &w, &unread);
    if (rc == 0 && unread < 0 && unread != -EIO && unread != -EINVAL)
        rc = unread; // no fault of the file's; -EINVAL: it lacks our tables
    if (rc == 0)
        rc = verify_fresh(dir, election);
    if (rc == 0)
        rc = rename_in(dir, MENDING, MENDED);
    return rc == 0 ? savefile_sync(dir) : rc;
}

int suspect_mend(const char *dir, const uint8_t election[ELECTION_SIZE], int64_t now)
{
    struct verify_report report = {0};
    char path[4300];
    int rc = suspect_mark(dir);
    if (rc == 0)
        rc = savefile_sync(dir);
    int moved = rc == 0 ? is_in(dir, MENDED "/store.db") : 0;
    rc = moved < 0 ? moved : rc;
    if (rc == 0 && !moved) {
        rmdir(in(dir, MENDED, path));
        rc = make_fresh(dir, election, &report);
    }
    if (rc == 0)
        rc = move_in(dir, now);
    if (rc < 0)
        fprintf(stderr, "store: it could not be mended: %s\n", strerror(-rc));
    else if (moved > 0)
        fprintf(stderr, "store: what was mended before is in its place now\n");
    else
        fprintf(stderr,
                "store: %llu records of %llu logs verify and were kept; the old file is "
                "store.suspect.%lld.db\n",
                (unsigned long long)report.records, (unsigned long long)report.logs,
                (long long)now);
    return rc;
}

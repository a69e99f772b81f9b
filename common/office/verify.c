// verify.c - walks a store: every chain and signature, and the first record that is not as signed.
#include "verify.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
    const uint8_t *election;
    struct store *from, *to; // to: where good runs are copied; NULL: only looking
    struct verify_report *report;
    uint32_t n_to; // number in `to` of the log at hand
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
        if (good && w->to && (rc = copy_run(w, &s, hash)) < 0)
            return rc;
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
    if (w->to && w->n > 0)
        w->n_to++;
    if (rc == -ENOENT && w->n != l->n && w->report->bad_runs == 0) {
        struct stored_run gap = {.first = w->n + 1, .last = l->n};
        note(w, &gap, w->n + 1, "records are missing that the head names");
    }
    if (rc == -ENOENT && w->n == l->n && memcmp(w->hash, l->hash, HASH_SIZE) != 0 &&
        w->report->bad_runs == 0 && l->n > 0) {
        struct stored_run end = {.first = l->n, .last = l->n};
        note(w, &end, l->n, "the head is not the hash of the last record");
    }
    return rc == -ENOENT || rc == 0 || w->to ? 0 : rc;
}

int verify_store(struct store *s, const uint8_t election[ELECTION_SIZE], struct verify_report *ret)
{
    struct walk w = {.election = election, .from = s, .report = ret};
    memset(ret, 0, sizeof *ret);
    int rc = store_logs(s, on_log, &w);
    return rc < 0 ? rc : ret->bad_runs > 0 ? -EBADMSG : 0;
}

static int rename_in(const char *dir, const char *from, const char *to)
{
    char a[4300], b[4300];
    snprintf(a, sizeof a, "%s/%s", dir, from);
    snprintf(b, sizeof b, "%s/%s", dir, to);
    return rename(a, b) < 0 && errno != ENOENT ? -errno : 0;
}

static void unlink_in(const char *dir, const char *name)
{
    char path[4300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    unlink(path);
}

int suspect_mend(const char *dir, const uint8_t election[ELECTION_SIZE], int64_t now)
{
    char fresh[4200], kept[64], path[4300];
    struct verify_report report = {0};
    struct walk w = {.election = election, .report = &report};
    snprintf(fresh, sizeof fresh, "%s/mending", dir);
    snprintf(path, sizeof path, "%s/store.db", fresh);
    unlink(path);
    unlink_in(fresh, "store.db-wal");
    unlink_in(fresh, "store.db-shm");
    if (mkdir(fresh, 0700) < 0 && errno != EEXIST)
        return -errno;
    int rc = store_open(&w.to, fresh);
    // A file that cannot even be opened has nothing to give: the other side has it.
    if (rc == 0 && store_open(&w.from, dir) == 0)
        store_logs(w.from, on_log, &w);
    if (rc == 0)
        rc = store_commit(w.to);
    store_close(&w.from);
    store_close(&w.to);
    snprintf(kept, sizeof kept, "store.suspect.%lld.db", (long long)now);
    if (rc == 0)
        rc = rename_in(dir, "store.db", kept);
    unlink_in(dir, "store.db-wal");
    unlink_in(dir, "store.db-shm");
    if (rc == 0)
        rc = rename_in(dir, "mending/store.db", "store.db");
    if (rc == 0)
        unlink_in(dir, SUSPECT_FILE);
    rmdir(fresh);
    fprintf(stderr, "store: %llu records of %llu logs verify and were kept; the old file is %s\n",
            (unsigned long long)report.records, (unsigned long long)report.logs, kept);
    return rc;
}

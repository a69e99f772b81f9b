// oracle.c - holds a store against what was acknowledged, byte for byte, and against itself.
#include "oracle.h"
#include "common/office/verify.h"
#include "common/store/inside.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char oracle_detail[300];

struct walk {
    struct store *store;
    unsigned desk;
    const uint8_t *election;
    const char *broken;
    bool found[STATEMENTS_MAX];          // where the clerk saw it recorded
    unsigned in_log[STATEMENTS_MAX + 1]; // of each group, statements in the log at hand
    bool held[HELD_MAX];
    struct stored_log log;
};

__attribute__((format(printf, 3, 4))) static int broken(struct walk *w, const char *rule,
                                                        const char *format, ...)
{
    va_list args;
    if (!w->broken) {
        va_start(args, format);
        vsnprintf(oracle_detail, sizeof oracle_detail, format, args);
        va_end(args);
        w->broken = rule;
    }
    return -EBADMSG;
}

static int statement(struct walk *w, uint64_t n, struct bytes raw)
{
    struct record r;
    const char *why;
    if (record_decode(&r, raw, &why) < 0)
        return broken(w, "every record can be read", "record %llu: %s", (unsigned long long)n, why);
    if (r.kind != KIND_TURNOUT)
        return 0;
    const struct statement *s = &memory->statements[r.act - 1];
    if (r.act > memory->n_statements || !bytes_same(raw, bytes_of(s->bytes, s->n)))
        return broken(w, "nothing is kept that nobody said", "act %llu", (unsigned long long)r.act);
    w->in_log[s->group]++;
    if (s->seen && log_same(&s->log, &w->log.id) && s->at_n == n)
        w->found[r.act - 1] = true;
    return 0;
}

static int one_run(struct walk *w, const struct stored_run *s, uint8_t *hash, uint64_t *n)
{
    struct run run;
    struct cursor c;
    struct bytes record;
    const char *why;
    if (s->first != *n + 1 || run_decode(&run, s->body, &why) < 0)
        return broken(w, "runs follow each other", "run %llu after %llu",
                      (unsigned long long)s->first, (unsigned long long)*n);
    cursor_init(&c, run.records);
    while (run_next(&c, &record)) {
        chain_next(hash, record);
        ++*n;
        if (memory->line > 0 && *n > memory->line && w->log.id.stream == STREAM_REPORTS &&
            code_same(&w->log.id.author, &desks[NODE].unit) &&
            w->log.id.incarnation == desks[NODE].id.incarnation)
            return broken(w, "a copy continues no log", "record %llu", (unsigned long long)*n);
        int rc = statement(w, *n, record);
        if (rc < 0)
            return rc;
        for (unsigned i = 0; i < memory->n_helds; i++)
            if (log_same(&memory->helds[i].log, &w->log.id) && memory->helds[i].n == *n)
                w->held[i] = memcmp(memory->helds[i].hash, hash, HASH_SIZE) == 0;
    }
    return 0;
}

static int on_log(void *ctx, uint32_t log, const struct stored_log *l)
{
    struct walk *w = ctx;
    struct stored_run s;
    uint8_t hash[HASH_SIZE];
    uint64_t n = 0;
    int rc;
    w->log = *l;
    memset(w->in_log, 0, sizeof w->in_log);
    chain_start(w->election, &l->id, l->key, hash);
    while ((rc = store_read(w->store, log, n, &s)) == 0)
        if (one_run(w, &s, hash, &n) < 0)
            return -EBADMSG;
    if (rc != -ENOENT)
        return broken(w, "the store can be read", "%d", rc);
    for (unsigned i = 0; i < memory->n_statements; i++) {
        const struct statement *st = &memory->statements[i];
        if (w->in_log[st->group] != 0 && w->in_log[st->group] != st->n_group)
            return broken(w, "what was said at once is kept whole or not at all",
                          "act %u: %u of %u", i + 1, w->in_log[st->group], st->n_group);
    }
    return 0;
}

static void whole(struct walk *w)
{
    struct verify_report report;
    sqlite3_stmt *q;
    char text[120] = "cannot be asked";
    int rc = verify_store(w->store, w->election, &report);
    if (rc < 0)
        broken(w, "every chain verifies", "%d: %s %llu %s", rc, report.log.author.at,
               (unsigned long long)report.first, report.why);
    if (sqlite3_prepare_v2(w->store->db, "PRAGMA integrity_check", -1, &q, NULL) == SQLITE_OK) {
        if (sqlite3_step(q) == SQLITE_ROW)
            snprintf(text, sizeof text, "%s", (const char *)sqlite3_column_text(q, 0));
        sqlite3_finalize(q);
    }
    if (strcmp(text, "ok") != 0)
        broken(w, "SQLite finds the file whole", "%s", text);
}

static const char *check(struct walk *w, unsigned n_seen)
{
    whole(w);
    if (!w->broken)
        store_logs(w->store, on_log, w);
    for (unsigned i = 0; i < n_seen && w->desk == NODE; i++)
        if (memory->statements[i].seen && !w->found[i])
            broken(w, "what a clerk saw recorded is there", "act %u, record %llu of %016llx", i + 1,
                   (unsigned long long)memory->statements[i].at_n,
                   (unsigned long long)memory->statements[i].log.incarnation);
    for (unsigned i = 0; i < memory->n_helds && w->desk == HUB; i++)
        if (memory->helds[i].n > 0 && !w->held[i])
            broken(w, "what the hub said it has is there", "%s: %llu",
                   memory->helds[i].log.author.at, (unsigned long long)memory->helds[i].n);
    return w->broken;
}

const char *oracle_check(unsigned desk)
{
    struct walk w = {.store = office_store(desks[desk].office), .desk = desk};
    w.election = desks[desk].id.election;
    return check(&w, memory->n_statements);
}

// Restored as people do it: it becomes the store of a folder of its own.
const char *oracle_copy(unsigned desk)
{
    struct walk w = {.desk = desk, .election = desks[desk].id.election};
    char path[64], folder[64], store[80];
    uint8_t mark = 0;
    snprintf(path, sizeof path, "%s/copy.db", desks[desk].dir);
    snprintf(folder, sizeof folder, "%s/restored", desks[desk].dir);
    snprintf(store, sizeof store, "%s/store.db", folder);
    if ((mkdir(folder, 0700) < 0 && errno != EEXIST) || rename(path, store) < 0)
        broken(&w, "a backup that was made is there", "%s", strerror(errno));
    int rc = w.broken ? 0 : store_open(&w.store, folder);
    if (rc < 0)
        broken(&w, "a backup can be opened", "%d", rc);
    if (w.store && store_get(w.store, "copy", &mark, 1) < 0)
        broken(&w, "a backup says that it is one", "no mark");
    if (w.store)
        check(&w, memory->n_copied);
    store_close(&w.store);
    unlink(store);
    return w.broken;
}

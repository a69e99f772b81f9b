// office.c - one unit at work: takes what comes, decides, commits once, and only then answers.
#include "inside.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "common/base/savefile.h"
#include "proto/mutant.h"

static int on_log(void *ctx, uint32_t log, const struct stored_log *l)
{
    struct office *o = ctx;
    if (log != o->logs.n)
        return -EIO; // logs are numbered without gaps
    book_log(o, &l->id, l->key);
    struct log_head *h = &o->logs.at[log];
    o->n_rows = o->next_rows = log + 1;
    if (l->n == 0)
        return 0; // no record of it was kept: it begins as a new one does
    h->n = h->next_n = l->n;
    memcpy(h->hash, l->hash, HASH_SIZE);
    memcpy(h->next_hash, l->hash, HASH_SIZE);
    return 0;
}

static int on_mark(void *ctx, uint32_t log, struct bytes raw)
{
    struct office *o = ctx;
    struct mark m;
    if (log >= o->logs.n || mark_decode(&m, raw) < 0)
        return 0;
    bool own = code_same(&m.log.author, &o->id.unit);
    for (unsigned i = 0; i < o->id.n_signers; i++) {
        const struct signer *s = &o->id.signers[i];
        if (!code_same(&s->unit, &m.tier))
            continue;
        // What is shown as ticked is checked again: the tier may have other keys since, and another store.
        if (mark_check(&m, o->id.election, s->key) == 0 && (!own || receive_is_held(o, log, &m)))
            answers_mark(o, log, &m, i);
    }
    return 0;
}

static int on_fork(void *ctx, uint32_t log, uint64_t n, struct bytes body)
{
    struct office *o = ctx;
    (void)body;
    if (log < o->logs.n)
        o->books[log].fork_n = n;
    o->counts.forks++;
    return 0;
}

// The store's id with the inode and time of birth of its file: an inode alone is soon used again.
static int whose_store(const struct office *o, char *to, size_t cap)
{
    char path[4200];
    struct statx st;
    snprintf(path, sizeof path, "%s/store.db", o->dir);
    if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &st) < 0)
        return -errno;
    bool born = (st.stx_mask & STATX_BTIME) != 0;
    snprintf(to, cap, "%016llx %llu %lld.%09u\n", (unsigned long long)o->store_id,
             (unsigned long long)st.stx_ino, born ? (long long)st.stx_btime.tv_sec : 0,
             born ? st.stx_btime.tv_nsec : 0);
    return 0;
}

// A log is continued only by the very file that wrote its last record: a small file beside the store
// repeats its id and whose it is, and a backup is marked inside. Anything else begins a new incarnation.
static int claim_store(struct office *o)
{
    char text[96] = "", want[96];
    uint8_t *side, copy;
    size_t n;
    int rc = store_get(o->store, "store", &o->store_id, sizeof o->store_id);
    bool new_store = rc == -ENOENT;
    if (rc < 0 && !new_store)
        return rc;
    if (savefile_read(o->dir, "store.id", sizeof text - 1, &side, &n) == 0) {
        memcpy(text, side, n);
        free(side);
    }
    rc = whose_store(o, want, sizeof want);
    if (rc < 0)
        return rc;
    int marked = store_get(o->store, "copy", &copy, 1);
    if (marked < 0 && marked != -ENOENT)
        return marked; // not to know is not to be the original
    bool is_copy = marked == 0;
    bool first_start = new_store && text[0] == 0 && !o->setup.later;
    rc = store_get(o->store, "incarnation", &o->incarnation, sizeof o->incarnation);
    if (rc == -ENOENT)
        o->incarnation = o->id.incarnation;
    else if (rc < 0)
        return rc;
    if (!new_store && (MUTANT(copy_continued) || (!is_copy && strcmp(text, want) == 0)))
        return 0;
    if (!first_start) {
        o->renewed = true;
        o->incarnation = o->setup.doors.random(o->setup.doors.ctx);
    }
    o->store_id = o->setup.doors.random(o->setup.doors.ctx);
    rc = store_begin(o->store);
    if (rc == 0)
        rc = store_put(o->store, "store", bytes_of(&o->store_id, sizeof o->store_id));
    if (rc == 0)
        rc = store_put(o->store, "incarnation", bytes_of(&o->incarnation, sizeof o->incarnation));
    if (rc == 0 && is_copy)
        rc = store_drop(o->store, "copy");
    if (rc == 0)
        rc = store_commit(o->store);
    if (rc == 0)
        rc = whose_store(o, want, sizeof want);
    return rc == 0 ? savefile_write(o->dir, "store.id", bytes_text(want)) : rc;
}

static void know_signers(struct office *o)
{
    keyring_learn(o, &o->id.unit, o->id.key, &o->id.unit);
    for (unsigned i = 0; i < o->id.n_signers; i++)
        keyring_learn(o, &o->id.signers[i].unit, o->id.signers[i].key, &o->id.unit);
}

static int load(struct office *o)
{
    int rc = o->setup.reader ? 0 : claim_store(o);
    if (rc < 0)
        return rc;
    know_signers(o);
    rc = store_logs(o->store, on_log, o);
    if (rc == 0 && o->own_log != LOG_NONE &&
        memcmp(o->books[o->own_log].key, o->id.key, KEY_SIZE) != 0)
        book_renew(o); // another key since: a token was used on the machine of the old one
    o->copies_due = book_is_later(o);
    if (rc == 0)
        rc = folding_rebuild(o);
    for (uint32_t i = 0; MUTANT(changed_set_in_memory) && i < o->n_children; i++)
        o->children[i].maybe_changed = false;
    if (rc == 0)
        rc = store_marks(o->store, on_mark, o);
    return rc == 0 ? store_forks(o->store, on_fork, o) : rc;
}

int office_open(struct office **ret_office, const struct office_setup *setup, struct moment now)
{
    struct office *o = calloc(1, sizeof *o);
    if (!o)
        abort();
    *ret_office = o;
    o->setup = *setup;
    o->id = *setup->identity;
    snprintf(o->dir, sizeof o->dir, "%s", setup->dir);
#define DEFAULT(field, value) o->setup.field = setup->field > 0 ? setup->field : (value)
    DEFAULT(beat_ms, SESSION_BEAT_MS);
    DEFAULT(deadline_ms, SESSION_DEADLINE_MS);
    DEFAULT(backoff_ms, SESSION_BACKOFF_MS);
    DEFAULT(wait_ms, OFFICE_WAIT_MS);
#undef DEFAULT
    o->own_log = LOG_NONE;
    o->strange_seats = SEAT_NONE;
    o->taking = TAKING;
    o->turn = 1;
    o->opened_at = now.mono;
    o->wake_at = INT64_MAX;
    o->up_word = LINK_NEVER_SEEN;
    o->up_since = now.wall;
    int rc = setup->reader ? store_open_reader(&o->store, o->dir) : store_open(&o->store, o->dir);
    if (rc == 0)
        rc = load(o);
    if (rc < 0) {
        office_close(ret_office);
        return rc;
    }
    o->up.used = o->id.n_signers > 0;
    o->up.peer = OFFICE_PARENT;
    session_init(&o->up.session, true, &o->id.unit, o->id.election);
    o->up.session.store = o->store_id;
    o->up.session.boot = setup->boot;
    o->up.session.program = setup->program;
    o->work = true;
    return 0;
}

void office_close(struct office **office)
{
    struct office *o = *office;
    if (!o)
        return;
    store_close(&o->store);
    for (uint32_t i = 0; i < o->logs.n; i++)
        folding_forget_parts(o, i);
    for (uint32_t i = 0; i < o->logs.n; i++)
        for (unsigned k = 0; k <= SIGNERS_MAX; k++)
            free(o->books[i].marks[k]);
    for (uint32_t i = 0; i < o->n_seats; i++) {
        free(o->seats[i]->session.flows);
        free(o->seats[i]);
    }
    free(o->up.session.flows);
    free(o->admits), free(o->seats), free(o->seat_of), free(o->logs.at), free(o->logs.slots),
        free(o->books), free(o->keys), free(o->erased);
    free(o->children), free(o->words), free(o->plan_block), free(o->fold_block),
        free(o->changed_at);
    free(o->parts.bytes), free(o->dirty.at), free(o->owing.at), free(o->news.at),
        free(o->stirred.at), free(o->log_units);
    chains_free(&o->key_chains), chains_free(&o->child_chains), chains_free(&o->log_chains);
    free(o);
    *office = NULL;
}

void office_tick(struct office *o, struct moment now)
{
    struct session_env env = answers_env(o, now);
    struct session_event ev = {.kind = SESSION_TICK};
    if (o->up.used)
        answers_act(o, &o->up, session_step(&o->up.session, &ev, &env));
    o->work = o->work || o->up.session.beat_owed;
    for (uint32_t i = 0; i < o->n_seats; i++) {
        struct seat *s = o->seats[i];
        if (s->used)
            answers_act(o, s, session_step(&s->session, &ev, &env));
        if (s->used) // what was put off for a time is due now
            answers_stir(o, s);
        o->work = o->work || (s->used && s->session.beat_owed);
    }
    seats_look(o, now);
    if (now.mono >= o->wake_at || (o->taking == TAKING_FULL && now.mono >= o->probe_at))
        o->work = true;
    if (!o->heard_parent && (!o->open || o->slight) && !receive_coming(o, &o->up)) {
        o->heard_parent = o->work = true;
        o->copies_due = book_is_later(o);
    }
}

// What was learned from records is learned again from those that were kept.
static void forget_learned(struct office *o)
{
    keyring_forget(o);
    know_signers(o);
    erasing_forget(o);
    for (uint32_t i = 0; i < o->logs.n; i++)
        folding_forget_parts(o, i);
    o->parts.version = o->plan ? o->plan->version : 0;
    o->copies_due = book_is_later(o);
    for (uint32_t i = 0; i < o->n_children; i++) {
        struct child *c = &o->children[i];
        memset(c->plan_hash, 0, HASH_SIZE);
        c->summed.n = 0;
        c->summed_n = 0;
        c->maybe_changed = c->plan_due = true;
    }
}

// Everything of the turn that was not committed is as if it had not come.
static int undo(struct office *o, int rc, struct moment now)
{
    struct session_action close = {SESSION_CLOSE, "what it sent could not be kept"};
    store_rollback(o->store);
    o->open = false;
    o->failed = 0;
    o->next_rows = o->n_rows;
    o->dirty.n = 0;
    for (uint32_t i = 0; i < o->logs.n; i++) {
        struct log_head *h = &o->logs.at[i];
        bool touched = o->books[i].dirty;
        if (!MUTANT(head_kept_after_failed_commit)) {
            h->next_n = h->n;
            memcpy(h->next_hash, h->hash, HASH_SIZE);
        }
        o->books[i].dirty = false;
        for (uint32_t k = 0; k < o->n_seats && touched; k++)
            if (o->seats[k]->used && session_flow(&o->seats[k]->session, i))
                answers_act(o, o->seats[k], close);
    }
    answers_stir_all(o);
    o->taking = rc == -ENOSPC ? TAKING_FULL : o->taking;
    o->probe_at = now.mono + PROBE_MS;
    forget_learned(o);
    int again = rc == -ENOSPC ? folding_rebuild(o) : 0;
    return again < 0 ? again : rc;
}

static int probe(struct office *o, struct moment now)
{
    uint64_t free_bytes = o->setup.doors.free_disk(o->setup.doors.ctx);
    o->probe_at = now.mono + PROBE_MS;
    if (free_bytes < o->setup.full_bytes)
        return -ENOSPC;
    int rc = book_begin(o);
    return rc == 0 ? store_put(o->store, "probe", bytes_of(&now.wall, sizeof now.wall)) : rc;
}

static int append_own(struct office *o, struct moment now, bool *ret_probed)
{
    *ret_probed = false;
    if (o->setup.doors.free_disk(o->setup.doors.ctx) < o->setup.full_bytes &&
        o->taking != TAKING_FULL)
        return -ENOSPC;
    if (o->taking == TAKING_FULL) {
        *ret_probed = now.mono >= o->probe_at;
        return *ret_probed ? probe(o, now) : 0;
    }
    int rc = o->failed ? o->failed : duties_do(o, now);
    return rc == 0 ? erasing_do(o) : rc;
}

// Those that are on disk are not due any more; that a former parent admitted the key does not count.
static void admits_done(struct office *o)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < o->n_admits; i++)
        if (duties_admits(o, &o->admits[i]))
            o->admits[left++] = o->admits[i];
    o->n_admits = left;
}

// Marks alone are no reason for a sync: what they say is true wherever they are kept.
static bool may_wait(struct office *o, struct moment now)
{
    bool waits = o->open && o->slight && now.mono < o->slight_until;
    if (waits)
        answers_wake(o, o->slight_until);
    return waits;
}

static int commit(struct office *o)
{
    int rc = o->open ? book_heads(o) : 0;
    if (rc == 0 && o->open && !(MUTANT(ack_before_commit) && o->turn % 2))
        rc = store_commit(o->store);
    if (rc < 0)
        return rc;
    o->unsaved = o->unsaved && !o->open;
    o->open = false;
    o->n_rows = o->next_rows;
    return 0;
}

int office_turn(struct office *o, struct moment now)
{
    o->work = false;
    o->wake_at = INT64_MAX;
    bool probed;
    int rc = append_own(o, now, &probed);
    if (rc == 0 && !may_wait(o, now))
        rc = commit(o);
    if (rc < 0) {
        if (MUTANT(mark_before_commit))
            answers_flush(o, now);
        rc = undo(o, rc, now);
        if (rc == -ENOSPC)
            answers_flush(o, now);
        return rc;
    }
    if (o->n_admits > 0)
        admits_done(o);
    if (probed)
        o->taking = TAKING; // with the next beats the others learn it
    for (uint32_t i = 0; i < o->dirty.n; i++) {
        struct log_head *h = &o->logs.at[o->dirty.at[i]];
        h->n = h->next_n;
        memcpy(h->hash, h->next_hash, HASH_SIZE);
    }
    o->counts.turns++;
    if (o->plan_grew && folding_adopt(o) > 0) {
        o->work = true;
        rc = folding_rebuild(o);
    }
    answers_flush(o, now);
    o->turn++; // what is folded from now on belongs to the next one, also before it begins
    return rc < 0 || o->open ? rc : store_checkpoint_due(o->store);
}

bool office_has_work(const struct office *o)
{
    return o->work || (o->open && !o->slight);
}

// says.c - what people and programs say through this office, each a turn of its own; and what they read.
#include "inside.h"
#include "proto/mutant.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

int office_say(struct office *o, const struct code *about, const struct own_records *r,
               struct moment now, uint64_t *ret_n)
{
    if (o->taking == TAKING_FULL)
        return -ENOSPC;
    int rc = office_turn(o, now); // what came before is a turn of its own
    if (rc < 0)
        return rc;
    if (!about && o->copies_due && o->plan)
        rc = duties_do(o, now); // a new incarnation begins with the old statements
    uint32_t log = book_own(o, about ? STREAM_ABOUT : STREAM_REPORTS, about ? about : &o->id.unit);
    if (rc == 0)
        rc = book_say(o, log, r, now, ret_n);
    if (rc < 0)
        o->failed = rc;
    return office_turn(o, now);
}

int64_t office_wait(const struct office *o, struct moment now)
{
    int64_t left = o->opened_at + o->setup.wait_ms - now.mono;
    bool waits = o->id.n_signers > 0 && !o->heard_parent && !o->no_line && left > 0;
    return waits && !MUTANT(parent_not_waited_for) ? left : 0;
}

void office_no_line(struct office *o)
{
    o->no_line = true;
}

static struct record plain(const struct office *o, enum kind kind, const struct code *subject,
                           struct moment now)
{
    struct record r = {
        .kind = kind, .subject = code_bytes(subject), .at = now.wall, .entered = now.wall};
    r.how = HOW_MACHINE;
    r.act = o->setup.doors.random(o->setup.doors.ctx);
    r.plan = o->plan ? o->plan->version : 0;
    return r;
}

int says_record(struct office *o, const struct code *about, const struct record *r,
                struct moment now)
{
    uint8_t buffer[RECORD_MAX];
    const char *why;
    uint64_t n;
    int size = record_encode(r, buffer, sizeof buffer, &why);
    if (size < 0)
        return size;
    struct bytes b = bytes_of(buffer, (size_t)size);
    return office_say(o, about, &(struct own_records){.records = &b, .n = 1}, now, &n);
}

static int say_part(struct office *o, struct bytes plan, size_t i, const uint8_t hash[HASH_SIZE],
                    struct moment now)
{
    uint8_t buffer[RECORD_MAX];
    struct record r = plain(o, KIND_PLAN_PART, &o->id.unit, now);
    size_t left = plan.n - i * PART_MAX;
    const char *why;
    uint64_t n;
    r.number[PART_VERSION] = plan_version(plan);
    r.number[PART_INDEX] = i;
    r.number[PART_COUNT] = (plan.n + PART_MAX - 1) / PART_MAX;
    r.blob[PART_HASH] = bytes_of(hash, HASH_SIZE);
    r.blob[PART_BYTES] = bytes_of(plan.at + i * PART_MAX, left < PART_MAX ? left : PART_MAX);
    int size = record_encode(&r, buffer, sizeof buffer, &why);
    assert(size > 0);
    struct bytes b = bytes_of(buffer, (size_t)size);
    struct own_records own = {.records = &b, .n = 1};
    return book_say(o, book_own(o, STREAM_PLAN, &o->id.unit), &own, now, &n);
}

int office_load_plan(struct office *o, struct bytes plan, struct moment now)
{
    const char *why;
    uint8_t hash[HASH_SIZE];
    if (o->id.n_signers > 0 || plan_size(plan, &why) == 0)
        return -EINVAL;
    if (o->plan && plan_version(plan) <= o->plan->version)
        return -EEXIST;
    hash_of(plan, hash);
    int rc = office_turn(o, now);
    for (size_t i = 0; i * PART_MAX < plan.n && rc == 0; i++)
        rc = say_part(o, plan, i, hash, now);
    if (rc < 0)
        o->failed = rc;
    return office_turn(o, now);
}

int office_admit_next(struct office *o, const struct certificate *c, struct bytes raw)
{
    if (duties_admitted(o, &c->unit, c->key))
        return 0;
    if (raw.n > CERTIFICATE_MAX ||
        (keyring_knows(o, &c->unit, c->key) && !keyring_good(o, code_bytes(&c->unit), c->key)))
        return -EACCES; // retired: it needs a new key
    uint32_t i = 0;
    while (i < o->n_admits && (!code_same(&o->admits[i].unit, &c->unit) ||
                               memcmp(o->admits[i].key, c->key, KEY_SIZE) != 0))
        i++;
    if (i == o->n_admits) {
        o->admits = grown(o->admits, o->n_admits, &o->cap_admits, sizeof *o->admits);
        struct due_admit *a = &o->admits[o->n_admits++];
        *a = (struct due_admit){
            .unit = c->unit, .incarnation = c->incarnation, .n = (uint16_t)raw.n};
        memcpy(a->key, c->key, KEY_SIZE);
        memcpy(a->certificate, raw.at, raw.n);
    }
    return 0;
}

int office_admit(struct office *o, const struct certificate *c, struct bytes raw, struct moment now)
{
    int rc = office_admit_next(o, c, raw);
    if (rc < 0 || duties_admitted(o, &c->unit, c->key))
        return rc;
    rc = office_turn(o, now);
    return rc == 0 && !duties_admitted(o, &c->unit, c->key) ? -EAGAIN : rc;
}

int office_admit_held(struct office *o, const struct code *unit, uint64_t incarnation,
                      struct bytes by, struct moment now)
{
    int rc = -ENOENT;
    for (uint32_t i = 0; o->plan && i < o->fold.n_logs && (rc == 0 || rc == -ENOENT); i++) {
        const struct log_id *id = &o->logs.at[i].id;
        uint8_t raw[CERTIFICATE_MAX];
        struct record r = plain(o, KIND_ADMIT, unit, now);
        if (id->stream != STREAM_REPORTS || !code_same(&id->author, unit) ||
            fold_admitted(&o->fold, i) || (incarnation != 0 && id->incarnation != incarnation) ||
            o->logs.at[i].n == 0)
            continue;
        r.by = by;
        r.number[ADMIT_INCARNATION] = id->incarnation;
        r.blob[ADMIT_CERTIFICATE] = bytes_of(raw, duties_certificate(o, i, raw));
        if (r.blob[ADMIT_CERTIFICATE].n > 0 && keyring_good(o, code_bytes(unit), o->books[i].key))
            rc = says_record(o, unit, &r, now);
    }
    return rc;
}

int office_retire(struct office *o, const struct code *unit, struct bytes by, struct bytes why,
                  struct moment now)
{
    int rc = 0;
    uint32_t k = keyring_first(o, code_bytes(unit));
    for (; k != CHAIN_END && rc == 0; k = keyring_next(o, k)) {
        if (!keyring_good(o, code_bytes(unit), o->keys[k].key))
            continue;
        uint8_t key[KEY_SIZE];
        memcpy(key, o->keys[k].key, KEY_SIZE);
        for (uint32_t i = 0; i < o->logs.n && rc == 0; i++) {
            const struct log_head *h = &o->logs.at[i];
            if (!code_same(&h->id.author, unit) || h->id.stream != STREAM_REPORTS ||
                memcmp(o->books[i].key, key, KEY_SIZE) != 0)
                continue;
            uint8_t hash[HASH_SIZE];
            memcpy(hash, h->hash, HASH_SIZE);
            struct record r = plain(o, KIND_RETIRE, unit, now);
            r.by = by;
            r.why = why;
            r.number[RETIRE_INCARNATION] = h->id.incarnation;
            r.number[RETIRE_N] = h->n;
            r.blob[RETIRE_HASH] = bytes_of(hash, HASH_SIZE);
            rc = says_record(o, unit, &r, now);
        }
        struct record r = plain(o, KIND_RETIRE, unit, now);
        r.by = by;
        r.why = why;
        r.blob[RETIRE_KEY] = bytes_of(key, KEY_SIZE);
        if (rc == 0)
            rc = says_record(o, unit, &r, now);
    }
    return rc;
}

int office_import(struct office *o, const struct log_id *log, struct bytes body, struct bytes texts,
                  struct moment now)
{
    uint64_t dropped = o->counts.runs_dropped;
    enum took took = receive_run(o, log, body, texts, now);
    if (took == TOOK_DROPPED)
        return o->counts.runs_dropped > dropped ? -ENOKEY : -EBADMSG;
    o->work = true;
    return took == TOOK_FORKED ? -EBADMSG : 0;
}

int office_backup(struct office *o, const char *path)
{
    int rc = o->open && o->slight ? store_commit(o->store) : 0;
    if (rc < 0)
        return rc; // the turn's own commit fails, too, and undoes what came
    o->open = o->open && !o->slight;
    return o->open ? -EBUSY : store_backup(o->store, path);
}

const struct plan *office_plan(const struct office *o)
{
    return o->plan;
}

const struct fold *office_fold(const struct office *o)
{
    return o->plan ? &o->fold : NULL;
}

const struct log_table *office_logs(const struct office *o)
{
    return &o->logs;
}

const uint8_t *office_log_key(const struct office *o, uint32_t log)
{
    return o->books[log].key;
}

const struct identity *office_identity(const struct office *o)
{
    return &o->id;
}

struct store *office_store(struct office *o)
{
    return o->store;
}

uint32_t office_own_log(const struct office *o)
{
    return o->own_log;
}

unsigned office_taking(const struct office *o)
{
    return o->taking;
}

void office_counts(const struct office *o, struct office_counts *ret)
{
    *ret = o->counts;
}

void office_parent(const struct office *o, struct office_link_state *ret)
{
    *ret = (struct office_link_state){.word = o->up_word, .since = o->up_since, .why = o->up_why};
    ret->offset_ms = o->up.session.peer_offset;
    ret->backlog = o->up.session.backlog;
}

bool office_child(const struct office *o, struct bytes unit, struct office_link_state *ret)
{
    struct code code = code_of(unit);
    const struct child *c = duties_child(o, &code);
    if (!c)
        return false;
    *ret = (struct office_link_state){.word = c->word, .since = c->word_since, .why = c->why};
    ret->machines = c->machines;
    for (const struct seat *s = NULL; (s = seats_of(o, &code, s)) != NULL;) {
        ret->offset_ms = s->session.peer_offset;
        ret->backlog = s->session.peer_backlog;
        ret->beat = s->session.peer_beat;
        ret->free_disk = s->session.peer_free_disk;
        ret->taking = s->session.peer_taking;
        ret->program = s->session.peer_program;
        ret->plan_current = memcmp(s->session.peer_plan_hash, c->plan_hash, HASH_SIZE) == 0;
    }
    return true;
}

bool office_word(const struct office *o, struct bytes unit, struct office_link_state *ret)
{
    for (uint32_t i = 0; i < o->n_words; i++)
        if (bytes_same(code_bytes(&o->words[i].unit), unit)) {
            *ret = (struct office_link_state){.word = o->words[i].word, .since = o->words[i].since};
            return true;
        }
    return false;
}

uint64_t office_marked(const struct office *o, uint32_t log, unsigned signer, int64_t *ret_at)
{
    *ret_at = o->books[log].marked_wall[signer];
    return o->books[log].fork_n
               ? 0
               : o->books[log].marked[signer]; // forked: the tier may have other records
}

bool office_renewed(const struct office *o)
{
    return o->renewed;
}

uint64_t office_turn_number(const struct office *o)
{
    return o->turn - 1; // the last one that ended
}

bool office_changed(const struct office *o, uint32_t unit, uint64_t turn)
{
    return o->changed_at[unit] > turn;
}

// duties.c - what a turn calls for beside what came: admissions, copies, plan slices, summaries.
#include "common/election/slice.h"
#include "inside.h"
#include "proto/mutant.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 64,       // records of one duty that are appended at once
    GROWING_MS = 2000 // a log that grew within this is growing
};

struct child *duties_child(const struct office *o, const struct code *unit)
{
    uint32_t i = chains_first(&o->child_chains, bytes_hash(code_bytes(unit)));
    while (i != CHAIN_END && !code_same(&o->children[i].unit, unit))
        i = chains_next(&o->child_chains, i);
    return i == CHAIN_END ? NULL : &o->children[i];
}

struct child *duties_new_child(struct office *o, const struct code *unit)
{
    struct child *there = duties_child(o, unit);
    if (there)
        return there;
    chains_add(&o->child_chains, bytes_hash(code_bytes(unit)));
    o->children = grown(o->children, o->n_children, &o->cap_children, sizeof *o->children);
    struct child *c = &o->children[o->n_children++];
    memset(c, 0, sizeof *c);
    c->unit = *unit;
    c->plan_due = c->maybe_changed = true;
    c->word = LINK_NEVER_SEEN;
    c->seats = SEAT_NONE;
    seats_adopt(o, c);
    return c;
}

struct record duties_blank(const struct office *o, enum kind kind, struct bytes subject,
                           struct moment now)
{
    struct record r = {
        .kind = kind, .subject = subject, .at = now.wall, .entered = now.wall, .how = HOW_MACHINE};
    r.act = o->setup.doors.random(o->setup.doors.ctx);
    r.plan = o->plan ? o->plan->version : 0;
    return r;
}

int duties_say(struct office *o, uint32_t log, const struct record *r, struct moment now,
               uint64_t *ret_n)
{
    uint8_t buffer[RECORD_MAX];
    const char *why;
    int n = record_encode(r, buffer, sizeof buffer, &why);
    assert(n > 0);
    struct bytes record = bytes_of(buffer, (size_t)n);
    struct own_records own = {.records = &record, .n = 1};
    return book_say(o, log, &own, now, ret_n);
}

static int say_slice(struct office *o, struct child *c, struct bytes slice, struct moment now)
{
    uint8_t hash[HASH_SIZE];
    uint64_t n;
    int rc = 0;
    hash_of(slice, hash);
    if (memcmp(hash, c->plan_hash, HASH_SIZE) == 0)
        return 0;
    size_t count = (slice.n + PART_MAX - 1) / PART_MAX;
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct record r = duties_blank(o, KIND_PLAN_PART, code_bytes(&c->unit), now);
        size_t left = slice.n - i * PART_MAX;
        r.number[PART_VERSION] = o->plan->version;
        r.number[PART_INDEX] = i;
        r.number[PART_COUNT] = count;
        r.blob[PART_HASH] = bytes_of(hash, HASH_SIZE);
        r.blob[PART_BYTES] = bytes_of(slice.at + i * PART_MAX, left < PART_MAX ? left : PART_MAX);
        rc = duties_say(o, book_own(o, STREAM_PLAN, &c->unit), &r, now, &n);
    }
    if (rc == 0)
        memcpy(c->plan_hash, hash, HASH_SIZE);
    return rc;
}

// Each child gets its slice of the plan in force, once.
static int plan_slices(struct office *o, struct moment now)
{
    uint8_t *buffer = NULL;
    uint32_t *scratch = NULL;
    int rc = 0;
    for (uint32_t i = 0; i < o->n_children && rc == 0 && o->plan; i++) {
        struct child *c = &o->children[i];
        uint32_t unit = c->plan_due ? plan_unit_of(o->plan, code_bytes(&c->unit)) : PLAN_NONE;
        if (unit == PLAN_NONE)
            continue;
        if (!buffer) {
            buffer = malloc(o->plan->bytes.n + 64);
            scratch = malloc((o->plan->n_contests + 1) * sizeof *scratch);
            if (!buffer || !scratch)
                abort();
        }
        struct packer p;
        pack_init(&p, buffer, o->plan->bytes.n + 64);
        slice_pack(o->plan, unit, scratch, &p);
        assert(!p.full);
        rc = say_slice(o, c, packed(&p), now);
        c->plan_due = false;
    }
    free(buffer);
    free(scratch);
    return rc;
}

static struct flow *flow_of(struct seat *s, uint32_t log)
{
    return s->used ? session_flow(&s->session, log) : NULL;
}

// The child is still giving us what it named: nothing is said of it before that is here. What it does
// not give, or what is refused, holds its sums up no longer than COMING_MS.
static bool still_coming(struct office *o, const struct child *c, struct moment now)
{
    for (const struct seat *s = NULL; (s = seats_of(o, &c->unit, s)) != NULL;) {
        if (!receive_coming(o, s) || now.mono - s->came_at >= COMING_MS)
            continue;
        answers_wake(o, s->came_at + COMING_MS);
        return true;
    }
    return false;
}

static bool may_sum(struct office *o, struct child *c, struct moment now)
{
    uint32_t own = book_own(o, STREAM_REPORTS, &o->id.unit);
    struct flow *up = flow_of(&o->up, own);
    if (c->summed_n > 0 && (!up || up->peer_n < c->summed_n))
        return false; // one may be on its way
    if (c->summed_n > 0 && now.mono - c->summed_at < SUMMARY_PACE_MS) {
        answers_wake(o, c->summed_at + SUMMARY_PACE_MS);
        return false;
    }
    return !still_coming(o, c, now) || MUTANT(summed_while_rebuilding);
}

// One summary for each child whose logs are not where they were when it was last summed up.
static int summaries(struct office *o, struct moment now)
{
    static uint8_t content[SUMMARY_MAX];
    int rc = 0;
    if (o->id.n_signers == 0 || !o->plan || !o->up.used || o->up.session.state != SESSION_OPEN)
        return 0;
    for (uint32_t i = 0; i < o->n_children && rc == 0; i++) {
        struct child *c = &o->children[i];
        struct cut cut;
        struct packer p;
        uint32_t unit = c->maybe_changed ? plan_unit_of(o->plan, code_bytes(&c->unit)) : PLAN_NONE;
        if (unit == PLAN_NONE || o->plan->units[unit].place || !may_sum(o, c, now))
            continue;
        if (MUTANT(withhold_all))
            continue;
        summary_cut(&o->logs, code_bytes(&c->unit), &cut);
        c->maybe_changed = false;
        if (cut.n == 0 || cut_same(&cut, &c->summed))
            continue;
        if (MUTANT(summary_without_cut))
            cut.n = 0;
        pack_init(&p, content, sizeof content);
        summary_pack(&o->fold, unit, &cut, &p);
        if (p.full)
            continue; // more than a summary holds: the evidence alone speaks of it
        struct record r = duties_blank(o, KIND_SUMMARY, code_bytes(&c->unit), now);
        r.blob[SUMMARY_CONTENT] = packed(&p);
        rc = duties_say(o, book_own(o, STREAM_REPORTS, &o->id.unit), &r, now, &c->summed_n);
        c->summed = cut;
        c->summed_at = now.mono;
    }
    return rc;
}

static bool stands_in(const struct fold *f, uint32_t entry, uint32_t log)
{
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next)
        if (f->occurrences[i].log == log)
            return true;
    return false;
}

// Beyond the line that was drawn for every log it stands in: it will not count again.
static bool past_line(const struct fold *f, uint32_t entry)
{
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next) {
        uint32_t g = f->logs[f->occurrences[i].log].grant;
        if (g == ENTRY_NONE || f->occurrences[i].n <= f->grants[g].until)
            return false;
    }
    return true;
}

// Statements of the unit itself that the log lacks; summaries are said anew and are none.
static bool lacks(struct office *o, uint32_t unit, uint32_t log)
{
    const struct fold *f = &o->fold;
    // What stands in a log stays in it, so the look goes on where it last found one missing.
    for (uint32_t e = o->books[log].lacked; e < f->n_entries; e++) {
        if (f->logs[f->entries[e].log].home != unit || f->entries[e].by_parent ||
            f->entries[e].kind == KIND_SUMMARY)
            continue;
        if (f->logs[f->entries[e].log].stream == STREAM_REPORTS && !stands_in(f, e, log) &&
            !past_line(f, e)) {
            o->books[log].lacked = e;
            return true;
        }
    }
    return false;
}

// Under the same key, lacking nothing held of the earlier ones, while no other log of the unit grows.
static bool admits_itself(struct office *o, uint32_t log, struct moment now)
{
    const struct log_id *id = &o->logs.at[log].id;
    uint32_t unit = o->fold.logs[log].home;
    if (!keyring_good(o, code_bytes(&id->author), o->books[log].key))
        return false;
    for (uint32_t i = 0; i < o->fold.n_logs; i++) // a log without records is not in the fold yet
        if (i != log && o->logs.at[i].id.stream == STREAM_REPORTS && o->fold.logs[i].home == unit &&
            o->logs.at[i].n > 0 && now.mono - o->books[i].grew_at < GROWING_MS &&
            o->books[i].grew_at > 0) {
            answers_wake(o, o->books[i].grew_at + GROWING_MS);
            return false;
        }
    return MUTANT(lacking_log_admitted) || !lacks(o, unit, log);
}

// The certificate of an earlier admission under the log's key, or 0: the unit has none.
size_t duties_certificate(const struct office *o, uint32_t log, uint8_t raw[CERTIFICATE_MAX])
{
    const struct fold *f = &o->fold;
    struct record old;
    struct certificate c;
    const char *why;
    for (uint32_t e = 0; e < f->n_entries; e++) {
        if (f->entries[e].kind != KIND_ADMIT || !f->entries[e].in_force ||
            f->logs[f->entries[e].log].home != f->logs[log].home ||
            record_decode(&old, fold_bytes(f, e), &why) < 0)
            continue;
        struct bytes b = old.blob[ADMIT_CERTIFICATE];
        if (certificate_check(&c, b, o->id.election) < 0 ||
            memcmp(c.key, o->books[log].key, KEY_SIZE) != 0)
            continue;
        memcpy(raw, b.at, b.n);
        return b.n;
    }
    return 0;
}

static int admit_again(struct office *o, uint32_t log, struct moment now)
{
    struct code unit = o->logs.at[log].id.about;
    uint8_t raw[CERTIFICATE_MAX];
    uint64_t n;
    struct record r = duties_blank(o, KIND_ADMIT, code_bytes(&unit), now);
    r.number[ADMIT_INCARNATION] = o->logs.at[log].id.incarnation;
    r.blob[ADMIT_CERTIFICATE] = bytes_of(raw, duties_certificate(o, log, raw));
    return r.blob[ADMIT_CERTIFICATE].n == 0
               ? 0
               : duties_say(o, book_own(o, STREAM_ABOUT, &unit), &r, now, &n);
}

static int admissions(struct office *o, struct moment now)
{
    int rc = 0;
    // What was admitted stays so: where nothing waits and nothing is new, thousands are not looked at.
    if (!o->plan || (o->n_looked == o->fold.n_logs && o->n_ungranted == 0))
        return 0;
    o->n_looked = o->fold.n_logs;
    o->n_ungranted = 0;
    for (uint32_t i = 0; i < o->fold.n_logs && rc == 0; i++) {
        const struct fold_log *l = &o->fold.logs[i];
        // By a plan in which this is not its parent the word would count for nothing, and be owed for ever.
        if (l->stream != STREAM_REPORTS || l->home == PLAN_NONE || l->grant != ENTRY_NONE ||
            !plan_may_speak(o->plan, code_bytes(&o->id.unit), l->home))
            continue;
        o->n_ungranted++;
        if (o->logs.at[i].n > 0 && duties_child(o, &o->logs.at[i].id.about) &&
            admits_itself(o, i, now))
            rc = admit_again(o, i, now);
    }
    return rc;
}

// A new incarnation begins with copies, byte for byte, of what this store holds of the old ones.
static int copies(struct office *o, struct moment now)
{
    static uint8_t room[BATCH][RECORD_MAX];
    struct bytes records[BATCH];
    uint32_t own, e = 0;
    uint64_t n;
    if (!o->copies_due || !o->plan)
        return 0;
    own = book_own(o, STREAM_REPORTS, &o->id.unit);
    uint32_t unit = plan_unit_of(o->plan, code_bytes(&o->id.unit));
    size_t count = 0;
    for (; e < o->fold.n_entries && count < BATCH; e++) {
        const struct fold_entry *x = &o->fold.entries[e];
        const struct fold_log *l = &o->fold.logs[x->log];
        if (l->home != unit || x->by_parent || l->stream != STREAM_REPORTS ||
            x->kind == KIND_SUMMARY || stands_in(&o->fold, e, own) || past_line(&o->fold, e))
            continue;
        struct bytes b = fold_bytes(&o->fold, e);
        memcpy(room[count], b.at, b.n);
        records[count] = bytes_of(room[count], b.n);
        count++;
    }
    o->copies_due = count == BATCH;
    struct own_records r = {.records = records, .n = count};
    return count > 0 ? book_say(o, own, &r, now, &n) : 0;
}

bool duties_admitted(struct office *o, const struct code *unit, const uint8_t *key)
{
    bool said = false;
    uint32_t i = keyring_first(o, code_bytes(unit));
    for (; i != CHAIN_END && !said; i = keyring_next(o, i))
        said = o->keys[i].by_key && memcmp(o->keys[i].key, key, KEY_SIZE) == 0;
    return said && duties_child(o, unit) && keyring_good(o, code_bytes(unit), key);
}

// It is still to be said: not by us yet, and the key is not retired.
bool duties_admits(struct office *o, const struct due_admit *a)
{
    bool retired = keyring_knows(o, &a->unit, a->key) &&
                   !keyring_good(o, code_bytes(&a->unit), a->key);
    return !retired && !duties_admitted(o, &a->unit, a->key);
}

// Children whose certificates were given while nothing could be said.
static int due_admits(struct office *o, struct moment now)
{
    int rc = 0;
    for (uint32_t i = 0; i < o->n_admits && rc == 0; i++) {
        const struct due_admit *a = &o->admits[i];
        struct record r = duties_blank(o, KIND_ADMIT, code_bytes(&a->unit), now);
        uint64_t n;
        if (!duties_admits(o, a))
            continue;
        r.number[ADMIT_INCARNATION] = a->incarnation;
        r.blob[ADMIT_CERTIFICATE] = bytes_of(a->certificate, a->n);
        rc = duties_say(o, book_own(o, STREAM_ABOUT, &a->unit), &r, now, &n);
    }
    return rc;
}

int duties_do(struct office *o, struct moment now)
{
    // The parent may hold more of this unit's logs than this store, which then is an old copy.
    if (office_wait(o, now) > 0) {
        answers_wake(o, now.mono + office_wait(o, now));
        return 0;
    }
    if (o->forked != 0 && o->forked == o->incarnation)
        book_renew(o);
    int rc = copies(o, now);
    if (rc == 0)
        rc = due_admits(o, now);
    if (rc == 0 && o->n_children > 0)
        rc = admissions(o, now);
    if (rc == 0 && o->n_children > 0)
        rc = compare_due(o, now);
    if (rc == 0 && o->n_children > 0)
        rc = alarms_say(o, now);
    if (rc == 0)
        rc = plan_slices(o, now);
    return rc == 0 ? summaries(o, now) : rc;
}

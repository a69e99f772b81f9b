// receive.c - what comes in over a link or from a file: runs, marks, words; judged before it is kept.
#include "inside.h"
#include "proto/utf8.h"
#include "proto/mutant.h"
#include <string.h>

enum { STRANGE_LOGS_MAX = 100000 }; // of an author that no plan here names

static enum took refuse(struct office *o, const char *why)
{
    o->counts.runs_refused++;
    o->counts.last_refusal = why;
    return TOOK_DROPPED;
}

// Logs about what the plan does not put below their author are few: plans change, liars do not stop.
static bool is_strange(const struct office *o, const struct log_id *id)
{
    uint32_t about = o->plan ? plan_unit_of(o->plan, code_bytes(&id->about)) : PLAN_NONE;
    return !code_same(&id->author, &id->about) &&
           (about == PLAN_NONE || !plan_may_speak(o->plan, code_bytes(&id->author), about));
}

static uint32_t strange_max(const struct office *o, const struct code *author)
{
    uint32_t unit = o->plan ? plan_unit_of(o->plan, code_bytes(author)) : PLAN_NONE;
    bool above = unit == PLAN_NONE || !o->plan; // what this store lost, its parent may give back
    return OFFICE_LOGS_PER_UNIT + (above ? STRANGE_LOGS_MAX : o->plan->units[unit].size);
}

static bool has_room(const struct office *o, const struct log_id *id)
{
    uint32_t same = 0, strange = 0;
    uint32_t i = chains_first(&o->log_chains, bytes_hash(code_bytes(&id->author)));
    for (; i != CHAIN_END; i = chains_next(&o->log_chains, i)) {
        const struct log_id *other = &o->logs.at[i].id;
        if (!code_same(&other->author, &id->author))
            continue;
        same += code_same(&other->about, &id->about);
        strange += is_strange(o, other);
    }
    return same < OFFICE_LOGS_PER_UNIT &&
           (!is_strange(o, id) || strange < strange_max(o, &id->author));
}

// A log that is not here yet: its author's key must be known and have signed its first run, or it is
// dropped and may come again.
static uint32_t new_log(struct office *o, const struct log_id *id, const struct run *run,
                        const char **ret_why)
{
    uint8_t hash[HASH_SIZE];
    if (id->stream == STREAM_PLAN && !folding_is_own_plan(o, id) &&
        !code_same(&id->author, &o->id.unit))
        return LOG_NONE; // a plan log is between a parent and its child
    if (run->first != 1)
        return LOG_NONE;
    const uint8_t *key = keyring_for(o, id, run->prev.at);
    if (!key || proofs_check(o, run, key, hash, ret_why) < 0 || !has_room(o, id))
        return LOG_NONE;
    return book_log(o, id, key);
}

// The same numbers said otherwise under the same key: the proof is kept, nothing is overwritten.
static enum took fork_of(struct office *o, uint32_t log, const struct run *run)
{
    uint8_t hash[HASH_SIZE];
    const char *why;
    if (proofs_check(o, run, o->books[log].key, hash, &why) < 0)
        return refuse(o, why);
    if (MUTANT(fork_hidden))
        return TOOK_COMPARED;
    if (book_begin(o) < 0 || store_put_fork(o->store, log, run->n, run->body) < 0)
        return TOOK_DROPPED;
    o->counts.forks += o->books[log].fork_n == 0; // of a log once, however often it is proved
    o->books[log].fork_n = run->n;
    return TOOK_FORKED;
}

static enum took judge(struct office *o, uint32_t log, struct run *run, struct moment now)
{
    uint8_t hash[HASH_SIZE];
    const char *why = "runs are missing before this one";
    const struct log_head *h = &o->logs.at[log];
    struct stored_run ours;
    if (run->first > h->next_n + 1)
        return refuse(o, why);
    if (run->first <= h->next_n) {
        int rc = store_read(o->store, log, run->first - 1, &ours);
        bool same = rc == 0 && bytes_same(ours.body, run->body) && !MUTANT(repeat_is_a_fork);
        return same ? TOOK_COMPARED : fork_of(o, log, run);
    }
    if (memcmp(run->prev.at, h->next_hash, HASH_SIZE) != 0 && !MUTANT(no_chain_check))
        return fork_of(o, log, run);
    if (proofs_check(o, run, o->books[log].key, hash, &why) < 0)
        return refuse(o, why);
    // A statement that its hub could weigh only against thousands of its own kind is none: the log stops there.
    if (o->plan && fold_ahead(&o->fold, run))
        return refuse(o, "one act is said or replaced far too often");
    return book_append(o, log, run, hash, now) < 0 ? TOOK_DROPPED : TOOK_APPENDED;
}

// A file is not read by the link's strict reader: what could not be passed on in a frame is not taken.
static bool fits_a_frame(const struct log_id *id, struct bytes body, struct bytes texts)
{
    return id->author.n > 0 && id->incarnation != 0 && id->stream >= STREAM_REPORTS &&
           id->stream <= STREAM_PLAN && utf8_ok(code_bytes(&id->author)) &&
           utf8_ok(code_bytes(&id->about)) && body.n + texts.n <= RUN_BYTES_MAX &&
           texts_check(texts) == 0;
}

enum took receive_run(struct office *o, const struct log_id *id, struct bytes body,
                      struct bytes texts, struct moment now)
{
    struct run run = {.log = *id, .texts = texts};
    const char *why = NULL;
    if (!fits_a_frame(id, body, texts))
        return refuse(o, "no log or run that a frame can hold");
    if (run_decode(&run, body, &why) < 0)
        return refuse(o, why);
    uint32_t log = logs_find(&o->logs, id);
    if (log == LOG_NONE)
        log = new_log(o, id, &run, &why);
    if (log == LOG_NONE && why)
        return refuse(o, why);
    if (log == LOG_NONE) {
        o->counts.runs_dropped++;
        return TOOK_DROPPED;
    }
    enum took took = judge(o, log, &run, now);
    // A run of a log that only we go on with, and that is not ours: this store is an old copy, or
    // there are two of us. Either way the log is left as it is.
    if ((took == TOOK_APPENDED || took == TOOK_FORKED) && book_is_current(o, id))
        book_renew(o);
    if (took == TOOK_APPENDED && code_same(&id->author, &o->id.unit))
        o->copies_due = book_is_later(o);
    return took;
}

// Above its budget of the day a child still gets one run through in ten seconds.
// A child hub carries what the units below it said, too: it has the budget of each of them.
static uint64_t budget_of(const struct office *o, struct child *c)
{
    uint32_t unit = o->plan ? plan_unit_of(o->plan, code_bytes(&c->unit)) : PLAN_NONE;
    if (c->speakers == 0 && unit != PLAN_NONE)
        for (uint32_t i = unit; i < unit + o->plan->units[unit].size; i++)
            c->speakers += !o->plan->units[i].place;
    return o->setup.budget * (c->speakers > 0 ? c->speakers : 1);
}

static bool within_budget(struct office *o, struct seat *seat, size_t n, struct moment now)
{
    struct child *c = seat == &o->up ? NULL : duties_child(o, &seat->session.peer);
    if (!c || o->setup.budget == 0)
        return true;
    uint64_t budget = budget_of(o, c);
    if (c->day != now.mono / 86400000) {
        c->day = now.mono / 86400000;
        c->bytes_today = 0;
    }
    if (c->bytes_today + n > budget && now.mono < c->slow_until) {
        o->counts.slowed++;
        return false;
    }
    if (c->bytes_today + n > budget)
        c->slow_until = now.mono + SLOW_MS;
    c->bytes_today += n;
    return true;
}

void receive_runs(struct office *o, struct seat *seat, const struct frame *f, struct moment now)
{
    struct cursor items = f->items;
    struct bytes body, texts;
    struct session_env env = answers_env(o, now);
    while (frame_next_run(&items, &body, &texts) && o->failed == 0) {
        struct session_event ev = {.kind = SESSION_TOOK, .took = TOOK_DROPPED};
        if (o->taking != TAKING_FULL && within_budget(o, seat, body.n + texts.n, now))
            ev.took = receive_run(o, &f->log, body, texts, now);
        ev.log = logs_find(&o->logs, &f->log);
        answers_share(o, seat);
        if (ev.log != LOG_NONE &&
            ev.took != TOOK_DROPPED) // also where no plan says yet whose it is
            answers_share_log(seat, ev.log);
        session_step(&seat->session, &ev, &env);
        if (ev.took == TOOK_APPENDED)
            seat->came_at = now.mono;
    }
    o->work = true;
}

static unsigned signer_of(const struct office *o, const struct code *tier)
{
    unsigned i = 0;
    while (i < o->id.n_signers && !code_same(&o->id.signers[i].unit, tier))
        i++;
    return i;
}

bool receive_is_held(const struct office *o, uint32_t log, const struct mark *m)
{
    const struct log_head *h = &o->logs.at[log];
    struct stored_run after;
    struct run run;
    const char *why;
    if (m->n > h->next_n)
        return true; // what is not here cannot be compared: it will come
    if (m->n == h->next_n)
        return memcmp(m->hash, h->next_hash, HASH_SIZE) == 0;
    return store_read(o->store, log, m->n, &after) == 0 &&
           run_decode(&run, after.body, &why) == 0 && memcmp(m->hash, run.prev.at, HASH_SIZE) == 0;
}

void receive_marks(struct office *o, const struct frame *f, struct moment now)
{
    struct cursor items = f->items;
    struct bytes raw;
    struct mark m;
    while (frame_next_mark(&items, &raw)) {
        if (mark_decode(&m, raw) < 0)
            continue;
        unsigned signer = signer_of(o, &m.tier);
        uint32_t log = logs_find(&o->logs, &m.log);
        if (signer == o->id.n_signers || log == LOG_NONE ||
            (mark_check(&m, o->id.election, o->id.signers[signer].key) < 0 &&
             !MUTANT(mark_signed_by_anybody))) {
            o->counts.last_refusal = "a mark that no tier above has signed";
            continue;
        }
        if (code_same(&m.log.author, &o->id.unit) && !receive_is_held(o, log, &m))
            continue; // of others it is passed on, to whoever holds that branch
        if (book_begin_slight(o, now) == 0 && store_put_mark(o->store, log, &m.tier, raw) == 0)
            answers_mark(o, log, &m, signer);
        o->work = true;
    }
}

static uint64_t held(const struct office *o, const struct log_id *id)
{
    uint32_t log = logs_find(&o->logs, id);
    return log == LOG_NONE ? 0 : o->logs.at[log].next_n;
}

// Whose reports the seat may still have to give: of the parent's our own, of a child's those of its subtree.
static bool is_awaited(const struct office *o, const struct seat *seat, const struct log_id *id)
{
    if (id->stream != STREAM_REPORTS || seat == &o->up)
        return id->stream == STREAM_REPORTS && code_same(&id->author, &o->id.unit);
    uint32_t unit = o->plan ? plan_unit_of(o->plan, code_bytes(&seat->session.peer)) : PLAN_NONE;
    uint32_t author = o->plan ? plan_unit_of(o->plan, code_bytes(&id->author)) : PLAN_NONE;
    return unit != PLAN_NONE && author != PLAN_NONE && plan_below(o->plan, author, unit);
}

void receive_claims(struct office *o, struct seat *seat, const struct frame *f)
{
    struct cursor items = f->items;
    struct claims *c = &seat->claims;
    struct have h;
    while (frame_next_have(&items, &h)) {
        uint32_t i = 0;
        if (h.n <= held(o, &h.log) || !is_awaited(o, seat, &h.log))
            continue;
        while (i < c->n && !log_same(&c->at[i].log, &h.log) && held(o, &c->at[i].log) < c->at[i].n)
            i++; // its own place, or one whose claim has come true
        if (i < OFFICE_LOGS_PER_UNIT)
            c->at[i] = (struct claim){h.log, h.n};
        c->n += i == c->n && i < OFFICE_LOGS_PER_UNIT;
    }
}

bool receive_coming(const struct office *o, const struct seat *seat)
{
    const struct session *s = &seat->session;
    for (uint32_t i = 0; i < seat->claims.n; i++)
        if (held(o, &seat->claims.at[i].log) < seat->claims.at[i].n)
            return true;
    for (uint32_t i = 0; i < s->n_flows; i++)
        if (s->flows[i].claimed > o->logs.at[s->flows[i].log].next_n)
            return true;
    return s->state != SESSION_OPEN;
}

// A hub has a word for its own children only.
void receive_links(struct office *o, const struct seat *seat, const struct frame *f)
{
    struct cursor items = f->items;
    struct frame_link l;
    uint32_t hub = o->plan ? plan_unit_of(o->plan, code_bytes(&seat->session.peer)) : PLAN_NONE;
    while (hub != PLAN_NONE && frame_next_link(&items, &l)) {
        uint32_t i = 0, unit = plan_unit_of(o->plan, code_bytes(&l.unit));
        if (unit == PLAN_NONE || unit == hub || !plan_below(o->plan, unit, hub))
            continue;
        while (i < o->n_words && !code_same(&o->words[i].unit, &l.unit))
            i++;
        if (i == o->n_words) {
            o->words = grown(o->words, o->n_words, &o->cap_words, sizeof *o->words);
            o->n_words++;
        }
        o->words[i] = (struct word){.unit = l.unit, .word = l.word, .since = l.since};
    }
}

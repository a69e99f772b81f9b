// answers.c - what goes out after the commit: positions, marks, beats and runs.
#include "inside.h"
#include "proto/mutant.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

// For waits only, that machines which start as one do not share: no system call for each frame.
static uint64_t jitter(const struct office *o, struct moment now)
{
    uint64_t x = o->setup.boot ^ (uint64_t)now.mono * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    return x ^ x >> 27;
}

struct session_env answers_env(const struct office *o, struct moment now)
{
    struct session_env env = {
        .logs = &o->logs, .now = now.mono, .wall = now.wall, .taking = o->taking};
    env.random = jitter(o, now);
    env.free_disk = o->setup.doors.free_disk(o->setup.doors.ctx);
    env.beat_ms = o->setup.beat_ms;
    env.deadline_ms = o->setup.deadline_ms;
    env.backoff_ms = o->setup.backoff_ms;
    if (o->plan) {
        env.plan = o->plan->version;
        memcpy(env.plan_hash, o->plan->hash, HASH_SIZE);
    }
    return env;
}

static bool below(const struct office *o, const struct code *unit, uint32_t above)
{
    uint32_t u = plan_unit_of(o->plan, code_bytes(unit));
    return u != PLAN_NONE && plan_below(o->plan, u, above);
}

// A child shares the logs by or about itself and the units below it, and its plan; upwards goes
// all that is held but the plans for others.
static bool shares(const struct office *o, const struct seat *seat, const struct log_id *id)
{
    if (seat == &o->up)
        return id->stream != STREAM_PLAN || (folding_is_own_plan(o, id) && o->id.n_signers > 0);
    const struct code *peer = &seat->session.peer;
    if (id->stream == STREAM_PLAN)
        return code_same(&id->author, &o->id.unit) && code_same(&id->about, peer);
    uint32_t unit = o->plan ? plan_unit_of(o->plan, code_bytes(peer)) : PLAN_NONE;
    if (code_same(&id->about, peer)) // a sibling may write what it likes of it: that stays here
        return unit == PLAN_NONE || plan_may_speak(o->plan, code_bytes(&id->author), unit);
    return unit != PLAN_NONE && !code_same(&id->author, &o->id.unit) &&
           (below(o, &id->about, unit) || below(o, &id->author, unit));
}

void answers_share_log(struct seat *seat, uint32_t log)
{
    struct session *s = &seat->session;
    if (session_flow(s, log))
        return;
    s->flows = grown(s->flows, s->n_flows, &s->cap_flows, sizeof *s->flows);
    session_share(s, log);
}

static bool in_subtree(const struct office *o, uint32_t unit, uint32_t above)
{
    return unit != PLAN_NONE && plan_below(o->plan, unit, above);
}

void answers_share(struct office *o, struct seat *seat)
{
    if (seat->shared == o->logs.n)
        return;
    bool child = seat != &o->up && o->plan;
    uint32_t unit = child ? plan_unit_of(o->plan, code_bytes(&seat->session.peer)) : PLAN_NONE;
    for (; seat->shared < o->logs.n; seat->shared++) {
        // Thousands of children times the logs of all: most are passed over by two numbers.
        const struct log_units *u = &o->log_units[seat->shared];
        if (unit != PLAN_NONE && !in_subtree(o, u->about, unit) && !in_subtree(o, u->author, unit))
            continue;
        if (shares(o, seat, &o->logs.at[seat->shared].id))
            answers_share_log(seat, seat->shared);
    }
}

void answers_wake(struct office *o, int64_t at)
{
    o->wake_at = at < o->wake_at ? at : o->wake_at;
}

void answers_act(struct office *o, struct seat *seat, struct session_action action)
{
    const struct office_doors *d = &o->setup.doors;
    if (action.kind == SESSION_NOTHING)
        return;
    seat->shared = 0;
    if (seat == &o->up) {
        if (action.kind == SESSION_CONNECT) {
            d->connect(d->ctx, action.why);
            return;
        }
        o->up_why = action.why;
        d->drop(d->ctx, OFFICE_PARENT, action.why);
        return;
    }
    struct child *c = duties_child(o, &seat->session.peer);
    uint8_t buffer[512];
    struct packer p;
    if (c)
        c->why = action.why;
    // Said, so that the child knocks again now and not only after its own deadline.
    pack_init(&p, buffer, sizeof buffer);
    frame_bye(&p, seat->session.id, action.why);
    d->send(d->ctx, seat->peer, packed(&p));
    d->drop(d->ctx, seat->peer, action.why);
    seat->used = false;
}

static int send_packed(struct office *o, struct seat *seat, const struct packer *p)
{
    assert(!p->full);
    return o->setup.doors.send(o->setup.doors.ctx, seat->peer, packed(p));
}

// The run to send from a flow: what follows, or the proof that the two ends differ.
static int next_run(struct office *o, struct flow *f, struct stored_run *ret, bool *ret_proof)
{
    struct run run;
    const char *why;
    uint64_t n = o->logs.at[f->log].n, both = f->peer_n < n ? f->peer_n : n;
    *ret_proof = f->disputed;
    int rc = f->disputed ? store_run_at(o->store, f->log, both, ret)
                         : store_read(o->store, f->log, f->sent_n, ret);
    if (rc == 0 && !f->disputed && f->sent_n == f->peer_n && f->peer_n > 0 &&
        run_decode(&run, ret->body, &why) == 0 && memcmp(run.prev.at, f->peer_hash, HASH_SIZE) != 0)
        *ret_proof = true; // the other end's record there is another one
    if (rc == -ENOENT && !f->disputed)
        *ret_proof = true; // its position is inside one of our runs: it has other runs
    if (*ret_proof && !f->disputed)
        rc = store_run_at(o->store, f->log, f->peer_n, ret);
    return rc;
}

// Puts runs of one log that follow each other into one frame, as many as credit and size allow.
static bool ship(struct office *o, struct seat *seat, struct flow *f, struct session_env *env)
{
    static uint8_t items[FRAME_MAX], buffer[FRAME_MAX + 512];
    struct session_event shipped[FRAME_RUNS_MAX];
    struct packer p, frame;
    unsigned n = 0;
    bool proof = false;
    uint64_t sent = f->sent_n;
    pack_init(&p, items, sizeof items);
    struct flow at = *f;
    while (n < FRAME_RUNS_MAX && !proof && (at.disputed || at.sent_n < o->logs.at[f->log].n) &&
           seat->session.out_runs + n < seat->session.peer_credit) {
        struct stored_run r;
        if (next_run(o, &at, &r, &proof) < 0 || !lies_run(o, f->log, &r))
            break;
        if (n > 0 && (proof || p.n + r.body.n + r.texts.n > SHIP_BYTES))
            break;
        frame_run_item(&p, r.body, r.texts);
        at.sent_n = proof ? sent : r.last;
        shipped[n++] = (struct session_event){
            .kind = SESSION_SHIPPED, .log = f->log, .n = at.sent_n, .bytes = r.body.n};
        if (f->probing)
            break;
    }
    if (n == 0) {
        f->forked = true; // nothing that could be sent: not asked again in this session
        return true;
    }
    pack_init(&frame, buffer, sizeof buffer);
    frame_run(&frame, seat->session.id, &o->logs.at[f->log].id, n);
    pack_raw(&frame, packed(&p));
    if (send_packed(o, seat, &frame) != 0)
        return false;
    for (unsigned i = 0; i < n; i++)
        session_step(&seat->session, &shipped[i], env);
    f->forked = f->forked || proof;
    return true;
}

static bool send_marks(struct office *o, struct seat *seat, const uint32_t *logs, uint32_t n_logs)
{
    static uint8_t items[FRAME_MAX], buffer[FRAME_MAX];
    struct packer p, frame;
    for (uint32_t i = 0; i < n_logs;) {
        unsigned n = 0;
        pack_init(&p, items, sizeof items);
        for (; i < n_logs && n + SIGNERS_MAX + 1 < FRAME_MARKS_MAX; i++) {
            const struct book *b = &o->books[logs[i]];
            for (unsigned k = 0; k <= SIGNERS_MAX; k++)
                if (b->marks[k]) {
                    pack_raw(&p, bytes_of(b->marks[k], b->n_marks[k]));
                    n++;
                }
        }
        if (n == 0)
            continue;
        pack_init(&frame, buffer, sizeof buffer);
        frame_mark(&frame, seat->session.id, n);
        pack_raw(&frame, packed(&p));
        if (send_packed(o, seat, &frame) != 0)
            return false;
    }
    return true;
}

void answers_mark(struct office *o, uint32_t log, const struct mark *m, unsigned slot)
{
    struct book *b = &o->books[log];
    uint8_t *raw = malloc(m->raw.n);
    if (!raw)
        abort();
    memcpy(raw, m->raw.at, m->raw.n);
    free(b->marks[slot]);
    b->marks[slot] = raw;
    b->n_marks[slot] = (uint16_t)m->raw.n;
    if (slot < SIGNERS_MAX && !(MUTANT(mark_by_maximum) && m->n < b->marked[slot])) {
        b->marked[slot] = receive_is_held(o, log, m) ? m->n : 0;
        b->marked_wall[slot] = m->at;
    }
    if (!b->mark_news)
        list_add(&o->news, log);
    b->mark_news = true;
}

void answers_compare_marks(struct office *o, uint32_t log, uint64_t before)
{
    struct book *b = &o->books[log];
    struct mark m;
    for (unsigned k = 0; k < o->id.n_signers; k++) {
        if (b->marked[k] <= before || !b->marks[k])
            continue;
        int rc = mark_decode(&m, bytes_of(b->marks[k], b->n_marks[k]));
        assert(rc == 0);
        if (rc == 0 && !receive_is_held(o, log, &m))
            b->marked[k] = 0;
    }
}

// Our own mark says what is on our disk; at most once a second for each log.
static void make_mark(struct office *o, uint32_t log, struct moment now)
{
    uint8_t buffer[MARK_MAX];
    struct log_head *h = &o->logs.at[log];
    struct mark m = {.tier = o->id.unit, .log = h->id, .n = h->n, .at = now.wall};
    memcpy(m.hash, h->hash, HASH_SIZE);
    if (MUTANT(mark_before_commit)) {
        m.n = h->next_n;
        memcpy(m.hash, h->next_hash, HASH_SIZE);
    }
    if (MUTANT(false_mark))
        m.tier = o->id.signers[0].unit;
    mark_make(&m, o->id.election, o->id.secret, buffer);
    answers_mark(o, log, &m, SIGNERS_MAX);
    o->books[log].marked_at = now.mono;
}

// Marks of a log go to a child once it holds something of it. Own marks are not stored: whoever comes
// gets one made anew.
static void share_marks(struct office *o, struct seat *seat, struct moment now)
{
    static uint32_t logs[FRAME_HAVES_MAX];
    struct flow *told[FRAME_HAVES_MAX];
    bool sent = true;
    if (seat->session.state != SESSION_OPEN)
        return;
    for (uint32_t i = 0; i < seat->session.n_flows && sent;) {
        uint32_t n = 0;
        for (; i < seat->session.n_flows && n < FRAME_HAVES_MAX; i++) {
            struct flow *f = &seat->session.flows[i];
            struct book *book = &o->books[f->log];
            f->untold = f->untold || seat->marks_due || book->mark_news;
            if (o->logs.at[f->log].id.stream != STREAM_REPORTS || !f->untold || f->peer_n == 0)
                continue;
            if (!book->marks[SIGNERS_MAX] && o->logs.at[f->log].n > 0)
                make_mark(o, f->log, now);
            logs[n] = f->log;
            told[n++] = f;
        }
        sent = send_marks(o, seat, logs, n);
        for (uint32_t k = 0; k < n && sent; k++)
            told[k]->untold = false;
    }
    seat->marks_due = !sent;
}

// Words of the children, for the beat to the parent: all of them where they fit, else in turn.
static uint32_t link_words(struct office *o, struct frame_link links[FRAME_LINKS_MAX])
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < o->n_children && n < FRAME_LINKS_MAX; i++) {
        const struct child *c = &o->children[(o->next_word + i) % o->n_children];
        links[n++] = (struct frame_link){.unit = c->unit, .word = c->word, .since = c->word_since};
    }
    o->next_word += o->n_children > FRAME_LINKS_MAX ? n : 0;
    return n;
}

// Whether all of it went out.
static bool flush_seat(struct office *o, struct seat *seat, struct session_env *env,
                       struct moment now)
{
    static uint8_t buffer[FRAME_MAX];
    struct session_event committed = {.kind = SESSION_COMMITTED};
    struct packer p;
    struct flow *f;
    answers_share(o, seat);
    session_step(&seat->session, &committed, env);
    for (;;) {
        pack_init(&p, buffer, sizeof buffer);
        if (!session_say(&seat->session, env, &p))
            break;
        if (send_packed(o, seat, &p) != 0) {
            session_unsaid(&seat->session);
            seat->marks_due = true;
            return false;
        }
    }
    if (seat != &o->up)
        share_marks(o, seat, now);
    while ((f = session_wants(&seat->session, env)) != NULL)
        if (!ship(o, seat, f, env))
            return false;
    return !seat->marks_due;
}

void answers_stir(struct office *o, struct seat *seat)
{
    if (!seat->stirred)
        list_add(&o->stirred, seat->number);
    seat->stirred = true;
}

void answers_stir_all(struct office *o)
{
    for (uint32_t i = 0; i < o->n_seats; i++)
        if (o->seats[i]->used)
            answers_stir(o, o->seats[i]);
}

static void stir_above(struct office *o, uint32_t unit)
{
    for (; unit != PLAN_NONE; unit = o->plan->units[unit].parent) {
        struct code code = code_of(o->plan->units[unit].code);
        for (struct seat *s = NULL; (s = seats_of(o, &code, s)) != NULL;)
            answers_stir(o, s);
    }
}

// Of thousands of children those are looked at that may share a log that grew or has a new mark.
static void stir_sharers(struct office *o, const struct log_list *l)
{
    for (uint32_t i = 0; i < l->n; i++) {
        const struct log_units *u = &o->log_units[l->at[i]];
        if (!o->plan || u->about == PLAN_NONE) {
            answers_stir_all(o);
            return;
        }
        stir_above(o, u->about);
        if (u->author != u->about)
            stir_above(o, u->author);
    }
}

// What did not go out stays in the list.
static void flush_stirred(struct office *o, struct session_env *env, struct moment now)
{
    uint32_t n = o->stirred.n;
    o->stirred.n = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct seat *s = o->seats[o->stirred.at[i]];
        s->stirred = false;
        if (s->used && !flush_seat(o, s, env, now))
            answers_stir(o, s);
    }
}

// Reports that grew owe a mark to those who wrote and carried them.
static void owe_marks(struct office *o)
{
    for (uint32_t i = 0; i < o->dirty.n; i++) {
        uint32_t log = o->dirty.at[i];
        struct book *b = &o->books[log];
        b->dirty = false;
        if (o->logs.at[log].id.stream != STREAM_REPORTS ||
            code_same(&o->logs.at[log].id.author, &o->id.unit))
            continue;
        if (!b->mark_owed)
            list_add(&o->owing, log);
        b->mark_owed = true;
    }
    o->dirty.n = 0;
}

static void make_marks(struct office *o, struct moment now)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < o->owing.n; i++) {
        uint32_t log = o->owing.at[i];
        struct book *b = &o->books[log];
        b->mark_owed = now.mono - b->marked_at < MARK_PACE_MS;
        if (b->mark_owed) {
            answers_wake(o, b->marked_at + MARK_PACE_MS);
            o->owing.at[left++] = log;
        } else {
            make_mark(o, log, now);
        }
    }
    o->owing.n = left;
}

void answers_flush(struct office *o, struct moment now)
{
    struct session_env env = answers_env(o, now), up = env;
    struct frame_link links[FRAME_LINKS_MAX];
    stir_sharers(o, &o->dirty);
    owe_marks(o);
    make_marks(o, now);
    stir_sharers(o, &o->news);
    if (o->up.used && o->up.session.beat_owed) {
        up.n_links = link_words(o, links);
        up.links = links;
    }
    if (o->up.used)
        flush_seat(o, &o->up, &up, now);
    flush_stirred(o, &env, now);
    for (uint32_t i = 0; i < o->news.n; i++)
        o->books[o->news.at[i]].mark_news = false;
    o->news.n = 0;
}

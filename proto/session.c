// session.c - one link between a child and its parent: greeting, who sends which log, both deadlines.
#include "session.h"
#include "mutant.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

enum { FALLS_MAX = 16 }; // no session setting is longer than the wait after so many

void session_init(struct session *s, bool child, const struct code *unit, const uint8_t *election)
{
    struct flow *flows = s->flows;
    uint32_t cap = s->cap_flows;
    memset(s, 0, sizeof *s);
    s->flows = flows;
    s->cap_flows = cap;
    s->child = child;
    s->unit = *unit;
    memcpy(s->election, election, ELECTION_SIZE);
}

static void become(struct session *s, enum session_state state, int64_t now)
{
    s->state = state;
    s->progress_at = now;
}

// Everything that belongs to one session and not to the next.
static void forget(struct session *s)
{
    s->n_flows = s->next_listed = s->next_beaten = 0;
    s->hello_owed = s->list_done = s->peer_done = s->bye_owed = s->beat_owed = s->have_owed = false;
    s->out_runs = s->peer_seen = s->peer_credit = s->in_runs = s->backlog = 0;
    s->bytes_own = s->bytes_evidence = 0;
    s->peer_taking = TAKING;
    s->peer_beat = false;
}

static struct session_action fall(struct session *s, const struct session_env *env, const char *why)
{
    bool child = s->child;
    forget(s);
    become(s, child ? SESSION_DOWN : SESSION_GONE, env->now);
    // Full jitter, for ever: a district that comes back after a power cut must not knock as one. A hub that
    // was away for a moment is found again soon.
    int64_t most = env->backoff_ms;
    if (s->falls < FALLS_MAX && (int64_t)SESSION_BACKOFF_FIRST_MS << s->falls < most)
        most = (int64_t)SESSION_BACKOFF_FIRST_MS << s->falls++;
    s->retry_at = env->now + (int64_t)(env->random % (uint64_t)(most + 1));
    return (struct session_action){SESSION_CLOSE, why};
}

static void heed_hello(struct session *s, const struct frame *f, const struct session_env *env)
{
    s->peer = f->unit;
    s->peer_boot = f->boot;
    if (f->program.n > 0)
        memcpy(s->peer_program, f->program.at, f->program.n);
    s->peer_program[f->program.n] = 0;
    s->peer_offset = f->clock - env->wall;
    s->heard_at = env->now;
    s->beat_at = env->now + env->beat_ms;
    become(s, SESSION_LISTING, env->now);
}

static const char *hello_fault(const struct session *s, const struct frame *f)
{
    if (f->lowest > PROTOCOL_VERSION || f->highest < PROTOCOL_VERSION)
        return "no protocol version in common: the older side must be updated";
    if (memcmp(f->election, s->election, ELECTION_SIZE) != 0)
        return "another election: this machine was set up for a different one, or for a drill";
    return NULL;
}

int session_accept(struct session *s, const struct frame *hello, const struct session_env *env,
                   const char **ret_why)
{
    *ret_why = hello_fault(s, hello);
    if (*ret_why)
        return -EPROTO;
    forget(s);
    s->id = hello->session;
    heed_hello(s, hello, env);
    s->hello_owed = true;
    return 0;
}

void session_share(struct session *s, uint32_t log)
{
    uint32_t i = s->n_flows;
    while (i > 0 && s->flows[i - 1].log > log)
        i--;
    if (i > 0 && s->flows[i - 1].log == log)
        return;
    assert(s->n_flows < s->cap_flows);
    memmove(&s->flows[i + 1], &s->flows[i], (s->n_flows - i) * sizeof *s->flows);
    bool passed = s->list_done || i < s->next_listed;
    s->flows[i] = (struct flow){.log = log, .owed = passed, .untold = true};
    s->next_listed += passed;
    s->n_flows++;
}

struct flow *session_flow(struct session *s, uint32_t log)
{
    uint32_t from = 0, to = s->n_flows;
    while (from < to) {
        uint32_t mid = from + (to - from) / 2;
        if (s->flows[mid].log == log)
            return &s->flows[mid];
        if (s->flows[mid].log < log)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

// What the other end has of one log: it may be more, less, or not what was sent.
static void heed_position(struct session *s, const struct have *h, uint64_t seen,
                          const struct session_env *env)
{
    uint32_t log = logs_find(env->logs, &h->log);
    struct flow *f = log == LOG_NONE ? NULL : session_flow(s, log);
    if (!f)
        return; // a log this end does not have: it will come
    if (h->n > f->peer_n) {
        s->progress_at = env->now;
        f->probing = false;
        f->retry_at = 0;
    }
    f->peer_n = h->n;
    memcpy(f->peer_hash, h->hash, HASH_SIZE);
    const struct log_head *mine = &env->logs->at[log];
    f->disputed = f->disputed ||
                  (h->n > 0 && h->n == mine->n && memcmp(h->hash, mine->hash, HASH_SIZE) != 0 &&
                   !MUTANT(have_without_hash));
    if (h->n > f->claimed)
        f->claimed = h->n;
    if (h->n > f->sent_n) {
        f->sent_n = h->n;
    } else if (h->n < f->sent_n && seen >= f->sent_seq) {
        // All that was sent has been looked at, and was not kept: its author is not known there yet.
        f->sent_n = h->n;
        f->probing = true;
        f->retry_at = env->now + env->beat_ms;
    }
}

static void heed_have(struct session *s, const struct frame *f, const struct session_env *env)
{
    struct cursor items = f->items;
    struct have h;
    while (frame_next_have(&items, &h))
        heed_position(s, &h, f->seen, env);
    if (f->seen > s->peer_seen && f->seen <= s->out_runs) {
        s->peer_seen = f->seen;
        s->progress_at = env->now;
    }
    if (f->credit > s->peer_credit && f->credit <= s->out_runs + 4096)
        s->peer_credit = f->credit;
    if (f->last && !s->peer_done) {
        s->peer_done = true;
        become(s, SESSION_OPEN, env->now);
    }
}

static struct session_action heed(struct session *s, const struct frame *f,
                                  const struct session_env *env)
{
    static const struct session_action nothing = {SESSION_NOTHING, NULL};
    if (f->session != s->id || s->state == SESSION_DOWN || s->state == SESSION_GONE)
        return nothing; // of a session that is over
    s->heard_at = env->now;
    switch (f->kind) {
    case FRAME_HELLO:
        if (s->state == SESSION_GREETING && hello_fault(s, f))
            return fall(s, env, hello_fault(s, f));
        if (s->state == SESSION_GREETING)
            heed_hello(s, f, env);
        return nothing;
    case FRAME_HAVE:
        if (s->state >= SESSION_LISTING)
            heed_have(s, f, env);
        return nothing;
    case FRAME_BEAT:
        s->peer_offset = f->clock - env->wall;
        s->peer_backlog = f->backlog;
        s->peer_free_disk = f->free_disk;
        s->peer_beat = true;
        if (s->peer_taking != f->taking)
            s->progress_at = env->now;
        s->peer_taking = f->taking;
        memcpy(s->peer_plan_hash, f->plan_hash, HASH_SIZE);
        return nothing;
    case FRAME_BYE: return fall(s, env, "the other end said goodbye");
    case FRAME_RUN:
    case FRAME_MARK:
    case FRAME_ENROL:
    case FRAME_ENROLLED: break; // the caller's
    }
    return nothing;
}

static bool stuck(const struct session *s, const struct session_env *env)
{
    if (s->state == SESSION_OPEN && (s->out_runs == s->peer_seen || s->peer_taking != TAKING))
        return false; // nothing of ours is on the way, or it said that it does not take
    return env->now - s->progress_at > env->deadline_ms && !MUTANT(no_progress_deadline);
}

// What was sent and looked at but is not named by a HAVE was dropped: its author is not known there
// yet. It is tried again, one run at a time.
static void send_again(struct session *s)
{
    for (uint32_t i = 0; i < s->n_flows; i++) {
        struct flow *f = &s->flows[i];
        if (f->forked || f->sent_n <= f->peer_n || s->peer_seen < f->sent_seq)
            continue;
        f->sent_n = f->peer_n;
        f->probing = true;
    }
}

static struct session_action tick(struct session *s, const struct session_env *env)
{
    static const struct session_action nothing = {SESSION_NOTHING, NULL};
    if (s->state == SESSION_GONE)
        return nothing;
    if (s->state == SESSION_DOWN) {
        if (env->now < s->retry_at)
            return nothing;
        s->retry_at = env->now + env->deadline_ms; // a link that does not come up is made anew
        return (struct session_action){SESSION_CONNECT, "time to knock"};
    }
    if (env->now - s->heard_at > env->deadline_ms)
        return fall(s, env, "silence");
    if (stuck(s, env))
        return fall(s, env, "no progress");
    if (env->now >= s->beat_at && s->state != SESSION_GREETING) {
        s->beat_at = env->now + env->beat_ms;
        s->falls = s->state == SESSION_OPEN ? 0 : s->falls;
        s->beat_owed = s->have_owed =
            true; // with each beat the credit, also where nothing is shared yet
        send_again(s);
        for (uint32_t i = 0; i < SESSION_BEAT_HAVES && i < s->n_flows && s->list_done; i++)
            s->flows[s->next_beaten++ % s->n_flows].owed = true;
    }
    return nothing;
}

static void greet(struct session *s, const struct session_env *env)
{
    forget(s);
    s->id = env->random | 1;
    s->hello_owed = true;
    s->heard_at = env->now;
    become(s, SESSION_GREETING, env->now);
}

static void took(struct session *s, const struct session_event *ev, const struct session_env *env)
{
    struct flow *f = session_flow(s, ev->log);
    const struct log_head *mine = f ? &env->logs->at[ev->log] : NULL;
    s->in_runs++;
    if (f)
        f->owed = true;
    if (f && ev->took == TOOK_APPENDED && mine->next_n > f->peer_n) {
        // Who sends a run has it: it is not sent back.
        f->peer_n = mine->next_n;
        memcpy(f->peer_hash, mine->next_hash, HASH_SIZE);
        f->sent_n = f->peer_n > f->sent_n ? f->peer_n : f->sent_n;
    }
    if (f && ev->took == TOOK_FORKED)
        f->disputed = true; // answered with this end's own run, so that both have the proof
    s->have_owed = true;
}

static void shipped(struct session *s, const struct session_event *ev,
                    const struct session_env *env)
{
    struct flow *f = session_flow(s, ev->log);
    assert(f);
    if (s->out_runs == s->peer_seen)
        s->progress_at = env->now;
    s->sizes[s->out_runs++ % SESSION_WINDOW] = (uint32_t)ev->bytes;
    f->sent_n = ev->n;
    f->sent_seq = s->out_runs;
    if (env->logs->at[ev->log].rank == FLOW_RANK_OWN)
        s->bytes_own += ev->bytes;
    else
        s->bytes_evidence += ev->bytes;
}

struct session_action session_step(struct session *s, const struct session_event *ev,
                                   const struct session_env *env)
{
    struct session_action action = {SESSION_NOTHING, NULL};
    switch (ev->kind) {
    case SESSION_TICK: action = tick(s, env); break;
    case SESSION_LINK_UP:
        if (s->child && s->state == SESSION_DOWN)
            greet(s, env);
        break;
    case SESSION_LINK_DOWN:
        if (s->state != SESSION_DOWN && s->state != SESSION_GONE)
            action = fall(s, env, "the link is gone");
        break;
    case SESSION_HEARD: action = heed(s, ev->frame, env); break;
    case SESSION_TOOK: took(s, ev, env); break;
    case SESSION_COMMITTED: break; // what is owed may now be said
    case SESSION_SHIPPED: shipped(s, ev, env); break;
    case SESSION_REFUSED:
        s->bye = ev->why;
        s->bye_owed = true;
        break;
    }
    assert(s->peer_seen <= s->out_runs);
    assert(s->n_flows <= s->cap_flows);
    return action;
}

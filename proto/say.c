// say.c - what a session says next: frames that are owed, and the log whose run may go out.
#include "session.h"
#include "mutant.h"
#include <string.h>

static void say_hello(struct session *s, const struct session_env *env, struct packer *p)
{
    struct frame f = {.session = s->id, .lowest = PROTOCOL_VERSION, .highest = PROTOCOL_VERSION};
    f.unit = s->unit;
    f.store = s->store;
    f.boot = s->boot;
    f.clock = env->wall;
    f.plan = env->plan;
    f.program = bytes_text(s->program ? s->program : "");
    memcpy(f.election, s->election, ELECTION_SIZE);
    frame_hello(p, &f);
    s->hello_owed = false;
}

static void say_beat(struct session *s, const struct session_env *env, struct packer *p)
{
    struct frame f = {.session = s->id, .clock = env->wall, .backlog = s->backlog};
    f.free_disk = env->free_disk;
    f.taking = env->taking;
    memcpy(f.plan_hash, env->plan_hash, HASH_SIZE);
    uint32_t n = s->child ? env->n_links : 0;
    n = n > FRAME_LINKS_MAX ? FRAME_LINKS_MAX : n;
    frame_beat(p, &f, n);
    for (uint32_t i = 0; i < n; i++)
        frame_beat_item(p, &env->links[i]);
    s->beat_owed = false;
}

// The first time all shared logs, in as many frames as needed; later the ones that are owed.
static void say_have(struct session *s, const struct session_env *env, struct packer *p)
{
    uint32_t chosen[FRAME_HAVES_MAX], n = 0;
    bool listing = !s->list_done;
    for (uint32_t i = listing ? s->next_listed : 0; i < s->n_flows && n < FRAME_HAVES_MAX; i++) {
        if (!listing && !s->flows[i].owed)
            continue;
        s->flows[i].owed = false;
        s->next_listed = listing ? i + 1 : s->next_listed;
        if (!listing || env->logs->at[s->flows[i].log].n > 0)
            chosen[n++] = s->flows[i].log;
    }
    bool last = listing && s->next_listed == s->n_flows;
    s->list_done = s->list_done || last;
    struct frame f = {.session = s->id, .seen = s->in_runs, .last = s->list_done};
    f.credit = s->in_runs +
               (env->taking == TAKING || env->taking == TAKING_REBUILDING ? SESSION_WINDOW : 0);
    frame_have(p, &f, n);
    for (uint32_t i = 0; i < n; i++) {
        const struct log_head *h = &env->logs->at[chosen[i]];
        frame_have_item(p, &h->id, MUTANT(have_of_uncommitted) ? h->next_n : h->n, h->hash);
    }
    s->have_owed = false;
    for (uint32_t i = 0; i < s->n_flows && s->list_done && n == FRAME_HAVES_MAX; i++)
        s->have_owed = s->have_owed || s->flows[i].owed;
}

static bool owes_have(const struct session *s)
{
    if (s->have_owed || !s->list_done)
        return true;
    for (uint32_t i = 0; i < s->n_flows; i++)
        if (s->flows[i].owed)
            return true;
    return false;
}

bool session_say(struct session *s, const struct session_env *env, struct packer *p)
{
    if (s->state == SESSION_DOWN || s->state == SESSION_GONE)
        return false;
    if (s->bye_owed) {
        frame_bye(p, s->id, s->bye);
        s->bye_owed = false;
    } else if (s->hello_owed) {
        say_hello(s, env, p);
    } else if (s->state == SESSION_GREETING) {
        return false;
    } else if (owes_have(s)) {
        say_have(s, env, p);
    } else if (s->beat_owed) {
        say_beat(s, env, p);
    } else {
        return false;
    }
    return true;
}

void session_unsaid(struct session *s)
{
    if (s->state == SESSION_GREETING)
        s->hello_owed = true;
    if (s->state == SESSION_LISTING && !s->peer_done)
        s->hello_owed = s->hello_owed || (!s->child && s->in_runs == 0 && s->next_listed == 0);
    s->next_listed = 0;
    s->list_done = false; // all is listed again: rare, and it needs no memory of what was lost
    s->have_owed = true;
}

// Evidence is never left with less than a quarter of the bytes while own reports flow.
static bool evidence_first(const struct session *s)
{
    return s->bytes_evidence * 3 < s->bytes_own && !MUTANT(evidence_starves);
}

// What is on the way is not looked at yet: a thin line has that to carry before anything else.
static bool line_is_full(const struct session *s)
{
    uint64_t bytes = 0, on_way = s->out_runs - s->peer_seen;
    for (uint64_t i = 0; i < on_way && i < SESSION_WINDOW; i++)
        bytes += s->sizes[(s->peer_seen + i) % SESSION_WINDOW];
    return on_way >= SESSION_WINDOW || bytes >= SESSION_FLIGHT;
}

struct flow *session_wants(struct session *s, const struct session_env *env)
{
    struct flow *own = NULL, *evidence = NULL;
    uint64_t backlog = 0;
    if (s->state != SESSION_OPEN || !s->list_done || s->out_runs >= s->peer_credit ||
        line_is_full(s))
        return NULL;
    for (uint32_t i = 0; i < s->n_flows; i++) {
        struct flow *f = &s->flows[i];
        const struct log_head *h = &env->logs->at[f->log];
        if (h->n <= f->sent_n && !f->disputed)
            continue;
        backlog += h->n > f->sent_n ? h->n - f->sent_n : 0;
        if (f->forked || env->now < f->retry_at || (f->probing && f->sent_n > f->peer_n))
            continue;
        struct flow **best = h->rank == FLOW_RANK_OWN ? &own : &evidence;
        if (!*best || h->rank < env->logs->at[(*best)->log].rank)
            *best = f;
    }
    s->backlog = backlog;
    return evidence && (!own || evidence_first(s)) ? evidence : own;
}

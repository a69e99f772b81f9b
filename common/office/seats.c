// seats.c - who is connected: sessions of children coming and going, and the words for their links.
#include "inside.h"
#include <stdio.h>
#include <stdlib.h>

static struct seat *seat_of(const struct office *o, uint32_t peer)
{
    uint32_t seat = peer < o->cap_peers ? o->seat_of[peer] : 0;
    return seat > 0 && o->seats[seat - 1]->used && o->seats[seat - 1]->peer == peer
               ? o->seats[seat - 1]
               : NULL;
}

bool office_seated(const struct office *o, uint32_t peer)
{
    return seat_of(o, peer) != NULL;
}

static uint32_t *first_seat(struct office *o, uint32_t child)
{
    return child == UINT32_MAX ? &o->strange_seats : &o->children[child].seats;
}

struct seat *seats_of(const struct office *o, const struct code *unit, const struct seat *before)
{
    const struct child *c = before ? NULL : duties_child(o, unit);
    uint32_t i = before ? before->next : c ? c->seats : o->strange_seats;
    while (i != SEAT_NONE && (!o->seats[i]->used || !code_same(&o->seats[i]->session.peer, unit)))
        i = o->seats[i]->next;
    return i == SEAT_NONE ? NULL : o->seats[i];
}

static void bind(struct office *o, struct seat *s, const struct child *c)
{
    s->child = c ? (uint32_t)(c - o->children) : UINT32_MAX;
    uint32_t *first = first_seat(o, s->child);
    s->next = *first;
    *first = s->number;
}

// It is taken out of the list that it stood in with its last connection.
static void unbind(struct office *o, struct seat *s)
{
    uint32_t *at = first_seat(o, s->child);
    while (*at != SEAT_NONE && *at != s->number)
        at = &o->seats[*at]->next;
    if (*at != SEAT_NONE)
        *at = s->next;
}

void seats_adopt(struct office *o, struct child *c)
{
    for (uint32_t *at = &o->strange_seats; *at != SEAT_NONE;) {
        struct seat *s = o->seats[*at];
        if (!s->used || !code_same(&s->session.peer, &c->unit)) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        bind(o, s, c);
    }
}

// A free seat, bound to the peer's number.
static struct seat *take_seat(struct office *o, uint32_t peer)
{
    uint32_t i = 0;
    while (i < o->n_seats && o->seats[i]->used)
        i++;
    while (peer >= o->cap_peers)
        o->seat_of = grown(o->seat_of, o->cap_peers, &o->cap_peers, sizeof *o->seat_of);
    if (i == o->n_seats) {
        o->seats = grown(o->seats, o->n_seats, &o->cap_seats, sizeof *o->seats);
        o->seats[o->n_seats] = calloc(1, sizeof **o->seats);
        if (!o->seats[o->n_seats])
            abort();
        o->seats[o->n_seats]->number = o->n_seats;
        o->n_seats++;
    } else {
        unbind(o, o->seats[i]);
    }
    o->seat_of[peer] = i + 1;
    o->seats[i]->peer = peer;
    return o->seats[i];
}

static void say_bye(struct office *o, uint32_t peer, uint64_t session, const char *why)
{
    uint8_t buffer[512];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    frame_bye(&p, session, why);
    o->counts.frames_refused++;
    o->counts.last_refusal = why;
    o->setup.doors.send(o->setup.doors.ctx, peer, packed(&p));
    o->setup.doors.drop(o->setup.doors.ctx, peer, why);
}

// The newest session of a machine counts; a machine is known by its boot. Others under the same key
// are served too, up to a few: two alive at once are shown, not hidden.
static void make_room(struct office *o, const struct frame *hello)
{
    struct session_action close = {SESSION_CLOSE, "a newer session of the same machine"};
    unsigned n = 0;
    for (struct seat *s = NULL; (s = seats_of(o, &hello->unit, s)) != NULL;) {
        if (s->session.peer_boot == hello->boot || ++n >= OFFICE_SESSIONS_PER_UNIT)
            answers_act(o, s, close);
    }
}

static void welcome(struct office *o, uint32_t peer, const struct code *unit, const struct frame *f,
                    struct moment now)
{
    struct session_env env = answers_env(o, now);
    const char *why = "this key speaks for another unit";
    if (!code_same(unit, &f->unit)) {
        say_bye(o, peer, f->session, why);
        return;
    }
    make_room(o, f);
    struct seat *s = take_seat(o, peer);
    bind(o, s, duties_child(o, unit));
    session_init(&s->session, false, &o->id.unit, o->id.election);
    s->session.store = o->store_id;
    s->session.boot = o->setup.boot;
    s->session.program = o->setup.program;
    if (session_accept(&s->session, f, &env, &why) < 0) {
        say_bye(o, peer, f->session, why);
        return;
    }
    s->used = s->marks_due = true;
    s->shared = 0;
    s->claims.n = 0;
    s->came_at = now.mono;
    answers_share(o, s);
    answers_stir(o, s);
}

static void heard(struct office *o, struct seat *s, const struct frame *f, struct moment now)
{
    struct session_env env = answers_env(o, now);
    struct session_event ev = {.kind = SESSION_HEARD, .frame = f};
    if (f->session != s->session.id)
        return;
    if (s->session.state < SESSION_LISTING && f->kind != FRAME_HELLO && f->kind != FRAME_BYE)
        return;
    if (f->kind == FRAME_RUN) {
        s->session.heard_at = now.mono;
        receive_runs(o, s, f, now);
        return;
    }
    if (f->kind == FRAME_MARK && s == &o->up)
        receive_marks(o, f, now);
    if (f->kind == FRAME_HAVE && (s != &o->up || !o->heard_parent))
        receive_claims(o, s, f);
    if (f->kind == FRAME_BEAT && s != &o->up)
        receive_links(o, s, f);
    if (f->kind == FRAME_BYE && s == &o->up) {
        static char reason[REASON_MAX + 1];
        snprintf(reason, sizeof reason, "%.*s", (int)f->blob.n, (const char *)f->blob.at);
        o->counts.last_refusal = reason;
    }
    answers_act(o, s, session_step(&s->session, &ev, &env));
    if (f->kind == FRAME_HELLO && s == &o->up)
        answers_share(o, s);
}

void office_heard(struct office *o, uint32_t peer, const struct code *unit, struct bytes frame,
                  struct moment now)
{
    struct frame f;
    const char *why;
    struct seat *s = peer == OFFICE_PARENT ? &o->up : seat_of(o, peer);
    o->work = true;
    if (frame_decode(&f, frame, &why) < 0) {
        o->counts.frames_refused++;
        o->counts.last_refusal = why;
        if (s)
            answers_act(o, s, (struct session_action){SESSION_CLOSE, "a frame that is none"});
        return;
    }
    if (peer != OFFICE_PARENT && f.kind == FRAME_HELLO && (!s || s->session.id != f.session)) {
        if (s)
            s->used = false;
        welcome(o, peer, unit, &f, now);
    } else if (s) {
        heard(o, s, &f, now);
        if (s != &o->up)
            answers_stir(o, s);
    }
}

void office_link(struct office *o, bool up, struct moment now)
{
    struct session_env env = answers_env(o, now);
    struct session_event ev = {.kind = up ? SESSION_LINK_UP : SESSION_LINK_DOWN};
    env.random = o->setup.doors.random(o->setup.doors.ctx); // the session's number
    answers_act(o, &o->up, session_step(&o->up.session, &ev, &env));
    o->up.shared = 0;
    o->work = true;
}

static unsigned word_of(const struct session *s, int64_t now, int64_t beat_ms)
{
    if (s->state == SESSION_DOWN || s->state == SESSION_GONE)
        return LINK_SILENT;
    if (now - s->heard_at > 2 * beat_ms)
        return LINK_SILENT;
    return s->state == SESSION_OPEN && now - s->progress_at > 2 * beat_ms &&
                   s->out_runs > s->peer_seen
               ? LINK_STUCK
           : s->state == SESSION_OPEN ? LINK_CONNECTED
                                      : LINK_STUCK;
}

static void see_word(struct office *o, unsigned *word, int64_t *since, unsigned now_is,
                     struct moment now)
{
    if (*word == now_is || (*word == LINK_NEVER_SEEN && now_is != LINK_CONNECTED))
        return;
    *word = now_is;
    *since = now.wall;
    o->work = true;
}

// The best word of each child's machines, and how many of them are at work: two under one key are a
// clone, or a machine that was replaced; both are served and it is shown.
void seats_look(struct office *o, struct moment now)
{
    if (o->up.used)
        see_word(o, &o->up_word, &o->up_since, word_of(&o->up.session, now.mono, o->setup.beat_ms),
                 now);
    for (uint32_t i = 0; i < o->n_children; i++) {
        o->children[i].best = LINK_SILENT;
        o->children[i].machines = 0;
    }
    for (uint32_t k = 0; k < o->n_seats; k++) {
        const struct seat *s = o->seats[k];
        if (!s->used || s->child == UINT32_MAX)
            continue;
        struct child *c = &o->children[s->child];
        unsigned word = word_of(&s->session, now.mono, o->setup.beat_ms);
        c->machines += word == LINK_CONNECTED;
        c->best = c->best == LINK_CONNECTED ? c->best : word;
    }
    for (uint32_t i = 0; i < o->n_children; i++) {
        struct child *c = &o->children[i];
        unsigned before = c->word;
        see_word(o, &c->word, &c->word_since, c->best, now);
        if (before == c->word || !o->plan)
            continue;
        uint32_t unit = plan_unit_of(o->plan, code_bytes(&c->unit));
        if (unit != PLAN_NONE)
            folding_touch(o, unit);
    }
}

void office_bye(struct office *o, const struct code *unit, const char *why)
{
    struct session_action close = {SESSION_CLOSE, why};
    for (struct seat *s = NULL; (s = seats_of(o, unit, s)) != NULL;)
        answers_act(o, s, close);
}

// world.h - a child and its parent in one small world with its own time: two sessions, two stores.
//
// A store is rows of runs in memory. Frames travel as bytes and take 10 ms. The transcript has one
// line for each thing that an end does: "[  10] child HELLO".
#pragma once
#include "lib.h"

enum { W_LOGS = 1024, W_QUEUE = 4096, W_TRANSCRIPT = 1 << 18, W_LATENCY = 10, W_STEP = 10 };

struct row {
    uint64_t first, last;
    uint8_t prev[HASH_SIZE], hash[HASH_SIZE];
    struct bytes body;
};
struct shelf {
    struct row *rows;
    unsigned n;
};
struct end {
    const char *name;
    struct world *world;
    struct session s;
    struct log_table logs;
    struct log_head heads[W_LOGS];
    uint32_t slots[2 * W_LOGS];
    struct shelf shelves[W_LOGS];
    uint32_t shared;
    bool alive, deaf; // deaf: it acts, but hears nothing
    unsigned taking;
    const char *unknown; // runs of this author are dropped
    unsigned forks, compared, dropped;
    int64_t offset; // of its wall clock
};
struct letter {
    int64_t at;
    unsigned to;
    uint8_t *bytes;
    size_t n;
};
struct world {
    int64_t now;
    bool link;     // the network carries
    bool quiet;    // beats and their HAVE are not written down
    bool silent;   // nothing is written down
    unsigned lose; // bits of frame kinds that are lost
    unsigned loss; // of a hundred frames, so many are lost
    int64_t up_at; // the child's link comes up then; 0: not
    struct end ends[2];
    struct letter queue[W_QUEUE];
    unsigned first, n;
    uint64_t seed;
    char transcript[W_TRANSCRIPT];
    size_t at, said;
};
enum { CHILD, PARENT };

static inline uint64_t world_draw(struct world *w)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return w->seed >> 24;
}

__attribute__((format(printf, 3, 4))) static inline void note(struct world *w, const struct end *e,
                                                              const char *format, ...)
{
    va_list args;
    if (w->silent)
        return;
    w->at += (size_t)snprintf(w->transcript + w->at, W_TRANSCRIPT - w->at, "[%5lld] %s ",
                              (long long)w->now, e->name);
    va_start(args, format);
    w->at += (size_t)vsnprintf(w->transcript + w->at, W_TRANSCRIPT - w->at, format, args);
    va_end(args);
    w->at += (size_t)snprintf(w->transcript + w->at, W_TRANSCRIPT - w->at, "\n");
    assert_true(w->at < W_TRANSCRIPT);
}

static inline struct session_env world_env(struct end *e)
{
    struct world *w = e->world;
    return (struct session_env){.logs = &e->logs,
                                .now = w->now,
                                .wall = 1000000 + w->now + e->offset,
                                .random = world_draw(w),
                                .taking = e->taking,
                                .plan = 1,
                                .beat_ms = SESSION_BEAT_MS,
                                .deadline_ms = SESSION_DEADLINE_MS,
                                .backoff_ms = SESSION_BACKOFF_MS};
}

static inline void world_open(struct end *e, bool child)
{
    struct code unit = code_of(bytes_text(child ? "C" : "P"));
    session_init(&e->s, child, &unit, election_a);
    e->shared = 0;
}

static inline struct world *world_new(void)
{
    struct world *w = calloc(1, sizeof *w);
    static const char *const names[2] = {"child", "parent"};
    assert_non_null(w);
    w->link = w->quiet = true;
    w->seed = 1;
    for (unsigned i = 0; i < 2; i++) {
        struct end *e = &w->ends[i];
        *e = (struct end){.name = names[i], .world = w, .alive = true, .taking = TAKING};
        e->s.flows = calloc(W_LOGS, sizeof *e->s.flows);
        e->s.cap_flows = W_LOGS;
        logs_init(&e->logs, e->heads, e->slots, W_LOGS);
        world_open(e, i == CHILD);
    }
    w->ends[PARENT].s.state = SESSION_GONE;
    return w;
}

static inline void world_free(struct world *w)
{
    for (unsigned i = 0; i < 2; i++) {
        free(w->ends[i].s.flows);
        for (unsigned k = 0; k < W_LOGS; k++) {
            for (unsigned j = 0; j < w->ends[i].shelves[k].n; j++)
                free((void *)w->ends[i].shelves[k].rows[j].body.at);
            free(w->ends[i].shelves[k].rows);
        }
    }
    for (unsigned i = 0; i < w->n; i++)
        free(w->queue[(w->first + i) % W_QUEUE].bytes);
    free(w);
}

static inline uint32_t world_log(struct end *e, const char *author, const char *about,
                                 enum stream stream, uint64_t incarnation)
{
    struct log_id id = log_named(author, about, stream, incarnation);
    uint32_t log = logs_find(&e->logs, &id);
    if (log == LOG_NONE) {
        log = logs_add(&e->logs, &id);
        e->heads[log].rank = stream == STREAM_ABOUT ? FLOW_RANK_ABOUT : FLOW_RANK_REPORTS;
    }
    return log;
}

static inline void keep(struct end *e, uint32_t log, const struct row *row)
{
    struct shelf *s = &e->shelves[log];
    struct row kept = *row;
    uint8_t *body = malloc(row->body.n);
    s->rows = realloc(s->rows, (s->n + 1) * sizeof *s->rows);
    assert_true(body && s->rows);
    memcpy(body, row->body.at, row->body.n);
    kept.body = bytes_of(body, row->body.n);
    s->rows[s->n++] = kept;
    e->heads[log].n = e->heads[log].next_n = row->last;
    memcpy(e->heads[log].hash, row->hash, HASH_SIZE);
    memcpy(e->heads[log].next_hash, row->hash, HASH_SIZE);
}

// Appends one run of so many records, each of `size` bytes of this content.
static inline void append(struct end *e, uint32_t log, unsigned records, size_t size, char content)
{
    static uint8_t body[RUN_BYTES_MAX + 256], record[RECORD_MAX];
    static const uint8_t secret[SECRET_SIZE];
    struct run_writer w;
    struct row row = {.first = e->heads[log].n + 1, .last = e->heads[log].n + records};
    memset(record, content, size);
    memcpy(row.prev, e->heads[log].hash, HASH_SIZE);
    run_begin(&w, body, sizeof body, e->heads[log].n, e->heads[log].hash);
    for (unsigned i = 0; i < records; i++)
        assert_int_equal(run_add(&w, bytes_of(record, size)), 0);
    memcpy(row.hash, w.hash, HASH_SIZE);
    row.body = run_end(&w, election_a, &e->heads[log].id, secret);
    keep(e, log, &row);
}

static inline void share_new(struct end *e)
{
    for (; e->shared < e->logs.n; e->shared++)
        session_share(&e->s, e->shared);
}

static inline void post(struct end *e, struct bytes b, unsigned kind)
{
    struct world *w = e->world;
    if (!w->link || (w->lose >> kind & 1) || world_draw(w) % 100 < w->loss)
        return;
    assert_true(w->n < W_QUEUE);
    struct letter *l = &w->queue[(w->first + w->n++) % W_QUEUE];
    *l = (struct letter){w->now + W_LATENCY, e == &w->ends[CHILD] ? PARENT : CHILD, malloc(b.n),
                         b.n};
    memcpy(l->bytes, b.at, b.n);
}

static inline void act(struct end *e, struct session_action a)
{
    struct world *w = e->world;
    if (a.kind == SESSION_NOTHING)
        return;
    note(w, e, "%s: %s", a.kind == SESSION_CONNECT ? "CONNECT" : "CLOSE", a.why);
    e->shared = 0;
    if (e == &w->ends[CHILD])
        w->up_at = a.kind == SESSION_CONNECT && w->link ? w->now + W_LATENCY : 0;
}

static inline void step(struct end *e, struct session_event ev)
{
    struct session_env env = world_env(e);
    act(e, session_step(&e->s, &ev, &env));
}

// The run after what was sent; or the proof where the two ends differ. See session_wants().
static inline const struct row *row_to_send(const struct end *e, struct flow *f)
{
    const struct shelf *s = &e->shelves[f->log];
    uint64_t n = f->peer_n < e->heads[f->log].n ? f->peer_n : e->heads[f->log].n;
    const struct row *next = NULL, *cover = NULL;
    for (unsigned i = 0; i < s->n; i++) {
        if (s->rows[i].first == f->sent_n + 1)
            next = &s->rows[i];
        if (s->rows[i].first <= n && s->rows[i].last >= n)
            cover = &s->rows[i];
    }
    bool differs = f->disputed || !next ||
                   (f->sent_n == f->peer_n && f->peer_n > 0 &&
                    memcmp(next->prev, f->peer_hash, HASH_SIZE) != 0);
    f->forked = differs;
    return differs ? cover : next;
}

static inline void ship(struct end *e, struct flow *f)
{
    static uint8_t buffer[FRAME_MAX];
    struct packer p;
    const struct row *r = row_to_send(e, f);
    if (!r)
        return;
    const struct log_id *id = &e->heads[f->log].id;
    pack_init(&p, buffer, sizeof buffer);
    frame_run(&p, e->s.id, id, 1);
    frame_run_item(&p, r->body, bytes_of(NULL, 0));
    note(e->world, e, "RUN %s%s%s %d..%d%s", id->author.at, id->stream == STREAM_ABOUT ? ">" : "",
         id->stream == STREAM_ABOUT ? id->about.at : "", (int)r->first, (int)r->last,
         f->forked ? " proof" : "");
    post(e, packed(&p), FRAME_RUN);
    step(e, (struct session_event){.kind = SESSION_SHIPPED,
                                   .log = f->log,
                                   .n = f->forked ? f->sent_n : r->last,
                                   .bytes = r->body.n});
}

static inline void note_frame(struct end *e, struct bytes b)
{
    static const char *const names[] = {"",     "HELLO", "HAVE",     "RUN", "MARK",
                                        "BEAT", "ENROL", "ENROLLED", "BYE"};
    struct frame f;
    const char *why;
    char line[200];
    struct have h;
    assert_int_equal(frame_decode(&f, b, &why), 0);
    int n = snprintf(line, sizeof line, "%s", names[f.kind]);
    if (f.kind == FRAME_HAVE && f.n_items > 4)
        n += snprintf(line + n, sizeof line - (size_t)n, " of %u", f.n_items);
    while (f.kind == FRAME_HAVE && f.n_items <= 4 && frame_next_have(&f.items, &h))
        n += snprintf(line + n, sizeof line - (size_t)n, " %s%s%s:%d", h.log.author.at,
                      h.log.stream == STREAM_ABOUT ? ">" : "",
                      h.log.stream == STREAM_ABOUT ? h.log.about.at : "", (int)h.n);
    if (f.kind == FRAME_HAVE && f.last)
        n += snprintf(line + n, sizeof line - (size_t)n, " last");
    if (f.kind == FRAME_BYE)
        n += snprintf(line + n, sizeof line - (size_t)n, ": %.*s", (int)f.blob.n,
                      (const char *)f.blob.at);
    note(e->world, e, "%s", line);
}

static inline void flush(struct end *e)
{
    static uint8_t buffer[FRAME_MAX];
    struct packer p;
    struct flow *f;
    struct session_env env = world_env(e);
    if (e->s.state == SESSION_DOWN || e->s.state == SESSION_GONE)
        return;
    share_new(e);
    step(e, (struct session_event){.kind = SESSION_COMMITTED});
    bool beat = e->s.beat_owed;
    for (pack_init(&p, buffer, sizeof buffer); session_say(&e->s, &env, &p);
         pack_init(&p, buffer, sizeof buffer)) {
        assert_false(p.full);
        if (!(beat && e->world->quiet))
            note_frame(e, packed(&p));
        post(e, packed(&p), buffer[1]);
    }
    while ((f = session_wants(&e->s, &env)) != NULL)
        ship(e, f);
}

static inline enum took judge(struct end *e, uint32_t log, const struct run *run, struct row *ret)
{
    struct cursor c;
    struct bytes record;
    *ret = (struct row){.first = run->first, .last = run->n, .body = run->body};
    memcpy(ret->prev, run->prev.at, HASH_SIZE);
    memcpy(ret->hash, run->prev.at, HASH_SIZE);
    cursor_init(&c, run->records);
    while (run_next(&c, &record))
        chain_next(ret->hash, record);
    if (run->first > e->heads[log].n + 1)
        return TOOK_DROPPED;
    for (unsigned i = 0; i < e->shelves[log].n; i++)
        if (bytes_same(e->shelves[log].rows[i].body, run->body))
            return TOOK_COMPARED;
    bool follows = run->first == e->heads[log].n + 1 &&
                   memcmp(e->heads[log].hash, run->prev.at, HASH_SIZE) == 0;
    return follows ? TOOK_APPENDED : TOOK_FORKED;
}

static inline void take(struct end *e, const struct frame *f)
{
    struct cursor items = f->items;
    struct bytes body, texts;
    struct run run;
    struct row row;
    const char *why;
    e->s.heard_at = e->world->now;
    while (frame_next_run(&items, &body, &texts)) {
        struct session_event ev = {.kind = SESSION_TOOK, .took = TOOK_DROPPED, .log = LOG_NONE};
        assert_int_equal(run_decode(&run, body, &why), 0);
        if (!e->unknown || !bytes_same(code_bytes(&f->log.author), bytes_text(e->unknown))) {
            ev.log =
                world_log(e, f->log.author.at, f->log.about.at, f->log.stream, f->log.incarnation);
            ev.took = judge(e, ev.log, &run, &row);
        }
        if (ev.took == TOOK_APPENDED)
            keep(e, ev.log, &row);
        e->forks += ev.took == TOOK_FORKED;
        e->compared += ev.took == TOOK_COMPARED;
        e->dropped += ev.took == TOOK_DROPPED;
        share_new(e);
        step(e, ev);
    }
}

static inline void hear(struct end *e, struct bytes b)
{
    struct frame f;
    const char *why = "";
    assert_int_equal(frame_decode(&f, b, &why), 0);
    struct session_env env = world_env(e);
    if (!e->s.child && f.kind == FRAME_HELLO &&
        (e->s.id != f.session || e->s.state == SESSION_GONE)) {
        world_open(e, false);
        if (session_accept(&e->s, &f, &env, &why) < 0) {
            static uint8_t buffer[400];
            struct packer p;
            pack_init(&p, buffer, sizeof buffer);
            frame_bye(&p, f.session, why);
            note(e->world, e, "BYE: %s", why);
            post(e, packed(&p), FRAME_BYE);
            e->s.state = SESSION_GONE;
        }
        return;
    }
    if (f.session != e->s.id)
        return;
    if (f.kind == FRAME_RUN && e->s.state >= SESSION_LISTING && e->s.state != SESSION_GONE)
        take(e, &f);
    else if (f.kind != FRAME_RUN)
        step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &f});
}

static inline void world_turn(struct world *w)
{
    if (w->up_at && w->now >= w->up_at) {
        w->up_at = 0;
        step(&w->ends[CHILD], (struct session_event){.kind = SESSION_LINK_UP});
    }
    while (w->n > 0 && w->queue[w->first].at <= w->now) {
        struct letter l = w->queue[w->first];
        w->first = (w->first + 1) % W_QUEUE;
        w->n--;
        if (w->ends[l.to].alive && !w->ends[l.to].deaf)
            hear(&w->ends[l.to], bytes_of(l.bytes, l.n));
        free(l.bytes);
    }
    for (unsigned i = 0; i < 2; i++) {
        if (!w->ends[i].alive)
            continue;
        if (w->now % 100 == 0)
            step(&w->ends[i], (struct session_event){.kind = SESSION_TICK});
        flush(&w->ends[i]);
    }
}

static inline void world_run(struct world *w, int64_t until)
{
    for (; w->now <= until; w->now += W_STEP)
        world_turn(w);
}

// What happened since the last time, word for word.
static inline void world_says(struct world *w, const char *expected)
{
    assert_string_equal(w->transcript + w->said, expected);
    w->said = w->at;
}

static inline void world_forget(struct world *w)
{
    w->said = w->at;
}

static inline unsigned world_count(const struct world *w, const char *what)
{
    unsigned n = 0;
    for (const char *p = w->transcript + w->said; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

// Both hold the same logs to the same hashes.
static inline bool world_agrees(const struct world *w)
{
    const struct end *a = &w->ends[CHILD], *b = &w->ends[PARENT];
    for (uint32_t i = 0; i < a->logs.n; i++) {
        uint32_t k = logs_find(&b->logs, &a->heads[i].id);
        if (k == LOG_NONE ? a->heads[i].n > 0
                          : memcmp(a->heads[i].hash, b->heads[k].hash, HASH_SIZE) != 0)
            return false;
    }
    for (uint32_t i = 0; i < b->logs.n; i++)
        if (b->heads[i].n > 0 && logs_find(&a->logs, &b->heads[i].id) == LOG_NONE)
            return false;
    return true;
}

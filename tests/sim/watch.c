// watch.c - what must hold in a simulated world at every step: ticks are true, equal sets are equal states.
#include "watch.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 15, LOGS_MAX = 1024 };

struct home { // what a room holds about a commune, when it was last looked at
    uint32_t version;
    struct set set;
    uint32_t lines; // retire lines: what is beyond one is not in force any more
    int64_t sums[SUMS_MAX];
};
struct watch {
    uint64_t heads[SLOTS]; // what machines of a unit had on disk of a log; open addressing
    uint32_t n_heads;
    uint64_t seen[ROOMS_MAX][LOGS_MAX];               // by room and log: the head last looked at
    uint64_t ticks[ROOMS_MAX][LOGS_MAX][SIGNERS_MAX]; // and how far it was ticked
    struct home homes[ROOMS_MAX][ROOMS_MAX];
    uint64_t changes[ROOMS_MAX];
    uint32_t every, until_next; // changed folds between two comparisons
};

void watch_open(struct world *w)
{
    static struct watch watch; // a world is played at a time
    memset(&watch, 0, sizeof watch);
    w->watch = &watch;
    watch.every = 1 + (uint32_t)(w->seed % 16);
}

void watch_close(struct world *w)
{
    w->watch = NULL;
}

void watch_start(struct world *w, uint32_t room)
{
    struct watch *m = w->watch;
    memset(m->seen[room], 0, sizeof m->seen[room]);
    memset(m->ticks[room], 0, sizeof m->ticks[room]);
    if (w->rooms[room].lost)
        memset(m->homes[room], 0, sizeof m->homes[room]);
    m->changes[room] = UINT64_MAX;
    w->rooms[room].lost = false;
}

static uint64_t first_bytes(const uint8_t hash[HASH_SIZE])
{
    uint64_t h;
    memcpy(&h, hash, sizeof h);
    return h;
}

static uint64_t mixed(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0xbf58476d1ce4e5b9u;
    return h ^ h >> 29;
}

// Where it stands that the unit had this head, or would. The hash names log and records before it.
static uint64_t *head_of(struct watch *m, const struct code *unit, uint64_t n, uint64_t hash,
                         uint64_t *ret_name)
{
    uint64_t at = mixed(n, hash);
    for (unsigned i = 0; i < unit->n; i++)
        at = mixed(at, (uint8_t)unit->at[i]);
    *ret_name = at | 1;
    for (uint32_t i = (uint32_t)(at >> 40);; i++)
        if (m->heads[i % SLOTS] == 0 || m->heads[i % SLOTS] == *ret_name)
            return &m->heads[i % SLOTS];
}

static void see_heads(struct world *w, uint32_t room)
{
    struct watch *m = w->watch;
    const struct room *r = &w->rooms[room];
    const struct log_table *t = office_logs(r->office);
    for (uint32_t l = 0; l < t->n && l < LOGS_MAX; l++) {
        if (t->at[l].n == m->seen[room][l])
            continue;
        m->seen[room][l] = t->at[l].n;
        if (t->at[l].id.stream != STREAM_REPORTS)
            continue; // only those are ticked
        uint64_t name, *h = head_of(m, &r->unit, t->at[l].n, first_bytes(t->at[l].hash), &name);
        m->n_heads += *h == 0;
        assert(m->n_heads < SLOTS / 2);
        *h = name;
    }
}

// What this office holds at n, or 0: it does not hold that much, or n is inside one of its runs.
static uint64_t hash_at(const struct office *o, uint32_t log, uint64_t n)
{
    const struct log_head *h = &office_logs(o)->at[log];
    struct stored_run after;
    struct run run;
    const char *why;
    if (n == h->n)
        return first_bytes(h->hash);
    if (n > h->n || store_read(office_store((struct office *)o), log, n, &after) < 0 ||
        run_decode(&run, after.body, &why) < 0)
        return 0;
    return first_bytes(run.prev.at);
}

struct find_mark {
    const struct code *tier;
    uint32_t log;
    const uint8_t *election, *key;
    uint64_t n;
    bool forged;
};

static int on_mark(void *ctx, uint32_t log, struct bytes raw)
{
    struct find_mark *f = ctx;
    struct mark m;
    if (log == f->log && mark_decode(&m, raw) == 0 && code_same(&m.tier, f->tier) && m.n == f->n)
        f->forged = mark_check(&m, f->election, f->key) < 0;
    return 0;
}

// P1: no tick without the signature of a tier that held these very records when it signed.
static void see_tick(struct world *w, uint32_t room, uint32_t log, unsigned signer, uint64_t n)
{
    const struct room *r = &w->rooms[room];
    const struct log_id *id = &office_logs(r->office)->at[log].id;
    uint64_t hash = hash_at(r->office, log, n), name;
    const struct signer *tier = &r->id.signers[signer];
    if (hash != 0 && *head_of(w->watch, &tier->unit, n, hash, &name) == 0)
        world_violation(w, "a tick has a store that held it", "%s shows %llu of %s at %s",
                        r->unit.at, (unsigned long long)n, id->author.at, tier->unit.at);
    if (n % 4 != 0 || office_taking(r->office) != TAKING) // on a full disk it is in memory only
        return; // a part of them is enough, for signatures cost the most
    struct find_mark f = {.tier = &tier->unit, .log = log, .election = w->election};
    f.key = tier->key;
    f.n = n;
    if (store_marks(office_store(r->office), on_mark, &f) < 0 || f.forged)
        world_violation(w, "a tick has a signed mark", "%s shows %llu of %s at %s", r->unit.at,
                        (unsigned long long)n, id->author.at, tier->unit.at);
}

static void see_ticks(struct world *w, uint32_t room)
{
    struct watch *m = w->watch;
    const struct room *r = &w->rooms[room];
    const struct log_table *t = office_logs(r->office);
    int64_t at;
    for (uint32_t l = 0; l < t->n && l < LOGS_MAX; l++)
        for (unsigned s = 0; s < r->id.n_signers && t->at[l].id.stream == STREAM_REPORTS; s++) {
            uint64_t n = office_marked(r->office, l, s, &at);
            if (n == m->ticks[room][l][s])
                continue;
            m->ticks[room][l][s] = n;
            if (n > 0)
                see_tick(w, room, l, s, n);
        }
}

// Of an entry, without where it stands: its bytes and whether a parent said it.
static uint64_t name_of(const struct fold *f, uint32_t e)
{
    struct bytes b = fold_bytes(f, e);
    uint64_t h = 1 + f->entries[e].by_parent, x = 0;
    for (size_t i = 0; i < b.n; i += sizeof x) {
        size_t n = b.n - i < sizeof x ? b.n - i : sizeof x;
        x = 0;
        memcpy(&x, b.at + i, n);
        h = mixed(h, x);
    }
    return h;
}

struct set watch_set(const struct fold *f, uint32_t home)
{
    struct set s = {0};
    for (uint32_t e = 0; e < f->n_entries; e++)
        if (f->entries[e].in_force && f->logs[f->entries[e].log].home == home) {
            s.sum += name_of(f, e);
            s.n++;
        }
    return s;
}

static bool same_ballot(const struct fold *a, uint32_t i, const struct fold *b, uint32_t k)
{
    const struct plan_contest *c = &a->plan->contests[a->plan->ballots[i].contest];
    return memcmp(&a->cells[i], &b->cells[k], sizeof a->cells[i]) == 0 &&
           memcmp(a->turnouts + i * a->plan->n_cutoffs, b->turnouts + k * b->plan->n_cutoffs,
                  a->plan->n_cutoffs * sizeof *a->turnouts) == 0 &&
           memcmp(a->votes + a->plan->ballots[i].first_vote,
                  b->votes + b->plan->ballots[k].first_vote,
                  c->n_candidates * sizeof *a->votes) == 0;
}

bool watch_same_cells(const struct fold *a, const struct fold *b, struct bytes unit)
{
    uint32_t u = plan_unit_of(a->plan, unit), there = plan_unit_of(b->plan, unit);
    const struct plan_unit *x = &a->plan->units[u], *y = &b->plan->units[there];
    if (x->n_ballots != y->n_ballots)
        return false;
    for (uint32_t i = 0; i < x->n_ballots; i++)
        if (!same_ballot(a, x->first_ballot + i, b, y->first_ballot + i))
            return false;
    return true;
}

static uint32_t lines(const struct fold *f, uint32_t home)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n_grants; i++)
        n += f->grants[i].home == home && f->grants[i].until != UINT64_MAX;
    return n;
}

// Sums and sets do not shrink, and do not change where nothing was said, without a cause that is stated.
static void see_falls(struct world *w, uint32_t room, uint32_t leaf, const struct home *now)
{
    struct home *was = &w->watch->homes[room][leaf];
    const struct fold *f = office_fold(w->rooms[room].office);
    bool same_set = was->set.sum == now->set.sum && was->set.n == now->set.n;
    if (was->version == now->version && was->lines == now->lines && now->set.n < was->set.n)
        world_violation(w, "nothing in force is forgotten", "%s holds %u of %s, and held %u",
                        w->rooms[room].unit.at, now->set.n, w->rooms[leaf].unit.at, was->set.n);
    for (unsigned k = 0; k < sums_of(f->plan) && was->version == now->version && same_set; k++)
        if (now->sums[k] != was->sums[k])
            world_violation(w, "no proven total falls without a stated cause",
                            "%s: sum %u of %s was %lld and is %lld", w->rooms[room].unit.at, k,
                            w->rooms[leaf].unit.at, (long long)was->sums[k],
                            (long long)now->sums[k]);
    *was = *now;
}

// Everybody who holds this set under this plan shows these cells.
static void compare(struct world *w, uint32_t room, uint32_t leaf)
{
    struct watch *m = w->watch;
    const struct home *mine = &m->homes[room][leaf];
    const struct fold *f = office_fold(w->rooms[room].office);
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        const struct home *other = &m->homes[i][leaf];
        const struct fold *g = i == room || !w->rooms[i].office || !room_heard(&w->rooms[i])
                                   ? NULL
                                   : office_fold(w->rooms[i].office);
        if (!g || m->changes[i] != g->changes || g->plan->version != mine->version ||
            other->version != mine->version || other->set.sum != mine->set.sum ||
            other->set.n != mine->set.n)
            continue;
        struct bytes unit = code_bytes(&w->rooms[leaf].unit);
        if (!watch_same_cells(f, g, unit) &&
            watch_set(g, plan_unit_of(g->plan, unit)).sum == mine->set.sum)
            world_violation(w, "equal sets give equal states", "%s and %s of %s: %u statements",
                            w->rooms[room].unit.at, w->rooms[i].unit.at, w->rooms[leaf].unit.at,
                            mine->set.n);
    }
}

static void see_states(struct world *w, uint32_t room)
{
    const struct fold *f = office_fold(w->rooms[room].office);
    struct watch *m = w->watch;
    if (!f || f->changes == m->changes[room])
        return;
    if (m->until_next-- > 0)
        return;
    m->until_next = m->every - 1;
    m->changes[room] = f->changes;
    for (uint32_t leaf = 0; leaf < w->n_rooms; leaf++) {
        uint32_t home = plan_unit_of(f->plan, code_bytes(&w->rooms[leaf].unit));
        if (home == PLAN_NONE || w->rooms[leaf].twin || !room_is_leaf(w, leaf))
            continue;
        struct home now = {.version = f->plan->version, .set = watch_set(f, home)};
        now.lines = lines(f, home);
        const int64_t *own = f->own + (size_t)f->inner[home] *
                                          (f->plan->n_kinds ? f->plan->n_kinds : 1) *
                                          sums_of(f->plan);
        memcpy(now.sums, own, sums_of(f->plan) * sizeof *own);
        see_falls(w, room, leaf, &now);
        compare(w, room, leaf);
    }
}

void watch_turn(struct world *w, uint32_t room)
{
    see_heads(w, room);
    see_ticks(w, room);
    see_states(w, room);
}

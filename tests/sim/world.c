// world.c - offices in one process under one virtual clock, joined by links that fail from a seed.
#include "world.h"
#include "disk.h"
#include <assert.h>
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { QUEUE_MAX = 200, BURST_MAX = 64 };
static const int64_t wall_zero = 1780000000000;

struct door { // the context of an office's doors
    struct world *w;
    uint32_t room;
};
static struct door doors[ROOMS_MAX];

uint64_t draw(struct world *w)
{
    w->rng += 0x9e3779b97f4a7c15u;
    uint64_t z = w->rng;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return z ? z : 1;
}

uint32_t below(struct world *w, uint32_t n)
{
    return (uint32_t)((draw(w) >> 16) % n);
}

bool chance(struct world *w, uint32_t one_in)
{
    return one_in > 0 && below(w, one_in) == 0;
}

void world_note(struct world *w, const char *format, ...)
{
    va_list args;
    if (!w->trace)
        return;
    printf("[%8.3f] ", (double)w->now / 1000);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void world_violation(struct world *w, const char *rule, const char *format, ...)
{
    va_list args;
    if (w->violation)
        return;
    w->violation = rule;
    va_start(args, format);
    vsnprintf(w->detail, sizeof w->detail, format, args);
    va_end(args);
    world_note(w, "VIOLATION %s: %s", rule, w->detail);
}

struct moment world_time(const struct world *w, const struct room *r)
{
    return (struct moment){.mono = 1000000 + w->now, .wall = wall_zero + w->now + r->skew};
}

static void *more(void *at, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return at;
    *cap = *cap ? *cap * 2 : 32;
    at = realloc(at, *cap * size);
    assert(at);
    return at;
}

static void put_parcel(struct world *w, uint32_t conn, bool up, enum parcel_kind kind,
                       struct bytes b)
{
    struct conn *c = &w->conns[conn];
    int64_t at = w->now + 1 + below(w, w->delay_ms + 1);
    if (at < c->last[up])
        at = c->last[up];
    c->last[up] = at;
    w->parcels = more(w->parcels, w->n_parcels, &w->cap_parcels, sizeof *w->parcels);
    struct parcel *p = &w->parcels[w->n_parcels++];
    *p = (struct parcel){
        .at = at, .order = w->next_order++, .conn = conn, .up = up, .kind = kind, .n = b.n};
    p->bytes = b.n ? malloc(b.n) : NULL;
    if (b.n)
        memcpy(p->bytes, b.at, b.n);
}

static uint32_t on_the_way(const struct world *w, uint32_t conn, bool up)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->n_parcels; i++)
        n += w->parcels[i].conn == conn && w->parcels[i].up == up;
    return n;
}

static bool goes_out(struct room *r)
{
    if (r->sends_left > 0)
        r->sends_left--;
    return room_heard(r);
}

static int door_send(void *ctx, uint32_t peer, struct bytes frame)
{
    struct door *d = ctx;
    struct world *w = d->w;
    struct room *r = &w->rooms[d->room];
    bool up = peer == OFFICE_PARENT;
    uint32_t conn = up ? r->conn : peer;
    struct conn *c = &w->conns[conn];
    if (!goes_out(r))
        return 0;
    if (conn == 0 || !(up ? c->child_open : c->parent_open))
        return -ENOTCONN;
    if (on_the_way(w, conn, up) >= QUEUE_MAX || chance(w, w->loss * 4))
        return -EAGAIN;
    const struct room *child = &w->rooms[c->child];
    if ((up ? child->mute : child->deaf) || chance(w, w->loss)) {
        c->lost = true;
        return 0;
    }
    put_parcel(w, conn, up, PARCEL_FRAME, frame);
    return 0;
}

static void door_connect(void *ctx, const char *why)
{
    struct door *d = ctx;
    struct world *w = d->w;
    struct room *r = &w->rooms[d->room];
    (void)why;
    if (!room_heard(r))
        return;
    if (r->conn)
        w->conns[r->conn].child_open = false;
    if (w->n_conns == 0)
        w->n_conns = 1; // 0 is no connection
    w->conns = more(w->conns, w->n_conns, &w->cap_conns, sizeof *w->conns);
    r->conn = w->n_conns++;
    w->conns[0] = (struct conn){0};
    w->conns[r->conn] = (struct conn){.child = d->room, .parent = r->parent};
    put_parcel(w, r->conn, false, PARCEL_UP, bytes_of(NULL, 0));
}

static void door_drop(void *ctx, uint32_t peer, const char *why)
{
    struct door *d = ctx;
    struct world *w = d->w;
    struct room *r = &w->rooms[d->room];
    uint32_t conn = peer == OFFICE_PARENT ? r->conn : peer;
    world_note(w, "%s drops %u: %s", r->unit.at, conn, why);
    if (conn == 0)
        return;
    struct conn *c = &w->conns[conn];
    if (peer == OFFICE_PARENT) {
        c->child_open = false;
        if (c->parent_open && chance(w, 2))
            put_parcel(w, conn, true, PARCEL_GONE, bytes_of(NULL, 0));
    } else {
        c->parent_open = false;
    }
}

static uint64_t door_random(void *ctx)
{
    return draw(((struct door *)ctx)->w);
}

static uint64_t door_disk(void *ctx)
{
    struct door *d = ctx;
    return d->w->rooms[d->room].free_disk;
}

static void door_ahead(void *ctx, void (*one)(void *work, unsigned i), void *work, unsigned n)
{
    (void)ctx;
    while (n-- > 0) // in an order that nothing may lean on
        one(work, n);
}

static void door_await(void *ctx, unsigned i)
{
    (void)ctx, (void)i;
}

void wire_break(struct world *w, uint32_t room, bool child_told, bool parent_told)
{
    struct room *r = &w->rooms[room];
    struct conn *c = r->conn ? &w->conns[r->conn] : NULL;
    if (!c)
        return;
    for (uint32_t i = 0; i < w->n_parcels;) {
        struct parcel *p = &w->parcels[i];
        if (p->conn != r->conn ||
            (p->up && chance(w, 3))) { // what was sent before may still arrive
            i++;
            continue;
        }
        free(p->bytes);
        *p = w->parcels[--w->n_parcels];
    }
    if (child_told)
        put_parcel(w, r->conn, false, PARCEL_DOWN, bytes_of(NULL, 0));
    if (parent_told)
        put_parcel(w, r->conn, true, PARCEL_GONE, bytes_of(NULL, 0));
    if (!child_told)
        c->child_open = false;
    if (!parent_told)
        c->parent_open = false;
}

struct office_doors world_doors(struct world *w, uint32_t room)
{
    doors[room] = (struct door){w, room};
    return (struct office_doors){&doors[room], door_send, door_connect, door_drop,
                                 door_random,  door_disk, door_ahead,   door_await};
}

void world_stir(struct world *w)
{
    w->busy_until = w->now + BUSY_MS;
    if (w->next_tick > w->now + TICK_MS)
        w->next_tick = w->now + TICK_MS;
}

static void show(struct world *w, const struct parcel *p, const struct room *child,
                 const struct room *parent)
{
    static const char *const kinds[] = {"",     "HELLO", "HAVE",     "RUN", "MARK",
                                        "BEAT", "ENROL", "ENROLLED", "BYE"};
    static const char *const parcels[] = {"", "up", "down", "gone"};
    struct frame f;
    const char *why;
    if (p->kind != PARCEL_FRAME)
        world_note(w, "    %u %s %s %s", p->conn, child->unit.at, p->up ? "^" : "v",
                   parcels[p->kind]);
    else if (frame_decode(&f, bytes_of(p->bytes, p->n), &why) == 0)
        world_note(w, "    %u %s %s %s %s n %u seen %llu credit %llu %s", p->conn, child->unit.at,
                   p->up ? "->" : "<-", parent->unit.at, kinds[f.kind], f.n_items,
                   (unsigned long long)f.seen, (unsigned long long)f.credit, f.last ? "last" : "");
}

static void arrive(struct world *w, struct parcel *p)
{
    struct conn *c = &w->conns[p->conn];
    struct room *child = &w->rooms[c->child], *parent = &w->rooms[c->parent];
    struct bytes b = bytes_of(p->bytes, p->n);
    bool newest = child->conn == p->conn;
    w->touched[c->child] = w->touched[c->parent] = true;
    if (w->frames)
        show(w, p, child, parent);
    switch (p->kind) {
    case PARCEL_UP:
        if (!parent->office || !child->office || !newest || child->deaf || child->mute ||
            child->retired)
            break;
        c->child_open = c->parent_open = true;
        office_link(child->office, true, world_time(w, child));
        break;
    case PARCEL_DOWN:
        if (child->office && newest && c->child_open) {
            c->child_open = false;
            office_link(child->office, false, world_time(w, child));
        }
        break;
    case PARCEL_GONE:
        c->parent_open = false; // a ROUTER is not told: the parent finds out by the silence
        break;
    case PARCEL_FRAME:
        if (p->up && parent->office && c->parent_open && !child->retired) {
            office_expect(parent->office, &b, 1);
            office_heard(parent->office, p->conn, &child->unit, b, world_time(w, parent));
            if (parent->office)
                office_expect(parent->office, NULL, 0);
        }
        if (!p->up && child->office && newest && c->child_open)
            office_heard(child->office, OFFICE_PARENT, &parent->unit, b, world_time(w, child));
        break;
    }
}

static uint32_t first_parcel(const struct world *w)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < w->n_parcels; i++)
        if (best == UINT32_MAX || w->parcels[i].at < w->parcels[best].at ||
            (w->parcels[i].at == w->parcels[best].at &&
             w->parcels[i].order < w->parcels[best].order))
            best = i;
    return best;
}

static void tick_all(struct world *w)
{
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        struct room *r = &w->rooms[i];
        if (r->well_at <= w->now)
            room_well(w, i);
        if (!r->office && !r->gone && r->starts_at <= w->now)
            room_start(w, i);
        else if (r->office)
            office_tick(r->office, world_time(w, r));
        w->touched[i] = true;
    }
}

void world_run(struct world *w, int64_t until)
{
    while (w->now < until && !w->violation) {
        uint32_t i = first_parcel(w);
        int64_t next = i != UINT32_MAX && w->parcels[i].at < w->next_tick ? w->parcels[i].at
                                                                          : w->next_tick;
        w->now = next > w->now ? next : w->now;
        for (unsigned k = 0; k < BURST_MAX && i != UINT32_MAX && w->parcels[i].at <= w->now; k++) {
            struct parcel p = w->parcels[i];
            w->parcels[i] = w->parcels[--w->n_parcels];
            arrive(w, &p);
            free(p.bytes);
            i = first_parcel(w);
        }
        if (w->now >= w->next_tick) {
            tick_all(w);
            w->next_tick = w->now + (w->now < w->busy_until ? TICK_MS : IDLE_TICK_MS);
        }
        for (uint32_t k = 0; k < w->n_rooms; k++) {
            if (!w->touched[k])
                continue;
            w->touched[k] = false;
            room_settle(w, k);
            if (w->rooms[k].office && office_has_work(w->rooms[k].office))
                room_turn(w, k);
        }
    }
}

// oracle.c - what must hold in a simulated world: after each turn, and once its faults are over.
#include "oracle.h"
#include "texts.h"
#include "watch.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEADY_MS = 21000, LOGS_MAX = 1024 };

static unsigned in_force(const struct fold *f, uint32_t home, const struct statement *s,
                         unsigned *ret_others)
{
    unsigned n = 0;
    *ret_others = 0;
    for (uint32_t e = fold_find(f, home, s->act); e != ENTRY_NONE; e = f->entries[e].next_of_name) {
        bool same = bytes_same(fold_bytes(f, e), bytes_of(s->bytes, s->n));
        n += same && f->entries[e].in_force;
        *ret_others += !same;
    }
    return n;
}

// Somewhere it stands on a disk.
static bool is_held(const struct world *w, const struct statement *s)
{
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].office && clerk_stands(w->rooms[i].office, s, w, false))
            return true;
    return false;
}

// P2: every statement that a clerk saw accepted is at the top, once.
static void statements(struct world *w)
{
    const struct fold *f = office_fold(w->rooms[0].office);
    unsigned others;
    for (uint32_t i = 0; i < w->n_statements; i++) {
        const struct statement *s = &w->statements[i];
        uint32_t home = plan_unit_of(f->plan, code_bytes(&w->rooms[s->about].unit));
        unsigned n = in_force(f, home, s, &others);
        bool missing = n == 0 && s->accepted && !s->excused && !(w->strangers && is_held(w, s));
        if (n + others > 1 || missing)
            world_violation(w, "every accepted statement is at the top, once",
                            "%016llx of %s about %s: %u and %u others", (unsigned long long)s->act,
                            w->rooms[s->room].unit.at, w->rooms[s->about].unit.at, n, others);
        if (!s->accepted && !s->excused && !w->rooms[s->room].gone)
            world_violation(w, "whoever asks again is answered", "%016llx of %s",
                            (unsigned long long)s->act, w->rooms[s->room].unit.at);
    }
}

static void links(struct world *w)
{
    struct office_link_state l;
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        const struct room *r = &w->rooms[i];
        if (r->gone)
            continue;
        if (!r->office || !office_plan(r->office)) {
            world_violation(w, "every office is at work with its plan", "%s", r->unit.at);
            return;
        }
        office_parent(r->office, &l);
        if (r->parent != ROOM_NONE && l.word != LINK_CONNECTED)
            world_violation(w, "links come back", "%s: word %u, %s", r->unit.at, l.word,
                            l.why ? l.why : "");
        if (office_taking(r->office) != TAKING)
            world_violation(w, "a full disk is taken again by itself", "%s", r->unit.at);
    }
}

// A log of which a fork is known at this office: it holds the proof.
static int on_fork(void *ctx, uint32_t log, uint64_t n, struct bytes body)
{
    bool *forked = ctx;
    (void)n, (void)body;
    if (log < LOGS_MAX)
        forked[log] = true;
    return 0;
}

static void forks_at(const struct office *o, bool forked[LOGS_MAX])
{
    memset(forked, 0, LOGS_MAX * sizeof forked[0]);
    store_forks(office_store((struct office *)o), on_fork, forked);
}

// A fork said in a log about the unit, as this office sees it.
static bool fork_is_said(const struct office *o, const struct log_id *log)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    for (uint32_t e = 0; e < f->n_entries; e++)
        if (f->entries[e].kind == KIND_FORK && record_decode(&r, fold_bytes(f, e), &why) == 0 &&
            r.number[FORK_INCARNATION] == log->incarnation)
            return true;
    return false;
}

// Both branches of it are signed, so both ends have the proof, and the tiers above can read of it.
static bool fork_is_shown(const struct world *w, uint32_t room, uint32_t log)
{
    static bool here[LOGS_MAX], there[LOGS_MAX];
    const struct office *o = w->rooms[room].office, *up = w->rooms[w->rooms[room].parent].office;
    const struct log_id *id = &office_logs(o)->at[log].id;
    uint32_t above = logs_find(office_logs(up), id);
    forks_at(o, here);
    forks_at(up, there);
    bool told = fork_is_said(up, id) && fork_is_said(w->rooms[0].office, id);
    return above != LOG_NONE && (here[log] || fork_is_said(o, id)) && (there[above] || told);
}

// Words under keys that their author lost. Only its parent vouches for those, and to nobody but it and the
// tiers above: a child that lost its store, or a hub whose parent lost its own, does not take them any more.
static bool of_lost_key(const struct world *w, const struct office *o, uint32_t log)
{
    const struct log_id *id = &office_logs(o)->at[log].id;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (!w->rooms[i].twin && code_same(&w->rooms[i].unit, &id->author) &&
            memcmp(w->rooms[i].id.key, office_log_key(o, log), KEY_SIZE) != 0)
            return true;
    return false;
}

// Statements about a unit may differ between offices where one of its logs forked, or where a former
// parent's or a lost key's words have no way; else all that share it hold the same.
static bool may_differ(const struct world *w, struct bytes unit)
{
    static bool forked[LOGS_MAX];
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        const struct office *o = w->rooms[i].office;
        const struct log_table *t = o ? office_logs(o) : NULL;
        if (!o)
            continue;
        forks_at(o, forked);
        for (uint32_t l = 0; l < t->n; l++)
            if ((forked[l] || of_lost_key(w, o, l)) &&
                bytes_same(code_bytes(&t->at[l].id.about), unit))
                return true;
    }
    const struct plan *p = office_plan(w->rooms[0].office);
    return p->units[plan_unit_of(p, unit)].former.n > 0;
}

// P3: equal sets and equal cells, place by place, at every tier.
static void cells(struct world *w)
{
    const struct fold *top = office_fold(w->rooms[0].office);
    for (uint32_t i = 1; i < w->n_rooms; i++) {
        if (w->rooms[i].gone)
            continue;
        const struct fold *f = office_fold(w->rooms[i].office);
        if (f->plan->version != top->plan->version) {
            world_violation(w, "the newest plan is everywhere", "%s: %u", w->rooms[i].unit.at,
                            f->plan->version);
            return;
        }
        for (uint32_t leaf = 1; leaf < w->n_rooms; leaf++) {
            struct bytes unit = code_bytes(&w->rooms[leaf].unit);
            uint32_t home = plan_unit_of(f->plan, unit);
            if (home == PLAN_NONE || !room_is_leaf(w, leaf) || w->rooms[leaf].twin)
                continue;
            struct set here = watch_set(f, home),
                       there = watch_set(top, plan_unit_of(top->plan, unit));
            bool same = here.sum == there.sum && here.n == there.n;
            if (!same && !may_differ(w, unit))
                world_violation(w, "the same is held at every tier",
                                "%s has %u statements of %s, the top %u", w->rooms[i].unit.at,
                                here.n, w->rooms[leaf].unit.at, there.n);
            if (same && !watch_same_cells(f, top, unit))
                world_violation(w, "equal cells at every tier", "%s and the top of %s",
                                w->rooms[i].unit.at, w->rooms[leaf].unit.at);
            w->sets_differ = w->sets_differ || !same;
        }
    }
}

// P3: the top's sums of a commune are the commune's own, where both hold the same and no more was told.
static void sums(struct world *w)
{
    const struct fold *top = office_fold(w->rooms[0].office);
    for (uint32_t i = 1; i < w->n_rooms; i++) {
        struct bytes code = code_bytes(&w->rooms[i].unit);
        if (w->rooms[i].gone || !room_is_leaf(w, i) || may_differ(w, code))
            continue;
        const struct fold *f = office_fold(w->rooms[i].office);
        uint32_t unit = plan_unit_of(f->plan, code), there = plan_unit_of(top->plan, code);
        for (unsigned k = 0; k < sums_of(top->plan) && !top->told[top->inner[there]].used; k++)
            if (fold_sums(f, unit, 0)[k] != fold_sums(top, there, 0)[k])
                world_violation(w, "the top's sums are those of the leaves",
                                "sum %u of %s: %lld below, %lld at the top", k, w->rooms[i].unit.at,
                                (long long)fold_sums(f, unit, 0)[k],
                                (long long)fold_sums(top, there, 0)[k]);
    }
}

// Told or proven, each unit is once in the sums above it.
static void tree(struct world *w)
{
    const struct fold *top = office_fold(w->rooms[0].office);
    const struct plan *p = top->plan;
    for (uint32_t u = 0; u < p->n_units; u++) {
        int64_t below[SUMS_MAX] = {0};
        uint32_t children = 0;
        if (p->units[u].place || top->told[top->inner[u]].used)
            continue;
        for (uint32_t c = u + 1; c < u + p->units[u].size; c++)
            for (unsigned k = 0; p->units[c].parent == u && !p->units[c].place && k < sums_of(p);
                 k++) {
                below[k] += fold_sums(top, c, 0)[k];
                children++;
            }
        for (unsigned k = 0; k < sums_of(p) && children > 0; k++)
            if (below[k] != fold_sums(top, u, 0)[k])
                world_violation(w, "each unit is once in the sums above it", "sum %u: %lld, %lld",
                                k, (long long)below[k], (long long)fold_sums(top, u, 0)[k]);
    }
}

static void contests(struct world *w)
{
    const struct fold *top = office_fold(w->rooms[0].office);
    for (uint32_t c = 0; c < top->plan->n_contests; c++) {
        int64_t total[CONTEST_SUMS_MAX] = {0}, share[CONTEST_SUMS_MAX];
        unsigned n = CONTEST_VOTES + top->plan->contests[c].n_candidates;
        for (uint32_t i = 1; i < w->n_rooms; i++) {
            if (w->rooms[i].gone)
                continue;
            const struct fold *f = office_fold(w->rooms[i].office);
            uint32_t unit = plan_unit_of(f->plan, code_bytes(&w->rooms[i].unit));
            bool leaf = unit + 1 < f->plan->n_units && f->plan->units[unit + 1].place;
            for (uint32_t b = 0; leaf && b < f->plan->n_ballots; b++) {
                if (!bytes_same(f->plan->contests[f->plan->ballots[b].contest].code,
                                top->plan->contests[c].code))
                    continue;
                cell_contest_share(f->plan, b, &f->cells[b],
                                   f->votes + f->plan->ballots[b].first_vote, share);
                for (unsigned k = 0; k < n; k++)
                    total[k] += share[k];
            }
        }
        if (memcmp(total, fold_contest(top, c), n * sizeof total[0]) != 0)
            world_violation(w, "a contest's sums are those of the leaves",
                            "contest %u: %lld and %lld tallied", c, (long long)total[0],
                            (long long)fold_contest(top, c)[0]);
    }
}

static bool is_somewhere(const struct world *w, const struct fold_told *t)
{
    for (unsigned i = 0; i < t->n_cut; i++) {
        uint64_t most = 0;
        for (uint32_t k = 0; k < w->n_rooms; k++) {
            if (w->rooms[k].gone)
                continue;
            const struct log_table *logs = office_logs(w->rooms[k].office);
            uint32_t log = logs_find(logs, &t->cut[i].log);
            most = log != LOG_NONE && logs->at[log].n > most ? logs->at[log].n : most;
        }
        if (most < t->cut[i].n)
            return false;
    }
    return true;
}

static void told(struct world *w)
{
    const struct fold *f = office_fold(w->rooms[0].office);
    for (uint32_t i = 0; i < f->n_inner; i++) {
        bool used = f->told[i].entry != ENTRY_NONE && f->told[i].used;
        if (f->told[i].entry != ENTRY_NONE && f->told[i].n_cut == 0)
            world_violation(w, "a summary names what it speaks of", "row %u", i);
        uint32_t unit = 0;
        while (f->inner[unit] != i)
            unit++;
        if (used && may_differ(w, f->plan->units[unit].code)) {
            w->sets_differ = true; // told of a branch that is not here
            continue;
        }
        if (used && !is_somewhere(w, &f->told[i]))
            w->loss_told = true; // it stays told until an operator accepts the loss
        else if (used)
            world_violation(w, "at quiet nothing is only told", "row %u", i);
        // Where a hub may hold less than the top its sums differ, and no lie is in it.
        if (f->told[i].compared && f->told[i].unequal && !w->strangers && !w->sets_differ)
            world_violation(w, "what was told is what the evidence says", "row %u", i);
    }
}

// The words of a former parent: the new one need not know its key.
static bool is_former(const struct world *w, uint32_t room, const struct log_id *id)
{
    for (uint32_t up = room; up != ROOM_NONE; up = w->rooms[up].parent)
        if (code_same(&w->rooms[up].unit, &id->author))
            return false;
    const struct plan *p = office_plan(w->rooms[0].office);
    uint32_t author = plan_unit_of(p, code_bytes(&id->author)),
             unit = plan_unit_of(p, code_bytes(&w->rooms[room].unit));
    return author == PLAN_NONE || !plan_below(p, author, unit);
}

// Whoever has more gives: each log that a room shares with its parent is equal at both ends, or forked.
static void logs(struct world *w)
{
    for (uint32_t i = 1; i < w->n_rooms; i++) {
        if (w->rooms[i].gone)
            continue;
        const struct log_table *t = office_logs(w->rooms[i].office),
                               *up = office_logs(w->rooms[w->rooms[i].parent].office);
        for (uint32_t l = 0; l < t->n; l++) {
            const struct log_head *h = &t->at[l];
            uint32_t there = h->id.stream == STREAM_PLAN || h->n == 0 ? LOG_NONE
                                                                      : logs_find(up, &h->id);
            if (h->id.stream == STREAM_PLAN || h->n == 0)
                continue;
            w->strangers = w->strangers || is_former(w, i, &h->id);
            if (is_former(w, i, &h->id))
                continue;
            w->strangers = w->strangers || of_lost_key(w, w->rooms[i].office, l);
            if (there == LOG_NONE && of_lost_key(w, w->rooms[i].office, l))
                continue;
            if (there != LOG_NONE && memcmp(up->at[there].hash, h->hash, HASH_SIZE) != 0 &&
                fork_is_shown(w, i, l))
                continue;
            if (there == LOG_NONE || up->at[there].n != h->n ||
                memcmp(up->at[there].hash, h->hash, HASH_SIZE) != 0)
                world_violation(w, "a log is equal at both ends",
                                "%s: log %u of %s about %s, stream %u: %llu here, %lld there",
                                w->rooms[i].unit.at, l, h->id.author.at, h->id.about.at,
                                h->id.stream, (unsigned long long)h->n,
                                there == LOG_NONE ? -1 : (long long)up->at[there].n);
        }
    }
}

static unsigned tiers_above(const struct world *w, uint32_t room)
{
    unsigned n = 0;
    for (uint32_t up = w->rooms[room].parent; up != ROOM_NONE; up = w->rooms[up].parent)
        n++;
    return n;
}

// Each record has a tick of every tier above.
static void ticks(struct world *w)
{
    int64_t at;
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        const struct room *r = &w->rooms[i];
        if (r->gone)
            continue;
        uint32_t own = office_own_log(r->office);
        uint64_t n = own == LOG_NONE ? 0 : office_logs(r->office)->at[own].n;
        for (unsigned s = 0; s < tiers_above(w, i) && n > 0; s++)
            if (office_marked(r->office, own, s, &at) != n)
                world_violation(w, "each record has a tick of every tier", "%s: %llu of %llu by %s",
                                r->unit.at,
                                (unsigned long long)office_marked(r->office, own, s, &at),
                                (unsigned long long)n, r->id.signers[s].unit.at);
    }
}

void oracle_check(struct world *w)
{
    w->sets_differ = false;
    links(w);
    if (w->violation)
        return;
    logs(w);
    statements(w);
    cells(w);
    told(w);
    sums(w);
    tree(w);
    if (!w->loss_told && !w->sets_differ)
        contests(w);
    ticks(w);
    if (!w->violation)
        texts_gone(w);
}

void oracle_steady(struct world *w)
{
    struct office_counts before[ROOMS_MAX], after;
    uint32_t conns = w->n_conns;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (!w->rooms[i].gone)
            office_counts(w->rooms[i].office, &before[i]);
    world_run(w, w->now + STEADY_MS);
    if (w->n_conns != conns)
        world_violation(w, "sessions that are good stay", "%u new links", w->n_conns - conns);
    for (uint32_t i = 0; i < w->n_rooms && !w->violation; i++) {
        if (w->rooms[i].gone)
            continue;
        office_counts(w->rooms[i].office, &after);
        bool dropped = after.runs_dropped != before[i].runs_dropped && !w->strangers;
        if (after.frames_refused != before[i].frames_refused ||
            after.runs_refused != before[i].runs_refused || dropped ||
            after.forks != before[i].forks)
            world_violation(w, "nothing is refused again and again", "%s: %s", w->rooms[i].unit.at,
                            after.last_refusal ? after.last_refusal : "runs dropped");
    }
    if (!w->violation)
        oracle_check(w);
}

void oracle_show(const struct world *w)
{
    static const char *const streams[] = {"", "reports", "about", "plan"};
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        const struct office *o = w->rooms[i].office;
        const struct log_table *t = o ? office_logs(o) : NULL;
        const struct fold *f = o ? office_fold(o) : NULL;
        printf("%s:\n", w->rooms[i].unit.at);
        for (uint32_t l = 0; t && l < t->n; l++) {
            bool known = f && l < f->n_logs && f->logs[l].grant != ENTRY_NONE;
            printf("  %2u %-5s about %-5s %-7s %016llx n %3llu hash %02x%02x key %02x%s", l,
                   t->at[l].id.author.at, t->at[l].id.about.at, streams[t->at[l].id.stream],
                   (unsigned long long)t->at[l].id.incarnation, (unsigned long long)t->at[l].n,
                   t->at[l].hash[0], t->at[l].hash[1], office_log_key(o, l)[0],
                   l == office_own_log(o) ? " own" : "");
            if (known)
                printf(" %s until %lld",
                       f->grants[f->logs[l].grant].admitted ? "admitted" : "not admitted",
                       (long long)f->grants[f->logs[l].grant].until);
            putchar('\n');
        }
    }
}

// oracle.c - what must hold in a simulated world: after each turn, and once its faults are over.
#include "oracle.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEADY_MS = 21000 };

static void see_heads(struct world *w, uint32_t room)
{
    const struct log_table *t = office_logs(w->rooms[room].office);
    for (uint32_t l = 0; l < t->n; l++) {
        uint32_t i = 0;
        while (i < w->n_helds &&
               (w->helds[i].room != room || !log_same(&w->helds[i].log, &t->at[l].id)))
            i++;
        if (i == w->n_helds) {
            if (w->n_helds == w->cap_helds) {
                w->cap_helds = w->cap_helds ? w->cap_helds * 2 : 64;
                w->helds = realloc(w->helds, w->cap_helds * sizeof *w->helds);
                assert(w->helds);
            }
            w->helds[w->n_helds++] = (struct held){.room = room, .log = t->at[l].id};
        }
        if (t->at[l].n > w->helds[i].n)
            w->helds[i].n = t->at[l].n;
    }
}

// P1: no tick without a store that held it.
static void see_marks(struct world *w, uint32_t room)
{
    const struct room *r = &w->rooms[room];
    const struct log_table *t = office_logs(r->office);
    int64_t at;
    for (unsigned s = 0; s < r->id.n_signers; s++)
        for (uint32_t l = 0; l < t->n; l++) {
            uint64_t n = office_marked(r->office, l, s, &at), most = 0;
            for (uint32_t i = 0; n > 0 && i < w->n_helds; i++)
                if (code_same(&w->rooms[w->helds[i].room].unit, &r->id.signers[s].unit) &&
                    log_same(&w->helds[i].log, &t->at[l].id))
                    most = w->helds[i].n;
            if (n > most)
                world_violation(w, "a tick has a store that held it", "%s shows %llu of %llu at %s",
                                r->unit.at, (unsigned long long)n, (unsigned long long)most,
                                r->id.signers[s].unit.at);
        }
}

void oracle_turn(struct world *w, uint32_t room)
{
    see_heads(w, room);
    see_marks(w, room);
}

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

// P2: every statement that a clerk saw accepted is at the top, once.
static void statements(struct world *w)
{
    const struct fold *f = office_fold(w->rooms[0].office);
    unsigned others;
    for (uint32_t i = 0; i < w->n_statements; i++) {
        const struct statement *s = &w->statements[i];
        uint32_t home = plan_unit_of(f->plan, code_bytes(&w->rooms[s->about].unit));
        unsigned n = in_force(f, home, s, &others);
        if (n + others > 1 || (n == 0 && s->accepted && !s->excused))
            world_violation(w, "every accepted statement is at the top, once",
                            "%016llx of %s about %s: %u and %u others", (unsigned long long)s->act,
                            w->rooms[s->room].unit.at, w->rooms[s->about].unit.at, n, others);
        if (!s->accepted && !s->excused)
            world_violation(w, "whoever asks again is answered", "%016llx of %s",
                            (unsigned long long)s->act, w->rooms[s->room].unit.at);
    }
}

static void links(struct world *w)
{
    struct office_link_state l;
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        const struct room *r = &w->rooms[i];
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

// P3: equal cells, place by place, at every tier.
static void cells(struct world *w)
{
    const struct fold *top = office_fold(w->rooms[0].office);
    for (uint32_t i = 1; i < w->n_rooms; i++) {
        const struct fold *f = office_fold(w->rooms[i].office);
        const struct plan *p = f->plan;
        if (p->version != top->plan->version)
            world_violation(w, "the newest plan is everywhere", "%s: %u", w->rooms[i].unit.at,
                            p->version);
        for (uint32_t b = 0; b < p->n_ballots && !w->violation; b++) {
            struct bytes place = p->units[p->ballots[b].unit].code;
            uint32_t unit = plan_unit_of(top->plan, place);
            uint32_t contest = plan_contest_of(top->plan, p->contests[p->ballots[b].contest].code);
            uint32_t there = plan_ballot_of(top->plan, unit, contest);
            if (!same_ballot(f, b, top, there))
                world_violation(w, "equal cells at every tier",
                                "%s and the top at %.*s, contest %u", w->rooms[i].unit.at,
                                (int)place.n, (const char *)place.at, contest);
        }
    }
}

// P3: the top's sums are those of the leaves.
static void sums(struct world *w)
{
    const struct fold *top = office_fold(w->rooms[0].office);
    int64_t kind[SUMS_MAX] = {0};
    unsigned n = sums_of(top->plan);
    for (uint32_t i = 1; i < w->n_rooms; i++) {
        const struct fold *f = office_fold(w->rooms[i].office);
        uint32_t unit = plan_unit_of(f->plan, code_bytes(&w->rooms[i].unit));
        bool leaf = unit + 1 < f->plan->n_units && f->plan->units[unit + 1].place;
        for (unsigned k = 0; leaf && k < n; k++)
            kind[k] += fold_sums(f, unit, 0)[k];
    }
    for (unsigned k = 0; k < n; k++)
        if (kind[k] != fold_sums(top, 0, 0)[k])
            world_violation(w, "the top's sums are those of the leaves",
                            "sum %u: %lld below, %lld at the top", k, (long long)kind[k],
                            (long long)fold_sums(top, 0, 0)[k]);
}

static void contests(struct world *w)
{
    const struct fold *top = office_fold(w->rooms[0].office);
    for (uint32_t c = 0; c < top->plan->n_contests; c++) {
        int64_t total[CONTEST_SUMS_MAX] = {0}, share[CONTEST_SUMS_MAX];
        unsigned n = CONTEST_VOTES + top->plan->contests[c].n_candidates;
        for (uint32_t i = 1; i < w->n_rooms; i++) {
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
        if (used && !is_somewhere(w, &f->told[i]))
            w->loss_told = true; // it stays told until an operator accepts the loss
        else if (used)
            world_violation(w, "at quiet nothing is only told", "row %u", i);
        if (f->told[i].compared && f->told[i].unequal)
            world_violation(w, "what was told is what the evidence says", "row %u", i);
    }
}

// Whoever has more gives: each log that a room shares with its parent is equal at both ends.
static void logs(struct world *w)
{
    for (uint32_t i = 1; i < w->n_rooms; i++) {
        const struct log_table *t = office_logs(w->rooms[i].office),
                               *up = office_logs(w->rooms[w->rooms[i].parent].office);
        for (uint32_t l = 0; l < t->n; l++) {
            const struct log_head *h = &t->at[l];
            uint32_t there = h->id.stream == STREAM_PLAN || h->n == 0 ? LOG_NONE
                                                                      : logs_find(up, &h->id);
            if (h->id.stream == STREAM_PLAN || h->n == 0)
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

// Each record has a tick of every tier above.
static void ticks(struct world *w)
{
    int64_t at;
    for (uint32_t i = 0; i < w->n_rooms; i++) {
        const struct room *r = &w->rooms[i];
        uint32_t own = office_own_log(r->office);
        uint64_t n = own == LOG_NONE ? 0 : office_logs(r->office)->at[own].n;
        for (unsigned s = 0; s < r->id.n_signers && n > 0; s++)
            if (office_marked(r->office, own, s, &at) != n)
                world_violation(w, "each record has a tick of every tier", "%s: %llu of %llu by %s",
                                r->unit.at,
                                (unsigned long long)office_marked(r->office, own, s, &at),
                                (unsigned long long)n, r->id.signers[s].unit.at);
    }
}

void oracle_check(struct world *w)
{
    links(w);
    if (w->violation)
        return;
    logs(w);
    statements(w);
    cells(w);
    told(w);
    if (!w->loss_told) {
        sums(w);
        contests(w);
    }
    ticks(w);
}

void oracle_steady(struct world *w)
{
    struct office_counts before[ROOMS_MAX], after;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        office_counts(w->rooms[i].office, &before[i]);
    world_run(w, w->now + STEADY_MS);
    for (uint32_t i = 0; i < w->n_rooms && !w->violation; i++) {
        office_counts(w->rooms[i].office, &after);
        if (after.frames_refused != before[i].frames_refused ||
            after.runs_refused != before[i].runs_refused ||
            after.runs_dropped != before[i].runs_dropped || after.forks != before[i].forks)
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

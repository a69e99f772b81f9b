// bulletinchange.c - what a bulletin says of an earlier one: what was corrected since, what came late.
//
// The same plan and two sets of statements, then and now: each figure of the earlier cut-off is held
// against what it was. Where only sums are known of a unit, then or now, its sums are.
#include "figures.h"
#include <errno.h>
#include <string.h>

enum { CHANGES_ROOM = 1100 };

struct comparing {
    const struct bulletin *b;
    const struct bulletin_before *before;
    void (*on_change)(void *ctx, const struct bulletin_change *x);
    void *ctx;
};

static void turnout_at(const struct comparing *c, uint32_t ballot)
{
    const struct plan *p = c->b->fold->plan;
    size_t at = (size_t)ballot * p->n_cutoffs + c->before->cutoff - 1;
    const struct turnout_cell *then = &c->before->fold->turnouts[at],
                              *now = &c->b->fold->turnouts[at];
    bool was = then->fact.state == FACT_VALUE, is = now->fact.state == FACT_VALUE;
    struct bulletin_change x = {.what = CHANGED_TURNOUT,
                                .unit = p->ballots[ballot].unit,
                                .kind = p->contests[p->ballots[ballot].contest].kind,
                                .ballot = ballot,
                                .added = !was,
                                .places = 1,
                                .state = (enum fact_state)now->fact.state,
                                .then = then->voted,
                                .now = now->voted};
    if (was ? !is || now->voted != then->voted : is)
        c->on_change(c->ctx, &x);
}

static void tally_at(const struct comparing *c, uint32_t ballot)
{
    const struct fold *then = c->before->fold, *now = c->b->fold;
    const struct plan_ballot *b = &now->plan->ballots[ballot];
    const struct plan_contest *k = &now->plan->contests[b->contest];
    struct bulletin_change x = {.what = CHANGED_TALLY,
                                .unit = b->unit,
                                .kind = k->kind,
                                .ballot = ballot,
                                .places = 1,
                                .state =
                                    (enum fact_state)now->cells[ballot].facts[CELL_TALLY].state};
    if (then->cells[ballot].facts[CELL_TALLY].state != FACT_VALUE ||
        (x.state == FACT_VALUE && memcmp(then->votes + b->first_vote, now->votes + b->first_vote,
                                         k->n_candidates * sizeof *now->votes) == 0))
        return;
    c->on_change(c->ctx, &x);
}

// Of a unit of which only sums are known, then or now.
static void sums_at(const struct comparing *c, uint32_t unit, unsigned kind)
{
    int64_t sums[2][SUMS_MAX];
    figures_of(c->before->fold, unit, kind, sums[0]);
    figures_of(c->b->fold, unit, kind, sums[1]);
    const int64_t *then = figures_turnout(sums[0], c->before->cutoff),
                  *now = figures_turnout(sums[1], c->before->cutoff);
    int64_t more = now[TURNOUT_PLACES] - then[TURNOUT_PLACES];
    struct bulletin_change x = {.what = CHANGED_SUMS,
                                .unit = unit,
                                .kind = kind,
                                .ballot = PLAN_NONE,
                                .added = more > 0,
                                .places = more > 0 ? (uint32_t)more : 1,
                                .state = FACT_VALUE,
                                .then = (uint64_t)then[TURNOUT_OF],
                                .now = (uint64_t)now[TURNOUT_OF]};
    if (x.then != x.now)
        c->on_change(c->ctx, &x);
}

static void ballots_at(const struct comparing *c, const struct plan_unit *u)
{
    const struct plan *p = c->b->fold->plan;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        if (p->restricted[p->contests[p->ballots[b].contest].kind])
            continue;
        if (c->before->cutoff > 0)
            turnout_at(c, b);
        tally_at(c, b);
    }
}

void bulletin_each_change(const struct bulletin *b, const struct bulletin_before *before,
                          void (*on_change)(void *ctx, const struct bulletin_change *x), void *ctx)
{
    const struct comparing c = {b, before, on_change, ctx};
    const struct plan *p = b->fold->plan;
    for (uint32_t i = b->unit; i < b->unit + p->units[b->unit].size;) {
        const struct plan_unit *u = &p->units[i];
        bool told = figures_told(before->fold, i) || figures_told(b->fold, i);
        for (unsigned k = 0; told && k < p->n_kinds; k++)
            if (before->cutoff > 0 && figures_open(p, i, k))
                sums_at(&c, i, k);
        if (u->place)
            ballots_at(&c, u);
        i += told ? u->size : 1;
    }
}

// ---- in sentences ----

struct saying {
    const struct bulletin *b;
    const struct bulletin_before *before;
    struct writing *w;
    struct names l;
    unsigned kinds;     // that are open
    bool added;         // what came late is asked for, else what was corrected
    uint32_t n, places; // found; of those added, how many places they are
};

static void put(struct saying *s, const char *text)
{
    writing_text(s->w, text);
}

static void say_tally(struct saying *s, const struct bulletin_change *x)
{
    const struct plan *p = s->b->fold->plan;
    const struct plan_ballot *b = &p->ballots[x->ballot];
    const struct plan_contest *k = &p->contests[b->contest];
    const uint32_t *old = s->before->fold->votes + b->first_vote,
                   *new = s->b->fold->votes + b->first_vote;
    bool first = true;
    put(s, ", kiểm phiếu: ");
    if (x->state != FACT_VALUE)
        put(s, x->state == FACT_MISSING ? "chưa có" : "chờ đối chiếu");
    for (uint32_t i = 0; x->state == FACT_VALUE && i < k->n_candidates; i++) {
        if (old[i] == new[i])
            continue;
        put(s, first ? "" : ", ");
        writing_bytes(s->w, p->candidates[k->first_candidate + i].name);
        put(s, " ");
        writing_count(s->w, old[i] == UNSTATED ? 0 : old[i]);
        put(s, " → ");
        writing_count(s->w, new[i] == UNSTATED ? 0 : new[i]);
        first = false;
    }
}

static void say_turnout(struct saying *s, const struct bulletin_change *x)
{
    put(s, ": ");
    if (!x->added || x->what == CHANGED_SUMS) {
        writing_count(s->w, x->then);
        put(s, " → ");
    }
    if (x->state == FACT_VALUE)
        writing_count(s->w, x->now);
    else
        put(s, x->state == FACT_MISSING ? "chưa có" : "chờ đối chiếu");
}

static void count_it(void *ctx, const struct bulletin_change *x)
{
    struct saying *s = ctx;
    if (x->added != s->added)
        return;
    s->n++;
    s->places += x->places;
}

static void say_it(void *ctx, const struct bulletin_change *x)
{
    struct saying *s = ctx;
    const struct plan *p = s->b->fold->plan;
    if (x->added != s->added)
        return;
    names_next(&s->l);
    figures_within(s->w, p, x->unit, s->b->unit);
    if (s->kinds > 1) {
        put(s, " [");
        writing_bytes(s->w, p->kinds[x->kind]);
        put(s, "]");
    }
    if (x->what == CHANGED_TALLY)
        say_tally(s, x);
    else
        say_turnout(s, x);
    names_done(&s->l);
}

static uint32_t count_changes(struct saying *s, bool added)
{
    s->added = added;
    s->n = s->places = 0;
    bulletin_each_change(s->b, s->before, count_it, s);
    return s->n;
}

static void say_changes(struct saying *s)
{
    names_begin(&s->l, s->w, CHANGES_ROOM);
    s->l.between = "; ";
    bulletin_each_change(s->b, s->before, say_it, s);
    names_end(&s->l);
    put(s, ".\n");
}

static unsigned first_open(const struct bulletin *b)
{
    unsigned kind = 0;
    while (!figures_open(b->fold->plan, b->unit, kind) && kind + 1 < b->fold->plan->n_kinds)
        kind++;
    return kind;
}

static void say_since(struct writing *w, const struct saying *c, const char *what)
{
    const struct plan *p = c->b->fold->plan;
    writing_text(w, what);
    writing_text(w, " so với số ");
    writing_digits(w, c->before->number);
    if (c->before->cutoff != c->b->cutoff && c->before->cutoff > 0) {
        writing_text(w, " (mốc ");
        writing_hour(w, p->cutoffs[c->before->cutoff - 1].at);
        writing_text(w, ")");
    }
    writing_text(w, ": ");
}

static void by_cells(struct saying *s)
{
    const struct plan *p = s->b->fold->plan;
    for (unsigned k = 0; k < p->n_kinds; k++)
        s->kinds += figures_open(p, s->b->unit, k);
    if (count_changes(s, false) > 0) {
        say_since(s->w, s, "Đính chính");
        say_changes(s);
    }
    if (count_changes(s, true) > 0) {
        say_since(s->w, s, "Bổ sung");
        writing_count(s->w, s->places);
        put(s, " ");
        writing_lower(s->w, figures_place_word(p, s->b->unit, first_open(s->b)));
        put(s, ": ");
        say_changes(s);
    }
}

// ---- from what the earlier text states ----

static size_t find(struct bytes in, size_t from, struct bytes what)
{
    for (size_t i = from; i + what.n <= in.n; i++)
        if (memcmp(in.at + i, what.at, what.n) == 0)
            return i;
    return in.n;
}

// The number of people who voted in the text's n-th sentence of turnout, or false: it had none.
static bool stated(struct bytes text, unsigned n, uint64_t *ret)
{
    size_t at = 0;
    for (unsigned i = 0; i <= n && at < text.n; i++)
        at = find(text, i == 0 ? 0 : at + 1, bytes_text("Tính đến "));
    size_t end = find(text, at, bytes_text("\n"));
    size_t voted = find(bytes_of(text.at, end), at, bytes_text(" cử tri đã bỏ phiếu"));
    size_t begin = voted;
    while (begin > at && text.at[begin - 1] != ' ')
        begin--;
    *ret = 0;
    for (size_t i = begin; i < voted && text.at[i] != '/'; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9')
            *ret = *ret * 10 + (uint64_t)(text.at[i] - '0');
    return voted < end && begin < voted;
}

static void by_totals(const struct saying *c, struct writing *w)
{
    const struct plan *p = c->b->fold->plan;
    int64_t sums[SUMS_MAX];
    uint64_t then;
    unsigned n = 0;
    for (unsigned k = 0; k < p->n_kinds && c->before->cutoff > 0; k++) {
        if (!figures_open(p, c->b->unit, k))
            continue;
        figures_of(c->b->fold, c->b->unit, k, sums);
        uint64_t now = (uint64_t)figures_turnout(sums, c->before->cutoff)[TURNOUT_OF];
        if (!stated(c->before->text, n++, &then) || then == now)
            continue;
        say_since(w, c, "Đính chính, bổ sung");
        writing_text(w, "số cử tri đã bỏ phiếu ");
        writing_count(w, then);
        writing_text(w, " → ");
        writing_count(w, now);
        writing_text(w, ".\n");
    }
}

int bulletin_changes(const struct bulletin *b, const struct bulletin_before *before, char *to,
                     size_t cap)
{
    struct writing w;
    struct saying s = {.b = b, .before = before, .w = &w};
    writing_init(&w, to, cap < BULLETIN_CHANGES_MAX ? cap : BULLETIN_CHANGES_MAX);
    if (before->fold)
        by_cells(&s);
    else
        by_totals(&s, &w);
    return w.full ? -EMSGSIZE : (int)w.n;
}

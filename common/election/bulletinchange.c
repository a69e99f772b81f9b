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
    struct writing *w;
    struct names l;
    bool added;         // what came late is asked for, else what was corrected
    uint32_t n, places; // found; of those added, how many places they are
};

static void put(struct comparing *c, const char *text)
{
    writing_text(c->w, text);
}

static bool begin_item(struct comparing *c, uint32_t unit, unsigned kind)
{
    const struct plan *p = c->b->fold->plan;
    unsigned kinds = 0;
    c->n++;
    if (!c->w)
        return false; // only counted
    for (unsigned k = 0; k < p->n_kinds; k++)
        kinds += figures_open(p, c->b->unit, k);
    names_next(&c->l);
    figures_within(c->w, p, unit, c->b->unit);
    if (kinds > 1) {
        put(c, " [");
        writing_bytes(c->w, p->kinds[kind]);
        put(c, "]");
    }
    return true;
}

static void turnout_at(struct comparing *c, uint32_t ballot)
{
    const struct plan *p = c->b->fold->plan;
    size_t at = (size_t)ballot * p->n_cutoffs + c->before->cutoff - 1;
    const struct turnout_cell *then = &c->before->fold->turnouts[at],
                              *now = &c->b->fold->turnouts[at];
    unsigned kind = p->contests[p->ballots[ballot].contest].kind;
    bool was = then->fact.state == FACT_VALUE, is = now->fact.state == FACT_VALUE;
    bool found = c->added ? !was && is : was && (!is || now->voted != then->voted);
    if (!found)
        return;
    c->places++;
    if (!begin_item(c, p->ballots[ballot].unit, kind))
        return;
    put(c, ": ");
    if (was) {
        writing_count(c->w, then->voted);
        put(c, " → ");
    }
    if (is)
        writing_count(c->w, now->voted);
    else
        put(c, now->fact.state == FACT_MISSING ? "chưa có" : "chờ đối chiếu");
    names_done(&c->l);
}

static void tally_at(struct comparing *c, uint32_t ballot)
{
    const struct fold *then = c->before->fold, *now = c->b->fold;
    const struct plan *p = now->plan;
    const struct plan_ballot *b = &p->ballots[ballot];
    const struct plan_contest *k = &p->contests[b->contest];
    const uint32_t *old = then->votes + b->first_vote, *new = now->votes + b->first_vote;
    unsigned state = now->cells[ballot].facts[CELL_TALLY].state;
    if (c->added || then->cells[ballot].facts[CELL_TALLY].state != FACT_VALUE ||
        (state == FACT_VALUE && memcmp(old, new, k->n_candidates * sizeof *old) == 0) ||
        !begin_item(c, b->unit, k->kind))
        return;
    put(c, ", kiểm phiếu: ");
    if (state != FACT_VALUE)
        put(c, state == FACT_MISSING ? "chưa có" : "chờ đối chiếu");
    bool first = true;
    for (uint32_t i = 0; state == FACT_VALUE && i < k->n_candidates; i++) {
        if (old[i] == new[i])
            continue;
        put(c, first ? "" : ", ");
        writing_bytes(c->w, p->candidates[k->first_candidate + i].name);
        put(c, " ");
        writing_count(c->w, old[i] == UNSTATED ? 0 : old[i]);
        put(c, " → ");
        writing_count(c->w, new[i] == UNSTATED ? 0 : new[i]);
        first = false;
    }
    names_done(&c->l);
}

// Of a unit of which only sums are known, then or now.
static void sums_at(struct comparing *c, uint32_t unit, unsigned kind)
{
    int64_t sums[2][SUMS_MAX];
    figures_of(c->before->fold, unit, kind, sums[0]);
    figures_of(c->b->fold, unit, kind, sums[1]);
    const int64_t *then = figures_turnout(sums[0], c->before->cutoff),
                  *now = figures_turnout(sums[1], c->before->cutoff);
    bool more = now[TURNOUT_PLACES] > then[TURNOUT_PLACES];
    if (then[TURNOUT_OF] == now[TURNOUT_OF] || more != c->added)
        return;
    c->places += more ? (uint32_t)(now[TURNOUT_PLACES] - then[TURNOUT_PLACES]) : 1;
    if (!begin_item(c, unit, kind))
        return;
    put(c, ": ");
    writing_count(c->w, (uint64_t)then[TURNOUT_OF]);
    put(c, " → ");
    writing_count(c->w, (uint64_t)now[TURNOUT_OF]);
    names_done(&c->l);
}

static void compare(struct comparing *c, struct writing *w, bool added)
{
    const struct plan *p = c->b->fold->plan;
    uint32_t top = c->b->unit;
    c->w = w;
    c->added = added;
    c->n = c->places = 0;
    if (w) {
        names_begin(&c->l, w, CHANGES_ROOM);
        c->l.between = "; ";
    }
    for (uint32_t i = top; i < top + p->units[top].size;) {
        const struct plan_unit *u = &p->units[i];
        bool told = figures_told(c->before->fold, i) || figures_told(c->b->fold, i);
        for (unsigned k = 0; told && k < p->n_kinds; k++)
            if (c->before->cutoff > 0 && figures_open(p, i, k))
                sums_at(c, i, k);
        for (uint32_t b = u->first_ballot; u->place && b < u->first_ballot + u->n_ballots; b++) {
            if (p->restricted[p->contests[p->ballots[b].contest].kind])
                continue;
            if (c->before->cutoff > 0)
                turnout_at(c, b);
            tally_at(c, b);
        }
        i += told ? u->size : 1;
    }
    if (w)
        names_end(&c->l);
}

static unsigned first_open(const struct bulletin *b)
{
    unsigned kind = 0;
    while (!figures_open(b->fold->plan, b->unit, kind) && kind + 1 < b->fold->plan->n_kinds)
        kind++;
    return kind;
}

static void say_since(struct writing *w, const struct comparing *c, const char *what)
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

static void by_cells(struct comparing *c, struct writing *w)
{
    compare(c, NULL, false);
    if (c->n > 0) {
        say_since(w, c, "Đính chính");
        compare(c, w, false);
        writing_text(w, ".\n");
    }
    compare(c, NULL, true);
    if (c->n > 0) {
        say_since(w, c, "Bổ sung");
        writing_count(w, c->places);
        writing_text(w, " ");
        writing_lower(w, figures_place_word(c->b->fold->plan, c->b->unit, first_open(c->b)));
        writing_text(w, ": ");
        compare(c, w, true);
        writing_text(w, ".\n");
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

static void by_totals(struct comparing *c, struct writing *w)
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
    struct comparing c = {.b = b, .before = before};
    writing_init(&w, to, cap < BULLETIN_CHANGES_MAX ? cap : BULLETIN_CHANGES_MAX);
    if (before->fold)
        by_cells(&c, &w);
    else
        by_totals(&c, &w);
    return w.full ? -EMSGSIZE : (int)w.n;
}

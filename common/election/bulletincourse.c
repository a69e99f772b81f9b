// bulletincourse.c - the course of the day in a bulletin: who has voted, what is done, who is missing.
#include "figures.h"
#include <string.h>

static void say(struct page *g, const char *text)
{
    writing_text(g->w, text);
}

static void say_word(struct page *g, struct bytes word)
{
    writing_lower(g->w, word);
}

// ---- names of units below, by one question ----

// All at 100 %; with the last cut-off, closed is done too.
static bool is_done(const struct bulletin *b, const int64_t *sums, uint32_t ballots)
{
    return figures_turnout(sums, b->cutoff)[TURNOUT_FULL] == ballots ||
           (b->cutoff == b->fold->plan->n_cutoffs && sums[SUM_CLOSED] == ballots);
}

static void percent_in_brackets(struct page *g, uint32_t unit, unsigned kind, const int64_t *sums)
{
    const int64_t *t = figures_turnout(sums, g->b->cutoff);
    say(g, " (");
    if (t[TURNOUT_PLACES] > 0 && t[TURNOUT_VOTERS] > 0 &&
        figures_voters_known(g->f, unit, kind, g->b->cutoff))
        writing_percent(g->w, (uint64_t)t[TURNOUT_OF], (uint64_t)t[TURNOUT_VOTERS]);
    else if (t[TURNOUT_PLACES] > 0)
        writing_count(g->w, (uint64_t)t[TURNOUT_OF]);
    else
        say(g, "chưa có");
    say(g, ")");
}

static uint32_t list_children(struct page *g, unsigned kind, bool done, bool write)
{
    const struct plan_unit *u = &g->p->units[g->b->unit];
    int64_t sums[SUMS_MAX];
    struct names l;
    uint32_t n = 0;
    names_begin(&l, g->w, g->room);
    for (uint32_t i = g->b->unit + 1; i < g->b->unit + u->size; i += g->p->units[i].size) {
        uint32_t ballots = figures_ballots(g->p, i, kind);
        if (ballots == 0)
            continue;
        figures_of(g->f, i, kind, sums);
        if (is_done(g->b, sums, ballots) != done)
            continue;
        n++;
        if (!write)
            continue;
        names_next(&l);
        writing_bytes(g->w, g->p->units[i].name);
        if (!done)
            percent_in_brackets(g, i, kind, sums);
        names_done(&l);
    }
    if (write)
        names_end(&l);
    return n;
}

// "5 huyện hoàn thành: ...; các huyện còn lại: ..."
static void say_children(struct page *g, unsigned kind)
{
    struct bytes word = figures_child_word(g->p, g->b->unit, kind);
    if (figures_told(g->f, g->b->unit)) {
        say(g, "; chưa có số liệu của từng ");
        say_word(g, word);
        return;
    }
    uint32_t done = list_children(g, kind, true, false),
             rest = list_children(g, kind, false, false);
    say(g, "; ");
    if (done > 0) {
        writing_count(g->w, done);
        say(g, " ");
        say_word(g, word);
        say(g, " hoàn thành: ");
        list_children(g, kind, true, true);
    } else {
        say(g, "chưa có ");
        say_word(g, word);
        say(g, " hoàn thành");
    }
    if (rest == 0)
        return;
    say(g, "; các ");
    say_word(g, word);
    say(g, " còn lại: ");
    list_children(g, kind, false, true);
}

// "109/184 xã đạt 100 %, chiếm 59,24 %" for each level below, the lowest first.
static void say_levels(struct page *g, unsigned kind)
{
    struct level_figures at[PLAN_LEVELS_MAX];
    figures_levels(g->b, kind, at);
    for (unsigned i = PLAN_LEVELS_MAX; i-- > 0;) {
        const struct level_figures *l = &at[i];
        if (l->n == 0 || (l->direct && !l->base) || l->known == 0)
            continue;
        say(g, "; ");
        writing_part(g->w, l->full, l->known);
        say(g, " ");
        say_word(g, figures_level_word(g->p, i));
        say(g, " đạt 100 %, chiếm ");
        writing_percent(g->w, l->full, l->known);
        if (l->known == l->n)
            continue;
        say(g, " (biết được của ");
        writing_part(g->w, l->known, l->n);
        say(g, ")");
    }
}

static void say_voted(struct page *g, unsigned kind, const int64_t *t, uint32_t ballots)
{
    struct bytes word = figures_place_word(g->p, g->b->unit, kind);
    uint64_t voted = (uint64_t)t[TURNOUT_OF], voters = (uint64_t)t[TURNOUT_VOTERS];
    bool known = voters > 0 && figures_voters_known(g->f, g->b->unit, kind, g->b->cutoff);
    say(g, " có ");
    if (known)
        writing_part(g->w, voted, voters);
    else
        writing_count(g->w, voted);
    say(g, " cử tri đã bỏ phiếu");
    if (known) {
        say(g, ", đạt ");
        writing_percent(g->w, voted, voters);
        say(g, " cử tri");
    } else {
        say(g, " (tổng số cử tri chưa có đủ)");
    }
    if (t[TURNOUT_PLACES] == ballots)
        return;
    say(g, " (của ");
    writing_part(g->w, (uint64_t)t[TURNOUT_PLACES], ballots);
    say(g, " ");
    say_word(g, word);
    say(g, ")");
}

// The sentence of a bulletin, for one kind of contest.
void page_turnout(struct page *g, unsigned kind)
{
    int64_t sums[SUMS_MAX];
    uint32_t ballots = figures_ballots(g->p, g->b->unit, kind);
    struct bytes word = figures_place_word(g->p, g->b->unit, kind);
    int64_t at = g->p->cutoffs[g->b->cutoff - 1].at;
    figures_of(g->f, g->b->unit, kind, sums);
    const int64_t *t = figures_turnout(sums, g->b->cutoff);
    say(g, "Tính đến ");
    writing_hour(g->w, at);
    say(g, " ngày ");
    writing_day(g->w, at);
    say(g, ", ");
    figures_unit(g->w, g->p, g->b->unit);
    if (t[TURNOUT_PLACES] == 0) {
        say(g, ": số cử tri đã bỏ phiếu chưa có (của 0/");
        writing_count(g->w, ballots);
        say(g, " ");
        say_word(g, word);
        say(g, ").\n");
        return;
    }
    say_voted(g, kind, t, ballots);
    say(g, "; ");
    writing_count(g->w, (uint64_t)t[TURNOUT_FULL]);
    say(g, " ");
    say_word(g, word);
    say(g, " đạt 100 %, chiếm ");
    writing_percent(g->w, (uint64_t)t[TURNOUT_FULL], ballots);
    say_levels(g, kind);
    say_children(g, kind);
    say(g, ".\n");
}

// ---- who is open, closed, missing ----

static void say_count(struct page *g, const char *what, int64_t n, uint32_t of, struct bytes word)
{
    say(g, what);
    if (n == 0) {
        say(g, "chưa có");
        return;
    }
    writing_part(g->w, (uint64_t)n, of);
    say(g, " ");
    say_word(g, word);
}

void page_course(struct page *g, unsigned kind)
{
    static const struct {
        unsigned sum;
        const char *words;
    } others[] = {{SUM_POSTPONED, "; hoãn bầu cử: "},
                  {SUM_INTERRUPTED, "; đang gián đoạn bỏ phiếu: "}};
    int64_t sums[SUMS_MAX];
    uint32_t ballots = figures_ballots(g->p, g->b->unit, kind);
    struct bytes word = figures_place_word(g->p, g->b->unit, kind);
    figures_of(g->f, g->b->unit, kind, sums);
    say_count(g, "Khai mạc: ", sums[SUM_OPENED], ballots, word);
    say_count(g, "; kết thúc bỏ phiếu: ", sums[SUM_CLOSED], ballots, word);
    for (unsigned i = 0; i < 2; i++) {
        if (sums[others[i].sum] == 0)
            continue;
        say(g, others[i].words);
        writing_count(g->w, (uint64_t)sums[others[i].sum]);
    }
    say(g, ".\n");
}

struct absent { // units that a list of what is missing is made of
    struct names l;
    uint32_t n, of; // that lack something; that owe something
    uint32_t missing, due, held, later;
    unsigned level;
    bool several;
};

static void absent_unit(struct page *g, unsigned kind, uint32_t unit, struct absent *a, bool write)
{
    struct due_figures d;
    uint32_t top = g->b->unit, parent = g->p->units[unit].parent;
    figures_due(g->b, unit, kind, &d);
    a->held += d.held;
    a->later += d.later;
    if (d.due == 0)
        return;
    a->several = a->several || (a->of > 0 && a->level != g->p->units[unit].level);
    a->level = g->p->units[unit].level;
    a->of++;
    a->due += d.due;
    a->missing += d.missing;
    a->n += d.missing > 0;
    if (!write || d.missing == 0)
        return;
    names_next(&a->l);
    writing_bytes(g->w, g->p->units[unit].name);
    bool partly = d.missing < d.due, named = parent != top && unit != top;
    say(g, partly || named ? " (" : "");
    if (named)
        writing_bytes(g->w, g->p->units[parent].name);
    say(g, partly && named ? "; " : "");
    if (partly) {
        writing_part(g->w, d.missing, d.due);
        say(g, " ");
        say_word(g, figures_place_word(g->p, unit, kind));
    }
    say(g, partly || named ? ")" : "");
    names_done(&a->l);
}

// In a commune its places; above, the units that have places, or one of which only sums are known.
static void look_for_absent(struct page *g, unsigned kind, struct absent *a, bool write)
{
    const struct plan *p = g->p;
    uint32_t top = g->b->unit;
    memset(a, 0, sizeof *a);
    names_begin(&a->l, g->w, g->room);
    for (uint32_t i = top; i < top + p->units[top].size;) {
        bool whole = figures_told(g->f, i);
        if (whole || (p->units[i].place && p->units[i].parent == top) ||
            (i != top && figures_has_places(p, i))) {
            absent_unit(g, kind, i, a, write);
            i += p->units[i].size;
        } else {
            i++;
        }
    }
    if (write)
        names_end(&a->l);
}

void page_absent(struct page *g, unsigned kind)
{
    struct absent a;
    struct bytes places = figures_place_word(g->p, g->b->unit, kind);
    look_for_absent(g, kind, &a, false);
    if (a.missing > 0) {
        struct bytes word = a.several ? bytes_text("đơn vị") : figures_level_word(g->p, a.level);
        say(g, "Chưa báo cáo: ");
        writing_part(g->w, a.n, a.of);
        say(g, " ");
        say_word(g, word);
        if (!g->brief && a.due > a.of) {
            say(g, " (");
            writing_part(g->w, a.missing, a.due);
            say(g, " ");
            say_word(g, places);
            say(g, " đến hạn)");
        }
        say(g, ": ");
        look_for_absent(g, kind, &a, true);
    } else if (a.due > 0) {
        say(g, "Tất cả ");
        writing_count(g->w, a.due);
        say(g, " ");
        say_word(g, places);
        say(g, " đến hạn đã báo cáo");
    } else {
        say(g, "Chưa đến hạn báo cáo");
    }
    if (a.held > 0) {
        say(g, "; số liệu chờ đối chiếu: ");
        writing_count(g->w, a.held);
    }
    if (a.later > 0 && !g->brief) {
        say(g, "; chưa đến giờ báo cáo: ");
        writing_count(g->w, a.later);
    }
    say(g, ".\n");
}

// bulletinend.c - what a bulletin says behind the turnout: incidents, the situation, who was elected.
#include "figures.h"
#include <string.h>

static void say(struct page *g, const char *text)
{
    writing_text(g->w, text);
}

// ---- incidents ----

static bool restricted_contest(const struct plan *p, struct bytes code)
{
    uint32_t contest = code.n > 0 ? plan_contest_of(p, code) : PLAN_NONE;
    return contest != PLAN_NONE && p->restricted[p->contests[contest].kind];
}

uint32_t page_open_incidents(const struct page *g, uint32_t *ret_closed)
{
    const struct fold *f = g->f;
    int64_t open = 0; // told ones too
    struct record r;
    const char *why;
    *ret_closed = 0;
    for (unsigned k = 0; k < g->p->n_kinds; k++)
        if (!g->p->restricted[k])
            open += fold_sums(f, g->b->unit, k)[SUM_INCIDENTS];
    for (uint32_t i = 0; i < f->n_entries; i++) {
        const struct fold_entry *e = &f->entries[i];
        if (e->kind != KIND_INCIDENT || !e->in_force || e->reasons || fold_replaced(f, i) ||
            !plan_below(g->p, e->unit, g->b->unit) || record_decode(&r, fold_bytes(f, i), &why) < 0)
            continue;
        *ret_closed += !restricted_contest(g->p, r.contest) && r.number[INCIDENT_STATE] == 3;
    }
    return open > 0 ? (uint32_t)open : 0;
}

void page_incidents(struct page *g)
{
    uint32_t closed, open = page_open_incidents(g, &closed);
    if (open + closed == 0) {
        say(g, "Sự cố: chưa có báo cáo.\n");
        return;
    }
    say(g, "Sự cố: đang xử lý ");
    writing_count(g->w, open);
    say(g, ", đã xử lý xong ");
    writing_count(g->w, closed);
    say(g, ".\n");
}

// ---- situation ----

enum { ASPECTS = 4, SITUATIONS = SITUATION_NOT_STATED };

// What stands for the unit at the cut-off, or false.
static bool situation_of(const struct page *g, uint32_t unit, struct record *ret)
{
    const struct fold *f = g->f;
    const char *why;
    uint64_t key = (uint64_t)KIND_SITUATION << 56 | (uint64_t)g->b->cutoff << 32 | unit;
    for (uint32_t i = f->slot_buckets[slot_bucket(f, key)]; i != ENTRY_NONE; i = f->slots[i].next)
        if (f->slots[i].key == key)
            return f->slots[i].state == FACT_VALUE && f->slots[i].chosen != ENTRY_NONE &&
                   record_decode(ret, fold_bytes(f, f->slots[i].chosen), &why) == 0;
    return false;
}

static unsigned said_of(const struct page *g, uint32_t unit, unsigned aspect)
{
    struct record r;
    if (!situation_of(g, unit, &r))
        return SITUATION_NOT_STATED;
    return (unsigned)r.number[SITUATION_ORDER + aspect];
}

// A commune states it of itself; above, what those below said is counted.
static bool states_situation(const struct page *g, uint32_t unit)
{
    return g->p->units[unit].n_ballots > 0 && !g->p->units[unit].place &&
           figures_has_places(g->p, unit);
}

static void name_them(struct page *g, unsigned aspect, unsigned what)
{
    struct names l;
    uint32_t top = g->b->unit;
    say(g, " (");
    names_begin(&l, g->w, g->room / 4);
    for (uint32_t i = top; i < top + g->p->units[top].size; i++) {
        if (!states_situation(g, i) || said_of(g, i, aspect) != what)
            continue;
        names_next(&l);
        writing_bytes(g->w, g->p->units[i].name);
        names_done(&l);
    }
    names_end(&l);
    say(g, ")");
}

static void say_aspect(struct page *g, unsigned aspect)
{
    static const char *const words[SITUATIONS + 1] = {"", "bình thường", "có khó khăn", "phức tạp",
                                                      "chưa nêu"};
    uint32_t n[SITUATIONS + 1] = {0}, all = 0, top = g->b->unit;
    bool first = true;
    for (uint32_t i = top; i < top + g->p->units[top].size; i++) {
        if (!states_situation(g, i))
            continue;
        n[said_of(g, i, aspect)]++;
        all++;
    }
    for (unsigned i = 1; i <= SITUATIONS; i++) {
        if (n[i] == 0)
            continue;
        say(g, first ? "" : ", ");
        say(g, words[i]);
        first = false;
        if (n[i] == all)
            continue;
        say(g, " ");
        writing_part(g->w, n[i], all);
        if (i == SITUATION_DIFFICULT || i == SITUATION_SERIOUS)
            name_them(g, aspect, i);
    }
    say(g, first ? words[SITUATION_NOT_STATED] : "");
}

void page_situation(struct page *g)
{
    static const char *const words[ASPECTS] = {
        "Tình hình: an ninh, trật tự: ", "; thời tiết: ", "; đi lại: ", "; thông tin liên lạc: "};
    for (unsigned i = 0; i < ASPECTS; i++) {
        say(g, words[i]);
        say_aspect(g, i);
    }
    say(g, ".\n");
}

// ---- results ----

enum result {
    RESULT_OPEN,
    RESULT_ELECTED,
    RESULT_PARTLY,
    RESULT_NONE,
    RESULT_TIE,
    RESULT_NO_QUORUM
};

// A place that says so did not come to a count.
static bool no_quorum_said(const struct page *g, uint32_t contest)
{
    const struct plan_unit *u = &g->p->units[g->p->contests[contest].unit];
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++)
        if (g->p->ballots[i].contest == contest &&
            g->f->cells[i].facts[STEP_NO_QUORUM].state == FACT_VALUE)
            return true;
    return false;
}

static enum result result_of(const struct page *g, uint32_t contest, struct outcome_of *out)
{
    outcome_find(g->f, contest, out);
    switch (out->outcome) {
    case OUTCOME_ELECTED: return RESULT_ELECTED;
    case OUTCOME_PARTLY: return RESULT_PARTLY;
    case OUTCOME_NOT_ELECTED: return RESULT_NONE;
    case OUTCOME_TIE: return RESULT_TIE;
    case OUTCOME_NO_QUORUM: return RESULT_NO_QUORUM;
    case OUTCOME_OPEN: return no_quorum_said(g, contest) ? RESULT_NO_QUORUM : RESULT_OPEN;
    case OUTCOME_CONFIDENCE:    // GCOV_EXCL_LINE: of persons who hold an office nobody is elected,
    case OUTCOME_LOW:           // GCOV_EXCL_LINE: and is_shown() lets none of their contests in
    case OUTCOME_LOWEST: break; // GCOV_EXCL_LINE
    }
    return RESULT_OPEN; // GCOV_EXCL_LINE
}

static bool is_shown(const struct page *g, uint32_t contest)
{
    const struct plan_contest *k = &g->p->contests[contest];
    return !g->p->restricted[k->kind] && g->p->profiles[k->profile].rule != RULE_CONFIDENCE &&
           plan_below(g->p, k->unit, g->b->unit) && statistics_stands(g->f, contest);
}

// Decisions about any of its places.
static void decisions_of(const struct page *g, uint32_t contest, bool *ret_rerun,
                         bool *ret_recognised)
{
    const struct plan_unit *u = &g->p->units[g->p->contests[contest].unit];
    *ret_rerun = *ret_recognised = false;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        const struct cell *c = &g->f->cells[i];
        if (g->p->ballots[i].contest != contest)
            continue;
        *ret_rerun = *ret_rerun || c->facts[CELL_RERUN].state == FACT_VALUE;
        *ret_recognised = *ret_recognised || (c->facts[CELL_DECISION].state == FACT_VALUE &&
                                              c->decision == DECISION_RECOGNISED);
    }
}

void page_result_figures(const struct page *g, struct result_figures *ret)
{
    struct outcome_of out;
    uint32_t n[RESULT_NO_QUORUM + 1] = {0};
    bool rerun, yes;
    memset(ret, 0, sizeof *ret);
    for (uint32_t i = 0; i < g->p->n_contests; i++) {
        if (!is_shown(g, i))
            continue;
        ret->contests++;
        n[result_of(g, i, &out)]++;
        decisions_of(g, i, &rerun, &yes);
        ret->reruns += rerun;
        ret->n_recognised += yes;
    }
    ret->decided = ret->contests - n[RESULT_OPEN];
    ret->elected = n[RESULT_ELECTED];
    ret->partly = n[RESULT_PARTLY];
    ret->none = n[RESULT_NONE];
    ret->tied = n[RESULT_TIE];
    ret->no_quorum = n[RESULT_NO_QUORUM];
    ret->recognised = ret->n_recognised == ret->contests && ret->contests > 0;
}

// "159/361, 44,04 %, cần 181": the most that anybody has, and what it would take.
static void say_why(struct page *g, uint32_t contest, const struct outcome_of *out)
{
    const int64_t *votes = fold_contest(g->f, contest) + CONTEST_VOTES;
    uint64_t most = 0;
    for (uint32_t i = 0; i < g->p->contests[contest].n_candidates; i++)
        most = (uint64_t)votes[i] > most ? (uint64_t)votes[i] : most;
    if (out->base == 0 || out->base == UINT64_MAX || out->need == 0)
        return;
    say(g, " (cao nhất ");
    writing_part(g->w, most, out->base);
    say(g, ", ");
    writing_percent(g->w, most, out->base);
    say(g, ", cần ");
    writing_count(g->w, out->need);
    say(g, ")");
}

static void list_results(struct page *g, enum result which, bool reruns)
{
    struct outcome_of out;
    struct names l;
    bool rerun, recognised;
    names_begin(&l, g->w, g->room);
    for (uint32_t i = 0; i < g->p->n_contests; i++) {
        if (!is_shown(g, i))
            continue;
        enum result result = result_of(g, i, &out);
        decisions_of(g, i, &rerun, &recognised);
        if (reruns ? !rerun : result != which)
            continue;
        const struct plan_contest *k = &g->p->contests[i];
        names_next(&l);
        if (g->p->units[k->unit].place)
            figures_within(g->w, g->p, k->unit, g->b->unit);
        else
            writing_bytes(g->w, k->name);
        if (!reruns && which == RESULT_NONE)
            say_why(g, i, &out);
        names_done(&l);
    }
    names_end(&l);
}

void page_results(struct page *g)
{
    struct result_figures r;
    page_result_figures(g, &r);
    if (r.decided == 0)
        return;
    const struct {
        uint32_t n;
        enum result which;
        const char *words;
    } rows[] = {{r.partly, RESULT_PARTLY, "; chưa đủ số người được bầu "},
                {r.none, RESULT_NONE, "; không ai trúng cử "},
                {r.tied, RESULT_TIE, "; bằng phiếu "},
                {r.no_quorum, RESULT_NO_QUORUM, "; không đủ điều kiện tiến hành "},
                {r.reruns, RESULT_OPEN, "; đã quyết định bầu lại "}};
    say(g, r.recognised ? "Kết quả: đã có của " : "Kết quả tạm thời: đã có của ");
    writing_part(g->w, r.decided, r.contests);
    say(g, "; bầu được ");
    writing_part(g->w, r.elected, r.contests);
    if (r.n_recognised > 0) {
        say(g, ", đã công nhận ");
        writing_count(g->w, r.n_recognised);
    }
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].n == 0)
            continue;
        say(g, rows[i].words);
        writing_count(g->w, rows[i].n);
        say(g, ": ");
        list_results(g, rows[i].which, i == 4);
    }
    say(g, ".\n");
}

// ---- statistics ----

static void say_levels(struct page *g, const uint32_t *n, const struct traits *t)
{
    struct names l;
    say(g, " (");
    names_begin(&l, g->w, g->room / 4);
    for (unsigned i = 0; i < t->n_levels; i++) {
        if (n[i] == 0)
            continue;
        names_next(&l);
        writing_bytes(g->w, t->levels[i]);
        say(g, " ");
        writing_count(g->w, n[i]);
        names_done(&l);
    }
    names_end(&l);
    say(g, ")");
}

void page_statistics(struct page *g)
{
    const struct statistics *s = g->b->statistics;
    struct result_figures r;
    page_result_figures(g, &r);
    if (s->elected == 0 || r.decided < r.contests)
        return;
    say(g, "Cơ cấu ");
    writing_count(g->w, s->elected);
    say(g, " người trúng cử");
    for (unsigned i = 0; i < STATISTICS; i++) {
        say(g, i == 0 ? ": " : "; ");
        say(g, statistic_words((enum statistic)i));
        if (s->of[i].known == 0) {
            say(g, " chưa có");
            continue;
        }
        say(g, " ");
        writing_part(g->w, s->of[i].n, s->of[i].known);
        say(g, " (");
        writing_percent(g->w, s->of[i].n, s->of[i].known);
        if (s->of[i].target > 0) {
            say(g, ", chỉ tiêu ");
            writing_count(g->w, s->of[i].target);
            say(g, " %");
        }
        say(g, s->of[i].known < s->elected ? ", biết được của " : ")");
        if (s->of[i].known < s->elected) {
            writing_part(g->w, s->of[i].known, s->elected);
            say(g, ")");
        }
        if (i == STATISTIC_SCHOOLING || i == STATISTIC_THEORY)
            say_levels(g, i == STATISTIC_SCHOOLING ? s->schooling : s->theory, s->traits);
    }
    say(g, ".\n");
}

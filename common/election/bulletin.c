// bulletin.c - the quick report of a unit at one cut-off: text to read out, short messages, a table.
#include "figures.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

// Bytes of one list of names; the next is tried where the text would be too long with it.
static const size_t rooms[] = {1200, 500, 160, 0}, short_rooms[] = {200, 100, 40, 0};
enum { N_ROOMS = sizeof rooms / sizeof rooms[0], SHORT_TEXT_MAX = 4000 };

static void say(struct page *g, const char *text)
{
    writing_text(g->w, text);
}

static unsigned open_kinds(const struct page *g)
{
    unsigned n = 0;
    for (unsigned k = 0; k < g->p->n_kinds; k++)
        n += figures_open(g->p, g->b->unit, k);
    return n;
}

static void say_head(struct page *g)
{
    say(g, "BÁO CÁO NHANH");
    if (g->b->number > 0) {
        say(g, " số ");
        writing_digits(g->w, g->b->number);
    }
    say(g, figures_recognised(g->f, g->b->unit) ? "\n" : " (số liệu tạm thời)\n");
    if (g->b->drill)
        say(g, "DIỄN TẬP – không phải số liệu thật\n");
    writing_bytes(g->w, g->p->title);
    say(g, "\n");
}

static void say_kind(struct page *g, unsigned kind)
{
    if (open_kinds(g) > 1) {
        say(g, "[");
        writing_bytes(g->w, g->p->kinds[kind]);
        say(g, "] ");
    }
    if (g->b->cutoff > 0) {
        page_turnout(g, kind);
    } else {
        say(g, "Tại ");
        figures_unit(g->w, g->p, g->b->unit);
        say(g, ". ");
    }
    page_course(g, kind);
    if (g->b->cutoff > 0)
        page_absent(g, kind);
}

// Units of which sums are known and no more: what is said of their places is said of none.
static void say_told(struct page *g)
{
    struct names l;
    uint32_t n = 0;
    for (unsigned write = 0; write < 2; write++) {
        names_begin(&l, g->w, g->room);
        for (uint32_t i = g->b->unit; i < g->b->unit + g->p->units[g->b->unit].size;) {
            bool told = figures_told(g->f, i);
            n += told && !write;
            if (told && write) {
                names_next(&l);
                writing_bytes(g->w, g->p->units[i].name);
                names_done(&l);
            }
            i += told ? g->p->units[i].size : 1;
        }
        if (n == 0)
            return;
        if (!write)
            say(g, "Mới có số liệu tổng hợp, chưa có báo cáo chi tiết: ");
    }
    names_end(&l);
    say(g, ".\n");
}

static void write_full(struct page *g)
{
    say_head(g);
    for (unsigned k = 0; k < g->p->n_kinds; k++)
        if (figures_open(g->p, g->b->unit, k))
            say_kind(g, k);
    say_told(g);
    page_incidents(g);
    if (g->b->cutoff > 0)
        page_situation(g);
    page_results(g);
    if (g->b->statistics)
        page_statistics(g);
    writing_bytes(g->w, g->b->changes);
    say(g, "Lập lúc ");
    writing_hour(g->w, g->b->now);
    say(g, " ngày ");
    writing_day(g->w, g->b->now);
    say(g, ".\n");
}

// ---- short ----

static void short_turnout(struct page *g, unsigned kind)
{
    int64_t sums[SUMS_MAX];
    uint32_t ballots = figures_ballots(g->p, g->b->unit, kind);
    figures_of(g->f, g->b->unit, kind, sums);
    const int64_t *t = figures_turnout(sums, g->b->cutoff);
    uint64_t voted = (uint64_t)t[TURNOUT_OF], voters = (uint64_t)t[TURNOUT_VOTERS];
    if (t[TURNOUT_PLACES] == 0) {
        say(g, " chưa có số cử tri đã bỏ phiếu. ");
        return;
    }
    say(g, " ");
    if (voters > 0 && figures_voters_known(g->f, g->b->unit, kind, g->b->cutoff)) {
        writing_part(g->w, voted, voters);
        say(g, " cử tri, ");
        writing_percent(g->w, voted, voters);
    } else {
        writing_count(g->w, voted);
        say(g, " cử tri");
    }
    if (t[TURNOUT_PLACES] < ballots) {
        say(g, " (của ");
        writing_part(g->w, (uint64_t)t[TURNOUT_PLACES], ballots);
        say(g, ")");
    }
    say(g, "; ");
    writing_part(g->w, (uint64_t)t[TURNOUT_FULL], ballots);
    say(g, " ");
    writing_lower(g->w, figures_place_word(g->p, g->b->unit, kind));
    say(g, " đạt 100 %. ");
}

static void short_results(struct page *g)
{
    struct result_figures r;
    page_result_figures(g, &r);
    if (r.decided == 0)
        return;
    say(g, " Bầu được ");
    writing_part(g->w, r.elected, r.contests);
    if (r.no_quorum + r.none + r.tied + r.partly > 0) {
        say(g, ", chưa bầu được ");
        writing_count(g->w, r.no_quorum + r.none + r.tied + r.partly);
    }
    say(g, r.recognised ? "." : " (tạm thời).");
}

static void write_short(struct page *g)
{
    uint32_t closed, open = page_open_incidents(g, &closed);
    int64_t at = g->b->cutoff > 0 ? g->p->cutoffs[g->b->cutoff - 1].at : g->b->now;
    say(g, g->b->drill ? "DIỄN TẬP. " : "");
    say(g, "BC nhanh");
    if (g->b->number > 0) {
        say(g, " số ");
        writing_digits(g->w, g->b->number);
    }
    say(g, " đến ");
    writing_hour(g->w, at);
    say(g, " ");
    writing_day(g->w, at);
    say(g, ", ");
    figures_unit(g->w, g->p, g->b->unit);
    say(g, figures_recognised(g->f, g->b->unit) ? ":" : " (tạm thời):");
    for (unsigned k = 0; k < g->p->n_kinds; k++) {
        if (!figures_open(g->p, g->b->unit, k))
            continue;
        if (open_kinds(g) > 1) {
            say(g, " (");
            writing_bytes(g->w, g->p->kinds[k]);
            say(g, ")");
        }
        if (g->b->cutoff > 0) {
            short_turnout(g, k);
            page_absent(g, k);
        } else {
            say(g, " ");
            page_course(g, k);
        }
    }
    if (open > 0) {
        say(g, " Sự cố đang xử lý: ");
        writing_count(g->w, open);
        say(g, ".");
    }
    short_results(g);
}

static int messages(struct page *g, char *to, size_t cap)
{
    char plain[SHORT_TEXT_MAX];
    struct writing w, out;
    writing_init(&w, plain, sizeof plain);
    writing_unmarked(&w, bytes_of(g->w->at, g->w->n));
    size_t n = 0;
    for (size_t i = 0; i < w.n; i++) { // one line, single blanks
        bool blank = plain[i] == '\n' || plain[i] == ' ';
        if (!blank || (n > 0 && plain[n - 1] != ' '))
            plain[n++] = blank ? ' ' : plain[i];
    }
    n -= n > 0 && plain[n - 1] == ' ';
    writing_init(&out, to, cap);
    if (w.full || writing_messages(&out, bytes_of(plain, n)) < 0)
        return -EMSGSIZE;
    return (int)out.n;
}

// ---- table ----

static void cell_of(struct page *g, bool known, int64_t n)
{
    say(g, "\t");
    if (known)
        writing_digits(g->w, (uint64_t)n);
    else
        say(g, "chưa có");
}

static void row(struct page *g, unsigned kind, uint32_t unit, bool known)
{
    int64_t sums[SUMS_MAX];
    struct due_figures d = {0};
    struct bytes name = g->p->units[unit].name;
    static const int64_t nothing[TURNOUT_SUMS];
    const int64_t *t = nothing;
    uint64_t all;
    memset(sums, 0, sizeof sums);
    if (known)
        figures_of(g->f, unit, kind, sums);
    if (known && g->b->cutoff > 0) {
        t = figures_turnout(sums, g->b->cutoff);
        figures_due(g->b, unit, kind, &d);
    }
    bool voters = t[TURNOUT_VOTERS] > 0 && figures_voters_known(g->f, unit, kind, g->b->cutoff);
    // What a spreadsheet would run as a formula.
    say(g, name.n > 0 && strchr("=+-@", name.at[0]) ? "'" : "");
    writing_bytes(g->w, name);
    bool listed = figures_voters(g->f, unit, kind, &all);
    cell_of(g, listed, (int64_t)all);
    cell_of(g, t[TURNOUT_PLACES] > 0, t[TURNOUT_OF]);
    say(g, "\t");
    if (voters)
        writing_ratio(g->w, (uint64_t)t[TURNOUT_OF], (uint64_t)t[TURNOUT_VOTERS]);
    else
        say(g, "chưa có");
    cell_of(g, sums[SUM_OPENED] > 0, sums[SUM_OPENED]);
    cell_of(g, t[TURNOUT_PLACES] > 0, t[TURNOUT_FULL]);
    cell_of(g, sums[SUM_CLOSED] > 0, sums[SUM_CLOSED]);
    cell_of(g, known && g->b->cutoff > 0, d.missing);
    say(g, "\n");
}

static void write_table(struct page *g)
{
    uint32_t top = g->b->unit;
    bool told = figures_told(g->f, top);
    say(g, "Đơn vị\tTổng số cử tri\tĐã bỏ phiếu\tTỷ lệ % nơi đã báo cáo\tKhai mạc\tĐạt 100 %\tKết "
           "thúc\tChưa báo "
           "cáo\n");
    for (unsigned k = 0; k < g->p->n_kinds; k++) {
        if (!figures_open(g->p, top, k))
            continue;
        if (open_kinds(g) > 1) {
            writing_bytes(g->w, g->p->kinds[k]);
            say(g, "\n");
        }
        for (uint32_t i = top + 1; i < top + g->p->units[top].size; i += g->p->units[i].size)
            if (figures_ballots(g->p, i, k) > 0)
                row(g, k, i, !told);
        row(g, k, top, true);
    }
}

static int limited(const struct writing *w, size_t most)
{
    return w->full || w->n > most ? -EMSGSIZE : (int)w->n;
}

static int write_with(struct page *g, enum bulletin_form form, size_t attempt, char *to, size_t cap)
{
    char longer[SHORT_TEXT_MAX];
    g->brief = form == BULLETIN_SHORT;
    g->room = g->brief ? short_rooms[attempt] : rooms[attempt];
    writing_init(g->w, g->brief ? longer : to, g->brief ? sizeof longer : cap);
    switch (form) {
    case BULLETIN_TEXT: write_full(g); return limited(g->w, BULLETIN_TEXT_MAX);
    case BULLETIN_SHORT: write_short(g); return g->w->full ? -EMSGSIZE : messages(g, to, cap);
    case BULLETIN_TABLE: write_table(g); return limited(g->w, BULLETIN_TABLE_MAX);
    }
    return -EMSGSIZE; // GCOV_EXCL_LINE: each form has returned
}

int bulletin_write(const struct bulletin *b, enum bulletin_form form, char *to, size_t cap)
{
    struct writing w;
    struct page g = {.b = b, .f = b->fold, .p = b->fold->plan, .w = &w};
    int rc = -EMSGSIZE;
    assert(!g.p->units[b->unit].place && b->cutoff <= g.p->n_cutoffs && cap > 0);
    if (open_kinds(&g) == 0)
        return -ENOENT;
    for (size_t i = 0; i < N_ROOMS && rc == -EMSGSIZE; i++)
        rc = write_with(&g, form, i, to, cap);
    return rc;
}

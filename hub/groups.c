// groups.c - the quick report of the units on the desk together, as a group of them (a former district, an
// officer's area) has no place of its own in the tree.
#include "common/base/figure.h"
#include "common/base/text.h"
#include "common/daemon/bulletins.h"
#include "common/election/bulletin.h"
#include "common/office/view.h"
#include "duty.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESULTS_SHOWN = 200, HEAD_MAX = 600, NAME_MAX_SHOWN = 200 };

struct sums {
    uint64_t voted, voters, here, due, opened, places;
};

static void add_up(const struct fold *f, const struct duty_units *u, unsigned cutoff, int64_t now,
                   struct sums *s)
{
    for (uint32_t i = 0; i < u->n; i++)
        for (unsigned k = 0; k < f->plan->n_kinds; k++) {
            const int64_t *sums = fold_sums(f, u->at[i], k);
            const int64_t *t = sums + SUM_TURNOUT + TURNOUT_SUMS * (cutoff ? cutoff - 1 : 0);
            if (f->plan->restricted[k])
                continue;
            s->opened += (uint64_t)sums[SUM_OPENED];
            s->places += report_due(f->plan, u->at[i], k, 0, 0);
            if (cutoff == 0)
                continue;
            s->voted += (uint64_t)t[TURNOUT_OF];
            s->voters += (uint64_t)t[TURNOUT_VOTERS];
            s->here += (uint64_t)t[TURNOUT_PLACES];
            s->due += report_due(f->plan, u->at[i], k, cutoff, now);
        }
}

static void write_head(const struct plan *p, const struct duty_units *u, const struct sums *s,
                       unsigned cutoff, char to[HEAD_MAX])
{
    char numbers[7][FIGURE_TEXT], percent[32], group[NAME_MAX_SHOWN + 1], mark[NAME_MAX_SHOWN + 1];
    struct bytes name = u->group.n ? u->group : p->units[u->above].name;
    struct bytes at = cutoff ? p->cutoffs[cutoff - 1].name : bytes_text("");
    snprintf(group, sizeof group, "%.*s", (int)name.n, (const char *)name.at);
    snprintf(mark, sizeof mark, "%.*s", (int)at.n, (const char *)at.at);
    struct writing w;
    writing_init(&w, percent, sizeof percent);
    if (s->voters > 0)
        writing_percent(&w, s->voted, s->voters);
    const struct text_place places[] = {{"group", group},
                                        {"cutoff", mark},
                                        {"n", figure_write(u->n, numbers[0])},
                                        {"voted", figure_write(s->voted, numbers[1])},
                                        {"voters", figure_write(s->voters, numbers[2])},
                                        {"here", figure_write(s->here, numbers[3])},
                                        {"due", figure_write(s->due, numbers[4])},
                                        {"opened", figure_write(s->opened, numbers[5])},
                                        {"places", figure_write(s->places, numbers[6])},
                                        {"percent", percent}};
    const char *key = cutoff == 0 || s->here == 0 || s->voters == 0 ? "duty_group_none"
                                                                    : "duty_group_head";
    text_fill(to, HEAD_MAX, text_of(key, LANGUAGE_VI), places, sizeof places / sizeof places[0]);
}

void groups_bulletin(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    struct duty_units u;
    struct sums sums = {0};
    char head[HEAD_MAX], *text = NULL;
    size_t n = 0;
    if (!duty_units(h, q, a, &u))
        return;
    struct bulletin b = {.fold = office_fold(o), .now = daemon_now().wall};
    int cutoff = bulletins_cutoff(b.fold->plan, http_query(q, "cutoff"), b.now);
    b.cutoff = cutoff < 0 ? 0 : (unsigned)cutoff;
    b.drill = office_identity(o)->drill;
    add_up(b.fold, &u, b.cutoff, b.now, &sums);
    write_head(b.fold->plan, &u, &sums, b.cutoff, head);
    FILE *to = open_memstream(&text, &n);
    char *one = malloc(BULLETIN_TEXT_MAX + 1);
    if (!to || !one)
        abort();
    fprintf(to, "%s%s\n", b.drill ? "DIỄN TẬP. " : "", head);
    for (uint32_t i = 0; i < u.n; i++) {
        b.unit = u.at[i];
        int size = bulletin_write(&b, BULLETIN_TEXT, one, BULLETIN_TEXT_MAX + 1);
        if (size > 0)
            fprintf(to, "\n%s\n", one);
    }
    fclose(to);
    reply_json(a, json_pack("{s:i,s:s}", "cutoff", (int)b.cutoff, "text", text));
    free(text);
    free(one);
    free(u.at);
}

static bool *wanted_contests(const struct plan *p, const struct duty_units *u, bool restricted)
{
    bool *wanted = calloc(p->n_contests + 1, sizeof *wanted);
    if (!wanted)
        abort();
    for (uint32_t i = 0; i < u->n; i++) {
        const struct plan_unit *unit = &p->units[u->at[i]];
        for (uint32_t b = unit->first_ballot; b < unit->first_ballot + unit->n_ballots; b++) {
            uint32_t c = p->ballots[b].contest;
            wanted[c] = view_shown(p, p->contests[c].kind, restricted);
        }
    }
    return wanted;
}

struct results {
    const struct fold *f;
    const bool *wanted; // by contest
    json_t *contests;
    json_int_t n, done;
};

// Those of which a place is counted, or those of which none is.
static void add_results(struct results *x, bool counted)
{
    for (uint32_t c = 0; c < x->f->plan->n_contests; c++) {
        int64_t tallied = fold_contest(x->f, c)[CONTEST_TALLIED];
        if (!x->wanted[c] || (tallied > 0) != counted)
            continue;
        x->n++;
        x->done += tallied > 0 && tallied >= x->f->plan->contests[c].places_in_all;
        if (json_array_size(x->contests) < RESULTS_SHOWN)
            json_array_append_new(x->contests, view_contest(x->f, c, view_votes_open(x->f, c)));
    }
}

// Contests voted on below the units on the desk, those first that a place has counted; a screen's worth.
void groups_results(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    struct results x = {.f = office_fold(daemon_office(h->common.daemon))};
    struct duty_units u;
    if (!duty_units(h, q, a, &u))
        return;
    bool *wanted = wanted_contests(x.f->plan, &u, people_restricted(q));
    x.wanted = wanted;
    x.contests = json_array();
    add_results(&x, true);
    add_results(&x, false);
    free(wanted);
    reply_json(a, json_pack("{s:o,s:o,s:I,s:I}", "unit", view_unit(x.f->plan, u.above), "contests",
                            x.contests, "n", x.n, "done", x.done));
    free(u.at);
}

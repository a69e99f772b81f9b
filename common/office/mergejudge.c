// mergejudge.c - villages held against each other and against former plans; each gets its code.
#include "mergeinside.h"
#include "common/base/vntext.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *merge_name_alone(const char *bare)
{
    const char *kind = repair_kind(bare);
    return kind && bare[strlen(kind)] == ' ' ? bare + strlen(kind) + 1 : bare;
}

// How well two names agree; 0: not at all.
static unsigned alike(const char *tones, const char *bare, const char *other_tones,
                      const char *other_bare)
{
    if (strcmp(tones, other_tones) == 0)
        return 3;
    if (strcmp(bare, other_bare) == 0)
        return 2;
    const char *a = merge_name_alone(bare), *b = merge_name_alone(other_bare);
    bool one_kind = a != bare && b != other_bare; // "Thôn 1" and "Tổ 1" are two
    return !one_kind && strcmp(a, b) == 0;
}

int merge_village_of(const struct merge *m, int commune, const char *code, const char *name)
{
    char *tones = vn_key(bytes_text(name), VN_TONES), *bare = vn_key(bytes_text(name), VN_BARE);
    unsigned best = 0;
    int found = MERGE_NONE;
    for (int i = m->communes[commune].first_village; i != MERGE_NONE; i = m->villages[i].next) {
        const struct village *v = &m->villages[i];
        unsigned fit = v->dropped ? 0 : alike(tones, bare, v->tones, v->bare);
        if (!v->dropped && code[0] && merge_same_code(code, v->code))
            fit = 4;
        if (fit > best)
            found = i;
        else if (fit == best && fit > 0 && fit < 4)
            found = MERGE_NONE; // two are as good
        best = fit > best ? fit : best;
    }
    free(tones);
    free(bare);
    return found;
}

// ---- one village, two rows ----

static bool empty_village(const struct village *v)
{
    return v->voters < 0 && v->n_persons == 0 && !v->opens[0] && !v->closes[0];
}

static bool says_same(const struct village *a, const struct village *b)
{
    if (a->voters != b->voters || a->n_persons != b->n_persons ||
        strcmp(a->method, b->method) != 0 || strcmp(a->opens, b->opens) != 0 ||
        strcmp(a->closes, b->closes) != 0)
        return false;
    for (unsigned i = 0; i < a->n_persons; i++)
        if (strcmp(a->persons[i].key, b->persons[i].key) != 0)
            return false;
    return true;
}

static const char *place_of(struct merge *m, const struct village *v)
{
    return merge_print(m, "%s:%u", v->at.file, v->at.line);
}

static void judge_twice(struct merge *m, struct village *a, struct village *b)
{
    bool same_code = a->code[0] && b->code[0] && merge_same_code(a->code, b->code);
    bool same_name = strcmp(a->tones, b->tones) == 0;
    if (!same_code && !same_name) {
        if (strcmp(a->bare, b->bare) == 0)
            merge_say(m, &b->at, SAYS_ALIKE, a->name, b->name, NULL);
        return;
    }
    if (same_name && (says_same(a, b) || empty_village(b))) {
        merge_say(m, &b->at, SAYS_TWICE_SAME, b->name, place_of(m, a), NULL);
        b->dropped = true;
    } else if (same_name && empty_village(a)) {
        merge_say(m, &a->at, SAYS_TWICE_SAME, a->name, place_of(m, b), NULL);
        a->dropped = true;
    } else
        merge_say(m, &b->at, SAYS_TWICE, b->name, place_of(m, a), NULL);
}

static void judge_commune(struct merge *m, const struct commune *c)
{
    for (int i = c->first_village; i != MERGE_NONE; i = m->villages[i].next)
        for (int k = c->first_village; k != i && !m->villages[i].dropped; k = m->villages[k].next)
            if (!m->villages[k].dropped)
                judge_twice(m, &m->villages[k], &m->villages[i]);
}

// ---- which former village it is ----

static int former_by_code(struct merge *m, struct village *v)
{
    for (int i = m->communes[v->commune].first_former; i != MERGE_NONE; i = m->formers[i].next)
        if (merge_same_code(v->code, m->formers[i].code)) {
            if (strcmp(v->code, m->formers[i].code) != 0)
                merge_say(m, &v->at, SAYS_CODE_READ, v->code, m->formers[i].code, NULL);
            return i;
        }
    for (unsigned i = 0; i < m->n_formers; i++) {
        const struct former *f = &m->formers[i];
        if (f->commune != v->commune && merge_same_code(v->code, f->code)) {
            merge_say(m, &v->at, SAYS_CODE_ELSEWHERE, f->code,
                      f->commune == MERGE_NONE ? f->commune_code : m->communes[f->commune].name,
                      NULL);
            return MERGE_NONE;
        }
    }
    merge_say(m, &v->at, SAYS_CODE_UNKNOWN, v->code, NULL, NULL);
    return MERGE_NONE;
}

// A free former village whose name agrees at least that well; two such are none.
static int former_by_name(const struct merge *m, const struct village *v, unsigned least)
{
    int found = MERGE_NONE;
    for (int i = m->communes[v->commune].first_former; i != MERGE_NONE; i = m->formers[i].next) {
        const struct former *f = &m->formers[i];
        if (f->village != MERGE_NONE || alike(v->tones, v->bare, f->tones, f->bare) < least)
            continue;
        if (found != MERGE_NONE && m->formers[found].now == f->now)
            return MERGE_NONE;
        if (found == MERGE_NONE || f->now)
            found = i;
    }
    return found;
}

static void take_former(struct merge *m, int village, int former)
{
    struct village *v = &m->villages[village];
    struct former *f = &m->formers[former];
    if (f->village != MERGE_NONE)
        return; // the code stands twice, which has been told
    v->former = former;
    f->village = village;
    if (f->name[0] && strcmp(f->name, v->name) != 0)
        merge_say(m, &v->at, SAYS_NAME_WAS, f->name, v->name, f->code);
}

// The code says one village, the name says another one of the former plan.
static bool code_contradicts(struct merge *m, const struct village *v, const struct former *f)
{
    if (alike(v->tones, v->bare, f->tones, f->bare) > 0)
        return false;
    for (int i = m->communes[v->commune].first_former; i != MERGE_NONE; i = m->formers[i].next)
        if (&m->formers[i] != f && m->formers[i].now &&
            strcmp(m->formers[i].tones, v->tones) == 0) {
            merge_say(m, &v->at, SAYS_CODE_NAME, f->code, v->name, f->name);
            return true;
        }
    return false;
}

static void find_formers(struct merge *m)
{
    for (unsigned i = 0; i < m->n_villages; i++) {
        struct village *v = &m->villages[i];
        int f = v->dropped || !v->code[0] ? MERGE_NONE : former_by_code(m, v);
        if (f != MERGE_NONE && !code_contradicts(m, v, &m->formers[f]))
            take_former(m, (int)i, f);
    }
    for (unsigned least = 3; least > 0; least--) // the best fits first
        for (unsigned i = 0; i < m->n_villages; i++) {
            struct village *v = &m->villages[i];
            int f = v->dropped || v->former != MERGE_NONE ? MERGE_NONE
                                                          : former_by_name(m, v, least);
            if (f != MERGE_NONE)
                take_former(m, (int)i, f);
        }
}

// ---- one village, two communes ----

static int by_name(const void *x, const void *y, void *merge)
{
    const struct merge *m = merge;
    const unsigned *a = x, *b = y;
    int names = strcmp(m->villages[*a].tones, m->villages[*b].tones);
    return names != 0 ? names : *a < *b ? -1 : 1;
}

// "Thôn 1" is in every commune; a name of its own with the same figure or candidates is not.
static bool one_village(const struct village *a, const struct village *b)
{
    const char *alone = merge_name_alone(a->bare);
    bool own_name = false;
    for (const char *at = alone; *at; at++)
        own_name |= *at >= 'a' && at[1] >= 'a';
    if (a->commune == b->commune || a->dropped || b->dropped || !own_name)
        return false;
    if (a->n_persons > 0 && b->n_persons > 0)
        return strcmp(a->persons[0].key, b->persons[0].key) == 0;
    return a->voters >= 0 && a->voters == b->voters;
}

static void judge_two_communes(struct merge *m, struct village *a, struct village *b)
{
    bool base_a = a->former != MERGE_NONE && m->formers[a->former].now;
    bool base_b = b->former != MERGE_NONE && m->formers[b->former].now;
    struct village *stays = base_b && !base_a ? b : a, *goes = stays == a ? b : a;
    bool known = base_a != base_b;
    merge_say(m, &goes->at, known ? SAYS_TWO_COMMUNES_BASE : SAYS_TWO_COMMUNES, goes->name,
              m->communes[stays->commune].name, NULL);
    goes->dropped = known;
}

static void judge_communes(struct merge *m)
{
    unsigned *order = malloc((m->n_villages + 1) * sizeof order[0]);
    assert(order);
    for (unsigned i = 0; i < m->n_villages; i++)
        order[i] = i;
    qsort_r(order, m->n_villages, sizeof order[0], by_name, m);
    for (unsigned i = 0; i < m->n_villages; i++)
        for (unsigned k = i + 1; k < m->n_villages; k++) {
            struct village *a = &m->villages[order[i]], *b = &m->villages[order[k]];
            if (strcmp(a->tones, b->tones) != 0)
                break;
            if (one_village(a, b))
                judge_two_communes(m, a, b);
        }
    free(order);
}

// ---- codes, and what is missing ----

static void give_code(struct merge *m, struct village *v)
{
    struct commune *c = &m->communes[v->commune];
    if (v->former != MERGE_NONE) {
        v->code = m->formers[v->former].code;
        return;
    }
    v->code = merge_print(m, "%s-%02u", c->code, ++c->top);
    if (c->first_former != MERGE_NONE)
        merge_say(m, &v->at, SAYS_NEW, v->name, v->code, NULL);
}

// A number on the ballot that meant somebody else in the plan before.
static void judge_numbers(struct merge *m, const struct village *v)
{
    bool was = m->was_contests.n_rows > 1;
    const struct grid *contests = was ? &m->was_contests : &m->contests;
    const struct grid *people = was ? &m->was_candidates : &m->candidates;
    unsigned row = merge_head_contest(contests, v->code);
    const char *contest = grid_cell(contests, row, grid_column(contests, "code"));
    int of = grid_column(people, "contest"), number = grid_column(people, "number"),
        name = grid_column(people, "name");
    for (unsigned i = 1; row > 0 && i < people->n_rows; i++) {
        if (strcmp(grid_cell(people, i, of), contest) != 0)
            continue;
        for (unsigned k = 0; k < v->n_persons; k++) {
            const char *before = grid_cell(people, i, name);
            if (strtoul(grid_cell(people, i, number), NULL, 10) == v->persons[k].number &&
                strcmp(merge_key(m, before, true), v->persons[k].key) != 0)
                merge_say(m, &v->at, SAYS_NUMBER_OTHER, v->name, grid_cell(people, i, number),
                          before);
        }
    }
}

static void judge_commune_files(struct merge *m)
{
    for (unsigned i = 0; i < m->n_communes; i++) {
        const struct commune *c = &m->communes[i];
        struct merge_at at = {.commune = (int)i};
        unsigned n_kept = 0;
        for (int k = c->first_former; k != MERGE_NONE; k = m->formers[k].next) {
            const struct former *f = &m->formers[k];
            n_kept += f->now && f->row != UINT32_MAX;
            if (c->n_files > 0 && f->now && f->village == MERGE_NONE)
                merge_say(m, &at, SAYS_GONE, f->name, f->code, NULL);
        }
        if (c->n_files == 0)
            merge_say(m, &at, n_kept > 0 ? SAYS_NO_FILE_KEPT : SAYS_NO_FILE,
                      merge_print(m, "%u", n_kept), NULL, NULL);
    }
}

void merge_end(struct merge *m)
{
    if (m->unusable)
        return;
    for (unsigned i = 0; i < m->n_communes; i++)
        judge_commune(m, &m->communes[i]);
    merge_attach_persons(m);
    find_formers(m);
    judge_communes(m);
    for (unsigned i = 0; i < m->n_villages; i++) {
        struct village *v = &m->villages[i];
        if (v->dropped)
            continue;
        give_code(m, v);
        if (v->n_persons == 0)
            merge_say(m, &v->at, SAYS_NO_CANDIDATE, v->name, NULL, NULL);
        judge_numbers(m, v);
    }
    judge_commune_files(m);
}

// traps.c - what must be asked before a turnout figure is taken: the slips of a telephone call.
#include "traps.h"
#include "common/base/figure.h"
#include "common/base/vntext.h"
#include "view.h"
#include "words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 400, SURE_MAX = 120 };

static const char *const names[] = {
    [TRAP_SAME] = "same",    [TRAP_PERCENT] = "percent", [TRAP_MORE] = "more",
    [TRAP_ABOVE] = "above",  [TRAP_LOWER] = "lower",     [TRAP_NEIGHBOUR] = "neighbour",
    [TRAP_STANDS] = "stands"};

static bool in_list(struct bytes list, struct bytes word)
{
    for (size_t i = 0; i < list.n;) {
        size_t end = i;
        while (end < list.n && list.at[end] != ',')
            end++;
        if (bytes_same(bytes_of(list.at + i, end - i), word))
            return true;
        i = end + 1;
    }
    return false;
}

static bool sure_of(const struct trap_asked *a, enum trap_kind kind)
{
    return in_list(a->sure, bytes_text(names[kind]));
}

static const struct turnout_cell *turnout_at(const struct fold *f, uint32_t ballot, unsigned cutoff)
{
    return &f->turnouts[(size_t)ballot * f->plan->n_cutoffs + cutoff - 1];
}

bool traps_last(const struct fold *f, uint32_t ballot, unsigned cutoff, uint64_t *ret_voted,
                unsigned *ret_cutoff)
{
    for (unsigned i = cutoff; i-- > 1;) {
        const struct turnout_cell *t = turnout_at(f, ballot, i);
        if (t->fact.state != FACT_VALUE)
            continue;
        *ret_voted = t->voted;
        *ret_cutoff = i;
        return true;
    }
    return false;
}

// "+40", "thêm 40": the figure behind it; an empty text where it is no increment.
static struct bytes behind_more(struct bytes text)
{
    char *key = vn_key(text, VN_BARE);
    size_t skip = 0;
    while (skip < text.n && (text.at[skip] == ' ' || text.at[skip] == '+'))
        skip++;
    bool more = strncmp(key, "them ", 5) == 0;
    bool plus = skip > 0 && memchr(text.at, '+', skip);
    free(key);
    for (; more && skip < text.n && (text.at[skip] < '0' || text.at[skip] > '9'); skip++)
        ;
    return more || plus ? bytes_of(text.at + skip, text.n - skip) : bytes_of(NULL, 0);
}

// What cannot be a total as it stands: a part of a hundred, or an increment. False: it is neither.
static bool no_total(const struct fold *f, const struct trap_asked *a, struct trap *t)
{
    uint64_t voters = f->cells[a->ballot].voters, figure;
    struct bytes more = behind_more(a->text);
    bool last = traps_last(f, a->ballot, a->cutoff, &t->other, &t->cutoff);
    if (memchr(a->text.n ? a->text.at : (const uint8_t *)"", '%', a->text.n) &&
        figure_read_percent(a->text, true, &figure) == FIGURE_GOOD) {
        bool known = voters != VOTERS_UNKNOWN;
        *t = (struct trap){TRAP_PERCENT, figure, voters, UINT64_MAX, 0, PLAN_NONE, ENTRY_NONE};
        t->sum = known ? (voters * figure + 5000) / 10000 : UINT64_MAX;
        return true;
    }
    if (more.n == 0 || figure_read(more, &figure) != FIGURE_GOOD)
        return false;
    t->kind = TRAP_MORE;
    t->typed = figure;
    t->sum = last ? t->other + figure : UINT64_MAX;
    return true;
}

// Whether the slot holds just this figure, or another one; ENTRY_NONE: nothing that was seen.
static void what_stands(const struct fold *f, const struct trap_asked *a, struct trap *t)
{
    uint32_t slot = fold_slot_of(f, KIND_TURNOUT, a->cutoff, a->ballot);
    bool same = true;
    char hex[17];
    for (uint32_t e = slot == ENTRY_NONE ? ENTRY_NONE : f->slots[slot].first_entry; e != ENTRY_NONE;
         e = f->entries[e].next_of_slot) {
        struct record r;
        const char *why;
        snprintf(hex, sizeof hex, "%016llx", (unsigned long long)f->names[f->entries[e].name].act);
        if (fold_replaced(f, e) || !in_list(a->seen, bytes_text(hex)) ||
            record_decode(&r, fold_bytes(f, e), &why) < 0)
            continue;
        same = same && r.number[TURNOUT_VOTED] == t->typed;
        t->other = r.number[TURNOUT_VOTED];
        t->entry = e;
    }
    if (t->entry != ENTRY_NONE)
        t->kind = same ? TRAP_SAME : TRAP_STANDS;
}

// The villages before and behind it on the list have just this figure, at this cut-off or before.
static bool of_a_neighbour(const struct fold *f, const struct trap_asked *a, struct trap *t)
{
    const struct plan *p = f->plan;
    unsigned kind = p->contests[p->ballots[a->ballot].contest].kind;
    uint32_t unit = p->ballots[a->ballot].unit, parent = p->units[unit].parent;
    for (int step = -1; step <= 1; step += 2) {
        for (uint32_t b = a->ballot + (uint32_t)step; b < p->n_ballots; b += (uint32_t)step) {
            uint32_t other = p->ballots[b].unit;
            if (other == unit || p->contests[p->ballots[b].contest].kind != kind)
                continue;
            uint64_t voted;
            if (p->units[other].parent == parent &&
                traps_last(f, b, a->cutoff + 1, &voted, &t->cutoff) && voted == t->typed) {
                t->place = other;
                t->other = voted;
                return true;
            }
            break;
        }
    }
    return false;
}

void traps_find(const struct fold *f, const struct trap_asked *a, struct trap *ret)
{
    struct trap t = {.sum = UINT64_MAX, .place = PLAN_NONE, .entry = ENTRY_NONE};
    uint64_t voters = f->cells[a->ballot].voters, last = 0;
    unsigned of = 0;
    *ret = t;
    if (no_total(f, a, &t)) {
        *ret = t;
        return;
    }
    if (figure_read(a->text, &t.typed) != FIGURE_GOOD)
        return; // intake says why
    what_stands(f, a, &t);
    struct trap stands = t;
    bool known = traps_last(f, a->ballot, a->cutoff, &last, &of);
    t = (struct trap){TRAP_NONE, t.typed, 0, UINT64_MAX, 0, PLAN_NONE, ENTRY_NONE};
    if (stands.kind == TRAP_SAME) {
        t = stands;
    } else if (voters != VOTERS_UNKNOWN && t.typed > voters && !sure_of(a, TRAP_ABOVE)) {
        t.kind = TRAP_ABOVE;
        t.other = voters;
    } else if (known && t.typed < last && !sure_of(a, TRAP_LOWER)) {
        t.kind = TRAP_LOWER;
        t.other = last;
        t.cutoff = of;
        if (voters == VOTERS_UNKNOWN || last + t.typed <= voters)
            t.sum = last + t.typed;
    } else if (t.typed > 0 && t.typed != voters && !(known && t.typed == last) &&
               !sure_of(a, TRAP_NEIGHBOUR) && of_a_neighbour(f, a, &t)) {
        t.kind = TRAP_NEIGHBOUR;
    } else if (stands.kind == TRAP_STANDS && !sure_of(a, TRAP_STANDS)) {
        t = stands;
    }
    *ret = t;
}

// ---- in words

struct said {
    char typed[FIGURE_TEXT], other[FIGURE_TEXT], sum[FIGURE_TEXT];
    char cutoff[200], place[400];
    struct text_place places[5];
};

static void text_of_bytes(char *to, size_t cap, struct bytes b)
{
    snprintf(to, cap, "%.*s", (int)b.n, b.n ? (const char *)b.at : "");
}

static void say(const struct plan *p, const struct trap *t, struct said *s)
{
    *s = (struct said){0};
    figure_write(t->typed, s->typed);
    figure_write(t->other, s->other);
    figure_write(t->sum, s->sum);
    if (t->kind == TRAP_PERCENT)
        snprintf(s->typed, sizeof s->typed, t->typed % 100 ? "%llu,%02llu" : "%llu",
                 (unsigned long long)t->typed / 100, (unsigned long long)t->typed % 100);
    if (t->cutoff > 0)
        text_of_bytes(s->cutoff, sizeof s->cutoff, p->cutoffs[t->cutoff - 1].name);
    if (t->place != PLAN_NONE)
        text_of_bytes(s->place, sizeof s->place, p->units[t->place].name);
    s->places[0] = (struct text_place){"typed", s->typed};
    s->places[1] = (struct text_place){"other", s->other};
    s->places[2] = (struct text_place){"sum", s->sum};
    s->places[3] = (struct text_place){"cutoff", s->cutoff};
    s->places[4] = (struct text_place){"place", s->place};
}

static void add_words(json_t *j, const struct said *s, const char *key)
{
    static const char *const fields[] = {[LANGUAGE_VI] = "words", [LANGUAGE_EN] = "words_en"};
    char words[WORDS_MAX];
    for (unsigned lang = 0; lang < LANGUAGES; lang++) {
        text_fill(words, sizeof words, text_of(key, (enum language)lang), s->places, 5);
        json_object_set_new(j, fields[lang], json_string(words));
    }
}

// An answer: its words, and the fields that the line then has beside or instead of its own.
static json_t *choice(const struct trap_asked *a, const struct trap *t, const struct said *s,
                      const char *key)
{
    char sure[SURE_MAX];
    json_t *j = json_object(), *fields = json_object();
    add_words(j, s, key);
    snprintf(sure, sizeof sure, "%.*s%s%s", (int)a->sure.n,
             a->sure.n ? (const char *)a->sure.at : "", a->sure.n ? "," : "", names[t->kind]);
    json_object_set_new(fields, "sure", json_string(sure));
    json_object_set_new(j, "fields", fields);
    return j;
}

static void set_field(json_t *c, const char *name, const char *value)
{
    json_object_set_new(json_object_get(c, "fields"), name, json_string(value));
}

static json_t *sum_choice(const struct trap_asked *a, const struct trap *t, const struct said *s)
{
    char sum[24];
    json_t *c = choice(a, t, s, "ask_sum");
    snprintf(sum, sizeof sum, "%llu", (unsigned long long)t->sum);
    set_field(c, "voted", sum);
    return c;
}

static json_t *replace_choice(const struct trap_asked *a, const struct trap *t,
                              const struct said *s, const char *key)
{
    char seen[REPLACES_MAX * 17 + 1];
    json_t *c = choice(a, t, s, key);
    snprintf(seen, sizeof seen, "%.*s", (int)a->seen.n, (const char *)a->seen.at);
    set_field(c, "replaces", seen);
    set_field(c, "why", text_of(key, LANGUAGE_VI));
    return c;
}

static const char *key_of(const struct trap *t)
{
    switch (t->kind) {
    case TRAP_PERCENT: return t->sum == UINT64_MAX ? "ask_percent_alone" : "ask_percent";
    case TRAP_MORE: return t->sum == UINT64_MAX ? "ask_more_alone" : "ask_more";
    case TRAP_ABOVE: return "ask_above";
    case TRAP_LOWER: return "ask_lower";
    case TRAP_NEIGHBOUR: return "ask_neighbour";
    case TRAP_STANDS: return "ask_stands";
    case TRAP_SAME: return "same_stands";
    case TRAP_NONE: break;
    }
    return "";
}

json_t *traps_view(const struct plan *p, const struct trap_asked *a, const struct trap *t)
{
    struct said s;
    json_t *j = json_pack("{s:s}", "ask", names[t->kind]), *choices = json_array();
    say(p, t, &s);
    add_words(j, &s, key_of(t));
    if ((t->kind == TRAP_LOWER || t->kind == TRAP_MORE) && t->sum != UINT64_MAX)
        json_array_append_new(choices, sum_choice(a, t, &s));
    if (t->kind == TRAP_LOWER)
        json_array_append_new(choices, choice(a, t, &s, "ask_total"));
    if (t->kind == TRAP_ABOVE || t->kind == TRAP_NEIGHBOUR)
        json_array_append_new(choices, choice(a, t, &s, "ask_anyway"));
    if (t->kind == TRAP_STANDS) {
        json_array_append_new(choices, replace_choice(a, t, &s, "void_reason_3"));
        json_array_append_new(choices, replace_choice(a, t, &s, "void_reason_1"));
    }
    json_object_set_new(j, "choices", choices);
    return j;
}

static struct bytes field_of(const struct named *f, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (bytes_same(f[i].name, bytes_text(name)))
            return f[i].value;
    return bytes_of(NULL, 0);
}

// Where the line names no contest, the place must vote on one.
static uint32_t ballot_of(const struct plan *p, struct bytes place, struct bytes contest)
{
    uint32_t unit = plan_unit_of(p, place), k = plan_contest_of(p, contest);
    if (unit == PLAN_NONE || !p->units[unit].place)
        return PLAN_NONE;
    if (contest.n == 0)
        return p->units[unit].n_ballots == 1 ? p->units[unit].first_ballot : PLAN_NONE;
    return k == PLAN_NONE ? PLAN_NONE : plan_ballot_of(p, unit, k);
}

static bool said_already(const struct office *o, const struct code *about, struct bytes act)
{
    const struct fold *f = office_fold(o);
    uint64_t id;
    uint32_t home = plan_unit_of(f->plan, code_bytes(about ? about : &office_identity(o)->unit));
    return home != PLAN_NONE && parse_act(act, &id) == 0 && fold_find(f, home, id) != ENTRY_NONE;
}

json_t *traps_of_line(const struct office *o, const struct named *f, size_t n, struct trap_line *l)
{
    const struct fold *fold = office_fold(o);
    uint64_t cutoff;
    struct trap t;
    if (!fold || field_of(f, n, "ask").n == 0 ||
        !bytes_same(field_of(f, n, "kind"), bytes_text("turnout")) ||
        figure_read(field_of(f, n, "cutoff"), &cutoff) != FIGURE_GOOD || cutoff == 0 ||
        cutoff > fold->plan->n_cutoffs || said_already(o, l->about, field_of(f, n, "act")))
        return NULL;
    struct trap_asked a = {
        .cutoff = (unsigned)cutoff,
        .ballot = ballot_of(fold->plan, field_of(f, n, "place"), field_of(f, n, "contest")),
        .text = field_of(f, n, "voted"),
        .sure = field_of(f, n, "sure"),
        .seen = field_of(f, n, "seen")};
    if (a.ballot == PLAN_NONE || a.sure.n > SURE_MAX / 2 || a.seen.n > REPLACES_MAX * 17 ||
        !view_shown(fold->plan, fold->plan->contests[fold->plan->ballots[a.ballot].contest].kind,
                    l->restricted))
        return NULL;
    traps_find(fold, &a, &t);
    if (t.kind == TRAP_SAME)
        l->same = t.entry;
    return t.kind == TRAP_NONE || t.kind == TRAP_SAME ? NULL : traps_view(fold->plan, &a, &t);
}

// history.c - every version of every figure: found, put in order, and said as JSON.
#include "history.h"
#include "words.h"
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MAX = 64 }; // updates of one statement that are walked back

struct version {
    uint32_t unit, ballot, kind, which; // the order of figures
    uint64_t figure;                    // the same of all versions of one
    int64_t entered;
    uint32_t entry;
    unsigned marks;
    bool matches;
};
struct history {
    struct version *at;
    uint32_t n, cap;
};

// What an auditor asks about: not how hubs add up, and not the parts of plans.
static bool is_said(unsigned kind)
{
    return kind != KIND_SUMMARY && kind != KIND_OVERRULE && kind != KIND_PLAN_PART;
}

// The statement that this one updates in the end: of an incident its first word.
static uint32_t root_of(const struct fold *f, uint32_t entry)
{
    struct record r;
    const char *why;
    for (unsigned i = 0; i < CHAIN_MAX; i++) {
        if (record_decode(&r, fold_bytes(f, entry), &why) < 0 || r.n_replaces == 0)
            break;
        uint32_t before = fold_find(f, f->logs[f->entries[entry].log].home, r.replaces[0]);
        if (before == ENTRY_NONE || f->entries[before].kind != f->entries[entry].kind)
            break;
        entry = before;
    }
    return entry;
}

static bool matches(const struct history_asked *x, const struct record *r, unsigned marks)
{
    return (x->kind == 0 || x->kind == r->kind) && (x->only == 0 || (x->only & marks) != 0) &&
           (x->person.n == 0 || bytes_same(x->person, r->by) || bytes_same(x->person, r->behalf)) &&
           (x->contest.n == 0 || bytes_same(x->contest, r->contest));
}

static void add(struct history *h, struct version v)
{
    if (h->n == h->cap) {
        h->cap = h->cap ? 2 * h->cap : 256;
        h->at = realloc(h->at, h->cap * sizeof *h->at);
        if (!h->at)
            abort();
    }
    h->at[h->n++] = v;
}

static int order(const int64_t keys[][2], unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static int by_figure(const void *a, const void *b)
{
    const struct version *x = a, *y = b;
    const int64_t keys[][2] = {{x->unit, y->unit},
                               {x->ballot, y->ballot},
                               {x->kind, y->kind},
                               {x->which, y->which},
                               {(int64_t)x->figure, (int64_t)y->figure},
                               {x->entered, y->entered},
                               {x->entry, y->entry}};
    return order(keys, sizeof keys / sizeof keys[0]);
}

static void find(struct history *h, const struct office *o, const struct arrivals *a,
                 const struct history_asked *x)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    *h = (struct history){0};
    for (uint32_t i = 0; i < f->n_entries; i++) {
        const struct fold_entry *e = &f->entries[i];
        if (!is_said(e->kind) || e->unit == PLAN_NONE || f->logs[e->log].home == PLAN_NONE ||
            !plan_below(f->plan, e->unit, x->unit) || !view_statement_shown(f, i, x->restricted) ||
            record_decode(&r, fold_bytes(f, i), &why) < 0)
            continue;
        struct version v = {.unit = e->unit,
                            .ballot = e->ballot,
                            .kind = e->kind,
                            .which = fold_which(&r),
                            .figure = e->slot != ENTRY_NONE ? e->slot
                                                            : (uint64_t)f->n_slots + root_of(f, i),
                            .entered = r.entered,
                            .entry = i,
                            .marks = history_marks(o, a, i)};
        v.matches = matches(x, &r, v.marks);
        add(h, v);
    }
    if (h->n > 1)
        qsort(h->at, h->n, sizeof *h->at, by_figure);
}

// ---- as JSON

static json_t *view_marks(unsigned marks)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < HISTORY_MARKS; i++)
        if (marks >> i & 1)
            json_array_append_new(list, json_string(history_mark_name(i)));
    return list;
}

static json_t *view_verdicts(const struct fold *f, uint32_t entry)
{
    struct record r;
    const char *why;
    json_t *list = json_array();
    for (uint32_t i = f->names[f->entries[entry].name].first_ref; i != ENTRY_NONE;
         i = f->refs[i].next_of_name) {
        uint32_t from = f->refs[i].from;
        if (!f->refs[i].verdict || record_decode(&r, fold_bytes(f, from), &why) < 0 ||
            r.kind != KIND_VERDICT || json_array_size(list) >= HISTORY_VERSIONS)
            continue;
        json_array_append_new(
            list, json_pack("{s:s,s:o,s:I,s:I,s:o,s:o,s:o,s:b}", "word",
                            verdict_name((unsigned)r.number[VERDICT_WORD]), "by", view_bytes(r.by),
                            "at", (json_int_t)r.at, "entered", (json_int_t)r.entered, "why",
                            view_bytes(r.why), "waives",
                            view_reasons((uint32_t)r.number[VERDICT_WAIVES]), "act", view_id(r.act),
                            "in_force", f->entries[from].in_force && !fold_replaced(f, from)));
    }
    return list;
}

// What replaced it, if something in force did.
static json_t *view_successor(const struct fold *f, uint32_t entry)
{
    struct record r;
    const char *why;
    for (uint32_t i = f->names[f->entries[entry].name].first_ref; i != ENTRY_NONE;
         i = f->refs[i].next_of_name) {
        uint32_t from = f->refs[i].from;
        if (!f->refs[i].verdict && f->entries[from].in_force &&
            record_decode(&r, fold_bytes(f, from), &why) == 0)
            return json_pack("{s:s,s:o,s:o,s:o,s:I}", "kind", record_spec(r.kind)->name, "act",
                             view_id(r.act), "by", view_bytes(r.by), "why", view_bytes(r.why),
                             "entered", (json_int_t)r.entered);
    }
    return json_null();
}

// h(n) of each log that it stands in, into the record's copies, which are in the same order.
static void add_hashes(const struct office *o, uint32_t entry, json_t *j)
{
    const struct fold *f = office_fold(o);
    uint8_t hash[HASH_SIZE];
    size_t at = 0;
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next) {
        json_t *copy = json_array_get(json_object_get(j, "copies"), at++);
        if (copy && history_hash(o, f->occurrences[i].log, f->occurrences[i].n, hash))
            json_object_set_new(copy, "hash", view_hex(bytes_of(hash, HASH_SIZE)));
    }
}

static json_t *view_version(const struct office *o, const struct version *v, bool votes)
{
    const struct fold *f = office_fold(o);
    json_t *j = view_record(o, v->entry, votes);
    if (!j)
        return NULL;
    add_hashes(o, v->entry, j);
    json_object_set_new(j, "marks", view_marks(v->marks));
    json_object_set_new(j, "verdicts", view_verdicts(f, v->entry));
    json_object_set_new(j, "replaced_by", view_successor(f, v->entry));
    return j;
}

static json_t *view_figure(const struct office *o, const struct version *v, uint32_t n, bool votes)
{
    const struct plan *p = office_plan(o);
    const struct plan_unit *u = &p->units[v->unit];
    const struct plan_contest *k =
        v->ballot == PLAN_NONE ? NULL : &p->contests[p->ballots[v->ballot].contest];
    json_t *versions = json_array();
    unsigned marks = 0;
    for (uint32_t i = 0; i < n; i++) {
        json_t *j = i < HISTORY_VERSIONS ? view_version(o, &v[i], votes) : NULL;
        if (j)
            json_array_append_new(versions, j);
        marks |= v[i].marks;
    }
    json_t *j =
        json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:i,s:o,s:o,s:i}", "place", view_bytes(u->code), "name",
                  view_bytes(u->name), "within",
                  view_bytes(u->parent == PLAN_NONE ? bytes_text("") : p->units[u->parent].name),
                  "contest", view_bytes(k ? k->code : bytes_text("")), "contest_name",
                  view_bytes(k ? k->name : bytes_text("")), "kind", record_spec(v->kind)->name,
                  "which", (int)v->which, "marks", view_marks(marks), "versions", versions, "more",
                  n > HISTORY_VERSIONS ? (int)(n - HISTORY_VERSIONS) : 0);
    return j;
}

// Versions of the figure that begins at `first`; whether one of them matches.
static uint32_t figure_at(const struct history *h, uint32_t first, bool *ret_matches)
{
    uint32_t n = 0;
    *ret_matches = false;
    while (first + n < h->n && h->at[first + n].figure == h->at[first].figure) {
        *ret_matches = *ret_matches || h->at[first + n].matches;
        n++;
    }
    return n;
}

json_t *history_view(const struct office *o, const struct history_asked *x)
{
    struct history h;
    struct arrivals *a;
    json_t *figures = json_array();
    uint32_t found = 0, versions = 0;
    if (arrivals_open(&a, o) < 0) {
        json_decref(figures);
        return NULL;
    }
    find(&h, o, a, x);
    for (uint32_t i = 0, n; i < h.n; i += n) {
        bool match;
        n = figure_at(&h, i, &match);
        if (!match)
            continue;
        versions += n;
        if (found / HISTORY_FIGURES == x->page)
            json_array_append_new(figures, view_figure(o, &h.at[i], n, x->votes));
        found++;
    }
    free(h.at);
    arrivals_close(&a);
    return json_pack("{s:o,s:I,s:I,s:i,s:i,s:o,s:o}", "figures", figures, "n", (json_int_t)found,
                     "versions", (json_int_t)versions, "page", (int)x->page, "pages",
                     (int)((found + HISTORY_FIGURES - 1) / HISTORY_FIGURES), "machines",
                     history_machines(o, x->unit), "forks", history_forks(o, x->unit));
}

// With a header; each that matches is a row, its figure's other versions are not.
char *history_csv(const struct office *o, const struct history_asked *x, size_t *ret_n,
                  uint32_t *ret_more)
{
    struct history h;
    struct arrivals *a;
    char *text = NULL;
    uint32_t rows = 0;
    *ret_more = 0;
    if (arrivals_open(&a, o) < 0)
        return NULL;
    FILE *to = open_memstream(&text, ret_n);
    if (!to)
        abort();
    find(&h, o, a, x);
    history_csv_head(to);
    for (uint32_t i = 0; i < h.n; i++) {
        if (!h.at[i].matches)
            continue;
        json_t *j = rows < HISTORY_ROWS ? view_version(o, &h.at[i], x->votes) : NULL;
        if (j)
            history_csv_row(to, j);
        *ret_more += rows >= HISTORY_ROWS;
        rows++;
        json_decref(j);
    }
    fclose(to);
    free(h.at);
    arrivals_close(&a);
    return text;
}

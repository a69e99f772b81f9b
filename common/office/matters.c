// matters.c - what somebody must look at: incidents, complaints, situations and instructions that stand.
#include "matters.h"
#include <stdlib.h>

enum { UPDATES_MAX = 16 }; // of one incident, looked back through
enum { INCIDENT_SEVERE = 3, SEVERE_SHOWN = 20 };
enum { INCIDENT_CLOSED = 3, COMPLAINT_SETTLED = 3, SITUATION_NOT_SAID = 4 };

struct matter {
    uint32_t entry;
    unsigned weight; // 0: nothing is to be done any more
    int64_t at;
};
struct matters {
    struct matter *at;
    uint32_t n, cap;
};

bool matters_kind(unsigned kind)
{
    return kind == KIND_INCIDENT || kind == KIND_COMPLAINT || kind == KIND_SITUATION ||
           kind == KIND_INSTRUCTION;
}

// The worst of what is said of order, weather, roads and lines: 0 where all is normal.
static unsigned weight_of_situation(const struct record *r)
{
    uint64_t worst = 1;
    for (unsigned i = SITUATION_ORDER; i <= SITUATION_LINES; i++)
        if (r->number[i] > worst && r->number[i] != SITUATION_NOT_SAID)
            worst = r->number[i];
    return (unsigned)worst - 1;
}

static unsigned weight_of(const struct record *r)
{
    switch (r->kind) {
    case KIND_INCIDENT:
        return r->number[INCIDENT_STATE] == INCIDENT_CLOSED
                   ? 0
                   : (unsigned)r->number[INCIDENT_SEVERITY];
    case KIND_COMPLAINT: return r->number[COMPLAINT_STATE] == COMPLAINT_SETTLED ? 0 : 2;
    case KIND_SITUATION: return weight_of_situation(r);
    default: return 1;
    }
}

bool matters_open(const struct record *r)
{
    return weight_of(r) > 0;
}

static int by_weight(const void *a, const void *b)
{
    const struct matter *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return x->entry < y->entry ? 1 : x->entry > y->entry ? -1 : 0;
}

static bool stands(const struct fold *f, uint32_t entry, unsigned kind)
{
    const struct fold_entry *e = &f->entries[entry];
    return e->kind == kind && e->in_force && !fold_replaced(f, entry);
}

static void collect(struct matters *m, const struct fold *f, uint32_t unit, unsigned kind,
                    bool local)
{
    struct record r;
    const char *why;
    for (uint32_t i = 0; i < f->n_entries; i++) {
        const struct fold_entry *e = &f->entries[i];
        if (!matters_kind(e->kind) || (kind != 0 && kind != e->kind) || !stands(f, i, e->kind) ||
            !plan_below(f->plan, e->unit, unit) || !view_statement_shown(f, i, local) ||
            record_decode(&r, fold_bytes(f, i), &why) < 0)
            continue;
        if (m->n == m->cap) {
            m->cap = m->cap ? 2 * m->cap : 64;
            m->at = realloc(m->at, m->cap * sizeof *m->at);
            if (!m->at)
                abort();
        }
        m->at[m->n++] = (struct matter){i, weight_of(&r), r.at};
    }
    if (m->n > 1)
        qsort(m->at, m->n, sizeof *m->at, by_weight);
}

// The parent's newest verdict of a word about this very statement; with a reason only, where `reasoned`.
static uint32_t verdict_of(const struct fold *f, uint32_t entry, unsigned word, bool reasoned)
{
    struct record r;
    const char *why;
    uint32_t newest = ENTRY_NONE;
    int64_t entered = INT64_MIN;
    for (uint32_t i = f->names[f->entries[entry].name].first_ref; i != ENTRY_NONE;
         i = f->refs[i].next_of_name) {
        uint32_t from = f->refs[i].from;
        if (!f->refs[i].verdict || !stands(f, from, KIND_VERDICT) || !f->entries[from].by_parent ||
            record_decode(&r, fold_bytes(f, from), &why) < 0 || r.number[VERDICT_WORD] != word ||
            (reasoned && r.why.n == 0) || r.entered < entered)
            continue;
        newest = from;
        entered = r.entered;
    }
    return newest;
}

static json_t *view_verdict(const struct fold *f, uint32_t verdict, bool earlier)
{
    struct record r;
    const char *why;
    if (verdict == ENTRY_NONE || record_decode(&r, fold_bytes(f, verdict), &why) < 0)
        return json_null();
    return json_pack("{s:o,s:I,s:o,s:o,s:b}", "by", view_bytes(r.by), "at", (json_int_t)r.at, "why",
                     view_bytes(r.why), "act", view_id(r.act), "earlier", earlier);
}

// What a statement updates, or ENTRY_NONE.
static uint32_t updated_by(const struct fold *f, uint32_t entry)
{
    struct record r;
    const char *why;
    if (record_decode(&r, fold_bytes(f, entry), &why) < 0 || r.n_replaces == 0)
        return ENTRY_NONE;
    uint32_t before = fold_find(f, f->logs[f->entries[entry].log].home, r.replaces[0]);
    return before == ENTRY_NONE || f->entries[before].kind != f->entries[entry].kind ? ENTRY_NONE
                                                                                     : before;
}

// Of the statement or one that it updates: who saw the incident is not asked anew at each word about it.
// `earlier` says so. With a reason only: to whom it was given, which is what the reason names.
static json_t *acknowledged(const struct fold *f, uint32_t entry, bool reasoned)
{
    for (unsigned i = 0; entry != ENTRY_NONE && i <= UPDATES_MAX; i++) {
        uint32_t verdict = verdict_of(f, entry, VERDICT_ACKNOWLEDGED, reasoned);
        if (verdict != ENTRY_NONE)
            return view_verdict(f, verdict, i > 0);
        entry = updated_by(f, entry);
    }
    return json_null();
}

static const struct plan_category *category_of(const struct plan *p, const struct record *r)
{
    uint64_t c = r->kind == KIND_INCIDENT ? r->number[INCIDENT_CATEGORY] : 0;
    return c > 0 && c <= p->n_categories ? &p->categories[c - 1] : NULL;
}

static json_t *view_matter(const struct office *o, const struct matter *m)
{
    const struct fold *f = office_fold(o);
    const struct plan *p = f->plan;
    const struct fold_entry *e = &f->entries[m->entry];
    const struct plan_unit *u = &p->units[e->unit];
    struct record r;
    const char *why;
    json_t *j = view_statement(o, m->entry);
    if (!j || record_decode(&r, fold_bytes(f, m->entry), &why) < 0)
        return j;
    const struct plan_category *c = category_of(p, &r);
    json_object_set_new(j, "place", view_bytes(u->name));
    json_object_set_new(j, "unit", view_bytes(p->units[f->logs[e->log].home].code));
    json_object_set_new(
        j, "within",
        view_bytes(u->parent == PLAN_NONE ? bytes_text("") : p->units[u->parent].name));
    json_object_set_new(j, "open", json_boolean(m->weight > 0));
    json_object_set_new(j, "acknowledged", acknowledged(f, m->entry, false));
    json_object_set_new(j, "assigned", acknowledged(f, m->entry, true));
    // The parent holds it for settled; that it is over is the unit's own word, which is to come.
    json_object_set_new(j, "settled",
                        view_verdict(f, verdict_of(f, m->entry, VERDICT_VERIFIED, true), false));
    if (c) {
        json_object_set_new(j, "category", view_bytes(c->name));
        json_object_set_new(j, "category_en", view_bytes(c->english));
    }
    if (r.kind == KIND_INSTRUCTION)
        json_object_set_new(j, "receipts", json_array());
    return j;
}

// Who said that an instruction arrived, into the instructions that are shown.
static void add_receipts(const struct fold *f, const struct matters *m, json_t *list)
{
    struct record r;
    const char *why;
    for (uint32_t i = 0; i < f->n_entries; i++) {
        if (!stands(f, i, KIND_RECEIPT) || record_decode(&r, fold_bytes(f, i), &why) < 0)
            continue;
        uint32_t home = f->logs[f->entries[i].log].home;
        for (uint32_t k = 0; k < json_array_size(list); k++) {
            const struct fold_entry *e = &f->entries[m->at[k].entry];
            if (e->kind != KIND_INSTRUCTION || f->logs[e->log].home != home ||
                f->names[e->name].act != r.number[RECEIPT_OF])
                continue;
            json_array_append_new(json_object_get(json_array_get(list, k), "receipts"),
                                  json_pack("{s:o,s:I,s:o}", "by", view_bytes(r.by), "at",
                                            (json_int_t)r.at, "act", view_id(r.act)));
        }
    }
}

// The first of them, in the order in which they stand.
static json_t *list_of(const struct office *o, const struct matters *m, uint32_t most,
                       bool receipts)
{
    json_t *list = json_array();
    uint32_t shown = m->n < most ? m->n : most;
    for (uint32_t i = 0; i < shown; i++)
        json_array_append_new(list, view_matter(o, &m->at[i]));
    if (receipts)
        add_receipts(office_fold(o), m, list);
    return json_pack("{s:o,s:I,s:I}", "matters", list, "n", (json_int_t)m->n, "more",
                     (json_int_t)(m->n - shown));
}

json_t *matters_list(const struct office *o, uint32_t unit, unsigned kind, bool local)
{
    struct matters m = {0};
    collect(&m, office_fold(o), unit, kind, local);
    json_t *j = list_of(o, &m, MATTERS_SHOWN, kind == 0 || kind == KIND_INSTRUCTION);
    free(m.at);
    return j;
}

json_t *matters_severe(const struct office *o, uint32_t unit, bool local)
{
    struct matters m = {0};
    uint32_t n = 0;
    collect(&m, office_fold(o), unit, KIND_INCIDENT, local);
    while (n < m.n && m.at[n].weight >= INCIDENT_SEVERE)
        n++;
    m.n = n;
    json_t *j = list_of(o, &m, SEVERE_SHOWN, false);
    free(m.at);
    return j;
}

int64_t matters_came(const struct office *o, uint32_t entry)
{
    const struct fold *f = office_fold(o);
    const struct fold_occurrence *at = &f->occurrences[f->entries[entry].occurrences];
    struct stored_run run;
    struct record r;
    const char *why;
    if (store_run_at(office_store((struct office *)o), at->log, at->n, &run) == 0)
        return run.at;
    return record_decode(&r, fold_bytes(f, entry), &why) == 0 ? r.entered : 0;
}

// 0: it is over.
static unsigned severity_of(const struct fold *f, uint32_t entry)
{
    struct record r;
    const char *why;
    return record_decode(&r, fold_bytes(f, entry), &why) == 0 &&
                   r.number[INCIDENT_STATE] != INCIDENT_CLOSED
               ? (unsigned)r.number[INCIDENT_SEVERITY]
               : 0;
}

unsigned matters_unseen(const struct office *o, uint32_t unit, bool local,
                        struct matters_unseen *ret, unsigned max)
{
    const struct fold *f = office_fold(o);
    unsigned n = 0;
    for (uint32_t i = 0; i < f->n_entries && n < max; i++) {
        unsigned severity;
        if (!stands(f, i, KIND_INCIDENT) || !plan_below(f->plan, f->entries[i].unit, unit) ||
            (severity = severity_of(f, i)) == 0 || !view_statement_shown(f, i, local))
            continue;
        json_t *seen = acknowledged(f, i, false);
        if (json_is_null(seen))
            ret[n++] = (struct matters_unseen){i, f->logs[f->entries[i].log].home, severity,
                                               matters_came(o, i)};
        json_decref(seen);
    }
    return n;
}

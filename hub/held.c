// held.c - figures in no total, for whoever decides about them: every version side by side, and why it is held.
#include "common/election/ballot.h"
#include "common/office/view.h"
#include "duty.h"
#include <stdlib.h>

enum { HELD_SHOWN = 200, VERSIONS_SHOWN = 12 };

struct held {
    const struct hub *h;
    const struct office *o;
    const struct fold *f;
    const struct http_request *q;
    const struct duty_units *u;
    bool *seen; // by slot
    json_t *items;
    uint32_t n;
};

// Why a statement does not count, with what the rules found in it: formula and inputs.
static json_t *view_findings(const struct fold *f, const struct office *o, uint32_t entry,
                             uint32_t reasons)
{
    struct finding found[FINDINGS_MAX];
    struct findings all = {.at = found};
    struct record r;
    const char *why;
    const struct fold_entry *e = &f->entries[entry];
    if (e->ballot == PLAN_NONE || record_decode(&r, fold_bytes(f, entry), &why) < 0)
        return json_array();
    ballot_try(f, e->ballot, &r, e->by_parent, &all);
    unsigned n = 0;
    for (unsigned i = 0; i < all.n && i < FINDINGS_MAX; i++)
        if (all.at[i].reason & reasons)
            found[n++] = all.at[i];
    return says_findings(o, &r, found, n);
}

static json_t *view_version(const struct held *x, uint32_t entry)
{
    enum fact_state state;
    uint32_t reasons = fold_entry_reasons(x->f, entry, &state);
    json_t *j = view_statement(x->o, entry);
    const char *person = x->q->person;
    if (!j)
        return NULL;
    bool own = person && bytes_same(bytes_text(person),
                                    bytes_text(json_string_value(json_object_get(j, "by"))));
    // Of figures in conflict nothing is said to be held: what the rules find in each helps to choose.
    uint32_t shown = state == FACT_CONFLICT ? ~(uint32_t)REASONS_WARNING : reasons;
    json_object_set_new(j, "findings", view_findings(x->f, x->o, entry, shown));
    json_object_set_new(j, "above", json_boolean(x->f->entries[entry].by_parent));
    json_object_set_new(j, "own", json_boolean(own)); // whoever entered it does not release it
    // Rules that a release may waive; where there is none, only another figure helps.
    json_object_set_new(
        j, "waivable",
        view_reasons(reasons & ~(uint32_t)(REASONS_FINAL | REASONS_WARNING | REASON_RETURNED)));
    return j;
}

static json_t *versions_of(const struct held *x, uint32_t entry)
{
    json_t *list = json_array();
    uint32_t slot = x->f->entries[entry].slot;
    uint32_t e = slot == ENTRY_NONE ? entry : x->f->slots[slot].first_entry;
    for (unsigned i = 0; e != ENTRY_NONE && i < VERSIONS_SHOWN; i++) {
        json_t *j = view_version(x, e);
        if (j)
            json_array_append_new(list, j);
        e = slot == ENTRY_NONE ? ENTRY_NONE : x->f->entries[e].next_of_slot;
    }
    return list;
}

static void add_item(struct held *x, uint32_t entry, enum fact_state state)
{
    const struct plan *p = x->f->plan;
    const struct fold_entry *e = &x->f->entries[entry];
    const struct plan_unit *u = &p->units[e->unit];
    uint32_t home = x->f->logs[e->log].home, slot = e->slot;
    struct record r;
    const char *why;
    if (record_decode(&r, fold_bytes(x->f, entry), &why) < 0)
        return;
    const char *own = office_identity(x->o)->unit.at;
    bool mine = p->units[home].parent != PLAN_NONE &&
                bytes_same(p->units[p->units[home].parent].code, bytes_text(own));
    json_t *j = json_pack(
        "{s:o,s:o,s:o,s:o,s:s,s:s,s:o,s:b,s:o}", "unit", view_bytes(p->units[home].code), "within",
        view_bytes(p->units[home].name), "place", view_bytes(u->name), "subject",
        view_bytes(u->code), "kind", record_spec(e->kind)->name, "state", state_name(state),
        "contest",
        e->ballot == PLAN_NONE ? json_string("")
                               : view_bytes(p->contests[p->ballots[e->ballot].contest].name),
        "mine", mine, "versions", versions_of(x, entry));
    unsigned which = fold_which(&r);
    json_object_set_new(j, "cutoff",
                        e->kind == KIND_TURNOUT && which >= 1 && which <= p->n_cutoffs
                            ? view_bytes(p->cutoffs[which - 1].name)
                            : json_null());
    json_object_set_new(
        j, "voters",
        view_count(e->ballot == PLAN_NONE ? 0 : x->f->cells[e->ballot].voters,
                   e->ballot != PLAN_NONE && x->f->cells[e->ballot].voters != VOTERS_UNKNOWN));
    json_object_set_new(j, "key", view_id(slot == ENTRY_NONE ? r.act : x->f->slots[slot].key));
    json_array_append_new(x->items, j);
}

static void look(struct held *x, uint32_t entry)
{
    const struct fold *f = x->f;
    const struct fold_entry *e = &f->entries[entry];
    enum fact_state state;
    uint32_t slot = e->slot, home = f->logs[e->log].home;
    if (!e->in_force || e->kind == KIND_SUMMARY || home == PLAN_NONE || fold_replaced(f, entry) ||
        (slot != ENTRY_NONE && x->seen[slot]) || duty_under(f->plan, x->u, home) == PLAN_NONE)
        return;
    fold_entry_reasons(f, entry, &state);
    if ((state != FACT_QUARANTINED && state != FACT_CONFLICT) ||
        !view_statement_shown(f, entry, people_restricted(x->q)))
        return;
    if (slot != ENTRY_NONE)
        x->seen[slot] = true;
    x->n++;
    if (json_array_size(x->items) < HELD_SHOWN)
        add_item(x, entry, state);
}

void held_list(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct duty_units u;
    struct held x = {.h = ctx, .q = q, .u = &u};
    if (!duty_units(x.h, q, a, &u))
        return;
    x.o = daemon_office(x.h->common.daemon);
    x.f = office_fold(x.o);
    x.seen = calloc(x.f->n_slots + 1, sizeof *x.seen);
    x.items = json_array();
    if (!x.seen)
        abort();
    for (uint32_t e = 0; e < x.f->n_entries; e++)
        look(&x, e);
    free(x.seen);
    free(u.at);
    reply_json(a, json_pack("{s:I,s:o,s:s?}", "n", (json_int_t)x.n, "items", x.items, "person",
                            q->person));
}

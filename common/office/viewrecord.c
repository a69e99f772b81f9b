// viewrecord.c - a signed record as JSON: where it stands, who signed it, by what way and when it came.
#include "common/election/figures.h"
#include "view.h"
#include <stdlib.h>

static const char *const streams[] = {"", "reports", "about", "plan"};

// Tiers above this one that say by a signed mark that they have the log on disk that far.
static json_t *marks_of(const struct office *o, uint32_t log, uint64_t n)
{
    const struct identity *id = office_identity(o);
    const struct plan *p = office_plan(o);
    json_t *list = json_array();
    for (unsigned i = 0; i < id->n_signers; i++) {
        int64_t at;
        uint32_t unit = plan_unit_of(p, code_bytes(&id->signers[i].unit));
        if (office_marked(o, log, i, &at) < n)
            continue;
        json_t *j = unit == PLAN_NONE
                        ? json_pack("{s:o,s:s}", "code",
                                    view_bytes(code_bytes(&id->signers[i].unit)), "name", "")
                        : view_unit(p, unit);
        json_object_set_new(j, "at", json_integer((json_int_t)at));
        json_array_append_new(list, j);
    }
    return list;
}

static void add_run(const struct office *o, uint32_t log, uint64_t n, json_t *j)
{
    struct stored_run stored;
    struct run run;
    const char *why;
    if (store_run_at(office_store((struct office *)o), log, n, &stored) < 0 ||
        run_decode(&run, stored.body, &why) < 0)
        return;
    json_object_set_new(j, "stored", json_integer((json_int_t)stored.at));
    json_object_set_new(j, "run_first", json_integer((json_int_t)stored.first));
    json_object_set_new(j, "run_last", json_integer((json_int_t)stored.last));
    json_object_set_new(j, "signature", view_hex(run.signature));
}

// One log in which the statement stands. A hub's log about a unit is its word for it: a relay.
static json_t *copy_of(const struct office *o, const struct fold_occurrence *at)
{
    const struct fold *f = office_fold(o);
    const struct log_id *id = &office_logs(o)->at[at->log].id;
    uint32_t author = plan_unit_of(f->plan, code_bytes(&id->author));
    char key[SEAL_TEXT];
    seal_text(office_log_key(o, at->log), key);
    json_t *j =
        json_pack("{s:o,s:o,s:o,s:s,s:o,s:I,s:s,s:b,s:b,s:o}", "author",
                  view_bytes(code_bytes(&id->author)), "author_name",
                  view_bytes(author == PLAN_NONE ? bytes_text("") : f->plan->units[author].name),
                  "about", view_bytes(code_bytes(&id->about)), "stream", streams[id->stream],
                  "incarnation", view_id(id->incarnation), "n", (json_int_t)at->n, "key", key,
                  "own", code_same(&id->author, &office_identity(o)->unit), "admitted",
                  fold_admitted(f, at->log), "marks", marks_of(o, at->log, at->n));
    add_run(o, at->log, at->n, j);
    return j;
}

// From the unit that it is about up to this one: the way by which records come.
static json_t *way_of(const struct office *o, uint32_t unit)
{
    const struct plan *p = office_plan(o);
    struct bytes own = code_bytes(&office_identity(o)->unit);
    json_t *way = json_array();
    for (; unit != PLAN_NONE; unit = p->units[unit].parent) {
        json_array_append_new(way, view_unit(p, unit));
        if (bytes_same(p->units[unit].code, own))
            break;
    }
    return way;
}

static json_int_t first_stored(const json_t *copies)
{
    json_int_t first = 0;
    size_t i;
    const json_t *j;
    json_array_foreach(copies, i, j)
    {
        json_int_t at = json_integer_value(json_object_get(j, "stored"));
        first = at > 0 && (first == 0 || at < first) ? at : first;
    }
    return first;
}

static void name_subject(const struct plan *p, const struct record *r, json_t *j)
{
    uint32_t unit = plan_unit_of(p, r->subject), contest = plan_contest_of(p, r->contest);
    if (unit != PLAN_NONE) {
        uint32_t above = p->units[unit].parent;
        json_object_set_new(j, "place", view_unit(p, unit));
        json_object_set_new(j, "within", above == PLAN_NONE ? json_null() : view_unit(p, above));
    }
    if (contest != PLAN_NONE)
        json_object_set_new(j, "contest_name", view_bytes(p->contests[contest].name));
}

// The numbers of a tally for the candidates by name; nothing of them before rule 6 lets them be shown.
static void name_votes(const struct office *o, const struct record *r, bool votes, json_t *j)
{
    const struct plan *p = office_plan(o);
    uint32_t contest = plan_contest_of(p, r->contest);
    json_t *list;
    if (contest == PLAN_NONE || !(votes || view_votes_open(office_fold(o), contest))) {
        json_object_del(j, "list");
        json_object_set_new(j, "votes_open", json_false());
        return;
    }
    list = json_array();
    for (unsigned i = 0; i + 1 < r->n_list; i += 2) {
        uint32_t c = plan_candidate_of(p, contest, r->list[i] & UINT32_MAX);
        uint32_t at = p->contests[contest].first_candidate + c;
        json_array_append_new(
            list, json_pack("{s:I,s:I,s:o,s:I}", "column", (json_int_t)(r->list[i] >> 32), "number",
                            (json_int_t)(r->list[i] & UINT32_MAX), "name",
                            view_bytes(c == PLAN_NONE ? bytes_text("") : p->candidates[at].name),
                            "votes", (json_int_t)r->list[i + 1]));
    }
    json_object_set_new(j, "votes", list);
    json_object_set_new(j, "votes_open", json_true());
}

json_t *view_record(const struct office *o, uint32_t entry, bool votes)
{
    const struct fold *f = office_fold(o);
    const struct fold_entry *e = &f->entries[entry];
    struct record r;
    const char *why;
    json_t *j = view_statement(o, entry), *copies = json_array();
    if (!j || record_decode(&r, fold_bytes(f, entry), &why) < 0) {
        json_decref(copies);
        return j;
    }
    for (uint32_t i = e->occurrences; i != ENTRY_NONE; i = f->occurrences[i].next)
        json_array_append_new(copies, copy_of(o, &f->occurrences[i]));
    json_int_t stored = first_stored(copies);
    json_object_set_new(j, "stored", stored ? json_integer(stored) : json_null());
    json_object_set_new(j, "typed_after_ms", json_integer((json_int_t)(r.entered - r.at)));
    json_object_set_new(j, "came_after_ms",
                        stored ? json_integer(stored - (json_int_t)r.entered) : json_null());
    json_object_set_new(j, "relayed", json_boolean(e->by_parent));
    json_object_set_new(j, "plan", json_integer(r.plan));
    json_object_set_new(j, "bytes", json_integer((json_int_t)fold_bytes(f, entry).n));
    json_object_set_new(j, "home", view_unit(f->plan, f->logs[e->log].home));
    json_object_set_new(j, "way", way_of(o, f->logs[e->log].home));
    json_object_set_new(j, "copies", copies);
    name_subject(f->plan, &r, j);
    if (r.kind == KIND_STEP)
        json_object_set_new(j, "step", json_integer((json_int_t)r.number[STEP_WHAT]));
    if (r.kind == KIND_TALLY)
        name_votes(o, &r, votes, j);
    return j;
}

// ---- of a fact ----

static bool shown(const struct office *o, uint32_t entry, bool restricted)
{
    return office_fold(o)->logs[office_fold(o)->entries[entry].log].home != PLAN_NONE &&
           view_statement_shown(office_fold(o), entry, restricted);
}

// The one that is the value first, then those in force, then what was replaced or is held.
static unsigned rank_of(const struct fold *f, uint32_t slot, uint32_t entry)
{
    return f->slots[slot].chosen == entry                           ? 0
           : f->entries[entry].in_force && !fold_replaced(f, entry) ? 1
                                                                    : 2;
}

json_t *view_records(const struct office *o, const struct view_fact_asked *x)
{
    const struct fold *f = office_fold(o);
    json_t *list = json_array();
    json_int_t more = 0;
    uint32_t slot = fold_slot_of(f, x->kind, x->which, x->subject);
    for (unsigned rank = 0; rank < 3 && slot != ENTRY_NONE; rank++)
        for (uint32_t i = f->slots[slot].first_entry; i != ENTRY_NONE;
             i = f->entries[i].next_of_slot) {
            if (rank_of(f, slot, i) != rank || !shown(o, i, x->restricted))
                continue;
            json_t *j = json_array_size(list) < VIEW_RECORDS ? view_record(o, i, x->votes) : NULL;
            more += !j;
            if (!j)
                continue;
            json_object_set_new(j, "chosen", json_boolean(rank == 0));
            json_array_append_new(list, j);
        }
    return json_pack("{s:o,s:I}", "records", list, "more", more);
}

json_t *view_records_named(const struct office *o, uint32_t unit, uint64_t act,
                           const struct view_fact_asked *x)
{
    const struct fold *f = office_fold(o);
    json_t *list = json_array();
    uint32_t first = fold_find(f, unit, act);
    for (uint32_t i = first; i != ENTRY_NONE && json_array_size(list) < VIEW_RECORDS;
         i = f->entries[i].next_of_name) {
        json_t *j = shown(o, i, x->restricted) ? view_record(o, i, x->votes) : NULL;
        if (j)
            json_array_append_new(list, j);
    }
    return json_pack("{s:o,s:i}", "records", list, "more", 0);
}

// viewlog.c - statements and logs as JSON: what was said, where it stands, what became of it.
#include "intake.h"
#include "seal.h"
#include "view.h"
#include "words.h"
#include <string.h>

json_t *view_link_of(const struct office *o, struct bytes code)
{
    struct office_link_state link;
    bool known = office_child(o, code, &link) || office_word(o, code, &link);
    return known ? view_link(&link) : json_null();
}

static json_t *view_fields(const struct record *r)
{
    const struct record_spec *s = record_spec(r->kind);
    json_t *j = json_object();
    for (unsigned i = 0; s->fields[i].name; i++) {
        uint64_t v;
        if (s->fields[i].type == FIELD_TEXT)
            json_object_set_new(j, s->fields[i].name, view_bytes(r->blob[i]));
        else if (s->fields[i].type == FIELD_BIN)
            json_object_set_new(j, s->fields[i].name, view_hex(r->blob[i]));
        else if (record_number(r, i, &v))
            json_object_set_new(j, s->fields[i].name,
                                strcmp(s->fields[i].name, "of") == 0 ? view_id(v)
                                                                     : json_integer((json_int_t)v));
    }
    if (r->kind == KIND_STEP)
        json_object_set_new(j, "what", json_string(step_name((unsigned)r->number[STEP_WHAT])));
    if (r->kind == KIND_DECISION)
        json_object_set_new(j, "what",
                            json_string(decision_name((unsigned)r->number[DECISION_WHAT])));
    if (r->kind == KIND_VERDICT)
        json_object_set_new(j, "word",
                            json_string(verdict_name((unsigned)r->number[VERDICT_WORD])));
    return j;
}

// Salt and text attached to a statement, if they are here and are what the record speaks of: a view
// until the store is read again, empty else.
static struct bytes salted_of(const struct office *o, const struct fold_occurrence *at,
                              const struct record *r)
{
    struct stored_run run;
    struct cursor c;
    uint64_t n;
    struct bytes salted;
    uint8_t hash[HASH_SIZE];
    const uint8_t *want = record_commitment(r);
    if (!want || store_run_at(office_store((struct office *)o), at->log, at->n, &run) < 0)
        return bytes_of(NULL, 0);
    cursor_init(&c, run.texts);
    while (texts_next(&c, &n, &salted)) {
        if (n != at->n)
            continue;
        text_commit(salted.at, bytes_of(salted.at + SALT_SIZE, salted.n - SALT_SIZE), hash);
        return memcmp(hash, want, HASH_SIZE) == 0 ? salted : bytes_of(NULL, 0);
    }
    return bytes_of(NULL, 0);
}

struct bytes view_salted(const struct office *o, uint32_t entry)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    if (record_decode(&r, fold_bytes(f, entry), &why) < 0)
        return bytes_of(NULL, 0);
    return salted_of(o, &f->occurrences[f->entries[entry].occurrences], &r);
}

static bool any_restricted(const struct plan *p)
{
    for (unsigned k = 0; k < p->n_kinds; k++)
        if (p->restricted[k])
            return true;
    return false;
}

// What a statement says of a restricted contest, wherever it says it: the contest it names, though its
// place does not vote on it; where it names none that is known, it could be any.
static bool names_restricted(const struct plan *p, const struct fold_entry *e,
                             const struct record *r)
{
    uint32_t contest = plan_contest_of(p, r->contest);
    if (contest == PLAN_NONE && e->ballot != PLAN_NONE)
        contest = p->ballots[e->ballot].contest;
    if (contest != PLAN_NONE)
        return p->restricted[p->contests[contest].kind];
    return fold_of_a_ballot(r->kind) || r->contest.n > 0;
}

static bool is_hidden(const struct fold *f, uint32_t entry, unsigned depth)
{
    const struct fold_entry *e = &f->entries[entry];
    uint32_t home = f->logs[e->log].home, of;
    struct record r;
    const char *why;
    if (record_decode(&r, fold_bytes(f, entry), &why) < 0 || names_restricted(f->plan, e, &r))
        return true;
    // A verdict, or what takes something back, is about what it names.
    if (r.kind == KIND_VERDICT && depth > 0 &&
        (of = fold_find(f, home, r.number[VERDICT_OF])) != ENTRY_NONE &&
        is_hidden(f, of, depth - 1))
        return true;
    for (unsigned i = 0; i < r.n_replaces && depth > 0; i++)
        if ((of = fold_find(f, home, r.replaces[i])) != ENTRY_NONE && is_hidden(f, of, depth - 1))
            return true;
    return false;
}

bool view_statement_shown(const struct fold *f, uint32_t entry, bool local)
{
    return local || !any_restricted(f->plan) || !is_hidden(f, entry, 2);
}

// A tier has a statement when it has one of the logs that the statement stands in that far.
bool view_ticked(const struct office *o, uint32_t entry, unsigned signer)
{
    const struct fold *f = office_fold(o);
    int64_t when;
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next)
        if (office_marked(o, f->occurrences[i].log, signer, &when) >= f->occurrences[i].n)
            return true;
    return false;
}

json_t *view_ticks(const struct office *o, uint32_t entry)
{
    const struct identity *id = office_identity(o);
    json_t *list = json_array();
    for (unsigned i = 0; i < id->n_signers; i++)
        if (view_ticked(o, entry, i))
            json_array_append_new(list, view_bytes(code_bytes(&id->signers[i].unit)));
    return list;
}

static const char *standing(const struct fold *f, uint32_t entry, uint32_t *ret_reasons)
{
    enum fact_state state;
    *ret_reasons = fold_entry_reasons(f, entry, &state);
    if (!f->entries[entry].in_force)
        return "held";
    if (fold_replaced(f, entry))
        return "replaced";
    return state_name(state == FACT_MISSING ? FACT_VALUE : state);
}

json_t *view_statement(const struct office *o, uint32_t entry)
{
    const struct fold *f = office_fold(o);
    const struct fold_occurrence *at = &f->occurrences[f->entries[entry].occurrences];
    struct record r;
    const char *why;
    uint32_t reasons;
    if (record_decode(&r, fold_bytes(f, entry), &why) < 0)
        return NULL;
    json_t *list = json_array(), *replaces = json_array();
    for (unsigned i = 0; i < r.n_list; i++)
        json_array_append_new(list, r.kind == KIND_TALLY ? json_integer((json_int_t)r.list[i])
                                                         : view_id(r.list[i]));
    for (unsigned i = 0; i < r.n_replaces; i++)
        json_array_append_new(replaces, view_id(r.replaces[i]));
    const char *state = standing(f, entry, &reasons);
    const struct log_id *log = &office_logs(o)->at[at->log].id;
    json_t *j = json_pack("{s:I,s:s,s:o,s:o,s:s,s:o,s:o,s:o,s:I,s:I,s:o,s:s?,s:o,s:o,s:o}", "n",
                          (json_int_t)at->n, "kind", record_spec(r.kind)->name, "subject",
                          view_bytes(r.subject), "contest", view_bytes(r.contest), "state", state,
                          "reasons", view_reasons(reasons), "ticks", view_ticks(o, entry), "fields",
                          view_fields(&r), "at", (json_int_t)r.at, "entered", (json_int_t)r.entered,
                          "by", view_bytes(r.by), "how", how_name(r.how), "act", view_id(r.act),
                          "author", view_bytes(code_bytes(&log->author)), "log",
                          view_id(log->incarnation));
    json_object_set_new(j, "behalf", view_bytes(r.behalf));
    json_object_set_new(j, "why", view_bytes(r.why));
    json_object_set_new(j, "list", list);
    json_object_set_new(j, "replaces", replaces);
    unsigned seal = seal_before(f, entry);
    json_object_set_new(j, "after_seal", seal ? json_integer(seal) : json_null());
    struct bytes salted = salted_of(o, at, &r);
    if (salted.n >= SALT_SIZE)
        json_object_set_new(j, "text",
                            view_bytes(bytes_of(salted.at + SALT_SIZE, salted.n - SALT_SIZE)));
    const uint8_t *text = record_commitment(&r);
    json_object_set_new(j, "erased", json_boolean(text && office_erased(o, &log->about, text)));
    return j;
}

static json_t *held_up(const struct office *o, uint32_t entry, enum fact_state state,
                       uint32_t reasons)
{
    const struct fold *f = office_fold(o);
    const struct fold_occurrence *at = &f->occurrences[f->entries[entry].occurrences];
    struct record r;
    const char *why;
    if (record_decode(&r, fold_bytes(f, entry), &why) < 0)
        return NULL;
    json_t *j = json_pack(
        "{s:o,s:o,s:o,s:s,s:o,s:s,s:o,s:o,s:I,s:I,s:I}", "unit",
        view_bytes(f->plan->units[f->logs[at->log].home].code), "subject", view_bytes(r.subject),
        "contest", view_bytes(r.contest), "kind", record_spec(r.kind)->name, "act", view_id(r.act),
        "state", state_name(state), "reasons", view_reasons(reasons), "by", view_bytes(r.by), "at",
        (json_int_t)r.at, "entered", (json_int_t)r.entered, "n", (json_int_t)at->n);
    json_object_set_new(j, "log", view_id(office_logs(o)->at[at->log].id.incarnation));
    return j;
}

// A signed record that no reader here understands: shown with its log and number.
static json_t *unreadable(const struct office *o, const struct fold_position *at)
{
    const struct log_id *id = &office_logs(o)->at[at->log].id;
    return json_pack("{s:o,s:s,s:s,s:s,s:s,s:s,s:[s],s:s,s:n,s:n,s:I,s:o}", "unit",
                     view_bytes(code_bytes(&id->about)), "subject", "", "contest", "", "kind",
                     "unreadable", "act", "", "state", "quarantined", "reasons", "unreadable", "by",
                     "", "at", "entered", "n", (json_int_t)at->n, "log", view_id(id->incarnation));
}

json_t *view_quarantine(const struct office *o, bool local)
{
    const struct fold *f = office_fold(o);
    json_t *items = json_array();
    for (uint32_t e = 0; f && e < f->n_entries; e++) {
        enum fact_state state;
        uint32_t reasons = fold_entry_reasons(f, e, &state);
        if (!f->entries[e].in_force || f->entries[e].kind == KIND_SUMMARY || fold_replaced(f, e) ||
            (state != FACT_QUARANTINED && state != FACT_CONFLICT) ||
            !view_statement_shown(f, e, local))
            continue;
        json_t *j = held_up(o, e, state, reasons);
        if (j)
            json_array_append_new(items, j);
    }
    for (uint32_t i = 0; f && i < f->n_odd; i++)
        json_array_append_new(items, unreadable(o, &f->odd[i]));
    size_t n = json_array_size(items);
    return json_pack("{s:I,s:o}", "n", (json_int_t)n, "items", items);
}

json_t *view_reconcile(const struct office *o)
{
    static const char *const streams[] = {"", "reports", "about", "plan"};
    const struct log_table *t = office_logs(o);
    json_t *logs = json_array();
    for (uint32_t i = 0; i < t->n; i++) {
        const struct log_head *h = &t->at[i];
        const struct fold *f = office_fold(o);
        json_array_append_new(
            logs, json_pack("{s:o,s:o,s:s,s:o,s:I,s:o,s:b}", "author",
                            view_bytes(code_bytes(&h->id.author)), "about",
                            view_bytes(code_bytes(&h->id.about)), "stream", streams[h->id.stream],
                            "incarnation", view_id(h->id.incarnation), "n", (json_int_t)h->n,
                            "hash", view_hex(bytes_of(h->hash, HASH_SIZE)), "admitted",
                            f && i < f->n_logs && fold_admitted(f, i)));
    }
    return json_pack("{s:o}", "logs", logs);
}

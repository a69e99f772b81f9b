// formview.c - what a form of the page must know before anything is typed, and before it is recorded.
#include "formview.h"
#include "common/base/figure.h"
#include "common/election/outcome.h"
#include "words.h"
#include <stdio.h>

static json_t *view_stander(const struct office *o, uint32_t entry)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    json_t *j;
    if (f->entries[entry].by_parent) {
        j = view_statement(o, entry);
    } else {
        if (record_decode(&r, fold_bytes(f, entry), &why) < 0)
            return NULL;
        j = json_pack("{s:o,s:o,s:s?,s:o,s:I,s:I}", "act", view_id(r.act), "by", view_bytes(r.by),
                      "how", how_name(r.how), "behalf", view_bytes(r.behalf), "at",
                      (json_int_t)r.at, "entered", (json_int_t)r.entered);
    }
    if (!j)
        return NULL;
    json_object_set_new(j, "parent", json_boolean(f->entries[entry].by_parent));
    json_object_set_new(j, "ticks", view_ticks(o, entry));
    return j;
}

// As a form knows what it is about: "opened", "rerun"; else a number.
static void slot_name(unsigned kind, unsigned which, char to[48])
{
    const char *kind_name = record_spec(kind)->name;
    if (kind == KIND_STEP)
        snprintf(to, 48, "%s/%s", kind_name, step_name(which));
    else if (kind == KIND_DECISION)
        snprintf(to, 48, "%s/%s", kind_name, which == 1 ? "result" : decision_name(which));
    else
        snprintf(to, 48, "%s/%u", kind_name, which);
}

static void add_slot(const struct office *o, json_t *to, unsigned kind, unsigned which,
                     uint32_t subject)
{
    const struct fold *f = office_fold(o);
    uint32_t slot = fold_slot_of(f, kind, which, subject);
    json_t *list = slot == ENTRY_NONE ? NULL : json_array();
    char name[48];
    if (!list)
        return;
    for (uint32_t e = f->slots[slot].first_entry; e != ENTRY_NONE; e = f->entries[e].next_of_slot) {
        json_t *j = fold_replaced(f, e) ? NULL
                                        : view_stander(o, e); // held ones too: they were entered
        if (j)
            json_array_append_new(list, j);
    }
    slot_name(kind, which, name);
    if (json_array_size(list) > 0)
        json_object_set(to, name, list);
    json_decref(list);
}

static json_t *standing(const struct office *o, uint32_t ballot)
{
    json_t *j = json_object();
    for (unsigned i = 1; i <= STEP_LAST; i++)
        if (i != STEP_INTERRUPTED && i != STEP_RESUMED)
            add_slot(o, j, KIND_STEP, i, ballot);
    for (unsigned i = 1; i <= office_plan(o)->n_cutoffs; i++)
        add_slot(o, j, KIND_TURNOUT, i, ballot);
    add_slot(o, j, KIND_TALLY, 1, ballot);
    add_slot(o, j, KIND_MINUTES, 1, ballot);
    add_slot(o, j, KIND_DECISION, 1, ballot); // recognised, not recognised, on hold
    add_slot(o, j, KIND_DECISION, DECISION_RERUN, ballot);
    add_slot(o, j, KIND_DECISION, DECISION_INTERIM, ballot);
    return j;
}

// Only what changes a form's words and fields; what follows from the rules is computed here.
static json_t *rules_of(const struct plan_profile *r)
{
    static const char *const electorates[] = {"all_voters", "household_reps", "members"};
    static const char *const decides[] = {"node", "parent", "superior"};
    return json_pack("{s:s,s:s,s:o,s:i,s:i,s:i,s:i,s:b}", "electorate", electorates[r->electorate],
                     "decides", decides[r->decides], "form", view_bytes(r->form), "copies",
                     (int)r->copies, "report_days", (int)r->report_days, "recognise_days",
                     (int)r->recognise_days, "rerun_days", (int)r->rerun_days, "blank_valid",
                     (int)r->blank_valid);
}

json_t *formview_ballot(const struct office *o, uint32_t ballot)
{
    const struct plan *p = office_plan(o);
    const struct plan_contest *k = &p->contests[p->ballots[ballot].contest];
    json_t *j = view_ballot(office_fold(o), ballot);
    json_object_set_new(j, "rules", rules_of(&p->profiles[k->profile]));
    json_object_set_new(j, "standing", standing(o, ballot));
    return j;
}

json_t *formview_unit(const struct office *o, uint32_t unit)
{
    json_t *j = json_object();
    for (unsigned i = 1; i <= office_plan(o)->n_cutoffs; i++)
        add_slot(o, j, KIND_SITUATION, i, unit);
    add_slot(o, j, KIND_READY, 1, unit);
    return j;
}

static uint64_t stated(const struct record *r, enum tally_number n)
{
    uint64_t v;
    return record_number(r, TALLY_ELIGIBLE + n, &v) ? v : UINT64_MAX;
}

// Voters are those of the list where it is known, as when the count is judged.
static uint64_t base_of(const struct record *r, unsigned base, uint32_t voters)
{
    uint64_t n = stated(r, N_SUMMONED);
    switch (base) {
    case BASE_ATTENDED: return stated(r, N_ATTENDED);
    case BASE_RETURNED: return stated(r, N_RETURNED);
    case BASE_VALID: return stated(r, N_VALID);
    case BASE_SUMMONED:
        for (unsigned i = N_ELSEWHERE; i <= N_ABSENT && n != UINT64_MAX; i++)
            if (stated(r, i) != UINT64_MAX)
                n = stated(r, i) > n ? UINT64_MAX : n - stated(r, i);
        return n;
    default: return voters == VOTERS_UNKNOWN ? stated(r, N_ELIGIBLE) : voters;
    }
}

json_t *formview_need(const struct office *o, const struct record *r)
{
    const struct plan *p = office_plan(o);
    uint32_t unit = plan_unit_of(p, r->subject), contest = plan_contest_of(p, r->contest);
    uint32_t b = unit == PLAN_NONE || contest == PLAN_NONE ? PLAN_NONE
                                                           : plan_ballot_of(p, unit, contest);
    if (r->kind != KIND_TALLY || b == PLAN_NONE || p->contests[contest].places_in_all != 1)
        return json_null();
    const struct plan_profile *rule = &p->profiles[p->contests[contest].profile];
    uint32_t voters = office_fold(o)->cells[b].voters;
    uint64_t base = base_of(r, rule->base, voters), of = base_of(r, rule->quorum_base, voters);
    uint64_t came = stated(r, N_ATTENDED), valid = stated(r, N_VALID);
    came = came == UINT64_MAX ? stated(r, N_RETURNED) : came;
    uint64_t need = rule->rule == RULE_MAJORITY && base != UINT64_MAX ? part_need(&rule->need, base)
                                                                      : 0;
    bool quorum = rule->quorum.den > 0 && came != UINT64_MAX && of != UINT64_MAX;
    json_t *votes = json_object();
    for (unsigned i = 0; i + 1 < r->n_list; i += 2) {
        char who[16];
        snprintf(who, sizeof who, "%u", (unsigned)r->list[i]);
        if (r->list[i] >> 32 == COLUMN_VOTES)
            json_object_set_new(votes, who, json_integer((json_int_t)r->list[i + 1]));
    }
    return json_pack("{s:o,s:o,s:o,s:o,s:b}", "votes", votes, "base",
                     base == UINT64_MAX ? json_null() : json_integer((json_int_t)base), "need",
                     need == 0 ? json_null() : json_integer((json_int_t)need), "quorum",
                     quorum ? json_boolean(part_reached(&rule->quorum, came, of)) : json_null(),
                     "hopeless", need > 0 && valid != UINT64_MAX && valid < need);
}

static json_t *figure(uint64_t n)
{
    char text[FIGURE_TEXT];
    return json_string(figure_write(n, text));
}

static json_t *part(uint64_t hundredths)
{
    char whole[FIGURE_TEXT];
    return json_sprintf("%s,%02u", figure_write(hundredths / 100, whole),
                        (unsigned)(hundredths % 100));
}

json_t *formview_read(const struct record *r)
{
    static const char *const columns[] = {
        [COLUMN_VOTES] = "votes", [COLUMN_AGAINST] = "against", [COLUMN_WRITTEN] = "written"};
    json_t *j = json_pack("{s:I}", "at", (json_int_t)r->at);
    const struct field *f = record_spec(r->kind)->fields;
    uint64_t v;
    for (unsigned i = 0; f[i].name; i++) // above it are times, and names of statements
        if ((f[i].type == FIELD_NUMBER || f[i].type == FIELD_OPTIONAL) && f[i].max <= COUNT_MAX &&
            record_number(r, i, &v))
            json_object_set_new(j, f[i].name, figure(v));
    for (unsigned i = 0; r->kind == KIND_TALLY && i + 1 < r->n_list; i += 2) {
        unsigned column = (unsigned)(r->list[i] >> 32);
        char who[16];
        json_t *of = json_object_get(j, columns[column]);
        snprintf(who, sizeof who, "%u", (unsigned)r->list[i]);
        if (!of)
            json_object_set_new(j, columns[column], of = json_object());
        json_object_set_new(
            of, who, column == COLUMN_WRITTEN ? part(r->list[i + 1]) : figure(r->list[i + 1]));
    }
    return j;
}

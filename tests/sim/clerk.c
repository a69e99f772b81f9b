// clerk.c - the people of a simulated world: they state figures, correct them, telephone and decide.
#include "clerk.h"
#include "texts.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t home_of(const struct world *w, const struct plan *p, uint32_t room)
{
    return plan_unit_of(p, code_bytes(&w->rooms[room].unit));
}

bool clerk_stands(const struct office *o, const struct statement *s, const struct world *w,
                  bool in_force)
{
    const struct fold *f = office_fold(o);
    if (!f)
        return false;
    for (uint32_t e = fold_find(f, home_of(w, f->plan, s->about), s->act); e != ENTRY_NONE;
         e = f->entries[e].next_of_name)
        if (bytes_same(fold_bytes(f, e), bytes_of(s->bytes, s->n)) &&
            (!in_force || f->entries[e].in_force))
            return true;
    return false;
}

static void tell(struct world *w, uint32_t i)
{
    struct statement *s = &w->statements[i];
    struct room *r = &w->rooms[s->room];
    struct bytes b = bytes_of(s->bytes, s->n);
    const struct code *about = s->room == s->about ? NULL : &w->rooms[s->about].unit;
    if (!r->office || office_wait(r->office, world_time(w, r)) > 0)
        return;
    if (chance(w, 2) && clerk_stands(r->office, s, w, false)) { // as a form that is sent twice
        s->accepted = true;
        return;
    }
    uint8_t salted[TEXT_ROOM], commitment[HASH_SIZE];
    struct bytes text = text_of(s->act, salted, commitment);
    struct own_records own = {.records = &b, .n = 1};
    own.texts = s->kind == KIND_INCIDENT ? &text : NULL;
    int rc = office_say(r->office, about, &own, world_time(w, r), &s->at_n);
    world_note(w, "%s says %016llx kind %u of %s: %d", r->unit.at, (unsigned long long)s->act,
               s->kind, w->rooms[s->about].unit.at, rc);
    s->accepted = rc == 0 && room_heard(r); // else the clerk did not see the answer
    if (room_judge(w, s->room, rc, "a statement is taken"))
        room_turn(w, s->room);
}

static void add(struct world *w, uint32_t room, uint32_t about, struct record *r)
{
    const char *why = "";
    uint8_t salted[TEXT_ROOM], commitment[HASH_SIZE];
    if (w->n_statements == w->cap_statements) {
        w->cap_statements = w->cap_statements ? w->cap_statements * 2 : 64;
        w->statements = realloc(w->statements, w->cap_statements * sizeof *w->statements);
        assert(w->statements);
    }
    struct statement *s = &w->statements[w->n_statements];
    *s = (struct statement){.room = room, .about = about, .act = r->act, .kind = (uint8_t)r->kind};
    text_of(r->act, salted, commitment);
    if (r->kind == KIND_INCIDENT)
        r->blob[INCIDENT_TEXT] = bytes_of(commitment, HASH_SIZE);
    int n = record_encode(r, s->bytes, sizeof s->bytes, &why);
    if (n < 0) {
        world_violation(w, "a clerk's record is one", "%d %s", n, why);
        return;
    }
    s->n = (uint16_t)n;
    tell(w, w->n_statements++);
}

static bool same_slot(const struct record *a, const struct record *b)
{
    return a->kind == b->kind && bytes_same(a->subject, b->subject) &&
           bytes_same(a->contest, b->contest) &&
           (a->kind == KIND_TALLY || a->kind == KIND_MINUTES || a->number[0] == b->number[0]);
}

// The statements that stand in the slot of r, as this office sees them.
static unsigned standing(const struct fold *f, uint32_t home, const struct record *r,
                         bool of_parent, uint64_t acts[REPLACES_MAX])
{
    unsigned n = 0;
    struct record x;
    const char *why;
    for (uint32_t e = 0; e < f->n_entries && n < REPLACES_MAX; e++) {
        const struct fold_entry *entry = &f->entries[e];
        if (f->logs[entry->log].home == home && entry->in_force && !fold_replaced(f, e) &&
            (of_parent || !entry->by_parent) && record_decode(&x, fold_bytes(f, e), &why) == 0 &&
            same_slot(&x, r))
            acts[n++] = x.act;
    }
    return n;
}

static void fill_tally(struct world *w, const struct fold *f, uint32_t ballot, struct record *r)
{
    uint64_t attended = 50 + below(w, 200), invalid = below(w, 10), left = attended - invalid;
    uint32_t contest = f->plan->ballots[ballot].contest;
    r->blob[TALLY_DEFINITION] = bytes_of(f->plan->contests[contest].definition, 8);
    record_set(r, TALLY_ELIGIBLE, VOTERS);
    record_set(r, TALLY_ATTENDED, attended);
    record_set(r, TALLY_ISSUED, attended);
    record_set(r, TALLY_RETURNED, attended);
    record_set(r, TALLY_VALID, chance(w, 6) ? attended : attended - invalid); // F5 now and then
    record_set(r, TALLY_INVALID, invalid);
    for (unsigned i = 0; i < CANDIDATES; i++) {
        uint64_t votes = i + 1 < CANDIDATES ? below(w, (uint32_t)left + 1) : left;
        const struct plan_contest *k = &f->plan->contests[contest];
        r->list[r->n_list++] = f->plan->candidates[k->first_candidate + i].number;
        r->list[r->n_list++] = votes;
        left -= votes;
    }
}

// What its kind states; now and then something that cannot be, alone or beside its neighbours.
static void fill(struct world *w, const struct fold *f, uint32_t ballot, struct record *r)
{
    switch (r->kind) {
    case KIND_TURNOUT:
        r->number[TURNOUT_CUTOFF] = 1 + below(w, CUTOFFS);
        r->number[TURNOUT_VOTED] = 100 * r->number[TURNOUT_CUTOFF] + below(w, 110);
        break;
    case KIND_TALLY: fill_tally(w, f, ballot, r); break;
    case KIND_STEP: r->number[STEP_WHAT] = 1 + below(w, STEP_LAST); break;
    case KIND_MINUTES: record_set(r, MINUTES_COPIES, 1 + below(w, 3)); break;
    case KIND_DECISION:
        r->number[DECISION_WHAT] = 1 + below(w, DECISION_LAST);
        r->number[DECISION_DATE] = 1;
        r->blob[DECISION_NUMBER] = bytes_text("1/QĐ");
        r->blob[DECISION_SIGNATORY] = bytes_text("CT");
        break;
    case KIND_LIST_CHANGE:
        record_set(r, chance(w, 2) ? LIST_ADDED : LIST_REMOVED, 1 + below(w, 2));
        break;
    case KIND_SITUATION:
        r->contest = bytes_of(NULL, 0);
        r->subject = f->plan->units[f->plan->units[f->plan->ballots[ballot].unit].parent].code;
        r->number[SITUATION_CUTOFF] = 1 + below(w, CUTOFFS);
        for (unsigned i = SITUATION_ORDER; i <= SITUATION_LINES; i++)
            r->number[i] = 1 + below(w, 2);
        break;
    default:
        r->contest = bytes_of(NULL, 0);
        r->number[INCIDENT_SEVERITY] = 1 + below(w, 4);
        r->number[INCIDENT_STATE] = 1;
        break;
    }
}

// A random figure of one of the room's places.
static bool figure(struct world *w, uint32_t room, uint32_t about, struct record *r)
{
    const struct fold *f = office_fold(w->rooms[room].office);
    uint32_t home = f ? home_of(w, f->plan, about) : PLAN_NONE;
    if (home == PLAN_NONE)
        return false;
    const struct plan_unit *u = &f->plan->units[home];
    uint32_t ballot = u->first_ballot + below(w, u->n_ballots);
    static const unsigned kinds[] = {KIND_TURNOUT,  KIND_TURNOUT,     KIND_TALLY,    KIND_TALLY,
                                     KIND_STEP,     KIND_STEP,        KIND_MINUTES,  KIND_INCIDENT,
                                     KIND_DECISION, KIND_LIST_CHANGE, KIND_SITUATION};
    memset(r, 0, sizeof *r);
    r->kind = kinds[below(w, sizeof kinds / sizeof kinds[0])];
    r->act = draw(w);
    r->at = r->entered = world_time(w, &w->rooms[room]).wall;
    r->by = bytes_text("p1");
    r->how = HOW_DESK;
    r->plan = f->plan->version;
    r->subject = f->plan->units[f->plan->ballots[ballot].unit].code;
    r->contest = f->plan->contests[f->plan->ballots[ballot].contest].code;
    fill(w, f, ballot, r);
    return true;
}

void clerk_says(struct world *w, uint32_t room)
{
    struct record r;
    const struct office *o = w->rooms[room].office;
    if (!o || !figure(w, room, room, &r))
        return;
    if (r.kind != KIND_INCIDENT && !chance(w, 6))
        r.n_replaces =
            standing(office_fold(o), home_of(w, office_plan(o), room), &r, true, r.replaces);
    add(w, room, room, &r);
}

static uint32_t some_child(struct world *w, uint32_t hub)
{
    uint32_t children[ROOMS_MAX], n = 0;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].parent == hub && room_is_leaf(w, i) && !w->rooms[i].twin &&
            !w->rooms[i].gone)
            children[n++] = i;
    return n ? children[below(w, n)] : ROOM_NONE;
}

void clerk_phones(struct world *w, uint32_t hub)
{
    struct record r, verdict = {.kind = KIND_VERDICT, .how = HOW_DESK};
    uint32_t child = some_child(w, hub);
    const struct office *o = w->rooms[hub].office;
    uint64_t seen[REPLACES_MAX];
    if (!o || child == ROOM_NONE || !figure(w, hub, child, &r))
        return;
    r.how = HOW_PHONE;
    r.behalf = bytes_text("anh Tư");
    unsigned n = standing(office_fold(o), home_of(w, office_plan(o), child), &r, true, seen);
    add(w, hub, child, &r);
    if (n == 0 || !w->rooms[hub].office || chance(w, 3) || r.kind == KIND_INCIDENT)
        return;
    verdict.act = draw(w);
    verdict.at = verdict.entered = r.at;
    verdict.by = bytes_text("p9");
    verdict.plan = r.plan;
    verdict.subject = code_bytes(&w->rooms[child].unit);
    verdict.number[VERDICT_WORD] = VERDICT_CHOSEN;
    verdict.number[VERDICT_OF] = r.act;
    verdict.n_list = n;
    memcpy(verdict.list, seen, n * sizeof seen[0]);
    add(w, hub, child, &verdict);
}

void clerk_chooses(struct world *w, uint32_t hub)
{
    struct record r, verdict = {.kind = KIND_VERDICT, .how = HOW_DESK};
    const struct office *o = w->rooms[hub].office;
    const struct fold *f = o ? office_fold(o) : NULL;
    const char *why;
    uint32_t child = some_child(w, hub);
    if (!f || child == ROOM_NONE)
        return;
    uint32_t home = home_of(w, f->plan, child), from = f->n_entries ? below(w, f->n_entries) : 0;
    for (uint32_t i = 0; i < f->n_entries; i++) {
        uint32_t e = (from + i) % f->n_entries;
        if (f->logs[f->entries[e].log].home != home || !f->entries[e].in_force ||
            f->entries[e].slot == ENTRY_NONE || fold_replaced(f, e) ||
            f->slots[f->entries[e].slot].state == FACT_MISSING ||
            record_decode(&r, fold_bytes(f, e), &why) < 0)
            continue;
        verdict.act = draw(w);
        verdict.at = verdict.entered = world_time(w, &w->rooms[hub]).wall;
        verdict.by = bytes_text("p9");
        verdict.plan = f->plan->version;
        verdict.subject = code_bytes(&w->rooms[child].unit);
        verdict.number[VERDICT_OF] = r.act;
        bool conflict = f->slots[f->entries[e].slot].state == FACT_CONFLICT;
        verdict.number[VERDICT_WORD] = conflict       ? VERDICT_CHOSEN
                                       : chance(w, 2) ? VERDICT_RELEASED
                                                      : VERDICT_RETURNED;
        if (verdict.number[VERDICT_WORD] == VERDICT_RELEASED)
            verdict.number[VERDICT_WAIVES] = REASON_F5 | REASON_F1 | REASON_ORDER | REASON_F10;
        if (conflict)
            verdict.n_list = standing(f, home, &r, true, verdict.list);
        add(w, hub, child, &verdict);
        return;
    }
}

void clerk_babbles(struct world *w, uint32_t room)
{
    struct room *r = &w->rooms[room];
    uint8_t noise[40];
    uint64_t n;
    if (!r->office || office_wait(r->office, world_time(w, r)) > 0)
        return;
    for (unsigned i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)draw(w);
    struct bytes b = bytes_of(noise, sizeof noise);
    int rc = office_say(r->office, NULL, &(struct own_records){.records = &b, .n = 1},
                        world_time(w, r), &n);
    if (room_judge(w, room, rc, "nothing inside a record can stop the records behind it"))
        room_turn(w, room);
}

void clerk_again(struct world *w)
{
    for (uint32_t i = 0; i < w->n_statements && !w->violation; i++)
        if (!w->statements[i].accepted && !w->statements[i].excused &&
            !w->rooms[w->statements[i].room].gone)
            tell(w, i);
}

void clerk_loses(struct world *w, uint32_t room, uint32_t copy)
{
    for (uint32_t i = 0; i < w->n_statements; i++) {
        struct statement *s = &w->statements[i];
        bool elsewhere = copy != UINT32_MAX && s->room == room && (s->in_copies >> copy & 1);
        for (uint32_t k = 0; k < w->n_rooms && !elsewhere; k++)
            elsewhere = k != room && w->rooms[k].office &&
                        clerk_stands(w->rooms[k].office, s, w, false);
        if (!s->accepted || s->excused || elsewhere)
            continue;
        world_note(w, "%016llx is lost with the only disk that had it", (unsigned long long)s->act);
        s->excused = true;
    }
}

void clerk_copied(struct world *w, uint32_t room)
{
    uint64_t bit = UINT64_C(1) << w->rooms[room].n_copies;
    for (uint32_t i = 0; i < w->n_statements; i++) {
        struct statement *s = &w->statements[i];
        if (s->room == room)
            s->in_copies &= ~bit;
        if (s->room == room && clerk_stands(w->rooms[room].office, s, w, false))
            s->in_copies |= bit;
    }
}

void clerk_retired(struct world *w, uint32_t room, uint32_t hub)
{
    for (uint32_t i = 0; i < w->n_statements; i++)
        if (w->statements[i].room == room &&
            !clerk_stands(w->rooms[hub].office, &w->statements[i], w, true))
            w->statements[i].excused = true;
}

void clerk_excuses(struct world *w, uint32_t room, uint32_t about)
{
    for (uint32_t i = 0; i < w->n_statements; i++)
        if (w->statements[i].room == room &&
            (about == ROOM_NONE || w->statements[i].about == about))
            w->statements[i].excused = true;
}

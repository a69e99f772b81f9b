// ballot.c - puts what slots say into the cell of their ballot, and judges it beside its neighbours.
#include "ballot.h"
#include "bag.h"
#include "slot.h"
#include <assert.h>
#include <string.h>

struct room { // a ballot's values: its own in the fold, or a copy to try a statement in
    struct cell *cell;
    struct turnout_cell *turnouts;
    uint32_t *votes;
};

static struct room room_of(const struct fold *f, uint32_t ballot)
{
    return (struct room){&f->cells[ballot], f->turnouts + (size_t)ballot * f->plan->n_cutoffs,
                         f->votes + f->plan->ballots[ballot].first_vote};
}

// The fact that statements of this kind write; of a turnout the cut-off's.
static struct fact *fact_of(const struct room *to, unsigned kind, unsigned which)
{
    struct fact *facts = to->cell->facts;
    switch (kind) {
    case KIND_STEP: return &facts[which];
    case KIND_TURNOUT: return &to->turnouts[which - 1].fact;
    case KIND_TALLY: return &facts[CELL_TALLY];
    case KIND_MINUTES: return &facts[CELL_MINUTES];
    default:
        return &facts[which == DECISION_RERUN     ? CELL_RERUN
                      : which == DECISION_INTERIM ? CELL_INTERIM
                                                  : CELL_DECISION];
    }
}

bool slot_is_bag(const struct fold_slot *s)
{
    return fold_each_stands(slot_kind(s), slot_which(s));
}

static void write_tally(const struct plan *p, uint32_t ballot, const struct record *r,
                        uint32_t tally[TALLY_NUMBERS], uint32_t *votes)
{
    uint32_t contest = p->ballots[ballot].contest;
    memset(tally, 0xff, TALLY_NUMBERS * sizeof *tally);
    for (uint32_t i = 0; i < p->contests[contest].n_candidates; i++)
        votes[i] = UNSTATED;
    for (unsigned i = 0; r && i < TALLY_NUMBERS; i++) {
        uint64_t v;
        if (record_number(r, TALLY_ELIGIBLE + i, &v))
            tally[i] = (uint32_t)v;
    }
    for (unsigned i = 0; r && i + 1 < r->n_list && r->list[i] >> 32 == COLUMN_VOTES; i += 2) {
        uint32_t candidate = plan_candidate_of(p, contest, r->list[i]);
        if (candidate != PLAN_NONE)
            votes[candidate] = (uint32_t)r->list[i + 1];
    }
}

static void write_turnout(struct turnout_cell *t, const struct record *r)
{
    uint64_t eligible;
    t->voted = r ? (uint32_t)r->number[TURNOUT_VOTED] : 0;
    t->eligible = r && record_number(r, TURNOUT_ELIGIBLE, &eligible) ? (uint32_t)eligible
                                                                     : UNSTATED;
}

// The value of one fact, where r has one; what it is judged to be is the caller's.
static struct fact *write_value(const struct plan *p, uint32_t ballot, const struct room *to,
                                unsigned kind, unsigned which, const struct record *r)
{
    struct fact *fact = fact_of(to, kind, which);
    *fact = (struct fact){.at = r ? r->at : 0};
    if (kind == KIND_TURNOUT)
        write_turnout(&to->turnouts[which - 1], r);
    if (kind == KIND_TALLY)
        write_tally(p, ballot, r, to->cell->tally, to->votes);
    if (fact == &to->cell->facts[CELL_DECISION])
        to->cell->decision = r ? (uint8_t)r->number[DECISION_WHAT] : 0;
    return fact;
}

// Puts the slot's word into the cell of its ballot; also the value of one that is quarantined.
static void write_cell(struct fold *f, const struct fold_slot *s, uint32_t ballot,
                       const struct record *r)
{
    struct room to = room_of(f, ballot);
    struct fact *fact = write_value(f->plan, ballot, &to, slot_kind(s), slot_which(s), r);
    fact->at = r ? s->at : 0;
    fact->typed = r && s->typed;
    fact->alone = fact->reasons = s->reasons;
    fact->waived = s->waived;
    fact->passed = fact->state = s->state;
}

static bool has_value(const struct fact *f)
{
    return f->passed == FACT_VALUE || f->passed == FACT_QUARANTINED;
}

// What is held back by itself stays so; what else is against it is shown.
static void judge_fact(struct fact *to, const struct findings *found)
{
    uint32_t near = found->reasons & ~REASONS_WARNING & ~to->waived;
    to->reasons = to->alone | near;
    to->state = to->passed == FACT_VALUE && near ? FACT_QUARANTINED : to->passed;
}

// The second pass over a ballot's values: what passed alone, beside its neighbours.
static void judge_room(const struct around *a, const struct room *at)
{
    struct cell *c = at->cell;
    const struct fact *tally = &c->facts[CELL_TALLY];
    c->changes = a->list->n;
    c->voters = voters_at(a->list, has_value(tally) ? tally->at : INT64_MAX);
    for (unsigned i = 1; i < CELL_FACTS; i++) {
        struct findings found = {0};
        if (!has_value(&c->facts[i]))
            continue;
        neighbours_of_fact(a, i, &found);
        judge_fact(&c->facts[i], &found);
    }
    for (unsigned i = 1; i <= a->f->plan->n_cutoffs; i++) {
        struct findings found = {0};
        struct turnout_cell *t = &at->turnouts[i - 1];
        t->voters = voters_at(a->list, has_value(&t->fact) ? t->fact.at : INT64_MAX);
        if (!has_value(&t->fact))
            continue;
        neighbours_of_turnout(a, i, &found);
        judge_fact(&t->fact, &found);
    }
}

static void judge(struct fold *f, uint32_t ballot)
{
    struct room at = room_of(f, ballot);
    struct voter_list list;
    struct pauses pauses;
    bag_voters(f, ballot, &list);
    bag_pauses(f, ballot, &pauses);
    judge_room(&(struct around){f, ballot, at.cell, at.turnouts, at.votes, &list}, &at);
    at.cell->interrupted_at = pauses_latest(&pauses, at.cell, false);
    at.cell->resumed_at = pauses_latest(&pauses, at.cell, true);
}

// What is judged anew without a new value of its own.
void ballot_again(struct fold *f, uint32_t ballot)
{
    struct room now = room_of(f, ballot);
    struct cell before = *now.cell;
    struct turnout_cell turnouts[PLAN_CUTOFFS_MAX];
    size_t n = f->plan->n_cutoffs * sizeof *turnouts;
    int64_t share[SUMS_MAX];
    memcpy(turnouts, now.turnouts, n);
    sums_before(f, ballot, share);
    judge(f, ballot);
    sums_after(f, ballot, share);
    f->changes += memcmp(&before, now.cell, sizeof before) != 0 ||
                  memcmp(turnouts, now.turnouts, n) != 0;
}

// A tally is judged beside those of the other contests on its paper.
static void judge_paper(struct fold *f, uint32_t ballot)
{
    const struct plan *p = f->plan;
    const struct plan_ballot *own = &p->ballots[ballot];
    const struct plan_unit *u = &p->units[own->unit];
    struct bytes paper = p->contests[own->contest].paper;
    for (uint32_t b = u->first_ballot; paper.n > 0 && b < u->first_ballot + u->n_ballots; b++)
        if (b != ballot && bytes_same(p->contests[p->ballots[b].contest].paper, paper))
            ballot_again(f, b);
}

void ballot_write(struct fold *f, uint32_t slot, uint32_t ballot)
{
    const struct fold_slot *s = &f->slots[slot];
    struct record room;
    int64_t share[SUMS_MAX];
    sums_before(f, ballot, share);
    write_cell(f, s, ballot, s->chosen == ENTRY_NONE ? NULL : slot_read(f, s->chosen, &room));
    judge(f, ballot);
    sums_after(f, ballot, share);
    if (slot_kind(s) == KIND_TALLY)
        judge_paper(f, ballot);
}

static uint32_t bag_reasons(const struct fold *f, uint32_t entry, enum fact_state *ret_state)
{
    const struct fold_entry *e = &f->entries[entry];
    struct record room;
    struct pauses pauses;
    bool barred = false, crowded = false;
    if (e->kind == KIND_STEP) {
        const struct record *r = slot_read(f, entry, &room);
        bag_pauses(f, e->ballot, &pauses);
        crowded = pauses.crowded;
        barred =
            pauses_bar(&pauses, &f->cells[e->ballot], r->number[STEP_WHAT] == STEP_RESUMED, r->at);
    }
    *ret_state = crowded || (slot_candidate(f, entry) && slot_twin(f, entry)) ? FACT_CONFLICT
                 : barred                                                     ? FACT_QUARANTINED
                                                                              : FACT_VALUE;
    return barred ? REASON_ORDER : 0;
}

uint32_t fold_entry_reasons(const struct fold *f, uint32_t entry, enum fact_state *ret_state)
{
    const struct fold_entry *e = &f->entries[entry];
    uint32_t reasons = e->reasons & ~(uint32_t)REASONS_WARNING;
    if (e->slot == ENTRY_NONE) {
        *ret_state = reasons ? FACT_QUARANTINED : FACT_VALUE;
        return reasons;
    }
    const struct fold_slot *s = &f->slots[e->slot];
    if (slot_is_bag(s))
        return bag_reasons(f, entry, ret_state);
    if (e->ballot == PLAN_NONE) {
        *ret_state = (enum fact_state)s->state;
        return s->state == FACT_CONFLICT ? reasons : s->reasons;
    }
    struct room at = room_of(f, e->ballot);
    const struct fact *fact = fact_of(&at, slot_kind(s), slot_which(s));
    *ret_state = (enum fact_state)fact->state;
    return fact->state == FACT_CONFLICT ? reasons : fact->reasons;
}

static void try_pause(const struct fold *f, uint32_t ballot, const struct record *r,
                      struct findings *ret)
{
    struct pauses pauses;
    bag_pauses(f, ballot, &pauses);
    if (pauses_bar(&pauses, &f->cells[ballot], r->number[STEP_WHAT] == STEP_RESUMED, r->at))
        findings_add(ret, REASON_ORDER, (uint64_t)r->at,
                     (uint64_t)f->cells[ballot].facts[STEP_OPENED].at);
}

// Facts that the statement would hold back: told before it is said, for nobody would look for them.
static void tell_others(const struct around *a, const struct room *now, const struct fact *own,
                        struct findings *ret)
{
    for (unsigned i = 1; i < CELL_FACTS; i++)
        if (now->cell->facts[i].state == FACT_VALUE && &a->cell->facts[i] != own &&
            a->cell->facts[i].state == FACT_QUARANTINED)
            neighbours_of_fact(a, i, ret);
    for (unsigned i = 0; i < a->f->plan->n_cutoffs; i++)
        if (now->turnouts[i].fact.state == FACT_VALUE && &a->turnouts[i].fact != own &&
            a->turnouts[i].fact.state == FACT_QUARANTINED)
            neighbours_of_turnout(a, i + 1, ret);
}

// The statement's own value in the copy, which is then judged as a whole.
static const struct fact *try_value(const struct around *a, const struct room *copy,
                                    const struct record *r, struct findings *ret)
{
    unsigned kind = r->kind, which = fold_which(r);
    struct fact *fact = write_value(a->f->plan, a->ballot, copy, kind, which, r);
    fact->passed = FACT_VALUE;
    fact->typed = r->at == r->entered;
    if (kind == KIND_TURNOUT)
        neighbours_of_turnout(a, which, ret);
    else
        neighbours_of_fact(a, (unsigned)(fact - copy->cell->facts), ret);
    if (kind == KIND_TALLY)
        neighbours_to_show(a, ret);
    return fact;
}

void ballot_try(const struct fold *f, uint32_t ballot, const struct record *r, bool by_parent,
                struct findings *ret)
{
    const struct plan *p = f->plan;
    struct cell cell = f->cells[ballot];
    struct turnout_cell turnouts[PLAN_CUTOFFS_MAX];
    uint32_t votes[PLAN_CANDIDATES_MAX];
    struct room now = room_of(f, ballot), copy = {&cell, turnouts, votes};
    struct voter_list list;
    struct around a = {f, ballot, &cell, turnouts, votes, &list};
    const struct fact *own = NULL;
    check_statement(p, ballot, r, by_parent, ret);
    if (!fold_of_a_ballot(r->kind) || (ret->reasons & REASONS_FINAL))
        return;
    memcpy(turnouts, now.turnouts, p->n_cutoffs * sizeof *turnouts);
    memcpy(votes, now.votes, p->contests[p->ballots[ballot].contest].n_candidates * sizeof *votes);
    bag_voters(f, ballot, &list);
    if (r->kind == KIND_LIST_CHANGE)
        voters_change(&list, r);
    else if (fold_each_stands(r->kind, fold_which(r)))
        try_pause(f, ballot, r, ret);
    else
        own = try_value(&a, &copy, r, ret);
    judge_room(&a, &copy);
    tell_others(&a, &now, own, ret);
}

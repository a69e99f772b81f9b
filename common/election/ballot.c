// ballot.c - puts what slots say into the cell of their ballot, and judges it beside its neighbours.
#include "ballot.h"
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
    t->eligible = r && record_number(r, TURNOUT_ELIGIBLE, &eligible) ? (uint32_t)eligible : UNSTATED;
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
    fact->alone = fact->reasons = s->reasons;
    fact->waived = s->waived;
    fact->passed = fact->state = s->state;
}

static bool stands_in_bag(const struct fold *f, uint32_t entry)
{
    return slot_candidate(f, entry) && !slot_twin(f, entry);
}

static void insert_change(struct voter_list *l, const struct record *r)
{
    struct list_change x = {.at = r->at, .eligible = UNSTATED};
    uint64_t v;
    unsigned i = l->n;
    if (record_number(r, LIST_ADDED, &v))
        x.delta += (int64_t)v;
    if (record_number(r, LIST_REMOVED, &v))
        x.delta -= (int64_t)v;
    if (record_number(r, LIST_ELIGIBLE, &v))
        x.eligible = (uint32_t)v;
    // Ascending by time, then by what is said: the same whatever came first.
    while (i > 0 && (l->changes[i - 1].at > x.at ||
                     (l->changes[i - 1].at == x.at && l->changes[i - 1].eligible < x.eligible)))
        i--;
    if (l->n == LIST_CHANGES_MAX && i == l->n)
        return;
    unsigned end = l->n < LIST_CHANGES_MAX ? l->n++ : l->n - 1;
    memmove(l->changes + i + 1, l->changes + i, (end - i) * sizeof x);
    l->changes[i] = x;
}

void ballot_voters(const struct fold *f, uint32_t ballot, struct voter_list *ret)
{
    struct record room;
    ret->frozen = f->plan->ballots[ballot].voters;
    ret->n = 0;
    uint32_t bag = fold_slot_of(f, KIND_LIST_CHANGE, 1, ballot);
    for (uint32_t i = bag == ENTRY_NONE ? ENTRY_NONE : f->slots[bag].first_entry; i != ENTRY_NONE;
         i = f->entries[i].next_of_slot)
        if (stands_in_bag(f, i))
            insert_change(ret, slot_read(f, i, &room));
}

// Is there a statement of the other sort, of interruption and resuming, at this time, or before it?
static void look_for_other(const struct fold *f, uint32_t ballot, bool resumed, int64_t at,
                           bool ret[2])
{
    struct record room;
    uint32_t bag = fold_slot_of(f, KIND_STEP, resumed ? STEP_INTERRUPTED : STEP_RESUMED, ballot);
    ret[0] = ret[1] = false;
    for (uint32_t i = bag == ENTRY_NONE ? ENTRY_NONE : f->slots[bag].first_entry; i != ENTRY_NONE;
         i = f->entries[i].next_of_slot) {
        if (!stands_in_bag(f, i))
            continue;
        int64_t other = slot_read(f, i, &room)->at;
        ret[0] = ret[0] || other == at;
        ret[1] = ret[1] || other < at;
    }
}

static bool pause_barred(const struct fold *f, uint32_t entry)
{
    struct record room;
    const struct record *r = slot_read(f, entry, &room);
    uint32_t ballot = f->entries[entry].ballot;
    bool resumed = r->number[STEP_WHAT] == STEP_RESUMED, other[2];
    look_for_other(f, ballot, resumed, r->at, other);
    return neighbours_bar_pause(&f->cells[ballot], resumed, r->at, other[0], other[1]);
}

// The latest interruption, or resuming, that is possible.
static int64_t latest_pause(const struct fold *f, uint32_t ballot, enum step what)
{
    struct record room;
    uint32_t bag = fold_slot_of(f, KIND_STEP, what, ballot);
    int64_t latest = 0;
    for (uint32_t i = bag == ENTRY_NONE ? ENTRY_NONE : f->slots[bag].first_entry; i != ENTRY_NONE;
         i = f->entries[i].next_of_slot) {
        if (!stands_in_bag(f, i) || pause_barred(f, i))
            continue;
        int64_t at = slot_read(f, i, &room)->at;
        latest = at > latest ? at : latest;
    }
    return latest;
}

static void judge_fact(struct fact *to, const struct findings *found)
{
    uint32_t near = found->reasons & ~(uint32_t)REASONS_WARNING & ~to->waived;
    to->reasons = to->alone | near;
    to->state = near ? FACT_QUARANTINED : FACT_VALUE;
}

// The second pass over a ballot: what passed alone, beside its neighbours.
static void judge(struct fold *f, uint32_t ballot)
{
    struct room at = room_of(f, ballot);
    struct cell *c = at.cell;
    struct turnout_cell *t = at.turnouts;
    struct voter_list list;
    ballot_voters(f, ballot, &list);
    struct around a = {f, ballot, c, t, at.votes, &list};
    c->changes = list.n;
    c->voters = voters_at(&list, INT64_MAX);
    for (unsigned i = 1; i < CELL_FACTS; i++) {
        struct findings found = {0};
        if (c->facts[i].passed != FACT_VALUE)
            continue;
        neighbours_of_fact(&a, i, &found);
        judge_fact(&c->facts[i], &found);
    }
    for (unsigned i = 1; i <= f->plan->n_cutoffs; i++) {
        struct findings found = {0};
        if (t[i - 1].fact.passed != FACT_VALUE)
            continue;
        neighbours_of_turnout(&a, i, &found);
        judge_fact(&t[i - 1].fact, &found);
    }
    c->interrupted_at = latest_pause(f, ballot, STEP_INTERRUPTED);
    c->resumed_at = latest_pause(f, ballot, STEP_RESUMED);
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
    bool barred = f->entries[entry].kind == KIND_STEP && pause_barred(f, entry);
    *ret_state = slot_candidate(f, entry) && slot_twin(f, entry) ? FACT_CONFLICT
                 : barred                                     ? FACT_QUARANTINED
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
    bool resumed = r->number[STEP_WHAT] == STEP_RESUMED, other[2];
    look_for_other(f, ballot, resumed, r->at, other);
    if (neighbours_bar_pause(&f->cells[ballot], resumed, r->at, other[0], other[1]))
        findings_add(ret, REASON_ORDER, (uint64_t)r->at,
                     (uint64_t)f->cells[ballot].facts[STEP_OPENED].at);
}

void ballot_try(const struct fold *f, uint32_t ballot, const struct record *r, bool by_parent,
                struct findings *ret)
{
    struct cell cell = f->cells[ballot];
    struct turnout_cell turnouts[PLAN_CUTOFFS_MAX];
    uint32_t votes[PLAN_CANDIDATES_MAX];
    struct room now = room_of(f, ballot), copy = {&cell, turnouts, votes};
    const struct plan *p = f->plan;
    unsigned kind = r->kind, which = fold_which(r);
    check_statement(p, ballot, r, by_parent, ret);
    if (!fold_of_a_ballot(kind) || (ret->reasons & REASONS_FINAL))
        return;
    if (fold_each_stands(kind, which)) {
        if (kind == KIND_STEP)
            try_pause(f, ballot, r, ret);
        return;
    }
    memcpy(turnouts, now.turnouts, p->n_cutoffs * sizeof *turnouts);
    memcpy(votes, now.votes, p->contests[p->ballots[ballot].contest].n_candidates * sizeof *votes);
    struct fact *fact = write_value(p, ballot, &copy, kind, which, r);
    fact->passed = FACT_VALUE;
    struct voter_list list;
    ballot_voters(f, ballot, &list);
    struct around a = {f, ballot, &cell, turnouts, votes, &list};
    if (kind == KIND_TURNOUT)
        neighbours_of_turnout(&a, which, ret);
    else
        neighbours_of_fact(&a, (unsigned)(fact - cell.facts), ret);
    if (kind == KIND_TALLY)
        neighbours_to_show(&a, ret);
}

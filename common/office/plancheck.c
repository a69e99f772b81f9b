// plancheck.c - what is wrong with a plan folder as a whole, once each of its rows is read.
//
// Called when candidates and ballots are in order. What only follows from a fault that was told is
// not told again: a contest whose profile, kind or unit is not known is not measured by it.
#include "plandraft.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

const struct plan_profile *draft_rules(const struct draft *d, const struct draft_contest *k)
{
    return k->row.profile < d->n_profiles ? &d->known[d->profiles[k->row.profile]] : NULL;
}

static bool of_levels(const struct draft *d, const struct draft_contest *k)
{
    const struct plan_profile *r = draft_rules(d, k);
    return r && r->rule == RULE_CONFIDENCE;
}

static void check_numbers(struct draft *d, const struct draft_contest *k)
{
    for (uint32_t j = 1; j < k->row.n_candidates; j++) {
        const struct draft_candidate *c = &d->candidates[k->row.first_candidate];
        uint32_t same = 0;
        while (same < j && !bytes_same(c[same].row.key, c[j].row.key))
            same++;
        if (c[j].row.number == c[j - 1].row.number)
            faults_add(d->faults, FILE_CANDIDATES, c[j].line,
                       "number %u of contest %.*s stands here a second time; see line %u",
                       (unsigned)c[j].row.number, SAY(k->row.code), c[j - 1].line);
        else if (same < j)
            faults_add(d->faults, FILE_CANDIDATES, c[j].line,
                       "key \"%.*s\" stands here a second time; see line %u", SAY(c[j].row.key),
                       c[same].line);
    }
}

static void check_candidates(struct draft *d)
{
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        if (k->row.n_candidates == 0 && !k->again && !of_levels(d, k) && !d->candidates_missing)
            faults_add(d->faults, FILE_CONTESTS, k->line, "contest %.*s has no candidate in %s",
                       SAY(k->row.code), FILE_CANDIDATES);
        if (k->row.n_candidates > PLAN_CANDIDATES_MAX)
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "contest %.*s has more than %d candidates", SAY(k->row.code),
                       PLAN_CANDIDATES_MAX);
        else
            check_numbers(d, k);
    }
}

// Fewer candidates than the rules ask for, or more than they allow. That a list may always be longer
// by one, where the percent of few seats is less than that, is unverified: check against the text.
static void check_list(struct draft *d, const struct draft_contest *k, const struct plan_profile *r)
{
    uint32_t n = k->row.n_candidates, seats = k->row.seats;
    uint64_t most = (uint64_t)seats * (100 + r->surplus) / 100;
    most = most == seats ? most + 1 : most;
    if (n == 0)
        return; // that has been told
    if (n < r->min_candidates)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s has %u candidates, its profile asks for %u", SAY(k->row.code), n,
                   r->min_candidates);
    if (r->surplus > 0 && n > most && n <= PLAN_CANDIDATES_MAX)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s has %u candidates for %u seats: at most %u percent more",
                   SAY(k->row.code), n, seats, r->surplus);
}

// A confidence vote asks about one person, and its candidates are levels.
static void check_levels(struct draft *d, const struct draft_contest *k)
{
    uint32_t n = k->row.n_candidates;
    if (k->row.person.n == 0)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s is a confidence vote: person says about whom", SAY(k->row.code));
    if (n == 1 || n > PLAN_GRADES_MAX)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s is a confidence vote: its candidates are 2 to %d levels, the "
                   "highest first; without rows in %s they are its profile's",
                   SAY(k->row.code), PLAN_GRADES_MAX, FILE_CANDIDATES);
}

// Keys of people; those of levels name nobody.
static struct draft_codes people(const struct draft *d)
{
    struct draft_codes keys = {malloc((d->n_candidates + 1) * sizeof *keys.at), 0};
    assert(keys.at);
    for (uint32_t i = 0; i < d->n_candidates; i++)
        if (!of_levels(d, &d->contests[d->candidates[i].contest]))
            keys.at[keys.n++] = (struct draft_code){d->candidates[i].row.key, i};
    draft_codes_sort(&keys);
    return keys;
}

static void check_persons(struct draft *d)
{
    if (d->candidates_missing)
        return;
    struct draft_codes keys = people(d);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        if (k->row.person.n > 0 && draft_rules(d, k) && !of_levels(d, k) &&
            draft_codes_find(&keys, k->row.person) == PLAN_NONE)
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "person \"%.*s\" is the key of no candidate in %s", SAY(k->row.person),
                       FILE_CANDIDATES);
    }
    free(keys.at);
}

// The vote that this one repeats, or PLAN_NONE; itself and what is not there have been told.
static uint32_t repeated(const struct draft *d, uint32_t contest)
{
    const struct plan_contest *k = &d->contests[contest].row;
    uint32_t first = k->repeats.n == 0 ? PLAN_NONE
                                       : draft_codes_find(&d->contest_codes, k->repeats);
    return first == contest ? PLAN_NONE : first;
}

// Following `repeats` must come to an end; a ring is told once. A mark is the number of the path.
static void check_rings(struct draft *d)
{
    uint32_t *mark = calloc(d->n_contests + 1, sizeof *mark);
    assert(mark);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        uint32_t at = i, last = i;
        while (at != PLAN_NONE && mark[at] == 0) {
            mark[at] = i + 1;
            last = at;
            at = repeated(d, at);
        }
        if (at != PLAN_NONE && mark[at] == i + 1)
            faults_add(d->faults, FILE_CONTESTS, d->contests[last].line,
                       "contest %.*s runs in a ring: following repeats leads back to it",
                       SAY(d->contests[last].row.code));
    }
    free(mark);
}

static bool voted_at(const struct draft *d, uint32_t unit, uint32_t contest)
{
    uint32_t low = 0, high = d->n_ballots;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct draft_ballot *b = &d->ballots[middle];
        if (b->unit < unit || (b->unit == unit && b->contest < contest))
            low = middle + 1;
        else
            high = middle;
    }
    return low < d->n_ballots && d->ballots[low].unit == unit && d->ballots[low].contest == contest;
}

// A vote that repeats another is of its kind, and held where that one was.
static void check_repeats(struct draft *d)
{
    bool *told = calloc(d->n_contests + 1, sizeof *told);
    assert(told);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        uint32_t first = repeated(d, i);
        const struct plan_contest *was = first == PLAN_NONE ? NULL : &d->contests[first].row;
        if (was && was->kind != k->row.kind && was->kind < d->n_kinds && k->row.kind < d->n_kinds)
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "contest %.*s repeats %.*s and is of another kind", SAY(k->row.code),
                       SAY(k->row.repeats));
    }
    for (uint32_t i = 0; i < d->n_ballots; i++) {
        const struct draft_ballot *b = &d->ballots[i];
        const struct draft_contest *k = &d->contests[b->contest];
        uint32_t first = repeated(d, b->contest);
        if (first == PLAN_NONE || told[b->contest] || b->unit == PLAN_NONE ||
            d->contests[first].row.places_in_all == 0 || voted_at(d, b->unit, first))
            continue;
        told[b->contest] = true; // the first place is enough
        faults_add(
            d->faults, b->line > 0 ? FILE_VOTERS : FILE_CONTESTS, b->line > 0 ? b->line : k->line,
            "contest %.*s repeats %.*s, which is not voted on at %.*s: give it the places of "
            "that one in %s",
            SAY(k->row.code), SAY(k->row.repeats), SAY(d->units[d->walk[b->unit]].row.code),
            FILE_VOTERS);
    }
    free(told);
}

// Sums are kept by kind; and what is restricted is meant for an instance of its own.
static void check_restricted(struct draft *d)
{
    uint32_t first[PLAN_KINDS_MAX], open = 0, restricted = 0;
    memset(first, 0xff, sizeof first);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        const struct plan_profile *r = draft_rules(d, k);
        if (!r || k->row.kind >= d->n_kinds)
            continue;
        uint32_t *seen = &first[k->row.kind];
        open += !r->restricted;
        restricted += r->restricted;
        if (*seen == PLAN_NONE)
            *seen = i;
        else if (draft_rules(d, &d->contests[*seen])->restricted != r->restricted)
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "kind %.*s has restricted contests and others: give them kinds of their own",
                       SAY(d->kinds[k->row.kind]));
    }
    if (restricted > 0 && open > 0)
        faults_note(d->faults, FILE_CONTESTS, 0,
                    "%u restricted contests stand beside %u others: a Party-cell or confidence "
                    "election is meant for an instance of its own. Here they appear on no page, "
                    "export, bulletin or stream, only in commands on the machine",
                    restricted, open);
}

// Why no minutes of that method and these voters give what the rules are a part of, or NULL.
const char *draft_base_fault(const struct plan_profile *r, unsigned method)
{
    bool quorum = r->quorum.den > 0, counted = r->rule != RULE_PLURALITY;
    bool summoned = (quorum && r->quorum_base == BASE_SUMMONED) ||
                    (counted && r->base == BASE_SUMMONED);
    bool ballots = (quorum && (r->quorum_base == BASE_RETURNED || r->quorum_base == BASE_VALID)) ||
                   (counted && (r->base == BASE_RETURNED || r->base == BASE_VALID));
    if (summoned && r->electorate != MEMBERS)
        return "summoned is a base of members only: nobody else's minutes state it";
    if (method == SHOW_OF_HANDS && ballots)
        return "a show of hands has no ballots: its base is eligible or attended";
    return NULL;
}

static void check_ballots(struct draft *d)
{
    for (uint32_t i = 0; i < d->n_ballots; i++) {
        const struct draft_ballot *b = &d->ballots[i], *a = i > 0 ? b - 1 : NULL;
        const struct plan_profile *r = draft_rules(d, &d->contests[b->contest]);
        const char *why = r && b->method > 0 && b->method - 1 != r->method
                              ? draft_base_fault(r, b->method - 1)
                              : NULL;
        if (a && a->unit == b->unit && a->contest == b->contest && a->unit != PLAN_NONE)
            faults_add(d->faults, FILE_VOTERS, b->line,
                       "this place and contest stand here a second time; see line %u", a->line);
        if (why && !draft_base_fault(r, r->method))
            faults_add(d->faults, FILE_VOTERS, b->line, "profile %.*s: %s", SAY(r->name), why);
    }
}

static void check_places(struct draft *d)
{
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        if (d->n_levels > 0 && k->n_rows == 0 && k->row.places_in_all == 0 &&
            k->row.unit != PLAN_NONE && d->units[k->row.unit].at != PLAN_NONE)
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "no place is below %.*s, the unit of contest %.*s",
                       SAY(d->units[k->row.unit].row.code), SAY(k->row.code));
    }
    for (uint32_t i = 0; i < d->n_units && d->n_contests > 0 && !d->unit_missing; i++) {
        const struct draft_unit *u = &d->units[i];
        if (u->row.place && !u->voted && !u->again && u->at != PLAN_NONE)
            faults_add(d->faults, FILE_UNITS, u->line, "place %.*s votes on nothing",
                       SAY(u->row.code));
    }
}

void draft_check(struct draft *d)
{
    check_candidates(d);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct plan_profile *r = draft_rules(d, &d->contests[i]);
        if (r)
            check_list(d, &d->contests[i], r);
        if (of_levels(d, &d->contests[i]))
            check_levels(d, &d->contests[i]);
    }
    check_persons(d);
    check_rings(d);
    check_repeats(d);
    check_restricted(d);
    check_ballots(d);
    check_places(d);
}

// check.c - what cannot be right in one statement: rules over its own numbers and the plan, the first pass.
#include "check.h"
#include "proto/mutant.h"
#include <string.h>

void findings_add(struct findings *s, uint32_t reason, uint64_t left, uint64_t right)
{
    s->reasons |= reason;
    if (s->at && s->n < FINDINGS_MAX)
        s->at[s->n++] = (struct finding){reason, left, right};
}

static bool number(const struct record *r, enum tally_number n, uint64_t *ret)
{
    return record_number(r, TALLY_ELIGIBLE + n, ret);
}

static uint64_t stated(const struct record *r, enum tally_number n)
{
    uint64_t v;
    return number(r, n, &v) ? v : 0;
}

struct votes { // of one tally's list
    uint64_t sum, most;
    uint64_t both; // the most votes for and against one candidate
    unsigned n;
};

static uint64_t votes_of(const struct record *r, uint64_t key)
{
    for (unsigned i = 0; i + 1 < r->n_list; i += 2)
        if (r->list[i] == key)
            return r->list[i + 1];
    return 0;
}

static struct votes count_votes(const struct plan *p, uint32_t contest, const struct record *r,
                                struct findings *s)
{
    struct votes v = {0};
    for (unsigned i = 0; i + 1 < r->n_list; i += 2) {
        unsigned column = (unsigned)(r->list[i] >> 32);
        uint64_t candidate = r->list[i] & UINT32_MAX, n = r->list[i + 1];
        if (plan_candidate_of(p, contest, candidate) == PLAN_NONE)
            findings_add(s, REASON_CANDIDATE, candidate, n);
        if (column == COLUMN_VOTES) {
            v.sum += n;
            v.most = n > v.most ? n : v.most;
            v.n++;
        }
        if (column == COLUMN_AGAINST) {
            uint64_t both = n + votes_of(r, candidate);
            v.both = both > v.both ? both : v.both;
        }
    }
    return v;
}

unsigned check_choices(const struct plan *p, uint32_t contest)
{
    const struct plan_contest *k = &p->contests[contest];
    unsigned choices = p->profiles[k->profile].choices;
    choices = choices == 0 ? k->seats : choices;
    return choices == 0 ? 1 : choices;
}

static void check_votes(struct findings *s, const struct plan *p, uint32_t ballot,
                        const struct record *r)
{
    uint32_t contest = p->ballots[ballot].contest;
    struct votes v = count_votes(p, contest, r, s);
    unsigned choices = check_choices(p, contest);
    uint64_t limit, total;
    bool valid = number(r, N_VALID, &limit);
    if (number(r, N_TOTAL, &total) && v.n > 0 && total != v.sum)
        findings_add(s, REASON_TOTAL, total, v.sum);
    if (v.n > 0 && v.sum > 0 && v.most == v.sum && p->contests[contest].n_candidates > 1)
        findings_add(s, REASON_ALL_ONE, v.most, v.sum);
    if (p->ballots[ballot].method == SHOW_OF_HANDS)
        return; // hands have a rule of their own, F9
    if (!valid && !number(r, N_RETURNED, &limit) && !number(r, N_ATTENDED, &limit) &&
        !number(r, N_ELIGIBLE, &limit))
        return; // nothing is said of how many could have voted: see the list, in the second pass
    if (choices == 1 && v.sum > limit)
        findings_add(s, REASON_F6, v.sum, limit);
    if (choices == 1 && valid && v.n > 0 && v.sum < limit &&
        !p->profiles[p->contests[contest].profile].blank_valid)
        findings_add(s, REASON_F6_LESS, v.sum, limit);
    if (v.both > limit)
        findings_add(s, REASON_F7, v.both, limit);
    else if (choices > 1 && (v.sum > limit * choices || v.most > limit))
        findings_add(s, REASON_F7, v.most > limit ? v.most : v.sum,
                     v.most > limit ? limit : limit * choices);
}

static void check_ballots(struct findings *s, bool blank_valid, const struct record *r)
{
    uint64_t attended, issued, returned, valid, invalid, printed, unused, blank;
    bool has_issued = number(r, N_ISSUED, &issued);
    uint64_t spoiled = stated(r, N_SPOILED);
    uint64_t used = has_issued && issued > spoiled ? issued - spoiled : 0;
    if (has_issued && number(r, N_ATTENDED, &attended) && used != attended)
        findings_add(s, used > attended ? REASON_F2 : REASON_F2_LESS, used, attended);
    if (number(r, N_RETURNED, &returned)) {
        if (has_issued && returned > used)
            findings_add(s, REASON_F3, returned, used);
        if (has_issued && returned < used)
            findings_add(s, REASON_F4, returned, used);
        if (number(r, N_VALID, &valid) && number(r, N_INVALID, &invalid) &&
            valid + invalid != returned && !MUTANT(f5_left_out))
            findings_add(s, REASON_F5, valid + invalid, returned);
    }
    if (number(r, N_BLANK, &blank) && number(r, blank_valid ? N_VALID : N_INVALID, &valid) &&
        blank > valid)
        findings_add(s, REASON_F5, blank, valid);
    if (has_issued && number(r, N_PRINTED, &printed) && number(r, N_UNUSED, &unused) &&
        printed != issued + unused)
        findings_add(s, REASON_F8, printed, issued + unused);
}

static void check_hands(struct findings *s, const struct record *r, const struct votes *v)
{
    static const enum tally_number papers[] = {N_PRINTED,  N_ISSUED, N_SPOILED, N_UNUSED,
                                               N_RETURNED, N_VALID,  N_INVALID, N_BLANK};
    uint64_t n, attended;
    for (unsigned i = 0; i < sizeof papers / sizeof papers[0]; i++)
        if (number(r, papers[i], &n)) {
            findings_add(s, REASON_F9, n, 0);
            return;
        }
    if (number(r, N_ATTENDED, &attended) && v->sum > attended)
        findings_add(s, REASON_F9, v->sum, attended);
}

// Of what the paper's percentages are a part, or 0: not known here.
static uint64_t base_of(const struct plan *p, uint32_t ballot, const struct record *r)
{
    static const enum tally_number of[] = {[BASE_ELIGIBLE] = N_ELIGIBLE,
                                           [BASE_ATTENDED] = N_ATTENDED,
                                           [BASE_RETURNED] = N_RETURNED,
                                           [BASE_VALID] = N_VALID,
                                           [BASE_SUMMONED] = N_SUMMONED};
    unsigned base = p->profiles[p->contests[p->ballots[ballot].contest].profile].base;
    uint64_t n = stated(r, of[base]);
    if (base == BASE_ELIGIBLE && n == 0 && p->ballots[ballot].voters != VOTERS_UNKNOWN)
        n = p->ballots[ballot].voters;
    if (base != BASE_SUMMONED)
        return n;
    uint64_t excused =
        stated(r, N_ELSEWHERE) + stated(r, N_EXEMPT) + stated(r, N_SUSPENDED) + stated(r, N_ABSENT);
    return excused < n ? n - excused : 0;
}

// Percentages as written are hundredths, rounded half up; one hundredth of difference is rounding.
static void check_written(struct findings *s, uint64_t base, const struct record *r)
{
    for (unsigned i = 0; i + 1 < r->n_list && base > 0; i += 2) {
        if (r->list[i] >> 32 != COLUMN_WRITTEN)
            continue;
        uint64_t votes = votes_of(r, r->list[i] & UINT32_MAX), written = r->list[i + 1];
        uint64_t computed = (votes * 20000 + base) / (2 * base);
        if (written > computed + 1 || computed > written + 1)
            findings_add(s, REASON_F12, written, computed);
    }
}

static void check_came(struct findings *s, const struct record *r)
{
    uint64_t eligible, attended, returned, issued, spoiled = stated(r, N_SPOILED), n;
    bool has = number(r, N_ELIGIBLE, &eligible);
    // Who came is the attendance; where a form does not ask for it, the ballots in the box.
    if (has && (number(r, N_ATTENDED, &attended) || number(r, N_RETURNED, &attended)) &&
        attended > eligible)
        findings_add(s, REASON_F1, attended, eligible);
    if (has && number(r, N_ATTENDED, &attended) && attended == eligible &&
        number(r, N_RETURNED, &returned) && number(r, N_ISSUED, &issued) && issued > spoiled &&
        returned < issued - spoiled)
        findings_add(s, REASON_FULL, returned, issued - spoiled);
    uint64_t excused =
        stated(r, N_ELSEWHERE) + stated(r, N_EXEMPT) + stated(r, N_SUSPENDED) + stated(r, N_ABSENT);
    if (number(r, N_SUMMONED, &n) && excused > n)
        findings_add(s, REASON_F1, excused, n);
}

static void check_tally(struct findings *s, const struct plan *p, uint32_t ballot,
                        const struct record *r)
{
    const struct plan_contest *k = &p->contests[p->ballots[ballot].contest];
    if (memcmp(r->blob[TALLY_DEFINITION].at, k->definition, 8) != 0 && !MUTANT(any_definition))
        findings_add(s, REASON_DEFINITION, 0, 0);
    if (r->stated == 0 && r->n_list == 0)
        findings_add(s, REASON_NOTHING, 0, 0);
    check_came(s, r);
    if (p->ballots[ballot].method == SHOW_OF_HANDS) {
        struct findings ignored = {0};
        struct votes v = count_votes(p, p->ballots[ballot].contest, r, &ignored);
        check_hands(s, r, &v);
    } else {
        check_ballots(s, p->profiles[k->profile].blank_valid, r);
    }
    check_votes(s, p, ballot, r);
    check_written(s, base_of(p, ballot, r), r);
}

static void check_turnout(struct findings *s, const struct plan *p, const struct record *r)
{
    uint64_t eligible;
    if (r->number[TURNOUT_CUTOFF] > p->n_cutoffs)
        findings_add(s, REASON_CUTOFF, r->number[TURNOUT_CUTOFF], p->n_cutoffs);
    if (record_number(r, TURNOUT_ELIGIBLE, &eligible) && r->number[TURNOUT_VOTED] > eligible)
        findings_add(s, REASON_F1, r->number[TURNOUT_VOTED], eligible);
}

// The profile says whose a decision is. Who has no machine is spoken for, with the document.
static void check_decision(struct findings *s, const struct plan *p, uint32_t ballot,
                           const struct record *r, bool by_parent)
{
    unsigned decides = p->profiles[p->contests[p->ballots[ballot].contest].profile].decides;
    bool hold = r->number[DECISION_WHAT] == DECISION_ON_HOLD; // may come before its paper
    if ((decides != DECIDES_NODE) != by_parent && r->behalf.n == 0)
        findings_add(s, REASON_DECIDES, 0, 0);
    if (r->blob[DECISION_SIGNATORY].n == 0 ||
        (!hold && (r->blob[DECISION_NUMBER].n == 0 || r->number[DECISION_DATE] == 0)))
        findings_add(s, REASON_DECISION, 0, 0);
}

void check_statement(const struct plan *p, uint32_t ballot, const struct record *r, bool by_parent,
                     struct findings *ret)
{
    if (r->at > r->entered && r->at - r->entered > FUTURE_MS)
        findings_add(ret, REASON_FUTURE, (uint64_t)r->at, (uint64_t)r->entered);
    if (r->kind == KIND_TALLY)
        check_tally(ret, p, ballot, r);
    if (r->kind == KIND_TURNOUT)
        check_turnout(ret, p, r);
    if (r->kind == KIND_DECISION)
        check_decision(ret, p, ballot, r, by_parent);
}

const char *reason_name(uint32_t reason)
{
    static const char *const names[32] = {
        NULL,        "F1",    "F2",         "F3",       "F4",     "F5",         "F6",      "F7",
        "F8",        "F9",    "F10",        "F11",      "F12",    "F2_less",    "F6_less", "total",
        "candidate", "place", "definition", "returned", "cutoff", "unreadable", "nothing", "order",
        "fall",      "paper", "decides",    "decision", "same",   "all_one",    "future",  "full"};
    for (unsigned i = 1; i < 32; i++)
        if (reason == 1u << i)
            return names[i];
    return "other";
}

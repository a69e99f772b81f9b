// check.c - what cannot be right in one statement: the rules F1-F8 and F10 over its own numbers and the plan.
#include "check.h"
#include <string.h>

struct check {
    uint32_t reasons;
    unsigned n;
    struct finding *findings;
};

static void fail(struct check *c, uint32_t reason, uint64_t left, uint64_t right)
{
    c->reasons |= reason;
    if (c->findings && c->n < FINDINGS_MAX)
        c->findings[c->n++] = (struct finding){reason, left, right};
}

static bool number(const struct record *r, enum tally_number n, uint64_t *ret)
{
    return record_number(r, TALLY_ELIGIBLE + n, ret);
}

// Votes in all, and the most for one; every candidate must be of the contest.
static uint64_t sum_votes(struct check *c, const struct plan *p, uint32_t contest,
                          const struct record *r, uint64_t *ret_most)
{
    uint64_t sum = 0;
    *ret_most = 0;
    for (unsigned i = 0; i + 1 < r->n_list; i += 2) {
        if (plan_candidate_of(p, contest, r->list[i]) == PLAN_NONE)
            fail(c, REASON_CANDIDATE, r->list[i], r->list[i + 1]);
        uint64_t votes = r->list[i + 1] > UINT32_MAX ? UINT32_MAX : r->list[i + 1];
        sum += votes;
        if (votes > *ret_most)
            *ret_most = votes;
    }
    return sum;
}

static void check_votes(struct check *c, const struct plan *p, uint32_t contest,
                        const struct record *r)
{
    const struct plan_contest *k = &p->contests[contest];
    uint64_t most, sum = sum_votes(c, p, contest, r, &most), limit;
    unsigned choices = p->profiles[k->profile].choices;
    choices = choices == 0 ? k->seats : choices;
    if (!number(r, N_VALID, &limit) && !number(r, N_RETURNED, &limit) &&
        !number(r, N_ATTENDED, &limit) && !number(r, N_ELIGIBLE, &limit))
        return; // nothing is said of how many could have voted
    if (choices <= 1 && sum > limit)
        fail(c, REASON_F6, sum, limit);
    if (choices > 1 && (sum > limit * choices || most > limit))
        fail(c, REASON_F7, most > limit ? most : sum, most > limit ? limit : limit * choices);
}

static void check_ballots(struct check *c, const struct record *r)
{
    uint64_t attended, issued, spoiled, returned, valid, invalid, printed, unused;
    bool has_issued = number(r, N_ISSUED, &issued);
    if (!number(r, N_SPOILED, &spoiled))
        spoiled = 0;
    uint64_t used = has_issued && issued > spoiled ? issued - spoiled : 0;
    if (has_issued && number(r, N_ATTENDED, &attended) && used > attended)
        fail(c, REASON_F2, used, attended);
    if (number(r, N_RETURNED, &returned)) {
        if (has_issued && returned > used)
            fail(c, REASON_F3, returned, used);
        if (has_issued && returned < used)
            fail(c, REASON_F4, returned, used);
        if (number(r, N_VALID, &valid) && number(r, N_INVALID, &invalid) &&
            valid + invalid != returned)
            fail(c, REASON_F5, valid + invalid, returned);
    }
    if (has_issued && number(r, N_PRINTED, &printed) && number(r, N_UNUSED, &unused) &&
        printed != issued + unused)
        fail(c, REASON_F8, printed, issued + unused);
}

static void check_tally(struct check *c, const struct plan *p, uint32_t ballot,
                        const struct record *r)
{
    uint64_t eligible, attended;
    uint32_t contest = p->ballots[ballot].contest, voters = p->ballots[ballot].voters;
    if (memcmp(r->blob[TALLY_DEFINITION].at, p->contests[contest].definition, 8) != 0)
        fail(c, REASON_DEFINITION, 0, 0);
    if (r->stated == 0 && r->n_list == 0)
        fail(c, REASON_NOTHING, 0, 0);
    bool has = number(r, N_ELIGIBLE, &eligible);
    if (has && voters != VOTERS_UNKNOWN && eligible != voters)
        fail(c, REASON_F10, eligible, voters);
    if (!has && voters != VOTERS_UNKNOWN) {
        eligible = voters;
        has = true;
    }
    // Who came is the attendance; where a form does not ask for it, the ballots in the box.
    if (has && (number(r, N_ATTENDED, &attended) || number(r, N_RETURNED, &attended)) &&
        attended > eligible)
        fail(c, REASON_F1, attended, eligible);
    check_ballots(c, r);
    check_votes(c, p, contest, r);
}

static void check_turnout(struct check *c, const struct plan *p, uint32_t ballot,
                          const struct record *r)
{
    uint64_t eligible;
    uint32_t voters = p->ballots[ballot].voters;
    if (r->number[TURNOUT_CUTOFF] > p->n_cutoffs)
        fail(c, REASON_CUTOFF, r->number[TURNOUT_CUTOFF], p->n_cutoffs);
    bool has = record_number(r, TURNOUT_ELIGIBLE, &eligible);
    if (has && voters != VOTERS_UNKNOWN && eligible != voters)
        fail(c, REASON_F10, eligible, voters);
    if (!has)
        eligible = voters;
    if ((has || voters != VOTERS_UNKNOWN) && r->number[TURNOUT_VOTED] > eligible)
        fail(c, REASON_F1, r->number[TURNOUT_VOTED], eligible);
}

uint32_t check_statement(const struct plan *p, uint32_t ballot, const struct record *r,
                         struct finding ret[FINDINGS_MAX])
{
    struct check c = {.findings = ret};
    if (ret)
        memset(ret, 0, FINDINGS_MAX * sizeof *ret);
    if (r->kind == KIND_TALLY)
        check_tally(&c, p, ballot, r);
    if (r->kind == KIND_TURNOUT)
        check_turnout(&c, p, ballot, r);
    return c.reasons;
}

const char *reason_name(uint32_t reason)
{
    static const struct {
        uint32_t reason;
        const char *name;
    } names[] = {{REASON_F1, "F1"},
                 {REASON_F2, "F2"},
                 {REASON_F3, "F3"},
                 {REASON_F4, "F4"},
                 {REASON_F5, "F5"},
                 {REASON_F6, "F6"},
                 {REASON_F7, "F7"},
                 {REASON_F8, "F8"},
                 {REASON_F10, "F10"},
                 {REASON_CANDIDATE, "candidate"},
                 {REASON_PLACE, "place"},
                 {REASON_DEFINITION, "definition"},
                 {REASON_RETURNED, "returned"},
                 {REASON_CUTOFF, "cutoff"},
                 {REASON_UNREADABLE, "unreadable"},
                 {REASON_NOTHING, "nothing"}};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].reason == reason)
            return names[i].name;
    return "other";
}

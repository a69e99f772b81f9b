// planlook.c - questions to a plan: what has this code, what is due when, who may speak of whom.
#include "plan.h"
#include <string.h>

static struct bytes code_at(const struct plan *p, bool unit, uint32_t i)
{
    return unit ? p->units[i].code : p->contests[i].code;
}

// Where the code stands in the index, or the free slot where it would.
static uint32_t *find(const struct plan *p, bool unit, struct bytes code)
{
    uint32_t *slots = unit ? p->unit_slots : p->contest_slots;
    uint32_t mask = unit ? p->unit_mask : p->contest_mask;
    for (uint32_t i = bytes_hash(code);; i++)
        if (slots[i & mask] == PLAN_NONE || bytes_same(code_at(p, unit, slots[i & mask]), code))
            return &slots[i & mask];
}

const char *plan_index(struct plan *p)
{
    memset(p->unit_slots, 0xff, (p->unit_mask + 1) * sizeof(uint32_t));
    memset(p->contest_slots, 0xff, (p->contest_mask + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < p->n_units; i++) {
        uint32_t *slot = find(p, true, p->units[i].code);
        if (*slot != PLAN_NONE)
            return "two units of one code";
        *slot = i;
    }
    for (uint32_t i = 0; i < p->n_contests; i++) {
        uint32_t *slot = find(p, false, p->contests[i].code);
        if (*slot != PLAN_NONE)
            return "two contests of one code";
        *slot = i;
    }
    return NULL;
}

uint32_t plan_unit_of(const struct plan *p, struct bytes code)
{
    return *find(p, true, code);
}

const uint32_t *plan_likely_unit(const struct plan *p, struct bytes code)
{
    return &p->unit_slots[bytes_hash(code) & p->unit_mask];
}

const uint32_t *plan_likely_contest(const struct plan *p, struct bytes code)
{
    return &p->contest_slots[bytes_hash(code) & p->contest_mask];
}

uint32_t plan_contest_of(const struct plan *p, struct bytes code)
{
    return *find(p, false, code);
}

uint32_t plan_ballot_of(const struct plan *p, uint32_t unit, uint32_t contest)
{
    const struct plan_unit *u = &p->units[unit];
    for (uint32_t i = u->first_ballot; u->place && i < u->first_ballot + u->n_ballots; i++)
        if (p->ballots[i].contest == contest)
            return i;
    return PLAN_NONE;
}

uint32_t plan_cutoff_due(const struct plan *p, int64_t now)
{
    uint32_t n = 0;
    while (n < p->n_cutoffs && p->cutoffs[n].at <= now)
        n++;
    return n;
}

enum { DAY_MS = 24 * 3600 * 1000, VIETNAM_MS = 7 * 3600 * 1000 };

static int64_t day_of(int64_t at)
{
    return (at + VIETNAM_MS) / DAY_MS;
}

int64_t plan_due_at(const struct plan *p, uint32_t unit, unsigned cutoff)
{
    const struct plan_unit *u = &p->units[unit];
    int64_t at = p->cutoffs[cutoff - 1].at;
    for (uint32_t i = u->first_due; i < u->first_due + u->n_dues; i++)
        if (p->dues[i].cutoff == cutoff)
            return p->dues[i].at;
    if (u->opens == 0)
        return at;
    at += (day_of(u->opens) - day_of(at)) * DAY_MS;
    if (at > u->opens)
        return at;
    return cutoff == p->n_cutoffs && u->closes > u->opens ? u->closes : 0;
}

bool plan_below(const struct plan *p, uint32_t unit, uint32_t above)
{
    return unit >= above && unit < above + p->units[above].size;
}

uint32_t plan_places(const struct plan *p, uint32_t unit)
{
    uint32_t n = 0;
    for (uint32_t i = unit; i < unit + p->units[unit].size; i++)
        n += p->units[i].place;
    return n;
}

uint32_t plan_candidate_of(const struct plan *p, uint32_t contest, uint64_t number)
{
    const struct plan_contest *k = &p->contests[contest];
    for (uint32_t i = 0; i < k->n_candidates; i++)
        if (p->candidates[k->first_candidate + i].number == number)
            return i;
    return PLAN_NONE;
}

bool plan_may_speak(const struct plan *p, struct bytes author, uint32_t unit)
{
    const struct plan_unit *u = &p->units[unit];
    return bytes_same(author, u->code) || (u->former.n > 0 && bytes_same(author, u->former)) ||
           (u->parent != PLAN_NONE && bytes_same(author, p->units[u->parent].code));
}

// figures.c - what a bulletin counts and how it names units: the parts that its files share.
#include "figures.h"
#include <string.h>

void figures_of(const struct fold *f, uint32_t unit, unsigned kind, int64_t sums[SUMS_MAX])
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    int64_t share[SUMS_MAX];
    if (!u->place) {
        memcpy(sums, fold_sums(f, unit, kind), sums_of(p) * sizeof *sums);
        return;
    }
    memset(sums, 0, sums_of(p) * sizeof *sums);
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        if (p->contests[p->ballots[i].contest].kind != kind)
            continue;
        cell_share(p, &f->cells[i], f->turnouts + (size_t)i * p->n_cutoffs, share);
        for (unsigned k = 0; k < sums_of(p); k++)
            sums[k] += share[k];
    }
}

uint32_t figures_ballots(const struct plan *p, uint32_t unit, unsigned kind)
{
    const struct plan_unit *u = &p->units[unit];
    uint32_t n = 0;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++)
        n += p->contests[p->ballots[i].contest].kind == kind;
    return n;
}

bool figures_told(const struct fold *f, uint32_t unit)
{
    return f->inner[unit] != PLAN_NONE && f->told[f->inner[unit]].used;
}

bool figures_open(const struct plan *p, uint32_t unit, unsigned kind)
{
    return kind < p->n_kinds && !p->restricted[kind] && figures_ballots(p, unit, kind) > 0;
}

bool figures_has_places(const struct plan *p, uint32_t unit)
{
    const struct plan_unit *u = &p->units[unit];
    for (uint32_t i = unit + 1; i < unit + u->size; i += p->units[i].size)
        if (p->units[i].place)
            return true;
    return false;
}

bool figures_voters_known(const struct fold *f, uint32_t unit, unsigned kind, unsigned cutoff)
{
    const struct plan *p = f->plan;
    for (uint32_t i = unit; i < unit + p->units[unit].size;) {
        const struct plan_unit *u = &p->units[i];
        bool told = figures_told(f, i);
        uint32_t n = told || u->place ? u->n_ballots : 0;
        for (uint32_t k = u->first_ballot; k < u->first_ballot + n; k++) {
            const struct turnout_cell *t = &f->turnouts[(size_t)k * p->n_cutoffs + cutoff - 1];
            uint32_t voters = p->ballots[k].voters;
            if (p->contests[p->ballots[k].contest].kind != kind)
                continue;
            if (!told && t->eligible != UNSTATED)
                voters = t->eligible;
            else if (!told && f->cells[k].changes > 0)
                voters = f->cells[k].voters;
            if (voters == VOTERS_UNKNOWN && (told || t->fact.state == FACT_VALUE))
                return false;
        }
        i += told ? u->size : 1;
    }
    return true;
}

bool figures_voters(const struct fold *f, uint32_t unit, unsigned kind, uint64_t *ret)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    *ret = 0;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        uint32_t n = f->cells[i].changes > 0 ? f->cells[i].voters : p->ballots[i].voters;
        if (p->contests[p->ballots[i].contest].kind != kind)
            continue;
        if (n == VOTERS_UNKNOWN)
            return false;
        *ret += n;
    }
    return true;
}

bool figures_recognised(const struct fold *f, uint32_t unit)
{
    const struct plan *p = f->plan;
    int64_t sums[SUMS_MAX];
    for (unsigned k = 0; k < p->n_kinds; k++) {
        if (!figures_open(p, unit, k))
            continue;
        figures_of(f, unit, k, sums);
        if (sums[SUM_RECOGNISED] < figures_ballots(p, unit, k))
            return false;
    }
    return true;
}

void figures_levels(const struct bulletin *b, unsigned kind,
                    struct level_figures at[PLAN_LEVELS_MAX])
{
    const struct fold *f = b->fold;
    const struct plan *p = f->plan;
    uint32_t unknown_to = figures_told(f, b->unit) ? b->unit + p->units[b->unit].size : 0;
    int64_t sums[SUMS_MAX];
    memset(at, 0, PLAN_LEVELS_MAX * sizeof *at);
    for (uint32_t i = b->unit + 1; i < b->unit + p->units[b->unit].size; i++) {
        uint32_t n = p->units[i].place ? 0 : figures_ballots(p, i, kind);
        if (n == 0 || p->units[i].level >= PLAN_LEVELS_MAX)
            continue;
        struct level_figures *l = &at[p->units[i].level];
        l->n++;
        l->base = l->base || figures_has_places(p, i);
        l->direct = l->direct || p->units[i].parent == b->unit;
        if (i < unknown_to)
            continue;
        figures_of(f, i, kind, sums);
        l->known++;
        l->full += figures_turnout(sums, b->cutoff)[TURNOUT_FULL] == n;
        if (figures_told(f, i))
            unknown_to = i + p->units[i].size;
    }
}

void figures_due(const struct bulletin *b, uint32_t unit, unsigned kind, struct due_figures *ret)
{
    const struct plan *p = b->fold->plan;
    const struct plan_unit *u = &p->units[unit];
    memset(ret, 0, sizeof *ret);
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        unsigned state = b->fold->turnouts[(size_t)i * p->n_cutoffs + b->cutoff - 1].fact.state;
        const struct fact *facts = b->fold->cells[i].facts;
        bool postponed = facts[STEP_POSTPONED].state == FACT_VALUE &&
                         facts[STEP_OPENED].state != FACT_VALUE;
        int64_t at = postponed ? 0 : plan_due_at(p, p->ballots[i].unit, b->cutoff);
        if (p->contests[p->ballots[i].contest].kind != kind)
            continue;
        ret->held += state == FACT_QUARANTINED || state == FACT_CONFLICT;
        if (at == 0 || at > b->now) {
            ret->later += at > b->now && state == FACT_MISSING;
            continue;
        }
        ret->due++;
        ret->missing += state == FACT_MISSING;
    }
    if (!figures_told(b->fold, unit))
        return;
    // No cell is here: what is missing is what the sum does not cover.
    int64_t sums[SUMS_MAX];
    figures_of(b->fold, unit, kind, sums);
    int64_t here = figures_turnout(sums, b->cutoff)[TURNOUT_PLACES];
    ret->held = 0;
    ret->missing = here < ret->due ? ret->due - (uint32_t)here : 0;
}

struct bytes figures_level_word(const struct plan *p, unsigned level)
{
    return level < p->n_levels && p->levels[level].name.n > 0 ? p->levels[level].name
                                                              : bytes_text("đơn vị");
}

static struct bytes common_word(const struct plan *p, unsigned first, bool several)
{
    return figures_level_word(p, several ? PLAN_LEVELS_MAX : first);
}

struct bytes figures_place_word(const struct plan *p, uint32_t unit, unsigned kind)
{
    unsigned first = PLAN_LEVELS_MAX;
    bool several = false;
    for (uint32_t i = unit; i < unit + p->units[unit].size; i++) {
        if (!p->units[i].place || figures_ballots(p, i, kind) == 0)
            continue;
        several = several || (first != PLAN_LEVELS_MAX && p->units[i].level != first);
        first = p->units[i].level;
    }
    return several ? bytes_text("điểm bầu cử") : common_word(p, first, false);
}

struct bytes figures_child_word(const struct plan *p, uint32_t unit, unsigned kind)
{
    unsigned first = PLAN_LEVELS_MAX;
    bool several = false;
    for (uint32_t i = unit + 1; i < unit + p->units[unit].size; i += p->units[i].size) {
        if (figures_ballots(p, i, kind) == 0)
            continue;
        several = several || (first != PLAN_LEVELS_MAX && p->units[i].level != first);
        first = p->units[i].level;
    }
    return common_word(p, first, several);
}

// Whether the name says by itself what it is: "Xã Ba Vì".
static bool names_level(struct bytes name, struct bytes word)
{
    char small[2][PLAN_NAME_MAX + 1];
    struct writing a, b;
    if (name.n < word.n || name.n > PLAN_NAME_MAX || word.n > PLAN_NAME_MAX)
        return false;
    writing_init(&a, small[0], sizeof small[0]);
    writing_init(&b, small[1], sizeof small[1]);
    writing_lower(&a, name);
    writing_lower(&b, word);
    return a.n > b.n && memcmp(a.at, b.at, b.n) == 0 && a.at[b.n] == ' ';
}

void figures_unit(struct writing *w, const struct plan *p, uint32_t unit)
{
    const struct plan_unit *u = &p->units[unit];
    struct bytes word = figures_level_word(p, u->level);
    if (names_level(u->name, word)) {
        writing_lower(w, u->name);
        return;
    }
    writing_lower(w, word);
    writing_text(w, " ");
    writing_bytes(w, u->name);
}

void figures_within(struct writing *w, const struct plan *p, uint32_t unit, uint32_t above)
{
    writing_bytes(w, p->units[unit].name);
    if (p->units[unit].parent == above || p->units[unit].parent == PLAN_NONE)
        return;
    writing_text(w, ", ");
    figures_unit(w, p, p->units[unit].parent);
}

// figures.h - what a bulletin counts and how it names units: the parts that its files share.
#pragma once
#include "bulletin.h"

// Sums of one kind at any unit: those of a place are its cells'.
void figures_of(const struct fold *f, uint32_t unit, unsigned kind, int64_t sums[SUMS_MAX]);
static inline const int64_t *figures_turnout(const int64_t *sums, unsigned cutoff)
{
    return sums + SUM_TURNOUT + TURNOUT_SUMS * (cutoff - 1);
}
uint32_t figures_ballots(const struct plan *p, uint32_t unit,
                         unsigned kind); // its places of the kind
// The unit's own sums are known, of what lies below it nothing is.
bool figures_told(const struct fold *f, uint32_t unit);
bool figures_open(const struct plan *p, uint32_t unit,
                  unsigned kind);                             // voted on there, may be shown
bool figures_has_places(const struct plan *p, uint32_t unit); // directly below
// Voters are known wherever turnout was stated.
bool figures_voters_known(const struct fold *f, uint32_t unit, unsigned kind, unsigned cutoff);
// All voters of the unit's lists; false: one is not known.
bool figures_voters(const struct fold *f, uint32_t unit, unsigned kind, uint64_t *ret);
// Everything open below the unit is recognised.
bool figures_recognised(const struct fold *f, uint32_t unit);

// Units below, level by level, that have places of the kind: how many, known, with all at 100 %.
struct level_figures {
    uint32_t n, known, full;
    bool base, direct; // some have places directly below; some stand directly below the unit
};
void figures_levels(const struct bulletin *b, unsigned kind,
                    struct level_figures at[PLAN_LEVELS_MAX]);

// How a place stands with a cut-off that is due there; ballots of the kind only.
struct due_figures {
    uint32_t due, missing, held, later; // held: waits to be compared; later: not due yet
};
void figures_due(const struct bulletin *b, uint32_t unit, unsigned kind, struct due_figures *ret);

// Words of the plan: of places, of the units directly below; "đơn vị" where they are of several levels.
struct bytes figures_place_word(const struct plan *p, uint32_t unit, unsigned kind);
struct bytes figures_child_word(const struct plan *p, uint32_t unit, unsigned kind);
struct bytes figures_level_word(const struct plan *p, unsigned level);
void figures_unit(struct writing *w, const struct plan *p, uint32_t unit); // "tỉnh Quảng Ngãi"
// Its name, and what it is a part of where that is not `above`: "Thôn 5, xã X".
void figures_within(struct writing *w, const struct plan *p, uint32_t unit, uint32_t above);

// A bulletin under way.
struct page {
    const struct bulletin *b;
    const struct fold *f;
    const struct plan *p;
    struct writing *w;
    size_t room; // bytes of each list of names
    bool brief;
};
// bulletincourse.c: one kind's turnout, opening and closing, who owes a report
void page_turnout(struct page *g, unsigned kind); // of a cut-off from 1
void page_course(struct page *g, unsigned kind);
void page_absent(struct page *g, unsigned kind); // of a cut-off from 1
// bulletinend.c: after the course of the day
void page_incidents(struct page *g);
void page_situation(struct page *g);
void page_results(struct page *g);
void page_statistics(struct page *g);
struct result_figures { // of open contests decided below a unit
    uint32_t contests, decided, elected, partly, tied, none, no_quorum, reruns, n_recognised;
    bool recognised; // all of them
};
void page_result_figures(const struct page *g, struct result_figures *ret);
uint32_t page_open_incidents(const struct page *g, uint32_t *ret_closed);

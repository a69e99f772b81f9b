// summary.h - a hub's word about one child as bytes: its cut, and the sums and votes up to there.
//
//   content = [plan version, [*[author, about, stream, incarnation, n, h(n)]],
//              [*[kind, [*sum]]], [*[contest, [*sum]]]]
//
// The cut names each log that the sums speak of. Sums are those of cell.h, in their order; kinds and
// contests are named, so that a reader with another slice finds them. Only contests of units above
// the child are listed: results inside it come with the evidence.
#pragma once
#include "fold.h"

struct cut {
    unsigned n;
    struct have at[CUT_MAX];
};

// Cut of a unit from the heads of its logs, committed or of the turn under way: its reports and those
// about it, not plans.
void summary_cut(const struct log_table *logs, struct bytes unit, struct cut *ret);
bool cut_same(const struct cut *a, const struct cut *b);
bool cut_behind(const struct cut *a, const struct cut *b); // in any log that both or only b names

// Packs what the fold knows of the unit: of a node what its statements add up to, of a hub the sum of
// its newest summaries. p->full: more than SUMMARY_MAX.
void summary_pack(const struct fold *f, uint32_t unit, const struct cut *cut, struct packer *p);

// The record of a summary holds just what the fold makes of the unit at this cut.
bool summary_is(const struct fold *f, uint32_t unit, const struct cut *cut, struct bytes record);

struct summary { // views
    uint32_t plan;
    struct cut cut;
    struct cursor kinds, contests;
    unsigned n_kinds, n_contests;
};
int summary_decode(struct summary *s, struct bytes content); // 0 or -EBADMSG; views into content
// Next row: its name and *ret_n <= max numbers; false at the end, or where c->bad says why.
bool summary_next(struct cursor *c, struct bytes *ret_name, int64_t *numbers, unsigned max,
                  unsigned *ret_n);

// monitor.h - what a page that watches a unit shows of those below it: rows, tiles, turnout by cut-off.
//
// Everything is of one kind of contest, and of the cut-off that is looked at (0: before the first).
// Rows of places are of one unit at a time: those of a whole province are never in one answer.
#pragma once
#include "view.h"

enum {
    MONITOR_TILES = 400, // above it the units directly below stand for all that is below them
    MONITOR_ROWS = 500,  // places of one unit
    MONITOR_LINES = 12   // of turnout over time; above it groups, if they are not more
};

struct monitor {
    const struct office *o;
    uint32_t unit;
    unsigned kind, cutoff;
    int64_t now;
    bool restricted; // who asks may see restricted contests
};

// The kind to show: the one of this name, else the first that is voted on there; false: none may be shown.
bool monitor_kind(const struct monitor *m, const char *name, unsigned *ret_kind);
json_t *monitor_kinds(const struct monitor *m); // names of those voted on there that may be shown

// {"rows": of the units directly below, "more": how many are not in it}
json_t *monitor_children(const struct monitor *m);
// Units that have places directly below them, in the plan's order and by the unit or group they are in:
// {"level", "groups": [{"name", "rows"}]}; null of a place, and of a unit whose children are all places.
json_t *monitor_tiles(const struct monitor *m);
// Turnout at each cut-off: {"by": "unit" or "group" or "", "rows": [{"code", "name", "points"}]}. A point:
// who voted, of how many voters, at how many places, due at how many by now. Nothing is made up between.
json_t *monitor_series(const struct monitor *m);
// Of the units that have places directly below: how many; of which only a summary is here; whose own records are.
void monitor_known(const struct monitor *m, uint32_t *ret_n, uint32_t *ret_told,
                   uint32_t *ret_proven);
// After a count: contests decided, elected, not, rerun ...; null while none is decided.
json_t *monitor_results(const struct monitor *m);
bool monitor_recognised(const struct monitor *m); // all of it: until then figures are provisional
// Of a place: its ballots whole, with late marks; votes only where view_votes_open() or `votes`.
json_t *monitor_ballots(const struct monitor *m, bool votes);

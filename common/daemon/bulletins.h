// bulletins.h - the quick report and the statistics as node and hub both answer them.
#pragma once
#include "commands.h"
#include "common/office/traits.h"

// GET ?unit=CODE&cutoff=N&form=text|short|table; else of the own unit, at the last cut-off that is due.
void route_bulletin(void *ctx, const struct http_request *q, struct http_reply *a);
int command_bulletin(struct cli *cli); // prints its text
// GET ?unit=CODE: of those elected, from traits.csv.
void route_statistics(void *ctx, const struct http_request *q, struct http_reply *a);

// The statistics of a unit, where traits are here: else NULL. bulletins_free takes NULL too.
struct bulletin_traits {
    struct traits_file *file;
    struct statistics statistics;
};
const struct statistics *bulletins_statistics(struct daemon *d, uint32_t unit,
                                              struct bulletin_traits *ret);
// The cut-off of a word: its number, or the last that is due where it is empty; -EINVAL: no such one.
int bulletins_cutoff(const struct plan *p, const char *word, int64_t now);

// plaininside.h - what the parts of the page without scripts share: the page, and words and figures in its cells.
//
// plainwords.c makes the words, plaintables.c the tables of units, places and results, plainpage.c the whole.
#pragma once
#include "common/base/text.h"
#include "common/net/html.h"
#include "common/office/report.h"
#include "common/office/view.h"

enum {
    MISSING_SHOWN = 200,
    RESULTS_SHOWN = 200,
    CELL = PLAN_NAME_MAX + 400,
    PAGE_COLUMNS = PLAN_CUTOFFS_MAX + 8
};

struct page {
    struct html t;
    const struct office *o;
    const struct fold *f;
    const struct plan *p;
    uint32_t unit, own;
    enum language language;
    int64_t now;
    bool restricted; // contests of that kind are shown to who asks
};

// plainwords.c. Texts are cut at a cell's end.
const char *plain_say(const struct page *g, const char *key);
const char *plain_word(const struct page *g, const char *family, const char *name);
void plain_fill(const struct page *g, const char *key, const char *name, const char *value,
                char to[CELL]);
const char *plain_copy(struct bytes b, char to[CELL]);
const char *plain_moment(const struct page *g, int64_t at, char to[CELL]);
const char *plain_share(const struct page *g, json_int_t n, const json_t *base, char to[CELL]);
const char *plain_n_of(json_int_t n, json_int_t of, char to[CELL]);
json_int_t plain_number(const json_t *j, const char *name);
const char *plain_string(const json_t *j, const char *name);
const char *plain_to_unit(const struct page *g, struct bytes code, char to[CELL]);
const char *plain_link_word(const struct page *g, const struct office_link_state *link);

// plaintables.c: nothing where there is nothing to list.
void plain_units(struct page *g);
void plain_places(struct page *g);
void plain_results(struct page *g);

// pasteline.h - one line that was pasted: its cells, the village that it names, the figure behind the name.
#pragma once
#include "common/base/figure.h"
#include "villages.h"

enum { PASTE_CELLS_MAX = 24, PASTE_NUMBERS_MAX = 8 };

struct paste_number {
    uint64_t value;
    char text[FIGURE_TEXT];
};
struct paste_line {
    unsigned at; // from 1
    struct bytes text;
    char *cells[PASTE_CELLS_MAX]; // tidied
    unsigned n_cells;
    uint32_t village; // of the villages that are looked through
    unsigned cell;    // in which its name stands
    size_t behind;    // where the cell goes on behind the name
    struct paste_number numbers[PASTE_NUMBERS_MAX];
    unsigned n_numbers;
    char percent[FIGURE_TEXT]; // "" where there is none
    bool more;                 // an increment: "thêm 40", "+40"
    const char *why;           // the key of the sentence, where it is not understood
};

// In this order; each may set `why`, and then the line is not understood. `at` and `text` are the caller's.
void paste_line_cells(struct paste_line *l);
bool paste_line_village(const struct villages *v, struct paste_line *l);
void paste_line_figure(const struct villages *v, struct paste_line *l, uint64_t voters);
void paste_line_free(struct paste_line *l);

// plangrid.h - a table as an office sends it: rows of cells, whatever stands above or below them.
//
// Taken: UTF-8, UTF-16 with its mark, or bytes of an older encoding, each as the letter of Western
// Europe at its place (so TCVN3 can be told from them); comma, semicolon or tab, whichever makes
// the most rows of several cells; quotes; line breaks in cells. Blank rows are passed over, their
// numbers counted.
#pragma once
#include "common/base/faults.h"
#include "proto/pack.h"

enum grid_bytes { GRID_UTF8, GRID_UTF16, GRID_OLD }; // how the text was encoded

struct grid_row {
    unsigned line; // in the file, from 1
    uint32_t first;
    unsigned n;
};
struct grid {
    enum grid_bytes bytes;
    char *text; // the cells, one behind the other, each ended by NUL
    struct grid_row *rows;
    uint32_t *cells; // where each begins in text
    unsigned n_rows;
    uint32_t n_cells;
    size_t n_text;
};

// Rows that cannot be read are faults and missing. With `escaped`, \n, \r and \t in a cell are a
// blank's kind, as xlsx2csv --escape writes them. Free it in any case.
void grid_read(struct grid *g, struct bytes text, bool escaped, struct faults *faults);
void grid_free(struct grid *g);

// "" where there is none. As it stands but for the blanks around it.
const char *grid_cell(const struct grid *g, unsigned row, int column);
int grid_column(const struct grid *g, const char *name); // by the first row's words; -1: none

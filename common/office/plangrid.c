// plangrid.c - a table as an office sends it: rows of cells, whatever stands above or below them.
#include "plangrid.h"
#include "common/base/csv.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SEVERAL = 3 }; // cells that make a row one of a table

static bool utf8_valid(struct bytes b)
{
    for (size_t i = 0; i < b.n;) {
        uint8_t c = b.at[i];
        size_t n = c < 0x80                 ? 1
                   : c >= 0xc2 && c <= 0xdf ? 2
                   : c >= 0xe0 && c <= 0xef ? 3
                   : c >= 0xf0 && c <= 0xf4 ? 4
                                            : 0;
        if (n == 0 || n > b.n - i)
            return false;
        for (size_t k = 1; k < n; k++)
            if ((b.at[i + k] & 0xc0) != 0x80)
                return false;
        i += n;
    }
    return true;
}

static size_t put_letter(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

// UTF-16 as Excel's "Unicode text"; a half of a pair becomes the sign for what is unknown.
static size_t from_utf16(char *to, struct bytes b, bool big)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < b.n; i += 2) {
        uint32_t c = (uint32_t)b.at[i + !big] << 8 | b.at[i + big];
        if (c >= 0xd800 && c <= 0xdbff && i + 3 < b.n) {
            uint32_t d = (uint32_t)b.at[i + 2 + !big] << 8 | b.at[i + 2 + big];
            if (d >= 0xdc00 && d <= 0xdfff) {
                c = 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00);
                i += 2;
            }
        }
        n += put_letter(to + n, c >= 0xd800 && c <= 0xdfff ? 0xfffd : c);
    }
    return n;
}

// The text as UTF-8, malloc'd. Bytes that are not are taken one by one.
static struct bytes as_utf8(struct bytes b, enum grid_bytes *ret_bytes)
{
    char *to = malloc(2 * b.n + 4);
    size_t n = 0;
    assert(to);
    bool little = b.n >= 2 && memcmp(b.at, "\xff\xfe", 2) == 0;
    bool big = b.n >= 2 && memcmp(b.at, "\xfe\xff", 2) == 0;
    if (little || big) {
        *ret_bytes = GRID_UTF16;
        n = from_utf16(to, bytes_of(b.at + 2, b.n - 2), big);
    } else if (utf8_valid(b)) {
        *ret_bytes = GRID_UTF8;
        n = b.n;
        if (n > 0)
            memcpy(to, b.at, n);
    } else {
        *ret_bytes = GRID_OLD;
        for (size_t i = 0; i < b.n; i++)
            n += put_letter(to + n, b.at[i]);
    }
    for (size_t i = 0; i < n; i++) // no NUL may hide the end of a cell
        if (to[i] == 0)
            to[i] = ' ';
    return bytes_of(to, n);
}

// How many lines would be rows of several cells with this separator.
static unsigned rows_with(struct bytes text, char separator)
{
    unsigned n_rows = 0, n = 0;
    bool quoted = false;
    for (size_t i = 0; i <= text.n; i++) {
        char c = i < text.n ? (char)text.at[i] : '\n';
        quoted ^= c == '"';
        n += !quoted && c == separator;
        if (c == '\n' || c == '\r') {
            n_rows += n + 1 >= SEVERAL;
            n = 0;
            quoted = false; // a stray quote must not swallow the rest
        }
    }
    return n_rows;
}

static char separator_of(struct bytes text)
{
    static const char known[] = {'\t', ';', ','};
    char best = ',';
    unsigned most = 0;
    for (size_t i = 0; i < sizeof known; i++) {
        unsigned n = rows_with(text, known[i]);
        if (n > most) {
            most = n;
            best = known[i];
        }
    }
    return best;
}

// What xlsx2csv --escape wrote, as the line break it was.
static void unescape(char *cell)
{
    char *to = cell;
    for (const char *from = cell; *from; from++)
        if (from[0] == '\\' && from[1] && strchr("nrt", from[1])) {
            *to++ = *++from == 'n' ? '\n' : ' ';
        } else
            *to++ = *from;
    *to = 0;
}

static void keep_cell(struct grid *g, struct bytes field, bool escaped)
{
    while (field.n > 0 && strchr(" \t\r\n", field.at[0]))
        field = bytes_of(field.at + 1, field.n - 1);
    while (field.n > 0 && strchr(" \t\r\n", field.at[field.n - 1]))
        field.n--;
    char *to = g->text + g->n_text;
    if (field.n > 0)
        memcpy(to, field.at, field.n);
    to[field.n] = 0;
    if (escaped)
        unescape(to);
    g->cells[g->n_cells++] = (uint32_t)g->n_text;
    g->n_text += strlen(to) + 1;
}

static void keep_row(struct grid *g, struct csv *csv, bool escaped)
{
    if (g->n_rows % 64 == 0) {
        g->rows = realloc(g->rows, (g->n_rows + 64) * sizeof g->rows[0]);
        assert(g->rows);
    }
    struct grid_row *row = &g->rows[g->n_rows++];
    *row = (struct grid_row){.line = csv_line(csv), .first = g->n_cells};
    for (unsigned i = 0; i < CSV_COLUMNS_MAX; i++)
        if (csv_field(csv, (int)i).n > 0)
            row->n = i + 1;
    if (row->n == 0)
        return;
    g->cells = realloc(g->cells, (g->n_cells + row->n) * sizeof g->cells[0]);
    assert(g->cells);
    for (unsigned i = 0; i < row->n; i++)
        keep_cell(g, csv_field(csv, (int)i), escaped);
}

void grid_read(struct grid *g, struct bytes text, bool escaped, struct faults *faults)
{
    struct csv *csv;
    *g = (struct grid){0};
    struct bytes utf8 = as_utf8(text, &g->bytes);
    g->text = malloc(2 * utf8.n + CSV_COLUMNS_MAX + 1); // each cell has its NUL
    assert(g->text);
    if (utf8.n < UINT32_MAX / 2) {
        csv_open_rows(&csv, utf8, separator_of(utf8), NULL, faults);
        while (csv_next(csv))
            keep_row(g, csv, escaped);
        csv_close(&csv);
    }
    free((void *)(uintptr_t)utf8.at);
}

void grid_free(struct grid *g)
{
    free(g->text);
    free(g->rows);
    free(g->cells);
    *g = (struct grid){0};
}

const char *grid_cell(const struct grid *g, unsigned row, int column)
{
    if (column < 0 || row >= g->n_rows || (unsigned)column >= g->rows[row].n)
        return "";
    return g->text + g->cells[g->rows[row].first + (uint32_t)column];
}

int grid_column(const struct grid *g, const char *name)
{
    for (unsigned i = 0; g->n_rows > 0 && i < g->rows[0].n; i++)
        if (strcasecmp(grid_cell(g, 0, (int)i), name) == 0)
            return (int)i;
    return -1;
}

// csv.c - rows of a spreadsheet's file, whatever the spreadsheet did to it.
#include "common/base/csv.h"
#include "proto/utf8.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ENCODING_FAULTS_MAX = 10 };

struct csv {
    struct bytes text;
    size_t at;          // next byte to read
    unsigned line, row; // line of that byte; line where the row at hand began
    uint8_t separator;
    const char *file;
    struct faults *faults;
    uint8_t *buffer; // as long as the text: unquoting never makes it longer
    size_t used;
    unsigned n_fields, n_columns;
    bool beyond; // something stands behind the last column
    struct bytes fields[CSV_COLUMNS_MAX];
    char *names[CSV_COLUMNS_MAX]; // of the columns, trimmed
    bool asked[CSV_COLUMNS_MAX];
};

static bool line_end(uint8_t c)
{
    return c == '\n' || c == '\r';
}

static struct bytes trim(struct bytes b)
{
    while (b.n > 0 && (b.at[0] == ' ' || b.at[0] == '\t'))
        b = bytes_of(b.at + 1, b.n - 1);
    while (b.n > 0 && (b.at[b.n - 1] == ' ' || b.at[b.n - 1] == '\t'))
        b.n--;
    return b;
}

// Moves over one line end, which may be two bytes.
static void pass_line_end(struct csv *c)
{
    if (c->at >= c->text.n)
        return;
    bool crlf = c->text.at[c->at] == '\r' && c->at + 1 < c->text.n && c->text.at[c->at + 1] == '\n';
    c->at += crlf ? 2 : 1;
    c->line++;
}

static void pass_line(struct csv *c)
{
    while (c->at < c->text.n && !line_end(c->text.at[c->at]))
        c->at++;
    pass_line_end(c);
}

// Looks at the whole text once, so that a file in a wrong encoding is told as that and nothing
// else.
static bool encoding_ok(struct csv *c)
{
    unsigned n_bad = 0;
    if (c->text.n >= 2 &&
        (memcmp(c->text.at, "\xff\xfe", 2) == 0 || memcmp(c->text.at, "\xfe\xff", 2) == 0 ||
         memchr(c->text.at, 0, c->text.n < 64 ? c->text.n : 64) != NULL)) {
        faults_add(c->faults, c->file, 1, "this is UTF-16 or no text at all: save as CSV UTF-8");
        return false;
    }
    while (c->at < c->text.n && n_bad < ENCODING_FAULTS_MAX) {
        size_t start = c->at;
        while (c->at < c->text.n && !line_end(c->text.at[c->at]))
            c->at++;
        bool ok = true; // tabs are the one control that may stand in a line
        for (size_t i = start, k; i <= c->at && ok; i = k + 1) {
            for (k = i; k < c->at && c->text.at[k] != '\t';)
                k++;
            ok = utf8_ok(bytes_of(c->text.at + i, k - i));
        }
        if (!ok)
            faults_add(c->faults, c->file, c->line,
                       "not UTF-8, or an invisible character in it: save as CSV UTF-8");
        n_bad += !ok;
        pass_line_end(c);
    }
    return n_bad == 0;
}

// The separator, from "sep=;" on a line of its own or from what the header line has most of.
static void find_separator(struct csv *c)
{
    size_t n = c->text.n - c->at;
    const uint8_t *s = c->text.at + c->at;
    size_t n_comma = 0, n_semicolon = 0, n_tab = 0;
    bool quoted = false;
    if (n >= 5 && strncasecmp((const char *)s, "sep=", 4) == 0 && (n == 5 || line_end(s[5]))) {
        c->separator = s[4];
        pass_line(c);
        return;
    }
    while (c->at < c->text.n && line_end(c->text.at[c->at]))
        pass_line_end(c);
    for (size_t i = c->at; i < c->text.n && (quoted || !line_end(c->text.at[i])); i++) {
        uint8_t at = c->text.at[i];
        quoted ^= at == '"';
        n_comma += !quoted && at == ',';
        n_semicolon += !quoted && at == ';';
        n_tab += !quoted && at == '\t';
    }
    c->separator = n_tab > n_comma && n_tab > n_semicolon ? '\t'
                   : n_semicolon > n_comma                ? ';'
                                                          : ',';
}

static bool at_field_end(const struct csv *c)
{
    return c->at >= c->text.n || c->text.at[c->at] == c->separator || line_end(c->text.at[c->at]);
}

// What stands between quotes, into the buffer. NULL, or what is wrong.
static const char *take_quoted(struct csv *c, struct bytes *ret_field)
{
    uint8_t *to = c->buffer + c->used;
    size_t n = 0;
    for (c->at++;; c->at++) {
        if (c->at >= c->text.n || n > CSV_FIELD_MAX)
            return "a quote is opened in this row and not closed, or far below";
        uint8_t b = c->text.at[c->at];
        if (b == '"' && (c->at + 1 >= c->text.n || c->text.at[c->at + 1] != '"'))
            break;
        if (b == '"')
            c->at++;
        if (b == '\n' || (b == '\r' && (c->at + 1 >= c->text.n || c->text.at[c->at + 1] != '\n')))
            c->line++;
        to[n++] = b;
    }
    c->at++;
    c->used += n;
    *ret_field = bytes_of(to, n);
    while (!at_field_end(c) && c->text.at[c->at] == ' ')
        c->at++;
    return at_field_end(c) ? NULL : "text behind a closing quote: double the quotes inside a field";
}

static const char *take_field(struct csv *c, struct bytes *ret_field)
{
    size_t start = c->at;
    while (!at_field_end(c) && c->text.at[c->at] == ' ')
        c->at++;
    if (c->at < c->text.n && c->text.at[c->at] == '"')
        return take_quoted(c, ret_field);
    while (!at_field_end(c))
        c->at++;
    *ret_field = bytes_of(c->text.at + start, c->at - start);
    return ret_field->n > CSV_FIELD_MAX ? "a field is too long" : NULL;
}

// The fields of one row; something == one of them is not blank.
static const char *take_row(struct csv *c, bool *ret_something)
{
    unsigned limit = c->n_columns > 0 ? c->n_columns : CSV_COLUMNS_MAX;
    c->used = 0;
    c->n_fields = 0;
    c->beyond = *ret_something = false;
    for (;;) {
        struct bytes field;
        const char *why = take_field(c, &field);
        if (why)
            return why;
        bool blank = trim(field).n == 0;
        if (c->n_fields < limit)
            c->fields[c->n_fields++] = field;
        else
            c->beyond |= !blank;
        *ret_something |= !blank;
        if (c->at >= c->text.n || line_end(c->text.at[c->at]))
            break;
        c->at++; // the separator
    }
    pass_line_end(c);
    return c->beyond ? "more fields than the header has columns" : NULL;
}

bool csv_next(struct csv *c)
{
    while (c->at < c->text.n) {
        size_t start = c->at;
        bool something;
        c->row = c->line;
        const char *why = take_row(c, &something);
        if (!why && something)
            return true;
        if (!why)
            continue;
        faults_add(c->faults, c->file, c->row, "%s", why);
        if (!c->beyond) { // nothing behind an unclosed quote can be trusted: go on with the next
                          // line
            c->at = start;
            c->line = c->row;
            pass_line(c);
        }
    }
    c->n_fields = 0;
    return false;
}

static int take_header(struct csv *c)
{
    unsigned before = c->faults->n;
    if (!csv_next(c)) {
        if (c->faults->n == before)
            faults_add(c->faults, c->file, c->line,
                       "the file is empty: its first line names the columns");
        return -EBADMSG;
    }
    for (unsigned i = 0; i < c->n_fields; i++) {
        struct bytes name = trim(c->fields[i]);
        c->names[i] = strndup(name.n > 0 ? (const char *)name.at : "", name.n);
        assert(c->names[i]);
        for (unsigned k = 0; k < i && name.n > 0; k++)
            if (strcasecmp(c->names[i], c->names[k]) == 0)
                faults_add(c->faults, c->file, c->row, "the column \"%s\" stands here twice",
                           c->names[i]);
    }
    c->n_columns = c->n_fields;
    return c->faults->n == before ? 0 : -EBADMSG;
}

static struct csv *begin(struct bytes text, const char *file, struct faults *faults)
{
    struct csv *c = calloc(1, sizeof *c);
    assert(c);
    if (text.n >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0)
        text = bytes_of(text.at + 3, text.n - 3);
    *c = (struct csv){.text = text, .line = 1, .file = file, .faults = faults};
    c->buffer = malloc(text.n + 1);
    assert(c->buffer);
    return c;
}

void csv_open_rows(struct csv **ret_csv, struct bytes text, char separator, const char *file,
                   struct faults *faults)
{
    *ret_csv = begin(text, file, faults);
    (*ret_csv)->separator = (uint8_t)separator;
}

int csv_open(struct csv **ret_csv, struct bytes text, const char *file, struct faults *faults)
{
    struct csv *c = begin(text, file, faults);
    int rc = encoding_ok(c) ? 0 : -EBADMSG;
    c->at = 0;
    c->line = 1;
    if (rc == 0) {
        find_separator(c);
        rc = take_header(c);
    }
    if (rc < 0)
        csv_close(&c);
    *ret_csv = c;
    return rc;
}

void csv_close(struct csv **csv)
{
    if (!*csv)
        return;
    for (unsigned i = 0; i < CSV_COLUMNS_MAX; i++)
        free((*csv)->names[i]);
    free((*csv)->buffer);
    free(*csv);
    *csv = NULL;
}

int csv_column(struct csv *c, const char *name, bool needed)
{
    for (unsigned i = 0; i < c->n_columns; i++)
        if (strcasecmp(c->names[i], name) == 0) {
            c->asked[i] = true;
            return (int)i;
        }
    if (needed)
        faults_add(c->faults, c->file, c->row, "the column \"%s\" is missing", name);
    return -1;
}

void csv_unknown(struct csv *c)
{
    for (unsigned i = 0; i < c->n_columns; i++)
        if (!c->asked[i] && c->names[i][0])
            faults_add(c->faults, c->file, c->row, "the column \"%s\" is unknown", c->names[i]);
}

unsigned csv_line(const struct csv *c)
{
    return c->row;
}

struct bytes csv_field(const struct csv *c, int column)
{
    if (column < 0 || (unsigned)column >= c->n_fields)
        return bytes_of("", 0);
    return c->fields[column];
}

void csv_write_field(FILE *to, struct bytes field, bool harmless)
{
    const char *first = field.n > 0 && field.at[0] ? strchr("=+-@\t\r", field.at[0]) : NULL;
    bool quoted = field.n > 0 && (field.at[0] == ' ' || field.at[field.n - 1] == ' ');
    for (size_t i = 0; i < field.n && !quoted; i++)
        quoted = field.at[i] != 0 && strchr(",;\"\n\r\t", field.at[i]) != NULL;
    if (quoted)
        fputc('"', to);
    if (harmless && first)
        fputc('\'', to);
    for (size_t i = 0; i < field.n; i++) {
        if (field.at[i] == '"')
            fputc('"', to);
        fputc(field.at[i], to);
    }
    if (quoted)
        fputc('"', to);
}

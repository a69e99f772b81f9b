// mergerows.c - the rows of one table from below: which are villages, and what each says.
#include "mergeinside.h"
#include "common/base/vntext.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FOOTER_CELLS = 2 };

void sheet_say(struct sheet *s, enum merge_says what, const char *a, const char *b)
{
    merge_say(s->m, &s->at, what, a, b, NULL);
}

const char *sheet_cell(const struct sheet *s, unsigned row, int column)
{
    return grid_cell(s->g, row, s->head.at[column]);
}

const char *sheet_word(struct sheet *s, unsigned row, int column)
{
    const char *cell = sheet_cell(s, row, column);
    if (vn_letters(bytes_text(cell)) != VN_TCVN3)
        return cell;
    char *unicode = vn_from_tcvn3(bytes_text(cell));
    const char *kept = merge_keep(s->m, unicode);
    free(unicode);
    return kept;
}

const char *sheet_name(struct sheet *s, const char *cell)
{
    char to[REPAIR_NAME_MAX];
    if (!cell[0])
        return NULL;
    unsigned what = repair_name(cell, s->g->bytes == GRID_OLD, to);
    if (what & NAME_VNI)
        sheet_say(s, SAYS_VNI, cell, NULL);
    if (what & NAME_UNREADABLE)
        sheet_say(s, SAYS_UNREADABLE, cell, NULL);
    if (what & NAME_LONG)
        sheet_say(s, SAYS_LONG, cell, NULL);
    if (what & NAME_TCVN3)
        sheet_say(s, SAYS_TCVN3, cell, to);
    if (what & NAME_NFC)
        sheet_say(s, SAYS_NFC, to, NULL);
    if (what & NAME_BLANKS)
        sheet_say(s, SAYS_BLANKS, cell, to);
    if (what & NAME_HIDDEN)
        sheet_say(s, SAYS_HIDDEN, to, NULL);
    return to[0] ? merge_keep(s->m, to) : NULL;
}

// ---- what is no village ----

static bool begins(const char *key, const char *const *words)
{
    for (; *words; words++) {
        size_t n = strlen(*words);
        if (strncmp(key, *words, n) == 0 && (key[n] == 0 || key[n] == ' '))
            return true;
    }
    return false;
}

// Sums, notes, signatures: by the words of the row's first cell. Sums do not end a table.
static bool is_footer(struct sheet *s, unsigned row)
{
    static const char *const sums[] = {"tong", "cong", NULL};
    static const char *const ends[] = {"ghi chu",  "luu y",  "nguoi lap", "lap bieu", "noi nhan",
                                       "tm",       "kt",     "xac nhan",  "chu tich", "nguoi nhap",
                                       "dai dien", "ky ten", "chu thich", NULL};
    unsigned i = 0;
    while (i < s->g->rows[row].n && !grid_cell(s->g, row, (int)i)[0])
        i++;
    char *key = vn_key(bytes_text(grid_cell(s->g, row, (int)i)), VN_BARE);
    bool sum = begins(key, sums), end = begins(key, ends);
    bool date = strncmp(key, "ngay ", 5) == 0 || (strstr(key, " ngay ") && strstr(key, " thang "));
    s->ended |= end || date;
    free(key);
    return sum || end || date;
}

static unsigned cells_used(const struct sheet *s, unsigned row)
{
    unsigned n = 0;
    for (unsigned i = 0; i < s->g->rows[row].n; i++)
        n += grid_cell(s->g, row, (int)i)[0] != 0;
    return n;
}

static void pass_row(struct sheet *s, unsigned row)
{
    for (unsigned i = 0; i < s->g->rows[row].n; i++)
        if (grid_cell(s->g, row, (int)i)[0]) {
            sheet_say(s, SAYS_ROW_PASSED, grid_cell(s->g, row, (int)i), NULL);
            return;
        }
}

// "(1) (2) (3)" below the header.
static bool counts_columns(const struct sheet *s, unsigned row)
{
    long before = -1;
    for (unsigned i = 0; i < s->g->rows[row].n; i++) {
        const char *cell = grid_cell(s->g, row, (int)i);
        char *end;
        if (!cell[0])
            continue;
        long v = strtol(cell + (cell[0] == '('), &end, 10);
        if (*end == ')')
            end++;
        if (*end || v < 0 || v > 60 || (before >= 0 && v != before + 1))
            return false;
        before = v;
    }
    return before > 1;
}

// A header written again, or its second line.
static bool is_header(const struct sheet *s, unsigned row)
{
    char *key = vn_key(bytes_text(sheet_cell(s, row, COLUMN_NAME)), VN_BARE);
    char *head = vn_key(bytes_text(grid_cell(s->g, s->head.row, s->head.at[COLUMN_NAME])), VN_BARE);
    bool again = key[0] && strcmp(key, head) == 0;
    bool digits = false;
    for (unsigned i = 0; i < s->g->rows[row].n; i++)
        digits |= isdigit((unsigned char)grid_cell(s->g, row, (int)i)[0]) != 0;
    bool second = row == s->head.row + s->head.n_rows && !key[0] && !digits &&
                  !sheet_cell(s, row, COLUMN_CODE)[0];
    free(key);
    free(head);
    return again || second;
}

// ---- a village ----

static void read_voters(struct sheet *s, const char *cell, struct village *v)
{
    uint32_t n;
    enum number_fault fault;
    char text[16];
    enum reading r = repair_voters(cell, &n, &fault);
    snprintf(text, sizeof text, "%u", n);
    v->voters = r == READ_PLAIN || r == READ_NOTED || r == READ_PROPOSED ? (int64_t)n : -1;
    if (r == READ_NOTED)
        sheet_say(s, SAYS_NUMBER, cell, text);
    if (r == READ_PROPOSED)
        sheet_say(s, SAYS_NUMBER_PROPOSED, cell, text);
    if (r == READ_EMPTY)
        sheet_say(s, SAYS_NUMBER_MISSING, v->name, NULL);
    if (r == READ_WRONG)
        sheet_say(s,
                  fault == NUMBER_PERCENT ? SAYS_NUMBER_PERCENT
                  : fault == NUMBER_BIG   ? SAYS_NUMBER_BIG
                  : fault == NUMBER_ZERO  ? SAYS_NUMBER_ZERO
                                          : SAYS_NUMBER_WRONG,
                  cell, NULL);
}

static void read_method(struct sheet *s, const char *cell, struct village *v)
{
    char *key = vn_key(bytes_text(cell), VN_BARE);
    enum reading r = repair_method(cell, &v->method);
    char *plain = vn_key(bytes_text(repair_method_name(v->method)), VN_BARE);
    if (r == READ_PLAIN && strcmp(key, plain) != 0)
        sheet_say(s, SAYS_METHOD, cell, repair_method_name(v->method));
    if (r == READ_WRONG)
        sheet_say(s, SAYS_METHOD_WRONG, cell, NULL);
    free(plain);
    free(key);
}

// A bare number gets its kind before it, as the column beside it says; any other name stays.
static const char *with_kind(struct sheet *s, const char *name, const char *kind)
{
    const char *roman = "IVXivx";
    if (!kind[0] ||
        (strspn(name, "0123456789") != strlen(name) && strspn(name, roman) != strlen(name)))
        return name;
    const char *word = sheet_name(s, kind);
    if (!word)
        return name;
    char *whole = (char *)(uintptr_t)merge_print(s->m, "%s %s", word, name);
    whole[0] = (char)(whole[0] < 0 ? whole[0] : toupper(whole[0]));
    sheet_say(s, SAYS_NAME_MADE, name, whole);
    return whole;
}

static void add_village(struct sheet *s, struct village *v)
{
    struct merge *m = s->m;
    struct commune *c = &m->communes[v->commune];
    if (c->n_villages == MERGE_VILLAGES_MAX) {
        sheet_say(s, SAYS_VILLAGES_MANY, merge_print(m, "%d", MERGE_VILLAGES_MAX), NULL);
        s->full = true;
        return;
    }
    c->n_villages++;
    if (!c->file) {
        c->file = s->at.file;
        c->n_files = 1;
    } else if (c->file != s->at.file && strcmp(c->file, s->at.file) != 0) {
        struct merge_at at = {.commune = v->commune, .file = c->file};
        merge_say(m, &at, SAYS_COMMUNE_FILES, s->at.file, NULL, NULL);
        c->file = s->at.file;
        c->n_files++;
    }
    m->villages = merge_room(m->villages, m->n_villages, sizeof m->villages[0]);
    m->villages[m->n_villages] = *v;
    if (c->last_village == MERGE_NONE)
        c->first_village = (int)m->n_villages;
    else
        m->villages[c->last_village].next = (int)m->n_villages;
    c->last_village = (int)m->n_villages++;
}

static void read_village(struct sheet *s, unsigned row)
{
    const char *kind = sheet_word(s, row, COLUMN_KIND);
    struct village v = {.commune = s->at.commune,
                        .next = MERGE_NONE,
                        .former = MERGE_NONE,
                        .method = "",
                        .opens = "",
                        .closes = "",
                        .at = s->at};
    const char *name = sheet_name(s, sheet_cell(s, row, COLUMN_NAME));
    if (!name)
        return;
    v.code = merge_keep(s->m, sheet_cell(s, row, COLUMN_CODE));
    v.name = with_kind(s, name, kind);
    v.tones = merge_key(s->m, v.name, true);
    v.bare = merge_key(s->m, v.name, false);
    v.kind = repair_kind(v.bare) ? repair_kind(v.bare) : repair_kind(merge_key(s->m, kind, false));
    read_voters(s, sheet_cell(s, row, COLUMN_VOTERS), &v);
    read_method(s, sheet_word(s, row, COLUMN_METHOD), &v);
    sheet_hours(s, row, &v);
    sheet_persons(s, row, &v);
    add_village(s, &v);
    s->next_line = s->at.line + 1;
}

// ---- the table ----

static void tell_columns(struct sheet *s)
{
    s->at.line = s->g->rows[s->head.row].line;
    for (unsigned i = 0; i < s->g->rows[s->head.row].n; i++) {
        const char *cell = grid_cell(s->g, s->head.row, (int)i);
        bool used = false;
        for (int k = 0; k < COLUMNS; k++)
            used |= s->head.at[k] == (int)i && k != COLUMN_PHONE;
        if (s->head.at[COLUMN_PHONE] == (int)i)
            sheet_say(s, SAYS_PHONES, cell, NULL);
        else if (!used && cell[0])
            sheet_say(s, SAYS_COLUMN_UNUSED, cell, NULL);
    }
    s->at.line = 0;
}

static bool names_village(struct sheet *s, unsigned row)
{
    const char *name = sheet_cell(s, row, COLUMN_NAME);
    char *key = vn_key(bytes_text(name), VN_BARE);
    bool kind = repair_kind(key) != NULL;
    free(key);
    return name[0] && (!s->ended || kind || cells_used(s, row) > FOOTER_CELLS);
}

// A row of another candidate, where each repeats the village.
static bool goes_on(const struct sheet *s, unsigned row)
{
    int last = s->m->communes[s->at.commune].last_village;
    if (!s->head.of_people || last == MERGE_NONE || s->m->villages[last].at.line + 1 > s->at.line)
        return false;
    return strcmp(merge_key(s->m, sheet_cell(s, row, COLUMN_NAME), true),
                  s->m->villages[last].tones) == 0 &&
           strcmp(s->m->villages[last].at.file, s->at.file) == 0;
}

// A row without a village: more candidates of the one above it, a place that is kept free, a fault,
// or nothing of the table.
static void read_nameless(struct sheet *s, unsigned row)
{
    bool people = sheet_cell(s, row, COLUMN_PEOPLE)[0] != 0;
    for (int i = COLUMN_PERSON_1; i <= COLUMN_PERSON_LAST; i++)
        people |= sheet_cell(s, row, i)[0] != 0;
    bool figures = sheet_cell(s, row, COLUMN_VOTERS)[0] || sheet_cell(s, row, COLUMN_CODE)[0];
    bool only_number = cells_used(s, row) == 1 && sheet_cell(s, row, COLUMN_NUMBER)[0];
    bool below = s->at.line == s->next_line && !s->ended;
    if (people && !figures && below) {
        sheet_persons(s, row, &s->m->villages[s->m->n_villages - 1]);
        s->next_line++;
    } else if ((figures || people) && !s->ended)
        sheet_say(s, SAYS_NO_NAME, NULL, NULL);
    else if (!only_number || s->ended)
        pass_row(s, row);
}

static void read_row(struct sheet *s, unsigned row)
{
    bool villages = !s->head.of_people || s->head.at[COLUMN_VOTERS] != MERGE_NONE;
    if (row == s->head.row + s->head.n_rows && counts_columns(s, row))
        return;
    if (is_footer(s, row) || is_header(s, row)) {
        pass_row(s, row);
        return;
    }
    if (names_village(s, row)) {
        if (!sheet_commune_of_row(s, row))
            return;
        if (villages && !goes_on(s, row))
            read_village(s, row);
    } else if (!s->head.of_people) {
        read_nameless(s, row);
        return;
    }
    if (s->head.of_people)
        sheet_person_row(s, row);
}

static void read_table(struct sheet *s)
{
    unsigned before = s->m->n_villages;
    if (!merge_find_head(s->g, &s->head)) {
        s->head.row = s->g->n_rows < 30 ? s->g->n_rows : 30;
        s->at.commune = sheet_commune_of_file(s);
        if (s->at.commune < 0)
            s->at.commune = MERGE_NONE;
        if (s->at.sheet == 0)
            sheet_say(s, SAYS_NO_HEADER, NULL, NULL);
        else if (s->g->n_rows > 0)
            pass_row(s, 0);
        return;
    }
    if (!sheet_find_commune(s))
        return;
    tell_columns(s);
    unsigned first = s->head.row + s->head.n_rows;
    for (unsigned row = first; row < s->g->n_rows && !s->full; row++) {
        s->at.line = s->g->rows[row].line;
        read_row(s, row);
    }
    s->at.line = 0;
    if (s->m->n_villages == before && !s->head.of_people)
        sheet_say(s, SAYS_NO_ROWS, NULL, NULL);
}

void merge_table(struct merge *m, const char *file, unsigned sheet, struct bytes text, bool escaped)
{
    struct faults faults = {0};
    struct grid g;
    if (m->unusable)
        return;
    grid_read(&g, text, escaped, &faults);
    struct sheet s = {.m = m,
                      .g = &g,
                      .at = {.commune = MERGE_NONE, .file = merge_keep(m, file), .sheet = sheet},
                      .last_code = "",
                      .last_name = ""};
    if (g.n_rows > 0 || sheet == 0)
        read_table(&s);
    s.at.line = 0;
    if (g.bytes == GRID_UTF16)
        sheet_say(&s, SAYS_UTF16, NULL, NULL);
    for (unsigned i = 0; i < faults.n_kept; i++) {
        s.at.line = faults.at[i].line;
        sheet_say(&s, SAYS_ROW_BROKEN, NULL, NULL);
    }
    faults_clear(&faults);
    grid_free(&g);
}

void merge_unreadable(struct merge *m, const char *file, const char *why)
{
    struct merge_at at = {.commune = MERGE_NONE, .file = merge_keep(m, file)};
    merge_say(m, &at, SAYS_FILE_UNREADABLE, why, NULL, NULL);
}

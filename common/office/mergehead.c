// mergehead.c - finds the header of a table by its words, and what each column is for.
#include "mergeinside.h"
#include "common/base/vntext.h"
#include <stdlib.h>
#include <string.h>

enum { HEADER_ROWS_MAX = 30, KEY_LONG = 80 }; // rows looked at; a longer cell is no column's name

// The first phrase that a header holds decides. '=' before it: the header is exactly that.
static const struct {
    const char *words;
    enum column column;
} known[] = {
    {"dien thoai", COLUMN_PHONE},
    {"sdt", COLUMN_PHONE},
    {"so dt", COLUMN_PHONE},
    {"phone", COLUMN_PHONE},
    {"ghi chu", COLUMN_PASSED},
    {"ty le", COLUMN_PASSED},
    {"cu tri nu", COLUMN_PASSED},
    {"so nguoi ung cu", COLUMN_PASSED},
    {"so ung cu vien", COLUMN_PASSED},
    {"phu trach", COLUMN_PASSED},
    {"so thu tu", COLUMN_NUMBER},
    {"=so tt", COLUMN_NUMBER},
    {"=stt", COLUMN_NUMBER},
    {"=tt", COLUMN_NUMBER},
    {"=so", COLUMN_NUMBER},
    {"ma xa", COLUMN_COMMUNE},
    {"ma phuong", COLUMN_COMMUNE},
    {"ma thon", COLUMN_CODE},
    {"ma to", COLUMN_CODE},
    {"=ma", COLUMN_CODE},
    {"=code", COLUMN_CODE},
    {"hinh thuc", COLUMN_METHOD},
    {"tai cu", COLUMN_FACT_1 + FACT_RE_ELECTED},
    {"dan toc thieu so", COLUMN_FACT_1 + FACT_MINORITY},
    {"dtts", COLUMN_FACT_1 + FACT_MINORITY},
    {"dan toc", COLUMN_ETHNIC},
    {"dang vien", COLUMN_FACT_1 + FACT_PARTY},
    {"nam sinh", COLUMN_FACT_1 + FACT_BIRTH},
    {"ngay sinh", COLUMN_FACT_1 + FACT_BIRTH},
    {"sinh ngay", COLUMN_FACT_1 + FACT_BIRTH},
    {"gioi tinh", COLUMN_GENDER},
    {"=nu", COLUMN_FACT_1 + FACT_WOMAN},
    {"ly luan", COLUMN_FACT_1 + FACT_THEORY},
    {"trinh do", COLUMN_FACT_1 + FACT_SCHOOLING},
    {"hoc van", COLUMN_FACT_1 + FACT_SCHOOLING},
    {"chuyen mon", COLUMN_FACT_1 + FACT_SCHOOLING},
    {"bi thu", COLUMN_FACT_1 + FACT_SECRETARY},
    {"ho va ten nguoi ung cu", COLUMN_FULL_NAME},
    {"ho ten nguoi ung cu", COLUMN_FULL_NAME},
    {"nguoi ung cu", COLUMN_PEOPLE},
    {"ung cu vien", COLUMN_PEOPLE},
    {"to truong", COLUMN_PASSED},
    {"truong ban", COLUMN_PASSED},
    {"ho va ten", COLUMN_FULL_NAME},
    {"ho ten", COLUMN_FULL_NAME},
    {"cu tri", COLUMN_VOTERS},
    {"khai mac", COLUMN_OPENS},
    {"bat dau", COLUMN_OPENS},
    {"gio mo", COLUMN_OPENS},
    {"gio bau", COLUMN_OPENS},
    {"=gio", COLUMN_OPENS},
    {"ket thuc", COLUMN_CLOSES},
    {"dong hom", COLUMN_CLOSES},
    {"gio dong", COLUMN_CLOSES},
    {"ngay", COLUMN_DAY},
    {"=loai", COLUMN_KIND},
    {"loai hinh", COLUMN_KIND},
    {"ten thon", COLUMN_NAME},
    {"ten to dan pho", COLUMN_NAME},
    {"thon to dan pho", COLUMN_NAME},
    {"ten don vi", COLUMN_NAME},
    {"=thon", COLUMN_NAME},
    {"=to dan pho", COLUMN_NAME},
    {"=ban", COLUMN_NAME},
    {"=ten", COLUMN_NAME},
    {"=don vi", COLUMN_NAME},
    {"don vi bau cu", COLUMN_NAME},
    {"khu vuc bo phieu", COLUMN_NAME},
    {"thon", COLUMN_NAME},
    {"=xa", COLUMN_COMMUNE},
    {"=phuong", COLUMN_COMMUNE},
    {"xa phuong", COLUMN_COMMUNE},
    {"ten xa", COLUMN_COMMUNE},
};

// "Người ứng cử 2": which of them.
static enum column person_column(const char *key)
{
    const char *last = strrchr(key, ' ');
    char *end;
    unsigned long n = last ? strtoul(last + 1, &end, 10) : 0;
    if (n < 1 || n > MERGE_PERSONS_MAX || *end)
        return COLUMN_PEOPLE;
    return (enum column)(COLUMN_PERSON_1 + (int)n - 1);
}

enum column merge_column_of(const char *key)
{
    if (!key[0] || strlen(key) > KEY_LONG)
        return COLUMN_UNKNOWN;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const char *words = known[i].words;
        bool is = words[0] == '=' ? strcmp(key, words + 1) == 0 : vn_holds(key, words);
        if (!is)
            continue;
        bool person = known[i].column == COLUMN_PEOPLE || known[i].column == COLUMN_FULL_NAME;
        enum column numbered = person ? person_column(key) : known[i].column;
        return numbered == COLUMN_PEOPLE ? known[i].column : numbered;
    }
    return COLUMN_UNKNOWN;
}

static char *header_key(const char *cell)
{
    char *unicode = vn_letters(bytes_text(cell)) == VN_TCVN3 ? vn_from_tcvn3(bytes_text(cell))
                                                             : NULL;
    char *key = vn_key(bytes_text(unicode ? unicode : cell), VN_BARE);
    free(unicode);
    return key;
}

// Fills the columns from one row; how many of them are told apart.
static unsigned read_row(const struct grid *g, unsigned row, struct head *h)
{
    unsigned n = 0;
    h->row = row;
    for (int i = 0; i < COLUMNS; i++)
        h->at[i] = MERGE_NONE;
    for (unsigned i = 0; i < g->rows[row].n; i++) {
        char *key = header_key(grid_cell(g, row, (int)i));
        enum column c = merge_column_of(key);
        free(key);
        if (c == COLUMN_UNKNOWN || h->at[c] != MERGE_NONE)
            continue;
        h->at[c] = (int)i;
        n += c != COLUMN_PASSED && c != COLUMN_PHONE;
    }
    return n;
}

// "Người ứng cử" over several columns, as merged cells are: the next ones have no name of their own.
static void spread_people(const struct grid *g, struct head *h)
{
    int from = h->at[COLUMN_PEOPLE];
    if (from == MERGE_NONE || h->at[COLUMN_PERSON_1] != MERGE_NONE)
        return;
    int more = 0;
    for (int i = 1; i < MERGE_PERSONS_MAX; i++) {
        bool used = false;
        for (unsigned row = h->row + 1; row < g->n_rows && row < h->row + 4; row++)
            used |= grid_cell(g, row, from + i)[0] != 0;
        if (grid_cell(g, h->row, from + i)[0] || !used)
            break;
        h->at[COLUMN_PERSON_1 + i] = from + i;
        more = i;
    }
    if (more > 0) {
        h->at[COLUMN_PERSON_1] = from;
        h->at[COLUMN_PEOPLE] = MERGE_NONE;
    }
}

// A second row of the header, below merged cells: no village, no figure, but words of columns, or
// the numbers of candidates.
static void read_second_row(const struct grid *g, struct head *h)
{
    unsigned row = h->row + 1, n_known = 0;
    struct head more = *h;
    if (row >= g->n_rows || grid_cell(g, row, h->at[COLUMN_NAME])[0] ||
        grid_cell(g, row, h->at[COLUMN_CODE])[0])
        return;
    for (unsigned i = 0; i < g->rows[row].n; i++) {
        const char *cell = grid_cell(g, row, (int)i);
        char *key = header_key(cell), *end;
        enum column c = merge_column_of(key);
        unsigned long n = strtoul(key, &end, 10);
        bool number = end != key && *end == 0 && n >= 1 && n <= MERGE_PERSONS_MAX &&
                      (int)i >= h->at[COLUMN_PEOPLE] && h->at[COLUMN_PEOPLE] != MERGE_NONE;
        free(key);
        if (number)
            c = (enum column)(COLUMN_PERSON_1 + (int)n - 1);
        if (c == COLUMN_UNKNOWN || more.at[c] != MERGE_NONE)
            continue;
        more.at[c] = (int)i;
        n_known++;
    }
    if (n_known == 0)
        return;
    *h = more;
    h->n_rows = 2;
    if (h->at[COLUMN_PERSON_1] != MERGE_NONE)
        h->at[COLUMN_PEOPLE] = MERGE_NONE;
}

static unsigned facts_of(const struct head *h)
{
    unsigned n = h->at[COLUMN_GENDER] != MERGE_NONE;
    n += h->at[COLUMN_ETHNIC] != MERGE_NONE;
    for (int i = COLUMN_FACT_1; i <= COLUMN_FACT_LAST; i++)
        n += h->at[i] != MERGE_NONE;
    return n;
}

bool merge_find_head(const struct grid *g, struct head *h)
{
    struct head best = {0}, at;
    unsigned most = 0;
    for (unsigned i = 0; i < g->n_rows && i < HEADER_ROWS_MAX; i++) {
        unsigned n = read_row(g, i, &at);
        bool place = at.at[COLUMN_NAME] != MERGE_NONE || at.at[COLUMN_CODE] != MERGE_NONE;
        if (place && n >= 2 && n > most) {
            most = n;
            best = at;
        }
    }
    if (most == 0)
        return false;
    *h = best;
    h->n_rows = 1;
    read_second_row(g, h);
    if (h->at[COLUMN_FULL_NAME] == MERGE_NONE && facts_of(h) >= 2) {
        h->at[COLUMN_FULL_NAME] = h->at[COLUMN_PEOPLE];
        h->at[COLUMN_PEOPLE] = MERGE_NONE;
    }
    h->of_people = h->at[COLUMN_FULL_NAME] != MERGE_NONE;
    spread_people(g, h);
    return true;
}

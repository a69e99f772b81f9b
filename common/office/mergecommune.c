// mergecommune.c - of which commune a table, or a row of it, is.
#include "mergeinside.h"
#include "common/base/vntext.h"
#include <stdlib.h>
#include <string.h>

enum { STEM_ROOM = 400 };

// The number that a file's name begins with, blanks in it allowed.
static void leading_code(const char *file, char to[STEM_ROOM])
{
    size_t n = strspn(file, "0123456789 ");
    while (n > 0 && file[n - 1] == ' ')
        n--;
    snprintf(to, STEM_ROOM, "%.*s", (int)n, file);
}

static void stem_of(const char *file, char to[STEM_ROOM])
{
    const char *dot = strrchr(file, '.');
    snprintf(to, STEM_ROOM, "%.*s", (int)(dot ? dot - file : (ptrdiff_t)strlen(file)), file);
}

int sheet_commune_of_file(struct sheet *s)
{
    char stem[STEM_ROOM], code[STEM_ROOM];
    stem_of(s->at.file, stem);
    leading_code(stem, code);
    int by_code = code[0] ? merge_commune_of_code(s->m, code) : MERGE_NONE;
    if (by_code >= 0) {
        s->at.commune = by_code;
        if (strcmp(code, s->m->communes[by_code].code) != 0)
            sheet_say(s, SAYS_COMMUNE_CODE, code, s->m->communes[by_code].code);
        return by_code;
    }
    int by_name = merge_commune_of_name(s->m, stem, true);
    if (by_name == -2)
        sheet_say(s, SAYS_COMMUNE_TWO, s->at.file, NULL);
    return by_name;
}

// What stands above the header; the name as it is written is noted where it is another writing.
static int commune_of_titles(struct sheet *s)
{
    int found = MERGE_NONE;
    for (unsigned row = 0; row < s->head.row && found == MERGE_NONE; row++)
        for (unsigned i = 0; i < s->g->rows[row].n && found == MERGE_NONE; i++) {
            const char *cell = grid_cell(s->g, row, (int)i);
            found = cell[0] ? merge_commune_of_name(s->m, cell, false) : MERGE_NONE;
            if (found == MERGE_NONE && s->at.commune == MERGE_NONE && strlen(cell) > 3 &&
                strspn(cell, "0123456789 ") == strlen(cell))
                found = merge_commune_of_code(s->m, cell);
            if (found < 0)
                continue;
            char *composed = vn_composed(bytes_text(cell));
            const char *name = s->m->communes[found].name;
            char *tones = vn_key(bytes_text(cell), VN_TONES);
            if (composed && !strstr(composed, name) &&
                !vn_holds(tones, s->m->communes[found].tones)) {
                s->at.commune = found;
                s->at.line = s->g->rows[row].line;
                sheet_say(s, SAYS_COMMUNE_AS, cell, name);
                s->at.line = 0;
            }
            free(tones);
            free(composed);
        }
    return found;
}

bool sheet_find_commune(struct sheet *s)
{
    int file = sheet_commune_of_file(s);
    if (file == -2)
        return false;
    s->at.commune = file;
    int titles = commune_of_titles(s);
    if (file >= 0 && titles >= 0 && file != titles) {
        sheet_say(s, SAYS_COMMUNE_UNLIKE, s->m->communes[file].name, s->m->communes[titles].name);
        return false;
    }
    s->at.commune = file >= 0 ? file : titles >= 0 ? titles : MERGE_NONE;
    if (s->at.commune == MERGE_NONE && s->head.at[COLUMN_COMMUNE] == MERGE_NONE) {
        sheet_say(s, titles == -2 ? SAYS_COMMUNE_TWO : SAYS_NO_COMMUNE, s->at.file, NULL);
        return false;
    }
    return true;
}

bool sheet_commune_of_row(struct sheet *s, unsigned row)
{
    const char *cell = sheet_cell(s, row, COLUMN_COMMUNE);
    if (cell[0]) {
        int found = merge_commune_of_code(s->m, cell);
        if (found < 0)
            found = merge_commune_of_name(s->m, cell, true);
        if (found < 0) {
            sheet_say(s, SAYS_COMMUNE_ROW, cell, NULL);
            return false;
        }
        s->at.commune = found;
    }
    if (s->at.commune == MERGE_NONE)
        sheet_say(s, SAYS_NO_COMMUNE, NULL, NULL);
    return s->at.commune != MERGE_NONE;
}

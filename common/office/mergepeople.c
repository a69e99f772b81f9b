// mergepeople.c - candidates, from the columns of a village's row or from a table of their own.
#include "mergeinside.h"
#include "common/base/figure.h"
#include "common/base/vntext.h"
#include <stdlib.h>
#include <string.h>

static void add_person(struct merge *m, struct village *v, const struct person *p)
{
    if (v->n_persons == MERGE_PERSONS_MAX) {
        merge_say(m, &p->at, SAYS_PERSONS_MANY, v->name, merge_print(m, "%d", MERGE_PERSONS_MAX),
                  NULL);
        return;
    }
    for (unsigned i = 0; i < v->n_persons; i++)
        if (strcmp(v->persons[i].key, p->key) == 0)
            merge_say(m, &p->at, SAYS_PERSON_TWICE, v->name, p->name, NULL);
    v->persons[v->n_persons++] = *p;
}

static void add_name(struct sheet *s, struct village *v, const char *cell, uint32_t number)
{
    struct person p = {.name = sheet_name(s, cell), .number = number, .at = s->at};
    if (!p.name)
        return;
    p.key = merge_key(s->m, p.name, true);
    add_person(s->m, v, &p);
}

// "1. Nguyễn Văn A; 2. Trần Thị B" or one in each line: without what numbers them.
static void add_list(struct sheet *s, struct village *v, const char *cell)
{
    uint32_t number = v->n_persons;
    for (const char *at = cell; *at;) {
        size_t n = strcspn(at, ";\n,");
        const char *from = at, *end = at + n;
        from += strspn(from, " -+");
        size_t digits = strspn(from, "0123456789");
        if (digits > 0 && from[digits] && strchr(".)/", from[digits]))
            from += digits + 1;
        from += strspn(from, " ");
        while (end > from && end[-1] == ' ')
            end--;
        if (end > from)
            add_name(s, v, merge_print(s->m, "%.*s", (int)(end - from), from), ++number);
        at += n + (at[n] != 0);
    }
}

void sheet_persons(struct sheet *s, unsigned row, struct village *v)
{
    if (s->head.of_people)
        return;
    add_list(s, v, sheet_cell(s, row, COLUMN_PEOPLE));
    bool more = v->at.line != s->at.line;         // a row below the village's own
    for (int i = 0; i < MERGE_PERSONS_MAX; i++) { // its place on the ballot is its column
        const char *cell = sheet_cell(s, row, COLUMN_PERSON_1 + i);
        if (cell[0])
            add_name(s, v, cell, more ? v->n_persons + 1 : (uint32_t)i + 1);
    }
}

// ---- a table of candidates ----

static const char *read_yes(struct sheet *s, unsigned row, int column)
{
    const char *cell = sheet_word(s, row, column);
    bool yes = false;
    enum reading r = repair_yes(cell, &yes);
    if (r == READ_WRONG)
        sheet_say(s, SAYS_YES_WRONG, cell, grid_cell(s->g, s->head.row, s->head.at[column]));
    return r == READ_PLAIN ? (yes ? "yes" : "no") : NULL;
}

// Joined on a day, or a year: a member of the Party.
static const char *read_party(struct sheet *s, unsigned row)
{
    struct moment m;
    const char *cell = sheet_cell(s, row, COLUMN_FACT_1 + FACT_PARTY);
    bool yes;
    if (repair_yes(cell, &yes) == READ_WRONG && repair_moment(cell, &m) != READ_WRONG && m.day > 0)
        return "yes";
    return read_yes(s, row, COLUMN_FACT_1 + FACT_PARTY);
}

static const char *read_woman(struct sheet *s, unsigned row)
{
    if (s->head.at[COLUMN_FACT_1 + FACT_WOMAN] != MERGE_NONE)
        return read_yes(s, row, COLUMN_FACT_1 + FACT_WOMAN);
    return read_yes(s, row, COLUMN_GENDER); // nam, nữ
}

static const char *read_minority(struct sheet *s, unsigned row)
{
    if (s->head.at[COLUMN_FACT_1 + FACT_MINORITY] != MERGE_NONE)
        return read_yes(s, row, COLUMN_FACT_1 + FACT_MINORITY);
    const char *key = merge_key(s->m, sheet_word(s, row, COLUMN_ETHNIC), false);
    return !key[0] ? NULL : strcmp(key, "kinh") == 0 ? "no" : "yes";
}

static const char *read_birth(struct sheet *s, unsigned row)
{
    const char *cell = sheet_cell(s, row, COLUMN_FACT_1 + FACT_BIRTH);
    int year = 0;
    enum reading r = repair_birth(cell, &year);
    if (r == READ_WRONG)
        sheet_say(s, SAYS_BIRTH_WRONG, cell, NULL);
    if (r != READ_PLAIN && r != READ_NOTED)
        return NULL;
    const char *text = merge_print(s->m, "%d", year);
    if (r == READ_NOTED)
        sheet_say(s, SAYS_BIRTH, cell, text);
    return text;
}

static void read_number(struct sheet *s, unsigned row, struct person *p)
{
    const char *cell = sheet_cell(s, row, COLUMN_NUMBER);
    size_t size = strlen(cell);
    uint64_t n = 0;
    if (size > 2 && strcmp(cell + size - 2, ".0") == 0)
        size -= 2; // as a spreadsheet writes a whole number
    bool whole = figure_read(bytes_of(cell, size), &n) == FIGURE_GOOD && n > 0 && n < 1000;
    if (cell[0] && !whole)
        sheet_say(s, SAYS_PERSON_NUMBER, p->name, cell);
    p->number = whole ? (uint32_t)n : 0;
}

void sheet_person_row(struct sheet *s, unsigned row)
{
    struct merge *m = s->m;
    const char *code = sheet_cell(s, row, COLUMN_CODE), *name = sheet_cell(s, row, COLUMN_NAME);
    struct person p = {.at = s->at};
    if (code[0] || name[0]) {
        s->last_code = merge_keep(m, code);
        char tidy[REPAIR_NAME_MAX];
        repair_name(name, s->g->bytes == GRID_OLD, tidy);
        s->last_name = merge_keep(m, tidy);
    }
    p.name = sheet_name(s, sheet_cell(s, row, COLUMN_FULL_NAME));
    if (!p.name || s->at.commune == MERGE_NONE)
        return; // a place for one who is not there
    p.key = merge_key(m, p.name, true);
    read_number(s, row, &p);
    p.facts[FACT_RE_ELECTED] = read_yes(s, row, COLUMN_FACT_1 + FACT_RE_ELECTED);
    p.facts[FACT_WOMAN] = read_woman(s, row);
    p.facts[FACT_MINORITY] = read_minority(s, row);
    p.facts[FACT_PARTY] = read_party(s, row);
    p.facts[FACT_BIRTH] = read_birth(s, row);
    p.facts[FACT_SCHOOLING] = sheet_name(s, sheet_cell(s, row, COLUMN_FACT_1 + FACT_SCHOOLING));
    p.facts[FACT_THEORY] = sheet_name(s, sheet_cell(s, row, COLUMN_FACT_1 + FACT_THEORY));
    p.facts[FACT_SECRETARY] = read_yes(s, row, COLUMN_FACT_1 + FACT_SECRETARY);
    m->named = merge_room(m->named, m->n_named, sizeof m->named[0]);
    m->named[m->n_named++] = (struct named_person){
        .person = p, .commune = s->at.commune, .code = s->last_code, .village = s->last_name};
}

// ---- to their villages ----

// The number within a table that also counts its rows says nothing of the ballot: it must begin at
// 1 in each village.
static bool numbers_restart(const struct village *v)
{
    for (unsigned i = 0; i < v->n_persons; i++)
        if (v->persons[i].number == 1)
            return true;
    return false;
}

static void join_person(struct merge *m, struct village *v, const struct person *p)
{
    if (v->n_persons == 0 || v->facts) {
        v->facts = true;
        add_person(m, v, p);
        return;
    }
    for (unsigned i = 0; i < v->n_persons; i++) {
        struct person *known = &v->persons[i];
        if (strcmp(known->key, p->key) != 0)
            continue;
        memcpy(known->facts, p->facts, sizeof known->facts);
        return;
    }
    merge_say(m, &p->at, SAYS_PERSON_UNLIKE, p->name, v->name, NULL);
}

// Ballot numbers: those written, or the order of the rows.
static void number_persons(struct merge *m, struct village *v)
{
    bool written = numbers_restart(v);
    for (unsigned i = 0; i < v->n_persons; i++) {
        struct person *p = &v->persons[i];
        if (!written || p->number == 0)
            p->number = i + 1;
        for (unsigned k = 0; k < i; k++)
            if (v->persons[k].number == p->number)
                merge_say(m, &p->at, SAYS_PERSON_NUMBER, p->name, merge_print(m, "%u", p->number),
                          NULL);
    }
}

void merge_attach_persons(struct merge *m)
{
    for (unsigned i = 0; i < m->n_named; i++) {
        const struct named_person *n = &m->named[i];
        int at = merge_village_of(m, n->commune, n->code, n->village);
        if (at == MERGE_NONE)
            merge_say(m, &n->person.at, SAYS_PERSON_WHERE, n->person.name,
                      n->village[0] ? n->village : n->code, NULL);
        else
            join_person(m, &m->villages[at], &n->person);
    }
    for (unsigned i = 0; i < m->n_villages; i++)
        number_persons(m, &m->villages[i]);
}

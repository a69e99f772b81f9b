// plantable.c - one spreadsheet of a plan folder: its columns by place, its faults by line.
#include "plantable.h"
#include <stdlib.h>
#include <string.h>

enum { ZEROS_MAX = 5 }; // that a spreadsheet may have cut from a code

void table_close(struct table *t)
{
    csv_close(&t->csv);
    free((void *)t->text.at);
}

static bool open_columns(struct table *t, const char *const *names)
{
    bool needed = true, whole = true;
    unsigned n = 0;
    if (csv_open(&t->csv, t->text, t->file, t->d->faults) != 0) {
        table_close(t);
        return false;
    }
    for (; *names; names++) {
        if (**names == 0) {
            needed = false;
            continue;
        }
        t->columns[n] = csv_column(t->csv, *names, needed);
        whole = whole && (!needed || t->columns[n] >= 0);
        n++;
    }
    csv_unknown(t->csv);
    if (!whole)
        table_close(t);
    return whole;
}

bool table_open(struct table *t, struct draft *d, const char *file, const char *const *names)
{
    *t = (struct table){.d = d, .file = file};
    return draft_file(d, file, false, &t->text) && open_columns(t, names);
}

bool table_open_if(struct table *t, struct draft *d, const char *file, const char *const *names)
{
    *t = (struct table){.d = d, .file = file};
    return draft_file(d, file, true, &t->text) && open_columns(t, names);
}

struct bytes table_field(const struct table *t, unsigned column)
{
    static const char hard[] = "\xc2\xa0";
    struct bytes b = csv_field(t->csv, t->columns[column]);
    for (;;) {
        if (b.n >= 1 && b.at[0] == ' ')
            b = bytes_of(b.at + 1, b.n - 1);
        else if (b.n >= 2 && memcmp(b.at, hard, 2) == 0)
            b = bytes_of(b.at + 2, b.n - 2);
        else if (b.n >= 1 && b.at[b.n - 1] == ' ')
            b.n--;
        else if (b.n >= 2 && memcmp(b.at + b.n - 2, hard, 2) == 0)
            b.n -= 2;
        else
            return b;
    }
}

bool table_text(const struct table *t, unsigned column, const char *name, int max,
                struct bytes *ret)
{
    struct bytes b = table_field(t, column);
    const char *why = max < 0 && b.n == 0 ? NULL : draft_text_fault(b, (size_t)abs(max));
    if (why)
        FAULT(t, "%s %s (at most %d bytes)", name, why, abs(max));
    *ret = draft_keep(t->d, why ? bytes_of(NULL, 0) : b);
    return why == NULL;
}

// A spreadsheet that took a code for a number has cut its leading zeros: then the hint names the
// code.
void table_unknown(const struct table *t, unsigned line, const char *what, struct bytes code)
{
    bool contest = strcmp(what, "contest") == 0;
    const struct draft_codes *codes = contest ? &t->d->contest_codes : &t->d->unit_codes;
    char longer[ZEROS_MAX + CODE_MAX];
    if (codes->n == 0)
        return; // the file with the codes is missing or empty, which has been told
    for (size_t zeros = 1; zeros <= ZEROS_MAX && code.n <= CODE_MAX; zeros++) {
        memset(longer, '0', zeros);
        if (code.n > 0)
            memcpy(longer + zeros, code.at, code.n);
        struct bytes known = bytes_of(longer, zeros + code.n);
        if (draft_codes_find(codes, known) == PLAN_NONE)
            continue;
        faults_add(t->d->faults, t->file, line,
                   "there is no %s \"%.*s\", but there is \"%.*s\": keep the zeros, as text", what,
                   SAY(code), SAY(known));
        return;
    }
    faults_add(t->d->faults, t->file, line, "there is no %s \"%.*s\"", what, SAY(code));
}

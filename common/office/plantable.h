// plantable.h - one spreadsheet of a plan folder: its columns by place, its faults by line.
#pragma once
#include "plandraft.h"
#include "common/base/csv.h"

enum { TABLE_COLUMNS_MAX = 16 };

struct table {
    struct draft *d;
    const char *file;
    struct bytes text;
    struct csv *csv;
    int columns[TABLE_COLUMNS_MAX];
};

// Columns in the order of `names`; those behind "" may be missing. False, with nothing to close,
// where no row is to be read: without a needed column each of them would be a fault.
bool table_open(struct table *t, struct draft *d, const char *file, const char *const *names);
bool table_open_if(struct table *t, struct draft *d, const char *file,
                   const char *const *names); // the file may be missing
void table_close(struct table *t);
// A field without the blanks around it, also those that do not break; until the next row.
struct bytes table_field(const struct table *t, unsigned column);
// Keeps a text of at most |max| bytes; an empty one is a fault unless max is below 0.
bool table_text(const struct table *t, unsigned column, const char *name, int max,
                struct bytes *ret);
// Says that there is no such unit, place or contest, as `what` says.
void table_unknown(const struct table *t, unsigned line, const char *what, struct bytes code);

#define FAULT(t, ...) faults_add((t)->d->faults, (t)->file, csv_line((t)->csv), __VA_ARGS__)

// tables.h - a new SQLite file of plain tables, written once in one transaction: for people who want SQL.
//
// Not a store: nothing of ours reads it again. The file must not be there before, is the owner's only, and is
// whole once tables_finish() returned 0; in every other case it is taken away again. Order: open, then for
// each table create and its rows, then finish. Names of tables and columns are ours: a-z, 0-9 and _.
#pragma once
#include "proto/pack.h"
#include <stdint.h>

struct tables; // owns the file until it is finished

enum { TABLE_COLUMNS_MAX = 48 };
enum column_type { COLUMN_NUMBER, COLUMN_TEXT };

struct column {
    const char *name;
    enum column_type type;
    bool key; // the columns that name a row; they stand first, and no two rows have the same
};
struct value { // of its column's type, or nothing
    enum { VALUE_NONE, VALUE_NUMBER, VALUE_TEXT } type;
    int64_t number;
    struct bytes text; // UTF-8, borrowed for the call
};

static inline struct value value_none(void)
{
    return (struct value){.type = VALUE_NONE};
}
static inline struct value value_number(int64_t n)
{
    return (struct value){.type = VALUE_NUMBER, .number = n};
}
static inline struct value value_text(struct bytes b)
{
    return (struct value){.type = VALUE_TEXT, .text = b};
}

// All return 0 or an errno of db.h; after the first failure each further call returns that one.
int tables_open(struct tables **ret_tables, const char *path); // -EEXIST: something is there
int tables_create(struct tables *t, const char *name, const struct column *columns, size_t n);
int tables_put(struct tables *t,
               const struct value *row);   // of the newest table, a value for each column
int tables_finish(struct tables **tables); // on disk, or gone
void tables_close(struct tables **tables); // unfinished: gone

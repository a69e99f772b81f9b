// sqlinside.h - rows of the tables of sql.h, filled from left to right; shared by its files only.
#pragma once
#include "common/store/tables.h"
#include "sql.h"
#include "view.h"

#define NUMBER(name)                                                                               \
    {                                                                                              \
        name, COLUMN_NUMBER, false                                                                 \
    }
#define TEXT(name)                                                                                 \
    {                                                                                              \
        name, COLUMN_TEXT, false                                                                   \
    }
#define KEY_NUMBER(name)                                                                           \
    {                                                                                              \
        name, COLUMN_NUMBER, true                                                                  \
    }
#define KEY_TEXT(name)                                                                             \
    {                                                                                              \
        name, COLUMN_TEXT, true                                                                    \
    }

struct row { // filled from left to right
    struct value at[TABLE_COLUMNS_MAX];
    size_t n;
};
struct sql {
    const struct office *o;
    const struct plan *p;
    const struct fold *f;
    struct tables *t;
};

static inline void number(struct row *r, uint64_t v)
{
    r->at[r->n++] = value_number((int64_t)v);
}

static inline void number_if(struct row *r, bool known, uint64_t v)
{
    r->at[r->n++] = known ? value_number((int64_t)v) : value_none();
}

static inline void text(struct row *r, struct bytes b)
{
    r->at[r->n++] = value_text(b);
}

static inline void word(struct row *r, const char *w)
{
    r->at[r->n++] = value_text(bytes_text(w ? w : ""));
}

static inline struct bytes hex(char *to, struct bytes b)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < b.n; i++) {
        to[2 * i] = digits[b.at[i] >> 4];
        to[2 * i + 1] = digits[b.at[i] & 15];
    }
    return bytes_of(to, 2 * b.n);
}

// Ends the row; an empty one is begun.
static inline void put(struct sql *s, struct row *r)
{
    tables_put(s->t, r->at); // a failure stays until the end
    r->n = 0;
}

#define BEGIN(s, name, columns)                                                                    \
    tables_create((s)->t, name, columns, sizeof(columns) / sizeof((columns)[0]))

void sql_plan(struct sql *s, int64_t now); // sqlplan.c: the tables of the election and its plan

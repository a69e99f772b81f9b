// plain.c - a reply in JSON as lines for a person: one name and value a line, lists as tables.
#include "plain.h"
#include <string.h>
#include <time.h>

enum { COLUMNS_MAX = 16, CELL_MAX = 120, DEPTH_MAX = 6 };

static int is_time(const char *name)
{
    static const char *const names[] = {"at",     "since",  "entered", "as_of",  "now",   "opens",
                                        "closes", "due_at", "moment",  "stored", "began", "from"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return 0;
}

// The value in one cell; objects show what they are about first.
static void cell(const char *name, const json_t *v, char *to, size_t cap)
{
    const char *key;
    json_t *x;
    size_t n = 0, i;
    to[0] = 0;
    if (json_is_integer(v) && is_time(name) && json_integer_value(v) > 0) {
        time_t s = (time_t)(json_integer_value(v) / 1000);
        struct tm t;
        localtime_r(&s, &t);
        strftime(to, cap, "%d/%m/%Y %H:%M:%S", &t);
    } else if (json_is_integer(v)) {
        snprintf(to, cap, "%lld", json_integer_value(v));
    } else if (json_is_string(v)) {
        snprintf(to, cap, "%s", json_string_value(v));
    } else if (json_is_boolean(v)) {
        snprintf(to, cap, "%s", json_is_true(v) ? "yes" : "no");
    } else if (json_is_array(v)) {
        json_array_foreach(v, i, x)
        {
            char one[CELL_MAX];
            cell(name, x, one, sizeof one);
            n += (size_t)snprintf(to + n, n < cap ? cap - n : 0, "%s%s", i ? " " : "", one);
            n = n < cap ? n : cap - 1;
        }
    } else if (json_is_object(v)) {
        json_object_foreach((json_t *)v, key, x)
        {
            char one[CELL_MAX];
            if (json_is_null(x))
                continue;
            cell(key, x, one, sizeof one);
            n +=
                (size_t)snprintf(to + n, n < cap ? cap - n : 0, "%s%s %s", n ? ", " : "", key, one);
            n = n < cap ? n : cap - 1;
        }
    } else {
        snprintf(to, cap, "-");
    }
}

// Columns a terminal shows for this text: characters, not bytes.
static int width(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += (*s & 0xc0) != 0x80;
    return n;
}

static void put(FILE *to, const char *text, int pad)
{
    fputs(text, to);
    for (int n = width(text); n < pad; n++)
        fputc(' ', to);
}

static void table(const json_t *rows, FILE *to)
{
    const char *names[COLUMNS_MAX], *key;
    int widths[COLUMNS_MAX];
    unsigned n = 0;
    size_t i;
    json_t *row, *v;
    char text[CELL_MAX];
    json_object_foreach(json_array_get(rows, 0), key, v)
    {
        if (n == COLUMNS_MAX)
            break;
        names[n] = key;
        widths[n++] = width(key);
    }
    json_array_foreach(rows, i, row) for (unsigned c = 0; c < n; c++)
    {
        cell(names[c], json_object_get(row, names[c]), text, sizeof text);
        widths[c] = width(text) > widths[c] ? width(text) : widths[c];
    }
    for (unsigned c = 0; c < n; c++)
        put(to, names[c], c + 1 < n ? widths[c] + 2 : 0);
    fputc('\n', to);
    json_array_foreach(rows, i, row)
    {
        for (unsigned c = 0; c < n; c++) {
            cell(names[c], json_object_get(row, names[c]), text, sizeof text);
            put(to, text, c + 1 < n ? widths[c] + 2 : 0);
        }
        fputc('\n', to);
    }
}

static int is_table(const json_t *v)
{
    return json_is_array(v) && json_array_size(v) > 0 && json_is_object(json_array_get(v, 0));
}

static void object(const json_t *j, FILE *to, int depth)
{
    const char *key;
    json_t *v;
    char text[CELL_MAX];
    json_object_foreach((json_t *)j, key, v)
    {
        if (is_table(v)) {
            fprintf(to, "%*s%s:\n", 2 * depth, "", key);
            table(v, to);
        } else if (json_is_object(v) && depth < DEPTH_MAX) {
            fprintf(to, "%*s%s:\n", 2 * depth, "", key);
            object(v, to, depth + 1);
        } else {
            cell(key, v, text, sizeof text);
            fprintf(to, "%*s%s: %s\n", 2 * depth, "", key, text);
        }
    }
}

void plain_print(const json_t *j, FILE *to)
{
    if (json_is_object(j))
        object(j, to, 0);
    else if (is_table(j))
        table(j, to);
}

// text.c - the programs' sentences by key, in Vietnamese and English.
#include "common/base/text.h"
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct row {
    const char *key, *sentence[LANGUAGES];
} rows[] = {
#include "text_rows.h"
};

static int compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct row *)row)->key);
}

static const struct row *find(const char *key)
{
    return bsearch(key, rows, sizeof rows / sizeof rows[0], sizeof rows[0], compare);
}

const char *text_of(const char *key, enum language language)
{
    const struct row *row = find(key);
    assert(language < LANGUAGES);
    return row ? row->sentence[language] : key;
}

unsigned text_count(void)
{
    return sizeof rows / sizeof rows[0];
}

const char *text_key(unsigned i)
{
    assert(i < text_count());
    return rows[i].key;
}

struct writer {
    char *to;
    size_t n, cap;
    bool full;
};

// As much of a text as there is room for, without half a character at the end.
static void put(struct writer *w, const char *text, size_t n)
{
    size_t room = w->cap - 1 - w->n;
    if (w->full)
        return;
    if (n > room) {
        w->full = true;
        n = room;
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
            n--;
    }
    memcpy(w->to + w->n, text, n);
    w->n += n;
}

static const char *value_of(const char *name, size_t n, const struct text_place *places,
                            size_t n_places)
{
    for (size_t i = 0; i < n_places; i++)
        if (strncmp(places[i].name, name, n) == 0 && places[i].name[n] == 0)
            return places[i].value;
    return NULL;
}

size_t text_fill(char *to, size_t cap, const char *sentence, const struct text_place *places,
                 size_t n_places)
{
    struct writer w = {.to = to, .cap = cap};
    assert(cap > 0);
    while (*sentence) {
        const char *end = *sentence == '{' ? strchr(sentence, '}') : NULL;
        size_t n = end ? (size_t)(end - sentence) + 1 : 1 + strcspn(sentence + 1, "{");
        const char *value = end ? value_of(sentence + 1, n - 2, places, n_places) : NULL;
        put(&w, value ? value : sentence, value ? strlen(value) : n);
        sentence += n;
    }
    to[w.n] = 0;
    return w.n;
}

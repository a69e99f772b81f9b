// find.c - units of the plan by what somebody types: a code, a few letters without marks, "T3", "to 5".
#include "find.h"
#include "common/base/vntext.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 40, ABOVE_MAX = 3 }; // of a name with those above; units above that may be named

enum { // of a unit for a text: the higher the better
    FITS_NOT,
    FITS_CODE_PART = 1, // "01" is the end of many codes, and the number of a village first of all
    FITS_ABOVE = 10,    // only together with units above
    FITS_NAME = 20,
    FITS_START = 5,  // from its first word on
    FITS_WHOLE = 10, // and no word of it is left
    FITS_MARKS = 40, // marks and all
    FITS_CODE = 100,
};

struct name {
    char *words; // without marks, letters apart from digits
    char *marks; // with tones behind their words
    char *order; // made when first needed
};

struct find {
    uint8_t hash[HASH_SIZE]; // of the plan the names are of
    uint32_t n;
    struct name *names;
};

struct words {
    const char *at[WORDS_MAX];
    size_t size[WORDS_MAX];
    unsigned n;
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

// "t03 khu a" as "t 3 khu a".
static char *apart(char *key)
{
    size_t n = strlen(key), k = 0;
    char *to = malloc(2 * n + 1);
    assert(to);
    for (size_t i = 0; i < n; i++) {
        bool turn = i > 0 && key[i] != ' ' && key[i - 1] != ' ' &&
                    digit(key[i]) != digit(key[i - 1]);
        if (turn)
            to[k++] = ' ';
        bool begins = k == 0 || to[k - 1] == ' ';
        if (begins && key[i] == '0' && digit(key[i + 1]))
            continue; // a zero before a number
        to[k++] = key[i];
    }
    to[k] = 0;
    free(key);
    return to;
}

static void drop_names(struct find *f)
{
    for (uint32_t i = 0; i < f->n; i++) {
        free(f->names[i].words);
        free(f->names[i].marks);
        free(f->names[i].order);
    }
    free(f->names);
    f->names = NULL;
    f->n = 0;
}

static void take_plan(struct find *f, const struct plan *p)
{
    if (f->n == p->n_units && memcmp(f->hash, p->hash, HASH_SIZE) == 0)
        return;
    drop_names(f);
    f->names = calloc(p->n_units + 1, sizeof *f->names);
    assert(f->names);
    for (f->n = 0; f->n < p->n_units; f->n++) {
        f->names[f->n].words = apart(vn_key(p->units[f->n].name, VN_BARE));
        f->names[f->n].marks = vn_key(p->units[f->n].name, VN_TONES);
    }
    memcpy(f->hash, p->hash, HASH_SIZE);
}

static void add_words(struct words *w, const char *key)
{
    for (const char *at = key; *at && w->n < WORDS_MAX;) {
        size_t n = strcspn(at, " ");
        w->at[w->n] = at;
        w->size[w->n++] = n;
        at += n + (at[n] == ' ');
    }
}

// How many words of the name, from `i` on, one typed word stands for; 0: none.
static unsigned stands_for(const struct words *name, unsigned i, const char *at, size_t n)
{
    if (digit(at[0]))
        return name->size[i] == n && memcmp(name->at[i], at, n) == 0;
    if (name->size[i] >= n && memcmp(name->at[i], at, n) == 0)
        return 1;
    for (size_t k = 0; k < n; k++)
        if (i + k >= name->n || name->at[i + k][0] != at[k])
            return 0;
    return (unsigned)n;
}

// The typed words in the order of the name, as early as possible. FITS_NOT, or how well.
static int fits(const struct words *name, const struct words *typed)
{
    unsigned i = 0, used = 0;
    bool start = true;
    for (unsigned k = 0; k < typed->n; k++) {
        unsigned n = 0;
        for (; i < name->n; i++)
            if ((n = stands_for(name, i, typed->at[k], typed->size[k])) > 0)
                break;
        if (n == 0)
            return FITS_NOT;
        start = start && (k > 0 || i == 0);
        i += n;
        used += n;
    }
    return FITS_NAME + (start ? FITS_START : 0) + (used == name->n ? FITS_WHOLE : 0);
}

// A name with those above it, behind it or before it.
static int fits_above(const struct find *f, const struct plan *p, uint32_t unit,
                      const struct words *typed)
{
    struct words behind = {.n = 0}, before = {.n = 0};
    uint32_t above[ABOVE_MAX];
    unsigned n = 0;
    for (uint32_t u = p->units[unit].parent; u != PLAN_NONE && n < ABOVE_MAX;
         u = p->units[u].parent)
        above[n++] = u;
    if (n == 0 || typed->n < 2 || (typed->n == 2 && typed->size[0] == 1))
        return FITS_NOT; // "T3" names nothing above
    add_words(&behind, f->names[unit].words);
    unsigned own = behind.n;
    for (unsigned i = 0; i < n; i++)
        add_words(&behind, f->names[above[i]].words);
    for (unsigned i = n; i > 0; i--)
        add_words(&before, f->names[above[i - 1]].words);
    add_words(&before, f->names[unit].words);
    struct words first = *typed, last = {.n = 1};
    first.n = 1;
    last.at[0] = typed->at[typed->n - 1];
    last.size[0] = typed->size[typed->n - 1];
    struct words name = behind;
    name.n = own;
    // Its own name must be meant too, not only those above.
    if (fits(&name, &first) != FITS_NOT && fits(&behind, typed) != FITS_NOT)
        return FITS_ABOVE;
    return fits(&name, &last) != FITS_NOT && fits(&before, typed) != FITS_NOT ? FITS_ABOVE
                                                                              : FITS_NOT;
}

struct typed {
    struct bytes code;
    struct words words;
    const char *marks; // NULL: typed without any
};

static int fits_code(struct bytes code, struct bytes typed)
{
    if (bytes_same(code, typed))
        return FITS_CODE;
    bool end = typed.n > 0 && typed.n < code.n && digit((char)typed.at[0]) &&
               memcmp(code.at + code.n - typed.n, typed.at, typed.n) == 0;
    return end || (typed.n > 2 && typed.n < code.n && memcmp(code.at, typed.at, typed.n) == 0)
               ? FITS_CODE_PART
               : FITS_NOT;
}

static int score(const struct find *f, const struct plan *p, uint32_t unit, const struct typed *t)
{
    struct words name = {.n = 0};
    int code = fits_code(p->units[unit].code, t->code), best = FITS_NOT;
    if (code == FITS_CODE)
        return code;
    add_words(&name, f->names[unit].words);
    if (t->words.n > 0)
        best = fits(&name, &t->words);
    if (best == FITS_NOT && t->words.n > 0)
        best = fits_above(f, p, unit, &t->words);
    if (best != FITS_NOT && t->marks && strstr(f->names[unit].marks, t->marks))
        best += FITS_MARKS;
    return best == FITS_NOT ? code : best;
}

static const char *order_of(struct find *f, const struct plan *p, uint32_t unit)
{
    if (!f->names[unit].order)
        f->names[unit].order = vn_sort_key(p->units[unit].name);
    return f->names[unit].order;
}

struct hit {
    uint32_t unit;
    int score;
};

static bool before(struct find *f, const struct plan *p, const struct hit *a, const struct hit *b)
{
    if (a->score != b->score)
        return a->score > b->score;
    int order = strcmp(order_of(f, p, a->unit), order_of(f, p, b->unit));
    return order != 0 ? order < 0 : a->unit < b->unit;
}

void find_open(struct find **ret_find)
{
    *ret_find = calloc(1, sizeof **ret_find);
    assert(*ret_find);
}

void find_close(struct find **find)
{
    if (!*find)
        return;
    drop_names(*find);
    free(*find);
    *find = NULL;
}

uint32_t find_units(struct find *f, const struct plan *p, uint32_t root, struct bytes text,
                    uint32_t ret_units[FIND_MAX])
{
    struct hit best[FIND_MAX];
    uint32_t n = 0, n_named = 0; // of them those whose own name or whole code fits
    if (text.n > FIND_QUERY_MAX)
        return 0;
    take_plan(f, p);
    char *words = apart(vn_key(text, VN_BARE)), *marks = vn_key(text, VN_TONES);
    char *bare = vn_key(text, VN_BARE), *code = vn_tidy(text);
    struct typed t = {.code = bytes_text(code ? code : ""),
                      .marks = strcmp(bare, marks) == 0 ? NULL : marks};
    add_words(&t.words, words);
    for (uint32_t i = root; t.code.n > 0 && i < root + p->units[root].size; i++) {
        struct hit hit = {.unit = i, .score = score(f, p, i, &t)};
        if (hit.score == FITS_NOT)
            continue;
        uint32_t at = n < FIND_MAX ? n : FIND_MAX;
        for (; at > 0 && before(f, p, &hit, &best[at - 1]); at--)
            if (at < FIND_MAX)
                best[at] = best[at - 1];
        if (at < FIND_MAX)
            best[at] = hit;
        n++;
        n_named += hit.score >= FITS_NAME;
    }
    n = n_named > 0 ? n_named : n; // the best are in front
    for (uint32_t i = 0; i < n && i < FIND_MAX; i++)
        ret_units[i] = best[i].unit;
    free(words);
    free(marks);
    free(bare);
    free(code);
    return n;
}

// pasteline.c - one line that was pasted: its cells, the village that it names, the figure behind the name.
#include "pasteline.h"
#include "common/base/vntext.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 24, NAME_WORDS_MAX = 8 };

void paste_line_cells(struct paste_line *l)
{
    for (size_t i = 0, start = 0; i <= l->text.n && l->n_cells < PASTE_CELLS_MAX; i++) {
        if (i < l->text.n && l->text.at[i] != '\t' && l->text.at[i] != ';' && l->text.at[i] != '|')
            continue;
        char *cell = vn_tidy(bytes_of(l->text.at + start, i - start));
        l->cells[l->n_cells++] = cell ? cell : strdup("");
        start = i + 1;
        if (l->n_cells == PASTE_CELLS_MAX && i < l->text.n)
            l->why = "paste_long";
    }
}

void paste_line_free(struct paste_line *l)
{
    for (unsigned i = 0; i < l->n_cells; i++)
        free(l->cells[i]);
}

// Letters of any writing: all but digits, blanks, signs, dashes and quotes.
static bool has_letters(struct bytes b)
{
    for (size_t i = 0; i < b.n; i++)
        if (((b.at[i] | 32) >= 'a' && (b.at[i] | 32) <= 'z') || (b.at[i] >= 0xc3 && b.at[i] < 0xe2))
            return true;
    return false;
}

struct words {
    const char *text;
    size_t from[WORDS_MAX], to[WORDS_MAX];
    unsigned n;
    bool more; // than there is room for
};

// Where words begin and end; a sign that stands between name and figure ends one, too.
static void words_of(const char *text, struct words *w)
{
    size_t i = 0;
    w->text = text;
    w->n = 0;
    while (text[i] && w->n < WORDS_MAX) {
        size_t skip = strspn(text + i, " :=\"'*");
        size_t length = strcspn(text + i + skip, " :=\"'*");
        if (length > 0) {
            w->from[w->n] = i + skip;
            w->to[w->n++] = i + skip + length;
        }
        i += skip + length;
    }
    w->more = text[i] != 0;
}

static struct bytes slice(const struct words *w, unsigned first, unsigned end)
{
    return bytes_of(w->text + w->from[first], w->to[end - 1] - w->from[first]);
}

static bool with_digit(struct bytes b)
{
    for (size_t i = 0; i < b.n; i++)
        if (b.at[i] >= '0' && b.at[i] <= '9')
            return true;
    return false;
}

// Behind a colon (whoever wrote the line stands before it), or behind the number of a row.
static bool begins_anew(const struct words *w, unsigned at)
{
    const char *gap = w->text + w->to[at - 1];
    char before = gap[-1];
    return memchr(gap, ':', w->from[at] - w->to[at - 1]) != NULL ||
           (at == 1 && strchr(".)-+", before) != NULL);
}

// The longest run of words from there on that names one village. Within a line a name has two words or a
// number, so that "chị Hoa" does not become one. Ends behind the run; 0: there is none.
static unsigned name_from(const struct villages *v, const struct words *w, unsigned at,
                          uint32_t *ret)
{
    bool first = at == 0 || begins_anew(w, at);
    unsigned longest = w->n < at + NAME_WORDS_MAX ? w->n : at + NAME_WORDS_MAX;
    for (unsigned end = longest; end > at; end--) {
        struct bytes name = slice(w, at, end);
        if (has_letters(name) && (first || end > at + 1 || with_digit(name)) &&
            villages_find(v, name, ret) == VILLAGE_FOUND)
            return end;
    }
    return 0;
}

// A line that names two villages is not understood.
static bool name_in(const struct villages *v, struct paste_line *l, const struct words *w)
{
    unsigned found = 0;
    for (unsigned at = 0; at < w->n;) {
        uint32_t i = 0;
        unsigned end = name_from(v, w, at, &i);
        if (end > 0 && found > 0 && i != l->village)
            return false;
        if (end > 0 && found == 0) {
            l->village = i;
            l->behind = w->to[end - 1];
            found = end;
        }
        at = end > 0 ? end : at + 1;
    }
    if (found == 0 && w->n > 1 && villages_find(v, slice(w, 0, 1), &l->village) == VILLAGE_FOUND) {
        l->behind = w->to[0]; // "5: 214 người"
        found = 1;
    }
    return found > 0;
}

// A cell of its own, with the figure in another: "5" and "214".
static bool by_number_alone(const struct villages *v, struct paste_line *l, const struct words *w)
{
    l->behind = w->to[0];
    return villages_find(v, slice(w, 0, 1), &l->village) == VILLAGE_FOUND;
}

bool paste_line_village(const struct villages *v, struct paste_line *l)
{
    struct words w;
    bool letters = false;
    for (l->cell = 0; l->cell < l->n_cells; l->cell++) {
        if (!has_letters(bytes_text(l->cells[l->cell])))
            continue;
        letters = true;
        words_of(l->cells[l->cell], &w);
        if (name_in(v, l, &w))
            return true;
    }
    for (l->cell = 0; l->cell < l->n_cells; l->cell++) // its code, beside a name that is no help
        if (villages_find(v, bytes_text(l->cells[l->cell]), &l->village) == VILLAGE_FOUND &&
            strlen(l->cells[l->cell]) > 3) {
            l->behind = strlen(l->cells[l->cell]);
            return true;
        }
    l->cell = 0;
    while (!letters && l->cell < l->n_cells && l->cells[l->cell][0] == 0)
        l->cell++;
    if (letters || l->cell == l->n_cells)
        return false;
    words_of(l->cells[l->cell], &w); // no name anywhere: the first number is the village's
    return w.n > 0 && name_in(v, l, &w) ? true : w.n == 1 && by_number_alone(v, l, &w);
}

// ---- the figure behind the name

static void take_number(struct paste_line *l, uint64_t value, struct bytes text)
{
    for (unsigned i = 0; i < l->n_numbers; i++)
        if (l->numbers[i].value == value)
            return;
    if (l->n_numbers == PASTE_NUMBERS_MAX)
        return;
    struct paste_number *x = &l->numbers[l->n_numbers++];
    x->value = value;
    snprintf(x->text, sizeof x->text, "%.*s", (int)text.n, (const char *)text.at);
}

static struct bytes without_signs(struct bytes b)
{
    while (b.n > 0 && strchr("(-+", b.at[0]))
        b = bytes_of(b.at + 1, b.n - 1);
    while (b.n > 0 && strchr(").,!-", b.at[b.n - 1]))
        b.n--;
    return b;
}

// "214", "56,3%": false where it is none of them.
static bool take_part(struct paste_line *l, struct bytes word)
{
    uint64_t value;
    bool plus = word.n > 0 && word.at[0] == '+';
    struct bytes b = without_signs(word);
    if (b.n > 0 && figure_read(b, &value) == FIGURE_GOOD) {
        l->more = l->more || plus;
        take_number(l, value, b);
        return true;
    }
    if (b.n > 1 && memchr(b.at, '%', b.n) && figure_read_percent(b, true, &value) == FIGURE_GOOD) {
        snprintf(l->percent, sizeof l->percent, "%.*s", (int)b.n, (const char *)b.at);
        return true;
    }
    return false;
}

// A part, or two: "214/380".
static bool take_word(struct paste_line *l, struct bytes word)
{
    struct bytes b = without_signs(word);
    const uint8_t *slash = b.n > 0 ? memchr(b.at, '/', b.n) : NULL;
    if (!slash)
        return take_part(l, word);
    size_t n = (size_t)(slash - b.at);
    return take_part(l, bytes_of(b.at, n)) && take_part(l, bytes_of(slash + 1, b.n - n - 1));
}

// "9h", "9h30": when it was said.
static bool an_hour(const char *key)
{
    size_t n = strspn(key, "0123456789");
    return n > 0 && n <= 2 && (key[n] == 'h' || key[n] == 'g') &&
           key[n + 1 + strspn(key + n + 1, "0123456789")] == 0;
}

// Words that mean nothing here are passed over; what has a digit and is no figure is not.
static void take_figures(struct paste_line *l, const char *text)
{
    struct words w;
    uint64_t value;
    const char *start = text + strspn(text, " :=-");
    if (figure_read(bytes_text(start), &value) == FIGURE_GOOD) {
        take_number(l, value, bytes_text(start)); // "1 214" is one, where nothing else stands
        return;
    }
    words_of(text, &w);
    if (w.more)
        l->why = "paste_long";
    for (unsigned i = 0; i < w.n; i++) {
        bool part = i + 1 < w.n && bytes_same(slice(&w, i + 1, i + 2), bytes_text("%"));
        struct bytes word = slice(&w, i, i + 1 + part); // "98 %"
        char *key = vn_key(word, VN_BARE);
        l->more = l->more || strcmp(key, "them") == 0;
        if (!an_hour(key) && !take_word(l, word) && with_digit(word))
            l->why = "paste_bad_figure";
        free(key);
        i += part;
    }
}

void paste_line_figure(const struct villages *v, struct paste_line *l, uint64_t voters)
{
    take_figures(l, l->cells[l->cell] + l->behind);
    for (unsigned i = l->cell + 1; i < l->n_cells; i++) {
        struct bytes cell = bytes_text(l->cells[i]);
        uint32_t again = l->village;
        if (has_letters(cell) && villages_find(v, cell, &again) == VILLAGE_FOUND &&
            again == l->village)
            continue; // its code stood before its name
        if (has_letters(cell) && again != l->village)
            l->why = "paste_no_village";
        take_figures(l, l->cells[i]);
    }
    for (unsigned i = 0; i < l->n_numbers && l->n_numbers > 1; i++)
        if (l->numbers[i].value == voters) { // the column of voters, or "214/380"
            l->numbers[i] = l->numbers[--l->n_numbers];
            break;
        }
    if (l->why)
        return;
    if (l->n_numbers > 1)
        l->why = "paste_several_figures";
    else if (l->n_numbers == 0 && !l->percent[0])
        l->why = "paste_no_figure";
}

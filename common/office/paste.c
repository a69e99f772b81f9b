// paste.c - rows out of a spreadsheet, or lines of a chat message, as turnouts of villages: read, not recorded.
#include "paste.h"
#include "common/base/vntext.h"
#include "view.h"
#include "villages.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELLS_MAX = 24,
    WORDS_MAX = 24,
    NAME_WORDS_MAX = 8,
    NUMBERS_MAX = 8,
    SEEN_MAX = REPLACES_MAX * 17 + 1
};

struct number {
    uint64_t value;
    char text[FIGURE_TEXT];
};
struct line {
    unsigned at; // from 1
    struct bytes text;
    char *cells[CELLS_MAX]; // tidied
    unsigned n_cells;
    uint32_t village; // of the villages that are looked through
    unsigned cell;    // in which its name stands
    size_t behind;    // where the cell goes on behind the name
    struct number numbers[NUMBERS_MAX];
    unsigned n_numbers;
    char percent[FIGURE_TEXT]; // "" where there is none
    bool more;                 // an increment: "thêm 40", "+40"
    const char *why;           // the key of the sentence, where it is not understood
};
struct paste {
    const struct office *o;
    struct villages v;
    unsigned cutoff;
    bool restricted;
    unsigned *said; // by village: the line that said its figure
    json_t *rows, *left;
};

static void split_cells(struct line *l)
{
    for (size_t i = 0, start = 0; i <= l->text.n && l->n_cells < CELLS_MAX; i++) {
        if (i < l->text.n && l->text.at[i] != '\t' && l->text.at[i] != ';' && l->text.at[i] != '|')
            continue;
        char *cell = vn_tidy(bytes_of(l->text.at + start, i - start));
        l->cells[l->n_cells++] = cell ? cell : strdup("");
        start = i + 1;
        if (l->n_cells == CELLS_MAX && i < l->text.n)
            l->why = "paste_long";
    }
}

static void free_cells(struct line *l)
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
static unsigned name_from(const struct paste *p, const struct words *w, unsigned at, uint32_t *ret)
{
    bool first = at == 0 || begins_anew(w, at);
    unsigned longest = w->n < at + NAME_WORDS_MAX ? w->n : at + NAME_WORDS_MAX;
    for (unsigned end = longest; end > at; end--) {
        struct bytes name = slice(w, at, end);
        if (has_letters(name) && (first || end > at + 1 || with_digit(name)) &&
            villages_find(&p->v, name, ret) == VILLAGE_FOUND)
            return end;
    }
    return 0;
}

// A line that names two villages is not understood.
static bool name_in(const struct paste *p, struct line *l, const struct words *w)
{
    unsigned found = 0;
    for (unsigned at = 0; at < w->n;) {
        uint32_t i = 0;
        unsigned end = name_from(p, w, at, &i);
        if (end > 0 && found > 0 && i != l->village)
            return false;
        if (end > 0 && found == 0) {
            l->village = i;
            l->behind = w->to[end - 1];
            found = end;
        }
        at = end > 0 ? end : at + 1;
    }
    if (found == 0 && w->n > 1 &&
        villages_find(&p->v, slice(w, 0, 1), &l->village) == VILLAGE_FOUND) {
        l->behind = w->to[0]; // "5: 214 người"
        found = 1;
    }
    return found > 0;
}

// A cell of its own, with the figure in another: "5" and "214".
static bool by_number_alone(const struct paste *p, struct line *l, const struct words *w)
{
    l->behind = w->to[0];
    return villages_find(&p->v, slice(w, 0, 1), &l->village) == VILLAGE_FOUND;
}

static bool find_village(const struct paste *p, struct line *l)
{
    struct words w;
    bool letters = false;
    for (l->cell = 0; l->cell < l->n_cells; l->cell++) {
        if (!has_letters(bytes_text(l->cells[l->cell])))
            continue;
        letters = true;
        words_of(l->cells[l->cell], &w);
        if (name_in(p, l, &w))
            return true;
    }
    for (l->cell = 0; l->cell < l->n_cells; l->cell++) // its code, beside a name that is no help
        if (villages_find(&p->v, bytes_text(l->cells[l->cell]), &l->village) == VILLAGE_FOUND &&
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
    return w.n > 0 && name_in(p, l, &w) ? true : w.n == 1 && by_number_alone(p, l, &w);
}

// ---- the figure behind the name

static void take_number(struct line *l, uint64_t value, struct bytes text)
{
    for (unsigned i = 0; i < l->n_numbers; i++)
        if (l->numbers[i].value == value)
            return;
    if (l->n_numbers == NUMBERS_MAX)
        return;
    struct number *x = &l->numbers[l->n_numbers++];
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
static bool take_part(struct line *l, struct bytes word)
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
static bool take_word(struct line *l, struct bytes word)
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
static void take_figures(struct line *l, const char *text)
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

static void find_figure(const struct paste *p, struct line *l, uint64_t voters)
{
    take_figures(l, l->cells[l->cell] + l->behind);
    for (unsigned i = l->cell + 1; i < l->n_cells; i++) {
        struct bytes cell = bytes_text(l->cells[i]);
        uint32_t again = l->village;
        if (has_letters(cell) && villages_find(&p->v, cell, &again) == VILLAGE_FOUND &&
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

// ---- one line

static uint32_t ballot_of(const struct paste *p, uint32_t unit)
{
    const struct plan *plan = p->v.plan;
    const struct plan_unit *u = &plan->units[unit];
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
        if (view_shown(plan, plan->contests[plan->ballots[b].contest].kind, p->restricted))
            return b;
    return PLAN_NONE;
}

static json_t *as_written(struct bytes text)
{
    json_t *j = view_bytes(text);
    return j ? j : json_string("?"); // not UTF-8
}

static void leave(struct paste *p, const struct line *l, unsigned earlier)
{
    static const char *const fields[] = {[LANGUAGE_VI] = "words", [LANGUAGE_EN] = "words_en"};
    json_t *j = json_pack("{s:i,s:o}", "line", (int)l->at, "text", as_written(l->text));
    char words[FIGURE_WHY], first[16];
    snprintf(first, sizeof first, "%u", earlier);
    struct text_place places[] = {
        {"line", first}, {"one", l->numbers[0].text}, {"two", l->numbers[1].text}};
    for (unsigned lang = 0; lang < LANGUAGES; lang++) {
        text_fill(words, sizeof words, text_of(l->why, (enum language)lang), places, 3);
        json_object_set_new(j, fields[lang], json_string(words));
    }
    json_array_append_new(p->left, j);
}

static void standing_acts(const struct fold *f, uint32_t ballot, unsigned cutoff,
                          char seen[SEEN_MAX])
{
    uint32_t slot = fold_slot_of(f, KIND_TURNOUT, cutoff, ballot);
    size_t n = 0;
    seen[0] = 0;
    for (uint32_t e = slot == ENTRY_NONE ? ENTRY_NONE : f->slots[slot].first_entry;
         e != ENTRY_NONE && n + 18 < SEEN_MAX; e = f->entries[e].next_of_slot)
        if (!fold_replaced(f, e))
            n += (size_t)snprintf(seen + n, SEEN_MAX - n, "%s%016llx", n ? "," : "",
                                  (unsigned long long)f->names[f->entries[e].name].act);
}

static void understand(struct paste *p, const struct line *l, uint32_t ballot)
{
    const struct fold *f = office_fold(p->o);
    const struct village *v = &p->v.at[l->village];
    const struct plan *plan = f->plan;
    char voted[FIGURE_TEXT + 1], seen[SEEN_MAX];
    uint64_t last;
    unsigned of;
    struct trap t;
    snprintf(voted, sizeof voted, "%s%s", l->n_numbers && l->more ? "+" : "",
             l->n_numbers ? l->numbers[0].text : l->percent);
    standing_acts(f, ballot, p->cutoff, seen);
    struct trap_asked a = {ballot, p->cutoff, bytes_text(voted), bytes_text(""), bytes_text(seen)};
    traps_find(f, &a, &t);
    bool known = traps_last(f, ballot, p->cutoff, &last, &of);
    uint32_t voters = f->cells[ballot].voters;
    json_t *j = json_pack("{s:i,s:o,s:o,s:o,s:i,s:o,s:s,s:s,s:b}", "line", (int)l->at, "text",
                          as_written(l->text), "place", view_bytes(plan->units[v->unit].code),
                          "name", view_bytes(plan->units[v->unit].name), "number", (int)v->number,
                          "contest", view_bytes(plan->contests[plan->ballots[ballot].contest].code),
                          "voted", voted, "seen", seen, "same", t.kind == TRAP_SAME);
    json_object_set_new(j, "voters", voters == VOTERS_UNKNOWN ? json_null() : json_integer(voters));
    json_object_set_new(j, "last", known ? json_integer((json_int_t)last) : json_null());
    json_object_set_new(j, "ask",
                        t.kind == TRAP_NONE || t.kind == TRAP_SAME ? json_null()
                                                                   : traps_view(plan, &a, &t));
    json_array_append_new(p->rows, j);
}

static void read_line(struct paste *p, struct line *l)
{
    const struct fold *f = office_fold(p->o);
    unsigned earlier = 0;
    uint32_t ballot = PLAN_NONE;
    split_cells(l);
    if (l->why)
        ;
    else if (!find_village(p, l))
        l->why = "paste_no_village";
    else if ((ballot = ballot_of(p, p->v.at[l->village].unit)) == PLAN_NONE)
        l->why = "paste_no_contest";
    else if ((earlier = p->said[l->village]) > 0)
        l->why = "paste_twice";
    else
        find_figure(p, l, f->cells[ballot].voters);
    if (l->why) {
        leave(p, l, earlier);
    } else {
        p->said[l->village] = l->at;
        understand(p, l, ballot);
    }
    free_cells(l);
}

static bool blank(struct bytes b)
{
    for (size_t i = 0; i < b.n; i++)
        if (b.at[i] > ' ')
            return false;
    return true;
}

json_t *paste_read(const struct office *o, struct bytes text, unsigned cutoff, bool restricted)
{
    const struct plan *plan = office_plan(o);
    struct paste p = {.o = o, .cutoff = cutoff, .restricted = restricted};
    uint32_t own = plan_unit_of(plan, code_bytes(&office_identity(o)->unit));
    p.rows = json_array();
    p.left = json_array();
    if (own != PLAN_NONE) {
        villages_of(&p.v, plan, own);
        p.said = calloc(p.v.n + 1, sizeof *p.said);
        if (!p.said)
            abort();
    }
    unsigned at = 0;
    for (size_t i = 0; own != PLAN_NONE && i < text.n && at < PASTE_LINES_MAX;) {
        const uint8_t *end = memchr(text.at + i, '\n', text.n - i);
        size_t n = end ? (size_t)(end - text.at) - i : text.n - i;
        at++;
        struct line l = {.at = at, .text = bytes_of(text.at + i, n)};
        i += n + 1;
        if (l.text.n > 0 && l.text.at[l.text.n - 1] == '\r')
            l.text.n--;
        if (blank(l.text))
            continue;
        if (l.text.n > PASTE_LINE_MAX) {
            l.why = "paste_long";
            l.text.n = 0;
            leave(&p, &l, 0);
        } else {
            read_line(&p, &l);
        }
    }
    villages_free(&p.v);
    free(p.said);
    return json_pack("{s:o,s:o}", "rows", p.rows, "left", p.left);
}

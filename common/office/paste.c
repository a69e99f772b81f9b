// paste.c - rows out of a spreadsheet, or lines of a chat message, as turnouts of villages: read, not recorded.
#include "paste.h"
#include "pasteline.h"
#include "view.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEN_MAX = REPLACES_MAX * 17 + 1 };

struct paste {
    const struct office *o;
    struct villages v;
    unsigned cutoff;
    bool restricted;
    unsigned *said; // by village: the line that said its figure
    json_t *rows, *left;
};

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

static void leave(struct paste *p, const struct paste_line *l, unsigned earlier)
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

static void understand(struct paste *p, const struct paste_line *l, uint32_t ballot)
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

static void read_line(struct paste *p, struct paste_line *l)
{
    const struct fold *f = office_fold(p->o);
    unsigned earlier = 0;
    uint32_t ballot = PLAN_NONE;
    paste_line_cells(l);
    if (l->why)
        ;
    else if (!paste_line_village(&p->v, l))
        l->why = "paste_no_village";
    else if ((ballot = ballot_of(p, p->v.at[l->village].unit)) == PLAN_NONE)
        l->why = "paste_no_contest";
    else if ((earlier = p->said[l->village]) > 0)
        l->why = "paste_twice";
    else
        paste_line_figure(&p->v, l, f->cells[ballot].voters);
    if (l->why) {
        leave(p, l, earlier);
    } else {
        p->said[l->village] = l->at;
        understand(p, l, ballot);
    }
    paste_line_free(l);
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
        struct paste_line l = {.at = at, .text = bytes_of(text.at + i, n)};
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

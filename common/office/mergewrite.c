// mergewrite.c - the files of the plan folder that a merge makes.
//
// What the base has of its own is written as it stands: upper units, other contests, columns that
// nothing here knows. Only the villages of communes with a table, and their head contests, are new.
#include "mergeinside.h"
#include "common/base/csv.h"
#include <stdlib.h>
#include <string.h>

static const char bom[] = "\xef\xbb\xbf"; // or Excel reads it as something else than UTF-8
static const char kind_head[] = "head";

const char *merge_file_name(enum merge_file file)
{
    static const char *const names[] = {"units.csv", "contests.csv", "candidates.csv", "voters.csv",
                                        "codes.csv"};
    return names[file];
}

// ---- rows: the base's columns, and those that were added ----

enum { ADDED_MAX = 12, VALUES_MAX = 16 };

struct out {
    FILE *to;
    const struct grid *like; // the base's table; its first row names the columns
    const char *added[ADDED_MAX];
    unsigned n_added;
};
struct value {
    const char *column, *text;
};

static void put(struct out *o, const char *text, bool first)
{
    if (!first)
        fputc(',', o->to);
    csv_write_field(o->to, bytes_text(text), false);
}

static unsigned n_columns(const struct grid *g)
{
    return g->n_rows > 0 ? g->rows[0].n : 0;
}

static void out_begin(struct out *o, FILE *to, const struct grid *like, const char *const *columns)
{
    *o = (struct out){.to = to, .like = like};
    for (; *columns; columns++)
        if (grid_column(like, *columns) < 0)
            o->added[o->n_added++] = *columns;
    fputs(bom, to);
    for (unsigned i = 0; i < n_columns(like); i++)
        put(o, grid_cell(like, 0, (int)i), i == 0);
    for (unsigned i = 0; i < o->n_added; i++)
        put(o, o->added[i], i == 0 && n_columns(like) == 0);
    fputc('\n', to);
}

static const char *value_of(const struct value *values, const char *column)
{
    for (; values->column; values++)
        if (strcmp(values->column, column) == 0)
            return values->text;
    return NULL;
}

// A row of the base (0: none) with other values where they are stated; NULL leaves the base's.
static void out_row(struct out *o, unsigned row, const struct value *values)
{
    unsigned n = n_columns(o->like);
    for (unsigned i = 0; i < n; i++) {
        const char *new = value_of(values, grid_cell(o->like, 0, (int)i));
        put(o, new ? new : row > 0 ? grid_cell(o->like, row, (int)i) : "", i == 0);
    }
    for (unsigned i = 0; i < o->n_added; i++) {
        const char *new = value_of(values, o->added[i]);
        put(o, new ? new : "", i == 0 && n == 0);
    }
    fputc('\n', o->to);
}

static const char *none_if_empty(const char *text)
{
    return text[0] ? text : NULL;
}

// The villages that are written, commune by commune; NULL begins, and is the end.
static const struct village *village_after(const struct merge *m, const struct village *v)
{
    unsigned c = v ? (unsigned)v->commune : 0;
    int i = v ? v->next : m->communes[0].first_village;
    for (;;) {
        for (; i != MERGE_NONE; i = m->villages[i].next)
            if (!m->villages[i].dropped)
                return &m->villages[i];
        if (++c >= m->n_communes)
            return NULL;
        i = m->communes[c].first_village;
    }
}

// ---- units ----

static const struct former *former_of_code(const struct merge *m, const char *code)
{
    for (unsigned i = 0; i < m->n_formers; i++)
        if (strcmp(m->formers[i].code, code) == 0 && m->formers[i].commune != MERGE_NONE)
            return &m->formers[i];
    return NULL;
}

// A village of the base that the tables say nothing of, since its commune has sent none.
static bool stays(const struct merge *m, const struct former *f)
{
    return m->communes[f->commune].n_files == 0;
}

static void write_units(const struct merge *m, FILE *to)
{
    static const char *const columns[] = {"code",  "parent_code", "level", "name",
                                          "opens", "closes",      NULL};
    static const struct value none[] = {{NULL, NULL}};
    char level[16];
    struct out o;
    int code = grid_column(&m->units, "code"), level_at = grid_column(&m->units, "level");
    out_begin(&o, to, &m->units, columns);
    snprintf(level, sizeof level, "%u", m->n_levels);
    for (unsigned i = 1; i < m->units.n_rows; i++) {
        bool village = merge_level(m, grid_cell(&m->units, i, level_at)) == m->n_levels;
        const struct former *f = village ? former_of_code(m, grid_cell(&m->units, i, code)) : NULL;
        if (!village || (f && stays(m, f)))
            out_row(&o, i, none);
    }
    for (const struct village *v = NULL; (v = village_after(m, v));) {
        uint32_t row = v->former == MERGE_NONE ? UINT32_MAX : m->formers[v->former].row;
        struct value values[] = {{"code", v->code},
                                 {"parent_code", m->communes[v->commune].code},
                                 {"level", row == UINT32_MAX ? level : NULL},
                                 {"name", v->name},
                                 {"opens", none_if_empty(v->opens)},
                                 {"closes", none_if_empty(v->closes)},
                                 {NULL, NULL}};
        out_row(&o, row == UINT32_MAX ? 0 : row, values);
    }
}

// ---- contests ----

unsigned merge_head_contest(const struct grid *contests, const char *unit)
{
    int of = grid_column(contests, "unit_code"), kind = grid_column(contests, "kind");
    for (unsigned i = 1; i < contests->n_rows; i++)
        if (strcmp(grid_cell(contests, i, of), unit) == 0 &&
            strcmp(grid_cell(contests, i, kind), kind_head) == 0)
            return i;
    return 0;
}

// The base's row of this contest code, or 0.
static unsigned contest_row(const struct merge *m, const char *code)
{
    int at = grid_column(&m->contests, "code");
    for (unsigned i = 1; i < m->contests.n_rows && at >= 0; i++)
        if (strcmp(grid_cell(&m->contests, i, at), code) == 0)
            return i;
    return 0;
}

// Whether a row of the base's contests is written as it stands.
static bool contest_stays(const struct merge *m, unsigned row)
{
    const struct former *f =
        former_of_code(m, grid_cell(&m->contests, row, grid_column(&m->contests, "unit_code")));
    bool head =
        strcmp(grid_cell(&m->contests, row, grid_column(&m->contests, "kind")), kind_head) == 0;
    if (!f || stays(m, f))
        return true;
    return f->village != MERGE_NONE && !head;
}

static const char *profile_of(const struct merge *m, unsigned row)
{
    int profile = grid_column(&m->contests, "profile"), kind = grid_column(&m->contests, "kind");
    if (m->options.profile)
        return m->options.profile;
    if (row > 0)
        return grid_cell(&m->contests, row, profile);
    for (unsigned i = 1; i < m->contests.n_rows; i++)
        if (strcmp(grid_cell(&m->contests, i, kind), kind_head) == 0)
            return grid_cell(&m->contests, i, profile);
    return "nqlt09-2008";
}

struct contest_texts {
    char code[160], name[REPAIR_NAME_MAX + 64];
};

// "Trưởng thôn Hạ", "Tổ trưởng tổ dân phố 3": the word for the kind only where the name has none.
static void contest_of(const struct merge *m, const struct village *v, unsigned row,
                       struct contest_texts *ret)
{
    bool group = v->kind && (strcmp(v->kind, "to dan pho") == 0 || strcmp(v->kind, "tdp") == 0 ||
                             strcmp(v->kind, "to") == 0);
    bool named = repair_kind(v->bare) != NULL;
    const char *word = named ? "" : group ? "tổ dân phố " : "thôn ";
    bool same = row > 0 && v->former != MERGE_NONE &&
                strcmp(m->formers[v->former].name, v->name) == 0;
    snprintf(ret->code, sizeof ret->code, "%s-TT", v->code);
    if (row > 0)
        snprintf(ret->code, sizeof ret->code, "%s",
                 grid_cell(&m->contests, row, grid_column(&m->contests, "code")));
    snprintf(ret->name, sizeof ret->name, "%s %s%s", group ? "Tổ trưởng" : "Trưởng", word, v->name);
    char *first = ret->name + strlen(group ? "Tổ trưởng" : "Trưởng") + 1 + strlen(word);
    if (named && *first == 'T')
        *first = 't';
    else if (named && *first >= 'A' && *first <= 'Z')
        *first = (char)(*first + ('a' - 'A'));
    if (same)
        snprintf(ret->name, sizeof ret->name, "%s",
                 grid_cell(&m->contests, row, grid_column(&m->contests, "name")));
}

static void write_contests(const struct merge *m, FILE *to)
{
    static const char *const columns[] = {"code",    "name",  "kind", "unit_code",
                                          "profile", "seats", NULL};
    static const struct value none[] = {{NULL, NULL}};
    struct out o;
    out_begin(&o, to, &m->contests, columns);
    for (unsigned i = 1; i < m->contests.n_rows; i++)
        if (contest_stays(m, i))
            out_row(&o, i, none);
    for (const struct village *v = NULL; (v = village_after(m, v));) {
        struct contest_texts t;
        unsigned row = merge_head_contest(&m->contests, v->code);
        contest_of(m, v, row, &t);
        struct value values[] = {{"code", t.code},
                                 {"name", t.name},
                                 {"kind", kind_head},
                                 {"unit_code", v->code},
                                 {"profile", profile_of(m, row)},
                                 {"seats", row > 0 ? NULL : "1"},
                                 {NULL, NULL}};
        out_row(&o, row, values);
    }
}

// ---- candidates ----

static const char *const fact_columns[FACTS] = {"re_elected", "woman",     "minority", "party",
                                                "birth_year", "schooling", "theory",   "secretary"};

const char *merge_fact_column(enum fact fact)
{
    return fact_columns[fact];
}

static bool any_fact(const struct merge *m)
{
    for (unsigned i = 0; i < m->n_villages; i++)
        for (unsigned k = 0; k < m->villages[i].n_persons; k++)
            for (unsigned f = 0; f < FACTS; f++)
                if (m->villages[i].persons[k].facts[f])
                    return true;
    return false;
}

// The base's row of the same person in the same contest: its key stays.
static unsigned person_row(const struct merge *m, const char *contest, const char *name)
{
    const struct grid *g = &m->candidates;
    int of = grid_column(g, "contest"), at = grid_column(g, "name");
    for (unsigned i = 1; i < g->n_rows; i++)
        if (strcmp(grid_cell(g, i, of), contest) == 0 && strcmp(grid_cell(g, i, at), name) == 0)
            return i;
    return 0;
}

static void write_person(struct out *o, const struct merge *m, const char *contest,
                         const struct person *p)
{
    struct value values[FACTS + 4] = {{"contest", contest}, {"number", NULL}, {"name", p->name}};
    char number[16];
    unsigned n = 3;
    snprintf(number, sizeof number, "%u", p->number);
    values[1].text = number;
    for (unsigned f = 0; f < FACTS; f++)
        values[n++] = (struct value){fact_columns[f], p->facts[f]};
    values[n] = (struct value){NULL, NULL};
    out_row(o, person_row(m, contest, p->name), values);
}

static void write_candidates(const struct merge *m, FILE *to)
{
    static const struct value none[] = {{NULL, NULL}};
    const char *columns[4 + FACTS + 1] = {"contest", "number", "key", "name"};
    struct out o;
    int of = grid_column(&m->candidates, "contest");
    for (unsigned f = 0; f < FACTS && any_fact(m); f++)
        columns[4 + f] = fact_columns[f];
    out_begin(&o, to, &m->candidates, columns);
    for (unsigned i = 1; i < m->candidates.n_rows; i++) {
        unsigned row = contest_row(m, grid_cell(&m->candidates, i, of));
        if (row > 0 && contest_stays(m, row))
            out_row(&o, i, none);
    }
    for (const struct village *v = NULL; (v = village_after(m, v));) {
        struct contest_texts t;
        contest_of(m, v, merge_head_contest(&m->contests, v->code), &t);
        for (unsigned k = 0; k < v->n_persons; k++)
            write_person(&o, m, t.code, &v->persons[k]);
    }
}

// ---- voters, codes ----

static void write_voters(const struct merge *m, FILE *to)
{
    static const struct value none[] = {{NULL, NULL}};
    const char *columns[] = {"place", "contest", "voters", NULL, NULL};
    struct out o;
    int place = grid_column(&m->voters, "place"), of = grid_column(&m->voters, "contest");
    for (unsigned i = 0; i < m->n_villages; i++)
        if (m->villages[i].method[0])
            columns[3] = "method";
    out_begin(&o, to, &m->voters, columns);
    for (unsigned i = 1; i < m->voters.n_rows; i++) {
        const struct former *f = former_of_code(m, grid_cell(&m->voters, i, place));
        unsigned row = contest_row(m, grid_cell(&m->voters, i, of));
        if (row > 0 && contest_stays(m, row) && (!f || stays(m, f) || f->village != MERGE_NONE))
            out_row(&o, i, none);
    }
    for (const struct village *v = NULL; (v = village_after(m, v));) {
        struct contest_texts t;
        char n[24] = "";
        contest_of(m, v, merge_head_contest(&m->contests, v->code), &t);
        if (v->voters >= 0)
            snprintf(n, sizeof n, "%lld", (long long)v->voters);
        struct value values[] = {{"place", v->code},
                                 {"contest", t.code},
                                 {"voters", n},
                                 {"method", none_if_empty(v->method)},
                                 {NULL, NULL}};
        out_row(&o, 0, values);
    }
}

static void write_codes(const struct merge *m, FILE *to)
{
    static const struct grid empty;
    static const char *const columns[] = {"commune", "code", "name", NULL};
    struct out o;
    out_begin(&o, to, &empty, columns);
    for (unsigned i = 0; i < m->n_formers; i++) {
        const struct former *f = &m->formers[i];
        struct value values[] = {
            {"commune", f->commune_code},
            {"code", f->code},
            {"name", f->village == MERGE_NONE ? f->name : m->villages[f->village].name},
            {NULL, NULL}};
        out_row(&o, 0, values);
    }
    for (const struct village *v = NULL; (v = village_after(m, v));) {
        struct value values[] = {{"commune", m->communes[v->commune].code},
                                 {"code", v->code},
                                 {"name", v->name},
                                 {NULL, NULL}};
        if (v->former == MERGE_NONE)
            out_row(&o, 0, values);
    }
}

void merge_write(const struct merge *m, enum merge_file file, FILE *to)
{
    switch (file) {
    case MERGE_UNITS: write_units(m, to); break;
    case MERGE_CONTESTS: write_contests(m, to); break;
    case MERGE_CANDIDATES: write_candidates(m, to); break;
    case MERGE_VOTERS: write_voters(m, to); break;
    case MERGE_CODES: write_codes(m, to); break;
    case MERGE_FILES: break;
    }
}

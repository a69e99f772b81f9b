// mergebase.c - what was there before: the upper units, and the villages whose codes are taken.
#include "mergeinside.h"
#include "common/base/vntext.h"
#include "common/base/zpl.h"
#include <stdlib.h>
#include <string.h>

enum { CODE_ROOM = 100, COMMUNE_SCORE_FULL = 10000 };

static const struct merge_at nowhere = {.commune = MERGE_NONE};

static int on_setting(void *ctx, const char *path, struct bytes value, unsigned line)
{
    struct merge *m = ctx;
    char *end, text[CODE_ROOM];
    (void)line;
    snprintf(text, sizeof text, "%.*s", (int)value.n, (const char *)value.at);
    if (strcmp(path, "plan/day") == 0) {
        struct moment day;
        if (repair_moment(text, &day) == READ_PLAIN && day.year > 0) {
            m->year = day.year;
            m->month = day.month;
            m->day = day.day;
        }
    }
    if (strncmp(path, "levels/", 7) != 0)
        return 0;
    unsigned long n = strtoul(path + 7, &end, 10);
    if (n < 1 || n > MERGE_LEVELS_MAX || strcmp(end, "/name") != 0)
        return 0;
    m->level_names[n - 1] = merge_keep(m, text);
    if (n > m->n_levels)
        m->n_levels = (unsigned)n;
    return 0;
}

unsigned merge_level(const struct merge *m, const char *text)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (end != text && *end == 0)
        return n <= m->n_levels ? (unsigned)n : 0;
    for (unsigned i = 0; i < m->n_levels; i++)
        if (m->level_names[i] && strcmp(m->level_names[i], text) == 0)
            return i + 1;
    return 0;
}

static int commune_exactly(const struct merge *m, const char *code)
{
    for (unsigned i = m->n_communes; i > 0; i--) // a village mostly stands behind its commune
        if (strcmp(m->communes[i - 1].code, code) == 0)
            return (int)i - 1;
    return MERGE_NONE;
}

static void add_commune(struct merge *m, const char *code, const char *name)
{
    m->communes = merge_room(m->communes, m->n_communes, sizeof m->communes[0]);
    m->communes[m->n_communes++] = (struct commune){.code = merge_keep(m, code),
                                                    .name = merge_keep(m, name),
                                                    .tones = merge_key(m, name, true),
                                                    .bare = merge_key(m, name, false),
                                                    .first_former = MERGE_NONE,
                                                    .first_village = MERGE_NONE,
                                                    .last_village = MERGE_NONE};
}

// A code of this program's making counts for the commune whose code it begins with.
static void count_code(struct merge *m, const char *code)
{
    char commune[CODE_ROOM];
    const char *dash = strrchr(code, '-');
    char *end;
    if (!dash || (size_t)(dash - code) >= sizeof commune)
        return;
    unsigned long n = strtoul(dash + 1, &end, 10);
    memcpy(commune, code, (size_t)(dash - code));
    commune[dash - code] = 0;
    int at = commune_exactly(m, commune);
    if (at != MERGE_NONE && *end == 0 && end != dash + 1 && n < 100000 && n > m->communes[at].top)
        m->communes[at].top = (unsigned)n;
}

// A village of a former plan; a newer name replaces an older one.
static void add_former(struct merge *m, const char *commune, const struct former *f)
{
    int at = commune_exactly(m, commune);
    for (int i = at == MERGE_NONE ? MERGE_NONE : m->communes[at].first_former; i != MERGE_NONE;
         i = m->formers[i].next) {
        struct former *known = &m->formers[i];
        if (strcmp(known->code, f->code) != 0)
            continue;
        known->now |= f->now;
        if (known->row == UINT32_MAX)
            known->row = f->row;
        if (f->name[0]) {
            known->name = merge_keep(m, f->name);
            known->tones = merge_key(m, f->name, true);
            known->bare = merge_key(m, f->name, false);
        }
        return;
    }
    m->formers = merge_room(m->formers, m->n_formers, sizeof m->formers[0]);
    struct former *new = &m->formers[m->n_formers];
    *new = *f;
    new->commune = at;
    new->commune_code = merge_keep(m, commune);
    new->code = merge_keep(m, f->code);
    new->name = merge_keep(m, f->name);
    new->tones = merge_key(m, f->name, true);
    new->bare = merge_key(m, f->name, false);
    new->village = MERGE_NONE;
    new->next = at == MERGE_NONE ? MERGE_NONE : m->communes[at].first_former;
    if (at != MERGE_NONE)
        m->communes[at].first_former = (int)m->n_formers;
    m->n_formers++;
    count_code(m, f->code);
}

struct unit_columns {
    int code, parent, level, name;
};

static bool find_unit_columns(const struct grid *g, struct unit_columns *ret)
{
    *ret = (struct unit_columns){grid_column(g, "code"), grid_column(g, "parent_code"),
                                 grid_column(g, "level"), grid_column(g, "name")};
    return ret->code >= 0 && ret->parent >= 0 && ret->level >= 0 && ret->name >= 0;
}

static void read_villages(struct merge *m, const struct grid *g, bool of_base)
{
    struct unit_columns c;
    if (!find_unit_columns(g, &c))
        return;
    for (unsigned i = 1; i < g->n_rows; i++) {
        struct former f = {.code = grid_cell(g, i, c.code),
                           .name = grid_cell(g, i, c.name),
                           .row = of_base ? i : UINT32_MAX,
                           .now = true};
        if (merge_level(m, grid_cell(g, i, c.level)) == m->n_levels)
            add_former(m, grid_cell(g, i, c.parent), &f);
    }
}

static void read_codes(struct merge *m, struct bytes text)
{
    struct faults faults = {0};
    struct grid g;
    grid_read(&g, text, false, &faults);
    int commune = grid_column(&g, "commune"), code = grid_column(&g, "code"),
        name = grid_column(&g, "name");
    for (unsigned i = 1; i < g.n_rows && commune >= 0 && code >= 0; i++) {
        struct former f = {
            .code = grid_cell(&g, i, code), .name = grid_cell(&g, i, name), .row = UINT32_MAX};
        if (f.code[0])
            add_former(m, grid_cell(&g, i, commune), &f);
    }
    grid_free(&g);
    faults_clear(&faults);
}

static bool refuse(struct merge *m, const char *why)
{
    merge_say(m, &nowhere, SAYS_BASE, why, NULL, NULL);
    m->unusable = true;
    return false;
}

// The base's tables as they stand; a row that cannot be read must not get lost.
static bool read_grids(struct merge *m, const struct merge_texts *base)
{
    struct faults faults = {0};
    grid_read(&m->units, base->units, false, &faults);
    grid_read(&m->contests, base->contests, false, &faults);
    grid_read(&m->candidates, base->candidates, false, &faults);
    grid_read(&m->voters, base->voters, false, &faults);
    bool ok = faults.n == 0;
    if (!ok)
        refuse(m, merge_print(m, "%s (%u)", faults.at[0].text, faults.at[0].line));
    faults_clear(&faults);
    return ok;
}

bool merge_base(struct merge *m, const struct merge_texts *base)
{
    struct zpl_fault fault;
    struct unit_columns c;
    if (zpl_read(base->election, on_setting, m, &fault) != 0)
        return refuse(m, merge_print(m, "election.zpl, dòng %u: %s", fault.line, fault.why));
    if (m->n_levels < 2)
        return refuse(m, "election.zpl: levels");
    if (!read_grids(m, base))
        return false;
    if (!find_unit_columns(&m->units, &c))
        return refuse(m, "units.csv: code, parent_code, level, name");
    for (unsigned i = 1; i < m->units.n_rows; i++) {
        unsigned level = merge_level(m, grid_cell(&m->units, i, c.level));
        if (level == 0)
            return refuse(m, merge_print(m, "units.csv, dòng %u: level \"%s\"",
                                         m->units.rows[i].line, grid_cell(&m->units, i, c.level)));
        if (level == m->n_levels - 1)
            add_commune(m, grid_cell(&m->units, i, c.code), grid_cell(&m->units, i, c.name));
    }
    if (m->n_communes == 0) {
        merge_say(m, &nowhere, SAYS_NO_COMMUNES, merge_print(m, "%u", m->n_levels - 1), NULL, NULL);
        m->unusable = true;
        return false;
    }
    read_codes(m, base->codes);
    read_villages(m, &m->units, true);
    return true;
}

void merge_former(struct merge *m, const struct merge_texts *former)
{
    struct faults faults = {0};
    struct grid g;
    if (m->unusable)
        return;
    read_codes(m, former->codes);
    grid_read(&g, former->units, false, &faults);
    read_villages(m, &g, false);
    grid_free(&g);
    grid_read(&m->was_contests, former->contests, false, &faults);
    grid_read(&m->was_candidates, former->candidates, false, &faults);
    faults_clear(&faults);
}

// ---- which commune ----

// Without blanks, leading zeros and the ".0" of a spreadsheet.
static void plain_code(const char *code, char to[CODE_ROOM])
{
    size_t n = 0;
    for (const char *at = code; *at && n + 1 < CODE_ROOM; at++) {
        if (*at == ' ' || strncmp(at, "\xc2\xa0", 2) == 0) {
            at += *at != ' ';
            continue;
        }
        if (n > 0 || *at != '0')
            to[n++] = *at;
    }
    to[n] = 0;
    if (n > 2 && strcmp(to + n - 2, ".0") == 0)
        to[n - 2] = 0;
}

bool merge_same_code(const char *written, const char *code)
{
    char a[CODE_ROOM], b[CODE_ROOM];
    plain_code(written, a);
    plain_code(code, b);
    return a[0] && strcmp(a, b) == 0;
}

int merge_commune_of_code(const struct merge *m, const char *text)
{
    int found = commune_exactly(m, text);
    for (unsigned i = 0;
         i < m->n_communes && (found < 0 || strcmp(m->communes[found].code, text) != 0); i++)
        if (merge_same_code(text, m->communes[i].code))
            found = found == MERGE_NONE ? (int)i : -2;
    return found;
}

// The name without the word for its kind, where enough is left to know it by.
static const char *name_alone(const char *bare)
{
    static const char *const kinds[] = {"xa ", "phuong ", "thi tran ", "dac khu ", NULL};
    for (size_t i = 0; kinds[i]; i++) {
        size_t n = strlen(kinds[i]);
        if (strncmp(bare, kinds[i], n) == 0 && bare[n] >= 'a' && strlen(bare + n) > 1)
            return bare + n;
    }
    return "";
}

int merge_commune_of_name(const struct merge *m, const char *text, bool alone)
{
    char *unicode = vn_letters(bytes_text(text)) == VN_TCVN3 ? vn_from_tcvn3(bytes_text(text))
                                                             : NULL;
    struct bytes read = bytes_text(unicode ? unicode : text);
    char *bare = vn_key(read, VN_BARE), *tones = vn_key(read, VN_TONES);
    size_t best = 0;
    int found = MERGE_NONE;
    bool by_tones = false;
    for (unsigned i = 0; i < m->n_communes; i++) {
        const struct commune *c = &m->communes[i];
        bool full = vn_holds(bare, c->bare);
        size_t score = full ? COMMUNE_SCORE_FULL + strlen(c->bare)
                       : alone && vn_holds(bare, name_alone(c->bare)) ? strlen(name_alone(c->bare))
                                                                      : 0;
        bool same = full && vn_holds(tones, c->tones);
        if (score == 0 || score < best || (score == best && by_tones && !same))
            continue;
        found = score == best && same == by_tones ? -2 : (int)i;
        best = score;
        by_tones = same;
    }
    free(unicode);
    free(bare);
    free(tones);
    return found;
}

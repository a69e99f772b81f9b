// plansettings.c - what election.zpl of a plan folder says: plan, levels, cut-offs, categories, targets.
#include "plandraft.h"
#include "common/base/zpl.h"
#include <stdlib.h>
#include <string.h>

// Keeps a text of election.zpl, or says what is wrong with it.
static void keep_text(struct draft *d, struct bytes *to, struct bytes value, unsigned line)
{
    size_t max = to == &d->label ? CODE_MAX : PLAN_NAME_MAX;
    const char *why = draft_text_fault(value, max);
    if (why)
        faults_add(d->faults, FILE_ELECTION, line, "this text %s (at most %zu bytes)", why, max);
    *to = draft_keep(d, value);
}

// "levels/3/name" with `list` "levels": 3 and "name". 0 where it is none or the number is no
// number.
static unsigned list_number(const char *path, const char *list, const char **ret_field)
{
    size_t n = strlen(list);
    char *end;
    if (strncmp(path, list, n) != 0 || path[n] != '/' || path[n + 1] < '1' || path[n + 1] > '9')
        return 0;
    unsigned long number = strtoul(path + n + 1, &end, 10);
    *ret_field = end + 1;
    return *end == '/' && number <= 1000 ? (unsigned)number : 0;
}

static bool take_level(struct draft *d, const char *path, struct bytes value, unsigned line)
{
    const char *field;
    unsigned n = list_number(path, "levels", &field);
    bool name = n > 0 && strcmp(field, "name") == 0;
    if (n == 0 || (!name && strcmp(field, "english") != 0))
        return false;
    if (n > PLAN_LEVELS_MAX) {
        faults_add(d->faults, FILE_ELECTION, line, "at most %d levels", PLAN_LEVELS_MAX);
        return true;
    }
    struct draft_level *l = &d->levels[n - 1];
    if (l->line == 0)
        l->line = line;
    keep_text(d, name ? &l->name : &l->english, value, line);
    if (d->n_levels < n)
        d->n_levels = n;
    return true;
}

static bool take_cutoff(struct draft *d, const char *path, struct bytes value, unsigned line)
{
    const char *field;
    unsigned n = list_number(path, "cutoffs", &field);
    if (n == 0 || n > PLAN_CUTOFFS_MAX) {
        if (n > 0)
            faults_add(d->faults, FILE_ELECTION, line, "at most %d cut-offs", PLAN_CUTOFFS_MAX);
        return n > 0;
    }
    struct draft_cutoff *c = &d->cutoffs[n - 1];
    struct bytes *to = strcmp(field, "name") == 0    ? &c->name
                       : strcmp(field, "at") == 0    ? &c->at
                       : strcmp(field, "grace") == 0 ? &c->grace
                                                     : NULL;
    if (!to)
        return false;
    if (c->line == 0 || to == &c->at) // the line of its time is the one to look at
        c->line = line;
    keep_text(d, to, value, line);
    if (d->n_cutoffs < n)
        d->n_cutoffs = n;
    return true;
}

static bool take_category(struct draft *d, const char *path, struct bytes value, unsigned line)
{
    const char *field;
    unsigned n = list_number(path, "categories", &field);
    bool name = n > 0 && strcmp(field, "name") == 0;
    if (n == 0 || (!name && strcmp(field, "english") != 0))
        return false;
    if (n > PLAN_CATEGORIES_MAX) {
        faults_add(d->faults, FILE_ELECTION, line, "at most %d categories", PLAN_CATEGORIES_MAX);
        return true;
    }
    struct draft_level *c = &d->categories[n - 1];
    if (c->line == 0)
        c->line = line;
    keep_text(d, name ? &c->name : &c->english, value, line);
    if (d->n_categories < n)
        d->n_categories = n;
    return true;
}

// What statistics know: targets are parts of those elected.
static bool is_statistic(struct bytes what)
{
    static const char *const names[] = {"new",    "re_elected", "women",  "minority", "party",
                                        "age_65", "schooling",  "theory", "secretary"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (bytes_same(what, bytes_text(names[i])))
            return true;
    return false;
}

static bool take_target(struct draft *d, const char *path, struct bytes value, unsigned line)
{
    const char *field;
    uint32_t percent = 0;
    unsigned n = list_number(path, "targets", &field);
    if (n == 0 || n > PLAN_TARGETS_MAX) {
        if (n > 0)
            faults_add(d->faults, FILE_ELECTION, line, "at most %d targets", PLAN_TARGETS_MAX);
        return n > 0;
    }
    struct draft_target *t = &d->targets[n - 1];
    if (strcmp(field, "what") == 0) {
        if (!is_statistic(value))
            faults_add(d->faults, FILE_ELECTION, line,
                       "\"%.*s\" is no statistic: new, re_elected, women, minority, party, age_65, "
                       "schooling, theory or secretary",
                       SAY(value));
        t->row.what = draft_keep(d, value);
    } else if (strcmp(field, "percent") == 0) {
        if (!draft_number(value, 100, &percent))
            faults_add(d->faults, FILE_ELECTION, line, "percent is a whole number up to 100");
        t->row.percent = percent;
        t->has_percent = true;
    } else {
        return false;
    }
    t->line = t->line ? t->line : line;
    if (d->n_targets < n)
        d->n_targets = n;
    return true;
}

static int on_election(void *ctx, const char *path, struct bytes value, unsigned line)
{
    struct draft *d = ctx;
    if (strcmp(path, "plan/version") == 0) {
        if (!draft_number(value, UINT32_MAX, &d->version) || d->version == 0)
            faults_add(d->faults, FILE_ELECTION, line,
                       "the version is a whole number from 1 on, not \"%.*s\"", SAY(value));
        d->version = d->version ? d->version : 1; // it was stated; one fault is enough
    } else if (strcmp(path, "plan/label") == 0)
        keep_text(d, &d->label, value, line);
    else if (strcmp(path, "plan/title") == 0)
        keep_text(d, &d->title, value, line);
    else if (strcmp(path, "plan/day") == 0) {
        if (!draft_day(value, &d->day))
            faults_add(d->faults, FILE_ELECTION, line,
                       "the day is written yyyy-mm-dd, not \"%.*s\"", SAY(value));
    } else if (!take_level(d, path, value, line) && !take_cutoff(d, path, value, line) &&
               !take_category(d, path, value, line) && !take_target(d, path, value, line))
        faults_add(d->faults, FILE_ELECTION, line, "nothing here is called %s", path);
    return 0;
}

bool draft_zpl(struct draft *d, const char *name, bool may_miss, zpl_on_value *on_value)
{
    struct bytes text;
    struct zpl_fault fault;
    if (!draft_file(d, name, may_miss, &text))
        return false;
    int rc = zpl_read(text, on_value, d, &fault);
    if (rc != 0)
        faults_add(d->faults, name, fault.line, "%s; what follows was not read",
                   fault.why ? fault.why : strerror(-rc));
    free((void *)text.at);
    return rc == 0;
}

// What a whole election.zpl lacks.
static void check_election(struct draft *d)
{
    if (d->version == 0)
        faults_add(d->faults, FILE_ELECTION, 0,
                   "plan/version is missing: a whole number from 1 on");
    if (d->label.n == 0)
        faults_add(d->faults, FILE_ELECTION, 0, "plan/label is missing: a short name of the plan");
    if (d->title.n == 0)
        faults_add(d->faults, FILE_ELECTION, 0, "plan/title is missing: what the screens show");
    if (d->n_levels == 0)
        faults_add(d->faults, FILE_ELECTION, 0, "no levels: levels/1/name is the highest");
    for (unsigned i = 0; i < d->n_levels; i++)
        if (d->levels[i].name.n == 0)
            faults_add(d->faults, FILE_ELECTION, d->levels[i].line,
                       "levels/%u has no name: levels are numbered from 1 without a gap", i + 1);
    for (unsigned i = 0; i < d->n_cutoffs; i++)
        if (d->cutoffs[i].name.n == 0 || d->cutoffs[i].at.n == 0)
            faults_add(d->faults, FILE_ELECTION, d->cutoffs[i].line,
                       "cutoffs/%u lacks its name or its time: they are numbered without a gap",
                       i + 1);
}

// Kinds of incidents where the plan names none; 0 is "other" and needs no name.
static void usual_categories(struct draft *d)
{
    static const struct {
        const char *name, *english;
    } usual[] = {{"thời tiết, đi lại", "weather, access"},
                 {"điện, thông tin liên lạc", "power, communications"},
                 {"phiếu bầu, tài liệu", "ballots, documents"},
                 {"danh sách cử tri", "voter list"},
                 {"trình tự, bầu hộ, bầu thay", "procedure, voting for others"},
                 {"an ninh, trật tự", "security, order"},
                 {"y tế", "health"},
                 {"khiếu nại, tố cáo", "complaint, denunciation"},
                 {"không đủ cử tri", "too few voters"}};
    d->n_categories = sizeof usual / sizeof usual[0];
    for (unsigned i = 0; i < d->n_categories; i++)
        d->categories[i] =
            (struct draft_level){bytes_text(usual[i].name), bytes_text(usual[i].english), 1};
}

static void check_lists(struct draft *d)
{
    for (unsigned i = 0; i < d->n_categories; i++)
        if (d->categories[i].name.n == 0)
            faults_add(d->faults, FILE_ELECTION, d->categories[i].line,
                       "categories/%u has no name: they are numbered from 1 without a gap", i + 1);
    for (unsigned i = 0; i < d->n_targets; i++)
        if (d->targets[i].row.what.n == 0 || !d->targets[i].has_percent)
            faults_add(d->faults, FILE_ELECTION, d->targets[i].line,
                       "targets/%u lacks its what or its percent: they are numbered without a gap",
                       i + 1);
    for (unsigned i = 1; i < d->n_targets; i++)
        for (unsigned j = 0; j < i; j++)
            if (d->targets[i].row.what.n > 0 &&
                bytes_same(d->targets[i].row.what, d->targets[j].row.what))
                faults_add(d->faults, FILE_ELECTION, d->targets[i].line,
                           "target %.*s stands here a second time; see line %u",
                           SAY(d->targets[i].row.what), d->targets[j].line);
}

void draft_settings(struct draft *d)
{
    d->day = -1;
    if (draft_zpl(d, FILE_ELECTION, false, on_election)) {
        check_election(d);
        check_lists(d);
    } else { // nothing that rows are compared with is known: they are not blamed for it
        d->n_levels = 0;
        d->version = UINT32_MAX;
        d->day = 0;
    }
    if (d->n_categories == 0)
        usual_categories(d);
    draft_profiles(d);
}

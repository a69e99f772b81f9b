// plansettings.c - what the two ZPL files of a plan folder say: plan, levels, cut-offs, profiles.
#include "plandraft.h"
#include "common/base/zpl.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    struct plan_profile p;
} built_in[] = {
    // Who has most votes.
    {"plurality", {.rule = RULE_PLURALITY, .base = BASE_VALID}},
    // Village heads until August 2023 and since: more than half of all household representatives
    // must come, and more than half of *all*, not of those who came, must be for the elected.
    {"nqlt09-2008",
     {.rule = RULE_MAJORITY, .quorum = {1, 2, 1}, .need = {1, 2, 1}, .base = BASE_ELIGIBLE}},
    {"nd59-2023",
     {.rule = RULE_MAJORITY, .quorum = {1, 2, 1}, .need = {1, 2, 1}, .base = BASE_ELIGIBLE}},
};
static const char *const rules[] = {"plurality", "majority", NULL};
static const char *const bases[] = {"eligible", "attended", "returned", "valid", NULL};

static bool is(struct bytes b, const char *text)
{
    return bytes_same(b, bytes_text(text));
}

static int word_of(struct bytes b, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (is(b, words[i]))
            return i;
    return -1;
}

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
    } else if (!take_level(d, path, value, line) && !take_cutoff(d, path, value, line))
        faults_add(d->faults, FILE_ELECTION, line, "nothing here is called %s", path);
    return 0;
}

// "1/2" or "none": more than num/den of the base. False where it is neither.
static bool take_part(struct bytes value, unsigned *ret_num, unsigned *ret_den)
{
    const uint8_t *slash = value.n ? memchr(value.at, '/', value.n) : NULL;
    uint32_t num = 0, den = 0;
    if (is(value, "none")) {
        *ret_num = *ret_den = 0;
        return true;
    }
    if (!slash || !draft_number(bytes_of(value.at, (size_t)(slash - value.at)), 1000, &num) ||
        !draft_number(bytes_of(slash + 1, (size_t)(value.at + value.n - slash - 1)), 1000, &den) ||
        den == 0 || num >= den)
        return false;
    *ret_num = num;
    *ret_den = den;
    return true;
}

static struct plan_profile *profile_named(struct draft *d, struct bytes name, unsigned line)
{
    for (unsigned i = 0; i < d->n_known; i++)
        if (bytes_same(d->known[i].name, name))
            return &d->known[i];
    if (d->n_known == DRAFT_PROFILES_MAX || name.n > CODE_MAX) {
        faults_add(d->faults, FILE_PROFILES, line, "too many profiles, or a name above %d bytes",
                   CODE_MAX);
        return NULL;
    }
    struct plan_profile *p = &d->known[d->n_known++];
    *p = (struct plan_profile){.name = draft_keep(d, name), .base = BASE_VALID};
    return p;
}

static const char *take_profile(struct plan_profile *p, const char *field, struct bytes value)
{
    int word;
    uint32_t n;
    if (strcmp(field, "rule") == 0) {
        if ((word = word_of(value, rules)) < 0)
            return "rule is plurality or majority";
        p->rule = (unsigned)word;
    } else if (strcmp(field, "base") == 0) {
        if ((word = word_of(value, bases)) < 0)
            return "base is eligible, attended, returned or valid";
        p->base = (unsigned)word;
    } else if (strcmp(field, "quorum") == 0) {
        if (!take_part(value, &p->quorum.num, &p->quorum.den))
            return "quorum is a part such as 1/2 (more than that must come), or none";
    } else if (strcmp(field, "need") == 0) {
        if (!take_part(value, &p->need.num, &p->need.den))
            return "need is a part such as 1/2 (more than that of the base), or none";
    } else if (strcmp(field, "choices") == 0) {
        if (!draft_number(value, PLAN_CANDIDATES_MAX, &n))
            return "choices is how many names a ballot may mark, 0 for as many as seats";
        p->choices = n;
    } else
        return "a profile has rule, quorum, need, base and choices";
    return NULL;
}

static int on_profile(void *ctx, const char *path, struct bytes value, unsigned line)
{
    struct draft *d = ctx;
    const char *slash = strchr(path, '/');
    if (!slash) {
        faults_add(d->faults, FILE_PROFILES, line, "a profile's rules stand below its name");
        return 0;
    }
    struct plan_profile *p = profile_named(d, bytes_of(path, (size_t)(slash - path)), line);
    const char *why = p ? take_profile(p, slash + 1, value) : NULL;
    if (why)
        faults_add(d->faults, FILE_PROFILES, line, "%s", why);
    return 0;
}

static bool read_zpl(struct draft *d, const char *name, bool may_miss, zpl_on_value *on_value)
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

void draft_settings(struct draft *d)
{
    d->day = -1;
    for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++) {
        d->known[d->n_known] = built_in[i].p;
        d->known[d->n_known++].name = bytes_text(built_in[i].name);
    }
    if (read_zpl(d, FILE_ELECTION, false, on_election))
        check_election(d);
    else { // nothing that rows are compared with is known: they are not blamed for it
        d->n_levels = 0;
        d->version = UINT32_MAX;
        d->day = 0;
    }
    read_zpl(d, FILE_PROFILES, true, on_profile);
}

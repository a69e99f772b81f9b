// planhead.c - reads what stands in a plan before its units: days off, cut-offs, profiles, words.
#include "plan.h"

static void read_part(struct cursor *c, struct part *ret)
{
    take_array(c, 3, 3);
    ret->num = (unsigned)take_uint(c, 1000);
    ret->den = (unsigned)take_uint(c, 1000);
    ret->strict = (unsigned)take_uint(c, 1);
}

static void read_profile(struct cursor *c, struct plan_profile *f)
{
    take_array(c, 25, 25);
    f->name = take_text(c, CODE_MAX);
    f->electorate = (unsigned)take_uint(c, MEMBERS);
    f->method = (unsigned)take_uint(c, METHODS - 1);
    f->decides = (unsigned)take_uint(c, DECIDES_SUPERIOR);
    f->rule = (unsigned)take_uint(c, RULE_CONFIDENCE);
    read_part(c, &f->quorum);
    f->quorum_base = (unsigned)take_uint(c, BASE_SUMMONED);
    read_part(c, &f->need);
    f->base = (unsigned)take_uint(c, BASE_SUMMONED);
    f->choices = (unsigned)take_uint(c, PLAN_CANDIDATES_MAX);
    f->min_candidates = (unsigned)take_uint(c, PLAN_CANDIDATES_MAX);
    f->blank_valid = (unsigned)take_uint(c, 1);
    f->per_person = (unsigned)take_uint(c, 1);
    f->restricted = (unsigned)take_uint(c, 1);
    f->surplus = (unsigned)take_uint(c, 1000);
    f->rounds = (unsigned)take_uint(c, 100);
    f->rerun_days = (unsigned)take_uint(c, 1000);
    f->report_days = (unsigned)take_uint(c, 1000);
    f->recognise_days = (unsigned)take_uint(c, 1000);
    f->interim_months = (unsigned)take_uint(c, 1000);
    f->copies = (unsigned)take_uint(c, 100);
    f->form = take_text(c, CODE_MAX);
    read_part(c, &f->low);
    read_part(c, &f->lowest);
    f->n_grades = (unsigned)take_array(c, 0, PLAN_GRADES_MAX);
    for (unsigned i = 0; i < f->n_grades; i++)
        f->grades[i] = take_text(c, PLAN_NAME_MAX);
}

static void read_words(struct cursor *c, struct plan *p)
{
    p->n_categories = (unsigned)take_array(c, 0, PLAN_CATEGORIES_MAX);
    for (unsigned i = 0; i < p->n_categories; i++) {
        take_array(c, 2, 2);
        p->categories[i].name = take_text(c, PLAN_NAME_MAX);
        p->categories[i].english = take_text(c, PLAN_NAME_MAX);
    }
    p->n_targets = (unsigned)take_array(c, 0, PLAN_TARGETS_MAX);
    for (unsigned i = 0; i < p->n_targets; i++) {
        take_array(c, 2, 2);
        p->targets[i].what = take_text(c, CODE_MAX);
        p->targets[i].percent = (unsigned)take_uint(c, 100);
    }
}

// A plan that knows of no days off has no list of them: one plan, one sequence of bytes.
static uint32_t take_version(struct cursor *c, bool *ret_days)
{
    *ret_days = take_array(c, 13, 14) == 14;
    struct bytes purpose = bytes_text(*ret_days ? "dantin plan 3" : "dantin plan 2");
    if (!bytes_same(take_text(c, 64), purpose) && !c->bad)
        c->bad = "not a plan of this version of the program";
    return (uint32_t)take_uint(c, UINT32_MAX);
}

static void read_days(struct cursor *c, struct plan *p)
{
    p->n_days = (unsigned)take_array(c, 1, PLAN_DAYS_MAX);
    for (unsigned i = 0; i < p->n_days; i++) {
        struct plan_day *d = &p->days[i];
        take_array(c, 3, 3);
        d->day = (int32_t)take_uint(c, PLAN_DAY_LAST);
        d->works = take_uint(c, 1) == 1;
        d->name = take_text(c, PLAN_NAME_MAX);
        if (!c->bad && i > 0 && d->day <= p->days[i - 1].day)
            c->bad = "days off out of order";
    }
}

void plan_take_head(struct cursor *c, struct plan *p)
{
    bool days;
    p->version = take_version(c, &days);
    p->label = take_text(c, CODE_MAX);
    p->title = take_text(c, PLAN_NAME_MAX);
    p->n_days = 0;
    if (days)
        read_days(c, p);
    p->n_levels = (unsigned)take_array(c, 0, PLAN_LEVELS_MAX);
    for (unsigned i = 0; i < p->n_levels; i++) {
        take_array(c, 2, 2);
        p->levels[i].name = take_text(c, PLAN_NAME_MAX);
        p->levels[i].english = take_text(c, PLAN_NAME_MAX);
    }
    p->n_cutoffs = (unsigned)take_array(c, 0, PLAN_CUTOFFS_MAX);
    for (unsigned i = 0; i < p->n_cutoffs; i++) {
        take_array(c, 3, 3);
        p->cutoffs[i].name = take_text(c, PLAN_NAME_MAX);
        p->cutoffs[i].at = (int64_t)take_uint(c, INT64_MAX / 2);
        p->cutoffs[i].grace = (int64_t)take_uint(c, INT64_MAX / 2);
    }
    read_words(c, p);
    p->n_profiles = (unsigned)take_array(c, 0, PLAN_PROFILES_MAX);
    for (unsigned i = 0; i < p->n_profiles; i++)
        read_profile(c, &p->profiles[i]);
    p->n_kinds = (unsigned)take_array(c, 0, PLAN_KINDS_MAX);
    for (unsigned i = 0; i < p->n_kinds; i++)
        p->kinds[i] = take_text(c, CODE_MAX);
}

uint32_t plan_version(struct bytes b)
{
    struct cursor c;
    bool days;
    cursor_init(&c, b);
    uint32_t version = take_version(&c, &days);
    return cursor_ok(&c) ? version : 0;
}

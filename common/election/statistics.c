// statistics.c - who was elected: new, women, Party members ..., against the targets of the plan.
#include "statistics.h"
#include <string.h>

static const struct {
    const char *name, *words;
} rows[STATISTICS] = {
    {"new", "mới"},
    {"re_elected", "tái cử"},
    {"women", "nữ"},
    {"minority", "dân tộc thiểu số"},
    {"party", "đảng viên"},
    {"age_65", "không quá 65 tuổi"},
    {"schooling", "có trình độ học vấn"},
    {"theory", "có trình độ lý luận chính trị"},
    {"secretary", "đồng thời là bí thư chi bộ"},
};

const char *statistic_name(enum statistic s)
{
    return rows[s].name;
}

const char *statistic_words(enum statistic s)
{
    return rows[s].words;
}

static void count(struct statistics *s, enum statistic what, unsigned answer)
{
    s->of[what].known += answer != TRAIT_UNKNOWN;
    s->of[what].n += answer == TRAIT_YES;
}

static unsigned answer_of(bool known, bool yes)
{
    return known ? (yes ? TRAIT_YES : TRAIT_NO) : TRAIT_UNKNOWN;
}

static unsigned level(const struct traits *t, uint8_t word, uint32_t *levels)
{
    if (word == 0 || word > t->n_levels)
        return TRAIT_UNKNOWN;
    levels[word - 1]++;
    return answer_of(true, !t->none[word - 1]);
}

static void add_person(struct statistics *s, const struct traits *t, const struct trait *x,
                       unsigned year)
{
    s->elected++;
    count(s, STATISTIC_NEW, answer_of(x->re_elected != TRAIT_UNKNOWN, x->re_elected == TRAIT_NO));
    count(s, STATISTIC_RE_ELECTED, x->re_elected);
    count(s, STATISTIC_WOMEN, x->woman);
    count(s, STATISTIC_MINORITY, x->minority);
    count(s, STATISTIC_PARTY, x->party);
    count(s, STATISTIC_AGE_65,
          answer_of(x->birth_year > 0 && year > 0, year <= x->birth_year + (unsigned)AGE_MOST));
    count(s, STATISTIC_SCHOOLING, level(t, x->schooling, s->schooling));
    count(s, STATISTIC_THEORY, level(t, x->theory, s->theory));
    count(s, STATISTIC_SECRETARY, x->secretary);
}

static bool decided(const struct fold *f, uint32_t contest)
{
    struct outcome_of out;
    outcome_find(f, contest, &out);
    return out.outcome != OUTCOME_OPEN;
}

bool statistics_stands(const struct fold *f, uint32_t contest)
{
    const struct plan *p = f->plan;
    const struct plan_contest *k = &p->contests[contest];
    const struct plan_unit *u = &p->units[k->unit];
    bool repeats = plan_contest_of(p, k->repeats) != PLAN_NONE;
    if (repeats && !decided(f, contest))
        return false;
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++)
        if (bytes_same(p->contests[p->ballots[i].contest].repeats, k->code) &&
            decided(f, p->ballots[i].contest))
            return false;
    return true;
}

void statistics_find(const struct fold *f, uint32_t unit, const struct traits *t, unsigned year,
                     struct statistics *ret)
{
    const struct plan *p = f->plan;
    struct outcome_of out;
    memset(ret, 0, sizeof *ret);
    ret->traits = t;
    for (uint32_t c = 0; c < p->n_contests; c++) {
        const struct plan_contest *k = &p->contests[c];
        if (p->restricted[k->kind] || p->profiles[k->profile].rule == RULE_CONFIDENCE ||
            !plan_below(p, k->unit, unit) || !statistics_stands(f, c))
            continue;
        ret->contests++;
        outcome_find(f, c, &out);
        ret->decided += out.outcome != OUTCOME_OPEN;
        for (uint32_t i = 0; i < k->n_candidates && out.outcome != OUTCOME_OPEN; i++)
            if (out.mark[i] == 1)
                add_person(ret, t, &t->of[k->first_candidate + i], year);
    }
    for (unsigned i = 0; i < p->n_targets; i++)
        for (unsigned s = 0; s < STATISTICS; s++)
            if (bytes_same(p->targets[i].what, bytes_text(rows[s].name)))
                ret->of[s].target = p->targets[i].percent;
}

// planfolder.c - a plan written with a spreadsheet becomes plan bytes, or a list of all its faults.
#include "planfolder.h"
#include "common/base/csv.h"
#include "plandraft.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

// "10", "10 min" or "30 s", in ms.
static bool take_grace(struct bytes b, int64_t *ret)
{
    static const struct {
        const char *word;
        int64_t ms;
    } units[] = {{" s", 1000}, {" min", 60000}, {"", 60000}};
    for (unsigned i = 0; i < 3; i++) {
        size_t n = strlen(units[i].word);
        uint32_t value;
        if (b.n <= n || memcmp(b.at + b.n - n, units[i].word, n) != 0)
            continue;
        if (!draft_number(bytes_of(b.at, b.n - n), 1000000, &value))
            return false;
        *ret = value * units[i].ms;
        return true;
    }
    *ret = 0;
    return b.n == 0;
}

static void make_cutoffs(struct draft *d, struct plan_cutoff cutoffs[PLAN_CUTOFFS_MAX])
{
    int64_t before = 0;
    for (unsigned i = 0; i < d->n_cutoffs; i++) {
        const struct draft_cutoff *from = &d->cutoffs[i];
        struct plan_cutoff *c = &cutoffs[i];
        *c = (struct plan_cutoff){.name = from->name};
        if (!take_grace(from->grace, &c->grace))
            faults_add(d->faults, FILE_ELECTION, from->line,
                       "grace \"%.*s\": minutes, or seconds as in 30 s", SAY(from->grace));
        if (from->at.n == 0)
            continue; // told where the file was read
        if (!draft_time(from->at, d->day, &c->at)) {
            faults_add(d->faults, FILE_ELECTION, from->line,
                       "\"%.*s\" is no time: write yyyy-mm-dd HH:MM, or HH:MM with plan/day",
                       SAY(from->at));
            continue;
        }
        if (c->at <= before)
            faults_add(d->faults, FILE_ELECTION, from->line,
                       "cut-off %u is not after the one before it", i + 1);
        before = c->at;
    }
}

static void pack_tables(const struct draft *d, struct packer *p)
{
    pack_array(p, d->n_units);
    for (uint32_t i = 0; i < d->n_units; i++) {
        const struct plan_unit *u = &d->units[d->walk[i]].row;
        plan_pack_unit(p, u, u->n_dues > 0 ? d->dues + u->first_due : NULL);
    }
    pack_array(p, d->n_contests);
    struct plan_candidate candidates[PLAN_CANDIDATES_MAX];
    for (uint32_t i = 0; i < d->n_contests; i++) {
        struct plan_contest k = d->contests[i].row;
        k.unit = d->units[k.unit].at;
        for (uint32_t j = 0; j < k.n_candidates; j++)
            candidates[j] = d->candidates[k.first_candidate + j].row;
        plan_pack_contest(p, &k, candidates);
    }
    pack_array(p, d->n_ballots);
    for (uint32_t i = 0; i < d->n_ballots; i++) {
        const struct draft_ballot *b = &d->ballots[i];
        const struct plan_profile *rules = draft_rules(d, &d->contests[b->contest]);
        struct plan_ballot row = {.unit = b->unit, .contest = b->contest, .voters = b->voters};
        row.method = b->method > 0 ? b->method - 1 : rules->method;
        plan_pack_ballot(p, &row, rules);
    }
}

static void pack_plan(const struct draft *d, const struct plan_cutoff *cutoffs, struct packer *p)
{
    struct plan head = {
        .version = d->version, .label = d->label, .title = d->title, .n_days = d->n_days};
    memcpy(head.days, d->days, sizeof head.days);
    if (d->n_days > 0)
        plan_pack_head_days(p, &head);
    else
        plan_pack_head(p, d->version, d->label, d->title);
    pack_array(p, d->n_levels);
    for (unsigned i = 0; i < d->n_levels; i++) {
        struct plan_level l = {d->levels[i].name, d->levels[i].english};
        plan_pack_level(p, &l);
    }
    pack_array(p, d->n_cutoffs);
    for (unsigned i = 0; i < d->n_cutoffs; i++)
        plan_pack_cutoff(p, &cutoffs[i]);
    pack_array(p, d->n_categories);
    for (unsigned i = 0; i < d->n_categories; i++) {
        struct plan_category c = {d->categories[i].name, d->categories[i].english};
        plan_pack_category(p, &c);
    }
    pack_array(p, d->n_targets);
    for (unsigned i = 0; i < d->n_targets; i++)
        plan_pack_target(p, &d->targets[i].row);
    pack_array(p, d->n_profiles);
    for (unsigned i = 0; i < d->n_profiles; i++)
        plan_pack_profile(p, &d->known[d->profiles[i]]);
    pack_array(p, d->n_kinds);
    for (unsigned i = 0; i < d->n_kinds; i++)
        pack_text(p, d->kinds[i]);
    pack_tables(d, p);
}

// The reader of plans has the last word: what it refuses now would stop every unit later.
static const char *refused(struct bytes b)
{
    const char *why = NULL;
    size_t size = plan_size(b, &why);
    if (size > 0) {
        void *block = malloc(size);
        assert(block);
        plan_open(block, size, b, &why);
        free(block);
    }
    return why;
}

static void make_bytes(struct draft *d, const struct plan_cutoff *cutoffs, struct bytes *ret)
{
    struct packer p = {.full = true};
    uint8_t *buffer = NULL;
    for (size_t cap = 64 * 1024; p.full && cap <= PLAN_BYTES_MAX; cap *= 2) {
        free(buffer);
        buffer = malloc(cap);
        assert(buffer);
        pack_init(&p, buffer, cap);
        pack_plan(d, cutoffs, &p);
    }
    const char *why = p.full ? "it is too long" : refused(packed(&p));
    if (why) {
        faults_add(d->faults, NULL, 0,
                   p.full ? "the plan cannot be packed: %s"
                          : "a fault of this program, not of the folder: the plan is refused: %s",
                   why);
        free(buffer);
        return;
    }
    *ret = packed(&p);
}

// All rows of the folder, in order; what is wrong with them is in the draft's faults.
static struct draft *read_folder(const char *dir, struct faults *faults,
                                 struct plan_cutoff cutoffs[PLAN_CUTOFFS_MAX])
{
    struct draft *d = calloc(1, sizeof *d);
    assert(d);
    d->dir = dir;
    d->faults = faults;
    draft_settings(d);
    make_cutoffs(d, cutoffs);
    draft_units(d);
    draft_walk(d);
    draft_contests(d);
    draft_candidates(d);
    draft_voters(d);
    draft_holidays(d);
    draft_order_candidates(d);
    return d;
}

static bool any_trait(const struct draft_candidate *c)
{
    for (unsigned i = 0; i < TRAITS; i++)
        if (c->traits[i].n > 0)
            return true;
    return false;
}

static void put_traits(const struct draft *d, FILE *to)
{
    for (uint32_t i = 0; i < d->n_candidates; i++) {
        const struct draft_candidate *c = &d->candidates[i];
        if (!any_trait(c))
            continue;
        csv_write_field(to, d->contests[c->contest].row.code, false);
        fprintf(to, ",%llu,", (unsigned long long)c->row.number);
        csv_write_field(to, c->row.key, false);
        for (unsigned k = 0; k < TRAITS; k++) {
            fputc(',', to);
            csv_write_field(to, c->traits[k], false);
        }
        fputc('\n', to);
    }
}

int planfolder_traits(const char *dir, uint8_t **ret_text, size_t *ret_n)
{
    struct plan_cutoff cutoffs[PLAN_CUTOFFS_MAX];
    struct faults faults = {0};
    struct draft *d = read_folder(dir, &faults, cutoffs);
    char *text = NULL;
    FILE *to = open_memstream(&text, ret_n);
    assert(to);
    fputs("contest,number,key,re_elected,woman,minority,party,birth_year,schooling,theory,"
          "secretary\n",
          to);
    put_traits(d, to);
    fclose(to);
    draft_free(d);
    free(d);
    *ret_text = (uint8_t *)text;
    int rc = faults.n > 0 ? -EINVAL : 0;
    faults_clear(&faults);
    return rc;
}

int planfolder_read(const char *dir, uint8_t **ret_bytes, size_t *ret_n, struct faults *faults)
{
    struct plan_cutoff cutoffs[PLAN_CUTOFFS_MAX];
    struct bytes bytes = {0};
    unsigned before = faults->n;
    struct draft *d = read_folder(dir, faults, cutoffs);
    draft_order_ballots(d);
    draft_check(d);
    if (faults->n == before)
        make_bytes(d, cutoffs, &bytes);
    draft_free(d);
    free(d);
    *ret_bytes = (uint8_t *)(uintptr_t)bytes.at;
    *ret_n = bytes.n;
    return faults->n == before ? 0 : -EINVAL;
}

// A number of a contest that meant someone, or a level, and would mean another.
static void refuse_candidate(const struct plan_contest *k, const struct plan_candidate *was,
                             const struct plan_candidate *now, bool level, struct faults *faults)
{
    struct bytes before = level ? was->name : was->key, after = level ? now->name : now->key;
    if (bytes_same(was->key, now->key) && (!level || bytes_same(was->name, now->name)))
        return;
    faults_add(faults, NULL, 0,
               "number %u of contest %.*s was \"%.*s\" and would become \"%.*s\": a number never "
               "means %s; give the new %s a new number",
               (unsigned)now->number, SAY(k->code), SAY(before), SAY(after),
               level ? "another level" : "somebody else", level ? "level" : "candidate");
}

// What a confidence vote is about: its person, and which of its levels is the last one.
static void refuse_subject(const struct plan_contest *was, const struct plan_contest *now,
                           struct faults *faults)
{
    if (!bytes_same(was->person, now->person))
        faults_add(
            faults, NULL, 0,
            "contest %.*s was about \"%.*s\" and would be about \"%.*s\": give the new vote a "
            "code of its own",
            SAY(now->code), SAY(was->person), SAY(now->person));
    if (was->n_candidates != now->n_candidates)
        faults_add(faults, NULL, 0,
                   "contest %.*s had %u levels of confidence and would have %u: another one would "
                   "be the last; give the new vote a code of its own",
                   SAY(now->code), was->n_candidates, now->n_candidates);
}

// Figures and incidents name cut-offs and categories by number: what a number meant it goes on meaning.
static void refuse_numbers(const struct plan *old, const struct plan *new, struct faults *faults)
{
    for (unsigned i = 0; i < old->n_cutoffs && i < new->n_cutoffs; i++)
        if (!bytes_same(old->cutoffs[i].name, new->cutoffs[i].name))
            faults_add(faults, NULL, 0,
                       "cut-off %u was \"%.*s\" and would become \"%.*s\": figures name it by its "
                       "number; put new cut-offs behind those there are",
                       i + 1, SAY(old->cutoffs[i].name), SAY(new->cutoffs[i].name));
    for (unsigned i = 0; i < old->n_categories && i < new->n_categories; i++)
        if (!bytes_same(old->categories[i].name, new->categories[i].name))
            faults_add(faults, NULL, 0,
                       "category %u was \"%.*s\" and would become \"%.*s\": incidents name it by "
                       "its number",
                       i + 1, SAY(old->categories[i].name), SAY(new->categories[i].name));
}

int plan_refusal(const struct plan *old, const struct plan *new, struct faults *faults)
{
    unsigned before = faults->n;
    if (new->version <= old->version)
        faults_add(faults, NULL, 0, "version %u is not above version %u, which is in force",
                   new->version, old->version);
    refuse_numbers(old, new, faults);
    for (uint32_t i = 0; i < new->n_contests; i++) {
        const struct plan_contest *k = &new->contests[i], *o;
        uint32_t was = plan_contest_of(old, k->code);
        if (was == PLAN_NONE)
            continue; // and one that is gone takes its figures with it
        o = &old->contests[was];
        bool levels = old->profiles[o->profile].rule == RULE_CONFIDENCE;
        if (levels)
            refuse_subject(o, k, faults);
        for (uint32_t j = 0; j < k->n_candidates; j++) {
            const struct plan_candidate *c = &new->candidates[k->first_candidate + j];
            uint32_t at = plan_candidate_of(old, was, c->number);
            if (at != PLAN_NONE)
                refuse_candidate(k, &old->candidates[o->first_candidate + at], c, levels, faults);
        }
    }
    return faults->n == before ? 0 : -EINVAL;
}

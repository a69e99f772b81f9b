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

static void check_candidates(struct draft *d)
{
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        if (k->row.n_candidates == 0 && !k->again)
            faults_add(d->faults, FILE_CONTESTS, k->line, "contest %.*s has no candidate in %s",
                       SAY(k->row.code), FILE_CANDIDATES);
        if (k->row.n_candidates > PLAN_CANDIDATES_MAX) {
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "contest %.*s has more than %d candidates", SAY(k->row.code),
                       PLAN_CANDIDATES_MAX);
            continue;
        }
        for (uint32_t j = 1; j < k->row.n_candidates; j++) {
            const struct draft_candidate *c = &d->candidates[k->row.first_candidate];
            uint32_t same = 0;
            while (same < j && !bytes_same(c[same].row.key, c[j].row.key))
                same++;
            if (c[j].row.number == c[j - 1].row.number)
                faults_add(d->faults, FILE_CANDIDATES, c[j].line,
                           "number %u of contest %.*s stands here a second time; see line %u",
                           (unsigned)c[j].row.number, SAY(k->row.code), c[j - 1].line);
            else if (same < j)
                faults_add(d->faults, FILE_CANDIDATES, c[j].line,
                           "key \"%.*s\" stands here a second time; see line %u", SAY(c[j].row.key),
                           c[same].line);
        }
    }
}

static void check_ballots(struct draft *d)
{
    for (uint32_t i = 1; i < d->n_ballots; i++) {
        const struct draft_ballot *a = &d->ballots[i - 1], *b = a + 1;
        if (a->unit == b->unit && a->contest == b->contest && a->unit != PLAN_NONE)
            faults_add(d->faults, FILE_VOTERS, b->line,
                       "this place and contest stand here a second time; see line %u", a->line);
    }
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        if (d->n_levels > 0 && k->n_rows == 0 && k->row.places_in_all == 0 &&
            k->row.unit != PLAN_NONE && d->units[k->row.unit].at != PLAN_NONE)
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "no place is below %.*s, the unit of contest %.*s",
                       SAY(d->units[k->row.unit].row.code), SAY(k->row.code));
    }
    for (uint32_t i = 0; i < d->n_units && d->n_contests > 0 && !d->unit_missing; i++) {
        const struct draft_unit *u = &d->units[i];
        if (u->row.place && !u->voted && !u->again && u->at != PLAN_NONE)
            faults_add(d->faults, FILE_UNITS, u->line, "place %.*s votes on nothing",
                       SAY(u->row.code));
    }
}

static const struct plan_profile *rules_of(const struct draft *d, const struct draft_contest *k)
{
    return &d->known[d->profiles[k->row.profile]];
}

// Fewer candidates than the rules ask for, or more than they allow.
static void check_list(struct draft *d, const struct draft_contest *k)
{
    const struct plan_profile *r = rules_of(d, k);
    uint64_t most = (uint64_t)k->row.seats * (100 + r->surplus) / 100;
    most = most == k->row.seats ? most + 1 : most; // one more is always allowed
    if (k->row.n_candidates < r->min_candidates && k->row.n_candidates > 0)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s has %u candidates, its profile asks for %u", SAY(k->row.code),
                   k->row.n_candidates, r->min_candidates);
    if (r->surplus > 0 && k->row.n_candidates > most)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s has %u candidates for %u seats: at most %u percent more",
                   SAY(k->row.code), k->row.n_candidates, k->row.seats, r->surplus);
    if (r->rule == RULE_CONFIDENCE && k->row.person.n == 0)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s is a confidence vote: person says about whom", SAY(k->row.code));
}

// A vote that repeats another is of its kind.
static void check_repeats(struct draft *d, const struct draft_contest *k)
{
    uint32_t first = k->row.repeats.n == 0 ? PLAN_NONE
                                           : draft_codes_find(&d->contest_codes, k->row.repeats);
    if (first != PLAN_NONE && d->contests[first].row.kind != k->row.kind)
        faults_add(d->faults, FILE_CONTESTS, k->line,
                   "contest %.*s repeats %.*s and is of another kind", SAY(k->row.code),
                   SAY(k->row.repeats));
}

// Sums are kept by kind; and what is restricted is meant for an instance of its own.
static void check_restricted(struct draft *d)
{
    uint32_t first[PLAN_KINDS_MAX], open = 0, restricted = 0;
    memset(first, 0xff, sizeof first);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        bool is = rules_of(d, k)->restricted;
        uint32_t *seen = &first[k->row.kind < PLAN_KINDS_MAX ? k->row.kind : 0];
        open += !is;
        restricted += is;
        if (*seen == PLAN_NONE)
            *seen = i;
        else if ((bool)rules_of(d, &d->contests[*seen])->restricted != is)
            faults_add(d->faults, FILE_CONTESTS, k->line,
                       "kind %.*s has restricted contests and others: give them kinds of their own",
                       SAY(d->kinds[k->row.kind]));
    }
    if (restricted > 0 && open > 0)
        faults_note(d->faults, FILE_CONTESTS, 0,
                    "%u restricted contests stand beside %u others: a Party-cell or confidence "
                    "election is meant for an instance of its own. Here they appear on no page, "
                    "export, bulletin or stream, only in commands on the machine",
                    restricted, open);
}

static void check_rules(struct draft *d)
{
    if (d->n_profiles == 0)
        return;
    for (uint32_t i = 0; i < d->n_contests; i++) {
        check_list(d, &d->contests[i]);
        check_repeats(d, &d->contests[i]);
    }
    check_restricted(d);
}

static void pack_tables(const struct draft *d, struct packer *p)
{
    pack_array(p, d->n_units);
    for (uint32_t i = 0; i < d->n_units; i++)
        plan_pack_unit(p, &d->units[d->walk[i]].row, d->dues + d->units[d->walk[i]].row.first_due);
    pack_array(p, d->n_contests);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        struct plan_candidate candidates[PLAN_CANDIDATES_MAX];
        struct plan_contest k = d->contests[i].row;
        k.unit = d->units[k.unit].at;
        for (uint32_t j = 0; j < k.n_candidates; j++)
            candidates[j] = d->candidates[k.first_candidate + j].row;
        plan_pack_contest(p, &k, candidates);
    }
    pack_array(p, d->n_ballots);
    for (uint32_t i = 0; i < d->n_ballots; i++) {
        const struct draft_ballot *b = &d->ballots[i];
        const struct plan_profile *rules = rules_of(d, &d->contests[b->contest]);
        struct plan_ballot row = {.unit = b->unit, .contest = b->contest, .voters = b->voters};
        row.method = b->method > 0 ? b->method - 1 : rules->method;
        plan_pack_ballot(p, &row, rules);
    }
}

static void pack_plan(const struct draft *d, const struct plan_cutoff *cutoffs, struct packer *p)
{
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
    check_candidates(d);
    check_rules(d);
    draft_order_ballots(d);
    check_ballots(d);
    if (faults->n == before)
        make_bytes(d, cutoffs, &bytes);
    draft_free(d);
    free(d);
    *ret_bytes = (uint8_t *)(uintptr_t)bytes.at;
    *ret_n = bytes.n;
    return faults->n == before ? 0 : -EINVAL;
}

int plan_refusal(const struct plan *old, const struct plan *new, struct faults *faults)
{
    unsigned before = faults->n;
    if (new->version <= old->version)
        faults_add(faults, NULL, 0, "version %u is not above version %u, which is in force",
                   new->version, old->version);
    for (uint32_t i = 0; i < new->n_contests; i++) {
        const struct plan_contest *k = &new->contests[i];
        uint32_t was = plan_contest_of(old, k->code);
        for (uint32_t j = 0; was != PLAN_NONE && j < k->n_candidates; j++) {
            const struct plan_candidate *c = &new->candidates[k->first_candidate + j];
            uint32_t at = plan_candidate_of(old, was, c->number);
            if (at == PLAN_NONE)
                continue;
            const struct plan_candidate *o =
                &old->candidates[old->contests[was].first_candidate + at];
            if (!bytes_same(o->key, c->key))
                faults_add(
                    faults, NULL, 0,
                    "number %u of contest %.*s was \"%.*s\" and would become \"%.*s\": a number "
                    "never means somebody else; give the new candidate a new number",
                    (unsigned)c->number, SAY(k->code), SAY(o->key), SAY(c->key));
        }
    }
    return faults->n == before ? 0 : -EINVAL;
}

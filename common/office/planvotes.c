// planvotes.c - the rows of contests, candidates and voters, and what is wrong with each.
#include "plantable.h"
#include "common/base/figure.h"

enum {
    CONTEST_CODE,
    CONTEST_NAME,
    CONTEST_KIND,
    CONTEST_UNIT,
    CONTEST_PROFILE,
    CONTEST_SEATS,
    CONTEST_REPEATS,
    CONTEST_PAPER,
    CONTEST_PERSON
};
enum { CANDIDATE_CONTEST, CANDIDATE_NUMBER, CANDIDATE_NAME, CANDIDATE_KEY, CANDIDATE_TRAITS };
enum { VOTERS_PLACE, VOTERS_CONTEST, VOTERS_VOTERS, VOTERS_METHOD };
static const char *const contest_columns[] = {"code",    "name",   "kind", "unit_code",
                                              "profile", "seats",  "",     "repeats",
                                              "paper",   "person", NULL};
static const char *const candidate_columns[] = {
    "contest",  "number", "name",       "",          "key",    "re_elected", "woman",
    "minority", "party",  "birth_year", "schooling", "theory", "secretary",  NULL};
static const char *const voters_columns[] = {"place", "contest", "voters", "", "method", NULL};

static void read_kind(const struct table *t, struct plan_contest *k)
{
    struct draft *d = t->d;
    struct bytes kind;
    k->kind = PLAN_KINDS_MAX;
    if (!table_text(t, CONTEST_KIND, "kind", CODE_MAX, &kind))
        return;
    for (k->kind = 0; k->kind < d->n_kinds; k->kind++)
        if (bytes_same(d->kinds[k->kind], kind))
            return;
    if (k->kind < PLAN_KINDS_MAX)
        d->kinds[d->n_kinds++] = kind;
    else
        FAULT(t, "kind \"%.*s\" is one too many: at most %d kinds", SAY(kind), PLAN_KINDS_MAX);
}

static void read_profile(const struct table *t, struct plan_contest *k)
{
    struct draft *d = t->d;
    struct bytes b = table_field(t, CONTEST_PROFILE);
    unsigned known = 0;
    k->profile = PLAN_PROFILES_MAX;
    while (known < d->n_known && !bytes_same(d->known[known].name, b))
        known++;
    if (known == d->n_known) {
        FAULT(
            t,
            "there is no profile \"%.*s\": plurality, nqlt09-2008, nd59-2023, confidence-96-qdtw, "
            "party-cell-244, party-cell-190, or one of %s",
            SAY(b), FILE_PROFILES);
        return;
    }
    for (k->profile = 0; k->profile < d->n_profiles; k->profile++)
        if (d->profiles[k->profile] == known)
            return;
    if (k->profile < PLAN_PROFILES_MAX)
        d->profiles[d->n_profiles++] = known;
    else
        FAULT(t, "profile \"%.*s\" is one too many: at most %d in use", SAY(b), PLAN_PROFILES_MAX);
}

static void read_contest(const struct table *t)
{
    struct draft *d = t->d;
    struct draft_contest k = {.line = csv_line(t->csv)};
    struct bytes seats = table_field(t, CONTEST_SEATS), unit = table_field(t, CONTEST_UNIT);
    uint32_t n = 0;
    if (!table_text(t, CONTEST_CODE, "code", CODE_MAX, &k.row.code))
        return;
    table_text(t, CONTEST_NAME, "name", PLAN_NAME_MAX, &k.row.name);
    table_text(t, CONTEST_REPEATS, "repeats", -CODE_MAX, &k.row.repeats);
    read_kind(t, &k.row);
    read_profile(t, &k.row);
    k.row.unit = draft_codes_find(&d->unit_codes, unit);
    d->unit_missing = d->unit_missing || k.row.unit == PLAN_NONE;
    if (k.row.unit == PLAN_NONE)
        table_unknown(t, k.line, "unit", unit);
    table_text(t, CONTEST_PAPER, "paper", -CODE_MAX, &k.row.paper);
    table_text(t, CONTEST_PERSON, "person", -CODE_MAX, &k.row.person);
    const struct plan_profile *rules = draft_rules(d, &k);
    bool levels = rules && rules->rule == RULE_CONFIDENCE;
    if (levels && seats.n == 0)
        n = 0; // nobody is elected
    else if (!draft_number(seats, PLAN_CANDIDATES_MAX, &n) || (n == 0 && !levels))
        FAULT(t, "seats \"%.*s\": how many are elected, from 1 to %d", SAY(seats),
              PLAN_CANDIDATES_MAX);
    k.row.seats = n;
    d->contest_codes.at =
        draft_room(d->contest_codes.at, d->n_contests, sizeof d->contest_codes.at[0]);
    d->contest_codes.at[d->n_contests] = (struct draft_code){k.row.code, d->n_contests};
    d->contests = draft_room(d->contests, d->n_contests, sizeof d->contests[0]);
    d->contests[d->n_contests++] = k;
}

void draft_contests(struct draft *d)
{
    struct table t;
    if (!table_open(&t, d, FILE_CONTESTS, contest_columns))
        return;
    while (csv_next(t.csv) && d->n_contests < PLAN_BALLOTS_MAX)
        read_contest(&t);
    if (d->n_contests == PLAN_BALLOTS_MAX && csv_next(t.csv))
        FAULT(&t, "more than %d contests", PLAN_BALLOTS_MAX);
    if (d->n_contests == 0)
        faults_add(d->faults, FILE_CONTESTS, 0, "no contest: nothing is voted on");
    d->contest_codes.n = d->n_contests;
    draft_codes_sort(&d->contest_codes);
    for (uint32_t i = 1; i < d->n_contests; i++) {
        const struct draft_code *one = &d->contest_codes.at[i - 1], *two = one + 1;
        if (!bytes_same(one->code, two->code))
            continue;
        d->contests[two->row].again = true;
        faults_add(d->faults, t.file, d->contests[two->row].line,
                   "contest %.*s stands here a second time; see line %u", SAY(two->code),
                   d->contests[one->row].line);
    }
    for (uint32_t i = 0; i < d->n_contests; i++) {
        const struct draft_contest *k = &d->contests[i];
        if (bytes_same(k->row.repeats, k->row.code))
            faults_add(d->faults, t.file, k->line, "a contest cannot repeat itself");
        else if (k->row.repeats.n > 0 &&
                 draft_codes_find(&d->contest_codes, k->row.repeats) == PLAN_NONE)
            table_unknown(&t, k->line, "contest", k->row.repeats);
    }
    table_close(&t);
}

// Yes, no or nothing; a year; words. They stay in the folder and beside the store of who loads it.
static void read_traits(const struct table *t, struct draft_candidate *c)
{
    for (unsigned i = 0; i < TRAITS; i++) {
        struct bytes b = table_field(t, CANDIDATE_TRAITS + i);
        uint32_t year = 0;
        bool words = i == TRAIT_SCHOOLING || i == TRAIT_THEORY;
        const char *name = candidate_columns[CANDIDATE_TRAITS + 1 + i]; // behind the ""
        if (b.n == 0)
            continue;
        if (i == TRAIT_BIRTH_YEAR && (!draft_number(b, 2100, &year) || year < 1900))
            FAULT(t, "birth_year \"%.*s\" is no year such as 1975", SAY(b));
        else if (words && draft_text_fault(b, PLAN_NAME_MAX))
            FAULT(t, "%s %s", name, draft_text_fault(b, PLAN_NAME_MAX));
        else if (!words && i != TRAIT_BIRTH_YEAR && !bytes_same(b, bytes_text("yes")) &&
                 !bytes_same(b, bytes_text("no")))
            FAULT(t, "%s \"%.*s\": write yes, no, or nothing where it is not known", name, SAY(b));
        c->traits[i] = draft_keep(t->d, b);
    }
}

static void read_candidate(const struct table *t)
{
    struct draft *d = t->d;
    struct draft_candidate c = {.line = csv_line(t->csv)};
    struct bytes contest = table_field(t, CANDIDATE_CONTEST),
                 number = table_field(t, CANDIDATE_NUMBER);
    char made[2 * CODE_MAX];
    uint32_t n = 0;
    if (!draft_number(number, UINT32_MAX, &n) || n == 0)
        FAULT(t, "number \"%.*s\": a whole number from 1 on", SAY(number));
    c.row.number = n;
    table_text(t, CANDIDATE_NAME, "name", PLAN_NAME_MAX, &c.row.name);
    table_text(t, CANDIDATE_KEY, "key", -CODE_MAX, &c.row.key);
    c.contest = draft_codes_find(&d->contest_codes, contest);
    if (c.contest == PLAN_NONE)
        table_unknown(t, c.line, "contest", contest);
    if (c.contest == PLAN_NONE || n == 0)
        return;
    if (c.row.key.n == 0) {
        int size = snprintf(made, sizeof made, "%.*s/%u", SAY(contest), n);
        if (size > CODE_MAX)
            FAULT(t, "contest/number is too long for a key: give a key (at most %d bytes)",
                  CODE_MAX);
        else
            c.row.key = draft_keep(d, bytes_of(made, (size_t)size));
    }
    read_traits(t, &c);
    d->contests[c.contest].row.n_candidates++;
    d->candidates = draft_room(d->candidates, d->n_candidates, sizeof d->candidates[0]);
    d->candidates[d->n_candidates++] = c;
}

// A confidence vote without rows has the levels of its profile for candidates.
static void make_levels(struct draft *d, uint32_t contest)
{
    const struct draft_contest *k = &d->contests[contest];
    const struct plan_profile *r = draft_rules(d, k);
    bool levels = r && r->rule == RULE_CONFIDENCE && k->row.n_candidates == 0;
    for (unsigned i = 0; levels && i < r->n_grades; i++) {
        struct draft_candidate c = {.contest = contest, .line = k->line};
        uint8_t digit = (uint8_t)('1' + i);
        c.row = (struct plan_candidate){i + 1, draft_keep(d, bytes_of(&digit, 1)), r->grades[i]};
        d->candidates = draft_room(d->candidates, d->n_candidates, sizeof d->candidates[0]);
        d->candidates[d->n_candidates++] = c;
    }
}

void draft_candidates(struct draft *d)
{
    struct table t;
    d->candidates_missing = !table_open(&t, d, FILE_CANDIDATES, candidate_columns);
    if (d->candidates_missing)
        return;
    while (csv_next(t.csv))
        read_candidate(&t);
    table_close(&t);
    for (uint32_t i = 0; i < d->n_contests; i++) {
        make_levels(d, i);
        d->contests[i].row.n_candidates = 0; // counted again when they are in order
    }
}

// How many voters, or VOTERS_UNKNOWN with the fault told.
static void read_count(const struct table *t, struct bytes text, uint32_t *ret)
{
    char why[FIGURE_WHY];
    uint64_t n;
    enum figure_fault fault = figure_read(text, &n);
    if (fault == FIGURE_GOOD && n > VOTERS_UNKNOWN - 2)
        fault = FIGURE_BIG;
    if (fault == FIGURE_GOOD)
        *ret = (uint32_t)n;
    else
        FAULT(t, "voters: %s Nothing where it is not known.",
              figure_why(fault, text, LANGUAGE_EN, why));
}

static void read_voters(const struct table *t)
{
    struct draft *d = t->d;
    struct draft_ballot b = {.line = csv_line(t->csv), .voters = VOTERS_UNKNOWN};
    struct bytes place = table_field(t, VOTERS_PLACE), contest = table_field(t, VOTERS_CONTEST);
    struct bytes voters = table_field(t, VOTERS_VOTERS);
    if (voters.n > 0)
        read_count(t, voters, &b.voters);
    struct bytes method = table_field(t, VOTERS_METHOD);
    if (method.n > 0 && !draft_method(method, &b.method))
        FAULT(t,
              "method \"%.*s\": secret_ballot, show_of_hands, household_ballot, online, mixed, or "
              "nothing for the profile's",
              SAY(method));
    b.method += method.n > 0;
    b.unit = draft_codes_find(&d->unit_codes, place);
    b.contest = draft_codes_find(&d->contest_codes, contest);
    if (b.unit == PLAN_NONE)
        table_unknown(t, b.line, "place", place);
    else
        d->units[b.unit].voted = true;
    if (b.contest == PLAN_NONE)
        table_unknown(t, b.line, "contest", contest);
    else
        d->contests[b.contest].n_rows++;
    if (b.unit == PLAN_NONE || b.contest == PLAN_NONE)
        return;
    const struct draft_unit *u = &d->units[b.unit];
    uint32_t top = d->contests[b.contest].row.unit;
    if (!u->row.place && d->n_levels > 0)
        FAULT(t, "unit %.*s is not a place: voters stand at places", SAY(place));
    else if (top != PLAN_NONE && u->at != PLAN_NONE && d->units[top].at != PLAN_NONE &&
             !draft_below(d, b.unit, top))
        FAULT(t, "place %.*s is not below %.*s, the unit of contest %.*s", SAY(place),
              SAY(d->units[top].row.code), SAY(contest));
    d->ballots = draft_room(d->ballots, d->n_ballots, sizeof d->ballots[0]);
    d->ballots[d->n_ballots++] = b;
}

void draft_voters(struct draft *d)
{
    struct table t;
    if (!table_open(&t, d, FILE_VOTERS, voters_columns))
        return;
    while (csv_next(t.csv) && d->n_ballots < PLAN_BALLOTS_MAX)
        read_voters(&t);
    if (d->n_ballots == PLAN_BALLOTS_MAX && csv_next(t.csv))
        FAULT(&t, "more than %d rows", PLAN_BALLOTS_MAX);
    table_close(&t);
}

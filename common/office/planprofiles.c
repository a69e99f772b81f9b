// planprofiles.c - rule profiles: those built in, and what profiles.zpl says of these and of others.
//
// Rules of an election are data. What the texts of the law say, and what could not be read in them and is
// marked "unverified" here, stands in each profile; a plan overrides any of it.
#include "plandraft.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define HALF                                                                                       \
    {                                                                                              \
        1, 2, 1                                                                                    \
    } // more than half
#define TWO_THIRDS                                                                                 \
    {                                                                                              \
        2, 3, 0                                                                                    \
    } // two thirds or more

#define TEXT(s)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }

static const struct {
    const char *name;
    struct plan_profile p;
} built_in[] = {
    // Who has most votes.
    {"plurality", {.rule = RULE_PLURALITY, .base = BASE_VALID}},
    // Village heads until August 2023 (joint resolution 09/2008, circular 04/2012 as amended): more
    // than half of all household representatives come, and more than half of *all*, not of those who
    // came, are for the elected; an interim head, after the second vote, holds at most 6 months. Second
    // vote within 15 days, report within 3, recognition within 5 working days, copies of the minutes:
    // unverified, check against the text.
    {"nqlt09-2008",
     {.electorate = HOUSEHOLD_REPS,
      .rule = RULE_MAJORITY,
      .quorum = HALF,
      .need = HALF,
      .base = BASE_ELIGIBLE,
      .min_candidates = 1,
      .rounds = 2,
      .rerun_days = 15,
      .report_days = 3,
      .recognise_days = 5,
      .interim_months = 6,
      .copies = 3}},
    // And since (decree 59/2023): at least one candidate, minutes of form 02, no fixed limit for who
    // holds the office until a new head is elected. That the base of the majority is all household
    // representatives, the times to report and recognise, copies of the minutes: unverified, check
    // against the text.
    {"nd59-2023",
     {.electorate = HOUSEHOLD_REPS,
      .rule = RULE_MAJORITY,
      .quorum = HALF,
      .need = HALF,
      .base = BASE_ELIGIBLE,
      .min_candidates = 1,
      .report_days = 2,
      .recognise_days = 5,
      .copies = 3,
      .form = TEXT("02")}},
    // Confidence by three levels (regulation 96-QD/TW 2023): parts of the ballots *returned*. More than
    // half and two thirds of the lowest level: unverified, check against the text. That a bad tick on a
    // paper of several persons spoils that name only is unverified too, hence counted per person; so is
    // that such votes are restricted.
    {"confidence-96-qdtw",
     {.electorate = MEMBERS,
      .decides = DECIDES_SUPERIOR,
      .rule = RULE_CONFIDENCE,
      .base = BASE_RETURNED,
      .choices = 1,
      .per_person = 1,
      .restricted = 1,
      .low = HALF,
      .lowest = TWO_THIRDS,
      .n_grades = 3,
      .grades = {TEXT("tín nhiệm cao"), TEXT("tín nhiệm"), TEXT("tín nhiệm thấp")}}},
    // Party cells (regulation 244-QD/TW 2014, art. 32): more than half of the official members summoned
    // less those excused. Results are approved by the superior committee. That no quorum is asked for,
    // and that such votes are restricted: unverified, check against the text.
    {"party-cell-244",
     {.electorate = MEMBERS,
      .decides = DECIDES_SUPERIOR,
      .rule = RULE_MAJORITY,
      .need = HALF,
      .base = BASE_SUMMONED,
      .min_candidates = 1,
      .restricted = 1}},
    // And since October 2024 (regulation 190-QD/TW): the list is at most 30 percent longer than the
    // seats. Changes of base, quorum, ties and invalid ballots against 244: unverified, check against
    // the text.
    {"party-cell-190",
     {.electorate = MEMBERS,
      .decides = DECIDES_SUPERIOR,
      .rule = RULE_MAJORITY,
      .need = HALF,
      .base = BASE_SUMMONED,
      .min_candidates = 1,
      .restricted = 1,
      .surplus = 30}},
};

static const char *const rules[] = {"plurality", "majority", "confidence", NULL};
static const char *const bases[] = {"eligible", "attended", "returned", "valid", "summoned", NULL};
static const char *const electorates[] = {"all_voters", "household_reps", "members", NULL};
static const char *const methods[] = {"secret_ballot", "show_of_hands", "household_ballot",
                                      "online",        "mixed",         NULL};
static const char *const deciders[] = {"node", "parent", "superior", NULL};
static const char *const blanks[] = {"invalid", "valid", NULL};
static const char *const counts[] = {"per_paper", "per_person", NULL};
static const char *const answers[] = {"no", "yes", NULL};

static bool word_of(struct bytes b, const char *const *words, unsigned *ret)
{
    for (unsigned i = 0; words[i]; i++)
        if (bytes_same(b, bytes_text(words[i]))) {
            *ret = i;
            return true;
        }
    return false;
}

bool draft_method(struct bytes word, unsigned *ret)
{
    return word_of(word, methods, ret);
}

// "1/2": more than that part; "1/2 at least": or just that; "none".
static bool take_part(struct bytes value, struct part *ret)
{
    static const char least[] = " at least";
    size_t n = sizeof least - 1;
    bool strict = value.n <= n || memcmp(value.at + value.n - n, least, n) != 0;
    struct bytes part = strict ? value : bytes_of(value.at, value.n - n);
    const uint8_t *slash = part.n ? memchr(part.at, '/', part.n) : NULL;
    uint32_t num = 0, den = 0;
    if (bytes_same(value, bytes_text("none"))) {
        *ret = (struct part){0};
        return true;
    }
    if (!slash || !draft_number(bytes_of(part.at, (size_t)(slash - part.at)), 1000, &num) ||
        !draft_number(bytes_of(slash + 1, (size_t)(part.at + part.n - slash - 1)), 1000, &den) ||
        den == 0 || num > den || (strict && num == den))
        return false;
    *ret = (struct part){num, den, strict};
    return true;
}

#define AT(field) offsetof(struct plan_profile, field)
static const struct setting { // of one word, part or number
    const char *name;
    size_t at;
    const char *const *words; // or NULL
    bool part;
    uint32_t max; // of a number
    const char *why;
} settings[] = {
    {"electorate", AT(electorate), electorates, false, 0,
     "electorate is all_voters, household_reps or members"},
    {"method", AT(method), methods, false, 0,
     "method is secret_ballot, show_of_hands, household_ballot, online or mixed"},
    {"decides", AT(decides), deciders, false, 0, "decides is node, parent or superior"},
    {"rule", AT(rule), rules, false, 0, "rule is plurality, majority or confidence"},
    {"quorum", AT(quorum), NULL, true, 0,
     "quorum is a part such as 1/2 (more than that must come), 1/2 at least, or none"},
    {"quorum_base", AT(quorum_base), bases, false, 0,
     "quorum_base is eligible, attended, returned, valid or summoned"},
    {"need", AT(need), NULL, true, 0,
     "need is a part such as 1/2 (more than that of the base), 1/2 at least, or none"},
    {"base", AT(base), bases, false, 0, "base is eligible, attended, returned, valid or summoned"},
    {"choices", AT(choices), NULL, false, PLAN_CANDIDATES_MAX,
     "choices is how many names a ballot may mark, 0 for as many as seats"},
    {"min_candidates", AT(min_candidates), NULL, false, PLAN_CANDIDATES_MAX,
     "min_candidates is a number of candidates"},
    {"blank", AT(blank_valid), blanks, false, 0, "blank is invalid or valid"},
    {"count", AT(per_person), counts, false, 0, "count is per_paper or per_person"},
    {"restricted", AT(restricted), answers, false, 0, "restricted is yes or no"},
    {"surplus", AT(surplus), NULL, false, 1000,
     "surplus is the percent by which a list may be longer than the seats, 0 for no limit"},
    {"rounds", AT(rounds), NULL, false, 100, "rounds is a number, 0 where it is not said"},
    {"rerun_days", AT(rerun_days), NULL, false, 1000, "rerun_days is a number of days"},
    {"report_days", AT(report_days), NULL, false, 1000, "report_days is a number of days"},
    {"recognise_days", AT(recognise_days), NULL, false, 1000,
     "recognise_days is a number of working days"},
    {"interim_months", AT(interim_months), NULL, false, 1000,
     "interim_months is a number of months"},
    {"copies", AT(copies), NULL, false, 100, "copies is a number of copies of the minutes"},
    {"low", AT(low), NULL, true, 0, "low is a part of the base, as need"},
    {"lowest", AT(lowest), NULL, true, 0, "lowest is a part of the base, as need"},
};

static struct plan_profile *find_profile(struct draft *d, struct bytes name)
{
    for (unsigned i = 0; i < d->n_known; i++)
        if (bytes_same(d->known[i].name, name))
            return &d->known[i];
    return NULL;
}

static struct plan_profile *profile_named(struct draft *d, struct bytes name, unsigned line)
{
    struct plan_profile *p = find_profile(d, name);
    if (p) {
        unsigned *first = &d->known_line[p - d->known];
        *first = *first ? *first : line;
        return p;
    }
    if (d->n_known == DRAFT_PROFILES_MAX || name.n > CODE_MAX) {
        faults_add(d->faults, FILE_PROFILES, line, "too many profiles, or a name above %d bytes",
                   CODE_MAX);
        return NULL;
    }
    d->known_line[d->n_known] = line;
    p = &d->known[d->n_known++];
    *p = (struct plan_profile){.name = draft_keep(d, name), .base = BASE_VALID};
    return p;
}

static const char *take_like(struct draft *d, struct plan_profile *p, struct bytes value,
                             unsigned line)
{
    const struct plan_profile *from = find_profile(d, value);
    struct bytes name = p->name;
    if (d->known_line[p - d->known] != line)
        return "like stands first in a profile: what stands above it would be lost";
    if (!from)
        return "like names a profile that is built in or stands above this one";
    *p = *from;
    p->name = name;
    return NULL;
}

// "grades/1" and so on: levels of confidence, the highest first.
static const char *take_grade(struct draft *d, struct plan_profile *p, const char *number,
                              struct bytes value)
{
    unsigned n = number[0] >= '1' && number[1] == 0 ? (unsigned)(number[0] - '0') : 0;
    if (n == 0 || n > PLAN_GRADES_MAX || draft_text_fault(value, PLAN_NAME_MAX))
        return "grades are numbered from 1 to 5, the highest first, and have a name each";
    if (n == 1) { // a list of its own begins
        memset(p->grades, 0, sizeof p->grades);
        p->n_grades = 0;
    }
    p->grades[n - 1] = draft_keep(d, value);
    if (p->n_grades < n)
        p->n_grades = n;
    return NULL;
}

static const char *take_setting(struct plan_profile *p, const char *field, struct bytes value)
{
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        const struct setting *s = &settings[i];
        void *to = (uint8_t *)p + s->at;
        uint32_t n = 0;
        if (strcmp(field, s->name) != 0)
            continue;
        if (s->part)
            return take_part(value, to) ? NULL : s->why;
        if (s->words)
            return word_of(value, s->words, to) ? NULL : s->why;
        if (!draft_number(value, s->max, &n))
            return s->why;
        *(unsigned *)to = n;
        return NULL;
    }
    return "nothing in a profile is called so: see the example of `dantin-hub plan new`";
}

static int on_profile(void *ctx, const char *path, struct bytes value, unsigned line)
{
    struct draft *d = ctx;
    const char *slash = strchr(path, '/'), *why;
    if (!slash) {
        faults_add(d->faults, FILE_PROFILES, line, "a profile's rules stand below its name");
        return 0;
    }
    struct plan_profile *p = profile_named(d, bytes_of(path, (size_t)(slash - path)), line);
    if (!p)
        return 0;
    if (strcmp(slash + 1, "like") == 0) {
        why = take_like(d, p, value, line);
    } else if (strncmp(slash + 1, "grades/", 7) == 0) {
        why = take_grade(d, p, slash + 8, value);
    } else if (strcmp(slash + 1, "form") == 0) {
        why = value.n > CODE_MAX ? "form is the code of a form, at most 80 bytes" : NULL;
        p->form = why ? p->form : draft_keep(d, value);
    } else {
        why = take_setting(p, slash + 1, value);
    }
    if (why) {
        faults_add(d->faults, FILE_PROFILES, line, "%s", why);
        d->known_faulty[p - d->known] = true;
    }
    return 0;
}

// A profile that no minutes could satisfy, or that says nothing.
static void check_profile(struct draft *d, unsigned i)
{
    const struct plan_profile *p = &d->known[i];
    const char *why = NULL;
    if (p->rule == RULE_CONFIDENCE && p->n_grades < 2)
        why = "a confidence vote has two to five grades";
    else if (p->rule == RULE_MAJORITY && p->need.den == 0)
        why = "a majority needs a need, such as 1/2";
    else
        why = draft_base_fault(p, p->method);
    for (unsigned g = 0; g < p->n_grades; g++)
        why = p->grades[g].n == 0 ? "grades are numbered from 1 without a gap" : why;
    if (why)
        faults_add(d->faults, FILE_PROFILES, d->known_line[i], "profile %.*s: %s", SAY(p->name),
                   why);
}

void draft_profiles(struct draft *d)
{
    for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++) {
        d->known[d->n_known] = built_in[i].p;
        d->known[d->n_known++].name = bytes_text(built_in[i].name);
    }
    draft_zpl(d, FILE_PROFILES, true, on_profile);
    for (unsigned i = 0; i < d->n_known; i++)
        if (!d->known_faulty[i])
            check_profile(d, i);
}

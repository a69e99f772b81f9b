// traits.c - what is known of candidates beside their names, from the local file traits.csv.
#include "traits.h"
#include "common/base/csv.h"
#include "common/base/figure.h"
#include "common/base/savefile.h"
#include "common/election/writing.h"
#include "words.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct traits_file {
    struct traits traits;
    struct trait *of;
    char *words[TRAIT_LEVELS_MAX];
};

static bool is_one_of(struct bytes field, const char *const *words)
{
    for (; *words; words++)
        if (field.n == strlen(*words) && strncasecmp((const char *)field.at, *words, field.n) == 0)
            return true;
    return false;
}

static uint8_t answer(struct bytes field)
{
    static const char *const yes[] = {"yes", "có", "1", "x", NULL}, *const no[] = {"no", "không",
                                                                                   "0", NULL};
    return is_one_of(field, yes) ? TRAIT_YES : is_one_of(field, no) ? TRAIT_NO : TRAIT_UNKNOWN;
}

// Number of the word among those met so far, from 1; 0: it is empty, or there are too many.
static uint8_t word(struct traits_file *f, struct bytes field)
{
    static const char *const none[] = {"no", "không", "chưa", "0", NULL};
    struct traits *t = &f->traits;
    unsigned i = 0;
    if (field.n == 0)
        return 0;
    while (i < t->n_levels && !bytes_same(t->levels[i], field))
        i++;
    if (i == TRAIT_LEVELS_MAX)
        return 0;
    if (i == t->n_levels) {
        f->words[i] = strndup((const char *)field.at, field.n);
        if (!f->words[i])
            abort();
        t->levels[i] = bytes_text(f->words[i]);
        t->none[i] = is_one_of(field, none);
        t->n_levels++;
    }
    return (uint8_t)(i + 1);
}

enum { ANSWERS = 5 };

struct columns {
    int contest, number, key, answers[ANSWERS], birth_year, schooling, theory;
};

static bool find_columns(struct csv *csv, struct columns *c)
{
    static const char *const names[ANSWERS] = {"re_elected", "woman", "minority", "party",
                                               "secretary"};
    c->contest = csv_column(csv, "contest", true);
    c->number = csv_column(csv, "number", true);
    c->key = csv_column(csv, "key", false);
    for (unsigned i = 0; i < ANSWERS; i++)
        c->answers[i] = csv_column(csv, names[i], false);
    c->birth_year = csv_column(csv, "birth_year", false);
    c->schooling = csv_column(csv, "schooling", false);
    c->theory = csv_column(csv, "theory", false);
    return c->contest >= 0 && c->number >= 0;
}

static void read_row(struct traits_file *f, const struct plan *p, const struct csv *csv,
                     const struct columns *c)
{
    uint32_t contest = plan_contest_of(p, csv_field(csv, c->contest));
    uint64_t n, year;
    if (contest == PLAN_NONE || figure_read(csv_field(csv, c->number), &n) != FIGURE_GOOD)
        return;
    uint32_t i = plan_candidate_of(p, contest, n);
    struct bytes key = csv_field(csv, c->key);
    if (i == PLAN_NONE)
        return;
    i += p->contests[contest].first_candidate;
    if (key.n > 0 && !bytes_same(key, p->candidates[i].key))
        return;
    struct trait *t = &f->of[i];
    uint8_t *const to[ANSWERS] = {&t->re_elected, &t->woman, &t->minority, &t->party,
                                  &t->secretary};
    for (unsigned k = 0; k < ANSWERS; k++)
        *to[k] = answer(csv_field(csv, c->answers[k]));
    if (figure_read(csv_field(csv, c->birth_year), &year) == FIGURE_GOOD && year > 1800 &&
        year < 3000)
        t->birth_year = (uint16_t)year;
    t->schooling = word(f, csv_field(csv, c->schooling));
    t->theory = word(f, csv_field(csv, c->theory));
}

int traits_open(struct traits_file **ret_file, const char *dir, const struct plan *p)
{
    struct faults faults = {0};
    struct csv *csv = NULL;
    struct columns c;
    uint8_t *content = NULL;
    size_t n;
    int rc = savefile_read(dir, TRAITS_FILE, TRAITS_BYTES_MAX, &content, &n);
    if (rc < 0)
        return rc;
    rc = csv_open(&csv, bytes_of(content, n), TRAITS_FILE, &faults);
    if (rc == 0 && !find_columns(csv, &c))
        rc = -EBADMSG;
    if (rc == 0) {
        struct traits_file *f = calloc(1, sizeof *f);
        struct trait *of = calloc(p->n_candidates + 1, sizeof *of);
        if (!f || !of)
            abort();
        f->traits.of = f->of = of;
        while (csv_next(csv))
            read_row(f, p, csv, &c);
        *ret_file = f;
    }
    csv_close(&csv);
    faults_clear(&faults);
    free(content);
    return rc;
}

void traits_close(struct traits_file **file)
{
    if (!*file)
        return;
    for (unsigned i = 0; i < (*file)->traits.n_levels; i++)
        free((*file)->words[i]);
    free((*file)->of);
    free(*file);
    *file = NULL;
}

const struct traits *traits_of(const struct traits_file *file)
{
    return &file->traits;
}

unsigned traits_year(const struct plan *p, int64_t now)
{
    char day[16];
    struct writing w;
    writing_init(&w, day, sizeof day);
    writing_day(&w, p->n_cutoffs > 0 ? p->cutoffs[p->n_cutoffs - 1].at : now);
    return (unsigned)strtoul(strrchr(day, '/') + 1, NULL, 10);
}

// planmerge.c - a folder of communes' tables, joined with a base, becomes a plan folder.
#include "mergeinside.h"
#include "common/base/savefile.h"
#include "common/base/vntext.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_BYTES_MAX = 64 << 20, KEPT_SIZE = 64 * 1024 };

// ---- what merge_open gives ----

struct merge_texts_kept { // a piece of the texts kept
    struct merge_texts_kept *before;
    size_t n, cap;
    char at[];
};

void merge_open(struct merge **ret_merge, const struct merge_options *options)
{
    struct merge *m = calloc(1, sizeof *m);
    assert(m);
    m->options = *options;
    m->year = m->month = m->day = -1;
    *ret_merge = m;
}

void merge_close(struct merge **merge)
{
    struct merge *m = *merge;
    if (!m)
        return;
    while (m->kept) {
        struct merge_texts_kept *before = m->kept->before;
        free(m->kept);
        m->kept = before;
    }
    struct grid *grids[] = {&m->units,  &m->contests,     &m->candidates,
                            &m->voters, &m->was_contests, &m->was_candidates};
    for (size_t i = 0; i < sizeof grids / sizeof grids[0]; i++)
        grid_free(grids[i]);
    free(m->findings);
    free(m->communes);
    free(m->formers);
    free(m->villages);
    free(m->named);
    free(m);
    *merge = NULL;
}

const char *merge_keep(struct merge *m, const char *text)
{
    size_t n = strlen(text) + 1;
    struct merge_texts_kept *k = m->kept;
    if (!k || k->cap - k->n < n) {
        size_t cap = n > KEPT_SIZE ? n : KEPT_SIZE;
        k = malloc(sizeof *k + cap);
        assert(k);
        *k = (struct merge_texts_kept){.before = m->kept, .cap = cap};
        m->kept = k;
    }
    char *to = k->at + k->n;
    memcpy(to, text, n);
    k->n += n;
    return to;
}

const char *merge_key(struct merge *m, const char *text, bool tones)
{
    char *key = vn_key(bytes_text(text), tones ? VN_TONES : VN_BARE);
    const char *kept = merge_keep(m, key);
    free(key);
    return kept;
}

const char *merge_print(struct merge *m, const char *format, ...)
{
    char *text;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    assert(n >= 0);
    const char *kept = merge_keep(m, text);
    free(text);
    return kept;
}

void *merge_room(void *rows, unsigned n, size_t size)
{
    if (n == 0 || (n >= 16 && (n & (n - 1)) == 0)) {
        rows = realloc(rows, (n == 0 ? 16 : (size_t)n * 2) * size);
        assert(rows);
    }
    memset((char *)rows + n * size, 0, size);
    return rows;
}

// ---- the tables ----

// Files that are hidden, or that a spreadsheet locks an open table with, are passed over.
static int wanted(const struct dirent *e)
{
    return e->d_name[0] != '.' && e->d_name[0] != '~';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int take_folder(struct merge *m, const char *dir)
{
    struct dirent **names;
    int n = scandir(dir, &names, wanted, by_bytes);
    if (n < 0)
        return -errno;
    for (int i = 0; i < n; i++) {
        merge_take_file(m, dir, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return 0;
}

// ---- plan folders ----

enum { ELECTION, UNITS, CONTESTS, CANDIDATES, VOTERS, CODES, PROFILES, HOLIDAYS, PLAN_FILES };
static const char *const plan_files[] = {"election.zpl",   "units.csv",   "contests.csv",
                                         "candidates.csv", "voters.csv",  "codes.csv",
                                         "profiles.zpl",   "holidays.csv"};

struct folder {
    struct bytes files[PLAN_FILES]; // empty: missing
};

static int read_folder(const char *dir, struct folder *f)
{
    int rc = 0;
    *f = (struct folder){0};
    for (int i = 0; i < PLAN_FILES && rc == 0; i++) {
        rc = merge_read_file(dir, plan_files[i], FILE_BYTES_MAX, &f->files[i]);
        rc = rc == -ENOENT ? 0 : rc;
    }
    return rc;
}

static void free_folder(struct folder *f)
{
    for (int i = 0; i < PLAN_FILES; i++)
        free((void *)(uintptr_t)f->files[i].at);
}

static struct merge_texts texts_of(const struct folder *f)
{
    return (struct merge_texts){f->files[ELECTION],   f->files[UNITS],  f->files[CONTESTS],
                                f->files[CANDIDATES], f->files[VOTERS], f->files[CODES]};
}

int merge_read_base(struct merge *m, const char *dir)
{
    struct folder f;
    int rc = read_folder(dir, &f);
    if (rc == 0 && f.files[UNITS].n == 0)
        rc = -ENOENT;
    struct merge_texts texts = texts_of(&f);
    if (rc == 0 && !merge_base(m, &texts))
        rc = -EINVAL;
    free_folder(&f);
    return rc;
}

// The codes first: once a number was given, it must be remembered, whatever happens then.
static int write_folder(const struct merge *m, const char *dir, const struct folder *base)
{
    static const enum merge_file order[] = {MERGE_CODES, MERGE_UNITS, MERGE_CONTESTS,
                                            MERGE_CANDIDATES, MERGE_VOTERS};
    int rc = 0;
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return -errno;
    for (size_t i = 0; i < sizeof order / sizeof order[0] && rc == 0; i++) {
        char *text = NULL;
        size_t n = 0;
        FILE *to = open_memstream(&text, &n);
        assert(to);
        merge_write(m, order[i], to);
        fclose(to);
        rc = savefile_write(dir, merge_file_name(order[i]), bytes_of(text, n));
        free(text);
    }
    if (rc == 0)
        rc = savefile_write(dir, plan_files[ELECTION], base->files[ELECTION]);
    if (rc == 0 && base->files[PROFILES].n > 0)
        rc = savefile_write(dir, plan_files[PROFILES], base->files[PROFILES]);
    if (rc == 0 && base->files[HOLIDAYS].n > 0)
        rc = savefile_write(dir, plan_files[HOLIDAYS], base->files[HOLIDAYS]);
    return rc;
}

static void tell_end(const struct plan_merge_call *call, const struct merge *m)
{
    struct merge_count n = merge_counted(m);
    bool good = merge_good(m);
    merge_tell(m, call->english, call->tell);
    if (call->english)
        fprintf(call->tell,
                "%u of %u communes with a table, %u villages; %u faults, %u proposed repairs, "
                "%u notes: %s\n",
                n.with_table, n.communes, n.villages, n.faults, n.proposed, n.notes,
                good         ? "written"
                : n.faults   ? "nothing is written"
                : n.proposed ? "nothing is written; --repair accepts every proposal"
                             : "nothing is written");
    else
        fprintf(call->tell,
                "%u/%u xã đã có bảng, %u thôn; %u lỗi, %u đề nghị sửa, %u ghi chú: %s\n",
                n.with_table, n.communes, n.villages, n.faults, n.proposed, n.notes,
                good         ? "đã ghi"
                : n.faults   ? "chưa ghi gì"
                : n.proposed ? "chưa ghi gì; --repair là nhận mọi đề nghị sửa"
                             : "chưa ghi gì");
}

static int merge_all(const struct plan_merge_call *call, struct merge *m, const struct folder *base,
                     const struct folder *former)
{
    struct merge_texts was = texts_of(base);
    int rc = 0;
    if (merge_base(m, &was) && former) {
        was = texts_of(former);
        merge_former(m, &was);
    }
    if (!m->unusable)
        rc = take_folder(m, call->folder);
    if (rc < 0) {
        fprintf(call->tell, "%s: %s\n", call->folder, strerror(-rc));
        return rc;
    }
    merge_end(m);
    if (merge_good(m)) {
        rc = write_folder(m, call->into, base);
        if (rc < 0) {
            fprintf(call->tell, "%s: %s\n", call->into, strerror(-rc));
            return rc;
        }
    }
    tell_end(call, m);
    return merge_good(m) ? 0 : -EINVAL;
}

int plan_merge(const struct plan_merge_call *call)
{
    struct folder base, into;
    struct merge *m;
    const char *dir = call->base ? call->base : call->into;
    int rc = read_folder(dir, &base), rc_into = call->base ? read_folder(call->into, &into) : 0;
    if (!call->base)
        into = (struct folder){0};
    bool by_hand = call->base && into.files[UNITS].n > 0 && into.files[CODES].n == 0;
    if (rc == 0 && base.files[UNITS].n == 0)
        rc = -ENOENT;
    if (rc < 0)
        fprintf(call->tell, "%s: %s\n", dir, strerror(-rc));
    else if (rc_into < 0)
        fprintf(call->tell, "%s: %s\n", call->into, strerror(-rc_into));
    else if (by_hand && strcmp(call->base, call->into) != 0)
        fprintf(call->tell,
                call->english ? "%s: is a plan that no merge wrote: it is not overwritten\n"
                              : "%s: là kế hoạch không do lệnh này ghi: không ghi đè\n",
                call->into);
    else {
        merge_open(&m, &call->options);
        rc = merge_all(call, m, &base, into.files[UNITS].n > 0 ? &into : NULL);
        merge_close(&m);
        free_folder(&base);
        free_folder(&into);
        return rc;
    }
    free_folder(&base);
    free_folder(&into);
    return rc < 0 ? rc : rc_into < 0 ? rc_into : -EINVAL;
}

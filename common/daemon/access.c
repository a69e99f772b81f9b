// access.c - who read contests of a restricted kind: a small owner-only file, written before the answer goes out.
#include "access.h"
#include "common/base/csv.h"
#include "common/base/figure.h"
#include "common/base/savefile.h"
#include "proto/record.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 2 << 20 };

struct row {
    int64_t from, until;
    char person[PERSON_MAX + 1], way[8], path[ACCESS_TEXT + 1], unit[ACCESS_TEXT + 1];
    unsigned times;
};
struct access_book {
    char dir[4096];
    struct row rows[ACCESS_ROWS]; // the oldest first
    unsigned n;
    int64_t written; // when the newest row's file was written last; 0: not yet
};

static void copy(char *to, size_t cap, struct bytes from)
{
    size_t n = from.n < cap - 1 ? from.n : cap - 1;
    if (n > 0)
        memcpy(to, from.at, n);
    while (n > 0 && n < from.n && (from.at[n] & 0xc0) == 0x80)
        n--; // not within a character
    to[n] = 0;
}

static struct row *new_row(struct access_book *a)
{
    if (a->n == ACCESS_ROWS) {
        memmove(a->rows, a->rows + 1, (ACCESS_ROWS - 1) * sizeof a->rows[0]);
        a->n--;
    }
    a->rows[a->n] = (struct row){0};
    return &a->rows[a->n++];
}

static bool take_number(struct bytes b, uint64_t *ret)
{
    char text[24], *end;
    copy(text, sizeof text, b);
    errno = 0;
    *ret = strtoull(text, &end, 10);
    return b.n > 0 && b.n < sizeof text && errno == 0 && *end == 0 && text[0] != '-';
}

// A row that cannot be read is passed over: what is written next has it no more.
static void take_rows(struct access_book *a, struct csv *csv)
{
    static const char *const names[] = {"from", "until", "person", "way", "path", "unit", "times"};
    int at[7] = {0};
    for (unsigned i = 0; i < 7; i++)
        at[i] = csv_column(csv, names[i], true);
    while (csv_next(csv)) {
        uint64_t from, until, times;
        if (!take_number(csv_field(csv, at[0]), &from) ||
            !take_number(csv_field(csv, at[1]), &until) ||
            !take_number(csv_field(csv, at[6]), &times))
            continue;
        struct row *r = new_row(a);
        r->from = (int64_t)from;
        r->until = (int64_t)until;
        r->times = (unsigned)times;
        copy(r->person, sizeof r->person, csv_field(csv, at[2]));
        copy(r->way, sizeof r->way, csv_field(csv, at[3]));
        copy(r->path, sizeof r->path, csv_field(csv, at[4]));
        copy(r->unit, sizeof r->unit, csv_field(csv, at[5]));
    }
}

int access_open(struct access_book **ret, const char *dir)
{
    struct access_book *a = calloc(1, sizeof *a);
    struct faults faults = {0};
    struct csv *csv = NULL;
    uint8_t *content = NULL;
    size_t n = 0;
    if (!a)
        abort();
    snprintf(a->dir, sizeof a->dir, "%s", dir);
    int rc = savefile_read(dir, ACCESS_FILE, FILE_BYTES_MAX, &content, &n);
    if (rc == 0 && csv_open(&csv, bytes_of(content, n), ACCESS_FILE, &faults) == 0) {
        take_rows(a, csv);
        csv_close(&csv);
    }
    faults_clear(&faults);
    free(content);
    *ret = a;
    return rc == -ENOENT ? 0 : rc;
}

void access_close(struct access_book **a)
{
    free(*a);
    *a = NULL;
}

static int write_rows(const struct access_book *a)
{
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    if (!to)
        abort();
    fputs("from,until,person,way,path,unit,times\n", to);
    for (unsigned i = 0; i < a->n; i++) {
        const struct row *r = &a->rows[i];
        fprintf(to, "%" PRId64 ",%" PRId64 ",", r->from, r->until);
        const char *const texts[] = {r->person, r->way, r->path, r->unit};
        for (unsigned k = 0; k < 4; k++) {
            csv_write_field(to, bytes_text(texts[k]), false);
            fputc(',', to);
        }
        fprintf(to, "%u\n", r->times);
    }
    fclose(to);
    int rc = savefile_write(a->dir, ACCESS_FILE, bytes_of(text, n));
    free(text);
    return rc;
}

// Unit codes and paths come from outside: what a table could not hold again is not kept.
static bool can_stand(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < 0x20 || *c == 0x7f)
            return false;
    return true;
}

int access_note(struct access_book *a, const struct http_request *q, int64_t now)
{
    struct row key = {.from = now, .until = now, .times = 1};
    const char *unit = http_query(q, "unit");
    copy(key.person, sizeof key.person, bytes_text(q->person ? q->person : ""));
    copy(key.way, sizeof key.way, bytes_text(q->local ? "command" : "page"));
    copy(key.path, sizeof key.path, bytes_text(q->path));
    copy(key.unit, sizeof key.unit, bytes_text(unit && can_stand(unit) ? unit : ""));
    for (unsigned i = a->n; i-- > 0;) {
        struct row *r = &a->rows[i];
        if (now - r->until > ACCESS_SAME_MS || now < r->until)
            break;
        if (strcmp(r->person, key.person) != 0 || strcmp(r->way, key.way) != 0 ||
            strcmp(r->path, key.path) != 0 || strcmp(r->unit, key.unit) != 0)
            continue;
        r->times++;
        if (now - r->until < ACCESS_QUIET_MS)
            return 0; // that this person reads this stands there since less than a minute
        int64_t before = r->until;
        r->until = now;
        int rc = write_rows(a);
        r->until = rc < 0 ? before : now;
        return rc;
    }
    struct row *r = new_row(a);
    *r = key;
    int rc = write_rows(a);
    if (rc < 0)
        a->n--; // the next read is the first again
    return rc;
}

json_t *access_view(const struct access_book *a)
{
    json_t *list = json_array();
    for (unsigned i = a->n; i-- > 0;) {
        const struct row *r = &a->rows[i];
        json_array_append_new(list, json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:i}", "from",
                                              (json_int_t)r->from, "until", (json_int_t)r->until,
                                              "person", r->person, "way", r->way, "path", r->path,
                                              "unit", r->unit, "times", (int)r->times));
    }
    return list;
}

// contacts.c - whom to ring in a unit: contacts.csv, a local owner-only table that no log ever holds.
#include "contacts.h"
#include "common/base/csv.h"
#include "common/base/savefile.h"
#include "proto/utf8.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DIGITS_MIN = 3, DIGITS_MAX = 15 };

struct contacts {
    char dir[4096];
    struct contact *at; // by unit, within one as in the file
    uint32_t n, cap;
    struct faults faults;
    struct timespec changed; // of the file that was read last
    off_t size;
    ino_t inode;
};

bool contact_dial(const char *phone, char to[CONTACT_PHONE_MAX + 1])
{
    size_t n = 0, digits = 0;
    for (const char *p = phone; *p; p++) {
        if (*p >= '0' && *p <= '9')
            digits++;
        else if (*p == '+' && n == 0)
            ;
        else if (strchr(" .-()", *p))
            continue;
        else
            return false;
        if (n == CONTACT_PHONE_MAX)
            return false;
        to[n++] = *p;
    }
    to[n] = 0;
    return digits >= DIGITS_MIN && digits <= DIGITS_MAX;
}

static const char *fault_of(const struct contact *c)
{
    char dial[CONTACT_PHONE_MAX + 1];
    if (c->unit.n == 0)
        return "the code of the unit is missing";
    if (c->name[0] == 0 && c->role[0] == 0)
        return "neither a role nor a name stands here";
    if (!utf8_ok(bytes_text(c->name)) || !utf8_ok(bytes_text(c->role)))
        return "a name or role has characters that cannot stand in one line of text";
    if (!contact_dial(c->phone, dial))
        return "the telephone number is missing, or has other signs than digits, blanks, . - ( ) "
               "and a first +";
    if (c->phone2[0] && !contact_dial(c->phone2, dial))
        return "the second telephone number has other signs than digits, blanks, . - ( ) and a "
               "first +";
    return NULL;
}

static const char *take(struct bytes field, char *to, size_t max)
{
    while (field.n > 0 && field.at[0] == ' ')
        field = bytes_of(field.at + 1, field.n - 1);
    while (field.n > 0 && field.at[field.n - 1] == ' ')
        field.n--;
    if (field.n > max)
        return "a field is too long";
    if (field.n > 0)
        memcpy(to, field.at, field.n);
    to[field.n] = 0;
    return strlen(to) == field.n ? NULL : "a field has a NUL in it";
}

static int by_unit(const void *a, const void *b)
{
    const struct contact *x = a, *y = b;
    int order = strcmp(x->unit.at, y->unit.at);
    return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

static void add(struct contacts *c, const struct contact *row)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 64;
        c->at = realloc(c->at, c->cap * sizeof *c->at);
        if (!c->at)
            abort();
    }
    c->at[c->n++] = *row;
}

struct columns {
    int unit, role, name, phone, phone2;
};

static const char *read_row(const struct csv *csv, const struct columns *at, struct contact *row)
{
    const char *why;
    char code[CODE_MAX + 1];
    memset(row, 0, sizeof *row);
    if ((why = take(csv_field(csv, at->unit), code, CODE_MAX)) ||
        (why = take(csv_field(csv, at->role), row->role, CONTACT_TEXT_MAX)) ||
        (why = take(csv_field(csv, at->name), row->name, CONTACT_TEXT_MAX)) ||
        (why = take(csv_field(csv, at->phone), row->phone, CONTACT_PHONE_MAX)) ||
        (why = take(csv_field(csv, at->phone2), row->phone2, CONTACT_PHONE_MAX)))
        return why;
    row->unit = code_of(bytes_text(code));
    return fault_of(row);
}

static void read_rows(struct contacts *c, struct csv *csv)
{
    struct columns at = {csv_column(csv, "unit", true), csv_column(csv, "role", false),
                         csv_column(csv, "name", true), csv_column(csv, "phone", true),
                         csv_column(csv, "phone2", false)};
    csv_unknown(csv);
    while (at.unit >= 0 && at.name >= 0 && at.phone >= 0 && csv_next(csv)) {
        struct contact row;
        const char *why = read_row(csv, &at, &row);
        row.line = csv_line(csv);
        if (!why && c->n == CONTACTS_MAX)
            why = "more than 20000 rows";
        if (why)
            faults_add(&c->faults, CONTACTS_FILE, csv_line(csv), "%s", why);
        else
            add(c, &row);
    }
}

// Sorted, and of each unit no more than are kept.
static void put_in_order(struct contacts *c)
{
    uint32_t n = 0, same = 0;
    if (c->n > 1)
        qsort(c->at, c->n, sizeof *c->at, by_unit);
    for (uint32_t i = 0; i < c->n; i++) {
        same = n > 0 && code_same(&c->at[n - 1].unit, &c->at[i].unit) ? same + 1 : 1;
        if (same > CONTACTS_OF_UNIT_MAX)
            faults_add(&c->faults, CONTACTS_FILE, c->at[i].line, "more than 8 rows of one unit");
        else
            c->at[n++] = c->at[i];
    }
    c->n = n;
}

static void read_file(struct contacts *c)
{
    uint8_t *content = NULL;
    size_t n = 0;
    struct csv *csv = NULL;
    int rc = savefile_read(c->dir, CONTACTS_FILE, CONTACTS_BYTES_MAX, &content, &n);
    c->n = 0;
    faults_clear(&c->faults);
    if (rc == -EPERM)
        faults_add(
            &c->faults, CONTACTS_FILE, 0,
            "others may read it, or it is not ours: chmod 600, and the owner the program runs as");
    else if (rc == -EFBIG)
        faults_add(&c->faults, CONTACTS_FILE, 0, "larger than 4 MiB: nothing of it was read");
    else if (rc < 0 && rc != -ENOENT)
        faults_add(&c->faults, CONTACTS_FILE, 0, "%s", strerror(-rc));
    if (rc == 0 && n > 0 && csv_open(&csv, bytes_of(content, n), CONTACTS_FILE, &c->faults) == 0)
        read_rows(c, csv);
    csv_close(&csv);
    free(content);
    put_in_order(c);
}

void contacts_look(struct contacts *c)
{
    char path[sizeof c->dir + sizeof "/" CONTACTS_FILE];
    struct stat st;
    snprintf(path, sizeof path, "%s/" CONTACTS_FILE, c->dir);
    if (stat(path, &st) < 0)
        memset(&st, 0, sizeof st);
    // The change of its status: a chmod that opens it to us, or to others, counts too.
    if (st.st_ctim.tv_sec == c->changed.tv_sec && st.st_ctim.tv_nsec == c->changed.tv_nsec &&
        st.st_size == c->size && st.st_ino == c->inode)
        return;
    c->changed = st.st_ctim;
    c->size = st.st_size;
    c->inode = st.st_ino;
    read_file(c);
}

void contacts_open(struct contacts **ret, const char *dir)
{
    struct contacts *c = calloc(1, sizeof *c);
    if (!c || strlen(dir) >= sizeof c->dir)
        abort();
    memcpy(c->dir, dir, strlen(dir) + 1);
    *ret = c;
    contacts_look(c);
}

void contacts_close(struct contacts **c)
{
    if (!*c)
        return;
    free((*c)->at);
    faults_clear(&(*c)->faults);
    free(*c);
    *c = NULL;
}

const struct faults *contacts_faults(const struct contacts *c)
{
    return &c->faults;
}

const struct contact *contacts_of(const struct contacts *c, struct bytes unit, uint32_t *ret_n)
{
    uint32_t low = 0, high = c->n;
    struct code wanted = code_of(unit);
    *ret_n = 0;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (strcmp(c->at[mid].unit.at, wanted.at) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    while (low + *ret_n < c->n && code_same(&c->at[low + *ret_n].unit, &wanted))
        ++*ret_n;
    return *ret_n ? &c->at[low] : NULL;
}

static void write_row(FILE *to, const struct contact *r)
{
    const char *const fields[] = {r->unit.at, r->role, r->name, r->phone, r->phone2};
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (i > 0)
            fputc(',', to);
        csv_write_field(to, bytes_text(fields[i]), false);
    }
    fputc('\n', to);
}

static int save(const struct contacts *c, const struct code *unit, const struct contact *rows,
                uint32_t n)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    bool said = false;
    if (!to)
        abort();
    fputs("unit,role,name,phone,phone2\n", to);
    for (uint32_t i = 0; i <= c->n; i++) {
        if (!said && (i == c->n || strcmp(c->at[i].unit.at, unit->at) >= 0)) {
            for (uint32_t k = 0; k < n; k++)
                write_row(to, &rows[k]);
            said = true;
        }
        if (i < c->n && !code_same(&c->at[i].unit, unit))
            write_row(to, &c->at[i]);
    }
    fclose(to);
    int rc = size > CONTACTS_BYTES_MAX
                 ? -ENOSPC
                 : savefile_write(c->dir, CONTACTS_FILE, bytes_of((uint8_t *)text, size));
    free(text);
    return rc;
}

int contacts_put(struct contacts *c, const struct code *unit, const struct contact *rows,
                 uint32_t n)
{
    uint32_t old;
    contacts_look(c);
    if (c->faults.n > 0)
        return -EBADMSG;
    contacts_of(c, code_bytes(unit), &old);
    if (n > CONTACTS_OF_UNIT_MAX || c->n - old + n > CONTACTS_MAX)
        return -ENOSPC;
    for (uint32_t i = 0; i < n; i++)
        if (!code_same(&rows[i].unit, unit) || fault_of(&rows[i]))
            return -EINVAL;
    int rc = save(c, unit, rows, n);
    contacts_look(c);
    return rc;
}

// persons.c - who works here: the small owner-only table people.csv, its roles and its bounds.
#include "persons.h"
#include "common/base/csv.h"
#include "common/base/savefile.h"
#include "common/base/text.h"
#include "common/net/form.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PIN_MIN = 4, PIN_FAR_MIN = 6, PIN_MAX = 12, PASSWORD_MIN = 10 };
static const char hash_start[] = "$argon2id$";

static const struct role node_roles[] = {
    {"enters", RIGHT_READ | RIGHT_ENTER},
    {"checks", RIGHT_READ | RIGHT_ENTER | RIGHT_CHECK},
    {"reads", RIGHT_READ},
};
static const struct role hub_roles[] = {
    {"viewer", RIGHT_READ},
    {"operator", RIGHT_READ | RIGHT_OPERATE},
    {"auditor", RIGHT_READ | RIGHT_AUDIT},
    {"administrator", RIGHT_READ | RIGHT_OPERATE | RIGHT_AUDIT | RIGHT_ADMIN},
};
const struct persons_rules persons_of_node = {node_roles, 3, PERSONS_NODE_MAX, true};
const struct persons_rules persons_of_hub = {hub_roles, 4, PERSONS_HUB_MAX, false};

enum column {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_ROLE,
    COLUMN_SCOPE,
    COLUMN_RESTRICTED,
    COLUMN_SECRET,
    COLUMN_COUNT
};
static const char *const columns[COLUMN_COUNT] = {"id",    "name",       "role",
                                                  "scope", "restricted", "secret"};

static const struct role *role_named(const struct persons_rules *rules, struct bytes name)
{
    for (unsigned i = 0; i < rules->n_roles; i++)
        if (bytes_same(bytes_text(rules->roles[i].name), name))
            return &rules->roles[i];
    return NULL;
}

// One line of text, without what would move the cursor.
static bool one_line(struct bytes b)
{
    for (size_t i = 0; i < b.n; i++)
        if (b.at[i] < 0x20 || b.at[i] == 0x7f)
            return false;
    return true;
}

static const char *take(char *to, size_t cap, struct bytes value, const char *too_long)
{
    if (value.n >= cap)
        return too_long;
    if (!one_line(value))
        return "person_line";
    if (value.n > 0)
        memcpy(to, value.at, value.n);
    to[value.n] = 0;
    return NULL;
}

// One field of a line, by its column.
static const char *set(struct person *x, const struct persons_rules *rules, enum column c,
                       struct bytes value)
{
    bool yes = bytes_same(value, bytes_text("yes"));
    switch (c) {
    case COLUMN_ID: return take(x->id, sizeof x->id, value, "person_id_long");
    case COLUMN_NAME: return take(x->name, sizeof x->name, value, "person_name_long");
    case COLUMN_SCOPE: return take(x->scope, sizeof x->scope, value, "person_scope_long");
    case COLUMN_ROLE:
        x->role = value.n > 0 ? role_named(rules, value) : NULL;
        return value.n == 0 || x->role ? NULL : rules->pin ? "person_role_node" : "person_role_hub";
    case COLUMN_RESTRICTED:
        x->restricted = yes;
        return yes || value.n == 0 || bytes_same(value, bytes_text("no")) ? NULL
                                                                          : "person_restricted";
    case COLUMN_SECRET:
        if (value.n > 0 && (value.n < sizeof hash_start ||
                            memcmp(value.at, hash_start, sizeof hash_start - 1) != 0))
            return "person_hash";
        return take(x->secret, sizeof x->secret, value, "person_hash");
    case COLUMN_COUNT: break;
    }
    return "there is no such column";
}

static const char *whole(const struct person *x, const struct persons_rules *rules)
{
    if (!x->id[0])
        return "person_no_id";
    if (x->secret[0] && !x->role)
        return "person_no_role";
    if (rules->pin && x->scope[0])
        return "person_scope_node";
    return NULL;
}

static const char *add_line(struct persons *p, struct csv *csv, const int *at)
{
    struct person x = {0};
    const char *why = NULL;
    for (unsigned c = 0; c < COLUMN_COUNT && !why; c++)
        why = set(&x, p->rules, (enum column)c, csv_field(csv, at[c]));
    why = why ? why : whole(&x, p->rules);
    if (!why && persons_find(p, bytes_text(x.id)))
        why = "person_twice";
    if (!why && p->n == p->rules->max)
        why = "person_many";
    if (!why)
        p->at[p->n++] = x;
    return why;
}

int persons_parse(struct persons *p, struct bytes text, struct faults *faults)
{
    struct csv *csv;
    int at[COLUMN_COUNT];
    unsigned before = faults->n;
    p->n = 0;
    int rc = csv_open(&csv, text, PERSONS_FILE, faults);
    if (rc < 0)
        return rc;
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        at[c] = csv_column(csv, columns[c], c == COLUMN_ID);
    csv_unknown(csv);
    while (at[COLUMN_ID] >= 0 && csv_next(csv)) {
        const char *why = add_line(p, csv, at);
        if (why)
            faults_add(faults, PERSONS_FILE, csv_line(csv), "%s", text_of(why, LANGUAGE_EN));
    }
    csv_close(&csv);
    if (faults->n == before)
        return 0;
    p->n = 0;
    return -EBADMSG;
}

int persons_read(struct persons *p, const char *dir, struct faults *faults)
{
    uint8_t *content;
    size_t n;
    p->n = 0;
    int rc = savefile_read(dir, PERSONS_FILE, PERSONS_FILE_MAX, &content, &n);
    if (rc == -ENOENT)
        return 0;
    if (rc == -EPERM)
        faults_add(faults, PERSONS_FILE, 0, "open to others than its owner: chmod 600 %s",
                   PERSONS_FILE);
    else if (rc < 0)
        faults_add(faults, PERSONS_FILE, 0, "cannot be read: %s", strerror(-rc));
    if (rc < 0)
        return rc;
    rc = persons_parse(p, bytes_of(content, n), faults);
    free(content);
    return rc;
}

int persons_write(const struct persons *p, const char *dir)
{
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    if (!to)
        abort();
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        fprintf(to, "%s%s", c > 0 ? "," : "", columns[c]);
    fputc('\n', to);
    for (unsigned i = 0; i < p->n; i++) {
        const struct person *x = &p->at[i];
        const char *const fields[COLUMN_COUNT] = {
            x->id,    x->name, x->role ? x->role->name : "", x->scope, x->restricted ? "yes" : "",
            x->secret};
        for (unsigned c = 0; c < COLUMN_COUNT; c++) {
            if (c > 0)
                fputc(',', to);
            csv_write_field(to, bytes_text(fields[c]), false);
        }
        fputc('\n', to);
    }
    fclose(to);
    int rc = savefile_write(dir, PERSONS_FILE, bytes_of(text, n));
    free(text);
    return rc;
}

const struct person *persons_find(const struct persons *p, struct bytes id)
{
    for (unsigned i = 0; i < p->n; i++)
        if (bytes_same(bytes_text(p->at[i].id), id))
            return &p->at[i];
    return NULL;
}

bool persons_log_in(const struct persons *p)
{
    for (unsigned i = 0; i < p->n; i++)
        if (p->at[i].secret[0])
            return true;
    return false;
}

static const char *remove_person(struct persons *p, const struct person *x)
{
    if (!x)
        return "person_unknown";
    size_t i = (size_t)(x - p->at);
    memmove(&p->at[i], &p->at[i + 1], (p->n - i - 1) * sizeof p->at[0]);
    p->n--;
    return NULL;
}

const char *persons_change(struct persons *p, struct bytes text)
{
    char room[2048];
    struct form form;
    struct form_field f;
    struct bytes values[COLUMN_COUNT] = {0}, act = {0};
    bool given[COLUMN_COUNT] = {0};
    int rc;
    form_init(&form, text, room, sizeof room);
    while ((rc = form_next(&form, &f)) == 1) {
        act = strcmp(f.name, "act") == 0 ? bytes_of(f.value, f.n_value) : act;
        for (unsigned c = 0; c < COLUMN_COUNT; c++)
            if (strcmp(f.name, columns[c]) == 0) {
                values[c] = bytes_of(f.value, f.n_value);
                given[c] = true;
            }
    }
    if (rc < 0)
        return "no_form";
    const struct person *old = persons_find(p, values[COLUMN_ID]);
    if (bytes_same(act, bytes_text("remove")))
        return remove_person(p, old);
    if (!bytes_same(act, bytes_text("put")))
        return "act= is put or remove";
    struct person x = old ? *old : (struct person){0};
    const char *why = NULL;
    for (unsigned c = 0; c < COLUMN_COUNT && !why; c++)
        why = given[c] ? set(&x, p->rules, (enum column)c, values[c]) : NULL;
    why = why ? why : whole(&x, p->rules);
    if (!why && !old && p->n == p->rules->max)
        why = p->rules->pin ? "person_many_node" : "person_many_hub";
    if (!why)
        p->at[old ? (unsigned)(old - p->at) : p->n++] = x;
    return why;
}

// 1234, 4321, 7777: what is tried first.
static bool runs(struct bytes digits)
{
    for (size_t i = 2; i < digits.n; i++)
        if (digits.at[i] - digits.at[i - 1] != digits.at[1] - digits.at[0])
            return false;
    int step = digits.at[1] - digits.at[0];
    return step >= -1 && step <= 1;
}

const char *persons_secret_fault(const struct persons_rules *rules, bool far, struct bytes secret)
{
    if (secret.n > PERSON_SECRET_MAX || !one_line(secret))
        return "secret_line";
    if (!rules->pin)
        return secret.n < PASSWORD_MIN ? "secret_short" : NULL;
    for (size_t i = 0; i < secret.n; i++)
        if (secret.at[i] < '0' || secret.at[i] > '9')
            return "pin_digits";
    if (secret.n < (size_t)(far ? PIN_FAR_MIN : PIN_MIN) || secret.n > PIN_MAX)
        return far ? "pin_far" : "pin_length";
    return runs(secret) ? "pin_run" : NULL;
}

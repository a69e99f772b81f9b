// calls.c - what came of telephone calls to units: calls.csv, a local owner-only table of a hub or node.
#include "calls.h"
#include "common/base/csv.h"
#include "common/base/figure.h"
#include "common/base/moment.h"
#include "common/base/savefile.h"
#include "words.h"
#include "proto/utf8.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct unit_calls {
    struct code unit;
    unsigned n;
    struct call at[CALLS_OF_UNIT_MAX]; // the oldest first; none of them held or left
    struct call held;
};
struct calls {
    char dir[4096];
    struct unit_calls *at; // by unit
    uint32_t n, cap;
    struct faults faults;
};

static const char *const names[] = {"", "reached", "no_answer", "promised", "held", "left"};

const char *call_name(enum call_what what)
{
    return names[what];
}

enum call_what call_named(struct bytes word)
{
    for (unsigned i = CALL_REACHED; i <= CALL_LEFT; i++)
        if (bytes_same(word, bytes_text(names[i])))
            return (enum call_what)i;
    return 0;
}

// Where the unit stands, or would.
static uint32_t place_of(const struct calls *c, const struct code *unit)
{
    uint32_t low = 0, high = c->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (strcmp(c->at[mid].unit.at, unit->at) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct unit_calls *find(const struct calls *c, const struct code *unit)
{
    uint32_t i = place_of(c, unit);
    return i < c->n && code_same(&c->at[i].unit, unit) ? &c->at[i] : NULL;
}

static struct unit_calls *make(struct calls *c, const struct code *unit)
{
    uint32_t i = place_of(c, unit);
    if (c->n == CALLS_UNITS_MAX)
        return NULL;
    if (c->n == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 32;
        c->at = realloc(c->at, c->cap * sizeof *c->at);
        if (!c->at)
            abort();
    }
    memmove(&c->at[i + 1], &c->at[i], (c->n - i) * sizeof *c->at);
    memset(&c->at[i], 0, sizeof c->at[i]);
    c->at[i].unit = *unit;
    c->n++;
    return &c->at[i];
}

static void put(struct unit_calls *u, const struct call *call)
{
    if (call->what == CALL_HELD || call->what == CALL_LEFT) {
        u->held = *call;
        return;
    }
    if (u->n == CALLS_OF_UNIT_MAX)
        memmove(u->at, u->at + 1, --u->n * sizeof *u->at);
    u->at[u->n++] = *call;
}

static bool read_time(struct bytes text, int64_t *ret)
{
    int64_t v = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || v > INT64_MAX / 10 - 10)
            return false;
        v = v * 10 + (text.at[i] - '0');
    }
    *ret = v;
    return true;
}

struct columns {
    int unit, at, what, until, by;
};

static const char *read_row(const struct csv *csv, const struct columns *at, struct code *unit,
                            struct call *call)
{
    struct bytes code = csv_field(csv, at->unit), by = csv_field(csv, at->by);
    memset(call, 0, sizeof *call);
    call->what = call_named(csv_field(csv, at->what));
    if (code.n == 0 || code.n > CODE_MAX)
        return "the code of the unit is missing or too long";
    if (by.n > PERSON_MAX || !utf8_ok(by))
        return "the person is no id";
    if (call->what == 0)
        return "what is none of reached, no_answer, promised, held, left";
    if (csv_field(csv, at->at).n == 0 || !read_time(csv_field(csv, at->at), &call->at) ||
        !read_time(csv_field(csv, at->until), &call->until))
        return "a time is no number of milliseconds";
    *unit = code_of(code);
    if (by.n > 0)
        memcpy(call->by, by.at, by.n);
    return NULL;
}

static void read_rows(struct calls *c, struct csv *csv)
{
    struct columns at = {csv_column(csv, "unit", true), csv_column(csv, "at", true),
                         csv_column(csv, "what", true), csv_column(csv, "until", true),
                         csv_column(csv, "by", true)};
    bool whole = at.unit >= 0 && at.at >= 0 && at.what >= 0 && at.until >= 0 && at.by >= 0;
    while (whole && csv_next(csv)) {
        struct code unit;
        struct call call;
        const char *why = read_row(csv, &at, &unit, &call);
        struct unit_calls *u = why ? NULL : find(c, &unit);
        if (!why && !u && !(u = make(c, &unit)))
            why = "calls of more than 5000 units";
        if (why)
            faults_add(&c->faults, CALLS_FILE, csv_line(csv), "%s", why);
        else
            put(u, &call);
    }
}

void calls_open(struct calls **ret, const char *dir)
{
    struct calls *c = calloc(1, sizeof *c);
    uint8_t *content = NULL;
    size_t n = 0;
    struct csv *csv = NULL;
    if (!c || strlen(dir) >= sizeof c->dir)
        abort();
    memcpy(c->dir, dir, strlen(dir) + 1);
    *ret = c;
    int rc = savefile_read(dir, CALLS_FILE, CALLS_BYTES_MAX, &content, &n);
    if (rc == 0 && csv_open(&csv, bytes_of(content, n), CALLS_FILE, &c->faults) == 0)
        read_rows(c, csv);
    else if (rc < 0 && rc != -ENOENT)
        faults_add(&c->faults, CALLS_FILE, 0, "%s",
                   rc == -EPERM ? "others may read it, or it is not ours" : strerror(-rc));
    // The next call writes the table anew: what of it could not be read is kept beside it.
    if (rc == 0 && c->faults.n > 0)
        savefile_write(dir, CALLS_FILE ".damaged", bytes_of(content, n));
    csv_close(&csv);
    free(content);
}

void calls_close(struct calls **c)
{
    if (!*c)
        return;
    free((*c)->at);
    faults_clear(&(*c)->faults);
    free(*c);
    *c = NULL;
}

const struct faults *calls_faults(const struct calls *c)
{
    return &c->faults;
}

void calls_state(const struct calls *c, struct bytes unit, struct call_state *ret)
{
    struct code code = code_of(unit);
    const struct unit_calls *u = find(c, &code);
    memset(ret, 0, sizeof *ret);
    if (u && u->n > 0)
        ret->last = u->at[u->n - 1];
    if (u && u->held.what == CALL_HELD)
        ret->held = u->held;
    for (unsigned i = 0; u && i < u->n; i++) // whoever was reached since has said something newer
        if (u->at[i].what != CALL_NO_ANSWER)
            ret->promised = u->at[i].until;
}

bool calls_at(const struct calls *c, struct bytes unit, unsigned i, struct call *ret)
{
    struct code code = code_of(unit);
    const struct unit_calls *u = find(c, &code);
    if (!u || i >= u->n)
        return false;
    *ret = u->at[u->n - 1 - i];
    return true;
}

static void write_call(FILE *to, const struct code *unit, const struct call *call)
{
    csv_write_field(to, code_bytes(unit), false);
    fprintf(to, ",%" PRId64 ",%s,", call->at, names[call->what]);
    if (call->until > 0)
        fprintf(to, "%" PRId64, call->until);
    fputc(',', to);
    csv_write_field(to, bytes_text(call->by), false);
    fputc('\n', to);
}

static int save(const struct calls *c)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        abort();
    fputs("unit,at,what,until,by\n", to);
    for (uint32_t i = 0; i < c->n; i++) {
        for (unsigned k = 0; k < c->at[i].n; k++)
            write_call(to, &c->at[i].unit, &c->at[i].at[k]);
        if (c->at[i].held.what != 0)
            write_call(to, &c->at[i].unit, &c->at[i].held);
    }
    fclose(to);
    int rc = savefile_write(c->dir, CALLS_FILE, bytes_of((uint8_t *)text, size));
    free(text);
    return rc;
}

static bool good(const struct call *call)
{
    if (call->what < CALL_REACHED || call->what > CALL_LEFT || !utf8_ok(bytes_text(call->by)))
        return false;
    return call->what == CALL_PROMISED
               ? call->until > call->at && call->until - call->at <= PROMISE_MAX_MS
               : call->until == 0;
}

int calls_add(struct calls *c, const struct code *unit, const struct call *call)
{
    if (!good(call))
        return -EINVAL;
    struct unit_calls *u = find(c, unit), none = {0};
    bool fresh = !u;
    if (!u && !(u = make(c, unit)))
        return -ENOSPC;
    struct unit_calls before = fresh ? none : *u;
    put(u, call);
    int rc = save(c);
    if (rc < 0 && fresh) { // what is not on disk is not shown either
        uint32_t i = (uint32_t)(u - c->at);
        memmove(u, u + 1, (c->n - i - 1) * sizeof *u);
        c->n--;
    } else if (rc < 0) {
        *u = before;
    }
    return rc;
}

int calls_promise(struct bytes text, int64_t now, int64_t *ret)
{
    uint64_t minutes;
    if (text.n == 0 || text.n > 8)
        return -EINVAL;
    if (text.at[0] == '+') {
        if (figure_read(bytes_of(text.at + 1, text.n - 1), &minutes) != FIGURE_GOOD ||
            minutes == 0 || minutes > PROMISE_MAX_MS / 2 / 60000)
            return -EINVAL;
        *ret = now + (int64_t)minutes * 60000;
        return 0;
    }
    if (moment_read(text, now, ret) != MOMENT_CLOCK)
        return -EINVAL;
    *ret += *ret <= now ? 24 * 3600 * 1000 : 0; // counts go on across midnight
    return *ret - now <= PROMISE_MAX_MS / 2 ? 0 : -EINVAL;
}

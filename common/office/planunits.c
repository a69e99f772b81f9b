// planunits.c - the rows of units.csv, and what is wrong with each.
#include "plantable.h"
#include <string.h>

enum {
    UNIT_CODE,
    UNIT_PARENT,
    UNIT_LEVEL,
    UNIT_NAME,
    UNIT_GROUP,
    UNIT_FORMER,
    UNIT_MOVED,
    UNIT_PLACE,
    UNIT_OPENS,
    UNIT_CLOSES,
    UNIT_SUCCESSOR,
    UNIT_CUTOFFS
};
static const char *const unit_columns[] = {"code",   "parent_code",   "level",    "name",  "",
                                           "group",  "former_parent", "moved_in", "place", "opens",
                                           "closes", "successor_of",  "cutoffs",  NULL};

static void read_level(const struct table *t, struct plan_unit *u)
{
    struct draft *d = t->d;
    struct bytes b = table_field(t, UNIT_LEVEL);
    uint32_t n = 0;
    if (d->n_levels == 0)
        return;
    if (draft_number(b, d->n_levels, &n) && n > 0) {
        u->level = n - 1;
        return;
    }
    for (unsigned i = 0; i < d->n_levels; i++)
        if (b.n > 0 && bytes_same(b, d->levels[i].name)) {
            u->level = i;
            return;
        }
    FAULT(t, "level \"%.*s\" is neither a number from 1 to %u nor a level's name in %s", SAY(b),
          d->n_levels, FILE_ELECTION);
}

static void read_place(const struct table *t, struct plan_unit *u)
{
    struct bytes b = table_field(t, UNIT_PLACE);
    u->place = b.n == 0 ? u->level + 1 == t->d->n_levels : bytes_same(b, bytes_text("yes"));
    if (b.n > 0 && !u->place && !bytes_same(b, bytes_text("no")))
        FAULT(t, "place \"%.*s\": write yes, no, or nothing (then it is the last level)", SAY(b));
}

static void read_hour(const struct table *t, unsigned column, const char *name, int64_t *ret)
{
    struct bytes b = table_field(t, column);
    *ret = 0;
    if (b.n == 0 || draft_time(b, t->d->day, ret))
        return;
    *ret = 0;
    if (t->d->day < 0 && draft_time(b, 0, ret))
        FAULT(t, "%s \"%.*s\" has no date: state plan/day in %s", name, SAY(b), FILE_ELECTION);
    else
        FAULT(t, "%s \"%.*s\" is no time: write HH:MM or yyyy-mm-dd HH:MM", name, SAY(b));
    *ret = 0;
}

static void read_move(const struct table *t, struct plan_unit *u)
{
    struct bytes b = table_field(t, UNIT_MOVED);
    table_text(t, UNIT_FORMER, "former_parent", -CODE_MAX, &u->former);
    if (b.n > 0 && (!draft_number(b, t->d->version, &u->moved_in) || u->moved_in == 0)) {
        FAULT(t, "moved_in \"%.*s\" is not the number of a version up to this one, %u", SAY(b),
              t->d->version);
        return;
    }
    if ((b.n > 0) != (u->former.n > 0))
        FAULT(
            t,
            "former_parent and moved_in go together: whose it was, and the version that moved it");
}

// "2=08:30" or "2=none": the number and the time, of the day on which the place votes.
static bool take_due(const struct draft *d, struct bytes item, int64_t day, struct plan_due *ret)
{
    const uint8_t *equals = item.n ? memchr(item.at, '=', item.n) : NULL;
    uint32_t n = 0;
    if (!equals || !draft_number(bytes_of(item.at, (size_t)(equals - item.at)), d->n_cutoffs, &n) ||
        n == 0)
        return false;
    struct bytes time = bytes_of(equals + 1, (size_t)(item.at + item.n - equals - 1));
    *ret = (struct plan_due){.cutoff = (uint8_t)n};
    return bytes_same(time, bytes_text("none")) || draft_time(time, day, &ret->at);
}

// "1=08:30;2=none": cut-offs that have a time of their own here, or are not due at all.
static void read_dues(const struct table *t, struct plan_unit *u)
{
    struct draft *d = t->d;
    struct bytes b = table_field(t, UNIT_CUTOFFS);
    int64_t day = u->opens == 0 ? d->day : u->opens - (u->opens + 7 * 3600000) % (24 * 3600000);
    unsigned before = 0;
    u->first_due = d->n_dues;
    if (d->n_levels == 0)
        return; // what the cut-offs are is not known
    for (size_t i = 0; i < b.n;) {
        size_t end = i;
        struct plan_due due;
        while (end < b.n && b.at[end] != ';' && b.at[end] != ' ')
            end++;
        struct bytes item = bytes_of(b.at + i, end - i);
        i = end + 1;
        if (item.n == 0)
            continue;
        if (day < 0 && take_due(d, item, 0, &due) && due.at > 0) {
            FAULT(t, "cutoffs \"%.*s\" has no date: state plan/day in %s", SAY(b), FILE_ELECTION);
            return;
        }
        if (!take_due(d, item, day, &due) || due.cutoff <= before) {
            FAULT(t,
                  "cutoffs \"%.*s\": write number=HH:MM or number=none, ascending, with ; between, "
                  "as in 1=08:30;3=none",
                  SAY(b));
            return;
        }
        before = due.cutoff;
        d->dues = draft_room(d->dues, d->n_dues, sizeof d->dues[0]);
        d->dues[d->n_dues++] = due;
        u->n_dues++;
    }
    if (u->n_dues > 0 && !u->place)
        FAULT(t, "cut-offs of its own are for places, where people vote");
}

// "0108, 0109": codes with commas or blanks between them. Units of those codes are mostly gone.
static void read_successor(const struct table *t, struct plan_unit *u)
{
    if (!table_text(t, UNIT_SUCCESSOR, "successor_of", -PLAN_NAME_MAX, &u->successor_of))
        return;
    struct bytes b = u->successor_of;
    for (size_t i = 0, run = 0; i < b.n; i++) {
        run = b.at[i] == ',' || b.at[i] == ' ' ? 0 : run + 1;
        if (run <= CODE_MAX)
            continue;
        FAULT(t,
              "successor_of: write codes of units with commas between them, each at most %d bytes",
              CODE_MAX);
        return;
    }
}

static void read_unit(const struct table *t)
{
    struct draft *d = t->d;
    struct draft_unit u = {.line = csv_line(t->csv),
                           .parent = PLAN_NONE,
                           .child = PLAN_NONE,
                           .next = PLAN_NONE,
                           .at = PLAN_NONE};
    if (!table_text(t, UNIT_CODE, "code", CODE_MAX, &u.row.code))
        return;
    table_text(t, UNIT_NAME, "name", PLAN_NAME_MAX, &u.row.name);
    table_text(t, UNIT_GROUP, "group", -PLAN_NAME_MAX, &u.row.group);
    u.parent_code = draft_keep(d, table_field(t, UNIT_PARENT));
    read_level(t, &u.row);
    read_place(t, &u.row);
    read_move(t, &u.row);
    read_hour(t, UNIT_OPENS, "opens", &u.row.opens);
    read_hour(t, UNIT_CLOSES, "closes", &u.row.closes);
    if (u.row.opens > 0 && u.row.closes > 0 && u.row.closes <= u.row.opens)
        FAULT(t, "it closes before it opens");
    read_successor(t, &u.row);
    read_dues(t, &u.row);
    d->unit_codes.at = draft_room(d->unit_codes.at, d->n_units, sizeof d->unit_codes.at[0]);
    d->unit_codes.at[d->n_units] = (struct draft_code){u.row.code, d->n_units};
    d->units = draft_room(d->units, d->n_units, sizeof d->units[0]);
    d->units[d->n_units++] = u;
}

static void find_parents(const struct table *t)
{
    struct draft *d = t->d;
    for (uint32_t i = 0; i < d->n_units; i++) {
        struct draft_unit *u = &d->units[i];
        if (u->parent_code.n == 0)
            continue;
        u->parent = draft_codes_find(&d->unit_codes, u->parent_code);
        const struct draft_unit *p = u->parent == PLAN_NONE ? NULL : &d->units[u->parent];
        if (!p)
            table_unknown(t, u->line, "unit", u->parent_code);
        else if (u->parent != i && d->n_levels > 0 && u->row.level <= p->row.level)
            faults_add(d->faults, t->file, u->line,
                       "the level of unit %.*s is not below that of its parent %.*s",
                       SAY(u->row.code), SAY(p->row.code));
        else if (p->row.place)
            faults_add(d->faults, t->file, u->line,
                       "its parent %.*s is a place, where people vote: nothing can be below it",
                       SAY(p->row.code));
    }
}

void draft_units(struct draft *d)
{
    struct table t;
    if (!table_open(&t, d, FILE_UNITS, unit_columns))
        return;
    while (csv_next(t.csv) && d->n_units < PLAN_UNITS_MAX)
        read_unit(&t);
    if (d->n_units == PLAN_UNITS_MAX && csv_next(t.csv))
        FAULT(&t, "more than %d units", PLAN_UNITS_MAX);
    if (d->n_units == 0)
        faults_add(d->faults, FILE_UNITS, 0, "no unit: the first row is the top of the tree");
    d->unit_codes.n = d->n_units;
    draft_codes_sort(&d->unit_codes);
    for (uint32_t i = 1; i < d->n_units; i++) {
        const struct draft_code *one = &d->unit_codes.at[i - 1], *two = one + 1;
        if (!bytes_same(one->code, two->code))
            continue;
        d->units[two->row].again = true;
        faults_add(d->faults, t.file, d->units[two->row].line,
                   "unit %.*s stands here a second time; see line %u", SAY(two->code),
                   d->units[one->row].line);
    }
    find_parents(&t);
    table_close(&t);
}

// planholidays.c - the rows of holidays.csv: days off, and weekends that are worked instead.
//
// As the yearly notice says it: each day from `date` to `until`, weekends within and days that make up for a
// holiday on a Sunday included. Nothing is made up here by itself: which day it is, is the notice's to say.
#include "plantable.h"
#include "planrepair.h"
#include "common/election/workdays.h"
#include <stdlib.h>
#include <string.h>

enum { DAY_DATE, DAY_NAME, DAY_UNTIL, DAY_WORKS, DAY_ROWS_MAX = 400 };
static const char *const day_columns[] = {"date", "name", "", "until", "works", NULL};

struct off { // a row
    struct plan_day day;
    int32_t until;
    unsigned line;
};

static bool take_date(const struct table *t, unsigned column, const char *name, int32_t *ret)
{
    struct bytes b = table_field(t, column);
    struct moment m;
    char copy[32] = "";
    if (b.n < sizeof copy && !memchr(b.n ? b.at : (const uint8_t *)"", 0, b.n))
        memcpy(copy, b.n ? b.at : (const uint8_t *)"", b.n);
    enum reading r = repair_moment(copy, &m);
    *ret = r == READ_PLAIN || r == READ_NOTED ? workdays_date(m.year, m.month, m.day) : -1;
    if (*ret >= 0 && *ret <= PLAN_DAY_LAST && m.minute < 0)
        return true;
    FAULT(t, "%s \"%.*s\" is no date: write yyyy-mm-dd or dd/mm/yyyy", name, SAY(b));
    return false;
}

static bool take_row(const struct table *t, struct off *ret)
{
    struct bytes works = table_field(t, DAY_WORKS);
    *ret =
        (struct off){.line = csv_line(t->csv), .day.works = bytes_same(works, bytes_text("yes"))};
    if (!take_date(t, DAY_DATE, "date", &ret->day.day) ||
        !table_text(t, DAY_NAME, "name", PLAN_NAME_MAX, &ret->day.name))
        return false;
    ret->until = ret->day.day;
    if (table_field(t, DAY_UNTIL).n > 0 && !take_date(t, DAY_UNTIL, "until", &ret->until))
        return false;
    if (works.n > 0 && !ret->day.works && !bytes_same(works, bytes_text("no")))
        FAULT(t, "works \"%.*s\": write yes for a weekend that is worked instead, else nothing",
              SAY(works));
    else if (ret->until < ret->day.day)
        FAULT(t, "until is before date");
    else if (ret->until - ret->day.day >= PLAN_DAYS_MAX)
        FAULT(t, "more than %d days off", PLAN_DAYS_MAX);
    else
        return true;
    return false;
}

static void add_days(struct draft *d, const struct table *t, const struct off *row)
{
    for (int32_t day = row->day.day; day <= row->until; day++) {
        struct plan_day one = row->day;
        one.day = day;
        if (one.works && !workdays_weekend(day)) {
            FAULT(t, "a day that works is a Saturday or Sunday: others are worked anyway");
            return;
        }
        if (d->n_days == PLAN_DAYS_MAX) {
            FAULT(t, "more than %d days", PLAN_DAYS_MAX);
            return;
        }
        unsigned at = d->n_days;
        while (at > 0 && d->days[at - 1].day >= day)
            at--;
        if (at < d->n_days && d->days[at].day == day) {
            FAULT(t, "a day of this row stands on an earlier row too");
            return;
        }
        memmove(d->days + at + 1, d->days + at, (d->n_days - at) * sizeof d->days[0]);
        d->days[at] = one;
        d->n_days++;
    }
}

void draft_holidays(struct draft *d)
{
    struct table t;
    struct off row;
    unsigned rows = 0;
    if (!table_open_if(&t, d, FILE_HOLIDAYS, day_columns))
        return;
    while (csv_next(t.csv) && rows++ < DAY_ROWS_MAX)
        if (take_row(&t, &row))
            add_days(d, &t, &row);
    if (rows > DAY_ROWS_MAX)
        FAULT(&t, "more than %d rows", DAY_ROWS_MAX);
    table_close(&t);
}

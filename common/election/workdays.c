// workdays.c - days of offices in Vietnam: which are worked, and when so many of them are over.
#include "workdays.h"

enum { DAY_MS = 24 * 3600 * 1000, VIETNAM_MS = 7 * 3600 * 1000 };
enum { CYCLE = 146097, TO_MARCH = 719468 }; // days of 400 years; from 1 March of the year 0 to 1970

int32_t workdays_day(int64_t at)
{
    return (int32_t)((at + VIETNAM_MS) / DAY_MS);
}

int64_t workdays_start(int32_t day)
{
    return (int64_t)day * DAY_MS - VIETNAM_MS;
}

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int last_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && leap(year));
}

// H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the day that is not
// always there is their last.
int32_t workdays_date(int year, int month, int day)
{
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > last_of(year, month))
        return -1;
    int y = year - (month <= 2), of_cycle = y % 400, of_march = (month + 9) % 12;
    int of_year = (153 * of_march + 2) / 5 + day - 1;
    return y / 400 * CYCLE + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - TO_MARCH;
}

void workdays_civil(int32_t day, int *year, int *month, int *ret_day)
{
    int z = day + TO_MARCH, of_cycle = z % CYCLE;
    int y = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
    int of_year = of_cycle - (365 * y + y / 4 - y / 100), of_march = (5 * of_year + 2) / 153;
    *ret_day = of_year - (153 * of_march + 2) / 5 + 1;
    *month = of_march < 10 ? of_march + 3 : of_march - 9;
    *year = z / CYCLE * 400 + y + (*month <= 2);
}

bool workdays_weekend(int32_t day)
{
    int weekday = (day + 4) % 7; // 1 January 1970 was a Thursday; 0 is Sunday
    return weekday == 0 || weekday == 6;
}

const struct plan_day *workdays_named(const struct plan *p, int32_t day)
{
    unsigned from = 0, to = p->n_days;
    while (from < to) {
        unsigned at = from + (to - from) / 2;
        if (p->days[at].day == day)
            return &p->days[at];
        if (p->days[at].day < day)
            from = at + 1;
        else
            to = at;
    }
    return NULL;
}

bool workdays_is(const struct plan *p, int32_t day)
{
    const struct plan_day *named = workdays_named(p, day);
    return named ? named->works : !workdays_weekend(day);
}

// A plan may call at most PLAN_DAYS_MAX days off, and weekends are two of seven: the end is never far.
int32_t workdays_after(const struct plan *p, int32_t from, unsigned n)
{
    int32_t day = from;
    for (unsigned left = n < WORKDAYS_MAX ? n : WORKDAYS_MAX; left > 0;)
        left -= workdays_is(p, ++day);
    return day;
}

int workdays_between(const struct plan *p, int32_t from, int32_t to)
{
    int32_t low = from < to ? from : to, high = from < to ? to : from;
    int n = 0;
    for (int32_t day = low + 1; day <= high && day - low <= WORKDAYS_MAX; day++)
        n += workdays_is(p, day);
    return from < to ? n : -n;
}

int32_t workdays_months(int32_t from, unsigned months)
{
    int year, month, day;
    workdays_civil(from, &year, &month, &day);
    month += (int)(months % 12);
    year += (int)(months / 12) + (month > 12);
    month = month > 12 ? month - 12 : month;
    int last = last_of(year, month);
    return workdays_date(year, month, day < last ? day : last);
}

// mergehours.c - when a village opens and closes, from the cells of its row.
#include "mergeinside.h"
#include <string.h>

static bool of_the_day(const struct merge *m, const struct moment *t)
{
    return t->day < 0 ||
           (t->day == m->day && t->month == m->month && (t->year < 0 || t->year == m->year));
}

// As units.csv has it: the hour, with its day where that is not the day of the election.
static const char *written(struct merge *m, const struct moment *t)
{
    int hour = t->minute / 60, minute = t->minute % 60;
    if (of_the_day(m, t) || (t->year < 0 && m->year < 0))
        return merge_print(m, "%02d:%02d", hour, minute);
    return merge_print(m, "%04d-%02d-%02d %02d:%02d", t->year < 0 ? m->year : t->year, t->month,
                       t->day, hour, minute);
}

// A day that a spreadsheet took for that of America: 1/2 is 2 January there.
static bool turned(const struct merge *m, struct moment *t)
{
    if (t->day < 0 || of_the_day(m, t) || t->day != m->month || t->month != m->day ||
        (t->year >= 0 && t->year != m->year))
        return false;
    t->day = m->day;
    t->month = m->month;
    return true;
}

// Whether the cell is written as the programs write hours themselves.
static bool plainly(const char *cell, const char *value)
{
    const char *hour = strlen(value) > 5 ? value + strlen(value) - 5 : value;
    return strcmp(cell, value) == 0 || strcmp(cell, hour) == 0 ||
           (hour[0] == '0' && strcmp(cell, hour + 1) == 0);
}

static enum reading read_cell(struct sheet *s, const char *cell, const struct moment *day,
                              struct moment *ret)
{
    enum reading r = repair_hour(cell, ret);
    if (r == READ_EMPTY || r == READ_WRONG)
        return r;
    if (ret->minute < 0)
        return READ_WRONG;
    if (ret->day < 0 && day->day >= 0) {
        ret->day = day->day;
        ret->month = day->month;
        ret->year = day->year;
    }
    return turned(s->m, ret) ? READ_PROPOSED : r;
}

static const char *tell(struct sheet *s, const char *cell, enum reading r, const struct moment *t)
{
    if (r == READ_EMPTY)
        return "";
    if (r == READ_WRONG) {
        sheet_say(s, SAYS_HOUR_WRONG, cell, NULL);
        return "";
    }
    const char *value = written(s->m, t);
    if (r == READ_PROPOSED)
        sheet_say(s, SAYS_HOUR_PROPOSED, cell, value);
    else if (!plainly(cell, value))
        sheet_say(s, SAYS_HOUR, cell, value);
    return value;
}

// "7h00 - 17h00" in one cell, as two.
static bool split(struct sheet *s, const char *cell, const char **ret_opens,
                  const char **ret_closes)
{
    static const char *const between[] = {"đến", " – ", "–", " - ", "-", NULL};
    static const char *const before[] = {"từ ", "Từ ", NULL};
    struct moment one, two;
    for (size_t i = 0; before[i]; i++)
        if (strncmp(cell, before[i], strlen(before[i])) == 0)
            cell += strlen(before[i]);
    for (size_t i = 0; between[i]; i++) {
        const char *at = strstr(cell, between[i]);
        if (!at)
            continue;
        const char *opens = merge_print(s->m, "%.*s", (int)(at - cell), cell);
        const char *closes = at + strlen(between[i]);
        size_t n = strlen(opens);
        while (n > 0 && opens[n - 1] == ' ')
            n--;
        opens = merge_print(s->m, "%.*s", (int)n, opens);
        while (*closes == ' ')
            closes++;
        if (repair_moment(opens, &one) == READ_WRONG || repair_moment(closes, &two) == READ_WRONG ||
            one.minute < 0 || two.minute < 0)
            continue;
        *ret_opens = opens;
        *ret_closes = merge_keep(s->m, closes);
        return true;
    }
    return false;
}

static struct moment read_day(struct sheet *s, const char *cell)
{
    struct moment day;
    enum reading r = repair_moment(cell, &day);
    bool back = turned(s->m, &day);
    if (r == READ_WRONG || (r != READ_EMPTY && day.day < 0)) {
        sheet_say(s, SAYS_HOUR_WRONG, cell, NULL);
        day.day = -1;
    } else if (r == READ_PROPOSED || back) {
        sheet_say(s, SAYS_HOUR_PROPOSED, cell,
                  merge_print(s->m, "%02d/%02d/%04d", day.day, day.month,
                              day.year < 0 ? s->m->year : day.year));
    }
    return day;
}

void sheet_hours(struct sheet *s, unsigned row, struct village *v)
{
    const char *day_cell = sheet_word(s, row, COLUMN_DAY);
    const char *opens = sheet_word(s, row, COLUMN_OPENS);
    const char *closes = sheet_word(s, row, COLUMN_CLOSES);
    struct moment day = read_day(s, day_cell), from, to;
    if (!closes[0])
        split(s, opens, &opens, &closes);
    enum reading r_from = read_cell(s, opens, &day, &from), r_to = read_cell(s, closes, &day, &to);
    if (r_from != READ_WRONG && r_from != READ_EMPTY && to.day < 0 && from.day >= 0) {
        to.day = from.day;
        to.month = from.month;
        to.year = from.year;
    }
    v->opens = tell(s, opens, r_from, &from);
    v->closes = tell(s, closes, r_to, &to);
    if (v->opens[0] && v->closes[0] && from.day == to.day && from.month == to.month &&
        to.minute <= from.minute) {
        sheet_say(s, SAYS_HOURS_TURNED, v->opens, v->closes);
        v->opens = v->closes = "";
    }
    if (day.day >= 0 && !of_the_day(s->m, &day) && !v->opens[0] && !v->closes[0])
        sheet_say(s, SAYS_DAY_ALONE, day_cell, NULL);
}

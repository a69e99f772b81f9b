// planmoment.c - dates and hours as offices and spreadsheets write them.
#include "planrepair.h"
#include "common/base/vntext.h"
#include <stdlib.h>
#include <string.h>

enum { MINUTES = 24 * 60 };
static const double serial_min = 10000, serial_max = 80000; // days of 1927 to 2119

// Days since 30 December 1899, as spreadsheets count from March 1900 on, as a date (H. Hinnant).
static void from_serial(long serial, struct moment *m)
{
    long z = serial - 25569 + 719468; // from 1970, then from 1 March of the year 0
    long era = z / 146097, doe = z - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    m->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    m->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    m->year = (int)(yoe + era * 400 + (m->month <= 2));
}

static bool is_date(const struct moment *m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = m->year % 4 == 0 && (m->year % 100 != 0 || m->year % 400 == 0);
    if (m->month < 1 || m->month > 12 || m->day < 1)
        return false;
    return m->day <= days[m->month - 1] + (m->month == 2 && (leap || m->year < 0));
}

// A lone number as the spreadsheet keeps it: a part of a day, a day, or both.
static bool from_number(const char *cell, struct moment *m)
{
    char *end;
    double v = strtod(cell, &end);
    if (end == cell || *end || !(v >= 0) || (v >= 1 && (v < serial_min || v > serial_max)))
        return false;
    long whole = (long)v, minute = (long)((v - (double)whole) * MINUTES + 0.5);
    bool hour = v < 1 || v > (double)whole;
    if (minute == MINUTES) {
        minute = 0;
        whole++;
    }
    if (whole > 0)
        from_serial(whole, m);
    if (hour)
        m->minute = (int)minute;
    return true;
}

// "7:30", "7h30", "7 giờ 30", "7g", with seconds or not; what is left stands at *at.
static bool take_clock(const char **at, struct moment *m)
{
    static const char *const signs[] = {":", "giờ", "gio", "h", "H", "g", "G", NULL};
    char *end;
    unsigned long hour = strtoul(*at, &end, 10), minute = 0;
    size_t sign = 0;
    if (end == *at)
        return false;
    while (*end == ' ')
        end++;
    for (size_t i = 0; signs[i] && sign == 0; i++)
        if (strncmp(end, signs[i], strlen(signs[i])) == 0)
            sign = strlen(signs[i]);
    if (sign == 0)
        return false;
    end += sign;
    while (*end == ' ')
        end++;
    if (*end >= '0' && *end <= '9')
        minute = strtoul(end, &end, 10);
    if (*end == ':')
        strtoul(end + 1, &end, 10);
    if (hour > 23 || minute > 59)
        return false;
    m->minute = (int)(hour * 60 + minute);
    *at = end;
    return true;
}

// "phút", "AM", "chiều" behind an hour.
static bool take_half(const char *text, struct moment *m)
{
    char *key = vn_key(bytes_text(text), VN_BARE);
    const char *rest = vn_holds(key, "phut") ? key + strlen("phut") : key;
    while (*rest == ' ')
        rest++;
    bool late = strcmp(rest, "pm") == 0 || strcmp(rest, "ch") == 0 || strcmp(rest, "chieu") == 0 ||
                strcmp(rest, "toi") == 0;
    bool early = strcmp(rest, "am") == 0 || strcmp(rest, "sa") == 0 || strcmp(rest, "sang") == 0;
    bool ok = late || early || *rest == 0;
    if (late && m->minute < 12 * 60)
        m->minute += 12 * 60;
    if (strcmp(rest, "am") == 0 && m->minute >= 12 * 60)
        m->minute -= 12 * 60;
    free(key);
    return ok;
}

// Three numbers with one sign between them, or two; "ngày 18 tháng 1 năm 2026" too.
static enum reading take_date(const char **at, struct moment *m)
{
    static const char *const words[] = {"ngày ", "Ngày ", " tháng ", " năm ", NULL};
    long parts[3] = {-1, -1, -1};
    size_t width = 0;
    unsigned n = 0;
    const char *from = *at;
    for (; n < 3; n++) {
        char *end;
        for (size_t i = 0; words[i]; i++)
            if (strncmp(from, words[i], strlen(words[i])) == 0)
                from += strlen(words[i]);
        if (*from < '0' || *from > '9')
            break;
        parts[n] = strtol(from, &end, 10);
        width = n == 0 ? (size_t)(end - from) : width;
        from = end;
        if (n < 2 && *from && strchr("/-.", *from))
            from++;
        else if (strncmp(from, " tháng ", 8) != 0 && strncmp(from, " năm ", 6) != 0) {
            n++;
            break;
        }
    }
    if (n < 2)
        return READ_WRONG;
    bool iso = width == 4;
    *m = (struct moment){.year = (int)(iso ? parts[0] : parts[2]),
                         .month = (int)parts[1],
                         .day = (int)(iso ? parts[2] : parts[0]),
                         .minute = m->minute};
    if (m->year >= 0 && m->year < 100)
        m->year += 2000;
    *at = from;
    if (is_date(m))
        return iso ? READ_PLAIN : n == 3 ? READ_PLAIN : READ_NOTED;
    int day = m->day;
    m->day = m->month;
    m->month = day;
    return !iso && is_date(m) ? READ_PROPOSED : READ_WRONG; // month and day, as in America
}

enum reading repair_moment(const char *cell, struct moment *ret)
{
    static const struct moment none = {-1, -1, -1, -1};
    const char *at = cell;
    struct moment m = none;
    enum reading r = READ_PLAIN;
    *ret = none;
    if (!cell[0] || strcmp(cell, "-") == 0)
        return READ_EMPTY;
    if (from_number(cell, &m)) {
        *ret = m;
        return READ_NOTED;
    }
    m = none;
    bool clock_first = take_clock(&at, &m);
    while (*at && strchr(" ,T", *at))
        at++;
    if (clock_first && take_half(at, &m)) {
        *ret = m;
        return READ_PLAIN;
    }
    r = take_date(&at, &m);
    while (*at && strchr(" ,T", *at))
        at++;
    if (r == READ_WRONG || (*at && (clock_first || !take_clock(&at, &m) || !take_half(at, &m))))
        return READ_WRONG;
    if (m.year == 1899 || m.year == 1900) // an hour that a spreadsheet showed as a date
        m.year = m.month = m.day = -1;
    *ret = m;
    return r;
}

enum reading repair_hour(const char *cell, struct moment *ret)
{
    char *end;
    unsigned long hour = strtoul(cell, &end, 10), minute = 0;
    bool dotted = *end == '.' && strlen(end) == 3 && strspn(end + 1, "0123456789") == 2;
    if (dotted)
        minute = strtoul(end + 1, NULL, 10);
    if (end == cell || (*end && !dotted) || hour < 1 || hour > 23 || minute > 59)
        return repair_moment(cell, ret);
    *ret = (struct moment){-1, -1, -1, (int)(hour * 60 + minute)};
    return READ_PROPOSED;
}

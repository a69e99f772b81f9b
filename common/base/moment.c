// moment.c - a time as people write it, by Vietnam's clock: one rule for forms, commands and pages.
#include "common/base/moment.h"
#include "common/base/figure.h"
#include <errno.h>
#include <string.h>
#include <time.h>

#define LAST_MS 253402275599999u // the end of 9999: what follows has no four digits of a year
enum { ZONE_S = 7 * 3600, DAY_MS = 24 * 3600 * 1000, AHEAD_MS = DAY_MS / 2 };

struct number {
    unsigned value, digits;
};

static struct number take_number(const char **at)
{
    struct number n = {0};
    for (; **at >= '0' && **at <= '9' && n.digits < 5; ++*at, n.digits++)
        n.value = n.value * 10 + (unsigned)(**at - '0');
    return n;
}

static bool set_clock(struct tm *tm, unsigned hour, unsigned minute)
{
    tm->tm_hour = (int)hour;
    tm->tm_min = (int)minute;
    return hour < 24 && minute < 60;
}

// One word, which ends at a NUL: its kind, or 0.
static int take_word(const char *at, struct tm *tm)
{
    struct number a = take_number(&at);
    if (*at == 0 && (a.digits == 3 || a.digits == 4))
        return set_clock(tm, a.value / 100, a.value % 100) ? MOMENT_CLOCK : 0;
    if (a.digits < 1 || a.digits > 2 || !*at)
        return 0;
    char sign = *at++;
    struct number b = take_number(&at);
    bool hour = strchr("hHgG", sign) != NULL;
    if (*at == 0 && (hour || sign == ':' || sign == '.'))
        return (b.digits == 2 || (hour && b.digits == 0)) && set_clock(tm, a.value, b.value)
                   ? MOMENT_CLOCK
                   : 0;
    if (!strchr("/-.", sign) || b.digits < 1 || b.digits > 2)
        return 0;
    tm->tm_mday = (int)a.value;
    tm->tm_mon = (int)b.value - 1;
    if (*at == 0)
        return sign == '/' ? MOMENT_DAY : 0;
    if (*at++ != sign)
        return 0;
    struct number c = take_number(&at);
    tm->tm_year = (int)c.value - 1900;
    return *at == 0 && c.digits == 4 ? MOMENT_DAY : 0;
}

// The words into one buffer, each ended by NUL; how many. Blanks of any kind are between them.
static unsigned split(struct bytes text, char to[MOMENT_TEXT_MAX], const char *words[2])
{
    unsigned n = 0;
    bool within = false;
    size_t k = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool wide = i + 1 < text.n && memcmp(text.at + i, "\xc2\xa0", 2) == 0;
        if (wide || text.at[i] == ' ') {
            i += wide;
            if (within)
                to[k++] = 0;
            within = false;
            continue;
        }
        if (!within && n == 2)
            return 3;
        if (!within)
            words[n++] = to + k;
        within = true;
        to[k++] = text.at[i] ? (char)text.at[i] : '?';
    }
    to[k] = 0;
    return n;
}

int moment_read(struct bytes text, int64_t now, int64_t *ret)
{
    char room[MOMENT_TEXT_MAX + 2];
    const char *words[2];
    uint64_t ms;
    struct tm tm;
    time_t today = (time_t)(now / 1000) + ZONE_S;
    if (text.n == 0 || text.n >= MOMENT_TEXT_MAX || !gmtime_r(&today, &tm))
        return -EINVAL;
    unsigned n = split(text, room, words);
    if (n == 1 && figure_read(text, &ms) == FIGURE_GOOD && (ms == 0 || ms > 9999)) {
        if (ms > LAST_MS)
            return -EINVAL;
        *ret = (int64_t)ms;
        return MOMENT_CLOCK | MOMENT_DAY;
    }
    if (n < 1 || n > 2)
        return -EINVAL;
    int stated = 0;
    tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
    for (unsigned i = 0; i < n; i++) {
        int kind = take_word(words[i], &tm);
        if (kind == 0 || (stated & kind))
            return -EINVAL;
        stated |= kind;
    }
    int day = tm.tm_mday, month = tm.tm_mon;
    time_t s = timegm(&tm);
    if (tm.tm_mday != day || tm.tm_mon != month || s < ZONE_S) // the 30th of February is no day
        return -EINVAL;
    *ret = (int64_t)(s - ZONE_S) * 1000;
    return stated;
}

int64_t moment_past(int64_t at, int stated, int64_t now)
{
    return stated == MOMENT_CLOCK && at > now + AHEAD_MS ? at - DAY_MS : at;
}

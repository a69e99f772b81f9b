// figure.c - the one number rule: what a person wrote as a figure is read, or refused with a sentence.
#include "common/base/figure.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SEEN_MAX = 60 }; // bytes of what was written that a sentence repeats

static bool digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

// Bytes of the blank that text begins with; 0: none.
static size_t blank(struct bytes b)
{
    if (b.n >= 1 && (b.at[0] == ' ' || b.at[0] == '\t'))
        return 1;
    if (b.n >= 2 && memcmp(b.at, "\xc2\xa0", 2) == 0)
        return 2;
    return b.n >= 3 && memcmp(b.at, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

static struct bytes trimmed(struct bytes b)
{
    for (size_t n; (n = blank(b)) > 0;)
        b = bytes_of(b.at + n, b.n - n);
    for (size_t before = b.n + 1; b.n < before;) {
        before = b.n;
        for (size_t n = 1; n <= 3 && n <= b.n; n++)
            if (blank(bytes_of(b.at + b.n - n, n)) == n) {
                b.n -= n;
                break;
            }
    }
    return b;
}

// What keeps it from being a figure, by the first thing that a person would point at.
static enum figure_fault judge(struct bytes b)
{
    bool letters = false, comma = false, other = false, any = false;
    if (b.n == 0)
        return FIGURE_EMPTY;
    if (memchr(b.at, '%', b.n))
        return FIGURE_PERCENT;
    for (size_t i = 0; i < b.n; i++) {
        uint8_t c = b.at[i];
        size_t n = blank(bytes_of(b.at + i, b.n - i));
        any |= digit(c);
        letters |= (c | 32) >= 'a' && (c | 32) <= 'z';
        comma |= c == ',';
        other |= n == 0 && c != ',' && c != '.' && !digit(c);
        i += n > 1 ? n - 1 : 0;
    }
    if (any && letters)
        return FIGURE_LETTERS;
    if (any && (b.at[0] == '-' || b.at[0] == '+' || b.at[0] == '('))
        return FIGURE_SIGN;
    if (!any || other)
        return FIGURE_OTHER;
    return comma ? FIGURE_COMMA : FIGURE_GROUPS;
}

static bool take(uint64_t *v, uint8_t c)
{
    *v = *v * 10 + (uint64_t)(c - '0');
    return *v <= FIGURE_MAX;
}

enum figure_fault figure_read(struct bytes text, uint64_t *ret)
{
    struct bytes b = trimmed(text);
    size_t run = 0; // digits since the last sign between groups
    uint64_t v = 0;
    int sign = 0; // '.' or ' ', once there is one
    for (size_t i = 0, n; i < b.n; i += n) {
        n = 1;
        if (digit(b.at[i])) {
            if (!take(&v, b.at[i]))
                return FIGURE_BIG;
            run++;
            continue;
        }
        size_t wide = blank(bytes_of(b.at + i, b.n - i));
        int found = b.at[i] == '.' ? '.' : wide > 0 && b.at[i] != '\t' ? ' ' : 0;
        n = wide > 0 ? wide : 1;
        bool first = sign == 0 && run > 0 && run <= 3 && b.at[0] != '0';
        if (found == 0 || !(first || (sign == found && run == 3)))
            return judge(b);
        sign = found;
        run = 0;
    }
    if (run == 0 || (sign != 0 && run != 3))
        return judge(b);
    *ret = v;
    return FIGURE_GOOD;
}

enum figure_fault figure_read_percent(struct bytes text, bool bare, uint64_t *ret)
{
    struct bytes b = trimmed(text);
    uint64_t whole = 0, part = 0;
    size_t i = 0, n_part = 0;
    bool signs = b.n > 0 && b.at[b.n - 1] == '%';
    while (b.n > 0 && b.at[b.n - 1] == '%')
        b = trimmed(bytes_of(b.at, b.n - 1));
    if (b.n == 0)
        return signs ? FIGURE_OTHER : FIGURE_EMPTY;
    for (; i < b.n && digit(b.at[i]); i++)
        if (i == 3)
            return FIGURE_BIG;
        else
            take(&whole, b.at[i]);
    bool point = i > 0 && i < b.n && (b.at[i] == ',' || b.at[i] == '.');
    for (i += point; i < b.n && point && digit(b.at[i]); i++, n_part++)
        take(&part, b.at[i]);
    if (i < b.n || i == 0 || (point && (n_part == 0 || n_part > 2)))
        return FIGURE_OTHER;
    if (!signs && !point && !bare)
        return FIGURE_OTHER;
    *ret = whole * 100 + (n_part == 1 ? part * 10 : part);
    return FIGURE_GOOD;
}

const char *figure_write(uint64_t figure, char to[FIGURE_TEXT])
{
    char plain[24];
    size_t n = (size_t)snprintf(plain, sizeof plain, "%llu", (unsigned long long)figure), k = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            to[k++] = '.';
        to[k++] = plain[i];
    }
    to[k] = 0;
    return to;
}

const char *figure_why(enum figure_fault fault, struct bytes seen, enum language language,
                       char to[FIGURE_WHY])
{
    static const char *const keys[FIGURE_FAULTS] = {
        [FIGURE_EMPTY] = "figure_empty",     [FIGURE_PERCENT] = "figure_percent",
        [FIGURE_LETTERS] = "figure_letters", [FIGURE_COMMA] = "figure_comma",
        [FIGURE_GROUPS] = "figure_groups",   [FIGURE_SIGN] = "figure_sign",
        [FIGURE_BIG] = "figure_big",         [FIGURE_OTHER] = "figure_other",
    };
    char shown[SEEN_MAX + 8];
    struct bytes b = trimmed(seen);
    size_t n = b.n <= SEEN_MAX ? b.n : SEEN_MAX;
    assert(fault > FIGURE_GOOD && fault < FIGURE_FAULTS);
    while (n < b.n && n > 0 && (b.at[n] & 0xc0) == 0x80)
        n--; // no half character at the end
    snprintf(shown, sizeof shown, "%.*s%s", (int)n, n ? (const char *)b.at : "",
             n < b.n ? "…" : "");
    struct text_place place = {"seen", shown};
    text_fill(to, FIGURE_WHY, text_of(keys[fault], language), &place, 1);
    return to;
}

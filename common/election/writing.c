// writing.c - words, numbers and times of Vietnamese sentences, into the caller's bytes.
#include "writing.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

enum {
    MINUTE_MS = 60 * 1000,
    DAY_MINUTES = 24 * 60,
    VIETNAM_MINUTES = 7 * 60,
    PREFIX = 6 // "(1/3) "
};

void writing_init(struct writing *w, char *to, size_t cap)
{
    assert(cap > 0);
    *w = (struct writing){.at = to, .cap = cap};
    to[0] = 0;
}

void writing_bytes(struct writing *w, struct bytes text)
{
    if (w->full || text.n >= w->cap - w->n) {
        w->full = true;
        return;
    }
    if (text.n > 0)
        memcpy(w->at + w->n, text.at, text.n);
    w->n += text.n;
    w->at[w->n] = 0;
}

void writing_text(struct writing *w, const char *text)
{
    writing_bytes(w, bytes_text(text));
}

static uint32_t letter_at(struct bytes b, size_t i, size_t *ret_n)
{
    uint8_t first = b.at[i];
    *ret_n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (*ret_n > b.n - i)
        *ret_n = b.n - i;
    uint32_t letter = *ret_n == 1 ? first : first & (0xffu >> (*ret_n + 1));
    for (size_t k = 1; k < *ret_n; k++)
        letter = letter << 6 | (b.at[i + k] & 0x3f);
    return letter;
}

void writing_lower(struct writing *w, struct bytes text)
{
    static const uint8_t small_d[] = {0xc4, 0x91};
    size_t n = 0;
    uint32_t first = text.n > 0 ? letter_at(text, 0, &n) : 0;
    uint8_t small = (uint8_t)(first + 'a' - 'A');
    if (first >= 'A' && first <= 'Z')
        writing_bytes(w, bytes_of(&small, 1));
    else if (first == 0x110)
        writing_bytes(w, bytes_of(small_d, 2));
    else
        n = 0;
    writing_bytes(w, bytes_of(text.at + n, text.n - n));
}

static void number(struct writing *w, uint64_t n, bool dots)
{
    uint8_t digits[32];
    size_t at = sizeof digits;
    unsigned written = 0;
    do {
        if (dots && written > 0 && written % 3 == 0)
            digits[--at] = '.';
        digits[--at] = (uint8_t)('0' + n % 10);
        n /= 10;
        written++;
    } while (n > 0);
    writing_bytes(w, bytes_of(digits + at, sizeof digits - at));
}

void writing_digits(struct writing *w, uint64_t n)
{
    number(w, n, false);
}

void writing_count(struct writing *w, uint64_t n)
{
    number(w, n, true);
}

void writing_part(struct writing *w, uint64_t n, uint64_t of)
{
    writing_count(w, n);
    writing_text(w, "/");
    writing_count(w, of);
}

void writing_ratio(struct writing *w, uint64_t n, uint64_t of)
{
    // In parts, so that no product of two large sums is made.
    assert(of > 0);
    uint64_t whole = n / of * 10000 + (n % of * 20000 + of) / (2 * of);
    uint8_t decimals[3] = {',', (uint8_t)('0' + whole / 10 % 10), (uint8_t)('0' + whole % 10)};
    writing_count(w, whole / 100);
    writing_bytes(w, bytes_of(decimals, 3));
}

void writing_percent(struct writing *w, uint64_t n, uint64_t of)
{
    writing_ratio(w, n, of);
    writing_text(w, " %");
}

void writing_hour(struct writing *w, int64_t at)
{
    uint64_t minutes = (uint64_t)(at / MINUTE_MS + VIETNAM_MINUTES) % DAY_MINUTES;
    writing_digits(w, minutes / 60);
    writing_text(w, " giờ");
    if (minutes % 60 > 0) {
        writing_text(w, minutes % 60 < 10 ? " 0" : " ");
        writing_digits(w, minutes % 60);
    }
}

// The day of a number of days since 1970, counted in years that begin in March (the leap day ends them).
void writing_day(struct writing *w, int64_t at)
{
    uint64_t days = (uint64_t)(at / MINUTE_MS + VIETNAM_MINUTES) / DAY_MINUTES + 719468;
    uint64_t era = days / 146097, day = days % 146097;
    uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    uint64_t month = (5 * day + 2) / 153;
    writing_digits(w, day - (153 * month + 2) / 5 + 1);
    writing_text(w, "/");
    writing_digits(w, month < 10 ? month + 3 : month - 9);
    writing_text(w, "/");
    writing_digits(w, era * 400 + year + (month >= 10));
}

void names_begin(struct names *l, struct writing *w, size_t room)
{
    *l = (struct names){.w = w, .between = ", ", .room = room};
}

void names_next(struct names *l)
{
    l->before = *l->w;
    if (l->n > 0)
        writing_text(l->w, l->between);
}

void names_done(struct names *l)
{
    size_t n = l->w->n - l->before.n;
    if (l->hidden == 0 && !l->w->full && n <= l->room) {
        l->room -= n;
        l->n++;
        return;
    }
    *l->w = l->before; // also those behind it: the list ends where it first did not fit
    l->w->at[l->w->n] = 0;
    l->hidden++;
}

void names_end(struct names *l)
{
    if (l->hidden == 0)
        return;
    writing_text(l->w, l->n > 0 ? " và " : "");
    writing_count(l->w, l->hidden);
    writing_text(l->w, l->n > 0 ? " đơn vị khác" : " đơn vị");
}

// The letter below a mark; 0: it is a mark itself.
static char plain_letter(uint32_t c)
{
    static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
    static const struct {
        uint32_t from, to;
        char upper, lower;
    } rows[] = {{0x102, 0x103, 'A', 'a'},   {0x110, 0x111, 'D', 'd'},   {0x128, 0x129, 'I', 'i'},
                {0x168, 0x169, 'U', 'u'},   {0x1a0, 0x1a1, 'O', 'o'},   {0x1ea0, 0x1eb7, 'A', 'a'},
                {0x1eb8, 0x1ec7, 'E', 'e'}, {0x1ec8, 0x1ecb, 'I', 'i'}, {0x1ecc, 0x1ee3, 'O', 'o'},
                {0x1ee4, 0x1ef1, 'U', 'u'}, {0x1ef2, 0x1ef9, 'Y', 'y'}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (c >= rows[i].from && c <= rows[i].to)
            return c & 1 ? rows[i].lower : rows[i].upper;
    if (c >= 0xc0 && c <= 0xff)
        return latin[c - 0xc0];
    switch (c) {
    case 0x1af: return 'U';
    case 0x1b0: return 'u';
    case 0xa0: return ' ';
    case 0x2013:
    case 0x2014:
    case '^':
    case '~': return '-';
    case 0x2018:
    case 0x2019:
    case '`': return '\'';
    case 0x201c:
    case 0x201d: return '"';
    case '[':
    case '{': return '(';
    case ']':
    case '}': return ')';
    case '\\':
    case '|': return '/';
    default: return c >= 0x300 && c <= 0x36f ? 0 : c < 0x80 ? (char)c : '?';
    }
}

void writing_unmarked(struct writing *w, struct bytes text)
{
    for (size_t i = 0, n; i < text.n; i += n) {
        uint32_t c = letter_at(text, i, &n);
        char plain = plain_letter(c);
        if (c == 0x2192)
            writing_text(w, "->");
        else if (plain)
            writing_bytes(w, bytes_of(&plain, 1));
    }
}

// How much of what is left goes into one message: up to the last word end that fits.
static size_t piece(struct bytes left, size_t room)
{
    size_t end = room;
    if (left.n <= room)
        return left.n;
    while (end > 0 && left.at[end] != ' ')
        end--;
    return end > 0 ? end : room; // one word that is longer than a message
}

static struct bytes behind(struct bytes left, size_t n)
{
    while (n < left.n && left.at[n] == ' ')
        n++;
    return bytes_of(left.at + n, left.n - n);
}

int writing_messages(struct writing *w, struct bytes plain)
{
    unsigned count = 0;
    struct bytes left = plain;
    for (; left.n > 0; count++)
        left = behind(left, piece(left, SHORT_MAX - PREFIX));
    if (count > SHORT_MESSAGES_MAX)
        return -EMSGSIZE;
    if (plain.n <= SHORT_MAX) {
        writing_bytes(w, plain);
        return w->full ? -EMSGSIZE : 0;
    }
    left = plain;
    for (unsigned i = 1; left.n > 0; i++) {
        size_t n = piece(left, SHORT_MAX - PREFIX);
        writing_text(w, i > 1 ? "\n(" : "(");
        writing_part(w, i, count);
        writing_text(w, ") ");
        writing_bytes(w, bytes_of(left.at, n));
        left = behind(left, n);
    }
    return w->full ? -EMSGSIZE : 0;
}

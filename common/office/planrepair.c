// planrepair.c - one cell as an office writes it, read as what a plan holds.
#include "planrepair.h"
#include "common/base/figure.h"
#include "common/base/vntext.h"
#include "proto/utf8.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_ROOM = 200 };

static void key_of(const char *cell, char key[KEY_ROOM])
{
    char *whole = vn_key(bytes_text(cell), VN_BARE);
    snprintf(key, KEY_ROOM, "%s", whole);
    free(whole);
}

static bool among(const char *key, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(key, *words) == 0)
            return true;
    return false;
}

// ---- names ----

// Only blanks within were changed: those around a name are nobody's business.
static unsigned changes(const char *cell, const char *composed)
{
    unsigned what = 0;
    if (strcmp(cell, composed) != 0)
        what |= NAME_NFC;
    for (const char *at = composed; *at; at++)
        if ((at[0] == ' ' && at[1] == ' ') || at[0] == '\t' || at[0] == '\n' || at[0] == '\r' ||
            memcmp(at, "\xc2\xa0", 2) == 0 || strncmp(at, "\xe2\x80\xaf", 3) == 0)
            what |= NAME_BLANKS;
    return what;
}

static bool holds_hidden(const char *text)
{
    for (const uint8_t *at = (const uint8_t *)text; *at; at++) {
        uint32_t c = 0;
        if (at[0] >= 0xe0 && at[0] < 0xf0 && at[1] && at[2])
            c = (at[0] & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
        else if (at[0] >= 0xc2 && at[0] < 0xe0 && at[1])
            c = (at[0] & 0x1fu) << 6 | (at[1] & 0x3fu);
        if (c && vn_hidden(c))
            return true;
    }
    return false;
}

unsigned repair_name(const char *cell, bool old_bytes, char to[REPAIR_NAME_MAX])
{
    unsigned what = 0;
    enum vn_letters letters = vn_letters(bytes_text(cell));
    char *made = NULL;
    to[0] = 0;
    if (letters == VN_TCVN3) {
        char *converted = vn_from_tcvn3(bytes_text(cell));
        made = vn_tidy(bytes_text(converted));
        free(converted);
        what = NAME_TCVN3;
    } else {
        char *composed = vn_composed(bytes_text(cell));
        made = vn_tidy(bytes_text(cell));
        if (composed)
            what = changes(cell, composed) | (holds_hidden(composed) ? NAME_HIDDEN : 0);
        free(composed);
    }
    bool plain = true;
    for (const char *at = cell; *at && plain; at++)
        plain = (unsigned char)*at < 0x80;
    if (letters == VN_VNI)
        what = NAME_VNI;
    else if (!made || !utf8_ok(bytes_text(made)) || (old_bytes && !plain && !(what & NAME_TCVN3)))
        what = NAME_UNREADABLE;
    else if (strlen(made) >= REPAIR_NAME_MAX)
        what = NAME_LONG;
    else
        snprintf(to, REPAIR_NAME_MAX, "%s", made);
    free(made);
    return what;
}

// ---- numbers ----

// The parts of a number: runs of digits with one sign between each two of them.
struct digits {
    unsigned n_runs, sizes[8];
    char signs[8];  // before each run but the first: '.', ',' or ' '
    uint64_t value; // of all digits
};

// Blanks that do not break become plain ones; whether nothing but digits and signs stands there.
static bool take_digits(const char *cell, struct digits *d, const char **ret_rest)
{
    *d = (struct digits){0};
    bool in_run = false;
    char sign = 0;
    const char *at = cell;
    while (*at && d->value < 1000000000000u) {
        if (*at >= '0' && *at <= '9') {
            if (!in_run) {
                if (d->n_runs == 8)
                    return false;
                d->signs[d->n_runs++] = sign;
                in_run = true;
                sign = 0;
            }
            d->sizes[d->n_runs - 1]++;
            d->value = d->value * 10 + (uint64_t)(*at++ - '0');
            continue;
        }
        size_t n = strncmp(at, "\xc2\xa0", 2) == 0       ? 2
                   : strncmp(at, "\xe2\x80\xaf", 3) == 0 ? 3
                                                         : 1;
        char c = n > 1 ? ' ' : *at;
        bool digit_after = at[n] >= '0' && at[n] <= '9';
        if ((c != '.' && c != ',' && c != ' ') || !in_run || !digit_after)
            break;
        sign = c;
        in_run = false;
        at += n;
    }
    *ret_rest = at;
    return d->n_runs > 0;
}

static bool groups(const struct digits *d, char sign)
{
    for (unsigned i = 1; i < d->n_runs; i++)
        if (d->sizes[i] != 3 || d->signs[i] != sign)
            return false;
    return d->n_runs > 1 && d->sizes[0] <= 3;
}

// A decimal number with one run behind the point.
static bool decimal(const struct digits *d)
{
    return d->n_runs == 2 && (d->signs[1] == '.' || d->signs[1] == ',');
}

// By the number rule; what it refuses is repaired where one meaning is likely.
static enum reading read_digits(const struct digits *d, struct bytes digits, uint32_t *ret)
{
    uint64_t v = d->value;
    enum reading r = READ_WRONG;
    if (figure_read(digits, &v) == FIGURE_GOOD)
        r = d->n_runs == 1 ? READ_PLAIN : READ_NOTED;
    else if (groups(d, ','))
        r = READ_PROPOSED;
    else if (decimal(d)) {
        char *end;
        unsigned long whole = strtoul((const char *)digits.at, &end, 10);
        bool zeros = strspn(end + 1, "0") == d->sizes[1];
        if (zeros) { // 3452.0
            v = whole;
            r = READ_NOTED;
        } else if (whole > 0 && whole < 100 && d->sizes[1] < 3) { // 3.45 was 3.450
            v = v * (d->sizes[1] == 1 ? 100u : 10u);
            r = READ_PROPOSED;
        }
    }
    *ret = v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
    return r;
}

enum reading repair_voters(const char *cell, uint32_t *ret, enum number_fault *ret_fault)
{
    static const char *const units[] = {"nguoi", "cu tri",   "cu tri dai dien ho",
                                        "ho",    "dai bieu", NULL};
    static const char *const unknown[] = {"", "chua co", "chua ro", "chua biet", NULL};
    struct digits d;
    const char *rest = cell;
    char key[KEY_ROOM];
    key_of(cell, key);
    *ret = 0;
    *ret_fault = NUMBER_OTHER;
    if (among(key, unknown))
        return READ_EMPTY;
    bool any = take_digits(cell, &d, &rest);
    if (strchr(cell, '%') ||
        (any && d.n_runs == 2 && decimal(&d) && strtoul(cell, NULL, 10) == 0)) {
        *ret_fault = NUMBER_PERCENT;
        return READ_WRONG;
    }
    if (!any)
        return READ_WRONG;
    enum reading r = read_digits(&d, bytes_of(cell, (size_t)(rest - cell)), ret);
    key_of(rest, key);
    if (key[0] && !among(key, units))
        return READ_WRONG;
    if (r == READ_PLAIN && *rest)
        r = READ_NOTED;
    if (r != READ_WRONG && (*ret == 0 || *ret > REPAIR_VOTERS_MAX)) {
        *ret_fault = *ret == 0 ? NUMBER_ZERO : NUMBER_BIG;
        return READ_WRONG;
    }
    return r;
}

// ---- words ----

enum reading repair_yes(const char *cell, bool *ret)
{
    static const char *const yes[] = {"x", "co", "yes", "y", "1", "v", "true", "dung", "nu", NULL};
    static const char *const no[] = {"khong", "no", "n", "0", "k", "false", "nam", NULL};
    char key[KEY_ROOM];
    key_of(cell, key);
    *ret = among(key, yes) || strcmp(cell, "✓") == 0 || strcmp(cell, "+") == 0;
    if (*ret)
        return READ_PLAIN;
    if (!cell[0])
        return READ_EMPTY;
    return !key[0] || among(key, no) ? READ_PLAIN : READ_WRONG;
}

enum reading repair_birth(const char *cell, int *ret)
{
    struct moment m;
    char *end;
    if (!cell[0])
        return READ_EMPTY;
    unsigned long v = strtoul(cell, &end, 10);
    if ((*end == 0 || strcmp(end, ".0") == 0) && v >= 1900 && v <= 2100) {
        *ret = (int)v;
        return *end ? READ_NOTED : READ_PLAIN;
    }
    if (repair_moment(cell, &m) == READ_WRONG || m.day < 0 || m.year < 1900)
        return READ_WRONG;
    *ret = m.year;
    return READ_NOTED;
}

static const struct {
    const char *method, *name, *words[6];
} methods[] = {
    {"mixed", "kết hợp", {"ket hop", "hon hop", "nhieu hinh thuc"}},
    {"online", "trực tuyến", {"truc tuyen", "dien tu", "online", "vneid"}},
    {"household_ballot",
     "phát phiếu lấy ý kiến hộ gia đình",
     {"phat phieu", "lay y kien", "ho gia dinh", "household ballot"}},
    {"show_of_hands", "biểu quyết giơ tay", {"gio tay", "bieu quyet", "show of hands"}},
    {"secret_ballot", "bỏ phiếu kín", {"bo phieu kin", "phieu kin", "bo phieu", "secret ballot"}},
};

enum reading repair_method(const char *cell, const char **ret)
{
    char key[KEY_ROOM];
    key_of(cell, key);
    *ret = "";
    if (!key[0])
        return READ_EMPTY;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        for (size_t k = 0; k < 6 && methods[i].words[k]; k++)
            if (vn_holds(key, methods[i].words[k])) {
                *ret = methods[i].method;
                return READ_PLAIN;
            }
    return READ_WRONG;
}

const char *repair_method_name(const char *method)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(methods[i].method, method) == 0)
            return methods[i].name;
    return "";
}

const char *repair_kind(const char *key)
{
    static const char *const kinds[] = {
        "to dan pho", "tieu khu", "khu pho", "khoi pho", "khu dan cu", "thon", "ban",
        "lang",       "buon",     "bon",     "plei",     "ap",         "khom", "xom",
        "soc",        "khu",      "khoi",    "tdp",      "to",         NULL};
    for (size_t i = 0; kinds[i]; i++) {
        size_t n = strlen(kinds[i]);
        if (strncmp(key, kinds[i], n) == 0 && (key[n] == ' ' || key[n] == 0))
            return kinds[i];
    }
    return NULL;
}

// villages.c - which village somebody means: by its number, code or name, or by a few letters without marks.
#include "villages.h"
#include "common/base/vntext.h"
#include "common/election/spoken.h"
#include <stdlib.h>
#include <string.h>

enum { LETTERS_MIN = 2, WORD_MAX = 64 }; // of a part of a name; of the letters before a number

void villages_of(struct villages *v, const struct plan *p, uint32_t commune)
{
    const struct plan_unit *u = &p->units[commune];
    *v = (struct villages){.plan = p};
    v->at = calloc(u->size, sizeof *v->at);
    if (!v->at)
        abort();
    for (uint32_t i = commune; i < commune + u->size; i++) {
        if (!p->units[i].place)
            continue;
        struct village *x = &v->at[v->n++];
        *x = (struct village){i, spoken_place(p, i), vn_key(p->units[i].name, VN_BARE),
                              vn_key(p->units[i].name, VN_TONES)};
        v->numbered = v->numbered || strpbrk(x->bare, "0123456789");
    }
}

void villages_free(struct villages *v)
{
    for (uint32_t i = 0; i < v->n; i++) {
        free(v->at[i].bare);
        free(v->at[i].toned);
    }
    free(v->at);
    *v = (struct villages){0};
}

// One more that fits: the first is it, another makes them several.
static enum village_match one_more(enum village_match so_far, uint32_t i, uint32_t *ret_i)
{
    *ret_i = i;
    return so_far == VILLAGE_NONE ? VILLAGE_FOUND : VILLAGE_SEVERAL;
}

static enum village_match by_code(const struct villages *v, struct bytes text, uint32_t *ret_i)
{
    for (uint32_t i = 0; i < v->n; i++)
        if (bytes_same(v->plan->units[v->at[i].unit].code, text))
            return one_more(VILLAGE_NONE, i, ret_i);
    return VILLAGE_NONE;
}

static enum village_match by_key(const struct villages *v, const char *key, bool toned,
                                 uint32_t *ret_i)
{
    enum village_match found = VILLAGE_NONE;
    for (uint32_t i = 0; i < v->n; i++)
        if (strcmp(toned ? v->at[i].toned : v->at[i].bare, key) == 0)
            found = one_more(found, i, ret_i);
    return found;
}

static enum village_match by_number(const struct villages *v, unsigned number, uint32_t *ret_i)
{
    enum village_match found = VILLAGE_NONE;
    for (uint32_t i = 0; i < v->n; i++)
        if (v->at[i].number == number && number > 0)
            found = one_more(found, i, ret_i);
    return found;
}

// "tdp 12", "t3", "thon3" apart: letters without blanks, and the number behind them. False: not so.
static bool letters_and_number(const char *key, char letters[WORD_MAX], unsigned *ret_number)
{
    size_t n = 0;
    const char *at = key;
    for (; *at && (*at < '0' || *at > '9'); at++)
        if (*at != ' ' && n + 1 < WORD_MAX)
            letters[n++] = *at;
    letters[n] = 0;
    size_t digits = strspn(at, "0123456789");
    *ret_number = (unsigned)strtoul(at, NULL, 10);
    return n > 0 && digits > 0 && digits <= 3 && at[digits] == 0;
}

// The letters stand for the words of the name before its number: "tdp", "to", "todanpho"; "so" is "number".
static bool stand_for(const char *letters, const char *bare)
{
    char joined[WORD_MAX], firsts[WORD_MAX];
    size_t n = 0, k = 0;
    for (const char *at = bare; *at && (*at < '0' || *at > '9'); at++) {
        if (*at == ' ')
            continue;
        if (n + 1 < WORD_MAX)
            joined[n++] = *at;
        if ((at == bare || at[-1] == ' ') && k + 1 < WORD_MAX)
            firsts[k++] = *at;
    }
    joined[n] = firsts[k] = 0;
    return strncmp(joined, letters, strlen(letters)) == 0 || strcmp(firsts, letters) == 0 ||
           strcmp(letters, "so") == 0;
}

static enum village_match by_short_name(const struct villages *v, const char *key, uint32_t *ret_i)
{
    char letters[WORD_MAX];
    unsigned number;
    enum village_match found = VILLAGE_NONE;
    if (!letters_and_number(key, letters, &number))
        return VILLAGE_NONE;
    for (uint32_t i = 0; i < v->n; i++) {
        const char *digits = strpbrk(v->at[i].bare, "0123456789");
        unsigned own = digits ? (unsigned)strtoul(digits, NULL, 10) : v->at[i].number;
        // Where names have numbers, a village without one is not meant by "thôn 3".
        if (own == number && (digits || !v->numbered) && stand_for(letters, v->at[i].bare))
            found = one_more(found, i, ret_i);
    }
    return found;
}

// The words stand in the name, the last one perhaps only begun.
static bool begun(const char *bare, const char *key)
{
    size_t n = strlen(key);
    for (const char *at = bare; (at = strstr(at, key)); at++)
        if (at == bare || at[-1] == ' ')
            return n == 0 || key[n - 1] < '0' || key[n - 1] > '9' || at[n] == 0 || at[n] == ' ';
    return false;
}

static enum village_match by_part(const struct villages *v, const char *key, uint32_t *ret_i)
{
    enum village_match found = VILLAGE_NONE;
    for (uint32_t i = 0; strlen(key) >= LETTERS_MIN && i < v->n; i++)
        if (begun(v->at[i].bare, key))
            found = one_more(found, i, ret_i);
    return found;
}

enum village_match villages_find(const struct villages *v, struct bytes text, uint32_t *ret_i)
{
    char *bare = vn_key(text, VN_BARE), *toned = vn_key(text, VN_TONES);
    size_t digits = strspn(bare, "0123456789");
    enum village_match m = by_code(v, text, ret_i);
    if (m == VILLAGE_NONE && digits > 0 && bare[digits] == 0)
        m = digits <= 3 ? by_number(v, (unsigned)strtoul(bare, NULL, 10), ret_i) : VILLAGE_NONE;
    else if (m == VILLAGE_NONE && bare[0]) {
        m = by_key(v, toned, true, ret_i);
        if (m == VILLAGE_NONE)
            m = by_key(v, bare, false, ret_i);
        if (m == VILLAGE_NONE)
            m = by_short_name(v, bare, ret_i);
        if (m == VILLAGE_NONE)
            m = by_part(v, bare, ret_i);
    }
    free(bare);
    free(toned);
    return m;
}

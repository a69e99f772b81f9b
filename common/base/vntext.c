// vntext.c - Vietnamese text as offices write it: composed or not, marks, tones, old encodings.
#include "common/base/vntext.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { LETTER_MAX = 4, WORD_TONES_MAX = 8 }; // bytes of a letter; tones kept for one word

struct writer {
    char *at;
    size_t n;
};

static struct writer room_for(size_t n)
{
    struct writer w = {.at = malloc(n + 1)};
    assert(w.at);
    return w;
}

static void put(struct writer *w, utf8proc_int32_t c)
{
    w->n += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)w->at + w->n);
}

static char *written(struct writer *w)
{
    w->at[w->n] = 0;
    return w->at;
}

// The text after one of the library's transformations; NULL when it is not UTF-8.
static char *mapped(struct bytes text, int options)
{
    utf8proc_uint8_t *to = NULL;
    utf8proc_ssize_t n = utf8proc_map(text.n ? text.at : (const utf8proc_uint8_t *)"",
                                      (utf8proc_ssize_t)text.n, &to, (utf8proc_option_t)options);
    assert(n != UTF8PROC_ERROR_NOMEM);
    return n < 0 ? NULL : (char *)to;
}

// The next letter of text that is known to be UTF-8.
static utf8proc_int32_t take(const char **at)
{
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)*at, -1, &c);
    *at += n > 0 ? n : 1;
    return n > 0 ? c : 0xfffd;
}

char *vn_composed(struct bytes text)
{
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

bool vn_hidden(uint32_t c)
{
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0x7f && c <= 0x9f);
}

static bool blank(utf8proc_int32_t c)
{
    return c <= ' ' || c == 0xa0 || c == 0x202f || (c >= 0x2000 && c <= 0x200a) || c == 0x3000 ||
           c == 0x2028 || c == 0x2029;
}

char *vn_tidy(struct bytes text)
{
    char *composed = vn_composed(text);
    if (!composed)
        return NULL;
    struct writer w = room_for(strlen(composed));
    bool gap = false;
    for (const char *at = composed; *at;) {
        utf8proc_int32_t c = take(&at);
        if (blank(c))
            gap = w.n > 0;
        else if (!vn_hidden((uint32_t)c)) {
            if (gap)
                w.at[w.n++] = ' ';
            gap = false;
            put(&w, c);
        }
    }
    free(composed);
    return written(&w);
}

static bool tone(utf8proc_int32_t c)
{
    return c == 0x300 || c == 0x301 || c == 0x303 || c == 0x309 || c == 0x323;
}

static bool mark(utf8proc_int32_t c)
{
    return c >= 0x300 && c <= 0x36f;
}

static bool of_a_word(utf8proc_int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_LT ||
           k == UTF8PROC_CATEGORY_LM || k == UTF8PROC_CATEGORY_LO || k == UTF8PROC_CATEGORY_ND;
}

struct word {
    utf8proc_int32_t tones[WORD_TONES_MAX];
    unsigned n_tones;
    bool zeros; // only zeros so far: they are not written until another digit follows
    bool begun;
};

static void end_word(struct writer *w, struct word *word)
{
    if (word->zeros)
        w->at[w->n++] = '0';
    for (unsigned i = 0; i < word->n_tones; i++)
        put(w, word->tones[i]);
    *word = (struct word){0};
}

static void put_letter(struct writer *w, struct word *word, utf8proc_int32_t c)
{
    if (!word->begun && w->n > 0)
        w->at[w->n++] = ' ';
    if (c == '0' && (!word->begun || word->zeros)) {
        word->zeros = word->begun = true;
        return;
    }
    if (word->zeros && (c < '0' || c > '9'))
        w->at[w->n++] = '0';
    word->zeros = false;
    word->begun = true;
    put(w, c);
}

char *vn_key(struct bytes text, enum vn_key key)
{
    char *apart = mapped(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
    size_t n = apart ? strlen(apart) : 0;
    struct writer w = room_for(2 * n); // each letter may bring a blank
    struct word word = {0};
    for (const char *at = apart; at && *at;) {
        utf8proc_int32_t c = take(&at);
        if (vn_hidden((uint32_t)c))
            continue;
        if (key == VN_BARE && c == 0x111)
            c = 'd';
        if (mark(c)) {
            if (key == VN_BARE || !word.begun)
                continue;
            if (tone(c) && word.n_tones < WORD_TONES_MAX)
                word.tones[word.n_tones++] = c;
            else if (!tone(c))
                put(&w, c);
        } else if (of_a_word(c))
            put_letter(&w, &word, c);
        else if (word.begun)
            end_word(&w, &word);
    }
    end_word(&w, &word);
    free(apart);
    return written(&w);
}

// ---- order

// Of a letter with its mark, among those of the same base: ă is after a, â after ă.
static char rank_of(char base, utf8proc_int32_t c)
{
    switch (c) {
    case 0x306: return '2';
    case 0x302: return base == 'a' ? '3' : '2';
    case 0x31b: return base == 'o' ? '3' : '2';
    default: return '4'; // of another language
    }
}

static char tone_rank(utf8proc_int32_t c)
{
    switch (c) {
    case 0x300: return '2';
    case 0x309: return '3';
    case 0x303: return '4';
    case 0x301: return '5';
    default: return '6';
    }
}

// The number whose first digit was just taken: how many digits, then which.
static void put_value(struct writer *w, const char **at)
{
    const char *from = *at - 1;
    size_t n = 1 + strspn(*at, "0123456789");
    *at = from + n;
    for (; n > 1 && *from == '0'; n--)
        from++;
    w->at[w->n++] = '0'; // before all letters
    w->at[w->n++] = (char)('A' + (n < 50 ? n : 50));
    memcpy(w->at + w->n, from, n);
    w->n += n;
}

char *vn_sort_key(struct bytes text)
{
    char *apart = mapped(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
    size_t n = apart ? strlen(apart) : 0;
    struct writer w = room_for(5 * n + 1), tones = room_for(n + 1);
    bool letter = false, word = false,
         gap = false; // the last thing written; in a word; a word has ended
    for (const char *at = apart; at && *at;) {
        utf8proc_int32_t c = take(&at);
        if (vn_hidden((uint32_t)c))
            continue;
        if (mark(c)) {
            if (tone(c) && word)
                tones.at[tones.n - 1] = tone_rank(c);
            else if (!tone(c) && letter)
                w.at[w.n - 1] = rank_of(w.at[w.n - 2], c);
            continue;
        }
        letter = c == 0x111 || (c < 0x80 ? c >= 'a' && c <= 'z' : of_a_word(c));
        bool number = c >= '0' && c <= '9';
        if (!letter && !number) {
            gap = gap || word;
            word = false;
            continue;
        }
        if (gap)
            w.at[w.n++] = ' ';
        if (!word)
            tones.at[tones.n++] = '1';
        word = true;
        gap = false;
        if (number) {
            put_value(&w, &at);
        } else {
            put(&w, c == 0x111 ? 'd' : c);
            w.at[w.n++] = c == 0x111 ? '2' : '1';
        }
    }
    w.at[w.n++] = 1;
    memcpy(w.at + w.n, tones.at, tones.n);
    w.n += tones.n;
    free(tones.at);
    free(apart);
    return written(&w);
}

bool vn_holds(const char *whole, const char *part)
{
    size_t n = strlen(part);
    for (const char *at = whole; n > 0 && (at = strstr(at, part)); at++)
        if ((at == whole || at[-1] == ' ') && (at[n] == 0 || at[n] == ' '))
            return true;
    return false;
}

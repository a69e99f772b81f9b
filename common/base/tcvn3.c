// tcvn3.c - text typed for fonts of before Unicode: TCVN3 (.VnTime) is converted, VNI only named.
//
// In such a font a Vietnamese letter stands at the place of a letter or sign of Western Europe. Once
// saved, "Thôn" is "Th«n" in TCVN3 and "Thoân" in VNI, in bytes or as Unicode.
#include "common/base/vntext.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

// TCVN 5712:1993, from A1 on. B0 to B4 are the five tones by themselves.
static const uint16_t table[0x5f] = {
    0x0102, 0x00c2, 0x00ca, 0x00d4, 0x01a0, 0x01af, 0x0110, 0x0103, 0x00e2, 0x00ea, 0x00f4, 0x01a1,
    0x01b0, 0x0111, 0x1eb0, 0x0300, 0x0309, 0x0303, 0x0301, 0x0323, 0x00e0, 0x1ea3, 0x00e3, 0x00e1,
    0x1ea1, 0x1eb2, 0x1eb1, 0x1eb3, 0x1eb5, 0x1eaf, 0x1eb4, 0x1eae, 0x1ea6, 0x1ea8, 0x1eaa, 0x1ea4,
    0x1ec0, 0x1eb7, 0x1ea7, 0x1ea9, 0x1eab, 0x1ea5, 0x1ead, 0x00e8, 0x1ec2, 0x1ebb, 0x1ebd, 0x00e9,
    0x1eb9, 0x1ec1, 0x1ec3, 0x1ec5, 0x1ebf, 0x1ec7, 0x00ec, 0x1ec9, 0x1ec4, 0x1ebe, 0x1ed2, 0x0129,
    0x00ed, 0x1ecb, 0x00f2, 0x1ed4, 0x1ecf, 0x00f5, 0x00f3, 0x1ecd, 0x1ed3, 0x1ed5, 0x1ed7, 0x1ed1,
    0x1ed9, 0x1edd, 0x1edf, 0x1ee1, 0x1edb, 0x1ee3, 0x00f9, 0x1ed6, 0x1ee7, 0x0169, 0x00fa, 0x1ee5,
    0x1eeb, 0x1eed, 0x1eef, 0x1ee9, 0x1ef1, 0x1ef3, 0x1ef7, 0x1ef9, 0x00fd, 0x1ef5, 0x1ed0};

static uint32_t converted(uint32_t c)
{
    return c >= 0xa1 && c <= 0xff ? table[c - 0xa1] : c;
}

static bool ascii_letter(uint32_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80;
}

// A Vietnamese letter in Unicode that a font of Western Europe has too.
static bool vietnamese(uint32_t c)
{
    static const uint8_t shared[] = {0xc0, 0xc1, 0xc2, 0xc3, 0xc8, 0xc9, 0xca, 0xcc,
                                     0xcd, 0xd2, 0xd3, 0xd4, 0xd5, 0xd9, 0xda, 0xdd,
                                     0xe0, 0xe1, 0xe2, 0xe3, 0xe8, 0xe9, 0xea, 0xec,
                                     0xed, 0xf2, 0xf3, 0xf4, 0xf5, 0xf9, 0xfa, 0xfd};
    return c < 0x80 || (c <= 0xff && memchr(shared, (int)c, sizeof shared) != NULL);
}

// Signs that no Vietnamese text has next to a letter, but TCVN3 has in many words.
static bool tcvn3_sign(uint32_t c, bool at_letter)
{
    return at_letter && c >= 0xa1 && c <= 0xbe && !(c >= 0xb0 && c <= 0xb4) && c != 0xba;
}

// VNI writes a mark behind its vowel, as a letter that Vietnamese does not have there.
static bool vni_sign(uint32_t before, uint32_t c)
{
    static const char vowels[] = "aeiouyAEIOUY";
    static const uint8_t marks[] = {0xf8, 0xfb, 0xef, 0xe4, 0xe5, 0xeb, 0xfc,
                                    0xd8, 0xdb, 0xcf, 0xc4, 0xc5, 0xcb, 0xdc};
    bool vowel = (before > 0 && before < 0x80 && strchr(vowels, (int)before)) || before == 0xf6 ||
                 before == 0xd6 || before == 0xf4 || before == 0xd4;
    uint32_t small = before | 0x20;
    bool twice = ((small == 'a' || small == 'o' || small == 'e') && (c == 0xe2 || c == 0xc2)) ||
                 (small == 'a' && (c == 0xea || c == 0xca));
    return twice || (vowel && c <= 0xff && memchr(marks, (int)c, sizeof marks) != NULL);
}

struct seen {
    unsigned n_tcvn3, n_vni, n_foreign; // signs; letters that Vietnamese has not
    bool beyond;                        // a letter that no such font knows: it is Unicode
};

static struct seen look(struct bytes text)
{
    struct seen s = {0};
    uint32_t before = 0;
    for (size_t i = 0; i < text.n;) {
        utf8proc_int32_t c, after = 0;
        utf8proc_ssize_t n = utf8proc_iterate(text.at + i, (utf8proc_ssize_t)(text.n - i), &c);
        if (n <= 0)
            return (struct seen){.beyond = true};
        i += (size_t)n;
        if (i < text.n)
            utf8proc_iterate(text.at + i, (utf8proc_ssize_t)(text.n - i), &after);
        uint32_t u = (uint32_t)c, next = (uint32_t)after;
        bool at_letter = ascii_letter(before) || ascii_letter(next) ||
                         (before >= 0xa1 && before <= 0xff) || (next >= 0xa1 && next <= 0xff);
        s.beyond |= u > 0xff;
        s.n_foreign += u > 0xa0 && u <= 0xff && !vietnamese(u);
        s.n_tcvn3 += tcvn3_sign(u, at_letter);
        s.n_vni += vni_sign(before, u) || ((u == 0xf1 || u == 0xd1) && !s.n_tcvn3);
        before = u;
    }
    return s;
}

enum vn_letters vn_letters(struct bytes text)
{
    struct seen s = look(text);
    if (s.beyond)
        return VN_UNICODE;
    if (s.n_tcvn3 > 0)
        return VN_TCVN3;
    if (s.n_vni > 0)
        return VN_VNI;
    return s.n_foreign > 0 ? VN_TCVN3 : VN_UNICODE;
}

// A word whose plain letters are all capitals, at least two of them.
static bool capitals(const char *word, size_t n)
{
    unsigned n_capital = 0;
    for (size_t i = 0; i < n; i++) {
        n_capital += word[i] >= 'A' && word[i] <= 'Z';
        if (word[i] >= 'a' && word[i] <= 'z')
            return false;
    }
    return n_capital >= 2;
}

// Every word that begins with a plain letter begins with a capital, so the others shall: the font
// has no capitals with tones.
static bool name_like(struct bytes text)
{
    unsigned n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if ((i > 0 && text.at[i - 1] != ' ') || !ascii_letter(text.at[i]))
            continue;
        if (text.at[i] >= 'a')
            return false;
        n++;
    }
    return n > 0;
}

char *vn_from_tcvn3(struct bytes text)
{
    char *to = malloc(3 * text.n + 1);
    size_t n = 0, word = 0;
    bool loud = false, name = name_like(text);
    assert(to);
    for (size_t i = 0; i < text.n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t size = utf8proc_iterate(text.at + i, (utf8proc_ssize_t)(text.n - i), &c);
        if (size <= 0)
            break;
        if (i == 0 || text.at[i - 1] == ' ') {
            for (word = i; word < text.n && text.at[word] != ' ';)
                word++;
            loud = capitals((const char *)text.at + i, word - i);
        }
        bool capital = loud || (name && (i == 0 || text.at[i - 1] == ' '));
        i += (size_t)size;
        c = (utf8proc_int32_t)converted((uint32_t)c);
        n += (size_t)utf8proc_encode_char(capital ? utf8proc_toupper(c) : c,
                                          (utf8proc_uint8_t *)to + n);
    }
    to[n] = 0;
    char *composed = vn_composed(bytes_of(to, n));
    free(to);
    return composed;
}

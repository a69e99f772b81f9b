// utf8.c - text that may stand in a record: valid UTF-8, one line, nothing that hides or reorders.
#include "utf8.h"

// The next character and its length in bytes; 0 where the bytes are not UTF-8.
static unsigned next(const uint8_t *s, size_t n, uint32_t *ret_char)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (len == 0 || len > n || s[0] > 0xf4)
        return 0;
    uint32_t c = len == 1 ? s[0] : s[0] & (0x7fu >> len);
    for (unsigned i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    *ret_char = c;
    return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : len;
}

bool utf8_ok(struct bytes text)
{
    for (size_t i = 0; i < text.n;) {
        uint32_t c;
        if (text.at[i] >= 0x20 && text.at[i] < 0x7f) {
            i++;
            continue;
        }
        unsigned len = next(text.at + i, text.n - i, &c);
        if (len == 0 || c < 0x20 || (c >= 0x7f && c <= 0x9f))
            return false;
        if (c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
            (c >= 0x2066 && c <= 0x2069))
            return false;
        i += len;
    }
    return true;
}

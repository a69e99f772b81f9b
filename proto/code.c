// code.c - what a person may have to type or read aloud: tokens, seals and fingerprints as text.
#include "code.h"
#include <errno.h>
#include <sodium.h>
#include <string.h>

enum { CHECK_CHARS = 4, TOKEN_BYTES_MAX = 1400 };
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char prefix[] = "DANTIN1";

// Characters for n bytes, most significant bits first; the last one is filled up with zeros.
static size_t to_base32(const uint8_t *at, size_t n, char *text)
{
    size_t out = 0;
    unsigned bits = 0, held = 0;
    for (size_t i = 0; i < n; i++) {
        held = held << 8 | at[i];
        for (bits += 8; bits >= 5; bits -= 5)
            text[out++] = alphabet[held >> (bits - 5) & 31];
        held &= (1u << bits) - 1;
    }
    if (bits > 0)
        text[out++] = alphabet[held << (5 - bits) & 31];
    text[out] = 0;
    return out;
}

static bool is_noise(uint8_t c)
{
    return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
}

// The value of a character, -1 for one to pass over (a chat program adds blanks, quotes, longer
// dashes), -2 for a letter that cannot stand in a code.
static int digit(uint8_t c)
{
    if (is_noise(c))
        return -1;
    if (c >= 'a' && c <= 'z')
        c = (uint8_t)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    const char *p = strchr(alphabet, c);
    return p ? (int)(p - alphabet) : -2;
}

static void check_chars(const uint8_t *at, size_t n, char check[CHECK_CHARS + 2])
{
    uint8_t hash[HASH_SIZE];
    char text[64];
    hash_of(bytes_of(at, n), hash);
    to_base32(hash, 8, text);
    memcpy(check, text, CHECK_CHARS);
    check[CHECK_CHARS] = 0;
}

int token_encode(const struct token *t, char text[TOKEN_TEXT_MAX])
{
    uint8_t buffer[TOKEN_BYTES_MAX];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 6);
    pack_bin(&p, bytes_of(t->election, ELECTION_SIZE));
    pack_uint(&p, t->drill);
    pack_text(&p, code_bytes(&t->unit));
    pack_array(&p, t->n_ways);
    for (unsigned i = 0; i < t->n_ways; i++) {
        pack_array(&p, 2);
        pack_text(&p, bytes_text(t->ways[i].address));
        pack_bin(&p, bytes_of(t->ways[i].curve, KEY_SIZE));
    }
    pack_array(&p, t->n_signers);
    for (unsigned i = 0; i < t->n_signers; i++) {
        pack_array(&p, 2);
        pack_text(&p, code_bytes(&t->signers[i].unit));
        pack_bin(&p, bytes_of(t->signers[i].key, KEY_SIZE));
    }
    pack_bin(&p, bytes_of(t->seed, SEED_SIZE));
    if (p.full)
        return -EMSGSIZE;
    size_t n = sizeof prefix - 1;
    memcpy(text, prefix, n);
    text[n++] = '-';
    n += to_base32(buffer, p.n, text + n);
    check_chars(buffer, p.n, text + n);
    return 0;
}

// Bytes of the token's body with its check verified; 0 when it is no token.
static size_t token_bytes(struct bytes text, uint8_t *buffer, const char **ret_why)
{
    uint8_t digits[TOKEN_TEXT_MAX];
    size_t n = 0, i = 0, want = strlen(prefix);
    *ret_why = "not a token: it begins with DANTIN1-";
    while (i < text.n && is_noise(text.at[i]))
        i++;
    if (text.n - i < want || strncasecmp((const char *)text.at + i, prefix, want) != 0)
        return 0;
    for (i += want; i < text.n && text.at[i]; i++) {
        int d = digit(text.at[i]);
        *ret_why = d == -2 ? "a character that no token has: copy it again"
                           : "the token is too long";
        if (d == -2 || n == sizeof digits)
            return 0;
        if (d >= 0)
            digits[n++] = (uint8_t)d;
    }
    *ret_why = "the token is cut short or mistyped: its check does not fit";
    if (n <= CHECK_CHARS || (n - CHECK_CHARS) * 5 / 8 > TOKEN_BYTES_MAX)
        return 0;
    size_t out = 0;
    unsigned bits = 0, held = 0;
    for (i = 0; i < n - CHECK_CHARS; i++) {
        held = (held << 5 | digits[i]) & 0xfff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            buffer[out++] = (uint8_t)(held >> bits);
        }
    }
    if (held & ((1u << bits) - 1))
        return 0; // what fills up the last character is zeros
    char check[CHECK_CHARS + 2];
    check_chars(buffer, out, check);
    for (i = 0; i < CHECK_CHARS; i++)
        if (alphabet[digits[n - CHECK_CHARS + i]] != check[i])
            return 0;
    return out;
}

int token_decode(struct token *t, struct bytes text, const char **ret_why)
{
    uint8_t buffer[TOKEN_BYTES_MAX];
    struct cursor c;
    size_t n = token_bytes(text, buffer, ret_why);
    if (n == 0)
        return -EBADMSG;
    memset(t, 0, sizeof *t);
    cursor_init(&c, bytes_of(buffer, n));
    take_array(&c, 6, 6);
    take_copy(&c, t->election, ELECTION_SIZE);
    t->drill = take_uint(&c, 1) == 1;
    t->unit = code_of(take_text(&c, CODE_MAX));
    t->n_ways = (unsigned)take_array(&c, 1, WAYS_MAX);
    for (unsigned i = 0; i < t->n_ways; i++) {
        take_array(&c, 2, 2);
        struct bytes address = take_text(&c, ADDRESS_MAX);
        if (address.n > 0)
            memcpy(t->ways[i].address, address.at, address.n);
        take_copy(&c, t->ways[i].curve, KEY_SIZE);
    }
    t->n_signers = (unsigned)take_array(&c, 1, SIGNERS_MAX);
    for (unsigned i = 0; i < t->n_signers; i++) {
        take_array(&c, 2, 2);
        t->signers[i].unit = code_of(take_text(&c, CODE_MAX));
        take_copy(&c, t->signers[i].key, KEY_SIZE);
    }
    take_copy(&c, t->seed, SEED_SIZE);
    take_end(&c);
    *ret_why = c.bad;
    return c.bad ? -EBADMSG : 0;
}

static void derive(const struct token *t, const char *what, uint8_t ret_seed[SEED_SIZE])
{
    uint8_t buffer[128];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 3);
    pack_text(&p, bytes_text(what));
    pack_bin(&p, bytes_of(t->election, ELECTION_SIZE));
    pack_bin(&p, bytes_of(t->seed, SEED_SIZE));
    hash_of(packed(&p), ret_seed);
    sodium_memzero(buffer, sizeof buffer);
}

void token_door(const struct token *t, uint8_t ret_curve[KEY_SIZE], uint8_t ret_secret[KEY_SIZE])
{
    derive(t, "dantin door 1", ret_secret);
    crypto_scalarmult_base(ret_curve, ret_secret);
}

void token_voucher(const struct token *t, uint8_t ret_key[KEY_SIZE],
                   uint8_t ret_secret[SECRET_SIZE])
{
    uint8_t seed[SEED_SIZE];
    derive(t, "dantin voucher 1", seed);
    key_pair(seed, ret_key, ret_secret);
}

void seal_text(const uint8_t hash[HASH_SIZE], char text[SEAL_TEXT])
{
    char plain[64], check[CHECK_CHARS + 2];
    to_base32(hash, 17, plain); // 136 bits; the first 26 characters are 130 of them
    check_chars(hash, 17, check);
    memcpy(plain + 26, check, 2);
    size_t n = 0;
    for (unsigned i = 0; i < 28; i++) {
        if (i > 0 && i % 4 == 0)
            text[n++] = '-';
        text[n++] = plain[i];
    }
    text[n] = 0;
}

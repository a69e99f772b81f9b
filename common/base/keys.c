// keys.c - who a unit is: the owner-only file `identity` in its state directory.
#include "common/base/keys.h"
#include "common/base/clock.h"
#include "common/base/savefile.h"
#include "common/base/zpl.h"
#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEEN_ELECTION = 1,
    SEEN_KIND = 2,
    SEEN_UNIT = 4,
    SEEN_INCARNATION = 8,
    SEEN_KEY = 16,
    SEEN_SEED = 32,
    SEEN_CURVE = 64,
    SEEN_CURVE_SECRET = 128,
    SEEN_ALL = 255
};

// X25519 passes over five bits of a secret. Kept in one form, so that no digit may differ
// unnoticed.
static void clamp(uint8_t secret[KEY_SIZE])
{
    secret[0] &= 0xf8;
    secret[KEY_SIZE - 1] = (uint8_t)((secret[KEY_SIZE - 1] & 0x7f) | 0x40);
}

void identity_make(struct identity *id)
{
    uint8_t seed[SEED_SIZE];
    clock_random(seed, sizeof seed);
    key_pair(seed, id->key, id->secret);
    sodium_memzero(seed, sizeof seed);
    clock_random(id->curve_secret, KEY_SIZE);
    clamp(id->curve_secret);
    crypto_scalarmult_base(id->curve, id->curve_secret);
    id->incarnation = clock_random64();
}

struct writer {
    char *text;
    size_t n, cap;
    int rc; // the first failure
};

__attribute__((format(printf, 2, 3))) static void put(struct writer *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(w->text + w->n, w->cap - w->n, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < w->cap - w->n)
        w->n += (size_t)n;
    else if (w->rc == 0)
        w->rc = -EMSGSIZE;
}

static void put_hex(struct writer *w, const char *name, const uint8_t *at, size_t n)
{
    char hex[2 * SECRET_SIZE + 1];
    sodium_bin2hex(hex, sizeof hex, at, n);
    put(w, "%s = %s\n", name, hex);
    sodium_memzero(hex, sizeof hex);
}

static void put_text(struct writer *w, const char *name, struct bytes value)
{
    char quote = zpl_quote(value);
    if (quote)
        put(w, "%s = %c%.*s%c\n", name, quote, (int)value.n, (const char *)value.at, quote);
    else if (w->rc == 0)
        w->rc = -EINVAL;
}

int identity_encode(const struct identity *id, char *text, size_t cap, size_t *ret_n)
{
    struct writer w = {.text = text, .cap = cap};
    uint8_t curve_secret[KEY_SIZE];
    memcpy(curve_secret, id->curve_secret, KEY_SIZE);
    clamp(curve_secret);
    put(&w, "# Who this unit is. Whoever reads the secret lines can speak in its name: keep it "
            "locked up.\n");
    put_hex(&w, "election", id->election, ELECTION_SIZE);
    put(&w, "kind = %s\n", id->drill ? "drill" : "real");
    put_text(&w, "unit", code_bytes(&id->unit));
    put(&w, "incarnation = %016llx\n", (unsigned long long)id->incarnation);
    put(&w, "signing\n");
    put_hex(&w, "    public", id->key, KEY_SIZE);
    put_hex(&w, "    seed", id->secret,
            SEED_SIZE); // libsodium's secret is the seed and the public key
    put(&w, "link\n");
    put_hex(&w, "    public", id->curve, KEY_SIZE);
    put_hex(&w, "    secret", curve_secret, KEY_SIZE);
    sodium_memzero(curve_secret, KEY_SIZE);
    put(&w, "ways\n");
    for (unsigned i = 0; i < id->n_ways; i++) {
        put(&w, "    %u\n", i + 1);
        put_text(&w, "        address", bytes_text(id->ways[i].address));
        put_hex(&w, "        curve", id->ways[i].curve, KEY_SIZE);
    }
    put(&w, "signers\n");
    for (unsigned i = 0; i < id->n_signers; i++) {
        put(&w, "    %u\n", i + 1);
        put_text(&w, "        unit", code_bytes(&id->signers[i].unit));
        put_hex(&w, "        key", id->signers[i].key, KEY_SIZE);
    }
    *ret_n = w.n;
    return w.rc;
}

int identity_write(const char *dir, const struct identity *id)
{
    char text[IDENTITY_BYTES_MAX];
    size_t n;
    int rc = identity_encode(id, text, sizeof text, &n);
    if (rc == 0)
        rc = savefile_write(dir, IDENTITY_FILE, bytes_of(text, n));
    sodium_memzero(text, sizeof text);
    return rc;
}

struct taker {
    struct identity *id;
    unsigned seen;
    unsigned ways[2], signers[2]; // entries with an address and a curve; with a unit and a key
    const char *why;
};

static int take_hex(struct taker *t, struct bytes value, uint8_t *to, size_t n, const char *why)
{
    size_t got = 0;
    const char *end = NULL, *text = (const char *)value.at;
    if (value.n > 0 && sodium_hex2bin(to, n, text, value.n, " ", &got, &end) == 0 && got == n &&
        end == text + value.n)
        return 0;
    t->why = why;
    return -EBADMSG;
}

static int take_code(struct taker *t, struct bytes value, struct code *to)
{
    t->why = "a unit's code is too long or empty";
    if (value.n == 0 || value.n > CODE_MAX)
        return -EBADMSG;
    *to = code_of(value);
    return 0;
}

static int take_way(struct taker *t, unsigned i, const char *name, struct bytes value)
{
    struct way *way = &t->id->ways[i];
    if (strcmp(name, "curve") == 0) {
        t->ways[1] |= 1u << i;
        return take_hex(t, value, way->curve, KEY_SIZE,
                        "a parent's curve key is not 64 digits 0-9a-f");
    }
    t->why = strcmp(name, "address") == 0 ? "a parent's address is too long or empty"
                                          : "an unknown name under ways";
    if (strcmp(name, "address") != 0 || value.n == 0 || value.n > ADDRESS_MAX)
        return -EBADMSG;
    memcpy(way->address, value.at, value.n);
    t->ways[0] |= 1u << i;
    return 0;
}

static int take_signer(struct taker *t, unsigned i, const char *name, struct bytes value)
{
    struct signer *signer = &t->id->signers[i];
    if (strcmp(name, "key") == 0) {
        t->signers[1] |= 1u << i;
        return take_hex(t, value, signer->key, KEY_SIZE, "a signer's key is not 64 digits 0-9a-f");
    }
    t->signers[0] |= 1u << i;
    if (strcmp(name, "unit") == 0)
        return take_code(t, value, &signer->unit);
    t->why = "an unknown name under signers";
    return -EBADMSG;
}

static int take_incarnation(struct taker *t, struct bytes value)
{
    uint8_t big[8] = {0};
    int rc = take_hex(t, value, big, sizeof big, "the incarnation is not 16 digits 0-9a-f");
    t->id->incarnation = 0;
    for (unsigned i = 0; i < sizeof big; i++)
        t->id->incarnation = t->id->incarnation << 8 | big[i];
    return rc;
}

static int take_kind(struct taker *t, struct bytes value)
{
    t->id->drill = bytes_same(value, bytes_text("drill"));
    t->why = "the kind is neither drill nor real";
    return t->id->drill || bytes_same(value, bytes_text("real")) ? 0 : -EBADMSG;
}

// "ways/1/address" with the prefix "ways/": the number less one and the name; false if it is not.
static bool numbered(const char *path, const char *prefix, unsigned max, unsigned *ret_i,
                     const char **ret_name)
{
    size_t n = strlen(prefix);
    if (strncmp(path, prefix, n) != 0 || path[n] < '1' || path[n] > '9' || path[n + 1] != '/')
        return false;
    *ret_i = (unsigned)(path[n] - '1');
    *ret_name = path + n + 2;
    return *ret_i < max;
}

static int on_value(void *ctx, const char *path, struct bytes value, unsigned line)
{
    struct taker *t = ctx;
    struct identity *id = t->id;
    (void)line;
    const struct {
        const char *path;
        unsigned seen;
        uint8_t *to;
        size_t n;
        const char *why;
    } known[] = {
        {"election", SEEN_ELECTION, id->election, ELECTION_SIZE,
         "the election is not 32 digits 0-9a-f"},
        {"kind", SEEN_KIND, NULL, 0, NULL},
        {"unit", SEEN_UNIT, NULL, 0, NULL},
        {"incarnation", SEEN_INCARNATION, NULL, 0, NULL},
        {"signing/public", SEEN_KEY, id->key, KEY_SIZE, "signing/public is not 64 digits 0-9a-f"},
        {"signing/seed", SEEN_SEED, id->secret, SEED_SIZE, "signing/seed is not 64 digits 0-9a-f"},
        {"link/public", SEEN_CURVE, id->curve, KEY_SIZE, "link/public is not 64 digits 0-9a-f"},
        {"link/secret", SEEN_CURVE_SECRET, id->curve_secret, KEY_SIZE,
         "link/secret is not 64 digits 0-9a-f"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(path, known[i].path) != 0)
            continue;
        t->seen |= known[i].seen;
        if (known[i].to)
            return take_hex(t, value, known[i].to, known[i].n, known[i].why);
        return known[i].seen == SEEN_UNIT   ? take_code(t, value, &id->unit)
               : known[i].seen == SEEN_KIND ? take_kind(t, value)
                                            : take_incarnation(t, value);
    }
    unsigned i;
    const char *name;
    if (numbered(path, "ways/", WAYS_MAX, &i, &name))
        return take_way(t, i, name, value);
    if (numbered(path, "signers/", SIGNERS_MAX, &i, &name))
        return take_signer(t, i, name, value);
    t->why = "an unknown line";
    return -EBADMSG;
}

// How many entries 1..n there are; -1 if one lacks one of its lines, or a number is
// skipped.
static int count(const unsigned seen[2])
{
    int n = 0;
    while (seen[0] >> n & 1)
        n++;
    return seen[0] == seen[1] && seen[0] >> n == 0 ? n : -1;
}

static const char *complaint(struct taker *t)
{
    struct identity *id = t->id;
    uint8_t key[KEY_SIZE], seed[SEED_SIZE];
    int n_ways = count(t->ways), n_signers = count(t->signers);
    if (t->seen != SEEN_ALL)
        return "a line is missing: election, kind, unit, incarnation, signing and link are all "
               "needed";
    if (n_ways < 0 || n_signers < 0)
        return "ways and signers are numbered from 1, each with both its lines";
    id->n_ways = (unsigned)n_ways;
    id->n_signers = (unsigned)n_signers;
    memcpy(seed, id->secret, SEED_SIZE);
    key_pair(seed, key, id->secret);
    sodium_memzero(seed, sizeof seed);
    if (memcmp(key, id->key, KEY_SIZE) != 0)
        return "signing/seed does not belong to signing/public: one of them is mistyped";
    memcpy(seed, id->curve_secret, KEY_SIZE);
    clamp(seed);
    bool as_written = memcmp(seed, id->curve_secret, KEY_SIZE) == 0;
    sodium_memzero(seed, sizeof seed);
    crypto_scalarmult_base(key, id->curve_secret);
    if (!as_written || memcmp(key, id->curve, KEY_SIZE) != 0)
        return "link/secret does not belong to link/public: one of them is mistyped";
    return id->incarnation == 0 ? "the incarnation is 0" : NULL;
}

int identity_decode(struct identity *id, struct bytes text, const char **ret_why)
{
    struct zpl_fault fault;
    struct taker t = {.id = id};
    memset(id, 0, sizeof *id);
    int rc = zpl_read(text, on_value, &t, &fault);
    *ret_why = rc == 0 ? complaint(&t) : fault.why ? fault.why : t.why;
    if (*ret_why == NULL)
        return 0;
    sodium_memzero(id, sizeof *id);
    return -EBADMSG;
}

int identity_read(const char *dir, struct identity *id, const char **ret_why)
{
    uint8_t *text;
    size_t n;
    memset(id, 0, sizeof *id);
    int rc = savefile_read(dir, IDENTITY_FILE, IDENTITY_BYTES_MAX, &text, &n);
    *ret_why = rc == -ENOENT ? "there is no identity in this directory"
               : rc == -EPERM
                   ? "the identity file must be ours, and readable by nobody else (chmod 600)"
               : rc == -EFBIG ? "the identity file is too long"
                              : "the identity file cannot be read";
    if (rc < 0)
        return rc;
    rc = identity_decode(id, bytes_of(text, n), ret_why);
    sodium_memzero(text, n);
    free(text);
    return rc;
}

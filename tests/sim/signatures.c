// signatures.c - a signature that was good for these bytes and this key is good again: it costs the most.
//
// A run or a certificate is checked by each tier and at each start. Linked in place of libsodium's check
// (see CMakeLists.txt); each distinct one is checked by the real one, and a bad one always.
#include <sodium.h>
#include <string.h>

enum { SLOTS = 1 << 16 };

int __real_crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m,
                                       unsigned long long n, const unsigned char *key);
int __wrap_crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m,
                                       unsigned long long n, const unsigned char *key);

static unsigned char known[SLOTS][32];

int __wrap_crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m,
                                       unsigned long long n, const unsigned char *key)
{
    crypto_generichash_state s;
    unsigned char name[32];
    unsigned slot;
    crypto_generichash_init(&s, NULL, 0, sizeof name);
    crypto_generichash_update(&s, key, 32);
    crypto_generichash_update(&s, sig, 64);
    crypto_generichash_update(&s, m, n);
    crypto_generichash_final(&s, name, sizeof name);
    memcpy(&slot, name, sizeof slot);
    slot %= SLOTS;
    if (memcmp(known[slot], name, sizeof name) == 0)
        return 0;
    int rc = __real_crypto_sign_verify_detached(sig, m, n, key);
    if (rc == 0)
        memcpy(known[slot], name, sizeof name);
    return rc;
}

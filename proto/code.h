// code.h - what a person may have to type or read aloud: tokens, seals and fingerprints as text.
//
//   token = "DANTIN1-" base32([election, drill, unit, [+way], [+signer], seed]) check
//   way   = [address, curve key of the parent there]      several: the second may be a standby
//   signer = [unit, signing key], the parent first, then its parent, up to the top
//   seed  -> door: the CURVE pair that may knock (only ENROL is taken from it)
//         -> voucher: the Ed25519 pair that signs the newcomer's certificate
//
// Base32 is Crockford's (no I, L, O, U; either case; I and L read as 1, O as 0); all that is neither
// letter nor digit is passed over, for chat programs put it in. The check is 4 characters of BLAKE2b.
#pragma once
#include "chain.h"

enum { WAYS_MAX = 4, SIGNERS_MAX = 6, ADDRESS_MAX = 120, TOKEN_TEXT_MAX = 2400 };

struct way {
    char address[ADDRESS_MAX + 1]; // host:port
    uint8_t curve[KEY_SIZE];
};
struct signer {
    struct code unit;
    uint8_t key[KEY_SIZE];
};
struct token {
    uint8_t election[ELECTION_SIZE];
    bool drill;
    struct code unit;
    unsigned n_ways, n_signers;
    struct way ways[WAYS_MAX];
    struct signer signers[SIGNERS_MAX];
    uint8_t seed[SEED_SIZE];
};

int token_encode(const struct token *t, char text[TOKEN_TEXT_MAX]); // 0, or -EMSGSIZE
int token_decode(struct token *t, struct bytes text,
                 const char **ret_why); // -EBADMSG with a reason
void token_door(const struct token *t, uint8_t ret_curve[KEY_SIZE], uint8_t ret_secret[KEY_SIZE]);
void token_voucher(const struct token *t, uint8_t ret_key[KEY_SIZE],
                   uint8_t ret_secret[SECRET_SIZE]);

// A head or key for paper and telephone: 26 characters (130 bits) and 2 of check, in groups of 4.
enum { SEAL_TEXT = 36 };
void seal_text(const uint8_t hash[HASH_SIZE], char text[SEAL_TEXT]);

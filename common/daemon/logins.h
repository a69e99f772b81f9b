// logins.h - who has logged in, and who may try again: two bounded tables, told the time.
//
// Pure: no clock, no randomness. Times are ms that never go back. A browser holds the key; here is
// only its hash. Nothing of it is on disk: who was logged in logs in again after a start.
#pragma once
#include "proto/chain.h"
#include "proto/record.h"

enum {
    LOGINS_MAX = 256,
    LOGINS_EACH = 8,                  // of one person; the oldest gives way
    LOGIN_KEY = 32,                   // random bytes
    LOGIN_IDLE_MS = 30 * 60000,       // without any request: an open page makes some
    LOGIN_LIFE_MS = 16 * 3600 * 1000, // a long election day
    LOGIN_CONFIRM_MS = 2 * 60000,
};

struct login {
    uint8_t key[HASH_SIZE],
        secret[HASH_SIZE]; // hashes: of the key, of what the person logged in by
    char person[PERSON_MAX + 1];
    int64_t began, seen; // began 0: free
    int64_t confirmed;   // when the secret was given again since; 0: not yet
};
struct logins { // starts as {0}
    struct login at[LOGINS_MAX];
};

// A new one; the table never refuses: what has ended, else what was seen longest ago, gives way.
// `secret`: the stored hash; where it changes, its sessions are no longer found.
void logins_begin(struct logins *s, struct bytes key, const char *person, const char *secret,
                  int64_t now);
struct login *logins_find(struct logins *s, struct bytes key,
                          int64_t now); // NULL: none, or ended
bool login_by_secret(const struct login *x, const char *secret);
void login_end(struct login *x);

enum {
    LOCKOUT_PEOPLE = 512,     // ids that were tried; the one tried longest ago is forgotten first
    LOCKOUT_FREE = 5,         // wrong tries of one id before the first pause
    LOCKOUT_FIRST_MS = 15000, // then doubled with each
    LOCKOUT_LONGEST_MS = 15 * 60000,
    LOCKOUT_ALL_FREE = 40,       // wrong tries of all ids together before all wait
    LOCKOUT_ALL_EACH_MS = 10000, // in which one of them is forgotten
    LOCKOUT_ALL_LONGEST_MS = 60000,
};

struct tried {
    uint8_t id[8]; // of the hash of what was given as an id, whether somebody has it or not
    unsigned wrong;
    int64_t until, last;
};
struct lockout { // starts as {0}
    struct tried at[LOCKOUT_PEOPLE];
    unsigned all;
    int64_t all_last, all_until;
};

int64_t lockout_wait(const struct lockout *l, struct bytes id, int64_t now); // ms; 0: may try
// Counted when the try begins, so that many at once are not free; taken back when it was right.
void lockout_try(struct lockout *l, struct bytes id, int64_t now);
void lockout_right(struct lockout *l, struct bytes id);
void lockout_forget(struct lockout *l, struct bytes id); // the id's tries; they count among all

// keys.h - who a unit is: the owner-only file `identity` in its state directory.
//
// It stands beside the store and not in it, so that a lost store locks nobody out. ZPL text with
// values in hexadecimal: a person can see what it is, and a recovery sheet prints it as it stands.
//
//   election = 32 digits     kind = drill | real     unit = "CODE"     incarnation = 16 digits
//   signing: public, seed       link: public, secret       (Ed25519 and X25519, 64 digits each)
//   ways/1..: address, curve    signers/1..: unit, key     (the parent, then those above it)
//
// The public halves are there so that a mistyped digit is found. Blanks between digits may stand.
#pragma once
#include "proto/code.h"

#define IDENTITY_FILE "identity"
enum { IDENTITY_BYTES_MAX = 8192 };

struct identity {
    uint8_t election[ELECTION_SIZE];
    bool drill;
    struct code unit;
    uint8_t key[KEY_SIZE], secret[SECRET_SIZE];      // Ed25519, signs the unit's logs
    uint8_t curve[KEY_SIZE], curve_secret[KEY_SIZE]; // X25519, opens the link
    uint64_t incarnation;                            // of the first reports log
    unsigned n_ways, n_signers;                      // 0 and 0 for the top
    struct way ways[WAYS_MAX];
    struct signer signers[SIGNERS_MAX];
};

void identity_make(struct identity *id); // draws both pairs and the incarnation, and no more

// 0; -EINVAL when a code or an address cannot stand on a line; else as savefile_write.
int identity_write(const char *dir, const struct identity *id);

// 0; -ENOENT, -EPERM, -EFBIG as savefile_read; -EBADMSG. Then *ret_why is a literal for people.
int identity_read(const char *dir, struct identity *id, const char **ret_why);

// The file's text into the caller's bytes, for the recovery sheet, and back. Secrets: wipe it.
int identity_encode(const struct identity *id, char *text, size_t cap, size_t *ret_n);
int identity_decode(struct identity *id, struct bytes text, const char **ret_why);

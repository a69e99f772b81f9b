// children.h - who may knock: children's keys and unused tokens, in a small owner-only file of its own.
//
// It stands beside the store, not in it, so that a lost store locks nobody out: the certificates in
// it are admitted again. Of a token only the public halves of what its seed gives are kept.
#pragma once
#include "common/base/keys.h"

struct children; // owns the file `children` in the state directory

enum { CHILDREN_MAX = 20000, TOKEN_DAYS = 7 };

struct child_entry {
    struct code unit;
    uint8_t curve[KEY_SIZE], key[KEY_SIZE], voucher[KEY_SIZE]; // as its certificate has them
    uint8_t certificate[CERTIFICATE_MAX];
    uint16_t n_certificate;
    bool retired;
};

int children_open(struct children **ret,
                  const char *dir); // no file: none; errno of savefile_read, -EBADMSG
void children_close(struct children **c);

// Whose CURVE key this is. 0: a child, unit is set; 1: the door of an unused token; -ENOENT: nobody.
int children_find(const struct children *c, const uint8_t curve[KEY_SIZE], struct code *ret_unit);
// A new token for a unit below us; the seed is drawn by the caller and forgotten after it is printed.
// 0: on disk; -ENOSPC: too many; or the errno of writing. now, here and below: ms since 1970.
int children_token(struct children *c, const struct token *t, int64_t now);
// 0: taken, on disk (the same certificate again is 0 too); -EACCES, or the errno of writing, with a reason.
int children_enrol(struct children *c, struct bytes certificate, const struct code *door_unit,
                   const uint8_t election[ELECTION_SIZE], int64_t now, const char **ret_why);
int children_retire(struct children *c,
                    const struct code *unit); // all its keys; -ENOENT: it has none
const struct child_entry *children_at(const struct children *c, uint32_t i); // NULL at the end

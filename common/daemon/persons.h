// persons.h - who works here: the small owner-only table people.csv, its roles and its bounds.
//
//   id,name,role,scope,restricted,secret
//   mai,Trần Thị Mai,operator,535,yes,$argon2id$v=19$...
// A line with id and name alone is somebody whom commands may name, and who cannot log in. scope:
// empty, the code of a unit (it and all below it), or group:NAME (the units of that group). Ids go
// into the logs; names stay here, where they can be erased.
#pragma once
#include "common/base/faults.h"
#include "proto/record.h"

#define PERSONS_FILE "people.csv"

enum right {                   // bits of http_route.needs and http_request.may
    RIGHT_READ = 1 << 0,       //
    RIGHT_ENTER = 1 << 1,      // node: state figures
    RIGHT_CHECK = 1 << 2,      // node: what a second person does
    RIGHT_OPERATE = 1 << 3,    // hub: words about units below, bulletins
    RIGHT_AUDIT = 1 << 4,      // hub: every version, the signed logs
    RIGHT_ADMIN = 1 << 5,      // hub: persons
    RIGHT_RESTRICTED = 1 << 6, // contests of a restricted kind are shown and taken
    RIGHT_CONFIRMED = 1 << 7,  // the secret was given again moments ago
    RIGHTS_ALL = (1 << 8) - 1,
};

enum {
    PERSONS_NODE_MAX = 8, // of a commune: two at least, so that one can check the other
    PERSONS_HUB_MAX = 200,
    PERSON_NAME_MAX = 120,
    PERSON_SCOPE_MAX = 200,
    PERSON_HASH_MAX = 128, // of crypto_pwhash_str, with its NUL
    PERSON_SECRET_MAX = 128,
    PERSONS_FILE_MAX = 256 << 10,
};

struct role {
    const char *name;
    unsigned rights;
};
struct persons_rules { // what differs between the programs
    const struct role *roles;
    unsigned n_roles, max;
    bool pin; // a secret is digits, for a keyboard that several people share
};
extern const struct persons_rules persons_of_node, persons_of_hub;

struct person {
    char id[PERSON_MAX + 1], name[PERSON_NAME_MAX + 1];
    const struct role *role; // NULL: can only be named
    char scope[PERSON_SCOPE_MAX + 1];
    bool restricted;
    char secret[PERSON_HASH_MAX]; // the hash; empty: cannot log in
};
struct persons { // starts as {.rules = ...}
    const struct persons_rules *rules;
    unsigned n;
    struct person at[PERSONS_HUB_MAX];
};

// 0; -EBADMSG with every fault by its line, and nobody in the table.
int persons_parse(struct persons *p, struct bytes text, struct faults *faults);
int persons_read(struct persons *p, const char *dir, struct faults *faults); // no file: nobody
int persons_write(const struct persons *p, const char *dir);
const struct person *persons_find(const struct persons *p, struct bytes id); // NULL: nobody
bool persons_log_in(const struct persons *p);                                // somebody could
// One change as a form: act=put|remove, id=, and of `put` what is to be changed of name, role,
// scope, restricted (yes, no), secret (a hash). NULL, or why not, as a key of text.h; then nothing was changed.
const char *persons_change(struct persons *p, struct bytes text);
// Whether this may be a secret here; NULL, or why not, as a key of text.h. far: people come from beyond the office.
const char *persons_secret_fault(const struct persons_rules *rules, bool far, struct bytes secret);

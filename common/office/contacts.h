// contacts.h - whom to ring in a unit: contacts.csv, a local owner-only table that no log ever holds.
//
// Columns unit, role, name, phone and, where there is one, phone2. The file may be written by hand or
// by a spreadsheet, also while the program runs: it is read again when it has changed. A row that cannot be
// used is a fault with its line, and the others serve. Rows of a unit can be replaced from a page;
// while the file has faults it is not written, so that nothing somebody typed is thrown away.
#pragma once
#include "common/base/faults.h"
#include "proto/chain.h"

struct contacts; // owns what was read of the file `contacts.csv` in the state directory

enum {
    CONTACTS_MAX = 20000,
    CONTACTS_OF_UNIT_MAX = 8,
    CONTACT_TEXT_MAX = 120, // bytes of a role or a name
    CONTACT_PHONE_MAX = 32, // of a number as written
    CONTACTS_BYTES_MAX = 4 << 20
};
#define CONTACTS_FILE "contacts.csv"

struct contact {
    struct code unit;
    unsigned line; // in the file it was read from
    char role[CONTACT_TEXT_MAX + 1], name[CONTACT_TEXT_MAX + 1];
    char phone[CONTACT_PHONE_MAX + 1], phone2[CONTACT_PHONE_MAX + 1];
};

void contacts_open(struct contacts **ret, const char *dir);
void contacts_close(struct contacts **c);
void contacts_look(struct contacts *c); // reads the file again if it is another one now

const struct faults *contacts_faults(const struct contacts *c);
// The rows of a unit, in the order of the file; *ret_n may be 0. Valid until the next look or put.
const struct contact *contacts_of(const struct contacts *c, struct bytes unit, uint32_t *ret_n);

// Replaces the unit's rows; on disk when it returns 0. -EINVAL: a row is not good; -ENOSPC: more rows
// than are kept; -EBADMSG: the file has faults.
int contacts_put(struct contacts *c, const struct code *unit, const struct contact *rows,
                 uint32_t n);

// What a tel: link dials: a leading + and digits; false: it is no telephone number.
bool contact_dial(const char *phone, char to[CONTACT_PHONE_MAX + 1]);

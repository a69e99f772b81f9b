// phonebook.h - telephone numbers and calls as pages of both programs show them and send them.
#pragma once
#include "calls.h"
#include "contacts.h"
#include <jansson.h>

// [{"role", "name", "phone": {"text", "dial"}, "phone2"}]; null for a number that no telephone dials.
json_t *phonebook_contacts(const struct contacts *c, struct bytes unit);
// {"last", "held", "promised", "all"}: each call {"what", "at", "until", "by"}, or null.
json_t *phonebook_calls(const struct calls *c, struct bytes unit);
// Rows of "role <tab> name <tab> phone <tab> second phone", one a line; an empty line is none. How many,
// at most one more than are kept; -EINVAL: a field too long, or too many of them.
int phonebook_rows(struct bytes text, const struct code *unit,
                   struct contact rows[CONTACTS_OF_UNIT_MAX + 1]);

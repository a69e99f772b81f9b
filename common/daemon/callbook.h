// callbook.h - a telephone call, and the numbers of a unit, as a page sends them: read, kept, answered.
#pragma once
#include "common/net/http.h"
#include "common/office/phonebook.h"

struct call_form { // every field that any of the forms has
    char room[8192];
    struct bytes by, unit, what, until, contacts;
};
// False: the reply says why not.
bool callbook_read(const struct http_request *q, struct http_reply *a, struct call_form *ret);
// One more call to the form's unit, and the calls to it then; false: the reply says why it is not kept.
bool callbook_call(struct calls *c, const struct call_form *form, struct http_reply *a);
// The numbers of the form's unit are these now, and are shown; false: the reply says why not.
bool callbook_contacts(struct contacts *c, const struct call_form *form, struct http_reply *a);

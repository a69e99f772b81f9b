// callbook.c - a telephone call, and the numbers of a unit, as a page sends them.
#include "callbook.h"
#include "commands.h"
#include "people.h"
#include <errno.h>
#include <string.h>

bool callbook_read(const struct http_request *q, struct http_reply *a, struct call_form *ret)
{
    static const char *const names[] = {"by", "unit", "what", "until", "contacts"};
    struct bytes *const to[] = {&ret->by, &ret->unit, &ret->what, &ret->until, &ret->contacts};
    struct form form;
    struct form_field f;
    int rc;
    memset(ret, 0, sizeof *ret);
    form_init(&form, q->body, ret->room, sizeof ret->room);
    while ((rc = form_next(&form, &f)) == 1)
        for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
            if (strcmp(f.name, names[i]) == 0)
                *to[i] = bytes_of(f.value, f.n_value);
    ret->by = people_by(q, ret->by);
    if (rc == 0 && ret->by.n <= PERSON_MAX && ret->unit.n <= CODE_MAX)
        return true;
    http_refuse(a, 422, "no_form");
    return false;
}

bool callbook_call(struct calls *c, const struct call_form *form, struct http_reply *a)
{
    struct call call = {.at = daemon_now().wall, .what = call_named(form->what)};
    struct code unit = code_of(form->unit);
    memcpy(call.by, form->by.at, form->by.n);
    if (call.what == 0) {
        http_refuse(a, 422, "call_what");
        return false;
    }
    if (call.what == CALL_PROMISED && calls_promise(form->until, call.at, &call.until) < 0) {
        http_refuse(a, 422, "call_until_when");
        return false;
    }
    int rc = calls_add(c, &unit, &call);
    if (rc < 0)
        http_refuse(a, rc == -ENOSPC ? 409 : 500, rc == -ENOSPC ? "call_many" : "call_unwritten");
    else
        reply_json(a, json_pack("{s:b,s:o}", "ok", 1, "calls", phonebook_calls(c, form->unit)));
    return rc == 0;
}

bool callbook_contacts(struct contacts *c, const struct call_form *form, struct http_reply *a)
{
    struct contact rows[CONTACTS_OF_UNIT_MAX + 1];
    struct code unit = code_of(form->unit);
    int n = phonebook_rows(form->contacts, &unit, rows);
    int rc = n < 0 ? n : contacts_put(c, &unit, rows, (uint32_t)n);
    if (rc == 0)
        reply_json(a,
                   json_pack("{s:b,s:o}", "ok", 1, "contacts", phonebook_contacts(c, form->unit)));
    else if (rc == -EINVAL)
        http_refuse(a, 422, "contacts_row");
    else if (rc == -EBADMSG)
        http_refuse(a, 409, "contacts_faults");
    else if (rc == -ENOSPC)
        http_refuse(a, 409, "contacts_many");
    else
        http_refuse(a, 500, "call_unwritten");
    return rc == 0;
}

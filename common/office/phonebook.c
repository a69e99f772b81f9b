// phonebook.c - telephone numbers and calls as pages of both programs show them and send them.
#include "phonebook.h"
#include "proto/utf8.h"
#include <errno.h>
#include <string.h>

static json_t *view_call(const struct call *c)
{
    if (c->what == 0)
        return json_null();
    return json_pack("{s:s,s:I,s:o,s:s}", "what", call_name(c->what), "at", (json_int_t)c->at,
                     "until", c->until ? json_integer((json_int_t)c->until) : json_null(), "by",
                     c->by);
}

static json_t *view_phone(const char *phone)
{
    char dial[CONTACT_PHONE_MAX + 1];
    return contact_dial(phone, dial) ? json_pack("{s:s,s:s}", "text", phone, "dial", dial)
                                     : json_null();
}

json_t *phonebook_contacts(const struct contacts *c, struct bytes unit)
{
    uint32_t n;
    const struct contact *at = contacts_of(c, unit, &n);
    json_t *list = json_array();
    for (uint32_t i = 0; i < n; i++)
        json_array_append_new(list, json_pack("{s:s,s:s,s:o,s:o}", "role", at[i].role, "name",
                                              at[i].name, "phone", view_phone(at[i].phone),
                                              "phone2", view_phone(at[i].phone2)));
    return list;
}

json_t *phonebook_calls(const struct calls *c, struct bytes unit)
{
    struct call_state s;
    struct call call;
    json_t *list = json_array();
    calls_state(c, unit, &s);
    for (unsigned i = 0; calls_at(c, unit, i, &call); i++)
        json_array_append_new(list, view_call(&call));
    return json_pack("{s:o,s:o,s:o,s:o}", "last", view_call(&s.last), "held", view_call(&s.held),
                     "promised", s.promised ? json_integer((json_int_t)s.promised) : json_null(),
                     "all", list);
}

// The next word of a row: up to a tab, or its end.
static struct bytes next_word(struct bytes *row)
{
    size_t n = 0;
    while (n < row->n && row->at[n] != '\t')
        n++;
    struct bytes word = bytes_of(row->at, n);
    *row = n < row->n ? bytes_of(row->at + n + 1, row->n - n - 1) : bytes_of(row->at + n, 0);
    return word;
}

static bool copy_word(struct bytes word, char *to, size_t max)
{
    if (word.n > max || !utf8_ok(word))
        return false;
    if (word.n > 0)
        memcpy(to, word.at, word.n);
    to[word.n] = 0;
    return strlen(to) == word.n;
}

int phonebook_rows(struct bytes text, const struct code *unit,
                   struct contact rows[CONTACTS_OF_UNIT_MAX + 1])
{
    int n = 0;
    while (text.n > 0) {
        size_t end = 0;
        while (end < text.n && text.at[end] != '\n')
            end++;
        struct bytes row = bytes_of(text.at, end);
        text = end < text.n ? bytes_of(text.at + end + 1, text.n - end - 1)
                            : bytes_of(text.at + end, 0);
        if (row.n == 0)
            continue;
        if (n > CONTACTS_OF_UNIT_MAX)
            break; // it is refused by their number
        struct contact *c = &rows[n++];
        memset(c, 0, sizeof *c);
        c->unit = *unit;
        if (!copy_word(next_word(&row), c->role, CONTACT_TEXT_MAX) ||
            !copy_word(next_word(&row), c->name, CONTACT_TEXT_MAX) ||
            !copy_word(next_word(&row), c->phone, CONTACT_PHONE_MAX) ||
            !copy_word(next_word(&row), c->phone2, CONTACT_PHONE_MAX) || row.n > 0)
            return -EINVAL;
    }
    return n;
}

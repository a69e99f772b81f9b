// machines.c - how each machine below is, and its logs' heads in the short form that is read out and compared.
#include "common/office/view.h"
#include "common/office/zero.h"
#include "duty.h"
#include <stdlib.h>
#include <string.h>

enum { CLOCK_OFF_MS = 2 * 60 * 1000, DISK_LOW = 200 << 20 };

// How far the tiers above have the log on disk; one that has as much as is here agrees with it.
static json_t *view_marks(const struct office *o, uint32_t log)
{
    const struct identity *id = office_identity(o);
    json_t *list = json_array();
    for (unsigned i = 0; i < id->n_signers; i++) {
        int64_t at;
        uint64_t n = office_marked(o, log, i, &at);
        json_array_append_new(
            list, json_pack("{s:o,s:I,s:b}", "tier", view_bytes(code_bytes(&id->signers[i].unit)),
                            "n", (json_int_t)n, "whole", n >= office_logs(o)->at[log].n));
    }
    return list;
}

static json_t *view_logs(const struct office *o, struct bytes unit)
{
    static const char *const streams[] = {"", "reports", "about", "plan"};
    const struct log_table *t = office_logs(o);
    const struct fold *f = office_fold(o);
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->n; i++) {
        const struct log_head *h = &t->at[i];
        if (!bytes_same(code_bytes(&h->id.about), unit) || h->id.stream > STREAM_ABOUT || h->n == 0)
            continue;
        json_array_append_new(
            list, json_pack("{s:s,s:o,s:I,s:o,s:b,s:o}", "stream", streams[h->id.stream],
                            "incarnation", view_id(h->id.incarnation), "n", (json_int_t)h->n,
                            "head", zero_typed(h->hash), "counts",
                            i < f->n_logs && fold_admitted(f, i), "marks", view_marks(o, i)));
    }
    return list;
}

// What is odd about a machine, in words of the page.
static json_t *view_odd(const struct office_link_state *l)
{
    json_t *list = json_array();
    int64_t off = l->offset_ms < 0 ? -l->offset_ms : l->offset_ms;
    if (l->beat && off > CLOCK_OFF_MS)
        json_array_append_new(
            list, json_string(off / 60000 >= 418 && off / 60000 <= 422 ? "clock_7h" : "clock"));
    if (l->beat && l->free_disk < DISK_LOW)
        json_array_append_new(list, json_string("disk"));
    if (l->beat && l->taking != TAKING)
        json_array_append_new(list, json_string("taking"));
    if (l->machines > 1)
        json_array_append_new(list, json_string("machines"));
    if (l->beat && !l->plan_current)
        json_array_append_new(list, json_string("plan"));
    return list;
}

void machines_list(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    struct duty_units u;
    json_t *rows = json_array();
    if (!duty_units(h, q, a, &u)) {
        json_decref(rows);
        return;
    }
    const struct plan *p = office_plan(o);
    for (uint32_t i = 0; i < u.n; i++) {
        struct office_link_state link = {.word = LINK_NEVER_SEEN};
        struct bytes code = p->units[u.at[i]].code;
        if (!office_child(o, code, &link))
            office_word(o, code, &link);
        json_t *row = view_unit(p, u.at[i]);
        json_object_set_new(row, "link", view_link(&link));
        json_object_set_new(row, "odd", view_odd(&link));
        json_object_set_new(row, "logs", view_logs(o, code));
        json_array_append_new(rows, row);
    }
    free(u.at);
    reply_json(a, json_pack("{s:o,s:i}", "rows", rows, "plan", (int)p->version));
}

// Units on the desk that said they are ready under the plan in force, and who has not.
void machines_ready(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    struct duty_units u;
    if (!duty_units(h, q, a, &u))
        return;
    json_t *rows = json_array();
    unsigned n = 0;
    const struct fold *f = office_fold(o);
    for (uint32_t i = 0; i < u.n; i++) {
        json_t *j = zero_ready(f, u.at[i]), *row = view_unit(f->plan, u.at[i]);
        struct office_link_state link = {.word = LINK_NEVER_SEEN};
        struct bytes code = f->plan->units[u.at[i]].code;
        if (!office_child(o, code, &link))
            office_word(o, code, &link);
        bool ready = json_integer_value(json_object_get(j, "n")) ==
                     json_integer_value(json_object_get(j, "of"));
        n += ready;
        json_object_set_new(row, "ready", json_boolean(ready));
        json_object_set_new(row, "communes", j);
        json_object_set_new(row, "link", view_link(&link));
        json_object_set_new(row, "contacts", phonebook_contacts(h->contacts, code));
        json_array_append_new(rows, row);
    }
    reply_json(a, json_pack("{s:i,s:i,s:o}", "n", (int)n, "of", (int)u.n, "rows", rows));
    free(u.at);
}

// zero.c - the zero sheet of a hub: with the keys of every machine below that it lets in.
#include "common/office/zero.h"
#include "common/office/view.h"
#include "hub.h"

static bool admitted(const struct office *o, struct bytes code)
{
    const struct fold *f = office_fold(o);
    for (uint32_t i = 0; f && i < f->n_grants; i++)
        if (f->grants[i].admitted && f->grants[i].home != PLAN_NONE &&
            bytes_same(f->plan->units[f->grants[i].home].code, code))
            return true;
    return false;
}

void zero_sheet(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    const struct plan *p = office_plan(o);
    json_t *j = zero_view(o, daemon_now().wall, people_restricted(q)), *list = json_array();
    for (uint32_t i = 0; children_at(h->children, i); i++) {
        const struct child_entry *e = children_at(h->children, i);
        struct bytes code = code_bytes(&e->unit);
        uint32_t unit = p ? plan_unit_of(p, code) : PLAN_NONE;
        if (e->retired)
            continue;
        json_array_append_new(list,
                              json_pack("{s:o,s:o,s:o,s:b}", "code", view_bytes(code), "name",
                                        view_bytes(unit == PLAN_NONE ? code : p->units[unit].name),
                                        "key", zero_typed(e->key), "admitted", admitted(o, code)));
    }
    json_object_set_new(j, "children", list);
    reply_json(a, j);
}

// lookup.c - the route that finds units by what somebody types.
#include "commands.h"
#include "common/office/find.h"
#include "common/office/view.h"

static json_t *found(const struct plan *p, uint32_t root, uint32_t unit)
{
    json_t *j = view_unit(p, unit), *path = json_array();
    for (uint32_t u = unit; u != root; u = p->units[u].parent)
        json_array_insert_new(path, 0,
                              json_pack("{s:o,s:o}", "code", view_bytes(p->units[u].code), "name",
                                        view_bytes(p->units[u].name)));
    json_object_set_new(j, "path", path);
    return j;
}

// ?q=&unit=: of the units below `unit`, at most FIND_MAX; `n` says how many there are.
void route_find(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct commands_ctx *c = ctx;
    const struct office *o = daemon_office(c->daemon);
    const struct plan *p = office_plan(o);
    const char *text = http_query(q, "q");
    uint32_t units[FIND_MAX], n;
    if (!text || bytes_text(text).n > FIND_QUERY_MAX) {
        http_refuse(a, 422, "q= is what to look for, at most 200 bytes");
        return;
    }
    uint32_t root = reply_unit(o, q, a);
    if (root == PLAN_NONE)
        return;
    json_t *list = json_array();
    if (!c->find)
        find_open(&c->find);
    n = find_units(c->find, p, root, bytes_text(text), units);
    for (uint32_t i = 0; i < n && i < FIND_MAX; i++)
        json_array_append_new(list, found(p, root, units[i]));
    reply_json(a, json_pack("{s:s,s:I,s:o}", "q", text, "n", (json_int_t)n, "units", list));
}

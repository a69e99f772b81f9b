// matters.c - the route and the command that show what somebody must look at.
#include "common/office/matters.h"
#include "commands.h"

void route_matters(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct commands_ctx *)ctx)->daemon);
    const char *name = http_query(q, "kind");
    const struct record_spec *s = name && *name ? record_spec_named(bytes_text(name)) : NULL;
    uint32_t unit = reply_unit(o, q, a);
    if (unit == PLAN_NONE)
        return;
    if (name && *name && (!s || !matters_kind(s->kind)))
        http_refuse(a, 422, "kind= is incident, complaint, situation or instruction");
    else
        reply_json(a, matters_list(o, unit, s ? s->kind : 0, people_restricted(q)));
}

// The words may narrow it: unit=CODE, kind=complaint ...
int command_incidents(struct cli *cli)
{
    return command_query(cli, "/api/matters");
}

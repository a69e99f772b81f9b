// dues.c - the route and the command that show what is owed after the vote, by its day.
#include "common/office/dues.h"
#include "commands.h"

void route_dues(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct commands_ctx *)ctx)->daemon);
    enum due_kind kind = DUE_KINDS;
    const char *name = http_query(q, "kind");
    uint32_t unit = reply_unit(o, q, a);
    if (unit == PLAN_NONE)
        return;
    if (name && *name && !due_named(bytes_text(name), &kind))
        http_refuse(a, 422,
                    "kind= is report, minutes, recognise, hold, rerun, appoint, interim or "
                    "complaint");
    else
        reply_json(a,
                   dues_view(office_fold(o), unit, kind, daemon_now().wall, people_restricted(q)));
}

// The words may narrow it: unit=CODE, kind=recognise ...
int command_dues(struct cli *cli)
{
    return command_query(cli, "/api/dues");
}

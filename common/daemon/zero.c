// zero.c - the zero sheet as both programs answer it.
#include "common/office/zero.h"
#include "commands.h"

void route_zero(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct commands_ctx *)ctx)->daemon);
    reply_json(a, zero_view(o, daemon_now().wall, people_restricted(q)));
}

int command_zero(struct cli *cli)
{
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "GET", "/api/zero", NULL);
}

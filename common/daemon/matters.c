// matters.c - the route and the command that show what somebody must look at.
#include "common/office/matters.h"
#include "commands.h"
#include <stdio.h>
#include <stdlib.h>

void route_matters(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct commands_ctx *)ctx)->daemon);
    const struct plan *p = office_plan(o);
    const char *code = people_unit(q), *name = http_query(q, "kind");
    const struct record_spec *s = name && *name ? record_spec_named(bytes_text(name)) : NULL;
    if (!p) {
        http_refuse(a, 503, "no plan is here yet");
        return;
    }
    uint32_t unit =
        plan_unit_of(p, code ? bytes_text(code) : code_bytes(&office_identity(o)->unit));
    if (unit == PLAN_NONE)
        http_refuse(a, 404, "no such unit in the plan here");
    else if (name && *name && (!s || !matters_kind(s->kind)))
        http_refuse(a, 422, "kind= is incident, complaint, situation or instruction");
    else
        reply_json(a, matters_list(o, unit, s ? s->kind : 0, people_restricted(q)));
}

// The words may narrow it: unit=CODE, kind=complaint ...
int command_incidents(struct cli *cli)
{
    char *query = NULL, *path = NULL;
    int rc = cli_form(cli, &query);
    if (rc != CLI_OK)
        return rc;
    if (asprintf(&path, "/api/matters%s%s", *query ? "?" : "", query) < 0)
        abort();
    rc = cli_show(cli, "GET", path, NULL);
    free(query);
    free(path);
    return rc;
}

// routes.c - the names of rights, and the list of every route with what it needs.
#include "commands.h"
#include <stdio.h>
#include <stdlib.h>

static const struct {
    unsigned bit;
    const char *name;
} names[] = {
    {RIGHT_READ, "read"},
    {RIGHT_ENTER, "enter"},
    {RIGHT_CHECK, "check"},
    {RIGHT_OPERATE, "operate"},
    {RIGHT_AUDIT, "audit"},
    {RIGHT_ADMIN, "admin"},
    {RIGHT_RESTRICTED, "restricted"},
    {RIGHT_CONFIRMED, "confirmed"},
    {ROUTE_SCOPED, "scoped"},
    {HTTP_LOCAL, "local"},
    {HTTP_PAGE, "page"},
    {HTTP_OPEN, "open"},
};

json_t *routes_rights(unsigned may)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (may & names[i].bit)
            json_array_append_new(list, json_string(names[i].name));
    return list;
}

int command_routes(struct cli *cli, const struct http_route *routes, size_t n)
{
    json_t *list = json_array();
    if (cli_done(cli) != CLI_OK) {
        json_decref(list);
        return CLI_USAGE;
    }
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list,
                              json_pack("{s:s,s:s,s:o}", "method", routes[i].method, "path",
                                        routes[i].path, "needs", routes_rights(routes[i].needs)));
    char *text = json_dumps(list, JSON_INDENT(1));
    puts(text);
    free(text);
    json_decref(list);
    return CLI_OK;
}

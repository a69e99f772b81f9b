// guard.c - whether a request that came by TCP may have been sent by one of our own pages.
#include "common/net/guard.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is(const char *host, const char *name, int port)
{
    char with_port[280];
    int n = snprintf(with_port, sizeof with_port, "%s:%d", name, port);
    if (n < 0 || (size_t)n >= sizeof with_port)
        return false;
    return strcasecmp(host, with_port) == 0 || (port == 80 && strcasecmp(host, name) == 0);
}

static bool host_allowed(const struct guard *g, const char *host, const char *address)
{
    if (address && is(host, address, g->port))
        return true;
    if (is(host, "127.0.0.1", g->port) || is(host, "localhost", g->port) ||
        is(host, "[::1]", g->port))
        return true;
    // Behind a proxy the browser's port is the proxy's, and the name stands without it.
    return g->name && (strcasecmp(host, g->name) == 0 || is(host, g->name, g->port));
}

static bool same_origin(const char *origin, const char *host)
{
    if (strncasecmp(origin, "http://", 7) == 0)
        return strcasecmp(origin + 7, host) == 0;
    if (strncasecmp(origin, "https://", 8) == 0)
        return strcasecmp(origin + 8, host) == 0;
    return false; // also "null"
}

const char *guard_check(const struct guard *g, const struct guard_headers *h)
{
    if (!h->host || !host_allowed(g, h->host, h->address))
        return "this name is not served here";
    if (strcmp(h->method, "GET") == 0 || strcmp(h->method, "HEAD") == 0)
        return NULL;
    if (h->origin && !same_origin(h->origin, h->host))
        return "sent by a page of another site";
    if (h->site && strcmp(h->site, "same-origin") != 0 && strcmp(h->site, "none") != 0)
        return "sent by a page of another site";
    if (!h->ours || strcmp(h->ours, "1") != 0)
        return "the header X-Dantin is missing";
    return NULL;
}

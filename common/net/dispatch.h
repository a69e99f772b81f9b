// dispatch.h - which handler or file answers a request, whether it may, and what goes back.
//
// For http.c only.
#pragma once
#include "common/net/http.h"
#include <microhttpd.h>

struct web;

struct dispatch {
    const struct http_setup *setup;
    struct web *web; // NULL: no pages
    struct kept *kept;
};

enum MHD_Result dispatch_request(const struct dispatch *d, struct http_request *q);
enum MHD_Result dispatch_error(struct MHD_Connection *c, int status, const char *why);

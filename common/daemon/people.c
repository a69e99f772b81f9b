// people.c - who asks, and what they may: the rights that routes need.
#include "people.h"
#include <errno.h>
#include <string.h>

int people_admit(void *ctx, struct http_request *q, unsigned needs, struct http_reply *refusal)
{
    const struct people *p = ctx;
    q->may = q->local ? RIGHTS_ALL : p->desk;
    if (needs & (HTTP_OPEN | HTTP_LOCAL))
        return 0;
    if ((q->may & needs) == needs)
        return 0;
    http_refuse(refusal, 403, "not for whoever has the page: use the command on the machine");
    return -EACCES;
}

struct bytes people_by(const struct http_request *q, struct bytes said)
{
    return q->person ? bytes_text(q->person) : said;
}

// dispatch.c - which handler or file answers a request, whether it may, and what goes back.
#include "common/net/dispatch.h"
#include "common/base/clock.h"
#include "common/net/gzip.h"
#include "common/net/kept.h"
#include "common/net/sse.h"
#include "common/net/web.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum MHD_Result answer(struct MHD_Connection *c, int status, struct MHD_Response *response)
{
    enum MHD_Result rc = MHD_queue_response(c, (unsigned)status, response);
    MHD_destroy_response(response);
    return rc;
}

// With the turn in the reply X-Dantin-Start says from where a page goes on: see sse.h.
static void dress(const struct http_setup *s, struct MHD_Response *response)
{
    char start[16];
    web_dress(response);
    if (!s || !s->events)
        return;
    snprintf(start, sizeof start, "%u", (unsigned)sse_start(s->events));
    MHD_add_response_header(response, "X-Dantin-Start", start);
}

static enum MHD_Result answer_reply(const struct http_setup *s, struct MHD_Connection *c,
                                    struct http_reply *r)
{
    struct MHD_Response *response =
        r->body ? MHD_create_response_from_buffer(r->n, r->body, MHD_RESPMEM_MUST_FREE)
                : MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    assert(response);
    dress(s, response);
    MHD_add_response_header(response, "Content-Type", r->type ? r->type : "application/json");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (r->cookie[0])
        MHD_add_response_header(response, "Set-Cookie", r->cookie);
    if (r->filename[0]) {
        char text[sizeof r->filename + 32];
        snprintf(text, sizeof text, "attachment; filename=\"%s\"", r->filename);
        MHD_add_response_header(response, "Content-Disposition", text);
    }
    return answer(c, r->status ? r->status : 200, response);
}

enum MHD_Result dispatch_error(struct MHD_Connection *c, int status, const char *why)
{
    struct http_reply r = {0};
    http_refuse(&r, status, why);
    return answer_reply(NULL, c, &r);
}

static enum MHD_Result answer_stream(const struct http_setup *s, struct MHD_Connection *c)
{
    struct MHD_Response *response;
    if (!s->events || sse_join(s->events, c, &response) != 0)
        return dispatch_error(c, 503, "no_reader_more");
    web_dress(response);
    return answer(c, 200, response);
}

static bool covers(const struct http_route *r, const char *path)
{
    size_t n = strlen(r->path);
    if (n >= 2 && strcmp(r->path + n - 2, "/*") == 0)
        return strncmp(path, r->path, n - 1) == 0;
    return strcmp(path, r->path) == 0;
}

static enum MHD_Result answer_file(const struct web_file *f, struct MHD_Connection *c)
{
    const char *known = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");
    const char *takes = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Encoding");
    bool packed = f->packed && gzip_taken(takes);
    const char *etag = packed ? f->packed_etag : f->etag;
    if (!known || strcmp(known, etag) != 0)
        return MHD_queue_response(c, 200, packed ? f->packed : f->response);
    struct MHD_Response *same = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    assert(same);
    MHD_add_response_header(same, "ETag", etag);
    MHD_add_response_header(same, "Vary", "Accept-Encoding");
    web_dress(same);
    return answer(c, 304, same);
}

// Whether this request may have what asks for `needs`; the refusal is filled where not.
static bool admitted(const struct http_setup *s, struct http_request *q, unsigned needs,
                     struct http_reply *refusal)
{
    if (!s->admit || s->admit(s->admit_ctx, q, needs, refusal) == 0)
        return true;
    if (!refusal->body)
        http_refuse(refusal, 403, "no_right");
    return false;
}

// What was answered in this turn already; false: it has to be made.
static bool answer_kept(const struct dispatch *d, struct http_request *q, enum MHD_Result *ret)
{
    const struct http_setup *s = d->setup;
    if (!s->turn || strcmp(q->method, "GET") != 0)
        return false;
    struct MHD_Response *r = kept_find(d->kept, q, s->turn(s->turn_ctx), clock_mono());
    if (r)
        *ret = MHD_queue_response(q->connection, 200, r);
    return r != NULL;
}

static bool keep(const struct dispatch *d, struct http_request *q, struct http_reply *reply,
                 enum MHD_Result *ret)
{
    const struct http_setup *s = d->setup;
    struct kept_pair pair;
    if (!s->turn || !kept_put(d->kept, q, reply, s->turn(s->turn_ctx), clock_mono(), &pair))
        return false;
    dress(s, pair.plain);
    if (pair.packed)
        dress(s, pair.packed);
    *ret = MHD_queue_response(q->connection, 200, pair.answer);
    return true;
}

// Relative, since a proxy may have put a folder before it. The entrance knows where to go on to.
static enum MHD_Result send_to_entrance(const struct http_setup *s, const char *path,
                                        struct MHD_Connection *c)
{
    char to[300];
    struct MHD_Response *response = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    assert(response);
    snprintf(to, sizeof to, "%s?to=%s", s->entrance + 1, path + 1);
    MHD_add_response_header(response, "Location", to);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    web_dress(response);
    return answer(c, 303, response);
}

static enum MHD_Result answer_route(const struct dispatch *d, const struct http_route *r,
                                    struct http_request *q)
{
    const struct http_setup *s = d->setup;
    struct http_reply reply = {0};
    enum MHD_Result rc;
    bool may = admitted(s, q, r->needs, &reply);
    if (may && answer_kept(d, q, &rc))
        return rc;
    if (may && strcmp(q->method, "GET") != 0)
        kept_clear(d->kept);
    if (may)
        r->handle(s->ctx, q, &reply);
    if (!may && reply.status == 401 && (r->needs & HTTP_PAGE) && s->entrance) {
        free(reply.body);
        return send_to_entrance(s, r->path, q->connection);
    }
    q->waited = reply.wait;
    if (reply.wait != 0) {
        free(reply.body);
        MHD_suspend_connection(q->connection); // resumed, MHD asks on_request again
        return MHD_YES;
    }
    if (may && reply.keep && keep(d, q, &reply, &rc))
        return rc;
    if (!reply.stream)
        return answer_reply(s, q->connection, &reply);
    free(reply.body);
    return answer_stream(s, q->connection);
}

static bool is_page(const char *path)
{
    size_t n = strlen(path);
    return n > 5 && strcmp(path + n - 5, ".html") == 0;
}

static enum MHD_Result answer_page(const struct http_setup *s, const struct web_file *f,
                                   struct http_request *q)
{
    struct http_reply refusal = {0};
    if (s->pages_need == 0 || !is_page(f->path) || strcmp(f->path, s->entrance) == 0 ||
        admitted(s, q, s->pages_need, &refusal))
        return answer_file(f, q->connection);
    int status = refusal.status;
    if (status != 401)
        return answer_reply(NULL, q->connection, &refusal);
    free(refusal.body);
    return send_to_entrance(s, f->path, q->connection);
}

enum MHD_Result dispatch_request(const struct dispatch *d, struct http_request *q)
{
    const struct http_setup *s = d->setup;
    bool known = false;
    for (size_t i = 0; i < s->n_routes; i++) {
        const struct http_route *r = &s->routes[i];
        if (!covers(r, q->path) || ((r->needs & HTTP_LOCAL) && !q->local))
            continue;
        known = true;
        if (strcmp(r->method, q->method) == 0)
            return answer_route(d, r, q);
    }
    const struct web_file *f = d->web ? web_find(d->web, q->path) : NULL;
    if (f && strcmp(q->method, "GET") == 0)
        return answer_page(s, f, q);
    if (known || f)
        return dispatch_error(q->connection, 405, "not by this method");
    return dispatch_error(q->connection, 404, "nothing of this name");
}

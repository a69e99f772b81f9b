// reply.c - what handlers ask of a request, and how they fill a reply (http.h).
#include "common/base/text.h"
#include "common/net/http.h"
#include <assert.h>
#include <jansson.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *http_query(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *http_cookie(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, name);
}

void http_refuse(struct http_reply *reply, int status, const char *key)
{
    http_refuse_words(reply, status, text_of(key, LANGUAGE_VI), text_of(key, LANGUAGE_EN));
}

void http_refuse_words(struct http_reply *reply, int status, const char *vi, const char *en)
{
    json_t *text = json_pack("{s:s,s:s,s:s}", "error", en, "words", vi, "words_en", en);
    if (!text) // not UTF-8
        text = json_pack("{s:s}", "error", "refused");
    assert(text);
    free(reply->body);
    reply->body = json_dumps(text, JSON_COMPACT);
    assert(reply->body);
    reply->n = strlen(reply->body);
    reply->status = status;
    reply->type = NULL;
    json_decref(text);
}

void http_printf(struct http_reply *reply, const char *format, ...)
{
    va_list args;
    free(reply->body);
    va_start(args, format);
    int n = vasprintf(&reply->body, format, args);
    va_end(args);
    assert(n >= 0);
    reply->n = (size_t)n;
}

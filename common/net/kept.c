// kept.c - replies that many pages ask for after the same event: made once, given to each who may have them.
#include "common/net/kept.h"
#include "common/net/gzip.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct one {
    char key[KEPT_KEY_MAX];
    uint64_t turn;
    int64_t at; // ms, clock_mono
    size_t n;   // bytes of both
    struct MHD_Response *plain, *packed;
};

struct kept {
    struct one all[KEPT_MAX];
    size_t bytes;
};

struct writer {
    char *to;
    size_t n;
    bool full;
};

static void put(struct writer *w, const char *text)
{
    size_t n = strlen(text) + 1; // its end too: "a" and "b" are not "ab"
    w->full = w->full || w->n + n > KEPT_KEY_MAX;
    if (w->full)
        return;
    memcpy(w->to + w->n, text, n);
    w->n += n;
}

static enum MHD_Result put_value(void *cls, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    (void)kind;
    put(cls, name);
    put(cls, value ? value : "");
    return MHD_YES;
}

// All that the reply depends on beside the state; false: too long.
static bool key_of(const struct http_request *q, char key[KEPT_KEY_MAX])
{
    struct writer w = {.to = key};
    char rights[24];
    memset(key, 0, KEPT_KEY_MAX);
    snprintf(rights, sizeof rights, "%u %d", q->may, q->local);
    put(&w, q->path);
    put(&w, rights);
    put(&w, q->unit ? q->unit : "");
    MHD_get_connection_values(q->connection, MHD_GET_ARGUMENT_KIND, put_value, &w);
    return !w.full;
}

static void drop(struct kept *k, struct one *x)
{
    if (!x->plain)
        return;
    MHD_destroy_response(x->plain);
    if (x->packed)
        MHD_destroy_response(x->packed);
    k->bytes -= x->n;
    *x = (struct one){0};
}

void kept_open(struct kept **ret_kept)
{
    *ret_kept = calloc(1, sizeof **ret_kept);
    assert(*ret_kept);
}

void kept_clear(struct kept *k)
{
    for (unsigned i = 0; i < KEPT_MAX; i++)
        drop(k, &k->all[i]);
}

void kept_close(struct kept **kept)
{
    if (!*kept)
        return;
    kept_clear(*kept);
    free(*kept);
    *kept = NULL;
}

static struct MHD_Response *choose(const struct one *x, const struct http_request *q)
{
    const char *takes =
        MHD_lookup_connection_value(q->connection, MHD_HEADER_KIND, "Accept-Encoding");
    return x->packed && gzip_taken(takes) ? x->packed : x->plain;
}

struct MHD_Response *kept_find(struct kept *k, const struct http_request *q, uint64_t turn,
                               int64_t now)
{
    char key[KEPT_KEY_MAX];
    if (!key_of(q, key))
        return NULL;
    for (unsigned i = 0; i < KEPT_MAX; i++) {
        struct one *x = &k->all[i];
        if (!x->plain || memcmp(x->key, key, sizeof key) != 0)
            continue;
        if (x->turn == turn && now - x->at < KEPT_MS)
            return choose(x, q);
        drop(k, x);
    }
    return NULL;
}

// The first that is free, else the oldest, which goes; and with it others while all are too much.
static struct one *room(struct kept *k, size_t n)
{
    for (;;) {
        struct one *oldest = &k->all[0];
        for (unsigned i = 0; i < KEPT_MAX; i++) {
            struct one *x = &k->all[i];
            if (!x->plain && k->bytes + n <= KEPT_TOTAL_MAX)
                return x;
            if (!oldest->plain || (x->plain && x->at < oldest->at))
                oldest = x;
        }
        drop(k, oldest);
    }
}

static struct MHD_Response *response_of(void *at, size_t n, const char *type)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(n, at, MHD_RESPMEM_MUST_FREE);
    assert(r);
    MHD_add_response_header(r, "Content-Type", type ? type : "application/json");
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "Vary", "Accept-Encoding, Cookie");
    return r;
}

bool kept_put(struct kept *k, const struct http_request *q, struct http_reply *reply, uint64_t turn,
              int64_t now, struct kept_pair *ret)
{
    char key[KEPT_KEY_MAX];
    size_t n_packed = 0;
    bool plain_reply = (reply->status == 0 || reply->status == 200) && !reply->cookie[0] &&
                       !reply->filename[0] && reply->n <= KEPT_BYTES_MAX;
    if (!reply->keep || !plain_reply || !key_of(q, key))
        return false;
    uint8_t *packed = gzip_pack(reply->body, reply->n, GZIP_QUICK, &n_packed);
    struct one *x = room(k, reply->n + n_packed);
    memcpy(x->key, key, sizeof key);
    x->turn = turn;
    x->at = now;
    x->n = reply->n + n_packed;
    x->plain = response_of(reply->body, reply->n, reply->type);
    if (packed) {
        x->packed = response_of(packed, n_packed, reply->type);
        MHD_add_response_header(x->packed, "Content-Encoding", "gzip");
    }
    k->bytes += x->n;
    reply->body = NULL;
    *ret = (struct kept_pair){x->plain, x->packed, choose(x, q)};
    return true;
}

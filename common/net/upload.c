// upload.c - the body of a request while it comes in: bounded, alone and all together.
#include "common/net/upload.h"
#include "common/net/http.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void upload_refuse(struct upload *u, int status, const char *why)
{
    if (u->refused)
        return;
    u->refused = status;
    u->why = why;
}

static void grow(struct upload *u, size_t n, size_t *held)
{
    if (n <= u->cap)
        return;
    size_t cap = n > u->cap * 2 ? n : u->cap * 2;
    cap = cap < HTTP_BODY_MAX ? cap : HTTP_BODY_MAX;
    if (*held - u->cap + cap > HTTP_BODIES_MAX) {
        upload_refuse(u, 503, "no_room_now");
        return;
    }
    *held += cap - u->cap;
    u->at = realloc(u->at, cap);
    assert(u->at);
    u->cap = cap;
}

bool upload_take(struct upload *u, const char *data, size_t n, size_t *held)
{
    u->seen += n;
    if (u->seen > HTTP_BODY_MAX)
        upload_refuse(u, 413, "no_so_much");
    if (!u->refused)
        grow(u, u->n + n, held);
    if (u->refused) {
        upload_drop(u, held);
        return u->seen <= UPLOAD_DISCARD_MAX;
    }
    memcpy(u->at + u->n, data, n);
    u->n += n;
    return true;
}

struct bytes upload_body(const struct upload *u)
{
    return bytes_of(u->at, u->n);
}

void upload_drop(struct upload *u, size_t *held)
{
    *held -= u->cap;
    free(u->at);
    u->at = NULL;
    u->n = u->cap = 0;
}

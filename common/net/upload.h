// upload.h - the body of a request while it comes in: bounded, alone and all together.
//
// A refused body is read on to its end, up to UPLOAD_DISCARD_MAX, and thrown away: a sender that is
// cut off while it sends does not get to read why.
#pragma once
#include "proto/pack.h"

enum { UPLOAD_DISCARD_MAX = 16 << 20 };

struct upload { // starts as {0}
    uint8_t *at;
    size_t n, cap, seen;
    int refused;     // a status, or 0
    const char *why; // a literal
    uint64_t waited; // the reply that is waited for, of http_reply.wait
};

void upload_refuse(struct upload *u, int status, const char *why); // the first refusal stands
// False: not even worth an answer. *held counts the bytes of all uploads.
bool upload_take(struct upload *u, const char *data, size_t n, size_t *held);
struct bytes upload_body(const struct upload *u);
void upload_drop(struct upload *u, size_t *held);

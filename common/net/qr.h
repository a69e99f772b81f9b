// qr.h - a short text as a QR code, drawn as SVG: what a telephone reads off paper.
//
// Only the characters of QR's alphanumeric mode are taken, so that what our papers print (typed seals and
// fingerprints) makes the smallest code, and so that nobody can make a page of ours draw any link they like.
#pragma once
#include <stddef.h>

struct http_request;
struct http_reply;

enum { QR_TEXT_MAX = 200, QR_QUIET = 4 }; // bytes; modules of white around it that readers need

// A malloc'd SVG document ended by NUL, one unit a module; NULL with the reason for a person.
char *qr_svg(const char *text, const char **ret_why);

// GET /api/qr?text=...
void route_qr(void *ctx, const struct http_request *q, struct http_reply *a);

// qr.c - a short text as a QR code, drawn as SVG: what a telephone reads off paper.
#include "common/net/qr.h"
#include "common/net/http.h"
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *wrong_with(const char *text)
{
    static const char taken[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    size_t n = strlen(text);
    if (n == 0)
        return "text= is empty";
    if (n > QR_TEXT_MAX)
        return "longer than 200 characters";
    return strspn(text, taken) == n ? NULL : "only A-Z, 0-9, space and $%*+-./: are drawn";
}

// Dark modules that touch in a row are one bar: a path of a few kilobytes at most.
static void draw_row(FILE *to, const unsigned char *row, int y, int width)
{
    for (int x = 0, end; x < width; x = end) {
        for (end = x; end < width && (row[end] & 1); end++)
            continue;
        if (end > x)
            fprintf(to, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET, end - x, end - x);
        else
            end++;
    }
}

char *qr_svg(const char *text, const char **ret_why)
{
    char *svg = NULL;
    size_t n = 0;
    *ret_why = wrong_with(text);
    if (*ret_why)
        return NULL;
    // A quarter of it may be dirty or torn.
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
    FILE *to = code ? open_memstream(&svg, &n) : NULL;
    if (!to)
        abort(); // within the limits above only memory can be missing
    int side = code->width + 2 * QR_QUIET;
    fprintf(to,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/>"
            "<path fill=\"#000\" d=\"",
            side, side, side, side, side);
    for (int y = 0; y < code->width; y++)
        draw_row(to, code->data + (size_t)y * (size_t)code->width, y, code->width);
    fputs("\"/></svg>", to);
    fclose(to);
    QRcode_free(code);
    return svg;
}

void route_qr(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const char *text = http_query(q, "text"), *why = NULL;
    (void)ctx;
    a->body = qr_svg(text ? text : "", &why);
    if (!a->body) {
        http_refuse(a, 422, why);
        return;
    }
    a->n = strlen(a->body);
    a->type = "image/svg+xml";
}

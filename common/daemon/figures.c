// figures.c - a figure as it was typed, read by the number rule and said back: for a field that is left.
#include "commands.h"
#include "common/base/figure.h"
#include <string.h>

// ?text=, and ?kind=percent for a part as minutes write it.
void route_figure(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const char *asked = http_query(q, "text"), *kind = http_query(q, "kind");
    struct bytes text = bytes_text(asked ? asked : "");
    char back[FIGURE_TEXT], why[LANGUAGES][FIGURE_WHY];
    uint64_t n = 0;
    bool part = kind && strcmp(kind, "percent") == 0;
    enum figure_fault fault = part ? figure_read_percent(text, true, &n) : figure_read(text, &n);
    (void)ctx;
    if (fault == FIGURE_GOOD) {
        figure_write(part ? n / 100 : n, back);
        reply_json(a, json_pack("{s:I,s:o}", "number", (json_int_t)n, "text",
                                part ? json_sprintf("%s,%02u", back, (unsigned)(n % 100))
                                     : json_string(back)));
        return;
    }
    for (unsigned i = 0; i < LANGUAGES; i++)
        figure_why(fault, text, (enum language)i, why[i]);
    reply_json(a, json_pack("{s:s,s:s,s:s}", "error", why[LANGUAGE_EN], "words", why[LANGUAGE_VI],
                            "words_en", why[LANGUAGE_EN]));
    a->status = 422;
}

// figures.c - a figure as it was typed, read by the number rule and said back: for a field that is left.
#include "commands.h"
#include "common/base/figure.h"
#include "common/base/moment.h"
#include "common/office/words.h"
#include <stdio.h>
#include <string.h>

// 7:05 of today, else with its day; a day alone, where a day was asked for.
static void show_moment(int64_t at, int64_t now, bool day, char to[32])
{
    char whole[32], today[32];
    words_time(at, whole); // "17:05 22/05/2022"
    words_time(now, today);
    const char *date = strchr(whole, ' ') ? strchr(whole, ' ') + 1 : whole;
    if (day)
        snprintf(to, 32, "%s", date);
    else if (strcmp(whole + 5, today + 5) == 0)
        snprintf(to, 32, "%.5s", whole);
    else
        snprintf(to, 32, "%.16s %.5s", date, whole);
}

static void answer_moment(struct bytes text, bool day, struct http_reply *a)
{
    int64_t now = daemon_now().wall, at = 0;
    int stated = moment_read(text, now, &at);
    char shown[32];
    if (stated < 0 || (day && !(stated & MOMENT_DAY))) {
        http_refuse(a, 422, day ? "bad_date" : "bad_clock");
        return;
    }
    at = moment_past(at, stated, now);
    show_moment(at, now, day, shown);
    reply_json(a, json_pack("{s:I,s:s}", "number", (json_int_t)at, "text", shown));
}

// ?text=, and ?kind=: percent for a part as minutes write it, moment for a time, day for a date.
void route_figure(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const char *asked = http_query(q, "text"), *kind = http_query(q, "kind");
    struct bytes text = bytes_text(asked ? asked : "");
    char back[FIGURE_TEXT], why[LANGUAGES][FIGURE_WHY];
    uint64_t n = 0;
    bool part = kind && strcmp(kind, "percent") == 0;
    enum figure_fault fault = part ? figure_read_percent(text, true, &n) : figure_read(text, &n);
    (void)ctx;
    if (kind && (strcmp(kind, "moment") == 0 || strcmp(kind, "day") == 0)) {
        answer_moment(text, strcmp(kind, "day") == 0, a);
        return;
    }
    if (fault == FIGURE_GOOD) {
        figure_write(part ? n / 100 : n, back);
        reply_json(a, json_pack("{s:I,s:o}", "number", (json_int_t)n, "text",
                                part ? json_sprintf("%s,%02u", back, (unsigned)(n % 100))
                                     : json_string(back)));
        return;
    }
    for (unsigned i = 0; i < LANGUAGES; i++)
        figure_why(fault, text, (enum language)i, why[i]);
    http_refuse_words(a, 422, why[LANGUAGE_VI], why[LANGUAGE_EN]);
}

// plainwords.c - words and figures in the cells of the page without scripts.
#include "plaininside.h"
#include "common/base/figure.h"
#include "common/election/writing.h"
#include "common/net/form.h"
#include "proto/code.h"
#include <stdio.h>
#include <time.h>

const char *plain_say(const struct page *g, const char *key)
{
    return text_of(key, g->language);
}

// A family of sentences and a name: "report" and "late".
const char *plain_word(const struct page *g, const char *family, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "%s_%s", family, name);
    return plain_say(g, key);
}

void plain_fill(const struct page *g, const char *key, const char *name, const char *value,
                char to[CELL])
{
    struct text_place place = {name, value};
    text_fill(to, CELL, plain_say(g, key), &place, 1);
}

const char *plain_copy(struct bytes b, char to[CELL])
{
    snprintf(to, CELL, "%.*s", (int)b.n, b.n ? (const char *)b.at : "");
    return to;
}

// dd/mm/yyyy HH:MM of Vietnam; a time that is not known is not there.
const char *plain_moment(const struct page *g, int64_t at, char to[CELL])
{
    time_t s = (time_t)(at / 1000) + 7 * 3600;
    struct tm tm;
    if (at <= 0 || !gmtime_r(&s, &tm) || strftime(to, CELL, "%d/%m/%Y %H:%M", &tm) == 0)
        snprintf(to, CELL, "%s", plain_say(g, "none"));
    return to;
}

// "159/361 (44,04 %)": a count, its base first.
const char *plain_share(const struct page *g, json_int_t n, const json_t *base, char to[CELL])
{
    char a[FIGURE_TEXT], b[FIGURE_TEXT], part[32];
    struct writing w;
    json_int_t of = json_integer_value(base);
    figure_write((uint64_t)n, a);
    if (!json_is_integer(base) || of <= 0) {
        snprintf(to, CELL, "%s (%s)", a, plain_say(g, "base_none"));
        return to;
    }
    writing_init(&w, part, sizeof part);
    writing_percent(&w, (uint64_t)n, (uint64_t)of);
    snprintf(to, CELL, "%s/%s (%s)", a, figure_write((uint64_t)of, b), part);
    return to;
}

const char *plain_n_of(json_int_t n, json_int_t of, char to[CELL])
{
    char a[FIGURE_TEXT], b[FIGURE_TEXT];
    snprintf(to, CELL, "%s/%s", figure_write((uint64_t)n, a), figure_write((uint64_t)of, b));
    return to;
}

json_int_t plain_number(const json_t *j, const char *name)
{
    return json_integer_value(json_object_get(j, name));
}

const char *plain_string(const json_t *j, const char *name)
{
    const char *text = json_string_value(json_object_get(j, name));
    return text ? text : "";
}

// The page of another unit, in the same language.
const char *plain_to_unit(const struct page *g, struct bytes code, char to[CELL])
{
    char text[CODE_MAX + 1], query[CELL - 8] = "";
    snprintf(text, sizeof text, "%.*s", (int)code.n, (const char *)code.at);
    form_add(query, sizeof query, "unit", text);
    if (g->language == LANGUAGE_EN)
        form_add(query, sizeof query, "lang", "en");
    snprintf(to, CELL, "plain?%s", query);
    return to;
}

const char *plain_link_word(const struct page *g, const struct office_link_state *link)
{
    json_t *j = view_link(link);
    const char *said = plain_word(g, "link", plain_string(j, "word"));
    json_decref(j);
    return said;
}

// html.c - a page for browsers without scripts: lines, links and plain tables. The only place in C that writes HTML.
#include "common/net/html.h"
#include "proto/utf8.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TAIL_ROOM = 4096 }; // for what closes a page that is full

// A literal of this file.
static void put(struct html *t, const char *tag)
{
    size_t n = strlen(tag);
    while (t->n + n + 1 > t->cap) {
        t->cap = t->cap ? 2 * t->cap : 4096;
        t->at = realloc(t->at, t->cap);
        assert(t->at);
    }
    memcpy(t->at + t->n, tag, n + 1);
    t->n += n;
}

// The one door for text, and for what stands in an attribute.
static void put_text(struct html *t, const char *text)
{
    bool good = utf8_ok(bytes_text(text));
    for (const char *at = text; *at; at++) {
        char one[2] = {*at, 0};
        unsigned char c = (unsigned char)*at;
        put(t, c == '&'               ? "&amp;"
               : c == '<'             ? "&lt;"
               : c == '>'             ? "&gt;"
               : c == '"'             ? "&quot;"
               : c == '\''            ? "&#39;"
               : c < ' ' || c == 0x7f ? " "
               : c >= 0x80 && !good   ? "?"
                                      : one);
    }
}

// Whether there is room for a whole one of this text; else the page says no more.
static bool fits(struct html *t, size_t text)
{
    t->full = t->full ||
              t->n + 6 * text + TAIL_ROOM > HTML_MAX; // escaping makes it six times as long
    return !t->full;
}

void html_begin(struct html *t, const char *language, const char *title)
{
    *t = (struct html){0};
    put(t, "<!DOCTYPE html>\n<html lang=\"");
    put(t, strcmp(language, "en") == 0 ? "en" : "vi");
    put(t,
        "\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"base.css\">\n"
        "<title>");
    put_text(t, title);
    put(t, "</title>\n<main class=\"plain-page\">\n");
}

void html_line(struct html *t, enum html_how how, const char *text)
{
    static const char *const tags[HTML_LINES][2] = {
        [HTML_TITLE] = {"<h1>", "</h1>\n"},
        [HTML_HEADING] = {"<h2>", "</h2>\n"},
        [HTML_PLAIN] = {"<p>", "</p>\n"},
        [HTML_LOUD] = {"<p class=\"drill-band\"><strong>", "</strong></p>\n"},
    };
    assert(how < HTML_LINES);
    if (!fits(t, strlen(text)))
        return;
    put(t, tags[how][0]);
    put_text(t, text);
    put(t, tags[how][1]);
}

// An address that names a scheme, or another host, would be a fault of ours.
static void put_link(struct html *t, const char *href, const char *text)
{
    assert(href[0] != '/' && !memchr(href, ':', strcspn(href, "?")));
    put(t, "<a href=\"");
    put_text(t, href);
    put(t, "\">");
    put_text(t, text);
    put(t, "</a>");
}

void html_link(struct html *t, const char *href, const char *text)
{
    if (!fits(t, strlen(href) + strlen(text)))
        return;
    put(t, "<p>");
    put_link(t, href, text);
    put(t, "</p>\n");
}

// What is too wide for a phone scrolls by itself, by a finger or by keys.
void html_open(struct html *t, const char *caption, const struct html_cell *columns, unsigned n)
{
    put(t, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    put_text(t, caption);
    put(t, "\">\n<table>\n<caption>");
    put_text(t, caption);
    put(t, "</caption>\n<thead><tr>");
    for (unsigned i = 0; i < n; i++) {
        put(t, columns[i].figure ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        put_text(t, columns[i].text);
        put(t, "</th>");
    }
    put(t, "</tr></thead>\n<tbody>\n");
}

void html_row(struct html *t, const struct html_cell *cells, unsigned n)
{
    size_t size = 0;
    for (unsigned i = 0; i < n; i++)
        size += strlen(cells[i].text) + (cells[i].href ? strlen(cells[i].href) : 0) + 20;
    if (!fits(t, size))
        return;
    put(t, "<tr>");
    for (unsigned i = 0; i < n; i++) {
        put(t, i == 0 ? "<th scope=\"row\">" : cells[i].figure ? "<td class=\"n\">" : "<td>");
        if (cells[i].href)
            put_link(t, cells[i].href, cells[i].text);
        else
            put_text(t, cells[i].text);
        put(t, i == 0 ? "</th>" : "</td>");
    }
    put(t, "</tr>\n");
}

void html_shut(struct html *t)
{
    put(t, "</tbody>\n</table>\n</div>\n");
}

char *html_end(struct html *t, const char *cut, size_t *ret_n)
{
    if (t->full) {
        put(t, "<p>");
        put_text(t, cut);
        put(t, "</p>\n");
    }
    put(t, "</main>\n</html>\n");
    char *page = t->at;
    *ret_n = t->n;
    *t = (struct html){0};
    return page;
}

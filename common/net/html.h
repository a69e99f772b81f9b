// html.h - a page for browsers without scripts: lines, links and plain tables. The only place in C that writes HTML.
//
// Text goes in by one door that escapes it; a name of a tag or an attribute is a literal of html.c. What
// is no UTF-8, or a control, becomes a sign. A page ends at HTML_MAX bytes with what fits: see `full`.
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { HTML_MAX = 2 << 20 };

struct html {
    char *at;
    size_t n, cap;
    bool full; // some of it was left out
};

enum html_how { HTML_TITLE, HTML_HEADING, HTML_PLAIN, HTML_LOUD, HTML_LINES };

struct html_cell {
    const char *text;
    const char *href; // of this program, without a "/" before it; NULL: no link
    bool figure;      // stands at the right
};

// language: "vi" or "en".
void html_begin(struct html *t, const char *language, const char *title);
void html_line(struct html *t, enum html_how how, const char *text);
void html_link(struct html *t, const char *href, const char *text); // on a line of its own
void html_open(struct html *t, const char *caption, const struct html_cell *columns, unsigned n);
void html_row(struct html *t, const struct html_cell *cells,
              unsigned n); // the first names the row
void html_shut(struct html *t);
// The whole page, malloc'd; nothing of `t` is left. `cut` is its last line where it is full.
char *html_end(struct html *t, const char *cut, size_t *ret_n);

// bulletins.h - quick reports of whatever a fold has come to: each is text, within its limits, the same twice.
#pragma once
#include "common/election/bulletin.h"
#include "fuzz.h"
#include "proto/utf8.h"
#include <errno.h>
#include <string.h>

// Each line, or cell, alone; a short message also within its letters, which have no marks.
static inline void bulletin_lines(const char *text, enum bulletin_form form)
{
    unsigned lines = 0;
    for (const char *at = text; *at; lines++) {
        size_t n = strcspn(at, form == BULLETIN_TABLE ? "\t\n" : "\n");
        MUST(utf8_ok(bytes_of(at, n)));
        MUST(form != BULLETIN_SHORT || n <= SHORT_MAX);
        for (size_t i = 0; form == BULLETIN_SHORT && i < n; i++)
            MUST((unsigned char)at[i] < 0x80);
        at += n + (at[n] != 0);
    }
    MUST(form != BULLETIN_SHORT || lines <= SHORT_MESSAGES_MAX);
}

static inline void bulletin_one(const struct bulletin *b, enum bulletin_form form)
{
    enum { ROOM = 1 << 16 };
    static char text[ROOM], again[ROOM];
    size_t cap = form == BULLETIN_TEXT ? BULLETIN_TEXT_MAX + 1 : ROOM;
    int n = bulletin_write(b, form, text, cap);
    MUST(n >= 0 || n == -EMSGSIZE || n == -ENOENT);
    if (n < 0)
        return;
    MUST(strlen(text) == (size_t)n && (form != BULLETIN_TEXT || n <= BULLETIN_TEXT_MAX));
    MUST(bulletin_write(b, form, again, cap) == n && strcmp(text, again) == 0);
    bulletin_lines(text, form);
    char *less =
        malloc((size_t)n + !n); // a byte too few: lists of names are shorter, or it is refused
    MUST(less && bulletin_write(b, form, less, (size_t)n + !n) < n + !n);
    free(less);
}

static inline void bulletins(const struct fold *f, int64_t now)
{
    struct bulletin_before before = {.number = 1, .cutoff = 1, .fold = f};
    static char changes[BULLETIN_CHANGES_MAX + 1];
    for (uint32_t i = 0; i < f->plan->n_units; i++) {
        for (unsigned c = 0; c <= f->plan->n_cutoffs && !f->plan->units[i].place; c++) {
            struct bulletin b = {.fold = f, .unit = i, .cutoff = c, .now = now, .drill = c % 2};
            for (unsigned form = BULLETIN_TEXT; form <= BULLETIN_TABLE; form++)
                bulletin_one(&b, form);
            MUST(bulletin_changes(&b, &before, changes, sizeof changes) == 0); // since itself
        }
    }
}

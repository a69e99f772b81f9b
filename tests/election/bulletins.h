// bulletins.h - what the tests of bulletins share: one as text, and a district of nineteen communes.
#pragma once
#include "places.h"
#include <errno.h>

static char text[BULLETIN_TABLE_MAX];

static inline const char *write_as(const struct places *s, uint32_t unit, unsigned cutoff,
                                   enum bulletin_form form, int64_t now)
{
    struct bulletin b = {.fold = s->fold, .unit = unit, .cutoff = cutoff, .now = now};
    int rc = bulletin_write(&b, form, text, sizeof text);
    if (rc < 0)
        fail_msg("no bulletin: %d", rc);
    assert_int_equal(rc, strlen(text));
    return text;
}

static inline void has(const char *what)
{
    if (!strstr(text, what))
        fail_msg("\"%s\" is not in:\n%s", what, text);
}

static inline void has_not(const char *what)
{
    if (strstr(text, what))
        fail_msg("\"%s\" is in:\n%s", what, text);
}

enum { TOWNS = 19, VILLAGES = 4 };
static uint32_t town[TOWNS];

static inline struct places *ba_to(bool cells)
{
    static const char *const levels[] = {"huyện", "xã", "thôn"};
    struct places *s = places_new(3, levels);
    char name[40];
    s->cells = cells;
    uint32_t top = places_add(s, PLAN_NONE, "Ba Tơ", 0);
    for (unsigned c = 0; c < TOWNS; c++) {
        snprintf(name, sizeof name, "Ba %c", 'A' + (char)c);
        town[c] = places_add(s, top, name, 0);
        for (unsigned v = 1; v <= VILLAGES; v++) {
            snprintf(name, sizeof name, "Thôn %u", v);
            places_add(s, town[c], name, 300);
        }
    }
    places_open(s);
    places_fold(s);
    return s;
}

// writing.h - words, numbers and times of Vietnamese sentences, into the caller's bytes.
//
// Numbers as offices write them: dots between groups of three, a comma before decimals. When the room
// ends, nothing more is written and `full` stays set. A short message has no marks: the letters of the
// alphabet that telephones take as one each, SHORT_MAX of them.
#pragma once
#include "proto/pack.h"

enum { SHORT_MAX = 160, SHORT_MESSAGES_MAX = 9 };

struct writing {
    char *at;
    size_t n, cap; // at[n] is always NUL
    bool full;
};
void writing_init(struct writing *w, char *to, size_t cap); // cap at least 1
void writing_text(struct writing *w, const char *text);
void writing_bytes(struct writing *w, struct bytes text);
void writing_lower(struct writing *w, struct bytes text);      // its first letter made small
void writing_digits(struct writing *w, uint64_t n);            // 1341
void writing_count(struct writing *w, uint64_t n);             // 1.341
void writing_part(struct writing *w, uint64_t n, uint64_t of); // 953/1.341
void writing_ratio(struct writing *w, uint64_t n,
                   uint64_t of); // 71,07 of n/of * 100, half up; of > 0
void writing_percent(struct writing *w, uint64_t n, uint64_t of); // 71,07 %
void writing_hour(struct writing *w, int64_t at);                 // 15 giờ, 11 giờ 05
void writing_day(struct writing *w, int64_t at);                  // 22/5/2022

// A list of names within a number of bytes; what does not fit is counted: "và 12 đơn vị khác".
struct names {
    struct writing *w;
    const char *between; // ", " unless set anew behind names_begin
    size_t room;         // bytes left
    unsigned n, hidden;
    struct writing before; // the name under way
};
void names_begin(struct names *l, struct writing *w, size_t room);
void names_next(struct names *l); // the next name follows
void names_done(struct names *l); // it is written
void names_end(struct names *l);

// Without marks; what no telephone takes as one letter becomes a like one, or '?'.
void writing_unmarked(struct writing *w, struct bytes text);
// Plain text as messages, one a line, "(1/3) " before each where there are several, cut at word ends.
// -EMSGSIZE: more than SHORT_MESSAGES_MAX.
int writing_messages(struct writing *w, struct bytes plain);

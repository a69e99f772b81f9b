// statistics.h - who was elected: new, women, Party members ..., against the targets of the plan.
//
// Traits come from a local table beside the store and are never in a log. Unknown is not "no": each
// figure says of how many of those elected it is known. Restricted contests are not looked at.
#pragma once
#include "outcome.h"

enum statistic {
    STATISTIC_NEW,
    STATISTIC_RE_ELECTED,
    STATISTIC_WOMEN,
    STATISTIC_MINORITY,
    STATISTIC_PARTY,
    STATISTIC_AGE_65,    // at most 65 in the year of the election
    STATISTIC_SCHOOLING, // has some; the levels are counted by their words
    STATISTIC_THEORY,
    STATISTIC_SECRETARY, // head who is also secretary of the Party cell
    STATISTICS
};
enum { TRAIT_UNKNOWN, TRAIT_NO, TRAIT_YES };
enum { TRAIT_LEVELS_MAX = 32, AGE_MOST = 65 };

struct trait {                                             // of one candidate
    uint8_t re_elected, woman, minority, party, secretary; // TRAIT_
    uint8_t schooling, theory;                             // 1 + place in the words; 0: unknown
    uint16_t birth_year;                                   // 0: unknown
};
struct traits {
    const struct trait *of;                // by candidate of the plan
    unsigned n_levels;                     // words of schooling and theory
    struct bytes levels[TRAIT_LEVELS_MAX]; // as written
    bool none[TRAIT_LEVELS_MAX];           // the word says that there is none
};
struct statistics {
    const struct traits *traits; // borrowed: the words of the levels
    uint32_t contests, decided;  // below the unit; of them with an outcome
    uint32_t elected;            // people
    struct {
        uint32_t n, known;
        unsigned target; // percent, 0: the plan has none
    } of[STATISTICS];
    uint32_t schooling[TRAIT_LEVELS_MAX], theory[TRAIT_LEVELS_MAX]; // of those elected, by word
};

// Votes on one office that repeat each other are one: the last that was decided, while none is the first.
bool statistics_stands(const struct fold *f, uint32_t contest);
const char *statistic_name(enum statistic s);  // as in the plan's targets: "new", "women" ...
const char *statistic_words(enum statistic s); // in Vietnamese: "nữ", "đảng viên" ...
// year: of the election, for the age.
void statistics_find(const struct fold *f, uint32_t unit, const struct traits *t, unsigned year,
                     struct statistics *ret);

// figure.h - the one number rule: what a person wrote as a figure is read, or refused with a sentence.
//
// A figure is digits, or groups of three digits with one sign between them: dots everywhere, or blanks
// everywhere (also those that do not break). Blanks around it do not count. Nothing is guessed: "98 %",
// "2l4", "3,452" and "3.45" are refused by what they are. Forms, pasted rows, CSV and plans read by this.
#pragma once
#include "common/base/text.h"
#include "proto/pack.h"

enum figure_fault {
    FIGURE_GOOD,
    FIGURE_EMPTY,
    FIGURE_PERCENT, // 98 %
    FIGURE_LETTERS, // 2l4, 214 phiếu
    FIGURE_COMMA,   // 3,452 or 44,04
    FIGURE_GROUPS,  // 3.45, 1.2345, 1.234 567
    FIGURE_SIGN,    // -5, +5, (5)
    FIGURE_BIG,     // more than FIGURE_MAX
    FIGURE_OTHER,
    FIGURE_FAULTS,
};
#define FIGURE_MAX 999999999999999 // also a time in milliseconds; exact in a page's numbers too
enum { FIGURE_TEXT = 32, FIGURE_WHY = 400 };

enum figure_fault figure_read(struct bytes text, uint64_t *ret);
// "44,04", "44.04 %" or "44%" in hundredths, up to 999,99: as minutes write a part. Text without a comma,
// a dot or a sign is refused where `bare` is false, for it may be hundredths already.
enum figure_fault figure_read_percent(struct bytes text, bool bare, uint64_t *ret);
// "3.452".
const char *figure_write(uint64_t figure, char to[FIGURE_TEXT]);
// Why not, with what was seen, and what to write instead.
const char *figure_why(enum figure_fault fault, struct bytes seen, enum language language,
                       char to[FIGURE_WHY]);

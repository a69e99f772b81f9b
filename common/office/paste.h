// paste.h - rows out of a spreadsheet, or lines of a chat message, as turnouts of villages: read, not recorded.
//
// "Thôn 3: 214", "T3 - 1.214 người", cells with tabs between. A line is understood where it names one
// village and says one figure; every other line is given back with the reason. Nothing is guessed: of two
// numbers neither is taken, unless one of them is just the number of voters.
#pragma once
#include "traps.h"

enum { PASTE_BYTES_MAX = 32 << 10, PASTE_LINES_MAX = 300, PASTE_LINE_MAX = 500 };

// {"rows": [{"line", "text", "place", "name", "number", "contest", "voters", "voted", "last", "seen",
// "same", "ask"}], "left": [{"line", "text", "words", "words_en"}]}: `voted` is what is sent, `ask` what
// will be asked (traps.h), `seen` the acts that stand. Limits are the caller's to check.
json_t *paste_read(const struct office *o, struct bytes text, unsigned cutoff, bool restricted);

// utf8.h - text that may stand in a record: valid UTF-8, one line, nothing that hides or reorders.
#pragma once
#include "pack.h"

// Refused: overlong forms, surrogates, beyond U+10FFFF, the controls U+0000-001F, U+007F-009F, line
// and paragraph separators U+2028/2029, and the marks that change direction unseen, U+202A-202E and
// U+2066-2069. Private use, unassigned and decomposed characters pass: names are kept as given.
bool utf8_ok(struct bytes text);

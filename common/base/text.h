// text.h - the programs' sentences by key, in Vietnamese and English.
//
// They stand in common/web/text.vi and text.en, which the pages read too; common/base/text.cmake puts
// them into the program. A sentence is no printf format: it has {named} places, filled by text_fill.
#pragma once
#include <stddef.h>

enum language { LANGUAGE_VI, LANGUAGE_EN, LANGUAGES };

// The sentence, or the key itself when there is none: a screen that shows it is a fault to be seen.
const char *text_of(const char *key, enum language language);
unsigned text_count(void);
const char *text_key(unsigned i); // the i-th key

struct text_place {
    const char *name, *value;
};
// The sentence with its places filled, cut between characters where `cap` ends; its length. A place
// that nobody fills stays as {name}. Values are put in as they are: escaping is the page's.
size_t text_fill(char *to, size_t cap, const char *sentence, const struct text_place *places,
                 size_t n_places);

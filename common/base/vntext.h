// vntext.h - Vietnamese text as offices write it: composed or not, marks, tones, old encodings.
//
// Words are compared by keys and shown as written. Texts that come back are malloc'd, ended by NUL;
// the caller frees them.
#pragma once
#include "proto/pack.h"

// Composed (NFC), one blank for each run of blanks, also of those that do not break, none at either
// end, no invisible characters. NULL when the bytes are not UTF-8.
char *vn_tidy(struct bytes text);
char *vn_composed(struct bytes text); // NFC and nothing else
bool vn_hidden(uint32_t letter);      // it takes no room and is seen by nobody

// What is compared: lower case, words with one blank between, no leading zeros of numbers.
enum vn_key {
    VN_TONES, // the tone stands behind its word: hoà and hòa are the same
    VN_BARE,  // no marks at all: hoà, hóa and hoa are the same
};
char *vn_key(struct bytes text, enum vn_key key); // "" for what is not UTF-8
// Sorts by strcmp as a Vietnamese list does: a ă â b c d đ e ê ..., tones only where letters are the same,
// numbers by their value (Thôn 2, 9, 10), whatever case and place of the tone.
char *vn_sort_key(struct bytes text);
// The words of `part` stand in `whole` one behind the other; both are keys.
bool vn_holds(const char *whole, const char *part);

// Text that was typed for a font of before Unicode and looks like "Th«n" in any other.
enum vn_letters { VN_UNICODE, VN_TCVN3, VN_VNI };
enum vn_letters vn_letters(struct bytes text);
// By the table of TCVN 5712:1993. A word that is in capitals but for its marks, as .VnTimeH shows
// them, comes out in capitals; so does the first letter of a word in a name.
char *vn_from_tcvn3(struct bytes text);

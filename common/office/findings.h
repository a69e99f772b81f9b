// findings.h - what a check found, in words of the reader's language.
#pragma once
#include "office.h"

// One finding of a statement as a sentence with its inputs; its length.
size_t findings_words(const struct office *o, const struct finding *f, const struct record *r,
                      unsigned language, char *to, size_t cap);
const char *findings_formula(uint32_t reason); // with the letters of the minutes, or ""

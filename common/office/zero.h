// zero.h - the zero sheet as JSON: what a unit holds before anything is opened, to be printed and signed.
//
// The auditor's anchor that does not come from the machine later on: the plan's hash and the keys' prints,
// and that every counter is 0, or which one is not.
#pragma once
#include "office.h"
#include <jansson.h>

// A new reference. Without a plan `plan` is null and nothing is counted: `zero` is false.
json_t *zero_view(const struct office *o, int64_t now, bool local);
// Communes below a unit, itself included, that said they are ready under the plan in force: "n" "of",
// and those "missing" with why.
json_t *zero_ready(const struct fold *f, uint32_t own);
// A key or hash as it is typed: eight groups of four.
json_t *zero_typed(const uint8_t *hash);

// slice.h - the part of a plan that a child needs; slicing composes.
//
// A slice for unit U keeps U with all below it, the units above it, and each contest voted on at its
// places with all its candidates; levels, cut-offs, profiles and kinds stay as they are, so that
// slice(slice(plan, D), C) = slice(plan, C) byte for byte.
#pragma once
#include "plan.h"

// Packs the slice; p->full says that the buffer was too small. A slice is never larger than its plan.
void slice_pack(const struct plan *plan, uint32_t unit, uint32_t *scratch /* n_contests */,
                struct packer *p);

// villages.h - which village somebody means: by its number, code or name, or by a few letters without marks.
//
// The keys of a commune's villages are made once and looked through for each text. Nothing is guessed:
// what fits several villages is none of them.
#pragma once
#include "common/election/plan.h"

struct village {
    uint32_t unit;
    unsigned number;    // as people call it, see spoken.h
    char *bare, *toned; // keys of its name
};
struct villages {
    const struct plan *plan;
    struct village *at; // in the order of the plan
    uint32_t n;
    bool numbered; // a number stands in some name: "Thôn 3" then means that one only
};
enum village_match { VILLAGE_NONE, VILLAGE_FOUND, VILLAGE_SEVERAL };

void villages_of(struct villages *v, const struct plan *p, uint32_t commune); // free it
void villages_free(struct villages *v);
// "5", "thôn 5", "T5", "tdp 12", "hoa binh", its code; *ret_i: which of v->at.
enum village_match villages_find(const struct villages *v, struct bytes text, uint32_t *ret_i);

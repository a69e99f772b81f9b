// findings.c - what a check found, in words of the reader's language.
#include "findings.h"
#include "common/base/text.h"
#include "words.h"
#include <stdio.h>

static const struct sides { // the names that a rule's sentence gives to its two sides
    uint32_t reason;
    const char *left, *right;
    const char *formula; // with the letters of the minutes
} sides[] = {
    {REASON_F1, "attended", "eligible", "A <= N"},
    {REASON_F2, "used", "attended", "I - S <= A"},
    {REASON_F2_LESS, "used", "attended", "I - S = A"},
    {REASON_F3, "returned", "used", "R <= I - S"},
    {REASON_F4, "returned", "used", "R = I - S"},
    {REASON_F5, "sum", "returned", "V + X = R"},
    {REASON_F6, "votes", "valid", "v1 + v2 + ... <= V"},
    {REASON_F6_LESS, "votes", "valid", "v1 + v2 + ... = V"},
    {REASON_F7, "votes", "allowed", "v1 + v2 + ... <= k V; v <= V"},
    {REASON_F8, "printed", "sum", "P = I + U"},
    {REASON_F9, "votes", "attended", "v1 + v2 + ... <= A"},
    {REASON_F10, "eligible", "frozen", "N"},
    {REASON_F11, "eligible", "before", "N2 = N1"},
    {REASON_F12, "left", "right", "100 v / N"},
    {REASON_TOTAL, "left", "right", "v1 + v2 + ..."},
    {REASON_FALL, "voted", "before", "A2 >= A1"},
    {REASON_PAPER, "left", "right", "I, S, R"},
    {REASON_FULL, "returned", "used", "A = N, R = I - S"},
};

static const struct sides *sides_of(uint32_t reason)
{
    for (unsigned i = 0; i < sizeof sides / sizeof sides[0]; i++)
        if (sides[i].reason == reason)
            return &sides[i];
    return NULL;
}

const char *findings_formula(uint32_t reason)
{
    const struct sides *s = sides_of(reason);
    return s ? s->formula : "";
}

// One side as people write it: a time, a part in hundredths, a place, or a number.
static const char *side(const struct office *o, uint32_t reason, uint64_t v, char to[32])
{
    const struct plan *p = o ? office_plan(o) : NULL;
    if (reason == REASON_ORDER || reason == REASON_FUTURE)
        return words_time((int64_t)v, to);
    if (reason == REASON_F12)
        snprintf(to, 32, "%llu,%02u %%", (unsigned long long)(v / 100), (unsigned)(v % 100));
    else if (reason == REASON_SAME && p && v < p->n_units)
        snprintf(to, 32, "%.*s", (int)p->units[v].code.n, (const char *)p->units[v].code.at);
    else
        snprintf(to, 32, "%llu", (unsigned long long)v);
    return to;
}

// What the tally states, by the names of its fields: inputs of a formula beside its two sides.
static unsigned inputs_of(const struct record *r, struct text_place *places, char numbers[][24])
{
    const struct record_spec *s = record_spec(r->kind);
    unsigned n = 0;
    for (unsigned i = TALLY_ELIGIBLE; r->kind == KIND_TALLY && i <= TALLY_BLANK; i++, n++) {
        uint64_t v;
        bool known = record_number(r, i, &v);
        snprintf(numbers[n], 24, known ? "%llu" : "?", (unsigned long long)v);
        places[n] = (struct text_place){s->fields[i].name, numbers[n]};
    }
    return n;
}

enum { SIDES = 5, INPUTS = TALLY_BLANK - TALLY_ELIGIBLE + 1 };

size_t findings_words(const struct office *o, const struct finding *f, const struct record *r,
                      unsigned language, char *to, size_t cap)
{
    char left[32], right[32], missing[24], numbers[INPUTS][24];
    const struct sides *s = sides_of(f->reason);
    side(o, f->reason, f->left, left);
    side(o, f->reason, f->right, right);
    snprintf(missing, sizeof missing, "%llu",
             (unsigned long long)(f->right > f->left ? f->right - f->left : 0));
    struct text_place places[SIDES + INPUTS] = {{"left", left},
                                                {"right", right},
                                                {s ? s->left : "left", left},
                                                {s ? s->right : "right", right},
                                                {"missing", missing}};
    unsigned n = SIDES + inputs_of(r, places + SIDES, numbers);
    return text_fill(to, cap, text_of(reason_name(f->reason), (enum language)language), places, n);
}

// spoken.c - a figure as it is read out by telephone: village number, cut-off, figure, two check digits.
#include "spoken.h"

unsigned spoken_check(const struct spoken *s)
{
    if (s->place > SPOKEN_PLACE_MAX || s->cutoff > SPOKEN_CUTOFF_MAX ||
        s->figure > SPOKEN_FIGURE_MAX)
        return 0;
    uint64_t n = (s->place * 100 + s->cutoff) * 1000000 + s->figure;
    return (unsigned)(98 - n * 100 % 97);
}

bool spoken_fits(const struct spoken *s, uint64_t check)
{
    unsigned right = spoken_check(s);
    return right != 0 && check == right;
}

// The last number in a name: "Tổ dân phố 12 (diễn tập)"; 0: none, or a longer one.
static unsigned number_in(struct bytes name)
{
    size_t end = name.n;
    while (end > 0 && (name.at[end - 1] < '0' || name.at[end - 1] > '9'))
        end--;
    size_t from = end;
    while (from > 0 && name.at[from - 1] >= '0' && name.at[from - 1] <= '9')
        from--;
    unsigned n = 0;
    for (size_t i = from; i < end && n <= SPOKEN_PLACE_MAX; i++)
        n = n * 10 + (unsigned)(name.at[i] - '0');
    return n <= SPOKEN_PLACE_MAX ? n : 0;
}

static bool sibling(const struct plan *p, uint32_t unit, uint32_t parent)
{
    return p->units[unit].place && p->units[unit].parent == parent;
}

unsigned spoken_place(const struct plan *p, uint32_t unit)
{
    uint8_t taken[SPOKEN_PLACE_MAX + 1] = {0}; // by how many
    uint32_t parent = p->units[unit].parent;
    if (!p->units[unit].place || parent == PLAN_NONE)
        return 0;
    uint32_t end = parent + p->units[parent].size;
    unsigned largest = 0, own = number_in(p->units[unit].name);
    for (uint32_t i = parent + 1; i < end; i++) {
        unsigned n = sibling(p, i, parent) ? number_in(p->units[i].name) : 0;
        taken[n] = (uint8_t)(taken[n] < 2 ? taken[n] + 1 : 2);
    }
    for (unsigned n = 1; n <= SPOKEN_PLACE_MAX; n++)
        largest = taken[n] > 0 ? n : largest;
    if (own > 0 && taken[own] == 1)
        return own;
    for (uint32_t i = parent + 1; i <= unit; i++) {
        unsigned n = sibling(p, i, parent) ? number_in(p->units[i].name) : 0;
        largest += sibling(p, i, parent) && (n == 0 || taken[n] != 1);
    }
    return largest <= SPOKEN_PLACE_MAX ? largest : 0;
}

uint32_t spoken_unit(const struct plan *p, uint32_t commune, uint64_t number)
{
    const struct plan_unit *u = &p->units[commune];
    for (uint32_t i = commune + 1; number > 0 && i < commune + u->size; i++)
        if (sibling(p, i, commune) && spoken_place(p, i) == number)
            return i;
    return PLAN_NONE;
}

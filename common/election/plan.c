// plan.c - the plan of an election: its bytes, opened as arrays in one block.
#include "plan.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

// The reading: once with no arrays to count and judge, once to fill them. -1 is "no such place yet".
struct reading {
    struct cursor c;
    struct plan *p; // counts; arrays are NULL in the first reading
};

static void read_dues(struct reading *r, struct plan_unit *u)
{
    struct cursor *c = &r->c;
    struct plan *p = r->p;
    unsigned before = 0;
    u->first_due = p->n_dues;
    u->n_dues = (uint32_t)take_array(c, 0, PLAN_CUTOFFS_MAX);
    for (uint32_t i = 0; i < u->n_dues; i++) {
        struct plan_due d;
        take_array(c, 2, 2);
        d.cutoff = (uint8_t)take_uint(c, PLAN_CUTOFFS_MAX);
        d.at = (int64_t)take_uint(c, INT64_MAX / 2);
        if (!c->bad && (d.cutoff <= before || d.cutoff > p->n_cutoffs))
            c->bad = "cut-offs of a place out of order";
        before = d.cutoff;
        if (p->dues && !c->bad)
            p->dues[p->n_dues + i] = d;
    }
    p->n_dues += u->n_dues;
}

static void read_unit(struct reading *r, uint32_t i)
{
    struct cursor *c = &r->c;
    struct plan_unit u = {.size = 1};
    take_array(c, 12, 12);
    u.code = take_text(c, CODE_MAX);
    uint64_t parent = take_uint(c, PLAN_UNITS_MAX);
    u.parent = parent == 0 ? PLAN_NONE : (uint32_t)parent - 1;
    u.level = (unsigned)take_uint(c, PLAN_LEVELS_MAX - 1);
    u.name = take_text(c, PLAN_NAME_MAX);
    u.group = take_text(c, PLAN_NAME_MAX);
    u.former = take_text(c, CODE_MAX);
    u.moved_in = (uint32_t)take_uint(c, UINT32_MAX);
    u.successor_of = take_text(c, PLAN_NAME_MAX);
    u.place = take_uint(c, 1) == 1;
    u.opens = (int64_t)take_uint(c, INT64_MAX / 2);
    u.closes = (int64_t)take_uint(c, INT64_MAX / 2);
    read_dues(r, &u);
    if (!c->bad &&
        (u.code.n == 0 || (i == 0) != (u.parent == PLAN_NONE) || (i > 0 && u.parent >= i)))
        c->bad = "units out of order";
    if (!c->bad && u.level >= r->p->n_levels)
        c->bad = "a unit of a level that is not there";
    if (r->p->units && !c->bad)
        r->p->units[i] = u;
}

static void read_contest(struct reading *r, uint32_t i)
{
    struct cursor *c = &r->c;
    struct plan *p = r->p;
    struct plan_contest k = {.first_candidate = p->n_candidates};
    take_array(c, 11, 11);
    k.code = take_text(c, CODE_MAX);
    k.name = take_text(c, PLAN_NAME_MAX);
    k.kind = (unsigned)take_uint(c, PLAN_KINDS_MAX);
    k.unit = (uint32_t)take_uint(c, PLAN_UNITS_MAX);
    k.profile = (unsigned)take_uint(c, PLAN_PROFILES_MAX);
    k.seats = (unsigned)take_uint(c, PLAN_CANDIDATES_MAX);
    k.places_in_all = (uint32_t)take_uint(c, PLAN_BALLOTS_MAX);
    k.repeats = take_text(c, CODE_MAX);
    k.paper = take_text(c, CODE_MAX);
    k.person = take_text(c, CODE_MAX);
    k.n_candidates = (uint32_t)take_array(c, 0, PLAN_CANDIDATES_MAX);
    uint64_t before = 0;
    for (uint32_t j = 0; j < k.n_candidates; j++) {
        struct plan_candidate d;
        take_array(c, 3, 3);
        d.number = take_uint(c, UINT32_MAX);
        d.key = take_text(c, CODE_MAX);
        d.name = take_text(c, PLAN_NAME_MAX);
        if (!c->bad && j > 0 && d.number <= before)
            c->bad = "candidates out of order";
        before = d.number;
        if (p->candidates && !c->bad)
            p->candidates[k.first_candidate + j] = d;
    }
    p->n_candidates += k.n_candidates;
    if (!c->bad && (k.kind >= p->n_kinds || k.unit >= p->n_units || k.profile >= p->n_profiles))
        c->bad = "a contest names what is not there";
    if (p->contests && !c->bad)
        p->contests[i] = k;
}

static void read_ballot(struct reading *r, uint32_t i, struct plan_ballot *last)
{
    struct cursor *c = &r->c;
    struct plan_ballot b = {0};
    take_array(c, 4, 4);
    b.unit = (uint32_t)take_uint(c, PLAN_UNITS_MAX);
    b.contest = (uint32_t)take_uint(c, PLAN_BALLOTS_MAX);
    uint64_t voters = take_uint(c, UINT32_MAX - 1);
    b.voters = voters == 0 ? VOTERS_UNKNOWN : (uint32_t)voters - 1;
    unsigned method = (unsigned)take_uint(c, METHODS);
    b.first_vote = r->p->n_votes;
    bool after = i == 0 || b.unit > last->unit ||
                 (b.unit == last->unit && b.contest > last->contest);
    if (!c->bad && (b.unit >= r->p->n_units || b.contest >= r->p->n_contests || !after))
        c->bad = "ballots out of order";
    *last = b;
    if (r->p->ballots && !c->bad) {
        unsigned usual = r->p->profiles[r->p->contests[b.contest].profile].method;
        b.method = method == 0 ? usual : method - 1;
        if (method > 0 && b.method == usual)
            c->bad =
                "a method that is the profile's need not be said"; // one plan, one sequence of bytes
        r->p->ballots[i] = b;
        r->p->n_votes += r->p->contests[b.contest].n_candidates;
        if (!r->p->units[b.unit].place)
            c->bad = "a ballot at what is not a place";
    }
}

static void read_all(struct reading *r, struct bytes b)
{
    struct plan *p = r->p;
    struct plan_ballot last = {0};
    cursor_init(&r->c, b);
    plan_take_head(&r->c, p);
    p->n_candidates = p->n_votes = p->n_dues = 0;
    p->n_units = (uint32_t)take_array(&r->c, 1, PLAN_UNITS_MAX);
    for (uint32_t i = 0; i < p->n_units && !r->c.bad; i++)
        read_unit(r, i);
    p->n_contests = (uint32_t)take_array(&r->c, 0, PLAN_BALLOTS_MAX);
    for (uint32_t i = 0; i < p->n_contests && !r->c.bad; i++)
        read_contest(r, i);
    p->n_ballots = (uint32_t)take_array(&r->c, 0, PLAN_BALLOTS_MAX);
    for (uint32_t i = 0; i < p->n_ballots && !r->c.bad; i++)
        read_ballot(r, i, &last);
    take_end(&r->c);
}

static uint32_t slots_for(uint32_t n)
{
    uint32_t slots = 8;
    while (slots < n * 2)
        slots *= 2;
    return slots;
}

static size_t up(size_t n)
{
    return (n + 15) & ~(size_t)15;
}

enum { PARTS = 8 };
static size_t layout(const struct plan *p, size_t n_bytes, size_t at[PARTS])
{
    size_t sizes[PARTS] = {sizeof *p,
                           p->n_units * sizeof *p->units,
                           p->n_contests * sizeof *p->contests,
                           p->n_candidates * sizeof *p->candidates,
                           p->n_ballots * sizeof *p->ballots,
                           (slots_for(p->n_units) + slots_for(p->n_contests)) * sizeof(uint32_t),
                           p->n_dues * sizeof *p->dues,
                           n_bytes};
    size_t n = 0;
    for (unsigned i = 0; i < PARTS; i++) {
        at[i] = n;
        n += up(sizes[i]);
    }
    return n;
}

size_t plan_size(struct bytes b, const char **ret_why)
{
    struct plan p = {0};
    struct reading r = {.p = &p};
    size_t at[PARTS];
    read_all(&r, b);
    if (b.n > PLAN_BYTES_MAX)
        r.c.bad = "plan too long";
    *ret_why = r.c.bad;
    return r.c.bad ? 0 : layout(&p, b.n, at);
}

// Sizes of subtrees and their ranges of ballots; NULL, or why this is no walk of a tree.
static const char *shape_tree(struct plan *p)
{
    for (uint32_t i = p->n_units; i-- > 1;)
        p->units[p->units[i].parent].size += p->units[i].size;
    for (uint32_t i = 1; i < p->n_units; i++)
        if (i + p->units[i].size > p->units[i].parent + p->units[p->units[i].parent].size ||
            p->units[p->units[i].parent].place)
            return "units are not in the order of the tree";
    for (uint32_t i = 0; i < p->n_ballots; i++)
        p->units[p->ballots[i].unit].n_ballots++;
    uint32_t first = 0;
    for (uint32_t i = 0; i < p->n_units; i++) {
        p->units[i].first_ballot = first;
        first += p->units[i].n_ballots;
    }
    for (uint32_t i = p->n_units; i-- > 1;)
        p->units[p->units[i].parent].n_ballots += p->units[i].n_ballots;
    for (uint32_t i = 0; i < p->n_ballots; i++)
        if (!plan_below(p, p->ballots[i].unit, p->contests[p->ballots[i].contest].unit))
            return "a place votes on a contest of another unit";
    return NULL;
}

// Sums are kept by kind, so a kind is restricted or it is not.
static const char *restrict_kinds(struct plan *p)
{
    bool seen[PLAN_KINDS_MAX] = {false};
    for (uint32_t i = 0; i < p->n_contests; i++) {
        const struct plan_contest *k = &p->contests[i];
        bool restricted = p->profiles[k->profile].restricted;
        if (seen[k->kind] && p->restricted[k->kind] != restricted)
            return "restricted and other contests are of one kind";
        p->restricted[k->kind] = restricted;
        seen[k->kind] = true;
    }
    return NULL;
}

// BLAKE2b runs over the packed definition piece by piece in a buffer that holds the largest one.
static void define(struct plan *p, struct plan_contest *k)
{
    static const size_t most = 64 + CODE_MAX + PLAN_CANDIDATES_MAX * (CODE_MAX + 12);
    uint8_t buffer[64 + CODE_MAX + PLAN_CANDIDATES_MAX * (CODE_MAX + 12)], hash[HASH_SIZE];
    struct packer b;
    pack_init(&b, buffer, most);
    pack_array(&b, 5);
    pack_text(&b, bytes_text("dantin definition 1"));
    pack_text(&b, k->code);
    pack_uint(&b, k->seats);
    pack_text(&b, p->profiles[k->profile].name);
    pack_array(&b, k->n_candidates);
    for (uint32_t i = 0; i < k->n_candidates; i++) {
        pack_array(&b, 2);
        pack_uint(&b, p->candidates[k->first_candidate + i].number);
        pack_text(&b, p->candidates[k->first_candidate + i].key);
    }
    assert(!b.full);
    hash_of(packed(&b), hash);
    memcpy(k->definition, hash, sizeof k->definition);
}

int plan_open(void *block, size_t size, struct bytes b, const char **ret_why)
{
    struct plan count = {0}, *p = block;
    struct reading r = {.p = &count};
    size_t at[PARTS];
    uint8_t *base = block;
    read_all(&r, b);
    *ret_why = r.c.bad;
    if (r.c.bad)
        return -EBADMSG;
    assert(layout(&count, b.n, at) <= size);
    memcpy(base + at[7], b.at, b.n);
    *p = count;
    p->units = (void *)(base + at[1]);
    p->contests = (void *)(base + at[2]);
    p->candidates = (void *)(base + at[3]);
    p->ballots = (void *)(base + at[4]);
    p->unit_slots = (void *)(base + at[5]);
    p->unit_mask = slots_for(p->n_units) - 1;
    p->contest_slots = p->unit_slots + p->unit_mask + 1;
    p->contest_mask = slots_for(p->n_contests) - 1;
    p->dues = (void *)(base + at[6]);
    p->bytes = bytes_of(base + at[7], b.n);
    r.p = p;
    read_all(&r, p->bytes);
    hash_of(p->bytes, p->hash);
    *ret_why = r.c.bad ? r.c.bad : plan_index(p);
    if (!*ret_why)
        *ret_why = shape_tree(p);
    if (!*ret_why)
        *ret_why = restrict_kinds(p);
    for (uint32_t i = 0; i < p->n_contests && !*ret_why; i++)
        define(p, &p->contests[i]);
    return *ret_why ? -EBADMSG : 0;
}

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

static void read_profiles(struct reading *r)
{
    struct plan *p = r->p;
    p->n_profiles = (unsigned)take_array(&r->c, 0, PLAN_PROFILES_MAX);
    for (unsigned i = 0; i < p->n_profiles; i++) {
        struct plan_profile *f = &p->profiles[i];
        take_array(&r->c, 8, 8);
        f->name = take_text(&r->c, CODE_MAX);
        f->rule = (unsigned)take_uint(&r->c, RULE_MAJORITY);
        f->quorum_num = (unsigned)take_uint(&r->c, 1000);
        f->quorum_den = (unsigned)take_uint(&r->c, 1000);
        f->need_num = (unsigned)take_uint(&r->c, 1000);
        f->need_den = (unsigned)take_uint(&r->c, 1000);
        f->base = (unsigned)take_uint(&r->c, BASE_VALID);
        f->choices = (unsigned)take_uint(&r->c, PLAN_CANDIDATES_MAX);
    }
}

static void read_head(struct reading *r)
{
    struct plan *p = r->p;
    struct cursor *c = &r->c;
    take_array(c, 11, 11);
    if (!bytes_same(take_text(c, 64), bytes_text("dantin plan 1")) && !c->bad)
        c->bad = "not a plan of this version of the program";
    p->version = (uint32_t)take_uint(c, UINT32_MAX);
    p->label = take_text(c, CODE_MAX);
    p->title = take_text(c, PLAN_NAME_MAX);
    p->n_levels = (unsigned)take_array(c, 0, PLAN_LEVELS_MAX);
    for (unsigned i = 0; i < p->n_levels; i++) {
        take_array(c, 2, 2);
        p->levels[i].name = take_text(c, PLAN_NAME_MAX);
        p->levels[i].english = take_text(c, PLAN_NAME_MAX);
    }
    p->n_cutoffs = (unsigned)take_array(c, 0, PLAN_CUTOFFS_MAX);
    for (unsigned i = 0; i < p->n_cutoffs; i++) {
        take_array(c, 3, 3);
        p->cutoffs[i].name = take_text(c, PLAN_NAME_MAX);
        p->cutoffs[i].at = (int64_t)take_uint(c, INT64_MAX / 2);
        p->cutoffs[i].grace = (int64_t)take_uint(c, INT64_MAX / 2);
    }
    read_profiles(r);
    p->n_kinds = (unsigned)take_array(c, 0, PLAN_KINDS_MAX);
    for (unsigned i = 0; i < p->n_kinds; i++)
        p->kinds[i] = take_text(c, CODE_MAX);
}

static void read_unit(struct reading *r, uint32_t i)
{
    struct cursor *c = &r->c;
    struct plan_unit u = {.size = 1};
    take_array(c, 10, 10);
    u.code = take_text(c, CODE_MAX);
    uint64_t parent = take_uint(c, PLAN_UNITS_MAX);
    u.parent = parent == 0 ? PLAN_NONE : (uint32_t)parent - 1;
    u.level = (unsigned)take_uint(c, PLAN_LEVELS_MAX - 1);
    u.name = take_text(c, PLAN_NAME_MAX);
    u.group = take_text(c, PLAN_NAME_MAX);
    u.former = take_text(c, CODE_MAX);
    u.moved_in = (uint32_t)take_uint(c, UINT32_MAX);
    u.place = take_uint(c, 1) == 1;
    u.opens = (int64_t)take_uint(c, INT64_MAX);
    u.closes = (int64_t)take_uint(c, INT64_MAX);
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
    take_array(c, 9, 9);
    k.code = take_text(c, CODE_MAX);
    k.name = take_text(c, PLAN_NAME_MAX);
    k.kind = (unsigned)take_uint(c, PLAN_KINDS_MAX);
    k.unit = (uint32_t)take_uint(c, PLAN_UNITS_MAX);
    k.profile = (unsigned)take_uint(c, PLAN_PROFILES_MAX);
    k.seats = (unsigned)take_uint(c, PLAN_CANDIDATES_MAX);
    k.places_in_all = (uint32_t)take_uint(c, PLAN_BALLOTS_MAX);
    k.repeats = take_text(c, CODE_MAX);
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
    struct plan_ballot b;
    take_array(c, 3, 3);
    b.unit = (uint32_t)take_uint(c, PLAN_UNITS_MAX);
    b.contest = (uint32_t)take_uint(c, PLAN_BALLOTS_MAX);
    uint64_t voters = take_uint(c, UINT32_MAX - 1);
    b.voters = voters == 0 ? VOTERS_UNKNOWN : (uint32_t)voters - 1;
    b.first_vote = r->p->n_votes;
    bool after = i == 0 || b.unit > last->unit ||
                 (b.unit == last->unit && b.contest > last->contest);
    if (!c->bad && (b.unit >= r->p->n_units || b.contest >= r->p->n_contests || !after))
        c->bad = "ballots out of order";
    *last = b;
    if (r->p->ballots && !c->bad) {
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
    read_head(r);
    p->n_candidates = p->n_votes = 0;
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

static size_t layout(const struct plan *p, size_t n_bytes, size_t at[7])
{
    size_t sizes[7] = {sizeof *p,
                       p->n_units * sizeof *p->units,
                       p->n_contests * sizeof *p->contests,
                       p->n_candidates * sizeof *p->candidates,
                       p->n_ballots * sizeof *p->ballots,
                       (slots_for(p->n_units) + slots_for(p->n_contests)) * sizeof(uint32_t),
                       n_bytes};
    size_t n = 0;
    for (unsigned i = 0; i < 7; i++) {
        at[i] = n;
        n += up(sizes[i]);
    }
    return n;
}

size_t plan_size(struct bytes b, const char **ret_why)
{
    struct plan p = {0};
    struct reading r = {.p = &p};
    size_t at[7];
    read_all(&r, b);
    if (b.n > PLAN_BYTES_MAX)
        r.c.bad = "plan too long";
    *ret_why = r.c.bad;
    return r.c.bad ? 0 : layout(&p, b.n, at);
}

static uint32_t slot_of(struct bytes code)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < code.n; i++)
        h = (h ^ code.at[i]) * 16777619u;
    return h ^ h >> 15;
}

static struct bytes code_at(const struct plan *p, bool unit, uint32_t i)
{
    return unit ? p->units[i].code : p->contests[i].code;
}

// Where the code stands in the index, or the free slot where it would.
static uint32_t *find(const struct plan *p, bool unit, struct bytes code)
{
    uint32_t *slots = unit ? p->unit_slots : p->contest_slots;
    uint32_t mask = unit ? p->unit_mask : p->contest_mask;
    for (uint32_t i = slot_of(code);; i++)
        if (slots[i & mask] == PLAN_NONE || bytes_same(code_at(p, unit, slots[i & mask]), code))
            return &slots[i & mask];
}

static const char *index_codes(struct plan *p)
{
    memset(p->unit_slots, 0xff, (p->unit_mask + 1) * sizeof(uint32_t));
    memset(p->contest_slots, 0xff, (p->contest_mask + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < p->n_units; i++) {
        uint32_t *slot = find(p, true, p->units[i].code);
        if (*slot != PLAN_NONE)
            return "two units of one code";
        *slot = i;
    }
    for (uint32_t i = 0; i < p->n_contests; i++) {
        uint32_t *slot = find(p, false, p->contests[i].code);
        if (*slot != PLAN_NONE)
            return "two contests of one code";
        *slot = i;
    }
    return NULL;
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
    size_t at[7];
    uint8_t *base = block;
    read_all(&r, b);
    *ret_why = r.c.bad;
    if (r.c.bad)
        return -EBADMSG;
    assert(layout(&count, b.n, at) <= size);
    memcpy(base + at[6], b.at, b.n);
    *p = count;
    p->units = (void *)(base + at[1]);
    p->contests = (void *)(base + at[2]);
    p->candidates = (void *)(base + at[3]);
    p->ballots = (void *)(base + at[4]);
    p->unit_slots = (void *)(base + at[5]);
    p->unit_mask = slots_for(p->n_units) - 1;
    p->contest_slots = p->unit_slots + p->unit_mask + 1;
    p->contest_mask = slots_for(p->n_contests) - 1;
    p->bytes = bytes_of(base + at[6], b.n);
    r.p = p;
    read_all(&r, p->bytes);
    hash_of(p->bytes, p->hash);
    *ret_why = r.c.bad ? r.c.bad : index_codes(p);
    if (!*ret_why)
        *ret_why = shape_tree(p);
    for (uint32_t i = 0; i < p->n_contests && !*ret_why; i++)
        define(p, &p->contests[i]);
    return *ret_why ? -EBADMSG : 0;
}

uint32_t plan_unit_of(const struct plan *p, struct bytes code)
{
    return *find(p, true, code);
}

uint32_t plan_contest_of(const struct plan *p, struct bytes code)
{
    return *find(p, false, code);
}

uint32_t plan_ballot_of(const struct plan *p, uint32_t unit, uint32_t contest)
{
    const struct plan_unit *u = &p->units[unit];
    for (uint32_t i = u->first_ballot; u->place && i < u->first_ballot + u->n_ballots; i++)
        if (p->ballots[i].contest == contest)
            return i;
    return PLAN_NONE;
}

uint32_t plan_cutoff_due(const struct plan *p, int64_t now)
{
    uint32_t n = 0;
    while (n < p->n_cutoffs && p->cutoffs[n].at <= now)
        n++;
    return n;
}

bool plan_below(const struct plan *p, uint32_t unit, uint32_t above)
{
    return unit >= above && unit < above + p->units[above].size;
}

uint32_t plan_places(const struct plan *p, uint32_t unit)
{
    uint32_t n = 0;
    for (uint32_t i = unit; i < unit + p->units[unit].size; i++)
        n += p->units[i].place;
    return n;
}

uint32_t plan_candidate_of(const struct plan *p, uint32_t contest, uint64_t number)
{
    const struct plan_contest *k = &p->contests[contest];
    for (uint32_t i = 0; i < k->n_candidates; i++)
        if (p->candidates[k->first_candidate + i].number == number)
            return i;
    return PLAN_NONE;
}

bool plan_may_speak(const struct plan *p, struct bytes author, uint32_t unit)
{
    const struct plan_unit *u = &p->units[unit];
    return bytes_same(author, u->code) || (u->former.n > 0 && bytes_same(author, u->former)) ||
           (u->parent != PLAN_NONE && bytes_same(author, p->units[u->parent].code));
}

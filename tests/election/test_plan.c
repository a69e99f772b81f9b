// test_plan.c - plan bytes opened as arrays, and slices of them.
#include "common/election/slice.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { UNITS = 60, CONTESTS = 16, CAP = 64 * 1024 };

struct made { // rows of a plan that a test makes, then packs
    unsigned n_levels, n_units, n_contests, n_ballots;
    struct plan_unit units[UNITS];
    struct plan_contest contests[CONTESTS];
    struct plan_candidate candidates[CONTESTS][3];
    struct plan_ballot ballots[UNITS * CONTESTS];
    struct plan_due dues[UNITS];
    struct plan head; // its days
    char codes[UNITS][16], keys[CONTESTS][3][32], names[CONTESTS][16];
};

static uint64_t seed;
static uint32_t draw(uint32_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % below;
}

static const struct plan_profile rules = {
    .name = {(const uint8_t *)"r", 1},
    .rule = RULE_MAJORITY,
    .need = {1, 2, 1},
    .n_grades = 2,
    .grades = {{(const uint8_t *)"yes", 3}, {(const uint8_t *)"no", 2}}};

// What a test changes of it; {0}: nothing.
static struct plan_profile profile;
static unsigned said_method; // + 1: every ballot says this one, also where it is the profile's

static const uint8_t *pack(const struct made *m, size_t *ret_n)
{
    static uint8_t buffer[CAP];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    if (m->head.n_days > 0)
        plan_pack_head_days(&p, &m->head);
    else
        plan_pack_head(&p, 3, bytes_text("label"), bytes_text("Bầu trưởng thôn"));
    pack_array(&p, m->n_levels);
    for (unsigned i = 0; i < m->n_levels; i++)
        plan_pack_level(&p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(&p, 2);
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("9 giờ"), 9000, 100});
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("11 giờ"), 11000, 100});
    pack_array(&p, 1);
    plan_pack_category(&p, &(struct plan_category){bytes_text("thời tiết"), bytes_text("weather")});
    pack_array(&p, 1);
    plan_pack_target(&p, &(struct plan_target){bytes_text("women"), 30});
    pack_array(&p, 1);
    plan_pack_profile(&p, profile.name.n > 0 ? &profile : &rules);
    pack_array(&p, 1);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, m->n_units);
    for (unsigned i = 0; i < m->n_units; i++)
        plan_pack_unit(&p, &m->units[i], m->dues + m->units[i].first_due);
    pack_array(&p, m->n_contests);
    for (unsigned i = 0; i < m->n_contests; i++)
        plan_pack_contest(&p, &m->contests[i], m->candidates[i]);
    pack_array(&p, m->n_ballots);
    for (unsigned i = 0; i < m->n_ballots; i++) {
        struct plan_ballot b = m->ballots[i];
        b.method = said_method > 0 ? said_method - 1 : b.method;
        plan_pack_ballot(&p, &b,
                         said_method > 0 ? &(struct plan_profile){.method = METHODS + 1} : &rules);
    }
    assert_false(p.full);
    *ret_n = p.n;
    return buffer;
}

// Units below `parent` in walk order; a leaf is a place now and then, and always when it is deep.
static void grow(struct made *m, uint32_t parent, unsigned level)
{
    unsigned children = level == 0 ? 3 : draw(4);
    if (parent != PLAN_NONE && (level == 4 || children == 0)) {
        m->units[parent].place = level == 4 || draw(4) > 0;
        return;
    }
    for (unsigned i = 0; i < children && m->n_units < UNITS; i++) {
        unsigned at = m->n_units++;
        snprintf(m->codes[at], sizeof m->codes[at], "%03u", at);
        m->units[at] = (struct plan_unit){.code = bytes_text(m->codes[at]),
                                          .name = bytes_text("Thôn Một"),
                                          .parent = parent,
                                          .level = level,
                                          .opens = 7000,
                                          .closes = 19000,
                                          .successor_of = bytes_text(draw(8) ? "" : "001,002"),
                                          .first_due = at,
                                          .n_dues = draw(4) == 0};
        m->dues[at] = (struct plan_due){1 + (uint8_t)draw(2), draw(2) ? 8000 : 0};
        grow(m, at, level + 1);
    }
}

static void make(struct made *m, uint64_t with)
{
    *m = (struct made){.n_levels = 6, .n_units = 1, .n_contests = CONTESTS};
    seed = with;
    if (with % 2 == 0) // every other plan knows of days off
        m->head = (struct plan){
            .version = 3,
            .label = bytes_text("label"),
            .title = bytes_text("Bầu trưởng thôn"),
            .n_days = 2,
            .days = {{20498, false, bytes_text("Tết")}, {20510, true, bytes_text("làm bù")}}};
    strcpy(m->codes[0], "000");
    m->units[0] = (struct plan_unit){.code = bytes_text(m->codes[0]), .parent = PLAN_NONE};
    grow(m, 0, 1);
    for (unsigned i = 0; i < CONTESTS; i++) {
        snprintf(m->names[i], sizeof m->names[i], "C%u", i);
        m->contests[i] = (struct plan_contest){.code = bytes_text(m->names[i]),
                                               .unit = draw(m->n_units),
                                               .seats = 1,
                                               .paper = bytes_text(draw(4) ? "" : "p"),
                                               .person = bytes_text(draw(4) ? "" : "an"),
                                               .places_in_all = 77,
                                               .n_candidates = draw(4)};
        for (unsigned j = 0; j < m->contests[i].n_candidates; j++) {
            snprintf(m->keys[i][j], sizeof m->keys[i][j], "k%u.%u", i, j);
            m->candidates[i][j] = (struct plan_candidate){
                .number = 1 + j * 3, .key = bytes_text(m->keys[i][j]), .name = bytes_text("Tên")};
        }
    }
    for (uint32_t u = 0; u < m->n_units; u++)
        for (uint32_t c = 0; m->units[u].place && c < CONTESTS; c++) {
            bool below = false;
            for (uint32_t a = u; a != PLAN_NONE; a = m->units[a].parent)
                below |= a == m->contests[c].unit;
            if (below && draw(3) > 0)
                m->ballots[m->n_ballots++] =
                    (struct plan_ballot){.unit = u,
                                         .contest = c,
                                         .voters = draw(4) ? draw(400) : VOTERS_UNKNOWN,
                                         .method = draw(8) ? SECRET_BALLOT : SHOW_OF_HANDS};
        }
}

static struct plan *open_bytes(struct bytes b)
{
    const char *why;
    size_t size = plan_size(b, &why);
    if (size == 0)
        fail_msg("plan_size: %s", why);
    void *block = malloc(size);
    assert_non_null(block);
    if (plan_open(block, size, b, &why) != 0)
        fail_msg("plan_open: %s", why);
    return block;
}

static struct plan *open_made(const struct made *m)
{
    size_t n;
    const uint8_t *at = pack(m, &n);
    return open_bytes(bytes_of(at, n));
}

static struct plan *slice_of(const struct plan *p, uint32_t unit)
{
    uint32_t scratch[CONTESTS];
    uint8_t *buffer = malloc(p->bytes.n);
    struct packer to;
    assert_non_null(buffer);
    pack_init(&to, buffer, p->bytes.n); // a slice is never larger than its plan
    slice_pack(p, unit, scratch, &to);
    assert_false(to.full);
    struct plan *slice = open_bytes(packed(&to));
    free(buffer);
    return slice;
}

// What went in comes out: every row, by its place and by its code.
static void test_rows_come_back(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 1);
    struct plan *p = open_made(&m);
    assert_int_equal(p->version, 3);
    assert_int_equal(p->n_units, m.n_units);
    assert_int_equal(p->n_ballots, m.n_ballots);
    assert_int_equal(p->cutoffs[1].at, 11000);
    assert_int_equal(p->profiles[0].need.den, 2);
    assert_int_equal(p->targets[0].percent, 30);
    for (uint32_t i = 0; i < m.n_units; i++) {
        assert_int_equal(plan_unit_of(p, m.units[i].code), i);
        assert_int_equal(p->units[i].parent, m.units[i].parent);
        assert_int_equal(p->units[i].place, m.units[i].place);
        assert_int_equal(p->units[i].closes, m.units[i].closes);
        assert_int_equal(p->units[i].n_dues, m.units[i].n_dues);
        if (m.units[i].n_dues > 0)
            assert_int_equal(p->dues[p->units[i].first_due].at, m.dues[i].at);
    }
    uint32_t votes = 0;
    for (uint32_t i = 0; i < m.n_ballots; i++) {
        const struct plan_ballot *b = &p->ballots[i];
        assert_int_equal(plan_ballot_of(p, m.ballots[i].unit, m.ballots[i].contest), i);
        assert_int_equal(b->voters, m.ballots[i].voters);
        assert_int_equal(b->method, m.ballots[i].method);
        assert_int_equal(b->first_vote, votes);
        votes += p->contests[b->contest].n_candidates;
    }
    assert_int_equal(p->n_votes, votes);
    for (uint32_t i = 0; i < CONTESTS; i++) {
        assert_int_equal(plan_contest_of(p, m.contests[i].code), i);
        for (uint32_t j = 0; j < m.contests[i].n_candidates; j++)
            assert_int_equal(plan_candidate_of(p, i, 1 + j * 3), j);
        assert_int_equal(plan_candidate_of(p, i, 2), PLAN_NONE);
    }
    assert_int_equal(plan_unit_of(p, bytes_text("00")), PLAN_NONE);
    assert_int_equal(plan_contest_of(p, bytes_text("")), PLAN_NONE);
    free(p);
}

// A plan that says days off has them, and so has each slice of it; one without is the bytes it always was.
static void test_days_off(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 2);
    struct plan *p = open_made(&m), *slice = slice_of(p, 0);
    assert_int_equal(p->n_days, 2);
    assert_int_equal(p->version, 3);
    assert_int_equal(plan_version(p->bytes), 3);
    assert_int_equal(p->days[0].day, 20498);
    assert_false(p->days[0].works);
    assert_true(p->days[1].works);
    assert_int_equal(slice->n_days, 2);
    assert_true(bytes_same(slice->days[1].name, bytes_text("làm bù")));
    free(slice);
    free(p);
    make(&m, 1);
    p = open_made(&m);
    assert_int_equal(p->n_days, 0);
    assert_memory_equal(p->bytes.at + 2, "dantin plan 2", 13);
    free(p);
}

// Not in order, one too many, beyond the last day, or a list without any: no plan.
static void test_days_off_refused(void **state)
{
    (void)state;
    static struct made m;
    const char *why;
    size_t n;
    make(&m, 2);
    m.head.days[1].day = m.head.days[0].day;
    const uint8_t *at = pack(&m, &n);
    assert_int_equal(plan_size(bytes_of(at, n), &why), 0);
    assert_string_equal(why, "days off out of order");
    m.head.days[1].day = PLAN_DAY_LAST + 1;
    at = pack(&m, &n);
    assert_int_equal(plan_size(bytes_of(at, n), &why), 0);
    m.head.n_days = PLAN_DAYS_MAX;
    for (unsigned i = 0; i < PLAN_DAYS_MAX; i++)
        m.head.days[i] = (struct plan_day){(int32_t)(20000 + i), false, bytes_text("lễ")};
    at = pack(&m, &n);
    assert_true(plan_size(bytes_of(at, n), &why) > 0);
    static uint8_t buffer[CAP];
    static const struct {
        unsigned items, days;
        const char *purpose;
    } odd[] = {{13, 1, "dantin plan 3"},
               {14, 1, "dantin plan 2"},
               {14, 0, "dantin plan 3"},
               {14, PLAN_DAYS_MAX + 1, "dantin plan 3"}};
    for (unsigned i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct packer p;
        pack_init(&p, buffer, sizeof buffer);
        pack_array(&p, odd[i].items);
        pack_text(&p, bytes_text(odd[i].purpose));
        pack_uint(&p, 3);
        pack_text(&p, bytes_text("label"));
        pack_text(&p, bytes_text("t"));
        pack_array(&p, odd[i].days);
        struct plan head = {0};
        struct cursor c;
        cursor_init(&c, packed(&p));
        plan_take_head(&c, &head);
        assert_non_null(c.bad);
    }
}

// A subtree is a range of units and of ballots, at every unit of many trees.
static void test_subtrees_are_ranges(void **state)
{
    (void)state;
    static struct made m;
    for (uint64_t s = 1; s <= 30; s++) {
        make(&m, s);
        struct plan *p = open_made(&m);
        for (uint32_t above = 0; above < p->n_units; above++) {
            uint32_t size = 0, places = 0, ballots = 0;
            for (uint32_t u = 0; u < p->n_units; u++) {
                bool below = false;
                for (uint32_t a = u; a != PLAN_NONE; a = p->units[a].parent)
                    below |= a == above;
                assert_int_equal(plan_below(p, u, above), below);
                size += below;
                places += below && p->units[u].place;
            }
            const struct plan_unit *top = &p->units[above];
            for (uint32_t i = 0; i < p->n_ballots; i++) {
                bool below = plan_below(p, p->ballots[i].unit, above);
                assert_int_equal(i >= top->first_ballot && i < top->first_ballot + top->n_ballots,
                                 below);
                ballots += below;
            }
            assert_int_equal(top->size, size);
            assert_int_equal(plan_places(p, above), places);
            assert_int_equal(top->n_ballots, ballots);
        }
        free(p);
    }
}

// Slicing composes: the slice of a slice is the slice of the plan, byte for byte.
static void test_slices_compose(void **state)
{
    (void)state;
    static struct made m;
    for (uint64_t s = 1; s <= 30; s++) {
        make(&m, s);
        struct plan *p = open_made(&m);
        for (uint32_t d = 0; d < p->n_units; d++) {
            struct plan *of_d = slice_of(p, d);
            for (uint32_t c = d; c < d + p->units[d].size; c++) {
                struct plan *direct = slice_of(p, c);
                struct plan *by_way = slice_of(of_d, plan_unit_of(of_d, p->units[c].code));
                assert_true(bytes_same(direct->bytes, by_way->bytes));
                assert_memory_equal(direct->hash, by_way->hash, HASH_SIZE);
                free(direct);
                free(by_way);
            }
            free(of_d);
        }
        free(p);
    }
}

// A slice holds the units above the child and below it, no place of anyone else, and each contest
// voted on there as it stands in the plan.
static void test_slice_holds_what_the_child_needs(void **state)
{
    (void)state;
    static struct made m;
    for (uint64_t s = 1; s <= 30; s++) {
        make(&m, s);
        struct plan *p = open_made(&m);
        for (uint32_t c = 0; c < p->n_units; c++) {
            struct plan *slice = slice_of(p, c);
            uint32_t n = 0;
            for (uint32_t u = 0; u < p->n_units; u++) {
                bool kept = plan_below(p, u, c) || plan_below(p, c, u);
                n += kept;
                assert_int_equal(plan_unit_of(slice, p->units[u].code) != PLAN_NONE, kept);
            }
            assert_int_equal(slice->n_units, n);
            assert_int_equal(slice->n_ballots, p->units[c].n_ballots);
            for (uint32_t i = 0; i < slice->n_ballots; i++) {
                const struct plan_ballot *was = &p->ballots[p->units[c].first_ballot + i];
                const struct plan_ballot *is = &slice->ballots[i];
                const struct plan_contest *old = &p->contests[was->contest];
                const struct plan_contest *new = &slice->contests[is->contest];
                assert_int_equal(is->voters, was->voters);
                assert_true(bytes_same(slice->units[is->unit].code, p->units[was->unit].code));
                assert_true(bytes_same(new->code, old->code));
                assert_true(bytes_same(slice->units[new->unit].code, p->units[old->unit].code));
                assert_int_equal(new->n_candidates, old->n_candidates);
                assert_int_equal(new->places_in_all, old->places_in_all);
                assert_memory_equal(new->definition, old->definition, sizeof old->definition);
            }
            for (uint32_t i = 0; i < slice->n_contests; i++) {
                uint32_t used = 0;
                for (uint32_t b = 0; b < slice->n_ballots; b++)
                    used += slice->ballots[b].contest == i;
                assert_true(used > 0);
            }
            free(slice);
        }
        free(p);
    }
}

// The definition of a contest changes with its code, seats, method and candidates' keys and
// numbers, and with nothing else: not with a name, a place or the plan's version.
static void test_definition(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 5);
    m.contests[0].n_candidates = 2;
    m.candidates[0][0] = (struct plan_candidate){1, bytes_text("a"), bytes_text("A")};
    m.candidates[0][1] = (struct plan_candidate){2, bytes_text("b"), bytes_text("B")};
    struct plan *p = open_made(&m);
    m.candidates[0][1].name = bytes_text("Bê");
    m.contests[0].name = bytes_text("tên khác");
    m.contests[0].places_in_all = 1;
    struct plan *renamed = open_made(&m);
    assert_memory_equal(p->contests[0].definition, renamed->contests[0].definition, 8);
    m.contests[0].seats = 2;
    struct plan *seats = open_made(&m);
    assert_memory_not_equal(p->contests[0].definition, seats->contests[0].definition, 8);
    m.contests[0].seats = 1;
    m.candidates[0][1].key = bytes_text("c");
    struct plan *other = open_made(&m);
    assert_memory_not_equal(p->contests[0].definition, other->contests[0].definition, 8);
    free(p);
    free(renamed);
    free(seats);
    free(other);
}

// A unit may be spoken for by itself, its parent and its parent before a move; by nobody else.
static void test_who_may_speak(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 1);
    m.n_ballots = m.n_contests = 0;
    m.n_units = 4;
    for (uint32_t i = 0; i < 4; i++)
        m.units[i] =
            (struct plan_unit){.code = bytes_text(m.codes[i]), .parent = i ? i - 1 : PLAN_NONE};
    m.units[3].former = bytes_text("old");
    struct plan *p = open_made(&m);
    assert_true(plan_may_speak(p, bytes_text("003"), 3));
    assert_true(plan_may_speak(p, bytes_text("002"), 3));
    assert_true(plan_may_speak(p, bytes_text("old"), 3));
    assert_false(plan_may_speak(p, bytes_text("001"), 3));
    assert_false(plan_may_speak(p, bytes_text(""), 2));
    assert_false(plan_may_speak(p, bytes_text(""), 0));
    free(p);
}

// A cut-off is due from its very millisecond on.
static void test_cutoff_due(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 1);
    struct plan *p = open_made(&m);
    assert_int_equal(plan_cutoff_due(p, 8999), 0);
    assert_int_equal(plan_cutoff_due(p, 9000), 1);
    assert_int_equal(plan_cutoff_due(p, 11000), 2);
    assert_int_equal(plan_cutoff_due(p, INT64_MAX), 2);
    free(p);
}

static void refused(const struct made *m, const char *reason)
{
    const char *why = NULL;
    size_t n, size;
    const uint8_t *at = pack(m, &n);
    size = plan_size(bytes_of(at, n), &why);
    if (size > 0) {
        void *block = malloc(size);
        assert_int_equal(plan_open(block, size, bytes_of(at, n), &why), -EBADMSG);
        free(block);
    }
    assert_string_equal(why, reason);
}

// A tree 0 (1 (2) 3 (4)) with one contest at place 2.
static void make_small(struct made *m)
{
    static const uint32_t parents[] = {PLAN_NONE, 0, 1, 0, 3};
    make(m, 1);
    m->n_units = 5;
    for (uint32_t i = 0; i < 5; i++)
        m->units[i] = (struct plan_unit){
            .code = bytes_text(m->codes[i]), .parent = parents[i], .place = i == 2 || i == 4};
    m->n_contests = m->n_ballots = 1;
    m->contests[0] = (struct plan_contest){.code = bytes_text("K"), .unit = 1, .seats = 1};
    m->ballots[0] = (struct plan_ballot){.unit = 2, .contest = 0, .voters = 0};
}

// Bytes that are not a walk of a tree, or name what is not there, are refused with the reason.
static void test_refusals(void **state)
{
    (void)state;
    static struct made good, m;
    make_small(&good);
    free(open_made(&good));

    m = good;
    m.units[4].parent = 1;
    refused(&m, "units are not in the order of the tree");
    m = good;
    m.units[1].place = true;
    refused(&m, "units are not in the order of the tree");
    m = good;
    m.units[3].parent = PLAN_NONE;
    refused(&m, "units out of order");
    m = good;
    m.units[3].parent = 3;
    refused(&m, "units out of order");
    m = good;
    m.units[3].code = bytes_text("001");
    refused(&m, "two units of one code");
    m = good;
    m.units[3].level = good.n_levels;
    refused(&m, "a unit of a level that is not there");
    m = good;
    m.contests[0].unit = 5;
    refused(&m, "a contest names what is not there");
    m = good;
    m.contests[m.n_contests++] = good.contests[0];
    refused(&m, "two contests of one code");
    m = good;
    m.ballots[0].unit = 4;
    refused(&m, "a place votes on a contest of another unit");
    m = good;
    m.ballots[0].unit = 1;
    refused(&m, "a ballot at what is not a place");
    m = good;
    m.ballots[m.n_ballots++] = good.ballots[0];
    refused(&m, "ballots out of order");
    m = good;
    m.contests[0].n_candidates = 2;
    m.candidates[0][0] = m.candidates[0][1] =
        (struct plan_candidate){7, bytes_text("a"), bytes_text("A")};
    refused(&m, "candidates out of order");
}

// A place's own cut-offs ascend and name one that there is; a time that is none says "nothing is due".
static void test_dues_out_of_order(void **state)
{
    (void)state;
    static struct made good, m;
    static const struct {
        uint8_t first, second;
        bool good;
    } cases[] = {{1, 2, true}, {2, 1, false}, {1, 1, false}, {0, 1, false}, {2, 3, false}};
    make_small(&good);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        m = good;
        m.units[2].first_due = 0;
        m.units[2].n_dues = 2;
        m.dues[0] = (struct plan_due){cases[i].first, 8000};
        m.dues[1] = (struct plan_due){cases[i].second, 0};
        if (!cases[i].good) {
            refused(&m, "cut-offs of a place out of order");
            continue;
        }
        struct plan *p = open_made(&m);
        assert_int_equal(plan_due_at(p, 2, 1), 8000);
        assert_int_equal(plan_due_at(p, 2, 2), 0);
        assert_int_equal(plan_due_at(p, 4, 2), 11000);
        free(p);
    }
}

// One plan, one sequence of bytes: a ballot says its method where it is not the profile's, and only there.
static void test_methods_of_ballots(void **state)
{
    (void)state;
    static struct made m;
    make_small(&m);
    said_method = 1 + SECRET_BALLOT;
    refused(&m, "a method that is the profile's need not be said");
    said_method = 1 + METHODS;
    const char *why = NULL;
    size_t n;
    const uint8_t *at = pack(&m, &n);
    assert_int_equal(plan_size(bytes_of(at, n), &why), 0);
    assert_non_null(why);
    said_method = 1 + MIXED;
    struct plan *p = open_made(&m);
    assert_int_equal(p->ballots[0].method, MIXED);
    said_method = 0;
    free(p);
}

// A profile has as many levels as one may have, and each of its words is one that there is.
static void test_profiles_of_a_stranger(void **state)
{
    (void)state;
    static struct made m;
    static const size_t words[] = {
        offsetof(struct plan_profile, electorate),  offsetof(struct plan_profile, method),
        offsetof(struct plan_profile, decides),     offsetof(struct plan_profile, rule),
        offsetof(struct plan_profile, quorum_base), offsetof(struct plan_profile, base),
        offsetof(struct plan_profile, blank_valid), offsetof(struct plan_profile, per_person),
        offsetof(struct plan_profile, restricted),  offsetof(struct plan_profile, need.strict)};
    make_small(&m);
    profile = rules;
    profile.n_grades = PLAN_GRADES_MAX;
    struct plan *p = open_made(&m);
    assert_int_equal(p->profiles[0].n_grades, PLAN_GRADES_MAX);
    free(p);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *why = NULL;
        size_t n;
        profile = rules;
        memcpy((uint8_t *)&profile + words[i], &(unsigned){77}, sizeof(unsigned));
        const uint8_t *at = pack(&m, &n);
        assert_int_equal(plan_size(bytes_of(at, n), &why), 0);
        assert_non_null(why);
    }
    profile = (struct plan_profile){0};
}

// No cut or changed byte makes the reader go beyond the bytes, or open what it did not measure.
static void test_broken_bytes(void **state)
{
    (void)state;
    static struct made m;
    static uint8_t copy[CAP];
    size_t n;
    const char *why;
    make(&m, 2);
    const uint8_t *bytes = pack(&m, &n);
    memcpy(copy, bytes, n);
    for (size_t cut = 0; cut < n; cut++)
        assert_int_equal(plan_size(bytes_of(copy, cut), &why), 0);
    for (size_t at = 0; at < n; at++) {
        uint8_t was = copy[at];
        copy[at] = (uint8_t)(was ^ (1u << draw(8)));
        size_t size = plan_size(bytes_of(copy, n), &why);
        void *block = size ? malloc(size) : NULL;
        if (block && plan_open(block, size, bytes_of(copy, n), &why) != 0)
            assert_non_null(why);
        free(block);
        copy[at] = was;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_come_back),
        cmocka_unit_test(test_subtrees_are_ranges),
        cmocka_unit_test(test_days_off),
        cmocka_unit_test(test_days_off_refused),
        cmocka_unit_test(test_slices_compose),
        cmocka_unit_test(test_slice_holds_what_the_child_needs),
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_who_may_speak),
        cmocka_unit_test(test_cutoff_due),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_dues_out_of_order),
        cmocka_unit_test(test_methods_of_ballots),
        cmocka_unit_test(test_profiles_of_a_stranger),
        cmocka_unit_test(test_broken_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

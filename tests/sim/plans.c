// plans.c - the plan of a simulated world: its rooms as units with places, in the order they have now.
#include "clerk.h"
#include <assert.h>
#include <stdio.h>

struct made { // rows of the plan
    uint32_t n_units, n_ballots, n_contests;
    struct plan_unit units[ROOMS_MAX * (1 + PLACES)];
    char codes[ROOMS_MAX * (1 + PLACES)][32];
    struct plan_contest contests[1 + ROOMS_MAX];
    char names[1 + ROOMS_MAX][32];
    struct plan_ballot ballots[ROOMS_MAX * PLACES * 2];
};

static void make_contest(struct made *m, const char *code, uint32_t unit, uint32_t places)
{
    struct plan_contest *k = &m->contests[m->n_contests];
    snprintf(m->names[m->n_contests], sizeof m->names[0], "K%s", code);
    *k = (struct plan_contest){.code = bytes_text(m->names[m->n_contests]),
                               .name = bytes_text("Cuộc bầu"),
                               .unit = unit,
                               .seats = 1,
                               .places_in_all = places,
                               .n_candidates = CANDIDATES};
    m->n_contests++;
}

static void make_units(const struct world *w, struct made *m, uint32_t room, uint32_t parent)
{
    uint32_t at = m->n_units++;
    const struct room *r = &w->rooms[room];
    m->units[at] = (struct plan_unit){
        .code = code_bytes(&r->unit), .name = bytes_text("Đơn vị"), .parent = parent};
    m->units[at].former = code_bytes(&r->former);
    m->units[at].moved_in = r->moved_in;
    m->units[at].level = parent == PLAN_NONE ? 0 : m->units[parent].level + 1;
    for (uint32_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].parent == room && !w->rooms[i].twin)
            make_units(w, m, i, at);
    if (!room_is_leaf(w, room))
        return;
    uint32_t contest = m->n_contests;
    make_contest(m, r->unit.at, at, PLACES);
    for (uint32_t k = 0; k < PLACES; k++) {
        uint32_t u = m->n_units++;
        snprintf(m->codes[u], sizeof m->codes[u], "%.20s-%u", r->unit.at, k + 1);
        m->units[u] = (struct plan_unit){.code = bytes_text(m->codes[u]),
                                         .name = bytes_text("Tổ"),
                                         .parent = at,
                                         .level = m->units[at].level + 1,
                                         .place = true,
                                         .opens = 7,
                                         .closes = 19};
        m->ballots[m->n_ballots++] =
            (struct plan_ballot){.unit = u, .contest = 0, .voters = VOTERS};
        m->ballots[m->n_ballots++] =
            (struct plan_ballot){.unit = u, .contest = contest, .voters = VOTERS};
    }
}

static const struct plan_profile profile = {.name = {(const uint8_t *)"plurality", 9}};

static void pack_heads(struct packer *p, uint32_t version)
{
    plan_pack_head(p, version, bytes_text("sim"), bytes_text("Mô phỏng"));
    pack_array(p, 6);
    for (unsigned i = 0; i < 6; i++)
        plan_pack_level(p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(p, CUTOFFS);
    plan_pack_cutoff(p, &(struct plan_cutoff){bytes_text("9"), 9000, 100});
    plan_pack_cutoff(p, &(struct plan_cutoff){bytes_text("11"), 11000, 100});
    pack_array(p, 0); // categories
    pack_array(p, 0); // targets
    pack_array(p, 1);
    plan_pack_profile(p, &profile);
    pack_array(p, 1);
    pack_text(p, bytes_text("head"));
}

size_t clerk_plan(const struct world *w, uint32_t version, uint8_t *buffer, size_t cap)
{
    static struct made m;
    static const char *const keys[CANDIDATES] = {"a", "b", "c"};
    struct plan_candidate candidates[CANDIDATES];
    for (unsigned i = 0; i < CANDIDATES; i++) { // in another order, under numbers not used before
        struct bytes key = bytes_text(keys[(i + w->n_shuffles) % CANDIDATES]);
        candidates[i] = (struct plan_candidate){1 + i + 10 * w->n_shuffles, key, key};
    }
    struct packer p;
    m.n_units = m.n_ballots = m.n_contests = 0;
    make_contest(&m, "", 0, PLACES * ROOMS_MAX);
    make_units(w, &m, 0, PLAN_NONE);
    pack_init(&p, buffer, cap);
    pack_heads(&p, version);
    pack_array(&p, m.n_units);
    for (uint32_t i = 0; i < m.n_units; i++)
        plan_pack_unit(&p, &m.units[i], NULL);
    pack_array(&p, m.n_contests);
    for (uint32_t i = 0; i < m.n_contests; i++)
        plan_pack_contest(&p, &m.contests[i], candidates);
    pack_array(&p, m.n_ballots);
    for (uint32_t i = 0; i < m.n_ballots; i++)
        plan_pack_ballot(&p, &m.ballots[i], &profile);
    assert(!p.full);
    return p.n;
}

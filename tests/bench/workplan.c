// workplan.c - the plan of the fixed workloads, of any number of places, and what is said of them.
#include "workloads.h"
#include <stdio.h>
#include <string.h>

static const int64_t at_9 = 1463882400000, at_15 = 1463904000000; // ms since 1970

void workplan_unit(char code[CODE_MAX], const char *last, unsigned unit)
{
    snprintf(code, CODE_MAX, "%s%u", last, unit + 1);
}

void workplan_place(char code[CODE_MAX], const char *last, unsigned unit, unsigned place)
{
    snprintf(code, CODE_MAX, "%s%u-%u", last, unit + 1, place + 1);
}

static void pack_heads(struct packer *p, unsigned n_levels)
{
    const struct plan_profile most = {.name = bytes_text("most"), .choices = 1};
    plan_pack_head(p, 1, bytes_text("bench"), bytes_text("Bầu cử trưởng thôn"));
    pack_array(p, n_levels);
    for (unsigned i = 0; i < n_levels; i++)
        plan_pack_level(p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(p, 2);
    plan_pack_cutoff(p, &(struct plan_cutoff){bytes_text("9 giờ"), at_9, 1});
    plan_pack_cutoff(p, &(struct plan_cutoff){bytes_text("15 giờ"), at_15, 1});
    pack_array(p, 0); // categories
    pack_array(p, 0); // targets
    pack_array(p, 1);
    plan_pack_profile(p, &most);
    pack_array(p, 1);
    pack_text(p, bytes_text("head"));
}

static void pack_units(struct packer *p, const char *const *above, unsigned n_above,
                       unsigned places, unsigned each)
{
    const char *last = above[n_above - 1];
    unsigned n = n_above;
    uint32_t unit = 0;
    char code[CODE_MAX];
    for (unsigned i = 0; i < n_above; i++)
        plan_pack_unit(p,
                       &(struct plan_unit){.code = bytes_text(above[i]),
                                           .name = bytes_text(above[i]),
                                           .parent = i == 0 ? PLAN_NONE : i - 1,
                                           .level = i},
                       NULL);
    for (unsigned i = 0; i < places; i++) {
        struct plan_unit u = {.code = bytes_text(code), .name = bytes_text("Thôn")};
        if (i % each == 0) {
            workplan_unit(code, last, i / each);
            u = (struct plan_unit){.code = bytes_text(code),
                                   .name = bytes_text("Xã"),
                                   .parent = n_above - 1,
                                   .level = n_above};
            plan_pack_unit(p, &u, NULL);
            unit = n++;
        }
        workplan_place(code, last, i / each, i % each);
        u.code = bytes_text(code);
        u.name = bytes_text("Thôn");
        u.parent = unit;
        u.level = n_above + 1;
        u.place = true;
        plan_pack_unit(p, &u, NULL);
        n++;
    }
}

static uint32_t unit_of(unsigned n_above, unsigned place,
                        unsigned each) // its index: a unit stands before its places
{
    return n_above + place + place / each + 1;
}

struct bytes workplan(const char *const *above, unsigned n_above, unsigned places, unsigned each)
{
    const struct plan_profile none = {0};
    const struct plan_candidate people[2] = {{1, bytes_text("an"), bytes_text("An")},
                                             {2, bytes_text("binh"), bytes_text("Bình")}};
    size_t cap = 4096 + (size_t)places * 400;
    struct packer p;
    char place[CODE_MAX], contest[CODE_MAX + 1];
    pack_init(&p, must_have(malloc(cap)), cap);
    pack_heads(&p, n_above + 2);
    pack_array(&p, n_above + (places + each - 1) / each + places);
    pack_units(&p, above, n_above, places, each);
    pack_array(&p, places);
    for (unsigned i = 0; i < places; i++) {
        workplan_place(place, above[n_above - 1], i / each, i % each);
        snprintf(contest, sizeof contest, "H%s", place);
        plan_pack_contest(&p,
                          &(struct plan_contest){.code = bytes_text(contest),
                                                 .name = bytes_text("Trưởng thôn"),
                                                 .unit = unit_of(n_above, i, each),
                                                 .seats = 1,
                                                 .places_in_all = 1,
                                                 .n_candidates = 2},
                          people);
    }
    pack_array(&p, places);
    for (unsigned i = 0; i < places; i++)
        plan_pack_ballot(&p,
                         &(struct plan_ballot){.unit = unit_of(n_above, i, each),
                                               .contest = i,
                                               .voters = PLACE_VOTERS},
                         &none);
    MUST(!p.full);
    return packed(&p);
}

struct plan *workplan_open(struct bytes plan)
{
    const char *why = "";
    size_t size = plan_size(plan, &why);
    if (size == 0)
        fprintf(stderr, "workloads: %s\n", why);
    MUST(size > 0);
    struct plan *p = must_have(aligned_alloc(16, (size + 15) & ~(size_t)15));
    MUST(plan_open(p, size, plan, &why) == 0);
    return p;
}

uint32_t workplan_voted(uint64_t place, unsigned which)
{
    return 300 * (which + 1) + (uint32_t)(place % 97);
}

size_t workplan_statement(const struct plan *p, uint32_t unit, unsigned which, uint64_t act,
                          uint8_t buffer[RECORD_MAX])
{
    uint32_t ballot = p->units[unit].first_ballot, voted = workplan_voted(ballot, which);
    const struct plan_contest *k = &p->contests[p->ballots[ballot].contest];
    struct record r = {.act = act,
                       .kind = which < 2 ? KIND_TURNOUT : KIND_TALLY,
                       .how = HOW_DESK,
                       .plan = 1,
                       .at = which == 0 ? at_9 : at_15 + (int64_t)(which - 1) * 3600000,
                       .by = bytes_text("lan"),
                       .subject = p->units[unit].code,
                       .contest = k->code};
    const char *why = "";
    r.entered = r.at + 60000;
    if (which < 2) {
        r.number[TURNOUT_CUTOFF] = which + 1;
        r.number[TURNOUT_VOTED] = voted;
    } else {
        r.blob[TALLY_DEFINITION] = bytes_of(k->definition, sizeof k->definition);
        for (unsigned i = 0; i < 2; i++) {
            r.list[r.n_list++] = i + 1;
            r.list[r.n_list++] = i == 0 ? voted / 3 : voted - voted / 3;
        }
        record_set(&r, TALLY_ATTENDED, voted);
        record_set(&r, TALLY_RETURNED, voted);
        record_set(&r, TALLY_VALID, voted);
        record_set(&r, TALLY_INVALID, 0);
    }
    int n = record_encode(&r, buffer, RECORD_MAX, &why);
    MUST(n > 0);
    return (size_t)n;
}

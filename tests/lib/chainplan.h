// chainplan.h - the smallest plan: one unit on each level, the last of them a place with one ballot.
#pragma once
#include "common/election/plan.h"
#include <assert.h>

static inline struct bytes chain_plan(uint32_t version, const char *const *codes, uint32_t n,
                                      struct packer *p)
{
    const struct plan_profile profile = {.name = bytes_text("r")};
    plan_pack_head(p, version, bytes_text("test"), bytes_text("Thử"));
    pack_array(p, n);
    for (uint32_t i = 0; i < n; i++)
        plan_pack_level(p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(p, 1);
    plan_pack_cutoff(p, &(struct plan_cutoff){bytes_text("9"), 9, 1});
    pack_array(p, 0); // categories
    pack_array(p, 0); // targets
    pack_array(p, 1);
    plan_pack_profile(p, &profile);
    pack_array(p, 1);
    pack_text(p, bytes_text("head"));
    pack_array(p, n);
    for (uint32_t i = 0; i < n; i++)
        plan_pack_unit(p,
                       &(struct plan_unit){.code = bytes_text(codes[i]),
                                           .parent = i == 0 ? PLAN_NONE : i - 1,
                                           .level = i,
                                           .place = i + 1 == n},
                       NULL);
    pack_array(p, 1);
    plan_pack_contest(
        p, &(struct plan_contest){.code = bytes_text("K"), .seats = 1, .places_in_all = 1}, NULL);
    pack_array(p, 1);
    plan_pack_ballot(p, &(struct plan_ballot){.unit = n - 1, .voters = 1000}, &profile);
    assert(!p->full);
    return packed(p);
}

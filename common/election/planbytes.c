// planbytes.c - writes the rows of a plan as plan.c reads them.
#include "plan.h"

void plan_pack_head(struct packer *p, uint32_t version, struct bytes label, struct bytes title)
{
    pack_array(p, 11);
    pack_text(p, bytes_text("dantin plan 1"));
    pack_uint(p, version);
    pack_text(p, label);
    pack_text(p, title);
}

void plan_pack_level(struct packer *p, const struct plan_level *l)
{
    pack_array(p, 2);
    pack_text(p, l->name);
    pack_text(p, l->english);
}

void plan_pack_cutoff(struct packer *p, const struct plan_cutoff *c)
{
    pack_array(p, 3);
    pack_text(p, c->name);
    pack_uint(p, (uint64_t)c->at);
    pack_uint(p, (uint64_t)c->grace);
}

void plan_pack_profile(struct packer *p, const struct plan_profile *r)
{
    pack_array(p, 8);
    pack_text(p, r->name);
    pack_uint(p, r->rule);
    pack_uint(p, r->quorum_num);
    pack_uint(p, r->quorum_den);
    pack_uint(p, r->need_num);
    pack_uint(p, r->need_den);
    pack_uint(p, r->base);
    pack_uint(p, r->choices);
}

void plan_pack_unit(struct packer *p, const struct plan_unit *u)
{
    pack_array(p, 10);
    pack_text(p, u->code);
    pack_uint(p, u->parent == PLAN_NONE ? 0 : u->parent + 1);
    pack_uint(p, u->level);
    pack_text(p, u->name);
    pack_text(p, u->group);
    pack_text(p, u->former);
    pack_uint(p, u->moved_in);
    pack_uint(p, u->place);
    pack_uint(p, (uint64_t)u->opens);
    pack_uint(p, (uint64_t)u->closes);
}

void plan_pack_contest(struct packer *p, const struct plan_contest *c,
                       const struct plan_candidate *cs)
{
    pack_array(p, 9);
    pack_text(p, c->code);
    pack_text(p, c->name);
    pack_uint(p, c->kind);
    pack_uint(p, c->unit);
    pack_uint(p, c->profile);
    pack_uint(p, c->seats);
    pack_uint(p, c->places_in_all);
    pack_text(p, c->repeats);
    pack_array(p, c->n_candidates);
    for (uint32_t i = 0; i < c->n_candidates; i++) {
        pack_array(p, 3);
        pack_uint(p, cs[i].number);
        pack_text(p, cs[i].key);
        pack_text(p, cs[i].name);
    }
}

void plan_pack_ballot(struct packer *p, const struct plan_ballot *b)
{
    pack_array(p, 3);
    pack_uint(p, b->unit);
    pack_uint(p, b->contest);
    pack_uint(p, b->voters == VOTERS_UNKNOWN ? 0 : (uint64_t)b->voters + 1);
}

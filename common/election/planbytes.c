// planbytes.c - writes the rows of a plan as plan.c reads them.
#include "plan.h"

void plan_pack_head(struct packer *p, uint32_t version, struct bytes label, struct bytes title)
{
    pack_array(p, 13);
    pack_text(p, bytes_text("dantin plan 2"));
    pack_uint(p, version);
    pack_text(p, label);
    pack_text(p, title);
}

void plan_pack_head_days(struct packer *p, const struct plan *with)
{
    pack_array(p, 14);
    pack_text(p, bytes_text("dantin plan 3"));
    pack_uint(p, with->version);
    pack_text(p, with->label);
    pack_text(p, with->title);
    pack_array(p, with->n_days);
    for (unsigned i = 0; i < with->n_days; i++) {
        pack_array(p, 3);
        pack_uint(p, (uint64_t)with->days[i].day);
        pack_uint(p, with->days[i].works);
        pack_text(p, with->days[i].name);
    }
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

void plan_pack_category(struct packer *p, const struct plan_category *c)
{
    pack_array(p, 2);
    pack_text(p, c->name);
    pack_text(p, c->english);
}

void plan_pack_target(struct packer *p, const struct plan_target *t)
{
    pack_array(p, 2);
    pack_text(p, t->what);
    pack_uint(p, t->percent);
}

static void pack_part(struct packer *p, const struct part *part)
{
    pack_array(p, 3);
    pack_uint(p, part->num);
    pack_uint(p, part->den);
    pack_uint(p, part->strict);
}

void plan_pack_profile(struct packer *p, const struct plan_profile *r)
{
    pack_array(p, 25);
    pack_text(p, r->name);
    pack_uint(p, r->electorate);
    pack_uint(p, r->method);
    pack_uint(p, r->decides);
    pack_uint(p, r->rule);
    pack_part(p, &r->quorum);
    pack_uint(p, r->quorum_base);
    pack_part(p, &r->need);
    pack_uint(p, r->base);
    pack_uint(p, r->choices);
    pack_uint(p, r->min_candidates);
    pack_uint(p, r->blank_valid);
    pack_uint(p, r->per_person);
    pack_uint(p, r->restricted);
    pack_uint(p, r->surplus);
    pack_uint(p, r->rounds);
    pack_uint(p, r->rerun_days);
    pack_uint(p, r->report_days);
    pack_uint(p, r->recognise_days);
    pack_uint(p, r->interim_months);
    pack_uint(p, r->copies);
    pack_text(p, r->form);
    pack_part(p, &r->low);
    pack_part(p, &r->lowest);
    pack_array(p, r->n_grades);
    for (unsigned i = 0; i < r->n_grades; i++)
        pack_text(p, r->grades[i]);
}

void plan_pack_unit(struct packer *p, const struct plan_unit *u, const struct plan_due *dues)
{
    pack_array(p, 12);
    pack_text(p, u->code);
    pack_uint(p, u->parent == PLAN_NONE ? 0 : u->parent + 1);
    pack_uint(p, u->level);
    pack_text(p, u->name);
    pack_text(p, u->group);
    pack_text(p, u->former);
    pack_uint(p, u->moved_in);
    pack_text(p, u->successor_of);
    pack_uint(p, u->place);
    pack_uint(p, (uint64_t)u->opens);
    pack_uint(p, (uint64_t)u->closes);
    pack_array(p, u->n_dues);
    for (uint32_t i = 0; i < u->n_dues; i++) {
        pack_array(p, 2);
        pack_uint(p, dues[i].cutoff);
        pack_uint(p, (uint64_t)dues[i].at);
    }
}

void plan_pack_contest(struct packer *p, const struct plan_contest *c,
                       const struct plan_candidate *cs)
{
    pack_array(p, 11);
    pack_text(p, c->code);
    pack_text(p, c->name);
    pack_uint(p, c->kind);
    pack_uint(p, c->unit);
    pack_uint(p, c->profile);
    pack_uint(p, c->seats);
    pack_uint(p, c->places_in_all);
    pack_text(p, c->repeats);
    pack_text(p, c->paper);
    pack_text(p, c->person);
    pack_array(p, c->n_candidates);
    for (uint32_t i = 0; i < c->n_candidates; i++) {
        pack_array(p, 3);
        pack_uint(p, cs[i].number);
        pack_text(p, cs[i].key);
        pack_text(p, cs[i].name);
    }
}

void plan_pack_ballot(struct packer *p, const struct plan_ballot *b, const struct plan_profile *k)
{
    pack_array(p, 4);
    pack_uint(p, b->unit);
    pack_uint(p, b->contest);
    pack_uint(p, b->voters == VOTERS_UNKNOWN ? 0 : (uint64_t)b->voters + 1);
    pack_uint(p, b->method == k->method ? 0 : b->method + 1);
}

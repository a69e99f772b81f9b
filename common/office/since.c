// since.c - what was corrected or added since the last bulletin that this hub released, for its pages.
#include "since.h"
#include <string.h>

struct found {
    const struct plan *p;
    json_t *items;
    json_int_t corrected, added, places;
};

static void take(void *ctx, const struct bulletin_change *x)
{
    static const char *const what[] = {"turnout", "tally", "sum"};
    struct found *f = ctx;
    const struct plan_unit *u = &f->p->units[x->unit];
    f->corrected += !x->added;
    f->added += x->added;
    f->places += x->added ? (json_int_t)x->places : 0;
    if (json_array_size(f->items) >= SINCE_SHOWN)
        return;
    json_t *j = view_unit(f->p, x->unit);
    bool voted = x->what != CHANGED_TALLY;
    json_object_set_new(j, "what", json_string(what[x->what]));
    json_object_set_new(j, "added", json_boolean(x->added));
    json_object_set_new(j, "state", json_string(state_name(x->state)));
    json_object_set_new(j, "then",
                        voted && !(x->added && x->what == CHANGED_TURNOUT)
                            ? json_integer((json_int_t)x->then)
                            : json_null());
    json_object_set_new(
        j, "now", voted && x->state == FACT_VALUE ? json_integer((json_int_t)x->now) : json_null());
    json_object_set_new(j, "within",
                        view_bytes(u->place && u->parent != PLAN_NONE ? f->p->units[u->parent].name
                                                                      : bytes_text("")));
    json_object_set_new(j, "contest",
                        x->ballot == PLAN_NONE
                            ? json_null()
                            : view_bytes(f->p->contests[f->p->ballots[x->ballot].contest].code));
    json_array_append_new(f->items, j);
}

// The plan may have been read anew, at another place of memory or at the same.
static bool holds(const struct since *s, const struct office *o, const struct release *r)
{
    const struct plan *p = office_plan(o);
    return s->open && s->act == r->act && s->plan == p &&
           memcmp(s->plan_hash, p->hash, HASH_SIZE) == 0;
}

static int look_back(struct since *s, struct office *o, const struct release *r)
{
    int rc;
    since_close(s);
    s->known = release_past(o, r, &s->past, &rc);
    if (rc < 0)
        return rc;
    if (s->known)
        past_keep(&s->past);
    s->open = true;
    s->act = r->act;
    s->plan = office_plan(o);
    memcpy(s->plan_hash, s->plan->hash, HASH_SIZE);
    return 0;
}

json_t *since_view(struct since *s, struct office *o, int64_t now)
{
    static const char *const states[] = {"valid", "paused", "withdrawn"};
    const struct plan *p = office_plan(o);
    struct release r;
    if (!p || !release_before(o, PLAN_CUTOFFS_MAX, &r))
        return json_null();
    if (!holds(s, o, &r) && look_back(s, o, &r) < 0)
        return json_null();
    struct bulletin b = {.fold = office_fold(o), .now = now};
    b.unit = plan_unit_of(p, code_bytes(&office_identity(o)->unit));
    b.cutoff = r.cutoff <= p->n_cutoffs ? r.cutoff : 0;
    struct bulletin_before before = {
        .number = r.number, .cutoff = b.cutoff, .fold = &s->past.fold, .text = r.text};
    struct found f = {.p = p, .items = json_array()};
    if (s->known && b.unit != PLAN_NONE)
        bulletin_each_change(&b, &before, take, &f);
    return json_pack("{s:i,s:i,s:I,s:s,s:b,s:I,s:I,s:I,s:o}", "number", (int)r.number, "cutoff",
                     (int)b.cutoff, "at", (json_int_t)r.at, "state", states[r.state], "known",
                     s->known, "corrected", f.corrected, "added", f.added, "added_places", f.places,
                     "items", f.items);
}

void since_close(struct since *s)
{
    if (s->known)
        past_close(&s->past);
    memset(s, 0, sizeof *s);
}

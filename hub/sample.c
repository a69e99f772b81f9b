// sample.c - a sheet for checking paper against data: places drawn by dice, with what stands here of each.
#include "common/election/sample.h"
#include "common/base/figure.h"
#include "common/office/view.h"
#include "hub.h"
#include "proto/code.h"
#include <stdlib.h>

enum { SAMPLE_USUAL = 10 };

// Ballots of the unit in the order of the plan, without those of a restricted kind: the sheet goes from hand to hand.
static uint32_t pool_of(const struct plan *p, uint32_t unit, uint32_t *ret)
{
    const struct plan_unit *u = &p->units[unit];
    uint32_t n = 0;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++)
        if (view_shown(p, p->contests[p->ballots[b].contest].kind, false))
            ret[n++] = b;
    return n;
}

// The number of the minutes as stated, to find the paper by.
static json_t *minutes_of(const struct fold *f, uint32_t ballot)
{
    struct record r;
    const char *why;
    uint32_t slot = fold_slot_of(f, KIND_MINUTES, 1, ballot);
    if (slot == ENTRY_NONE || f->slots[slot].chosen == ENTRY_NONE ||
        record_decode(&r, fold_bytes(f, f->slots[slot].chosen), &why) < 0)
        return json_null();
    return json_pack("{s:o,s:o,s:I,s:o}", "number", view_bytes(r.blob[MINUTES_NUMBER]), "form",
                     view_bytes(r.blob[MINUTES_FORM]), "at", (json_int_t)r.at, "by",
                     view_bytes(r.by));
}

static json_t *row_of(const struct fold *f, uint32_t ballot)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[p->ballots[ballot].unit];
    bool open = view_votes_open(f, p->ballots[ballot].contest);
    json_t *j = view_ballot(f, ballot);
    if (!open)
        json_object_del(json_object_get(j, "tally"), "votes");
    return json_pack("{s:o,s:o,s:o,s:b,s:o,s:o}", "place", view_bytes(u->code), "name",
                     view_bytes(u->name), "within",
                     view_bytes(u->parent == PLAN_NONE ? bytes_text("") : p->units[u->parent].name),
                     "votes_open", open, "signed", minutes_of(f, ballot), "ballot", j);
}

void sample_sheet(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const struct office *o = daemon_office(((struct hub *)ctx)->common.daemon);
    const char *typed = http_query(q, "dice"), *many = http_query(q, "n");
    char dice[SAMPLE_DICE_MAX + 1], seal[SEAL_TEXT], key[SEAL_TEXT];
    uint64_t n = SAMPLE_USUAL;
    uint32_t unit = reply_unit(o, q, a);
    if (unit == PLAN_NONE)
        return;
    if (!sample_dice(bytes_text(typed ? typed : ""), dice)) {
        http_refuse(a, 422,
                    "dice= are the digits 1 to 6 that were thrown, at least 10, at most 60");
        return;
    }
    if (many && (figure_read(bytes_text(many), &n) != FIGURE_GOOD || n < 1 || n > SAMPLE_MAX)) {
        http_refuse(a, 422, "n= is how many places are drawn, 1 to 60");
        return;
    }
    const struct fold *f = office_fold(o);
    const struct plan *p = f->plan;
    uint32_t *pool = calloc(p->n_ballots + 1, sizeof *pool);
    json_t *rows = json_array();
    if (!pool)
        abort();
    uint32_t n_pool = pool_of(p, unit, pool);
    uint32_t drawn = n < n_pool ? (uint32_t)n : n_pool;
    sample_draw(p, p->units[unit].code, dice, pool, n_pool, drawn);
    for (uint32_t i = 0; i < drawn; i++)
        json_array_append_new(rows, row_of(f, pool[i]));
    free(pool);
    seal_text(p->hash, seal);
    seal_text(office_identity(o)->key, key);
    reply_json(a, json_pack("{s:I,s:o,s:o,s:s,s:i,s:s,s:s,s:i,s:o}", "as_of",
                            (json_int_t)daemon_now().wall, "unit", view_unit(p, unit), "election",
                            view_election(o), "dice", dice, "of", (int)n_pool, "plan", seal, "key",
                            key, "n", (int)drawn, "rows", rows));
}

// summary.c - a hub's word about one child as bytes: its cut, and the sums and votes up to there.
#include "summary.h"
#include "proto/mutant.h"
#include <errno.h>
#include <string.h>

#define NUMBER_MAX                                                                                 \
    (INT64_MAX >> 24) // of one sum: all rows of all children together cannot overflow

void summary_cut(const struct log_table *logs, struct bytes unit, struct cut *ret)
{
    ret->n = 0;
    for (uint32_t i = 0; i < logs->n && ret->n < CUT_MAX; i++) {
        const struct log_head *h = &logs->at[i];
        if (h->next_n == 0 || h->id.stream == STREAM_PLAN ||
            !bytes_same(code_bytes(&h->id.about), unit))
            continue;
        struct have *at = &ret->at[ret->n++];
        at->log = h->id;
        at->n = h->next_n;
        memcpy(at->hash, h->next_hash, HASH_SIZE);
    }
}

static const struct have *in_cut(const struct cut *c, const struct log_id *log)
{
    for (unsigned i = 0; i < c->n; i++)
        if (log_same(&c->at[i].log, log))
            return &c->at[i];
    return NULL;
}

bool cut_behind(const struct cut *a, const struct cut *b)
{
    for (unsigned i = 0; i < b->n; i++) {
        const struct have *h = in_cut(a, &b->at[i].log);
        if (!h || h->n < b->at[i].n)
            return true;
    }
    return false;
}

bool cut_same(const struct cut *a, const struct cut *b)
{
    if (a->n != b->n)
        return false;
    for (unsigned i = 0; i < a->n; i++) {
        const struct have *h = in_cut(b, &a->at[i].log);
        if (!h || h->n != a->at[i].n || memcmp(h->hash, a->at[i].hash, HASH_SIZE) != 0)
            return false;
    }
    return true;
}

static void pack_row(struct packer *p, struct bytes name, const int64_t *numbers, unsigned n)
{
    pack_array(p, 2);
    pack_text(p, name);
    pack_array(p, n);
    for (unsigned i = 0; i < n; i++)
        pack_uint(p, (numbers[i] < 0 ? 0 : (uint64_t)numbers[i]) + MUTANT(false_sum));
}

static const int64_t *told_row(const struct fold *f, uint32_t unit, unsigned kind)
{
    return f->told_sums + ((size_t)f->inner[unit] * kinds_of(f->plan) + kind) * sums_of(f->plan);
}

// A child of which summaries of its own children are here is a hub.
static bool is_hub(const struct fold *f, uint32_t unit)
{
    for (uint32_t i = unit + 1; i < unit + f->plan->units[unit].size; i++)
        if (!f->plan->units[i].place && f->told[f->inner[i]].entry != ENTRY_NONE)
            return true;
    return false;
}

static bool child_of(const struct fold *f, uint32_t unit, uint32_t parent)
{
    return f->plan->units[unit].parent == parent && !f->plan->units[unit].place &&
           f->told[f->inner[unit]].entry != ENTRY_NONE;
}

static void add(int64_t *to, const int64_t *from, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        to[i] += from[i];
}

static void sum_kind(const struct fold *f, uint32_t unit, unsigned kind, bool hub, int64_t *sums)
{
    unsigned n = sums_of(f->plan);
    memset(sums, 0, n * sizeof *sums);
    if (!hub) {
        add(sums, f->own + ((size_t)f->inner[unit] * kinds_of(f->plan) + kind) * n, n);
        return;
    }
    for (uint32_t i = unit + 1; i < unit + f->plan->units[unit].size; i++)
        if (child_of(f, i, unit))
            add(sums, told_row(f, i, kind), n);
}

static void sum_told_contest(const struct fold *f, uint32_t unit, uint32_t contest, int64_t *sums)
{
    struct record r;
    struct summary s;
    const char *why;
    struct bytes name;
    int64_t numbers[CONTEST_SUMS_MAX];
    unsigned n;
    if (record_decode(&r, fold_bytes(f, f->told[f->inner[unit]].entry), &why) < 0 ||
        summary_decode(&s, r.blob[SUMMARY_CONTENT]) < 0)
        return; // GCOV_EXCL_LINE: only what was decoded is told
    for (unsigned i = 0;
         i < s.n_contests && summary_next(&s.contests, &name, numbers, CONTEST_SUMS_MAX, &n); i++)
        if (bytes_same(name, f->plan->contests[contest].code) &&
            n == CONTEST_VOTES + f->plan->contests[contest].n_candidates)
            add(sums, numbers, n);
}

static void sum_contest(const struct fold *f, uint32_t unit, uint32_t contest, bool hub,
                        int64_t *sums)
{
    const struct plan *p = f->plan;
    const struct plan_unit *u = &p->units[unit];
    unsigned n = CONTEST_VOTES + p->contests[contest].n_candidates;
    int64_t share[CONTEST_SUMS_MAX];
    memset(sums, 0, n * sizeof *sums);
    for (uint32_t i = u->first_ballot; i < u->first_ballot + u->n_ballots; i++) {
        if (p->ballots[i].contest != contest)
            continue;
        cell_contest_share(p, i, &f->cells[i], f->votes + p->ballots[i].first_vote, share);
        if (!hub)
            add(sums, share, n);
    }
    for (uint32_t i = unit + 1; hub && i < unit + u->size; i++)
        if (child_of(f, i, unit))
            sum_told_contest(f, i, contest, sums);
}

// The first contest from this number on that is of a unit above and voted on here: few are, and they are not
// looked for among all of the country. PLAN_NONE: none.
static uint32_t contest_above(const struct plan *p, uint32_t unit, uint32_t from)
{
    const struct plan_unit *u = &p->units[unit];
    uint32_t first = PLAN_NONE;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        uint32_t c = p->ballots[b].contest;
        if (c >= from && c < first && p->contests[c].unit != unit &&
            plan_below(p, unit, p->contests[c].unit))
            first = c;
    }
    return first;
}

void summary_pack(const struct fold *f, uint32_t unit, const struct cut *cut, struct packer *p)
{
    const struct plan *plan = f->plan;
    bool hub = is_hub(f, unit);
    int64_t sums[(int)CONTEST_SUMS_MAX > (int)SUMS_MAX ? CONTEST_SUMS_MAX : SUMS_MAX];
    uint32_t n = 0;
    pack_array(p, 4);
    pack_uint(p, plan->version);
    pack_array(p, cut->n);
    for (unsigned i = 0; i < cut->n; i++)
        frame_have_item(p, &cut->at[i].log, cut->at[i].n, cut->at[i].hash);
    pack_array(p, kinds_of(f->plan));
    for (unsigned k = 0; k < kinds_of(f->plan); k++) {
        sum_kind(f, unit, k, hub, sums);
        pack_row(p, plan->n_kinds > 0 ? plan->kinds[k] : bytes_text(""), sums, sums_of(plan));
    }
    for (uint32_t c = contest_above(plan, unit, 0); c != PLAN_NONE;
         c = contest_above(plan, unit, c + 1))
        n++;
    pack_array(p, n);
    for (uint32_t c = contest_above(plan, unit, 0); c != PLAN_NONE;
         c = contest_above(plan, unit, c + 1)) {
        sum_contest(f, unit, c, hub, sums);
        pack_row(p, plan->contests[c].code, sums, CONTEST_VOTES + plan->contests[c].n_candidates);
    }
}

bool summary_is(const struct fold *f, uint32_t unit, const struct cut *cut, struct bytes record)
{
    uint8_t content[SUMMARY_MAX];
    struct record r;
    struct packer p;
    const char *why;
    pack_init(&p, content, sizeof content);
    summary_pack(f, unit, cut, &p);
    return record_decode(&r, record, &why) == 0 && bytes_same(packed(&p), r.blob[SUMMARY_CONTENT]);
}

bool summary_next(struct cursor *c, struct bytes *ret_name, int64_t *numbers, unsigned max,
                  unsigned *ret_n)
{
    if (c->at == c->end || !cursor_ok(c))
        return false;
    take_array(c, 2, 2);
    *ret_name = take_text(c, CODE_MAX);
    *ret_n = (unsigned)take_array(c, 0, max);
    for (unsigned i = 0; i < *ret_n; i++)
        numbers[i] = (int64_t)take_uint(c, NUMBER_MAX);
    return cursor_ok(c);
}

int summary_decode(struct summary *s, struct bytes content)
{
    struct cursor c;
    struct bytes name;
    int64_t numbers[CONTEST_SUMS_MAX];
    unsigned n;
    cursor_init(&c, content);
    take_array(&c, 4, 4);
    s->plan = (uint32_t)take_uint(&c, UINT32_MAX);
    s->cut.n = (unsigned)take_array(&c, 0, CUT_MAX);
    for (unsigned i = 0; i < s->cut.n && c.at != c.end; i++)
        frame_next_have(&c, &s->cut.at[i]);
    s->n_kinds = (unsigned)take_array(&c, 0, PLAN_KINDS_MAX);
    s->kinds = c;
    for (unsigned i = 0; i < s->n_kinds && !c.bad; i++)
        if (!summary_next(&c, &name, numbers, SUMS_MAX, &n) && !c.bad)
            c.bad = "fewer rows than said";
    s->n_contests = (unsigned)take_array(&c, 0, 65535);
    s->contests = c;
    for (unsigned i = 0; i < s->n_contests && !c.bad; i++)
        if (!summary_next(&c, &name, numbers, CONTEST_SUMS_MAX, &n) && !c.bad)
            c.bad = "fewer rows than said";
    take_end(&c);
    return c.bad ? -EBADMSG : 0;
}

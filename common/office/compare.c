// compare.c - holds summaries against the evidence that has gone beyond their cut.
//
// At the cut itself the fold compares as it goes (sums.c). Where the evidence has already grown past
// it, the unit's logs are folded up to the cut into a block of its own, and the summary that this
// gives must be the one that was told, byte for byte. At most a few units a second.
#include "common/election/slice.h"
#include "inside.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { COMPARE_MS = 1000, COMPARE_AT_ONCE = 16 };

struct scratch {
    struct office *o;
    const struct fold_told *told;
    struct plan *plan;
    struct fold fold;
    void *block;
};

static struct plan *open_slice(const struct plan *p, uint32_t unit)
{
    uint8_t *buffer = malloc(p->bytes.n + 64);
    uint32_t *room = malloc((p->n_contests + 1) * sizeof *room);
    struct packer out;
    const char *why;
    if (!buffer || !room)
        abort();
    pack_init(&out, buffer, p->bytes.n + 64);
    slice_pack(p, unit, room, &out);
    size_t size = plan_size(packed(&out), &why);
    struct plan *plan = size ? aligned_block(size) : NULL;
    int rc = plan ? plan_open(plan, size, packed(&out), &why) : -EBADMSG;
    assert(rc == 0); // a slice of a plan is a plan
    free(buffer);
    free(room);
    return plan;
}

static void make_room(struct scratch *s)
{
    struct fold_limits l = s->fold.limits;
    struct fold larger;
    if (fold_room(&s->fold))
        return;
    l.entries *= 2;
    l.refs *= 2;
    l.occurrences *= 2;
    l.bytes *= 2;
    void *at = aligned_block(fold_size(s->plan, &l));
    fold_move(&larger, at, &l, &s->fold);
    free(s->block);
    s->block = at;
    s->fold = larger;
}

// Folds one log of the cut up to where the summary spoke of it. -EBADMSG: the hash there is another.
static int fold_log_to_cut(struct scratch *s, uint32_t i)
{
    const struct have *to = &s->told->cut[i];
    uint32_t log = s->told->cut_log[i];
    struct stored_run r;
    struct run run;
    struct cursor c;
    struct bytes record;
    const char *why;
    uint64_t n = 0;
    while (n < to->n) {
        int rc = store_read(s->o->store, log, n, &r);
        if (rc < 0 || run_decode(&run, r.body, &why) < 0 || r.last > to->n)
            return rc < 0 ? rc : -EBADMSG;
        cursor_init(&c, run.records);
        while (run_next(&c, &record)) {
            make_room(s);
            fold_apply(&s->fold, i, ++n, record);
        }
    }
    fold_held(&s->fold, i, n);
    const struct log_head *h = &s->o->logs.at[log];
    if (h->next_n == to->n)
        return memcmp(h->next_hash, to->hash, HASH_SIZE) == 0 ? 0 : -EBADMSG;
    if (store_read(s->o->store, log, n, &r) < 0 || run_decode(&run, r.body, &why) < 0)
        return -EIO;
    return memcmp(run.prev.at, to->hash, HASH_SIZE) == 0 ? 0 : -EBADMSG;
}

// 1 equal, 0 not, or an errno of the store.
static int equal_at_cut(struct office *o, uint32_t unit)
{
    struct scratch s = {.o = o, .told = &o->fold.told[o->fold.inner[unit]]};
    struct fold_limits l = {
        .logs = CUT_MAX, .entries = 256, .refs = 256, .occurrences = 256, .bytes = 128 * 1024};
    int rc = 0;
    s.plan = open_slice(o->plan, unit);
    s.block = aligned_block(fold_size(s.plan, &l));
    fold_init(&s.fold, s.block, s.plan, &l);
    for (uint32_t i = 0; i < s.told->n_cut; i++)
        fold_log(&s.fold, i, &s.told->cut[i].log);
    for (uint32_t i = 0; i < s.told->n_cut && rc == 0; i++)
        rc = fold_log_to_cut(&s, i);
    if (rc == 0) {
        struct cut cut = {.n = s.told->n_cut};
        memcpy(cut.at, s.told->cut, sizeof cut.at);
        rc = summary_is(&s.fold, plan_unit_of(s.plan, o->plan->units[unit].code), &cut,
                        fold_bytes(&o->fold, s.told->entry));
    } else if (rc == -EBADMSG) {
        rc = 0; // what the hub named is not what the child signed
    }
    free(s.block);
    free(s.plan);
    return rc;
}

int compare_due(struct office *o, struct moment now)
{
    struct fold *f = &o->fold;
    unsigned done = 0;
    if (!o->plan || now.mono < o->compare_at)
        return 0;
    o->compare_at = now.mono + COMPARE_MS;
    for (uint32_t u = 0; u < o->plan->n_units && done < COMPARE_AT_ONCE; u++) {
        if (o->plan->units[u].place || o->plan->units[u].parent == PLAN_NONE)
            continue;
        const struct fold_told *t = &f->told[f->inner[u]];
        if (t->entry == ENTRY_NONE || t->compared || t->plan != o->plan->version ||
            sums_only_told(f, u) ||
            bytes_same(o->plan->units[o->plan->units[u].parent].code, code_bytes(&o->id.unit)))
            continue;
        int equal = equal_at_cut(o, u);
        if (equal < 0)
            return equal;
        sums_compared(f, u, equal == 1);
        folding_touch(o, u);
        done++;
    }
    if (done == COMPARE_AT_ONCE)
        answers_wake(o, o->compare_at);
    return 0;
}

// fuzz_plan.c - a plan of any bytes is refused, or opens in a block of the size that was said, and is a tree.
#include "fuzz.h"
#include "common/election/fold.h"
#include "common/election/slice.h"

static void look(const struct plan *p)
{
    for (uint32_t i = 0; i < p->n_units; i++) {
        const struct plan_unit *u = &p->units[i];
        MUST(plan_unit_of(p, u->code) == i && plan_below(p, i, 0) && plan_may_speak(p, u->code, i));
        MUST(i + u->size <= p->n_units && u->first_ballot + u->n_ballots <= p->n_ballots);
        MUST(u->parent == PLAN_NONE ? i == 0 : u->parent < i);
    }
    for (uint32_t i = 0; i < p->n_ballots; i++)
        MUST(plan_ballot_of(p, p->ballots[i].unit, p->ballots[i].contest) == i);
}

// The slice of the root is a plan, and a fold finds its room.
static void use(const struct plan *p)
{
    struct fold_limits l = {
        .logs = 4, .entries = 64, .refs = 64, .occurrences = 64, .bytes = 1 << 16};
    uint32_t *scratch = malloc((p->n_contests + 1) * sizeof *scratch);
    uint8_t *buffer = malloc(p->bytes.n + 64);
    struct packer b;
    struct fold f;
    const char *why;
    pack_init(&b, buffer, p->bytes.n + 64);
    slice_pack(p, 0, scratch, &b);
    MUST(!b.full && plan_size(packed(&b), &why) > 0);
    free(buffer);
    free(scratch);
    size_t n = fold_size(p, &l);
    void *block = n < 1 << 24 ? aligned_alloc(16, (n + 15) & ~(size_t)15) : NULL;
    if (block)
        fold_init(&f, block, p, &l);
    free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *why = NULL;
    size_t size = plan_size(bytes_of(data, n), &why);
    if (size == 0) {
        MUST(why);
        return 0;
    }
    void *block = aligned_alloc(16, (size + 15) & ~(size_t)15);
    if (plan_open(block, size, bytes_of(data, n), &why) == 0) {
        look(block);
        use(block);
    } else {
        MUST(why);
    }
    free(block);
    return 0;
}

// test_fold.c - state is a function of the statements held: not of their order, nor of their logs.
#include "worlds.h"

enum { WORLDS = 400, ORDERS = 6 };

// Folds the world in an order drawn from the seed that respects only the order within each log.
static struct fold *fold_world(const struct voting *v, const struct plan *p, uint64_t order,
                               bool move)
{
    uint32_t number[LOGS];
    unsigned next[LOGS] = {0}, left = 0;
    struct fold *f = voting_fold(p, 400);
    memset(number, 0xff, sizeof number);
    seed = order;
    for (unsigned i = 0; i < v->n_logs; i++)
        left += v->logs[i].n;
    while (left > 0) {
        unsigned i = order == 0 ? 0 : draw(v->n_logs);
        while (next[i] == v->logs[i].n)
            i = (i + 1) % v->n_logs;
        if (number[i] == UINT32_MAX)
            fold_log(f, number[i] = f->n_logs, &v->logs[i].id);
        const struct voting_record *r = &v->logs[i].records[next[i]++];
        fold_apply(f, number[i], next[i], bytes_of(r->at, r->n));
        if (order == 0 || draw(3) == 0 || next[i] == v->logs[i].n)
            fold_held(f, number[i], next[i]);
        left--;
        if (move && draw(20) == 0) {
            struct fold *larger = voting_fold(p, 401 + draw(300));
            fold_move(larger, (uint8_t *)larger + ((sizeof *larger + 15) & ~(size_t)15),
                      &(struct fold_limits){.logs = LOGS,
                                            .entries = larger->limits.entries,
                                            .refs = larger->limits.refs,
                                            .occurrences = larger->limits.occurrences,
                                            .bytes = larger->limits.bytes},
                      f);
            free(f);
            f = larger;
        }
    }
    return f;
}

static void same_slots(const struct fold *a, const struct fold *b, unsigned world)
{
    for (uint32_t i = 0; i < a->n_slots; i++) {
        bool found = false;
        for (uint32_t k = 0; k < b->n_slots && !found; k++) {
            if (a->slots[i].key != b->slots[k].key)
                continue;
            found = true;
            if (a->slots[i].state != b->slots[k].state ||
                a->slots[i].reasons != b->slots[k].reasons)
                fail_msg("world %u: slot %llx: state %u or %u", world,
                         (unsigned long long)a->slots[i].key, a->slots[i].state, b->slots[k].state);
        }
        assert_true(found);
    }
}

static void each_order(unsigned from, unsigned to, bool move)
{
    struct plan *p = voting_plan();
    struct voting *v = calloc(1, sizeof *v);
    unsigned states[4] = {0};
    for (unsigned w = from; w < to; w++) {
        random_world(v, p, w);
        struct fold *first = fold_world(v, p, 0, false);
        for (uint32_t i = 0; i < p->n_ballots; i++)
            states[first->cells[i].facts[CELL_TALLY].state]++;
        for (uint64_t order = 1; order <= ORDERS; order++) {
            struct fold *other = fold_world(v, p, order * 7919 + w, move);
            same_slots(first, other, w);
            if (!voting_same_cells(first, other))
                fail_msg("world %u, order %u: other cells", w, (unsigned)order);
            free(other);
        }
        free(first);
    }
    for (unsigned i = 0; i < 4; i++)
        assert_true(states[i] > (to - from) / 20); // the worlds do reach every state
    free(v);
    free(p);
}

// Whatever the order in which logs arrive, the cells, the votes and all sums are the same bytes.
static void test_order_does_not_matter(void **state)
{
    (void)state;
    each_order(1, WORLDS, false);
}

// Moving to a larger block in the middle loses nothing and changes nothing.
static void test_moving_keeps_everything(void **state)
{
    (void)state;
    each_order(WORLDS, WORLDS + 150, true);
}

// A commune's slice gives the same cells, place by place, as the whole plan.
static void test_slices_agree(void **state)
{
    (void)state;
    struct plan *p = voting_plan(), *slice = voting_slice(p, C1_UNIT);
    struct voting *v = calloc(1, sizeof *v);
    for (unsigned w = 1; w < 150; w++) {
        random_world(v, p, w);
        struct fold *whole = fold_world(v, p, 0, false), *part = fold_world(v, slice, w, false);
        for (uint32_t i = 0; i < slice->n_ballots; i++) {
            const struct plan_ballot *b = &slice->ballots[i];
            uint32_t same = plan_ballot_of(p, plan_unit_of(p, slice->units[b->unit].code),
                                           plan_contest_of(p, slice->contests[b->contest].code));
            assert_memory_equal(&part->cells[i], &whole->cells[same], sizeof(struct cell));
            assert_memory_equal(part->votes + b->first_vote,
                                whole->votes + p->ballots[same].first_vote,
                                slice->contests[b->contest].n_candidates * sizeof(uint32_t));
            assert_memory_equal(part->turnouts + i * 2, whole->turnouts + same * 2,
                                2 * sizeof(struct turnout_cell));
        }
        for (unsigned k = 0; k < p->n_kinds; k++)
            assert_memory_equal(fold_sums(part, plan_unit_of(slice, bytes_text("C1")), k),
                                fold_sums(whole, C1_UNIT, k), sums_of(p) * sizeof(int64_t));
        free(whole);
        free(part);
    }
    free(v);
    free(p);
    free(slice);
}

// Weighing every slot once more changes nothing: no change of what is in force was overlooked.
static void test_nothing_is_overlooked(void **state)
{
    (void)state;
    struct plan *p = voting_plan();
    struct voting *v = calloc(1, sizeof *v);
    for (unsigned w = 1; w < WORLDS; w++) {
        random_world(v, p, w);
        struct fold *f = fold_world(v, p, w, false), *again = fold_world(v, p, w, false);
        for (uint32_t i = 0; i < again->n_entries; i++)
            if (again->entries[i].slot == ENTRY_NONE)
                slot_weigh_loose(again, i);
            else
                slot_weigh(again, again->entries[i].slot);
        assert_int_equal(f->changes, again->changes);
        assert_true(voting_same_cells(f, again));
        free(f);
        free(again);
    }
    free(v);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_moving_keeps_everything),
        cmocka_unit_test(test_slices_agree),
        cmocka_unit_test(test_nothing_is_overlooked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

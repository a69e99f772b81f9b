// test_crew.c - each piece of work is done once, before the caller uses it, however many there are.
#include "common/daemon/crew.h"
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { PIECES = CREW_PIECES_MAX, ROUNDS = 2000 };

static atomic_uint done[PIECES];
static unsigned plain[PIECES]; // written by whoever does the piece, read by the caller

static void one(void *work, unsigned i)
{
    unsigned *round = work;
    atomic_fetch_add(&done[i], 1);
    plain[i] = *round + i;
}

static void test_each_once(void **state)
{
    struct crew *c = NULL;
    (void)state;
    assert_int_equal(crew_open(&c), 0);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        unsigned n = round % (PIECES + 1);
        for (unsigned i = 0; i < PIECES; i++)
            atomic_store(&done[i], 0);
        crew_begin(c, one, &round, n);
        for (unsigned i = 0; i < n; i++) {
            crew_await(c, i);
            assert_int_equal(plain[i], round + i);
        }
        crew_end(c);
        for (unsigned i = 0; i < PIECES; i++)
            assert_int_equal(atomic_load(&done[i]), i < n);
    }
    crew_close(&c);
    assert_null(c);
}

// What is not asked for may be left: after the end nobody is at it, and the next round is another.
static void test_left(void **state)
{
    struct crew *c = NULL;
    (void)state;
    assert_int_equal(crew_open(&c), 0);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        unsigned seen[PIECES];
        for (unsigned i = 0; i < PIECES; i++)
            atomic_store(&done[i], 0);
        crew_begin(c, one, &round, PIECES);
        crew_await(c, round % PIECES);
        crew_end(c);
        assert_int_equal(plain[round % PIECES], round + round % PIECES);
        for (unsigned i = 0; i < PIECES; i++) {
            seen[i] = atomic_load(&done[i]);
            assert_true(seen[i] <= 1);
            assert_true(seen[i] == 1 || plain[i] != round + i);
        }
        sched_yield(); // whoever were still at a piece would be seen
        for (unsigned i = 0; i < PIECES; i++)
            assert_int_equal(atomic_load(&done[i]), seen[i]);
    }
    crew_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_once),
                                       cmocka_unit_test(test_left)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

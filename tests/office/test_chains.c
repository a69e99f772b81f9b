// test_chains.c - members of one hash are all found, the newest first, however often the table grew.
#include "common/office/inside.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { MANY = 1000, HASHES = 70 };

// Hashes that share their low bits, as in a small table, and differ above.
static uint32_t name_hash(uint32_t i)
{
    return i % HASHES << 12 | 5;
}

static void test_all_found(void **state)
{
    struct chains c = {0};
    (void)state;
    assert_int_equal(chains_first(&c, name_hash(0)), CHAIN_END);
    for (uint32_t n = 0; n < MANY; n++) {
        chains_add(&c, name_hash(n));
        uint32_t i = chains_first(&c, name_hash(n));
        for (uint32_t expected = n; expected < MANY; expected -= HASHES) { // until it wraps
            assert_int_equal(i, expected);
            i = chains_next(&c, i);
        }
        assert_int_equal(i, CHAIN_END);
    }
    assert_int_equal(chains_first(&c, name_hash(0) + 1), CHAIN_END);
    chains_free(&c);
}

static void test_cleared(void **state)
{
    struct chains c = {0};
    (void)state;
    chains_clear(&c);
    for (uint32_t i = 0; i < MANY; i++)
        chains_add(&c, name_hash(i));
    chains_clear(&c);
    for (uint32_t i = 0; i < HASHES; i++)
        assert_int_equal(chains_first(&c, name_hash(i)), CHAIN_END);
    chains_add(&c, name_hash(3));
    assert_int_equal(chains_first(&c, name_hash(3)), 0);
    assert_int_equal(chains_next(&c, 0), CHAIN_END);
    chains_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_found),
                                       cmocka_unit_test(test_cleared)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_flow.c - the table of logs: found by all that names them, up to its capacity.
#include "lib.h"

enum { CAP = 1024 };

// Every log that was added is found at its place, and one that differs in any part is not there.
static void test_found_by_the_whole_name(void **state)
{
    (void)state;
    static struct log_head heads[CAP];
    static uint32_t slots[2 * CAP];
    struct log_table t;
    logs_init(&t, heads, slots, CAP);
    for (uint32_t i = 0; i < CAP; i++) {
        // few incarnations: most names meet in the same slots
        struct log_id id = log_named(i % 2 ? "C1" : "C2", i % 4 < 2 ? "C1" : "C2",
                                     (enum stream)(1 + i % 3), 1 + i / 12);
        uint32_t n = t.n;
        if (logs_find(&t, &id) == LOG_NONE)
            assert_int_equal(logs_add(&t, &id), n);
    }
    for (uint32_t i = 0; i < t.n; i++) {
        struct log_id id = t.at[i].id;
        assert_int_equal(logs_find(&t, &id), i);
        id.author.at[1]++;
        assert_true(logs_find(&t, &id) != i);
        id.author = code_of(bytes_text("C"));
        assert_int_equal(logs_find(&t, &id), LOG_NONE);
        id = t.at[i].id;
        id.incarnation += (uint64_t)1 << 32;
        assert_int_equal(logs_find(&t, &id), LOG_NONE);
    }
}

// A table that is full to its capacity finds all, and ends its search for one that is not there.
static void test_full(void **state)
{
    (void)state;
    static struct log_head heads[8];
    static uint32_t slots[16];
    struct log_table t;
    logs_init(&t, heads, slots, 8);
    for (uint64_t i = 1; i <= 8; i++) {
        struct log_id id = log_named("C1", "C1", STREAM_REPORTS, i * 16);
        assert_int_equal(logs_add(&t, &id), i - 1);
    }
    for (uint64_t i = 1; i <= 8; i++) {
        struct log_id id = log_named("C1", "C1", STREAM_REPORTS, i * 16),
                      none = log_named("C1", "C1", STREAM_REPORTS, i);
        assert_int_equal(logs_find(&t, &id), i - 1);
        assert_int_equal(logs_find(&t, &none), LOG_NONE);
    }
}

// A table without any room finds nothing.
static void test_empty(void **state)
{
    (void)state;
    struct log_table t = {0};
    struct log_id id = log_named("C1", "C1", STREAM_REPORTS, 1);
    assert_int_equal(logs_find(&t, &id), LOG_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_by_the_whole_name),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_logins.c - logins end in time and give way in order; wrong tries make pauses that grow.
#include "common/daemon/logins.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct logins logins;
static struct lockout lockout;

static int setup(void **state)
{
    (void)state;
    memset(&logins, 0, sizeof logins);
    memset(&lockout, 0, sizeof lockout);
    return 0;
}

static struct login *find(const char *key, int64_t now)
{
    return logins_find(&logins, bytes_text(key), now);
}

// A key is found while it is used, and by nobody who has another.
static void test_found(void **state)
{
    (void)state;
    logins_begin(&logins, bytes_text("k1"), "mai", "hash", 1000);
    struct login *x = find("k1", 2000);
    assert_non_null(x);
    assert_string_equal(x->person, "mai");
    assert_true(login_by_secret(x, "hash"));
    assert_false(login_by_secret(x, "another"));
    assert_null(find("k2", 2000));
    assert_null(find("", 2000));
    login_end(x);
    assert_null(find("k1", 2000));
}

// Idle to the last millisecond it is there, one later it is not, and does not come back.
static void test_idle(void **state)
{
    (void)state;
    logins_begin(&logins, bytes_text("k"), "mai", "h", 1000);
    assert_non_null(find("k", 1000 + LOGIN_IDLE_MS));
    assert_null(find("k", 1000 + 2 * (int64_t)LOGIN_IDLE_MS + 1));
    assert_null(find("k", 1000));
}

// However often it is used, it ends.
static void test_life(void **state)
{
    (void)state;
    int64_t now = 1000;
    logins_begin(&logins, bytes_text("k"), "mai", "h", now);
    for (; now <= 1000 + LOGIN_LIFE_MS; now += LOGIN_IDLE_MS)
        assert_non_null(find("k", now));
    assert_null(find("k", 1000 + LOGIN_LIFE_MS + 1));
}

// One person has so many at once; the one not used for longest gives way, other people's stay.
static void test_each(void **state)
{
    (void)state;
    char key[16];
    logins_begin(&logins, bytes_text("other"), "an", "h", 1);
    for (int i = 0; i <= LOGINS_EACH; i++) {
        snprintf(key, sizeof key, "k%d", i);
        logins_begin(&logins, bytes_text(key), "mai", "h", 10 + i);
    }
    assert_null(find("k0", 100));
    assert_non_null(find("k1", 100));
    assert_non_null(find("other", 100));
}

// A full table takes the next one and lets go of the one that was seen longest ago.
static void test_full(void **state)
{
    (void)state;
    char key[16], person[16];
    for (int i = 0; i <= LOGINS_MAX; i++) {
        snprintf(key, sizeof key, "k%d", i);
        snprintf(person, sizeof person, "p%d", i);
        logins_begin(&logins, bytes_text(key), person, "h", 10 + i);
    }
    assert_null(find("k0", 1000));
    assert_non_null(find("k1", 1000));
    snprintf(key, sizeof key, "k%d", LOGINS_MAX);
    assert_non_null(find(key, 1000));
}

static int64_t wait_of(const char *id, int64_t now)
{
    return lockout_wait(&lockout, bytes_text(id), now);
}

// Five tries are free; then each pause is twice the one before, up to the longest.
static void test_pauses(void **state)
{
    (void)state;
    int64_t now = 1000, before = 0;
    for (int i = 0; i < LOCKOUT_FREE; i++) {
        assert_int_equal(wait_of("mai", now), 0);
        lockout_try(&lockout, bytes_text("mai"), now);
    }
    for (int i = 0; i < 12; i++) {
        int64_t wait = wait_of("mai", now);
        assert_int_equal(wait, before == 0                       ? LOCKOUT_FIRST_MS
                               : 2 * before > LOCKOUT_LONGEST_MS ? LOCKOUT_LONGEST_MS
                                                                 : 2 * before);
        assert_int_equal(wait_of("an", now), 0); // the others are not kept out
        before = wait;
        now += wait;
        assert_int_equal(wait_of("mai", now), 0);
        lockout_try(&lockout, bytes_text("mai"), now);
    }
    lockout_right(&lockout, bytes_text("mai"));
    assert_int_equal(wait_of("mai", now), 0);
}

// Many wrong tries under many names make all wait, for a time that grows and has an end.
static void test_all(void **state)
{
    (void)state;
    char id[16];
    int64_t now = 1000;
    for (int i = 0; i < LOCKOUT_ALL_FREE; i++) {
        snprintf(id, sizeof id, "p%d", i);
        lockout_try(&lockout, bytes_text(id), now);
    }
    assert_int_equal(wait_of("mai", now), 0);
    lockout_try(&lockout, bytes_text("one more"), now);
    assert_true(wait_of("mai", now) > 0);
    for (int i = 0; i < 50; i++)
        lockout_try(&lockout, bytes_text("and more"), now);
    assert_int_equal(wait_of("mai", now), LOCKOUT_ALL_LONGEST_MS);
    now += 200 * (int64_t)LOCKOUT_ALL_EACH_MS; // all are forgotten
    lockout_try(&lockout, bytes_text("p"), now);
    assert_int_equal(wait_of("mai", now), 0);
}

// A new secret frees the tries of its own name and nobody else's.
static void test_forgotten(void **state)
{
    (void)state;
    for (int i = 0; i <= LOCKOUT_FREE; i++) {
        lockout_try(&lockout, bytes_text("mai"), 1000);
        lockout_try(&lockout, bytes_text("an"), 1000);
    }
    assert_true(wait_of("mai", 1000) > 0 && wait_of("an", 1000) > 0);
    lockout_forget(&lockout, bytes_text("mai"));
    assert_int_equal(wait_of("mai", 1000), 0);
    assert_true(wait_of("an", 1000) > 0);
}

// The table of names that were tried is bounded; the newest are remembered.
static void test_many_names(void **state)
{
    (void)state;
    char id[16];
    int64_t now = 1000;
    for (int i = 0; i < 3 * LOCKOUT_PEOPLE; i++) {
        snprintf(id, sizeof id, "p%d", i);
        lockout_try(&lockout, bytes_text(id), now += LOCKOUT_ALL_EACH_MS);
    }
    for (int i = 0; i < LOCKOUT_FREE; i++)
        lockout_try(&lockout, bytes_text("mai"), now += LOCKOUT_ALL_EACH_MS);
    assert_true(wait_of("mai", now) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_found, setup),
        cmocka_unit_test_setup(test_idle, setup),
        cmocka_unit_test_setup(test_life, setup),
        cmocka_unit_test_setup(test_each, setup),
        cmocka_unit_test_setup(test_full, setup),
        cmocka_unit_test_setup(test_pauses, setup),
        cmocka_unit_test_setup(test_all, setup),
        cmocka_unit_test_setup(test_many_names, setup),
        cmocka_unit_test_setup(test_forgotten, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

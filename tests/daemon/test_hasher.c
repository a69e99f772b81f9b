// test_hasher.c - secrets are looked at one at a time beside the loop, and a full queue refuses.
#include "common/daemon/hasher.h"
#include "common/net/loop.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { KINDS = 3 };
static struct {
    struct loop *loop;
    struct hasher *hasher;
    char stored[PERSON_HASH_MAX], made[PERSON_HASH_MAX];
    uint64_t tickets[HASHER_QUEUE];
    enum hasher_word words[HASHER_QUEUE];
    unsigned asked, done, ticks, refused;
} z;

static void on_done(void *ctx, uint64_t ticket, enum hasher_word word, const char *made)
{
    (void)ctx;
    if (made)
        snprintf(z.made, sizeof z.made, "%s", made);
    assert_int_equal(ticket, z.tickets[z.done]); // in the order they were asked
    z.words[z.done++] = word;
    if (z.done == z.asked)
        loop_stop(z.loop, -ECANCELED);
}

// The loop goes on while a secret is looked at.
static void on_tick(void *ctx)
{
    (void)ctx;
    z.ticks++;
}

static void test_words(void **state)
{
    (void)state;
    static const struct {
        bool stored;
        const char *secret;
        enum hasher_word word;
    } cases[KINDS] = {{true, "đúng mật khẩu", HASHER_RIGHT},
                      {true, "đúng mật khẩ", HASHER_WRONG},
                      {false, "đúng mật khẩu", HASHER_WRONG}};
    struct loop_hooks hooks = {.on_tick = on_tick};
    struct hasher_done done = {.on_done = on_done};
    assert_int_equal(loop_open(&z.loop, &hooks), 0);
    assert_int_equal(hasher_make(bytes_text("đúng mật khẩu"), z.stored), 0);
    assert_int_equal(memcmp(z.stored, "$argon2id$", 10), 0);
    assert_int_equal(hasher_open(&z.hasher, z.loop, done), 0);
    for (unsigned i = 0; i < HASHER_QUEUE + 4; i++) {
        uint64_t ticket = 0;
        int rc = hasher_ask(z.hasher, cases[i % KINDS].stored ? z.stored : NULL,
                            bytes_text(cases[i % KINDS].secret), &ticket);
        if (i < HASHER_QUEUE) {
            assert_int_equal(rc, 0);
            z.tickets[z.asked++] = ticket;
        } else {
            assert_int_equal(rc, -EAGAIN);
        }
    }
    loop_run(z.loop);
    assert_int_equal(z.done, HASHER_QUEUE);
    for (unsigned i = 0; i < HASHER_QUEUE; i++)
        assert_int_equal(z.words[i], cases[i % KINDS].word);
    assert_true(z.ticks > 0);
    assert_string_equal(z.made, "");
    // A new hash is made there too, and holds.
    z.asked = z.done = 0;
    assert_int_equal(hasher_ask_hash(z.hasher, bytes_text("mật khẩu mới"), &z.tickets[z.asked++]),
                     0);
    loop_run(z.loop);
    assert_int_equal(z.words[0], HASHER_RIGHT);
    z.asked = z.done = 0;
    assert_int_equal(
        hasher_ask(z.hasher, z.made, bytes_text("mật khẩu mới"), &z.tickets[z.asked++]), 0);
    loop_run(z.loop);
    assert_int_equal(z.words[0], HASHER_RIGHT);
    hasher_close(&z.hasher);
    loop_close(&z.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_keys.c - a unit's identity: whole, its own, and every mistyped digit found.
#include "common/base/keys.h"
#include "common/base/savefile.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64];

static int setup(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/dantin-keys-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
    char path[100];
    (void)state;
    snprintf(path, sizeof path, "%s/%s", dir, IDENTITY_FILE);
    unlink(path);
    return rmdir(dir);
}

// An identity of a commune as full as it may be, or of a top with nothing above.
static struct identity sample(bool full)
{
    struct identity id = {.drill = full,
                          .unit = code_of(bytes_text(full ? "051.Trà 'Bồng'" : "51"))};
    memset(id.election, 0xe1, sizeof id.election);
    identity_make(&id);
    id.n_ways = full ? WAYS_MAX : 0;
    id.n_signers = full ? SIGNERS_MAX : 0;
    for (unsigned i = 0; i < id.n_ways; i++) {
        memset(id.ways[i].address, 'a' + (int)i, ADDRESS_MAX);
        memset(id.ways[i].curve, (int)i + 1, KEY_SIZE);
    }
    for (unsigned i = 0; i < id.n_signers; i++) {
        char code[CODE_MAX];
        memset(code, '0' + (int)i, sizeof code);
        id.signers[i].unit = code_of(bytes_of(code, sizeof code));
        memset(id.signers[i].key, 0xf0 + (int)i, KEY_SIZE);
    }
    return id;
}

// What is written is read back to the byte, for a top and for a unit with all it can have above.
static void test_round_trip(void **state)
{
    (void)state;
    const char *why;
    for (int full = 0; full < 2; full++) {
        struct identity id = sample(full), back;
        assert_int_equal(identity_write(dir, &id), 0);
        assert_int_equal(identity_read(dir, &back, &why), 0);
        assert_memory_equal(id.election, back.election, ELECTION_SIZE);
        assert_int_equal(id.drill, back.drill);
        assert_true(code_same(&id.unit, &back.unit));
        assert_memory_equal(id.key, back.key, KEY_SIZE);
        assert_memory_equal(id.secret, back.secret, SECRET_SIZE);
        assert_memory_equal(id.curve, back.curve, KEY_SIZE);
        assert_memory_equal(id.curve_secret, back.curve_secret, KEY_SIZE);
        assert_true(id.incarnation == back.incarnation);
        assert_int_equal(id.n_ways, back.n_ways);
        assert_int_equal(id.n_signers, back.n_signers);
        for (unsigned i = 0; i < id.n_ways; i++) {
            assert_string_equal(id.ways[i].address, back.ways[i].address);
            assert_memory_equal(id.ways[i].curve, back.ways[i].curve, KEY_SIZE);
        }
        for (unsigned i = 0; i < id.n_signers; i++) {
            assert_true(code_same(&id.signers[i].unit, &back.signers[i].unit));
            assert_memory_equal(id.signers[i].key, back.signers[i].key, KEY_SIZE);
        }
    }
}

// Two identities have nothing in common.
static void test_drawn(void **state)
{
    (void)state;
    struct identity a = sample(false), b = sample(false);
    assert_memory_not_equal(a.key, b.key, KEY_SIZE);
    assert_memory_not_equal(a.curve, b.curve, KEY_SIZE);
    assert_memory_not_equal(a.curve_secret, b.curve_secret, KEY_SIZE);
    assert_true(a.incarnation != b.incarnation && a.incarnation != 0);
}

// A file that others may read is no secret: it is refused, with what to do about it.
static void test_loose_mode(void **state)
{
    (void)state;
    char path[100];
    const char *why;
    struct identity id = sample(true), back;
    assert_int_equal(identity_read(dir, &back, &why), -ENOENT);
    assert_int_equal(identity_write(dir, &id), 0);
    snprintf(path, sizeof path, "%s/%s", dir, IDENTITY_FILE);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(identity_read(dir, &back, &why), -EPERM);
    assert_non_null(strstr(why, "chmod 600"));
    assert_int_equal(back.n_ways, 0);
}

// A sheet that is typed in again with one wrong digit in a key is refused; blanks and capitals are
// not.
static void test_mistyped(void **state)
{
    (void)state;
    char text[IDENTITY_BYTES_MAX], changed[IDENTITY_BYTES_MAX + 4];
    const char *why;
    size_t n, n_found = 0;
    struct identity id = sample(false), back;
    assert_int_equal(identity_encode(&id, text, sizeof text, &n), 0);
    size_t from = (size_t)(strstr(text, "signing\n") - text),
           to = (size_t)(strstr(text, "ways\n") - text);
    for (size_t i = from; i < to; i++) {
        if (!strchr("0123456789abcdef", text[i]) || i - from < 8)
            continue;
        memcpy(changed, text, n);
        changed[i] = text[i] == '0' ? '1' : '0';
        assert_int_equal(identity_decode(&back, bytes_of(changed, n), &why), -EBADMSG);
        assert_non_null(why);
        n_found++;
    }
    assert_true(n_found >= 4 * 64);
    size_t digit = (size_t)(strstr(text, "election = ") - text) + 11;
    memcpy(changed, text, digit + 4);
    changed[digit] = 'E';
    memcpy(changed + digit + 4, " ", 1);
    memcpy(changed + digit + 5, text + digit + 4, n - digit - 4);
    assert_int_equal(identity_decode(&back, bytes_of(changed, n + 1), &why), 0);
    assert_memory_equal(back.election, id.election, ELECTION_SIZE);
}

// A line that is missing, unknown, twice there or cut short is a reason, never half an identity.
static void test_lines(void **state)
{
    (void)state;
    char text[IDENTITY_BYTES_MAX], changed[IDENTITY_BYTES_MAX + 40];
    const char *why;
    size_t n;
    struct identity id = sample(true), back;
    assert_int_equal(identity_encode(&id, text, sizeof text, &n), 0);
    for (size_t at = 0; at < n;) {
        size_t end = (size_t)(strchr(text + at, '\n') - text) + 1;
        bool has_value = text[at] != '#' && memchr(text + at, '=', end - at) != NULL;
        memcpy(changed, text, at);
        memcpy(changed + at, text + end, n - end);
        if (has_value) {
            assert_int_equal(identity_decode(&back, bytes_of(changed, n - (end - at)), &why),
                             -EBADMSG);
            assert_int_equal(back.n_signers, 0);
        }
        at = end;
    }
    int extra = snprintf(changed, sizeof changed, "%scolour = red\n", text);
    assert_int_equal(identity_decode(&back, bytes_of(changed, (size_t)extra), &why), -EBADMSG);
    assert_string_equal(why, "an unknown line");
    assert_int_equal(identity_decode(&back, bytes_text(""), &why), -EBADMSG);
}

// A code that no line can hold is not written.
static void test_cannot_write(void **state)
{
    (void)state;
    struct identity id = sample(false);
    id.unit = code_of(bytes_text("a'b\"c"));
    assert_int_equal(identity_write(dir, &id), -EINVAL);
    assert_int_not_equal(access(dir, F_OK), -1);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_round_trip), CASE(test_drawn), CASE(test_loose_mode),
        CASE(test_mistyped),   CASE(test_lines), CASE(test_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

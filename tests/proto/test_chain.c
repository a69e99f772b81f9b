// test_chain.c - links, runs, marks and certificates: what is not as it was signed is refused.
#include "lib.h"

static uint8_t key[KEY_SIZE], secret[SECRET_SIZE], body[RUN_BYTES_MAX + 256];

static struct bytes three_records(const struct log_id *id, uint64_t after, uint8_t hash[HASH_SIZE])
{
    struct run_writer w;
    run_begin(&w, body, sizeof body, after, hash);
    assert_int_equal(run_add(&w, bytes_text("one")), 0);
    assert_int_equal(run_add(&w, bytes_text("two")), 0);
    assert_int_equal(run_add(&w, bytes_text("three")), 0);
    memcpy(hash, w.hash, HASH_SIZE);
    return run_end(&w, election_a, id, secret);
}

static int check(struct bytes b, const struct log_id *id, const uint8_t *by,
                 uint8_t ret_hash[HASH_SIZE])
{
    const char *why = "";
    struct run r = {.log = *id};
    int rc = run_decode(&r, b, &why);
    return rc < 0 ? rc : run_check(election_a, &r, by, ret_hash, &why);
}

// Each record's hash is over the one before and its bytes; a run that was signed checks, and gives
// the hash of its last record.
static void test_run_round_trip(void **state)
{
    (void)state;
    struct log_id id = log_named("C1", "C1", STREAM_REPORTS, 7);
    uint8_t hash[HASH_SIZE], by_hand[HASH_SIZE], checked[HASH_SIZE];
    keys_from(1, key, secret);
    chain_start(election_a, &id, key, hash);
    memcpy(by_hand, hash, HASH_SIZE);
    struct bytes b = three_records(&id, 0, hash);
    chain_next(by_hand, bytes_text("one"));
    chain_next(by_hand, bytes_text("two"));
    chain_next(by_hand, bytes_text("three"));
    assert_memory_equal(by_hand, hash, HASH_SIZE);
    assert_int_equal(check(b, &id, key, checked), 0);
    assert_memory_equal(checked, hash, HASH_SIZE);
    struct run r;
    struct cursor c;
    struct bytes record;
    const char *why;
    assert_int_equal(run_decode(&r, b, &why), 0);
    assert_true(r.first == 1 && r.n == 3);
    cursor_init(&c, r.records);
    assert_true(run_next(&c, &record) && bytes_same(record, bytes_text("one")));
    assert_true(run_next(&c, &record) && run_next(&c, &record) &&
                bytes_same(record, bytes_text("three")));
    assert_false(run_next(&c, &record));
    b = three_records(&id, 300, hash); // a head of more bytes
    assert_int_equal(check(b, &id, key, checked), 0);
    assert_memory_equal(checked, hash, HASH_SIZE);
}

// One byte of a run changed in any way, one byte less or more: refused.
static void test_any_byte_flipped(void **state)
{
    (void)state;
    struct log_id id = log_named("C1", "C1", STREAM_REPORTS, 7);
    uint8_t hash[HASH_SIZE] = {0}, copy[512], checked[HASH_SIZE];
    keys_from(1, key, secret);
    struct bytes b = three_records(&id, 4, hash);
    for (size_t i = 0; i < b.n; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(copy, b.at, b.n);
            copy[i] ^= (uint8_t)(1u << bit);
            assert_int_equal(check(bytes_of(copy, b.n), &id, key, checked), -EBADMSG);
        }
    for (size_t n = 0; n < b.n; n++)
        assert_int_equal(check(bytes_of(b.at, n), &id, key, checked), -EBADMSG);
    memcpy(copy, b.at, b.n);
    copy[b.n] = 0;
    assert_int_equal(check(bytes_of(copy, b.n + 1), &id, key, checked), -EBADMSG);
}

// A run is of one log, one election and one key.
static void test_run_is_of_its_log(void **state)
{
    (void)state;
    struct log_id id = log_named("C1", "C1", STREAM_REPORTS, 7);
    const struct log_id others[] = {
        log_named("C2", "C1", STREAM_REPORTS, 7), log_named("C1", "C2", STREAM_REPORTS, 7),
        log_named("C1", "C1", STREAM_ABOUT, 7), log_named("C1", "C1", STREAM_REPORTS, 8)};
    uint8_t hash[HASH_SIZE] = {0}, checked[HASH_SIZE], other_key[KEY_SIZE],
            other_secret[SECRET_SIZE];
    const uint8_t other_election[ELECTION_SIZE] = {1};
    const char *why;
    keys_from(1, key, secret);
    keys_from(2, other_key, other_secret);
    struct bytes b = three_records(&id, 0, hash);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(check(b, &others[i], key, checked), -EBADMSG);
    assert_int_equal(check(b, &id, other_key, checked), -EBADMSG);
    struct run r = {.log = id};
    assert_int_equal(run_decode(&r, b, &why), 0);
    r.log = id;
    assert_int_equal(run_check(other_election, &r, key, checked, &why), -EBADMSG);
    assert_int_equal(run_check(election_a, &r, key, checked, &why), 0);
}

// A run takes at most so many records and bytes; what does not fit is left for the next one, and a
// run at its limits still checks.
static void test_run_limits(void **state)
{
    (void)state;
    struct log_id id = log_named("C1", "C1", STREAM_REPORTS, 7);
    static uint8_t record[RECORD_MAX], small[400];
    uint8_t hash[HASH_SIZE] = {0}, checked[HASH_SIZE];
    struct run_writer w;
    unsigned n = 0;
    keys_from(1, key, secret);
    run_begin(&w, body, sizeof body, 0, hash);
    while (run_add(&w, bytes_of("x", 1)) == 0)
        n++;
    assert_int_equal(n, RUN_RECORDS_MAX);
    assert_int_equal(check(run_end(&w, election_a, &id, secret), &id, key, checked), 0);
    run_begin(&w, body, sizeof body, UINT64_MAX - 2 * RUN_RECORDS_MAX, hash);
    for (n = 0; run_add(&w, bytes_of(record, sizeof record)) == 0; n++)
        ;
    assert_int_equal(n, 2);
    struct bytes b = run_end(&w, election_a, &id, secret);
    assert_true(b.n <= RUN_BYTES_MAX);
    assert_int_equal(check(b, &id, key, checked), 0);
    run_begin(&w, small, sizeof small, UINT32_MAX, hash); // the caller's buffer is the limit
    for (n = 0; run_add(&w, bytes_of(record, 60)) == 0; n++)
        ;
    b = run_end(&w, election_a, &id, secret);
    assert_true(n > 0 && b.n <= sizeof small);
    assert_int_equal(check(b, &id, key, checked), 0);
}

static struct bytes made_run(uint64_t first, size_t n_records, size_t record_n)
{
    static uint8_t buffer[80000], record[RECORD_MAX + 1], zeros[SIGNATURE_SIZE];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 4);
    pack_uint(&p, first);
    pack_bin(&p, bytes_of(zeros, HASH_SIZE));
    pack_array(&p, n_records);
    for (size_t i = 0; i < n_records; i++)
        pack_bin(&p, bytes_of(record, record_n));
    pack_bin(&p, bytes_of(zeros, SIGNATURE_SIZE));
    return packed(&p);
}

// What is no run: none or too many records, an empty or too long one, number 0, too many bytes.
static void test_no_run(void **state)
{
    (void)state;
    struct run r;
    const char *why;
    assert_int_equal(run_decode(&r, made_run(1, 200, 1), &why), 0);
    assert_int_equal(run_decode(&r, made_run(1, 201, 1), &why), -EBADMSG);
    assert_int_equal(run_decode(&r, made_run(1, 0, 1), &why), -EBADMSG);
    assert_int_equal(run_decode(&r, made_run(0, 1, 1), &why), -EBADMSG);
    assert_int_equal(run_decode(&r, made_run(UINT64_MAX, 1, 1), &why), -EBADMSG);
    assert_int_equal(run_decode(&r, made_run(1, 1, 0), &why), -EBADMSG);
    assert_int_equal(run_decode(&r, made_run(1, 1, RECORD_MAX), &why), 0);
    assert_int_equal(run_decode(&r, made_run(1, 1, RECORD_MAX + 1), &why), -EBADMSG);
    assert_int_equal(run_decode(&r, made_run(1, 4, RECORD_MAX), &why), -EBADMSG);
    assert_string_equal(why, "run too long");
}

// The first hash of a log is of its election, its four names and its key.
static void test_first_hash(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE], other[HASH_SIZE];
    struct log_id id = log_named("C1", "C2", STREAM_ABOUT, 7),
                  swapped = log_named("C1C", "2", STREAM_ABOUT, 7);
    keys_from(1, key, secret);
    chain_start(election_a, &id, key, hash);
    chain_start(election_a, &swapped, key, other);
    assert_memory_not_equal(hash, other, HASH_SIZE);
    key[0] ^= 1;
    chain_start(election_a, &id, key, other);
    assert_memory_not_equal(hash, other, HASH_SIZE);
}

// A mark comes back as it was made; with any byte flipped it is refused.
static void test_mark(void **state)
{
    (void)state;
    uint8_t buffer[MARK_MAX], copy[MARK_MAX];
    struct mark m = {.tier = code_of(bytes_text("H1")),
                     .log = log_named("C1", "C1", STREAM_REPORTS, 7),
                     .n = 300,
                     .at = 1},
                back;
    memset(m.hash, 9, HASH_SIZE);
    keys_from(3, key, secret);
    size_t n = mark_make(&m, election_a, secret, buffer);
    assert_int_equal(mark_decode(&back, bytes_of(buffer, n)), 0);
    assert_int_equal(mark_check(&back, election_a, key), 0);
    assert_true(back.n == 300 && back.at == 1 && log_same(&back.log, &m.log) &&
                code_same(&back.tier, &m.tier));
    for (size_t i = 0; i < n * 8; i++) {
        memcpy(copy, buffer, n);
        copy[i / 8] ^= (uint8_t)(1u << i % 8);
        int rc = mark_decode(&back, bytes_of(copy, n));
        assert_int_equal(rc < 0 ? rc : mark_check(&back, election_a, key), -EBADMSG);
    }
    assert_int_equal(mark_decode(&back, bytes_of(buffer, n - 1)), -EBADMSG);
}

// The longest names that there are fit what a mark and a certificate may take.
static void test_longest_names(void **state)
{
    (void)state;
    char longest[CODE_MAX];
    uint8_t buffer[MARK_MAX], certificate[CERTIFICATE_MAX];
    memset(longest, 'c', sizeof longest);
    struct code code = code_of(bytes_of(longest, sizeof longest));
    struct mark m = {.tier = code,
                     .log = {code, code, STREAM_PLAN, UINT64_MAX},
                     .n = UINT64_MAX,
                     .at = INT64_MAX},
                back;
    keys_from(3, key, secret);
    size_t n = mark_make(&m, election_a, secret, buffer);
    assert_int_equal(mark_decode(&back, bytes_of(buffer, n)), 0);
    assert_int_equal(mark_check(&back, election_a, key), 0);
    struct certificate c = {.unit = code, .incarnation = UINT64_MAX};
    memcpy(c.key, key, KEY_SIZE);
    memcpy(c.voucher, key, KEY_SIZE);
    n = certificate_make(&c, election_a, secret, secret, certificate);
    assert_int_equal(certificate_check(&c, bytes_of(certificate, n), election_a), 0);
}

// A certificate is signed by the newcomer and by the voucher; either signature wrong, or any byte
// flipped, and it is refused.
static void test_certificate(void **state)
{
    (void)state;
    uint8_t buffer[CERTIFICATE_MAX], copy[CERTIFICATE_MAX], voucher_secret[SECRET_SIZE];
    struct certificate c = {.unit = code_of(bytes_text("C1")), .incarnation = 7}, back;
    keys_from(1, c.key, secret);
    keys_from(2, c.voucher, voucher_secret);
    memset(c.curve, 5, KEY_SIZE);
    size_t n = certificate_make(&c, election_a, secret, voucher_secret, buffer);
    assert_int_equal(certificate_check(&back, bytes_of(buffer, n), election_a), 0);
    assert_true(back.incarnation == 7 && memcmp(back.curve, c.curve, KEY_SIZE) == 0);
    for (size_t i = 0; i < n * 8; i++) {
        memcpy(copy, buffer, n);
        copy[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(certificate_check(&back, bytes_of(copy, n), election_a), -EBADMSG);
    }
    n = certificate_make(&c, election_a, secret, secret, buffer);
    assert_int_equal(certificate_check(&back, bytes_of(buffer, n), election_a), -EBADMSG);
    n = certificate_make(&c, election_a, voucher_secret, voucher_secret, buffer);
    assert_int_equal(certificate_check(&back, bytes_of(buffer, n), election_a), -EBADMSG);
    c.incarnation = 0;
    n = certificate_make(&c, election_a, secret, voucher_secret, buffer);
    assert_int_equal(certificate_check(&back, bytes_of(buffer, n), election_a), -EBADMSG);
}

// A text's commitment depends on its salt and on every byte of it.
static void test_text_commitment(void **state)
{
    (void)state;
    uint8_t salt[SALT_SIZE] = {1}, a[HASH_SIZE], b[HASH_SIZE];
    static char longest[ATTACHMENT_MAX];
    text_commit(salt, bytes_text("mất điện"), a);
    text_commit(salt, bytes_text("mất điện!"), b);
    assert_memory_not_equal(a, b, HASH_SIZE);
    salt[0] = 2;
    text_commit(salt, bytes_text("mất điện"), b);
    assert_memory_not_equal(a, b, HASH_SIZE);
    text_commit(salt, bytes_of(longest, sizeof longest), b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_round_trip),
        cmocka_unit_test(test_any_byte_flipped),
        cmocka_unit_test(test_run_is_of_its_log),
        cmocka_unit_test(test_run_limits),
        cmocka_unit_test(test_no_run),
        cmocka_unit_test(test_first_hash),
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_longest_names),
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_text_commitment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

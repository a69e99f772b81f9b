// test_code.c - tokens and seals as text: they survive a chat program, and a mistake is seen.
#include "lib.h"
#include <ctype.h>

static char text[TOKEN_TEXT_MAX];

static struct token a_token(unsigned ways, unsigned signers)
{
    struct token t = {
        .drill = true, .unit = code_of(bytes_text("01-234")), .n_ways = ways, .n_signers = signers};
    memcpy(t.election, election_a, ELECTION_SIZE);
    for (unsigned i = 0; i < ways; i++) {
        snprintf(t.ways[i].address, sizeof t.ways[i].address, "hub%u.example:5670", i);
        memset(t.ways[i].curve, (int)(10 + i), KEY_SIZE);
    }
    for (unsigned i = 0; i < signers; i++) {
        t.signers[i].unit = code_of(bytes_text(i ? "T" : "H"));
        memset(t.signers[i].key, (int)(20 + i), KEY_SIZE);
    }
    memset(t.seed, 0xa5, SEED_SIZE);
    return t;
}

static int decode(struct token *t, const char *from)
{
    const char *why = NULL;
    int rc = token_decode(t, bytes_text(from), &why);
    assert_true(rc == 0 || why != NULL);
    return rc;
}

// What a hub prints, a node reads: every field, with one way or several.
static void test_round_trip(void **state)
{
    (void)state;
    for (unsigned ways = 1; ways <= WAYS_MAX; ways++)
        for (unsigned signers = 1; signers <= SIGNERS_MAX; signers++) {
            struct token t = a_token(ways, signers), back;
            assert_int_equal(token_encode(&t, text), 0);
            assert_int_equal(decode(&back, text), 0);
            assert_memory_equal(t.election, back.election, ELECTION_SIZE);
            assert_memory_equal(t.seed, back.seed, SEED_SIZE);
            assert_true(back.drill && code_same(&t.unit, &back.unit));
            assert_true(back.n_ways == ways && back.n_signers == signers);
            assert_string_equal(back.ways[ways - 1].address, t.ways[ways - 1].address);
            assert_memory_equal(back.ways[ways - 1].curve, t.ways[ways - 1].curve, KEY_SIZE);
            assert_memory_equal(back.signers[signers - 1].key, t.signers[signers - 1].key,
                                KEY_SIZE);
        }
}

// Blanks, line breaks, quotes, marks of a reply and long dashes that a chat program puts in, small
// letters, O for 0, I and L for 1: the same token.
static void test_noise_is_passed_over(void **state)
{
    (void)state;
    static char noisy[4 * TOKEN_TEXT_MAX];
    static const char *const noise[] = {
        "\n> ", " ", "-", "\r\n", "\xe2\x80\x93", "\xc2\xa0", "\xe2\x80\x8b", "*"};
    struct token t = a_token(2, 2), back;
    assert_int_equal(token_encode(&t, text), 0);
    size_t n = (size_t)sprintf(noisy, "\xef\xbb\xbf \"dantin1\xe2\x80\x93");
    for (size_t i = 8; text[i]; i++) {
        char c = (char)(i % 3 ? tolower(text[i]) : text[i]);
        noisy[n++] = c == '0' ? (i % 2 ? 'o' : 'O') : c == '1' ? "iIlL"[i % 4] : c;
        if (i % 7 == 0)
            n += (size_t)sprintf(noisy + n, "%s", noise[i / 7 % 8]);
    }
    sprintf(noisy + n, "\"\n");
    assert_int_equal(decode(&back, noisy), 0);
    assert_memory_equal(&t, &back, sizeof t);
}

// One character mistyped, left out, doubled, or two neighbours exchanged: refused, with a reason.
static void test_mistakes_are_seen(void **state)
{
    (void)state;
    static char wrong[TOKEN_TEXT_MAX + 2];
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    struct token t = a_token(1, 1), back;
    assert_int_equal(token_encode(&t, text), 0);
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        for (unsigned k = 0; k < 32; k++) {
            strcpy(wrong, text);
            wrong[i] = alphabet[k];
            if (i != 7 && wrong[i] != text[i] && !(i == 6 && k == 1))
                assert_int_equal(decode(&back, wrong), -EBADMSG);
        }
        if (i == 7)
            continue; // the dash is noise
        snprintf(wrong, sizeof wrong, "%.*s%s", (int)i, text, text + i + 1);
        assert_int_equal(decode(&back, wrong), -EBADMSG);
        snprintf(wrong, sizeof wrong, "%.*s%s", (int)i + 1, text, text + i);
        assert_int_equal(decode(&back, wrong), -EBADMSG);
        if (i + 1 == n || text[i] == text[i + 1] || i + 1 == 7)
            continue;
        strcpy(wrong, text);
        wrong[i] = text[i + 1];
        wrong[i + 1] = text[i];
        assert_int_equal(decode(&back, wrong), -EBADMSG);
    }
    strcpy(wrong, text);
    wrong[20] = 'U';
    assert_int_equal(decode(&back, wrong), -EBADMSG);
}

// Anything else that is pasted is refused with a reason: nothing, words, too much.
static void test_no_token(void **state)
{
    (void)state;
    static char much[3 * TOKEN_TEXT_MAX];
    struct token t;
    memset(much, '7', sizeof much - 1);
    memcpy(much, "DANTIN1-", 8);
    assert_int_equal(decode(&t, ""), -EBADMSG);
    assert_int_equal(decode(&t, "DANTIN1"), -EBADMSG);
    assert_int_equal(decode(&t, "DANTIN1-"), -EBADMSG);
    assert_int_equal(decode(&t, "DANTIN1-0000"), -EBADMSG);
    assert_int_equal(decode(&t, "DANTIN2-00000000"), -EBADMSG);
    assert_int_equal(decode(&t, "https://hub.example"), -EBADMSG);
    assert_int_equal(decode(&t, much), -EBADMSG);
}

// A token that is too long for its text is refused when it is made.
static void test_too_long(void **state)
{
    (void)state;
    struct token t = a_token(WAYS_MAX, SIGNERS_MAX);
    memset(t.unit.at, 'u', CODE_MAX);
    t.unit.n = CODE_MAX;
    for (unsigned i = 0; i < WAYS_MAX; i++)
        memset(t.ways[i].address, 'a', ADDRESS_MAX);
    for (unsigned i = 0; i < SIGNERS_MAX; i++) {
        memset(t.signers[i].unit.at, 'u', CODE_MAX);
        t.signers[i].unit.n = CODE_MAX;
    }
    assert_int_equal(token_encode(&t, text), -EMSGSIZE);
}

// From one seed both ends derive the same door and the same voucher, and they are of no other token.
static void test_door_and_voucher(void **state)
{
    (void)state;
    struct token t = a_token(1, 1), other = t;
    uint8_t a[KEY_SIZE], b[KEY_SIZE], secret[SECRET_SIZE], other_secret[SECRET_SIZE];
    other.seed[0] ^= 1;
    token_door(&t, a, secret);
    token_door(&other, b, other_secret);
    assert_memory_not_equal(a, b, KEY_SIZE);
    token_door(&t, b, other_secret);
    assert_memory_equal(a, b, KEY_SIZE);
    token_voucher(&t, a, secret);
    assert_memory_not_equal(a, b, KEY_SIZE);
    token_voucher(&other, b, other_secret);
    assert_memory_not_equal(a, b, KEY_SIZE);
}

// A seal is 28 characters in groups of 4, and another hash is another seal.
static void test_seal(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE] = {0};
    char seal[SEAL_TEXT], other[SEAL_TEXT];
    seal_text(hash, seal);
    assert_int_equal(strlen(seal), SEAL_TEXT - 2);
    assert_true(strncmp(seal, "0000-0000-0000-0000-0000-0000-00", 32) == 0);
    for (unsigned bit = 0; bit < 130; bit++) {
        uint8_t changed[HASH_SIZE] = {0};
        changed[bit / 8] = (uint8_t)(0x80 >> bit % 8);
        seal_text(changed, other);
        assert_string_not_equal(seal, other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_noise_is_passed_over),
        cmocka_unit_test(test_mistakes_are_seen),
        cmocka_unit_test(test_no_token),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_door_and_voucher),
        cmocka_unit_test(test_seal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

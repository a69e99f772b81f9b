// test_utf8.c - text that may stand in a record: whole UTF-8, one line, nothing that hides.
#include "lib.h"

static bool ok(const char *text)
{
    return utf8_ok(bytes_text(text));
}

// Names stand as they are given: Vietnamese composed or not, other scripts, private use.
static void test_names_pass(void **state)
{
    (void)state;
    assert_true(ok(""));
    assert_true(ok("Nguyễn Thị Ánh Tuyết"));
    assert_true(ok("Nguye\xcc\x82\xcc\x83n")); // decomposed
    assert_true(ok("Y Bhăm Niê Kdăm"));
    assert_true(ok("\xe4\xb8\xad \xf0\x9f\x97\xb3 \xee\x80\x80 \xf4\x8f\xbf\xbf"));
    assert_true(ok("\xc2\xa0 ~")); // the first beyond the controls, the last before
}

// Bytes that are not UTF-8 are refused: alone, overlong, surrogates, beyond the last, cut short.
static void test_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xc3",
                                      "\xe1\xba",
                                      "\xf0\x9f\x97",
                                      "\xc3\x28",
                                      "a\xe1\x28\xa1"};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(ok(bad[i]));
}

static size_t encode(uint32_t c, uint8_t *to)
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (uint8_t)(0x80 | (c & 0x3f));
    to[0] = (uint8_t)(lead[n] | c);
    return n;
}

// Of all characters exactly the controls, line separators and hidden changes of direction are refused.
static void test_every_character(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        uint8_t b[4];
        size_t n = encode(c, b);
        bool refused = c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xdfff) ||
                       c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
                       (c >= 0x2066 && c <= 0x2069);
        if (utf8_ok(bytes_of(b, n)) == refused)
            fail_msg("U+%04X", c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_pass),
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_every_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_pack.c - canonical msgpack: shortest forms only, nothing cut short, nothing left over.
#include "lib.h"

static void refused_uint(const char *hex_like, size_t n)
{
    struct cursor c;
    cursor_init(&c, bytes_of(hex_like, n));
    assert_int_equal(take_uint(&c, UINT64_MAX), 0);
    assert_false(cursor_ok(&c));
}

// Every number at a boundary of its form is packed in as few bytes as it can be, and comes back.
static void test_numbers_at_boundaries(void **state)
{
    (void)state;
    static const struct {
        uint64_t v;
        size_t n;
    } at[] = {
        {0, 1},         {1, 1},         {127, 1},   {128, 2},        {255, 2},
        {256, 3},       {65535, 3},     {65536, 5}, {UINT32_MAX, 5}, {(uint64_t)UINT32_MAX + 1, 9},
        {INT64_MAX, 9}, {UINT64_MAX, 9}};
    for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
        uint8_t buffer[16];
        struct packer p;
        struct cursor c;
        pack_init(&p, buffer, sizeof buffer);
        pack_uint(&p, at[i].v);
        assert_int_equal(p.n, at[i].n);
        cursor_init(&c, packed(&p));
        assert_true(take_uint(&c, UINT64_MAX) == at[i].v);
        take_end(&c);
        assert_true(cursor_ok(&c));
        for (size_t cut = 0; cut < p.n; cut++)
            refused_uint((const char *)buffer, cut);
        if (at[i].v > 0) {
            cursor_init(&c, packed(&p));
            take_uint(&c, at[i].v - 1);
            assert_string_equal(c.bad, "number too large");
        }
    }
}

// A number in a longer form than it needs is no number.
static void test_longer_forms_are_refused(void **state)
{
    (void)state;
    refused_uint("\xcc\x7f", 2);
    refused_uint("\xcd\x00\xff", 3);
    refused_uint("\xce\x00\x00\xff\xff", 5);
    refused_uint("\xcf\x00\x00\x00\x00\xff\xff\xff\xff", 9);
    struct cursor c;
    cursor_init(&c, bytes_of("\xdc\x00\x0f", 3));
    take_array(&c, 0, 100);
    assert_string_equal(c.bad, "not the shortest form");
    cursor_init(&c, bytes_of("\xdd\x00\x00\xff\xff", 5));
    take_array(&c, 0, 70000);
    assert_string_equal(c.bad, "not the shortest form");
    cursor_init(&c, bytes_of("\xd9\x01x", 3));
    take_text(&c, 100);
    assert_string_equal(c.bad, "not the shortest form");
    cursor_init(&c, bytes_of("\xda\x00\x01x", 4));
    take_text(&c, 100);
    assert_string_equal(c.bad, "not the shortest form");
    cursor_init(&c, bytes_of("\xc5\x00\x01x", 4));
    take_bin(&c, 0, 100);
    assert_string_equal(c.bad, "not the shortest form");
    cursor_init(&c, bytes_of("\xc6\x00\x00\x00\x01x", 6));
    take_bin(&c, 0, 100);
    assert_string_equal(c.bad, "not the shortest form");
}

// Of the 256 first bytes only those of unsigned integers, byte strings, text and arrays are taken.
static void test_other_types_are_refused(void **state)
{
    (void)state;
    for (unsigned t = 0; t < 256; t++) {
        uint8_t b[70000] = {0};
        b[0] = (uint8_t)t;
        memset(b + 1, 1, 8); // lengths that no shorter form could say
        memset(b + 9, 'x', sizeof b - 9);
        struct cursor c;
        bool number = t <= 0x7f || (t >= 0xcd && t <= 0xcf),
             array = (t >= 0x90 && t <= 0x9f) || t == 0xdc || t == 0xdd;
        cursor_init(&c, bytes_of(b, sizeof b));
        take_uint(&c, UINT64_MAX);
        assert_int_equal(cursor_ok(&c), number);
        cursor_init(&c, bytes_of(b, sizeof b));
        take_array(&c, 0, SIZE_MAX);
        assert_int_equal(cursor_ok(&c), array);
        cursor_init(&c, bytes_of(b, sizeof b));
        take_bin(&c, 0, 40000);
        assert_int_equal(cursor_ok(&c), t == 0xc4 || t == 0xc5);
        memset(b + 1, 'x', 8);
        cursor_init(&c, bytes_of(b, sizeof b));
        take_text(&c, 40000);
        assert_int_equal(cursor_ok(&c), (t >= 0xa0 && t <= 0xbf) || t == 0xd9 || t == 0xda);
    }
}

// Text and byte strings of every length around a boundary come back, and are refused when cut short
// at any byte or longer than allowed.
static void test_strings_at_boundaries(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 31, 32, 255, 256, 65535, 65536};
    static uint8_t from[65536], buffer[65600];
    memset(from, 'a', sizeof from);
    for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (int text = 0; text < 2; text++) {
            struct packer p;
            struct cursor c;
            struct bytes b = bytes_of(from, lengths[i]), back;
            pack_init(&p, buffer, sizeof buffer);
            text ? pack_text(&p, b) : pack_bin(&p, b);
            cursor_init(&c, packed(&p));
            back = text ? take_text(&c, lengths[i]) : take_bin(&c, lengths[i], lengths[i]);
            take_end(&c);
            assert_true(cursor_ok(&c) && bytes_same(b, back));
            for (size_t cut = 0; cut < p.n; cut += cut < 8 ? 1 : 61) {
                cursor_init(&c, bytes_of(buffer, cut));
                text ? take_text(&c, SIZE_MAX) : take_bin(&c, 0, SIZE_MAX);
                assert_string_equal(c.bad, "cut short");
            }
            if (lengths[i] == 0)
                continue;
            cursor_init(&c, packed(&p));
            text ? take_text(&c, lengths[i] - 1) : take_bin(&c, 0, lengths[i] - 1);
            assert_string_equal(c.bad, "too long");
        }
    }
    struct cursor c;
    cursor_init(&c, bytes_of("\xc4\x02xy", 4));
    take_bin(&c, 3, 10);
    assert_string_equal(c.bad, "too short");
}

// Arrays say how many, within what the reader allows.
static void test_arrays(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 15, 16, 65535, 65536};
    for (unsigned i = 0; i < 5; i++) {
        uint8_t buffer[8];
        struct packer p;
        struct cursor c;
        pack_init(&p, buffer, sizeof buffer);
        pack_array(&p, counts[i]);
        assert_int_equal(p.n, counts[i] < 16 ? 1 : counts[i] < 65536 ? 3 : 5);
        cursor_init(&c, packed(&p));
        assert_int_equal(take_array(&c, 0, counts[i]), counts[i]);
        cursor_init(&c, packed(&p));
        take_array(&c, counts[i] + 1, SIZE_MAX);
        assert_string_equal(c.bad, "array of the wrong length");
        for (size_t cut = 0; cut < p.n; cut++) {
            cursor_init(&c, bytes_of(buffer, cut));
            take_array(&c, 0, SIZE_MAX);
            assert_false(cursor_ok(&c));
        }
    }
}

// The first complaint stays, and everything read after it is zero and empty.
static void test_one_complaint(void **state)
{
    (void)state;
    struct cursor c;
    uint8_t copy[4] = {1, 2, 3, 4};
    cursor_init(&c, bytes_of("\xa1x\x05\x06", 4));
    take_uint(&c, 9);
    const char *first = c.bad;
    assert_string_equal(first, "not an unsigned integer");
    assert_int_equal(take_uint(&c, 9), 0);
    assert_int_equal(take_array(&c, 0, 9), 0);
    assert_int_equal(take_bin(&c, 0, 9).n, 0);
    assert_int_equal(take_text(&c, 9).n, 0);
    take_copy(&c, copy, 4);
    assert_memory_equal(copy, "\0\0\0\0", 4);
    take_end(&c);
    assert_ptr_equal(c.bad, first);
}

// A packer whose buffer is too small stays full, writes nothing beyond it and gives nothing.
static void test_a_full_packer(void **state)
{
    (void)state;
    uint8_t buffer[9] = {0};
    for (size_t cap = 0; cap < 8; cap++) {
        struct packer p;
        memset(buffer, 0xee, sizeof buffer);
        pack_init(&p, buffer, cap);
        pack_text(&p, bytes_text("abcdefg"));
        pack_uint(&p, 1);
        assert_true(p.full);
        assert_int_equal(packed(&p).n, 0);
        assert_int_equal(buffer[cap], 0xee);
    }
    struct packer p;
    pack_init(&p, buffer, 8);
    pack_text(&p, bytes_text("abcdefg"));
    assert_false(p.full);
    assert_int_equal(packed(&p).n, 8);
}

// Bytes behind the last item are refused.
static void test_nothing_is_left_over(void **state)
{
    (void)state;
    struct cursor c;
    cursor_init(&c, bytes_of("\x01\x02", 2));
    take_uint(&c, 9);
    take_end(&c);
    assert_string_equal(c.bad, "bytes left over");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_at_boundaries),
        cmocka_unit_test(test_longer_forms_are_refused),
        cmocka_unit_test(test_other_types_are_refused),
        cmocka_unit_test(test_strings_at_boundaries),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_one_complaint),
        cmocka_unit_test(test_a_full_packer),
        cmocka_unit_test(test_nothing_is_left_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_vntext.c - Vietnamese text: composed, compared, and told from old encodings.
#include "common/base/vntext.h"
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void expect(char *got, const char *wanted)
{
    assert_string_equal(got, wanted);
    free(got);
}

// A decomposed name is composed, and blanks and invisible characters go; nothing else changes.
static void test_tidy(void **state)
{
    (void)state;
    expect(vn_tidy(bytes_text("Tho\xcc\x82n Ha\xcc\x80")), "Thôn Hà");
    expect(vn_tidy(bytes_text("  Thôn\xc2\xa0 \n Hạ\xe2\x80\x8b ")), "Thôn Hạ");
    expect(vn_tidy(bytes_text("K’Đông - 1")), "K’Đông - 1");
    assert_null(vn_tidy(bytes_text("Th\xf4n")));
}

// Names are the same with either place of the tone, any case, zeros or signs between the words.
static void test_keys(void **state)
{
    (void)state;
    char *a = vn_key(bytes_text("Xã Hoà Bình"), VN_TONES);
    expect(vn_key(bytes_text("XÃ  HÒA-BÌNH"), VN_TONES), a);
    expect(vn_key(bytes_text("Xa\xcc\x83 Ho\xcc\x80"
                             "a Bi\xcc\x80nh"),
                  VN_TONES),
           a);
    free(a);
    expect(vn_key(bytes_text("Tổ 05, Đường Số 0"), VN_BARE), "to 5 duong so 0");
    expect(vn_key(bytes_text("Thôn Đá"), VN_BARE), "thon da");
    a = vn_key(bytes_text("Thôn Đá"), VN_TONES);
    char *b = vn_key(bytes_text("Thôn Đà"), VN_TONES);
    assert_string_not_equal(a, b);
    free(a);
    free(b);
    expect(vn_key(bytes_text("..."), VN_BARE), "");
}

// Words are found whole: "xa ba vi" is not in "xa ba vinh".
static void test_holds(void **state)
{
    (void)state;
    assert_true(vn_holds("danh sach xa ba vi 2026", "xa ba vi"));
    assert_false(vn_holds("danh sach xa ba vinh", "xa ba vi"));
    assert_true(vn_holds("xa ba vinh xa ba vi", "xa ba vi"));
    assert_false(vn_holds("xa", ""));
}

// TCVN3 and VNI are told from Unicode; what is Unicode is never taken for one of them.
static void test_letters(void **state)
{
    static const char *const unicode[] = {"Thôn Hạ",      "Bà Trưng", "Tổ dân phố 3", "Ea H’Leo",
                                          "Hà Nam",       "Ô Môn",    "Buôn Čuôr",    "Thuý Oanh",
                                          "diện tích m²", "",         "Hoài Ân",      "Xã Tam Hòa"};
    static const char *const tcvn3[] = {"Th«n H¹", "§ång", "Ph­êng 1", "NguyÔn V¨n ¸nh", "B¶n Mï"};
    static const char *const vni[] = {"Thoân Haï", "Nguyeãn Vaên Ñoâng", "Ñöùc", "Toå 3"};
    (void)state;
    for (size_t i = 0; i < sizeof unicode / sizeof unicode[0]; i++)
        assert_int_equal(vn_letters(bytes_text(unicode[i])), VN_UNICODE);
    for (size_t i = 0; i < sizeof tcvn3 / sizeof tcvn3[0]; i++)
        assert_int_equal(vn_letters(bytes_text(tcvn3[i])), VN_TCVN3);
    for (size_t i = 0; i < sizeof vni / sizeof vni[0]; i++)
        assert_int_equal(vn_letters(bytes_text(vni[i])), VN_VNI);
}

// A word in capitals stays one, and the first letter of a word in a name becomes one.
static void test_from_tcvn3(void **state)
{
    (void)state;
    expect(vn_from_tcvn3(bytes_text("Th«n §ång Vµo")), "Thôn Đồng Vào");
    expect(vn_from_tcvn3(bytes_text("TH¤N H¹")), "THÔN Hạ");
    expect(vn_from_tcvn3(bytes_text("NguyÔn V¨n ¸nh")), "Nguyễn Văn Ánh");
    expect(vn_from_tcvn3(bytes_text("tæ d©n phè sè ¸p")), "tổ dân phố số áp");
}

// The table is that of the standard: what the C library's own converter makes of each byte.
static void test_table(void **state)
{
    (void)state;
    iconv_t with = iconv_open("UTF-8", "TCVN5712-1");
    if (with == (iconv_t)-1)
        skip();
    for (unsigned b = 0xa1; b <= 0xff; b++) {
        char in[2] = {(char)b, ' '}, wanted[16] = "", ours[4];
        char *from = in, *to = wanted;
        size_t n_from = 2, n_to = sizeof wanted - 1;
        assert_int_equal(iconv(with, &from, &n_from, &to, &n_to), 0);
        iconv(with, NULL, NULL, &to, &n_to); // it waits whether a tone follows
        to[-1] = 0;
        ours[0] = (char)(0xc0 | b >> 6);
        ours[1] = (char)(0x80 | (b & 0x3f));
        ours[2] = 0;
        expect(vn_from_tcvn3(bytes_text(ours)), wanted);
    }
    iconv_close(with);
}

// A list in the order that a Vietnamese one has; each before the next.
static void test_order(void **state)
{
    static const char *const sorted[] = {
        "",        "Ấp 1",        "Bản Mù", "Buôn Čuôr",   "Buôn Đôn", "Cà Mau",  "Dân Tiến",
        "Đà Nẵng", "Đắk Lắk",     "E",      "Ê Ban",       "Hoa",      "Hòa",     "Hóa",
        "Hoá An",  "Ma",          "Mà",     "Mả",          "Mã",       "Má",      "Mạ",
        "Mă",      "Mâ",          "Thôn 2", "Thôn 2A",     "Thôn 9",   "Thôn 10", "Thôn 100",
        "Thôn Hạ", "Thôn Thượng", "Tổ 1",   "Tổ 2, khu A", "Tơ",       "Ư"};
    (void)state;
    for (size_t i = 0; i + 1 < sizeof sorted / sizeof sorted[0]; i++) {
        char *a = vn_sort_key(bytes_text(sorted[i])), *b = vn_sort_key(bytes_text(sorted[i + 1]));
        if (strcmp(a, b) >= 0)
            fail_msg("%s is not before %s: %s %s", sorted[i], sorted[i + 1], a, b);
        free(a);
        free(b);
    }
    char *a = vn_sort_key(bytes_text("Xã Hoà Bình 07"));
    expect(vn_sort_key(bytes_text("XÃ  HÒA-BÌNH 7")), a);
    expect(vn_sort_key(bytes_text("xa\xcc\x83 ho\xcc\x80"
                                  "a bi\xcc\x80nh 7")),
           a);
    free(a);
    expect(vn_sort_key(bytes_text("Th\xf4n")), "\x01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tidy),       cmocka_unit_test(test_keys),
        cmocka_unit_test(test_holds),      cmocka_unit_test(test_letters),
        cmocka_unit_test(test_from_tcvn3), cmocka_unit_test(test_table),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

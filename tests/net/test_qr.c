// test_qr.c - a QR code that readers can find, of texts that papers print, and of nothing else.
#include "common/net/qr.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { SIDE_MAX = 120 };

struct drawn {
    int side; // without the quiet zone
    bool dark[SIDE_MAX][SIDE_MAX];
};

// Reads the bars of our own SVG back into modules.
static void read_svg(const char *svg, struct drawn *d)
{
    int side, x, y, width, at = 0;
    memset(d, 0, sizeof *d);
    assert_int_equal(sscanf(strstr(svg, "viewBox"), "viewBox=\"0 0 %d", &side), 1);
    d->side = side - 2 * QR_QUIET;
    assert_in_range(d->side, 21, SIDE_MAX);
    const char *p = strstr(svg, "#000\" d=\"") + 9;
    for (; sscanf(p, "M%d %dh%dv1h-%*dz%n", &x, &y, &width, &at) == 3; p += at)
        for (int i = 0; i < width; i++)
            d->dark[y - QR_QUIET][x - QR_QUIET + i] = true;
    assert_string_equal(p, "\"/></svg>");
}

static char *draw(const char *text, struct drawn *d)
{
    const char *why;
    char *svg = qr_svg(text, &why);
    assert_non_null(svg);
    assert_null(why);
    read_svg(svg, d);
    return svg;
}

// Seven by seven: a dark ring, a light ring, a dark middle of three by three.
static bool finder_at(const struct drawn *d, int left, int top)
{
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 7; x++) {
            bool ring = x == 0 || x == 6 || y == 0 || y == 6;
            bool middle = x >= 2 && x <= 4 && y >= 2 && y <= 4;
            if (d->dark[top + y][left + x] != (ring || middle))
                return false;
        }
    return true;
}

// Three corners have the pattern by which a reader finds the code; the fourth does not.
static void test_finder_patterns(void **state)
{
    static const char *const texts[] = {"A", "8Q2K-M4X0-7ZTR-9D1C-V5HB-3EJN-6WFG",
                                        "HTTPS://EXAMPLE.VN/A1 $%*+-./:"};
    struct drawn d;
    (void)state;
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(draw(texts[i], &d));
        assert_int_equal((d.side - 21) % 4, 0);
        assert_true(finder_at(&d, 0, 0));
        assert_true(finder_at(&d, d.side - 7, 0));
        assert_true(finder_at(&d, 0, d.side - 7));
        assert_false(finder_at(&d, d.side - 7, d.side - 7));
        for (int k = 8; k < d.side - 8; k++) { // the timing lines between them alternate
            assert_int_equal(d.dark[6][k], k % 2 == 0);
            assert_int_equal(d.dark[k][6], k % 2 == 0);
        }
    }
}

// The same text is the same drawing, another text another one.
static void test_drawing_follows_the_text(void **state)
{
    struct drawn d;
    char *a = draw("2XK7-91QM", &d), *b = draw("2XK7-91QM", &d), *c = draw("2XK7-91QN", &d);
    (void)state;
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    free(a), free(b), free(c);
}

static void refused(const char *text)
{
    const char *why = NULL;
    assert_null(qr_svg(text, &why));
    assert_non_null(why);
}

// 200 characters are drawn; one more, none, or a character outside the set is refused with a reason.
static void test_refusals(void **state)
{
    struct drawn d;
    char text[QR_TEXT_MAX + 2];
    (void)state;
    memset(text, 'A', sizeof text);
    text[QR_TEXT_MAX] = 0;
    free(draw(text, &d));
    text[QR_TEXT_MAX] = 'A';
    text[QR_TEXT_MAX + 1] = 0;
    refused(text);
    refused("");
    refused("abc");
    refused("A<B");
    refused("A\nB");
    refused("Đ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finder_patterns),
        cmocka_unit_test(test_drawing_follows_the_text),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

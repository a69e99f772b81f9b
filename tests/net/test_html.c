// test_html.c - whatever a name holds, the page has the tags of html.c and no others.
#include "common/net/html.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const hostile[] = {
    "Thôn 1",
    "",
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onclick='alert(1)",
    "&lt;b&gt; &amp; &#60;",
    "<!--",
    "]]>",
    "\xff\xfe\xc3",
    "a\x01\x02\x7f\nb",
    "javascript:alert(1)",
    "K’Đông <Thôn> & \"Ấp\"",
};
enum { HOSTILE = sizeof hostile / sizeof hostile[0] };

static char *page_of(const char *text, size_t *ret_n)
{
    struct html t;
    char href[600] = "plain?unit=";
    strncat(href, text, 500);
    html_begin(&t, text, text);
    for (int how = 0; how < HTML_LINES; how++)
        html_line(&t, (enum html_how)how, text);
    html_link(&t, href, text);
    struct html_cell cells[] = {{text, href, false}, {text, NULL, true}, {text, NULL, false}};
    html_open(&t, text, cells, 3);
    html_row(&t, cells, 3);
    html_shut(&t);
    return html_end(&t, text, ret_n);
}

// Takes one known tag at *at, with attributes whose values hold no sign of HTML; false: none.
static bool tag(const char **at)
{
    static const char *const names[] = {
        "!DOCTYPE html", "html", "meta",  "link",    "title", "main",  "h1", "h2", "p", "strong",
        "div",           "a",    "table", "caption", "thead", "tbody", "tr", "th", "td"};
    const char *p = *at + 1;
    bool close = *p == '/';
    p += close;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(p, names[i], n) != 0 || (p[n] != '>' && p[n] != ' '))
            continue;
        for (p += n; *p == ' ';) {
            static const char *const allowed[] = {
                "lang=",  "charset=", "name=", "content=",  "rel=",       "href=",
                "class=", "scope=",   "role=", "tabindex=", "aria-label="};
            size_t k = 0, m = 0;
            for (p++; k < sizeof allowed / sizeof allowed[0]; k++) {
                m = strlen(allowed[k]);
                if (strncmp(p, allowed[k], m) == 0)
                    break;
            }
            if (k == sizeof allowed / sizeof allowed[0] || close || p[m] != '"')
                return false;
            p += m + 1;
            p += strcspn(p, "\"<>");
            if (*p++ != '"')
                return false;
        }
        *at = p + 1;
        return *p == '>';
    }
    return false;
}

// Every sign of HTML in the page belongs to a tag of ours; all else is text. The number of tags.
static unsigned check(const char *page, size_t n)
{
    unsigned tags = 0;
    assert_int_equal(strlen(page), n);
    for (const char *at = page; *at;) {
        if (*at == '<') {
            if (!tag(&at))
                fail_msg("no tag of ours: %.60s", at);
            tags++;
        } else {
            assert_true(*at != '>' && *at != '"' && *at != '\'');
            assert_true((unsigned char)*at >= ' ' || *at == '\n');
            at++;
        }
    }
    return tags;
}

static void test_hostile(void **state)
{
    size_t n;
    (void)state;
    char *plain = page_of("Thôn", &n);
    unsigned tags = check(plain, n);
    assert_non_null(strstr(plain, "<html lang=\"vi\">"));
    free(plain);
    for (unsigned i = 0; i < HOSTILE; i++) {
        char *page = page_of(hostile[i], &n);
        assert_int_equal(check(page, n), tags);
        free(page);
    }
}

// The same of whatever bytes, a few thousand times.
static void test_any_bytes(void **state)
{
    static const char likely[] = "<>\"'&/=; \n\x01\xc3\xa1\xf0scriptxa";
    uint32_t seed = 7;
    char text[64];
    size_t n;
    (void)state;
    for (unsigned i = 0; i < 5000; i++) {
        size_t length = 1 + i % 60;
        for (size_t k = 0; k < length; k++) {
            seed = seed * 1664525u + 1013904223u;
            uint32_t draw = seed >> 16;
            text[k] = draw & 1 ? likely[draw / 2 % (sizeof likely - 1)]
                               : (char)(1 + draw / 2 % 255);
        }
        text[length] = 0;
        char *page = page_of(text, &n);
        check(page, n);
        free(page);
    }
}

// A text that is none comes as question marks; letters of any language stay.
static void test_text(void **state)
{
    size_t n;
    (void)state;
    char *page = page_of("Ấp <1> & \"2\"", &n);
    assert_non_null(strstr(page, "<h1>Ấp &lt;1&gt; &amp; &quot;2&quot;</h1>"));
    free(page);
    page = page_of("a\xff", &n);
    assert_non_null(strstr(page, "<h1>a?</h1>"));
    free(page);
}

// A page has an end: what does not fit is left out, and it says so.
static void test_full(void **state)
{
    struct html t;
    size_t n;
    (void)state;
    html_begin(&t, "vi", "x");
    struct html_cell cells[] = {{"<<<<<<<<<<<<<<<<<<<<<<<<<", NULL, false}};
    html_open(&t, "x", cells, 1);
    for (unsigned i = 0; i < 100000; i++)
        html_row(&t, cells, 1);
    assert_true(t.full);
    html_shut(&t);
    char *page = html_end(&t, "the end", &n);
    assert_true(n <= HTML_MAX);
    check(page, n);
    assert_non_null(strstr(page, "</table>\n</div>\n<p>the end</p>\n</main>"));
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hostile),
                                       cmocka_unit_test(test_any_bytes),
                                       cmocka_unit_test(test_text), cmocka_unit_test(test_full)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_csv.c - a spreadsheet's file as people really save it.
#include "common/base/csv.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct faults faults;

static int teardown(void **state)
{
    (void)state;
    faults_clear(&faults);
    return 0;
}

// All rows of columns code and name as "line code|name;".
static char *rows(struct bytes text)
{
    static char seen[4096];
    size_t n = 0;
    struct csv *csv;
    faults_clear(&faults);
    seen[0] = 0;
    if (csv_open(&csv, text, "f.csv", &faults) < 0) {
        assert_null(csv);
        assert_true(faults.n > 0);
        return strcpy(seen, "refused");
    }
    int code = csv_column(csv, "code", true), name = csv_column(csv, "name", false);
    while (csv_next(csv)) {
        struct bytes a = csv_field(csv, code), b = csv_field(csv, name);
        n += (size_t)snprintf(seen + n, sizeof seen - n, "%u %.*s|%.*s;", csv_line(csv), (int)a.n,
                              (const char *)a.at, (int)b.n, (const char *)b.at);
    }
    csv_close(&csv);
    return seen;
}

#define ROWS(text) rows(bytes_of(text, sizeof text - 1))

// The same table is read from whatever a spreadsheet makes of it.
static void test_dialects(void **state)
{
    (void)state;
    static const char expect[] = "2 007|Trà Bồng;3 008|;";
    assert_string_equal(ROWS("code,name\n007,Trà Bồng\n008,\n"), expect);
    assert_string_equal(ROWS("\xef\xbb\xbf"
                             "code;name\r\n007;Trà Bồng\r\n008;"),
                        expect);
    assert_string_equal(ROWS("code\tname\r007\tTrà Bồng\r008\t\r"), expect);
    assert_string_equal(ROWS("name,CODE \nTrà Bồng,007\n,008\n"), expect);
    assert_string_equal(ROWS("\" Code\";\"a,b,c\";\"Name\"\n\"007\";;\"Trà Bồng\"\n008\n"), expect);
    assert_int_equal(faults.n, 0);
    assert_string_equal(ROWS("sep=;\r\ncode;name\r\n007;a,b\r\n"), "3 007|a,b;");
    assert_string_equal(ROWS("SEP=\tcode\n"), "");
}

// Rows with nothing in them are passed over, and the others keep their line.
static void test_empty_rows(void **state)
{
    (void)state;
    assert_string_equal(ROWS("\n\ncode,name\n\n1,a\n,\n , \n\n2,b,,,\n,,,,\n\n"), "5 1|a;9 2|b;");
    assert_int_equal(faults.n, 0);
}

// Quotes hold separators, line breaks and doubled quotes; a row's line is where it begins.
static void test_quotes(void **state)
{
    (void)state;
    assert_string_equal(ROWS("code,name\n1,\"a,\"\"b\"\"\nc\"\n2, \"d\" \n3,e \"f\"\n4,\"\"\n"),
                        "2 1|a,\"b\"\nc;4 2|d;5 3|e \"f\";6 4|;");
    assert_string_equal(ROWS("code,name\r\n1,\"a\r\nb\rc\"\r\n2,x\r\n"), "2 1|a\r\nb\rc;5 2|x;");
    assert_int_equal(faults.n, 0);
}

// A field is given as it stands: nothing is trimmed, rounded or made a number.
static void test_untouched(void **state)
{
    (void)state;
    assert_string_equal(ROWS("code;name\n 007 ;3.452\n'1;=A1\n"), "2  007 |3.452;3 '1|=A1;");
}

// A quote that is not closed costs its own row; the rows behind it are read.
static void test_open_quote(void **state)
{
    (void)state;
    assert_string_equal(ROWS("code,name\n1,\"a\n2,b\n3,\"c\" d\n4,e\n"), "3 2|b;5 4|e;");
    assert_int_equal(faults.n, 2);
    assert_int_equal(faults.at[0].line, 2);
    assert_int_equal(faults.at[1].line, 4);
}

// More fields than columns is a fault of its row: a comma in a name must not move the numbers.
static void test_too_many_fields(void **state)
{
    (void)state;
    assert_string_equal(ROWS("code,name\n1,a,b\n2,c\n"), "3 2|c;");
    assert_int_equal(faults.n, 1);
    assert_int_equal(faults.at[0].line, 2);
    assert_string_equal(faults.at[0].file, "f.csv");
}

// A file in another encoding is refused, with the line and what to do.
static void test_encodings(void **state)
{
    (void)state;
    assert_string_equal(ROWS("\xff\xfe"
                             "c\0o\0d\0e\0"),
                        "refused");
    assert_non_null(strstr(faults.at[0].text, "save as CSV UTF-8"));
    assert_string_equal(ROWS("c\0o\0d\0e\0"), "refused");
    assert_string_equal(ROWS("code,name\n1,a\n2,Tr\xe0 B\xf4ng\n"), "refused"); // Windows-1258
    assert_int_equal(faults.n, 1);
    assert_int_equal(faults.at[0].line, 3);
    assert_non_null(strstr(faults.at[0].text, "save as CSV UTF-8"));
    assert_string_equal(ROWS("code,name\n1,\xe2\x80\xae"
                             "a\n"),
                        "refused"); // right to left override
}

// The header must be there, with each name once; what is missing or unknown is told by name.
static void test_header(void **state)
{
    (void)state;
    struct csv *csv;
    assert_string_equal(ROWS(""), "refused");
    assert_string_equal(ROWS("\n,,\n"), "refused");
    assert_string_equal(ROWS("code,name,Code\n"), "refused");
    assert_string_equal(ROWS("kode,name\n1,a\n"), "2 |a;");
    assert_string_equal(faults.at[0].text, "the column \"code\" is missing");
    faults_clear(&faults);
    assert_int_equal(csv_open(&csv, bytes_text("code,nmae,,\n"), "f.csv", &faults), 0);
    assert_int_equal(csv_column(csv, "code", true), 0);
    assert_int_equal(csv_column(csv, "name", false), -1);
    csv_unknown(csv);
    assert_int_equal(faults.n, 1);
    assert_string_equal(faults.at[0].text, "the column \"nmae\" is unknown");
    csv_close(&csv);
    csv_close(&csv);
}

// The limits are exact: columns and the length of a field.
static void test_limits(void **state)
{
    (void)state;
    char text[CSV_FIELD_MAX + 40];
    size_t n = 0;
    for (unsigned i = 0; i <= CSV_COLUMNS_MAX; i++)
        n += (size_t)sprintf(text + n, i == 0 ? "code" : ",c%u", i);
    assert_string_equal(rows(bytes_of(text, n)), "refused");
    n = (size_t)(strrchr(text, ',') - text);
    assert_string_equal(rows(bytes_of(text, n)), "");
    for (unsigned quote = 0; quote < 2; quote++)
        for (unsigned more = 0; more < 2; more++) {
            n = (size_t)sprintf(text, "code\n%s", quote ? "\"" : "");
            memset(text + n, 'x', CSV_FIELD_MAX + more);
            n += CSV_FIELD_MAX + more;
            n += (size_t)sprintf(text + n, "%s\n", quote ? "\"" : "");
            assert_int_equal(strlen(rows(bytes_of(text, n))) > 0, more == 0);
            assert_int_equal(faults.n, more);
        }
}

static char *written(const char *field, bool harmless)
{
    static char text[100];
    FILE *to = fmemopen(memset(text, 0, sizeof text), sizeof text, "w");
    csv_write_field(to, bytes_text(field), harmless);
    fclose(to);
    return text;
}

// What is written reads back; only when asked is a formula made harmless.
static void test_write(void **state)
{
    (void)state;
    assert_string_equal(written("Trà Bồng", true), "Trà Bồng");
    assert_string_equal(written("a,b", false), "\"a,b\"");
    assert_string_equal(written("a\n\"b\"", false), "\"a\n\"\"b\"\"\"");
    assert_string_equal(written(" a", false), "\" a\"");
    assert_string_equal(written("", true), "");
    assert_string_equal(written("=1+1", false), "=1+1");
    assert_string_equal(written("=1+1", true), "'=1+1");
    assert_string_equal(written("@x,y", true), "\"'@x,y\"");
    assert_string_equal(written("a=1", true), "a=1");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_teardown(f, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_dialects),  CASE(test_empty_rows), CASE(test_quotes),
        CASE(test_untouched), CASE(test_open_quote), CASE(test_too_many_fields),
        CASE(test_encodings), CASE(test_header),     CASE(test_limits),
        CASE(test_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_contacts.c - contacts.csv: what is read of it, faults by line, edits, limits.
#include "common/office/contacts.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64];

static int setup(void **state)
{
    (void)state;
    return folder_make(dir, "contacts");
}

static int teardown(void **state)
{
    (void)state;
    return folder_remove(dir);
}

static void path_of(char to[128])
{
    snprintf(to, 128, "%s/" CONTACTS_FILE, dir);
}

static void write_file(const char *text, size_t n)
{
    char path[128], fresh[160];
    path_of(path);
    snprintf(fresh, sizeof fresh, "%s.by-hand", path);
    FILE *f = fopen(fresh, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fchmod(fileno(f), 0600), 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(rename(fresh, path), 0);
}

static void write_text(const char *text)
{
    write_file(text, strlen(text));
}

static const struct contact *first_of(const struct contacts *c, const char *unit, uint32_t *ret_n)
{
    return contacts_of(c, bytes_text(unit), ret_n);
}

static void test_reads_what_a_spreadsheet_made(void **state)
{
    struct contacts *c;
    uint32_t n;
    (void)state;
    write_text("\xef\xbb\xbfunit;name;phone;role;phone2\r\n"
               "21484;\"Trần Thị \"\"Mai\"\"\";0905 123 456;văn phòng;\r\n"
               "21480;Nguyễn An;+84.905-111-222;;(0255) 385 0001\r\n"
               "21484; Lê Bình ;113;chủ tịch;\r\n");
    contacts_open(&c, dir);
    assert_int_equal(contacts_faults(c)->n, 0);
    const struct contact *at = first_of(c, "21484", &n);
    assert_int_equal(n, 2); // in the order of the file
    assert_string_equal(at[0].name, "Trần Thị \"Mai\"");
    assert_string_equal(at[1].name, "Lê Bình");
    assert_string_equal(at[1].phone, "113");
    at = first_of(c, "21480", &n);
    assert_int_equal(n, 1);
    assert_string_equal(at[0].phone2, "(0255) 385 0001");
    assert_null(first_of(c, "21482", &n));
    assert_int_equal(n, 0);
    contacts_close(&c);
    assert_null(c);
}

static void test_what_is_dialled(void **state)
{
    char to[CONTACT_PHONE_MAX + 1];
    (void)state;
    assert_true(contact_dial("+84 (0)905-123.456", to));
    assert_string_equal(to, "+840905123456");
    assert_true(contact_dial("113", to));
    static const char *const none[] = {
        "", "12", "0905 123 456 789 012", "0905x", "javascript:alert(1)", "09+05123", "0905\"123"};
    for (unsigned i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(contact_dial(none[i], to));
}

static void test_a_garbled_row_is_named_and_the_others_serve(void **state)
{
    struct contacts *c;
    uint32_t n;
    static const char text[] = "unit,role,name,phone\n"
                               "21484,,Mai,0905123456\n"
                               "21480,,An,so dien thoai\n"
                               ",,Ai,0905123456\n"
                               "21482,,\xff\xfe,0905123456\n"
                               "21483,,Ẩn\xe2\x80\xaexn,0905123456\n"
                               "21486,,\"Bình,0905";
    (void)state;
    write_file(text, sizeof text - 1);
    contacts_open(&c, dir);
    const struct faults *f = contacts_faults(c);
    first_of(c, "21484", &n);
    // Bytes that are no text speak against the whole file: a damaged disk does not garble one row only.
    assert_true(f->n >= 1);
    assert_string_equal(f->at[0].file, CONTACTS_FILE);
    assert_true(f->at[0].line > 1);
    struct contact row = {.unit = code_of(bytes_text("21484")), .name = "Mai", .phone = "113"};
    assert_int_equal(contacts_put(c, &row.unit, &row, 1), -EBADMSG); // nothing is thrown away
    write_text("unit,role,name,phone\n"
               "21484,,Mai,0905123456\n"
               "21480,,An,so dien thoai\n"
               ",,Ai,0905123456\n"
               "21486,,\"Bình,0905");
    contacts_look(c);
    f = contacts_faults(c);
    assert_int_equal(f->n, 3);
    assert_int_equal(f->at[0].line, 3);
    assert_int_equal(f->at[1].line, 4);
    assert_int_equal(f->at[2].line, 5); // torn: a quote is open
    first_of(c, "21484", &n);
    assert_int_equal(n, 1);
    contacts_close(&c);
}

static void test_a_file_that_others_may_read_is_not_used(void **state)
{
    struct contacts *c;
    uint32_t n;
    char path[128];
    (void)state;
    write_text("unit,name,phone\n1,Mai,113\n");
    path_of(path);
    assert_int_equal(chmod(path, 0644), 0);
    contacts_open(&c, dir);
    assert_int_equal(contacts_faults(c)->n, 1);
    assert_null(first_of(c, "1", &n));
    assert_int_equal(chmod(path, 0600), 0);
    contacts_look(c);
    assert_int_equal(contacts_faults(c)->n, 0);
    assert_non_null(first_of(c, "1", &n));
    contacts_close(&c);
}

static void test_rows_of_a_unit_are_replaced(void **state)
{
    struct contacts *c, *again;
    struct stat st;
    uint32_t n;
    char path[128];
    (void)state;
    contacts_open(&c, dir); // no file is no fault
    assert_int_equal(contacts_faults(c)->n, 0);
    struct contact rows[2] = {
        {.unit = code_of(bytes_text("2")),
         .name = "=cmd|' /C calc'!A0",
         .role = "<script>alert(1)</script>",
         .phone = "0905 1"},
        {.unit = code_of(bytes_text("2")), .name = "a,\"b\"", .phone = "113"}};
    rows[0].phone[0] = 0;
    assert_int_equal(contacts_put(c, &rows[0].unit, rows, 2), -EINVAL);
    strcpy(rows[0].phone, "0905 111");
    assert_int_equal(contacts_put(c, &rows[0].unit, rows, 2), 0);
    struct contact one = {.unit = code_of(bytes_text("10")), .name = "Mười", .phone = "110"};
    assert_int_equal(contacts_put(c, &one.unit, &one, 1), 0);
    path_of(path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    contacts_open(&again, dir); // as a start does
    assert_int_equal(contacts_faults(again)->n, 0);
    const struct contact *at = first_of(again, "2", &n);
    assert_int_equal(n, 2);
    assert_string_equal(at[0].name, rows[0].name);
    assert_string_equal(at[0].role, rows[0].role);
    assert_string_equal(at[1].name, "a,\"b\"");
    assert_int_equal(contacts_put(again, &rows[0].unit, NULL, 0), 0);
    assert_null(first_of(again, "2", &n));
    assert_non_null(first_of(again, "10", &n));
    contacts_close(&again);
    contacts_close(&c);
}

static void test_limits(void **state)
{
    struct contacts *c;
    struct contact rows[CONTACTS_OF_UNIT_MAX + 1];
    uint32_t n;
    char *text = NULL;
    size_t size = 0;
    (void)state;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    fputs("unit,name,phone\n", to);
    for (unsigned i = 0; i < CONTACTS_OF_UNIT_MAX + 2; i++)
        fprintf(to, "1,n%u,113\n", i);
    for (unsigned i = 0; i < CONTACTS_MAX; i++)
        fprintf(to, "u%u,n,113\n", i);
    fclose(to);
    write_file(text, size);
    free(text);
    contacts_open(&c, dir);
    const struct faults *f = contacts_faults(c);
    assert_int_equal(f->n, CONTACTS_OF_UNIT_MAX + 2 + 2); // beyond all rows; beyond one unit's
    first_of(c, "1", &n);
    assert_int_equal(n, CONTACTS_OF_UNIT_MAX);
    write_text("unit,name,phone\n");
    for (unsigned i = 0; i <= CONTACTS_OF_UNIT_MAX; i++)
        rows[i] = (struct contact){.unit = code_of(bytes_text("1")), .name = "n", .phone = "113"};
    assert_int_equal(contacts_put(c, &rows[0].unit, rows, CONTACTS_OF_UNIT_MAX + 1), -ENOSPC);
    assert_int_equal(contacts_put(c, &rows[0].unit, rows, CONTACTS_OF_UNIT_MAX), 0);
    contacts_close(&c);
}

static void test_a_file_beyond_its_size_is_not_read(void **state)
{
    struct contacts *c;
    (void)state;
    char *text = malloc(CONTACTS_BYTES_MAX + 1);
    assert_non_null(text);
    memset(text, 'x', CONTACTS_BYTES_MAX + 1);
    write_file(text, CONTACTS_BYTES_MAX + 1);
    free(text);
    contacts_open(&c, dir);
    assert_int_equal(contacts_faults(c)->n, 1);
    contacts_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads_what_a_spreadsheet_made, setup, teardown),
        cmocka_unit_test(test_what_is_dialled),
        cmocka_unit_test_setup_teardown(test_a_garbled_row_is_named_and_the_others_serve, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_others_may_read_is_not_used, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_rows_of_a_unit_are_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_beyond_its_size_is_not_read, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

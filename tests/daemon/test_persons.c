// test_persons.c - the table of persons: what a line may say, its bounds, changes, and what a secret may be.
#include "common/daemon/persons.h"
#include "common/net/form.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#define HASH                                                                                       \
    "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0c2E$"                                          \
    "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"

static struct persons p;

static int parse(const struct persons_rules *rules, const char *text, struct faults *faults)
{
    p.rules = rules;
    faults_clear(faults);
    return persons_parse(&p, bytes_text(text), faults);
}

// A table with ids and names alone, as it was before anybody could log in, still names people.
static void test_named_only(void **state)
{
    (void)state;
    struct faults faults = {0};
    assert_int_equal(parse(&persons_of_hub, "id,name\nmai,Trần Thị Mai\nan,An\n", &faults), 0);
    assert_int_equal(p.n, 2);
    assert_non_null(persons_find(&p, bytes_text("mai")));
    assert_null(persons_find(&p, bytes_text("Mai")));
    assert_null(persons_find(&p, bytes_text("")));
    assert_false(persons_log_in(&p));
}

// Every field is read; a role of the other program is none here.
static void test_whole_line(void **state)
{
    (void)state;
    struct faults faults = {0};
    assert_int_equal(parse(&persons_of_hub,
                           "id,name,role,scope,restricted,secret\n"
                           "mai,\"Trần, Thị \"\"Mai\"\"\",operator,group:Sơn Hà,yes,\"" HASH "\"\n",
                           &faults),
                     0);
    const struct person *x = persons_find(&p, bytes_text("mai"));
    assert_non_null(x);
    assert_string_equal(x->name, "Trần, Thị \"Mai\"");
    assert_string_equal(x->scope, "group:Sơn Hà");
    assert_int_equal(x->role->rights, RIGHT_READ | RIGHT_OPERATE);
    assert_true(x->restricted && persons_log_in(&p));
    assert_int_equal(parse(&persons_of_node, "id,role\nmai,operator\n", &faults), -EBADMSG);
    assert_int_equal(parse(&persons_of_node, "id,role\nmai,checks\n", &faults), 0);
}

// A table with one fault is not read at all: nobody comes in by the rest of it.
static void test_faults(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "name\nMai\n",                   // no id
        "id,name\nmai,A\nmai,B\n",       // twice
        "id,name\n,A\n",                 // empty id
        "id,role\nmai,boss\n",           // no such role
        "id,secret\nmai,1234\n",         // no hash
        "id,secret\nmai,\"" HASH "\"\n", // a secret without a role
        "id,restricted\nmai,maybe\n",    // neither yes nor no
        "id,name\nmai,\"A\nB\"\n",       // a line break in a name
        "id,phone\nmai,0255\n",          // no such column
        "id\n0123456789012345678901234567890123456789012345678901234567890123456\n",
    };
    struct faults faults = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(&persons_of_hub, bad[i], &faults) != -EBADMSG || p.n != 0)
            fail_msg("taken: %s", bad[i]);
        assert_true(faults.n > 0);
    }
    assert_int_equal(parse(&persons_of_node, "id,scope\nmai,535\n", &faults), -EBADMSG);
    faults_clear(&faults);
}

static char *many(unsigned n)
{
    char *text = malloc(16 * (n + 1));
    int at = sprintf(text, "id\n");
    for (unsigned i = 0; i < n; i++)
        at += sprintf(text + at, "p%u\n", i);
    return text;
}

// As many as a program has room for are taken, one more is not, by the file or by a command.
static void test_bounds(void **state)
{
    (void)state;
    struct faults faults = {0};
    const struct persons_rules *const rules[] = {&persons_of_node, &persons_of_hub};
    for (unsigned i = 0; i < 2; i++) {
        char *text = many(rules[i]->max);
        assert_int_equal(parse(rules[i], text, &faults), 0);
        assert_int_equal(p.n, rules[i]->max);
        assert_non_null(persons_change(&p, bytes_text("act=put&id=onemore")));
        assert_int_equal(p.n, rules[i]->max);
        assert_null(persons_change(&p, bytes_text("act=put&id=p3&name=Ba")));
        free(text);
        text = many(rules[i]->max + 1);
        assert_int_equal(parse(rules[i], text, &faults), -EBADMSG);
        assert_int_equal(p.n, 0);
        free(text);
    }
    faults_clear(&faults);
}

// A change changes what it names and nothing else; what it cannot be leaves all as it was.
static void test_changes(void **state)
{
    (void)state;
    struct faults faults = {0};
    char form[512] = "act=put&id=mai";
    assert_int_equal(parse(&persons_of_hub, "id\n", &faults), 0);
    assert_null(persons_change(&p, bytes_text("act=put&id=mai&name=Mai&role=viewer")));
    assert_true(form_add(form, sizeof form, "secret", HASH));
    assert_null(persons_change(&p, bytes_text(form)));
    assert_string_equal(p.at[0].name, "Mai");
    assert_string_equal(p.at[0].secret, HASH);
    assert_non_null(persons_change(&p, bytes_text("act=put&id=mai&role=boss&name=X")));
    assert_non_null(persons_change(&p, bytes_text("act=put&id=mai&role="))); // it has a secret
    assert_non_null(persons_change(&p, bytes_text("act=drop&id=mai")));
    assert_non_null(persons_change(&p, bytes_text("act=remove&id=an")));
    assert_non_null(persons_change(&p, bytes_text("act=put&id=a%0Ab")));
    assert_string_equal(p.at[0].name, "Mai");
    assert_string_equal(p.at[0].role->name, "viewer");
    assert_null(persons_change(&p, bytes_text("act=remove&id=mai")));
    assert_int_equal(p.n, 0);
    faults_clear(&faults);
}

// What is written is read back as it was, whatever stands in a name; a file open to others is not read.
static void test_file(void **state)
{
    (void)state;
    static const char *const names[] = {
        "<script>alert(1)</script>", "\"' & <b>", "=1+1", "\xd7\x90\xd7\x91 rtl",
        "\xf0\x9f\x97\xb3 4 byte",   ",;\t"};
    char dir[64], path[128];
    static struct persons back;
    struct faults faults = {0};
    assert_int_equal(folder_make(dir, "persons"), 0);
    assert_int_equal(parse(&persons_of_hub, "id\n", &faults), 0);
    for (unsigned i = 0; i < 5; i++) {
        struct person *x = &p.at[p.n++];
        memset(x, 0, sizeof *x);
        snprintf(x->id, sizeof x->id, "p%u", i);
        snprintf(x->name, sizeof x->name, "%s", names[i]);
    }
    assert_int_equal(persons_write(&p, dir), 0);
    back.rules = &persons_of_hub;
    assert_int_equal(persons_read(&back, dir, &faults), 0);
    assert_int_equal(back.n, 5);
    for (unsigned i = 0; i < 5; i++)
        assert_string_equal(back.at[i].name, names[i]);
    snprintf(path, sizeof path, "%s/%s", dir, PERSONS_FILE);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(persons_read(&back, dir, &faults), -EPERM);
    assert_int_equal(back.n, 0);
    assert_int_equal(faults.n, 1);
    faults_clear(&faults);
    folder_remove(dir);
}

// A PIN is digits, as long as the way people come asks for, and not what is tried first; a password is long.
static void test_secrets(void **state)
{
    (void)state;
    static const struct {
        const struct persons_rules *rules;
        bool far, good;
        const char *secret;
    } cases[] = {
        {&persons_of_node, false, true, "4071"},
        {&persons_of_node, false, false, "407"},
        {&persons_of_node, true, false, "40715"},
        {&persons_of_node, true, true, "407159"},
        {&persons_of_node, false, false, "1234"},
        {&persons_of_node, false, false, "7777"},
        {&persons_of_node, false, false, "654321"},
        {&persons_of_node, false, true, "1357"},
        {&persons_of_node, false, false, "40a1"},
        {&persons_of_node, false, false, ""},
        {&persons_of_node, false, true, "190224680001"},
        {&persons_of_node, false, false, "1902246800011"},
        {&persons_of_hub, true, false, "ngan9kytu"},
        {&persons_of_hub, true, true, "muoi ky tu"},
        {&persons_of_hub, true, false, "muoi ky\ntu nua"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((persons_secret_fault(cases[i].rules, cases[i].far, bytes_text(cases[i].secret)) ==
             NULL) != cases[i].good)
            fail_msg("\"%s\"", cases[i].secret);
    char longest[PERSON_SECRET_MAX + 2];
    memset(longest, 'a', sizeof longest);
    assert_null(persons_secret_fault(&persons_of_hub, true, bytes_of(longest, PERSON_SECRET_MAX)));
    assert_non_null(
        persons_secret_fault(&persons_of_hub, true, bytes_of(longest, PERSON_SECRET_MAX + 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_named_only), cmocka_unit_test(test_whole_line),
        cmocka_unit_test(test_faults),     cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_changes),    cmocka_unit_test(test_file),
        cmocka_unit_test(test_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

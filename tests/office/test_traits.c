// test_traits.c - the local table of candidates' traits: owner-only, and only for whom it was written.
#include "common/office/traits.h"
#include "common/base/savefile.h"
#include "tests/election/places.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

struct room {
    char dir[64];
    struct places *s;
};

static int open_room(void **state)
{
    static const char *const levels[] = {"xã", "thôn"};
    struct room *r = calloc(1, sizeof *r);
    assert_non_null(r);
    assert_int_equal(folder_make(r->dir, "traits"), 0);
    r->s = places_new(2, levels);
    places_add(r->s, PLAN_NONE, "Ba Vì", 0);
    places_add(r->s, 0, "Thôn 1", 100); // contest hu0001, candidates 1 (an) and 2 (binh)
    places_add(r->s, 0, "Thôn 2", 100);
    places_open(r->s);
    places_fold(r->s);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    int rc = folder_remove(r->dir);
    places_free(r->s);
    free(r);
    return rc;
}

static int write_table(struct room *r, const char *text)
{
    return savefile_write(r->dir, TRAITS_FILE, bytes_text(text));
}

// Each answer is yes, no or not known; words of schooling are kept as they stand.
static void test_reads_what_stands_there(void **state)
{
    struct room *r = *state;
    struct traits_file *f = NULL;
    assert_int_equal(write_table(r, "contest,number,key,re_elected,woman,minority,party,birth_year,"
                                    "schooling,theory,secretary\n"
                                    "hu0001,1,an,yes,no,,yes,1960,THPT,sơ cấp,no\n"
                                    "hu0001,2,,no,yes,maybe,,,THCS,không,\n"
                                    "hu0002,1,somebody else,yes,yes,yes,yes,1950,THPT,,yes\n"
                                    "hu0009,1,an,yes,,,,,,,\n"
                                    "hu0002,7,,yes,,,,,,,\n"),
                     0);
    assert_int_equal(traits_open(&f, r->dir, r->s->plan), 0);
    const struct traits *t = traits_of(f);
    assert_int_equal(t->of[0].re_elected, TRAIT_YES);
    assert_int_equal(t->of[0].woman, TRAIT_NO);
    assert_int_equal(t->of[0].minority, TRAIT_UNKNOWN);
    assert_int_equal(t->of[0].birth_year, 1960);
    assert_true(bytes_same(t->levels[t->of[0].schooling - 1], bytes_text("THPT")));
    assert_true(bytes_same(t->levels[t->of[0].theory - 1], bytes_text("sơ cấp")));
    assert_int_equal(t->of[1].woman, TRAIT_YES);
    assert_int_equal(t->of[1].minority, TRAIT_UNKNOWN);
    assert_int_equal(t->of[1].birth_year, 0);
    assert_true(t->none[t->of[1].theory - 1]);
    // Another person had that number when the table was written.
    assert_int_equal(t->of[2].woman, TRAIT_UNKNOWN);
    assert_int_equal(t->of[3].woman, TRAIT_UNKNOWN);
    traits_close(&f);
    assert_null(f);
    traits_close(&f);
}

// What others may read, or is no such table, is not used; where there is none, that is said.
static void test_refuses(void **state)
{
    struct room *r = *state;
    struct traits_file *f = NULL;
    char path[100];
    assert_int_equal(traits_open(&f, r->dir, r->s->plan), -ENOENT);
    assert_int_equal(write_table(r, "name,woman\nAn,yes\n"), 0);
    assert_int_equal(traits_open(&f, r->dir, r->s->plan), -EBADMSG);
    assert_int_equal(write_table(r, "contest,number\nhu0001,1\n"), 0);
    snprintf(path, sizeof path, "%s/%s", r->dir, TRAITS_FILE);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(traits_open(&f, r->dir, r->s->plan), -EPERM);
    assert_null(f);
}

// Ages are of the year of the last cut-off.
static void test_year(void **state)
{
    struct room *r = *state;
    assert_int_equal(traits_year(r->s->plan, 0), 2016);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads_what_stands_there, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_refuses, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_year, open_room, close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

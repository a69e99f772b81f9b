// test_unreadable.c - a signed record that cannot be read is counted, named by its place, and passed over.
#include "voting.h"

// Packs the record of a kind that nobody knows: its common part is right.
static void say_odd(struct voting_log *l, uint64_t act)
{
    struct voting_record *to = &l->records[l->n++];
    struct packer p;
    pack_init(&p, to->at, sizeof to->at);
    pack_array(&p, 13);
    pack_uint(&p, act);
    pack_uint(&p, 9999);
    for (unsigned i = 0; i < 2; i++)
        pack_uint(&p, 1000);
    pack_text(&p, bytes_text("lan"));
    pack_uint(&p, HOW_DESK);
    pack_text(&p, bytes_text(""));
    pack_uint(&p, 1);
    pack_array(&p, 0);
    for (unsigned i = 0; i < 3; i++)
        pack_text(&p, bytes_text(""));
    pack_array(&p, 0);
    to->n = packed(&p).n;
    assert_true(to->n > 0);
}

// What stands behind it in the log counts as if it were not there; the first ones are named.
static void test_it_is_passed_over(void **state)
{
    (void)state;
    static struct voting v;
    struct plan *p = voting_plan();
    struct fold *f = voting_fold(p, 256);
    v.n_logs = 0;
    struct voting_log *about = voting_add(&v, "D", "C1", STREAM_ABOUT, 1);
    struct voting_log *reports = voting_add(&v, "C1", "C1", STREAM_REPORTS, 2);
    voting_admit(about, 1, 2);
    for (uint64_t i = 0; i < UNREADABLE_SHOWN + 3; i++)
        say_odd(reports, 100 + i);
    struct record r = voting_tally(p, 7, "P1", "X", (unsigned[]){3, 2, 1});
    voting_say(reports, &r);
    for (uint32_t l = 0; l < v.n_logs; l++) {
        fold_log(f, l, &v.logs[l].id);
        for (unsigned i = 0; i < v.logs[l].n; i++)
            fold_apply(f, l, i + 1, bytes_of(v.logs[l].records[i].at, v.logs[l].records[i].n));
        fold_held(f, l, v.logs[l].n);
    }
    assert_int_equal(f->unreadable, UNREADABLE_SHOWN + 3);
    assert_int_equal(f->n_odd, UNREADABLE_SHOWN);
    assert_int_equal(f->odd[0].log, 1);
    assert_int_equal(f->odd[0].n, 1);
    assert_int_equal(f->odd[UNREADABLE_SHOWN - 1].n, UNREADABLE_SHOWN);
    assert_int_equal(fold_contest(f, X_CONTEST)[CONTEST_TALLIED], 1);
    assert_int_equal(fold_contest(f, X_CONTEST)[CONTEST_VOTES], 3);
    free(f);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_it_is_passed_over)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

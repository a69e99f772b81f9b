// test_compare.c - a hub that tells what its child never signed is found, also where the child went on.
#include "common/election/summary.h"
#include "common/office/office.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sodium.h>
#include <cmocka.h>

enum { TOP, HUB, NODE, UNITS };
static const char *const names[UNITS] = {"51", "535", "21484"};

struct writer_of { // a log that the test signs by hand
    struct log_id id;
    const struct identity *by;
    uint64_t n;
    uint8_t hash[HASH_SIZE];
};
static struct room {
    char dir[64];
    struct identity id[UNITS];
    struct office *top;
    struct writer_of hub_reports, hub_about, node_reports;
    uint64_t drawn;
    int64_t now;
    struct bytes plan;
    uint8_t plan_bytes[4096];
} r;

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000 + r.now, .wall = 1780000000000 + r.now};
}

static void make_plan(void)
{
    struct packer p;
    struct plan_level level = {bytes_text("cấp"), bytes_text("level")};
    struct plan_cutoff cutoff = {bytes_text("9:00"), 1, 1};
    struct plan_profile profile = {.name = bytes_text("plurality"), .base = BASE_VALID};
    struct plan_candidate people[2] = {{1, bytes_text("a"), bytes_text("An")},
                                       {2, bytes_text("b"), bytes_text("Bình")}};
    struct plan_contest contest = {.code = bytes_text("C"),
                                   .name = bytes_text("C"),
                                   .seats = 1,
                                   .places_in_all = 1,
                                   .n_candidates = 2};
    struct plan_ballot ballot = {.unit = 3, .voters = 500};
    pack_init(&p, r.plan_bytes, sizeof r.plan_bytes);
    plan_pack_head(&p, 1, bytes_text("t"), bytes_text("test"));
    pack_array(&p, 1);
    plan_pack_level(&p, &level);
    pack_array(&p, 1);
    plan_pack_cutoff(&p, &cutoff);
    pack_array(&p, 0);
    pack_array(&p, 0);
    pack_array(&p, 1);
    plan_pack_profile(&p, &profile);
    pack_array(&p, 1);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, 4);
    for (uint32_t i = 0; i < 4; i++) {
        struct plan_unit u = {.code = bytes_text(i < UNITS ? names[i] : "2148401"),
                              .parent = i == 0 ? PLAN_NONE : i - 1};
        u.name = u.code;
        u.place = i == 3;
        plan_pack_unit(&p, &u, NULL);
    }
    pack_array(&p, 1);
    plan_pack_contest(&p, &contest, people); // of the top: its votes reach beyond the commune
    pack_array(&p, 1);
    plan_pack_ballot(&p, &ballot, &profile);
    r.plan = packed(&p);
    assert_true(r.plan.n > 0);
}

static struct certificate certificate_of(const struct identity *id, uint8_t raw[CERTIFICATE_MAX],
                                         size_t *ret_n)
{
    struct certificate c = {.unit = id->unit, .incarnation = id->incarnation};
    memcpy(c.key, id->key, KEY_SIZE);
    memcpy(c.curve, id->curve, KEY_SIZE);
    memcpy(c.voucher, id->key, KEY_SIZE);
    *ret_n = certificate_make(&c, id->election, id->secret, id->secret, raw);
    return c;
}

static void begin_log(struct writer_of *w, const struct identity *by, unsigned about,
                      unsigned stream, uint64_t incarnation)
{
    *w = (struct writer_of){.by = by};
    w->id = (struct log_id){.author = by->unit,
                            .about = r.id[about].unit,
                            .stream = stream,
                            .incarnation = incarnation};
    chain_start(by->election, &w->id, by->key, w->hash);
}

static void say(struct writer_of *w, const struct record *record)
{
    static uint8_t bytes[RECORD_MAX], body[RUN_BYTES_MAX + 256];
    struct run_writer run;
    const char *why;
    int n = record_encode(record, bytes, sizeof bytes, &why);
    assert_true(n > 0);
    run_begin(&run, body, sizeof body, w->n, w->hash);
    assert_int_equal(run_add(&run, bytes_of(bytes, (size_t)n)), 0);
    struct bytes b = run_end(&run, w->by->election, &w->id, w->by->secret);
    w->n = run.n;
    memcpy(w->hash, run.hash, HASH_SIZE);
    assert_int_equal(office_import(r.top, &w->id, b, bytes_of(NULL, 0), now_is()), 0);
}

static struct record turnout(uint64_t act, uint64_t replaces, uint64_t voted)
{
    struct record x = {.act = act,
                       .kind = KIND_TURNOUT,
                       .subject = bytes_text("2148401"),
                       .contest = bytes_text("C"),
                       .how = HOW_DESK};
    x.n_replaces = replaces != 0;
    x.replaces[0] = replaces;
    x.number[TURNOUT_CUTOFF] = 1;
    x.number[TURNOUT_VOTED] = voted;
    return x;
}

static void have_of(const struct writer_of *w, struct have *h)
{
    h->log = w->id;
    h->n = w->n;
    memcpy(h->hash, w->hash, HASH_SIZE);
}

// A summary of the commune at where its logs are now, saying `voted` of its one place.
static struct bytes summary_saying(uint64_t voted, uint8_t *buffer, size_t cap)
{
    struct packer p;
    struct have cut[2];
    have_of(&r.node_reports, &cut[0]);
    have_of(&r.hub_about, &cut[1]);
    pack_init(&p, buffer, cap);
    pack_array(&p, 4);
    pack_uint(&p, 1);
    pack_array(&p, 2);
    for (unsigned i = 0; i < 2; i++)
        frame_have_item(&p, &cut[i].log, cut[i].n, cut[i].hash);
    pack_array(&p, 1);
    pack_array(&p, 2);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, SUM_TURNOUT + TURNOUT_SUMS);
    for (unsigned i = 0; i < SUM_TURNOUT; i++)
        pack_uint(&p, 0);
    pack_uint(&p, voted);
    pack_uint(&p, 1);
    pack_uint(&p, 500);
    pack_uint(&p, 0); // places where all have voted
    pack_array(&p, 1);
    pack_array(&p, 2);
    pack_text(&p, bytes_text("C"));
    pack_array(&p, CONTEST_VOTES + 2);
    for (unsigned i = 0; i < CONTEST_VOTES + 2; i++)
        pack_uint(&p, 0);
    return packed(&p);
}

static int open_room(void **state)
{
    struct office_setup setup = {
        .dir = r.dir, .identity = &r.id[TOP], .boot = 1, .doors = doors_shut(&r.drawn)};
    uint8_t raw[CERTIFICATE_MAX];
    size_t n;
    (void)state;
    memset(&r, 0, sizeof r);
    assert_int_equal(folder_make(r.dir, "compare"), 0);
    for (unsigned i = 0; i < UNITS; i++) {
        identity_make(&r.id[i]);
        r.id[i].unit = code_of(bytes_text(names[i]));
    }
    make_plan();
    assert_int_equal(office_open(&r.top, &setup, now_is()), 0);
    assert_int_equal(office_load_plan(r.top, r.plan, now_is()), 0);
    struct certificate c = certificate_of(&r.id[HUB], raw, &n);
    assert_int_equal(office_admit(r.top, &c, bytes_of(raw, n), now_is()), 0);
    begin_log(&r.hub_reports, &r.id[HUB], HUB, STREAM_REPORTS, r.id[HUB].incarnation);
    begin_log(&r.hub_about, &r.id[HUB], NODE, STREAM_ABOUT, 77);
    begin_log(&r.node_reports, &r.id[NODE], NODE, STREAM_REPORTS, r.id[NODE].incarnation);
    c = certificate_of(&r.id[NODE], raw, &n);
    struct record admit = {
        .act = 1, .kind = KIND_ADMIT, .subject = bytes_text(names[NODE]), .how = HOW_MACHINE};
    admit.number[ADMIT_INCARNATION] = c.incarnation;
    admit.blob[ADMIT_CERTIFICATE] = bytes_of(raw, n);
    say(&r.hub_about, &admit);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    office_close(&r.top);
    return folder_remove(r.dir);
}

// The commune says 30, its hub tells `voted`, the commune goes on to 40: only now is the evidence there.
static const struct fold_told *told_while_going_on(uint64_t voted)
{
    uint8_t content[2048];
    struct record first = turnout(11, 0, 30), second = turnout(12, 11, 40);
    struct record summary = {.act = 21,
                             .kind = KIND_SUMMARY,
                             .subject = bytes_text(names[NODE]),
                             .how = HOW_MACHINE,
                             .plan = 1};
    say(&r.node_reports, &first);
    summary.blob[SUMMARY_CONTENT] = summary_saying(voted, content, sizeof content);
    say(&r.node_reports, &second);
    say(&r.hub_reports, &summary);
    for (unsigned i = 0; i < 3; i++) {
        r.now += 2000;
        office_tick(r.top, now_is());
        assert_int_equal(office_turn(r.top, now_is()), 0);
    }
    const struct fold *f = office_fold(r.top);
    uint32_t unit = plan_unit_of(f->plan, bytes_text(names[NODE]));
    assert_int_equal(fold_sums(f, unit, 0)[SUM_TURNOUT],
                     40); // the evidence counts, whatever was told
    return &f->told[f->inner[unit]];
}

static unsigned overrules(void)
{
    const struct fold *f = office_fold(r.top);
    unsigned n = 0;
    for (uint32_t e = 0; e < f->n_entries; e++)
        n += f->entries[e].kind == KIND_OVERRULE;
    return n;
}

// What was true at its cut stays true, though the child has said more since.
static void test_a_true_summary_is_equal(void **state)
{
    (void)state;
    const struct fold_told *t = told_while_going_on(30);
    assert_true(t->compared);
    assert_false(t->unequal);
    assert_int_equal(overrules(), 0);
}

// What the child never signed is found at the cut it names, marked, and overruled once.
static void test_a_false_summary_is_found(void **state)
{
    (void)state;
    const struct fold_told *t = told_while_going_on(31);
    assert_true(t->compared);
    assert_true(t->unequal);
    assert_int_equal(overrules(), 1);
    r.now += 5000;
    office_tick(r.top, now_is());
    assert_int_equal(office_turn(r.top, now_is()), 0);
    assert_int_equal(overrules(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_true_summary_is_equal, open_room, close_room),
        cmocka_unit_test_setup_teardown(test_a_false_summary_is_found, open_room, close_room),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

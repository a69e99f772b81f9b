// test_frame.c - every frame as bytes and back, its lists, its limits, and what is none.
#include "lib.h"

static uint8_t buffer[2 * FRAME_MAX];
static struct packer p;

static int decode(struct frame *f, const char **ret_why)
{
    assert_false(p.full);
    return frame_decode(f, packed(&p), ret_why);
}

static const char *refusal(void)
{
    struct frame f;
    const char *why = NULL;
    assert_int_equal(decode(&f, &why), -EBADMSG);
    assert_non_null(why);
    return why;
}

static struct frame taken(void)
{
    struct frame f;
    const char *why;
    assert_int_equal(decode(&f, &why), 0);
    return f;
}

static void begin(void)
{
    pack_init(&p, buffer, sizeof buffer);
}

static struct bytes texts_of(const uint64_t *numbers, unsigned n, size_t length, uint8_t *to,
                             size_t cap)
{
    static uint8_t salted[SALT_SIZE + ATTACHMENT_MAX + 1];
    struct packer t;
    pack_init(&t, to, cap);
    for (unsigned i = 0; i < n; i++) {
        pack_array(&t, 2);
        pack_uint(&t, numbers[i]);
        pack_bin(&t, bytes_of(salted, length));
    }
    return packed(&t);
}

// HELLO says who, which election, which store and boot, when, and under which plan.
static void test_hello(void **state)
{
    (void)state;
    struct frame h = {.session = 5,
                      .lowest = 1,
                      .highest = 3,
                      .unit = code_of(bytes_text("C1")),
                      .store = UINT64_MAX,
                      .boot = 7,
                      .clock = INT64_MAX,
                      .plan = UINT32_MAX,
                      .program = bytes_text("0123456789012345678901234567890123456789")},
                 f;
    memcpy(h.election, election_a, ELECTION_SIZE);
    begin();
    frame_hello(&p, &h);
    f = taken();
    assert_true(f.kind == FRAME_HELLO && f.session == 5 && f.lowest == 1 && f.highest == 3 &&
                f.store == UINT64_MAX && f.boot == 7 && f.clock == INT64_MAX &&
                f.plan == UINT32_MAX && code_same(&f.unit, &h.unit));
    assert_true(bytes_same(f.program, h.program));
    assert_memory_equal(f.election, election_a, ELECTION_SIZE);
    h.program = bytes_text("0123456789012345678901234567890123456789x");
    const char *why;
    begin();
    frame_hello(&p, &h);
    assert_int_equal(frame_decode(&f, packed(&p), &why), -EBADMSG);
}

static void put_haves(unsigned n, unsigned said)
{
    uint8_t hash[HASH_SIZE];
    begin();
    frame_have(&p, &(struct frame){.session = 5, .seen = 9, .credit = 17, .last = true}, said);
    for (unsigned i = 0; i < n; i++) {
        struct log_id id = log_named("C1", "C1", STREAM_REPORTS, 1 + i);
        memset(hash, (int)i, sizeof hash);
        frame_have_item(&p, &id, i, hash);
    }
}

// HAVE lists up to so many logs with number and hash; one more, or another number than said: none.
static void test_have(void **state)
{
    (void)state;
    put_haves(FRAME_HAVES_MAX, FRAME_HAVES_MAX);
    struct frame f = taken();
    struct have h;
    unsigned n = 0;
    assert_true(f.seen == 9 && f.credit == 17 && f.last && f.n_items == FRAME_HAVES_MAX);
    while (frame_next_have(&f.items, &h)) {
        assert_true(h.n == n && h.log.incarnation == 1 + n && h.hash[31] == (uint8_t)n);
        n++;
    }
    assert_int_equal(n, FRAME_HAVES_MAX);
    put_haves(0, 0);
    assert_int_equal(taken().n_items, 0);
    put_haves(FRAME_HAVES_MAX + 1, FRAME_HAVES_MAX + 1);
    refusal();
    put_haves(2, 3);
    assert_string_equal(refusal(), "fewer items than said");
    put_haves(3, 2);
    assert_string_equal(refusal(), "bytes left over");
}

// A log has an author, a stream from 1 to 3 and an incarnation; else it is none.
static void test_no_such_log(void **state)
{
    (void)state;
    const struct log_id none[] = {
        log_named("", "C1", STREAM_REPORTS, 1), log_named("C1", "C1", (enum stream)0, 1),
        log_named("C1", "C1", (enum stream)4, 1), log_named("C1", "C1", STREAM_REPORTS, 0)};
    for (unsigned i = 0; i < 4; i++) {
        begin();
        frame_run(&p, 5, &none[i], 1);
        frame_run_item(&p, bytes_text("body"), bytes_text(""));
        refusal();
    }
}

static void put_runs(unsigned n, size_t body, struct bytes texts)
{
    static uint8_t at[RUN_BYTES_MAX + 1];
    struct log_id id = log_named("C1", "C1", STREAM_REPORTS, 7);
    begin();
    frame_run(&p, 5, &id, n);
    for (unsigned i = 0; i < n; i++)
        frame_run_item(&p, bytes_of(at, body), texts);
}

// RUN carries one log's runs with their texts, each run within its limit of bytes.
static void test_run(void **state)
{
    (void)state;
    static uint8_t at[RUN_BYTES_MAX];
    struct bytes body, texts = texts_of((const uint64_t[]){3, 9}, 2, SALT_SIZE + 5, at, sizeof at),
                       none = {0};
    put_runs(2, 100, texts);
    struct frame f = taken();
    assert_true(f.kind == FRAME_RUN && f.log.incarnation == 7 && f.n_items == 2);
    struct bytes back, salted;
    struct cursor c;
    uint64_t n;
    assert_true(frame_next_run(&f.items, &body, &back) && body.n == 100 && bytes_same(back, texts));
    cursor_init(&c, back);
    assert_true(texts_next(&c, &n, &salted) && n == 3 && salted.n == SALT_SIZE + 5);
    assert_true(texts_next(&c, &n, &salted) && n == 9 && !texts_next(&c, &n, &salted) &&
                cursor_ok(&c));
    assert_true(frame_next_run(&f.items, &body, &back) && !frame_next_run(&f.items, &body, &back));
    put_runs(FRAME_RUNS_MAX, 1, none);
    assert_int_equal(taken().n_items, FRAME_RUNS_MAX);
    put_runs(FRAME_RUNS_MAX + 1, 1, none);
    refusal();
    put_runs(0, 1, none);
    refusal();
    put_runs(1, 0, none);
    refusal();
    put_runs(1, RUN_BYTES_MAX, none);
    taken();
    put_runs(1, RUN_BYTES_MAX + 1, none);
    refusal();
    put_runs(1, RUN_BYTES_MAX - texts.n, texts);
    taken();
    put_runs(1, RUN_BYTES_MAX - texts.n + 1, texts);
    refusal();
}

// Texts stand in the order of their records, one for each, and have at least their salt.
static void test_texts(void **state)
{
    (void)state;
    static uint8_t at[20000];
    assert_int_equal(texts_check(bytes_text("")), 0);
    assert_int_equal(texts_check(texts_of((const uint64_t[]){1, 2}, 2, SALT_SIZE, at, sizeof at)),
                     0);
    assert_int_equal(texts_check(texts_of((const uint64_t[]){2, 2}, 2, SALT_SIZE, at, sizeof at)),
                     -EBADMSG);
    assert_int_equal(texts_check(texts_of((const uint64_t[]){2, 1}, 2, SALT_SIZE, at, sizeof at)),
                     -EBADMSG);
    assert_int_equal(texts_check(texts_of((const uint64_t[]){0}, 1, SALT_SIZE, at, sizeof at)),
                     -EBADMSG);
    assert_int_equal(texts_check(texts_of((const uint64_t[]){1}, 1, SALT_SIZE - 1, at, sizeof at)),
                     -EBADMSG);
    assert_int_equal(
        texts_check(texts_of((const uint64_t[]){1}, 1, SALT_SIZE + ATTACHMENT_MAX, at, sizeof at)),
        0);
    assert_int_equal(texts_check(texts_of((const uint64_t[]){1}, 1, SALT_SIZE + ATTACHMENT_MAX + 1,
                                          at, sizeof at)),
                     -EBADMSG);
    put_runs(1, 10, bytes_text("no texts"));
    assert_string_equal(refusal(), "texts of a run that are none");
}

// MARK carries marks byte for byte.
static void test_mark(void **state)
{
    (void)state;
    uint8_t key[KEY_SIZE], secret[SECRET_SIZE], raw[MARK_MAX];
    struct mark m = {.tier = code_of(bytes_text("H1")),
                     .log = log_named("C1", "C1", STREAM_REPORTS, 7),
                     .n = 3,
                     .at = 4};
    struct bytes back;
    keys_from(1, key, secret);
    size_t n = mark_make(&m, election_a, secret, raw);
    for (unsigned count = 0; count <= FRAME_MARKS_MAX + 1; count++) {
        begin();
        frame_mark(&p, 5, count);
        for (unsigned i = 0; i < count; i++)
            pack_raw(&p, bytes_of(raw, n));
        if (count == 0 || count > FRAME_MARKS_MAX) {
            refusal();
            continue;
        }
        struct frame f = taken();
        for (unsigned i = 0; i < count; i++)
            assert_true(frame_next_mark(&f.items, &back) && bytes_same(back, bytes_of(raw, n)));
        assert_false(frame_next_mark(&f.items, &back));
    }
}

static void put_beat(unsigned taking, unsigned n, unsigned word)
{
    begin();
    frame_beat(
        &p,
        &(struct frame){.session = 5, .clock = 1, .backlog = 2, .free_disk = 3, .taking = taking},
        n);
    for (unsigned i = 0; i < n; i++)
        frame_beat_item(&p, &(struct frame_link){code_of(bytes_text("C1")), word, 99});
}

// BEAT says the state by one of its words, and those of the children.
static void test_beat(void **state)
{
    (void)state;
    struct frame_link l;
    put_beat(TAKING_REBUILDING, FRAME_LINKS_MAX, LINK_SILENT);
    struct frame f = taken();
    assert_true(f.taking == TAKING_REBUILDING && f.backlog == 2 && f.free_disk == 3 &&
                f.n_items == FRAME_LINKS_MAX);
    assert_true(frame_next_link(&f.items, &l) && l.word == LINK_SILENT && l.since == 99);
    put_beat(TAKING, FRAME_LINKS_MAX + 1, LINK_SILENT);
    refusal();
    put_beat(0, 0, 0);
    assert_string_equal(refusal(), "no such state");
    put_beat(TAKING_REBUILDING + 1, 0, 0);
    refusal();
    put_beat(TAKING, 1, 0);
    assert_string_equal(refusal(), "no such link word");
    put_beat(TAKING, 1, LINK_SILENT + 1);
    refusal();
}

// ENROL, ENROLLED and BYE: a certificate, an answer with its reason, a reason.
static void test_short_frames(void **state)
{
    (void)state;
    static uint8_t certificate[CERTIFICATE_MAX + 1];
    static char reason[REASON_MAX + 2];
    begin();
    frame_enrol(&p, 5, bytes_of(certificate, CERTIFICATE_MAX));
    assert_int_equal(taken().blob.n, CERTIFICATE_MAX);
    begin();
    frame_enrol(&p, 5, bytes_of(certificate, CERTIFICATE_MAX + 1));
    refusal();
    begin();
    frame_enrol(&p, 5, bytes_of(certificate, 0));
    refusal();
    begin();
    frame_enrolled(&p, 5, false, "another machine has this token");
    struct frame f = taken();
    assert_true(!f.taken && bytes_same(f.blob, bytes_text("another machine has this token")));
    memset(reason, 'x', REASON_MAX);
    begin();
    frame_bye(&p, 5, reason);
    assert_int_equal(taken().blob.n, REASON_MAX);
    reason[REASON_MAX] = 'x';
    begin();
    frame_bye(&p, 5, reason);
    refusal();
    begin();
    frame_bye(&p, 5, "two\nlines");
    refusal();
}

// A frame of an unknown kind, of another number of items, or longer than a frame may be, is none.
static void test_no_such_frame(void **state)
{
    (void)state;
    static uint8_t much[FRAME_MAX];
    for (unsigned kind = 0; kind < 12; kind++)
        for (unsigned items = 0; items < 12; items++) {
            begin();
            pack_array(&p, items);
            pack_uint(&p, kind);
            for (unsigned i = 1; i < items; i++)
                pack_uint(&p, 0);
            refusal();
        }
    begin();
    pack_array(&p, 3);
    pack_uint(&p, FRAME_BYE);
    pack_uint(&p, 5);
    pack_bin(&p, bytes_of(much, sizeof much));
    assert_string_equal(refusal(), "frame too long");
}

// A frame cut short at any byte is none.
static void test_cut_short(void **state)
{
    (void)state;
    put_haves(3, 3);
    for (size_t n = 0; n < p.n; n++) {
        struct frame f;
        const char *why;
        assert_int_equal(frame_decode(&f, bytes_of(buffer, n), &why), -EBADMSG);
    }
}

// Each limit in PROTOCOL.md is the constant of the code.
static void test_the_limits_in_the_paper(void **state)
{
    (void)state;
#define LIMIT(name)                                                                                \
    {                                                                                              \
#name, name                                                                                \
    }
    static const struct {
        const char *name;
        long value;
    } limits[] = {LIMIT(CODE_MAX),
                  LIMIT(PERSON_MAX),
                  LIMIT(WHY_MAX),
                  LIMIT(REPLACES_MAX),
                  LIMIT(LIST_MAX),
                  LIMIT(SUMMARY_MAX),
                  LIMIT(PART_MAX),
                  LIMIT(ATTACHMENT_MAX),
                  LIMIT(SALT_SIZE),
                  LIMIT(RECORD_MAX),
                  LIMIT(RUN_RECORDS_MAX),
                  LIMIT(RUN_BYTES_MAX),
                  LIMIT(MARK_MAX),
                  LIMIT(CERTIFICATE_MAX),
                  LIMIT(FRAME_MAX),
                  LIMIT(FRAME_HAVES_MAX),
                  LIMIT(FRAME_RUNS_MAX),
                  LIMIT(FRAME_MARKS_MAX),
                  LIMIT(FRAME_LINKS_MAX),
                  LIMIT(REASON_MAX),
                  LIMIT(PROGRAM_MAX),
                  LIMIT(WAYS_MAX),
                  LIMIT(SIGNERS_MAX),
                  LIMIT(ADDRESS_MAX),
                  LIMIT(TOKEN_TEXT_MAX),
                  LIMIT(SESSION_WINDOW),
                  LIMIT(SESSION_FLIGHT),
                  LIMIT(SESSION_BEAT_HAVES),
                  LIMIT(SESSION_BEAT_MS),
                  LIMIT(SESSION_DEADLINE_MS),
                  LIMIT(SESSION_BACKOFF_FIRST_MS),
                  LIMIT(SESSION_BACKOFF_MS)};
    static char paper[200000];
    FILE *in = fopen("proto/PROTOCOL.md", "r");
    assert_non_null(in);
    paper[fread(paper, 1, sizeof paper - 1, in)] = 0;
    fclose(in);
    for (unsigned i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char row[100];
        snprintf(row, sizeof row, "\n| %s | %ld | ", limits[i].name, limits[i].value);
        if (!strstr(paper, row))
            fail_msg("PROTOCOL.md has no row: %s", row + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello),
        cmocka_unit_test(test_have),
        cmocka_unit_test(test_no_such_log),
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_beat),
        cmocka_unit_test(test_short_frames),
        cmocka_unit_test(test_no_such_frame),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_the_limits_in_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

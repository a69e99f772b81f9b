// test_vectors.c - the vectors in proto/vectors are what this code makes and refuses, byte for byte.
//
// With DANTIN_WRITE_VECTORS set the files are written anew; else they are compared. Everything comes
// from fixed seeds. check_vectors.py checks the same files without this code.
#include "lib.h"

static FILE *out; // of the file that is being made
static bool first_row;

static void put_hex(const void *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%02x", ((const uint8_t *)at)[i]);
}

// One item of canonical bytes as JSON: text as text, a byte string as {"bytes": hex}.
static void put_item(struct cursor *c)
{
    unsigned t = *c->at;
    if (t <= 0x7f || (t >= 0xcc && t <= 0xcf)) {
        fprintf(out, "%llu", (unsigned long long)take_uint(c, UINT64_MAX));
    } else if ((t >= 0x90 && t <= 0x9f) || t == 0xdc || t == 0xdd) {
        size_t n = take_array(c, 0, SIZE_MAX);
        fputc('[', out);
        for (size_t i = 0; i < n; i++) {
            fputs(i ? ", " : "", out);
            put_item(c);
        }
        fputc(']', out);
    } else if (t >= 0xc4 && t <= 0xc6) {
        struct bytes b = take_bin(c, 0, SIZE_MAX);
        fputs("{\"bytes\": \"", out);
        put_hex(b.at, b.n);
        fputs("\"}", out);
    } else {
        struct bytes b = take_text(c, SIZE_MAX);
        fprintf(out, "\"%.*s\"", (int)b.n, (const char *)b.at); // no quotes in what we write
    }
    assert_true(cursor_ok(c));
}

static void row(const char *name)
{
    fprintf(out, "%s\n  {\"name\": \"%s\"", first_row ? "" : ",", name);
    first_row = false;
}

static void row_hex(const char *key, const void *at, size_t n)
{
    fprintf(out, ",\n   \"%s\": \"", key);
    put_hex(at, n);
    fputc('"', out);
}

static void row_text(const char *key, const char *text)
{
    fprintf(out, ",\n   \"%s\": \"%s\"", key, text);
}

static void row_items(struct bytes b)
{
    struct cursor c;
    cursor_init(&c, b);
    row_hex("bytes", b.at, b.n);
    fputs(",\n   \"items\": ", out);
    put_item(&c);
}

static void row_end(void)
{
    fputc('}', out);
}

static void row_packed(const char *name, struct bytes b)
{
    row(name);
    row_items(b);
    row_end();
}

// Makes a file's text by `fill`, then writes it or holds it against the one that is there.
static void file_is(const char *path, void (*fill)(void))
{
    static char there[1 << 20];
    char *text = NULL;
    size_t n = 0;
    out = open_memstream(&text, &n);
    assert_non_null(out);
    first_row = true;
    fputs("[", out);
    fill();
    fputs("\n]\n", out);
    fclose(out);
    FILE *f = fopen(path, getenv("DANTIN_WRITE_VECTORS") ? "w" : "r");
    assert_non_null(f);
    if (getenv("DANTIN_WRITE_VECTORS")) {
        assert_int_equal(fwrite(text, 1, n, f), n);
    } else {
        there[fread(there, 1, sizeof there - 1, f)] = 0;
        assert_string_equal(there, text);
    }
    fclose(f);
    free(text);
}

static uint8_t buffer[FRAME_MAX];

static struct record sample(const struct record_spec *s)
{
    static const uint8_t hash[600] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct record r = {.act = 0x1122334455667788,
                       .kind = s->kind,
                       .at = 1773540000000,
                       .entered = 1773540012345,
                       .how = HOW_LAN,
                       .plan = 1,
                       .n_replaces = 1,
                       .replaces = {0x0102030405060708}};
    r.by = bytes_text("lan");
    r.why = bytes_text("gõ nhầm");
    r.subject = bytes_text("00123");
    r.contest = bytes_text("TT-01");
    for (unsigned i = 0; s->fields[i].name; i++) {
        const struct field *f = &s->fields[i];
        if (f->type == FIELD_TEXT)
            r.blob[i] = bytes_text("số 5");
        else if (f->type == FIELD_BIN)
            r.blob[i] = bytes_of(hash, f->max > 40 ? 40 : f->max);
        else if (f->type == FIELD_NUMBER || i % 2)
            record_set(&r, i, f->min + i > f->max ? f->min : f->min + i);
    }
    if (s->list)
        for (unsigned i = 0; i < 6; i++)
            r.list[r.n_list++] = i % 2 ? 100 * i : i + 1;
    return r;
}

static struct record example(unsigned kind)
{
    struct record r = sample(record_spec(kind));
    r.n_replaces = r.n_list = 0;
    r.stated = 0;
    memset(r.number, 0, sizeof r.number);
    memset(r.blob, 0, sizeof r.blob);
    r.why = bytes_text("");
    return r;
}

static void put_example(const char *name, const struct record *r)
{
    const char *why;
    int n = record_encode(r, buffer, sizeof buffer, &why);
    assert_true(n > 0);
    row_packed(name, bytes_of(buffer, (size_t)n));
}

// Votes, votes against and percentages in hundredths of two candidates, and all that a paper may state.
static void tally_example(void)
{
    struct record r = example(KIND_TALLY);
    static const uint64_t numbers[] = {180, 171, 200, 172, 1, 28, 170, 165,
                                       5,   2,   163, 190, 3, 2,  1,   4};
    r.blob[TALLY_DEFINITION] = bytes_of("\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    for (unsigned i = 0; i < 16; i++)
        record_set(&r, TALLY_ELIGIBLE + i, numbers[i]);
    static const uint64_t values[] = {100, 63, 60, 97, 5882, 3706};
    for (unsigned i = 0; i < 6; i++) {
        r.list[r.n_list++] = (uint64_t)(i / 2) << 32 | (i % 2 + 1);
        r.list[r.n_list++] = values[i];
    }
    put_example("tally", &r);
}

static void papers_example(void)
{
    struct record r = example(KIND_MINUTES);
    r.blob[MINUTES_NUMBER] = bytes_text("01/BB-TBC");
    r.blob[MINUTES_FORM] = bytes_text("BB-KP");
    static const uint64_t numbers[] = {3, 2, 5, 1, 1, 0}; // copies ... passed on
    for (unsigned i = 0; i < 6; i++)
        record_set(&r, MINUTES_COPIES + i, numbers[i]);
    put_example("minutes", &r);
    r = example(KIND_DECISION);
    r.number[DECISION_WHAT] = DECISION_RERUN;
    r.blob[DECISION_NUMBER] = bytes_text("45/QĐ-UBND");
    r.number[DECISION_DATE] = 1773700000000;
    r.blob[DECISION_SIGNATORY] = bytes_text("Nguyễn Văn A");
    r.number[DECISION_ON] = 1774900000000;
    put_example("decision", &r);
}

// What a bulletin rests on is an array of cuts, log by log.
static void bulletin_example(void)
{
    struct record r = example(KIND_BULLETIN);
    static const uint8_t hash[HASH_SIZE] = {9};
    uint8_t positions[200];
    struct packer q;
    pack_init(&q, positions, sizeof positions);
    pack_array(&q, 1);
    frame_have_item(&q,
                    &(struct log_id){.author = code_of(bytes_text("00123")),
                                     .about = code_of(bytes_text("00123")),
                                     .stream = STREAM_REPORTS,
                                     .incarnation = 7},
                    300, hash);
    r.contest = bytes_text("");
    r.number[BULLETIN_NUMBER] = 2;
    r.number[BULLETIN_CUTOFF] = 1;
    r.blob[BULLETIN_HASH] = bytes_of(hash, HASH_SIZE);
    r.blob[BULLETIN_POSITIONS] = packed(&q);
    r.blob[BULLETIN_CONTENT] = bytes_text("BÁO CÁO NHANH số 2");
    put_example("bulletin", &r);
}

static void records(void)
{
    for (unsigned kind = 1; kind <= KIND_MAX; kind++) {
        const struct record_spec *s = record_spec(kind);
        const char *why;
        if (!s)
            continue;
        struct record r = sample(s), back;
        int n = record_encode(&r, buffer, sizeof buffer, &why);
        assert_true(n > 0);
        assert_int_equal(record_decode(&back, bytes_of(buffer, (size_t)n), &why), 0);
        row_packed(s->name, bytes_of(buffer, (size_t)n));
    }
    tally_example();
    papers_example();
    bulletin_example();
}

static uint8_t key[KEY_SIZE], secret[SECRET_SIZE];
static const uint8_t seed_of_key[SEED_SIZE] = "the seed of a key, for vectors.";

static struct log_id a_log(void)
{
    return log_named("00123", "00123", STREAM_REPORTS, 0xf0e1d2c3b4a59687);
}

static void row_log(void)
{
    struct log_id id = a_log();
    fprintf(out, ",\n   \"log\": [\"%s\", \"%s\", %u, %llu]", id.author.at, id.about.at, id.stream,
            (unsigned long long)id.incarnation);
    row_hex("election", election_a, ELECTION_SIZE);
    row_hex("seed", seed_of_key, SEED_SIZE);
    row_hex("key", key, KEY_SIZE);
}

static struct bytes a_run(uint8_t hash[HASH_SIZE], uint64_t after)
{
    static uint8_t body[2000];
    uint8_t record[400];
    struct run_writer w;
    const char *why;
    struct log_id id = a_log();
    run_begin(&w, body, sizeof body, after, hash);
    for (unsigned kind = KIND_TURNOUT; kind <= KIND_TALLY; kind++) {
        struct record r = sample(record_spec(kind));
        r.act += kind;
        int n = record_encode(&r, record, sizeof record, &why);
        assert_true(n > 0 && run_add(&w, bytes_of(record, (size_t)n)) == 0);
    }
    memcpy(hash, w.hash, HASH_SIZE);
    return run_end(&w, election_a, &id, secret);
}

static size_t a_mark(uint8_t to[MARK_MAX])
{
    struct mark m = {
        .tier = code_of(bytes_text("00")), .log = a_log(), .n = 3, .at = 1773540020000};
    memset(m.hash, 7, HASH_SIZE);
    return mark_make(&m, election_a, secret, to);
}

static size_t a_certificate(uint8_t to[CERTIFICATE_MAX])
{
    struct certificate c = {.unit = code_of(bytes_text("00123")),
                            .incarnation = a_log().incarnation};
    uint8_t voucher_secret[SECRET_SIZE];
    memcpy(c.key, key, KEY_SIZE);
    memset(c.curve, 0x5c, KEY_SIZE);
    keys_from(9, c.voucher, voucher_secret);
    return certificate_make(&c, election_a, secret, voucher_secret, to);
}

static void chain(void)
{
    struct log_id id = a_log();
    uint8_t hash[HASH_SIZE], salt[SALT_SIZE];
    key_pair(seed_of_key, key, secret);
    chain_start(election_a, &id, key, hash);
    row("log");
    row_log();
    row_hex("hash", hash, HASH_SIZE);
    row_end();
    for (unsigned i = 0; i < 2; i++) {
        row("run");
        row_log();
        row_items(a_run(hash, i * 3));
        row_hex("hash", hash, HASH_SIZE); // after its last record
        row_end();
    }
    row("mark");
    row_log();
    row_items(bytes_of(buffer, a_mark(buffer)));
    row_end();
    row("certificate");
    row_log();
    row_items(bytes_of(buffer, a_certificate(buffer)));
    row_end();
    memset(salt, 0x11, sizeof salt);
    text_commit(salt, bytes_text("mất điện 20 phút"), hash);
    row("text");
    row_hex("salt", salt, sizeof salt);
    row_text("text", "mất điện 20 phút");
    row_hex("hash", hash, HASH_SIZE);
    row_end();
}

static struct token a_token(void)
{
    struct token t = {
        .drill = true, .unit = code_of(bytes_text("00123")), .n_ways = 2, .n_signers = 2};
    memcpy(t.election, election_a, ELECTION_SIZE);
    strcpy(t.ways[0].address, "hub.example:5670");
    strcpy(t.ways[1].address, "10.1.2.3:5670");
    memset(t.ways[0].curve, 0x21, KEY_SIZE);
    memset(t.ways[1].curve, 0x22, KEY_SIZE);
    t.signers[0].unit = code_of(bytes_text("001"));
    t.signers[1].unit = code_of(bytes_text("00"));
    memset(t.signers[0].key, 0x31, KEY_SIZE);
    memset(t.signers[1].key, 0x32, KEY_SIZE);
    memset(t.seed, 0x41, SEED_SIZE);
    return t;
}

static void tokens(void)
{
    static char text[TOKEN_TEXT_MAX];
    struct token t = a_token(), back;
    uint8_t hash[HASH_SIZE], a[KEY_SIZE], b[SECRET_SIZE];
    char seal[SEAL_TEXT];
    const char *why;
    assert_int_equal(token_encode(&t, text), 0);
    assert_int_equal(token_decode(&back, bytes_text(text), &why), 0);
    row("token");
    row_text("text", text);
    row_hex("election", t.election, ELECTION_SIZE);
    row_hex("seed", t.seed, SEED_SIZE);
    token_door(&t, a, b);
    row_hex("door", a, KEY_SIZE);
    row_hex("door_secret", b, KEY_SIZE);
    token_voucher(&t, a, b);
    row_hex("voucher", a, KEY_SIZE);
    row_end();
    for (unsigned i = 0; i < 2; i++) {
        memset(hash, i ? 0xff : 0x1b, sizeof hash);
        seal_text(hash, seal);
        row("seal");
        row_hex("hash", hash, sizeof hash);
        row_text("text", seal);
        row_end();
    }
}

static struct packer p;
static void begin(void)
{
    pack_init(&p, buffer, sizeof buffer);
}
static void frame_row(const char *name)
{
    struct frame f;
    const char *why;
    assert_int_equal(frame_decode(&f, packed(&p), &why), 0);
    row_packed(name, packed(&p));
    begin();
}

static void put_have(unsigned n)
{
    struct log_id id = a_log();
    uint8_t hash[HASH_SIZE];
    frame_have(&p, &(struct frame){.session = 77, .seen = 4, .credit = 12, .last = true}, n);
    for (unsigned i = 0; i < n; i++) {
        memset(hash, (int)i, sizeof hash);
        frame_have_item(&p, &id, i + 300, hash);
        id.incarnation++;
    }
}

static void frames(void)
{
    struct log_id id = a_log();
    struct frame f = {.session = 77,
                      .lowest = 1,
                      .highest = 1,
                      .unit = code_of(bytes_text("00123")),
                      .store = 5,
                      .boot = 6,
                      .clock = 1773540000000,
                      .plan = 3,
                      .program = bytes_text("0.1.0"),
                      .backlog = 9,
                      .free_disk = 1000000000000,
                      .taking = TAKING};
    uint8_t hash[HASH_SIZE] = {0}, mark[MARK_MAX], texts[200], salted[SALT_SIZE + 4] = {0};
    struct packer t;
    key_pair(seed_of_key, key, secret);
    memcpy(f.election, election_a, ELECTION_SIZE);
    begin();
    frame_hello(&p, &f);
    frame_row("HELLO");
    put_have(0);
    frame_row("HAVE");
    put_have(2);
    frame_row("HAVE");
    pack_init(&t, texts, sizeof texts);
    pack_array(&t, 2);
    pack_uint(&t, 1);
    memcpy(salted + SALT_SIZE, "text", 4);
    pack_bin(&t, bytes_of(salted, sizeof salted));
    frame_run(&p, 77, &id, 2);
    frame_run_item(&p, a_run(hash, 0), packed(&t));
    frame_run_item(&p, a_run(hash, 3), bytes_of(NULL, 0));
    frame_row("RUN");
    frame_mark(&p, 77, 1);
    pack_raw(&p, bytes_of(mark, a_mark(mark)));
    frame_row("MARK");
    frame_beat(&p, &f, 1);
    frame_beat_item(&p,
                    &(struct frame_link){code_of(bytes_text("00123")), LINK_STUCK, 1773540000000});
    frame_row("BEAT");
    frame_enrol(&p, 77, bytes_text("a certificate"));
    frame_row("ENROL");
    frame_enrolled(&p, 77, false, "another machine has this token");
    frame_row("ENROLLED");
    frame_bye(&p, 77, "silence");
    frame_row("BYE");
}

// The one of the tests of the fold: tests/election holds it against the plan's own.
static void definition(void)
{
    static const char *const keys[] = {"an", "binh", "chi"};
    uint8_t hash[HASH_SIZE];
    begin();
    pack_array(&p, 5);
    pack_text(&p, bytes_text("dantin definition 1"));
    pack_text(&p, bytes_text("X"));
    pack_uint(&p, 1);
    pack_text(&p, bytes_text("r"));
    pack_array(&p, 3);
    for (unsigned i = 0; i < 3; i++) {
        pack_array(&p, 2);
        pack_uint(&p, i + 1);
        pack_text(&p, bytes_text(keys[i]));
    }
    hash_of(packed(&p), hash);
    row("definition");
    row_items(packed(&p));
    row_hex("definition", hash, 8);
    row_end();
}

enum sort { A_RECORD, A_FRAME, A_RUN, A_MARK, A_CERTIFICATE };
static const char *const sorts[] = {"record", "frame", "run", "mark", "certificate"};

static int decode_as(enum sort sort, struct bytes b, const char **ret_why)
{
    static struct record r;
    struct frame f;
    struct run run = {.log = a_log()};
    struct mark m;
    struct certificate c;
    uint8_t hash[HASH_SIZE];
    *ret_why = "its bytes or a signature are not as they must be";
    switch (sort) {
    case A_RECORD: return record_decode(&r, b, ret_why);
    case A_FRAME: return frame_decode(&f, b, ret_why);
    case A_RUN:
        return run_decode(&run, b, ret_why) < 0 ? -EBADMSG
                                                : run_check(election_a, &run, key, hash, ret_why);
    case A_MARK: return mark_decode(&m, b) < 0 ? -EBADMSG : mark_check(&m, election_a, key);
    case A_CERTIFICATE: return certificate_check(&c, b, election_a);
    }
    return 0;
}

static void refused_row(enum sort sort, struct bytes b)
{
    const char *why = NULL;
    assert_int_equal(decode_as(sort, b, &why), -EBADMSG);
    row("refused");
    row_text("as", sorts[sort]);
    row_text("why", why);
    row_hex("bytes", b.at, b.n);
    row_end();
}

static size_t step_bytes(void)
{
    const char *why;
    struct record r = sample(record_spec(KIND_TURNOUT));
    int n = record_encode(&r, buffer, sizeof buffer, &why);
    assert_true(n > 0);
    return (size_t)n;
}

// The same record packed item by item, with one thing wrong in its body.
static void refused_body(unsigned kind, void (*body)(void))
{
    begin();
    pack_array(&p, 13);
    for (unsigned i = 0; i < 4; i++)
        pack_uint(&p, i == 1 ? kind : 9);
    pack_text(&p, bytes_text("lan"));
    pack_uint(&p, HOW_DESK);
    pack_text(&p, bytes_text(""));
    pack_uint(&p, 1);
    pack_array(&p, 0);
    pack_text(&p, bytes_text(""));
    pack_text(&p, bytes_text("00123"));
    pack_text(&p, bytes_text("TT-01"));
    body();
    refused_row(A_RECORD, packed(&p));
}
static void unstated_not_zero(void)
{
    pack_array(&p, 4);
    pack_uint(&p, 0);
    pack_uint(&p, 1);
    pack_uint(&p, 5);
    pack_uint(&p, 6);
}
static void states_what_is_not_optional(void)
{
    pack_array(&p, 4);
    pack_uint(&p, 1);
    pack_uint(&p, 1);
    pack_uint(&p, 5);
    pack_uint(&p, 0);
}
static void cutoff_zero(void)
{
    pack_array(&p, 4);
    pack_uint(&p, 0);
    pack_uint(&p, 0);
    pack_uint(&p, 5);
    pack_uint(&p, 0);
}
static void a_field_less(void)
{
    pack_array(&p, 3);
    pack_uint(&p, 0);
    pack_uint(&p, 1);
    pack_uint(&p, 5);
}
static void tally_with(const uint64_t *list, size_t n)
{
    pack_array(&p, 19);
    pack_uint(&p, 0);
    pack_bin(&p, bytes_text("12345678"));
    for (unsigned i = TALLY_ELIGIBLE; i <= TALLY_ABSENT; i++)
        pack_uint(&p, 0);
    pack_array(&p, n);
    for (size_t i = 0; i < n; i++)
        pack_uint(&p, list[i]);
}
static const uint64_t against = (uint64_t)COLUMN_AGAINST << 32;
static void candidates_fall(void)
{
    tally_with((const uint64_t[]){2, 10, 1, 10}, 4);
}
static void columns_fall(void)
{
    tally_with((const uint64_t[]){against | 1, 10, 2, 10}, 4);
}
static void a_key_twice(void)
{
    tally_with((const uint64_t[]){1, 10, against | 1, 3, against | 1, 3}, 6);
}
static void no_such_column(void)
{
    tally_with((const uint64_t[]){1, 10, (uint64_t)COLUMNS << 32 | 1, 10}, 4);
}
static void too_many_votes(void)
{
    tally_with((const uint64_t[]){against | 1, 1000000001}, 2);
}
static void a_list_too_long(void)
{
    uint64_t list[LIST_MAX + 2] = {0};
    for (unsigned i = 0; i < LIST_MAX + 2; i += 2)
        list[i] = i / 2;
    tally_with(list, LIST_MAX + 2);
}
static void no_such_decision(void)
{
    pack_array(&p, 5);
    pack_uint(&p, DECISION_LAST + 1);
    pack_text(&p, bytes_text("1"));
    pack_uint(&p, 1);
    pack_text(&p, bytes_text("A"));
    pack_uint(&p, 0);
}
static void minutes_of_before(void) // three fields, as an earlier draft had them
{
    pack_array(&p, 4);
    pack_uint(&p, 1);
    pack_uint(&p, 3);
    pack_uint(&p, 0);
    pack_bin(&p, bytes_text(""));
}
static void bulletin_without_words(void)
{
    pack_array(&p, 5);
    pack_uint(&p, 1);
    pack_uint(&p, 1);
    pack_bin(&p, bytes_text("12345678123456781234567812345678"));
    pack_bin(&p, bytes_text(""));
    pack_bin(&p, bytes_text(""));
}
static void votes_without_candidate(void)
{
    tally_with((const uint64_t[]){1, 10, 2}, 3);
}

static void refused_records(void)
{
    size_t n = step_bytes();
    refused_row(A_RECORD, bytes_of(buffer, n - 1));
    buffer[n] = 0;
    refused_row(A_RECORD, bytes_of(buffer, n + 1));
    n = step_bytes();
    memmove(buffer + 11, buffer + 10, n - 10); // the kind, 2, in two bytes
    buffer[10] = 0xcc;
    refused_row(A_RECORD, bytes_of(buffer, n + 1));
    n = step_bytes();
    memcpy(buffer + 10 + 1 + 9 + 9 + 1, "\xe2\x80\xae",
           3); // who entered it: a hidden change of direction
    refused_row(A_RECORD, bytes_of(buffer, n));
    step_bytes();
    buffer[0] = 0xd6; // not an array
    refused_row(A_RECORD, bytes_of(buffer, n));
    refused_body(KIND_TURNOUT, unstated_not_zero);
    refused_body(KIND_TURNOUT, states_what_is_not_optional);
    refused_body(KIND_TURNOUT, cutoff_zero);
    refused_body(KIND_TURNOUT, a_field_less);
    refused_body(KIND_TALLY, candidates_fall);
    refused_body(KIND_TALLY, columns_fall);
    refused_body(KIND_TALLY, a_key_twice);
    refused_body(KIND_TALLY, no_such_column);
    refused_body(KIND_TALLY, too_many_votes);
    refused_body(KIND_TALLY, a_list_too_long);
    refused_body(KIND_TALLY, votes_without_candidate);
    refused_body(KIND_DECISION, no_such_decision);
    refused_body(KIND_MINUTES, minutes_of_before);
    refused_body(KIND_BULLETIN, bulletin_without_words);
}

static void refused(void)
{
    uint8_t hash[HASH_SIZE] = {0}, copy[2000], mark[MARK_MAX], certificate[CERTIFICATE_MAX];
    key_pair(seed_of_key, key, secret);
    refused_records();
    struct bytes run = a_run(hash, 0);
    memcpy(copy, run.at, run.n);
    copy[60] ^= 1; // within the first record
    refused_row(A_RUN, bytes_of(copy, run.n));
    memcpy(copy, run.at, run.n);
    copy[run.n - 1] ^= 1;
    refused_row(A_RUN, bytes_of(copy, run.n));
    memcpy(copy, run.at, run.n);
    copy[1] = 0; // a first record with number 0
    refused_row(A_RUN, bytes_of(copy, run.n));
    size_t n = a_mark(mark);
    mark[4] ^= 1;
    refused_row(A_MARK, bytes_of(mark, n));
    n = a_certificate(certificate);
    certificate[n - 1] ^= 1;
    refused_row(A_CERTIFICATE, bytes_of(certificate, n));
    begin();
    put_have(1);
    refused_row(A_FRAME, bytes_of(buffer, p.n - 1));
    buffer[1] = 9; // no such frame
    refused_row(A_FRAME, packed(&p));
    begin();
    frame_beat(&p, &(struct frame){.session = 77, .taking = 0}, 0);
    refused_row(A_FRAME, packed(&p));
    begin();
    struct log_id id = a_log();
    id.stream = 4;
    frame_run(&p, 77, &id, 1);
    frame_run_item(&p, run, bytes_of(NULL, 0));
    refused_row(A_FRAME, packed(&p));
}

// What this code makes from fixed seeds, and what it refuses, is what the committed files say.
static void test_vectors(void **state)
{
    (void)state;
    file_is("proto/vectors/records.json", records);
    file_is("proto/vectors/chain.json", chain);
    file_is("proto/vectors/token.json", tokens);
    file_is("proto/vectors/frames.json", frames);
    file_is("proto/vectors/definition.json", definition);
    file_is("proto/vectors/refused.json", refused);
}

// The same files hold for a reader that has nothing of this code.
static void test_vectors_by_another_reader(void **state)
{
    (void)state;
    assert_int_equal(system("/usr/bin/python3 tests/proto/check_vectors.py >/dev/null"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_vectors_by_another_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

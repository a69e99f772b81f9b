// test_record.c - every kind of the table as bytes and back, its ranges, and the table in PROTOCOL.md.
#include "lib.h"

static uint8_t buffer[RECORD_MAX];

// A record of the kind with each field at its least, or at its most, and texts of that length.
static struct record filled(const struct record_spec *s, bool most)
{
    static char longest[RECORD_MAX];
    memset(longest, 'x', sizeof longest);
    struct record r = {.act = most ? UINT64_MAX : 0, .kind = s->kind, .how = HOW_DESK};
    r.at = r.entered = most ? INT64_MAX : 0;
    r.plan = most ? UINT32_MAX : 0;
    r.by = r.behalf = bytes_of(longest, most ? PERSON_MAX : 0);
    r.why = bytes_of(longest, most ? WHY_MAX : 0);
    r.subject = r.contest = bytes_of(longest, most ? CODE_MAX : 0);
    for (r.n_replaces = 0; most && r.n_replaces < REPLACES_MAX; r.n_replaces++)
        r.replaces[r.n_replaces] = UINT64_MAX - r.n_replaces;
    for (unsigned i = 0; s->fields[i].name; i++) {
        const struct field *f = &s->fields[i];
        if (f->type == FIELD_NUMBER || (f->type == FIELD_OPTIONAL && most))
            record_set(&r, i, most ? f->max : f->min);
        if (f->type == FIELD_TEXT || f->type == FIELD_BIN)
            r.blob[i] = bytes_of(longest, most ? f->max : f->min);
    }
    for (r.n_list = 0; s->list && most && r.n_list < LIST_MAX; r.n_list += 2) {
        unsigned pair = r.n_list / 2, column = pair / (LIST_MAX / 2 / COLUMNS);
        r.list[r.n_list] = (uint64_t)column << 32 | pair;
        r.list[r.n_list + 1] = 1000000000;
    }
    return r;
}

static int encode(const struct record *r)
{
    const char *why = NULL;
    int n = record_encode(r, buffer, sizeof buffer, &why);
    assert_true(n != -EINVAL || why != NULL);
    return n;
}

static const struct record_spec *next_spec(unsigned *kind)
{
    const struct record_spec *s = NULL;
    while (!s && ++*kind <= KIND_MAX)
        s = record_spec(*kind);
    return s;
}

// Every kind, empty and full, comes back as it was, and encodes again to the same bytes.
static void test_every_kind_comes_back(void **state)
{
    (void)state;
    const struct record_spec *s;
    unsigned n_kinds = 0;
    for (unsigned kind = 0; (s = next_spec(&kind)) != NULL; n_kinds++) {
        for (int most = 0; most < 2; most++) {
            static uint8_t first[RECORD_MAX];
            struct record r = filled(s, most), back;
            const char *why = NULL;
            int n = encode(&r);
            if (n < 0)
                fail_msg("%s: %d", s->name, n);
            memcpy(first, buffer, (size_t)n);
            assert_int_equal(record_decode(&back, bytes_of(first, (size_t)n), &why), 0);
            assert_true(back.act == r.act && back.at == r.at && back.stated == r.stated);
            assert_memory_equal(back.number, r.number, sizeof r.number);
            for (unsigned i = 0; s->fields[i].name; i++)
                assert_true(bytes_same(back.blob[i], r.blob[i]));
            assert_true(back.n_list == r.n_list &&
                        memcmp(back.list, r.list, r.n_list * sizeof r.list[0]) == 0);
            assert_int_equal(encode(&back), n);
            assert_memory_equal(first, buffer, (size_t)n);
        }
        assert_ptr_equal(record_spec_named(bytes_text(s->name)), s);
    }
    assert_int_equal(n_kinds, 26);
}

// Whatever bytes decode, decode to something that encodes to those very bytes.
static void test_what_decodes_is_canonical(void **state)
{
    (void)state;
    static uint8_t wild[RECORD_MAX], again[RECORD_MAX];
    const struct record_spec *s;
    unsigned accepted = 0;
    srand(1);
    for (unsigned kind = 0; (s = next_spec(&kind)) != NULL;) {
        struct record r = filled(s, false), back;
        record_set(&r, 0,
                   s->fields[0].type == FIELD_BIN || s->fields[0].type == FIELD_TEXT
                       ? 0
                       : s->fields[0].max / 2 + 1);
        size_t n = (size_t)encode(&r);
        memcpy(wild, buffer, n);
        for (unsigned i = 0; i < 4000; i++) {
            memcpy(again, wild, n);
            for (int k = rand() % 3; k >= 0; k--)
                again[(size_t)rand() % n] = (uint8_t)rand();
            const char *why;
            if (record_decode(&back, bytes_of(again, n), &why) < 0)
                continue;
            accepted++;
            assert_int_equal(encode(&back), n);
            assert_memory_equal(buffer, again, n);
        }
    }
    assert_true(accepted > 1000);
}

// A record cut short anywhere, or with a byte behind it, is refused.
static void test_cut_short(void **state)
{
    (void)state;
    struct record r = filled(record_spec(KIND_TALLY), false), back;
    const char *why;
    r.list[0] = 1, r.list[1] = 300, r.n_list = 2;
    size_t n = (size_t)encode(&r);
    for (size_t cut = 0; cut < n; cut++)
        assert_int_equal(record_decode(&back, bytes_of(buffer, cut), &why), -EBADMSG);
    buffer[n] = 0;
    assert_int_equal(record_decode(&back, bytes_of(buffer, n + 1), &why), -EBADMSG);
}

// Each field is refused one below its least and one above its most.
static void test_ranges(void **state)
{
    (void)state;
    static char longer[RECORD_MAX + 1];
    const struct record_spec *s;
    memset(longer, 'x', sizeof longer);
    for (unsigned kind = 0; (s = next_spec(&kind)) != NULL;)
        for (unsigned i = 0; s->fields[i].name; i++) {
            const struct field *f = &s->fields[i];
            struct record r = filled(s, false);
            bool blob = f->type == FIELD_TEXT || f->type == FIELD_BIN;
            if (blob)
                r.blob[i] = bytes_of(longer, f->max + 1);
            else if (f->max < UINT64_MAX)
                record_set(&r, i, f->max + 1);
            if (blob || f->max < UINT64_MAX)
                assert_true(encode(&r) < 0);
            if (f->min == 0)
                continue;
            r = filled(s, false);
            if (blob)
                r.blob[i] = bytes_of(longer, f->min - 1);
            else
                record_set(&r, i, f->min - 1);
            assert_int_equal(encode(&r), -EINVAL);
        }
}

// Bytes beyond the longest record are no record, whatever they are.
static void test_too_long(void **state)
{
    (void)state;
    static uint8_t longer[RECORD_MAX + 1];
    struct record back;
    const char *why = NULL;
    struct record r = filled(record_spec(KIND_VOID), false);
    int n = encode(&r);
    memcpy(longer, buffer, (size_t)n);
    assert_int_equal(record_decode(&back, bytes_of(longer, sizeof longer), &why), -EBADMSG);
    assert_string_equal(why, "record too long");
}

// A kind unknown here is no fault: its common part is read, the rest is another version's.
static void test_unknown_kind(void **state)
{
    (void)state;
    struct packer p;
    struct record back;
    const char *why;
    struct record r = filled(record_spec(KIND_VOID), false);
    r.act = 77;
    int n = encode(&r);
    assert_int_equal(buffer[1], 77);
    buffer[2] = 99;
    assert_int_equal(record_decode(&back, bytes_of(buffer, (size_t)n), &why), -ENOTSUP);
    assert_true(back.act == 77 && back.kind == 99 && record_spec(99) == NULL);
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 12);
    assert_int_equal(record_decode(&back, packed(&p), &why), -EBADMSG);
}

// An optional number that is not stated is 0, one that is stated may be 0, and nothing else is stated.
static void test_optional_numbers(void **state)
{
    (void)state;
    struct record r = filled(record_spec(KIND_TURNOUT), false), back;
    uint64_t v;
    const char *why;
    assert_false(record_number(&r, TURNOUT_ELIGIBLE, &v));
    record_set(&r, TURNOUT_ELIGIBLE, 0);
    int n = encode(&r);
    assert_int_equal(record_decode(&back, bytes_of(buffer, (size_t)n), &why), 0);
    assert_true(record_number(&back, TURNOUT_ELIGIBLE, &v) && v == 0);
    assert_true(record_number(&back, TURNOUT_VOTED, &v));
    r.stated = 0;
    r.number[TURNOUT_ELIGIBLE] = 5;
    assert_int_equal(encode(&r), -EINVAL);
    r.number[TURNOUT_ELIGIBLE] = 0;
    r.stated = 1u << TURNOUT_VOTED;
    assert_int_equal(encode(&r), -EINVAL);
    r.stated = 1u << 31;
    assert_int_equal(encode(&r), -EINVAL);
}

// Votes are pairs, candidates ascend: equal tallies are equal bytes.
static void test_votes(void **state)
{
    (void)state;
    struct record r = filled(record_spec(KIND_TALLY), false);
    r.n_list = 4, r.list[0] = 1, r.list[1] = 9, r.list[2] = 2, r.list[3] = 0;
    assert_true(encode(&r) > 0);
    r.list[2] = 1;
    assert_int_equal(encode(&r), -EINVAL);
    r.list[2] = 0;
    assert_int_equal(encode(&r), -EINVAL);
    r.list[2] = 2, r.n_list = 3;
    assert_int_equal(encode(&r), -EINVAL);
    r.n_list = 2, r.list[1] = 1000000001;
    assert_int_equal(encode(&r), -EINVAL);
    struct record v = filled(record_spec(KIND_VERDICT), false);
    v.n_list = 3, v.list[0] = 9, v.list[1] = 1, v.list[2] = 9; // acts seen: any
    assert_true(encode(&v) > 0);
}

static uint64_t key_of(unsigned column, uint64_t candidate)
{
    return (uint64_t)column << 32 | candidate;
}

// A list has columns: first all votes, then all against, then all percentages, and no other.
static void test_columns(void **state)
{
    (void)state;
    struct record r = filled(record_spec(KIND_TALLY), false), back;
    const char *why;
    r.n_list = 6;
    r.list[0] = key_of(COLUMN_VOTES, 2), r.list[1] = 9;
    r.list[2] = key_of(COLUMN_AGAINST, 1), r.list[3] = 3;
    r.list[4] = key_of(COLUMN_WRITTEN, UINT32_MAX), r.list[5] = 5625;
    int n = encode(&r);
    assert_int_equal(record_decode(&back, bytes_of(buffer, (size_t)n), &why), 0);
    assert_true(back.n_list == 6 && back.list[4] >> 32 == COLUMN_WRITTEN && back.list[5] == 5625);
    r.list[4] = key_of(COLUMNS, 0);
    assert_int_equal(encode(&r), -EINVAL);
    r.list[4] = key_of(COLUMN_WRITTEN, 0), r.list[2] = key_of(COLUMN_WRITTEN, 1);
    assert_int_equal(encode(&r), -EINVAL); // descends within a column
    r.list[2] = key_of(COLUMN_VOTES, 2);
    assert_int_equal(encode(&r), -EINVAL); // one key twice
    r.list[0] = key_of(COLUMN_AGAINST, 0);
    assert_int_equal(encode(&r), -EINVAL); // a column after a later one
}

// A list holds three columns of 256 candidates, and not one pair more.
static void test_longest_list(void **state)
{
    (void)state;
    struct record r = filled(record_spec(KIND_TALLY), true), back;
    const char *why;
    int n = encode(&r);
    assert_true(n > 0 && r.n_list == COLUMNS * 256 * 2);
    assert_int_equal(record_decode(&back, bytes_of(buffer, (size_t)n), &why), 0);
    // The list is the last thing of a record, behind the three bytes of its head.
    size_t pair = 9 + 5, head = (size_t)n;
    for (unsigned i = 0; i < r.n_list; i += 2)
        head -= (r.list[i] >> 32 ? 9u : r.list[i] < 128 ? 1u : r.list[i] < 256 ? 2u : 3u) + 5u;
    assert_int_equal(buffer[head - 3], 0xdc);
    unsigned items = LIST_MAX + 2;
    buffer[head - 2] = (uint8_t)(items >> 8), buffer[head - 1] = (uint8_t)items;
    memcpy(buffer + n, buffer + (size_t)n - pair, pair);
    buffer[(size_t)n + 8]++; // the next candidate
    assert_int_equal(record_decode(&back, bytes_of(buffer, (size_t)n + pair), &why), -EBADMSG);
}

// The names that code uses for places in a row are the places where the table has them.
static void test_places_in_rows(void **state)
{
    (void)state;
    static const struct {
        enum kind kind;
        unsigned at;
        const char *name;
        bool last;
    } places[] = {
        {KIND_TURNOUT, TURNOUT_ELIGIBLE, "eligible", true},
        {KIND_LIST_CHANGE, LIST_ELIGIBLE, "eligible", true},
        {KIND_TALLY, TALLY_ELIGIBLE, "eligible", false},
        {KIND_TALLY, TALLY_RETURNED, "returned", false},
        {KIND_TALLY, TALLY_BLANK, "blank", false},
        {KIND_TALLY, TALLY_TOTAL, "total", false},
        {KIND_TALLY, TALLY_SUMMONED, "summoned", false},
        {KIND_TALLY, TALLY_ABSENT, "absent", true},
        {KIND_MINUTES, MINUTES_COPIES, "copies", false},
        {KIND_MINUTES, MINUTES_COMPLAINTS, "complaints", false},
        {KIND_MINUTES, MINUTES_HASH, "hash", true},
        {KIND_INCIDENT, INCIDENT_ACTOR, "actor", false},
        {KIND_INCIDENT, INCIDENT_TEXT, "text", true},
        {KIND_COMPLAINT, COMPLAINT_PASSED_TO, "passed_to", false},
        {KIND_COMPLAINT, COMPLAINT_TEXT, "text", true},
        {KIND_SITUATION, SITUATION_LINES, "lines", false},
        {KIND_SITUATION, SITUATION_TEXT, "text", true},
        {KIND_DECISION, DECISION_SIGNATORY, "signatory", false},
        {KIND_DECISION, DECISION_ON, "on", true},
        {KIND_READY, READY_DECISION, "decision", true},
        {KIND_VOID, VOID_MOVED_TO, "moved_to", true},
        {KIND_SEALED, SEALED_HASH, "hash", true},
        {KIND_BULLETIN, BULLETIN_CONTENT, "content", true},
        {KIND_INSTRUCTION, INSTRUCTION_TEXT, "text", true},
        {KIND_VERDICT, VERDICT_WAIVES, "waives", true},
        {KIND_ADMIT, ADMIT_CERTIFICATE, "certificate", true},
        {KIND_RETIRE, RETIRE_HASH, "hash", true},
        {KIND_OVERRULE, OVERRULE_PROVEN, "proven", true},
        {KIND_ERASE, ERASE_TEXT, "text", true},
        {KIND_FORK, FORK_THEIRS, "theirs", true},
        {KIND_PLAN_PART, PART_BYTES, "part", true},
    };
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct field *f = record_spec(places[i].kind)->fields;
        assert_string_equal(f[places[i].at].name, places[i].name);
        assert_int_equal(f[places[i].at + 1].name == NULL, places[i].last);
    }
}

// A text that travels beside its record is named by its commitment, except where it is erased.
static void test_commitment(void **state)
{
    (void)state;
    static const uint8_t hash[32] = {1};
    struct record r = filled(record_spec(KIND_INCIDENT), false);
    assert_null(record_commitment(&r));
    r.blob[INCIDENT_TEXT] = bytes_of(hash, 32);
    assert_ptr_equal(record_commitment(&r), hash);
    r = filled(record_spec(KIND_SITUATION), false);
    r.blob[SITUATION_TEXT] = bytes_of(hash, 32);
    assert_ptr_equal(record_commitment(&r), hash);
    r = filled(record_spec(KIND_ERASE), true);
    assert_null(record_commitment(&r));
    r = filled(record_spec(KIND_TALLY), true);
    assert_null(record_commitment(&r));
}

// A record does not fit a smaller buffer than it needs.
static void test_small_buffer(void **state)
{
    (void)state;
    struct record r = filled(record_spec(KIND_SUMMARY), true);
    const char *why;
    int n = encode(&r);
    assert_true(n > SUMMARY_MAX && n <= RECORD_MAX);
    assert_int_equal(record_encode(&r, buffer, (size_t)n, &why), n);
    assert_int_equal(record_encode(&r, buffer, (size_t)n - 1, &why), -EMSGSIZE);
}

static void describe_range(const struct field *f, char *to, size_t cap)
{
    if (f->type == FIELD_OPTIONAL)
        snprintf(to, cap, "%s?", f->name);
    else if (f->max == UINT64_MAX)
        snprintf(to, cap, "%s %llu..", f->name, (unsigned long long)f->min);
    else if (f->type == FIELD_NUMBER && f->max == INT64_MAX)
        snprintf(to, cap, "%s time", f->name);
    else
        snprintf(to, cap, "%s%s %llu..%llu", f->name,
                 f->type == FIELD_TEXT  ? " text"
                 : f->type == FIELD_BIN ? " bytes"
                                        : "",
                 (unsigned long long)f->min, (unsigned long long)f->max);
}

// The row of a kind as PROTOCOL.md must have it.
static void describe(const struct record_spec *s, char *to, size_t cap)
{
    static const struct {
        unsigned bit;
        const char *name;
    } who[] = {{SAID_BY_NODE, "unit"},
               {SAID_BY_HUB, "hub"},
               {SAID_ABOUT, "about"},
               {SAID_IN_PLAN, "plan"}};
    size_t n = (size_t)snprintf(to, cap, "| %d | %s |", s->kind, s->name);
    const char *comma = " ";
    for (unsigned i = 0; i < 4; i++)
        if (s->said_by & who[i].bit) {
            n += (size_t)snprintf(to + n, cap - n, "%s%s", comma, who[i].name);
            comma = ", ";
        }
    n += (size_t)snprintf(to + n, cap - n, " |");
    comma = " ";
    for (unsigned i = 0; s->fields[i].name; i++) {
        char range[80];
        describe_range(&s->fields[i], range, sizeof range);
        n += (size_t)snprintf(to + n, cap - n, "%s%s", comma, range);
        comma = ", ";
    }
    snprintf(to + n, cap - n, "%s%s%s |\n", s->list ? ", *" : "", s->list ? s->list : "", "");
}

// The table of kinds in PROTOCOL.md is the table of record.c, row by row.
static void test_the_table_in_the_paper(void **state)
{
    (void)state;
    static char paper[200000], row[2000];
    FILE *in = fopen("proto/PROTOCOL.md", "r");
    assert_non_null(in);
    paper[fread(paper, 1, sizeof paper - 1, in)] = 0;
    fclose(in);
    const struct record_spec *s;
    const char *at = paper;
    for (unsigned kind = 0; (s = next_spec(&kind)) != NULL;) {
        describe(s, row, sizeof row);
        const char *found = strstr(at, row);
        if (!found)
            fail_msg("PROTOCOL.md has no row: %s", row);
        assert_true(kind == KIND_STEP || found == at); // in order, with nothing between
        at = found + strlen(row);
    }
    assert_true(strncmp(at, "| ", 2) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_comes_back),
        cmocka_unit_test(test_what_decodes_is_canonical),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_unknown_kind),
        cmocka_unit_test(test_optional_numbers),
        cmocka_unit_test(test_votes),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_longest_list),
        cmocka_unit_test(test_places_in_rows),
        cmocka_unit_test(test_commitment),
        cmocka_unit_test(test_small_buffer),
        cmocka_unit_test(test_the_table_in_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

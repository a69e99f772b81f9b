// fuzz_intake.c - forms of any bytes at the top's desk: each line becomes a record that every reader takes, or is
// refused with a sentence and the name of a field.
//
// An odd first byte: words about the child. Lines follow, as in a POST; each is read beside those before it.
#include "common/net/form.h"
#include "common/office/findings.h"
#include "common/office/intake.h"
#include "example.h"
#include "proto/utf8.h"
#include <errno.h>

enum { FIELDS = 64, LINES = 16 };
static struct {
    struct intake_said said[LINES];
    size_t n_said;
} z;

static void check_record(const struct intake *in)
{
    static struct record r;
    static uint8_t again[RECORD_MAX];
    char words[400];
    const char *why = NULL;
    MUST(record_decode(&r, in->record, &why) == 0 && r.act == in->act && r.act != 0);
    int n = record_encode(&r, again, sizeof again, &why);
    MUST(n > 0 && bytes_same(in->record, bytes_of(again, (size_t)n)));
    MUST(in->n_salted == 0 || in->n_salted > SALT_SIZE);
    MUST(in->n_findings <= FINDINGS_MAX);
    for (unsigned i = 0; i < 2 * in->n_findings; i++) {
        findings_words(example_office(), &in->findings[i / 2], &in->parsed, i % 2, words,
                       sizeof words);
        MUST(words[0] && utf8_ok(bytes_text(words)));
    }
}

static void read_line(struct bytes line, const struct code *about)
{
    static struct intake in;
    struct named fields[FIELDS];
    struct intake_given given = {
        .about = about, .now = example_now, .act = 7, .how = HOW_DESK, .before = z.said};
    struct form form;
    struct form_field f;
    char *room = malloc(line.n + 1);
    size_t n = 0;
    int rc = 0;
    given.n_before = z.n_said;
    form_init(&form, line, room, line.n + 1);
    while (n < FIELDS && (rc = form_next(&form, &f)) == 1)
        fields[n++] = (struct named){bytes_text(f.name), bytes_of(f.value, f.n_value)};
    if (rc == 0) {
        rc = intake_read(example_office(), fields, n, &given, &in);
        MUST(rc == 0 || rc == -EINVAL);
        if (rc == 0) {
            check_record(&in);
            z.said[z.n_said++] = in.said;
        } else {
            MUST(in.wrong && in.wrong[0] && memchr(in.field, 0, sizeof in.field));
        }
    }
    free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct code child = code_of(bytes_text("99001"));
    z.n_said = 0;
    for (size_t i = 1; i < n && z.n_said < LINES;) {
        const uint8_t *end = memchr(data + i, '\n', n - i);
        size_t length = end ? (size_t)(end - data) - i : n - i;
        read_line(bytes_of(data + i, length), data[0] & 1 ? &child : NULL);
        i += length + 1;
    }
    return 0;
}

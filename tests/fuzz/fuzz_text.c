// fuzz_text.c - what people write and browsers send: forms, CSV, ZPL. The first byte chooses the reader.
#include "fuzz.h"
#include "common/base/csv.h"
#include "common/base/zpl.h"
#include "common/net/form.h"
#include "proto/utf8.h"
#include <string.h>

static void read_form(struct bytes b)
{
    struct form f;
    struct form_field field;
    char *room = malloc(b.n + 1);
    form_init(&f, b, room, b.n + 1);
    int rc;
    while ((rc = form_next(&f, &field)) > 0) {
        MUST(strlen(field.name) > 0 && strlen(field.value) == field.n_value);
        char *to = calloc(1, 3 * b.n + 16), *back = malloc(b.n + 1);
        struct form again;
        struct form_field same;
        if (form_add(to, 3 * b.n + 16, field.name, field.value)) {
            form_init(&again, bytes_text(to), back, b.n + 1);
            MUST(form_next(&again, &same) == 1 && strcmp(same.name, field.name) == 0 &&
                 strcmp(same.value, field.value) == 0);
        }
        free(to);
        free(back);
    }
    free(room);
}

static void read_csv(struct bytes b)
{
    struct csv *csv;
    struct faults faults = {0};
    if (csv_open(&csv, b, "f", &faults) == 0) {
        int first = csv_column(csv, "code", true), second = csv_column(csv, "name", false);
        csv_unknown(csv);
        while (csv_next(csv)) {
            MUST(utf8_ok(bytes_of(NULL, 0)) && csv_line(csv) > 0);
            MUST(csv_field(csv, first).n <= CSV_FIELD_MAX &&
                 csv_field(csv, second).n <= CSV_FIELD_MAX);
        }
        csv_close(&csv);
    }
    faults_clear(&faults);
}

static int on_value(void *ctx, const char *path, struct bytes value, unsigned line)
{
    (void)value;
    MUST(strlen(path) <= ZPL_PATH_MAX && line > 0);
    return ++*(unsigned *)ctx > 100000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct zpl_fault fault;
    unsigned values = 0;
    if (n == 0)
        return 0;
    struct bytes b = bytes_of(data + 1, n - 1);
    switch (data[0] % 3) {
    case 0: read_form(b); break;
    case 1: read_csv(b); break;
    default: (void)zpl_read(b, on_value, &values, &fault); break;
    }
    return 0;
}

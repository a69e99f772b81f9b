// fuzz_text.c - what people write and browsers send: forms, CSV, ZPL, figures, times, names on a page. The first
// byte chooses the reader.
#include "fuzz.h"
#include "common/base/csv.h"
#include "common/base/figure.h"
#include "common/base/moment.h"
#include "common/base/zpl.h"
#include "common/net/form.h"
#include "common/net/html.h"
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

// What is a figure reads back the same; what is none has a sentence. A time is one of the years that there are.
static void read_figure(struct bytes b)
{
    uint64_t n = 0, again = 0;
    int64_t at = 0;
    char text[FIGURE_TEXT], why[FIGURE_WHY];
    enum figure_fault fault = figure_read(b, &n);
    if (fault == FIGURE_GOOD)
        MUST(figure_read(bytes_text(figure_write(n, text)), &again) == FIGURE_GOOD && again == n);
    else
        MUST(strlen(figure_why(fault, b, LANGUAGE_VI, why)) > 0 && strlen(why) < FIGURE_WHY);
    MUST(figure_read_percent(b, true, &n) != FIGURE_GOOD || n <= 99999);
    MUST(moment_read(b, 1780023600000, &at) < 0 || (at >= 0 && at < 253402300800000));
}

static unsigned signs(const char *page)
{
    unsigned n = 0;
    for (; *page; page++)
        n += *page == '<' || *page == '>';
    return n;
}

// Whatever a name holds, the page has as many tags as with a plain one.
static char *page_of(const char *text)
{
    struct html t;
    size_t n;
    struct html_cell cells[] = {{text, "plain", false}, {text, NULL, true}};
    html_begin(&t, "vi", text);
    html_line(&t, HTML_TITLE, text);
    html_link(&t, "plain", text);
    html_open(&t, text, cells, 2);
    html_row(&t, cells, 2);
    html_shut(&t);
    return html_end(&t, text, &n);
}

static void read_name(struct bytes b)
{
    char *text = calloc(1, b.n + 1);
    if (b.n > 0)
        memcpy(text, b.at, b.n);
    char *page = page_of(text), *plain = page_of("x");
    MUST(signs(page) == signs(plain));
    free(page);
    free(plain);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct zpl_fault fault;
    unsigned values = 0;
    if (n == 0)
        return 0;
    struct bytes b = bytes_of(data + 1, n - 1);
    switch (data[0] % 5) {
    case 0: read_form(b); break;
    case 1: read_csv(b); break;
    case 3: read_figure(b); break;
    case 4: read_name(b); break;
    default: (void)zpl_read(b, on_value, &values, &fault); break;
    }
    return 0;
}

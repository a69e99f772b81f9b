// fuzz_paste.c - pasted lines of any bytes: each is a turnout of one village, or is left with a sentence.
#include "common/office/paste.h"
#include "example.h"
#include "proto/utf8.h"

static struct bytes text_at(const json_t *j, const char *name)
{
    const char *text = json_string_value(json_object_get(j, name));
    MUST(text != NULL);
    return bytes_text(text);
}

// What is sent is a figure, an increment or a percentage: never anything else of the line.
static void check_row(const json_t *row)
{
    struct bytes voted = text_at(row, "voted");
    uint64_t v;
    MUST(plan_unit_of(office_plan(example_office()), text_at(row, "place")) != PLAN_NONE);
    MUST(plan_contest_of(office_plan(example_office()), text_at(row, "contest")) != PLAN_NONE);
    if (voted.n > 0 && voted.at[0] == '+')
        voted = bytes_of(voted.at + 1, voted.n - 1);
    MUST(figure_read(voted, &v) == FIGURE_GOOD ||
         figure_read_percent(voted, true, &v) == FIGURE_GOOD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    size_t i;
    json_t *j, *line;
    if (n == 0 || n > PASTE_BYTES_MAX)
        return 0;
    j = paste_read(example_office(), bytes_of(data + 1, n - 1), 1, (data[0] & 1) != 0);
    MUST(j != NULL);
    const json_t *rows = json_object_get(j, "rows"), *left = json_object_get(j, "left");
    MUST(json_array_size(rows) + json_array_size(left) <= PASTE_LINES_MAX);
    json_array_foreach(rows, i, line) check_row(line);
    json_array_foreach(left, i, line)
        MUST(text_at(line, "words").n > 0 && utf8_ok(text_at(line, "words_en")));
    json_decref(j);
    return 0;
}

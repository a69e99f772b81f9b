// fuzz_table.c - a table from a commune, whatever it is: the plan files made of it are good CSV.
#include "fuzz.h"
#include "common/base/csv.h"
#include "common/office/planmerge.h"
#include <string.h>

static const char election[] = "plan\n    day = 2026-01-18\nlevels\n    1\n        name = a\n"
                               "    2\n        name = b\n    3\n        name = c\n";
static const char units[] = "code,parent_code,level,name\n05,,1,Tỉnh Thử\n05121,05,2,Xã Ba Vì\n"
                            "05122,05,2,Xã Hòa Bình\n05121-01,05121,3,Thôn Hạ\n";

static void read_back(const struct merge *m, enum merge_file file)
{
    char *text = NULL;
    size_t n = 0;
    struct csv *csv;
    struct faults faults = {0};
    FILE *to = open_memstream(&text, &n);
    MUST(to != NULL);
    merge_write(m, file, to);
    fclose(to);
    MUST(csv_open(&csv, bytes_of(text, n), merge_file_name(file), &faults) == 0);
    while (csv_next(csv))
        ;
    csv_close(&csv);
    MUST(faults.n == 0);
    free(text);
}

static void tell(const struct merge *m, bool english)
{
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    MUST(to != NULL);
    merge_tell(m, english, to);
    fclose(to);
    MUST(strlen(text) == n);
    free(text);
}

// The first byte says how the file is called and what the table is.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"5121.csv", "Hoà Bình.txt", "x.csv",
                                        "05121 Xa Hoa Binh.csv"};
    struct merge_options options = {.repair = true};
    struct merge_texts base = {.election = bytes_text(election), .units = bytes_text(units)};
    struct merge *m;
    if (n == 0)
        return 0;
    struct bytes text = bytes_of(data + 1, n - 1);
    merge_open(&m, &options);
    MUST(merge_base(m, &base));
    merge_table(m, names[data[0] & 3], 0, text, (data[0] & 4) != 0);
    if (data[0] & 8)
        merge_table(m, names[data[0] >> 4 & 3], 1, text, false);
    merge_end(m);
    for (int i = 0; i < MERGE_FILES; i++)
        read_back(m, (enum merge_file)i);
    tell(m, false);
    tell(m, true);
    merge_close(&m);
    return 0;
}

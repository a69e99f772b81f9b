// fuzz_summary.c - what a hub tells of a child: refused, or every row that it says it has is there.
#include "fuzz.h"
#include "common/election/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct summary s;
    struct bytes name;
    int64_t numbers[CONTEST_SUMS_MAX];
    unsigned size;
    if (n > SUMMARY_MAX || summary_decode(&s, bytes_of(data, n)) < 0)
        return 0;
    for (unsigned i = 0; i < s.n_kinds; i++)
        MUST(summary_next(&s.kinds, &name, numbers, SUMS_MAX, &size));
    for (unsigned i = 0; i < s.n_contests; i++)
        MUST(summary_next(&s.contests, &name, numbers, CONTEST_SUMS_MAX, &size));
    MUST(cut_same(&s.cut, &s.cut) || s.cut.n > 1); // one log twice may contradict itself
    return 0;
}

// fuzz_record.c - records: what can be read is written as the very same bytes.
#include "fuzz.h"
#include "proto/record.h"
#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct record r;
    uint8_t buffer[RECORD_MAX];
    const char *why = NULL;
    int rc = record_decode(&r, bytes_of(data, n), &why);
    if (rc < 0) {
        MUST(why && (rc == -EBADMSG || rc == -ENOTSUP));
        return 0;
    }
    MUST(record_encode(&r, buffer, sizeof buffer, &why) == (int)n);
    MUST(memcmp(buffer, data, n) == 0);
    (void)record_commitment(&r);
    return 0;
}

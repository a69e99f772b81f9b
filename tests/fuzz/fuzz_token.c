// fuzz_token.c - tokens as people paste them: refused with a reason, or written again and read the same.
#include "fuzz.h"
#include "proto/code.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct token t, again;
    char text[TOKEN_TEXT_MAX];
    const char *why = NULL;
    if (token_decode(&t, bytes_of(data, n), &why) < 0) {
        MUST(why);
        return 0;
    }
    MUST(token_encode(&t, text) == 0);
    MUST(token_decode(&again, bytes_text(text), &why) == 0);
    MUST(memcmp(&t, &again, sizeof t) == 0);
    return 0;
}

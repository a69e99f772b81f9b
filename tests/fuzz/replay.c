// replay.c - without libFuzzer: each file of the folders named, as it is and with changes drawn from its bytes.
#include "fuzz.h"
#include <dirent.h>
#include <string.h>

enum { INPUT_MAX = 1 << 16, CHANGES = 200 };

static uint64_t state = 88172645463325252u;

static size_t draw(size_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? (size_t)(state % below) : 0;
}

// Each input has its own block of just its size, so that a sanitizer sees a byte read beyond it.
static void play(const uint8_t *at, size_t n)
{
    uint8_t *input = malloc(n + !n);
    if (!input)
        abort();
    memcpy(input, at, n);
    LLVMFuzzerTestOneInput(input, n);
    free(input);
}

static void change(uint8_t *at, size_t *n)
{
    static const uint8_t odd[] = {0, 1, 0x7f, 0x80, 0xff, 0x90, 0xc4, 0xcf, 0xdc, 0xa0};
    for (size_t i = draw(4) + 1; i > 0 && *n > 0; i--)
        switch (draw(4)) {
        case 0: at[draw(*n)] ^= (uint8_t)(1u << draw(8)); break;
        case 1: at[draw(*n)] = odd[draw(sizeof odd)]; break;
        case 2: *n = draw(*n + 1); break;
        default: memmove(at + draw(*n / 2 + 1), at + *n / 2, *n / 2); break;
        }
}

static unsigned folder(const char *name)
{
    static uint8_t whole[INPUT_MAX], changed[INPUT_MAX];
    char path[4096];
    unsigned files = 0;
    DIR *d = opendir(name);
    if (!d)
        return 0; // nothing was found yet
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", name, e->d_name);
        FILE *from = fopen(path, "rb");
        if (!from)
            continue;
        size_t n = fread(whole, 1, sizeof whole, from);
        fclose(from);
        files++;
        play(whole, n);
        for (unsigned i = 0; i < CHANGES; i++) {
            size_t m = n;
            memcpy(changed, whole, n);
            change(changed, &m);
            play(changed, m);
        }
    }
    closedir(d);
    return files;
}

int main(int argc, char **argv)
{
    unsigned files = 0;
    for (int i = 1; i < argc; i++)
        files += folder(argv[i]);
    printf("%u files\n", files);
    return files == 0;
}

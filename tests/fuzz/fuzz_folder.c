// fuzz_folder.c - a plan folder of seven files of any bytes: every fault is told, or the plan opens, and how a
// spreadsheet ends its lines changes no byte of it.
//
// The input is the files one behind the other, each ended by a byte 0x1e: settings, profiles, units, contests,
// candidates, voters, days off. One that is empty is not there.
#include "fuzz.h"
#include "common/office/planfolder.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 7 };
static const char *const names[FILES] = {"election.zpl", "profiles.zpl",   "units.csv",
                                         "contests.csv", "candidates.csv", "voters.csv",
                                         "holidays.csv"};
static char dir[64];

static void remove_dir(void)
{
    char path[128];
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

// LF becomes CRLF where `crlf`.
static void write_file(unsigned i, struct bytes b, bool crlf)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, names[i]);
    unlink(path);
    FILE *to = b.n > 0 ? fopen(path, "wb") : NULL;
    for (size_t k = 0; to && k < b.n; k++) {
        if (crlf && b.at[k] == '\n')
            fputc('\r', to);
        fputc(b.at[k], to);
    }
    MUST(b.n == 0 || (to && fclose(to) == 0));
}

static void write_folder(struct bytes all, bool crlf)
{
    for (unsigned i = 0; i < FILES; i++) {
        const uint8_t *end = all.n ? memchr(all.at, 0x1e, all.n) : NULL;
        size_t n = end ? (size_t)(end - all.at) : all.n;
        write_file(i, bytes_of(all.at, n), crlf);
        all = end ? bytes_of(all.at + n + 1, all.n - n - 1) : bytes_of(all.at, 0);
    }
}

static void check_plan(struct bytes b)
{
    const char *why = NULL;
    uint8_t *text = NULL;
    size_t n = 0, size = plan_size(b, &why);
    void *block = size ? aligned_alloc(16, (size + 15) & ~(size_t)15) : NULL;
    MUST(block && plan_open(block, size, b, &why) == 0);
    free(block);
    MUST(planfolder_traits(dir, &text, &n) == 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct faults faults = {0};
    uint8_t *plan = NULL, *again = NULL;
    size_t n_plan = 0, n_again = 0;
    if (!dir[0]) {
        snprintf(dir, sizeof dir, "%s/dantin-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        MUST(mkdtemp(dir));
        atexit(remove_dir);
    }
    write_folder(bytes_of(data, n), false);
    int rc = planfolder_read(dir, &plan, &n_plan, &faults);
    MUST((rc == 0) == (faults.n == 0)); // notes apart, which are no faults
    faults_clear(&faults);
    if (rc == 0)
        check_plan(bytes_of(plan, n_plan));
    if (!memchr(data, '\r', n) && !memchr(data, '"', n)) {
        struct faults more = {0};
        write_folder(bytes_of(data, n), true);
        MUST(planfolder_read(dir, &again, &n_again, &more) == rc);
        MUST(rc < 0 || bytes_same(bytes_of(plan, n_plan), bytes_of(again, n_again)));
        faults_clear(&more);
    }
    free(plan);
    free(again);
    return 0;
}

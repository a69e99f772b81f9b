// workloads.c - five fixed workloads of the real code, without sockets and clocks in what they do.
#include "workloads.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char help[] = "workloads NAME [SIZE] [--quiet]\n"
                           "\n"
                           "  fold   SIZE places, 20 a unit: two turnouts and a tally of each "
                           "through the fold, the sums of the top read\n"
                           "         after each, a summary of the unit after each run; sums "
                           "compared     1000 (a record: a statement)\n"
                           "  bare   the same without the summaries\n"
                           "  chain  SIZE records in runs of 1, as many in runs of 10 and of 100: "
                           "made, signed, decoded, checked     1000\n"
                           "  link   three offices joined by queues, stores on disk: SIZE "
                           "statements from the node to the top, at most 60;\n"
                           "         all stores verified                                           "
                           "        60 (a record: a statement)\n"
                           "  plan   a plan of SIZE places read from its tables, opened, sliced "
                           "for each unit    1000 (a record: a place)\n"
                           "  page   what /api/state says of a hub with SIZE places, after each of "
                           "20 changes    1000 (a record: a reply)\n"
                           "\n"
                           "Each checks its own result. One line of what was done; unless --quiet, "
                           "processor time per record and the most\n"
                           "memory, as `NS ns/record, KIB KiB`. Only the work itself counts, not "
                           "what sets it up or checks it.\n";

static const struct workload {
    const char *name;
    void (*run)(unsigned size, struct done *ret);
    unsigned size, most;
} workloads[] = {{"fold", load_fold, 1000, 200000},        {"bare", load_bare, 1000, 200000},
                 {"chain", load_chain, 1000, 1000000},     {"link", load_link, 300, 100000},
                 {"plan", load_plan_folder, 1000, 200000}, {"page", load_page, 1000, 100000}};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

static int64_t spent; // ns

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// By itself and global, so that callgrind finds it under its name, and nothing of the clock's is inside.
void counted(void (*work)(void *ctx), void *ctx) __attribute__((noinline));
void counted(void (*work)(void *ctx), void *ctx)
{
    work(ctx);
    __asm__ volatile(""); // no tail call: the function ends when the work has
}

void measured(void (*work)(void *ctx), void *ctx)
{
    int64_t from = cpu_ns();
    counted(work, ctx);
    spent += cpu_ns() - from;
}

void must_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "workloads: %s:%d: not so: %s\n", file, line, what);
    exit(1);
}

void *must_have(void *at)
{
    MUST(at);
    return at;
}

// Of this program: getrusage would also know what the process held before it became this one.
static long peak_kib(void)
{
    char line[128];
    long kib = 0;
    FILE *f = must_have(fopen("/proc/self/status", "re"));
    while (fgets(line, sizeof line, f) && sscanf(line, "VmHWM: %ld", &kib) != 1)
        ;
    fclose(f);
    return kib;
}

static int usage(void)
{
    fputs(help, stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct done done = {0};
    const struct workload *w = NULL;
    bool quiet = argc > 2 && strcmp(argv[argc - 1], "--quiet") == 0;
    argc -= quiet;
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(help, stdout) < 0;
    if (argc < 2 || argc > 3 || sodium_init() < 0)
        return usage();
    for (unsigned i = 0; i < WORKLOADS; i++)
        if (strcmp(workloads[i].name, argv[1]) == 0)
            w = &workloads[i];
    char *end = "";
    unsigned long size = w && argc == 3 ? strtoul(argv[2], &end, 10) : w ? w->size : 0;
    if (!w || *end || size < 1 || size > w->most)
        return usage();
    w->run((unsigned)size, &done);
    printf("%s: %s\n", w->name, done.what);
    if (!quiet)
        printf("%.1f ns/record, %ld KiB\n", (double)spent / (double)done.records, peak_kib());
    return 0;
}

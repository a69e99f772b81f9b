// ingest.c - durable acknowledged records per second of a real hub, and what each costs.
#include "bench.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct settings {
    struct load load;
    bool raw, json, keep, knock;
    const char *within, *hub, *slow_ms;
};

static const char help[] =
    "ingest [--nodes 100] [--run-length 100] [--in-flight 4] [--records 500000] [--paced "
    "RECORDS_PER_SECOND]\n"
    "       [--places N] [--knock] [--slow-sync MS] [--raw] [--json] [--dir DIR] [--hub PROGRAM] "
    "[--keep]\n"
    "\n"
    "Starts a hub in a fresh directory, gives it a plan and children, and sends it signed runs "
    "over CURVE with\n"
    "everything on: keys, chains, signatures, fold, one fdatasync before each acknowledgement. "
    "Counts a record when a\n"
    "HAVE names it. At the end every chain and signature on the disk is verified and the records "
    "are counted again.\n"
    "  --raw     the same hub with a file it only appends to in place of the store (not verified)\n"
    "  --paced   records fall due at this rate; the acknowledgement is timed from then on\n"
    "  --knock   no records: the hub is restarted, and all nodes come back at once\n"
    "  --slow-sync  each fsync and fdatasync of the hub takes so many ms longer\n"
    "  --places  places of each node, where they are to be more than the records need\n"
    "  --dir     where the directory is made: on a real disk; /var/tmp otherwise\n"
    "  --hub     another hub than the one that was built with this program\n"
    "  --keep    leaves the directory\n";

static double number(const char *name, const char *text, double least, double most)
{
    char *end;
    double v = strtod(text, &end);
    if (*end || end == text || v < least || v > most) {
        fprintf(stderr, "ingest: --%s %s: from %.0f to %.0f\n", name, text, least, most);
        exit(2);
    }
    return v;
}

static void read_options(struct settings *s, int argc, char **argv)
{
    static const struct option options[] = {
        {"nodes", 1, 0, 'n'},   {"run-length", 1, 0, 'l'}, {"in-flight", 1, 0, 'w'},
        {"records", 1, 0, 'r'}, {"paced", 1, 0, 'p'},      {"places", 1, 0, 'a'},
        {"knock", 0, 0, 'K'},   {"slow-sync", 1, 0, 's'},  {"raw", 0, 0, 'R'},
        {"json", 0, 0, 'j'},    {"dir", 1, 0, 'd'},        {"hub", 1, 0, 'H'},
        {"keep", 0, 0, 'k'},    {"help", 0, 0, 'h'},       {0}};
    struct load *l = &s->load;
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (c) {
        case 'n': l->nodes = (unsigned)number("nodes", optarg, 1, 10000); break;
        case 'l': l->run_length = (unsigned)number("run-length", optarg, 1, RUN_RECORDS_MAX); break;
        case 'w': l->in_flight = (unsigned)number("in-flight", optarg, 1, 8); break;
        case 'r': l->records = (uint64_t)number("records", optarg, 1, 1e8); break;
        case 'p': l->paced = number("paced", optarg, 1, 1e7); break;
        case 'a': l->places = (unsigned)number("places", optarg, 1, 100000); break;
        case 'K': s->knock = true; break;
        case 's':
            number("slow-sync", optarg, 0, 1000);
            s->slow_ms = optarg;
            break;
        case 'R': s->raw = true; break;
        case 'j': s->json = true; break;
        case 'd': s->within = optarg; break;
        case 'H': s->hub = optarg; break;
        case 'k': s->keep = true; break;
        case 'h': fputs(help, stdout); exit(0);
        default: fputs(help, stderr); exit(2);
        }
    // Each statement has a ballot and cut-off of its own, so that slots hold one statement each.
    uint64_t each = (l->records / l->nodes + l->run_length - 1) / l->run_length * l->run_length;
    uint64_t slots = (each + BENCH_CUTOFFS - 1) / BENCH_CUTOFFS, most = BENCH_PLACES_MAX / l->nodes;
    l->contests = (unsigned)((slots + most - 1) / most);
    unsigned need = (unsigned)((slots + l->contests - 1) / l->contests);
    l->places = l->places < need ? need : l->places;
    if (!s->hub)
        s->hub = s->raw ? BENCH_HUB_RAW : BENCH_HUB;
    if (each == 0) {
        fputs("ingest: fewer records than nodes\n", stderr);
        exit(2);
    }
}

static void print(const struct settings *s, const struct figures *f)
{
    const struct load *l = &s->load;
    double rate = (double)f->records / f->seconds, n = (double)f->records;
    if (s->json) {
        printf("{\"store\":\"%s\",\"nodes\":%u,\"run_length\":%u,\"in_flight\":%u,\"paced\":%.0f,"
               "\"places\":%u,"
               "\"records\":%llu,\"seconds\":%.3f,\"records_per_s\":%.0f,\"hub_us\":%.3f,"
               "\"generator_us\":%.3f,"
               "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"hub_peak_kib\":%llu,\"start_s\":%.3f,"
               "\"start_kib\":%llu,\"disk_bytes\":%llu,\"verify_s\":%.3f}\n",
               s->raw ? "raw" : "real", l->nodes, l->run_length, l->in_flight, l->paced,
               l->nodes * l->places, (unsigned long long)f->records, f->seconds, rate,
               f->hub_cpu / n * 1e6, f->own_cpu / n * 1e6, f->p50, f->p99,
               (unsigned long long)f->peak_kib, f->start_s, (unsigned long long)f->start_kib,
               (unsigned long long)f->disk_bytes, f->verify_s);
        return;
    }
    printf("%s store, %u nodes, runs of %u, %u in flight: %llu records in %.2f s\n",
           s->raw ? "raw" : "real", l->nodes, l->run_length, l->in_flight,
           (unsigned long long)f->records, f->seconds);
    printf("durable and acknowledged: %.0f records/s\n", rate);
    printf("CPU per record: hub %.2f us, generator %.2f us\n", f->hub_cpu / n * 1e6,
           f->own_cpu / n * 1e6);
    printf("acknowledged after: p50 %.2f ms, p99 %.2f ms\n", f->p50, f->p99);
    printf("hub's memory at its most: %llu MiB\n", (unsigned long long)f->peak_kib / 1024);
    if (s->raw)
        return;
    printf("on the disk: %.0f bytes a record; every chain and signature checked in %.2f s\n",
           (double)f->disk_bytes / n, f->verify_s);
    printf("started again: answers after %.2f s, %llu MiB\n", f->start_s,
           (unsigned long long)f->start_kib / 1024);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int start_again(struct stage *stage, struct figures *f)
{
    f->disk_bytes = stage_disk(stage);
    double from = now_s();
    int rc = stage_start(stage);
    f->start_s = now_s() - from;
    f->start_kib = stage_kib(stage);
    return stage_stop(stage) < 0 ? -1 : rc;
}

// On the disk there must be exactly what was acknowledged, and all of it must verify.
static int recount(struct stage *stage, struct figures *f)
{
    uint64_t records;
    double from = now_s();
    if (stage_count(stage, BENCH_HUB, &records) < 0)
        return -1;
    f->verify_s = now_s() - from;
    if (records != f->records)
        fprintf(stderr, "ingest: %llu records are on the disk, but %llu were acknowledged\n",
                (unsigned long long)records, (unsigned long long)f->records);
    return records == f->records ? 0 : -1;
}

static int load_hub(const struct settings *s, struct stage *stage, struct bench_node *nodes)
{
    struct figures f = {0};
    const struct load *l = &s->load;
    nodes_prepare(nodes, l);
    int rc = nodes_connect(nodes, l, stage);
    if (rc == 0)
        rc = nodes_run(nodes, l, stage, &f);
    f.peak_kib = stage_peak_kib(stage);
    nodes_close(nodes, l->nodes);
    if (stage_stop(stage) < 0)
        rc = -1;
    if (rc == 0 && !s->raw)
        rc = start_again(stage, &f);
    if (rc == 0 && !s->raw)
        rc = recount(stage, &f);
    if (rc == 0)
        print(s, &f);
    return rc;
}

static void more_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

int main(int argc, char **argv)
{
    struct settings s = {
        .load = {.nodes = 100, .run_length = 100, .in_flight = 4, .records = 500000}};
    struct stage stage = {0};
    s.within = "/var/tmp";
    read_options(&s, argc, argv);
    more_files();
    stage.program = s.hub;
    stage.slow_ms = s.slow_ms;
    struct bench_node *nodes = calloc(s.load.nodes, sizeof *nodes);
    if (!nodes)
        abort();
    int rc = stage_begin(&stage, s.within, &s.load, nodes);
    if (rc == 0)
        rc = s.knock ? knock(nodes, &s.load, &stage, s.json) : load_hub(&s, &stage, nodes);
    if (stage_stop(&stage) < 0)
        rc = -1;
    if (rc == 0 && !s.keep)
        stage_remove(&stage);
    else
        fprintf(stderr, "ingest: its directory is %s\n", stage.dir);
    free(nodes);
    return rc == 0 ? 0 : 1;
}

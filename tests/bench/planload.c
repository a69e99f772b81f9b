// planload.c - a plan folder: its tables read into bytes, opened, and sliced for each unit.
#include "common/election/slice.h"
#include "common/office/planfolder.h"
#include "tests/lib/folder.h"
#include "workloads.h"
#include <string.h>

struct drawn {
    const char *dir;
    struct plan *plan;
    uint32_t n_slices, places; // slices opened; places in them
    uint64_t slice_bytes;
};

static FILE *table(const char *dir, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return must_have(fopen(path, "we"));
}

static void write_head(const char *dir)
{
    FILE *f = table(dir, "election.zpl");
    fputs("plan\n    version = 1\n    label = bench\n    title = bench\n    day = 2030-01-06\n"
          "levels\n    1\n        name = top\n    2\n        name = unit\n    3\n        name = "
          "place\n"
          "cutoffs\n    1\n        name = c1\n        at = 2030-01-06 09:00\n        grace = 15\n"
          "    2\n        name = c2\n        at = 2030-01-06 15:00\n        grace = 15\n",
          f);
    MUST(fclose(f) == 0);
}

static void write_tables(const char *dir, unsigned places)
{
    FILE *units = table(dir, "units.csv"), *voters = table(dir, "voters.csv");
    FILE *contests = table(dir, "contests.csv"), *candidates = table(dir, "candidates.csv");
    char unit[CODE_MAX], place[CODE_MAX];
    fputs("code,name,kind,unit_code,profile,seats\n", contests);
    fputs("contest,number,key,name\n", candidates);
    fputs("code,parent_code,level,name,place\nT,,1,Top,\n", units);
    fputs("place,contest,voters\n", voters);
    for (unsigned i = 0; i < places; i++) {
        workplan_unit(unit, "T", i / PLACES_OF_UNIT);
        workplan_place(place, "T", i / PLACES_OF_UNIT, i % PLACES_OF_UNIT);
        if (i % PLACES_OF_UNIT == 0)
            fprintf(units, "%s,T,2,Xã %s,\n", unit, unit);
        fprintf(units, "%s,%s,3,Thôn %s,yes\n", place, unit, place);
        fprintf(voters, "%s,H%s,%u\n", place, place, PLACE_VOTERS);
        fprintf(contests, "H%s,Trưởng thôn,head,%s,plurality,1\n", place, place);
        fprintf(candidates, "H%s,1,,Nguyễn Văn An\nH%s,2,,Trần Thị Bình\n", place, place);
    }
    MUST((fclose(units) | fclose(voters) | fclose(contests) | fclose(candidates)) == 0);
}

static void slice_one(struct drawn *d, uint32_t unit, uint8_t *buffer, uint32_t *scratch)
{
    struct packer p;
    pack_init(&p, buffer, d->plan->bytes.n);
    slice_pack(d->plan, unit, scratch, &p);
    MUST(!p.full);
    struct plan *slice = workplan_open(packed(&p));
    d->places += plan_places(slice, 0);
    d->slice_bytes += p.n;
    d->n_slices++;
    free(slice);
}

static void read_and_slice(void *ctx)
{
    struct drawn *d = ctx;
    struct faults faults = {0};
    uint8_t *at = NULL, *buffer;
    uint32_t *scratch;
    size_t n = 0;
    int rc = planfolder_read(d->dir, &at, &n, &faults);
    if (rc != 0)
        faults_print(&faults, stderr);
    MUST(rc == 0);
    d->plan = workplan_open(bytes_of(at, n));
    free(at);
    buffer = must_have(malloc(n));
    scratch = must_have(calloc(d->plan->n_contests, sizeof *scratch));
    for (uint32_t u = 1; u < d->plan->n_units; u += d->plan->units[u].size)
        slice_one(d, u, buffer, scratch);
    free(scratch);
    free(buffer);
}

void load_plan_folder(unsigned size, struct done *ret)
{
    char dir[64];
    struct drawn d = {.dir = dir};
    MUST(folder_make(dir, "workload") == 0);
    write_head(dir);
    write_tables(dir, size);
    measured(read_and_slice, &d);
    MUST(d.places == size && plan_places(d.plan, 0) == size && d.plan->n_ballots == size);
    MUST(d.n_slices == (size + PLACES_OF_UNIT - 1) / PLACES_OF_UNIT);
    ret->records = size;
    snprintf(ret->what, sizeof ret->what,
             "a plan of %u places read from its tables, opened, and sliced for %u units", size,
             (unsigned)d.n_slices);
    free(d.plan);
    MUST(folder_remove(dir) == 0);
}

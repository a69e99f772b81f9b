// example.h - an office at the top of the small plan that `plan new` writes, in a folder that is soon gone again.
#pragma once
#include "common/office/planfolder.h"
#include "fuzz.h"
#include "tests/lib/doors.h"
#include <ftw.h>
#include <string.h>
#include <unistd.h>

static const struct moment example_now = {.mono = 100000, .wall = 1780000000000};

static inline void example_dir(char dir[64])
{
    snprintf(dir, 64, "%s/dantin-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(dir));
}

static inline int example_remove_one(const char *path, const struct stat *st, int type,
                                     struct FTW *walk)
{
    (void)st, (void)type, (void)walk;
    return remove(path);
}

static inline void example_remove(const char *dir)
{
    nftw(dir, example_remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

// Its units are 99, 99001, 9900101 and 9900102; one has a time of its own.
static inline struct bytes example_plan(void)
{
    char dir[64], path[128];
    struct faults faults = {0};
    uint8_t *plan = NULL;
    size_t n = 0;
    example_dir(dir);
    MUST(planfolder_new(dir) == 0);
    snprintf(path, sizeof path, "%s/units.csv", dir);
    FILE *to = fopen(path, "wb");
    MUST(to && fputs("code,parent_code,level,name,place,opens,closes,cutoffs\n"
                     "99,,1,T,,,,\n99001,99,2,X,,,,\n9900101,99001,3,A,yes,07:00,17:00,1=08:30\n"
                     "9900102,99001,3,B,yes,07:00,17:00,\n",
                     to) >= 0);
    MUST(fclose(to) == 0 && planfolder_read(dir, &plan, &n, &faults) == 0);
    faults_clear(&faults);
    example_remove(dir);
    return bytes_of(plan, n);
}

static inline void example_identity(struct identity *id, const char *code, uint8_t number)
{
    uint8_t seed[SEED_SIZE] = {number};
    id->unit = code_of(bytes_text(code));
    id->incarnation = number;
    key_pair(seed, id->key, id->secret);
}

static struct {
    char dir[64];
    struct identity id;
    struct office *office;
    uint64_t drawn;
} example;

static inline void example_close(void)
{
    office_close(&example.office);
    example_remove(example.dir);
}

// One office for the whole run, to which nothing is said.
static inline struct office *example_office(void)
{
    if (example.office)
        return example.office;
    struct bytes plan = example_plan();
    struct office_setup s = {.dir = example.dir,
                             .identity = &example.id,
                             .boot = 1,
                             .doors = doors_shut(&example.drawn)};
    example_identity(&example.id, "99", 1);
    example_dir(example.dir);
    MUST(office_open(&example.office, &s, example_now) == 0);
    MUST(office_load_plan(example.office, plan, example_now) == 0);
    free((void *)(uintptr_t)plan.at);
    atexit(example_close);
    return example.office;
}

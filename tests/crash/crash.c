// crash.c - the power goes, or a sync fails, at every change of every step of the protocol; what was said stays.
//
//   crash [--points N] [--plant NAME] [--step NAME [--cut K | --sync K] --seed S]
//
// The last line is "crash: N crash points, 0 violations", or the step, change and seed to play it again.
// With a planted bug the program succeeds when it finds it.
#include "oracle.h"
#include "plant.h"
#include "steps.h"
#include "common/office/verify.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STARTS_MAX = 4, SYNC_SEEDS = 4 }; // closed or killed, with the power lost or not

struct point {
    const struct scenario *step;
    uint64_t cut, sync; // one of them is 0
    uint64_t seed;
};

static unsigned long long n_points;

static int tell(const struct point *p, const char *rule, const char *detail)
{
    printf("crash: step %s, %s %llu, seed %llu: broken: %s (%s)\n", p->step->name,
           p->sync ? "sync" : "cut", (unsigned long long)(p->sync ? p->sync : p->cut),
           (unsigned long long)p->seed, rule, detail);
    return 1;
}

static int look(const struct point *p)
{
    const char *rule = oracle_check(p->step->desk);
    return rule ? tell(p, rule, oracle_detail) : 0;
}

// As systemd does: again and again, and it must come up.
static int start_again(const struct point *p)
{
    char detail[40];
    int rc = -EIO;
    for (unsigned i = 0; i < STARTS_MAX && rc < 0; i++) {
        rc = stage_start(p->step->desk);
        if (rc < 0)
            stage_stop(p->step->desk, 0);
    }
    snprintf(detail, sizeof detail, "%s", strerror(-rc));
    return rc < 0 ? tell(p, "a machine starts again", detail) : look(p);
}

// It goes on working, and what it says from now on outlives a power cut that keeps nothing else.
static int go_on(const struct point *p)
{
    unsigned desk = p->step->desk;
    if (desk == NODE && stage_say(1) < 0)
        return tell(p, "a machine goes on", "the clerk's next statement was not taken");
    if (strcmp(p->step->name, "backup") == 0 && stage_backup(desk) < 0)
        return tell(p, "a machine goes on", "no backup can be made");
    stage_kill(desk);
    disk_power_off(disk_at(desk));
    disk_power_on(disk_at(desk), p->seed);
    return start_again(p);
}

// Without power nothing is closed. After a failed sync the program stops or is killed as it stops, and
// the power goes too or does not.
static void end_process(const struct point *p, int rc)
{
    unsigned desk = p->step->desk;
    if (rc == -EIO && p->sync && !plant_is("unmarked"))
        suspect_mark(desks[desk].dir);
    if (p->sync && p->seed % 2 == 0)
        stage_stop(desk, 0);
    else
        stage_kill(desk);
    if (p->sync && p->seed / 2 % 2 == 0)
        return;
    disk_power_off(disk_at(desk));
    disk_power_on(disk_at(desk), p->sync ? p->seed / 4 : p->seed);
}

// The same for both: the step is played, its machine ends as the point says, and starts again.
static int play(const struct scene *before, const struct point *p, uint64_t *ret_changes,
                uint64_t *ret_syncs)
{
    unsigned desk = p->step->desk;
    scene_load(before);
    plant_reset();
    int rc = steps_start(p->step);
    assert(rc == 0);
    disk_cut_at(disk_at(desk), p->cut);
    if (p->sync)
        disk_fail_sync_at(disk_at(desk), p->sync, 1 + (unsigned)(p->seed % 3));
    rc = p->step->run();
    *ret_changes = disk_changes(disk_at(desk));
    *ret_syncs = disk_syncs(disk_at(desk));
    rc = desks[desk].failed < 0 ? desks[desk].failed : rc;
    end_process(p, rc);
    disk_arm(disk_at(desk));
    n_points++;
    int bad = start_again(p);
    if (bad == 0 && (p->sync || p->seed % 2 == 0))
        bad = go_on(p);
    if (bad == 0 && memory->copied && desk == NODE) {
        stage_kill(NODE);
        const char *rule = oracle_copy(NODE);
        bad = rule ? tell(p, rule, oracle_detail) : 0;
    }
    steps_end();
    return bad;
}

// Every change and every sync of a step, with so many seeds each.
static int play_step(const struct scenario *s, uint64_t seeds, uint64_t from)
{
    struct scene before;
    uint64_t changes = 1, syncs = 1, unused;
    struct point p = {.step = s};
    int bad = 0;
    step_before(s, &before);
    for (p.cut = 0, p.seed = 0; bad == 0 && p.cut == 0; p.cut++)
        bad = play(&before, &p, &changes, &syncs);
    for (p.cut = 1; p.cut <= changes && bad == 0; p.cut++)
        for (p.seed = from; p.seed < from + seeds && bad == 0; p.seed++)
            bad = play(&before, &p, &unused, &unused);
    p.cut = 0;
    for (p.sync = 1; p.sync <= syncs && bad == 0; p.sync++)
        for (p.seed = SYNC_SEEDS * from; p.seed < SYNC_SEEDS * (from + seeds) && bad == 0; p.seed++)
            bad = play(&before, &p, &unused, &unused);
    scene_free(&before);
    return bad;
}

// Seeds for each step so that about n points are played; every change at least once.
static int play_all(uint64_t n)
{
    int bad = 0;
    uint64_t from = 0, seeds = 1;
    while (n_points < n && bad == 0) {
        uint64_t began = n_points;
        for (unsigned i = 0; i < n_steps && bad == 0; i++)
            bad = play_step(&steps[i], seeds, from);
        from += seeds;
        uint64_t each = (n_points - began) / seeds;
        seeds = n > n_points && each > 0 ? (n - n_points) / each : 1;
        seeds = seeds > 0 ? seeds : 1;
    }
    return bad;
}

static int play_one(const struct point *p)
{
    struct scene before;
    uint64_t changes, syncs;
    step_before(p->step, &before);
    int bad = play(&before, p, &changes, &syncs);
    scene_free(&before);
    return bad;
}

static int usage(void)
{
    fprintf(stderr,
            "crash [--points N] [--plant NAME] [--step NAME [--cut K | --sync K] --seed S]\n");
    return 2;
}

int main(int argc, char **argv)
{
    uint64_t n = 2000;
    struct point p = {0};
    const char *plant = NULL;
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        unsigned long long number = strtoull(value, NULL, 10);
        if (strcmp(argv[i], "--points") == 0)
            n = number;
        else if (strcmp(argv[i], "--plant") == 0)
            plant = value;
        else if (strcmp(argv[i], "--cut") == 0)
            p.cut = number;
        else if (strcmp(argv[i], "--sync") == 0)
            p.sync = number;
        else if (strcmp(argv[i], "--seed") == 0)
            p.seed = number;
        else if (strcmp(argv[i], "--step") == 0)
            p.step = step_named(value);
        else
            return usage();
    }
    if (!getenv("CRASH_LOUD") && !freopen("/dev/null", "w", stderr))
        return usage();
    steps_found();
    if (plant && !plant_set(plant))
        return usage();
    int bad = p.step && (p.cut || p.sync) ? play_one(&p)
              : p.step                    ? play_step(p.step, n / 100 + 1, 0)
                                          : play_all(n);
    scene_free(&founded);
    if (plant)
        printf("crash: the planted bug %s was %s\n", plant, bad ? "found" : "not found");
    else if (!bad)
        printf("crash: %llu crash points, 0 violations\n", n_points);
    return plant ? !bad : bad;
}

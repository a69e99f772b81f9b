// steps.c - the steps of the protocol that are broken off, or fail, at each of their calls; and the disks before them.
#include "steps.h"
#include "crashcalls.h"
#include "common/base/savefile.h"
#include "common/daemon/join.h"
#include "common/office/verify.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct scene founded;

void scene_save(struct scene *to)
{
    for (unsigned i = 0; i < DESKS; i++)
        to->images[i] = disk_save(disk_at(i));
    to->memory = *memory;
}

void scene_load(const struct scene *from)
{
    for (unsigned i = 0; i < DESKS; i++)
        disk_restore(disk_at(i), from->images[i]);
    *memory = from->memory;
}

void scene_free(struct scene *s)
{
    for (unsigned i = 0; i < DESKS; i++)
        free(s->images[i]);
}

static void prepare_first(unsigned variant)
{
    (void)variant;
    memory->n_statements = 0;
    disk_clear(disk_at(NODE));
    int rc = savefile_write(desks[NODE].dir, FIRST_FILE, bytes_text("x"));
    assert(rc == 0);
}

static int run_first(void)
{
    int rc = stage_start(NODE);
    if (rc == 0)
        rc = stage_say(1);
    return rc == 0 ? stage_say(2) : rc;
}

static int run_say(void)
{
    int rc = stage_say(1);
    for (unsigned i = 0; i < 3 && rc == 0; i++)
        rc = stage_say(i + 1);
    return rc;
}

// More at once than four checkpoints would move: the WAL is cut to nothing.
static int run_truncate(void)
{
    int rc = stage_say(100);
    return rc == 0 ? stage_say(1) : rc;
}

static int run_close(void)
{
    int rc = stage_say(1);
    stage_stop(NODE, rc);
    return rc;
}

static int run_backup(void)
{
    int rc = stage_say(1);
    if (rc == 0)
        rc = stage_backup(NODE);
    return rc == 0 ? stage_say(1) : rc;
}

static void prepare_mend(unsigned variant)
{
    (void)variant;
    int rc = stage_start(NODE);
    if (rc == 0)
        rc = stage_say(2);
    assert(rc == 0);
    stage_kill(NODE); // with a WAL
    rc = suspect_mark(desks[NODE].dir);
    assert(rc == 0);
}

static void prepare_mend_hub(unsigned variant)
{
    (void)variant;
    int rc = stage_start(HUB);
    assert(rc == 0);
    stage_kill(HUB);
    rc = suspect_mark(desks[HUB].dir);
    assert(rc == 0);
}

static int run_start_hub(void)
{
    int rc = stage_start(HUB);
    stage_pass(2000);
    return rc;
}

static int run_start(void)
{
    int rc = stage_start(NODE);
    return rc == 0 ? stage_say(1) : rc;
}

// The power went in the middle of a turn, with much that was not synced.
static void prepare_restart(unsigned variant)
{
    int rc = stage_start(NODE);
    assert(rc == 0);
    disk_cut_at(disk_at(NODE), 5 + 4 * variant);
    for (unsigned i = 0; i < 4 && rc == 0; i++)
        rc = stage_say(2);
    assert(disk_is_off(disk_at(NODE)));
    stage_stop(NODE, 0);
    crashcalls_close_all();
    disk_power_on(disk_at(NODE), variant);
}

// A backup was put in the place of the store. It holds less than the store that is gone.
static void prepare_copy(unsigned variant)
{
    (void)variant;
    int rc = stage_start(NODE);
    if (rc == 0)
        rc = stage_backup(NODE);
    assert(rc == 0);
    memory->line = office_logs(desks[NODE].office)->at[office_own_log(desks[NODE].office)].n;
    stage_stop(NODE, 0);
    rc = disk_rename(disk_at(NODE), "copy.db", "store.db");
    memory->copied = false;
    assert(rc == 0);
}

static int run_link(void)
{
    int rc = 0;
    for (unsigned i = 0; i < 2 && rc == 0; i++) {
        stage_pass(2000);
        rc = stage_say(i + 1);
    }
    stage_pass(4000);
    return desks[HUB].failed < 0 ? desks[HUB].failed : rc;
}

const struct scenario steps[] = {
    {"first", NODE, prepare_first, 0, false, run_first},
    {"start", NODE, NULL, 0, false, run_start},
    {"say", NODE, NULL, 0, true, run_say},
    {"truncate", NODE, NULL, 0, true, run_truncate},
    {"close", NODE, NULL, 0, true, run_close},
    {"backup", NODE, NULL, 0, true, run_backup},
    {"mend", NODE, prepare_mend, 0, false, run_start},
    {"restart1", NODE, prepare_restart, 1, false, run_start}, // the newest changes torn or lost
    {"restart2", NODE, prepare_restart, 3, false, run_start},
    {"restart3", NODE, prepare_restart, 4, false, run_start},
    {"copy", NODE, prepare_copy, 0, false, run_start},
    {"link", NODE, NULL, 0, true, run_link},
    {"mend-hub", HUB, prepare_mend_hub, 0, false, run_start_hub},
    {"hub", HUB, NULL, 0, true, run_link},
};
const unsigned n_steps = sizeof steps / sizeof steps[0];

int steps_start(const struct scenario *s)
{
    int rc = s->started ? stage_start(NODE) : 0;
    return rc == 0 && s->run == run_link ? stage_start(HUB) : rc;
}

void steps_end(void)
{
    for (unsigned i = 0; i < DESKS; i++)
        stage_kill(i);
}

void steps_found(void)
{
    stage_make();
    int rc = stage_found();
    assert(rc == 0);
    scene_save(&founded);
}

const struct scenario *step_named(const char *name)
{
    for (unsigned i = 0; i < n_steps; i++)
        if (strcmp(steps[i].name, name) == 0)
            return &steps[i];
    return NULL;
}

void step_before(const struct scenario *s, struct scene *to)
{
    scene_load(&founded);
    if (s->prepare)
        s->prepare(s->variant);
    scene_save(to);
}

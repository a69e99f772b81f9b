// torture.c - every call of the disk fails in turn, and every allocation: an error each time, and nothing is lost.
//
//   torture [--points N] [--plant NAME] [--step NAME [--call K --error E | --alloc K] [--good]]
//
// A failed call must come out as an error or be made good, with nothing left open or allocated; a failed
// allocation may end the process, by a message or by abort. Then the machine starts again and holds what
// was acknowledged. --good: all calls behind it fail too. The last line is "torture: N failures, 0 violations".
#include "crashcalls.h"
#include "failalloc.h"
#include "oracle.h"
#include "plant.h"
#include "steps.h"
#include "common/base/config.h"
#include "common/base/csv.h"
#include "common/base/savefile.h"
#include "common/office/verify.h"
#include "common/store/tables.h"
#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STARTS_MAX = 3, CHILD_WENT_ON = 0, CHILD_SAID = 1 };

struct failure {
    const struct scenario *step;
    uint64_t call, alloc; // one of them is 0
    int error;
    bool for_good;
};

static const int errors[] = {EIO, ENOSPC, ENOMEM, EMFILE, EACCES, EAGAIN};
enum { ERRORS = sizeof errors / sizeof errors[0] };
static unsigned long long n_failures;

// What a daemon reads and writes beside its store: config, identity, lock, a table of somebody's, an export.
static const char config_text_here[] = "link\n    beat_ms = 1000\n";

static struct identity mine;

static void prepare_files(unsigned variant)
{
    (void)variant;
    const struct desk *d = &desks[NODE];
    identity_make(&mine);
    mine.unit = d->unit;
    int rc = savefile_write(d->dir, CONFIG_FILE, bytes_text(config_text_here));
    if (rc == 0)
        rc = identity_write(d->dir, &mine);
    assert(rc == 0);
}

static int read_files(struct config *config, struct identity *id)
{
    struct faults faults = {0};
    const char *why;
    int rc = config_read(config, desks[NODE].dir, &faults);
    faults_clear(&faults);
    if (rc == 0)
        rc = identity_read(desks[NODE].dir, id, &why);
    return rc;
}

static int export_table(void)
{
    static const struct column columns[] = {{"unit", COLUMN_TEXT, true},
                                            {"n", COLUMN_NUMBER, false}};
    const struct value row[] = {value_text(bytes_text("01N")), value_number(7)};
    struct tables *t = NULL;
    char path[64];
    snprintf(path, sizeof path, "%s/export.db", desks[NODE].dir);
    int rc = tables_open(&t, path);
    if (rc < 0)
        return rc;
    rc = tables_create(t, "units", columns, 2);
    if (rc == 0)
        rc = tables_put(t, row);
    if (rc == 0)
        return tables_finish(&t);
    tables_close(&t);
    return rc;
}

static int read_table(void)
{
    struct faults faults = {0};
    struct csv *csv = NULL;
    int rc = csv_open(&csv, bytes_text("unit;voters\n01N;\"1 000\"\n"), "units.csv", &faults);
    while (rc == 0 && csv_next(csv))
        csv_field(csv, 1);
    csv_unknown(csv);
    csv_close(&csv);
    faults_clear(&faults);
    return rc;
}

static int run_files(void)
{
    struct desk *d = &desks[NODE];
    struct identity id, other = mine;
    struct config config;
    int lock, pid, rc = savefile_lock(d->dir, &lock, &pid);
    if (rc < 0)
        return rc;
    rc = read_files(&config, &id);
    if (rc == 0 && (config_number(&config, SETTING_LINK_BEAT_MS) != 1000 || id.incarnation == 0))
        rc = -EBADMSG;
    other.incarnation++;
    if (rc == 0)
        rc = identity_write(d->dir, &other);
    if (rc == 0)
        rc = export_table();
    if (rc == 0)
        rc = read_table();
    close(lock);
    return rc;
}

static const struct scenario files = {"files", NODE, prepare_files, 0, false, run_files};

// The files as they were, or as they were to become; an export is whole, or is not there.
static const char *look_at_files(bool could_unlink)
{
    struct config config;
    struct identity id;
    int64_t size = 0;
    int rc = read_files(&config, &id);
    if (rc < 0)
        return "what a daemon starts from can be read again";
    if (config_number(&config, SETTING_LINK_BEAT_MS) != 1000 ||
        id.incarnation - mine.incarnation > 1)
        return "a file is the old one or the new one";
    if (could_unlink && disk_look(disk_at(NODE), "export.db", &size, NULL) >= 0 && size == 0)
        return "an export is whole or not there";
    return NULL;
}

static int tell(const struct failure *f, const char *rule, const char *detail)
{
    printf("torture: step %s, %s %llu%s, %s: broken: %s (%s)\n", f->step->name,
           f->alloc ? "alloc" : "call", (unsigned long long)(f->alloc ? f->alloc : f->call),
           f->for_good ? " and all behind it" : "", f->alloc ? "no memory" : strerror(f->error),
           rule, detail);
    return 1;
}

// The disk and the memory are well again.
static int start_again(const struct failure *f)
{
    unsigned desk = f->step->desk;
    int rc = -EIO;
    char detail[40];
    if (f->step == &files) {
        const char *rule = look_at_files(!f->for_good && !f->alloc);
        return rule ? tell(f, rule, "") : 0;
    }
    for (unsigned i = 0; i < STARTS_MAX && rc < 0; i++) {
        rc = stage_start(desk);
        if (rc < 0)
            stage_stop(desk, 0);
    }
    snprintf(detail, sizeof detail, "%s", strerror(-rc));
    if (rc < 0)
        return tell(f, "a machine starts again", detail);
    const char *rule = oracle_check(desk);
    if (!rule && desk == NODE && stage_say(1) < 0)
        rule = "a machine goes on";
    stage_stop(desk, 0);
    if (!rule && memory->copied && desk == NODE)
        rule = oracle_copy(desk);
    return rule ? tell(f, rule, oracle_detail) : 0;
}

static int run_with_calls_failing(const struct failure *f, uint64_t *ret_calls)
{
    unsigned desk = f->step->desk;
    disk_fail_at(disk_at(desk), f->call, f->error, f->for_good);
    int rc = f->step->run();
    *ret_calls = disk_calls(disk_at(desk));
    rc = desks[desk].failed < 0 ? desks[desk].failed : rc;
    for (unsigned i = 0; i < DESKS; i++)
        stage_stop(i, i == desk ? rc : 0);
    disk_arm(disk_at(desk));
    return rc;
}

static int fail_call(const struct scene *before, const struct failure *f, uint64_t *ret_calls)
{
    scene_load(before);
    plant_reset();
    int64_t used = sqlite3_memory_used();
    int rc = steps_start(f->step);
    assert(rc == 0);
    run_with_calls_failing(f, ret_calls);
    n_failures++;
    if (crashcalls_open_now() > 0)
        return tell(f, "no descriptor is left open", "");
    if (sqlite3_memory_used() > used)
        return tell(f, "no memory is left", "SQLite's");
    return start_again(f);
}

// In a child of this process; what it acknowledges and what is on its disk is seen from here.
static int run_in_child(const struct failure *f, uint64_t *shared_count)
{
    fflush(stdout);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        int rc = steps_start(f->step);
        assert(rc == 0);
        failalloc_at(f->alloc, f->for_good);
        rc = f->step->run();
        *shared_count = failalloc_count();
        failalloc_at(0, false);
        rc = desks[f->step->desk].failed < 0 ? desks[f->step->desk].failed : rc;
        if (rc == -EIO)
            suspect_mark(desks[f->step->desk].dir);
        _exit(rc < 0 ? CHILD_SAID : CHILD_WENT_ON);
    }
    int status = 0;
    pid_t ended = waitpid(child, &status, 0);
    assert(ended == child);
    for (unsigned i = 0; i < DESKS; i++)
        disk_orphan(disk_at(i));
    if (WIFEXITED(status) && WEXITSTATUS(status) <= CHILD_SAID)
        return 0;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? 0 : -1;
}

static int fail_alloc(const struct scene *before, const struct failure *f, uint64_t *shared_count)
{
    scene_load(before);
    n_failures++;
    if (run_in_child(f, shared_count) < 0)
        return tell(f, "no memory is a message and exit, or an abort", "it ended otherwise");
    for (unsigned i = 0; i < DESKS && f->alloc % 2 == 0; i++) {
        disk_power_off(disk_at(i));
        disk_power_on(disk_at(i), f->alloc / 2);
    }
    return start_again(f);
}

// Every nth failure of the step, so that about `points` of each kind are played.
static int fail_calls(const struct scenario *s, uint64_t points, uint64_t *ret_offset)
{
    struct scene before;
    struct failure f = {.step = s};
    uint64_t calls = 0, unused;
    int bad = 0;
    step_before(s, &before);
    bad = fail_call(&before, &f, &calls); // none fails: so many there are
    uint64_t all = calls * ERRORS * 2, stride = all > points ? all / points : 1;
    for (uint64_t i = *ret_offset % stride; i < all && bad == 0; i += stride) {
        f.call = 1 + i / (ERRORS * 2);
        f.error = errors[i / 2 % ERRORS];
        f.for_good = i % 2;
        bad = fail_call(&before, &f, &unused);
    }
    *ret_offset += 7;
    scene_free(&before);
    return bad;
}

static int fail_allocs(const struct scenario *s, uint64_t points, uint64_t *shared_count)
{
    struct scene before;
    struct failure f = {.step = s};
    int bad = 0;
    step_before(s, &before);
    *shared_count = 0;
    bad = fail_alloc(&before, &f, shared_count);
    uint64_t all = *shared_count * 2, stride = all > points ? all / points | 1 : 1;
    for (uint64_t i = 0; i < all && bad == 0; i += stride) {
        f.alloc = 1 + i / 2;
        f.for_good = i % 2;
        bad = fail_alloc(&before, &f, shared_count);
    }
    scene_free(&before);
    return bad;
}

static int fail_all(uint64_t points, const struct scenario *only, uint64_t *shared_count)
{
    int bad = 0;
    uint64_t each = only ? points / 2 : points / 2 / (n_steps + 1), offset = 0;
    each = each > 0 ? each : 1;
    for (unsigned i = 0; i <= n_steps && bad == 0; i++) {
        const struct scenario *s = i < n_steps ? &steps[i] : &files;
        if (only && only != s)
            continue;
        bad = fail_calls(s, each, &offset);
        if (bad == 0)
            bad = fail_allocs(s, each, shared_count);
    }
    return bad;
}

static int fail_one(const struct failure *f, uint64_t *shared_count)
{
    struct scene before;
    uint64_t calls;
    step_before(f->step, &before);
    int bad = f->alloc ? fail_alloc(&before, f, shared_count) : fail_call(&before, f, &calls);
    scene_free(&before);
    return bad;
}

static int usage(void)
{
    fprintf(stderr, "torture [--points N] [--plant NAME] [--step NAME [--call K --error E | "
                    "--alloc K] [--good]]\n");
    return 2;
}

int main(int argc, char **argv)
{
    uint64_t n = 2000;
    struct failure f = {.error = EIO};
    const char *plant = NULL;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        unsigned long long number = strtoull(value, NULL, 10);
        bool alone = strcmp(argv[i], "--good") == 0;
        if (strcmp(argv[i], "--points") == 0)
            n = number;
        else if (strcmp(argv[i], "--plant") == 0)
            plant = value;
        else if (strcmp(argv[i], "--call") == 0)
            f.call = number;
        else if (strcmp(argv[i], "--alloc") == 0)
            f.alloc = number;
        else if (strcmp(argv[i], "--error") == 0)
            f.error = (int)number;
        else if (strcmp(argv[i], "--step") == 0)
            f.step = strcmp(value, files.name) == 0 ? &files : step_named(value);
        else if (alone)
            f.for_good = true;
        else
            return usage();
        i += !alone;
    }
    if (!getenv("CRASH_LOUD") && !freopen("/dev/null", "w", stderr))
        return usage();
    uint64_t *shared_count =
        mmap(NULL, sizeof *shared_count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert(shared_count != MAP_FAILED);
    failalloc_install();
    steps_found();
    if (plant && !plant_set(plant))
        return usage();
    int bad = f.call || f.alloc ? fail_one(&f, shared_count) : fail_all(n, f.step, shared_count);
    scene_free(&founded);
    if (plant)
        printf("torture: the planted bug %s was %s\n", plant, bad ? "found" : "not found");
    else if (!bad)
        printf("torture: %llu failures, 0 violations\n", n_failures);
    return plant ? !bad : bad;
}

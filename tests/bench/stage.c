// stage.c - a hub in a fresh directory with a plan and its children, started, asked and stopped.
#include "bench.h"
#include "common/base/savefile.h"
#include "common/store/logstore.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READY_MS = 60000, LOOK_MS = 10 };

// The program with these words, its output behind that of the others in `log`. It ends with us.
static pid_t spawn(const struct stage *s, const char *const *words)
{
    char log[640];
    snprintf(log, sizeof log, "%s/log", s->dir);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    if (s->slow_ms && strcmp(words[1], "serve") == 0) {
        setenv("LD_PRELOAD", BENCH_SLOW_SYNC, 1);
        setenv("SLOW_SYNC_MS", s->slow_ms, 1);
    }
    execv(words[0], (char *const *)words);
    _exit(127);
}

static int wrong(const struct stage *s, const char *what)
{
    fprintf(stderr, "ingest: %s; what it said is in %s/log\n", what, s->dir);
    return -1;
}

static int run(const struct stage *s, const char *const *words)
{
    int status = 0;
    char how[80];
    pid_t pid = spawn(s, words);
    if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    snprintf(how, sizeof how, "%s ended with %s %d", words[1],
             WIFSIGNALED(status) ? "signal" : "exit code",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return wrong(s, pid > 0 ? how : strerror(errno));
}

static FILE *plan_file(const struct stage *s, const char *name)
{
    char path[700];
    snprintf(path, sizeof path, "%s/%s", s->plan, name);
    FILE *f = fopen(path, "we");
    if (!f)
        perror(path);
    return f;
}

static int write_settings(const struct stage *s)
{
    FILE *f = plan_file(s, "election.zpl");
    if (!f)
        return -1;
    fputs("plan\n    version = 1\n    label = bench\n    title = bench\n    day = "
          "2030-01-06\nlevels\n",
          f);
    fputs("    1\n        name = top\n    2\n        name = node\n    3\n        name = "
          "place\ncutoffs\n",
          f);
    for (unsigned i = 1; i <= BENCH_CUTOFFS; i++)
        fprintf(f,
                "    %u\n        name = c%u\n        at = 2030-01-06 %02u:00\n        grace = 15\n",
                i, i, i + 4);
    return fclose(f);
}

static int write_tables(const struct stage *s, const struct load *l)
{
    FILE *units = plan_file(s, "units.csv"), *voters = plan_file(s, "voters.csv");
    FILE *contests = plan_file(s, "contests.csv"), *candidates = plan_file(s, "candidates.csv");
    struct code unit, place, contest;
    if (!units || !voters || !contests || !candidates)
        return -1;
    fputs("code,name,kind,unit_code,profile,seats\n", contests);
    fputs("contest,number,key,name\n", candidates);
    for (unsigned c = 0; c < l->contests; c++) {
        bench_contest(c, &contest);
        fprintf(contests, "%s,contest,seat,TOP,plurality,1\n", contest.at);
        fprintf(candidates, "%s,1,,One\n%s,2,,Two\n", contest.at, contest.at);
    }
    fputs("code,parent_code,level,name,place\nTOP,,1,Top,\n", units);
    fputs("place,contest,voters\n", voters);
    for (unsigned i = 0; i < l->nodes; i++) {
        bench_unit(i, &unit);
        fprintf(units, "%s,TOP,2,%s,\n", unit.at, unit.at);
        for (unsigned k = 0; k < l->places; k++) {
            bench_place(i, k, &place);
            fprintf(units, "%s,%s,3,%s,yes\n", place.at, unit.at, place.at);
            for (unsigned c = 0; c < l->contests; c++) {
                bench_contest(c, &contest);
                fprintf(voters, "%s,%s,%u\n", place.at, contest.at, BENCH_VOTERS);
            }
        }
    }
    return fclose(units) | fclose(voters) | fclose(contests) | fclose(candidates);
}

// The hub's list of children as hub/children.c writes it, each with the certificate that enrolment gives.
static int write_children(const struct stage *s, unsigned n, struct bench_node *nodes)
{
    size_t cap = 64 + (size_t)n * (CERTIFICATE_MAX + CODE_MAX + 16);
    uint8_t *buffer = malloc(cap), raw[CERTIFICATE_MAX], secret[SECRET_SIZE];
    struct packer p;
    if (!buffer)
        abort();
    pack_init(&p, buffer, cap);
    pack_array(&p, 2);
    pack_array(&p, n);
    for (unsigned i = 0; i < n; i++) {
        struct identity *id = &nodes[i].id, voucher;
        identity_make(id);
        identity_make(&voucher);
        bench_unit(i, &id->unit);
        memcpy(id->election, s->top.election, ELECTION_SIZE);
        struct certificate c = {.unit = id->unit, .incarnation = id->incarnation};
        memcpy(c.key, id->key, KEY_SIZE);
        memcpy(c.curve, id->curve, KEY_SIZE);
        memcpy(c.voucher, voucher.key, KEY_SIZE);
        memcpy(secret, voucher.secret, SECRET_SIZE);
        pack_array(&p, 3);
        pack_text(&p, code_bytes(&id->unit));
        pack_bin(&p, bytes_of(raw, certificate_make(&c, id->election, id->secret, secret, raw)));
        pack_uint(&p, 0);
    }
    pack_array(&p, 0);
    int rc = savefile_write(s->state, "children", packed(&p));
    free(buffer);
    return rc;
}

static int wait_ready(struct stage *s)
{
    for (int left = READY_MS; left > 0; left -= LOOK_MS) {
        uint8_t *port;
        size_t n;
        char path[700];
        snprintf(path, sizeof path, "%s/http.port", s->state); // written last
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
            s->pid = 0;
            return wrong(s, "the hub ended by itself");
        }
        if (access(path, R_OK) == 0 && savefile_read(s->state, "link.port", 64, &port, &n) == 0) {
            snprintf(s->address, sizeof s->address, "tcp://127.0.0.1:%d", atoi((char *)port));
            free(port);
            return 0;
        }
        poll(NULL, 0, LOOK_MS);
    }
    return wrong(s, "the hub does not answer");
}

int stage_start(struct stage *s)
{
    const char *serve[] = {s->program, "serve", "--dir", s->state, NULL};
    char path[700];
    snprintf(path, sizeof path, "%s/http.port", s->state);
    unlink(path);
    s->pid = spawn(s, serve);
    return s->pid < 0 ? wrong(s, strerror(errno)) : wait_ready(s);
}

int stage_begin(struct stage *s, const char *within, const struct load *l, struct bench_node *nodes)
{
    const char *why = NULL;
    snprintf(s->dir, sizeof s->dir, "%s/dantin-ingest-XXXXXX", within);
    if (!mkdtemp(s->dir)) {
        perror(s->dir);
        return -1;
    }
    snprintf(s->state, sizeof s->state, "%s/hub", s->dir);
    snprintf(s->plan, sizeof s->plan, "%s/plan", s->dir);
    const char *init[] = {s->program, "init", "--unit", "TOP", "--drill", "--dir", s->state, NULL};
    const char *load[] = {s->program, "plan",  "load",   s->plan, "--as",
                          "bench",    "--dir", s->state, NULL};
    if (mkdir(s->plan, 0700) < 0 || write_settings(s) != 0 || write_tables(s, l) != 0)
        return wrong(s, "the plan folder could not be written");
    if (run(s, init) < 0)
        return -1;
    if (identity_read(s->state, &s->top, &why) < 0 || write_children(s, l->nodes, nodes) < 0 ||
        savefile_write(s->state, "people.csv", bytes_text("id,name\nbench,Bench\n")) < 0)
        return wrong(s, "the hub could not be set up");
    return stage_start(s) < 0 ? -1 : run(s, load);
}

double stage_cpu(const struct stage *s)
{
    clockid_t clock;
    struct timespec t = {0};
    if (clock_getcpuclockid(s->pid, &clock) == 0)
        clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t status_kib(const struct stage *s, const char *format)
{
    char path[64], line[256];
    unsigned long long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f) && strncmp(line, format, strlen(format)) != 0)
        ;
    if (f) {
        kib = strtoull(line + strlen(format), NULL, 10);
        fclose(f);
    }
    return kib;
}

uint64_t stage_peak_kib(const struct stage *s)
{
    return status_kib(s, "VmHWM:");
}

uint64_t stage_kib(const struct stage *s)
{
    return status_kib(s, "VmRSS:");
}

uint64_t stage_disk(const struct stage *s)
{
    char path[700];
    struct stat st;
    snprintf(path, sizeof path, "%s/store.db", s->state);
    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

int stage_stop(struct stage *s)
{
    int status = 0;
    if (s->pid <= 0)
        return 0;
    kill(s->pid, SIGTERM);
    pid_t pid = waitpid(s->pid, &status, 0);
    bool good = pid == s->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    s->pid = 0;
    return good ? 0 : wrong(s, "the hub did not end well");
}

static int on_log(void *ctx, uint32_t log, const struct stored_log *l)
{
    uint64_t *records = ctx;
    (void)log;
    *records += l->id.stream == STREAM_REPORTS && l->id.author.at[0] == 'N' ? l->n : 0;
    return 0;
}

int stage_count(const struct stage *s, const char *program, uint64_t *ret_records)
{
    const char *verify[] = {program, "verify", "--dir", s->state, NULL};
    struct store *store = NULL;
    *ret_records = 0;
    int rc = run(s, verify);
    if (rc == 0)
        rc = store_open_reader(&store, s->state);
    if (rc == 0)
        rc = store_logs(store, on_log, ret_records);
    store_close(&store);
    return rc;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

void stage_remove(struct stage *s)
{
    if (s->dir[0])
        nftw(s->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

// knock.c - all nodes of a hub come back at once after its restart: until the last is in session, and at what cost.
//
// The nodes are of several processes, each with few enough sockets for one; they knock when all are told to.
#include "bench.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PART = 2500, PARTS_MAX = 4 };

struct part {
    pid_t pid;
    int orders, answers; // our ends of its pipes
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// Told once, it knocks and says whether all were let in; told again, it goes.
_Noreturn static void be_part(struct bench_node *nodes, const struct load *l, const struct stage *s,
                              const int pipes[2])
{
    char order, good;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (read(pipes[0], &order, 1) != 1)
        _exit(1);
    good = nodes_connect(nodes, l, s) == 0;
    if (write(pipes[1], &good, 1) == 1 && read(pipes[0], &order, 1) == 1)
        nodes_close(nodes, l->nodes);
    _exit(0);
}

static int start_part(struct part *p, struct bench_node *nodes, const struct load *l,
                      const struct stage *s)
{
    int down[2], up[2];
    if (pipe(down) < 0 || pipe(up) < 0)
        return -errno;
    p->pid = fork();
    if (p->pid < 0)
        return -errno;
    if (p->pid == 0) {
        close(down[1]), close(up[0]);
        be_part(nodes, l, s, (int[]){down[0], up[1]});
    }
    close(down[0]), close(up[1]);
    p->orders = down[1];
    p->answers = up[0];
    return 0;
}

static bool tell_all(const struct part *parts, unsigned n)
{
    bool good = true;
    for (unsigned i = 0; i < n; i++)
        good = write(parts[i].orders, "!", 1) == 1 && good;
    return good;
}

static bool hear_all(const struct part *parts, unsigned n)
{
    bool good = true;
    char answer = 0;
    for (unsigned i = 0; i < n; i++)
        good = read(parts[i].answers, &answer, 1) == 1 && answer && good;
    return good;
}

struct knocked {
    double seconds, cpu;
    uint64_t kib; // the hub has so much more than before
};

static int once(struct bench_node *nodes, const struct load *l, const struct stage *s,
                struct knocked *ret)
{
    struct part parts[PARTS_MAX] = {{0}};
    unsigned n = 0;
    int rc = 0;
    for (unsigned from = 0; from < l->nodes && rc == 0; from += PART, n++) {
        struct load part = *l;
        part.nodes = l->nodes - from < PART ? l->nodes - from : PART;
        rc = start_part(&parts[n], nodes + from, &part, s);
    }
    uint64_t before = stage_kib(s);
    double from = now_s(), cpu = stage_cpu(s);
    bool good = rc == 0 && tell_all(parts, n) && hear_all(parts, n);
    *ret = (struct knocked){.seconds = now_s() - from, .cpu = stage_cpu(s) - cpu};
    ret->kib = stage_kib(s) - before;
    tell_all(parts, n);
    for (unsigned i = 0; i < n; i++) {
        close(parts[i].orders), close(parts[i].answers);
        waitpid(parts[i].pid, NULL, 0);
    }
    return good ? 0 : -1;
}

int knock(struct bench_node *nodes, const struct load *l, struct stage *s, bool json)
{
    struct knocked first, again;
    uint64_t records;
    for (unsigned i = 0; i < l->nodes; i++)
        nodes[i].session = i + 1;
    if (once(nodes, l, s, &first) < 0 || stage_stop(s) < 0 || stage_start(s) < 0)
        return -1;
    for (unsigned i = 0; i < l->nodes; i++)
        nodes[i].session += l->nodes;
    if (once(nodes, l, s, &again) < 0 || stage_stop(s) < 0 ||
        stage_count(s, s->program, &records) < 0)
        return -1;
    double kib = (double)again.kib / l->nodes;
    if (json)
        printf("{\"nodes\":%u,\"seconds\":%.3f,\"first_s\":%.3f,\"hub_cpu_s\":%.3f,"
               "\"kib_per_node\":%.1f}\n",
               l->nodes, again.seconds, first.seconds, again.cpu, kib);
    else
        printf("%u nodes: in session for the first time after %.2f s; after a restart of the hub "
               "after "
               "%.2f s, %.2f s of its processor, %.1f KiB of its memory each\n",
               l->nodes, first.seconds, again.seconds, again.cpu, kib);
    return 0;
}

// peer.c - the same load for PostgreSQL or Redis: durable acknowledged records per second, and what each costs.
#include "peer.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { STUCK_S = 30, READY_MAX = 256, PROCESSES_MAX = 20000 };

static const char help[] =
    "peer --postgres CONNINFO | --redis HOST:PORT --server PID [--nodes 100] [--run-length 100] "
    "[--in-flight 4]\n"
    "     [--records 500000] [--paced RECORDS_PER_SECOND]\n"
    "\n"
    "A batch of records is one message; it counts when the server says that it is on its disk, and "
    "a server that would\n"
    "say so earlier, or has records already, is refused. In the end the server is asked how many "
    "there are. Prints what "
    "ingest --json prints;\n"
    "hub_us is the CPU of the server: of the process PID and all below it.\n";

struct node {
    struct peer_conn *conn;
    uint32_t sent, acked, allowed; // allowed: may be sent by now
    int64_t *from;                 // ns: when each batch was due, or sent
    bool writing;
};
struct contest {
    const struct peer_kind *kind;
    const char *where;
    long server;
    struct load load;
    uint32_t batches; // of each node
    struct node *nodes;
    int64_t *waited; // ns, of each batch
    uint64_t n_waited;
    uint64_t due; // paced: batches of all nodes that fell due
    int64_t begun;
    int ready;
};

static int64_t now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void *some(size_t n, size_t size)
{
    void *at = calloc(n, size);
    if (!at)
        abort();
    return at;
}

// ---- processor of a server ----

struct process {
    long pid, parent;
    double s;
};

static bool first_line(const char *path, char *line, int size)
{
    FILE *f = fopen(path, "re");
    bool got = f && fgets(line, size, f);
    if (f)
        fclose(f);
    return got;
}

// Of its threads to the nanosecond: a hundred processes each rounded to a clock tick would hide their work.
static double threads_s(const char *pid)
{
    char path[600], line[128];
    double ns = 0;
    snprintf(path, sizeof path, "/proc/%s/task", pid);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        snprintf(path, sizeof path, "/proc/%s/task/%s/schedstat", pid, e->d_name);
        if (isdigit((unsigned char)e->d_name[0]) && first_line(path, line, sizeof line))
            ns += strtod(line, NULL);
    }
    if (d)
        closedir(d);
    return ns / 1e9;
}

static bool read_process(const char *pid, struct process *ret)
{
    char path[300], line[1024];
    long user, system; // of children that ended
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    char *end = first_line(path, line, sizeof line) ? strrchr(line, ')') : NULL;
    ret->pid = atol(pid);
    if (!end || sscanf(end, ") %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %ld %ld",
                       &ret->parent, &user, &system) != 3)
        return false;
    ret->s = threads_s(pid) + (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
    return true;
}

// Of the server's process and of all that it started, also of those that ended.
static double server_cpu(long server)
{
    static struct process all[PROCESSES_MAX];
    static bool its[PROCESSES_MAX];
    unsigned n = 0;
    double s = 0;
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && (e = readdir(d)) && n < PROCESSES_MAX;)
        if (isdigit((unsigned char)e->d_name[0]) && read_process(e->d_name, &all[n]))
            its[n] = all[n].pid == server, n++;
    if (d)
        closedir(d);
    for (bool more = true; more;) {
        more = false;
        for (unsigned i = 0; i < n; i++)
            for (unsigned k = 0; k < n && !its[i]; k++)
                if (its[k] && all[k].pid == all[i].parent)
                    its[i] = more = true;
    }
    for (unsigned i = 0; i < n; i++)
        s += its[i] ? all[i].s : 0;
    return s;
}

// ---- the load ----

static int give(struct contest *r, struct node *n)
{
    while (n->sent < n->allowed && n->sent - n->acked < r->load.in_flight) {
        if (r->load.paced == 0)
            n->from[n->sent] = now_ns(CLOCK_MONOTONIC);
        if (r->kind->send(n->conn, n->sent++) < 0)
            return -1;
    }
    int more = r->kind->flush(n->conn);
    struct epoll_event e = {.events = more > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = n};
    if (more >= 0 && (more > 0) != n->writing)
        epoll_ctl(r->ready, EPOLL_CTL_MOD, r->kind->fd(n->conn), &e);
    n->writing = more > 0;
    return more < 0 ? -1 : 0;
}

static int heed(struct contest *r, struct node *n)
{
    int got = r->kind->acked(n->conn);
    int64_t now = now_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < got; i++)
        r->waited[r->n_waited++] = now - n->from[n->acked++];
    return got < 0 ? -1 : give(r, n);
}

static int connect_all(struct contest *r)
{
    r->ready = epoll_create1(EPOLL_CLOEXEC);
    r->nodes = some(r->load.nodes, sizeof *r->nodes);
    r->waited = some((size_t)r->load.nodes * r->batches, sizeof *r->waited);
    for (unsigned i = 0; i < r->load.nodes; i++) {
        struct node *n = &r->nodes[i];
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = n};
        n->from = some(r->batches, sizeof *n->from);
        n->conn = r->kind->open(r->where, i, &r->load);
        if (!n->conn || epoll_ctl(r->ready, EPOLL_CTL_ADD, r->kind->fd(n->conn), &e) < 0)
            return -1;
    }
    return 0;
}

// Paced: batches fall due one after the other, node by node. ret_wait: ns until the next does.
static int release(struct contest *r, int64_t *ret_wait)
{
    uint64_t all = (uint64_t)r->load.nodes * r->batches;
    for (; r->load.paced > 0 && r->due < all; r->due++) {
        struct node *n = &r->nodes[r->due % r->load.nodes];
        int64_t at =
            r->begun + (int64_t)((double)r->due * r->load.run_length / r->load.paced * 1e9);
        *ret_wait = at - now_ns(CLOCK_MONOTONIC);
        if (*ret_wait > 0)
            return 0;
        n->from[n->allowed++] = at;
        if (give(r, n) < 0)
            return -1;
    }
    *ret_wait = STUCK_S * 1000000000ll;
    return 0;
}

static int load_all(struct contest *r)
{
    uint64_t all = (uint64_t)r->load.nodes * r->batches;
    int64_t wait, moved = r->begun = now_ns(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < r->load.nodes; i++) {
        r->nodes[i].allowed = r->load.paced > 0 ? 0 : r->batches;
        if (give(r, &r->nodes[i]) < 0)
            return -1;
    }
    while (r->n_waited < all) {
        struct epoll_event ready[READY_MAX];
        if (release(r, &wait) < 0)
            return -1;
        struct timespec t = {.tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000};
        int n = epoll_pwait2(r->ready, ready, READY_MAX, &t, NULL);
        for (int i = 0; i < n; i++)
            if (heed(r, ready[i].data.ptr) < 0)
                return -1;
        int64_t now = now_ns(CLOCK_MONOTONIC);
        moved = n > 0 ? now : moved;
        if (now - moved > STUCK_S * 1000000000ll || (n < 0 && errno != EINTR)) {
            fprintf(stderr, "peer: nothing came for %d s\n", STUCK_S);
            return -1;
        }
    }
    return 0;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double part(const struct contest *r, double of)
{
    return (double)r->waited[(uint64_t)((double)(r->n_waited - 1) * of)] / 1e6;
}

static int measure(struct contest *r)
{
    double cpu = server_cpu(r->server);
    int64_t own = now_ns(CLOCK_PROCESS_CPUTIME_ID), begun = now_ns(CLOCK_MONOTONIC);
    if (load_all(r) < 0)
        return -1;
    double seconds = (double)(now_ns(CLOCK_MONOTONIC) - begun) / 1e9;
    double own_s = (double)(now_ns(CLOCK_PROCESS_CPUTIME_ID) - own) / 1e9;
    double n = (double)r->n_waited * r->load.run_length;
    cpu = server_cpu(r->server) - cpu;
    int64_t there = r->kind->count(r->where);
    if (there != (int64_t)n) {
        fprintf(stderr, "peer: %lld records are there, %.0f were acknowledged\n", (long long)there,
                n);
        return -1;
    }
    qsort(r->waited, r->n_waited, sizeof *r->waited, by_time);
    printf("{\"store\":\"%s\",\"nodes\":%u,\"run_length\":%u,\"in_flight\":%u,\"paced\":%.0f,"
           "\"records\":%.0f,\"seconds\":%.3f,"
           "\"records_per_s\":%.0f,\"hub_us\":%.3f,\"generator_us\":%.3f,\"p50_ms\":%.2f,\"p99_"
           "ms\":%.2f}\n",
           r->kind->name, r->load.nodes, r->load.run_length, r->load.in_flight, r->load.paced, n,
           seconds, n / seconds, cpu / n * 1e6, own_s / n * 1e6, part(r, 0.5), part(r, 0.99));
    return 0;
}

static bool read_options(struct contest *r, int argc, char **argv)
{
    static const struct option options[] = {{"postgres", 1, 0, 'p'},   {"redis", 1, 0, 'r'},
                                            {"server", 1, 0, 's'},     {"nodes", 1, 0, 'n'},
                                            {"run-length", 1, 0, 'l'}, {"in-flight", 1, 0, 'w'},
                                            {"records", 1, 0, 'c'},    {"paced", 1, 0, 'a'},
                                            {"help", 0, 0, 'h'},       {0}};
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (c) {
#ifdef HAVE_POSTGRES
        case 'p': r->kind = &peer_postgres, r->where = optarg; break;
#endif
#ifdef HAVE_REDIS
        case 'r': r->kind = &peer_redis, r->where = optarg; break;
#endif
        case 's': r->server = atol(optarg); break;
        case 'n': r->load.nodes = (unsigned)atoi(optarg); break;
        case 'l': r->load.run_length = (unsigned)atoi(optarg); break;
        case 'w': r->load.in_flight = (unsigned)atoi(optarg); break;
        case 'c': r->load.records = strtoull(optarg, NULL, 10); break;
        case 'a': r->load.paced = strtod(optarg, NULL); break;
        case 'h': // which servers it was built for, for whoever asks
#ifdef HAVE_POSTGRES
            puts(peer_postgres.name);
#endif
#ifdef HAVE_REDIS
            puts(peer_redis.name);
#endif
            return false;
        default: return false;
        }
    return r->kind && r->load.nodes > 0 && r->load.run_length > 0 && r->load.in_flight > 0 &&
           r->load.paced >= 0 && r->load.records >= r->load.nodes;
}

int main(int argc, char **argv)
{
    struct contest r = {
        .load = {.nodes = 100, .run_length = 100, .in_flight = 4, .records = 500000}};
    struct rlimit files;
    if (!read_options(&r, argc, argv)) {
        fputs(help, stderr);
        return 2;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    r.batches =
        (uint32_t)((r.load.records / r.load.nodes + r.load.run_length - 1) / r.load.run_length);
    r.load.contests = 1;
    r.load.places = (r.batches * r.load.run_length + BENCH_CUTOFFS - 1) / BENCH_CUTOFFS;
    int rc = r.kind->check(r.where);
    if (rc == 0)
        rc = connect_all(&r);
    if (rc == 0)
        rc = measure(&r);
    for (unsigned i = 0; i < r.load.nodes && r.nodes; i++) {
        if (r.nodes[i].conn)
            r.kind->close(r.nodes[i].conn);
        free(r.nodes[i].from);
    }
    free(r.nodes);
    free(r.waited);
    return rc == 0 ? 0 : 1;
}

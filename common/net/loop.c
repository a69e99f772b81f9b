// loop.c - the program's only event loop: a zloop with an end of turn, a tick, signals and systemd.
#include "common/net/loop.h"
#include "common/base/clock.h"
#include <czmq.h>
#include <sys/signalfd.h>
#include <sys/un.h>

enum { NOTIFY_MAX = 512 };

struct source {
    struct source *next;
    zmq_pollitem_t item;
    void (*on_ready)(void *ctx);
    void *ctx;
};

struct loop {
    struct loop_hooks hooks;
    zloop_t *zloop;
    struct source *sources;
    sigset_t mask_before;
    int signals; // a signalfd
    bool armed;  // the end of this turn is on its way
    bool ended;  // the callback that runs is the last
    int why;
    int64_t ticked_at; // ms, clock_mono
    int64_t watchdog_ms, fed_at;
};

// One datagram to systemd. It is told, never waited for: whatever fails here harms nobody.
static void notify(const char *text)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n = path ? strlen(path) : 0;
    if (n < 2 || n >= sizeof to.sun_path || (*path != '/' && *path != '@'))
        return;
    memcpy(to.sun_path, path, n);
    if (*path == '@')
        to.sun_path[0] = 0; // the abstract name space
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    (void)!sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, size);
    close(fd);
}

static int64_t watchdog_period(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    if (!usec || (pid && strtol(pid, NULL, 10) != getpid()))
        return 0;
    return strtoll(usec, NULL, 10) / 1000 / 3; // three chances
}

// A handler's -1 is how a zloop ends; nothing else may return it.
static int verdict(const struct loop *l)
{
    return l->ended ? -1 : 0;
}

static int ready(zloop_t *zloop, zmq_pollitem_t *item, void *arg)
{
    (void)zloop;
    (void)item;
    struct source *s = arg;
    s->on_ready(s->ctx); // s may be gone now
    return 0;
}

// What was taken in before a signal is still finished; after a failure it is not.
static int turn_end(zloop_t *zloop, int timer, void *arg)
{
    (void)zloop;
    (void)timer;
    struct loop *l = arg;
    bool due = l->armed;
    l->armed = false;
    if (due && l->hooks.on_turn_end && l->why == 0)
        l->hooks.on_turn_end(l->hooks.ctx);
    return verdict(l);
}

// After the process was stopped or the machine slept, zloop fires for all the periods missed.
static int tick(zloop_t *zloop, int timer, void *arg)
{
    (void)zloop;
    (void)timer;
    struct loop *l = arg;
    int64_t now = clock_mono();
    if (now - l->ticked_at < LOOP_TICK_MS / 2)
        return verdict(l);
    l->ticked_at = now;
    if (l->watchdog_ms > 0 && now - l->fed_at >= l->watchdog_ms) {
        l->fed_at = now;
        notify("WATCHDOG=1");
    }
    if (l->hooks.on_tick && !l->ended)
        l->hooks.on_tick(l->hooks.ctx);
    return verdict(l);
}

static void end(struct loop *l, int why)
{
    if (l->ended)
        return;
    l->ended = true;
    l->why = why;
    int timer = zloop_timer(l->zloop, 0, 1, turn_end, l);
    assert(timer >= 0);
}

static void take_signal(void *ctx)
{
    struct loop *l = ctx;
    struct signalfd_siginfo info;
    if (read(l->signals, &info, sizeof info) != sizeof info)
        return;
    zsys_info("loop: ends signal=%s", strsignal((int)info.ssi_signo));
    notify("STOPPING=1");
    end(l, 0);
}

static int add(struct loop *l, void *socket, int fd, void (*on_ready)(void *ctx), void *ctx)
{
    struct source *s = calloc(1, sizeof *s);
    assert(s);
    *s = (struct source){.next = l->sources, .on_ready = on_ready, .ctx = ctx};
    s->item = (zmq_pollitem_t){.socket = socket, .fd = fd, .events = ZMQ_POLLIN};
    if (zloop_poller(l->zloop, &s->item, ready, s) != 0) {
        free(s);
        return -EIO;
    }
    zloop_poller_set_tolerant(l->zloop, &s->item);
    l->sources = s;
    return 0;
}

static void drop(struct loop *l, void *socket, int fd)
{
    for (struct source **p = &l->sources; *p; p = &(*p)->next) {
        struct source *s = *p;
        if (s->item.socket != socket || (!socket && s->item.fd != fd))
            continue;
        zloop_poller_end(l->zloop, &s->item);
        *p = s->next;
        free(s);
        return;
    }
}

static int watch_signals(struct loop *l)
{
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ours, &l->mask_before);
    signal(SIGPIPE, SIG_IGN);
    l->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
    if (l->signals < 0)
        return -errno;
    return loop_add_fd(l, l->signals, take_signal, l);
}

int loop_open(struct loop **ret_loop, const struct loop_hooks *hooks)
{
    struct loop *l = calloc(1, sizeof *l);
    assert(l);
    l->hooks = *hooks;
    l->signals = -1;
    zsys_handler_set(NULL); // czmq's own handlers would be found by the first socket
    l->zloop = zloop_new();
    assert(l->zloop);
    zloop_set_nonstop(l->zloop, true);
    int rc = watch_signals(l);
    if (rc == 0 && zloop_timer(l->zloop, LOOP_TICK_MS, 0, tick, l) < 0)
        rc = -EIO;
    if (rc < 0) {
        loop_close(&l);
        return rc;
    }
    l->ticked_at = clock_mono();
    *ret_loop = l;
    return 0;
}

void loop_close(struct loop **loop)
{
    struct loop *l = *loop;
    if (!l)
        return;
    while (l->sources)
        drop(l, l->sources->item.socket, l->sources->item.fd);
    zloop_destroy(&l->zloop);
    if (l->signals >= 0)
        close(l->signals);
    pthread_sigmask(SIG_SETMASK, &l->mask_before, NULL);
    free(l);
    *loop = NULL;
}

int loop_run(struct loop *l)
{
    zloop_start(l->zloop);
    int why = l->ended ? l->why : -EIO; // the poll itself failed: zloop reports that as a quiet end
    l->ended = false;                   // it may run again
    l->why = 0;
    return why;
}

void loop_stop(struct loop *l, int why)
{
    assert(why < 0);
    end(l, why);
}

void loop_arm(struct loop *l)
{
    if (l->armed)
        return;
    l->armed = true;
    int timer = zloop_timer(l->zloop, 0, 1, turn_end, l);
    assert(timer >= 0);
}

int loop_add_fd(struct loop *l, int fd, void (*on_ready)(void *ctx), void *ctx)
{
    return add(l, NULL, fd, on_ready, ctx);
}

void loop_remove_fd(struct loop *l, int fd)
{
    drop(l, NULL, fd);
}

int loop_add_socket(struct loop *l, void *zsock, void (*on_ready)(void *ctx), void *ctx)
{
    return add(l, zsock_resolve(zsock), 0, on_ready, ctx);
}

void loop_remove_socket(struct loop *l, void *zsock)
{
    drop(l, zsock_resolve(zsock), 0);
}

void loop_ready(struct loop *l, const char *status)
{
    char text[NOTIFY_MAX];
    if (l->watchdog_ms == 0)
        l->watchdog_ms = watchdog_period();
    snprintf(text, sizeof text, "READY=1\nSTATUS=%s", status);
    notify(text);
}

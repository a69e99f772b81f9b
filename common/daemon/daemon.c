// daemon.c - one unit's daemon: an office, the loop, the link to the parent, pages and commands.
#include "daemon.h"
#include "common/base/clock.h"
#include "common/base/savefile.h"
#include "common/net/link.h"
#include "common/net/sse.h"
#include "common/office/verify.h"
#include "crew.h"
#include "join.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { DISK_LOOK_MS = 1000 };

struct daemon {
    struct daemon_setup setup;
    struct config config;
    struct identity id;
    struct loop *loop;
    struct office *office;
    struct link *link;
    struct http *http;
    struct sse *sse;
    struct people *people;
    struct crew *crew; // of a hub
    unsigned way;      // the one tried last
    uint64_t free_disk;
    int64_t looked_at;
    uint64_t published;
    int lock;
};

struct moment daemon_now(void)
{
    return (struct moment){.mono = clock_mono(), .wall = clock_now()};
}

struct office *daemon_office(struct daemon *d)
{
    return d->office;
}

struct loop *daemon_loop(struct daemon *d)
{
    return d->loop;
}

const struct config *daemon_config(const struct daemon *d)
{
    return &d->config;
}

struct people *daemon_people(struct daemon *d)
{
    return d->people;
}

const char *daemon_dir(const struct daemon *d)
{
    return d->setup.dir;
}

static int door_send(void *ctx, uint32_t peer, struct bytes frame)
{
    struct daemon *d = ctx;
    if (peer == OFFICE_PARENT)
        return link_send(d->link, frame);
    return d->setup.send ? d->setup.send(d->setup.ctx, peer, frame) : -EHOSTUNREACH;
}

static void door_connect(void *ctx, const char *why)
{
    struct daemon *d = ctx;
    const struct way *to = &d->id.ways[d->way++ % d->id.n_ways];
    int rc = link_connect(d->link, to, d->id.curve, d->id.curve_secret);
    if (rc < 0)
        fprintf(stderr, "link: cannot connect to %s (%s): %s\n", to->address, why, strerror(-rc));
}

static void door_drop(void *ctx, uint32_t peer, const char *why)
{
    struct daemon *d = ctx;
    (void)why;
    if (peer == OFFICE_PARENT)
        link_drop(d->link);
    else if (d->setup.drop)
        d->setup.drop(d->setup.ctx, peer);
}

_Static_assert((int)OFFICE_PROOFS_MAX <= (int)CREW_PIECES_MAX,
               "a crew takes all that an office gives");

static void door_ahead(void *ctx, void (*one)(void *work, unsigned i), void *work, unsigned n)
{
    struct daemon *d = ctx;
    if (n > 0)
        crew_begin(d->crew, one, work, n);
    else
        crew_end(d->crew);
}

static void door_await(void *ctx, unsigned i)
{
    crew_await(((struct daemon *)ctx)->crew, i);
}

static uint64_t door_random(void *ctx)
{
    (void)ctx;
    return clock_random64();
}

static uint64_t door_free_disk(void *ctx)
{
    struct daemon *d = ctx;
    struct statvfs v;
    int64_t now = clock_mono();
    if (d->looked_at == 0 || now - d->looked_at >= DISK_LOOK_MS) {
        d->looked_at = now;
        if (statvfs(d->setup.dir, &v) == 0)
            d->free_disk = (uint64_t)v.f_bavail * v.f_frsize;
    }
    return d->free_disk;
}

static void publish(struct daemon *d)
{
    uint64_t turn = office_turn_number(d->office);
    if (turn == d->published || !d->sse)
        return;
    if (sse_readers(d->sse) == 0) {
        sse_skip(d->sse, turn);
        return;
    }
    char *json = d->setup.event ? d->setup.event(d->setup.ctx) : NULL;
    if (json)
        sse_publish(d->sse, turn, json);
    d->published = turn;
    free(json);
}

void daemon_turned(struct daemon *d, int rc)
{
    if (rc == -EIO) {
        fprintf(
            stderr,
            "%s: the store in %s cannot be written or read as it should: stopping; it is checked "
            "and copied at the next start\n",
            d->setup.program, d->setup.dir);
        suspect_mark(d->setup.dir);
        loop_stop(d->loop, rc);
    } else if (rc < 0 && rc != -ENOSPC) {
        fprintf(stderr, "%s: the store answered: %s\n", d->setup.program, strerror(-rc));
        loop_stop(d->loop, rc);
    } else {
        publish(d);
    }
}

static void on_turn_end(void *ctx)
{
    struct daemon *d = ctx;
    if (office_has_work(d->office))
        daemon_turned(d, office_turn(d->office, daemon_now()));
}

static void on_tick(void *ctx)
{
    struct daemon *d = ctx;
    link_look(d->link);
    office_tick(d->office, daemon_now());
    // Answers owed by time alone (beats, paced marks and summaries) go out with a turn of their own.
    on_turn_end(d);
    if (d->http)
        http_tick(d->http);
}

static void on_frame(void *ctx, struct bytes frame)
{
    struct daemon *d = ctx;
    office_heard(d->office, OFFICE_PARENT, &d->id.signers[0].unit, frame, daemon_now());
}

static void on_up(void *ctx)
{
    struct daemon *d = ctx;
    office_link(d->office, true, daemon_now());
    loop_arm(d->loop);
}

static void on_down(void *ctx)
{
    struct daemon *d = ctx;
    office_link(d->office, false, daemon_now());
    loop_arm(d->loop);
}

static int open_office(struct daemon *d)
{
    struct office_setup s = {.dir = d->setup.dir, .identity = &d->id, .boot = clock_random64()};
    s.program = DANTIN_VERSION;
    char path[4200], first[4200];
    snprintf(first, sizeof first, "%s/%s", d->setup.dir, FIRST_FILE);
    s.later = access(first, F_OK) != 0;
    s.doors = (struct office_doors){d,
                                    door_send,
                                    door_connect,
                                    door_drop,
                                    door_random,
                                    door_free_disk,
                                    d->crew ? door_ahead : NULL,
                                    door_await};
    s.beat_ms = config_number(&d->config, SETTING_LINK_BEAT_MS);
    s.deadline_ms = config_number(&d->config, SETTING_LINK_DEADLINE_MS);
    s.backoff_ms = config_number(&d->config, SETTING_LINK_BACKOFF_MS);
    s.wait_ms = config_number(&d->config, SETTING_NODE_WAIT_MS);
    s.full_bytes = (uint64_t)config_number(&d->config, SETTING_STORE_FULL_MIB) << 20;
    s.budget = (uint64_t)config_number(&d->config, SETTING_HUB_BUDGET_MIB) << 20;
    snprintf(path, sizeof path, "%s/%s", d->setup.dir, SUSPECT_FILE);
    bool suspect = access(path, F_OK) == 0;
    int rc = suspect ? -EIO : office_open(&d->office, &s, daemon_now());
    if (rc == -EIO) {
        fprintf(stderr, "%s: the store is suspect: what verifies of it is copied to a fresh file\n",
                d->setup.program);
        rc = suspect_mend(d->setup.dir, d->id.election, clock_now());
        if (rc == 0)
            rc = office_open(&d->office, &s, daemon_now());
    }
    if (rc == -EPROTONOSUPPORT)
        fprintf(stderr, "%s: the store was made by a newer version of this program\n",
                d->setup.program);
    if (rc == 0)
        unlink(first);
    return rc;
}

static const struct plan *plan_in_force(void *ctx)
{
    return office_plan(((struct daemon *)ctx)->office);
}

static int open_people(struct daemon *d)
{
    struct people_setup s = {.rules = d->setup.people, .dir = d->setup.dir, .loop = d->loop};
    s.desk = d->setup.desk;
    s.access = (unsigned)config_number(&d->config, SETTING_HTTP_ACCESS);
    s.key = d->id.key;
    s.plan = plan_in_force;
    s.ctx = d;
    return people_open(&d->people, &s);
}

static uint64_t turn_number(void *ctx)
{
    return office_turn_number(((struct daemon *)ctx)->office);
}

static int open_pages(struct daemon *d)
{
    char host[CONFIG_TEXT_MAX + 1];
    struct http_setup h = {
        .loop = d->loop, .dir = d->setup.dir, .pages = d->setup.pages, .routes = d->setup.routes};
    snprintf(host, sizeof host, "%s", config_text(&d->config, SETTING_HTTP_LISTEN));
    char *colon = strrchr(host, ':');
    h.n_routes = d->setup.n_routes;
    h.ctx = d->setup.ctx;
    h.admit = people_admit;
    h.admit_ctx = d->people;
    h.pages_need = RIGHT_READ | ROUTE_SCOPED;
    h.entrance = "/login.html";
    if (colon) {
        *colon = 0;
        h.host = host;
        h.port = (int)strtol(colon + 1, NULL, 10);
    }
    const char *name = config_text(&d->config, SETTING_HTTP_HOST);
    h.name = name && *name ? name : NULL;
    int rc = sse_open(&d->sse);
    h.events = d->sse;
    h.turn = turn_number;
    h.turn_ctx = d;
    if (rc == 0)
        rc = http_open(&d->http, &h);
    if (rc == 0)
        people_serve(d->people, d->http);
    return rc;
}

static int open_all(struct daemon *d)
{
    struct loop_hooks hooks = {.ctx = d, .on_turn_end = on_turn_end, .on_tick = on_tick};
    struct link_hooks link = {.ctx = d, .on_frame = on_frame, .on_up = on_up, .on_down = on_down};
    int rc = loop_open(&d->loop, &hooks);
    if (rc == 0)
        rc = link_open(&d->link, d->loop, &link);
    if (rc == 0 && d->setup.send) // who has children hears many at once
        rc = crew_open(&d->crew);
    if (rc == 0)
        rc = open_office(d);
    if (rc == 0)
        rc = open_people(d);
    if (rc == 0 && d->setup.on_open)
        rc = d->setup.on_open(d->setup.ctx, d);
    return rc == 0 ? open_pages(d) : rc;
}

static int prepare(struct daemon *d)
{
    struct faults faults = {0};
    const char *why = "";
    int pid = 0, rc = config_read(&d->config, d->setup.dir, &faults);
    faults_print(&faults, stderr);
    faults_clear(&faults);
    if (rc < 0)
        return rc;
    rc = savefile_lock(d->setup.dir, &d->lock, &pid);
    if (rc == -EBUSY)
        fprintf(stderr, "%s: a daemon with pid %d already works in %s\n", d->setup.program, pid,
                d->setup.dir);
    if (rc < 0)
        return rc;
    rc = identity_read(d->setup.dir, &d->id, &why);
    if (rc < 0)
        fprintf(stderr, "%s: %s/%s: %s\n", d->setup.program, d->setup.dir, IDENTITY_FILE,
                rc == -ENOENT ? "missing: set this directory up first (join, or init)"
                : why         ? why
                              : strerror(-rc));
    return rc;
}

static void tune_process(void)
{
    struct rlimit files;
    prctl(PR_SET_DUMPABLE, 0);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

int daemon_serve(const struct daemon_setup *setup)
{
    struct daemon *d = calloc(1, sizeof *d);
    char status[200];
    if (!d)
        abort();
    d->setup = *setup;
    d->lock = -1;
    *setup->daemon = d;
    tune_process();
    int rc = prepare(d);
    if (rc == 0)
        rc = open_all(d);
    if (rc == 0) {
        snprintf(status, sizeof status, "%s at http://%s", d->id.unit.at,
                 config_text(&d->config, SETTING_HTTP_LISTEN));
        loop_ready(d->loop, status);
        fprintf(stderr, "%s: %s serves, pages on port %d\n", d->setup.program, d->id.unit.at,
                http_port(d->http));
        loop_arm(d->loop);
        rc = loop_run(d->loop);
        signal(SIGTERM, SIG_IGN); // said twice is said once: closing down is not broken off
        signal(SIGINT, SIG_IGN);
    }
    if (rc < 0)
        fprintf(stderr, "%s: stopped: %s\n", d->setup.program, strerror(-rc));
    people_stop(d->people);
    http_close(&d->http);
    people_close(&d->people);
    sse_close(&d->sse);
    office_close(&d->office);
    crew_close(&d->crew);
    link_close(&d->link);
    if (setup->on_open)
        setup->on_open(setup->ctx, NULL); // the hub closes what it opened
    loop_close(&d->loop);
    if (d->lock >= 0)
        close(d->lock);
    free(d);
    return rc < 0 ? 1 : 0;
}

void daemon_refuse(struct http_reply *reply, int rc)
{
    if (rc == -ENOSPC)
        http_refuse(reply, 503, "no_disk_full");
    else
        http_refuse(reply, 500, "no_store_failed");
}

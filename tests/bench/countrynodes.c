// countrynodes.c - many communes in one process: each an office with its own store and CURVE link, as in the daemon.
#include "country.h"
#include "common/base/clock.h"
#include "common/net/link.h"
#include "common/net/loop.h"
#include "common/office/office.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EACH_TICK = 10, FREE_DISK = 1 << 30 }; // a tenth of the nodes is told the time in each tick

struct node {
    struct identity id;
    struct office *office;
    struct link *link;
    bool touched;
    char dir[700];
};
static struct world {
    struct node *nodes;
    unsigned n, n_touched, ticked, open;
    unsigned *touched; // numbers of nodes that took something in since the last turn's end
    unsigned said;     // statements' rounds: of each node one of turnouts, then one of tallies
    struct loop *loop;
    int bell;
    bool told_open;
} w;

static struct moment now_is(void)
{
    return (struct moment){.mono = clock_mono(), .wall = clock_now()};
}

static void touch(struct node *n)
{
    if (!n->touched)
        w.touched[w.n_touched++] = (unsigned)(n - w.nodes);
    n->touched = true;
    loop_arm(w.loop);
}

static int door_send(void *ctx, uint32_t peer, struct bytes frame)
{
    (void)peer;
    return link_send(((struct node *)ctx)->link, frame);
}

static void door_connect(void *ctx, const char *why)
{
    struct node *n = ctx;
    (void)why;
    int rc = link_connect(n->link, &n->id.ways[0], n->id.curve, n->id.curve_secret);
    if (rc < 0)
        fprintf(stderr, "country: %s: %s\n", n->id.unit.at, strerror(-rc));
}

static void door_drop(void *ctx, uint32_t peer, const char *why)
{
    (void)peer, (void)why;
    link_drop(((struct node *)ctx)->link);
}

static uint64_t door_random(void *ctx)
{
    (void)ctx;
    return clock_random64();
}

static uint64_t door_disk(void *ctx)
{
    (void)ctx;
    return FREE_DISK;
}

static void on_frame(void *ctx, struct bytes frame)
{
    struct node *n = ctx;
    office_heard(n->office, OFFICE_PARENT, &n->id.signers[0].unit, frame, now_is());
    touch(n);
}

static void on_up(void *ctx)
{
    struct node *n = ctx;
    office_link(n->office, true, now_is());
    touch(n);
}

static void on_down(void *ctx)
{
    struct node *n = ctx;
    office_link(n->office, false, now_is());
    touch(n);
}

static void end_turn(struct node *n)
{
    n->touched = false;
    if (!office_has_work(n->office))
        return;
    int rc = office_turn(n->office, now_is());
    if (rc < 0) {
        fprintf(stderr, "country: %s: %s\n", n->id.unit.at, strerror(-rc));
        loop_stop(w.loop, rc);
    }
}

static bool is_open(const struct node *n)
{
    struct office_link_state l;
    office_parent(n->office, &l);
    return l.word == LINK_CONNECTED && office_plan(n->office) != NULL;
}

static void look_open(void)
{
    while (w.open < w.n && is_open(&w.nodes[w.open]))
        w.open++;
    if (w.open < w.n || w.told_open)
        return;
    w.told_open = true;
    printf("open %u\n", w.n);
    fflush(stdout);
}

static void on_turn_end(void *ctx)
{
    (void)ctx;
    for (unsigned i = 0; i < w.n_touched; i++)
        end_turn(&w.nodes[w.touched[i]]);
    w.n_touched = 0;
}

static void on_tick(void *ctx)
{
    (void)ctx;
    for (unsigned i = 0; i < w.n / EACH_TICK + 1 && w.n > 0; i++) {
        struct node *n = &w.nodes[w.ticked++ % w.n];
        link_look(n->link);
        office_tick(n->office, now_is());
        end_turn(n);
    }
    look_open();
}

static void fill_turnout(struct record *r, const struct plan_ballot *b)
{
    r->kind = KIND_TURNOUT;
    r->number[TURNOUT_CUTOFF] = 1;
    r->number[TURNOUT_VOTED] = b->voters - 1;
}

static void fill_tally(struct record *r, const struct plan *p, const struct plan_ballot *b)
{
    const struct plan_contest *k = &p->contests[b->contest];
    r->kind = KIND_TALLY;
    r->blob[TALLY_DEFINITION] = bytes_of(k->definition, 8);
    record_set(r, TALLY_ELIGIBLE, b->voters);
    for (unsigned f = TALLY_ATTENDED; f <= TALLY_VALID; f++)
        if (f == TALLY_ATTENDED || f == TALLY_ISSUED || f == TALLY_RETURNED || f == TALLY_VALID)
            record_set(r, f, b->voters - 1);
    record_set(r, TALLY_INVALID, 0);
    for (uint32_t c = 0; c < k->n_candidates; c++) {
        r->list[r->n_list++] = p->candidates[k->first_candidate + c].number;
        r->list[r->n_list++] = c == 0 ? b->voters - 1 - b->voters / 3 : b->voters / 3;
    }
}

// One run: of all places of the commune a turnout, or a tally.
static int say(struct node *n, bool tally)
{
    static uint8_t room[RUN_RECORDS_MAX][1024];
    struct bytes records[RUN_RECORDS_MAX];
    const struct plan *p = office_plan(n->office);
    uint32_t own = plan_unit_of(p, code_bytes(&n->id.unit));
    const struct plan_unit *u = &p->units[own];
    struct own_records say = {.records = records};
    uint64_t first;
    const char *why;
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        const struct plan_ballot *x = &p->ballots[b];
        struct record r = {.act = clock_random64(), .how = HOW_DESK, .plan = p->version};
        r.at = r.entered = clock_now();
        r.by = bytes_text("clerk");
        r.subject = p->units[x->unit].code;
        r.contest = p->contests[x->contest].code;
        if (tally)
            fill_tally(&r, p, x);
        else
            fill_turnout(&r, x);
        int size = record_encode(&r, room[say.n], sizeof room[0], &why);
        assert(size > 0 && say.n < RUN_RECORDS_MAX);
        records[say.n] = bytes_of(room[say.n], (size_t)size);
        say.n++;
    }
    return office_say(n->office, NULL, &say, now_is(), &first);
}

// One commune at a time; between two of them the links have their turn.
static void on_bell(void *ctx)
{
    (void)ctx;
    unsigned i = w.said % w.n;
    int rc = say(&w.nodes[i], w.said >= w.n);
    if (rc < 0) {
        fprintf(stderr, "country: %s: %s\n", w.nodes[i].id.unit.at, strerror(-rc));
        loop_stop(w.loop, rc);
    }
    if (++w.said < 2 * w.n)
        return;
    loop_remove_fd(w.loop, w.bell);
    printf("said %u\n", w.n);
    fflush(stdout);
}

static void on_go(void *ctx)
{
    char line[16];
    (void)ctx;
    loop_remove_fd(w.loop, STDIN_FILENO);
    if (read(STDIN_FILENO, line, sizeof line) > 0 && w.n > 0)
        loop_add_fd(w.loop, w.bell, on_bell, NULL); // it stays ready: nothing is read from it
}

static int open_node(const char *dir, const char *code, struct node *n)
{
    const char *why = NULL;
    snprintf(n->dir, sizeof n->dir, "%s/%s", dir, code);
    struct link_hooks hooks = {.ctx = n, .on_frame = on_frame, .on_up = on_up, .on_down = on_down};
    struct office_setup s = {.dir = n->dir, .identity = &n->id, .boot = clock_random64()};
    s.doors = (struct office_doors){n,           door_send, door_connect, door_drop,
                                    door_random, door_disk, NULL,         NULL};
    s.full_bytes = 1;
    int rc = identity_read(n->dir, &n->id, &why);
    if (rc == 0)
        rc = link_open(&n->link, w.loop, &hooks);
    return rc == 0 ? office_open(&n->office, &s, now_is()) : rc;
}

static int open_nodes(const char *dir, unsigned part, unsigned parts)
{
    char path[600], code[CODE_MAX + 1], parent[CODE_MAX + 1], what[8];
    unsigned number = 0, cap = 0;
    int rc = 0;
    snprintf(path, sizeof path, "%s/tree", dir);
    FILE *f = fopen(path, "re");
    if (!f)
        return -errno;
    while (fscanf(f, "%80s %80s %7s", code, parent, what) == 3)
        cap += strcmp(what, "node") == 0;
    w.nodes = calloc(cap, sizeof *w.nodes); // an office keeps where its own is
    w.touched = calloc(cap, sizeof *w.touched);
    if (!w.nodes || !w.touched)
        abort();
    rewind(f);
    while (rc == 0 && fscanf(f, "%80s %80s %7s", code, parent, what) == 3)
        if (strcmp(what, "node") == 0 && number++ % parts == part)
            rc = open_node(dir, code, &w.nodes[w.n++]);
    fclose(f);
    return rc;
}

static void close_nodes(void)
{
    for (unsigned i = 0; i < w.n; i++) {
        office_close(&w.nodes[i].office);
        link_close(&w.nodes[i].link);
    }
    free(w.nodes);
    free(w.touched);
}

int country_nodes(const char *dir, unsigned part, unsigned parts)
{
    struct loop_hooks hooks = {.on_turn_end = on_turn_end, .on_tick = on_tick};
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    zsys_set_max_sockets(0); // as many as the system allows
    int rc = loop_open(&w.loop, &hooks);
    w.bell = eventfd(1, EFD_CLOEXEC);
    if (rc == 0)
        rc = open_nodes(dir, part, parts);
    if (rc == 0)
        rc = loop_add_fd(w.loop, STDIN_FILENO, on_go, NULL);
    if (rc == 0)
        rc = loop_run(w.loop);
    if (rc < 0)
        fprintf(stderr, "country: part %u: %s\n", part, strerror(-rc));
    close_nodes();
    loop_close(&w.loop);
    return rc;
}

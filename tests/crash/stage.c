// stage.c - a hub and its node on the crash disks, as their daemons run them, with what they acknowledged.
#include "stage.h"
#include "common/base/savefile.h"
#include "common/daemon/join.h"
#include "common/office/verify.h"
#include "crashcalls.h"
#include "crashdisk.h"
#include "crashvfs.h"
#include "tests/lib/chainplan.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { QUEUE = 256, TICK_MS = 100, QUIET_TURNS = 2, PUMPS_MAX = 2000 };

struct parcel {
    unsigned to;
    uint32_t peer; // as the receiver knows the sender
    size_t n;
    uint8_t bytes[FRAME_MAX];
};

struct desk desks[DESKS];
struct memory *memory;
static struct parcel queue[QUEUE];
static unsigned first, end;
static uint32_t peers;

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000 + memory->now, .wall = 1780000000000 + memory->now};
}

static uint64_t door_random(void *ctx)
{
    (void)ctx;
    memory->drawn = memory->drawn * 6364136223846793005u + 1442695040888963407u;
    return memory->drawn ^ memory->drawn >> 29 ? memory->drawn ^ memory->drawn >> 29 : 1;
}

static uint64_t door_disk(void *ctx)
{
    (void)ctx;
    return 1 << 30;
}

static void hold(const struct log_id *log, uint64_t n, const uint8_t *hash)
{
    unsigned i = 0;
    while (i < memory->n_helds && !log_same(&memory->helds[i].log, log))
        i++;
    if (i == memory->n_helds) {
        assert(memory->n_helds < HELD_MAX);
        memory->helds[memory->n_helds++].log = *log;
    }
    if (n < memory->helds[i].n)
        return;
    memory->helds[i].n = n;
    memcpy(memory->helds[i].hash, hash, HASH_SIZE);
}

// What the hub says it has on its disk.
static void remember(const struct frame *f)
{
    struct cursor c = f->items;
    struct have h;
    struct mark m;
    struct bytes raw;
    while (f->kind == FRAME_HAVE && frame_next_have(&c, &h))
        hold(&h.log, h.n, h.hash);
    while (f->kind == FRAME_MARK && frame_next_mark(&c, &raw))
        if (mark_decode(&m, raw) == 0 && code_same(&m.tier, &desks[HUB].unit))
            hold(&m.log, m.n, m.hash);
}

static int door_send(void *ctx, uint32_t peer, struct bytes frame)
{
    struct desk *d = ctx;
    unsigned me = (unsigned)(d - desks);
    struct frame f;
    const char *why;
    int rc = frame_decode(&f, frame, &why);
    assert(rc == 0 && end - first < QUEUE);
    if (disk_is_off(disk_at(me)))
        return 0; // nothing goes out of a machine without power
    if (me == HUB)
        remember(&f);
    struct parcel *p = &queue[end++ % QUEUE];
    p->to = me == HUB ? NODE : HUB;
    p->n = frame.n;
    p->peer = peer == OFFICE_PARENT ? d->peer : OFFICE_PARENT;
    memcpy(p->bytes, frame.at, frame.n);
    return 0;
}

static void door_connect(void *ctx, const char *why)
{
    (void)why;
    ((struct desk *)ctx)->wants_link = true;
}

static void door_drop(void *ctx, uint32_t peer, const char *why)
{
    (void)ctx, (void)peer, (void)why;
}

void stage_make(void)
{
    static const char *const units[DESKS] = {"01", "01N"};
    disks_make();
    memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert(memory != MAP_FAILED);
    crashvfs_install();
    for (unsigned i = 0; i < DESKS; i++) {
        struct desk *d = &desks[i];
        uint8_t seed[SEED_SIZE] = {(uint8_t)(i + 1)};
        d->unit = d->id.unit = code_of(bytes_text(units[i]));
        d->id.incarnation = 77 + i;
        key_pair(seed, d->id.key, d->id.secret);
        snprintf(d->dir, sizeof d->dir, "/crash/%u", i);
    }
    desks[NODE].id.n_signers = 1;
    desks[NODE].id.signers[0].unit = desks[HUB].unit;
    memcpy(desks[NODE].id.signers[0].key, desks[HUB].id.key, KEY_SIZE);
}

// As daemon.c opens its office.
int stage_start(unsigned desk)
{
    struct desk *d = &desks[desk];
    struct office_setup s = {
        .dir = d->dir, .identity = &d->id, .boot = door_random(NULL), .full_bytes = 1};
    char suspect[64], beginning[64];
    s.doors = (struct office_doors){d,           door_send, door_connect, door_drop,
                                    door_random, door_disk, NULL,         NULL};
    snprintf(suspect, sizeof suspect, "%s/%s", d->dir, SUSPECT_FILE);
    snprintf(beginning, sizeof beginning, "%s/%s", d->dir, FIRST_FILE);
    s.later = access(beginning, F_OK) != 0;
    d->wants_link = true;
    d->failed = 0;
    int rc = access(suspect, F_OK) == 0 ? -EIO : office_open(&d->office, &s, now_is());
    if (rc == -EIO) {
        rc = suspect_mend(d->dir, d->id.election, now_is().wall);
        if (rc == 0)
            rc = office_open(&d->office, &s, now_is());
    }
    if (rc == 0)
        unlink(beginning);
    if (rc == 0)
        office_no_line(d->office);
    return rc;
}

void stage_stop(unsigned desk, int rc)
{
    struct desk *d = &desks[desk];
    if (rc == -EIO)
        suspect_mark(d->dir);
    office_close(&d->office);
    d->peer = 0;
    first = end;
}

void stage_kill(unsigned desk)
{
    disk_power_off(disk_at(desk)); // closing reaches the disk no more
    stage_stop(desk, 0);
    crashcalls_close_all();
    disk_revive(disk_at(desk));
}

static size_t turnout(uint64_t act, uint8_t *buffer, size_t cap)
{
    struct record r = {.kind = KIND_TURNOUT,
                       .act = act,
                       .at = 1,
                       .entered = 1,
                       .how = HOW_DESK,
                       .subject = bytes_text("01N-1"),
                       .contest = bytes_text("K"),
                       .by = bytes_text("p1")};
    const char *why;
    r.number[TURNOUT_CUTOFF] = 1;
    r.number[TURNOUT_VOTED] = act;
    int n = record_encode(&r, buffer, cap, &why);
    assert(n > 0);
    return (size_t)n;
}

int stage_say(unsigned n)
{
    struct desk *d = &desks[NODE];
    struct bytes records[GROUP_MAX];
    uint64_t at = 0;
    assert(n <= GROUP_MAX && memory->n_statements + n <= STATEMENTS_MAX);
    unsigned from = memory->n_statements, group = ++memory->n_groups;
    for (unsigned i = 0; i < n; i++) {
        struct statement *s = &memory->statements[memory->n_statements++];
        *s = (struct statement){.group = group, .n_group = n};
        s->n = (uint16_t)turnout(memory->n_statements, s->bytes, sizeof s->bytes);
        records[i] = bytes_of(s->bytes, s->n);
    }
    int rc = office_say(d->office, NULL, &(struct own_records){.records = records, .n = n},
                        now_is(), &at);
    uint32_t log = office_own_log(d->office);
    for (unsigned i = from; i < memory->n_statements && rc == 0 && !disk_is_off(disk_at(NODE));
         i++) {
        struct statement *s = &memory->statements[i];
        s->seen = true;
        s->log = office_logs(d->office)->at[log].id;
        s->at_n = at + i - from;
    }
    d->failed = rc;
    return rc;
}

int stage_backup(unsigned desk)
{
    char path[64];
    snprintf(path, sizeof path, "%s/copy.db", desks[desk].dir);
    unsigned n = memory->n_statements;
    int rc = office_backup(desks[desk].office, path);
    if (rc == 0 && !disk_is_off(disk_at(desk))) {
        memory->copied = true;
        memory->n_copied = n;
    }
    return rc;
}

static void hand_over(void)
{
    const struct parcel *p = &queue[first % QUEUE];
    struct desk *to = &desks[p->to], *from = &desks[p->to == HUB ? NODE : HUB];
    if (to->office && to->failed == 0 && (p->to == NODE || p->peer == desks[NODE].peer))
        office_heard(to->office, p->peer, &from->unit, bytes_of(p->bytes, p->n), now_is());
    first++;
}

static void turn(struct desk *d)
{
    if (!d->office || d->failed < 0 || !office_has_work(d->office))
        return;
    int rc = office_turn(d->office, now_is());
    d->failed = rc == -ENOSPC ? 0 : rc;
}

static void pump(void)
{
    for (unsigned quiet = 0, n = 0; quiet < QUIET_TURNS && n < PUMPS_MAX; n++) {
        quiet = first == end ? quiet + 1 : 0;
        while (first != end)
            hand_over();
        struct desk *d = &desks[NODE];
        if (d->office && d->failed == 0 && d->wants_link && desks[HUB].office) {
            d->wants_link = false;
            d->peer = ++peers;
            office_link(d->office, true, now_is());
            quiet = 0;
        }
        for (unsigned i = 0; i < DESKS; i++)
            turn(&desks[i]);
    }
}

void stage_pass(int64_t ms)
{
    for (int64_t until = memory->now + ms; memory->now < until;) {
        memory->now += TICK_MS;
        for (unsigned i = 0; i < DESKS; i++)
            if (desks[i].office && desks[i].failed == 0)
                office_tick(desks[i].office, now_is());
        pump();
    }
}

static int load_plan(void)
{
    static const char *const codes[] = {"01", "01N", "01N-1"};
    uint8_t buffer[4096];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    return office_load_plan(desks[HUB].office, chain_plan(1, codes, 3, &p), now_is());
}

static int admit_node(void)
{
    const struct desk *d = &desks[NODE];
    uint8_t secret[SECRET_SIZE], seed[SEED_SIZE] = {9}, raw[CERTIFICATE_MAX];
    struct certificate c = {.unit = d->unit, .incarnation = d->id.incarnation};
    memcpy(c.key, d->id.key, KEY_SIZE);
    key_pair(seed, c.voucher, secret);
    size_t n = certificate_make(&c, d->id.election, d->id.secret, secret, raw);
    return office_admit(desks[HUB].office, &c, bytes_of(raw, n), now_is());
}

int stage_found(void)
{
    *memory = (struct memory){.drawn = 42};
    for (unsigned i = 0; i < DESKS; i++)
        disk_clear(disk_at(i));
    for (unsigned i = 0; i < DESKS; i++) {
        int rc = savefile_write(desks[i].dir, FIRST_FILE, bytes_text("x"));
        if (rc == 0)
            rc = stage_start(i);
        if (rc < 0)
            return rc;
    }
    int rc = load_plan();
    if (rc == 0)
        rc = admit_node();
    stage_pass(20000);
    if (rc == 0 && !office_plan(desks[NODE].office))
        return -ENODATA;
    for (unsigned i = 0; i < 4 && rc == 0; i++)
        rc = stage_say(i % 3 + 1);
    stage_pass(5000);
    for (unsigned i = 0; i < DESKS; i++)
        stage_stop(i, 0);
    return rc;
}

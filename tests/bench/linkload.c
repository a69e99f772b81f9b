// linkload.c - three offices joined by queues: what the node says comes to the top, and all stores verify.
#include "tests/lib/desks.h"
#include "common/office/verify.h"
#include "workloads.h"

enum { SAID_AT_ONCE = 10 }; // statements before the queues are looked at

struct told {
    unsigned n;
    const struct plan *plan; // the node's
};

static void say_next(const struct told *t, unsigned k)
{
    static uint8_t buffer[RECORD_MAX];
    uint64_t n;
    uint32_t place = 3 + k / STATEMENTS;
    size_t size = workplan_statement(t->plan, place, k % STATEMENTS, k + 1, buffer);
    struct bytes record = bytes_of(buffer, size);
    MUST(office_say(b.desks[NODE].office, NULL, &(struct own_records){.records = &record, .n = 1},
                    now_is(), &n) == 0);
}

static void say_all(void *ctx)
{
    const struct told *t = ctx;
    for (unsigned k = 0; k < t->n; k++) {
        say_next(t, k);
        if (k % SAID_AT_ONCE == SAID_AT_ONCE - 1)
            pump();
    }
    pass(SESSION_BEAT_MS + TICK); // the last marks
}

static void open_linked(unsigned places)
{
    static const char *const above[] = {"01", "01D"};
    struct bytes plan = workplan(above, 2, places, places);
    MUST(set_up(NULL) == 0);
    for (unsigned i = 0; i < DESKS; i++)
        start(i);
    MUST(office_load_plan(b.desks[TOP].office, plan, now_is()) == 0);
    free((void *)(uintptr_t)plan.at);
    admit(HUB);
    admit(NODE);
    pass(30000);
    MUST(office_plan(b.desks[NODE].office));
}

static void check_top(unsigned n)
{
    const struct log_head *log = log_at(TOP, NODE, STREAM_REPORTS);
    const struct fold *f = office_fold(b.desks[TOP].office);
    const int64_t *sums = fold_sums(f, 0, 0);
    int64_t voted = 0;
    MUST(log && log->n == n);
    for (unsigned k = 0; k < n; k++)
        voted += k % STATEMENTS == 0 ? workplan_voted(k / STATEMENTS, 0) : 0;
    MUST(sums[SUM_TURNOUT + TURNOUT_OF] == voted);
    MUST(sums[SUM_TALLIED] == n / STATEMENTS && sums[SUM_QUARANTINED] == 0);
}

static uint64_t verify_all(void)
{
    uint64_t records = 0;
    for (unsigned i = 0; i < DESKS; i++) {
        struct verify_report v;
        struct store *s = NULL;
        office_close(&b.desks[i].office);
        MUST(store_open_reader(&s, b.desks[i].dir) == 0);
        MUST(verify_store(s, b.desks[i].id.election, &v) == 0 && v.bad_runs == 0);
        records += v.records;
        store_close(&s);
    }
    return records;
}

void load_link(unsigned size, struct done *ret)
{
    struct told t = {.n = size};
    open_linked((size + STATEMENTS - 1) / STATEMENTS);
    t.plan = office_plan(b.desks[NODE].office);
    measured(say_all, &t);
    check_top(size);
    ret->records = size;
    snprintf(
        ret->what, sizeof ret->what,
        "%u statements said at the node, proven at the top two links on; %llu records of three "
        "stores verified",
        size, (unsigned long long)verify_all());
    MUST(tear_down(NULL) == 0);
}

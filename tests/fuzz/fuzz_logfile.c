// fuzz_logfile.c - files of runs of any bytes into an office at the top: each line is taken or refused with its
// number and a reason, what was taken is there after a restart, and the office's own export is taken back whole.
//
// In the input "@0" .. "@9" stand for the hex of runs that an enrolled child, or somebody else, has signed; so
// the fuzzer gets behind the signatures that it cannot make.
#include "common/daemon/logfile.h"
#include "example.h"

enum { TOP, CHILD, STRANGER, UNITS, RUNS = 10, HEX_MAX = 2048, INPUT_MAX = 4096 };
static const char *const codes[UNITS] = {"99", "99001", "99002"};
static struct {
    char dir[64];
    struct identity ids[UNITS];
    char runs[RUNS][HEX_MAX];
    struct bytes plan;
    struct office *office;
    uint64_t drawn;
} z;

static struct bytes step(unsigned act, uint8_t *buffer)
{
    struct record r = {.kind = KIND_STEP, .act = act, .at = act, .how = HOW_DESK};
    const char *why;
    r.by = bytes_text("drill");
    r.subject = bytes_text("9900101");
    record_set(&r, 0, act % 3 + 1);
    int n = record_encode(&r, buffer, RECORD_MAX, &why);
    MUST(n > 0);
    return bytes_of(buffer, (size_t)n);
}

// Four for each incarnation: the first to the third of one log, then another first. The last two are a stranger's.
static void make_run(unsigned i)
{
    static uint8_t buffer[RECORD_MAX], record[RECORD_MAX];
    const struct identity *who = &z.ids[i < 8 ? CHILD : STRANGER];
    struct log_id id = {who->unit, who->unit, STREAM_REPORTS, i / 4 + 1};
    uint8_t hash[HASH_SIZE];
    struct run_writer w;
    struct bytes b = bytes_of(NULL, 0);
    unsigned last = i % 4 == 3 ? 0 : i % 4;
    chain_start(who->election, &id, who->key, hash);
    for (unsigned k = 0; k <= last; k++) {
        run_begin(&w, buffer, sizeof buffer, k, hash);
        MUST(run_add(&w, step(i / 4 * 8 + k + 1 + (i % 4 == 3 ? 4 : 0), record)) == 0);
        b = run_end(&w, who->election, &id, who->secret);
        memcpy(hash, w.hash, HASH_SIZE);
    }
    for (size_t k = 0; k < b.n && 2 * k + 3 < HEX_MAX; k++)
        snprintf(z.runs[i] + 2 * k, 3, "%02x", b.at[k]);
}

static void prepare(void)
{
    for (unsigned i = 0; i < UNITS; i++)
        example_identity(&z.ids[i], codes[i], (uint8_t)(i + 1));
    for (unsigned i = 0; i < RUNS; i++)
        make_run(i);
    z.plan = example_plan();
}

static void open_office(void)
{
    struct office_setup s = {
        .dir = z.dir, .identity = &z.ids[TOP], .boot = 1, .doors = doors_shut(&z.drawn)};
    MUST(office_open(&z.office, &s, example_now) == 0);
}

static void begin(void)
{
    uint8_t raw[CERTIFICATE_MAX], secret[SECRET_SIZE], seed[SEED_SIZE] = {7};
    struct certificate c = {.unit = z.ids[CHILD].unit, .incarnation = 2};
    z.drawn = 42;
    example_dir(z.dir);
    open_office();
    MUST(office_load_plan(z.office, z.plan, example_now) == 0);
    memcpy(c.key, z.ids[CHILD].key, KEY_SIZE);
    key_pair(seed, c.voucher, secret);
    size_t n = certificate_make(&c, z.ids[CHILD].election, z.ids[CHILD].secret, secret, raw);
    MUST(office_admit(z.office, &c, bytes_of(raw, n), example_now) == 0);
    MUST(office_turn(z.office, example_now) == 0);
}

// The input with its runs put in.
static struct bytes written(const uint8_t *data, size_t n)
{
    char *to = malloc(n * HEX_MAX + 1);
    size_t m = 0;
    MUST(to);
    for (size_t i = 0; i < n; i++) {
        if (data[i] == '@' && i + 1 < n && data[i + 1] >= '0' && data[i + 1] <= '9') {
            const char *run = z.runs[data[++i] - '0'];
            size_t more = strlen(run);
            memcpy(to + m, run, more);
            m += more;
        } else {
            to[m++] = (char)data[i];
        }
    }
    return bytes_of(to, m);
}

static void import(struct bytes text, struct logfile_result *r)
{
    MUST(logfile_import(z.office, text, example_now, r) == 0);
    MUST((r->refused > 0) == (r->why != NULL) && (r->refused > 0) == (r->line > 0));
}

// What the store holds is said by its heads; a restart finds the same, and a stranger has none.
static void restart(void)
{
    const struct log_table *t = office_logs(z.office);
    struct log_head *before = calloc(t->n, sizeof *before);
    uint32_t n = t->n;
    memcpy(before, t->at, n * sizeof *before);
    office_close(&z.office);
    open_office();
    t = office_logs(z.office);
    MUST(t->n == n);
    for (uint32_t i = 0; i < n; i++) {
        MUST(log_same(&before[i].id, &t->at[i].id) && before[i].n == t->at[i].n);
        MUST(memcmp(before[i].hash, t->at[i].hash, HASH_SIZE) == 0);
        MUST(!code_same(&t->at[i].id.author, &z.ids[STRANGER].unit));
    }
    free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct logfile_result r;
    char *back = NULL;
    size_t n_back = 0;
    if (n > INPUT_MAX)
        return 0;
    if (!z.plan.at)
        prepare();
    begin();
    struct bytes text = written(data, n);
    import(text, &r);
    restart();
    import(text, &r); // the same file once more changes nothing
    restart();
    MUST(logfile_export(z.office, false, &back, &n_back) == 0);
    import(bytes_of(back, n_back), &r);
    MUST(r.refused == 0);
    free(back);
    free((void *)(uintptr_t)text.at);
    office_close(&z.office);
    example_remove(z.dir);
    return 0;
}

// fuzz_office.c - a whole office at the top, and an enrolled child with a good key that does as it likes.
//
// The input is a row of acts: greetings, runs of logs that it makes up or goes on with, positions, words,
// raw bytes, time, restarts. Whatever it does: the office stands, what it holds can be read again into
// the same state, also log by log in any order, and nothing of its sibling's has changed.
#include "bulletins.h"
#include "common/office/office.h"
#include "fuzz.h"
#include <assert.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOP, CHILD, SIBLING, BELOW, UNITS, LOGS = 16, PEERS = 3, ACTS_MAX = 200 };
enum { RECORD_BYTES = 48 }; // of the input for each record, so that a change in one moves no other
enum { KL_BALLOTS = 2 };    // at each of the two places, on one paper
static const char *const codes[] = {"01", "01D", "01E", "01D1"};

struct own_log { // as the child has it
    struct log_id id;
    uint64_t n;
    uint8_t hash[HASH_SIZE];
};
static struct {
    const uint8_t *at, *end; // the input
    struct office *office;
    struct office_setup setup;
    struct identity ids[UNITS];
    struct own_log logs[LOGS];
    unsigned n_logs;
    uint64_t drawn;
    int64_t now;
    char dir[64];
} z;

static uint8_t eat(void)
{
    return z.at < z.end ? *z.at++ : 0;
}

static uint64_t eat_number(void)
{
    static const uint64_t odd[] = {0, 1, 2, 63, 255, UINT32_MAX, INT64_MAX, UINT64_MAX};
    uint8_t b = eat();
    return b < 0xf8 ? b : odd[b & 7];
}

static struct bytes eat_bytes(size_t most)
{
    size_t n = (size_t)(eat() | eat() << 8), left = (size_t)(z.end - z.at);
    n = n > most ? most : n;
    n = n > left ? left : n;
    z.at += n;
    return bytes_of(z.at - n, n);
}

static struct moment now_is(void)
{
    return (struct moment){.mono = 100000 + z.now, .wall = 1780000000000 + z.now};
}

static uint64_t door_random(void *ctx)
{
    (void)ctx;
    z.drawn = z.drawn * 6364136223846793005u + 1442695040888963407u;
    return z.drawn | 1;
}

static uint64_t door_disk(void *ctx)
{
    (void)ctx;
    return 1 << 30;
}

// What it says is well formed, whatever it was asked.
static int door_send(void *ctx, uint32_t peer, struct bytes frame)
{
    struct frame f;
    const char *why;
    (void)ctx, (void)peer;
    MUST(frame_decode(&f, frame, &why) == 0);
    return 0;
}

static void door_connect(void *ctx, const char *why)
{
    (void)ctx, (void)why;
}

static void door_drop(void *ctx, uint32_t peer, const char *why)
{
    (void)ctx, (void)peer, (void)why;
}

static void turn(void)
{
    for (unsigned i = 0; i < 8 && office_has_work(z.office); i++)
        MUST(office_turn(z.office, now_is()) == 0);
}

static void load_plan(void)
{
    static const char *const names[] = {"01", "01D", "01D1", "01D1-1", "01E", "01E-1"};
    static const uint32_t parents[] = {PLAN_NONE, 0, 1, 2, 0, 4};
    uint8_t buffer[2048];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    plan_pack_head(&p, 1, bytes_text("test"), bytes_text("t"));
    pack_array(&p, 1);
    plan_pack_level(&p, &(struct plan_level){bytes_text("l"), bytes_text("l")});
    pack_array(&p, 2);
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("9"), 9, 1});
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("10"), 10, 1});
    pack_array(&p, 0); // categories
    pack_array(&p, 0); // targets
    pack_array(&p, 2);
    const struct plan_profile rules[] = {{.name = bytes_text("r")},
                                         {.name = bytes_text("s"), .decides = DECIDES_PARENT}};
    plan_pack_profile(&p, &rules[0]);
    plan_pack_profile(&p, &rules[1]);
    pack_array(&p, 1);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, 6);
    for (uint32_t i = 0; i < 6; i++)
        plan_pack_unit(&p,
                       &(struct plan_unit){.code = bytes_text(names[i]),
                                           .parent = parents[i],
                                           .place = i == 3 || i == 5},
                       NULL);
    pack_array(&p, KL_BALLOTS);
    const struct plan_candidate two[] = {{1, bytes_text("a"), bytes_text("A")},
                                         {2, bytes_text("b"), bytes_text("B")}};
    for (unsigned k = 0; k < KL_BALLOTS; k++)
        plan_pack_contest(&p,
                          &(struct plan_contest){.code = bytes_text(k ? "L" : "K"),
                                                 .paper = bytes_text("p"),
                                                 .profile = k,
                                                 .seats = 1,
                                                 .places_in_all = 2,
                                                 .n_candidates = 2},
                          two);
    pack_array(&p, 2 * KL_BALLOTS);
    for (unsigned i = 0; i < 2 * KL_BALLOTS; i++)
        plan_pack_ballot(&p,
                         &(struct plan_ballot){.unit = i < KL_BALLOTS ? 3 : 5,
                                               .contest = i % KL_BALLOTS,
                                               .voters = 100},
                         &rules[i % KL_BALLOTS]);
    MUST(!p.full && office_load_plan(z.office, packed(&p), now_is()) == 0);
}

static size_t certificate(unsigned unit, uint8_t raw[CERTIFICATE_MAX], struct certificate *c)
{
    uint8_t secret[SECRET_SIZE], seed[SEED_SIZE] = {(uint8_t)unit, 7};
    *c = (struct certificate){.unit = z.ids[unit].unit, .incarnation = z.ids[unit].incarnation};
    memcpy(c->key, z.ids[unit].key, KEY_SIZE);
    key_pair(seed, c->voucher, secret);
    return certificate_make(c, z.ids[unit].election, z.ids[unit].secret, secret, raw);
}

static void admit(unsigned unit)
{
    uint8_t raw[CERTIFICATE_MAX];
    struct certificate c;
    size_t n = certificate(unit, raw, &c);
    MUST(office_admit(z.office, &c, bytes_of(raw, n), now_is()) == 0);
}

static void restart(void)
{
    office_close(&z.office);
    MUST(office_open(&z.office, &z.setup, now_is()) == 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st, (void)type, (void)walk;
    return remove(path);
}

static void begin(void)
{
    snprintf(z.dir, sizeof z.dir, "%s/dantin-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(z.dir));
    z.drawn = 42;
    for (unsigned i = 0; i < UNITS; i++) {
        uint8_t seed[SEED_SIZE] = {(uint8_t)(i + 1)};
        z.ids[i].unit = code_of(bytes_text(codes[i]));
        z.ids[i].incarnation = i + 1;
        key_pair(seed, z.ids[i].key, z.ids[i].secret);
    }
    z.setup = (struct office_setup){
        .dir = z.dir,
        .identity = &z.ids[TOP],
        .boot = 1,
        .doors = {NULL, door_send, door_connect, door_drop, door_random, door_disk, NULL, NULL}};
    MUST(office_open(&z.office, &z.setup, now_is()) == 0);
    load_plan();
    admit(CHILD);
    admit(SIBLING);
    turn();
}

static void frame(uint32_t peer, struct bytes b)
{
    office_heard(z.office, peer, &z.ids[CHILD].unit, b, now_is());
}

static void hello(uint32_t peer)
{
    uint8_t buffer[512];
    struct packer p;
    struct frame f = {.session = 7 + peer,
                      .lowest = 1,
                      .highest = 1,
                      .unit = z.ids[CHILD].unit,
                      .store = 1,
                      .boot = eat() % 3};
    pack_init(&p, buffer, sizeof buffer);
    frame_hello(&p, &f);
    frame(peer, packed(&p));
}

static struct own_log *choose_log(void)
{
    static const char *const others[] = {"01D1-1", "01E-1", "x", ""};
    uint8_t who = eat(), which = eat();
    struct own_log l = {.id = {.author = z.ids[who & 3].unit, .about = z.ids[who >> 2 & 3].unit}};
    if (who & 16)
        l.id.about = code_of(bytes_text(others[who >> 5 & 3]));
    l.id.stream = which % 3 + 1;
    l.id.incarnation = (uint64_t)(which >> 2 & 7) + 1;
    for (unsigned i = 0; i < z.n_logs; i++)
        if (log_same(&z.logs[i].id, &l.id))
            return &z.logs[i];
    const struct identity *signer =
        &z.ids[code_same(&l.id.author, &z.ids[BELOW].unit) ? BELOW : CHILD];
    chain_start(signer->election, &l.id, signer->key, l.hash);
    struct own_log *to = &z.logs[z.n_logs < LOGS ? z.n_logs++ : LOGS - 1];
    *to = l;
    return to;
}

// Content of an admission: of its own, of its child's, or one made up for another.
static struct bytes some_certificate(uint8_t raw[CERTIFICATE_MAX])
{
    struct certificate c;
    uint8_t which = eat();
    return bytes_of(raw, certificate(which & 1 ? BELOW : CHILD, raw, &c));
}

static void row(struct packer *p, const char *name, unsigned n)
{
    pack_array(p, 2);
    pack_text(p, bytes_text(name));
    pack_array(p, n);
    for (unsigned i = 0; i < n; i++)
        pack_uint(p, eat_number() & 0xffffffff);
}

// What a hub tells of its child: a cut that names what is here, or not, and sums of any kind.
static struct bytes some_summary(uint8_t *buffer, size_t cap)
{
    const struct log_table *t = office_logs(z.office);
    const struct plan *plan = office_plan(z.office);
    struct packer p;
    unsigned n = eat() % 4, contests = eat() % 3;
    pack_init(&p, buffer, cap);
    pack_array(&p, 4);
    pack_uint(&p, eat() % 3);
    pack_array(&p, n);
    for (unsigned i = 0; i < n; i++) {
        const struct log_head *h = &t->at[eat() % t->n];
        frame_have_item(&p, &h->id, eat() & 1 ? h->n : eat(), h->hash);
    }
    pack_array(&p, 1);
    row(&p, "head", eat() & 1 ? sums_of(plan) : 2);
    pack_array(&p, contests);
    for (unsigned i = 0; i < contests; i++)
        row(&p, "K", eat() & 1 ? CONTEST_VOTES + 2 : 1);
    return packed(&p);
}

// Votes, some against, a percentage as written, or somebody who is no candidate.
static void some_votes(struct record *r)
{
    static const uint64_t keys[2][4] = {
        {1, 2, (uint64_t)COLUMN_AGAINST << 32 | 1, (uint64_t)COLUMN_WRITTEN << 32 | 1},
        {1, 2, 3, (uint64_t)COLUMN_AGAINST << 32 | 2}};
    uint8_t how = eat();
    r->n_list = how % 5u * 2;
    for (unsigned i = 0; i < r->n_list; i++)
        r->list[i] = i % 2 == 0 ? keys[how >= 250][i / 2] : eat() % 32;
    if (how & 64) { // nothing of what was drawn, but perhaps how many ballots were in the box
        memset(r->number, 0, sizeof r->number);
        r->stated = 0;
        if (how & 32)
            record_set(r, TALLY_RETURNED, 80u + eat() % 4u);
    }
    uint32_t contest = plan_contest_of(office_plan(z.office), r->contest);
    if (contest != PLAN_NONE && how >= 16)
        r->blob[TALLY_DEFINITION] =
            bytes_of(office_plan(z.office)->contests[contest].definition, 8);
}

// Of statements that others made: the acts are few, so that it often is of one.
static void some_verdict(struct record *r)
{
    r->number[VERDICT_WORD] = 1 + eat() % VERDICT_LAST;
    r->number[VERDICT_OF] = eat() % 32;
    r->number[VERDICT_WAIVES] = eat() & 1 ? UINT32_MAX : 1u << eat() % 32;
    if (eat() & 1)
        for (uint64_t act = 0; act < 32; act++) // saw everything
            r->list[r->n_list++] = act;
}

static void some_fields(struct record *r)
{
    static uint8_t zeros[64], raw[CERTIFICATE_MAX], told[4096];
    const struct record_spec *s = record_spec(r->kind);
    for (unsigned i = 0; s->fields[i].name; i++) {
        const struct field *f = &s->fields[i];
        if (f->type == FIELD_BIN)
            r->blob[i] = r->kind == KIND_ADMIT       ? some_certificate(raw)
                         : r->kind == KIND_SUMMARY   ? some_summary(told, sizeof told)
                         : f->min > 0 || (eat() & 1) ? bytes_of(zeros, f->max < 32 ? f->max : 32)
                                                     : bytes_of(NULL, 0);
        else if (f->type == FIELD_TEXT)
            r->blob[i] = bytes_text(eat() & 1 ? "1" : "");
        else if (f->type == FIELD_NUMBER || (eat() & 1))
            record_set(r, i, f->min + eat() % (f->max - f->min < 100 ? f->max - f->min + 1 : 100));
    }
    if (r->kind == KIND_TALLY)
        some_votes(r);
    if (r->kind == KIND_VERDICT)
        some_verdict(r);
}

static struct bytes made(uint8_t *buffer, size_t cap)
{
    static const char *const places[] = {"01D1-1", "01E-1", "01D", "01D1", "01D1-1", "01", ""};
    static const char *const contests[] = {"K", "L", "K", ""};
    static const unsigned kinds[] = {
        KIND_STEP,      KIND_TURNOUT,     KIND_TALLY,  KIND_MINUTES, KIND_INCIDENT, KIND_DECISION,
        KIND_VOID,      KIND_VERDICT,     KIND_ADMIT,  KIND_RETIRE,  KIND_SUMMARY,  KIND_PLAN_PART,
        KIND_SITUATION, KIND_READY,       KIND_SEALED, KIND_FORK,    KIND_OVERRULE, KIND_ERASE,
        KIND_STEP,      KIND_LIST_CHANGE, KIND_TALLY,  KIND_VERDICT, KIND_TURNOUT,  KIND_STEP};
    const uint8_t *next = z.at + RECORD_BYTES;
    const char *why;
    struct record r = {.kind = kinds[eat() % (sizeof kinds / sizeof kinds[0])],
                       .act = eat() % 32,
                       .how = HOW_DESK,
                       .plan = 1};
    uint8_t where = eat();
    r.at = eat() % 16;
    r.entered = where & 32 ? r.at : 0;
    r.by = bytes_text(where & 64 ? "lan" : "mai");
    r.behalf = bytes_text(where & 128 ? "x" : "");
    r.subject = bytes_text(places[(where & 31) < 20 ? 0 : where & 7 ? (where & 7) - 1 : 0]);
    r.contest = bytes_text(contests[where & 3]);
    uint8_t replaced = eat();
    r.n_replaces = replaced < 128 ? 0 : replaced % 4;
    for (unsigned i = 0; i < r.n_replaces; i++)
        r.replaces[i] = eat() % 32;
    some_fields(&r);
    int n = record_encode(&r, buffer, cap, &why);
    z.at = next < z.end ? next : z.end;
    return bytes_of(buffer, n > 0 ? (size_t)n : 0);
}

// A run of its own making: it goes on, forks, repeats, or signs what is none of its business.
static void run(uint32_t peer)
{
    static uint8_t body[RUN_BYTES_MAX + 256], whole[FRAME_MAX], record[RECORD_MAX];
    struct own_log *l = choose_log();
    uint8_t how = eat();
    struct run_writer w;
    uint64_t after = how & 1 ? l->n : l->n > 0 ? l->n - 1 : 0;
    run_begin(&w, body, sizeof body, after, l->hash);
    for (unsigned i = 0; i <= (how >> 1 & 3u); i++) {
        struct bytes r = how & 8 ? eat_bytes(600) : made(record, sizeof record);
        if (r.n > 0)
            (void)run_add(&w, r);
    }
    if (w.n < w.first)
        return;
    struct bytes b =
        run_end(&w, z.ids[CHILD].election, &l->id, z.ids[how & 16 ? BELOW : CHILD].secret);
    struct packer p;
    pack_init(&p, whole, sizeof whole);
    frame_run(&p, 7 + peer, &l->id, 1);
    frame_run_item(&p, b, bytes_of(NULL, 0));
    if (!p.full)
        frame(peer, packed(&p));
    l->n = w.n;
    memcpy(l->hash, w.hash, HASH_SIZE);
}

static void have(uint32_t peer)
{
    uint8_t buffer[4096];
    struct packer p;
    struct frame f = {
        .session = 7 + peer, .seen = eat_number(), .credit = eat_number(), .last = eat() & 1};
    const struct log_table *t = office_logs(z.office);
    unsigned n = eat() % 8;
    pack_init(&p, buffer, sizeof buffer);
    frame_have(&p, &f, n);
    for (unsigned i = 0; i < n; i++) {
        const struct log_head *h = &t->at[eat() % t->n];
        uint64_t at = eat_number();
        frame_have_item(&p, &h->id, at == UINT64_MAX ? h->n : at, h->hash);
    }
    frame(peer, packed(&p));
}

static void beat(uint32_t peer)
{
    uint8_t buffer[2048];
    struct packer p;
    struct frame f = {.session = 7 + peer,
                      .clock = (int64_t)(eat_number() & INT64_MAX),
                      .taking = eat() % 4 + 1u};
    unsigned n = eat() % 4;
    pack_init(&p, buffer, sizeof buffer);
    frame_beat(&p, &f, n);
    for (unsigned i = 0; i < n; i++)
        frame_beat_item(
            &p, &(struct frame_link){.unit = z.ids[eat() % UNITS].unit, .word = eat() % 4 + 1u});
    frame(peer, packed(&p));
}

static void act(void)
{
    uint8_t what = eat();
    uint32_t peer = 1 + (what >> 5) % PEERS;
    switch (what & 15) {
    case 0: hello(peer); break;
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: run(peer); break;
    case 6: have(peer); break;
    case 7: beat(peer); break;
    case 8: frame(peer, eat_bytes(2000)); break;
    case 9:
        z.now += eat() * 100;
        office_tick(z.office, now_is());
        break;
    case 10: office_bye(z.office, &z.ids[CHILD].unit, "the line is given up"); break;
    case 11:
        turn();
        restart();
        break;
    case 12:
        (void)office_retire(z.office, &z.ids[CHILD].unit, bytes_text("op"), bytes_text("w"),
                            now_is());
        break;
    case 13:
        (void)office_admit_held(z.office, &z.ids[CHILD].unit, 0, bytes_text("op"), now_is());
        break;
    default: turn(); break;
    }
}

// A child hub's figures may be false, but they are its own: the place of its sibling is untouched.
static void look(void)
{
    const struct fold *f = office_fold(z.office);
    const struct plan *p = office_plan(z.office);
    struct office_link_state word;
    uint32_t other = plan_unit_of(p, bytes_text("01E"));
    for (unsigned b = KL_BALLOTS; b < 2 * KL_BALLOTS; b++) {
        const struct cell *c = &f->cells[b];
        for (unsigned i = 1; i < CELL_FACTS; i++)
            MUST(c->facts[i].state == FACT_MISSING);
        MUST(c->changes == 0 && c->interrupted_at == 0 && c->voters == p->ballots[b].voters);
        for (unsigned i = 0; i < p->n_cutoffs; i++)
            MUST(f->turnouts[b * p->n_cutoffs + i].fact.state == FACT_MISSING);
    }
    for (unsigned i = 0; i < sums_of(p); i++)
        MUST(fold_sums(f, other, 0)[i] == 0);
    MUST(!office_word(z.office, bytes_text("01E"), &word) &&
         !office_word(z.office, bytes_text("01"), &word));
    for (uint32_t i = 0; i < f->n_logs; i++)
        MUST(!code_same(&f->logs[i].author, &z.ids[SIBLING].unit));
}

// What was added step by step is what is built from the store.
static void compare(void)
{
    const struct fold *f = office_fold(z.office);
    const struct plan *p = office_plan(z.office);
    size_t cells = p->n_ballots * sizeof *f->cells,
           turnouts = (size_t)p->n_ballots * p->n_cutoffs * sizeof *f->turnouts;
    uint8_t *before = malloc(cells + turnouts);
    memcpy(before, f->cells, cells);
    memcpy(before + cells, f->turnouts, turnouts);
    uint32_t entries = f->n_entries;
    restart();
    f = office_fold(z.office);
    MUST(f->n_entries >= entries);
    MUST(memcmp(before, f->cells, cells) == 0 &&
         memcmp(before + cells, f->turnouts, turnouts) == 0);
    free(before);
}

enum { RUNS_MAX = 2048 };
static struct kept { // what the store holds, in the order in which it came
    uint32_t log;
    struct bytes body;
} kept[RUNS_MAX];
static unsigned n_kept;

static int keep(void *ctx, const struct stored_run *r)
{
    uint64_t *records = ctx;
    uint8_t *copy = malloc(r->body.n);
    MUST(copy && n_kept < RUNS_MAX);
    memcpy(copy, r->body.at, r->body.n);
    kept[n_kept++] = (struct kept){r->log, bytes_of(copy, r->body.n)};
    *records += r->last - r->first + 1;
    return 0;
}

static void fold_run(struct fold *f, uint32_t number, const struct kept *k)
{
    struct run run;
    struct cursor c;
    struct bytes record;
    const char *why;
    MUST(run_decode(&run, k->body, &why) == 0);
    cursor_init(&c, run.records);
    for (uint64_t n = run.first; run_next(&c, &record); n++)
        fold_apply(f, number, n, record);
    if (f->logs[number].stream != STREAM_PLAN)
        fold_held(f, number, run.n);
}

static void *folded(struct fold *f, bool backwards, uint64_t records)
{
    const struct log_table *t = office_logs(z.office);
    struct fold_limits l = {.logs = t->n,
                            .entries = (uint32_t)records + 1,
                            .refs = (uint32_t)records * 5 + REPLACES_MAX + 8,
                            .occurrences = (uint32_t)records + 1,
                            .bytes = (size_t)records * 8192 + 2 * RECORD_MAX};
    size_t size = (fold_size(office_plan(z.office), &l) + 15) & ~(size_t)15;
    void *block = aligned_alloc(16, size);
    MUST(block);
    fold_init(f, block, office_plan(z.office), &l);
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t log = backwards ? t->n - 1 - i : i;
        fold_log(f, i, &t->at[log].id);
        for (unsigned k = 0; k < n_kept; k++)
            if (kept[k].log == log)
                fold_run(f, i, &kept[k]);
    }
    return block;
}

static void same_values(const struct fold *a, const struct fold *b)
{
    const struct plan *p = a->plan;
    size_t sums = (size_t)a->n_inner * p->n_kinds * sums_of(p), contests = 0;
    for (uint32_t i = 0; i < p->n_contests; i++)
        contests += CONTEST_VOTES + p->contests[i].n_candidates;
#define SAME(array, count) MUST(memcmp(a->array, b->array, (count) * sizeof *a->array) == 0)
    SAME(cells, p->n_ballots);
    SAME(turnouts, (size_t)p->n_ballots * p->n_cutoffs);
    SAME(votes, p->n_votes);
    SAME(own, sums);
    SAME(contest_sums, contests);
#undef SAME
}

// The same records, log by log from the first and from the last, give the same cells and sums.
static void fold_in_other_orders(void)
{
    uint64_t records = 0;
    n_kept = 0;
    MUST(store_each(office_store(z.office), keep, &records) == 0);
    for (int backwards = 0; backwards < 2; backwards++) {
        struct fold other;
        void *block = folded(&other, backwards, records);
        same_values(office_fold(z.office), &other);
        free(block);
    }
    for (unsigned i = 0; i < n_kept; i++)
        free((void *)(uintptr_t)kept[i].body.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    memset(&z, 0, sizeof z);
    z.at = data;
    z.end = data + n;
    begin();
    for (unsigned i = 0; i < ACTS_MAX && z.at < z.end; i++)
        act();
    turn();
    look();
    compare();
    turn();
    look();
    fold_in_other_orders();
    bulletins(office_fold(z.office), now_is().wall);
    office_close(&z.office);
    nftw(z.dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
    return 0;
}

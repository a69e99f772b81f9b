// chainload.c - runs of 1, 10 and 100 records: made, signed, decoded and checked.
#include "workloads.h"
#include <stdio.h>
#include <string.h>

enum { LENGTHS = 3 };
static const unsigned lengths[LENGTHS] = {1, 10, 100};
static const uint8_t election[ELECTION_SIZE] = {1, 2, 3};

struct author {
    unsigned records; // of each length
    uint8_t key[KEY_SIZE], secret[SECRET_SIZE];
    struct log_id log;
    const struct plan *plan;
    uint8_t hash[HASH_SIZE], seen[HASH_SIZE];
    uint64_t n, n_seen, runs, voted;
};

static struct bytes make_run(struct author *a, unsigned length)
{
    static uint8_t body[RUN_BYTES_MAX], buffer[RECORD_MAX];
    struct run_writer w;
    run_begin(&w, body, sizeof body, a->n, a->hash);
    for (unsigned i = 0; i < length; i++) {
        uint64_t k = a->n + i;
        uint32_t place = 2 + (uint32_t)(k % PLACES_OF_UNIT);
        size_t n = workplan_statement(a->plan, place, (unsigned)(k % STATEMENTS), k + 1, buffer);
        MUST(run_add(&w, bytes_of(buffer, n)) == 0);
    }
    a->n = w.n;
    memcpy(a->hash, w.hash, HASH_SIZE);
    return run_end(&w, election, &a->log, a->secret);
}

static void read_run(struct author *a, struct bytes body)
{
    static struct record r;
    struct run run;
    struct cursor c;
    struct bytes record;
    const char *why;
    MUST(run_decode(&run, body, &why) == 0);
    run.log = a->log;
    MUST(run.first == a->n_seen + 1 && bytes_same(run.prev, bytes_of(a->seen, HASH_SIZE)));
    MUST(run_check(election, &run, a->key, a->seen, &why) == 0);
    cursor_init(&c, run.records);
    while (run_next(&c, &record)) {
        MUST(record_decode(&r, record, &why) == 0);
        a->voted += r.kind == KIND_TURNOUT ? r.number[TURNOUT_VOTED] : 0;
        MUST(r.act == ++a->n_seen);
    }
    a->runs++;
}

static void make_and_read(void *ctx)
{
    struct author *a = ctx;
    for (unsigned i = 0; i < LENGTHS; i++)
        for (unsigned left = a->records; left > 0;) {
            unsigned length = left < lengths[i] ? left : lengths[i];
            read_run(a, make_run(a, length));
            left -= length;
        }
}

// One bit of what was signed is another: it must not pass.
static void check_refusal(struct author *a)
{
    struct run run;
    uint8_t hash[HASH_SIZE];
    const char *why;
    struct bytes body = make_run(a, 1);
    ((uint8_t *)(uintptr_t)body.at)[body.n - 1] ^= 1;
    MUST(run_decode(&run, body, &why) == 0);
    run.log = a->log;
    MUST(run_check(election, &run, a->key, hash, &why) < 0);
}

void load_chain(unsigned size, struct done *ret)
{
    static const char *const top[] = {"T"};
    static const uint8_t seed[SEED_SIZE] = {7};
    struct bytes bytes = workplan(top, 1, PLACES_OF_UNIT, PLACES_OF_UNIT);
    struct plan *plan = workplan_open(bytes);
    struct code unit = code_of(plan->units[1].code);
    struct author a = {
        .records = size,
        .plan = plan,
        .log = {.author = unit, .about = unit, .stream = STREAM_REPORTS, .incarnation = 11}};
    uint64_t voted = 0;
    key_pair(seed, a.key, a.secret);
    chain_start(election, &a.log, a.key, a.hash);
    memcpy(a.seen, a.hash, HASH_SIZE);
    measured(make_and_read, &a);
    MUST(a.n == (uint64_t)LENGTHS * size && a.n_seen == a.n);
    for (uint64_t k = 0; k < a.n; k++)
        voted += k % STATEMENTS < 2 ? workplan_voted(k % PLACES_OF_UNIT, (unsigned)(k % STATEMENTS))
                                    : 0;
    MUST(a.voted == voted && memcmp(a.seen, a.hash, HASH_SIZE) == 0);
    ret->records = a.n;
    snprintf(ret->what, sizeof ret->what,
             "%llu records in %llu runs of 1, 10 and 100 made, signed, decoded and checked",
             (unsigned long long)a.n, (unsigned long long)a.runs);
    check_refusal(&a);
    free(plan);
    free((void *)(uintptr_t)bytes.at);
}

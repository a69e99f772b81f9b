// records.c - what the nodes state: the same records for the hub and for its peers.
#include "bench.h"
#include "common/base/clock.h"
#include "proto/record.h"
#include <assert.h>
#include <stdio.h>

void bench_unit(unsigned node, struct code *ret)
{
    ret->n = (uint8_t)snprintf(ret->at, sizeof ret->at, "N%05u", node);
}

void bench_place(unsigned node, unsigned place, struct code *ret)
{
    ret->n = (uint8_t)snprintf(ret->at, sizeof ret->at, "N%05u-%05u", node, place);
}

void bench_contest(unsigned contest, struct code *ret)
{
    ret->n = (uint8_t)snprintf(ret->at, sizeof ret->at, "C%.0u", contest);
}

struct bytes bench_statement(unsigned node, uint64_t i, const struct load *l, uint8_t buffer[512])
{
    struct code place, contest;
    const char *why;
    uint64_t pass = i / l->places;
    bench_place(node, (unsigned)(i % l->places), &place);
    bench_contest((unsigned)(pass / BENCH_CUTOFFS), &contest);
    struct record r = {.act = clock_random64(), .kind = KIND_TURNOUT, .how = HOW_DESK, .plan = 1};
    r.entered = clock_now();
    r.at = r.entered - 60000;
    r.by = bytes_text("clerk");
    r.subject = code_bytes(&place);
    r.contest = code_bytes(&contest);
    r.number[TURNOUT_CUTOFF] = 1 + pass % BENCH_CUTOFFS;
    r.number[TURNOUT_VOTED] = BENCH_VOTERS / BENCH_CUTOFFS * r.number[TURNOUT_CUTOFF] - i % 200;
    int n = record_encode(&r, buffer, 512, &why);
    assert(n > 0);
    return bytes_of(buffer, (size_t)n);
}

// lies.c - what a hub under an enrolled key could send instead of what one of its children signed.
//
// Each lie is a name for DANTIN_MUTANT, told of the child with the lowest code from its second run on.
// Those of one line stand where they are told: false_sum, false_mark, withhold_all.
#include "common/office/inside.h"
#include "proto/mutant.h"
#include <assert.h>
#include <string.h>

static uint8_t room[RUN_BYTES_MAX + 256];

// A record of the run is of another byte than the child signed.
static void alter(struct stored_run *r)
{
    memcpy(room, r->body.at, r->body.n);
    room[r->body.n - SIGNATURE_SIZE - 8] ^= 1;
    r->body = bytes_of(room, r->body.n);
}

// The first record of the run stands behind the others.
static void turn_over(struct stored_run *r)
{
    struct run run;
    struct cursor c;
    struct bytes first;
    const char *why;
    int rc = run_decode(&run, r->body, &why);
    assert(rc == 0);
    cursor_init(&c, run.records);
    run_next(&c, &first);
    size_t before = (size_t)(run.records.at - r->body.at), n = (size_t)(c.at - run.records.at);
    memcpy(room, r->body.at, r->body.n);
    memcpy(room + before, c.at, run.records.n - n);
    memcpy(room + before + run.records.n - n, run.records.at, n);
    r->body = bytes_of(room, r->body.n);
}

// At its place another run, of the hub's own making: incidents that the child never said.
static void invent(struct office *o, uint32_t log, struct stored_run *r)
{
    uint8_t buffer[RECORD_MAX];
    struct run run;
    struct run_writer w;
    const char *why;
    struct code unit = o->logs.at[log].id.author;
    int rc = run_decode(&run, r->body, &why);
    assert(rc == 0);
    run_begin(&w, room, sizeof room, r->first - 1, run.prev.at);
    for (unsigned i = 0; i < 10; i++) {
        struct record x = duties_blank(o, KIND_INCIDENT, code_bytes(&unit), (struct moment){0, 1});
        x.number[INCIDENT_CATEGORY] = x.number[INCIDENT_SEVERITY] = x.number[INCIDENT_STATE] = 1;
        int n = record_encode(&x, buffer, sizeof buffer, &why);
        assert(n > 0);
        rc = run_add(&w, bytes_of(buffer, (size_t)n));
        assert(rc == 0);
    }
    r->body = run_end(&w, o->id.election, &o->logs.at[log].id, o->id.secret);
    r->texts = bytes_of(NULL, 0);
    r->last = w.n;
}

static bool is_victim(const struct office *o, const struct code *unit)
{
    for (uint32_t i = 0; i < o->n_children; i++)
        if (strcmp(o->children[i].unit.at, unit->at) < 0)
            return false;
    return o->n_children > 0;
}

bool lies_run(struct office *o, uint32_t log, struct stored_run *r)
{
    static uint64_t put_off; // first record of the run that was sent late
    const struct log_id *id = &o->logs.at[log].id;
    struct stored_run next;
    if (id->stream != STREAM_REPORTS || r->first == 1 || code_same(&id->author, &o->id.unit) ||
        !is_victim(o, &id->author))
        return true;
    if (MUTANT(withhold) || MUTANT(withhold_all))
        return false;
    if (MUTANT(alter_record))
        alter(r);
    if (MUTANT(reorder))
        turn_over(r);
    if (MUTANT(invent))
        invent(o, log, r);
    bool skip = MUTANT(drop_run) || (MUTANT(reorder_runs) && put_off != r->first);
    if (skip && r->last < o->logs.at[log].n) {
        put_off = r->first;
        if (store_read(o->store, log, r->last, &next) == 0)
            *r = next;
    }
    return true;
}

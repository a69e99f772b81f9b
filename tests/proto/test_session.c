// test_session.c - what two ends say to each other, when, and what they do when one says nothing.
#include "world.h"

static int setup(void **state)
{
    *state = world_new();
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

static uint32_t own(struct world *w)
{
    uint32_t log = world_log(&w->ends[CHILD], "C", "C", STREAM_REPORTS, 11);
    w->ends[CHILD].heads[log].rank = FLOW_RANK_OWN;
    return log;
}

static void open_world(struct world *w)
{
    world_run(w, 990);
    assert_int_equal(w->ends[CHILD].s.state, SESSION_OPEN);
    assert_int_equal(w->ends[PARENT].s.state, SESSION_OPEN);
    world_forget(w);
}

// First contact: both greet, both list, then the one that has more gives, and is told when it is kept.
static void test_first_contact(void **state)
{
    struct world *w = *state;
    uint32_t log = own(w);
    append(&w->ends[CHILD], log, 2, 10, 'a');
    append(&w->ends[CHILD], log, 1, 10, 'b');
    world_run(w, 200);
    world_says(w, "[    0] child CONNECT: time to knock\n"
                  "[   10] child HELLO\n"
                  "[   20] parent HELLO\n"
                  "[   20] parent HAVE last\n"
                  "[   30] child HAVE C:3 last\n"
                  "[   30] child RUN C 1..2\n"
                  "[   30] child RUN C 3..3\n"
                  "[   40] parent HAVE C:3 last\n");
    assert_true(world_agrees(w));
}

// After the listing a new record goes out at once, whichever end appends it.
static void test_new_records_both_ways(void **state)
{
    struct world *w = *state;
    uint32_t log = own(w);
    open_world(w);
    append(&w->ends[CHILD], log, 1, 10, 'a');
    uint32_t about = world_log(&w->ends[PARENT], "P", "C", STREAM_ABOUT, 21);
    append(&w->ends[PARENT], about, 1, 10, 'b');
    world_run(w, 1200);
    world_says(w, "[ 1000] child RUN C 1..1\n"
                  "[ 1000] parent HAVE P>C:1 last\n"
                  "[ 1000] parent RUN P>C 1..1\n"
                  "[ 1010] child HAVE P>C:1 last\n"
                  "[ 1010] parent HAVE C:1 last\n");
    assert_true(world_agrees(w));
}

// Whoever has more gives, whoever wrote the log: a child that lost its disk gets its own log back.
static void test_own_log_comes_back(void **state)
{
    struct world *w = *state;
    uint32_t log = world_log(&w->ends[PARENT], "C", "C", STREAM_REPORTS, 11);
    for (unsigned i = 0; i < 3; i++)
        append(&w->ends[PARENT], log, 2, 10, (char)('a' + i));
    world_run(w, 100);
    world_says(w, "[    0] child CONNECT: time to knock\n"
                  "[   10] child HELLO\n"
                  "[   20] parent HELLO\n"
                  "[   20] parent HAVE C:6 last\n"
                  "[   30] child HAVE last\n"
                  "[   40] parent RUN C 1..2\n"
                  "[   40] parent RUN C 3..4\n"
                  "[   40] parent RUN C 5..6\n"
                  "[   50] child HAVE C:6 last\n");
    assert_true(world_agrees(w));
}

// No run goes out before the other end has listed all it holds, in as many frames as it needs.
static void test_many_logs_are_listed_first(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[PARENT];
    for (uint64_t i = 0; i < 600; i++)
        append(e, world_log(e, "C", "C", STREAM_REPORTS, 100 + i), 1, 10, 'a');
    append(&w->ends[CHILD], own(w), 1, 10, 'b');
    world_run(w, 40);
    char said[2048] = "[    0] child CONNECT: time to knock\n"
                      "[   10] child HELLO\n"
                      "[   20] parent HELLO\n"
                      "[   20] parent HAVE of 256\n"
                      "[   20] parent HAVE of 256\n"
                      "[   20] parent HAVE of 88 last\n"
                      "[   30] child HAVE C:1 last\n"
                      "[   30] child RUN C 1..1\n"
                      "[   40] parent HAVE C:1 last\n";
    for (unsigned i = 0; i < SESSION_WINDOW; i++)
        strcat(said, "[   40] parent RUN C 1..1\n");
    world_says(w, said);
    world_run(w, 5000);
    assert_true(world_agrees(w));
}

// No more runs are on the way than the other end allowed, all logs together.
static void test_credit(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    for (uint64_t i = 0; i < 3; i++)
        for (unsigned k = 0; k < SESSION_WINDOW; k++)
            append(e, world_log(e, "C", "C", STREAM_REPORTS, 100 + i), 1, 10, 'a');
    w->ends[PARENT].deaf = false;
    world_run(w, 30);
    assert_int_equal(world_count(w, "child RUN"), SESSION_WINDOW);
    w->ends[PARENT].deaf = true;
    world_run(w, 4000);
    assert_int_equal(world_count(w, "child RUN"), SESSION_WINDOW);
    w->ends[PARENT].deaf = false;
    world_run(w, 60000);
    assert_true(world_agrees(w));
}

// Nor more bytes than SESSION_FLIGHT, but for the run that goes beyond it: a summary would wait behind them.
static void test_flight(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    enum { BYTES = SESSION_FLIGHT / 4 + 1 };
    for (unsigned k = 0; k < 8; k++)
        append(e, world_log(e, "C", "C", STREAM_REPORTS, 100), 1, BYTES, 'a');
    world_run(w, 30);
    assert_int_equal(world_count(w, "child RUN"), 4);
    world_run(w, 60000);
    assert_int_equal(world_count(w, "child RUN"), 8);
    assert_true(world_agrees(w));
}

// The own reports first, then words about units, then reports of units.
static void test_order_of_sending(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    append(e, world_log(e, "U", "U", STREAM_REPORTS, 1), 1, 10, 'a');
    append(e, world_log(e, "C", "U", STREAM_ABOUT, 2), 1, 10, 'a');
    append(e, own(w), 1, 10, 'a');
    append(e, world_log(e, "V", "V", STREAM_REPORTS, 3), 1, 10, 'a');
    world_run(w, 30);
    const char *at = strstr(w->transcript, "child RUN");
    assert_non_null(at);
    assert_string_equal(at, "child RUN C 1..1\n[   30] child RUN C>U 1..1\n"
                            "[   30] child RUN U 1..1\n[   30] child RUN V 1..1\n");
}

// While own reports never cease, evidence still gets at least a quarter of the bytes.
static void test_a_quarter_for_evidence(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    uint32_t log = own(w), evidence = world_log(e, "U", "U", STREAM_REPORTS, 1);
    for (unsigned i = 0; i < 600; i++) {
        append(e, log, 1, 500 + i % 7 * 300, 'a');
        append(e, evidence, 1, 200 + i % 5 * 100, 'b');
    }
    w->silent = true;
    world_run(w, 700);
    assert_true(e->heads[log].n > e->s.flows[log].sent_n); // own reports still wait
    assert_true(e->s.bytes_evidence * 4 >= (e->s.bytes_own + e->s.bytes_evidence) - 4 * 2500);
    assert_true(e->s.bytes_own > e->s.bytes_evidence * 2);
    world_run(w, 30000);
    assert_true(world_agrees(w));
}

// With nothing to say both ends beat every five seconds, and the link stands for hours.
static void test_beats(void **state)
{
    struct world *w = *state;
    w->quiet = false;
    append(&w->ends[CHILD], own(w), 1, 10, 'a');
    open_world(w);
    world_run(w, 10200);
    world_says(w, "[ 5100] child HAVE C:1 last\n"
                  "[ 5100] child BEAT\n"
                  "[ 5100] parent HAVE C:1 last\n"
                  "[ 5100] parent BEAT\n"
                  "[10100] child HAVE C:1 last\n"
                  "[10100] child BEAT\n"
                  "[10100] parent HAVE C:1 last\n"
                  "[10100] parent BEAT\n");
    w->silent = true;
    world_run(w, 3600000);
    assert_int_equal(w->ends[CHILD].s.state, SESSION_OPEN);
    assert_true(w->ends[CHILD].s.peer_offset == -10);
}

// Past twenty seconds of silence the child closes, knocks again within its back-off, and goes on.
static void test_silence(void **state)
{
    struct world *w = *state;
    append(&w->ends[CHILD], own(w), 1, 10, 'a');
    open_world(w);
    w->link = false;
    world_run(w, 20100);
    world_says(w, "[20100] child CLOSE: silence\n[20100] parent CLOSE: silence\n");
    assert_int_equal(w->ends[PARENT].s.state, SESSION_GONE);
    append(&w->ends[CHILD], 0, 1, 10, 'b');
    w->link = true;
    world_run(w, 21000 + SESSION_BACKOFF_MS + SESSION_DEADLINE_MS);
    assert_int_equal(world_count(w, "child CONNECT: time to knock"), 1);
    assert_true(world_agrees(w));
}

// The other end beats but acknowledges nothing: that is not silence, and it is ended all the same.
static void test_no_progress(void **state)
{
    struct world *w = *state;
    uint32_t log = own(w);
    open_world(w);
    w->lose = 1 << FRAME_HAVE;
    append(&w->ends[CHILD], log, 1, 10, 'a');
    world_run(w, 21500);
    world_says(w, "[ 1000] child RUN C 1..1\n"
                  "[ 1010] parent HAVE C:1 last\n"
                  "[21100] child CLOSE: no progress\n");
}

// A greeting or a listing that goes nowhere ends too.
static void test_no_progress_while_greeting(void **state)
{
    struct world *w = *state;
    w->lose = 1 << FRAME_HELLO;
    world_run(w, 20500);
    world_says(w, "[    0] child CONNECT: time to knock\n"
                  "[   10] child HELLO\n"
                  "[20100] child CLOSE: silence\n");
    w->lose = 1 << FRAME_HAVE;
    world_run(w, 60000);
    assert_true(world_count(w, "child CLOSE: no progress") +
                    world_count(w, "parent CLOSE: no progress") >=
                1);
    w->lose = 0;
    world_run(w, 120000);
    assert_int_equal(w->ends[CHILD].s.state, SESSION_OPEN);
}

// A link that does not come up is made anew, for ever.
static void test_knocking_for_ever(void **state)
{
    struct world *w = *state;
    w->link = false;
    world_run(w, 200000);
    assert_int_equal(world_count(w, "child CONNECT"), 11);
    assert_int_equal(world_count(w, "CLOSE"), 0);
}

// The back-off is drawn from all of its range, so that a district does not knock as one; the range begins
// short, and does again once a session lived through a beat.
static void test_jitter(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    unsigned in[5] = {0};
    e->s.falls = 3;
    open_world(w);
    assert_int_equal(e->s.falls, 3);
    world_run(w, w->now + 2 * SESSION_BEAT_MS);
    assert_int_equal(e->s.falls, 0);
    for (unsigned i = 0; i < 100; i++) {
        e->s.state = SESSION_OPEN;
        e->s.falls = i % 4;
        step(e, (struct session_event){.kind = SESSION_LINK_DOWN});
        assert_true(e->s.retry_at - w->now <= SESSION_BACKOFF_FIRST_MS << i % 4);
        assert_int_equal(e->s.falls, i % 4 + 1);
    }
    for (unsigned i = 0; i < 1000; i++) {
        e->s.state = SESSION_OPEN;
        step(e, (struct session_event){.kind = SESSION_LINK_DOWN});
        int64_t wait = e->s.retry_at - w->now;
        assert_true(wait >= 0 && wait <= SESSION_BACKOFF_MS);
        in[wait * 5 / (SESSION_BACKOFF_MS + 1)]++;
    }
    for (unsigned i = 0; i < 5; i++)
        assert_true(in[i] > 140 && in[i] < 260);
}

// A parent whose disk is full gives no credit; that is no failure of the link, and it goes on by
// itself when there is room again.
static void test_full(void **state)
{
    struct world *w = *state;
    uint32_t log = own(w);
    w->ends[PARENT].taking = TAKING_FULL;
    append(&w->ends[CHILD], log, 1, 10, 'a');
    open_world(w);
    w->quiet = true;
    world_run(w, 120000);
    world_says(w, "");
    assert_int_equal(w->ends[CHILD].s.peer_taking, TAKING_FULL);
    w->ends[PARENT].taking = TAKING;
    world_run(w, 126000);
    world_says(w, "[120110] child RUN C 1..1\n[120120] parent HAVE C:1 last\n");
}

// A parent that becomes full while runs are on the way has not failed either.
static void test_full_in_the_middle(void **state)
{
    struct world *w = *state;
    uint32_t log = own(w);
    open_world(w);
    w->ends[PARENT].taking = TAKING_FULL;
    world_run(w, 12000);
    for (unsigned i = 0; i < 20; i++)
        append(&w->ends[CHILD], log, 1, 10, 'a');
    world_run(w, 100000);
    assert_int_equal(world_count(w, "CLOSE"), 0);
    w->ends[PARENT].taking = TAKING;
    world_run(w, 110000);
    assert_true(world_agrees(w));
}

// Runs whose author is not known there yet are looked at and not kept: they go again, one at a time,
// and when the author is known all is there. Other logs do not wait.
static void test_what_was_not_kept_goes_again(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    uint32_t log = own(w), unit = world_log(e, "U", "U", STREAM_REPORTS, 1);
    for (unsigned i = 0; i < 5; i++)
        append(e, unit, 1, 10, (char)('a' + i));
    w->ends[PARENT].unknown = "U";
    world_run(w, 4900);
    assert_int_equal(world_count(w, "child RUN U"), 5);
    world_forget(w);
    append(e, log, 1, 10, 'a');
    world_run(w, 29900);
    assert_int_equal(world_count(w, "child RUN U 1..1"), 5); // one with each beat
    assert_int_equal(world_count(w, "child RUN U"), 5);
    assert_int_equal(world_count(w, "child RUN C 1..1"), 1);
    assert_int_equal(world_count(w, "CLOSE"), 0);
    w->ends[PARENT].unknown = NULL;
    world_forget(w);
    world_run(w, 36000);
    world_says(w, "[30100] child RUN U 1..1\n"
                  "[30110] parent HAVE U:1 last\n"
                  "[30120] child RUN U 2..2\n"
                  "[30120] child RUN U 3..3\n"
                  "[30120] child RUN U 4..4\n"
                  "[30120] child RUN U 5..5\n"
                  "[30130] parent HAVE U:5 last\n");
}

// Where the log is known and its next run is not kept all the same, it goes again with the beats.
static void test_not_kept_in_the_middle(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    uint32_t unit = world_log(e, "U", "U", STREAM_REPORTS, 1);
    append(e, unit, 1, 10, 'a');
    open_world(w);
    w->ends[PARENT].unknown = "U";
    append(e, unit, 1, 10, 'b');
    append(e, unit, 1, 10, 'c');
    world_run(w, 30900);
    assert_int_equal(world_count(w, "child RUN U 3..3"), 1);
    assert_true(world_count(w, "child RUN U 2..2") >= 5 && world_count(w, "child RUN U 2..2") <= 8);
    assert_int_equal(world_count(w, "CLOSE"), 0);
    w->ends[PARENT].unknown = NULL;
    world_run(w, 40000);
    assert_true(world_agrees(w));
}

// A listing that is not at its end lets nothing go out yet, whatever credit it gives.
static void test_wait_for_the_last(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    append(e, own(w), 1, 10, 'a');
    w->lose = 1 << FRAME_HAVE;
    world_run(w, 100);
    struct frame f = {.kind = FRAME_HAVE, .session = e->s.id, .credit = 8};
    step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &f});
    world_run(w, 200);
    assert_int_equal(world_count(w, "child RUN"), 0);
    f.last = true;
    step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &f});
    world_run(w, 300);
    assert_int_equal(world_count(w, "child RUN"), 1);
}

// Equal numbers and unequal hashes: each end gives its own run as proof, once; nothing more of that
// log is sent, nothing is overwritten, and other logs go on.
static void test_fork_at_the_same_number(void **state)
{
    struct world *w = *state;
    uint32_t log = own(w), there = world_log(&w->ends[PARENT], "C", "C", STREAM_REPORTS, 11);
    append(&w->ends[CHILD], log, 2, 10, 'a');
    append(&w->ends[PARENT], there, 2, 10, 'b');
    world_run(w, 990);
    world_says(w, "[    0] child CONNECT: time to knock\n"
                  "[   10] child HELLO\n"
                  "[   20] parent HELLO\n"
                  "[   20] parent HAVE C:2 last\n"
                  "[   30] child HAVE C:2 last\n"
                  "[   30] child RUN C 1..2 proof\n"
                  "[   40] parent HAVE C:2 last\n"
                  "[   40] parent RUN C 1..2 proof\n"
                  "[   50] child HAVE C:2 last\n");
    assert_int_equal(w->ends[CHILD].forks, 1);
    assert_int_equal(w->ends[PARENT].forks, 1);
    append(&w->ends[CHILD], log, 1, 10, 'c');
    append(&w->ends[CHILD], world_log(&w->ends[CHILD], "C", "C", STREAM_REPORTS, 12), 1, 10, 'd');
    world_run(w, 30000);
    assert_int_equal(world_count(w, "RUN C 1..1"), 1);
    assert_int_equal(world_count(w, "RUN"), 1);
    assert_int_equal(world_count(w, "CLOSE"), 0);
}

// Two ends whose logs part somewhere below, one longer: the longer gives the run that covers the
// other's head, the other answers with its own, and both have the proof.
static void test_fork_at_other_lengths(void **state)
{
    for (unsigned longer = 0; longer < 2; longer++) {
        struct world *w = *state;
        teardown(state);
        setup(state);
        w = *state;
        uint32_t logs[2] = {own(w), world_log(&w->ends[PARENT], "C", "C", STREAM_REPORTS, 11)};
        for (unsigned i = 0; i < 2; i++) {
            append(&w->ends[i], logs[i], 1, 10, 'a');
            append(&w->ends[i], logs[i], 3, 10, (char)('b' + i));
        }
        for (unsigned i = 0; i < 4; i++)
            append(&w->ends[longer], logs[longer], 1, 10, 'z');
        world_run(w, 990);
        assert_int_equal(world_count(w, "child RUN C 2..4 proof"), 1);
        assert_int_equal(world_count(w, "parent RUN C 2..4 proof"), 1);
        assert_int_equal(world_count(w, "RUN"), 2);
        assert_true(w->ends[CHILD].forks == 1 && w->ends[PARENT].forks == 1);
        world_run(w, 30000);
        assert_int_equal(world_count(w, "RUN"), 2);
        assert_int_equal(world_count(w, "CLOSE"), 0);
    }
}

// Another election, or no version in common, is said and ends there; the child goes on knocking.
static void test_refused_greetings(void **state)
{
    struct world *w = *state;
    w->ends[CHILD].s.election[0] ^= 1;
    world_run(w, 100);
    world_says(w, "[    0] child CONNECT: time to knock\n"
                  "[   10] child HELLO\n"
                  "[   20] parent BYE: another election: this machine was set up for a different "
                  "one, or for a drill\n"
                  "[   30] child CLOSE: the other end said goodbye\n");
    world_run(w, 20000);
    assert_true(world_count(w, "child CONNECT") >= 1);
    struct frame hello = {.kind = FRAME_HELLO, .session = 5, .lowest = 2, .highest = 3};
    struct session_env env = world_env(&w->ends[PARENT]);
    const char *why;
    memcpy(hello.election, election_a, ELECTION_SIZE);
    assert_int_equal(session_accept(&w->ends[PARENT].s, &hello, &env, &why), -EPROTO);
    hello.lowest = 0, hello.highest = 0;
    assert_int_equal(session_accept(&w->ends[PARENT].s, &hello, &env, &why), -EPROTO);
    hello.highest = 9;
    assert_int_equal(session_accept(&w->ends[PARENT].s, &hello, &env, &why), 0);
}

// A session that is over hears nothing more: not the frames of the one before, not its own late ones.
static void test_what_is_over_is_over(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[PARENT];
    append(&w->ends[CHILD], own(w), 1, 10, 'a');
    open_world(w);
    struct frame f = {
        .kind = FRAME_HAVE, .session = e->s.id ^ 2, .seen = 5, .credit = 50, .last = true};
    step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &f});
    assert_true(e->s.peer_seen == 0 && e->s.peer_credit == SESSION_WINDOW);
    step(e, (struct session_event){.kind = SESSION_LINK_DOWN});
    f.session = e->s.id;
    step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &f});
    f.kind = FRAME_BYE;
    step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &f});
    assert_int_equal(e->s.state, SESSION_GONE);
    world_says(w, "[ 1000] parent CLOSE: the link is gone\n");
}

// What an end claims of runs that were never sent, or credit beyond reason, is not heeded.
static void test_claims_beyond_reason(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    open_world(w);
    struct frame f = {
        .kind = FRAME_HAVE, .session = e->s.id, .seen = 1, .credit = UINT64_MAX, .last = true};
    step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &f});
    assert_true(e->s.peer_seen == 0 && e->s.peer_credit == SESSION_WINDOW);
}

// A goodbye is said once, with its reason.
static void test_goodbye(void **state)
{
    struct world *w = *state;
    open_world(w);
    step(&w->ends[PARENT],
         (struct session_event){.kind = SESSION_REFUSED, .why = "this key was retired"});
    world_run(w, 1100);
    world_says(w, "[ 1000] parent BYE: this key was retired\n"
                  "[ 1010] child CLOSE: the other end said goodbye\n");
}

// A log is shared once, however often that is said; many that come at once are said in several frames.
static void test_many_new_logs_at_once(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[PARENT];
    open_world(w);
    w->quiet = false;
    for (uint64_t i = 0; i < FRAME_HAVES_MAX + 44; i++)
        append(e, world_log(e, "C", "C", STREAM_REPORTS, 100 + i), 1, 10, 'a');
    world_run(w, 1010);
    session_share(&e->s, 0);
    session_share(&e->s, FRAME_HAVES_MAX);
    assert_int_equal(e->s.n_flows, FRAME_HAVES_MAX + 44);
    assert_int_equal(world_count(w, "parent HAVE of 256"), 1);
    assert_int_equal(world_count(w, "parent HAVE of 44"), 1);
    w->quiet = true;
    world_run(w, 5000);
    assert_true(world_agrees(w));
}

// An answer to the greeting that cannot be meant for this child ends the link with the reason.
static void test_a_wrong_answer_to_the_greeting(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    w->ends[PARENT].deaf = true;
    world_run(w, 20);
    assert_int_equal(e->s.state, SESSION_GREETING);
    struct frame hello = {.kind = FRAME_HELLO, .session = e->s.id, .lowest = 2, .highest = 3};
    memcpy(hello.election, election_a, ELECTION_SIZE);
    step(e, (struct session_event){.kind = SESSION_HEARD, .frame = &hello});
    assert_int_equal(e->s.state, SESSION_DOWN);
    assert_int_equal(world_count(w, "child CLOSE: "), 1);
}

// A frame that could not be sent is owed again.
static void test_unsaid(void **state)
{
    struct world *w = *state;
    struct end *e = &w->ends[CHILD];
    uint8_t buffer[4096];
    struct packer p;
    append(e, own(w), 1, 10, 'a');
    step(e, (struct session_event){.kind = SESSION_LINK_UP});
    struct session_env env = world_env(e);
    pack_init(&p, buffer, sizeof buffer);
    assert_true(session_say(&e->s, &env, &p) && buffer[1] == FRAME_HELLO);
    assert_false(session_say(&e->s, &env, &p));
    session_unsaid(&e->s);
    pack_init(&p, buffer, sizeof buffer);
    assert_true(session_say(&e->s, &env, &p) && buffer[1] == FRAME_HELLO);
    world_forget(w);
    post(e, packed(&p), FRAME_HELLO);
    world_run(w, 20);
    world_run(w, 20);
    session_unsaid(&e->s);
    world_run(w, 2000);
    assert_true(world_agrees(w));
}

// A run, an acknowledgement or a whole frame of any kind lost now and then: in the end both hold the
// same, in every world, and nothing was ever taken for a fork.
static void test_losses(void **state)
{
    for (unsigned seed = 1; seed <= 40; seed++) {
        teardown(state);
        setup(state);
        struct world *w = *state;
        uint32_t log = own(w), about = world_log(&w->ends[PARENT], "P", "C", STREAM_ABOUT, 21);
        w->seed = seed;
        w->silent = true;
        w->loss = 1 + seed % 20;
        for (unsigned i = 0; i < 40; i++) {
            append(&w->ends[CHILD], log, 1 + i % 3, 10, 'a');
            append(&w->ends[PARENT], about, 1, 10, 'b');
            world_run(w, w->now + (int64_t)(world_draw(w) % 3000));
        }
        w->loss = 0;
        world_run(w, w->now + 90000);
        assert_true(world_agrees(w));
        assert_int_equal(w->ends[CHILD].forks + w->ends[PARENT].forks, 0);
    }
}

// What a turn has taken and not committed is in no HAVE, whatever else makes one due.
static void test_only_what_is_committed_is_claimed(void **state)
{
    struct world *w = *state;
    struct end *parent = &w->ends[PARENT];
    static uint8_t buffer[FRAME_MAX];
    struct session_env env;
    struct packer p;
    struct frame f;
    struct have h = {0};
    const char *why;
    append(&w->ends[CHILD], own(w), 2, 10, 'a');
    open_world(w);
    uint32_t log = world_log(parent, "C", "C", STREAM_REPORTS, 11);
    parent->heads[log].next_n = 5; // runs of the turn under way
    session_flow(&parent->s, log)->owed = true;
    env = world_env(parent);
    pack_init(&p, buffer, sizeof buffer);
    assert_true(session_say(&parent->s, &env, &p));
    assert_int_equal(frame_decode(&f, packed(&p), &why), 0);
    assert_int_equal(f.kind, FRAME_HAVE);
    assert_true(frame_next_have(&f.items, &h));
    assert_int_equal(h.n, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_first_contact),
        TEST(test_new_records_both_ways),
        TEST(test_own_log_comes_back),
        TEST(test_many_logs_are_listed_first),
        TEST(test_credit),
        TEST(test_flight),
        TEST(test_order_of_sending),
        TEST(test_a_quarter_for_evidence),
        TEST(test_beats),
        TEST(test_silence),
        TEST(test_no_progress),
        TEST(test_no_progress_while_greeting),
        TEST(test_knocking_for_ever),
        TEST(test_jitter),
        TEST(test_full),
        TEST(test_full_in_the_middle),
        TEST(test_what_was_not_kept_goes_again),
        TEST(test_not_kept_in_the_middle),
        TEST(test_wait_for_the_last),
        TEST(test_fork_at_the_same_number),
        TEST(test_fork_at_other_lengths),
        TEST(test_refused_greetings),
        TEST(test_what_is_over_is_over),
        TEST(test_claims_beyond_reason),
        TEST(test_goodbye),
        TEST(test_many_new_logs_at_once),
        TEST(test_a_wrong_answer_to_the_greeting),
        TEST(test_unsaid),
        TEST(test_losses),
        TEST(test_only_what_is_committed_is_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_rollup.c - what one statement does to its cell and to every sum above it, told or proven.
#include "room.h"

static const unsigned votes[4] = {3, 4, 5, 0};
static const unsigned other_votes[4] = {9, 1, 1, 0};

static void tallied_everywhere(const struct room *r, int64_t tallied, int64_t quarantined,
                               int64_t first)
{
    for (uint32_t u = R_UNIT; u <= C1_UNIT; u++) {
        const int64_t *sums = fold_sums(r->fold, u, 1);
        assert_int_equal(sums[SUM_TALLIED], tallied);
        assert_int_equal(sums[SUM_QUARANTINED], quarantined);
        assert_int_equal(sums[SUM_TALLY + 2 * N_VALID], tallied ? 12 : 0);
    }
    assert_int_equal(fold_contest(r->fold, Y_CONTEST)[CONTEST_TALLIED], tallied);
    assert_int_equal(fold_contest(r->fold, Y_CONTEST)[CONTEST_VOTES], first);
}

// A tally that contradicts itself leaves every ancestor's sums, and comes back when it is corrected.
static void test_quarantine_leaves_all_sums(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes);
    say(r, l, &t);
    tallied_everywhere(r, 1, 0, 3);
    t.act = 2;
    t.number[TALLY_RETURNED]++; // F5
    t.replaces[t.n_replaces++] = 1;
    say(r, l, &t);
    tallied_everywhere(r, 0, 1, 0);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_QUARANTINED);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].reasons, REASON_F5);
    t.act = 3;
    t.number[TALLY_RETURNED]--;
    t.replaces[0] = 2;
    say(r, l, &t);
    tallied_everywhere(r, 1, 0, 3);
}

// Each rule that makes a figure impossible keeps it out of the sums, and says why.
static void test_each_reason(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    static const uint32_t expected[] = {REASON_F1, REASON_F2,        REASON_F3,        REASON_F5,
                                        REASON_F6, REASON_CANDIDATE, REASON_DEFINITION};
    for (unsigned i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct record t = voting_tally(r->plan, i + 1, "P1", "X", votes);
        switch (expected[i]) {
        case REASON_F1: record_set(&t, TALLY_ATTENDED, 21); break;
        case REASON_F2: record_set(&t, TALLY_ATTENDED, 13), record_set(&t, TALLY_ISSUED, 14); break;
        case REASON_F3: record_set(&t, TALLY_ISSUED, 12); break;
        case REASON_F5: t.number[TALLY_INVALID]++; break;
        case REASON_F6: t.list[1]++; break;
        case REASON_CANDIDATE: t.list[4] = 8; break;
        default: t.blob[TALLY_DEFINITION] = bytes_text("12345678"); break;
        }
        if (i > 0)
            t.replaces[t.n_replaces++] = i;
        say(r, l, &t);
        assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->facts[CELL_TALLY].state, FACT_QUARANTINED);
        assert_int_equal(cell(r, P1_UNIT, X_CONTEST)->facts[CELL_TALLY].reasons, expected[i]);
        assert_int_equal(fold_contest(r->fold, X_CONTEST)[CONTEST_TALLIED], 0);
    }
}

// F7: of several choices, nobody has more votes than there were ballots, and all together no more
// than the ballots allow.
static void test_several_choices(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes);
    t.list[1] = 12, t.list[3] = 12, t.list[5] = 0; // 12 valid ballots, two names each
    say(r, l, &t);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_VALUE);
    t.act = 2, t.replaces[t.n_replaces++] = 1;
    t.list[5] = 1;
    say(r, l, &t);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].reasons, REASON_F7);
    t.act = 3, t.replaces[0] = 2;
    t.list[1] = 13, t.list[3] = 0;
    say(r, l, &t);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].reasons, REASON_F7);
}

// The same act with the same bytes counts once, in however many logs it stands.
static void test_copies_count_once(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11), *second = reports(r, by, 12);
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes);
    say(r, l, &t);
    say(r, l, &t);
    say(r, second, &t);
    tallied_everywhere(r, 1, 0, 3);
    assert_int_equal(r->fold->n_entries, 3); // two admits and the tally
}

// The same act with other bytes: both are in conflict until both are replaced.
static void test_one_act_two_figures(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11), *second = reports(r, by, 12);
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes);
    say(r, l, &t);
    struct record twin = voting_tally(r->plan, 1, "P2", "Y", other_votes);
    say(r, second, &twin);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_CONFLICT);
    assert_int_equal(cell(r, P2_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_CONFLICT);
    t.act = 2, t.replaces[t.n_replaces++] = 1;
    say(r, l, &t);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_VALUE);
    assert_int_equal(cell(r, P2_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_MISSING);
    tallied_everywhere(r, 1, 0, 3);
}

// Statements that replace one another in a ring are a conflict; one from outside ends it.
static void test_ring(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    for (uint64_t act = 1; act <= 3; act++) {
        struct record t = voting_tally(r->plan, act, "P1", "Y", act == 1 ? votes : other_votes);
        t.replaces[t.n_replaces++] = act % 3 + 1;
        say(r, l, &t);
    }
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_CONFLICT);
    tallied_everywhere(r, 0, 0, 0);
    struct record t = voting_tally(r->plan, 4, "P1", "Y", votes);
    for (uint64_t act = 1; act <= 3; act++)
        t.replaces[t.n_replaces++] = act;
    say(r, l, &t);
    tallied_everywhere(r, 1, 0, 3);
}

// A figure taken by telephone and the unit's own, when they differ, are a conflict until a verdict
// chooses, having seen both; one more statement opens it again; the unit's correction ends it.
static void test_phoned_and_chosen(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    struct record phoned = voting_tally(r->plan, 101, "P1", "Y", votes);
    struct record own = voting_tally(r->plan, 1, "P1", "Y", other_votes);
    say(r, by, &phoned);
    tallied_everywhere(r, 1, 0, 3);
    say(r, l, &own);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_CONFLICT);
    struct record v = verdict(102, VERDICT_CHOSEN, 101);
    say(r, by, &v);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state,
                     FACT_CONFLICT); // it did not see the other
    v.act = 103, v.list[v.n_list++] = 1;
    say(r, by, &v);
    tallied_everywhere(r, 1, 0, 3);
    own = voting_tally(r->plan, 2, "P1", "Y", other_votes);
    say(r, l, &own);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].state, FACT_CONFLICT);
    own = voting_tally(r->plan, 3, "P1", "Y", votes);
    own.replaces[own.n_replaces++] = 1;
    own.replaces[own.n_replaces++] = 2;
    own.replaces[own.n_replaces++] = 101; // a unit may take the place of its parent's word
    say(r, l, &own);
    tallied_everywhere(r, 1, 0, 3);
}

// A parent may not replace what the unit itself said.
static void test_parent_replaces_only_its_own(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    struct record own = voting_tally(r->plan, 1, "P1", "Y", votes);
    say(r, l, &own);
    struct record gone = voting_record(KIND_VOID, 101, "P1");
    gone.replaces[gone.n_replaces++] = 1;
    say(r, by, &gone);
    tallied_everywhere(r, 1, 0, 3);
}

// Returned is out of the sums; released is in, if another person released it than entered it;
// of both the more cautious holds; what makes a figure count for nothing is never released.
static void test_returned_and_released(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes),
                  v = verdict(101, VERDICT_RELEASED, 1);
    record_set(&t, TALLY_ATTENDED, 21);
    say(r, l, &t);
    tallied_everywhere(r, 0, 1, 0);
    v.number[VERDICT_WAIVES] = REASON_F5;
    say(r, by, &v);
    tallied_everywhere(r, 0, 1, 0);
    v.act = 102, v.number[VERDICT_WAIVES] = REASON_F1, v.by = t.by;
    say(r, by, &v);
    tallied_everywhere(r, 0, 1, 0);
    v.act = 103, v.by = bytes_text("officer");
    say(r, by, &v);
    tallied_everywhere(r, 1, 0, 3);
    v = verdict(104, VERDICT_RETURNED, 1);
    say(r, by, &v);
    tallied_everywhere(r, 0, 1, 0);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].reasons, REASON_RETURNED);
    struct record take_back = voting_record(KIND_VOID, 105, "C1");
    take_back.replaces[take_back.n_replaces++] = 104;
    say(r, by, &take_back);
    tallied_everywhere(r, 1, 0, 3);
    t = voting_tally(r->plan, 2, "P1", "Y", votes);
    t.list[0] = 9, t.list[2] = 10, t.list[4] = 11, t.list[6] = 12;
    t.replaces[t.n_replaces++] = 1;
    say(r, l, &t);
    v = verdict(106, VERDICT_RELEASED, 2), v.number[VERDICT_WAIVES] = UINT32_MAX;
    say(r, by, &v);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].reasons, REASON_CANDIDATE);
}

// A log counts from its admission on, wherever that came, and not beyond its retire line.
static void test_admit_and_retire(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = voting_add(r->logs, "C1", "C1", STREAM_REPORTS, 11);
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes),
                  retire = voting_record(KIND_RETIRE, 101, "C1");
    say(r, l, &t);
    t = voting_tally(r->plan, 2, "P2", "Y", other_votes);
    say(r, l, &t);
    tallied_everywhere(r, 0, 0, 0);
    voting_admit(by, 100, 11);
    hear(r, by);
    assert_int_equal(fold_contest(r->fold, Y_CONTEST)[CONTEST_TALLIED], 2);
    retire.number[RETIRE_INCARNATION] = 11, retire.number[RETIRE_N] = 1;
    say(r, by, &retire);
    tallied_everywhere(r, 1, 0, 3);
}

// Nobody passes for another tier: not by a log about itself, not by reports in another's name, not
// by words about a unit that is not its child.
static void test_nobody_passes_for_another(void **state)
{
    struct room *r = *state;
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes);
    say(r, voting_add(r->logs, "C1", "C1", STREAM_ABOUT, 31), &t);
    say(r, voting_add(r->logs, "D", "C1", STREAM_REPORTS, 32), &t);
    say(r, voting_add(r->logs, "R", "C1", STREAM_ABOUT, 33), &t);
    say(r, voting_add(r->logs, "C2", "C1", STREAM_ABOUT, 34), &t);
    tallied_everywhere(r, 0, 0, 0);
    say(r, about(r), &t);
    tallied_everywhere(r, 1, 0, 3);
}

// A tally made for another ballot, as after a plan replaced on the day, is in no total until an operator
// confirms it; then it counts for the candidates it names.
static void test_another_ballot_until_confirmed(void **state)
{
    struct room *r = *state;
    struct voting_log *by = about(r), *l = reports(r, by, 11);
    struct record t = voting_tally(r->plan, 1, "P1", "Y", votes);
    t.blob[TALLY_DEFINITION] = bytes_text("12345678");
    say(r, l, &t);
    tallied_everywhere(r, 0, 1, 0);
    assert_int_equal(cell(r, P1_UNIT, Y_CONTEST)->facts[CELL_TALLY].reasons, REASON_DEFINITION);
    struct record v = verdict(101, VERDICT_RELEASED, 1);
    v.number[VERDICT_WAIVES] = REASON_DEFINITION;
    say(r, by, &v);
    tallied_everywhere(r, 1, 0, 3);
}

// A seal of any number has a slot of its own.
static void test_many_seals(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    static const uint8_t hash[HASH_SIZE];
    for (unsigned i = 0; i < 2; i++) {
        struct record s = voting_record(KIND_SEALED, i + 1, "C1");
        s.number[SEALED_NUMBER] = i ? 513 : 1, s.number[SEALED_N] = i;
        s.blob[SEALED_HASH] = bytes_of(hash, HASH_SIZE);
        say(r, l, &s);
    }
    assert_int_equal(r->fold->n_slots, 2);
    assert_int_equal(r->fold->slots[0].state, FACT_VALUE);
    assert_int_equal(r->fold->slots[1].state, FACT_VALUE);
}

// An incident counts while it is not over and nothing replaced it; one act with two of them, never.
static void test_incidents(void **state)
{
    struct room *r = *state;
    struct voting_log *l = reports(r, about(r), 11);
    struct record i = voting_record(KIND_INCIDENT, 1, "P1");
    i.number[INCIDENT_SEVERITY] = 3, i.number[INCIDENT_STATE] = 1;
    say(r, l, &i);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INCIDENTS], 1);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_SEVERE], 1);
    struct record twin = i;
    twin.number[INCIDENT_SEVERITY] = 1;
    say(r, l, &twin);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INCIDENTS], 0);
    i.act = 2, i.replaces[i.n_replaces++] = 1;
    say(r, l, &i);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INCIDENTS], 1);
    i.act = 3, i.replaces[0] = 2, i.number[INCIDENT_STATE] = 3;
    say(r, l, &i);
    assert_int_equal(fold_sums(r->fold, R_UNIT, 0)[SUM_INCIDENTS], 0);
}

// What a tally names is the definition that the vectors have.
static void test_definition_of_the_vectors(void **state)
{
    struct room *r = *state;
    static char text[4096];
    char hex[80] = "\"definition\": \"";
    FILE *in = fopen("proto/vectors/definition.json", "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = 0;
    fclose(in);
    for (unsigned i = 0; i < 8; i++)
        snprintf(hex + 15 + 2 * i, 4, "%02x\"", r->plan->contests[X_CONTEST].definition[i]);
    assert_non_null(strstr(text, hex));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_quarantine_leaves_all_sums),
        TEST(test_each_reason),
        TEST(test_several_choices),
        TEST(test_copies_count_once),
        TEST(test_one_act_two_figures),
        TEST(test_ring),
        TEST(test_phoned_and_chosen),
        TEST(test_parent_replaces_only_its_own),
        TEST(test_returned_and_released),
        TEST(test_admit_and_retire),
        TEST(test_nobody_passes_for_another),
        TEST(test_another_ballot_until_confirmed),
        TEST(test_many_seals),
        TEST(test_incidents),
        TEST(test_definition_of_the_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_export.c - a verifier of other hands comes to the same totals and outcomes, in random worlds.
//
// Worlds are signed and written as an export; tests/system/verify.py reads it with nothing of ours.
#include "common/election/outcome.h"
#include "worlds.h"
#include <sys/wait.h>
#include <unistd.h>

static void put_hex(FILE *to, const char *name, struct bytes b)
{
    fprintf(to, "\"%s\":\"", name);
    for (size_t i = 0; i < b.n; i++)
        fprintf(to, "%02x", b.at[i]);
    fputc('"', to);
}

static void put_run(FILE *to, unsigned log, struct run_writer *w, const struct log_id *id,
                    const uint8_t *secret)
{
    fprintf(to, "{\"run\":%u,\"first\":%llu,", log, (unsigned long long)w->first);
    put_hex(to, "body", run_end(w, voting_election, id, secret));
    fputs(",\"texts\":\"\"}\n", to);
}

static unsigned outcomes[OUTCOME_LOWEST + 1]; // how often each was written
static bool other_key;                        // reports are signed by a key that nobody vouched for

static void put_log(FILE *to, unsigned i, const struct voting_log *l)
{
    static uint8_t body[RUN_BYTES_MAX + 256];
    uint8_t hash[HASH_SIZE], key[KEY_SIZE], secret[SECRET_SIZE];
    struct run_writer w;
    voting_keys(&l->id.author, key, secret);
    if (other_key && l->id.stream == STREAM_REPORTS)
        voting_keys(&(struct code){1, "z"}, key, secret);
    fprintf(
        to,
        "{\"log\":%u,\"author\":\"%s\",\"about\":\"%s\",\"stream\":%u,\"incarnation\":\"%016llx\",",
        i, l->id.author.at, l->id.about.at, l->id.stream, (unsigned long long)l->id.incarnation);
    put_hex(to, "key", bytes_of(key, KEY_SIZE));
    fputs("}\n", to);
    chain_start(voting_election, &l->id, key, hash);
    for (unsigned k = 0; k < l->n;) {
        run_begin(&w, body, sizeof body, k, hash);
        for (unsigned n = 1 + draw(5); n > 0 && k < l->n; n--, k++)
            assert_int_equal(run_add(&w, bytes_of(l->records[k].at, l->records[k].n)), 0);
        memcpy(hash, w.hash, HASH_SIZE);
        put_run(to, i, &w, &l->id, secret);
    }
}

static void put_outcome(FILE *to, const struct fold *f, uint32_t contest)
{
    const struct plan_contest *k = &f->plan->contests[contest];
    struct outcome_of out;
    const char *comma = "";
    outcome_find(f, contest, &out);
    fprintf(to, "},\"outcome\":\"%s\",\"elected\":[", outcome_name(out.outcome));
    for (uint32_t c = 0; c < k->n_candidates; c++)
        if (out.mark[c] == 1) {
            fprintf(to, "%s%llu", comma,
                    (unsigned long long)f->plan->candidates[k->first_candidate + c].number);
            comma = ",";
        }
    fputs("]}", to);
    outcomes[out.outcome]++;
}

static void put_totals(FILE *to, const struct fold *f, int64_t wrong)
{
    fputs("{\"totals\":[", to);
    for (uint32_t i = 0; i < f->plan->n_contests; i++) {
        const struct plan_contest *k = &f->plan->contests[i];
        const int64_t *sums = fold_contest(f, i);
        fprintf(to, "%s{\"contest\":\"%.*s\",\"tallied\":%lld,\"votes\":{", i ? "," : "",
                (int)k->code.n, (const char *)k->code.at, (long long)sums[CONTEST_TALLIED]);
        for (uint32_t c = 0; c < k->n_candidates; c++)
            fprintf(to, "%s\"%llu\":%lld", c ? "," : "",
                    (unsigned long long)f->plan->candidates[k->first_candidate + c].number,
                    (long long)(sums[CONTEST_VOTES + c] + (i + c == 0 ? wrong : 0)));
        put_outcome(to, f, i);
    }
    fputs("],", to);
    put_hex(to, "plan", f->plan->bytes);
    fputs("}\n", to);
}

static int verified(const char *path)
{
    char command[600];
    snprintf(command, sizeof command, "/usr/bin/python3 tests/system/verify.py %s >%s.said 2>&1",
             path, path);
    int rc = system(command);
    return WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
}

static void write_world(const char *path, const struct voting *v, const struct plan *p,
                        int64_t wrong)
{
    struct fold *f = voting_fold(p, 400);
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    fputs("{\"export\":\"dantin 1\",", to);
    put_hex(to, "election", bytes_of(voting_election, ELECTION_SIZE));
    fputs(",\"unit\":\"D\"}\n", to);
    for (unsigned i = 0; i < v->n_logs; i++) {
        put_log(to, i, &v->logs[i]);
        fold_log(f, i, &v->logs[i].id);
        for (unsigned k = 0; k < v->logs[i].n; k++)
            fold_apply(f, i, k + 1, bytes_of(v->logs[i].records[k].at, v->logs[i].records[k].n));
    }
    put_totals(to, f, wrong);
    fclose(to);
    free(f);
}

static void said(const char *path, char line[400])
{
    char name[200];
    snprintf(name, sizeof name, "%s.said", path);
    FILE *in = fopen(name, "r");
    assert_non_null(in);
    assert_non_null(fgets(line, 400, in));
    fclose(in);
}

// What the fold counts is what another reader of the same records counts, in every world; one vote
// more in the totals, or one byte of a run changed, and it says so.
static void test_another_reader_agrees(void **state)
{
    (void)state;
    char folder[] = "/tmp/dantin-export-XXXXXX", path[200], line[400], command[300];
    struct plan *p = voting_plan();
    struct voting *v = calloc(1, sizeof *v);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/export.jsonl", folder);
    for (unsigned world = 1; world <= 60; world++) {
        random_world(v, p, world);
        write_world(path, v, p, 0);
        int rc = verified(path);
        said(path, line);
        if (rc != 0)
            fail_msg("world %u: %s", world, line);
        assert_true(strncmp(line, "verify: OK 7 logs, ", 19) == 0);
    }
    write_world(path, v, p, 1);
    assert_int_equal(verified(path), 1);
    said(path, line);
    assert_non_null(strstr(line, "contest X, candidate 1"));
    write_world(path, v, p, 0);
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    assert_int_equal(fseek(f, 1200, SEEK_SET), 0);
    int c = fgetc(f);
    assert_int_equal(fseek(f, 1200, SEEK_SET), 0);
    fputc(c == '0' ? '1' : '0', f);
    fclose(f);
    assert_int_equal(verified(path), 1);
    random_world(v, p, 1);
    other_key = true;
    write_world(path, v, p, 0);
    other_key = false;
    assert_int_equal(verified(path), 1);
    said(path, line);
    assert_non_null(strstr(line, "no certificate names its key"));
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    free(v);
    free(p);
}

// A plan in which each contest has rules of its own: R ─ C1 ─ P1 P2, all voted on at both places.
enum { RULES = 7 };
static const struct plan_profile rules[RULES] = {
    {.name = {(const uint8_t *)"a", 1}}, // most votes, one seat
    {.name = {(const uint8_t *)"b", 1},  // village heads: more than half of all voters
     .rule = RULE_MAJORITY,
     .quorum = {1, 2, 1},
     .need = {1, 2, 1},
     .blank_valid = 1},
    {.name = {(const uint8_t *)"c", 1}, // confidence, counted for each person
     .rule = RULE_CONFIDENCE,
     .base = BASE_RETURNED,
     .per_person = 1,
     .low = {1, 2, 1},
     .lowest = {2, 3, 0}},
    {.name = {(const uint8_t *)"d", 1}, .method = SHOW_OF_HANDS, .base = BASE_ATTENDED},
    {.name = {(const uint8_t *)"e", 1}, // a Party cell, of which some are excused
     .rule = RULE_MAJORITY,
     .need = {1, 2, 1},
     .base = BASE_SUMMONED},
    {.name = {(const uint8_t *)"f", 1}, // two of four, at least a half of those valid
     .rule = RULE_MAJORITY,
     .quorum = {2, 3, 0},
     .quorum_base = BASE_ELIGIBLE,
     .need = {1, 2, 0},
     .base = BASE_VALID},
    {.name = {(const uint8_t *)"g", 1},
     .rule = RULE_CONFIDENCE,
     .base = BASE_VALID,
     .low = {1, 3, 1}},
};
static const unsigned rule_seats[RULES] = {1, 1, 0, 2, 2, 2, 0};

static struct plan *rules_plan(void)
{
    static uint8_t buffer[8192];
    static const char *const units[] = {"D", "C1", "P1", "P2"};
    static const uint32_t parents[] = {PLAN_NONE, 0, 1, 1};
    struct plan_candidate candidates[4];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    plan_pack_head(&p, 1, bytes_text("test"), bytes_text("Bầu cử"));
    pack_array(&p, 1);
    plan_pack_level(&p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    for (unsigned i = 0; i < 3; i++)
        pack_array(&p, 0); // cut-offs, categories, targets
    pack_array(&p, RULES);
    for (unsigned i = 0; i < RULES; i++)
        plan_pack_profile(&p, &rules[i]);
    pack_array(&p, 1);
    pack_text(&p, bytes_text("head"));
    pack_array(&p, 4);
    for (uint32_t i = 0; i < 4; i++)
        plan_pack_unit(
            &p,
            &(struct plan_unit){.code = bytes_text(units[i]), .parent = parents[i], .place = i > 1},
            NULL);
    for (unsigned i = 0; i < 4; i++)
        candidates[i] = (struct plan_candidate){i + 1, bytes_text("k"), bytes_text("n")};
    pack_array(&p, RULES);
    for (unsigned i = 0; i < RULES; i++)
        plan_pack_contest(&p,
                          &(struct plan_contest){.code = rules[i].name,
                                                 .unit = 1,
                                                 .profile = i,
                                                 .seats = rule_seats[i],
                                                 .paper = bytes_text(i == 2 || i == 6 ? "p" : ""),
                                                 .places_in_all = 2,
                                                 .n_candidates = rule_seats[i] == 2 ? 4 : 3},
                          candidates);
    pack_array(&p, 2 * RULES);
    for (uint32_t i = 0; i < 2 * RULES; i++)
        plan_pack_ballot(
            &p,
            &(struct plan_ballot){.unit = 2 + i / RULES,
                                  .contest = i % RULES,
                                  .voters = draw(3) ? 20 + i / RULES : VOTERS_UNKNOWN,
                                  .method = draw(5) ? rules[i % RULES].method : draw(2)},
            &rules[i % RULES]);
    assert_false(p.full);
    return voting_open(packed(&p));
}

static bool careful; // in this world nobody makes a mistake
static bool grim;    // and in this one nobody has confidence
static bool slip(uint32_t of)
{
    return !careful && draw(of) == 0;
}

static void state_numbers(struct record *r, unsigned came, unsigned invalid)
{
    const unsigned numbers[] = {[N_ATTENDED] = came,           [N_PRINTED] = 30,
                                [N_ISSUED] = came + 1,         [N_SPOILED] = 1,
                                [N_UNUSED] = 29 - came,        [N_RETURNED] = came,
                                [N_VALID] = came - invalid,    [N_INVALID] = invalid,
                                [N_BLANK] = invalid > 0,       [N_TOTAL] = came,
                                [N_SUMMONED] = came + draw(4), [N_ELSEWHERE] = draw(3),
                                [N_EXEMPT] = draw(2),          [N_SUSPENDED] = draw(2),
                                [N_ABSENT] = draw(2)};
    for (unsigned i = N_ATTENDED; i <= N_ABSENT; i++)
        if (!slip(12))
            record_set(r, TALLY_ELIGIBLE + i, numbers[i] + slip(90));
    if (slip(4))
        record_set(r, TALLY_ELIGIBLE, 19 + draw(4));
}

// Mostly what can be right; figures are small, so that ties and needs are met by one vote.
static struct record some_tally(const struct plan *p, uint64_t act, uint32_t ballot)
{
    const struct plan_ballot *b = &p->ballots[ballot];
    const struct plan_contest *k = &p->contests[b->contest];
    unsigned came = 6 + draw(15), invalid = draw(3), n = k->n_candidates;
    if (k->paper.n > 0 && draw(8) > 0)
        came = 11 + b->unit;
    unsigned left = came - invalid;
    struct record r = voting_record(KIND_TALLY, act, b->unit == 2 ? "P1" : "P2");
    r.contest = k->code;
    r.at = 2000 + draw(3);
    r.blob[TALLY_DEFINITION] = bytes_of(slip(40) ? (const uint8_t *)"12345678" : k->definition, 8);
    if (b->method != SHOW_OF_HANDS)
        state_numbers(&r, came, invalid);
    else
        record_set(&r, slip(9) ? TALLY_VALID : TALLY_ATTENDED, came);
    for (unsigned i = 0; i < n; i++) {
        unsigned most = k->seats == 0 && grim && i + 1 < n && left > 2 ? 2 : left;
        unsigned votes = draw((k->seats == 2 && i > 1 ? most / 4 : most) + 1);
        if (k->seats < 2 && i + 1 == n && draw(2))
            votes = left;
        left -= k->seats == 2 ? 0 : votes;
        r.list[r.n_list++] = slip(60) ? i + 60 : i + 1;
        r.list[r.n_list++] = votes;
    }
    for (unsigned i = 0; i < n && draw(6) == 0; i++) { // columns to agree and disagree
        r.list[r.n_list++] = (uint64_t)COLUMN_AGAINST << 32 | (i + 1);
        r.list[r.n_list] = came - invalid - (unsigned)r.list[2 * i + 1] + slip(8);
        r.n_list++;
    }
    for (unsigned i = 1; i < r.n_list / 2; i++) // a number that nobody has may break the order
        if (r.list[2 * i] <= r.list[2 * i - 2])
            r.n_list = 2 * i;
    return r;
}

static void some_step(struct voting_log *l, uint64_t act, const struct plan *p, uint32_t ballot)
{
    static const uint8_t whats[] = {STEP_OPENED, STEP_HOUSEHOLD_BALLOTS, STEP_CLOSED, STEP_COUNTING,
                                    STEP_INTERRUPTED};
    const struct plan_ballot *b = &p->ballots[ballot];
    bool change = draw(2);
    struct record r =
        voting_record(change ? KIND_LIST_CHANGE : KIND_STEP, act, b->unit == 2 ? "P1" : "P2");
    r.contest = p->contests[b->contest].code;
    r.at = 1000 + draw(8) * 143;
    if (!change)
        r.number[STEP_WHAT] = whats[draw(sizeof whats)];
    else if (draw(4) == 0)
        record_set(&r, LIST_ELIGIBLE, 20 + draw(3));
    else
        record_set(&r, draw(2) ? LIST_ADDED : LIST_REMOVED, 1 + draw(2));
    voting_say(l, &r);
}

static void rules_world(struct voting *v, const struct plan *p)
{
    v->n_logs = 0;
    struct voting_log *reports = voting_add(v, "C1", "C1", STREAM_REPORTS, 11),
                      *about = voting_add(v, "D", "C1", STREAM_ABOUT, 21);
    voting_admit(about, 901, 11);
    for (uint32_t b = 0; b < p->n_ballots; b++) {
        struct record r = some_tally(p, 1 + b, b);
        if (!slip(30))
            voting_say(draw(6) ? reports : about, &r);
        if (slip(4))
            some_step(reports, 100 + b, p, b);
    }
}

// Village heads, several seats, levels of confidence, shows of hands and Party cells: who is elected is
// what another reader finds, and every outcome there is was found.
static void test_outcomes_by_another_reader(void **state)
{
    (void)state;
    char folder[] = "/tmp/dantin-export-XXXXXX", path[200], line[400], command[300];
    struct voting *v = calloc(1, sizeof *v);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/export.jsonl", folder);
    memset(outcomes, 0, sizeof outcomes);
    for (unsigned world = 1; world <= 60; world++) {
        seed = world;
        struct plan *p = rules_plan();
        careful = draw(3) > 0;
        grim = draw(2);
        rules_world(v, p);
        write_world(path, v, p, 0);
        int rc = verified(path);
        said(path, line);
        if (rc != 0)
            fail_msg("world %u: %s", world, line);
        free(p);
    }
    for (unsigned i = 0; i <= OUTCOME_LOWEST; i++)
        if (outcomes[i] == 0)
            fail_msg("never came to: %s", outcome_name((enum outcome)i));
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_another_reader_agrees),
                                       cmocka_unit_test(test_outcomes_by_another_reader)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

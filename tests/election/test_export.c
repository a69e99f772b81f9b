// test_export.c - a verifier of other hands comes to the same totals and outcomes, in random worlds.
//
// Worlds are signed and written as an export; tests/system/verify.py reads it with nothing of ours.
#include "common/election/outcome.h"
#include "lives.h"
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

static void put_kinds(FILE *to, const struct fold *f)
{
    fputs("],\"kinds\":[", to);
    for (unsigned k = 0; k < f->plan->n_kinds; k++) {
        const int64_t *sums = fold_sums(f, 0, k);
        for (unsigned i = 0; i < sums_of(f->plan); i++)
            fprintf(to, "%s%lld", i ? "," : k ? ",[" : "[", (long long)sums[i]);
        fputc(']', to);
    }
    fputs("],", to);
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
    put_kinds(to, f);
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

// Worlds of one sort under the rules of rules.h, each read by the other.
static void each_world(void (*make)(struct voting *, const struct plan *), unsigned worlds)
{
    char folder[] = "/tmp/dantin-export-XXXXXX", path[200], line[400], command[300];
    struct voting *v = calloc(1, sizeof *v);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/export.jsonl", folder);
    memset(outcomes, 0, sizeof outcomes);
    for (unsigned world = 1; world <= worlds; world++) {
        seed = world;
        struct plan *p = rules_plan();
        careful = draw(3) > 0;
        grim = draw(2);
        lonely = draw(6) == 0;
        make(v, p);
        write_world(path, v, p, 0);
        int rc = verified(path);
        said(path, line);
        if (rc != 0)
            fail_msg("world %u: %s", world, line);
        free(p);
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    free(v);
}

// Village heads, several seats, levels of confidence, shows of hands and Party cells: who is elected is
// what another reader finds, and every outcome there is was found.
static void test_outcomes_by_another_reader(void **state)
{
    (void)state;
    each_world(rules_world, 90);
    for (unsigned i = 0; i <= OUTCOME_LOWEST; i++)
        if (outcomes[i] == 0)
            fail_msg("never came to: %s", outcome_name((enum outcome)i));
}

// Steps, turnouts, minutes, decisions, pauses and incidents at one time, or the wrong way round: what
// stands, and all that it adds up to, is what another reader finds.
static void test_lives_by_another_reader(void **state)
{
    (void)state;
    each_world(lives_world, 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_another_reader_agrees),
                                       cmocka_unit_test(test_outcomes_by_another_reader),
                                       cmocka_unit_test(test_lives_by_another_reader)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_planfolder.c - plan folders as people write them, good and faulty.
#include "common/office/planfolder.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

enum { FILES = 6, TEXT = 8192 };
static const char *const names[FILES] = {"election.zpl", "profiles.zpl",   "units.csv",
                                         "contests.csv", "candidates.csv", "voters.csv"};
static char dir[] = "/tmp/dantin-planfolder-XXXXXX";

static void path_of(char path[256], const char *name)
{
    snprintf(path, 256, "%s/%s", dir, name);
}

static void put(const char *name, const char *text)
{
    char path[256];
    path_of(path, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}

static void drop(const char *name)
{
    char path[256];
    path_of(path, name);
    unlink(path);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(dir + strlen(dir) - 6, "XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < FILES; i++)
        drop(names[i]);
    return rmdir(dir);
}

static const char election[] = "plan\n"
                               "    version = 2\n"
                               "    label = \"drill\"\n"
                               "    title = \"Bầu trưởng thôn\"\n"
                               "    day = 2022-03-12\n"
                               "levels\n"
                               "    1\n"
                               "        name = tỉnh\n"
                               "        english = province\n"
                               "    2\n"
                               "        name = xã\n"
                               "        english = commune\n"
                               "    3\n"
                               "        name = thôn\n"
                               "        english = village\n"
                               "cutoffs\n"
                               "    1\n"
                               "        name = \"9 giờ\"\n"
                               "        at = 2022-03-12 09:00\n"
                               "        grace = 15\n"
                               "    2\n"
                               "        name = \"11 giờ\"\n"
                               "        at = 11:00:30\n"
                               "        grace = 30 s\n";
static const char units[] =
    "code,parent_code,level,name,group,former_parent,moved_in,place,opens,closes\n"
    "0110,01,2,Xã Mười,\"Tổ 1, tổ 2\",,,,,\n"
    "01101,0110,3,\"Thôn \"\"Một\"\"\",,0120,2,,07:00,2022-03-12 17:00\n"
    "01102,0110,3,Thôn Hai,,,,,,\n"
    "01,,tỉnh,Tỉnh,,,,no,,\n"
    "0120,01,xã,Xã Hai Mươi,,,,,,\n"
    "01201,0120,thôn,Thôn Ba,,,,yes,,\n";
static const char contests[] = "code,name,kind,unit_code,profile,seats,repeats\n"
                               "B,Hội đồng,council,01,plurality,2,\n"
                               "A,Trưởng thôn Một,head,01101,nqlt09-2008,1,\n"
                               "C,Trưởng thôn Một lần hai,head,01101,mine,1,A\n";
static const char candidates[] = "contest,number,key,name\n"
                                 "A,2,,Trần Thị Hai\n"
                                 "B,5,k5,Lê Năm\n"
                                 "A,1,k1,Nguyễn Văn Một\n"
                                 "B,3,,Phạm Ba\n"
                                 "C,1,k1,Nguyễn Văn Một\n";
static const char voters[] = "place,contest,voters\n"
                             "01101,C,\n"
                             "01101,A,3.452\n";
static const char profiles[] = "mine\n    rule = majority\n    need = 2/3\n    base = attended\n"
                               "plurality\n    choices = 3\n";

static void put_good(void)
{
    const char *const texts[FILES] = {election, profiles, units, contests, candidates, voters};
    for (unsigned i = 0; i < FILES; i++)
        put(names[i], texts[i]);
}

static struct bytes read_good(void)
{
    struct faults faults = {0};
    uint8_t *at;
    size_t n;
    int rc = planfolder_read(dir, &at, &n, &faults);
    faults_print(&faults, stderr);
    assert_int_equal(rc, 0);
    assert_int_equal(faults.n, 0);
    return bytes_of(at, n);
}

static struct plan *open_folder(void)
{
    struct bytes b = read_good();
    const char *why;
    size_t size = plan_size(b, &why);
    void *block = malloc(size);
    assert_int_equal(plan_open(block, size, b, &why), 0);
    free((void *)b.at);
    return block;
}

static void same(struct bytes b, const char *text)
{
    if (!bytes_same(b, bytes_text(text)))
        fail_msg("\"%.*s\" is not \"%s\"", (int)b.n, (const char *)b.at, text);
}

// Rows in any order become a walk of the tree in which siblings keep their order.
static void test_good_folder(void **state)
{
    (void)state;
    static const char *const walk[] = {"01", "0110", "01101", "01102", "0120", "01201"};
    put_good();
    struct plan *p = open_folder();
    const int64_t nine = INT64_C(1647050400000); // 2022-03-12 02:00 UTC
    assert_int_equal(p->version, 2);
    same(p->title, "Bầu trưởng thôn");
    assert_int_equal(p->n_levels, 3);
    same(p->levels[1].english, "commune");
    assert_int_equal(p->n_cutoffs, 2);
    assert_int_equal(p->cutoffs[0].at, nine);
    assert_int_equal(p->cutoffs[0].grace, 15 * 60 * 1000);
    assert_int_equal(p->cutoffs[1].at, nine + 7230 * 1000);
    assert_int_equal(p->cutoffs[1].grace, 30 * 1000);
    assert_int_equal(p->n_units, 6);
    for (uint32_t i = 0; i < 6; i++) {
        same(p->units[i].code, walk[i]);
        assert_int_equal(p->units[i].level, (strlen(walk[i]) - 1) / 2);
    }
    same(p->units[1].group, "Tổ 1, tổ 2");
    const struct plan_unit *u = &p->units[2];
    same(u->name, "Thôn \"Một\"");
    same(u->former, "0120");
    assert_int_equal(u->moved_in, 2);
    assert_true(u->place);
    assert_int_equal(u->opens, nine - 7200 * 1000);
    assert_int_equal(u->closes, nine + 8 * 3600 * 1000);
    assert_false(p->units[1].place);
    assert_int_equal(p->n_kinds, 2);
    same(p->kinds[0], "council");
    same(p->kinds[1], "head");
    free(p);
}

// Contests keep their rows' order, candidates stand by number, and a contest without a row in
// voters.csv is voted on at every place below its unit, by voters whose number is not known.
static void test_contests(void **state)
{
    (void)state;
    put_good();
    struct plan *p = open_folder();
    assert_int_equal(p->n_contests, 3);
    same(p->contests[0].code, "B");
    assert_int_equal(p->contests[0].places_in_all, 3);
    assert_int_equal(p->contests[0].seats, 2);
    assert_int_equal(p->contests[0].unit, 0);
    assert_int_equal(p->contests[1].places_in_all, 1);
    same(p->contests[2].repeats, "A");
    const struct plan_candidate *c = &p->candidates[p->contests[0].first_candidate];
    assert_int_equal(c[0].number, 3);
    same(c[0].key, "B/3");
    same(c[1].key, "k5");
    c = &p->candidates[p->contests[1].first_candidate];
    same(c[0].name, "Nguyễn Văn Một");
    same(c[1].key, "A/2");
    assert_int_equal(p->n_ballots, 5);
    assert_int_equal(p->ballots[plan_ballot_of(p, 2, 1)].voters, 3452);
    assert_int_equal(p->ballots[plan_ballot_of(p, 2, 0)].voters, VOTERS_UNKNOWN);
    assert_int_equal(p->ballots[plan_ballot_of(p, 2, 2)].voters, VOTERS_UNKNOWN);
    assert_int_equal(plan_ballot_of(p, 3, 1), PLAN_NONE);
    free(p);
}

// A plan holds the profiles its contests use: built-in ones, changed ones, and new ones.
static void test_profiles(void **state)
{
    (void)state;
    put_good();
    struct plan *p = open_folder();
    assert_int_equal(p->n_profiles, 3);
    const struct plan_profile *f = &p->profiles[p->contests[0].profile];
    same(f->name, "plurality");
    assert_int_equal(f->rule, RULE_PLURALITY);
    assert_int_equal(f->quorum.den, 0);
    assert_int_equal(f->base, BASE_VALID);
    assert_int_equal(f->choices, 3);
    f = &p->profiles[p->contests[1].profile];
    same(f->name, "nqlt09-2008");
    assert_int_equal(f->rule, RULE_MAJORITY);
    assert_int_equal(f->quorum.num, 1);
    assert_int_equal(f->quorum.den, 2);
    assert_int_equal(f->need.num, 1);
    assert_int_equal(f->need.den, 2);
    assert_int_equal(f->base, BASE_ELIGIBLE);
    assert_int_equal(f->choices, 0);
    f = &p->profiles[p->contests[2].profile];
    same(f->name, "mine");
    assert_int_equal(f->need.num, 2);
    assert_int_equal(f->need.den, 3);
    assert_int_equal(f->base, BASE_ATTENDED);
    free(p);
}

// A text as a spreadsheet in Vietnam saves it: BOM, CRLF, semicolons, everything in quotes, empty
// rows at the end, and blanks around what somebody typed.
static void spoil(const char *from, char *to)
{
    bool quoted = false, start = true, header = true;
    char *const first = to;
    to = stpcpy(to, "\xef\xbb\xbf");
    for (; *from; from++) {
        if (start)
            to = stpcpy(to, "\" ");
        start = false;
        if (*from == '"' && from[1] == '"' && quoted) {
            to = stpcpy(to, "\"\"");
            from++;
        } else if (*from == '"')
            quoted = !quoted;
        else if (!quoted && (*from == ',' || *from == '\n')) {
            to = stpcpy(to, *from == '\n' ? "\"\r\n" : header ? "\";" : "\xc2\xa0\";");
            start = true;
            header = header && *from != '\n';
        } else
            *to++ = *from;
    }
    to = stpcpy(to, ";;\r\n\r\n");
    assert_true(to - first < TEXT);
}

// One folder gives one sequence of bytes, whatever the spreadsheet did to its files.
static void test_as_a_spreadsheet_saves_it(void **state)
{
    (void)state;
    static const char *const csv[] = {units, contests, candidates, voters};
    static char text[TEXT];
    put_good();
    struct bytes plain = read_good();
    for (unsigned i = 0; i < 4; i++) {
        spoil(csv[i], text);
        put(names[2 + i], text);
    }
    struct bytes spoilt = read_good();
    assert_true(bytes_same(plain, spoilt));
    free((void *)plain.at);
    free((void *)spoilt.at);
}

// The folder's faults, one a line as "file:line: " with words that it must hold.
static void faulty(const char *const *expected)
{
    struct faults faults = {0};
    uint8_t *at;
    size_t n, wanted = 0;
    bool wrong = false;
    assert_int_equal(planfolder_read(dir, &at, &n, &faults), -EINVAL);
    assert_null(at);
    bool used[FAULTS_MAX] = {false};
    for (; expected[wanted]; wanted++) {
        char file[64], words[200];
        unsigned line, i = 0;
        assert_int_equal(sscanf(expected[wanted], "%63[^:]:%u: %199[^\n]", file, &line, words), 3);
        for (; i < faults.n_kept; i++)
            if (!used[i] && faults.at[i].file && strcmp(faults.at[i].file, file) == 0 &&
                faults.at[i].line == line && strstr(faults.at[i].text, words))
                break;
        if (i < faults.n_kept)
            used[i] = true;
        else {
            print_error("not told: %s\n", expected[wanted]);
            wrong = true;
        }
    }
    for (unsigned i = 0; i < faults.n_kept; i++)
        if (!used[i] && !faults.at[i].note) {
            print_error("told besides: %s:%u: %s\n", faults.at[i].file, faults.at[i].line,
                        faults.at[i].text);
            wrong = true;
        }
    assert_false(wrong);
    assert_int_equal(faults.n, wanted);
    faults_clear(&faults);
}

// All faults of a folder are told at once, each with its file and line, and each once.
static void test_all_faults_at_once(void **state)
{
    (void)state;
    char long_code[200], text[TEXT];
    memset(long_code, 'x', 100);
    long_code[100] = 0;
    put("election.zpl", "plan\n    version = 0\n    label = l\n    title = t\n    colour = red\n"
                        "levels\n    1\n        name = tỉnh\n    2\n        name = xã\n    3\n"
                        "        name = thôn\n"
                        "cutoffs\n    1\n        name = a\n        at = 2022-03-12 09:00\n    2\n"
                        "        name = b\n        at = 2022-03-12 08:00\n    3\n"
                        "        name = c\n        at = 2022-02-30 10:00\n        grace = soon\n");
    put("profiles.zpl", "p\n    rule = random\n    need = 3/2\n");
    snprintf(text, sizeof text,
             "code,parent_code,level,name,place,opens,closes,moved_in\n"
             "01,,1,Tỉnh,,,,\n"
             "0110,01,2,Xã,,,,\n"
             "0110,01,2,Xã lại,,,,\n"      // 4: twice
             "02,,1,Tỉnh hai,,,,\n"        // 5: a second root
             "0111,09,2,Xã lạc,,,,\n"      // 6: unknown parent
             "r1,r2,2,Vòng,no,,,\n"        // 7: a ring
             "r2,r1,3,Vòng,no,,,\n"        // 8
             "%s,01,2,Dài,,,,\n"           // 9: code too long
             "0112,01,2,,,,,\n"            // 10: no name
             "0113,01,9,Cấp,no,,,\n"       // 11: no such level
             "01101,0110,3,A,maybe,,,\n"   // 12: neither yes nor no
             "01102,0110,3,B,,07:00,,\n"   // 13: an hour without a day
             "01103,0110,3,C,,,,\n"        // 14: votes on nothing
             "011031,01103,3,D,no,,,\n"    // 15: below a place
             "01104,0110,3,\"E\ne\",,,,\n" // 16: a line break in a name
             "01105,110,3,F,,,,\n"         // 18: a zero was cut
             "01106,0110,3,G,,,,7\n",      // 19: moved by a version to come
             long_code);
    put("units.csv", text);
    put("contests.csv", "code,name,kind,unit_code,profile,seats,repeats\n"
                        "K,Thôn,head,01104,plurality,1,\n"
                        "K,Thôn,head,01104,plurality,1,\n"   // 3: twice
                        "L,Thôn,head,0,plurality,1,\n"       // 4: unknown unit
                        "M,Thôn,head,01104,coin,1,\n"        // 5: unknown profile
                        "N,Thôn,head,01104,plurality,0,\n"   // 6: no seat
                        "O,Thôn,head,01104,plurality,1,\n"   // 7: no candidate
                        "P,Thôn,head,01104,plurality,1,ZZ\n" // 8: repeats what is not there
                        "Q,Thôn,,01104,plurality,1,\n"       // 9: no kind
                        "R,Xã,head,0112,plurality,1,\n");    // 10: no place below
    put("candidates.csv", "contest,number,name,key\n"
                          "K,1,A,\n"
                          "K,1,B,\n"    // 3: twice
                          "K,x,C,\n"    // 4: no number
                          "ZZ,1,D,\n"   // 5: unknown contest
                          "K,3,,\n"     // 6: no name
                          "K,4,E,K/1\n" // 7: key twice
                          "L,1,A,\nM,1,A,\nN,1,A,\nP,1,A,\nQ,1,A,\nR,1,A,\n");
    put("voters.csv", "place,contest,voters\n"
                      "01104,K,12.34\n" // 2: no number
                      "01104,K,12\n"    // 3: twice
                      "zz,K,1\n"        // 4: unknown place
                      "01104,zz,1\n"    // 5: unknown contest
                      "01101,K,1\n"     // 6: 01101 is not below 01104 (and is no place)
                      "01102,K,1\n"     // 7: not below
                      "01106,K,1\n");   // 8: not below
    static const char *const expected[] = {
        "election.zpl:2: the version is a whole number",
        "election.zpl:5: nothing here is called plan/colour",
        "election.zpl:19: cut-off 2 is not after",
        "election.zpl:22: grace \"soon\"",
        "election.zpl:22: \"2022-02-30 10:00\" is no time",
        "profiles.zpl:2: rule is plurality, majority or confidence",
        "profiles.zpl:3: need is a part",
        "units.csv:4: unit 0110 stands here a second time; see line 3",
        "units.csv:5: unit 02 is a second one without a parent_code; the first is 01 on line 2",
        "units.csv:6: there is no unit \"09\"",
        "units.csv:7: is not below that of its parent r2",
        "units.csv:8: run in a ring",
        "units.csv:9: code is too long",
        "units.csv:10: name is empty",
        "units.csv:11: level \"9\"",
        "units.csv:11: is not below that of its parent 01",
        "units.csv:12: place \"maybe\"",
        "units.csv:13: opens \"07:00\" has no date",
        "units.csv:15: is not below that of its parent 01103",
        "units.csv:16: name holds a line break",
        "units.csv:18: there is no unit \"110\", but there is \"0110\"",
        "units.csv:19: moved_in \"7\"",
        "contests.csv:3: contest K stands here a second time; see line 2",
        "contests.csv:4: there is no unit \"0\"",
        "contests.csv:5: there is no profile \"coin\"",
        "contests.csv:6: seats \"0\"",
        "contests.csv:7: contest O has no candidate",
        "contests.csv:8: there is no contest \"ZZ\"",
        "contests.csv:9: kind is empty",
        "contests.csv:10: no place is below 0112",
        "candidates.csv:3: number 1 of contest K stands here a second time; see line 2",
        "candidates.csv:4: number \"x\"",
        "candidates.csv:5: there is no contest \"ZZ\"",
        "candidates.csv:6: name is empty",
        "candidates.csv:7: key \"K/1\" stands here a second time",
        "voters.csv:2: voters \"12.34\" is not a number",
        "voters.csv:3: this place and contest stand here a second time; see line 2",
        "voters.csv:4: there is no place \"zz\"",
        "voters.csv:5: there is no contest \"zz\"",
        "voters.csv:6: unit 01101 is not a place",
        "voters.csv:7: place 01102 is not below 01104",
        "voters.csv:8: place 01106 is not below 01104",
        NULL};
    faulty(expected);
}

// A place where nothing is voted on is told, unless a contest without a unit may be the cause.
static void test_place_without_contest(void **state)
{
    (void)state;
    put_good();
    put("contests.csv", "code,name,kind,unit_code,profile,seats\n"
                        "A,Một,head,01101,plurality,1\nB,Ba,head,01201,plurality,1\n"
                        "C,Một,head,01101,plurality,1\n");
    faulty((const char *const[]){"units.csv:4: place 01102 votes on nothing", NULL});
    put("contests.csv", "code,name,kind,unit_code,profile,seats\n"
                        "A,Một,head,01101,plurality,1\nB,Ba,head,1201,plurality,1\n"
                        "C,Một,head,01101,plurality,1\n");
    faulty((const char *const[]){
        "contests.csv:3: there is no unit \"1201\", but there is \"01201\"", NULL});
}

// What is missing is told; what only follows from it is not.
static void test_missing_files_and_columns(void **state)
{
    (void)state;
    faulty((const char *const[]){
        "election.zpl:0: the file is missing", "units.csv:0: the file is missing",
        "contests.csv:0: the file is missing", "candidates.csv:0: the file is missing",
        "voters.csv:0: the file is missing", NULL});
    put_good();
    drop("election.zpl");
    faulty((const char *const[]){"election.zpl:0: the file is missing", NULL});
    put("election.zpl", "plan\n    version = 2\n\tlabel = x\n");
    faulty((const char *const[]){"election.zpl:3: a tab", NULL});
    put_good();
    put("units.csv", "code,level,name\n01,1,Tỉnh\n");
    faulty((const char *const[]){"units.csv:1: parent_code", NULL});
    put_good();
    put("voters.csv", "place,contest,voters,colour\n");
    faulty((const char *const[]){"voters.csv:1: colour", NULL});
    put_good();
    drop("profiles.zpl");
    put("contests.csv", "code,name,kind,unit_code,profile,seats\nA,Một,head,01,plurality,1\n"
                        "B,Ba,head,01,plurality,1\nC,Một,head,01101,plurality,1\n");
    struct bytes b = read_good();
    free((void *)b.at);
}

static void counts(const char *number, uint32_t expected)
{
    char text[200];
    snprintf(text, sizeof text, "place,contest,voters\n01101,C,1\n01101,A,%s\n", number);
    put("voters.csv", text);
    struct plan *p = open_folder();
    assert_int_equal(p->ballots[plan_ballot_of(p, 2, 1)].voters, expected);
    free(p);
}

// Voters are digits, or groups of three with dots or blanks between them; nothing is guessed.
static void test_numbers_of_voters(void **state)
{
    (void)state;
    static const char *const wrong[] = {"3,4", "12.34", "1.2345", ".345",       "345.",
                                        "-3",  "1e3",   "3.452.", "4294967295", "ba"};
    put_good();
    counts("0", 0);
    counts("182", 182);
    counts("3.452", 3452);
    counts("3 452", 3452);
    counts("1\xc2\xa0"
           "234\xc2\xa0"
           "567",
           1234567);
    counts("1\xe2\x80\xaf"
           "234",
           1234);
    counts("", VOTERS_UNKNOWN);
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "place;contest;voters\n01101;C;1\n01101;A;%s\n", wrong[i]);
        put("voters.csv", text);
        faulty((const char *const[]){"voters.csv:3: is not a number", NULL});
    }
}

// The most a plan can hold is held, and one more is told.
static void test_at_the_limits(void **state)
{
    (void)state;
    static char text[64 * 1024];
    for (unsigned more = 0; more < 2; more++) {
        put_good();
        char *to = stpcpy(text, candidates);
        for (unsigned i = 1; i <= PLAN_CANDIDATES_MAX - 1 + more; i++)
            to += sprintf(to, "C,%u,,Tên\n", i + 1);
        put("candidates.csv", text);
        if (more)
            faulty((const char *const[]){"contests.csv:4: more than 256 candidates", NULL});
        else
            free((void *)read_good().at);
    }
    put_good();
    strcpy(text, contests);
    for (unsigned i = 0; i < PLAN_KINDS_MAX - 1; i++)
        sprintf(text + strlen(text), "K%u,Tên,kind%u,01,plurality,1,\n", i, i);
    put("contests.csv", text);
    strcpy(text, candidates);
    for (unsigned i = 0; i < PLAN_KINDS_MAX - 1; i++)
        sprintf(text + strlen(text), "K%u,1,,A\n", i);
    put("candidates.csv", text);
    faulty((const char *const[]){"contests.csv:11: at most 8 kinds", NULL});
}

// The example folder is a good one, and is never written over another.
static void test_new_folder(void **state)
{
    (void)state;
    assert_int_equal(planfolder_new(dir), 0);
    struct plan *p = open_folder();
    assert_int_equal(p->n_units, 4);
    assert_int_equal(p->n_ballots, 2);
    assert_int_equal(p->ballots[1].voters, VOTERS_UNKNOWN);
    free(p);
    put("voters.csv", "mine");
    assert_int_equal(planfolder_new(dir), -EEXIST);
    assert_int_equal(planfolder_new("/proc/none/here"), -ENOENT);
}

// Every parameter of a rule profile can be set; `like` begins with another one; the six built-in ones hold
// what the law says.
static void test_whole_profiles(void **state)
{
    (void)state;
    put_good();
    put("profiles.zpl", "mine\n"
                        "    like = nqlt09-2008\n"
                        "    electorate = all_voters\n"
                        "    method = show_of_hands\n"
                        "    decides = parent\n"
                        "    quorum = 2/3 at least\n"
                        "    quorum_base = attended\n"
                        "    need = 1/2\n"
                        "    base = attended\n"
                        "    choices = 2\n"
                        "    min_candidates = 0\n"
                        "    blank = valid\n"
                        "    count = per_person\n"
                        "    surplus = 50\n"
                        "    rounds = 3\n"
                        "    rerun_days = 7\n"
                        "    report_days = 1\n"
                        "    recognise_days = 4\n"
                        "    interim_months = 2\n"
                        "    copies = 5\n"
                        "    form = 35/HĐBC\n"
                        "    low = 1/2\n"
                        "    lowest = 2/3 at least\n"
                        "    grades\n"
                        "        1 = cao\n"
                        "        2 = thấp\n"
                        "plurality\n    choices = 3\n");
    struct plan *p = open_folder();
    const struct plan_profile *f = &p->profiles[p->contests[2].profile];
    same(f->name, "mine");
    assert_int_equal(f->electorate, ALL_VOTERS);
    assert_int_equal(f->method, SHOW_OF_HANDS);
    assert_int_equal(f->decides, DECIDES_PARENT);
    assert_int_equal(f->rule, RULE_MAJORITY); // of the one it is like
    assert_int_equal(f->quorum.num, 2);
    assert_int_equal(f->quorum.strict, 0);
    assert_int_equal(f->quorum_base, BASE_ATTENDED);
    assert_int_equal(f->need.strict, 1);
    assert_int_equal(f->base, BASE_ATTENDED);
    assert_int_equal(f->choices, 2);
    assert_int_equal(f->blank_valid, 1);
    assert_int_equal(f->per_person, 1);
    assert_int_equal(f->surplus, 50);
    assert_int_equal(f->rounds, 3);
    assert_int_equal(f->rerun_days, 7);
    assert_int_equal(f->report_days, 1);
    assert_int_equal(f->recognise_days, 4);
    assert_int_equal(f->interim_months, 2);
    assert_int_equal(f->copies, 5);
    same(f->form, "35/HĐBC");
    assert_int_equal(f->lowest.num, 2);
    assert_int_equal(f->n_grades, 2);
    same(f->grades[1], "thấp");
    free(p);
}

static const char party[] = "code,name,kind,unit_code,profile,seats,repeats,paper,person\n"
                            "T,Tín nhiệm,confidence,01101,confidence-96-qdtw,,,to 1,an\n"
                            "S,Bí thư,secretary,01101,party-cell-190,1,,,\n";

// A confidence vote has the levels of its profile for candidates; a Party cell's base is its members
// summoned. What is restricted stands best in an instance of its own, which is said and is no fault.
static void test_restricted_contests(void **state)
{
    (void)state;
    char text[TEXT];
    put_good();
    put("contests.csv", party);
    put("candidates.csv", "contest,number,name,key\nS,1,An,an\nS,2,Bình,binh\n");
    put("voters.csv", "place,contest,voters\n01101,T,30\n01101,S,30\n");
    static const char *const units_of_one = "code,parent_code,level,name,place\n"
                                            "01,,1,Tỉnh,\n0110,01,2,Xã,\n01101,0110,3,Thôn,yes\n";
    put("units.csv", units_of_one);
    struct plan *p = open_folder();
    const struct plan_contest *t = &p->contests[0];
    assert_int_equal(t->n_candidates, 3);
    same(p->candidates[t->first_candidate + 2].name, "tín nhiệm thấp");
    same(t->person, "an");
    same(t->paper, "to 1");
    assert_int_equal(t->seats, 0);
    assert_true(p->restricted[0] && p->restricted[1]);
    assert_int_equal(p->profiles[p->contests[1].profile].base, BASE_SUMMONED);
    assert_int_equal(p->profiles[p->contests[1].profile].decides, DECIDES_SUPERIOR);
    free(p);
    snprintf(text, sizeof text, "%sH,Trưởng thôn,head,01101,nd59-2023,1,,,\n", party);
    put("contests.csv", text);
    put("candidates.csv", "contest,number,name,key\nS,1,An,an\nH,1,An,an\n");
    put("voters.csv", "place,contest,voters\n01101,T,30\n01101,S,30\n01101,H,300\n");
    struct faults faults = {0};
    uint8_t *at;
    size_t n;
    assert_int_equal(planfolder_read(dir, &at, &n, &faults), 0);
    assert_int_equal(faults.n, 0);
    assert_int_equal(faults.n_kept, 1);
    assert_true(faults.at[0].note);
    assert_non_null(strstr(faults.at[0].text, "an instance of its own"));
    faults_clear(&faults);
    free(at);
}

// What rules cannot mean is a fault: with all others, by file and line.
static void test_faults_of_rules(void **state)
{
    (void)state;
    put_good();
    put("units.csv", "code,parent_code,level,name,place,opens,closes,cutoffs\n"
                     "01,,1,Tỉnh,,,,\n0110,01,2,Xã,,,,1=08:30\n"
                     "01101,0110,3,Thôn,yes,07:00,17:00,1=08:30;3=09:00\n"
                     "01102,0110,3,Thôn,yes,07:00,17:00,2=none;1=08:00\n");
    put("profiles.zpl", "a\n    rule = confidence\n    base = returned\n"
                        "b\n    like = nobody\n"
                        "c\n    rule = majority\n    need = 1/2\n    base = summoned\n"
                        "d\n    lowest = 3/2\n    grades\n        7 = x\n");
    put("contests.csv", "code,name,kind,unit_code,profile,seats,repeats,paper,person\n"
                        "H,Thôn,head,01101,nd59-2023,1,,,\n"
                        "T,Tín nhiệm,confidence,01101,confidence-96-qdtw,,,,\n"
                        "S,Cấp ủy,head,01101,party-cell-190,3,,,\n"
                        "R,Lại,council,01102,plurality,1,H,,\n");
    put("candidates.csv", "contest,number,name,key,woman,birth_year\nH,1,A,,maybe,75\n"
                          "S,1,A,,,\nS,2,B,,,\nS,3,C,,,\nS,4,D,,,\nS,5,E,,,\nR,1,A,,,\n");
    put("voters.csv", "place,contest,voters,method\n01101,H,30,loudly\n01101,T,30,\n"
                      "01101,S,30,\n01102,R,30,\n");
    faulty((const char *const[]){
        "units.csv:3: cut-offs of its own are for places",
        "units.csv:4: cutoffs \"1=08:30;3=09:00\"",
        "units.csv:5: cutoffs \"2=none;1=08:00\"",
        "profiles.zpl:2: profile a: a confidence vote has two to five grades",
        "profiles.zpl:5: like names a profile",
        "profiles.zpl:7: profile c: summoned is a base of members only",
        "profiles.zpl:11: lowest is a part",
        "profiles.zpl:13: grades are numbered",
        "contests.csv:3: contest T is a confidence vote: person says about whom",
        "contests.csv:4: kind head has restricted contests and others",
        "contests.csv:4: contest S has 5 candidates for 3 seats",
        "contests.csv:5: contest R repeats H and is of another kind",
        "candidates.csv:2: woman \"maybe\"",
        "candidates.csv:2: birth_year \"75\"",
        "voters.csv:2: method \"loudly\"",
        NULL});
}

// Cut-offs of a place's own, methods, categories, targets, whom a unit succeeds.
static void test_new_columns(void **state)
{
    (void)state;
    char text[TEXT];
    put_good();
    snprintf(text, sizeof text,
             "%stargets\n    1\n        what = women\n        percent = 30\n"
             "categories\n    1\n        name = lũ\n        english = flood\n",
             election);
    put("election.zpl", text);
    put("units.csv",
        "code,parent_code,level,name,place,opens,closes,cutoffs,successor_of\n"
        "01,,1,Tỉnh,,,,,\n0110,01,2,Xã,,,,,\"0108, 0109\"\n"
        "01101,0110,3,Thôn,yes,07:00,17:00,1=08:30;2=none,\n"
        "01102,0110,3,Thôn,yes,19:00,21:00,,\n"
        "01103,0110,3,Thôn,yes,2022-03-13 07:00,2022-03-13 17:00,,\n");
    put("contests.csv", "code,name,kind,unit_code,profile,seats,repeats\nH,Thôn,head,0110,plurality,1,\n");
    put("candidates.csv", "contest,number,name\nH,1,A\n");
    put("voters.csv", "place,contest,voters,method\n01101,H,30,show_of_hands\n01102,H,30,\n01103,H,,\n");
    struct plan *p = open_folder();
    const int64_t nine = INT64_C(1647050400000), hour = 3600 * 1000;
    assert_int_equal(plan_due_at(p, 2, 1), nine - hour / 2);
    assert_int_equal(plan_due_at(p, 2, 2), 0); // none
    assert_int_equal(plan_due_at(p, 3, 1), 0); // it opens in the evening
    assert_int_equal(plan_due_at(p, 3, 2), nine + 12 * hour); // the last one, when it closes
    assert_int_equal(plan_due_at(p, 4, 1), nine + 24 * hour); // the same hour of its own day
    assert_int_equal(p->ballots[0].method, SHOW_OF_HANDS);
    assert_int_equal(p->ballots[1].method, SECRET_BALLOT);
    assert_int_equal(p->n_categories, 1);
    same(p->categories[0].english, "flood");
    same(p->targets[0].what, "women");
    same(p->units[1].successor_of, "0108, 0109");
    free(p);
    put("election.zpl", election);
    p = open_folder();
    assert_int_equal(p->n_categories, 9); // the usual ones
    free(p);
}

// What is known of candidates beside their names goes into a table of its own and not into the plan.
static void test_traits(void **state)
{
    (void)state;
    uint8_t *text;
    size_t n;
    put_good();
    put("units.csv", "code,parent_code,level,name,place\n"
                     "01,,1,Tỉnh,\n0110,01,2,Xã,\n01101,0110,3,Thôn,yes\n");
    put("contests.csv", "code,name,kind,unit_code,profile,seats,repeats\nH,Thôn,head,0110,plurality,1,\n");
    put("candidates.csv", "contest,number,name,key,re_elected,woman,minority,party,birth_year,"
                          "schooling,theory,secretary\n"
                          "H,1,An,an,yes,no,,yes,1975,THPT,\"sơ cấp, \"\"A\"\"\",no\nH,2,Bình,,,,,,,,,\n");
    put("voters.csv", "place,contest,voters\n");
    struct bytes plan = read_good();
    assert_null(memmem(plan.at, plan.n, "THPT", 4));
    free((void *)plan.at);
    assert_int_equal(planfolder_traits(dir, &text, &n), 0);
    assert_string_equal((char *)text,
                        "contest,number,key,re_elected,woman,minority,party,birth_year,schooling,"
                        "theory,secretary\n"
                        "H,1,an,yes,no,,yes,1975,THPT,\"sơ cấp, \"\"A\"\"\",no\n");
    free(text);
}

// Names of any kind survive byte for byte, or are refused with a reason.
static void test_names_of_any_kind(void **state)
{
    (void)state;
    static char text[TEXT], longest[1002];
    memset(longest, 'x', 1001);
    longest[1000] = 0;
    const char *good[] = {"Ho\xcc\x80" "a Thu\xcc\xa3\xcc\x82n", // NFD
                          "\xee\x80\x80 riêng",               // private use
                          "\xf0\x9f\x97\xb3 hòm phiếu",       // beyond the BMP
                          "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", // right to left
                          "=cmd|' /C calc'!A0", "<b onmouseover=x>&amp;</b>", longest};
    put_good();
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(text, sizeof text,
                 "code,parent_code,level,name,place\n01,,1,Tỉnh,\n0110,01,2,Xã,\n"
                 "01101,0110,3,\"%s\",yes\n",
                 good[i]);
        put("units.csv", text);
        put("contests.csv",
            "code,name,kind,unit_code,profile,seats,repeats\nH,Thôn,head,0110,plurality,1,\n");
        put("candidates.csv", "contest,number,name\nH,1,A\n");
        put("voters.csv", "place,contest,voters\n");
        struct plan *p = open_folder();
        same(p->units[2].name, good[i]);
        free(p);
    }
    longest[1000] = 'x';
    static const struct {
        const char *name, *why;
    } bad[] = {{"hai\ndòng", "units.csv:4: name holds a line break"},
               {"\xe2\x80\xae" "ngược", "units.csv:4: not UTF-8, or an invisible character"},
               {"\x07", "units.csv:4: not UTF-8, or an invisible character"},
               {"\xc3", "units.csv:4: not UTF-8, or an invisible character"},
               {longest, "units.csv:4: name is too long"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text,
                 "code,parent_code,level,name,place\n01,,1,Tỉnh,\n0110,01,2,Xã,\n"
                 "01101,0110,3,\"%s\",yes\n",
                 bad[i].name);
        put("units.csv", text);
        faulty((const char *const[]){bad[i].why, NULL});
    }
}

// A plan is followed only by a higher version in which no candidate's number means somebody else.
static void test_what_may_follow(void **state)
{
    (void)state;
    struct faults faults = {0};
    char text[TEXT];
    put_good();
    struct plan *old = open_folder();
    assert_int_equal(plan_refusal(old, old, &faults), -EINVAL);
    assert_int_equal(faults.n, 1);
    assert_non_null(strstr(faults.at[0].text, "version 2 is not above version 2"));
    faults_clear(&faults);

    snprintf(text, sizeof text, "%s", election);
    *strchr(text, '2') = '3';
    put("election.zpl", text);
    put("candidates.csv", "contest,number,key,name\nA,1,k1,Tên sửa\nA,3,,Người mới\nB,5,k5,Năm\n"
                          "C,1,k1,Một\n");
    struct plan *good = open_folder();
    assert_int_equal(plan_refusal(old, good, &faults), 0);
    put("candidates.csv", "contest,number,key,name\nA,1,k9,Người khác\nA,2,,Hai\nB,5,k5,Năm\n"
                          "C,1,k1,Một\n");
    struct plan *bad = open_folder();
    assert_int_equal(plan_refusal(old, bad, &faults), -EINVAL);
    assert_int_equal(faults.n, 1);
    assert_non_null(strstr(faults.at[0].text, "number 1 of contest A was \"k1\""));
    faults_clear(&faults);
    free(old);
    free(good);
    free(bad);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_good_folder),
        IN_FOLDER(test_contests),
        IN_FOLDER(test_profiles),
        IN_FOLDER(test_as_a_spreadsheet_saves_it),
        IN_FOLDER(test_all_faults_at_once),
        IN_FOLDER(test_place_without_contest),
        IN_FOLDER(test_missing_files_and_columns),
        IN_FOLDER(test_numbers_of_voters),
        IN_FOLDER(test_at_the_limits),
        IN_FOLDER(test_new_folder),
        IN_FOLDER(test_whole_profiles),
        IN_FOLDER(test_restricted_contests),
        IN_FOLDER(test_faults_of_rules),
        IN_FOLDER(test_new_columns),
        IN_FOLDER(test_traits),
        IN_FOLDER(test_names_of_any_kind),
        IN_FOLDER(test_what_may_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

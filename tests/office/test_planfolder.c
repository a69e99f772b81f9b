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
    assert_int_equal(f->quorum_den, 0);
    assert_int_equal(f->base, BASE_VALID);
    assert_int_equal(f->choices, 3);
    f = &p->profiles[p->contests[1].profile];
    same(f->name, "nqlt09-2008");
    assert_int_equal(f->rule, RULE_MAJORITY);
    assert_int_equal(f->quorum_num, 1);
    assert_int_equal(f->quorum_den, 2);
    assert_int_equal(f->need_num, 1);
    assert_int_equal(f->need_den, 2);
    assert_int_equal(f->base, BASE_ELIGIBLE);
    assert_int_equal(f->choices, 0);
    f = &p->profiles[p->contests[2].profile];
    same(f->name, "mine");
    assert_int_equal(f->need_num, 2);
    assert_int_equal(f->need_den, 3);
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
        if (!used[i]) {
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
        "profiles.zpl:2: rule is plurality or majority",
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
    for (unsigned i = 0; i < 3; i++)
        sprintf(text + strlen(text), "K%u,Tên,kind%u,01,plurality,1,\n", i, i);
    put("contests.csv", text);
    strcpy(text, candidates);
    strcat(text, "K0,1,,A\nK1,1,,A\nK2,1,,A\n");
    put("candidates.csv", text);
    faulty((const char *const[]){"contests.csv:7: at most 4 kinds", NULL});
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
        IN_FOLDER(test_what_may_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// test_planfolder.c - plan folders as people write them, good and faulty: files, rows and texts.
#include "planfolders.h"

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
        "voters.csv:2: voters: \"12.34\" has a separator in the wrong place",
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
        faulty((const char *const[]){"voters.csv:3: voters:", NULL});
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
    assert_int_equal(p->n_days, 9);
    assert_int_equal(p->ballots[1].voters, VOTERS_UNKNOWN);
    free(p);
    put("voters.csv", "mine");
    assert_int_equal(planfolder_new(dir), -EEXIST);
    assert_int_equal(planfolder_new("/proc/none/here"), -ENOENT);
}

// Categories are numbered without a gap, the usual nine keep their numbers; targets name a statistic.
static void test_categories_and_targets(void **state)
{
    (void)state;
    static const char *const usual[] = {
        "weather, access", "power, communications",        "ballots, documents",
        "voter list",      "procedure, voting for others", "security, order",
        "health",          "complaint, denunciation",      "too few voters"};
    static char text[TEXT];
    put_good();
    struct plan *p = open_folder();
    assert_int_equal(p->n_categories, 9);
    for (unsigned i = 0; i < 9; i++)
        same(p->categories[i].english, usual[i]);
    assert_int_equal(p->n_targets, 0);
    free(p);
    snprintf(
        text, sizeof text,
        "%scategories\n    1\n        name = lũ\n    3\n        name = bão\n"
        "    33\n        name = quá\ntargets\n    1\n        what = beauty\n        percent = 5\n"
        "    2\n        what = women\n        percent = 101\n    3\n        what = women\n"
        "        percent = 0\n    4\n        what = party\n    17\n        what = new\n",
        election);
    put("election.zpl", text);
    faulty((const char *const[]){
        "election.zpl:0: categories/2 has no name", "election.zpl:31: at most 32 categories",
        "election.zpl:34: \"beauty\" is no statistic", "election.zpl:38: percent is a whole number",
        "election.zpl:40: target women stands here a second time; see line 37",
        "election.zpl:43: targets/4 lacks its what or its percent",
        "election.zpl:45: at most 16 targets", NULL});
}

// Own times of cut-offs ascend, are of the day on which the place votes, and name a cut-off there is; a
// unit succeeds codes.
static void test_columns_of_units(void **state)
{
    (void)state;
    static char text[TEXT], longest[PLAN_NAME_MAX + 2];
    static const struct {
        const char *cutoffs, *successor, *why;
    } rows[] = {{"1=08:30;1=09:00", "", "units.csv:4: cutoffs \"1=08:30;1=09:00\""},
                {"3=08:30", "", "units.csv:4: cutoffs \"3=08:30\""},
                {"0=08:30", "", "units.csv:4: cutoffs \"0=08:30\""},
                {"1=24:30", "", "units.csv:4: cutoffs \"1=24:30\""},
                {"1:08:30", "", "units.csv:4: cutoffs \"1:08:30\""},
                {"", "mười mã chữ dài quá tám mươi byte mà không có dấu phẩy", NULL},
                {"", longest, "units.csv:4: successor_of: write codes of units"}};
    memset(longest, 'x', 81);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_village("code,name,kind,unit_code,profile,seats\nH,Thôn,head,0110,plurality,1\n",
                    "contest,number,name\nH,1,A\n", "place,contest,voters\n");
        snprintf(text, sizeof text,
                 "code,parent_code,level,name,place,cutoffs,successor_of\n01,,1,Tỉnh,,,\n"
                 "0110,01,2,Xã,,,\n01101,0110,3,Thôn,yes,%s,%s\n",
                 rows[i].cutoffs, rows[i].successor);
        put("units.csv", text);
        if (rows[i].why)
            faulty((const char *const[]){rows[i].why, NULL});
        else
            free(open_folder());
    }
    put("units.csv", "code,parent_code,level,name,place,cutoffs,opens,closes\n01,,1,Tỉnh,,,,\n"
                     "0110,01,2,Xã,,,,\n"
                     "01101,0110,3,Thôn,yes,1=08:30; 2=none,2022-03-14 07:00,2022-03-14 11:00\n");
    struct plan *p = open_folder();
    const int64_t nine = INT64_C(1647050400000), hour = 3600 * 1000;
    assert_int_equal(plan_due_at(p, 2, 1), nine - hour / 2 + 48 * hour);
    assert_int_equal(plan_due_at(p, 2, 2), 0);
    free(p);
    put("election.zpl",
        "plan\n    version = 2\n    label = a\n    title = b\nlevels\n    1\n"
        "        name = tỉnh\n    2\n        name = xã\n    3\n        name = thôn\n"
        "cutoffs\n    1\n        name = a\n        at = 2022-03-12 09:00\n");
    put("units.csv", "code,parent_code,level,name,place,cutoffs\n01,,1,Tỉnh,,\n0110,01,2,Xã,,\n"
                     "01101,0110,3,Thôn,yes,1=08:30\n");
    faulty((const char *const[]){"units.csv:4: cutoffs \"1=08:30\" has no date", NULL});
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
    put("units.csv", "code,parent_code,level,name,place,opens,closes,cutoffs,successor_of\n"
                     "01,,1,Tỉnh,,,,,\n0110,01,2,Xã,,,,,\"0108, 0109\"\n"
                     "01101,0110,3,Thôn,yes,07:00,17:00,1=08:30;2=none,\n"
                     "01102,0110,3,Thôn,yes,19:00,21:00,,\n"
                     "01103,0110,3,Thôn,yes,2022-03-13 07:00,2022-03-13 17:00,,\n");
    put("contests.csv",
        "code,name,kind,unit_code,profile,seats,repeats\nH,Thôn,head,0110,plurality,1,\n");
    put("candidates.csv", "contest,number,name\nH,1,A\n");
    put("voters.csv",
        "place,contest,voters,method\n01101,H,30,show_of_hands\n01102,H,30,\n01103,H,,\n");
    struct plan *p = open_folder();
    const int64_t nine = INT64_C(1647050400000), hour = 3600 * 1000;
    assert_int_equal(plan_due_at(p, 2, 1), nine - hour / 2);
    assert_int_equal(plan_due_at(p, 2, 2), 0);                // none
    assert_int_equal(plan_due_at(p, 3, 1), 0);                // it opens in the evening
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
    put("contests.csv",
        "code,name,kind,unit_code,profile,seats,repeats\nH,Thôn,head,0110,plurality,1,\n");
    put("candidates.csv",
        "contest,number,name,key,re_elected,woman,minority,party,birth_year,"
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
    const char *good[] = {"Ho\xcc\x80"
                          "a Thu\xcc\xa3\xcc\x82n",           // NFD
                          "\xee\x80\x80 riêng",               // private use
                          "\xf0\x9f\x97\xb3 hòm phiếu",       // beyond the BMP
                          "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", // right to left
                          "=cmd|' /C calc'!A0",
                          "<b onmouseover=x>&amp;</b>",
                          longest};
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
               {"\xe2\x80\xae"
                "ngược",
                "units.csv:4: not UTF-8, or an invisible character"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_good_folder),
        IN_FOLDER(test_contests),
        IN_FOLDER(test_as_a_spreadsheet_saves_it),
        IN_FOLDER(test_all_faults_at_once),
        IN_FOLDER(test_place_without_contest),
        IN_FOLDER(test_missing_files_and_columns),
        IN_FOLDER(test_numbers_of_voters),
        IN_FOLDER(test_at_the_limits),
        IN_FOLDER(test_new_folder),
        IN_FOLDER(test_categories_and_targets),
        IN_FOLDER(test_columns_of_units),
        IN_FOLDER(test_new_columns),
        IN_FOLDER(test_traits),
        IN_FOLDER(test_names_of_any_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

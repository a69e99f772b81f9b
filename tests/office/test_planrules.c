// test_planrules.c - what a plan folder says as a whole: its rules, votes that belong together, what may follow it.
#include "planfolders.h"

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
        "units.csv:4: cutoffs \"1=08:30;3=09:00\"", "units.csv:5: cutoffs \"2=none;1=08:00\"",
        "profiles.zpl:2: profile a: a confidence vote has two to five grades",
        "profiles.zpl:5: like names a profile",
        "profiles.zpl:7: profile c: summoned is a base of members only",
        "profiles.zpl:11: lowest is a part", "profiles.zpl:13: grades are numbered",
        "contests.csv:3: contest T is a confidence vote: person says about whom",
        "contests.csv:4: kind head has restricted contests and others",
        "contests.csv:4: contest S has 5 candidates for 3 seats",
        "contests.csv:5: contest R repeats H and is of another kind",
        "voters.csv:5: contest R repeats H, which is not voted on at 01102",
        "candidates.csv:2: woman \"maybe\"", "candidates.csv:2: birth_year \"75\"",
        "voters.csv:2: method \"loudly\"", NULL});
}

// The six built-in profiles hold what the law says of each, where a folder writes no other values.
static void test_built_in_profiles(void **state)
{
    (void)state;
    put_village("code,name,kind,unit_code,profile,seats,person\n"
                "P,Tên,a,01,plurality,1,\nA,Tên,a,01,nqlt09-2008,1,\nB,Tên,a,01,nd59-2023,1,\n"
                "T,Tên,t,01,confidence-96-qdtw,,an\nC,Tên,t,01,party-cell-244,1,\n"
                "D,Tên,t,01,party-cell-190,1,\n",
                "contest,number,name\nP,1,A\nA,1,A\nB,1,A\nC,1,A\nD,1,A\n",
                "place,contest,voters\n");
    put("profiles.zpl", "");
    struct plan *p = open_folder();
    const struct plan_profile *f = p->profiles;
    assert_int_equal(p->n_profiles, 6);
    assert_int_equal(f[0].rule, RULE_PLURALITY);
    assert_int_equal(f[0].need.den, 0);
    for (unsigned i = 1; i < 3; i++) { // village heads
        assert_int_equal(f[i].electorate, HOUSEHOLD_REPS);
        assert_int_equal(f[i].method, SECRET_BALLOT);
        assert_int_equal(f[i].decides, DECIDES_NODE);
        assert_int_equal(f[i].rule, RULE_MAJORITY);
        assert_int_equal(f[i].quorum.den, 2);
        assert_int_equal(f[i].quorum.strict, 1);
        assert_int_equal(f[i].quorum_base, BASE_ELIGIBLE);
        assert_int_equal(f[i].need.den, 2);
        assert_int_equal(f[i].need.strict, 1);
        assert_int_equal(f[i].base, BASE_ELIGIBLE);
        assert_int_equal(f[i].min_candidates, 1);
        assert_int_equal(f[i].blank_valid, 0);
        assert_int_equal(f[i].restricted, 0);
        assert_int_equal(f[i].rounds, i == 1 ? 2 : 0);
        assert_int_equal(f[i].rerun_days, i == 1 ? 15 : 0);
        assert_int_equal(f[i].report_days, i == 1 ? 3 : 2);
        assert_int_equal(f[i].recognise_days, 5);
        assert_int_equal(f[i].interim_months, i == 1 ? 6 : 0);
    }
    assert_int_equal(f[3].rule, RULE_CONFIDENCE);
    assert_int_equal(f[3].base, BASE_RETURNED);
    assert_int_equal(f[3].quorum.den, 0);
    assert_int_equal(f[3].low.strict, 1);
    assert_int_equal(f[3].lowest.den, 3);
    assert_int_equal(f[3].lowest.strict, 0);
    assert_int_equal(f[3].per_person, 1);
    same(f[3].grades[0], "tín nhiệm cao");
    for (unsigned i = 4; i < 6; i++) { // Party cells
        assert_int_equal(f[i].electorate, MEMBERS);
        assert_int_equal(f[i].rule, RULE_MAJORITY);
        assert_int_equal(f[i].base, BASE_SUMMONED);
        assert_int_equal(f[i].quorum.den, 0);
        assert_int_equal(f[i].surplus, i == 5 ? 30 : 0);
    }
    for (unsigned i = 3; i < 6; i++) {
        assert_int_equal(f[i].decides, DECIDES_SUPERIOR);
        assert_int_equal(f[i].restricted, 1);
    }
    free(p);
}

// A profile that no minutes could satisfy is told at its first line, unless a fault of it was told already.
static void test_faults_of_profiles(void **state)
{
    (void)state;
    put_good();
    put("profiles.zpl",
        "mine\n    rule = majority\n    need = 2/3\n    base = attended\n"
        "late\n    rounds = 2\n    like = nd59-2023\n"
        "gap\n    like = confidence-96-qdtw\n    grades\n        1 = a\n        3 = c\n"
        "hands\n    like = nd59-2023\n    method = show_of_hands\n    base = valid\n"
        "came\n    like = nd59-2023\n    quorum_base = summoned\n"
        "free\n    like = came\n    quorum = none\n"
        "none\n    rule = majority\n"
        "one\n    rule = confidence\n    grades\n        1 = a\n"
        "six\n    rule = confidence\n    grades\n        6 = a\n"
        "told\n    rule = majority\n    need = 3\n"
        "nd59-2023\n    report_days = soon\n    colour = red\n"
        "plurality\n    choices = 257\n");
    faulty((const char *const[]){"profiles.zpl:7: like stands first in a profile",
                                 "profiles.zpl:9: profile gap: grades are numbered from 1 without",
                                 "profiles.zpl:14: profile hands: a show of hands has no ballots",
                                 "profiles.zpl:18: profile came: summoned is a base of members",
                                 "profiles.zpl:24: profile none: a majority needs a need",
                                 "profiles.zpl:26: profile one: a confidence vote has two to five",
                                 "profiles.zpl:32: grades are numbered from 1 to 5",
                                 "profiles.zpl:35: need is a part",
                                 "profiles.zpl:37: report_days is a number of days",
                                 "profiles.zpl:38: nothing in a profile is called so",
                                 "profiles.zpl:40: choices is how many names", NULL});
}

// A person of a contest is the key of somebody who stands somewhere; of a confidence vote, anybody.
static void test_persons(void **state)
{
    (void)state;
    static const char *const rows = "contest,number,name,key\nH,1,An,an\nS,1,An,an\n";
    put_village("code,name,kind,unit_code,profile,seats,person\n"
                "H,Trưởng thôn,head,0110,nd59-2023,1,\nS,Bí thư,cell,0110,party-cell-190,1,an\n"
                "T,Tín nhiệm,trust,0110,confidence-96-qdtw,,Ông Bình\n",
                rows, "place,contest,voters\n");
    struct plan *p = open_folder();
    same(p->contests[1].person, "an");
    same(p->contests[2].person, "Ông Bình");
    free(p);
    put("contests.csv", "code,name,kind,unit_code,profile,seats,person\n"
                        "H,Trưởng thôn,head,0110,nd59-2023,1,An\n"
                        "S,Bí thư,cell,0110,party-cell-190,1,1\n" // the key of a level
                        "T,Tín nhiệm,trust,0110,confidence-96-qdtw,,\n");
    faulty((const char *const[]){"contests.csv:2: person \"An\" is the key of no candidate",
                                 "contests.csv:3: person \"1\" is the key of no candidate",
                                 "contests.csv:4: person says about whom", NULL});
}

// A vote that repeats another is of its kind and at its places, and repeating comes to an end.
static void test_repeated_votes(void **state)
{
    (void)state;
    static const char *const rows = "contest,number,name\nA,1,A\nB,1,A\nC,1,A\n";
    put_village("code,name,kind,unit_code,profile,seats,repeats\nA,Một,head,0110,plurality,1,\n"
                "B,Hai,head,01101,plurality,1,A\nC,Ba,head,01101,plurality,1,B\n",
                rows, "place,contest,voters\n");
    free(open_folder());
    put("contests.csv",
        "code,name,kind,unit_code,profile,seats,repeats\nA,Một,head,01101,plurality,1,\n"
        "B,Hai,head,0110,plurality,1,A\nC,Ba,head,01102,plurality,1,A\n");
    put("voters.csv", "place,contest,voters\n01101,B,\n01102,B,\n");
    faulty((const char *const[]){
        "voters.csv:3: contest B repeats A, which is not voted on at 01102",
        "contests.csv:4: contest C repeats A, which is not voted on at 01102", NULL});
    put("contests.csv",
        "code,name,kind,unit_code,profile,seats,repeats\nA,Một,head,0110,plurality,1,C\n"
        "B,Hai,head,0110,plurality,1,A\nC,Ba,head,0110,plurality,1,B\n");
    put("voters.csv", "place,contest,voters\n");
    faulty((const char *const[]){"contests.csv:3: runs in a ring", NULL});
}

// Lists are as long as the profile asks, a confidence vote's candidates are its levels, and a place
// votes by a method whose minutes give the base.
static void test_lists_and_methods(void **state)
{
    (void)state;
    char text[TEXT];
    put_village(
        "code,name,kind,unit_code,profile,seats,person\n"
        "F,Ít,a,01101,two,1,\nS,Vừa,c,01101,party-cell-190,3,\nR,Dài,c,01101,party-cell-190,3,\n"
        "O,Một,c,01101,party-cell-190,1,\n"
        "T,Một mức,t,01101,confidence-96-qdtw,,an\nU,Tay,t,01101,confidence-96-qdtw,,an\n"
        "V,Tay,a,01102,nd59-2023,1,\n",
        "", "place,contest,voters,method\n01101,U,9,show_of_hands\n01102,V,9,show_of_hands\n");
    put("profiles.zpl", "two\n    min_candidates = 2\n");
    char *to = stpcpy(text, "contest,number,name\nF,1,A\nT,1,A\nV,1,A\n");
    for (unsigned i = 1; i <= 5; i++)
        to += sprintf(to, "R,%u,A\n", i);
    for (unsigned i = 1; i <= 4; i++) // three seats and 30 percent: four
        to += sprintf(to, "S,%u,A\n", i);
    strcpy(to, "O,1,A\nO,2,B\n"); // one more is always allowed
    put("candidates.csv", text);
    faulty((const char *const[]){
        "contests.csv:2: contest F has 1 candidates, its profile asks for 2",
        "contests.csv:4: contest R has 5 candidates for 3 seats: at most 30 percent more",
        "contests.csv:6: contest T is a confidence vote: its candidates are 2 to 5 levels",
        "voters.csv:2: profile confidence-96-qdtw: a show of hands has no ballots", NULL});
}

// A contest whose profile or kind is not known is not measured by another one; of profiles in use one
// more than a plan can hold is told.
static void test_what_only_follows_is_not_told(void **state)
{
    (void)state;
    static char rules[TEXT], rows[TEXT], people[TEXT];
    put_village("code,name,kind,unit_code,profile,seats,repeats,person\n"
                "T,Tín nhiệm,trust,0110,confidence-96-qdtw,,,an\n"
                "S,Bí thư,trust,0110,coin,0,,nobody\nR,Lại,,0110,plurality,1,S,\n",
                "contest,number,name\nS,1,A\nR,1,A\n", "place,contest,voters\n");
    faulty((const char *const[]){"contests.csv:3: there is no profile \"coin\"",
                                 "contests.csv:3: seats \"0\"", "contests.csv:4: kind is empty",
                                 NULL});
    drop("candidates.csv");
    put("contests.csv", "code,name,kind,unit_code,profile,seats,person\n"
                        "S,Bí thư,cell,0110,party-cell-190,1,an\n");
    faulty((const char *const[]){"candidates.csv:0: the file is missing", NULL});
    char *rule = rules, *row = stpcpy(rows, "code,name,kind,unit_code,profile,seats\n"),
         *person = stpcpy(people, "contest,number,name\n");
    for (unsigned i = 0; i <= PLAN_PROFILES_MAX; i++) {
        rule += sprintf(rule, "r%u\n    rule = plurality\n", i);
        row += sprintf(row, "C%u,Tên,head,0110,r%u,1\n", i, i);
        person += sprintf(person, "C%u,1,A\n", i);
    }
    put("profiles.zpl", rules);
    put("contests.csv", rows);
    put("candidates.csv", people);
    faulty((const char *const[]){
        "contests.csv:18: profile \"r16\" is one too many: at most 16 in use", NULL});
    put_good();
    put("units.csv", "code,parent_code,level,name,cutoffs\n01,,1,Tỉnh,\n0110,01,2,Xã,\n"
                     "01101,0110,3,Thôn,1=08:30\n01102,0110,3,Thôn,\n");
    drop("election.zpl");
    faulty((const char *const[]){"election.zpl:0: the file is missing", NULL});
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

static struct plan *trust(unsigned version, const char *person, const char *grades)
{
    char text[TEXT];
    put_village("", "contest,number,name\n", "place,contest,voters\n");
    snprintf(text, sizeof text, "%s", election);
    *strchr(text, '2') = (char)('0' + version);
    put("election.zpl", text);
    snprintf(text, sizeof text,
             "code,name,kind,unit_code,profile,seats,person\nT,Tên,t,0110,levels,,%s\n"
             "U%u,Tên,t,0110,levels,,an\n",
             person, version); // one that comes and goes
    put("contests.csv", text);
    snprintf(text, sizeof text, "levels\n    like = confidence-96-qdtw\n    grades\n%s", grades);
    put("profiles.zpl", text);
    return open_folder();
}

// A confidence vote stays about its person and its levels, whose keys are only their numbers; that a
// contest is gone needs no leave.
static void test_what_levels_may_follow(void **state)
{
    (void)state;
    static const char *const levels = "        1 = cao\n        2 = thấp\n";
    static const struct {
        const char *person, *grades, *why;
    } next[] = {
        {"an", levels, NULL},
        {"binh", levels, "contest T was about \"an\" and would be about \"binh\""},
        {"an", "        1 = cao\n        2 = vừa\n",
         "number 2 of contest T was \"thấp\" and would become \"vừa\": a number never means "
         "another level"},
        {"an", "        1 = cao\n        2 = thấp\n        3 = kém\n",
         "contest T had 2 levels of confidence and would have 3"}};
    struct plan *old = trust(2, "an", levels);
    for (size_t i = 0; i < sizeof next / sizeof next[0]; i++) {
        struct faults faults = {0};
        struct plan *p = trust(3, next[i].person, next[i].grades);
        assert_int_equal(plan_refusal(old, p, &faults), next[i].why ? -EINVAL : 0);
        assert_int_equal(faults.n, next[i].why != NULL);
        if (next[i].why)
            assert_non_null(strstr(faults.at[0].text, next[i].why));
        faults_clear(&faults);
        free(p);
    }
    free(old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_profiles),
        IN_FOLDER(test_whole_profiles),
        IN_FOLDER(test_built_in_profiles),
        IN_FOLDER(test_faults_of_profiles),
        IN_FOLDER(test_persons),
        IN_FOLDER(test_repeated_votes),
        IN_FOLDER(test_lists_and_methods),
        IN_FOLDER(test_what_only_follows_is_not_told),
        IN_FOLDER(test_restricted_contests),
        IN_FOLDER(test_faults_of_rules),
        IN_FOLDER(test_what_may_follow),
        IN_FOLDER(test_what_levels_may_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

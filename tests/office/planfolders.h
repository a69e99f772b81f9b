// planfolders.h - plan folders that a test writes file by file, and what is told of them; for test_plan*.c.
#pragma once
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
    drop("holidays.csv");
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
    if (rc != 0)
        faults_print(&faults, stderr);
    assert_int_equal(rc, 0);
    assert_int_equal(faults.n, 0);
    faults_clear(&faults); // notes
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

// The folder of one village, with these contests, candidates and rows of voters.
static void put_village(const char *of_contests, const char *of_candidates, const char *of_voters)
{
    put_good();
    put("units.csv", "code,parent_code,level,name,place\n01,,1,Tỉnh,\n0110,01,2,Xã,\n"
                     "01101,0110,3,Thôn,yes\n01102,0110,3,Thôn,yes\n");
    put("contests.csv", of_contests);
    put("candidates.csv", of_candidates);
    put("voters.csv", of_voters);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

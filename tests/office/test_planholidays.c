// test_planholidays.c - days off of a plan folder: as the yearly notice lists them, and what is wrong with rows.
#include "planfolders.h"
#include "common/election/workdays.h"

// Ranges are written out and put in order, both ways of writing a date are read, a weekend may be worked.
static void test_days(void **state)
{
    (void)state;
    put_good();
    put("holidays.csv", "date;name;until;works\n"
                        "14/02/2026;Tết Nguyên đán;22/02/2026;\n"
                        "2026-01-10;làm bù;;yes\n"
                        "2026-01-01;Tết Dương lịch;2026-01-02;no\n"
                        "2026-04-26;Giỗ Tổ, nghỉ bù thứ Hai;27/04/2026;\n");
    struct plan *p = open_folder();
    assert_int_equal(p->n_days, 2 + 1 + 9 + 2);
    for (unsigned i = 1; i < p->n_days; i++)
        assert_true(p->days[i - 1].day < p->days[i].day);
    assert_int_equal(p->days[0].day, workdays_date(2026, 1, 1));
    assert_true(p->days[2].works);
    same(p->days[3].name, "Tết Nguyên đán");
    assert_int_equal(workdays_after(p, workdays_date(2026, 2, 8), 6), workdays_date(2026, 2, 23));
    assert_int_equal(workdays_after(p, workdays_date(2026, 4, 24), 1), workdays_date(2026, 4, 28));
    free(p);
}

// A folder without the file, or with its header alone, is the plan it always was.
static void test_none(void **state)
{
    (void)state;
    put_village("code,name,kind,unit_code,profile,seats\nA,Một,head,0110,plurality,1\n",
                "contest,number,name\nA,1,An\n", "place,contest,voters\n");
    struct plan *p = open_folder();
    put("holidays.csv", "date,name,until,works\n");
    struct plan *same_plan = open_folder();
    assert_int_equal(p->n_days, 0);
    assert_true(bytes_same(p->bytes, same_plan->bytes));
    free(p);
    free(same_plan);
}

static void test_faults(void **state)
{
    (void)state;
    put_good();
    put("holidays.csv", "date,name,until,works\n"
                        "2026-02-30,không có,,\n"
                        "30/4,thiếu năm,,\n"
                        "2026-04-30,,,\n"
                        "2026-05-01,Quốc tế Lao động,2026-04-30,\n"
                        "2026-05-02,Quốc tế Lao động,,maybe\n"
                        "2026-05-04,làm bù thứ Hai,,yes\n"
                        "2026-09-01,Quốc khánh,2026-09-02,\n"
                        "2026-09-02,Quốc khánh,,\n"
                        "2026-01-01,cả năm,2026-12-31,\n"
                        "46138.5,có giờ,,\n"
                        "2200-01-01,xa quá,,\n"
                        "2026-10-01,x,hôm nay,\n");
    faulty((const char *const[]){
        "holidays.csv:2: date \"2026-02-30\" is no date",
        "holidays.csv:3: date \"30/4\" is no date", "holidays.csv:4: name is empty",
        "holidays.csv:5: until is before date", "holidays.csv:6: works \"maybe\"",
        "holidays.csv:7: a day that works is a Saturday or Sunday",
        "holidays.csv:9: a day of this row stands on an earlier row",
        "holidays.csv:10: more than 200 days off", "holidays.csv:11: date \"46138.5\"",
        "holidays.csv:12: date \"2200-01-01\"", "holidays.csv:13: until \"hôm nay\"", NULL});
    put("holidays.csv", "date,until\n2026-01-01,\n");
    faulty((const char *const[]){"holidays.csv:1: name", NULL});
}

// As many days as a plan may have are taken, one more is told; so are too many rows.
static void test_limits(void **state)
{
    (void)state;
    static char text[64 * 1024];
    put_good();
    put("holidays.csv", "date,name,until\n2026-01-01,một,2026-04-10\n2026-05-01,hai,2026-08-08\n");
    struct plan *p = open_folder();
    assert_int_equal(p->n_days, PLAN_DAYS_MAX);
    free(p);
    put("holidays.csv",
        "date,name,until\n2026-01-01,một,2026-04-10\n2026-05-01,hai,2026-08-08\n2026-12-01,ba,\n");
    faulty((const char *const[]){"holidays.csv:4: more than 200 days", NULL});
    size_t n = (size_t)sprintf(text, "date,name\n");
    for (unsigned i = 0; i < 401; i++)
        n += (size_t)sprintf(text + n, "%u-01-01,lễ\n", 1971 + i % 200);
    put("holidays.csv", text);
    struct faults faults = {0};
    uint8_t *at;
    assert_int_equal(planfolder_read(dir, &at, &n, &faults), -EINVAL);
    faults_clear(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_days),
        IN_FOLDER(test_none),
        IN_FOLDER(test_faults),
        IN_FOLDER(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

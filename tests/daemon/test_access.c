// test_access.c - who read restricted contests: on the disk before the answer, counted, bounded, refused without room.
#include "common/daemon/access.h"
#include "common/base/savefile.h"
#include "tests/lib/folder.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

enum { MINUTE = 60000 };
static const int64_t start = 1463882400000;
static char dir[64];
static struct access_book *book;

static int set_up(void **state)
{
    (void)state;
    return folder_make(dir, "access") < 0 ? -1 : access_open(&book, dir);
}

static int tear_down(void **state)
{
    (void)state;
    access_close(&book);
    return folder_remove(dir);
}

static int note(const char *person, const char *path, int64_t now)
{
    struct http_request q = {.method = "GET", .path = path, .person = person, .local = !person};
    return access_note(book, &q, now);
}

// Rows of the file as it is on the disk, read by another.
static json_t *on_disk(void)
{
    struct access_book *other;
    assert_int_equal(access_open(&other, dir), 0);
    json_t *list = access_view(other);
    access_close(&other);
    return list;
}

static size_t n_on_disk(void)
{
    json_t *list = on_disk();
    size_t n = json_array_size(list);
    json_decref(list);
    return n;
}

static const char *word(const json_t *list, size_t i, const char *name)
{
    return json_string_value(json_object_get(json_array_get(list, i), name));
}

// A read is on the disk when the note returns, owner-only; the newest comes first.
static void test_written_first(void **state)
{
    (void)state;
    char path[128];
    struct stat st;
    assert_int_equal(note("mai", "/api/results", start), 0);
    assert_int_equal(n_on_disk(), 1);
    assert_int_equal(note(NULL, "/api/state", start + 1), 0);
    json_t *list = on_disk();
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(word(list, 0, "way"), "command");
    assert_string_equal(word(list, 0, "person"), "");
    assert_string_equal(word(list, 1, "person"), "mai");
    assert_string_equal(word(list, 1, "path"), "/api/results");
    json_decref(list);
    snprintf(path, sizeof path, "%s/%s", dir, ACCESS_FILE);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

// A page that reads every second is one row; after half an hour of silence it is another.
static void test_the_same_is_counted(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(note("mai", "/api/state", start + i * 1000), 0);
    note("mai", "/api/results", start + 100 * 1000);
    json_t *list = access_view(book);
    assert_int_equal(json_array_size(list), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 1), "times")), 100);
    json_decref(list);
    note("mai", "/api/state", start + 60 * MINUTE);
    assert_int_equal(n_on_disk(), 3);
    note("lan", "/api/state", start + 60 * MINUTE);
    assert_int_equal(n_on_disk(), 4);
}

// Beyond the limit the oldest goes; a table of any length from outside is cut the same way.
static void test_limit(void **state)
{
    (void)state;
    static char text[ACCESS_ROWS * 64 + 4096];
    size_t n = (size_t)snprintf(text, sizeof text, "from,until,person,way,path,unit,times\n");
    for (unsigned i = 0; i < ACCESS_ROWS + 3; i++) // three more than are kept
        n += (size_t)snprintf(text + n, sizeof text - n, "%u,%u,p%u,page,/api/state,,1\n", i + 1,
                              i + 1, i);
    assert_int_equal(savefile_write(dir, ACCESS_FILE, bytes_of(text, n)), 0);
    assert_int_equal(n_on_disk(), ACCESS_ROWS);
    access_close(&book);
    assert_int_equal(access_open(&book, dir), 0);
    assert_int_equal(note("last", "/api/state", start), 0);
    json_t *list = on_disk();
    assert_int_equal(json_array_size(list), ACCESS_ROWS);
    assert_string_equal(word(list, 0, "person"), "last");
    assert_string_equal(word(list, ACCESS_ROWS - 1, "person"), "p4");
    json_decref(list);
}

// What is too long or of hostile bytes is cut and quoted, and does not make another row.
static void test_hostile(void **state)
{
    (void)state;
    char path[400];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = 0;
    assert_int_equal(note("a\",b", path, start), 0);
    json_t *list = on_disk();
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(word(list, 0, "person"), "a\",b");
    assert_int_equal(strlen(word(list, 0, "path")), ACCESS_TEXT);
    json_decref(list);
    assert_int_equal(
        savefile_write(dir, ACCESS_FILE,
                       bytes_text("from,until,person,way,path,unit,times\n"
                                  "x,1,a,page,/,,1\n-5,1,a,page,/,,1\n1,2,b,page,/,,3\n")),
        0);
    assert_int_equal(n_on_disk(), 1);
}

// Where it cannot be written it says so each time, and nothing is remembered as written.
static void test_no_room(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/%s.new", dir, ACCESS_FILE);
    assert_int_equal(mkdir(path, 0700), 0); // where the file is written first
    assert_true(note("mai", "/api/state", start) < 0);
    assert_true(note("mai", "/api/state", start + 1) < 0);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(note("mai", "/api/state", start + 2), 0);
    assert_int_equal(n_on_disk(), 1);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(test_written_first), IN_ROOM(test_the_same_is_counted),
        IN_ROOM(test_limit),         IN_ROOM(test_hostile),
        IN_ROOM(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

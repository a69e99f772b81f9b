// test_config.c - settings: every default valid, every mistake told with its line.
#include "common/base/config.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static struct faults faults;
static struct config config;

static int teardown(void **state)
{
    (void)state;
    faults_clear(&faults);
    return 0;
}

static int parses(const char *text)
{
    faults_clear(&faults);
    return config_parse(&config, bytes_text(text), CONFIG_FILE, &faults);
}

// Without a file every setting has its default; with one, what it says.
static void test_values(void **state)
{
    (void)state;
    config_defaults(&config);
    assert_int_equal(config_number(&config, SETTING_LINK_BEAT_MS), 5000);
    assert_int_equal(config_number(&config, SETTING_LINK_DEADLINE_MS), 20000);
    assert_int_equal(config_number(&config, SETTING_LINK_BACKOFF_MS), 15000);
    assert_int_equal(config_number(&config, SETTING_NODE_WAIT_MS), 10000);
    assert_int_equal(config_number(&config, SETTING_HUB_BUDGET_MIB), 64);
    assert_int_equal(config_number(&config, SETTING_STORE_FULL_MIB), 16);
    assert_int_equal(config_number(&config, SETTING_HTTP_ACCESS), ACCESS_DESK);
    assert_string_equal(config_text(&config, SETTING_HTTP_ACCESS), "desk");
    assert_string_equal(config_text(&config, SETTING_LINK_LISTEN), "127.0.0.1:0");
    assert_string_equal(config_text(&config, SETTING_HTTP_HOST), "");
    assert_int_equal(parses("link\n    beat_ms = 100\n    listen = [::1]:65535\n"
                            "http\n    access = hosted\n    host = \"dantin.example\"\n"),
                     0);
    assert_int_equal(config_number(&config, SETTING_LINK_BEAT_MS), 100);
    assert_string_equal(config_text(&config, SETTING_LINK_LISTEN), "[::1]:65535");
    assert_int_equal(config_number(&config, SETTING_HTTP_ACCESS), ACCESS_HOSTED);
    assert_string_equal(config_text(&config, SETTING_HTTP_HOST), "dantin.example");
}

// What is written into tokens is where the hub listens, unless something else is set.
static void test_advertise(void **state)
{
    (void)state;
    assert_int_equal(parses("link\n    listen = 0.0.0.0:5000\n"), 0);
    assert_string_equal(config_text(&config, SETTING_LINK_ADVERTISE), "0.0.0.0:5000");
    assert_int_equal(parses("link\n    advertise = hub.example:5000\n"), 0);
    assert_string_equal(config_text(&config, SETTING_LINK_ADVERTISE), "hub.example:5000");
}

// What may not be is a fault of its line; the default stays.
static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
    } cases[] = {
        {"link\n    beat = 5000\n", 2},
        {"link\n    beat_ms = 99\n", 2},
        {"link\n    beat_ms = 60001\n", 2},
        {"link\n    beat_ms = -1\n", 2},
        {"link\n    beat_ms = 5.000\n", 2},
        {"link\n    beat_ms = 5000 ms\n", 2},
        {"link\n    beat_ms = 99999999999999999999999\n", 2},
        {"link\n    beat_ms =\n", 2},
        {"link\n    beat_ms = 5000\n    deadline_ms = 14999\n", 3},
        {"link\n    beat_ms = 7000\n", 2},
        {"\nhttp\n    access = everybody\n", 3},
        {"http\n    access =\n", 2},
        {"http\n    access = desk lan\n", 2},
        {"http\n    listen = 127.0.0.1\n", 2},
        {"http\n    listen = :80\n", 2},
        {"http\n    listen = a:\n", 2},
        {"http\n    listen = a:65536\n", 2},
        {"http\n    listen = a:8o\n", 2},
        {"http\n    listen = tcp://a:80\n", 2},
        {"http\n    listen =\n", 2},
        {"http\n  listen = a:80\n", 2},
        {"beat_ms = 5000\n", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(parses(cases[i].text), -EBADMSG);
        assert_int_equal(faults.n, 1);
        assert_int_equal(faults.at[0].line, cases[i].line);
        assert_string_equal(faults.at[0].file, CONFIG_FILE);
    }
    assert_int_equal(parses("link\n    beat_ms = 1\n    colour = red\nhttp\n    access = x\n"),
                     -EBADMSG);
    assert_int_equal(faults.n, 3);
    assert_int_equal(config_number(&config, SETTING_LINK_BEAT_MS), 5000);
}

// The table as printed is a configuration that says the same.
static void test_print_reads_back(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    assert_int_equal(
        parses("link\n    beat_ms = 250\nhttp\n    host = 'a\"b # c'\n    access = lan\n"), 0);
    struct config before = config;
    config_print(&config, to);
    fclose(to);
    assert_int_equal(parses(text), 0);
    assert_memory_equal(&before, &config, sizeof config);
    assert_non_null(strstr(text, "    # 100 to 60000 ms, default: 5000\n    beat_ms = 250\n"));
    free(text);
}

// A state directory without the file has the defaults; a file in it is read.
static void test_file(void **state)
{
    (void)state;
    char dir[] = "/tmp/dantin-config-XXXXXX", path[100];
    assert_non_null(mkdtemp(dir));
    assert_int_equal(config_read(&config, dir, &faults), 0);
    assert_int_equal(config_number(&config, SETTING_LINK_BEAT_MS), 5000);
    snprintf(path, sizeof path, "%s/%s", dir, CONFIG_FILE);
    FILE *to = fopen(path, "w");
    fputs("link\n    beat_ms = 200\n", to);
    fclose(to);
    assert_int_equal(config_read(&config, dir, &faults), 0);
    assert_int_equal(config_number(&config, SETTING_LINK_BEAT_MS), 200);
    unlink(path);
    rmdir(dir);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_teardown(f, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_values),           CASE(test_advertise), CASE(test_refused),
        CASE(test_print_reads_back), CASE(test_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

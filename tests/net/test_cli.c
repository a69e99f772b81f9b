// test_cli.c - the command line: finding the command, taking its words, asking the daemon.
#include "tests/net/world.h"
#include "common/net/cli.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct {
    char what[128];
    int ran;
} last;

static int run_take(struct cli *cli)
{
    const char *to = cli_option(cli, "to");
    bool dry = cli_flag(cli, "dry-run");
    const char *first = cli_next(cli);
    snprintf(last.what, sizeof last.what, "%s|%d|%s|%d|%s", to ? to : "-", dry, first ? first : "-",
             cli->json, cli->dir);
    last.ran++;
    return cli_done(cli);
}

static int run_form(struct cli *cli)
{
    char *body;
    int rc = cli_form(cli, &body);
    if (rc != CLI_OK)
        return rc;
    snprintf(last.what, sizeof last.what, "%s", body);
    free(body);
    return CLI_OK;
}

static int run_call(struct cli *cli)
{
    char *json;
    long status;
    int rc = cli_call(cli, "POST", "/api/say", "a=b", &json, &status);
    if (rc != CLI_OK)
        return rc;
    snprintf(last.what, sizeof last.what, "%ld %s", status, json);
    free(json);
    return CLI_OK;
}

static int run_missing(struct cli *cli)
{
    return cli_show(cli, "GET", "/api/none", NULL);
}

static int run_secret(struct cli *cli)
{
    return cli_show(cli, "GET", "/api/secret", NULL);
}

static const struct cli_command commands[] = {
    {"take", "FILE [--to X] [--dry-run]", "takes words", run_take},
    {"plan check", "PLAN", "two words", run_take},
    {"form", "NAME=VALUE...", "makes a form", run_form},
    {"call", "", "asks the daemon", run_call},
    {"missing",
     "place=CODE what=one|another|a third one|still another number=... date=DD/MM/YYYY "
     "signatory=... "
     "reason=... [on=DD/MM/YYYY]",
     "asks for what is not there", run_missing},
    {"secret", "", "asks what only commands may", run_secret},
};
static const struct cli_program program = {"dantin-test", "tests the command line", commands,
                                           sizeof commands / sizeof *commands};

// Runs with stdout and stderr in files; *ret_text is both, one after the other.
static int run(char *ret_text, size_t cap, char **words)
{
    int argc = 0;
    while (words[argc])
        argc++;
    FILE *to = tmpfile();
    assert_non_null(to);
    fflush(stdout);
    fflush(stderr);
    int out = dup(1), err = dup(2);
    dup2(fileno(to), 1);
    dup2(fileno(to), 2);
    int rc = cli_main(&program, argc, words);
    fflush(stdout);
    fflush(stderr);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    rewind(to);
    ret_text[fread(ret_text, 1, cap - 1, to)] = 0;
    fclose(to);
    return rc;
}

#define RUN(text, ...) run(text, sizeof text, (char *[]){"dantin-test", __VA_ARGS__, NULL})

// Options may stand anywhere, by "--name value" or "--name=value"; what is left over is an error.
static void test_words(void **state)
{
    (void)state;
    char text[4096];
    unsetenv("DANTIN_DIR");
    assert_int_equal(RUN(text, "take", "--to", "x", "file", "--dry-run"), CLI_OK);
    assert_string_equal(last.what, "x|1|file|0|.");
    assert_int_equal(RUN(text, "--dir=/d", "plan", "check", "p", "--to=y", "--json"), CLI_OK);
    assert_string_equal(last.what, "y|0|p|1|/d");
    setenv("DANTIN_DIR", "/home", 1);
    assert_int_equal(RUN(text, "take", "f"), CLI_OK);
    assert_string_equal(last.what, "-|0|f|0|/home");
    unsetenv("DANTIN_DIR");
    assert_int_equal(RUN(text, "take", "f", "g"), CLI_USAGE);
    assert_non_null(strstr(text, "g"));
    assert_int_equal(RUN(text, "take", "f", "--tu=x"), CLI_USAGE);
    assert_int_equal(RUN(text, "take", "f", "--to"), CLI_USAGE);
    assert_non_null(strstr(text, "usage: dantin-test take FILE"));
}

// The help is everywhere; an unknown command is answered by the nearest.
static void test_help(void **state)
{
    (void)state;
    char text[4096];
    int before = last.ran;
    assert_int_equal(RUN(text, "--help"), CLI_OK);
    for (size_t i = 0; i < program.n_commands; i++)
        assert_true(strstr(text, commands[i].help) && strstr(text, commands[i].arguments));
    assert_int_equal(RUN(text, "take", "--help"), CLI_OK);
    assert_non_null(strstr(text, "takes words"));
    assert_int_equal(RUN(text, "plan", "check", "--help"), CLI_OK);
    assert_non_null(strstr(text, "usage: dantin-test plan check PLAN"));
    assert_int_equal(RUN(text, "--version"), CLI_OK);
    assert_int_equal(run(text, sizeof text, (char *[]){"dantin-test", NULL}), CLI_USAGE);
    assert_int_equal(RUN(text, "tkae"), CLI_USAGE);
    assert_non_null(strstr(text, "did you mean take?"));
    assert_int_equal(RUN(text, "plan", "chek"), CLI_USAGE);
    assert_non_null(strstr(text, "did you mean plan check?"));
    assert_int_equal(RUN(text, "xyzzy"), CLI_USAGE);
    assert_null(strstr(text, "did you mean"));
    assert_int_equal(last.ran, before);
}

// Words become a form, whatever stands in them; a word that is neither option nor name=value is an
// error.
static void test_form(void **state)
{
    (void)state;
    char text[4096];
    char pair[] = "note=a&b", word[] = "alone";
    assert_int_equal(RUN(text, "form", "--place", "01", pair), CLI_OK);
    assert_string_equal(last.what, "place=01&note=a%26b");
    assert_int_equal(RUN(text, "form", word), CLI_USAGE);
}

// Without a daemon the command says where it looked and how one is started, and exits with 3.
static void test_no_daemon(void **state)
{
    (void)state;
    char text[4096], dir[] = "/tmp/dantin-cli-XXXXXX";
    assert_non_null(mkdtemp(dir));
    assert_int_equal(RUN(text, "call", "--dir", dir), CLI_NO_DAEMON);
    assert_non_null(strstr(text, dir));
    assert_non_null(strstr(text, "dantin-test serve --dir"));
    rmdir(dir);
    assert_int_equal(RUN(text, "call", "--dir", dir), CLI_NO_DAEMON);
    assert_non_null(strstr(text, "No such file"));
}

// Commands reach their daemon in a folder whose path is longer than a socket's may be.
static void test_long_path(void **state)
{
    (void)state;
    char text[4096], base[] = "/tmp/dantin-cli-XXXXXX", dir[256];
    assert_non_null(mkdtemp(base));
    int n = snprintf(dir, sizeof dir, "%s/", base);
    memset(dir + n, 'd', 150);
    dir[n + 150] = 0;
    assert_int_equal(mkdir(dir, 0700), 0);
    struct world w = {0};
    world_open_in(&w, dir, NULL);
    assert_int_equal(RUN(text, "call", "--dir", dir), CLI_OK);
    assert_string_equal(last.what, "200 {\"local\":1,\"body\":3,\"name\":\"\"}\n");
    assert_int_equal(RUN(text, "secret", "--dir", dir, "--json"), CLI_OK);
    assert_non_null(strstr(text, "\"local\":1"));
    assert_int_equal(RUN(text, "missing", "--dir", dir), CLI_WRONG);
    assert_non_null(strstr(text, "nothing of this name (404)"));
    world_close(&w);
    assert_int_equal(rmdir(base), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),     cmocka_unit_test(test_help),
        cmocka_unit_test(test_form),      cmocka_unit_test(test_no_daemon),
        cmocka_unit_test(test_long_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// cli.c - the sub-commands of a program: one table, its help, one request to the daemon.
#include "common/net/cli.h"
#include "common/net/plain.h"
#include "common/net/form.h"
#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_MAX_SHOWN = 64, HELP_COLUMN = 37, CONNECT_S = 5, ANSWER_S = 120, FORM_MAX = 256 << 10 };

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] == '-' && word[2] != 0;
}

// The text after "--name=", or NULL.
static const char *attached(const char *word, const char *name)
{
    size_t n = strlen(name);
    if (!is_option(word) || strncmp(word + 2, name, n) != 0 || word[2 + n] != '=')
        return NULL;
    return word + 2 + n + 1;
}

static bool named(const char *word, const char *name)
{
    return is_option(word) && strcmp(word + 2, name) == 0;
}

const char *cli_option(struct cli *cli, const char *name)
{
    for (int i = 0; i < cli->argc; i++) {
        if (!cli->argv[i])
            continue;
        const char *value = attached(cli->argv[i], name);
        if (value) {
            cli->argv[i] = NULL;
            return value;
        }
        if (!named(cli->argv[i], name) || i + 1 == cli->argc || !cli->argv[i + 1])
            continue;
        value = cli->argv[i + 1];
        cli->argv[i] = cli->argv[i + 1] = NULL;
        return value;
    }
    return NULL;
}

bool cli_flag(struct cli *cli, const char *name)
{
    for (int i = 0; i < cli->argc; i++) {
        if (!cli->argv[i] || !named(cli->argv[i], name))
            continue;
        cli->argv[i] = NULL;
        return true;
    }
    return false;
}

const char *cli_next(struct cli *cli)
{
    for (int i = 0; i < cli->argc; i++) {
        const char *word = cli->argv[i];
        if (!word || is_option(word))
            continue;
        cli->argv[i] = NULL;
        return word;
    }
    return NULL;
}

static void print_usage(FILE *to, const struct cli *cli)
{
    const struct cli_command *c = cli->command;
    fprintf(to, "usage: %s %s%s%s [--dir DIR] [--json]\n", cli->program->name, c->name,
            *c->arguments ? " " : "", c->arguments);
}

int cli_usage(const struct cli *cli, const char *wrong)
{
    fprintf(stderr, "%s %s: %s\n", cli->program->name, cli->command->name, wrong);
    print_usage(stderr, cli);
    return CLI_USAGE;
}

int cli_done(struct cli *cli)
{
    char wrong[256];
    for (int i = 0; i < cli->argc; i++) {
        if (!cli->argv[i])
            continue;
        snprintf(wrong, sizeof wrong, "not understood, or without a value: %s", cli->argv[i]);
        return cli_usage(cli, wrong);
    }
    return CLI_OK;
}

// Splits "name=value" where it stands; NULL: there is no '=', or no name.
static char *split(char *word)
{
    char *value = strchr(word, '=');
    if (!value || value == word)
        return NULL;
    *value = 0;
    return value + 1;
}

int cli_form(struct cli *cli, char **ret_body)
{
    char *body = calloc(1, FORM_MAX);
    assert(body);
    for (int i = 0; i < cli->argc; i++) {
        if (!cli->argv[i])
            continue;
        char *name = cli->argv[i] + (is_option(cli->argv[i]) ? 2 : 0);
        char *value = split(name);
        if (!value && is_option(cli->argv[i]) && i + 1 < cli->argc && cli->argv[i + 1]) {
            value = cli->argv[i + 1];
            cli->argv[i + 1] = NULL;
        }
        if (!value || !form_add(body, FORM_MAX, name, value)) {
            free(body);
            return cli_usage(cli, value ? "too long" : "each word must be name=value");
        }
        cli->argv[i] = NULL;
    }
    *ret_body = body;
    return CLI_OK;
}

struct answer {
    char *at;
    size_t n;
};

static size_t on_data(char *data, size_t size, size_t n, void *ctx)
{
    struct answer *a = ctx;
    n *= size;
    if (a->n + n > CLI_REPLY_MAX)
        return 0;
    a->at = realloc(a->at, a->n + n + 1);
    assert(a->at);
    memcpy(a->at + a->n, data, n);
    a->n += n;
    a->at[a->n] = 0;
    return n;
}

static int explain(const struct cli *cli, CURLcode rc)
{
    if (rc == CURLE_COULDNT_CONNECT) {
        fprintf(stderr,
                "no %s is at work in %s (nobody answers at %s/api.sock)\n"
                "start it with: %s serve --dir %s\n",
                cli->program->name, cli->dir, cli->dir, cli->program->name, cli->dir);
        return CLI_NO_DAEMON;
    }
    fprintf(stderr, "%s/api.sock: %s\n", cli->dir, curl_easy_strerror(rc));
    return CLI_WRONG;
}

static CURLcode perform(int dir, const char *method, const char *path, const char *body,
                        struct answer *ret_answer, long *ret_status)
{
    char at[64], url[1024];
    CURL *c = curl_easy_init();
    assert(c);
    // A socket's path may have 107 characters; a state directory's more.
    snprintf(at, sizeof at, "/proc/self/fd/%d/api.sock", dir);
    struct curl_slist *headers = curl_slist_append(NULL, "X-Dantin: 1");
    headers = curl_slist_append(headers, "Expect:");
    CURLcode rc = CURLE_URL_MALFORMAT;
    if ((size_t)snprintf(url, sizeof url, "http://localhost%s", path) < sizeof url) {
        curl_easy_setopt(c, CURLOPT_URL, url);
        curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, at);
        curl_easy_setopt(c, CURLOPT_PROXY, "");
        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
        curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)ANSWER_S);
        curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data);
        curl_easy_setopt(c, CURLOPT_WRITEDATA, ret_answer);
        if (strcmp(method, "POST") == 0) {
            curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)(body ? strlen(body) : 0));
            curl_easy_setopt(c, CURLOPT_POSTFIELDS, body ? body : "");
        }
        rc = curl_easy_perform(c);
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, ret_status);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    return rc;
}

int cli_call(const struct cli *cli, const char *method, const char *path, const char *body,
             char **ret_json, long *ret_status)
{
    int dir = open(cli->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) {
        fprintf(stderr, "%s: %s\n", cli->dir, strerror(errno));
        return errno == ENOENT ? explain(cli, CURLE_COULDNT_CONNECT) : CLI_WRONG;
    }
    struct answer a = {.at = calloc(1, 1)};
    assert(a.at);
    CURLcode rc = perform(dir, method, path, body, &a, ret_status);
    close(dir);
    if (rc != CURLE_OK) {
        free(a.at);
        return explain(cli, rc);
    }
    *ret_json = a.at;
    return CLI_OK;
}

static int show_error(const char *text, const json_t *reply, long status)
{
    const char *error = json_string_value(json_object_get(reply, "error"));
    fprintf(stderr, "%s (%ld)\n", error ? error : text, status);
    return CLI_WRONG;
}

int cli_show(const struct cli *cli, const char *method, const char *path, const char *body)
{
    char *text;
    long status;
    int rc = cli_call(cli, method, path, body, &text, &status);
    if (rc != CLI_OK)
        return rc;
    json_t *reply = json_loads(text, JSON_DECODE_ANY, NULL);
    if (status < 200 || status > 299) {
        rc = show_error(text, reply, status);
    } else if (reply && !cli->json) {
        plain_print(reply, stdout);
    } else {
        puts(text);
    }
    json_decref(reply);
    free(text);
    return rc;
}

static int print_help(const struct cli_program *p)
{
    printf("%s - %s\n\nusage: %s COMMAND [ARGUMENTS] [--dir DIR] [--json]\n\n", p->name, p->help,
           p->name);
    for (size_t i = 0; i < p->n_commands; i++) {
        const struct cli_command *c = &p->commands[i];
        int width = printf("  %s%s%s", c->name, *c->arguments ? " " : "", c->arguments);
        bool fits = width > 0 && width < HELP_COLUMN;
        if (!fits)
            putchar('\n');
        printf("%*s%s\n", fits ? HELP_COLUMN - width : HELP_COLUMN, "", c->help);
    }
    printf("\n  --dir DIR   the state directory; else $DANTIN_DIR, else the current one\n"
           "  --json      replies as they came, for programs\n"
           "  --help      also behind a command\n\n"
           "exit: 0 well, 1 something is wrong, 2 not understood, 3 no daemon is at work\n");
    return CLI_OK;
}

// How many letters must be changed, added or left out.
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_SHOWN + 1];
    size_t n = strlen(b);
    if (n > NAME_MAX_SHOWN)
        return NAME_MAX_SHOWN;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t change = diagonal + (a[i] != b[j]);
            size_t step = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            diagonal = row[j + 1];
            row[j + 1] = change < step ? change : step;
        }
    }
    return row[n];
}

// The nearest by its first word or by both.
static int unknown(const struct cli *cli)
{
    const struct cli_program *p = cli->program;
    const char *nearest = NULL, *first = cli->argv[0];
    char both[NAME_MAX_SHOWN];
    snprintf(both, sizeof both, "%s %s", first, cli->argc > 1 ? cli->argv[1] : "");
    size_t least = strlen(first) / 2 + 1;
    for (size_t i = 0; i < p->n_commands; i++) {
        const char *name = p->commands[i].name;
        size_t d = distance(strchr(name, ' ') ? both : first, name);
        if (d < least) {
            least = d;
            nearest = name;
        }
    }
    fprintf(stderr, "%s: no command %s", p->name, first);
    if (nearest)
        fprintf(stderr, "; did you mean %s?", nearest);
    fprintf(stderr, "\nall commands: %s --help\n", p->name);
    return CLI_USAGE;
}

static const struct cli_command *find(const struct cli_program *p, const char *name)
{
    for (size_t i = 0; i < p->n_commands; i++)
        if (strcmp(p->commands[i].name, name) == 0)
            return &p->commands[i];
    return NULL;
}

// Takes the command's one or two words; NULL: there is no such command.
static const struct cli_command *take_command(struct cli *cli)
{
    char both[NAME_MAX_SHOWN];
    const struct cli_command *c = NULL;
    if (cli->argc > 1) {
        snprintf(both, sizeof both, "%s %s", cli->argv[0], cli->argv[1]);
        c = find(cli->program, both);
        if (c)
            cli->argv[1] = NULL;
    }
    if (!c)
        c = find(cli->program, cli->argv[0]);
    if (c)
        cli->argv[0] = NULL;
    return c;
}

static bool first_of_two(const struct cli_program *p, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < p->n_commands; i++)
        if (strncmp(p->commands[i].name, word, n) == 0 && p->commands[i].name[n] == ' ')
            return true;
    return false;
}

int cli_main(const struct cli_program *program, int argc, char **argv)
{
    struct cli cli = {.program = program, .argc = argc - 1};
    if (argc - 1 > CLI_ARGUMENTS_MAX) {
        fprintf(stderr, "%s: more than %d words\n", program->name, CLI_ARGUMENTS_MAX);
        return CLI_USAGE;
    }
    for (int i = 0; i < cli.argc; i++)
        cli.argv[i] = argv[i + 1];
    const char *home = getenv("DANTIN_DIR"), *dir = cli_option(&cli, "dir");
    cli.dir = dir ? dir : home && *home ? home : ".";
    cli.json = cli_flag(&cli, "json");
    bool help = cli_flag(&cli, "help"), version = cli_flag(&cli, "version");
    int n = 0;
    for (int i = 0; i < cli.argc; i++)
        if (cli.argv[i])
            cli.argv[n++] = cli.argv[i];
    cli.argc = n;
    if (version) {
        printf("%s %s\n", program->name, DANTIN_VERSION);
        return CLI_OK;
    }
    if (n == 0) {
        print_help(program);
        return help ? CLI_OK : CLI_USAGE;
    }
    cli.command = take_command(&cli);
    if (!cli.command) {
        bool known = first_of_two(program, cli.argv[0]);
        return help && known ? print_help(program) : unknown(&cli);
    }
    if (!help)
        return cli.command->run(&cli);
    print_usage(stdout, &cli);
    printf("%s\n", cli.command->help);
    return CLI_OK;
}

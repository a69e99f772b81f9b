// peoplecmd.c - the commands that add, change and remove persons, by the daemon or without one.
//
// A secret comes from the terminal, unseen and twice, or from one line of standard input: never from
// the command line, where every user of the machine could read it. Only its hash leaves this process.
#include "commands.h"
#include "common/base/config.h"
#include "common/base/savefile.h"
#include "common/base/text.h"
#include "hasher.h"
#include "persons.h"
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { FORM_MAX = 4096 };

static const struct persons_rules *rules_of(const struct cli *cli)
{
    return strcmp(cli->program->name, "dantin-node") == 0 ? &persons_of_node : &persons_of_hub;
}

// Where a daemon works in the directory it owns the table, and is asked.
static int change(struct cli *cli, const char *form)
{
    static struct persons persons;
    struct faults faults = {0};
    int lock = -1, pid = 0, rc = savefile_lock(cli->dir, &lock, &pid);
    if (rc == -EBUSY)
        return cli_show(cli, "POST", "/api/people", form);
    const char *why = rc < 0 ? strerror(-rc) : NULL;
    persons.rules = rules_of(cli);
    if (!why && persons_read(&persons, cli->dir, &faults) < 0)
        why = "mend it first";
    faults_print(&faults, stderr);
    faults_clear(&faults);
    why = why ? why : persons_change(&persons, bytes_text(form));
    rc = why ? 0 : persons_write(&persons, cli->dir);
    if (why || rc < 0)
        fprintf(stderr, "%s/%s: %s\n", cli->dir, PERSONS_FILE,
                why ? text_of(why, LANGUAGE_EN) : strerror(-rc));
    if (lock >= 0)
        close(lock);
    return why || rc < 0 ? CLI_WRONG : CLI_OK;
}

int command_people_add(struct cli *cli)
{
    static const char *const names[] = {"name", "role", "scope", "restricted"};
    char form[FORM_MAX] = "act=put";
    bool room = true;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = cli_option(cli, names[i]);
        if (value)
            room = room && form_add(form, sizeof form, names[i], value);
    }
    const char *id = cli_next(cli);
    if (!id || cli_done(cli) != CLI_OK)
        return id ? CLI_USAGE : cli_usage(cli, "which ID? a short word that stands in the records");
    if (!room || !form_add(form, sizeof form, "id", id))
        return cli_usage(cli, "too long");
    return change(cli, form);
}

int command_people_remove(struct cli *cli)
{
    char form[FORM_MAX] = "act=remove";
    const char *id = cli_next(cli);
    if (!id || cli_done(cli) != CLI_OK)
        return id ? CLI_USAGE : cli_usage(cli, "which ID? see people list");
    return form_add(form, sizeof form, "id", id) ? change(cli, form) : cli_usage(cli, "too long");
}

// One line, without its end; false: none, or longer than a secret may be.
static bool read_line(char to[PERSON_SECRET_MAX + 2])
{
    if (!fgets(to, PERSON_SECRET_MAX + 2, stdin))
        return false;
    size_t n = strcspn(to, "\n");
    bool whole = to[n] == '\n' || feof(stdin);
    to[n] = 0;
    return whole;
}

static const char *ask(const char *words, char to[PERSON_SECRET_MAX + 2])
{
    struct termios before, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        fputs(words, stderr);
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG); // no signal may leave the terminal silent
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool got = read_line(to);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    return got ? NULL : "no secret was given: one line of at most 128 bytes";
}

static const char *read_secret(const struct cli *cli, bool far, char to[PERSON_SECRET_MAX + 2])
{
    char again[PERSON_SECRET_MAX + 2] = "";
    bool pin = rules_of(cli)->pin;
    const char *why = ask(pin ? "PIN: " : "Password: ", to);
    why = why ? why : persons_secret_fault(rules_of(cli), far, bytes_text(to));
    if (!why && isatty(STDIN_FILENO)) {
        why = ask("once more: ", again);
        why = why                      ? why
              : strcmp(to, again) != 0 ? "these are two different ones: nothing is changed"
                                       : NULL;
    }
    sodium_memzero(again, sizeof again);
    return why;
}

int command_people_secret(struct cli *cli)
{
    char secret[PERSON_SECRET_MAX + 2], hash[PERSON_HASH_MAX], form[FORM_MAX] = "act=put";
    struct config config;
    struct faults faults = {0};
    const char *id = cli_next(cli);
    if (!id || cli_done(cli) != CLI_OK)
        return id ? CLI_USAGE : cli_usage(cli, "whose? ID, see people list");
    int rc = config_read(&config, cli->dir, &faults);
    faults_print(&faults, stderr);
    faults_clear(&faults);
    if (rc < 0)
        return CLI_WRONG;
    bool far = config_number(&config, SETTING_HTTP_ACCESS) == ACCESS_HOSTED;
    const char *why = read_secret(cli, far, secret);
    if (!why && hasher_make(bytes_text(secret), hash) < 0)
        why = "no memory for it: 64 MiB are needed";
    sodium_memzero(secret, sizeof secret);
    if (why) {
        fprintf(stderr, "%s\n", text_of(why, LANGUAGE_EN));
        return CLI_WRONG;
    }
    return form_add(form, sizeof form, "id", id) && form_add(form, sizeof form, "secret", hash)
               ? change(cli, form)
               : cli_usage(cli, "too long");
}

static int list_file(struct cli *cli)
{
    static struct persons persons;
    struct faults faults = {0};
    persons.rules = rules_of(cli);
    int rc = persons_read(&persons, cli->dir, &faults);
    faults_print(&faults, stderr);
    faults_clear(&faults);
    for (unsigned i = 0; i < persons.n; i++) {
        const struct person *x = &persons.at[i];
        printf("%s  %s  %s%s%s%s%s\n", x->id, x->name, x->role ? x->role->name : "(no role)",
               x->scope[0] ? "  " : "", x->scope, x->restricted ? "  restricted" : "",
               x->secret[0] ? "" : "  (cannot log in: no secret)");
    }
    return rc < 0 ? CLI_WRONG : CLI_OK;
}

int command_people_list(struct cli *cli)
{
    int lock = -1, pid = 0;
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    int rc = savefile_lock(cli->dir, &lock, &pid);
    if (rc == -EBUSY)
        return cli_show(cli, "GET", "/api/people", NULL);
    rc = list_file(cli);
    if (lock >= 0)
        close(lock);
    return rc;
}

// cli.h - the sub-commands of a program: one table, its help, one request to the daemon.
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum cli_exit { CLI_OK = 0, CLI_WRONG = 1, CLI_USAGE = 2, CLI_NO_DAEMON = 3 };
enum { CLI_ARGUMENTS_MAX = 64, CLI_REPLY_MAX = 64 << 20 };

struct cli;

struct cli_command {
    const char *name;            // one word, or two: "plan check"
    const char *arguments;       // as shown in the help: "PLAN [--strict]"
    const char *help;            // one line
    int (*run)(struct cli *cli); // returns an exit code
};

struct cli_program {
    const char *name; // "dantin-node"
    const char *help; // one line
    const struct cli_command *commands;
    size_t n_commands;
};

// What the command line said. --dir, --json and --help are known everywhere and taken out already.
struct cli {
    const struct cli_program *program;
    const struct cli_command *command;
    const char *dir; // --dir, else $DANTIN_DIR, else "."
    bool json;
    int argc;                      // what comes after the command's name
    char *argv[CLI_ARGUMENTS_MAX]; // taken ones are NULL
};

int cli_main(const struct cli_program *program, int argc, char **argv);

// Options first, then what is left. Each takes its words, so that cli_done can name the unknown
// ones.
// "--name value" or "--name=value"; NULL: not given, or without a value.
const char *cli_option(struct cli *cli, const char *name);
bool cli_flag(struct cli *cli, const char *name);
const char *cli_next(struct cli *cli); // the next word that is no option; NULL: no more
int cli_done(struct cli *cli);         // CLI_OK, or CLI_USAGE after saying what is left over
int cli_usage(const struct cli *cli, const char *wrong); // says it, and the usage; CLI_USAGE

// All that is left, "--name value", "--name=value" and "name=value", as a form; malloc'd. CLI_OK,
// or CLI_USAGE after saying why.
int cli_form(struct cli *cli, char **ret_body);

// One request to the daemon of cli->dir; body NULL: none. CLI_OK: there is a reply, whatever its
// status; CLI_NO_DAEMON, CLI_WRONG: already explained on stderr. *ret_json is malloc'd, ended by
// NUL.
int cli_call(const struct cli *cli, const char *method, const char *path, const char *body,
             char **ret_json, long *ret_status);
// For commands that only show the reply: as JSON on stdout, or the daemon's "error" on stderr.
int cli_show(const struct cli *cli, const char *method, const char *path, const char *body);

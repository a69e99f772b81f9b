// main.c - dantin-hub: a district's or province's daemon and the commands of its operators.
#include "common/base/clock.h"
#include "common/daemon/bulletins.h"
#include "common/daemon/join.h"
#include "common/office/find.h"
#include "common/office/planfolder.h"
#include "common/office/planmerge.h"
#include "common/office/plansheet.h"
#include "hub.h"
#include "words.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PERSON_FORM_MAX = 400 };

static int run_serve(struct cli *cli)
{
    struct hub hub = {0};
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    struct daemon_setup s = {
        .dir = cli->dir, .program = "dantin-hub", .pages = "hub", .routes = hub_routes};
    s.n_routes = hub_n_routes;
    s.people = &persons_of_hub;
    s.desk = RIGHT_READ;
    s.ctx = &hub;
    s.daemon = &hub.common.daemon;
    s.send = hub_send;
    s.drop = hub_drop;
    s.on_open = hub_on_open;
    s.event = hub_event;
    int code = daemon_serve(&s);
    find_close(&hub.common.find);
    return code;
}

static int init_top(const struct cli *cli, const char *unit, bool drill)
{
    struct identity id = {.drill = drill};
    const char *why;
    if (mkdir(cli->dir, 0700) < 0 && errno != EEXIST) {
        fprintf(stderr, "%s: %s\n", cli->dir, strerror(errno));
        return CLI_WRONG;
    }
    if (identity_read(cli->dir, &id, &why) != -ENOENT) {
        fprintf(stderr, "%s: is set up already: use an empty directory\n", cli->dir);
        return CLI_WRONG;
    }
    memset(&id, 0, sizeof id);
    identity_make(&id);
    id.drill = drill;
    id.unit = code_of(bytes_text(unit));
    clock_random(id.election, sizeof id.election);
    int rc = join_write_new(cli->dir, &id);
    if (rc < 0)
        fprintf(stderr, "%s: %s\n", cli->dir, strerror(-rc));
    return rc < 0 ? CLI_WRONG : CLI_OK;
}

static int run_init(struct cli *cli)
{
    const char *unit = cli_option(cli, "unit"), *token = cli_option(cli, "token");
    bool drill = cli_flag(cli, "drill"), real = cli_flag(cli, "real");
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    if (!token && (!unit || drill == real || strlen(unit) > CODE_MAX || !*unit))
        return cli_usage(
            cli,
            "at the top: --unit CODE and one of --drill and --real; below a parent: --token TOKEN");
    int rc = token ? (join_by_token(cli->dir, bytes_text(token)) < 0 ? CLI_WRONG : CLI_OK)
                   : init_top(cli, unit, drill);
    if (rc == CLI_OK)
        printf("set up: say who works here (dantin-hub people add ID --role administrator --dir "
               "%s, then people secret ID), then start it with: dantin-hub serve --dir %s\n",
               cli->dir, cli->dir);
    return rc;
}

static int run_plan_new(struct cli *cli)
{
    const char *dir = cli_next(cli);
    if (!dir || cli_done(cli) != CLI_OK)
        return (dir ? CLI_USAGE : cli_usage(cli, "into which DIR?"));
    int rc = planfolder_new(dir);
    if (rc < 0)
        fprintf(stderr, "%s: %s\n", dir, strerror(-rc));
    return rc < 0 ? CLI_WRONG : CLI_OK;
}

static int run_plan_check(struct cli *cli)
{
    const char *dir = cli_next(cli);
    struct faults faults = {0};
    uint8_t *bytes = NULL;
    size_t n;
    if (!dir || cli_done(cli) != CLI_OK)
        return (dir ? CLI_USAGE : cli_usage(cli, "the plan folder DIR is missing"));
    int rc = planfolder_read(dir, &bytes, &n, &faults);
    faults_print(&faults, stderr);
    if (rc == 0)
        printf("%s: a good plan, %zu bytes\n", dir, n);
    else
        fprintf(stderr, "%s: %u faults: nothing is loaded\n", dir, faults.n);
    faults_clear(&faults);
    free(bytes);
    return rc == 0 ? CLI_OK : CLI_WRONG;
}

static int run_plan_sheet(struct cli *cli)
{
    struct plan_sheet_call call = {.plan = cli_option(cli, "plan"),
                                   .filled = cli_flag(cli, "filled"),
                                   .english = cli_flag(cli, "english"),
                                   .tell = stdout};
    call.into = cli_next(cli);
    if (!call.into || !call.plan)
        return cli_usage(cli, "into which DIR, and from which --plan FOLDER?");
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    return plan_sheet(&call) == 0 ? CLI_OK : CLI_WRONG;
}

static int run_plan_merge(struct cli *cli)
{
    struct plan_merge_call call = {.into = cli_option(cli, "into"),
                                   .base = cli_option(cli, "plan"),
                                   .english = cli_flag(cli, "english"),
                                   .tell = stdout};
    call.options.profile = cli_option(cli, "profile");
    call.options.repair = cli_flag(cli, "repair");
    call.folder = cli_next(cli);
    if (!call.folder || !call.into)
        return cli_usage(cli, "which FOLDER of tables, and --into which DIR?");
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    return plan_merge(&call) == 0 ? CLI_OK : CLI_WRONG;
}

// Posts the words of a command as a form; a value of NULL is left out.
struct word {
    const char *name, *value;
};
static int post(struct cli *cli, const char *path, const struct word *words, size_t n)
{
    char body[8192] = "";
    for (size_t i = 0; i < n; i++)
        if (words[i].value && !form_add(body, sizeof body, words[i].name, words[i].value))
            return cli_usage(cli, "too long");
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "POST", path, body);
}

static int run_plan_load(struct cli *cli)
{
    struct word words[] = {{"by", cli_option(cli, "as")}, {"path", NULL}};
    const char *dir = cli_next(cli);
    char full[4096];
    if (!dir)
        return cli_usage(cli, "the plan folder DIR is missing");
    words[1].value = realpath(dir, full);
    if (!words[1].value) {
        fprintf(stderr, "%s: %s\n", dir, strerror(errno));
        return CLI_WRONG;
    }
    return post(cli, "/api/plan", words, 2);
}

static int run_token(struct cli *cli)
{
    bool replace = cli_flag(cli, "replace");
    const char *as = cli_option(cli, "as"), *unit = cli_next(cli);
    char body[400] = "", *json = NULL;
    long status = 0;
    if (!unit || cli_done(cli) != CLI_OK)
        return (unit ? CLI_USAGE : cli_usage(cli, "for which UNIT?"));
    if (!form_add(body, sizeof body, "unit", unit) ||
        (as && !form_add(body, sizeof body, "by", as)) ||
        (replace && !form_add(body, sizeof body, "replace", "1")))
        return cli_usage(cli, "too long");
    if (cli->json)
        return cli_show(cli, "POST", "/api/token", body);
    int rc = cli_call(cli, "POST", "/api/token", body, &json, &status);
    const char *from = rc == CLI_OK && status == 200 ? strstr(json, "DANTIN1") : NULL;
    if (from)
        printf("%.*s\n", (int)strcspn(from, "\""), from);
    else if (rc == CLI_OK)
        fprintf(stderr, "%s\n", json);
    free(json);
    return rc == CLI_OK && !from ? CLI_WRONG : rc;
}

static int run_retire(struct cli *cli)
{
    struct word words[] = {
        {"by", cli_option(cli, "as")}, {"why", cli_option(cli, "why")}, {"unit", NULL}};
    words[2].value = cli_next(cli);
    return words[2].value ? post(cli, "/api/retire", words, 3) : cli_usage(cli, "which UNIT?");
}

static int run_admit(struct cli *cli)
{
    struct word words[] = {
        {"by", cli_option(cli, "as")}, {"act", cli_option(cli, "incarnation")}, {"unit", NULL}};
    words[2].value = cli_next(cli);
    return words[2].value ? post(cli, "/api/admit", words, 3) : cli_usage(cli, "which UNIT?");
}

static int run_release(struct cli *cli)
{
    struct word words[] = {{"by", cli_option(cli, "as")},
                           {"unit", cli_option(cli, "unit")},
                           {"rules", cli_option(cli, "rules")},
                           {"why", cli_option(cli, "why")},
                           {"act", NULL}};
    words[4].value = cli_next(cli);
    if (!words[1].value || !words[4].value)
        return cli_usage(cli, "the ACT and --unit UNIT of dantin-hub quarantine are needed");
    return post(cli, "/api/release", words, 5);
}

static int run_erase(struct cli *cli)
{
    struct word words[] = {{"by", cli_option(cli, "as")},
                           {"unit", cli_option(cli, "unit")},
                           {"why", cli_option(cli, "why")},
                           {"act", NULL}};
    words[3].value = cli_next(cli);
    if (!words[1].value || !words[3].value)
        return cli_usage(cli, "the ACT and --unit UNIT of dantin-hub incidents are needed");
    return post(cli, "/api/erase", words, 4);
}

// The words of `bulletin release` are the operator's and name=value ones.
static int run_bulletin_release(struct cli *cli)
{
    const char *as = cli_option(cli, "as");
    char prefix[PERSON_FORM_MAX] = "";
    if (as && !form_add(prefix, sizeof prefix, "by", as))
        return cli_usage(cli, "too long");
    return command_form(cli, "/api/release_bulletin", prefix);
}

static int bulletin_word_of(struct cli *cli, const char *word)
{
    struct word words[] = {{"by", cli_option(cli, "as")},
                           {"why", cli_option(cli, "why")},
                           {"word", word},
                           {"number", NULL}};
    words[3].value = cli_next(cli);
    return words[3].value ? post(cli, "/api/bulletin_word", words, 4)
                          : cli_usage(cli, "which NUMBER? see dantin-hub bulletins");
}

static int run_bulletin_pause(struct cli *cli)
{
    return bulletin_word_of(cli, "pause");
}

static int run_bulletin_resume(struct cli *cli)
{
    return bulletin_word_of(cli, "resume");
}

static int run_bulletin_withdraw(struct cli *cli)
{
    return bulletin_word_of(cli, "withdraw");
}

static int run_get(struct cli *cli, const char *path)
{
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "GET", path, NULL);
}

static int run_children(struct cli *cli)
{
    return run_get(cli, "/api/children");
}

static int run_bulletins(struct cli *cli)
{
    return run_get(cli, "/api/bulletins");
}

static int run_statistics(struct cli *cli)
{
    return run_get(cli, "/api/statistics");
}

static int run_status(struct cli *cli)
{
    return run_get(cli, "/api/status");
}

static int run_say(struct cli *cli)
{
    return command_form(cli, "/api/say", "");
}

static int run_try(struct cli *cli)
{
    return command_form(cli, "/api/check", "");
}

static int run_export(struct cli *cli)
{
    const char *what = cli_next(cli);
    char *text = NULL;
    long status = 0;
    bool csv = what && strcmp(what, "csv") == 0, jsonl = what && strcmp(what, "jsonl") == 0;
    if ((!csv && !jsonl) || cli_done(cli) != CLI_OK)
        return cli_usage(
            cli, "csv (results) or jsonl (every signed log)? It is written to standard output");
    int rc = cli_call(cli, "GET", csv ? "/api/export/results.csv" : "/api/export/log.jsonl", NULL,
                      &text, &status);
    if (rc == CLI_OK)
        fputs(text, status == 200 ? stdout : stderr);
    free(text);
    return rc != CLI_OK ? rc : status == 200 ? CLI_OK : CLI_WRONG;
}

static int run_routes(struct cli *cli)
{
    return command_routes(cli, hub_routes, hub_n_routes);
}

static const struct cli_command commands[] = {
    {"init", "--unit CODE --drill|--real | --token TOKEN",
     "set this directory up: a top hub, or one below a parent", run_init},
    {"plan new", "DIR", "write an example plan folder to fill in with a spreadsheet", run_plan_new},
    {"plan check", "DIR", "list everything that is wrong with a plan folder, by file and line",
     run_plan_check},
    {"plan sheet", "DIR --plan FOLDER [--filled] [--english]",
     "write a spreadsheet for each commune of a plan folder, to be filled in there",
     run_plan_sheet},
    {"plan merge", "FOLDER --into DIR [--plan BASE] [--profile NAME] [--repair] [--english]",
     "join the communes' tables into a plan folder, or list what is wrong with each",
     run_plan_merge},
    {"plan load", "DIR --as PERSON", "load a plan at the top; slices of it flow down",
     run_plan_load},
    {"serve", "", "run the daemon: the gate for children, pages, commands", run_serve},
    {"token", "UNIT --as PERSON [--replace]",
     "print a token that sets up the machine of a unit below", run_token},
    {"children", "[--json]", "the machines below: keys, links, how many records", run_children},
    {"admit", "UNIT --as PERSON [--incarnation HEX]",
     "let a held log of a unit count (after a fork, or an old copy)", run_admit},
    {"retire", "UNIT --as PERSON [--why ...]",
     "a machine's key is out at once; what came later does not count", run_retire},
    {"say", "about=UNIT by=PERSON kind=... ...",
     "any statement about a child, by the names of its fields", run_say},
    {"check", "about=UNIT by=PERSON kind=... ...", "what fails of a statement; records nothing",
     run_try},
    {"instruct", "UNIT --text ... [--due HH:MM] --as PERSON",
     "an instruction to a unit below; incidents kind=instruction shows its receipt",
     words_instruct},
    {"verdict",
     "UNIT ACT verified|returned|chosen|acknowledged [--among ACTS] [--why ...] --as PERSON",
     "the hub's word about a statement of a unit below", words_verdict},
    {"phone", "UNIT kind=turnout place=CODE cutoff=N voted=N behalf=WHO --as PERSON",
     "a figure that a unit below gave by telephone", words_phone},
    {"incidents", "[unit=CODE] [kind=incident|complaint|situation|instruction]",
     "what stands and wants looking at, the most severe first", command_incidents},
    {"dues", "[unit=CODE] [kind=recognise|rerun|minutes|complaint|...]",
     "what is owed after the vote: reports, decisions, reruns, by their day", command_dues},
    {"status", "[--json]", "how this hub is: children, disk, what was refused", run_status},
    {"bulletin", "[unit=CODE] [cutoff=N] [form=text|short|table]",
     "the quick report as it would read now", command_bulletin},
    {"bulletin release", "--as PERSON [cutoff=N]",
     "release it: numbered, kept as sent; the next one says what changed since",
     run_bulletin_release},
    {"bulletin pause", "NUMBER --as PERSON --why ...", "a released bulletin is not to be used now",
     run_bulletin_pause},
    {"bulletin resume", "NUMBER --as PERSON [--why ...]", "it is again", run_bulletin_resume},
    {"bulletin withdraw", "NUMBER --as PERSON --why ...", "it is taken back for good",
     run_bulletin_withdraw},
    {"bulletins", "[--json]", "what was released, and how it stands", run_bulletins},
    {"statistics", "[--json]", "who was elected: women, Party members ..., against the targets",
     run_statistics},
    {"history", "[unit=CODE] [only=changed,late,...] [kind=...] [person=ID] [page=N] [votes=1]",
     "every version of every figure: who, when, how, and what became of it", command_history},
    {"access", "[--json]", "who read contests of a restricted kind, and when", command_access},
    {"then", "at=14:15 [unit=CODE] [basis=stored|entered] [all=1] [votes=1]",
     "which figures were here at that moment, beside those of now", command_then},
    {"zero", "[--json]", "the sheet before opening: plan, keys, and that every counter is 0",
     command_zero},
    {"quarantine", "[--json]", "figures that are in no total, and why", command_quarantine},
    {"release", "ACT --unit UNIT --rules F5,.. --why ... --as PERSON",
     "let a quarantined figure count, by another person", run_release},
    {"erase", "ACT --unit UNIT --why ... --as PERSON",
     "delete for good, at every tier, the text beside a statement: of an incident, a complaint ...",
     run_erase},
    {"reconcile", "[--json]", "every log with its number and head, to compare between tiers",
     command_reconcile},
    {"verify", "[--json]", "check every chain and signature of the store", command_verify},
    {"export", "csv|jsonl", "results for a spreadsheet; every signed log for an auditor",
     run_export},
    {"export sqlite", "FILE", "all that this hub holds as tables in a new owner-only SQLite file",
     command_export_sqlite},
    {"import", "FILE", "take the signed runs of a node's file", command_import},
    {"backup", "FILE", "write a copy of the store", command_backup},
    {"people add",
     "ID [--name ...] [--role viewer|operator|auditor|administrator] [--scope CODE|group:NAME] "
     "[--restricted yes|no]",
     "add a person, or change what is known of one", command_people_add},
    {"people secret", "ID",
     "set the password a person logs in by: asked for, or one line on standard input",
     command_people_secret},
    {"people remove", "ID", "a person is out at once, also where they are logged in",
     command_people_remove},
    {"people list", "[--json]", "who works here", command_people_list},
    {"routes", "", "every address of the pages and commands, and the right it needs", run_routes},
    {"config show", "", "every setting with its value, limits and meaning", command_config},
};

int main(int argc, char **argv)
{
    static const struct cli_program program = {
        "dantin-hub", "election-day reporting: a district's or province's hub", commands,
        sizeof commands / sizeof commands[0]};
    return cli_main(&program, argc, argv);
}

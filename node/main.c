// main.c - dantin-node: the commune's daemon and the commands of its clerk.
#include "clerk.h"
#include "common/daemon/bulletins.h"
#include "common/daemon/join.h"
#include "common/office/find.h"
#include <stdio.h>
#include <string.h>

static int run_serve(struct cli *cli)
{
    struct clerk clerk = {0};
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    struct daemon_setup s = {
        .dir = cli->dir, .program = "dantin-node", .pages = "node", .routes = clerk_routes};
    s.n_routes = clerk_n_routes;
    s.people = &persons_of_node;
    s.desk = RIGHT_READ | RIGHT_ENTER | RIGHT_CHECK | RIGHT_CONFIRMED;
    s.ctx = &clerk;
    s.daemon = &clerk.common.daemon;
    s.event = clerk_event;
    s.on_open = desk_open;
    int code = daemon_serve(&s);
    find_close(&clerk.common.find);
    return code;
}

static int run_join(struct cli *cli)
{
    const char *token = cli_next(cli);
    if (!token || cli_done(cli) != CLI_OK)
        return token ? CLI_USAGE : cli_usage(cli, "the TOKEN from the hub is missing");
    if (join_by_token(cli->dir, bytes_text(token)) < 0)
        return CLI_WRONG;
    printf("joined: start it with: dantin-node serve --dir %s\n", cli->dir);
    return CLI_OK;
}

static int run_say(struct cli *cli)
{
    char prefix[64];
    snprintf(prefix, sizeof prefix, "kind=%s", cli->command->name);
    return command_form(cli, "/api/say", prefix);
}

static int run_replace(struct cli *cli)
{
    return command_form(cli, "/api/say", "replaces=last");
}

static int run_try(struct cli *cli)
{
    return command_form(cli, "/api/check", "");
}

// The ACT stands first; what else is said are fields.
static int run_of_act(struct cli *cli, const char *path, const char *prefix)
{
    const char *act = cli_next(cli);
    char form[128];
    if (!act || strchr(act, '='))
        return cli_usage(cli, "which ACT?");
    snprintf(form, sizeof form, "%s", prefix);
    if (!form_add(form, sizeof form, strcmp(path, "/api/move") == 0 ? "act" : "of", act))
        return cli_usage(cli, "an act is up to 16 hexadecimal digits");
    return command_form(cli, path, form);
}

static int run_receipt(struct cli *cli)
{
    return run_of_act(cli, "/api/say", "kind=receipt");
}

static int run_move(struct cli *cli)
{
    return run_of_act(cli, "/api/move", "");
}

static int run_seal(struct cli *cli)
{
    const char *by = cli_option(cli, "by");
    char body[400] = "";
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    if (!by || !form_add(body, sizeof body, "by", by))
        return cli_usage(cli, by ? "too long" : "who seals? --by PERSON");
    return cli_show(cli, "POST", "/api/seal", body);
}

static int run_status(struct cli *cli)
{
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "GET", "/api/state", NULL);
}

static int run_routes(struct cli *cli)
{
    return command_routes(cli, clerk_routes, clerk_n_routes);
}

static const struct cli_command commands[] = {
    {"join", "TOKEN", "set this directory up for a commune with a token from its hub", run_join},
    {"serve", "", "run the daemon: pages, commands, the line to the hub", run_serve},
    {"step", "place=CODE what=opened|closed|... [by=PERSON]", "state a step of a place's vote",
     run_say},
    {"turnout", "place=CODE cutoff=N voted=N [eligible=N]",
     "state how many have voted at a cut-off", run_say},
    {"tally", "place=CODE returned=N valid=N invalid=N votes=1:N,2:N ...",
     "state the count of a place", run_say},
    {"incident", "place=CODE category=N severity=1..4 state=1..3 [text=...]", "report an incident",
     run_say},
    {"minutes", "place=CODE number=... copies=N witnesses=N signed=N [complaints=N ...]",
     "the minutes of the count are signed", run_say},
    {"decision",
     "place=CODE what=recognised|not_recognised|on_hold|rerun|interim number=... date=DD/MM/YYYY "
     "signatory=... [on=DD/MM/YYYY]",
     "the commune's decision on a result", run_say},
    {"list_change", "place=CODE [added=N] [removed=N] [eligible=N] why=...",
     "voters added to the frozen list or taken off it", run_say},
    {"situation", "cutoff=N order=1..4 weather=1..4 roads=1..4 lines=1..4 [text=...]",
     "the general situation: 1 normal, 2 difficult, 3 serious, 4 not known", run_say},
    {"complaint", "place=CODE sort=1..3 state=1..4 [passed_to=...] [text=...]",
     "1 complaint, 2 denunciation, 3 petition; 1 received, 2 in hand, 3 settled, 4 passed on",
     run_say},
    {"receipt", "ACT [by=PERSON]", "an instruction from above has arrived: see incidents",
     run_receipt},
    {"ready", "[decision=...] [by=PERSON]", "the plan is as in the decision, and all is ready",
     run_say},
    {"seal", "--by PERSON",
     "seal the figures: the head of the own log, to print and sign; once more is seal 2", run_seal},
    {"shift", "to=PERSON [by=PERSON]", "another person takes over", run_say},
    {"check", "kind=... place=CODE ...", "what fails of a statement; records nothing", run_try},
    {"move", "ACT to=PLACE [by=PERSON]", "a statement to the place it belongs to", run_move},
    {"incidents", "[kind=incident|complaint|situation|instruction]",
     "what stands and wants looking at, the most severe first", command_incidents},
    {"dues", "[unit=CODE] [kind=recognise|rerun|minutes|complaint|...]",
     "what is owed after the vote: reports, decisions, reruns, by their day", command_dues},
    {"replace", "kind=... place=CODE ... why=...", "correct what stands: the same fields, and why",
     run_replace},
    {"void", "replaces=ACT why=...", "take a statement back without another in its place", run_say},
    {"status", "[--json]", "what this node holds, and how far the tiers above have it", run_status},
    {"bulletin", "[cutoff=N] [form=text|short|table]", "the quick report, to copy and send on",
     command_bulletin},
    {"zero", "[--json]", "the sheet before opening: plan, keys, and that every counter is 0",
     command_zero},
    {"quarantine", "", "figures that are in no total, and why", command_quarantine},
    {"reconcile", "", "every log with its number and head", command_reconcile},
    {"verify", "[--json]", "check every chain and signature of the store", command_verify},
    {"export", "FILE [--all]", "write own signed runs to a file, for a courier or an auditor",
     command_export},
    {"export sqlite", "FILE", "all that this node holds as tables in a new owner-only SQLite file",
     command_export_sqlite},
    {"import", "FILE", "take the signed runs of such a file", command_import},
    {"backup", "FILE", "write a copy of the store", command_backup},
    {"people add", "ID [--name ...] [--role enters|checks|reads] [--restricted yes|no]",
     "add a person, or change what is known of one", command_people_add},
    {"people secret", "ID",
     "set the PIN a person logs in by: asked for, or one line on standard input",
     command_people_secret},
    {"people remove", "ID", "a person is out at once, also where they are logged in",
     command_people_remove},
    {"people list", "[--json]", "who works here", command_people_list},
    {"routes", "", "every address of the pages and commands, and the right it needs", run_routes},
    {"config show", "", "every setting with its value, limits and meaning", command_config},
};

int main(int argc, char **argv)
{
    static const struct cli_program program = {"dantin-node",
                                               "election-day reporting: a commune's node", commands,
                                               sizeof commands / sizeof commands[0]};
    return cli_main(&program, argc, argv);
}

// words.c - commands with which an operator says something about a child.
#include "words.h"
#include "common/daemon/commands.h"
#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 16384, PREFIX_MAX = 1024 };

struct word {
    const char *name, *value;
};

// One statement of the words; a value of NULL is left out.
static int say(struct cli *cli, const struct word *words, size_t n)
{
    char body[BODY_MAX] = "";
    for (size_t i = 0; i < n; i++)
        if (words[i].value && !form_add(body, sizeof body, words[i].name, words[i].value))
            return cli_usage(cli, "too long");
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "POST", "/api/say", body);
}

int words_instruct(struct cli *cli)
{
    struct word words[] = {{"kind", "instruction"},
                           {"by", cli_option(cli, "as")},
                           {"text", cli_option(cli, "text")},
                           {"due", cli_option(cli, "due")},
                           {"about", NULL}};
    words[4].value = cli_next(cli);
    if (!words[4].value || !words[2].value)
        return cli_usage(cli, "to which UNIT, and what? --text");
    return say(cli, words, sizeof words / sizeof words[0]);
}

int words_verdict(struct cli *cli)
{
    struct word words[] = {{"kind", "verdict"},
                           {"by", cli_option(cli, "as")},
                           {"among", cli_option(cli, "among")},
                           {"why", cli_option(cli, "why")},
                           {"about", NULL},
                           {"of", NULL},
                           {"word", NULL}};
    for (unsigned i = 4; i < sizeof words / sizeof words[0]; i++)
        words[i].value = cli_next(cli);
    const char *word = words[6].value;
    if (!word)
        return cli_usage(cli, "about which UNIT, which ACT, and which word of verified, returned, "
                              "chosen, acknowledged?");
    if (strcmp(word, "released") == 0)
        return cli_usage(cli, "a quarantined figure is let in with: release");
    return say(cli, words, sizeof words / sizeof words[0]);
}

int words_phone(struct cli *cli)
{
    const char *as = cli_option(cli, "as"), *unit = cli_next(cli);
    char prefix[PREFIX_MAX] = "how=phone";
    // The unit comes first, before the words that name fields.
    if (!unit || strchr(unit, '='))
        return cli_usage(cli, "of which UNIT is the figure? then kind=turnout place=CODE ...");
    if (!form_add(prefix, sizeof prefix, "about", unit) ||
        (as && !form_add(prefix, sizeof prefix, "by", as)))
        return cli_usage(cli, "too long");
    return command_form(cli, "/api/say", prefix);
}

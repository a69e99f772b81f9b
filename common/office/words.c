// words.c - names of what records hold as numbers, and numbers as people write them.
#include "words.h"
#include <errno.h>
#include <string.h>
#include <time.h>

enum { ZONE_S = 7 * 3600 }; // Vietnam's clock, wherever the machine stands

static const char *const steps[] = {NULL,       "list_frozen", "opened",    "interrupted",
                                    "resumed",  "closed",      "no_quorum", "household_ballots",
                                    "counting", "postponed",   "early",     "annulled"};
static const char *const decisions[] = {NULL,      "recognised", "not_recognised",
                                        "on_hold", "rerun",      "interim"};
static const char *const methods[] = {"secret_ballot", "show_of_hands", "household_ballot",
                                      "online", "mixed"};
static const char *const lives[] = {
    "planned",    "list_frozen",       "postponed", "opened",        "interrupted",    "closed",
    "no_quorum",  "household_ballots", "counting",  "tallied",       "minutes_signed", "on_hold",
    "recognised", "not_recognised",    "annulled",  "rerun_ordered", "interim_head"};
static const char *const hows[] = {NULL,    "desk",    "lan",  "hosted", "phone",
                                   "radio", "courier", "file", "machine"};
static const char *const verdicts[] = {NULL,       "verified", "returned",
                                       "released", "chosen",   "acknowledged"};

#define NAME_OF(list, i) ((i) < sizeof list / sizeof list[0] ? list[i] : NULL)
const char *step_name(unsigned step)
{
    return NAME_OF(steps, step);
}
const char *decision_name(unsigned decision)
{
    return NAME_OF(decisions, decision);
}
const char *method_name(unsigned method)
{
    return NAME_OF(methods, method);
}
const char *life_name(unsigned life)
{
    return NAME_OF(lives, life);
}
const char *how_name(unsigned how)
{
    return NAME_OF(hows, how);
}
const char *verdict_name(unsigned verdict)
{
    return NAME_OF(verdicts, verdict);
}

static unsigned named_in(const char *const *list, size_t n, struct bytes word)
{
    for (unsigned i = 1; i < n; i++)
        if (bytes_same(bytes_text(list[i]), word))
            return i;
    return 0;
}

#define PLACE_OF(list, word) named_in(list, sizeof list / sizeof list[0], word)
unsigned step_named(struct bytes word)
{
    return PLACE_OF(steps, word);
}
unsigned decision_named(struct bytes word)
{
    return PLACE_OF(decisions, word);
}
unsigned how_named(struct bytes word)
{
    return PLACE_OF(hows, word);
}
unsigned verdict_named(struct bytes word)
{
    return PLACE_OF(verdicts, word);
}

const char *words_time(int64_t at, char to[32])
{
    time_t s = (time_t)(at / 1000) + ZONE_S;
    struct tm tm;
    if (!gmtime_r(&s, &tm) || strftime(to, 32, "%H:%M %d/%m/%Y", &tm) == 0)
        to[0] = 0;
    return to;
}

int parse_act(struct bytes hex, uint64_t *ret)
{
    uint64_t v = 0;
    for (size_t i = 0; i < hex.n; i++) {
        const char *digits = "0123456789abcdef",
                   *p = hex.at[i] ? strchr(digits, hex.at[i] | 0x20) : NULL;
        if (!p)
            return -EINVAL;
        v = v << 4 | (uint64_t)(p - digits);
    }
    *ret = v;
    return hex.n == 0 || hex.n > 16 || v == 0 ? -EINVAL : 0;
}

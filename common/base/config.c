// config.c - every setting with its kind, unit, limits, default and help, in one table.
#include "common/base/config.h"
#include "common/base/zpl.h"
#include "proto/code.h"
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum type { TYPE_NUMBER, TYPE_TEXT, TYPE_WORD, TYPE_ADDRESS };

struct spec {
    const char *path;
    enum type type;
    const char
        *unit; // of a number; of a word: the set, with blanks between ("no yes" for a switch)
    int64_t min, max;      // of a number
    const char *otherwise; // the default, as it would stand in the file
    const char *help;
};

static const struct spec specs[SETTINGS] = {
    [SETTING_LINK_LISTEN] =
        {"link/listen", TYPE_ADDRESS, NULL, 0, 0, "127.0.0.1:0",
         "host:port at which a hub waits for its children; port 0 takes a free one"},
    [SETTING_LINK_ADVERTISE] = {"link/advertise", TYPE_ADDRESS, NULL, 0, 0, "",
                                "host:port that is written into tokens; empty: as link/listen"},
    [SETTING_LINK_BEAT_MS] = {"link/beat_ms", TYPE_NUMBER, "ms", 100, 60000, "5000",
                              "how often each end of a link says that it lives"},
    [SETTING_LINK_DEADLINE_MS] =
        {"link/deadline_ms", TYPE_NUMBER, "ms", 300, 600000, "20000",
         "silence, or no progress, after which a link is made anew; at least 3 beats"},
    [SETTING_LINK_BACKOFF_MS] = {"link/backoff_ms", TYPE_NUMBER, "ms", 100, 600000, "15000",
                                 "longest wait before the next attempt to reach the parent"},
    [SETTING_HTTP_LISTEN] = {"http/listen", TYPE_ADDRESS, NULL, 0, 0, "127.0.0.1:0",
                             "host:port of the pages; port 0 takes a free one"},
    [SETTING_HTTP_ACCESS] = {"http/access", TYPE_WORD, "desk lan hosted", 0, 0, "desk",
                             "who reaches the pages: this desk, the office network, or anybody by "
                             "a proxy; said in each record entered there"},
    [SETTING_HTTP_HOST] = {"http/host", TYPE_TEXT, NULL, 0, 0, "",
                           "one more Host header that is answered, as a proxy sends it"},
    [SETTING_NODE_WAIT_MS] =
        {"node/wait_ms", TYPE_NUMBER, "ms", 1, 600000, "10000",
         "after a start: wait for what the parent holds before the first entry"},
    [SETTING_HUB_BUDGET_MIB] = {"hub/budget_mib", TYPE_NUMBER, "MiB", 1, 100000, "64",
                                "what one child may send in a day before it is slowed down"},
    [SETTING_STORE_FULL_MIB] = {"store/full_mib", TYPE_NUMBER, "MiB", 1, 1000000, "16",
                                "free disk space below which nothing more is taken in"},
};

// "host:port"; NULL, or what is wrong.
static const char *check_address(struct bytes value)
{
    const char *colon = value.n > 0 ? memrchr(value.at, ':', value.n) : NULL;
    size_t n_host = colon ? (size_t)((const uint8_t *)colon - value.at) : 0, n_port = 0;
    unsigned port = 0;
    if (value.n > ADDRESS_MAX)
        return "the address is too long";
    if (n_host == 0 || memchr(value.at, ' ', value.n) || memchr(value.at, '/', value.n))
        return "an address is host:port";
    for (size_t i = n_host + 1; i < value.n && n_port < 6; i++, n_port++) {
        if (value.at[i] < '0' || value.at[i] > '9')
            return "an address is host:port, the port a number";
        port = port * 10 + (value.at[i] - '0');
    }
    return n_port == 0 || port > 65535 ? "the port is a number from 0 to 65535" : NULL;
}

// Digits only: no sign, no unit, no thousands that could be read as a fraction.
static bool take_number(struct bytes value, int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < value.n; i++) {
        if (value.at[i] < '0' || value.at[i] > '9')
            return false;
        *ret = *ret * 10 + (value.at[i] - '0');
    }
    return value.n > 0;
}

// The place of a word in its set, or -1.
static int64_t word_at(const char *set, struct bytes word)
{
    for (int64_t i = 0; *set; i++) {
        size_t n = strcspn(set, " ");
        if (bytes_same(bytes_of(set, n), word))
            return i;
        set += n + (set[n] == ' ');
    }
    return -1;
}

struct place { // where a value stands, and whom to tell
    const char *file;
    unsigned line;
    struct faults *faults;
};

// One value into its place; false, with a fault, when it may not be.
static bool take_value(struct config *c, unsigned s, struct bytes value, const struct place *at)
{
    const struct spec *spec = &specs[s];
    int64_t number = 0;
    const char *why = value.n > CONFIG_TEXT_MAX ? "the value is too long" : NULL;
    if (!why && spec->type == TYPE_ADDRESS && (value.n > 0 || spec->otherwise[0]))
        why = check_address(value);
    if (why) {
        faults_add(at->faults, at->file, at->line, "%s: %s", spec->path, why);
        return false;
    }
    bool number_ok = value.n <= 15 && take_number(value, &number);
    if (spec->type == TYPE_NUMBER && (!number_ok || number < spec->min || number > spec->max)) {
        faults_add(at->faults, at->file, at->line,
                   "%s: a whole number from %" PRId64 " to %" PRId64 " (%s)", spec->path, spec->min,
                   spec->max, spec->unit);
        return false;
    }
    if (spec->type == TYPE_WORD && (number = word_at(spec->unit, value)) < 0) {
        faults_add(at->faults, at->file, at->line, "%s: one of: %s", spec->path, spec->unit);
        return false;
    }
    c->numbers[s] = spec->type == TYPE_NUMBER || spec->type == TYPE_WORD ? number : 0;
    memcpy(c->texts[s], value.n > 0 ? value.at : (const uint8_t *)"", value.n);
    c->texts[s][value.n] = 0;
    return true;
}

void config_defaults(struct config *c)
{
    const struct place nowhere = {0};
    memset(c, 0, sizeof *c);
    for (unsigned s = 0; s < SETTINGS; s++) {
        bool ok = take_value(c, s, bytes_text(specs[s].otherwise), &nowhere);
        assert(ok);
    }
}

struct taker {
    struct config *config;
    struct place at;
    unsigned deadline_line;
};

static int on_value(void *ctx, const char *path, struct bytes value, unsigned line)
{
    struct taker *t = ctx;
    t->at.line = line;
    for (unsigned s = 0; s < SETTINGS; s++)
        if (strcmp(path, specs[s].path) == 0) {
            take_value(t->config, s, value, &t->at);
            if (s == SETTING_LINK_DEADLINE_MS || s == SETTING_LINK_BEAT_MS)
                t->deadline_line = line;
            return 0;
        }
    faults_add(t->at.faults, t->at.file, line, "there is no setting %s", path);
    return 0;
}

int config_parse(struct config *c, struct bytes text, const char *file, struct faults *faults)
{
    struct zpl_fault fault;
    struct taker t = {.config = c, .at = {.file = file, .faults = faults}};
    unsigned before = faults->n;
    config_defaults(c);
    if (zpl_read(text, on_value, &t, &fault) < 0)
        faults_add(faults, file, fault.line, "%s", fault.why);
    // A deadline shorter than a few beats would cut links that are well.
    if (c->numbers[SETTING_LINK_DEADLINE_MS] < 3 * c->numbers[SETTING_LINK_BEAT_MS])
        faults_add(faults, file, t.deadline_line,
                   "link/deadline_ms must be at least 3 times link/beat_ms");
    return faults->n == before ? 0 : -EBADMSG;
}

int config_read(struct config *c, const char *dir, struct faults *faults)
{
    static const size_t cap = CONFIG_BYTES_MAX + 1;
    char path[4096];
    config_defaults(c);
    if (snprintf(path, sizeof path, "%s/%s", dir, CONFIG_FILE) >= (int)sizeof path)
        return -ENAMETOOLONG;
    FILE *from = fopen(path, "re");
    if (!from)
        return errno == ENOENT ? 0 : -errno;
    uint8_t *text = malloc(cap);
    assert(text);
    errno = 0;
    size_t n = fread(text, 1, cap, from);
    int rc = ferror(from) ? (errno ? -errno : -EIO) : n == cap ? -EFBIG : 0;
    fclose(from);
    if (rc == 0)
        rc = config_parse(c, bytes_of(text, n), CONFIG_FILE, faults);
    free(text);
    return rc;
}

int64_t config_number(const struct config *c, enum setting s)
{
    assert(s < SETTINGS && (specs[s].type == TYPE_NUMBER || specs[s].type == TYPE_WORD));
    return c->numbers[s];
}

const char *config_text(const struct config *c, enum setting s)
{
    assert(s < SETTINGS);
    if (s == SETTING_LINK_ADVERTISE && c->texts[s][0] == 0)
        return c->texts[SETTING_LINK_LISTEN];
    return c->texts[s];
}

void config_print(const struct config *c, FILE *to)
{
    size_t n_section = 0;
    const char *section = "";
    for (unsigned s = 0; s < SETTINGS; s++) {
        const struct spec *spec = &specs[s];
        const char *name = strchr(spec->path, '/') + 1;
        if (strncmp(section, spec->path, (size_t)(name - spec->path)) != 0) {
            section = spec->path;
            n_section = (size_t)(name - section) - 1;
            fprintf(to, "%s%.*s\n", s > 0 ? "\n" : "", (int)n_section, section);
        }
        fprintf(to, "    # %s\n    # ", spec->help);
        if (spec->type == TYPE_NUMBER)
            fprintf(to, "%" PRId64 " to %" PRId64 " %s, ", spec->min, spec->max, spec->unit);
        if (spec->type == TYPE_WORD)
            fprintf(to, "one of: %s; ", spec->unit);
        fprintf(to, "default: %s\n", spec->otherwise[0] ? spec->otherwise : "empty");
        char quote = spec->type == TYPE_NUMBER ? 0 : zpl_quote(bytes_text(c->texts[s]));
        char mark[2] = {quote, 0}; // none for a number, and for a text that holds both quotes
        fprintf(to, "    %s = %s%s%s\n", name, mark, c->texts[s], mark);
    }
}

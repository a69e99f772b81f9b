// config.h - every setting with its kind, unit, limits, default and help, in one table.
//
// Read from `config.zpl` in the state directory; only what differs from the default must stand there.
// An unknown name or a value out of its limits is a fault with its line: a program that finds one
// does not start, so that no setting is passed over unseen.
#pragma once
#include "common/base/faults.h"
#include "proto/pack.h"

#define CONFIG_FILE "config.zpl"
enum { CONFIG_TEXT_MAX = 200, CONFIG_BYTES_MAX = 65536 };

enum setting {
    SETTING_LINK_LISTEN,
    SETTING_LINK_ADVERTISE, // as link/listen when it is not set
    SETTING_LINK_BEAT_MS,
    SETTING_LINK_DEADLINE_MS,
    SETTING_LINK_BACKOFF_MS,
    SETTING_HTTP_LISTEN,
    SETTING_HTTP_ACCESS, // enum access
    SETTING_HTTP_HOST,
    SETTING_NODE_WAIT_MS,
    SETTING_HUB_BUDGET_MIB,
    SETTING_STORE_FULL_MIB,
    SETTINGS
};
enum access { ACCESS_DESK, ACCESS_LAN, ACCESS_HOSTED }; // the words of http/access, in their order

struct config { // a value, copyable
    int64_t numbers[SETTINGS];
    char texts[SETTINGS][CONFIG_TEXT_MAX + 1];
};

void config_defaults(struct config *c);
// Defaults, and over them what the file says; no file is no fault. 0; -EBADMSG with reasons in
// `faults`; or the errno of reading.
int config_read(struct config *c, const char *dir, struct faults *faults);
int config_parse(struct config *c, struct bytes text, const char *file, struct faults *faults);

int64_t config_number(const struct config *c, enum setting s);   // of a word: its place in the set
const char *config_text(const struct config *c, enum setting s); // of a word: the word
void config_print(const struct config *c, FILE *to); // the table with the values, as a config.zpl

// intake.h - named fields (a form, a command line, a row) into one checked record.
//
// The same table of kinds that shapes records names the fields. Figures are read by the number rule
// (common/base/figure.h); anything else is answered with a sentence, never guessed. Lists are
// "1:159,2:149", or with semicolons "1:1.159;2:149"; a part as written is "1:44,04%;2:55,96%", or in
// hundredths "1:4404". Times are those of common/base/moment.h. Nothing is recorded here: the caller says the record through the office.
#pragma once
#include "common/base/figure.h"
#include "office.h"

struct named {
    struct bytes name, value;
};
struct intake_said { // for which slot a line of a POST is
    uint64_t act;
    uint32_t ballot; // PLAN_NONE: no slot
    unsigned kind, which;
    bool last; // it replaces whatever stood there
};
struct intake_given {         // by the caller, for each statement
    const struct code *about; // the child of whom a hub speaks, or NULL: the unit's own
    struct moment now;
    uint64_t act; // drawn, as the salt
    uint8_t salt[SALT_SIZE];
    enum how how;                     // where no field says by what way the figure came
    const struct intake_said *before; // lines of the same POST that are read but not recorded yet
    size_t n_before;
};
struct intake {
    uint8_t buffer[RECORD_MAX];
    struct bytes record; // encoded
    uint8_t salted[SALT_SIZE + ATTACHMENT_MAX];
    size_t n_salted; // 0: no text
    uint64_t act;
    bool again; // the act is here already: nothing to say
    struct intake_said said;
    size_t body;                           // in the record: where its content begins
    struct finding findings[FINDINGS_MAX]; // they quarantine, they do not prevent
    unsigned n_findings;
    uint32_t newer; // where the form names what it has `seen`: another statement that came since
    bool matches;   // of `newer`: it says the same
    struct record parsed;
    char text[2048]; // what parsed points into where a value had to be made
    size_t n_text;
    // Why not: a key of text.h, or a sentence where only a program does this wrong; of a figure that cannot be read
    // why[LANGUAGE_EN].
    const char *wrong;
    char why[LANGUAGES][FIGURE_WHY];
    char field[32]; // which one
};

// 0; -EINVAL with `wrong`, `field`. Views in *ret point into the fields, which must live as long.
int intake_read(const struct office *o, const struct named *fields, size_t n,
                const struct intake_given *given, struct intake *ret);

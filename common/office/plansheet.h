// plansheet.h - one spreadsheet for each commune, to be filled in and given to `plan merge`.
#pragma once
#include <stdbool.h>
#include <stdio.h>

// Reads the plan folder and writes CODE-name.xlsx for each commune into `into`; a file that is
// there already is left alone, since somebody may have filled it in. Tells on `tell` what it wrote
// and what not. 0; -EINVAL when the folder has faults; -errno.
//
// With `filled`, also what the plan says of voters, form, hours and candidates: for a plan that is
// to be corrected. Without, figures of a former term cannot slip through.
struct plan_sheet_call {
    const char *into, *plan;
    bool filled, english;
    FILE *tell;
};
int plan_sheet(const struct plan_sheet_call *call);

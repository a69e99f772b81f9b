// sql.h - all that this unit holds as plain tables in one SQLite file: for people who want SQL.
//
//   election(name, value)                     label, title, version, plan_hash, unit, program, written_at ...
//   unit, contest, candidate, cutoff          the plan, in its order
//   ballot(place, contest, ...)               what a place says of a contest: states, reasons, tally numbers
//   turnout(place, contest, cutoff, ...)      step(place, contest, step, ...)
//   votes(place, contest, candidate, ...)     `counted` is 1 where the tally is in the totals
//   statement(author, about, stream, incarnation, n, ...)   every one that can be read, replaced ones too
//   log(author, about, stream, incarnation, n, hash, key, admitted)
//
// Times are milliseconds since 1970, acts, incarnations, hashes and keys are hex, a number nobody stated is
// NULL. Restricted contests are in it, and texts that may name people: the file is its owner's only.
#pragma once
#include "office.h"

int sql_export(const struct office *o, const char *path, int64_t now); // 0, or an errno of tables.h

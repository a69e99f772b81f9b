// words.h - commands with which an operator says something about a child: each stands once, in the
// hub's log about it.
#pragma once
#include "common/net/cli.h"

int words_instruct(struct cli *cli); // UNIT --text ... [--due HH:MM] --as PERSON
int words_verdict(struct cli *cli);  // UNIT ACT WORD [--among ACTS] [--why ...] --as PERSON
int words_phone(struct cli *cli);    // UNIT kind=... ... --as PERSON

// plain.h - a reply in JSON as lines for a person: one name and value a line, lists as tables.
#pragma once
#include <jansson.h>
#include <stdio.h>

// Times (at, since, entered, as_of, now) are shown as dd/mm/yyyy HH:MM:SS of the machine's zone.
void plain_print(const json_t *j, FILE *to);

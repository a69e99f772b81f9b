// traits.h - what is known of candidates beside their names, from the local file traits.csv.
//
// `plan load` writes it beside the store from the candidates of a plan folder, owner-only; it is in no
// log and goes to nobody. Columns: contest, number, key, re_elected, woman, minority, party,
// birth_year, schooling, theory, secretary. An answer is yes or no (có, không), empty: not known. A row
// whose key is another person's than the plan's is passed over, as is one that the plan does not have.
#pragma once
#include "common/election/statistics.h"

#define TRAITS_FILE "traits.csv"
enum { TRAITS_BYTES_MAX = 64 << 20 };

struct traits_file; // owns the table; borrows the plan only while it is read

// -ENOENT: there is none; -EPERM: others may read it; -EBADMSG: not a table; else of the disk.
int traits_open(struct traits_file **ret_file, const char *dir, const struct plan *p);
void traits_close(struct traits_file **file);
const struct traits *traits_of(const struct traits_file *file);
// The year of the election, for ages: of its last cut-off, else of that moment.
unsigned traits_year(const struct plan *p, int64_t now);

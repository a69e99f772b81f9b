// csv.h - rows of a spreadsheet's file, whatever the spreadsheet did to it.
//
// Taken: a BOM; lines ended by LF, CRLF or CR; comma, semicolon or tab (whichever the header line
// has most of, or a first line "sep=;"); quotes, doubled inside quotes, with line breaks; rows with
// nothing in them, which are passed over; rows that end early or in empty fields.
// Refused with the line: UTF-16, bytes that are not UTF-8, invisible characters, an open quote,
// text behind a closing quote, a field too long, more fields than the header has columns.
// A field is given as it stands: "3.452", "007" and blanks around a name are the caller's to judge.
#pragma once
#include "common/base/faults.h"
#include "proto/pack.h"

enum { CSV_COLUMNS_MAX = 64, CSV_FIELD_MAX = 8192 };

struct csv; // owns the fields of the row at hand

// Reads the header. Text, file name and faults are borrowed until csv_close. 0; -EBADMSG when no
// row can be read at all, with the reasons in `faults` and *ret_csv NULL.
int csv_open(struct csv **ret_csv, struct bytes text, const char *file, struct faults *faults);
// Every row as it stands, with no header and whatever its bytes are: for a table that somebody put
// titles above. The separator is the caller's. Rows may be of different lengths, up to
// CSV_COLUMNS_MAX.
void csv_open_rows(struct csv **ret_csv, struct bytes text, char separator, const char *file,
                   struct faults *faults);
void csv_close(struct csv **csv);

// A column by its name, whatever its case; -1 when the header lacks it, which is a fault if needed.
int csv_column(struct csv *csv, const char *name, bool needed);
void csv_unknown(struct csv *csv); // a fault for each named column that nobody asked for

bool csv_next(struct csv *csv); // false at the end; a row that cannot be read is a fault, skipped
unsigned csv_line(const struct csv *csv);                  // where the row begins, counted from 1
struct bytes csv_field(const struct csv *csv, int column); // until the next row; empty for -1

// A field as it must stand in a file with commas. With `harmless`, one that a spreadsheet would run
// as a formula (= + - @, tab or CR first) gets an apostrophe: for people, it does not read back.
void csv_write_field(FILE *to, struct bytes field, bool harmless);

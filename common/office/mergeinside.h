// mergeinside.h - what is known while a plan comes from below; only for the files of planmerge.h.
//
// mergebase.c reads what was there, mergehead.c finds the columns of a table, mergerows.c its rows,
// mergejudge.c compares villages and gives them codes, mergewrite.c writes, mergesays.c has the
// sentences. Texts are kept until merge_close.
#pragma once
#include "plangrid.h"
#include "planmerge.h"
#include "planrepair.h"

enum { MERGE_NONE = -1, MERGE_PERSONS_MAX = 10, MERGE_LEVELS_MAX = 12, MERGE_VILLAGES_MAX = 999 };

// What can be said of a cell, a row, a file; the sentences stand in mergesays.c.
enum merge_says {
    // of names and numbers
    SAYS_NFC,
    SAYS_BLANKS,
    SAYS_HIDDEN,
    SAYS_TCVN3,
    SAYS_VNI,
    SAYS_UNREADABLE,
    SAYS_LONG,
    SAYS_NUMBER,
    SAYS_NUMBER_PROPOSED,
    SAYS_NUMBER_PERCENT,
    SAYS_NUMBER_WRONG,
    SAYS_NUMBER_BIG,
    SAYS_NUMBER_ZERO,
    SAYS_NUMBER_MISSING,
    SAYS_HOUR,
    SAYS_HOUR_PROPOSED,
    SAYS_HOUR_WRONG,
    SAYS_DAY_ALONE,
    SAYS_HOURS_TURNED,
    SAYS_METHOD,
    SAYS_METHOD_WRONG,
    SAYS_YES_WRONG,
    SAYS_BIRTH,
    SAYS_BIRTH_WRONG,
    SAYS_NAME_MADE,
    // of rows and columns
    SAYS_ROW_PASSED,
    SAYS_ROW_BROKEN,
    SAYS_COLUMN_UNUSED,
    SAYS_PHONES,
    SAYS_NO_HEADER,
    SAYS_NO_ROWS,
    SAYS_NO_NAME,
    SAYS_PERSONS_MANY,
    SAYS_VILLAGES_MANY,
    // of files and communes
    SAYS_FILE_UNREADABLE,
    SAYS_UTF16,
    SAYS_NO_COMMUNE,
    SAYS_COMMUNE_TWO,
    SAYS_COMMUNE_UNLIKE,
    SAYS_COMMUNE_ROW,
    SAYS_COMMUNE_CODE,
    SAYS_COMMUNE_AS,
    SAYS_COMMUNE_FILES,
    SAYS_NO_FILE,
    SAYS_NO_FILE_KEPT,
    // of villages and candidates
    SAYS_CODE_READ,
    SAYS_CODE_UNKNOWN,
    SAYS_CODE_ELSEWHERE,
    SAYS_CODE_NAME,
    SAYS_TWICE_SAME,
    SAYS_TWICE,
    SAYS_TWO_COMMUNES,
    SAYS_TWO_COMMUNES_BASE,
    SAYS_ALIKE,
    SAYS_NAME_WAS,
    SAYS_NEW,
    SAYS_GONE,
    SAYS_NO_CANDIDATE,
    SAYS_PERSON_TWICE,
    SAYS_PERSON_WHERE,
    SAYS_PERSON_UNLIKE,
    SAYS_PERSON_NUMBER,
    SAYS_NUMBER_OTHER,
    // of the base
    SAYS_BASE,
    SAYS_NO_COMMUNES,
    MERGE_SAYS
};

struct merge_at {     // where it stands
    int commune;      // MERGE_NONE: of none, or not known
    const char *file; // NULL: of none
    unsigned sheet, line;
};
struct finding {
    struct merge_at at;
    enum merge_says what;
    const char *a, *b, *c; // fill {a} {b} {c}
    unsigned order;
};

struct commune {
    const char *code, *name;
    const char *tones, *bare; // keys
    const char *file;         // the first one with its villages
    unsigned n_files;
    unsigned top;        // the highest number that was ever given to a village
    unsigned n_villages; // at most MERGE_VILLAGES_MAX: each is held against each
    int first_former, first_village, last_village;
};

struct former {        // a village that a plan or codes.csv knows
    int commune, next; // MERGE_NONE: one that is not in the base; the next one of the commune
    const char *commune_code, *code, *name;
    const char *tones, *bare;
    uint32_t row; // of the base's units; UINT32_MAX: only remembered
    bool now;     // a plan has it, not only codes.csv
    int village;  // which has it now; MERGE_NONE: none
};

enum fact {
    FACT_RE_ELECTED,
    FACT_WOMAN,
    FACT_MINORITY,
    FACT_PARTY,
    FACT_BIRTH,
    FACT_SCHOOLING,
    FACT_THEORY,
    FACT_SECRETARY,
    FACTS
};
struct person {
    const char *name, *key;   // key: with tones
    const char *facts[FACTS]; // NULL: not stated
    uint32_t number;          // on the ballot; 0: by its place in the row
    struct merge_at at;
};
struct village {
    int commune, next; // the next one of the commune
    const char *code;  // as written, then as found or given
    const char *name, *tones, *bare;
    const char *kind;   // key of the word: "thon"; NULL: not stated
    int64_t voters;     // -1: not known
    const char *method; // "" : the profile's
    const char *opens, *closes;
    struct person persons[MERGE_PERSONS_MAX];
    unsigned n_persons;
    bool dropped, facts; // by an accepted repair; facts: candidates came from their own sheet
    int former;
    struct merge_at at;
};

struct named_person {
    struct person person;
    int commune;
    const char *code, *village; // as written
};

struct merge {
    struct merge_options options;
    struct merge_texts_kept *kept;
    struct finding *findings;
    unsigned n_findings;
    bool unusable; // the base cannot be read
    unsigned n_levels;
    const char *level_names[MERGE_LEVELS_MAX];
    int year, month, day;                            // of the election; -1: not stated
    struct grid units, contests, candidates, voters; // of the base
    struct grid was_contests, was_candidates;        // of an earlier merge
    struct commune *communes;
    unsigned n_communes;
    struct former *formers;
    unsigned n_formers;
    struct village *villages;
    unsigned n_villages;
    struct named_person *named; // from tables of candidates, until their villages are known
    unsigned n_named;
};

// ---- mergesays.c ----
void merge_say(struct merge *m, const struct merge_at *at, enum merge_says what, const char *a,
               const char *b, const char *c);
enum merge_weight { WEIGHT_NOTE, WEIGHT_PROPOSED, WEIGHT_FAULT };
enum merge_weight merge_weight(enum merge_says what);
const char *merge_sentence(enum merge_says what, bool english); // for tests

// ---- planmerge.c ----
const char *merge_keep(struct merge *m, const char *text);
const char *merge_key(struct merge *m, const char *text, bool tones);
__attribute__((format(printf, 2, 3))) const char *merge_print(struct merge *m, const char *format,
                                                              ...);
void *merge_room(void *rows, unsigned n, size_t size); // for one more; the new one is zero

// ---- mergefiles.c ----
// The bytes of a file, malloc'd. 0, -EFBIG, or -errno.
int merge_read_file(const char *dir, const char *name, size_t max, struct bytes *ret);
// A file of tables with all its sheets, or the finding why not.
void merge_take_file(struct merge *m, const char *dir, const char *name);

// ---- planmerge.c ----
// A plan folder by its path, as merge_base. -EINVAL: the findings say why; or -errno.
int merge_read_base(struct merge *m, const char *dir);

// ---- mergebase.c ----
// Which commune a text speaks of; -1: none, -2: more than one.
int merge_commune_of_code(const struct merge *m, const char *text);
int merge_commune_of_name(const struct merge *m, const char *text, bool alone);
bool merge_same_code(const char *written, const char *code);   // but for blanks, zeros, ".0"
unsigned merge_level(const struct merge *m, const char *text); // from 1; 0: there is no such level

// ---- mergehead.c ----
enum column {
    COLUMN_COMMUNE,
    COLUMN_CODE,
    COLUMN_NAME,
    COLUMN_KIND,
    COLUMN_VOTERS,
    COLUMN_METHOD,
    COLUMN_DAY,
    COLUMN_OPENS,
    COLUMN_CLOSES,
    COLUMN_PEOPLE,
    COLUMN_FULL_NAME,
    COLUMN_NUMBER,
    COLUMN_PERSON_1,
    COLUMN_PERSON_LAST = COLUMN_PERSON_1 + MERGE_PERSONS_MAX - 1,
    COLUMN_FACT_1,
    COLUMN_FACT_LAST = COLUMN_FACT_1 + FACTS - 1,
    COLUMN_GENDER,
    COLUMN_ETHNIC,
    COLUMN_PHONE,
    COLUMN_PASSED,
    COLUMNS,
    COLUMN_UNKNOWN
};
struct head {
    unsigned row, n_rows; // of the grid; a header may be of two rows
    int at[COLUMNS];
    bool of_people; // one row for each candidate
};
enum column merge_column_of(const char *key);
bool merge_find_head(const struct grid *g, struct head *h);

// ---- mergerows.c ----
struct sheet { // the table at hand
    struct merge *m;
    const struct grid *g;
    struct head head;
    struct merge_at at;                // of the row at hand
    const char *last_code, *last_name; // of the village of the rows before
    bool ended;                        // the table is over: notes and signatures follow
    bool full;                         // too many villages: nothing more is read
    unsigned next_line;                // behind the last row that was of a village; 0: none
};
void sheet_say(struct sheet *s, enum merge_says what, const char *a, const char *b); // of the row
const char *sheet_cell(const struct sheet *s, unsigned row, int column);
const char *sheet_word(struct sheet *s, unsigned row, int column); // one of few: not as written
const char *sheet_name(struct sheet *s, const char *cell); // repaired; NULL: empty or refused

// ---- mergecommune.c ----
int sheet_commune_of_file(struct sheet *s); // by the file's name; -1: none, -2: several, told
// The commune of the whole table, or MERGE_NONE where each row must say its own; false: refused.
bool sheet_find_commune(struct sheet *s);
// A row's own commune; empty cells mean that of the row before.
bool sheet_commune_of_row(struct sheet *s, unsigned row);

// ---- mergehours.c ----
void sheet_hours(struct sheet *s, unsigned row, struct village *v);

// ---- mergepeople.c ----
void sheet_persons(struct sheet *s, unsigned row, struct village *v);
void sheet_person_row(struct sheet *s, unsigned row); // of a table of candidates
void merge_attach_persons(struct merge *m);           // to their villages

// ---- mergejudge.c ----
int merge_village_of(const struct merge *m, int commune, const char *code, const char *name);
const char *merge_name_alone(const char *bare); // the key of a village without its kind

// ---- mergewrite.c ----
const char *merge_fact_column(enum fact fact); // of candidates.csv
// The base's row of the head contest of a village; 0: there is none.
unsigned merge_head_contest(const struct grid *contests, const char *unit);

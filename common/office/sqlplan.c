// sqlplan.c - the election and its plan as tables: units, cut-offs, contests, candidates.
#include "common/election/outcome.h"
#include "common/election/workdays.h"
#include "sqlinside.h"
#include <stdio.h>
#include <stdlib.h>

static void put_pair(struct sql *s, const char *name, struct bytes value)
{
    struct row r = {.n = 0};
    word(&r, name);
    text(&r, value);
    put(s, &r);
}

static void put_time(struct sql *s, const char *name, int64_t at)
{
    json_t *j = json_integer((json_int_t)at);
    char *digits = json_dumps(j, JSON_ENCODE_ANY);
    put_pair(s, name, bytes_text(digits ? digits : ""));
    free(digits);
    json_decref(j);
}

static void put_election(struct sql *s, int64_t now)
{
    static const struct column columns[] = {KEY_TEXT("name"), TEXT("value")};
    const struct identity *id = office_identity(s->o);
    char room[2 * HASH_SIZE];
    BEGIN(s, "election", columns);
    put_pair(s, "unit", code_bytes(&id->unit));
    put_pair(s, "election", hex(room, bytes_of(id->election, ELECTION_SIZE)));
    put_pair(s, "drill", bytes_text(id->drill ? "drill" : "real"));
    put_pair(s, "program", bytes_text(DANTIN_VERSION));
    put_time(s, "written_at", now);
    if (!s->p)
        return;
    put_pair(s, "label", s->p->label);
    put_pair(s, "title", s->p->title);
    put_time(s, "version", s->p->version);
    put_pair(s, "plan_hash", hex(room, bytes_of(s->p->hash, HASH_SIZE)));
}

static void put_units(struct sql *s)
{
    static const struct column columns[] = {
        KEY_TEXT("code"), NUMBER("place_in_plan"), TEXT("name"),     TEXT("level"),
        TEXT("parent"),   TEXT("unit_group"),      TEXT("former"),   TEXT("successor_of"),
        NUMBER("place"),  NUMBER("opens"),         NUMBER("closes"), NUMBER("moved_in")};
    const struct plan *p = s->p;
    struct row r = {.n = 0};
    BEGIN(s, "unit", columns);
    for (uint32_t i = 0; p && i < p->n_units; i++) {
        const struct plan_unit *u = &p->units[i];
        text(&r, u->code);
        number(&r, i + 1);
        text(&r, u->name);
        text(&r, u->level < p->n_levels ? p->levels[u->level].name : bytes_text(""));
        text(&r, u->parent == PLAN_NONE ? bytes_text("") : p->units[u->parent].code);
        text(&r, u->group);
        text(&r, u->former);
        text(&r, u->successor_of);
        number(&r, u->place);
        number_if(&r, u->opens != 0, (uint64_t)u->opens);
        number_if(&r, u->closes != 0, (uint64_t)u->closes);
        number_if(&r, u->moved_in != 0, u->moved_in);
        put(s, &r);
    }
}

static void put_cutoffs(struct sql *s)
{
    static const struct column columns[] = {KEY_NUMBER("number"), TEXT("name"), NUMBER("at"),
                                            NUMBER("grace")};
    struct row r = {.n = 0};
    BEGIN(s, "cutoff", columns);
    for (unsigned i = 0; s->p && i < s->p->n_cutoffs; i++) {
        number(&r, i + 1);
        text(&r, s->p->cutoffs[i].name);
        number(&r, (uint64_t)s->p->cutoffs[i].at);
        number(&r, (uint64_t)s->p->cutoffs[i].grace);
        put(s, &r);
    }
}

static void put_days(struct sql *s)
{
    static const struct column columns[] = {KEY_TEXT("date"), TEXT("name"), NUMBER("works")};
    struct row r = {.n = 0};
    BEGIN(s, "day", columns);
    for (unsigned i = 0; s->p && i < s->p->n_days; i++) {
        char date[16];
        int y, m, d;
        workdays_civil(s->p->days[i].day, &y, &m, &d);
        snprintf(date, sizeof date, "%04u-%02u-%02u", (unsigned)y % 10000, (unsigned)m % 100,
                 (unsigned)d % 100);
        text(&r, bytes_text(date));
        text(&r, s->p->days[i].name);
        number(&r, s->p->days[i].works);
        put(s, &r);
    }
}

static void put_contests(struct sql *s)
{
    static const struct column columns[] = {
        KEY_TEXT("code"),  TEXT("name"),    TEXT("kind"),         TEXT("unit"),
        TEXT("profile"),   NUMBER("seats"), NUMBER("restricted"), TEXT("repeats"),
        TEXT("paper"),     TEXT("person"),  TEXT("definition"),   NUMBER("places_in_all"),
        NUMBER("tallied"), TEXT("outcome"), NUMBER("base"),       NUMBER("need"),
        NUMBER("quorum")};
    const struct plan *p = s->p;
    struct row r = {.n = 0};
    struct outcome_of out;
    char room[16];
    BEGIN(s, "contest", columns);
    for (uint32_t i = 0; p && i < p->n_contests; i++) {
        const struct plan_contest *k = &p->contests[i];
        outcome_find(s->f, i, &out);
        text(&r, k->code);
        text(&r, k->name);
        text(&r, p->kinds[k->kind]);
        text(&r, p->units[k->unit].code);
        text(&r, p->profiles[k->profile].name);
        number(&r, k->seats);
        number(&r, p->restricted[k->kind]);
        text(&r, k->repeats);
        text(&r, k->paper);
        text(&r, k->person);
        text(&r, hex(room, bytes_of(k->definition, sizeof k->definition)));
        number(&r, k->places_in_all);
        number(&r, (uint64_t)fold_contest(s->f, i)[CONTEST_TALLIED]);
        word(&r, outcome_name(out.outcome));
        number_if(&r, out.base != UINT64_MAX, out.base);
        number_if(&r, out.need > 0, out.need);
        number_if(&r, out.quorum_known, out.quorum);
        put(s, &r);
    }
}

static void put_candidates(struct sql *s)
{
    static const struct column columns[] = {KEY_TEXT("contest"), KEY_NUMBER("number"),
                                            TEXT("key"),         TEXT("name"),
                                            NUMBER("votes"),     TEXT("mark")};
    static const char *const marks[] = {"", "elected", "tied"};
    const struct plan *p = s->p;
    struct row r = {.n = 0};
    struct outcome_of out;
    BEGIN(s, "candidate", columns);
    for (uint32_t i = 0; p && i < p->n_contests; i++) {
        const struct plan_contest *k = &p->contests[i];
        const int64_t *sums = fold_contest(s->f, i);
        outcome_find(s->f, i, &out);
        for (uint32_t c = 0; c < k->n_candidates; c++) {
            const struct plan_candidate *who = &p->candidates[k->first_candidate + c];
            text(&r, k->code);
            number(&r, who->number);
            text(&r, who->key);
            text(&r, who->name);
            number_if(&r, sums[CONTEST_TALLIED] > 0, (uint64_t)sums[CONTEST_VOTES + c]);
            word(&r, marks[out.mark[c]]);
            put(s, &r);
        }
    }
}

void sql_plan(struct sql *s, int64_t now)
{
    put_election(s, now);
    put_units(s);
    put_cutoffs(s);
    put_days(s);
    put_contests(s);
    put_candidates(s);
}

// sql.c - all that this unit holds as plain tables in one SQLite file: for people who want SQL.
#include "sql.h"
#include "sqlinside.h"
#include "words.h"
#include <stdlib.h>
#include <string.h>

enum { REASONS_MAX = 400 };

// Reasons by their short names, with blanks between them.
static struct bytes reasons(char room[REASONS_MAX], uint32_t bits)
{
    size_t n = 0;
    for (unsigned i = 0; i < 32; i++) {
        const char *name = bits >> i & 1 ? reason_name(1u << i) : NULL;
        size_t more = name ? strlen(name) : 0;
        if (!name || n + more + 1 > REASONS_MAX)
            continue;
        if (n > 0)
            room[n++] = ' ';
        memcpy(room + n, name, more);
        n += more;
    }
    return bytes_of(room, n);
}

static void key_of(const struct sql *s, struct row *r, uint32_t ballot)
{
    text(r, s->p->units[s->p->ballots[ballot].unit].code);
    text(r, s->p->contests[s->p->ballots[ballot].contest].code);
}

static void put_ballots(struct sql *s)
{
    static const struct column columns[] = {
        KEY_TEXT("place"),   KEY_TEXT("contest"),    NUMBER("frozen"),      NUMBER("voters"),
        TEXT("method"),      TEXT("life"),           NUMBER("interrupted"), TEXT("minutes_state"),
        TEXT("decision"),    TEXT("decision_state"), TEXT("rerun_state"),   TEXT("interim_state"),
        TEXT("tally_state"), TEXT("tally_reasons"),  NUMBER("tally_at"),    NUMBER("eligible"),
        NUMBER("attended"),  NUMBER("printed"),      NUMBER("issued"),      NUMBER("spoiled"),
        NUMBER("unused"),    NUMBER("returned"),     NUMBER("valid"),       NUMBER("invalid"),
        NUMBER("blank"),     NUMBER("total"),        NUMBER("summoned"),    NUMBER("elsewhere"),
        NUMBER("exempt"),    NUMBER("suspended"),    NUMBER("absent")};
    const struct plan *p = s->p;
    struct row r = {.n = 0};
    char room[REASONS_MAX];
    BEGIN(s, "ballot", columns);
    for (uint32_t b = 0; p && b < p->n_ballots; b++) {
        const struct cell *c = &s->f->cells[b];
        const struct fact *tally = &c->facts[CELL_TALLY];
        key_of(s, &r, b);
        number_if(&r, p->ballots[b].voters != VOTERS_UNKNOWN, p->ballots[b].voters);
        number_if(&r, c->voters != VOTERS_UNKNOWN, c->voters);
        word(&r, method_name(p->ballots[b].method));
        word(&r, life_name(cell_life(c)));
        number(&r, c->interrupted_at > c->resumed_at);
        word(&r, state_name(c->facts[CELL_MINUTES].state));
        word(&r, decision_name(c->decision));
        word(&r, state_name(c->facts[CELL_DECISION].state));
        word(&r, state_name(c->facts[CELL_RERUN].state));
        word(&r, state_name(c->facts[CELL_INTERIM].state));
        word(&r, state_name(tally->state));
        text(&r, reasons(room, tally->reasons));
        number_if(&r, tally->at != 0, (uint64_t)tally->at);
        for (unsigned i = 0; i < TALLY_NUMBERS; i++)
            number_if(&r, c->tally[i] != UNSTATED, c->tally[i]);
        put(s, &r);
    }
}

static void put_steps(struct sql *s)
{
    static const struct column columns[] = {KEY_TEXT("place"), KEY_TEXT("contest"),
                                            KEY_TEXT("step"),  NUMBER("at"),
                                            TEXT("state"),     TEXT("reasons")};
    struct row r = {.n = 0};
    char room[REASONS_MAX];
    BEGIN(s, "step", columns);
    for (uint32_t b = 0; s->p && b < s->p->n_ballots; b++)
        for (unsigned i = 1; i <= STEP_LAST; i++) {
            const struct fact *f = &s->f->cells[b].facts[i];
            if (f->state == FACT_MISSING)
                continue;
            key_of(s, &r, b);
            word(&r, step_name(i));
            number_if(&r, f->at != 0, (uint64_t)f->at);
            word(&r, state_name(f->state));
            text(&r, reasons(room, f->reasons));
            put(s, &r);
        }
}

static void put_turnout(struct sql *s)
{
    static const struct column columns[] = {
        KEY_TEXT("place"), KEY_TEXT("contest"), KEY_NUMBER("cutoff"),
        NUMBER("due"),     TEXT("state"),       TEXT("reasons"),
        NUMBER("at"),      NUMBER("voted"),     NUMBER("eligible")};
    const struct plan *p = s->p;
    struct row r = {.n = 0};
    char room[REASONS_MAX];
    BEGIN(s, "turnout", columns);
    for (uint32_t b = 0; p && b < p->n_ballots; b++)
        for (unsigned i = 0; i < p->n_cutoffs; i++) {
            const struct turnout_cell *t = &s->f->turnouts[(size_t)b * p->n_cutoffs + i];
            int64_t due = plan_due_at(p, p->ballots[b].unit, i + 1);
            bool said = t->fact.at != 0;
            key_of(s, &r, b);
            number(&r, i + 1);
            number_if(&r, due != 0, (uint64_t)due);
            word(&r, state_name(t->fact.state));
            text(&r, reasons(room, t->fact.reasons));
            number_if(&r, said, (uint64_t)t->fact.at);
            number_if(&r, said, t->voted);
            number_if(&r, said && t->eligible != UNSTATED, t->eligible);
            put(s, &r);
        }
}

static void put_votes(struct sql *s)
{
    static const struct column columns[] = {KEY_TEXT("place"), KEY_TEXT("contest"),
                                            KEY_NUMBER("candidate"), NUMBER("votes"),
                                            NUMBER("counted")};
    const struct plan *p = s->p;
    struct row r = {.n = 0};
    BEGIN(s, "votes", columns);
    for (uint32_t b = 0; p && b < p->n_ballots; b++) {
        const struct plan_contest *k = &p->contests[p->ballots[b].contest];
        for (uint32_t i = 0; i < k->n_candidates; i++) {
            uint32_t votes = s->f->votes[p->ballots[b].first_vote + i];
            if (votes == UNSTATED)
                continue;
            key_of(s, &r, b);
            number(&r, p->candidates[k->first_candidate + i].number);
            number(&r, votes);
            number(&r, s->f->cells[b].facts[CELL_TALLY].state == FACT_VALUE);
            put(s, &r);
        }
    }
}

static const char *stream_name(unsigned stream)
{
    static const char *const names[] = {"", "reports", "about", "plan"};
    return names[stream <= STREAM_PLAN ? stream : 0];
}

static void log_key(struct row *r, const struct log_id *id, char room[16])
{
    uint8_t big[8];
    for (unsigned i = 0; i < 8; i++)
        big[i] = (uint8_t)(id->incarnation >> (56 - 8 * i));
    text(r, code_bytes(&id->author));
    text(r, code_bytes(&id->about));
    word(r, stream_name(id->stream));
    text(r, hex(room, bytes_of(big, sizeof big)));
}

// A string of the view's, or its objects and lists as JSON text, which the caller frees.
static char *field(struct row *r, const json_t *j, const char *name)
{
    const json_t *v = json_object_get(j, name);
    char *dumped = NULL;
    if (json_is_string(v))
        text(r, bytes_of(json_string_value(v), json_string_length(v)));
    else if (json_is_integer(v))
        number(r, (uint64_t)json_integer_value(v));
    else if (v && (dumped = json_dumps(v, JSON_COMPACT)) != NULL)
        word(r, dumped);
    else
        r->at[r->n++] = value_none();
    return dumped;
}

static void put_statement(struct sql *s, uint32_t entry)
{
    static const char *const fields[] = {
        "kind", "subject", "contest", "at",  "entered",  "by",     "how",  "behalf",
        "why",  "state",   "reasons", "act", "replaces", "fields", "list", "text"};
    enum { N_FIELDS = sizeof fields / sizeof fields[0] };
    const struct fold_occurrence *at = &s->f->occurrences[s->f->entries[entry].occurrences];
    char incarnation[16], *dumped[N_FIELDS];
    struct row r = {.n = 0};
    json_t *j = view_statement(s->o, entry);
    if (!j)
        return;
    log_key(&r, &office_logs(s->o)->at[at->log].id, incarnation);
    number(&r, at->n);
    for (unsigned i = 0; i < N_FIELDS; i++)
        dumped[i] = field(&r, j, fields[i]);
    put(s, &r);
    for (unsigned i = 0; i < N_FIELDS; i++)
        free(dumped[i]);
    json_decref(j);
}

// Each once, by the first log in which it stands; reasons, replaces, fields and list are JSON.
static void put_statements(struct sql *s)
{
    static const struct column columns[] = {
        KEY_TEXT("author"), KEY_TEXT("about"), KEY_TEXT("stream"), KEY_TEXT("incarnation"),
        KEY_NUMBER("n"),    TEXT("kind"),      TEXT("subject"),    TEXT("contest"),
        NUMBER("at"),       NUMBER("entered"), TEXT("by"),         TEXT("how"),
        TEXT("behalf"),     TEXT("why"),       TEXT("state"),      TEXT("reasons"),
        TEXT("act"),        TEXT("replaces"),  TEXT("fields"),     TEXT("list"),
        TEXT("text")};
    BEGIN(s, "statement", columns);
    for (uint32_t e = 0; s->f && e < s->f->n_entries; e++)
        put_statement(s, e);
}

static void put_logs(struct sql *s)
{
    static const struct column columns[] = {
        KEY_TEXT("author"), KEY_TEXT("about"), KEY_TEXT("stream"), KEY_TEXT("incarnation"),
        NUMBER("n"),        TEXT("hash"),      TEXT("key"),        NUMBER("admitted")};
    const struct log_table *logs = office_logs(s->o);
    char incarnation[16], hash[2 * HASH_SIZE], key[2 * KEY_SIZE];
    struct row r = {.n = 0};
    BEGIN(s, "log", columns);
    for (uint32_t i = 0; i < logs->n; i++) {
        log_key(&r, &logs->at[i].id, incarnation);
        number(&r, logs->at[i].n);
        text(&r, hex(hash, bytes_of(logs->at[i].hash, HASH_SIZE)));
        text(&r, hex(key, bytes_of(office_log_key(s->o, i), KEY_SIZE)));
        number(&r, s->f && i < s->f->n_logs && fold_admitted(s->f, i));
        put(s, &r);
    }
}

int sql_export(const struct office *o, const char *path, int64_t now)
{
    struct sql s = {.o = o, .p = office_plan(o), .f = office_fold(o)};
    int rc = tables_open(&s.t, path);
    if (rc < 0)
        return rc;
    sql_plan(&s, now);
    put_ballots(&s);
    put_steps(&s);
    put_turnout(&s);
    put_votes(&s);
    put_statements(&s);
    put_logs(&s);
    return tables_finish(&s.t);
}

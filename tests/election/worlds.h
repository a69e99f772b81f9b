// worlds.h - random worlds of one commune: statements, corrections, copies, verdicts, keys.
#pragma once
#include "voting.h"

enum { C_ACTS = 14, D_ACTS = 8, D_FIRST = 101 };

static inline uint64_t any_act(void)
{
    return draw(3) ? 1 + draw(C_ACTS) : D_FIRST + draw(D_ACTS);
}

static const unsigned good[3][4] = {{3, 4, 5, 0}, {1, 1, 1, 1}, {0, 0, 9, 2}};

static inline void random_tally(const struct plan *p, struct record *r, const char *place)
{
    const char *contest = contest_codes[draw(3)];
    *r = voting_tally(p, r->act, place, contest, good[draw(3)]);
    switch (draw(14)) {
    case 0: r->number[TALLY_RETURNED]++; break; // F5
    case 1: r->list[1] += 40; break;            // F6 or F7
    case 2: r->list[r->n_list - 2] = 77; break; // nobody's number
    case 3: r->blob[TALLY_DEFINITION] = bytes_text("12345678"); break;
    case 4: record_set(r, TALLY_ATTENDED, 21); break;           // F1 where the voters are known
    case 5: r->contest = bytes_text("Z"); break;                // not voted on here
    case 6: record_set(r, TALLY_ELIGIBLE, 19 + draw(4)); break; // F10 or not, by the list then
    case 7:
    case 8: // by telephone: fewer numbers, which agree with the paper's
        r->n_list -= 2 * draw(3);
        if (draw(2))
            r->stated &= ~(1u << TALLY_VALID), r->number[TALLY_VALID] = 0;
        break;
    default: break;
    }
}

static inline void random_fields(const struct plan *p, struct record *r, const char *place)
{
    uint64_t act = r->act;
    switch (draw(14)) {
    case 0:
    case 1:
    case 2:
    case 3: random_tally(p, r, place); break;
    case 4:
    case 5:
        *r = voting_record(KIND_TURNOUT, act, place);
        r->contest = bytes_text(contest_codes[draw(2)]);
        r->number[TURNOUT_CUTOFF] = 1 + draw(3);
        r->number[TURNOUT_VOTED] = draw(3) * 11;
        if (draw(2))
            record_set(r, TURNOUT_ELIGIBLE, 20);
        break;
    case 6:
    case 7:
        *r = voting_record(KIND_STEP, act, place);
        r->contest = bytes_text(contest_codes[draw(2)]);
        r->number[STEP_WHAT] = 1 + draw(STEP_LAST);
        break;
    case 8:
        *r = voting_record(KIND_INCIDENT, act, draw(2) ? place : "C1");
        r->number[INCIDENT_SEVERITY] = 2 + draw(2);
        r->number[INCIDENT_STATE] = 1 + draw(3);
        break;
    case 9:
        *r = voting_record(KIND_MINUTES, act, place);
        r->contest = bytes_text(contest_codes[draw(2)]);
        record_set(r, MINUTES_COPIES, draw(2));
        break;
    case 10:
        *r = voting_record(KIND_DECISION, act, place);
        r->contest = bytes_text("X");
        r->number[DECISION_WHAT] = 1 + draw(DECISION_LAST);
        r->number[DECISION_DATE] = 1;
        r->blob[DECISION_NUMBER] = bytes_text(draw(4) ? "1/QD" : "");
        r->blob[DECISION_SIGNATORY] = bytes_text("chair");
        break;
    case 11:
        *r = voting_record(KIND_LIST_CHANGE, act, place);
        r->contest = bytes_text(contest_codes[draw(2)]);
        if (draw(4) == 0)
            record_set(r, LIST_ELIGIBLE, 19 + draw(3));
        else
            record_set(r, draw(2) ? LIST_ADDED : LIST_REMOVED, draw(3));
        break;
    case 12:
        *r = voting_record(KIND_STEP, act, place);
        r->contest = bytes_text(contest_codes[draw(2)]);
        r->number[STEP_WHAT] = draw(2) ? STEP_INTERRUPTED : STEP_RESUMED;
        break;
    default:
        *r = voting_record(KIND_VOID, act, draw(3) ? place : "P3");
        if (draw(4) == 0) // not a unit's word about itself, yet it may replace
            *r = voting_record(KIND_SUMMARY, act, "C1");
        break;
    }
}

static inline void random_verdict(struct record *r)
{
    *r = voting_record(KIND_VERDICT, r->act, "C1");
    r->number[VERDICT_WORD] = 1 + draw(VERDICT_LAST);
    r->number[VERDICT_OF] = any_act();
    r->number[VERDICT_WAIVES] = draw(2) ? UINT32_MAX : REASON_F1;
    if (draw(2))
        for (uint64_t act = 1; act <= C_ACTS; act++) // saw everything that the unit said
            r->list[r->n_list++] = act;
    if (draw(2))
        for (uint64_t act = D_FIRST; act < D_FIRST + D_ACTS; act++)
            r->list[r->n_list++] = act;
}

static inline void random_statement(const struct plan *p, struct voting_log *l, bool about)
{
    struct record r = {.act = about && draw(6) ? D_FIRST + draw(D_ACTS) : 1 + draw(C_ACTS)};
    if (about && draw(3) == 0)
        random_verdict(&r);
    else
        random_fields(p, &r, draw(2) ? "P1" : "P2");
    if (about && r.kind == KIND_SUMMARY)
        r.kind = KIND_VOID;
    r.at = 1000 + draw(6);
    r.entered = 1000 + draw(2);
    r.by = bytes_text(draw(2) ? "lan" : "mai");
    for (unsigned n = draw(2) ? draw(4) : 0; n > 0; n--)
        r.replaces[r.n_replaces++] = any_act();
    voting_say(l, &r);
}

static inline void random_word(struct voting_log *about, uint64_t act)
{
    if (draw(2)) {
        voting_admit(about, act, 11 + draw(3));
        return;
    }
    struct record r = voting_record(KIND_RETIRE, act, "C1");
    r.number[RETIRE_INCARNATION] = 11 + draw(3);
    r.number[RETIRE_N] = draw(12);
    voting_say(about, &r);
}

// One commune: three incarnations of its reports, of which the later copy the earlier, two logs of
// its parent about it, one of a stranger, and one that it wrote about itself to pass for its parent.
static inline void random_world(struct voting *v, const struct plan *p, uint64_t with)
{
    seed = with;
    v->n_logs = 0;
    for (uint64_t i = 0; i < 3; i++)
        voting_add(v, "C1", "C1", STREAM_REPORTS, 11 + i);
    voting_add(v, "D", "C1", STREAM_ABOUT, 21);
    voting_add(v, "D", "C1", STREAM_ABOUT, 22);
    voting_add(v, "R", "C1", STREAM_ABOUT, 31);
    voting_add(v, "C1", "C1", STREAM_ABOUT, 32);
    if (draw(4) > 0)
        voting_admit(&v->logs[3], 901, 11);
    for (unsigned i = 0; i < v->n_logs; i++) {
        struct voting_log *l = &v->logs[i];
        bool about = l->id.stream == STREAM_ABOUT;
        for (unsigned k = 0; i > 0 && i < 3 && k < v->logs[i - 1].n; k++)
            if (draw(2))
                l->records[l->n++] = v->logs[i - 1].records[k];
        for (unsigned n = 4 + draw(10); n > 0; n--)
            random_statement(p, l, about);
        if (i == 3 || i == 4)
            for (unsigned n = draw(4); n > 0; n--)
                random_word(l, 910 + i * 10 + n);
    }
}

// lives.h - random lives of votes under the rules of rules.h: what comes at one time, or the wrong way round.
#pragma once
#include "rules.h"

static inline void some_words(struct record *r)
{
    switch (r->kind) {
    case KIND_STEP: r->number[STEP_WHAT] = 1 + draw(STEP_LAST); break;
    case KIND_TURNOUT:
        r->number[TURNOUT_CUTOFF] = 1 + draw(2);
        r->number[TURNOUT_VOTED] = 18 + draw(4);
        if (draw(3) == 0)
            record_set(r, TURNOUT_ELIGIBLE, 19 + draw(3));
        break;
    case KIND_DECISION:
        r->number[DECISION_WHAT] = 1 + draw(DECISION_LAST);
        r->number[DECISION_DATE] = draw(9) > 0;
        r->blob[DECISION_NUMBER] = bytes_text(draw(9) ? "1/QD" : "");
        r->blob[DECISION_SIGNATORY] = bytes_text(draw(9) ? "chair" : "");
        break;
    case KIND_INCIDENT:
        r->number[INCIDENT_SEVERITY] = 1 + draw(4);
        r->number[INCIDENT_STATE] = 1 + draw(3);
        if (draw(2))
            r->contest = bytes_text("");
        break;
    case KIND_LIST_CHANGE:
        record_set(r, LIST_ADDED + draw(3), draw(4) ? draw(3) : 20);
        if (draw(3) == 0)
            record_set(r, LIST_ADDED + draw(3), 19 + draw(4));
        break;
    default: break;
    }
}

// One fact of a ballot, at one of three times.
static inline struct record some_fact(const struct plan *p, uint64_t act, uint32_t ballot)
{
    static const enum kind kinds[] = {KIND_STEP,     KIND_STEP,     KIND_STEP,    KIND_STEP,
                                      KIND_TURNOUT,  KIND_TURNOUT,  KIND_MINUTES, KIND_DECISION,
                                      KIND_DECISION, KIND_INCIDENT, KIND_TALLY,   KIND_LIST_CHANGE};
    const struct plan_ballot *b = &p->ballots[ballot];
    enum kind kind = kinds[draw(sizeof kinds / sizeof kinds[0])];
    struct record r = kind == KIND_TALLY ? some_tally(p, act, ballot)
                                         : voting_record(kind, act, b->unit == 2 ? "P1" : "P2");
    r.contest = p->contests[b->contest].code;
    some_words(&r);
    r.at = 1000 + draw(3);
    r.entered = draw(3) ? 999 : r.at;
    r.by = bytes_text(draw(2) ? "lan" : "mai");
    r.behalf = bytes_text(draw(4) ? "" : "chair");
    return r;
}

// As it would come by telephone: no number that is optional, and one candidate's votes.
static inline void say_less(struct record *r)
{
    const struct record_spec *spec = record_spec(r->kind);
    for (unsigned i = 0; spec->fields[i].name; i++)
        if (spec->fields[i].type == FIELD_OPTIONAL)
            r->number[i] = 0;
    r->stated = 0;
    r->n_list = r->n_list > 2 ? 2 : r->n_list;
}

static inline void release_fact(struct voting_log *about, const struct record *fact)
{
    struct record v = voting_record(KIND_VERDICT, 5000 + fact->act, "C1");
    v.by = bytes_text(draw(4) ? "hoa" : "lan");
    v.number[VERDICT_WORD] = draw(8) ? VERDICT_RELEASED : VERDICT_RETURNED;
    v.number[VERDICT_OF] = fact->act;
    v.number[VERDICT_WAIVES] = UINT32_MAX;
    voting_say(about, &v);
}

// Few facts of each ballot, some said twice: at another time, by another author, under one act; some released.
static inline void lives_world(struct voting *v, const struct plan *p)
{
    uint64_t act = 1;
    v->n_logs = 0;
    struct voting_log *reports = voting_add(v, "C1", "C1", STREAM_REPORTS, 11),
                      *about = voting_add(v, "D", "C1", STREAM_ABOUT, 21),
                      *again = voting_add(v, "D", "C1", STREAM_ABOUT, 22);
    voting_admit(about, 9001, 11);
    for (uint32_t b = 0; b < p->n_ballots; b++)
        for (unsigned n = 2 + draw(5); n > 0 && again->n + 2 < RECORDS; n--) {
            slips = careful ? 0 : draw(2);
            struct record r = some_fact(p, act++, b);
            struct voting_log *to = draw(3) ? reports : about;
            if (to->n < RECORDS)
                voting_say(to, &r);
            if (draw(8) == 0 && to->n < RECORDS) { // a correction that takes over the time
                struct record c = r;
                c.act = act++;
                c.entered = 998;
                c.n_replaces = 1;
                c.replaces[0] = r.act;
                voting_say(to, &c);
            }
            if (draw(8) == 0)
                release_fact(again, &r);
            if (draw(6) > 0)
                continue;
            r.act = draw(3) ? act++ : r.act;
            r.at = draw(3) ? 1000 + draw(3) : r.at;
            if (draw(2))
                say_less(&r);
            voting_say(again, &r);
        }
}

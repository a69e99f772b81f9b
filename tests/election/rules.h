// rules.h - random worlds of one commune in which each contest has rules of its own: R ─ C1 ─ P1 P2.
#pragma once
#include "voting.h"

// All are voted on at both places.
enum { RULES = 7 };
static const struct plan_profile rules[RULES] = {
    {.name = {(const uint8_t *)"a", 1}}, // most votes, one seat
    {.name = {(const uint8_t *)"b", 1},  // village heads: more than half of all voters
     .rule = RULE_MAJORITY,
     .quorum = {1, 2, 1},
     .need = {1, 2, 1},
     .decides = DECIDES_PARENT,
     .blank_valid = 1},
    {.name = {(const uint8_t *)"c", 1}, // confidence, counted for each person
     .rule = RULE_CONFIDENCE,
     .base = BASE_RETURNED,
     .per_person = 1,
     .low = {1, 2, 1},
     .lowest = {2, 3, 0}},
    {.name = {(const uint8_t *)"d", 1}, .method = SHOW_OF_HANDS, .base = BASE_ATTENDED},
    {.name = {(const uint8_t *)"e", 1}, // a Party cell, of which some are excused
     .rule = RULE_MAJORITY,
     .need = {1, 2, 1},
     .decides = DECIDES_SUPERIOR,
     .restricted = 1,
     .base = BASE_SUMMONED},
    {.name = {(const uint8_t *)"f", 1}, // two of four, at least a half of those valid
     .rule = RULE_MAJORITY,
     .quorum = {2, 3, 0},
     .quorum_base = BASE_ELIGIBLE,
     .need = {1, 2, 0},
     .base = BASE_VALID},
    {.name = {(const uint8_t *)"g", 1},
     .rule = RULE_CONFIDENCE,
     .base = BASE_VALID,
     .low = {1, 3, 1}},
};
enum { CELL_RULES = 4 }; // of the kind that is restricted, which is the first
static const unsigned rule_seats[RULES] = {1, 1, 0, 2, 2, 2, 0};

static inline struct plan *rules_plan(void)
{
    static uint8_t buffer[8192];
    static const char *const units[] = {"D", "C1", "P1", "P2"};
    static const uint32_t parents[] = {PLAN_NONE, 0, 1, 1};
    struct plan_candidate candidates[4];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    plan_pack_head(&p, 1, bytes_text("test"), bytes_text("Bầu cử"));
    pack_array(&p, 1);
    plan_pack_level(&p, &(struct plan_level){bytes_text("cấp"), bytes_text("level")});
    pack_array(&p, 2);
    for (unsigned i = 0; i < 2; i++)
        plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("h"), 1000 + i, 1});
    pack_array(&p, 0); // categories
    pack_array(&p, 0); // targets
    pack_array(&p, RULES);
    for (unsigned i = 0; i < RULES; i++)
        plan_pack_profile(&p, &rules[i]);
    pack_array(&p, 2);
    pack_text(&p, bytes_text("cell"));
    pack_text(&p, bytes_text("head"));
    pack_array(&p, 4);
    for (uint32_t i = 0; i < 4; i++)
        plan_pack_unit(
            &p,
            &(struct plan_unit){.code = bytes_text(units[i]), .parent = parents[i], .place = i > 1},
            NULL);
    for (unsigned i = 0; i < 4; i++)
        candidates[i] = (struct plan_candidate){i + 1, bytes_text("k"), bytes_text("n")};
    pack_array(&p, RULES);
    for (unsigned i = 0; i < RULES; i++)
        plan_pack_contest(&p,
                          &(struct plan_contest){.code = rules[i].name,
                                                 .unit = 1,
                                                 .profile = i,
                                                 .kind = i != CELL_RULES,
                                                 .seats = rule_seats[i],
                                                 .paper = bytes_text(i == 2 || i == 6 ? "p" : ""),
                                                 .places_in_all = 2,
                                                 .n_candidates = rule_seats[i] == 2 ? 4 : 3},
                          candidates);
    pack_array(&p, 2 * RULES);
    for (uint32_t i = 0; i < 2 * RULES; i++)
        plan_pack_ballot(
            &p,
            &(struct plan_ballot){.unit = 2 + i / RULES,
                                  .contest = i % RULES,
                                  .voters = draw(3) ? 20 + i / RULES : VOTERS_UNKNOWN,
                                  .method = draw(5) ? rules[i % RULES].method : draw(2)},
            &rules[i % RULES]);
    assert_false(p.full);
    return voting_open(packed(&p));
}

static bool careful;   // in this world nobody makes a mistake
static unsigned slips; // in others at most so many with one ballot
static bool grim;      // and in this one nobody has confidence
static bool lonely;    // or nobody but the first candidate any vote
static inline bool slip(uint32_t of)
{
    if (slips == 0 || draw(of) > 0)
        return false;
    slips--;
    return true;
}

static inline void state_numbers(struct record *r, unsigned came, unsigned invalid)
{
    const unsigned numbers[] = {[N_ATTENDED] = came,           [N_PRINTED] = 30,
                                [N_ISSUED] = came + 1,         [N_SPOILED] = 1,
                                [N_UNUSED] = 29 - came,        [N_RETURNED] = came,
                                [N_VALID] = came - invalid,    [N_INVALID] = invalid,
                                [N_BLANK] = invalid > 0,       [N_TOTAL] = came,
                                [N_SUMMONED] = came + draw(4), [N_ELSEWHERE] = draw(3),
                                [N_EXEMPT] = draw(2),          [N_SUSPENDED] = draw(2),
                                [N_ABSENT] = draw(2)};
    for (unsigned i = N_ATTENDED; i <= N_ABSENT; i++)
        if (!slip(30))
            record_set(r, TALLY_ELIGIBLE + i, numbers[i] + slip(120));
    if (!slip(5))
        return;
    switch (draw(4)) {
    case 0: record_set(r, TALLY_BLANK, came - invalid + draw(2)); break;
    case 1: record_set(r, TALLY_SUMMONED, draw(4)); break;
    case 2: record_set(r, TALLY_ELIGIBLE, came - draw(2)); break;
    default: record_set(r, TALLY_ELIGIBLE, 19 + draw(4)); break;
    }
}

// Mostly what can be right; figures are small, so that ties and needs are met by one vote.
static inline struct record some_tally(const struct plan *p, uint64_t act, uint32_t ballot)
{
    const struct plan_ballot *b = &p->ballots[ballot];
    const struct plan_contest *k = &p->contests[b->contest];
    unsigned came = 6 + draw(15), invalid = draw(3), n = k->n_candidates;
    if (k->paper.n > 0 && draw(8) > 0)
        came = 11 + b->unit;
    unsigned left = came - invalid;
    struct record r = voting_record(KIND_TALLY, act, b->unit == 2 ? "P1" : "P2");
    r.contest = k->code;
    r.at = 2000 + draw(3);
    r.blob[TALLY_DEFINITION] = bytes_of(slip(40) ? (const uint8_t *)"12345678" : k->definition, 8);
    if (b->method != SHOW_OF_HANDS)
        state_numbers(&r, came, invalid);
    else
        record_set(&r, slip(9) ? TALLY_VALID : TALLY_ATTENDED, came);
    for (unsigned i = 0; i < n; i++) {
        unsigned most = k->seats == 0 && grim && i + 1 < n && left > 2 ? 2 : left;
        unsigned votes = draw((k->seats == 2 && i > 1 ? most / 4 : most) + 1);
        if (k->seats < 2 && i + 1 == n && draw(2))
            votes = left;
        left -= k->seats == 2 ? 0 : votes;
        r.list[r.n_list++] = slip(60) ? i + 60 : i + 1;
        r.list[r.n_list++] = votes;
    }
    for (unsigned i = 0; i < n && draw(6) == 0; i++) { // columns to agree and disagree
        r.list[r.n_list++] = (uint64_t)COLUMN_AGAINST << 32 | (i + 1);
        r.list[r.n_list] = came - invalid - (unsigned)r.list[2 * i + 1] + slip(8);
        r.n_list++;
    }
    for (unsigned i = 1; i < r.n_list / 2; i++) // a number that nobody has may break the order
        if (r.list[2 * i] <= r.list[2 * i - 2])
            r.n_list = 2 * i;
    return r;
}

// A step or a change of the list, mostly near the time of the tally.
static inline void some_step(struct voting_log *l, uint64_t act, const struct record *tally)
{
    static const uint8_t whats[] = {STEP_OPENED, STEP_HOUSEHOLD_BALLOTS, STEP_CLOSED,
                                    STEP_COUNTING};
    bool change = draw(2);
    struct record r = *tally;
    r.kind = change ? KIND_LIST_CHANGE : KIND_STEP;
    r.act = act;
    r.at = draw(3) ? tally->at + draw(3) - 1 : 1000;
    r.n_list = r.stated = 0;
    memset(r.number, 0, sizeof r.number);
    if (!change)
        r.number[STEP_WHAT] = whats[draw(sizeof whats)];
    else if (draw(3) == 0)
        record_set(&r, LIST_ELIGIBLE, 18 + draw(4));
    else
        record_set(&r, draw(2) ? LIST_ADDED : LIST_REMOVED, draw(5) ? 1 + draw(2) : 30);
    voting_say(l, &r);
}

// What else is said of a tally: by telephone with fewer numbers, by operators, or once more.
static inline void say_more(struct voting_log *about, const struct record *tally)
{
    struct record r = *tally, v = voting_record(KIND_VERDICT, 300 + tally->act, "C1");
    r.entered += draw(3) - 1;
    switch (draw(5)) {
    case 0:
        r.act += 200;
        r.n_list -= 2 * draw(3) < r.n_list ? 2 * draw(3) : 0;
        for (unsigned i = TALLY_ELIGIBLE; i <= TALLY_ABSENT; i++)
            if (draw(3) == 0)
                r.stated &= ~(1u << i), r.number[i] = 0;
        voting_say(about, &r);
        return;
    case 1: v.number[VERDICT_WORD] = VERDICT_RETURNED; break;
    default: v.number[VERDICT_WORD] = VERDICT_RELEASED; break;
    }
    v.by = bytes_text(draw(4) ? "mai" : "lan");
    v.number[VERDICT_OF] = tally->act;
    v.number[VERDICT_WAIVES] = draw(3) ? UINT32_MAX : draw(UINT32_MAX);
    voting_say(about, &v);
}

static inline void rules_world(struct voting *v, const struct plan *p)
{
    v->n_logs = 0;
    struct voting_log *reports = voting_add(v, "C1", "C1", STREAM_REPORTS, 11),
                      *about = voting_add(v, "D", "C1", STREAM_ABOUT, 21);
    voting_admit(about, 901, 11);
    for (uint32_t b = 0; b < p->n_ballots; b++) {
        slips = careful ? 0 : draw(3);
        struct record r = some_tally(p, 1 + b, b);
        for (unsigned i = 3; lonely && i < r.n_list && r.list[i - 1] >> 32 == COLUMN_VOTES; i += 2)
            r.list[i] = 0;
        if (slip(60))
            r.n_list = r.stated = 0, memset(r.number, 0, sizeof r.number);
        if (!slip(30))
            voting_say(draw(6) ? reports : about, &r);
        slips = careful ? 0 : draw(3);
        for (unsigned i = 0; i < 2 && slip(2); i++)
            some_step(reports, 100 + 20 * i + b, &r);
        if (slip(3))
            say_more(about, &r);
    }
}

// view.h - state as JSON, in the pieces that the pages and commands of both programs are made of.
//
// Each returns a new reference. Acts, incarnations and hashes are hex; times are ms since 1970; what
// is not known is null, never 0.
#pragma once
#include "office.h"
#include <jansson.h>

json_t *view_bytes(struct bytes text);
json_t *view_hex(struct bytes b);
json_t *view_id(uint64_t id);
json_t *view_count(uint64_t v, bool known);
void view_numbers(json_t *j, const int64_t *at); // of a tally: each with how many places state it
json_t *view_election(const struct office *o);   // with the categories of incidents, from 1
json_t *view_unit(const struct plan *p, uint32_t unit);
json_t *view_link(const struct office_link_state *l);
json_t *view_link_of(const struct office *o,
                     struct bytes code); // null: no child, and no word of it
json_t *view_cutoffs(const struct plan *p);
json_t *view_ballot(const struct fold *f, uint32_t ballot);
// Contests of a restricted kind are shown to whoever has the right: `local` says that they do.
bool view_shown(const struct plan *p, unsigned kind, bool local);
unsigned view_hidden(const struct plan *p, bool local); // kinds that are not shown
// One for each kind shown; `due`: places of which a cut-off's turnout is due by now.
json_t *view_totals(const struct fold *f, uint32_t unit, int64_t now, bool local);
// The same of several units added up; none of them below another.
json_t *view_totals_of(const struct fold *f, const uint32_t *units, uint32_t n, int64_t now,
                       bool local);
json_t *view_statement(const struct office *o, uint32_t entry);
bool view_ticked(const struct office *o, uint32_t entry, unsigned signer); // that tier has it
json_t *view_ticks(const struct office *o, uint32_t entry); // codes of the tiers that have it
// Salt and text attached to a statement; a view until the store is read again, empty where none is.
struct bytes view_salted(const struct office *o, uint32_t entry);
bool view_statement_shown(const struct fold *f, uint32_t entry, bool local);
json_t *view_reasons(uint32_t reasons);

// viewrecord.c: a statement with each log it stands in (author, number, run, signature, key, when it was
// stored here, marks of tiers above), the way it came and its delays.
enum { VIEW_RECORDS = 20 };
struct view_fact_asked {
    unsigned kind, which; // as fold_which() says
    uint32_t subject;     // a ballot, or a unit where the kind is not of a ballot
    bool restricted, votes;
};
json_t *view_record(const struct office *o, uint32_t entry, bool votes);
// {"records", "more"}: those behind a fact, the one that is its value first, then what it replaced; or
// those of an act.
json_t *view_records(const struct office *o, const struct view_fact_asked *x);
json_t *view_records_named(const struct office *o, uint32_t unit, uint64_t act,
                           const struct view_fact_asked *x);

// Whole, with its outcome. Votes of candidates, and who is elected, only with `votes`; else null.
json_t *view_contest(const struct fold *f, uint32_t contest, bool votes);
// Every place has finished its count and made its minutes: before that no board shows votes.
bool view_votes_open(const struct fold *f, uint32_t contest);
json_t *view_outcomes(const struct fold *f); // of every contest, restricted ones too
json_t *view_quarantine(const struct office *o, bool local);
json_t *view_reconcile(const struct office *o);
const char *state_name(enum fact_state state);
const char *taking_name(unsigned taking);
// Units below this one, itself included, whose figures are told, and those that are proven.
void view_told(const struct fold *f, uint32_t unit, unsigned *ret_told, unsigned *ret_proven);
char *view_dump(json_t *j); // frees j; the caller frees the text

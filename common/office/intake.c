// intake.c - named fields (a form, a command line, a row) into one checked record.
#include "intake.h"
#include "common/base/moment.h"
#include "common/election/ballot.h"
#include "proto/utf8.h"
#include "standing.h"
#include "words.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int wrong(struct intake *in, const char *field, const char *why)
{
    snprintf(in->field, sizeof in->field, "%s", field);
    in->wrong = why;
    return -EINVAL;
}

// A figure by the number rule; else a sentence with what was seen.
static int take_figure(struct intake *in, const char *field, struct bytes text, uint64_t *ret)
{
    enum figure_fault fault = figure_read(text, ret);
    if (fault == FIGURE_GOOD)
        return 0;
    for (unsigned i = 0; i < LANGUAGES; i++)
        figure_why(fault, text, (enum language)i, in->why[i]);
    return wrong(in, field, in->why[LANGUAGE_EN]);
}

static struct bytes value_of(const struct named *f, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (bytes_same(f[i].name, bytes_text(name)))
            return f[i].value;
    return bytes_of(NULL, 0);
}

struct reading { // the fields of one statement
    const struct office *o;
    const struct named *f;
    size_t n;
    struct intake *in;
    const struct intake_given *given;
};

static int take_text_field(struct reading *x, const char *name, size_t max, struct bytes *ret)
{
    struct bytes v = value_of(x->f, x->n, name);
    if (v.n > max)
        return wrong(x->in, name, "bad_long");
    if (!utf8_ok(v))
        return wrong(x->in, name, "person_line");
    *ret = v;
    return 0;
}

// "typed": when, in ms, for a statement that had to wait in a browser: its times are of that day.
static int64_t typed_at(const struct reading *x)
{
    enum { WAITED_MAX_MS = 3 * 24 * 3600 * 1000 };
    int64_t now = x->given->now.wall;
    uint64_t typed;
    if (figure_read(value_of(x->f, x->n, "typed"), &typed) != FIGURE_GOOD ||
        (int64_t)typed > now + WAITED_MAX_MS || (int64_t)typed < now - WAITED_MAX_MS)
        return now;
    return (int64_t)typed;
}

static int take_time(struct reading *x, const char *name, int64_t fallback, int64_t *ret)
{
    struct bytes text = value_of(x->f, x->n, name);
    *ret = fallback;
    if (text.n == 0)
        return 0;
    int64_t typed = typed_at(x);
    int stated = moment_read(text, typed, ret);
    bool past = strcmp(name, "at") == 0, day = !past && strcmp(name, "due") != 0;
    if (stated < 0 || (day && !(stated & MOMENT_DAY)))
        return wrong(x->in, name, day ? "bad_date" : "bad_clock");
    *ret = past ? moment_past(*ret, stated, typed) : *ret;
    return 0;
}

static bool is_moment(const char *field)
{
    return strcmp(field, "date") == 0 || strcmp(field, "on") == 0 || strcmp(field, "due") == 0;
}

// Words for the numbers that are names of something, else digits.
static int take_number(struct reading *x, const struct field *f, unsigned kind, struct bytes text,
                       uint64_t *ret)
{
    int64_t when = 0;
    *ret = 0;
    if (is_moment(f->name)) {
        int rc = take_time(x, f->name, 0, &when);
        *ret = (uint64_t)when;
        return rc;
    }
    if (kind == KIND_STEP)
        *ret = step_named(text);
    if (kind == KIND_DECISION && strcmp(f->name, "what") == 0)
        *ret = decision_named(text);
    if (kind == KIND_VERDICT && strcmp(f->name, "word") == 0)
        *ret = verdict_named(text);
    if (strcmp(f->name, "of") == 0)
        return parse_act(text, ret) < 0 ? wrong(x->in, f->name, "not the name of a statement") : 0;
    int rc = *ret == 0 ? take_figure(x->in, f->name, text, ret) : 0;
    if (rc < 0)
        return rc;
    if (*ret < f->min || *ret > f->max)
        return wrong(x->in, f->name, "bad_range");
    return 0;
}

static int take_attachment(struct reading *x, unsigned i)
{
    struct bytes text = value_of(x->f, x->n, "text");
    struct intake *in = x->in;
    if (text.n == 0)
        return 0;
    if (text.n > ATTACHMENT_MAX)
        return wrong(in, "text", "bad_text_long");
    memcpy(in->salted, x->given->salt, SALT_SIZE);
    memcpy(in->salted + SALT_SIZE, text.at, text.n);
    in->n_salted = SALT_SIZE + text.n;
    text_commit(x->given->salt, text, (uint8_t *)in->text + in->n_text);
    in->parsed.blob[i] = bytes_of(in->text + in->n_text, HASH_SIZE);
    in->n_text += HASH_SIZE;
    return 0;
}

static int take_fields(struct reading *x, const struct record_spec *s)
{
    struct record *r = &x->in->parsed;
    int rc = 0;
    for (unsigned i = 0; s->fields[i].name && rc == 0; i++) {
        const struct field *f = &s->fields[i];
        struct bytes text = value_of(x->f, x->n, f->name);
        uint64_t v;
        if (f->type == FIELD_TEXT) {
            rc = take_text_field(x, f->name, f->max, &r->blob[i]);
        } else if (f->type == FIELD_BIN) {
            rc = strcmp(f->name, "text") == 0 ? take_attachment(x, i) : 0;
        } else if (text.n == 0 && f->type == FIELD_OPTIONAL) {
            continue;
        } else if (text.n == 0 && strcmp(f->name, "waives") != 0 &&
                   strcmp(f->name, "reason") != 0 && !is_moment(f->name)) {
            rc = wrong(x->in, f->name, "bad_missing");
        } else if (text.n > 0) {
            rc = take_number(x, f, r->kind, text, &v);
            if (rc == 0)
                record_set(r, i, v);
        }
    }
    return rc;
}

static int add_pair(struct reading *x, const char *name, uint64_t key, uint64_t number)
{
    struct record *r = &x->in->parsed;
    unsigned at = r->n_list;
    if (r->n_list + 2 > LIST_MAX)
        return wrong(x->in, name, "bad_candidates");
    while (at > 0 && r->list[at - 2] > key) {
        r->list[at] = r->list[at - 2];
        r->list[at + 1] = r->list[at - 1];
        at -= 2;
    }
    if (at > 0 && r->list[at - 2] == key)
        return wrong(x->in, name, "bad_candidate_twice");
    r->list[at] = key;
    r->list[at + 1] = number;
    r->n_list += 2;
    return 0;
}

// What one candidate of a column has: a figure, or a part in hundredths, or as the minutes write it.
static int take_value(struct reading *x, const char *name, uint64_t column, struct bytes text,
                      uint64_t *ret)
{
    bool part = column == COLUMN_WRITTEN;
    if (part && figure_read_percent(text, false, ret) == FIGURE_GOOD)
        return 0;
    if (part && figure_read(text, ret) != FIGURE_GOOD)
        return wrong(x->in, name, "bad_percent");
    return part ? 0 : take_figure(x->in, name, text, ret);
}

// "1:159,2:149": candidate and votes, or what the column holds; candidates may come in any order. Where
// a semicolon stands anywhere, it and not the comma is between them.
static int take_pairs(struct reading *x, const char *name, uint64_t column)
{
    struct bytes text = value_of(x->f, x->n, name);
    uint8_t between = text.n > 0 && memchr(text.at, ';', text.n) ? ';' : ',';
    int rc = 0;
    for (size_t i = 0; i < text.n && rc == 0;) {
        size_t colon = i, end;
        uint64_t who, number;
        while (colon < text.n && text.at[colon] != ':')
            colon++;
        for (end = colon; end < text.n && text.at[end] != between;)
            end++;
        if (colon == text.n || figure_read(bytes_of(text.at + i, colon - i), &who) != FIGURE_GOOD ||
            who > UINT32_MAX)
            return wrong(x->in, name, "not of the form candidate:votes,candidate:votes");
        rc = take_value(x, name, column, bytes_of(text.at + colon + 1, end - colon - 1), &number);
        if (rc == 0)
            rc = add_pair(x, name, column << 32 | who, number);
        i = end + 1;
    }
    return rc;
}

static int take_lists(struct reading *x)
{
    int rc = take_pairs(x, "votes", COLUMN_VOTES);
    if (rc == 0)
        rc = take_pairs(x, "against", COLUMN_AGAINST);
    return rc == 0 ? take_pairs(x, "written", COLUMN_WRITTEN) : rc;
}

static int take_acts(struct reading *x, const char *name, uint64_t *list, unsigned max,
                     unsigned *ret_n)
{
    struct bytes text = value_of(x->f, x->n, name);
    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        while (end < text.n && text.at[end] != ',')
            end++;
        if (*ret_n == max)
            return wrong(x->in, name, "too many statements at once");
        if (parse_act(bytes_of(text.at + i, end - i), &list[*ret_n]) < 0)
            return wrong(x->in, name, "not the name of a statement");
        (*ret_n)++;
        i = end + 1;
    }
    return 0;
}

// Lines before this one in the same POST are for the slot too; the newest that says `last` covers the others.
static void take_before(const struct intake_given *given, const struct intake_said *said,
                        struct record *r)
{
    for (size_t i = given->n_before; i > 0 && r->n_replaces < REPLACES_MAX; i--) {
        const struct intake_said *b = &given->before[i - 1];
        if (said->ballot == PLAN_NONE || b->ballot != said->ballot || b->kind != said->kind ||
            b->which != said->which || b->act == said->act)
            continue;
        r->replaces[r->n_replaces++] = b->act;
        if (b->last)
            break;
    }
}

static bool is_field(const struct reading *x, const char *name)
{
    for (size_t i = 0; i < x->n; i++)
        if (bytes_same(x->f[i].name, bytes_text(name)))
            return true;
    return false;
}

// "seen": what stood in the slot when the form was opened. What came since is shown before anything is
// said: one of equal content is the same figure, another is somebody else's.
static int look_for_newer(struct reading *x, uint32_t ballot)
{
    const struct fold *f = office_fold(x->o);
    struct intake *in = x->in;
    struct record *r = &in->parsed;
    uint64_t seen[REPLACES_MAX];
    unsigned n = 0;
    if (!is_field(x, "seen") || fold_each_stands(r->kind, fold_which(r)))
        return 0;
    int rc = take_acts(x, "seen", seen, REPLACES_MAX, &n);
    for (uint32_t e = standing_first(f, ballot, r); e != ENTRY_NONE && rc == 0;
         e = f->entries[e].next_of_slot) {
        uint64_t act = f->names[f->entries[e].name].act;
        if (fold_replaced(f, e) || standing_named(seen, n, act) || act == r->act ||
            standing_named(r->replaces, r->n_replaces, act))
            continue;
        bool same = bytes_same(bytes_of(fold_bytes(f, e).at + f->entries[e].body,
                                        f->entries[e].n - f->entries[e].body),
                               bytes_of(in->buffer + in->body, in->record.n - in->body));
        if (in->newer == ENTRY_NONE || !same) {
            in->newer = e;
            in->matches = same;
        }
    }
    return rc;
}

// The ballot a statement is for; a contest may be left out where the place votes on one.
static uint32_t find_ballot(const struct plan *p, struct record *r)
{
    uint32_t unit = plan_unit_of(p, r->subject), contest = plan_contest_of(p, r->contest);
    if (unit == PLAN_NONE)
        return PLAN_NONE;
    const struct plan_unit *u = &p->units[unit];
    if (r->contest.n == 0 && u->place && u->n_ballots == 1) {
        contest = p->ballots[u->first_ballot].contest;
        r->contest = p->contests[contest].code;
    }
    return contest == PLAN_NONE ? PLAN_NONE : plan_ballot_of(p, unit, contest);
}

static int take_common(struct reading *x)
{
    const struct intake_given *given = x->given;
    struct record *r = &x->in->parsed;
    struct bytes how = value_of(x->f, x->n, "how"), act = value_of(x->f, x->n, "act");
    int rc = take_text_field(x, "place", CODE_MAX, &r->subject);
    if (rc == 0)
        rc = take_text_field(x, "contest", CODE_MAX, &r->contest);
    if (rc == 0)
        rc = take_text_field(x, "by", PERSON_MAX, &r->by);
    if (rc == 0)
        rc = take_text_field(x, "behalf", PERSON_MAX, &r->behalf);
    if (rc == 0)
        rc = take_text_field(x, "why", WHY_MAX, &r->why);
    if (rc == 0)
        rc = take_time(x, "at", given->now.wall, &r->at);
    if (rc < 0)
        return rc;
    if (r->subject.n == 0)
        r->subject = given->about ? code_bytes(given->about)
                                  : code_bytes(&office_identity(x->o)->unit);
    r->entered = given->now.wall;
    r->how = how.n == 0 ? given->how : how_named(how);
    if (r->how == 0)
        return wrong(x->in, "how", "not one of desk, lan, hosted, phone, radio, courier, file");
    x->in->act = r->act = given->act;
    if (act.n > 0 && parse_act(act, &r->act) < 0)
        return wrong(x->in, "act", "not a name of up to 16 hexadecimal digits");
    x->in->act = r->act;
    r->plan = office_plan(x->o)->version;
    return 0;
}

static bool said_already(const struct office *o, const struct code *about, uint64_t act)
{
    const struct fold *f = office_fold(o);
    struct bytes home = about ? code_bytes(about) : code_bytes(&office_identity(o)->unit);
    uint32_t unit = plan_unit_of(f->plan, home);
    return unit != PLAN_NONE && fold_find(f, unit, act) != ENTRY_NONE;
}

static int finish(struct reading *x, uint32_t ballot)
{
    struct intake *in = x->in;
    struct record *r = &in->parsed;
    const struct plan *p = office_plan(x->o);
    const char *why = "longer than a record may be";
    if (r->kind == KIND_TALLY)
        r->blob[TALLY_DEFINITION] =
            ballot == PLAN_NONE ? bytes_of("\0\0\0\0\0\0\0", 8)
                                : bytes_of(p->contests[p->ballots[ballot].contest].definition, 8);
    if (r->kind == KIND_READY)
        r->blob[READY_PLAN_HASH] = bytes_of(p->hash, HASH_SIZE);
    struct findings found = {.at = in->findings};
    if (ballot != PLAN_NONE)
        ballot_try(office_fold(x->o), ballot, r, x->given->about != NULL, &found);
    else if (fold_of_a_ballot(r->kind) || plan_unit_of(p, r->subject) == PLAN_NONE)
        findings_add(&found, REASON_PLACE, 0, 0);
    in->n_findings = found.n;
    int n = record_encode(r, in->buffer, sizeof in->buffer, &why);
    struct record back;
    if (n < 0 || record_decode(&back, bytes_of(in->buffer, (size_t)n), &why) < 0)
        return wrong(in, "", why);
    in->record = bytes_of(in->buffer, (size_t)n);
    in->body = (size_t)(back.body.at - in->buffer);
    return look_for_newer(x, ballot);
}

int intake_read(const struct office *o, const struct named *fields, size_t n,
                const struct intake_given *given, struct intake *ret)
{
    struct reading x = {o, fields, n, ret, given};
    struct record *r = &ret->parsed;
    memset(ret, 0, sizeof *ret);
    ret->newer = ENTRY_NONE;
    if (!office_fold(o))
        return wrong(ret, "", "no_plan");
    const struct record_spec *s = record_spec_named(value_of(fields, n, "kind"));
    if (!s || !(s->said_by & (given->about ? SAID_ABOUT : SAID_BY_NODE | SAID_BY_HUB)) ||
        s->kind == KIND_SUMMARY || s->kind == KIND_ADMIT || s->kind == KIND_RETIRE)
        return wrong(ret, "kind", "not a kind of statement that can be entered here");
    r->kind = s->kind;
    int rc = take_common(&x);
    if (rc == 0)
        rc = take_fields(&x, s);
    if (rc == 0 && r->kind == KIND_TALLY)
        rc = take_lists(&x);
    if (rc == 0 && r->kind == KIND_VERDICT)
        rc = take_acts(&x, "among", r->list, LIST_MAX, &r->n_list);
    if (rc < 0)
        return rc;
    uint32_t ballot = find_ballot(office_plan(o), r);
    bool last = bytes_same(value_of(fields, n, "replaces"), bytes_text("last"));
    ret->said = (struct intake_said){r->act, fold_which(r) > 0 ? ballot : PLAN_NONE, r->kind,
                                     fold_which(r), last};
    if (last) {
        standing_take(office_fold(o), ballot, r);
        take_before(given, &ret->said, r);
    } else {
        rc = take_acts(&x, "replaces", r->replaces, REPLACES_MAX, &r->n_replaces);
    }
    if (rc == 0 && value_of(fields, n, "at").n == 0)
        standing_time(office_fold(o), ballot, r);
    ret->again = rc == 0 && said_already(o, given->about, r->act);
    return rc == 0 ? finish(&x, ballot) : rc;
}

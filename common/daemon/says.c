// says.c - the lines of one POST as statements: all are judged first, then said, or none is.
#include "commands.h"
#include "common/base/clock.h"
#include "common/office/findings.h"
#include "common/office/formview.h"
#include "common/office/intake.h"
#include "common/office/traps.h"
#include "common/office/standing.h"
#include "common/office/view.h"
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 2000, FIELDS_IN_LINE = 64 };

struct line {
    struct code about;
    bool has_about, again, matches;
    uint32_t newer; // entry that came since the form was opened, or ENTRY_NONE
    uint64_t act, n;
    json_t *findings, *need, *read; // of what is only checked: need of a tally, figures as read
    json_t *ask;                    // what must be asked before it is taken, or NULL
    uint8_t *record, *salted;
    size_t n_record, n_salted;
};
struct lines {
    struct daemon *d;
    const struct say_options *options;
    struct moment now;
    enum how how; // of lines that do not say it
    struct line *at;
    struct intake_said *said; // of the same lines
    size_t n;
    const struct http_request *q;
    bool restricted; // whoever asks has the right: else nothing is said of a restricted contest
};

json_t *says_findings(const struct office *o, const struct record *r, const struct finding *at,
                      unsigned n)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < n; i++) {
        char words[2][400];
        for (unsigned lang = 0; lang < 2; lang++)
            findings_words(o, &at[i], r, lang, words[lang], sizeof words[lang]);
        json_array_append_new(
            list,
            json_pack("{s:s,s:b,s:I,s:I,s:s,s:s,s:s}", "rule", reason_name(at[i].reason), "holds",
                      (at[i].reason & REASONS_WARNING) == 0, "left", (json_int_t)at[i].left,
                      "right", (json_int_t)at[i].right, "formula", findings_formula(at[i].reason),
                      "words", words[0], "words_en", words[1]));
    }
    return list;
}

// Where no plan is here yet it is no fault of the line: it is sent again.
static void refuse_line(const struct lines *l, const struct intake *in, struct http_reply *a)
{
    bool figure = in->wrong == in->why[LANGUAGE_EN];
    const char *vi = figure ? in->why[LANGUAGE_VI] : text_of(in->wrong, LANGUAGE_VI);
    const char *en = figure ? in->wrong : text_of(in->wrong, LANGUAGE_EN);
    reply_json(a, json_pack("{s:s,s:s,s:s,s:I,s:s}", "error", en, "words", vi, "words_en", en,
                            "line", (json_int_t)l->n + 1, "field", in->field));
    a->status = office_plan(daemon_office(l->d)) ? 422 : 503;
}

// Somebody stated another figure since the form was opened: both are shown before anything is said.
static void refuse_newer(const struct office *o, struct http_reply *a, size_t line,
                         const struct intake *in)
{
    reply_json(a, json_pack("{s:s,s:I,s:s,s:o}", "error",
                            "another statement came since this form was opened: look at both, then "
                            "replace it or leave it",
                            "line", (json_int_t)line + 1, "field", "seen", "newer",
                            view_statement(o, in->newer)));
    a->status = 409;
}

// What must be asked before the line is taken: it goes again with the answer, and until then nothing is said.
static bool ask_first(struct lines *l, struct http_reply *a)
{
    struct line *line = &l->at[l->n];
    if (l->options->check) {
        line->findings = json_array();
        line->newer = ENTRY_NONE;
        l->n++;
        return true;
    }
    reply_json(a, json_pack("{s:s,s:I,s:s,s:o}", "error", "this must be asked before it is taken",
                            "line", (json_int_t)l->n + 1, "field", "voted", "ask", line->ask));
    line->ask = NULL;
    a->status = 409;
    return false;
}

static bool may_speak_of(const struct lines *l, struct bytes contest)
{
    const struct plan *p = office_plan(daemon_office(l->d));
    uint32_t k = p ? plan_contest_of(p, contest) : PLAN_NONE;
    return k == PLAN_NONE || view_shown(p, p->contests[k].kind, l->restricted);
}

// A page's statement is by the person who has logged in, whatever its form says.
// One that was typed before somebody else logged in names who typed it, and is not taken for the other.
static size_t put_speaker(const struct lines *l, struct named *fields, size_t n,
                          const char **ret_why)
{
    size_t kept = 0;
    if (!l->q->person)
        return n;
    struct bytes by = bytes_text(l->q->person);
    for (size_t i = 0; i < n; i++) {
        bool named = bytes_same(fields[i].name, bytes_text("by"));
        if (!named)
            fields[kept++] = fields[i];
        else if (fields[i].value.n > 0 && !bytes_same(fields[i].value, by))
            *ret_why = "somebody else typed this than who has logged in: they send it, or it is "
                       "typed anew";
    }
    if (kept < FIELDS_IN_LINE)
        fields[kept++] = (struct named){bytes_text("by"), by};
    return kept;
}

// Who typed it first is never the second person.
static bool typed_before(const struct fold *f, const struct intake *in)
{
    struct record room;
    const char *why;
    for (uint32_t e = standing_first(f, in->said.ballot, &in->parsed); e != ENTRY_NONE;
         e = f->entries[e].next_of_slot)
        if (f->entries[e].in_force && !fold_replaced(f, e) &&
            record_decode(&room, fold_bytes(f, e), &why) == 0 && bytes_same(room.by, in->parsed.by))
            return true;
    return false;
}

// The handover of a desk names somebody else who works here, and only they say that they took it over.
static const char *shift_fault(const struct lines *l, const struct record *r)
{
    const struct office *o = daemon_office(l->d);
    const struct fold *f = office_fold(o);
    struct record of;
    const char *why;
    if (r->kind == KIND_SHIFT)
        return bytes_same(r->blob[SHIFT_TO], r->by)                   ? "shift_no_self"
               : !people_find(daemon_people(l->d), r->blob[SHIFT_TO]) ? "shift_no_such"
                                                                      : NULL;
    uint32_t home = plan_unit_of(f->plan, code_bytes(&office_identity(o)->unit));
    uint32_t e = home == PLAN_NONE ? ENTRY_NONE : fold_find(f, home, r->number[RECEIPT_OF]);
    if (e != ENTRY_NONE && f->entries[e].kind == KIND_SHIFT &&
        record_decode(&of, fold_bytes(f, e), &why) == 0 && !bytes_same(of.blob[SHIFT_TO], r->by))
        return "shift_no_other";
    return NULL;
}

// What a role does not allow, or this person not; NULL: nothing is against it.
static const char *not_theirs(const struct lines *l, const struct intake *in, bool second)
{
    unsigned kind = in->parsed.kind;
    if (!may_speak_of(l, in->parsed.contest))
        return "no_right_contest";
    if (!l->options->hub && !(l->q->may & RIGHT_CHECK) &&
        (second || kind == KIND_READY || kind == KIND_DECISION))
        return "no_right_checks";
    if (second && !l->options->check && in->parsed.by.n > 0 &&
        typed_before(office_fold(daemon_office(l->d)), in))
        return "no_right_second";
    if (!l->options->hub && l->q->person && (kind == KIND_SHIFT || kind == KIND_RECEIPT))
        return shift_fault(l, &in->parsed);
    return NULL;
}

// A tally, and what a second person types, ask for the secret again.
static bool confirmed(const struct lines *l, const struct intake *in, bool second,
                      struct http_reply *a)
{
    return l->options->check || l->options->hub || (in->parsed.kind != KIND_TALLY && !second) ||
           people_confirmed(l->q, a);
}

static void *copy_of(const void *at, size_t n)
{
    void *to = malloc(n ? n : 1);
    if (!to)
        abort();
    memcpy(to, at, n);
    return to;
}

// What a hub states in its own reports: that a shift was handed over. All else it says of a child.
static bool of_itself(const struct named *fields, size_t n)
{
    bool shift = false;
    for (size_t i = 0; i < n; i++)
        shift = shift || (bytes_same(fields[i].name, bytes_text("kind")) &&
                          bytes_same(fields[i].value, bytes_text("shift")));
    return shift;
}

// One line: its fields, the statement they make. False: the reply says why not.
static bool read_line(struct lines *l, struct bytes text, struct http_reply *a)
{
    static struct intake in;
    struct named fields[FIELDS_IN_LINE];
    struct form form;
    struct form_field f;
    struct intake_given given = {.now = l->now, .how = l->how, .before = l->said, .n_before = l->n};
    struct line *line = &l->at[l->n];
    const struct office *o = daemon_office(l->d);
    struct trap_line asking = {.restricted = l->restricted, .same = ENTRY_NONE};
    char *room = malloc(text.n + 1);
    size_t n = 0;
    int rc = 0;
    if (!room)
        abort();
    form_init(&form, text, room, text.n + 1);
    while (n < FIELDS_IN_LINE && (rc = form_next(&form, &f)) == 1)
        fields[n++] = (struct named){bytes_text(f.name), bytes_of(f.value, f.n_value)};
    const char *not_by = NULL;
    n = put_speaker(l, fields, n, &not_by);
    struct bytes about = bytes_of(NULL, 0), by = bytes_of(NULL, 0);
    bool second = false; // typed a second time on purpose: it is kept beside the first
    for (size_t i = 0; i < n; i++) {
        second = second ||
                 (bytes_same(fields[i].name, bytes_text("second")) && fields[i].value.n > 0);
        about = bytes_same(fields[i].name, bytes_text("about")) ? fields[i].value : about;
        by = bytes_same(fields[i].name, bytes_text("by")) ? fields[i].value : by;
    }
    given.act = clock_random64();
    clock_random(given.salt, sizeof given.salt);
    in.wrong = NULL;
    in.field[0] = 0;
    line->has_about = l->options->hub && about.n > 0 && about.n <= CODE_MAX;
    if (line->has_about) {
        line->about = code_of(about);
        given.about = asking.about = &line->about;
    }
    if (rc != 0)
        in.wrong = "not a line of name=value pairs";
    else if (not_by)
        in.wrong = not_by;
    else if (l->options->hub && !line->has_about && !of_itself(fields, n))
        in.wrong = "about which child? about=CODE is missing";
    else if (l->options->may && !l->options->may(l->options->ctx, by))
        in.wrong = "no_person";
    else if ((line->ask = traps_of_line(o, fields, n, &asking)) == NULL)
        intake_read(o, fields, n, &given, &in);
    if (line->ask) {
        free(room);
        return ask_first(l, a);
    }
    in.wrong = in.wrong ? in.wrong : not_theirs(l, &in, second);
    if (!in.wrong && asking.same != ENTRY_NONE) {
        in.newer = asking.same;
        in.matches = true;
    }
    bool good = in.wrong == NULL, newer = good && in.newer != ENTRY_NONE && !in.matches;
    if (newer && !l->options->check) {
        refuse_newer(o, a, l->n, &in);
        good = false;
    } else if (good && !confirmed(l, &in, second, a)) {
        good = false;
    } else if (good) {
        l->said[l->n] = in.said;
        line->act = in.act;
        line->matches = in.newer != ENTRY_NONE && in.matches && !second;
        line->again = in.again || line->matches;
        line->newer = in.newer;
        line->findings = says_findings(o, &in.parsed, in.findings, in.n_findings);
        line->need = l->options->check ? formview_need(o, &in.parsed) : NULL;
        line->read = l->options->check ? formview_read(&in.parsed) : NULL;
        line->record = copy_of(in.record.at, in.record.n);
        line->n_record = in.record.n;
        line->salted = copy_of(in.salted, in.n_salted);
        line->n_salted = in.n_salted;
        l->n++;
    } else {
        refuse_line(l, &in, a);
    }
    free(room);
    return good;
}

// Says the lines from `from` that speak of the same child in one call, at most a run's worth.
static int say_some(struct lines *l, size_t *from)
{
    struct bytes records[RUN_RECORDS_MAX], texts[RUN_RECORDS_MAX];
    size_t at[RUN_RECORDS_MAX], n = 0, i = *from;
    const struct line *first = &l->at[i];
    uint64_t number = 0;
    for (; i < l->n && n < RUN_RECORDS_MAX; i++) {
        struct line *x = &l->at[i];
        if (x->has_about != first->has_about ||
            (x->has_about && !code_same(&x->about, &first->about)))
            break;
        if (x->again)
            continue;
        records[n] = bytes_of(x->record, x->n_record);
        texts[n] = bytes_of(x->salted, x->n_salted);
        at[n++] = i;
    }
    *from = i;
    if (n == 0)
        return 0;
    struct own_records own = {.records = records, .texts = texts, .n = n};
    int rc = office_say(daemon_office(l->d), first->has_about ? &first->about : NULL, &own, l->now,
                        &number);
    for (size_t k = 0; k < n && rc == 0; k++)
        l->at[at[k]].n = number + k;
    return rc;
}

static json_t *said(const struct lines *l, bool check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->n; i++) {
        const struct line *x = &l->at[i];
        json_t *j = json_pack("{s:I,s:o,s:b,s:O}", "line", (json_int_t)i + 1, "act",
                              view_id(x->act), "again", x->again, "findings", x->findings);
        if (!check)
            json_object_set_new(j, "n", json_integer((json_int_t)x->n));
        json_object_set_new(j, "match", json_boolean(x->matches));
        if (x->need)
            json_object_set(j, "need", x->need);
        if (x->read)
            json_object_set(j, "read", x->read);
        if (x->ask)
            json_object_set(j, "ask", x->ask);
        if (x->newer != ENTRY_NONE)
            json_object_set_new(j, "newer", view_statement(daemon_office(l->d), x->newer));
        json_array_append_new(list, j);
    }
    return list;
}

static bool read_lines(struct lines *l, struct bytes body, struct http_reply *a)
{
    for (size_t i = 0; i < body.n;) {
        size_t end = i;
        while (end < body.n && body.at[end] != '\n')
            end++;
        size_t n = end - i - (end > i && body.at[end - 1] == '\r');
        if (n > 0 && l->n == LINES_MAX) {
            http_refuse(a, 413, "more than 2000 lines at once: send them in parts");
            return false;
        }
        if (n > 0 && !read_line(l, bytes_of(body.at + i, n), a))
            return false;
        i = end + 1;
    }
    return true;
}

// By the socket comes who sits at this machine; by TCP whoever the setting says. What the peer's
// address looks like decides nothing.
enum how says_how(struct daemon *d, const struct http_request *q)
{
    static const enum how by_access[] = {
        [ACCESS_DESK] = HOW_DESK, [ACCESS_LAN] = HOW_LAN, [ACCESS_HOSTED] = HOW_HOSTED};
    return q->local ? HOW_DESK : by_access[config_number(daemon_config(d), SETTING_HTTP_ACCESS)];
}

void route_say_lines(struct daemon *d, const struct http_request *q, struct http_reply *a,
                     const struct say_options *s)
{
    struct lines l = {.d = d, .options = s, .now = daemon_now(), .how = says_how(d, q)};
    l.q = q;
    l.restricted = people_restricted(q);
    int64_t wait = office_wait(daemon_office(d), l.now);
    int rc = 0;
    l.at = calloc(LINES_MAX, sizeof *l.at);
    l.said = calloc(LINES_MAX, sizeof *l.said);
    if (!l.at || !l.said)
        abort();
    if (wait > 0 && !s->check) {
        reply_json(a, json_pack("{s:s,s:I}", "error",
                                "waiting for the parent, which may hold statements of this unit; "
                                "say that there is no line to go on without it",
                                "wait_ms", (json_int_t)wait));
        a->status = 503;
    } else if (read_lines(&l, q->body, a)) {
        for (size_t from = 0; from < l.n && rc == 0 && !s->check;)
            rc = say_some(&l, &from);
        if (rc < 0)
            daemon_refuse(a, rc);
        else
            reply_json(a, json_pack("{s:b,s:o}", "ok", 1, "said", said(&l, s->check)));
        if (!s->check)
            daemon_turned(d, rc);
    }
    for (size_t i = 0; i < l.n; i++) {
        free(l.at[i].record);
        free(l.at[i].salted);
        json_decref(l.at[i].findings);
        json_decref(l.at[i].need);
        json_decref(l.at[i].read);
        json_decref(l.at[i].ask);
    }
    free(l.at);
    free(l.said);
}

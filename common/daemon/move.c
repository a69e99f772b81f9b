// move.c - a statement to the place it belongs to: taken back here and said there, in one append.
#include "commands.h"
#include "common/base/clock.h"
#include "common/election/ballot.h"
#include "common/office/view.h"
#include "common/office/words.h"
#include <errno.h>
#include <string.h>

enum { FORM_MAX = 2048, WRONG_PLACE = 2 }; // the reason that `void` gives

struct move {
    char room[FORM_MAX];
    struct bytes act, to, contest, by;
    uint32_t entry, ballot;
    struct record from, there, back; // as it stands; as it will stand; what takes it back
    uint8_t buffers[2][RECORD_MAX];
    uint8_t salted[SALT_SIZE + ATTACHMENT_MAX];
    size_t n_salted;
};

static const char *read_form(const struct http_request *q, struct move *m)
{
    struct form form;
    struct form_field f;
    int rc;
    form_init(&form, q->body, m->room, sizeof m->room);
    while ((rc = form_next(&form, &f)) == 1) {
        struct bytes v = bytes_of(f.value, f.n_value);
        struct bytes *to = strcmp(f.name, "act") == 0       ? &m->act
                           : strcmp(f.name, "to") == 0      ? &m->to
                           : strcmp(f.name, "contest") == 0 ? &m->contest
                           : strcmp(f.name, "by") == 0      ? &m->by
                                                            : NULL;
        if (to)
            *to = v;
    }
    m->by = people_by(q, m->by);
    return rc < 0 || m->to.n > CODE_MAX || m->by.n > PERSON_MAX ? "no_form" : NULL;
}

// What is moved: this unit's own statement, which stands.
static const char *find_statement(const struct office *o, struct move *m, bool local)
{
    const struct fold *f = office_fold(o);
    const char *why;
    uint64_t act;
    uint32_t home = f ? plan_unit_of(f->plan, code_bytes(&office_identity(o)->unit)) : PLAN_NONE;
    m->entry = home == PLAN_NONE || parse_act(m->act, &act) < 0 ? ENTRY_NONE
                                                                : fold_find(f, home, act);
    if (m->entry == ENTRY_NONE || !view_statement_shown(f, m->entry, local) ||
        record_decode(&m->from, fold_bytes(f, m->entry), &why) < 0)
        return "move_no_statement";
    if (f->entries[m->entry].by_parent)
        return "move_not_own";
    if (fold_replaced(f, m->entry))
        return "move_replaced";
    return m->from.kind == KIND_VOID || m->from.kind == KIND_SEALED ? "move_not_this" : NULL;
}

// The same kind of contest at the other place, or the one that is named.
static const char *find_place(const struct office *o, struct move *m, bool local)
{
    const struct plan *p = office_plan(o);
    uint32_t unit = plan_unit_of(p, m->to), from = plan_contest_of(p, m->from.contest);
    uint32_t own = plan_unit_of(p, code_bytes(&office_identity(o)->unit)), n = 0;
    m->ballot = PLAN_NONE;
    if (unit == PLAN_NONE || !plan_below(p, unit, own))
        return "move_no_place";
    if (!fold_of_a_ballot(m->from.kind))
        return NULL;
    const struct plan_unit *u = &p->units[unit];
    for (uint32_t b = u->first_ballot; b < u->first_ballot + u->n_ballots; b++) {
        const struct plan_contest *k = &p->contests[p->ballots[b].contest];
        bool fits = m->contest.n > 0 ? bytes_same(k->code, m->contest)
                                     : from == PLAN_NONE || k->kind == p->contests[from].kind;
        fits = fits && view_shown(p, k->kind, local);
        m->ballot = fits ? b : m->ballot;
        n += fits;
    }
    return n == 1 ? NULL : n == 0 ? "move_no_contest" : "move_which_contest";
}

static const char *compose(const struct office *o, struct move *m, struct moment now)
{
    const struct plan *p = office_plan(o);
    struct bytes salted = view_salted(o, m->entry);
    m->there = m->from;
    m->there.act = clock_random64();
    m->there.entered = now.wall;
    m->there.by = m->by;
    m->there.plan = p->version;
    m->there.n_replaces = 0;
    m->there.subject = m->to;
    if (m->ballot != PLAN_NONE)
        m->there.contest = p->contests[p->ballots[m->ballot].contest].code;
    if (m->there.kind == KIND_TALLY)
        m->there.blob[TALLY_DEFINITION] =
            bytes_of(p->contests[p->ballots[m->ballot].contest].definition, 8);
    m->back = (struct record){.act = clock_random64(), .kind = KIND_VOID, .at = now.wall};
    m->back.entered = now.wall;
    m->back.by = m->by;
    m->back.how = m->from.how;
    m->back.plan = p->version;
    m->back.subject = m->from.subject;
    m->back.contest = m->from.contest;
    m->back.n_replaces = 1;
    m->back.replaces[0] = m->from.act;
    m->back.number[VOID_REASON] = WRONG_PLACE;
    m->back.blob[VOID_MOVED_TO] = m->to;
    if (record_commitment(&m->from) && salted.n == 0)
        return "move_no_text";
    if (salted.n > 0)
        memcpy(m->salted, salted.at, salted.n);
    m->n_salted = salted.n;
    return NULL;
}

static int say(struct daemon *d, struct move *m, struct moment now, const char **ret_why)
{
    struct bytes records[2], texts[2] = {{0}, bytes_of(m->salted, m->n_salted)};
    const struct record *both[2] = {&m->back, &m->there};
    uint64_t n;
    for (unsigned i = 0; i < 2; i++) {
        int size = record_encode(both[i], m->buffers[i], sizeof m->buffers[i], ret_why);
        if (size < 0)
            return -EINVAL;
        records[i] = bytes_of(m->buffers[i], (size_t)size);
    }
    return office_say(daemon_office(d), NULL,
                      &(struct own_records){.records = records, .texts = texts, .n = 2}, now, &n);
}

void route_move(struct daemon *d, const struct http_request *q, struct http_reply *a)
{
    static struct move m; // one request at a time
    struct office *o = daemon_office(d);
    struct moment now = daemon_now();
    struct finding at[FINDINGS_MAX];
    struct findings found = {.at = at};
    memset(&m, 0, sizeof m);
    const char *why = read_form(q, &m);
    why = why ? why : find_statement(o, &m, people_restricted(q));
    why = why ? why : find_place(o, &m, people_restricted(q));
    why = why ? why : compose(o, &m, now);
    if (why) {
        http_refuse(a, 422, why);
        return;
    }
    if (m.from.kind == KIND_TALLY && !people_confirmed(q, a)) // as where it is typed
        return;
    if (m.ballot != PLAN_NONE)
        ballot_try(office_fold(o), m.ballot, &m.there, false, &found);
    json_t *findings = says_findings(o, &m.there, at, found.n);
    int rc = say(d, &m, now, &why);
    daemon_turned(d, rc == -EINVAL ? 0 : rc);
    if (rc == 0)
        reply_json(a, json_pack("{s:b,s:o,s:O}", "ok", 1, "act", view_id(m.there.act), "findings",
                                findings));
    else if (rc == -EINVAL)
        http_refuse(a, 422, why);
    else
        daemon_refuse(a, rc);
    json_decref(findings);
}

// release.c - bulletins that a hub released: kept as sent, numbered, with what they rest on.
#include "release.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 10000 };

// A statement of this hub in its own reports, in whatever incarnation, also where nobody admits it.
static bool own_statement(const struct office *o, uint32_t entry)
{
    const struct fold *f = office_fold(o);
    const struct fold_log *l = &f->logs[f->entries[entry].log];
    return l->stream == STREAM_REPORTS && code_same(&l->author, &office_identity(o)->unit) &&
           l->home != PLAN_NONE && !l->by_parent;
}

static bool names_act(const struct record *r, uint64_t act)
{
    for (unsigned i = 0; i < r->n_replaces; i++)
        if (r->replaces[i] == act)
            return true;
    return false;
}

// The latest word about it by the time it states; of two at one time the more cautious.
static void judge(const struct office *o, struct release *ret)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    int64_t at = INT64_MIN;
    ret->state = RELEASE_VALID;
    ret->why = bytes_of(NULL, 0);
    for (uint32_t i = 0; i < f->n_entries && ret->state != RELEASE_WITHDRAWN; i++) {
        unsigned kind = f->entries[i].kind;
        if ((kind != KIND_PAUSE && kind != KIND_RESUME && kind != KIND_VOID) ||
            !own_statement(o, i) || record_decode(&r, fold_bytes(f, i), &why) < 0)
            continue;
        if (kind == KIND_VOID && names_act(&r, ret->act)) {
            ret->state = RELEASE_WITHDRAWN;
            ret->why = r.why;
        } else if (kind != KIND_VOID && r.number[PAUSE_NUMBER] == ret->number &&
                   (r.at > at || (r.at == at && kind == KIND_PAUSE))) {
            at = r.at;
            ret->state = kind == KIND_PAUSE ? RELEASE_PAUSED : RELEASE_VALID;
            ret->why = kind == KIND_PAUSE ? r.why : bytes_of(NULL, 0);
        }
    }
}

static bool read_release(const struct office *o, uint32_t entry, struct release *ret)
{
    const struct fold *f = office_fold(o);
    struct record r;
    const char *why;
    if (f->entries[entry].kind != KIND_BULLETIN || !own_statement(o, entry) ||
        record_decode(&r, fold_bytes(f, entry), &why) < 0)
        return false;
    *ret = (struct release){.act = r.act,
                            .number = (unsigned)r.number[BULLETIN_NUMBER],
                            .cutoff = (unsigned)r.number[BULLETIN_CUTOFF],
                            .at = r.at,
                            .by = r.by,
                            .hash = r.blob[BULLETIN_HASH],
                            .positions = r.blob[BULLETIN_POSITIONS],
                            .text = r.blob[BULLETIN_CONTENT]};
    return true;
}

bool release_each(const struct office *o, uint32_t *at, struct release *ret)
{
    const struct fold *f = office_fold(o);
    while (f && *at < f->n_entries)
        if (read_release(o, (*at)++, ret)) {
            judge(o, ret);
            return true;
        }
    return false;
}

bool release_find(const struct office *o, unsigned number, struct release *ret)
{
    uint32_t at = 0;
    while (release_each(o, &at, ret))
        if (ret->number == number)
            return true;
    return false;
}

bool release_of_act(const struct office *o, uint64_t act, struct release *ret)
{
    uint32_t at = 0;
    while (release_each(o, &at, ret))
        if (ret->act == act)
            return true;
    return false;
}

unsigned release_next_number(const struct office *o)
{
    struct release r;
    uint32_t at = 0;
    unsigned most = 0;
    while (release_each(o, &at, &r))
        most = r.number > most ? r.number : most;
    return most + 1;
}

bool release_before(const struct office *o, unsigned cutoff, struct release *ret)
{
    struct release r;
    uint32_t at = 0;
    bool found = false;
    while (release_each(o, &at, &r)) {
        if (r.cutoff > cutoff || r.state == RELEASE_WITHDRAWN || (found && r.number < ret->number))
            continue;
        *ret = r;
        found = true;
    }
    return found;
}

// ---- positions ----

static int by_incarnation(const void *a, const void *b)
{
    const struct log_head *x = *(const struct log_head *const *)a,
                          *y = *(const struct log_head *const *)b;
    return x->id.incarnation < y->id.incarnation ? -1 : x->id.incarnation > y->id.incarnation;
}

size_t release_positions(const struct office *o, uint8_t to[BULLETIN_MAX])
{
    const struct log_table *t = office_logs(o);
    const struct log_head **heads = calloc(t->n + 1, sizeof *heads);
    struct packer p;
    uint32_t n = 0;
    if (!heads)
        abort();
    for (uint32_t i = 0; i < t->n; i++)
        if (t->at[i].n > 0)
            heads[n++] = &t->at[i];
    qsort(heads, n, sizeof *heads, by_incarnation);
    pack_init(&p, to, BULLETIN_MAX);
    pack_array(&p, n);
    for (uint32_t i = 0; i < n; i++) {
        pack_array(&p, 2);
        pack_uint(&p, heads[i]->id.incarnation);
        pack_uint(&p, heads[i]->n);
    }
    free(heads);
    return packed(&p).n;
}

// By log of the table, how far it was held; false: the positions say nothing.
static bool read_positions(const struct office *o, struct bytes positions, uint64_t *upto)
{
    const struct log_table *t = office_logs(o);
    struct cursor c;
    if (positions.n == 0)
        return false;
    cursor_init(&c, positions);
    size_t n = take_array(&c, 0, BULLETIN_MAX);
    for (size_t i = 0; i < n && !c.bad; i++) {
        take_array(&c, 2, 2);
        uint64_t incarnation = take_uint(&c, UINT64_MAX), held = take_uint(&c, UINT64_MAX);
        for (uint32_t l = 0; l < t->n; l++)
            if (t->at[l].id.incarnation == incarnation)
                upto[l] = held;
    }
    return cursor_ok(&c);
}

// ---- as it stood then ----

bool release_past(struct office *o, const struct release *r, struct past *ret, int *ret_rc)
{
    past_init(ret, o);
    *ret_rc = 0;
    if (read_positions(o, r->positions, ret->upto)) {
        *ret_rc = past_fold(ret, o);
        if (*ret_rc == 0)
            return true;
    }
    past_close(ret);
    return false;
}

// What the bulletin says of the release before it.
static int changes_since(struct office *o, const struct bulletin *b, const struct release *r,
                         char *to)
{
    struct past past;
    struct bulletin_before before = {.number = r->number, .cutoff = r->cutoff, .text = r->text};
    int rc;
    if (before.cutoff > b->fold->plan->n_cutoffs)
        before.cutoff = 0; // of a plan that had more of them
    bool known = release_past(o, r, &past, &rc);
    before.fold = known ? &past.fold : NULL;
    if (rc == 0)
        rc = bulletin_changes(b, &before, to, BULLETIN_CHANGES_MAX);
    if (known)
        past_close(&past);
    return rc;
}

// ---- saying ----

static int say(struct office *o, const struct record *r, struct moment now)
{
    uint8_t *buffer = malloc(RECORD_MAX);
    const char *why;
    uint64_t n;
    if (!buffer)
        abort();
    int rc = record_encode(r, buffer, RECORD_MAX, &why);
    if (rc > 0) {
        struct bytes b = bytes_of(buffer, (size_t)rc);
        rc = office_say(o, NULL, &(struct own_records){.records = &b, .n = 1}, now, &n);
    }
    free(buffer);
    return rc;
}

static struct record blank(const struct office *o, unsigned kind, uint64_t act, struct moment now)
{
    struct record r = {.act = act, .kind = kind, .at = now.wall, .entered = now.wall};
    r.how = HOW_DESK;
    r.plan = office_plan(o)->version;
    r.subject = code_bytes(&office_identity(o)->unit);
    return r;
}

static int say_release(struct office *o, const struct release_ask *ask, unsigned number,
                       struct bytes text)
{
    uint8_t hash[HASH_SIZE], positions[BULLETIN_MAX];
    struct record r = blank(o, KIND_BULLETIN, ask->act, ask->now);
    r.by = ask->by;
    r.number[BULLETIN_NUMBER] = number;
    r.number[BULLETIN_CUTOFF] = ask->cutoff;
    hash_of(text, hash);
    r.blob[BULLETIN_HASH] = bytes_of(hash, HASH_SIZE);
    r.blob[BULLETIN_POSITIONS] = bytes_of(positions, release_positions(o, positions));
    r.blob[BULLETIN_CONTENT] = text;
    return say(o, &r, ask->now);
}

int release_make(struct office *o, const struct release_ask *ask, unsigned *ret_number)
{
    char text[BULLETIN_TEXT_MAX + 1], changes[BULLETIN_CHANGES_MAX];
    struct release before;
    // What came before is committed first, so that positions and figures are of the same moment.
    int rc = office_turn(o, ask->now);
    const struct plan *p = office_plan(o);
    if (rc < 0 || !p)
        return rc < 0 ? rc : -ENOENT;
    struct bulletin b = {.fold = office_fold(o), .cutoff = ask->cutoff, .now = ask->now.wall};
    b.unit = plan_unit_of(p, code_bytes(&office_identity(o)->unit));
    b.drill = office_identity(o)->drill;
    b.statistics = ask->statistics;
    b.number = release_next_number(o);
    if (b.unit == PLAN_NONE || b.number > NUMBER_MAX)
        return b.unit == PLAN_NONE ? -ENOENT : -ERANGE;
    if (release_before(o, ask->cutoff, &before)) {
        rc = changes_since(o, &b, &before, changes);
        if (rc < 0)
            return rc;
        b.changes = bytes_of(changes, (size_t)rc);
    }
    rc = bulletin_write(&b, BULLETIN_TEXT, text, sizeof text);
    if (rc > 0)
        rc = say_release(o, ask, b.number, bytes_of(text, (size_t)rc));
    *ret_number = b.number;
    return rc;
}

int release_word(struct office *o, unsigned kind, unsigned number, struct bytes by,
                 struct bytes why, uint64_t act, struct moment now)
{
    struct release found;
    if (!office_plan(o) || !release_find(o, number, &found))
        return -ENOENT;
    assert(kind == KIND_PAUSE || kind == KIND_RESUME || kind == KIND_VOID);
    struct record r = blank(o, kind, act, now);
    r.by = by;
    r.why = why;
    if (kind == KIND_VOID)
        r.replaces[r.n_replaces++] = found.act;
    else
        r.number[PAUSE_NUMBER] = number;
    return say(o, &r, now);
}

// seal.c - a unit's figures are sealed: a numbered statement that names the head of its own reports.
#include "seal.h"
#include "past.h"
#include <errno.h>
#include <string.h>

enum { NUMBER_MAX = 1000 };

static bool read_seal(const struct office *o, uint32_t entry, struct seal *ret)
{
    const struct fold *f = office_fold(o);
    const struct fold_log *l = &f->logs[f->entries[entry].log];
    struct record r;
    const char *why;
    if (f->entries[entry].kind != KIND_SEALED || l->stream != STREAM_REPORTS ||
        !code_same(&l->author, &office_identity(o)->unit) ||
        record_decode(&r, fold_bytes(f, entry), &why) < 0)
        return false;
    *ret = (struct seal){.number = (unsigned)r.number[SEALED_NUMBER],
                         .act = r.act,
                         .n = r.number[SEALED_N],
                         .at = r.at,
                         .by = r.by,
                         .entry = entry};
    memcpy(ret->hash, r.blob[SEALED_HASH].at, HASH_SIZE);
    return true;
}

bool seal_each(const struct office *o, uint32_t *at, struct seal *ret)
{
    const struct fold *f = office_fold(o);
    while (f && *at < f->n_entries)
        if (read_seal(o, (*at)++, ret))
            return true;
    return false;
}

bool seal_find(const struct office *o, unsigned number, struct seal *ret)
{
    struct seal s;
    uint32_t at = 0;
    bool found = false;
    while (seal_each(o, &at, &s)) {
        if (number != 0 ? s.number != number : found && s.number < ret->number)
            continue;
        *ret = s;
        found = true;
    }
    return found;
}

static bool of_act(const struct office *o, uint64_t act, struct seal *ret)
{
    uint32_t at = 0;
    while (seal_each(o, &at, ret))
        if (ret->act == act)
            return true;
    return false;
}

// The head is the one that is committed at this moment, and the seal is the next record.
static int say_seal(struct office *o, struct record *r, struct moment now)
{
    const struct log_head *h = &office_logs(o)->at[office_own_log(o)];
    uint8_t buffer[1024], hash[HASH_SIZE];
    const char *why;
    uint64_t n;
    memcpy(hash, h->hash, HASH_SIZE);
    r->number[SEALED_N] = h->n;
    r->blob[SEALED_HASH] = bytes_of(hash, HASH_SIZE);
    int size = record_encode(r, buffer, sizeof buffer, &why);
    if (size < 0)
        return -EINVAL;
    struct bytes b = bytes_of(buffer, (size_t)size);
    return office_say(o, NULL, &(struct own_records){.records = &b, .n = 1}, now, &n);
}

int seal_make(struct office *o, const struct seal_ask *ask, struct seal *ret)
{
    // What came before is a turn of its own, also the copies with which a new incarnation begins.
    int rc = office_turn(o, ask->now);
    const struct plan *p = office_plan(o);
    struct seal last = {.number = 0};
    if (rc < 0 || !p)
        return rc < 0 ? rc : -ENOENT;
    if (of_act(o, ask->act, ret))
        return 0;
    uint32_t log = office_own_log(o);
    seal_find(o, 0, &last);
    if (log == LOG_NONE || office_logs(o)->at[log].n == 0 || last.number == NUMBER_MAX)
        return last.number == NUMBER_MAX ? -ERANGE : -ENODATA;
    struct record r = {.act = ask->act, .kind = KIND_SEALED, .by = ask->by, .how = ask->how};
    r.at = r.entered = ask->now.wall;
    r.plan = p->version;
    r.subject = code_bytes(&office_identity(o)->unit);
    r.number[SEALED_NUMBER] = last.number + 1;
    rc = say_seal(o, &r, ask->now);
    return rc == 0 && !of_act(o, ask->act, ret) ? -EIO : rc;
}

// Behind the seal in every log that has both; copies of a new incarnation keep the order of their log.
static bool behind(const struct fold *f, uint32_t entry, uint32_t seal)
{
    bool found = false;
    for (uint32_t i = f->entries[entry].occurrences; i != ENTRY_NONE; i = f->occurrences[i].next)
        for (uint32_t k = f->entries[seal].occurrences; k != ENTRY_NONE;
             k = f->occurrences[k].next) {
            if (f->occurrences[i].log != f->occurrences[k].log)
                continue;
            if (f->occurrences[i].n <= f->occurrences[k].n)
                return false;
            found = true;
        }
    return found;
}

unsigned seal_before(const struct fold *f, uint32_t entry)
{
    uint32_t home = f->logs[f->entries[entry].log].home, slot;
    unsigned newest = 0;
    for (unsigned n = 1; home != PLAN_NONE && n <= NUMBER_MAX &&
                         (slot = fold_slot_of(f, KIND_SEALED, n, home)) != ENTRY_NONE;
         n++)
        for (uint32_t e = f->slots[slot].first_entry; e != ENTRY_NONE;
             e = f->entries[e].next_of_slot)
            if (behind(f, entry, e))
                newest = n;
    return newest;
}

// Own logs up to the seal where it stands in them, whole where it does not: those are older. Of what
// the parent says of the unit the seal names no position: what was entered before it counts.
int seal_past(struct office *o, const struct seal *s, struct past *ret)
{
    const struct fold *f = office_fold(o);
    const struct log_table *t = office_logs(o);
    past_init(ret, o);
    ret->until = s->at;
    for (uint32_t i = 0; i < t->n; i++)
        ret->upto[i] = t->at[i].n;
    for (uint32_t k = f->entries[s->entry].occurrences; k != ENTRY_NONE; k = f->occurrences[k].next)
        ret->upto[f->occurrences[k].log] = f->occurrences[k].n - 1;
    return past_fold(ret, o);
}

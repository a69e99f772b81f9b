// erasing.c - texts that a parent had erased: taken out of the runs that are here, and of those that come.
//
// The record keeps its commitment, so no chain breaks. Which texts are erased is a function of the `erase`
// records held and the plan, learned again at each start; a store that gets a text back, from a child that
// has not heard of it or from an old copy, drops it before the commit.
#include "inside.h"
#include "proto/mutant.h"
#include <errno.h>
#include <string.h>

enum { ERASE_MAX = 64 }; // statements of one act: the fold takes no more

void erasing_learn(struct office *o, const struct log_id *log, const struct record *r)
{
    o->erased = grown(o->erased, o->n_erased, &o->cap_erased, sizeof *o->erased);
    struct erased *e = &o->erased[o->n_erased++];
    *e = (struct erased){.about = log->about, .by = log->author};
    memcpy(e->text, r->blob[ERASE_TEXT].at, HASH_SIZE);
    o->erase_due = true;
}

void erasing_forget(struct office *o)
{
    o->n_erased = 0;
}

bool office_erased(const struct office *o, const struct code *about, const uint8_t text[HASH_SIZE])
{
    for (uint32_t i = 0; i < o->n_erased; i++)
        if (memcmp(o->erased[i].text, text, HASH_SIZE) == 0 &&
            code_same(&o->erased[i].about, about) &&
            keyring_above(o, &o->erased[i].by, &o->erased[i].about))
            return true;
    return false;
}

// Copies what is to stay; false: nothing went.
static bool drop_erased(const struct office *o, const struct code *about, struct bytes texts,
                        struct packer *left)
{
    struct cursor c;
    struct bytes salted;
    uint8_t text[HASH_SIZE];
    uint64_t n;
    bool went = false;
    cursor_init(&c, texts);
    for (const uint8_t *from = c.at; texts_next(&c, &n, &salted); from = c.at) {
        text_commit(salted.at, bytes_of(salted.at + SALT_SIZE, salted.n - SALT_SIZE), text);
        if (office_erased(o, about, text))
            went = true;
        else
            pack_raw(left, bytes_of(from, (size_t)(c.at - from)));
    }
    return went;
}

struct bytes erasing_left(const struct office *o, const struct code *about, struct bytes texts)
{
    static uint8_t left[RUN_BYTES_MAX];
    struct packer p;
    pack_init(&p, left, sizeof left);
    if (texts.n == 0 || o->n_erased == 0 || MUTANT(erased_text_comes_back))
        return texts;
    return drop_erased(o, about, texts, &p) ? packed(&p) : texts;
}

static bool is_due(const struct office *o, const struct code *about)
{
    for (uint32_t i = 0; i < o->n_erased; i++)
        if (!o->erased[i].done && code_same(&o->erased[i].about, about))
            return true;
    return false;
}

static int erase_in(struct office *o, uint32_t log)
{
    static uint8_t left[RUN_BYTES_MAX];
    struct stored_run r;
    struct packer p;
    int rc = 0;
    for (uint64_t after = 0; rc == 0; after = r.last) {
        rc = store_read(o->store, log, after, &r);
        pack_init(&p, left, sizeof left);
        if (rc < 0 || r.texts.n == 0 || !drop_erased(o, &o->logs.at[log].id.about, r.texts, &p))
            continue;
        rc = book_begin(o);
        if (rc == 0 && !MUTANT(erase_leaves_text))
            rc = store_set_texts(o->store, log, r.first, packed(&p));
    }
    return rc == -ENOENT ? 0 : rc;
}

int erasing_do(struct office *o)
{
    int rc = 0;
    for (uint32_t l = 0; l < o->logs.n && rc == 0 && o->erase_due; l++)
        if (is_due(o, &o->logs.at[l].id.about))
            rc = erase_in(o, l);
    for (uint32_t i = 0; i < o->n_erased && rc == 0; i++)
        o->erased[i].done = true;
    o->erase_due = o->erase_due && rc < 0;
    return rc;
}

// Several statements may bear the name of one act.
static unsigned texts_of(const struct office *o, const struct erase_order *x,
                         uint8_t texts[ERASE_MAX][HASH_SIZE])
{
    struct record said;
    const char *why;
    const uint8_t *text;
    unsigned n = 0;
    uint32_t home = o->plan ? plan_unit_of(o->plan, code_bytes(&x->unit)) : PLAN_NONE;
    for (uint32_t e = home == PLAN_NONE ? ENTRY_NONE : fold_find(&o->fold, home, x->act);
         e != ENTRY_NONE && n < ERASE_MAX; e = o->fold.entries[e].next_of_name)
        if (record_decode(&said, fold_bytes(&o->fold, e), &why) == 0 &&
            (text = record_commitment(&said)) != NULL)
            memcpy(texts[n++], text, HASH_SIZE);
    return n;
}

int office_erase(struct office *o, const struct erase_order *x, struct moment now)
{
    uint8_t texts[ERASE_MAX][HASH_SIZE];
    unsigned n = texts_of(o, x, texts);
    int rc = n > 0 ? 0 : -ENOENT;
    for (unsigned i = 0; i < n && rc == 0; i++) {
        struct record r = duties_blank(o, KIND_ERASE, code_bytes(&x->unit), now);
        r.by = x->by;
        r.why = x->why;
        r.how = HOW_DESK;
        r.number[ERASE_OF] = x->act;
        r.blob[ERASE_TEXT] = bytes_of(texts[i], HASH_SIZE);
        rc = office_erased(o, &x->unit, texts[i]) ? 0 : says_record(o, &x->unit, &r, now);
    }
    return rc;
}

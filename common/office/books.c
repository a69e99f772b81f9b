// books.c - the office's table of logs: which heads, and the records it says itself.
#include "inside.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20, LARGE_BLOCK = 32 << 20 }; // bytes

// A large fold is looked into at places far from each other: in small pages each look misses the table of
// pages, too. A hint only; a node's block is never so large.
void *aligned_block(size_t n)
{
    size_t page = n >= LARGE_BLOCK ? LARGE_PAGE : 16;
    size_t size = (n + page - 1) & ~(page - 1);
    void *at = aligned_alloc(page, size);
    if (!at)
        abort();
    if (page == LARGE_PAGE)
        madvise(at, size, MADV_HUGEPAGE);
    return at;
}

void *grown(void *at, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return at;
    uint32_t more = *cap < 8 ? 8 : *cap * 2;
    void *to = realloc(at, more * size);
    if (!to)
        abort();
    memset((char *)to + *cap * size, 0, (more - *cap) * size);
    *cap = more;
    return to;
}

void list_add(struct log_list *l, uint32_t log)
{
    l->at = grown(l->at, l->n, &l->cap, sizeof *l->at);
    l->at[l->n++] = log;
}

// Order of sending up: own reports, then logs about units by depth, then units' reports. The plan
// goes down with the first.
static uint8_t rank_of(const struct office *o, const struct log_id *id)
{
    if (id->stream == STREAM_PLAN || code_same(&id->author, &o->id.unit))
        return id->stream == STREAM_ABOUT ? FLOW_RANK_ABOUT : FLOW_RANK_OWN;
    if (id->stream == STREAM_REPORTS)
        return FLOW_RANK_REPORTS;
    unsigned depth = 0;
    uint32_t u = o->plan ? plan_unit_of(o->plan, code_bytes(&id->about)) : PLAN_NONE;
    for (; u != PLAN_NONE && depth < FLOW_RANK_REPORTS - FLOW_RANK_ABOUT - 1; depth++)
        u = o->plan->units[u].parent;
    return (uint8_t)(FLOW_RANK_ABOUT + depth);
}

static struct log_units units_of(const struct office *o, const struct log_id *id)
{
    if (!o->plan)
        return (struct log_units){PLAN_NONE, PLAN_NONE};
    return (struct log_units){plan_unit_of(o->plan, code_bytes(&id->author)),
                              plan_unit_of(o->plan, code_bytes(&id->about))};
}

void book_ranks(struct office *o)
{
    for (uint32_t i = 0; i < o->logs.n; i++) {
        o->logs.at[i].rank = rank_of(o, &o->logs.at[i].id);
        o->log_units[i] = units_of(o, &o->logs.at[i].id);
    }
    o->up.shared = 0;
    for (uint32_t i = 0; i < o->n_seats; i++)
        o->seats[i]->shared = 0, o->seats[i]->marks_due = true;
    answers_stir_all(o);
}

static void more_logs(struct office *o)
{
    struct log_table old = o->logs;
    uint32_t cap = old.cap == 0 ? 64 : old.cap * 2;
    struct log_head *at = calloc(cap, sizeof *at);
    uint32_t *slots = malloc(2 * cap * sizeof *slots);
    struct book *books = calloc(cap, sizeof *books);
    o->log_units = realloc(o->log_units, cap * sizeof *o->log_units);
    if (!at || !slots || !books || !o->log_units)
        abort();
    logs_init(&o->logs, at, slots, cap);
    for (uint32_t i = 0; i < old.n; i++) {
        logs_add(&o->logs, &old.at[i].id);
        o->logs.at[i] = old.at[i];
        books[i] = o->books[i];
    }
    free(old.at);
    free(old.slots);
    free(o->books);
    o->books = books;
}

uint32_t book_log(struct office *o, const struct log_id *id, const uint8_t key[KEY_SIZE])
{
    uint32_t log = logs_find(&o->logs, id);
    if (log != LOG_NONE)
        return log;
    if (o->logs.n + 1 >= o->logs.cap)
        more_logs(o);
    log = logs_add(&o->logs, id);
    chains_add(&o->log_chains, bytes_hash(code_bytes(&id->author)));
    struct log_head *h = &o->logs.at[log];
    memcpy(o->books[log].key, key, KEY_SIZE);
    chain_start(o->id.election, id, key, h->hash);
    memcpy(h->next_hash, h->hash, HASH_SIZE);
    h->rank = rank_of(o, id);
    o->log_units[log] = units_of(o, id);
    if (id->stream == STREAM_REPORTS && id->incarnation == o->incarnation &&
        code_same(&id->author, &o->id.unit))
        o->own_log = log;
    return log;
}

int book_begin(struct office *o)
{
    o->slight = false;
    if (o->open)
        return 0;
    int rc = store_begin(o->store);
    o->open = rc == 0;
    return rc;
}

int book_begin_slight(struct office *o, struct moment now)
{
    if (o->open)
        return 0;
    int rc = book_begin(o);
    o->slight = rc == 0;
    o->slight_until = now.mono + SLIGHT_MS;
    return rc;
}

// Rows of logs stand in their order without gaps, so a log that came before and has no record yet
// gets its row too.
static int store_run(struct office *o, uint32_t log, const struct run *run, struct moment now)
{
    struct stored_run r = {.log = log, .first = run->first, .last = run->n, .at = now.wall};
    r.body = run->body;
    r.texts = erasing_left(o, &run->log.about, run->texts);
    int rc = book_begin(o);
    for (; rc == 0 && o->next_rows <= log; o->next_rows += rc == 0)
        rc = store_add_log(o->store, o->next_rows, &o->logs.at[o->next_rows].id,
                           o->books[o->next_rows].key);
    if (rc == 0)
        rc = store_append(o->store, &r);
    return rc;
}

int book_append(struct office *o, uint32_t log, const struct run *run, const uint8_t *hash,
                struct moment now)
{
    struct cursor c;
    struct bytes record;
    int rc = store_run(o, log, run, now);
    if (rc < 0) {
        o->failed = rc;
        return rc;
    }
    struct log_head *h = &o->logs.at[log];
    uint64_t n = run->first;
    if (!o->books[log].dirty)
        list_add(&o->dirty, log);
    o->books[log].dirty = true;
    o->books[log].grew_at = now.mono;
    h->next_n = run->n;
    memcpy(h->next_hash, hash, HASH_SIZE);
    answers_compare_marks(o, log, run->first - 1);
    cursor_init(&c, run->records);
    while (run_next(&c, &record))
        folding_record(o, log, n++, record);
    if (o->plan && h->id.stream != STREAM_PLAN)
        fold_held(&o->fold, log, run->n);
    struct child *child = duties_child(o, &h->id.about);
    if (child)
        child->maybe_changed = true;
    return 0;
}

// One log about each child and one plan log in this incarnation of the store, found again by their
// incarnations: derived from ours, so that nothing else needs to be remembered.
static uint64_t incarnation_of(const struct office *o, unsigned stream, const struct code *about)
{
    uint8_t hash[HASH_SIZE], buffer[128];
    uint64_t derived;
    struct packer p;
    if (stream == STREAM_REPORTS)
        return o->incarnation;
    pack_init(&p, buffer, sizeof buffer);
    pack_uint(&p, o->incarnation);
    pack_uint(&p, stream);
    pack_text(&p, code_bytes(about));
    hash_of(packed(&p), hash);
    memcpy(&derived, hash, sizeof derived);
    return derived | 1;
}

uint32_t book_own(struct office *o, unsigned stream, const struct code *about)
{
    struct log_id id = {.author = o->id.unit, .about = *about, .stream = stream};
    id.incarnation = incarnation_of(o, stream, about);
    return book_log(o, &id, o->id.key);
}

bool book_is_current(const struct office *o, const struct log_id *id)
{
    return code_same(&id->author, &o->id.unit) &&
           id->incarnation == incarnation_of(o, id->stream, &id->about);
}

bool book_is_later(const struct office *o)
{
    return o->incarnation != o->id.incarnation;
}

void book_renew(struct office *o)
{
    o->incarnation = o->setup.doors.random(o->setup.doors.ctx);
    o->own_log = LOG_NONE;
    o->renewed = o->copies_due = o->unsaved = true;
    for (uint32_t i = 0; i < o->n_children; i++) { // summaries and plan parts are said anew
        struct child *c = &o->children[i];
        memset(c->plan_hash, 0, HASH_SIZE);
        c->summed.n = 0;
        c->summed_n = 0;
        c->maybe_changed = c->plan_due = true;
    }
}

static void pack_texts(const struct own_records *r, size_t from, size_t to, uint64_t first,
                       struct packer *p)
{
    for (size_t i = from; i < to && r->texts; i++) {
        if (r->texts[i].n == 0)
            continue;
        pack_array(p, 2);
        pack_uint(p, first + i - from);
        pack_bin(p, r->texts[i]);
    }
}

int book_say(struct office *o, uint32_t log, const struct own_records *r, struct moment now,
             uint64_t *ret_n)
{
    static uint8_t body[RUN_BYTES_MAX + 256], texts[RUN_BYTES_MAX];
    *ret_n = o->logs.at[log].next_n + 1;
    // A tier that is ahead holds other records than these.
    for (unsigned k = 0; k < SIGNERS_MAX; k++)
        if (o->books[log].marked[k] >= *ret_n)
            o->books[log].marked[k] = 0;
    for (size_t i = 0; i < r->n;) {
        struct run_writer w;
        struct run run = {.log = o->logs.at[log].id};
        struct packer p;
        const char *why;
        size_t from = i, room = RUN_BYTES_MAX;
        run_begin(&w, body, sizeof body, o->logs.at[log].next_n, o->logs.at[log].next_hash);
        for (; i < r->n; i++) {
            size_t n = r->records[i].n + 8 + (r->texts && r->texts[i].n ? r->texts[i].n + 16 : 0);
            if (n > room - 256 || run_add(&w, r->records[i]) < 0)
                break;
            room -= n;
        }
        assert(i > from);
        pack_init(&p, texts, sizeof texts);
        pack_texts(r, from, i, w.first, &p);
        struct bytes b = run_end(&w, o->id.election, &run.log, o->id.secret);
        int rc = run_decode(&run, b, &why);
        assert(rc == 0 && !p.full);
        run.texts = packed(&p);
        rc = book_append(o, log, &run, w.hash, now);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int book_heads(struct office *o)
{
    int rc = o->unsaved ? store_put(o->store, "incarnation",
                                    bytes_of(&o->incarnation, sizeof o->incarnation))
                        : 0;
    for (uint32_t i = 0; i < o->dirty.n && rc == 0; i++) {
        const struct log_head *h = &o->logs.at[o->dirty.at[i]];
        rc = store_head(o->store, o->dirty.at[i], h->next_n, h->next_hash);
    }
    return rc;
}

// frame.c - the frames of a session as structs and bytes, with every limit.
#include "frame.h"
#include <errno.h>
#include <string.h>

static void head(struct packer *p, size_t n, enum frame_kind kind, uint64_t session)
{
    pack_array(p, n);
    pack_uint(p, kind);
    pack_uint(p, session);
}

void frame_hello(struct packer *p, const struct frame *f)
{
    head(p, 11, FRAME_HELLO, f->session);
    pack_uint(p, f->lowest);
    pack_uint(p, f->highest);
    pack_bin(p, bytes_of(f->election, ELECTION_SIZE));
    pack_text(p, code_bytes(&f->unit));
    pack_uint(p, f->store);
    pack_uint(p, f->boot);
    pack_uint(p, (uint64_t)f->clock);
    pack_uint(p, f->plan);
    pack_text(p, f->program);
}

void frame_have(struct packer *p, const struct frame *f, size_t n_items)
{
    head(p, 6, FRAME_HAVE, f->session);
    pack_uint(p, f->seen);
    pack_uint(p, f->credit);
    pack_uint(p, f->last);
    pack_array(p, n_items);
}

void frame_have_item(struct packer *p, const struct log_id *log, uint64_t n, const uint8_t *hash)
{
    pack_array(p, 6);
    log_pack(p, log);
    pack_uint(p, n);
    pack_bin(p, bytes_of(hash, HASH_SIZE));
}

void frame_run(struct packer *p, uint64_t session, const struct log_id *log, size_t n_items)
{
    head(p, 7, FRAME_RUN, session);
    log_pack(p, log);
    pack_array(p, n_items);
}

void frame_run_item(struct packer *p, struct bytes body, struct bytes texts)
{
    pack_array(p, 2);
    pack_bin(p, body);
    pack_bin(p, texts);
}

void frame_mark(struct packer *p, uint64_t session, size_t n_items)
{
    head(p, 3, FRAME_MARK, session);
    pack_array(p, n_items);
}

void frame_beat(struct packer *p, const struct frame *f, size_t n_items)
{
    head(p, 8, FRAME_BEAT, f->session);
    pack_uint(p, (uint64_t)f->clock);
    pack_uint(p, f->backlog);
    pack_uint(p, f->free_disk);
    pack_uint(p, f->taking);
    pack_bin(p, bytes_of(f->plan_hash, HASH_SIZE));
    pack_array(p, n_items);
}

void frame_beat_item(struct packer *p, const struct frame_link *l)
{
    pack_array(p, 3);
    pack_text(p, code_bytes(&l->unit));
    pack_uint(p, l->word);
    pack_uint(p, (uint64_t)l->since);
}

void frame_enrol(struct packer *p, uint64_t session, struct bytes certificate)
{
    head(p, 3, FRAME_ENROL, session);
    pack_bin(p, certificate);
}

void frame_enrolled(struct packer *p, uint64_t session, enum enrolled taken, const char *reason)
{
    head(p, 4, FRAME_ENROLLED, session);
    pack_uint(p, taken);
    pack_text(p, bytes_text(reason));
}

void frame_bye(struct packer *p, uint64_t session, const char *reason)
{
    head(p, 3, FRAME_BYE, session);
    pack_text(p, bytes_text(reason));
}

bool frame_next_have(struct cursor *items, struct have *ret)
{
    if (items->at == items->end)
        return false;
    take_array(items, 6, 6);
    log_take(items, &ret->log);
    ret->n = take_uint(items, UINT64_MAX - 1);
    take_copy(items, ret->hash, HASH_SIZE);
    return cursor_ok(items);
}

bool frame_next_run(struct cursor *items, struct bytes *ret_body, struct bytes *ret_texts)
{
    if (items->at == items->end)
        return false;
    take_array(items, 2, 2);
    *ret_body = take_bin(items, 1, RUN_BYTES_MAX);
    *ret_texts = take_bin(items, 0, RUN_BYTES_MAX - ret_body->n);
    if (cursor_ok(items) && texts_check(*ret_texts) < 0)
        items->bad = "texts of a run that are none";
    return cursor_ok(items);
}

bool frame_next_mark(struct cursor *items, struct bytes *ret_mark)
{
    struct log_id log;
    const uint8_t *from = items->at;
    if (items->at == items->end)
        return false;
    take_array(items, 9, 9);
    take_text(items, CODE_MAX);
    log_take(items, &log);
    take_uint(items, UINT64_MAX);
    take_bin(items, HASH_SIZE, HASH_SIZE);
    take_uint(items, INT64_MAX);
    take_bin(items, SIGNATURE_SIZE, SIGNATURE_SIZE);
    *ret_mark = bytes_of(from, (size_t)(items->at - from));
    return cursor_ok(items);
}

bool frame_next_link(struct cursor *items, struct frame_link *ret)
{
    if (items->at == items->end)
        return false;
    take_array(items, 3, 3);
    ret->unit = code_of(take_text(items, CODE_MAX));
    ret->word = (unsigned)take_uint(items, LINK_SILENT);
    ret->since = (int64_t)take_uint(items, INT64_MAX);
    if (cursor_ok(items) && ret->word == 0)
        items->bad = "no such link word";
    return cursor_ok(items);
}

bool texts_next(struct cursor *c, uint64_t *ret_n, struct bytes *ret_salted)
{
    if (c->at == c->end)
        return false;
    take_array(c, 2, 2);
    *ret_n = take_uint(c, UINT64_MAX);
    *ret_salted = take_bin(c, SALT_SIZE, SALT_SIZE + ATTACHMENT_MAX);
    return cursor_ok(c);
}

int texts_check(struct bytes texts)
{
    struct cursor c;
    uint64_t n, before = 0;
    struct bytes salted;
    cursor_init(&c, texts);
    while (texts_next(&c, &n, &salted)) {
        if (n <= before)
            return -EBADMSG;
        before = n;
    }
    return c.bad ? -EBADMSG : 0;
}

static void decode_hello(struct frame *f, struct cursor *c)
{
    f->lowest = (unsigned)take_uint(c, 65535);
    f->highest = (unsigned)take_uint(c, 65535);
    take_copy(c, f->election, ELECTION_SIZE);
    f->unit = code_of(take_text(c, CODE_MAX));
    f->store = take_uint(c, UINT64_MAX);
    f->boot = take_uint(c, UINT64_MAX);
    f->clock = (int64_t)take_uint(c, INT64_MAX);
    f->plan = (uint32_t)take_uint(c, UINT32_MAX);
    f->program = take_text(c, PROGRAM_MAX);
}

static void decode_beat(struct frame *f, struct cursor *c)
{
    f->clock = (int64_t)take_uint(c, INT64_MAX);
    f->backlog = take_uint(c, UINT64_MAX);
    f->free_disk = take_uint(c, UINT64_MAX);
    f->taking = (unsigned)take_uint(c, TAKING_REBUILDING);
    take_copy(c, f->plan_hash, HASH_SIZE);
    if (!c->bad && f->taking == 0)
        c->bad = "no such state";
}

// Walks the list at the end of a frame once, so that whoever walks it again meets no fault.
static void decode_items(struct frame *f, struct cursor *c, size_t least, size_t most)
{
    union {
        struct have have;
        struct frame_link link;
        struct bytes run[2];
    } item;
    f->n_items = (unsigned)take_array(c, least, most);
    f->items = *c;
    for (unsigned i = 0; i < f->n_items && !c->bad; i++) {
        bool more = f->kind == FRAME_HAVE   ? frame_next_have(c, &item.have)
                    : f->kind == FRAME_RUN  ? frame_next_run(c, &item.run[0], &item.run[1])
                    : f->kind == FRAME_MARK ? frame_next_mark(c, &item.run[0])
                                            : frame_next_link(c, &item.link);
        if (!more && !c->bad)
            c->bad = "fewer items than said";
    }
}

static size_t arity(uint64_t kind)
{
    static const uint8_t of[] = {0, 11, 6, 7, 3, 8, 3, 4, 3};
    return kind < sizeof of ? of[kind] : 0;
}

static void decode_rest(struct frame *f, struct cursor *c)
{
    switch (f->kind) {
    case FRAME_HELLO: decode_hello(f, c); break;
    case FRAME_HAVE:
        f->seen = take_uint(c, UINT64_MAX);
        f->credit = take_uint(c, UINT64_MAX);
        f->last = take_uint(c, 1) == 1;
        decode_items(f, c, 0, FRAME_HAVES_MAX);
        break;
    case FRAME_RUN:
        log_take(c, &f->log);
        decode_items(f, c, 1, FRAME_RUNS_MAX);
        break;
    case FRAME_MARK: decode_items(f, c, 1, FRAME_MARKS_MAX); break;
    case FRAME_BEAT:
        decode_beat(f, c);
        decode_items(f, c, 0, FRAME_LINKS_MAX);
        break;
    case FRAME_ENROL: f->blob = take_bin(c, 1, CERTIFICATE_MAX); break;
    case FRAME_ENROLLED:
        f->taken = (unsigned)take_uint(c, ENROL_LATER);
        f->blob = take_text(c, REASON_MAX);
        break;
    case FRAME_BYE: f->blob = take_text(c, REASON_MAX); break;
    }
}

int frame_decode(struct frame *f, struct bytes b, const char **ret_why)
{
    struct cursor c;
    memset(f, 0, sizeof *f);
    cursor_init(&c, b);
    if (b.n > FRAME_MAX)
        c.bad = "frame too long";
    size_t n = take_array(&c, 3, 11);
    uint64_t kind = take_uint(&c, FRAME_BYE);
    f->session = take_uint(&c, UINT64_MAX);
    if (!c.bad && (kind == 0 || n != arity(kind)))
        c.bad = "no such frame";
    f->kind = c.bad ? FRAME_BYE : (enum frame_kind)kind;
    if (!c.bad)
        decode_rest(f, &c);
    take_end(&c);
    // The list is last in its frame, so it ends where the frame does.
    *ret_why = c.bad;
    return c.bad ? -EBADMSG : 0;
}

// chain.c - log ids, links, signatures: what makes a row of records a log, and who vouches for it.
#include "chain.h"
#include "mutant.h"
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

enum { SIGNED_MAX = 512 }; // bytes of anything that is signed or hashed with a purpose

struct code code_of(struct bytes b)
{
    struct code c = {.n = (uint8_t)b.n};
    assert(b.n <= CODE_MAX);
    if (b.n > 0)
        memcpy(c.at, b.at, b.n);
    return c;
}

struct bytes code_bytes(const struct code *c)
{
    return bytes_of(c->at, c->n);
}

bool code_same(const struct code *a, const struct code *b)
{
    return a->n == b->n && memcmp(a->at, b->at, a->n) == 0;
}

bool log_same(const struct log_id *a, const struct log_id *b)
{
    return a->incarnation == b->incarnation && a->stream == b->stream &&
           code_same(&a->author, &b->author) && code_same(&a->about, &b->about);
}

void log_pack(struct packer *p, const struct log_id *id)
{
    pack_text(p, code_bytes(&id->author));
    pack_text(p, code_bytes(&id->about));
    pack_uint(p, id->stream);
    pack_uint(p, id->incarnation);
}

void log_take(struct cursor *c, struct log_id *ret_id)
{
    ret_id->author = code_of(take_text(c, CODE_MAX));
    ret_id->about = code_of(take_text(c, CODE_MAX));
    ret_id->stream = (unsigned)take_uint(c, STREAM_PLAN);
    ret_id->incarnation = take_uint(c, UINT64_MAX);
    if (!c->bad && (ret_id->stream == 0 || ret_id->incarnation == 0 || ret_id->author.n == 0))
        c->bad = "no such log";
}

void hash_of(struct bytes b, uint8_t ret_hash[HASH_SIZE])
{
    crypto_generichash(ret_hash, HASH_SIZE, b.at, b.n, NULL, 0);
}

static void purpose(struct packer *p, uint8_t *buffer, size_t items, const char *what,
                    const uint8_t *election)
{
    pack_init(p, buffer, SIGNED_MAX);
    pack_array(p, items);
    pack_text(p, bytes_text(what));
    pack_bin(p, bytes_of(election, ELECTION_SIZE));
}

void chain_start(const uint8_t election[ELECTION_SIZE], const struct log_id *id,
                 const uint8_t key[KEY_SIZE], uint8_t ret_hash[HASH_SIZE])
{
    uint8_t buffer[SIGNED_MAX];
    struct packer p;
    purpose(&p, buffer, 7, "dantin log 1", election);
    log_pack(&p, id);
    pack_bin(&p, bytes_of(key, KEY_SIZE));
    assert(!p.full);
    hash_of(packed(&p), ret_hash);
}

void chain_next(uint8_t hash[HASH_SIZE], struct bytes record)
{
    crypto_generichash_state s;
    crypto_generichash_init(&s, NULL, 0, HASH_SIZE);
    crypto_generichash_update(&s, hash, HASH_SIZE);
    crypto_generichash_update(&s, record.at, record.n);
    crypto_generichash_final(&s, hash, HASH_SIZE);
}

static struct bytes run_signed(uint8_t *buffer, const uint8_t *election, const struct log_id *id,
                               uint64_t n, const uint8_t *hash)
{
    struct packer p;
    purpose(&p, buffer, 8, "dantin run 1", election);
    log_pack(&p, id);
    pack_uint(&p, n);
    pack_bin(&p, bytes_of(hash, HASH_SIZE));
    assert(!p.full);
    return packed(&p);
}

int run_decode(struct run *r, struct bytes body, const char **ret_why)
{
    struct cursor c;
    cursor_init(&c, body);
    r->body = body;
    take_array(&c, 4, 4);
    r->first = take_uint(&c, UINT64_MAX - RUN_RECORDS_MAX);
    r->prev = take_bin(&c, HASH_SIZE, HASH_SIZE);
    size_t n = take_array(&c, 1, RUN_RECORDS_MAX);
    const uint8_t *from = c.at;
    for (size_t i = 0; i < n; i++)
        take_bin(&c, 1, RECORD_MAX);
    r->records = bytes_of(from, (size_t)(c.at - from));
    r->signature = take_bin(&c, SIGNATURE_SIZE, SIGNATURE_SIZE);
    take_end(&c);
    if (!c.bad && body.n > RUN_BYTES_MAX)
        c.bad = "run too long";
    if (!c.bad && r->first == 0)
        c.bad = "records are numbered from 1";
    r->n = r->first + n - 1;
    *ret_why = c.bad;
    return c.bad ? -EBADMSG : 0;
}

bool run_next(struct cursor *c, struct bytes *ret_record)
{
    if (c->at == c->end)
        return false;
    *ret_record = take_bin(c, 1, RECORD_MAX);
    return cursor_ok(c);
}

int run_check(const uint8_t election[ELECTION_SIZE], const struct run *r,
              const uint8_t key[KEY_SIZE], uint8_t ret_hash[HASH_SIZE], const char **ret_why)
{
    struct cursor c;
    struct bytes record;
    uint8_t buffer[SIGNED_MAX];
    memcpy(ret_hash, r->prev.at, HASH_SIZE);
    cursor_init(&c, r->records);
    while (run_next(&c, &record))
        chain_next(ret_hash, record);
    struct bytes b = run_signed(buffer, election, &r->log, r->n, ret_hash);
    bool holds = crypto_sign_verify_detached(r->signature.at, b.at, b.n, key) == 0;
    if (holds || MUTANT(no_signature_check))
        return 0;
    *ret_why = "the signature does not hold";
    return -EBADMSG;
}

void run_begin(struct run_writer *w, void *buffer, size_t cap, uint64_t after,
               const uint8_t hash[HASH_SIZE])
{
    *w = (struct run_writer){.first = after + 1, .n = after, .buffer = buffer, .cap = cap};
    memcpy(w->prev, hash, HASH_SIZE);
    memcpy(w->hash, hash, HASH_SIZE);
    // Records are packed behind the room that the head of the run may need, and moved down at the end.
    size_t around = 64 + SIGNATURE_SIZE + 2;
    pack_init(&w->p, w->buffer + 64, cap < around ? 0 : cap - around);
}

int run_add(struct run_writer *w, struct bytes record)
{
    size_t before = w->p.n;
    if (w->n + 1 - w->first >= RUN_RECORDS_MAX ||
        before + record.n + 5 + 64 + SIGNATURE_SIZE + 2 > RUN_BYTES_MAX)
        return -EMSGSIZE;
    pack_bin(&w->p, record);
    if (w->p.full) {
        w->p.full = false;
        w->p.n = before;
        return -EMSGSIZE;
    }
    chain_next(w->hash, record);
    w->n++;
    return 0;
}

struct bytes run_end(struct run_writer *w, const uint8_t election[ELECTION_SIZE],
                     const struct log_id *id, const uint8_t secret[SECRET_SIZE])
{
    uint8_t buffer[SIGNED_MAX], head[64], signature[SIGNATURE_SIZE];
    struct packer p;
    struct bytes b = run_signed(buffer, election, id, w->n, w->hash);
    crypto_sign_detached(signature, NULL, b.at, b.n, secret);
    pack_init(&p, head, sizeof head);
    pack_array(&p, 4);
    pack_uint(&p, w->first);
    pack_bin(&p, bytes_of(w->prev, HASH_SIZE));
    pack_array(&p, (size_t)(w->n - w->first + 1));
    memcpy(w->buffer, head, p.n);
    memmove(w->buffer + p.n, w->p.at, w->p.n);
    size_t n = p.n + w->p.n;
    pack_init(&p, w->buffer + n, w->cap - n);
    pack_bin(&p, bytes_of(signature, SIGNATURE_SIZE));
    assert(!p.full);
    return bytes_of(w->buffer, n + p.n);
}

static void mark_fields(struct packer *p, const struct mark *m)
{
    log_pack(p, &m->log);
    pack_uint(p, m->n);
    pack_bin(p, bytes_of(m->hash, HASH_SIZE));
    pack_uint(p, (uint64_t)m->at);
}

static struct bytes mark_signed(uint8_t *buffer, const uint8_t *election, const struct mark *m)
{
    struct packer p;
    purpose(&p, buffer, 10, "dantin mark 1", election);
    pack_text(&p, code_bytes(&m->tier));
    mark_fields(&p, m);
    assert(!p.full);
    return packed(&p);
}

size_t mark_make(struct mark *m, const uint8_t election[ELECTION_SIZE],
                 const uint8_t secret[SECRET_SIZE], uint8_t buffer[MARK_MAX])
{
    uint8_t to_sign[SIGNED_MAX], signature[SIGNATURE_SIZE];
    struct packer p;
    struct bytes b = mark_signed(to_sign, election, m);
    crypto_sign_detached(signature, NULL, b.at, b.n, secret);
    pack_init(&p, buffer, MARK_MAX);
    pack_array(&p, 9);
    pack_text(&p, code_bytes(&m->tier));
    mark_fields(&p, m);
    pack_bin(&p, bytes_of(signature, SIGNATURE_SIZE));
    assert(!p.full);
    m->raw = packed(&p);
    return p.n;
}

// The signature is the last item of a mark, always of one size.
static struct bytes mark_signature(const struct mark *m)
{
    return bytes_of(m->raw.at + m->raw.n - SIGNATURE_SIZE, SIGNATURE_SIZE);
}

int mark_decode(struct mark *m, struct bytes raw)
{
    struct cursor c;
    cursor_init(&c, raw);
    m->raw = raw;
    take_array(&c, 9, 9);
    m->tier = code_of(take_text(&c, CODE_MAX));
    log_take(&c, &m->log);
    m->n = take_uint(&c, UINT64_MAX);
    take_copy(&c, m->hash, HASH_SIZE);
    m->at = (int64_t)take_uint(&c, INT64_MAX);
    take_bin(&c, SIGNATURE_SIZE, SIGNATURE_SIZE);
    take_end(&c);
    return c.bad || raw.n > MARK_MAX ? -EBADMSG : 0;
}

int mark_check(const struct mark *m, const uint8_t election[ELECTION_SIZE],
               const uint8_t key[KEY_SIZE])
{
    uint8_t buffer[SIGNED_MAX];
    struct bytes b = mark_signed(buffer, election, m);
    return crypto_sign_verify_detached(mark_signature(m).at, b.at, b.n, key) == 0 ? 0 : -EBADMSG;
}

static struct bytes certificate_signed(uint8_t *buffer, const uint8_t *election,
                                       const struct certificate *c)
{
    struct packer p;
    purpose(&p, buffer, 6, "dantin certificate 1", election);
    pack_text(&p, code_bytes(&c->unit));
    pack_uint(&p, c->incarnation);
    pack_bin(&p, bytes_of(c->key, KEY_SIZE));
    pack_bin(&p, bytes_of(c->curve, KEY_SIZE));
    assert(!p.full);
    return packed(&p);
}

size_t certificate_make(const struct certificate *c, const uint8_t election[ELECTION_SIZE],
                        const uint8_t secret[SECRET_SIZE],
                        const uint8_t voucher_secret[SECRET_SIZE], uint8_t buffer[CERTIFICATE_MAX])
{
    uint8_t to_sign[SIGNED_MAX], by_voucher[SIGNATURE_SIZE], by_itself[SIGNATURE_SIZE];
    struct packer p;
    struct bytes b = certificate_signed(to_sign, election, c);
    crypto_sign_detached(by_voucher, NULL, b.at, b.n, voucher_secret);
    crypto_sign_detached(by_itself, NULL, b.at, b.n, secret);
    pack_init(&p, buffer, CERTIFICATE_MAX);
    pack_array(&p, 7);
    pack_text(&p, code_bytes(&c->unit));
    pack_uint(&p, c->incarnation);
    pack_bin(&p, bytes_of(c->key, KEY_SIZE));
    pack_bin(&p, bytes_of(c->curve, KEY_SIZE));
    pack_bin(&p, bytes_of(c->voucher, KEY_SIZE));
    pack_bin(&p, bytes_of(by_voucher, SIGNATURE_SIZE));
    pack_bin(&p, bytes_of(by_itself, SIGNATURE_SIZE));
    assert(!p.full);
    return p.n;
}

int certificate_check(struct certificate *c, struct bytes raw,
                      const uint8_t election[ELECTION_SIZE])
{
    struct cursor cur;
    uint8_t buffer[SIGNED_MAX];
    cursor_init(&cur, raw);
    take_array(&cur, 7, 7);
    c->unit = code_of(take_text(&cur, CODE_MAX));
    c->incarnation = take_uint(&cur, UINT64_MAX);
    take_copy(&cur, c->key, KEY_SIZE);
    take_copy(&cur, c->curve, KEY_SIZE);
    take_copy(&cur, c->voucher, KEY_SIZE);
    struct bytes by_voucher = take_bin(&cur, SIGNATURE_SIZE, SIGNATURE_SIZE);
    struct bytes by_itself = take_bin(&cur, SIGNATURE_SIZE, SIGNATURE_SIZE);
    take_end(&cur);
    if (cur.bad || c->incarnation == 0 || c->unit.n == 0)
        return -EBADMSG;
    struct bytes b = certificate_signed(buffer, election, c);
    bool good = crypto_sign_verify_detached(by_voucher.at, b.at, b.n, c->voucher) == 0 &&
                crypto_sign_verify_detached(by_itself.at, b.at, b.n, c->key) == 0;
    return good ? 0 : -EBADMSG;
}

void text_commit(const uint8_t salt[SALT_SIZE], struct bytes text, uint8_t ret_hash[HASH_SIZE])
{
    uint8_t buffer[ATTACHMENT_MAX + 128];
    struct packer p;
    assert(text.n <= ATTACHMENT_MAX);
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 3);
    pack_text(&p, bytes_text("dantin text 1"));
    pack_bin(&p, bytes_of(salt, SALT_SIZE));
    pack_bin(&p, text);
    hash_of(packed(&p), ret_hash);
}

void key_pair(const uint8_t seed[SEED_SIZE], uint8_t ret_key[KEY_SIZE],
              uint8_t ret_secret[SECRET_SIZE])
{
    crypto_sign_seed_keypair(ret_key, ret_secret, seed);
}

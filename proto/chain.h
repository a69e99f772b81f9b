// chain.h - log ids, links, signatures: what makes a row of records a log, and who vouches for it.
//
//   log   = [author, about, stream, incarnation]
//   h(0)  = BLAKE2b-256(["dantin log 1", election, author, about, stream, incarnation, public key])
//   h(n)  = BLAKE2b-256(h(n-1) || record n)                             plain bytes, not packed
//   run   = [first, h(first-1), [+record], signature]                   the body stored and relayed
//   signature over ["dantin run 1", election, author, about, stream, incarnation, n, h(n)]
//   mark  = [tier, author, about, stream, incarnation, n, h(n), time, signature]
//   signature over ["dantin mark 1", election, tier, author, about, stream, incarnation, n, h(n), time]
//   certificate = [unit, incarnation, signing key, curve key, voucher key, by voucher, by itself]
//   both signatures over ["dantin certificate 1", election, unit, incarnation, signing key, curve key]
//   text  = salt || text; commitment = BLAKE2b-256(["dantin text 1", salt, text])
//
// Ed25519 and BLAKE2b of libsodium. Nothing re-encodes to verify: the bytes hashed are those received.
#pragma once
#include "record.h"

enum {
    HASH_SIZE = 32,
    KEY_SIZE = 32,
    SECRET_SIZE = 64,
    SIGNATURE_SIZE = 64,
    ELECTION_SIZE = 16,
    SEED_SIZE = 32
};
enum {
    RUN_RECORDS_MAX = 200,     // records of one run
    RUN_BYTES_MAX = 48 * 1024, // of its body and texts together
    MARK_MAX = 400,
    CERTIFICATE_MAX = 600
};
enum stream { STREAM_REPORTS = 1, STREAM_ABOUT = 2, STREAM_PLAN = 3 };

struct code { // a unit's, place's or contest's code, as a value
    uint8_t n;
    char at[CODE_MAX + 1]; // NUL at the end, for people's messages only
};
struct code code_of(struct bytes b); // b.n <= CODE_MAX
struct bytes code_bytes(const struct code *c);
bool code_same(const struct code *a, const struct code *b);

struct log_id {
    struct code author, about;
    unsigned stream;
    uint64_t incarnation;
};
bool log_same(const struct log_id *a, const struct log_id *b);
void log_pack(struct packer *p, const struct log_id *id); // four items, no array around them
void log_take(struct cursor *c, struct log_id *ret_id);

// A hash is BLAKE2b-256 without a key.
void hash_of(struct bytes b, uint8_t ret_hash[HASH_SIZE]);
void chain_start(const uint8_t election[ELECTION_SIZE], const struct log_id *id,
                 const uint8_t key[KEY_SIZE], uint8_t ret_hash[HASH_SIZE]);
void chain_next(uint8_t hash[HASH_SIZE], struct bytes record); // h(n-1) becomes h(n)

struct run { // as decoded: views into the body
    struct log_id log;
    uint64_t first, n;                     // numbers of its first and last record
    struct bytes prev, records, signature; // records: the packed array's items
    struct bytes body, texts;
};
int run_decode(struct run *r, struct bytes body, const char **ret_why); // fills all but log, texts
// Each record in order: start with cursor_init(&c, r.records); false at the end.
bool run_next(struct cursor *c, struct bytes *ret_record);
// 0 and h(n), or -EBADMSG: a link or the signature does not hold.
int run_check(const uint8_t election[ELECTION_SIZE], const struct run *r,
              const uint8_t key[KEY_SIZE], uint8_t ret_hash[HASH_SIZE], const char **ret_why);

// Builds a run as records are added; the caller's buffer holds the body.
struct run_writer {
    struct packer p;
    uint64_t first, n;
    uint8_t prev[HASH_SIZE], hash[HASH_SIZE];
    uint8_t *buffer;
    size_t cap;
};
void run_begin(struct run_writer *w, void *buffer, size_t cap, uint64_t after,
               const uint8_t hash[HASH_SIZE]);
int run_add(struct run_writer *w, struct bytes record); // -EMSGSIZE: end this run and begin another
// Signs; the body is then at the start of the buffer. n records were added.
struct bytes run_end(struct run_writer *w, const uint8_t election[ELECTION_SIZE],
                     const struct log_id *id, const uint8_t secret[SECRET_SIZE]);

struct mark {
    struct code tier;
    struct log_id log;
    uint64_t n;
    uint8_t hash[HASH_SIZE];
    int64_t at;
    struct bytes raw; // the whole packed mark, as it travels
};
// Signs and packs it; the bytes written. m->raw is then in the buffer.
size_t mark_make(struct mark *m, const uint8_t election[ELECTION_SIZE],
                 const uint8_t secret[SECRET_SIZE], uint8_t buffer[MARK_MAX]);
int mark_decode(struct mark *m, struct bytes raw); // 0 or -EBADMSG; m->raw is a view
int mark_check(const struct mark *m, const uint8_t election[ELECTION_SIZE],
               const uint8_t key[KEY_SIZE]); // 0 or -EBADMSG

struct certificate {
    struct code unit;
    uint64_t incarnation;
    uint8_t key[KEY_SIZE];     // Ed25519, signs the unit's logs
    uint8_t curve[KEY_SIZE];   // X25519, opens the link
    uint8_t voucher[KEY_SIZE]; // Ed25519 from the token's seed
};
size_t certificate_make(const struct certificate *c, const uint8_t election[ELECTION_SIZE],
                        const uint8_t secret[SECRET_SIZE],
                        const uint8_t voucher_secret[SECRET_SIZE], uint8_t buffer[CERTIFICATE_MAX]);
// 0 or -EBADMSG: decodes and checks both signatures; whether the voucher is one of ours is the caller's question.
int certificate_check(struct certificate *c, struct bytes raw,
                      const uint8_t election[ELECTION_SIZE]);

void text_commit(const uint8_t salt[SALT_SIZE], struct bytes text, uint8_t ret_hash[HASH_SIZE]);
// An Ed25519 pair from its seed; the secret has the public half behind it.
void key_pair(const uint8_t seed[SEED_SIZE], uint8_t ret_key[KEY_SIZE],
              uint8_t ret_secret[SECRET_SIZE]);

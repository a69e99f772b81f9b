// hasher.h - secrets held against their argon2id hashes by one worker, one at a time.
//
// One check takes 64 MiB and tenths of a second on purpose: the loop never waits for it, and however
// many come, one runs. A full queue refuses. Secrets are wiped when they were looked at.
#pragma once
#include "persons.h"

struct hasher; // owns a thread
struct loop;

enum { HASHER_QUEUE = 16 };
enum hasher_word { HASHER_WRONG, HASHER_RIGHT, HASHER_FAILED }; // failed: no memory for it

struct hasher_done {
    void *ctx;
    // In the loop's thread. made: the hash that was asked for, or NULL.
    void (*on_done)(void *ctx, uint64_t ticket, enum hasher_word word, const char *made);
};

int hasher_open(struct hasher **ret_hasher, struct loop *loop, struct hasher_done done);
void hasher_close(struct hasher **hasher); // what was asked is not answered any more
// `stored` NULL: of nobody; it takes as long and is wrong. -EAGAIN: the queue is full.
int hasher_ask(struct hasher *h, const char *stored, struct bytes secret, uint64_t *ret_ticket);
// A new hash, as the word RIGHT brings it.
int hasher_ask_hash(struct hasher *h, struct bytes secret, uint64_t *ret_ticket);
// For commands, which may wait. 0, or -ENOMEM.
int hasher_make(struct bytes secret, char ret_hash[PERSON_HASH_MAX]);

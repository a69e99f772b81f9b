// peopleinside.h - what people.c and login.c share.
#pragma once
#include "hasher.h"
#include "people.h"
#include "logins.h"
#include <sys/stat.h>

enum { WAITING_MAX = HASHER_QUEUE, COOKIE_NAME = 32 };

struct waiting {     // a reply that waits for the worker
    uint64_t ticket; // 0: free
    void *connection;
    char person[PERSON_MAX + 1];
    bool done;
    enum hasher_word word;
    char made[PERSON_HASH_MAX]; // a new hash; of a login the stored one that was looked at
};

struct people {
    struct access_book *access; // who read contests of a restricted kind
    struct people_setup setup;
    struct http *http;
    struct persons persons;
    bool broken; // the table cannot be read: nobody comes in
    struct stat seen;
    bool there;
    char cookie[COOKIE_NAME];
    struct logins logins;
    struct lockout lockout;
    struct hasher *hasher; // NULL until somebody tries
    struct waiting waiting[WAITING_MAX];
};

bool people_guarded(const struct people *p); // whoever comes by TCP must log in
struct login *people_login(struct people *p, const struct http_request *q);
bool people_in_scope(const struct plan *p, const char *scope, uint32_t unit);
// login.c: the worker's word came; asking it so that this request's reply waits; what it said.
void people_answered(void *ctx, uint64_t ticket, enum hasher_word word, const char *made);
int people_hasher(struct people *p);
struct waiting *people_wait(struct people *p, const struct http_request *q, struct bytes person);
bool people_answer(struct people *p, const struct http_request *q, struct waiting *ret);
void people_tell(const struct people *p, struct faults *faults);

// hasher.c - secrets held against their argon2id hashes by one worker, one at a time.
#include "hasher.h"
#include "common/net/loop.h"
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

_Static_assert(PERSON_HASH_MAX == crypto_pwhash_STRBYTES, "the length that libsodium writes");

struct job {
    uint64_t ticket; // 0: free
    char stored[PERSON_HASH_MAX], secret[PERSON_SECRET_MAX];
    size_t n_secret;
    bool done, nobody, make; // make: `stored` is what comes out
    enum hasher_word word;
};

struct hasher {
    struct loop *loop;
    struct hasher_done done;
    pthread_t thread;
    pthread_mutex_t lock; // of what follows
    pthread_cond_t more;
    struct job jobs[HASHER_QUEUE];
    uint64_t last; // ticket given
    bool stop;
    int bell;                     // an eventfd: something is done
    char nobody[PERSON_HASH_MAX]; // of what nobody knows; the thread's
};

// The one asked first that is not done.
static struct job *next(struct hasher *h)
{
    struct job *first = NULL;
    for (unsigned i = 0; i < HASHER_QUEUE; i++) {
        struct job *j = &h->jobs[i];
        if (j->ticket != 0 && !j->done && (!first || j->ticket < first->ticket))
            first = j;
    }
    return first;
}

static enum hasher_word look(const struct hasher *h, struct job *j)
{
    if (j->make)
        return hasher_make(bytes_of(j->secret, j->n_secret), j->stored) == 0 ? HASHER_RIGHT
                                                                             : HASHER_FAILED;
    errno = 0;
    int rc = crypto_pwhash_str_verify(j->nobody ? h->nobody : j->stored, j->secret, j->n_secret);
    if (rc != 0 && errno == ENOMEM)
        return HASHER_FAILED;
    return rc == 0 && !j->nobody ? HASHER_RIGHT : HASHER_WRONG;
}

static void *work(void *ctx)
{
    struct hasher *h = ctx;
    uint8_t unknown[16];
    randombytes_buf(unknown, sizeof unknown);
    hasher_make(bytes_of(unknown, sizeof unknown), h->nobody);
    pthread_mutex_lock(&h->lock);
    while (!h->stop) {
        struct job *j = next(h);
        if (!j) {
            pthread_cond_wait(&h->more, &h->lock);
            continue;
        }
        pthread_mutex_unlock(&h->lock);
        enum hasher_word word = look(h, j); // the slot is ours until it is done
        pthread_mutex_lock(&h->lock);
        sodium_memzero(j->secret, sizeof j->secret);
        j->word = word;
        j->done = true;
        (void)!write(h->bell, &(uint64_t){1}, sizeof(uint64_t));
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

static void on_bell(void *ctx)
{
    struct hasher *h = ctx;
    uint64_t drop;
    (void)!read(h->bell, &drop, sizeof drop);
    for (unsigned i = 0; i < HASHER_QUEUE; i++) {
        pthread_mutex_lock(&h->lock);
        struct job j = {0};
        if (h->jobs[i].ticket != 0 && h->jobs[i].done) {
            j = h->jobs[i];
            memset(&h->jobs[i], 0, sizeof h->jobs[i]);
        }
        pthread_mutex_unlock(&h->lock);
        if (j.ticket != 0)
            h->done.on_done(h->done.ctx, j.ticket, j.word,
                            j.make && j.word == HASHER_RIGHT ? j.stored : NULL);
    }
}

int hasher_make(struct bytes secret, char ret_hash[PERSON_HASH_MAX])
{
    if (sodium_init() < 0)
        return -EIO;
    return crypto_pwhash_str(ret_hash, (const char *)secret.at, secret.n,
                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0
               ? 0
               : -ENOMEM;
}

int hasher_open(struct hasher **ret_hasher, struct loop *loop, struct hasher_done done)
{
    struct hasher *h = calloc(1, sizeof *h);
    assert(h);
    h->loop = loop;
    h->done = done;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->more, NULL);
    h->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int rc = h->bell < 0 ? -errno : 0;
    if (rc == 0)
        rc = loop_add_fd(loop, h->bell, on_bell, h);
    if (rc == 0)
        rc = -pthread_create(&h->thread, NULL, work, h);
    if (rc < 0) {
        loop_remove_fd(loop, h->bell);
        if (h->bell >= 0)
            close(h->bell);
        free(h);
        return rc;
    }
    *ret_hasher = h;
    return 0;
}

void hasher_close(struct hasher **hasher)
{
    struct hasher *h = *hasher;
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->stop = true;
    pthread_cond_signal(&h->more);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    loop_remove_fd(h->loop, h->bell);
    close(h->bell);
    pthread_cond_destroy(&h->more);
    pthread_mutex_destroy(&h->lock);
    sodium_memzero(h, sizeof *h);
    free(h);
    *hasher = NULL;
}

static int ask(struct hasher *h, const struct job *job, struct bytes secret, uint64_t *ret_ticket)
{
    int rc = -EAGAIN;
    assert(secret.n <= PERSON_SECRET_MAX);
    pthread_mutex_lock(&h->lock);
    for (unsigned i = 0; i < HASHER_QUEUE && rc < 0; i++) {
        struct job *j = &h->jobs[i];
        if (j->ticket != 0)
            continue;
        *j = *job;
        if (secret.n > 0)
            memcpy(j->secret, secret.at, secret.n);
        j->n_secret = secret.n;
        *ret_ticket = j->ticket = ++h->last;
        rc = 0;
    }
    pthread_cond_signal(&h->more);
    pthread_mutex_unlock(&h->lock);
    return rc;
}

int hasher_ask(struct hasher *h, const char *stored, struct bytes secret, uint64_t *ret_ticket)
{
    struct job j = {.nobody = !stored};
    snprintf(j.stored, sizeof j.stored, "%s", stored ? stored : "");
    return ask(h, &j, secret, ret_ticket);
}

int hasher_ask_hash(struct hasher *h, struct bytes secret, uint64_t *ret_ticket)
{
    struct job j = {.make = true};
    return ask(h, &j, secret, ret_ticket);
}

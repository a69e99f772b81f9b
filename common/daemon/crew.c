// crew.c - a few threads that wait for a piece of work, share it out by a counter, and wait again.
#include "crew.h"
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { HELPERS_MAX = 3, WORTH = 2 }; // fewer pieces are not worth waking anybody

struct crew {
    pthread_t threads[HELPERS_MAX];
    unsigned n_threads;
    pthread_mutex_t lock; // of what follows
    pthread_cond_t more, done;
    void (*one)(void *work, unsigned i);
    void *work;
    unsigned n;
    uint64_t round;   // of this piece of work
    unsigned helping; // threads that have not finished it
    bool stop;
    atomic_uint next; // the piece that nobody has taken yet
};

static void take_pieces(struct crew *c, void (*one)(void *work, unsigned i), void *work, unsigned n)
{
    for (unsigned i; (i = atomic_fetch_add(&c->next, 1)) < n;)
        one(work, i);
}

static void *help(void *ctx)
{
    struct crew *c = ctx;
    uint64_t seen = 0;
    pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        if (c->round == seen) {
            pthread_cond_wait(&c->more, &c->lock);
            continue;
        }
        seen = c->round;
        void (*one)(void *work, unsigned i) = c->one;
        void *work = c->work;
        unsigned n = c->n;
        pthread_mutex_unlock(&c->lock);
        take_pieces(c, one, work, n);
        pthread_mutex_lock(&c->lock);
        if (--c->helping == 0)
            pthread_cond_signal(&c->done);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

void crew_do(struct crew *c, void (*one)(void *work, unsigned i), void *work, unsigned n)
{
    if (c->n_threads == 0 || n < WORTH) {
        for (unsigned i = 0; i < n; i++)
            one(work, i);
        return;
    }
    pthread_mutex_lock(&c->lock);
    c->one = one;
    c->work = work;
    c->n = n;
    c->helping = c->n_threads;
    c->round++;
    atomic_store(&c->next, 0);
    pthread_cond_broadcast(&c->more);
    pthread_mutex_unlock(&c->lock);
    take_pieces(c, one, work, n);
    pthread_mutex_lock(&c->lock);
    while (c->helping > 0)
        pthread_cond_wait(&c->done, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

int crew_open(struct crew **ret_crew)
{
    struct crew *c = calloc(1, sizeof *c);
    assert(c);
    long others = sysconf(_SC_NPROCESSORS_ONLN) - 1;
    unsigned wanted = others < 0 ? 0 : others > HELPERS_MAX ? HELPERS_MAX : (unsigned)others;
    int rc = 0;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->more, NULL);
    pthread_cond_init(&c->done, NULL);
    *ret_crew = c;
    for (; c->n_threads < wanted && rc == 0; c->n_threads += rc == 0)
        rc = -pthread_create(&c->threads[c->n_threads], NULL, help, c);
    if (rc < 0)
        crew_close(ret_crew);
    return rc;
}

void crew_close(struct crew **crew)
{
    struct crew *c = *crew;
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_cond_broadcast(&c->more);
    pthread_mutex_unlock(&c->lock);
    for (unsigned i = 0; i < c->n_threads; i++)
        pthread_join(c->threads[i], NULL);
    pthread_cond_destroy(&c->done);
    pthread_cond_destroy(&c->more);
    pthread_mutex_destroy(&c->lock);
    free(c);
    *crew = NULL;
}

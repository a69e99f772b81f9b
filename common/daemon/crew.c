// crew.c - a few threads that wait for pieces of work and take one after the other, as the caller does.
#include "crew.h"
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HELPERS_MAX = 3, WORTH = 2 }; // fewer pieces are not worth waking anybody

struct crew {
    pthread_t threads[HELPERS_MAX];
    unsigned n_threads;
    pthread_mutex_t lock; // of all that follows; a piece is a thousand times dearer than to take it
    pthread_cond_t more, done;
    void (*one)(void *work, unsigned i);
    void *work;
    unsigned n, next; // the first piece that nobody has taken yet
    unsigned at_work; // pieces taken and not done
    bool finished[CREW_PIECES_MAX];
    bool stop;
};

// Takes a piece and does it, with the lock let go meanwhile; false: none is left.
static bool take(struct crew *c)
{
    if (c->next == c->n)
        return false;
    unsigned i = c->next++;
    c->at_work++;
    pthread_mutex_unlock(&c->lock);
    c->one(c->work, i);
    pthread_mutex_lock(&c->lock);
    c->at_work--;
    c->finished[i] = true;
    pthread_cond_signal(&c->done);
    return true;
}

static void *help(void *ctx)
{
    struct crew *c = ctx;
    pthread_mutex_lock(&c->lock);
    while (!c->stop)
        if (!take(c))
            pthread_cond_wait(&c->more, &c->lock);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

void crew_begin(struct crew *c, void (*one)(void *work, unsigned i), void *work, unsigned n)
{
    assert(n <= CREW_PIECES_MAX);
    pthread_mutex_lock(&c->lock);
    assert(c->next == c->n && c->at_work == 0);
    c->one = one;
    c->work = work;
    c->n = n;
    c->next = 0;
    memset(c->finished, 0, sizeof c->finished);
    if (n >= WORTH)
        pthread_cond_broadcast(&c->more);
    pthread_mutex_unlock(&c->lock);
}

void crew_await(struct crew *c, unsigned i)
{
    pthread_mutex_lock(&c->lock);
    assert(i < c->n);
    while (!c->finished[i])
        if (!take(c))
            pthread_cond_wait(&c->done, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

void crew_end(struct crew *c)
{
    pthread_mutex_lock(&c->lock);
    c->next = c->n;
    while (c->at_work > 0)
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
    c->next = c->n;
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

// logins.c - who has logged in, and who may try again: two bounded tables, told the time.
#include "logins.h"
#include <string.h>

static bool ended(const struct login *x, int64_t now)
{
    return x->began == 0 || now - x->seen > LOGIN_IDLE_MS || now - x->began > LOGIN_LIFE_MS;
}

// Of one person's, and of all, the one that gives way first.
static struct login *place_for(struct logins *s, const char *person, int64_t now)
{
    struct login *free = NULL, *oldest = &s->at[0], *own = NULL;
    unsigned n = 0;
    for (unsigned i = 0; i < LOGINS_MAX; i++) {
        struct login *x = &s->at[i];
        if (ended(x, now)) {
            free = free ? free : x;
            continue;
        }
        oldest = ended(oldest, now) || x->seen < oldest->seen ? x : oldest;
        if (strcmp(x->person, person) != 0)
            continue;
        n++;
        own = !own || x->seen < own->seen ? x : own;
    }
    return n >= LOGINS_EACH ? own : free ? free : oldest;
}

void logins_begin(struct logins *s, struct bytes key, const char *person, const char *secret,
                  int64_t now)
{
    struct login *x = place_for(s, person, now);
    memset(x, 0, sizeof *x);
    hash_of(key, x->key);
    hash_of(bytes_text(secret), x->secret);
    memcpy(x->person, person, strnlen(person, PERSON_MAX));
    x->began = x->seen = now;
}

struct login *logins_find(struct logins *s, struct bytes key, int64_t now)
{
    uint8_t hash[HASH_SIZE];
    hash_of(key, hash);
    for (unsigned i = 0; i < LOGINS_MAX; i++) {
        struct login *x = &s->at[i];
        if (x->began == 0 || memcmp(x->key, hash, sizeof hash) != 0)
            continue;
        if (ended(x, now)) {
            login_end(x);
            return NULL;
        }
        x->seen = now;
        return x;
    }
    return NULL;
}

bool login_by_secret(const struct login *x, const char *secret)
{
    uint8_t hash[HASH_SIZE];
    hash_of(bytes_text(secret), hash);
    return memcmp(x->secret, hash, sizeof hash) == 0;
}

void login_end(struct login *x)
{
    memset(x, 0, sizeof *x);
}

static void name_of(struct bytes id, uint8_t ret[8])
{
    uint8_t hash[HASH_SIZE];
    hash_of(id, hash);
    memcpy(ret, hash, 8);
}

static const struct tried *find(const struct lockout *l, struct bytes id)
{
    uint8_t name[8];
    name_of(id, name);
    for (unsigned i = 0; i < LOCKOUT_PEOPLE; i++)
        if (l->at[i].wrong > 0 && memcmp(l->at[i].id, name, sizeof name) == 0)
            return &l->at[i];
    return NULL;
}

int64_t lockout_wait(const struct lockout *l, struct bytes id, int64_t now)
{
    const struct tried *t = find(l, id);
    int64_t until = t && t->until > l->all_until ? t->until : l->all_until;
    return until > now ? until - now : 0;
}

// first, doubled for each of `n` more, up to the longest.
static int64_t pause_of(unsigned n, int64_t first, int64_t longest)
{
    for (; n > 0 && first < longest; n--)
        first *= 2;
    return first < longest ? first : longest;
}

static void count_all(struct lockout *l, int64_t now)
{
    int64_t forgotten = (now - l->all_last) / LOCKOUT_ALL_EACH_MS;
    if (l->all == 0 || forgotten >= l->all)
        l->all = 0;
    else
        l->all -= (unsigned)forgotten;
    if (forgotten > 0 || l->all == 0)
        l->all_last = now;
    l->all++;
    if (l->all > LOCKOUT_ALL_FREE)
        l->all_until = now + pause_of(l->all - LOCKOUT_ALL_FREE - 1, 1000, LOCKOUT_ALL_LONGEST_MS);
}

void lockout_try(struct lockout *l, struct bytes id, int64_t now)
{
    struct tried *t = (struct tried *)find(l, id);
    if (!t) {
        t = &l->at[0];
        for (unsigned i = 1; i < LOCKOUT_PEOPLE && t->wrong > 0; i++)
            if (l->at[i].wrong == 0 || l->at[i].last < t->last)
                t = &l->at[i];
        memset(t, 0, sizeof *t);
        name_of(id, t->id);
    }
    t->wrong++;
    t->last = now;
    if (t->wrong >= LOCKOUT_FREE)
        t->until = now + pause_of(t->wrong - LOCKOUT_FREE, LOCKOUT_FIRST_MS, LOCKOUT_LONGEST_MS);
    count_all(l, now);
}

void lockout_forget(struct lockout *l, struct bytes id)
{
    struct tried *t = (struct tried *)find(l, id);
    if (t)
        memset(t, 0, sizeof *t);
}

void lockout_right(struct lockout *l, struct bytes id)
{
    lockout_forget(l, id);
    l->all -= l->all > 0;
}

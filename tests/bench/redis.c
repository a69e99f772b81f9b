// redis.c - a node's connection to Redis: pipelined XADD with ids of its own, so that no record stands twice.
#include "peer.h"
#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct peer_conn {
    redisContext *redis;
    const struct load *l;
    char **batches; // commands of each batch, as they are written
    size_t *lengths;
    uint32_t n_batches;
    char *left; // not written yet
    size_t n_left, cap_left;
    uint64_t replies;
};

static void *some(void *before, size_t n)
{
    void *at = realloc(before, n);
    if (!at)
        abort();
    return at;
}

static int wrong(const redisContext *r, const char *what)
{
    fprintf(stderr, "peer: Redis: %s: %s\n", what, r && r->err ? r->errstr : strerror(errno));
    return -1;
}

static redisContext *connect_to(const char *where)
{
    char host[64];
    snprintf(host, sizeof host, "%s", where);
    char *colon = strrchr(host, ':');
    if (!colon)
        return NULL;
    *colon = 0;
    return redisConnect(host, atoi(colon + 1));
}

static bool setting_is(redisContext *r, const char *name, const char *value)
{
    redisReply *reply = redisCommand(r, "CONFIG GET %s", name);
    bool is = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
              strcmp(reply->element[1]->str, value) == 0;
    freeReplyObject(reply);
    return is;
}

static int check(const char *where)
{
    redisContext *r = connect_to(where);
    if (!r || r->err)
        return wrong(r, "no connection");
    bool durable = setting_is(r, "appendonly", "yes") && setting_is(r, "appendfsync", "always");
    redisReply *size = redisCommand(r, "DBSIZE");
    bool empty = size && size->type == REDIS_REPLY_INTEGER && size->integer == 0;
    freeReplyObject(size);
    redisFree(r);
    if (!durable)
        fputs("peer: Redis: appendonly is not yes, or appendfsync is not always\n", stderr);
    else if (!empty)
        fputs("peer: Redis: it has keys already, a fresh one is needed\n", stderr);
    return durable && empty ? 0 : -1;
}

static void make_batch(struct peer_conn *c, unsigned node, uint32_t i)
{
    uint8_t body[512];
    char key[16], id[32], *command;
    snprintf(key, sizeof key, "N%05u", node);
    c->batches[i] = NULL;
    c->lengths[i] = 0;
    for (unsigned k = 0; k < c->l->run_length; k++) {
        uint64_t n = (uint64_t)i * c->l->run_length + k;
        struct bytes b = bench_statement(node, n, c->l, body);
        snprintf(id, sizeof id, "%llu-1", (unsigned long long)n + 1);
        const char *words[] = {"XADD", key, id, "r", (const char *)b.at};
        size_t sizes[] = {4, strlen(key), strlen(id), 1, b.n};
        long long got = redisFormatCommandArgv(&command, 5, words, sizes);
        if (got < 0)
            abort();
        c->batches[i] = some(c->batches[i], c->lengths[i] + (size_t)got);
        memcpy(c->batches[i] + c->lengths[i], command, (size_t)got);
        c->lengths[i] += (size_t)got;
        redisFreeCommand(command);
    }
}

static void close_conn(struct peer_conn *c)
{
    if (c->redis)
        redisFree(c->redis);
    for (uint32_t i = 0; i < c->n_batches; i++)
        free(c->batches[i]);
    free(c->batches), free(c->lengths), free(c->left);
    free(c);
}

static struct peer_conn *open_conn(const char *where, unsigned node, const struct load *l)
{
    struct peer_conn *c = some(NULL, sizeof *c);
    *c = (struct peer_conn){.l = l, .redis = connect_to(where)};
    c->n_batches = (uint32_t)((l->records / l->nodes + l->run_length - 1) / l->run_length);
    c->batches = some(NULL, c->n_batches * sizeof *c->batches);
    c->lengths = some(NULL, c->n_batches * sizeof *c->lengths);
    for (uint32_t i = 0; i < c->n_batches; i++)
        make_batch(c, node, i);
    if (c->redis && !c->redis->err)
        return c;
    wrong(c->redis, "a node has no connection");
    close_conn(c);
    return NULL;
}

static int fd_of(struct peer_conn *c)
{
    return c->redis->fd;
}

static int send_batch(struct peer_conn *c, uint32_t i)
{
    if (c->n_left + c->lengths[i] > c->cap_left)
        c->left = some(c->left, c->cap_left = 2 * (c->n_left + c->lengths[i]));
    memcpy(c->left + c->n_left, c->batches[i], c->lengths[i]);
    c->n_left += c->lengths[i];
    return 0;
}

static int flush(struct peer_conn *c)
{
    ssize_t n = c->n_left > 0 ? send(c->redis->fd, c->left, c->n_left, MSG_DONTWAIT | MSG_NOSIGNAL)
                              : 0;
    if (n < 0)
        return errno == EAGAIN ? 1 : wrong(NULL, "nothing can be written");
    memmove(c->left, c->left + n, c->n_left - (size_t)n);
    c->n_left -= (size_t)n;
    return c->n_left > 0;
}

// Each command has a reply; a batch is durable with the last of its own.
static int acked(struct peer_conn *c)
{
    char buffer[65536];
    uint64_t before = c->replies / c->l->run_length;
    ssize_t n = recv(c->redis->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN))
        return wrong(NULL, "nothing can be read");
    if (n > 0 && redisReaderFeed(c->redis->reader, buffer, (size_t)n) != REDIS_OK)
        return wrong(NULL, "no answer of Redis");
    for (void *reply = NULL; n > 0;) {
        if (redisReaderGetReply(c->redis->reader, &reply) != REDIS_OK)
            return wrong(NULL, "no answer of Redis");
        if (!reply)
            break;
        bool bad = ((redisReply *)reply)->type == REDIS_REPLY_ERROR;
        freeReplyObject(reply);
        if (bad)
            return wrong(NULL, "a record was refused");
        c->replies++;
    }
    return (int)(c->replies / c->l->run_length - before);
}

static int64_t count(const char *where)
{
    redisContext *r = connect_to(where);
    int64_t all = 0;
    for (unsigned node = 0; r && !r->err; node++) {
        redisReply *reply = redisCommand(r, "XLEN N%05u", node);
        int64_t n = reply ? reply->integer : 0;
        freeReplyObject(reply);
        if (n == 0)
            break;
        all += n;
    }
    redisFree(r);
    return all;
}

const struct peer_kind peer_redis = {"redis", check, open_conn, fd_of,     send_batch,
                                     flush,   acked, count,     close_conn};

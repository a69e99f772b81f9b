// postgres.c - a node's connection to PostgreSQL: TLS, pipeline mode, one multi-row INSERT a batch.
#include "peer.h"
#include <assert.h>
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS = 3, OID_INT4 = 23, OID_INT8 = 20, OID_BYTEA = 17 };

struct peer_conn {
    PGconn *pg;
    const struct load *l;
    unsigned node, per; // parameters of a batch
    uint8_t *bodies;    // of all records, 512 bytes apart
    int *lengths;       // of the bodies
    uint64_t *seqs;     // of all records, big endian
    uint32_t be_node;
    const char **values; // of one batch
    int *sizes, *formats;
};

static void *some(size_t n, size_t size)
{
    void *at = calloc(n, size);
    if (!at)
        abort();
    return at;
}

static int wrong(PGconn *pg, const char *what)
{
    fprintf(stderr, "peer: PostgreSQL: %s: %s\n", what, PQerrorMessage(pg));
    return -1;
}

// The one value that a query answers; empty where there is none.
static void ask(PGconn *pg, const char *sql, char ret[64])
{
    PGresult *r = PQexec(pg, sql);
    snprintf(ret, 64, "%s",
             PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
}

// Over TLS, whatever `where` says of it; NULL after saying why.
static PGconn *connect_to(const char *where)
{
    const char *const names[] = {"dbname", "sslmode", NULL}, *const is[] = {where, "require", NULL};
    PGconn *pg = PQconnectdbParams(names, is, 1);
    if (PQstatus(pg) == CONNECTION_OK && PQsslInUse(pg))
        return pg;
    wrong(pg, PQstatus(pg) == CONNECTION_OK ? "the connection has no TLS" : "no connection");
    PQfinish(pg);
    return NULL;
}

static int check(const char *where)
{
    char fsync[64], commit[64];
    PGconn *pg = connect_to(where);
    if (!pg)
        return -1;
    ask(pg, "SHOW fsync", fsync);
    ask(pg, "SHOW synchronous_commit", commit);
    bool durable = strcmp(fsync, "on") == 0 && strcmp(commit, "on") == 0;
    PGresult *r = durable ? PQexec(pg, "CREATE TABLE said(node int, seq bigint, body bytea NOT "
                                       "NULL, PRIMARY KEY(node,seq))")
                          : NULL;
    int rc = 0;
    if (!durable)
        rc = wrong(pg, "fsync or synchronous_commit is not on");
    else if (PQresultStatus(r) != PGRES_COMMAND_OK)
        rc = wrong(pg, "no table can be made, a fresh server is needed");
    PQclear(r);
    PQfinish(pg);
    return rc;
}

static char *insert_of(unsigned rows)
{
    size_t cap = 128 + (size_t)rows * 48, n = 0;
    char *sql = some(cap, 1);
    n += (size_t)snprintf(sql, cap, "INSERT INTO said(node,seq,body) VALUES ");
    for (unsigned i = 0; i < rows; i++)
        n += (size_t)snprintf(sql + n, cap - n, "%s($%u,$%u,$%u)", i ? "," : "", 3 * i + 1,
                              3 * i + 2, 3 * i + 3);
    snprintf(sql + n, cap - n, " ON CONFLICT DO NOTHING");
    return sql;
}

static int prepare(struct peer_conn *c)
{
    Oid *types = some(c->per, sizeof *types);
    char *sql = insert_of(c->l->run_length);
    for (unsigned i = 0; i < c->per; i++)
        types[i] = i % 3 == 0 ? OID_INT4 : i % 3 == 1 ? OID_INT8 : OID_BYTEA;
    PGresult *r = PQprepare(c->pg, "say", sql, (int)c->per, types);
    int rc = PQresultStatus(r) == PGRES_COMMAND_OK ? 0
                                                   : wrong(c->pg, "no statement can be prepared");
    PQclear(r);
    free(sql);
    free(types);
    return rc;
}

static void state_all(struct peer_conn *c)
{
    uint64_t each =
        (c->l->records / c->l->nodes + c->l->run_length - 1) / c->l->run_length * c->l->run_length;
    c->bodies = some(each, 512);
    c->lengths = some(each, sizeof *c->lengths);
    c->seqs = some(each, sizeof *c->seqs);
    c->be_node = htobe32(c->node);
    for (uint64_t i = 0; i < each; i++) {
        c->lengths[i] = (int)bench_statement(c->node, i, c->l, c->bodies + i * 512).n;
        c->seqs[i] = htobe64(i + 1);
    }
    c->values = some(c->per, sizeof *c->values);
    c->sizes = some(c->per, sizeof *c->sizes);
    c->formats = some(c->per, sizeof *c->formats);
    for (unsigned i = 0; i < c->per; i++)
        c->formats[i] = 1;
}

static void close_conn(struct peer_conn *c)
{
    PQfinish(c->pg);
    free(c->bodies), free(c->lengths), free(c->seqs), free(c->values), free(c->sizes),
        free(c->formats);
    free(c);
}

static struct peer_conn *open_conn(const char *where, unsigned node, const struct load *l)
{
    struct peer_conn *c = some(1, sizeof *c);
    c->node = node;
    c->l = l;
    c->per = PARAMETERS * l->run_length;
    c->pg = connect_to(where);
    state_all(c);
    if (c->pg && prepare(c) == 0 && PQsetnonblocking(c->pg, 1) == 0 &&
        PQenterPipelineMode(c->pg) == 1)
        return c;
    fprintf(stderr, "peer: PostgreSQL: node %u has no connection\n", node);
    close_conn(c);
    return NULL;
}

static int fd_of(struct peer_conn *c)
{
    return PQsocket(c->pg);
}

static int send_batch(struct peer_conn *c, uint32_t i)
{
    for (unsigned k = 0; k < c->l->run_length; k++) {
        uint64_t r = (uint64_t)i * c->l->run_length + k;
        c->values[3 * k] = (const char *)&c->be_node;
        c->values[3 * k + 1] = (const char *)&c->seqs[r];
        c->values[3 * k + 2] = (const char *)c->bodies + r * 512;
        c->sizes[3 * k] = 4;
        c->sizes[3 * k + 1] = 8;
        c->sizes[3 * k + 2] = c->lengths[r];
    }
    if (PQsendQueryPrepared(c->pg, "say", (int)c->per, c->values, c->sizes, c->formats, 1) != 1 ||
        PQpipelineSync(c->pg) != 1)
        return wrong(c->pg, "a batch cannot be sent");
    return 0;
}

static int flush(struct peer_conn *c)
{
    int rc = PQflush(c->pg);
    return rc < 0 ? wrong(c->pg, "nothing can be written") : rc;
}

// A batch is durable when its sync is answered: that is its commit.
static int acked(struct peer_conn *c)
{
    int n = 0, rc = PQconsumeInput(c->pg) == 1 ? 0 : wrong(c->pg, "nothing can be read");
    while (rc == 0 && !PQisBusy(c->pg)) {
        PGresult *r = PQgetResult(c->pg);
        if (!r) { // the end of one statement's results; a second one in a row is the end of all
            r = PQisBusy(c->pg) ? NULL : PQgetResult(c->pg);
            if (!r)
                break;
        }
        ExecStatusType s = PQresultStatus(r);
        n += s == PGRES_PIPELINE_SYNC;
        if (s != PGRES_PIPELINE_SYNC && s != PGRES_COMMAND_OK)
            rc = wrong(c->pg, "a batch was refused");
        PQclear(r);
    }
    return rc < 0 ? rc : n;
}

static int64_t count(const char *where)
{
    char text[64];
    PGconn *pg = connect_to(where);
    if (!pg)
        return -1;
    ask(pg, "SELECT count(*) FROM said", text);
    PQfinish(pg);
    return text[0] ? strtoll(text, NULL, 10) : -1;
}

const struct peer_kind peer_postgres = {"postgres", check, open_conn, fd_of,     send_batch,
                                        flush,      acked, count,     close_conn};

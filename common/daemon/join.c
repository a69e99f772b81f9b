// join.c - enrolment by one token: own keys are drawn, the door is knocked at, the parent answers.
#include "join.h"
#include "common/base/clock.h"
#include "common/base/savefile.h"
#include "common/net/link.h"
#include "proto/frame.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void from_token(struct identity *id, const struct token *t)
{
    memset(id, 0, sizeof *id);
    identity_make(id);
    memcpy(id->election, t->election, ELECTION_SIZE);
    id->drill = t->drill;
    id->unit = t->unit;
    id->n_ways = t->n_ways;
    memcpy(id->ways, t->ways, sizeof id->ways);
    id->n_signers = t->n_signers;
    memcpy(id->signers, t->signers, sizeof id->signers);
}

int join_write_new(const char *dir, const struct identity *id)
{
    int rc = savefile_write(dir, FIRST_FILE, bytes_text("not started yet\n"));
    return rc == 0 ? identity_write(dir, id) : rc;
}

// Who signs above, by the token; behind them those of a former parent, whose words are kept and checked.
static void take_signers(struct identity *id, const struct token *t)
{
    struct signer before[SIGNERS_MAX];
    unsigned n = id->n_signers;
    memcpy(before, id->signers, sizeof before);
    id->n_signers = t->n_signers;
    memcpy(id->signers, t->signers, sizeof id->signers);
    for (unsigned i = 0; i < n && id->n_signers < SIGNERS_MAX; i++) {
        bool there = false;
        for (unsigned k = 0; k < t->n_signers; k++)
            there = there || code_same(&t->signers[k].unit, &before[i].unit);
        if (!there)
            id->signers[id->n_signers++] = before[i];
    }
}

// The identity there is, when it was made by a token of this election and unit.
static int make_identity(const char *dir, const struct token *t, struct identity *id)
{
    const char *why = NULL;
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return -errno;
    int rc = identity_read(dir, id, &why);
    if (rc == 0 && (memcmp(id->election, t->election, ELECTION_SIZE) != 0 ||
                    !code_same(&id->unit, &t->unit))) {
        fprintf(stderr,
                "%s: is set up for unit %s of another election or unit: use an empty directory\n",
                dir, id->unit.at);
        return -EEXIST;
    }
    if (rc ==
        0) { // the parent may have moved, or be another: ways and signers are those of the token
        id->n_ways = t->n_ways;
        memcpy(id->ways, t->ways, sizeof id->ways);
        take_signers(id, t);
    } else if (rc == -ENOENT) {
        from_token(id, t);
        return join_write_new(dir, id);
    } else {
        fprintf(stderr, "%s/%s: %s\n", dir, IDENTITY_FILE, why ? why : strerror(-rc));
        return rc;
    }
    return identity_write(dir, id);
}

static zsock_t *knock(const struct way *to, const uint8_t *door, const uint8_t *door_secret)
{
    char endpoint[ADDRESS_MAX + 16];
    zsock_t *s = zsock_new(ZMQ_DEALER);
    snprintf(endpoint, sizeof endpoint, "tcp://%s", to->address);
    if (s && socket_common(s) == 0 && socket_set(s, ZMQ_RCVTIMEO, JOIN_WAIT_MS) == 0 &&
        socket_set(s, ZMQ_SNDTIMEO, JOIN_WAIT_MS) == 0 && socket_set(s, ZMQ_IMMEDIATE, 1) == 0 &&
        socket_set_key(s, ZMQ_CURVE_SERVERKEY, to->curve) == 0 &&
        socket_set_key(s, ZMQ_CURVE_PUBLICKEY, door) == 0 &&
        socket_set_key(s, ZMQ_CURVE_SECRETKEY, door_secret) == 0 &&
        zmq_connect(zsock_resolve(s), endpoint) == 0)
        return s;
    zsock_destroy(&s);
    return NULL;
}

// One question at one door. 0 taken, -EACCES refused with the parent's reason, -EAGAIN, -ETIMEDOUT.
static int ask(const struct way *to, const struct token *t, struct bytes certificate,
               char reason[REASON_MAX + 1])
{
    uint8_t door[KEY_SIZE], secret[KEY_SIZE], buffer[FRAME_MAX];
    uint64_t session = clock_random64();
    struct packer p;
    struct frame f;
    const char *why;
    token_door(t, door, secret);
    zsock_t *s = knock(to, door, secret);
    if (!s)
        return -EINVAL;
    pack_init(&p, buffer, sizeof buffer);
    frame_enrol(&p, session, certificate);
    int n = zmq_send(zsock_resolve(s), buffer, p.n, 0);
    if (n >= 0)
        n = zmq_recv(zsock_resolve(s), buffer, sizeof buffer, 0);
    zsock_destroy(&s);
    if (n <= 0 || n > (int)sizeof buffer ||
        frame_decode(&f, bytes_of(buffer, (size_t)n), &why) < 0 || f.kind != FRAME_ENROLLED ||
        f.session != session)
        return -ETIMEDOUT;
    snprintf(reason, REASON_MAX + 1, "%.*s", (int)f.blob.n,
             f.blob.at ? (const char *)f.blob.at : "");
    return f.taken == ENROL_TAKEN ? 0 : f.taken == ENROL_LATER ? -EAGAIN : -EACCES;
}

int join_by_token(const char *dir, struct bytes token_text)
{
    struct token t;
    struct identity id = {0};
    struct certificate c;
    uint8_t raw[CERTIFICATE_MAX], voucher_secret[SECRET_SIZE];
    char reason[REASON_MAX + 1] = "";
    const char *why;
    if (token_decode(&t, token_text, &why) < 0) {
        fprintf(stderr, "the token: %s\n", why);
        return -EINVAL;
    }
    int rc = make_identity(dir, &t, &id);
    if (rc < 0 && rc != -EEXIST)
        fprintf(stderr, "%s: the identity of %s cannot be kept there: %s\n", dir, t.unit.at,
                strerror(-rc));
    if (rc < 0)
        return rc;
    c.unit = id.unit;
    c.incarnation = id.incarnation;
    memcpy(c.key, id.key, KEY_SIZE);
    memcpy(c.curve, id.curve, KEY_SIZE);
    token_voucher(&t, c.voucher, voucher_secret);
    size_t n = certificate_make(&c, id.election, id.secret, voucher_secret, raw);
    rc = -ETIMEDOUT;
    int64_t until = clock_mono() + JOIN_LATER_MS;
    for (unsigned i = 0;
         (i < JOIN_TRIES && rc == -ETIMEDOUT) || (rc == -EAGAIN && clock_mono() < until); i++) {
        if (rc == -EAGAIN)
            poll(NULL, 0, JOIN_AGAIN_MS);
        rc = ask(&t.ways[i % t.n_ways], &t, bytes_of(raw, n), reason);
    }
    if (rc == -EACCES || rc == -EAGAIN)
        fprintf(stderr, "%s: the parent refused: %s\n", t.unit.at, reason);
    else if (rc < 0)
        fprintf(stderr,
                "%s: no answer from %s: is the hub running, and can this machine reach it?\n",
                t.unit.at, t.ways[0].address);
    return rc;
}

// sse.c - event streams: one bounded ring of text that every open page reads at its own pace.
//
// Positions count all bytes ever published; byte p stands at p % SSE_RING. Text that is in the ring
// is in [end - SSE_RING, end). A reader that waits for more is suspended in MHD, which then neither
// polls nor times it; every publication resumes all.
#include "common/net/sse.h"
#include "common/base/clock.h"
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { RETRY_MIN_MS = 1000, RETRY_SPREAD_MS = 3000 };

struct reader {
    struct reader *next, **at; // *at is this reader
    struct sse *sse;
    struct MHD_Connection *connection;
    char first[96]; // said before anything of the ring
    size_t n_first, first_at;
    uint64_t position;
    bool suspended, dropped;
};

struct mark {
    uint64_t turn, position; // where this turn's event begins
};

struct sse {
    char ring[SSE_RING];
    uint64_t end;
    struct mark marks[SSE_EVENTS_MAX];
    uint64_t n_marks;     // ever; mark i stands at i % SSE_EVENTS_MAX
    uint64_t lost_turn;   // the highest that can no longer be read, or that nobody could
    uint64_t newest_turn; // 0: nothing was published
    uint32_t boot;
    struct reader *readers;
    unsigned n_readers;
    int64_t said_at; // ms, clock_mono
    bool ended;
    void (*on_wake)(void *ctx);
    void *wake_ctx;
};

static uint64_t oldest(const struct sse *s)
{
    return s->end > SSE_RING ? s->end - SSE_RING : 0;
}

static void put(struct sse *s, const char *text, size_t n)
{
    size_t at = (size_t)(s->end % SSE_RING);
    size_t head = n < SSE_RING - at ? n : SSE_RING - at;
    memcpy(s->ring + at, text, head);
    memcpy(s->ring, text + head, n - head);
    s->end += n;
}

// Whoever the ring has overtaken may hang in a full socket, where MHD would not call us: closing
// the descriptor's both ways is what MHD notices.
static void drop(struct reader *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    r->dropped = true;
    if (info)
        shutdown(info->connect_fd, SHUT_RDWR);
}

static void wake(struct sse *s)
{
    bool resumed = false;
    for (struct reader *r = s->readers; r; r = r->next) {
        if (!r->dropped && r->position < oldest(s))
            drop(r);
        if (r->suspended) {
            resumed = true;
            r->suspended = false;
            MHD_resume_connection(r->connection);
        }
    }
    if (resumed && s->on_wake)
        s->on_wake(s->wake_ctx);
}

static ssize_t on_read(void *cls, uint64_t pos, char *to, size_t max)
{
    struct reader *r = cls;
    struct sse *s = r->sse;
    (void)pos;
    if (s->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (r->dropped || r->position < oldest(s))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t n = r->n_first - r->first_at;
    if (n > 0) {
        n = n < max ? n : max;
        memcpy(to, r->first + r->first_at, n);
        r->first_at += n;
        return (ssize_t)n;
    }
    size_t at = (size_t)(r->position % SSE_RING);
    n = s->end - r->position < SSE_RING - at ? (size_t)(s->end - r->position) : SSE_RING - at;
    n = n < max ? n : max;
    if (n == 0) {
        r->suspended = true;
        MHD_suspend_connection(r->connection);
        return 0;
    }
    memcpy(to, s->ring + at, n);
    r->position += n;
    return (ssize_t)n;
}

static void on_gone(void *cls)
{
    struct reader *r = cls;
    *r->at = r->next;
    if (r->next)
        r->next->at = r->at;
    r->sse->n_readers--;
    free(r);
}

int sse_open(struct sse **ret_sse)
{
    struct sse *s = calloc(1, sizeof *s);
    assert(s);
    s->boot = (uint32_t)clock_random64();
    s->said_at = clock_mono();
    *ret_sse = s;
    return 0;
}

void sse_close(struct sse **sse)
{
    if (!*sse)
        return;
    assert(!(*sse)->readers);
    free(*sse);
    *sse = NULL;
}

static void mark(struct sse *s, uint64_t turn)
{
    if (s->n_marks >= SSE_EVENTS_MAX)
        s->lost_turn = s->marks[s->n_marks % SSE_EVENTS_MAX].turn;
    s->marks[s->n_marks++ % SSE_EVENTS_MAX] = (struct mark){.turn = turn, .position = s->end};
    s->newest_turn = turn;
}

int sse_publish(struct sse *s, uint64_t turn, const char *json)
{
    static const char reset[] = "event: reset\ndata: {}\n\n";
    char head[64];
    size_t n = strlen(json);
    s->said_at = clock_mono();
    if (n > SSE_EVENT_MAX) {
        s->lost_turn = s->newest_turn = turn;
        put(s, reset, sizeof reset - 1);
        wake(s);
        return -EMSGSIZE;
    }
    assert(!strchr(json, '\n'));
    int n_head = snprintf(head, sizeof head, "id: %" PRIu64 ".%" PRIu32 "\ndata: ", turn, s->boot);
    mark(s, turn);
    put(s, head, (size_t)n_head);
    put(s, json, n);
    put(s, "\n\n", 2);
    wake(s);
    return 0;
}

void sse_skip(struct sse *s, uint64_t turn)
{
    s->lost_turn = s->newest_turn = turn;
}

uint32_t sse_start(const struct sse *s)
{
    return s->boot;
}

unsigned sse_readers(const struct sse *s)
{
    return s->n_readers;
}

void sse_on_wake(struct sse *s, void (*on_wake)(void *ctx), void *ctx)
{
    s->on_wake = on_wake;
    s->wake_ctx = ctx;
}

// Also how a reader that has gone is found: its connection is only looked at while it is not
// suspended.
void sse_tick(struct sse *s, int64_t now_mono)
{
    static const char beat[] = "event: beat\ndata: {}\n\n";
    if (now_mono - s->said_at < SSE_BEAT_MS)
        return;
    s->said_at = now_mono;
    put(s, beat, sizeof beat - 1);
    wake(s);
}

// Where a reader that knows this turn goes on; false: it has to read the state again.
static bool find(const struct sse *s, uint64_t turn, uint64_t *ret_position)
{
    uint64_t i = s->n_marks > SSE_EVENTS_MAX ? s->n_marks - SSE_EVENTS_MAX : 0;
    uint64_t lost = s->lost_turn;
    for (; i < s->n_marks; i++) {
        const struct mark *m = &s->marks[i % SSE_EVENTS_MAX];
        if (m->position < oldest(s))
            lost = m->turn > lost ? m->turn : lost;
        else if (m->turn > turn) {
            *ret_position = m->position;
            return turn >= lost;
        }
    }
    *ret_position = s->end;
    return turn >= lost;
}

static bool resume_at(const struct sse *s, struct MHD_Connection *c, uint64_t *ret_turn,
                      uint64_t *ret_position)
{
    const char *id = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Last-Event-ID");
    bool by_header = id != NULL;
    if (!id)
        id = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "after");
    *ret_position = s->end;
    *ret_turn = s->newest_turn;
    if (!id)
        return true; // only what is new
    char *end;
    errno = 0;
    uint64_t turn = strtoull(id, &end, 10);
    if (errno || end == id)
        return false;
    if ((by_header || *end) && (*end != '.' || strtoull(end + 1, NULL, 10) != s->boot))
        return false;
    if (!find(s, turn, ret_position))
        return false;
    *ret_turn = turn;
    return true;
}

int sse_join(struct sse *s, struct MHD_Connection *connection, struct MHD_Response **ret_response)
{
    if (s->ended || s->n_readers >= SSE_READERS_MAX)
        return -EBUSY;
    struct reader *r = calloc(1, sizeof *r);
    assert(r);
    *r = (struct reader){.next = s->readers, .at = &s->readers, .sse = s, .connection = connection};
    uint64_t turn;
    bool known = resume_at(s, connection, &turn, &r->position);
    if (!known)
        r->position = s->end;
    // The id without data is remembered by the browser, also if no event ever follows. Spread, so
    // that after a restart not all pages come back in the same instant.
    unsigned retry = RETRY_MIN_MS + (unsigned)(clock_random64() % RETRY_SPREAD_MS);
    r->n_first = (size_t)snprintf(r->first, sizeof r->first,
                                  "retry: %u\nid: %" PRIu64 ".%" PRIu32 "\n\n%s", retry, turn,
                                  s->boot, known ? "" : "event: reset\ndata: {}\n\n");
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 2048, on_read, r, on_gone);
    assert(response);
    if (r->next)
        r->next->at = &r->next;
    s->readers = r;
    s->n_readers++;
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Accel-Buffering", "no"); // a proxy must pass it on at once
    *ret_response = response;
    return 0;
}

void sse_end(struct sse *s)
{
    s->ended = true;
    wake(s);
}

// http.h - the program's HTTP in the loop's one thread: commands by a Unix socket, pages by TCP.
//
// Before a handler runs, the size of the body and, on TCP, Host, Origin and Sec-Fetch-Site have
// been checked, and that a POST carries the header X-Dantin, which no other site's page can send.
// Who asks, and whether that is enough for the route, the caller's `admit` says. Who may open api.sock (0600, our user or root) is
// the administrator: no proxy belongs in front of it.
//
// Order: the caller holds the lock of the state directory (api.sock and http.port are replaced);
// loop_open, sse_open, http_open ... http_close, sse_close, loop_close. Handlers answer before they
// return; whatever they say must be on disk by then. http_tick is called from the loop's on_tick.
#pragma once
#include "common/net/form.h"
#include "proto/pack.h"
#include <stdbool.h>

struct http; // owns two listeners
struct loop;
struct sse;

enum {
    HTTP_BODY_MAX = 1 << 20,
    HTTP_BODIES_MAX = 32 << 20,  // of all requests together; above it 503
    HTTP_HEADERS_MAX = 10 << 10, // held by each open connection
    HTTP_CONNECTIONS_MAX = 2200,
    HTTP_TIMEOUT_S = 30,
};

enum {                    // of http_route.needs; the caller's rights are the bits below
    HTTP_PAGE = 1 << 27,  // a person reads it: who is not known is sent to the entrance
    HTTP_LOCAL = 1 << 29, // by the Unix socket only: on TCP it is not there, 404
    HTTP_OPEN = 1 << 30,  // for whoever asks
};

struct http_request {
    const char *method; // "GET" (also for HEAD) or "POST"
    const char *path;   // decoded, without the query
    bool local;         // came by the Unix socket
    struct bytes body;
    void *connection; // for the functions below
    // Filled by `admit`:
    const char *person; // the id of who asks; NULL: nobody is known by name
    const char *unit;   // what is asked about where the request names no unit; NULL: the own unit
    unsigned may;       // rights of the caller's, of which a route's `needs` names some
    const void *who;    // the caller's own word about who asks
    uint64_t waited;    // `wait` of this request's last reply; 0: it is heard for the first time
};

struct http_reply {
    int status;       // 200 when left alone
    const char *type; // a literal; application/json when left alone
    char *body;       // malloc'd, taken over; may be NULL
    size_t n;
    bool stream;        // answer with the event stream instead
    bool keep;          // it may be given again in this turn: see kept.h
    uint64_t wait;      // not yet: the handler is called again for this request after http_resume
    char cookie[256];   // Set-Cookie, if not empty
    char filename[128]; // offered as a download under this name, if not empty
};

struct http_route {
    const char *method, *path; // a path that ends in "/*" takes everything below it
    void (*handle)(void *ctx, const struct http_request *request, struct http_reply *reply);
    unsigned needs; // HTTP_OPEN, HTTP_LOCAL, or rights of the caller's: all of them; never 0
};

struct http_setup {
    struct loop *loop;
    const char *dir;   // the state directory: api.sock and http.port are in it
    const char *host;  // numeric address of the TCP listener; NULL: none
    int port;          // 0: any free one, see http_port
    const char *name;  // one more allowed Host, with or without a port ("office.example",
                       // "10.0.0.5"); or NULL
    const char *pages; // the program's folder, "node" or "hub"; NULL: no pages
    // What a page (.html) needs, as a route does; whoever may not is sent to the page `entrance`,
    // which is for all, as are scripts, styles and sentences. 0: pages are for all.
    unsigned pages_need;
    const char *entrance; // "/login.html"
    const struct http_route *routes;
    size_t n_routes;
    void *ctx; // of the handlers
    // Fills what is known of who asks. 0; or negative, with the refusal, where the route is not for
    // them. NULL: everything for everybody.
    int (*admit)(void *ctx, struct http_request *q, unsigned needs, struct http_reply *refusal);
    void *admit_ctx;
    struct sse *events;          // for replies that stream; or NULL
    uint64_t (*turn)(void *ctx); // of the state; NULL: no reply is kept
    void *turn_ctx;
};

int http_open(struct http **ret_http, const struct http_setup *setup);
void http_close(struct http **http);
void http_tick(struct http *h);
int http_port(const struct http *h); // of the TCP listener; 0: none

// A handler said `wait` of this connection (http_request.connection): it is called again. In this
// thread; each once, and before http_close.
void http_resume(struct http *h, void *connection);

// NULL: not given. Valid until the handler returns.
const char *http_query(const struct http_request *request, const char *name);
const char *http_cookie(const struct http_request *request, const char *name);

// Fill the reply: {"error", "words", "words_en"} with this status; or printf'd text, JSON unless `type` is set.
// key: what a person can meet on a page has a sentence in text.vi and text.en, `error` is the English one; what
// only a program does wrong is said as it stands here.
void http_refuse(struct http_reply *reply, int status, const char *key);
void http_refuse_words(struct http_reply *reply, int status, const char *vi, const char *en);
void http_printf(struct http_reply *reply, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

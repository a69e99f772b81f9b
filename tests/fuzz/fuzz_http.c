// fuzz_http.c - bytes of any kind at both of a daemon's HTTP doors: only what may reaches a handler, and every
// answer is one.
//
// The first byte chooses the door: even, the Unix socket; odd, TCP.
#include "common/net/http.h"
#include "common/net/loop.h"
#include "fuzz.h"
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { REPLY_MAX = 1 << 16, ROUNDS = 8 };
static struct {
    char dir[64];
    struct loop *loop;
    struct http *http;
    const char *request; // ended by NUL, whatever else is in it
    size_t n_request;
    bool local;
    int fd, always; // always: can be read at any time
    char reply[REPLY_MAX];
    size_t n_reply;
    unsigned ticks, rounds;
} z;

static bool has(const char *what)
{
    for (size_t i = 0; i + strlen(what) <= z.n_request; i++)
        if (strncasecmp(z.request + i, what, strlen(what)) == 0)
            return true;
    return false;
}

static void read_form(struct bytes text)
{
    char *room = malloc(text.n + 1);
    struct form form;
    struct form_field f;
    form_init(&form, text, room, text.n + 1);
    while (form_next(&form, &f) == 1)
        MUST(f.name[0] && strlen(f.value) == f.n_value);
    free(room);
}

static void handle(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const char *name = http_query(q, "name");
    (void)ctx;
    MUST(q->local == z.local && q->body.n <= z.n_request && q->path[0] == '/');
    MUST(strcmp(q->method, "GET") == 0 || strcmp(q->method, "POST") == 0);
    if (!z.local) {
        MUST(has("office.example")); // the only host that these bytes can know
        MUST(strcmp(q->method, "GET") == 0 || has("x-dantin"));
        MUST(strcmp(q->path, "/api/secret") != 0);
    }
    read_form(q->body);
    read_form(bytes_text(name));
    http_printf(a, "{\"n\":%zu,\"m\":%zu}\n", q->body.n, name ? strlen(name) : 0);
}

// MHD works on edges: an end that comes together with the bytes before it would show to it only much later.
// So it comes some rounds of the loop behind them.
static void say_end(void *ctx)
{
    (void)ctx;
    if (++z.rounds == ROUNDS) {
        shutdown(z.fd, SHUT_WR);
        loop_remove_fd(z.loop, z.always);
    }
}

// The answer ends when the other side closes.
static void talk(void *ctx)
{
    char drop[4096];
    ssize_t n = recv(z.fd, z.n_reply < REPLY_MAX ? z.reply + z.n_reply : drop,
                     z.n_reply < REPLY_MAX ? REPLY_MAX - z.n_reply : sizeof drop, MSG_DONTWAIT);
    (void)ctx;
    if (n > 0 && z.n_reply < REPLY_MAX)
        z.n_reply += (size_t)n;
    if (n == 0 || (n < 0 && errno != EAGAIN))
        loop_stop(z.loop, -ECANCELED);
}

static void on_tick(void *ctx)
{
    (void)ctx;
    http_tick(z.http);
    MUST(++z.ticks < 100); // ten seconds: the door stays shut
}

static void connect_to(void)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in tcp = {.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)http_port(z.http)),
                              .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct linger at_once = {.l_onoff = 1};
    snprintf(local.sun_path, sizeof local.sun_path, "%s/api.sock", z.dir);
    z.fd = socket(z.local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    MUST(z.fd >= 0);
    if (z.local)
        MUST(connect(z.fd, (struct sockaddr *)&local, sizeof local) == 0);
    else
        MUST(connect(z.fd, (struct sockaddr *)&tcp, sizeof tcp) == 0);
    setsockopt(z.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)!send(z.fd, z.request, z.n_request, MSG_NOSIGNAL | MSG_DONTWAIT);
    MUST(loop_add_fd(z.loop, z.fd, talk, NULL) == 0);
    MUST(loop_add_fd(z.loop, z.always, say_end, NULL) == 0);
}

static void remove_dir(void)
{
    rmdir(z.dir);
}

static void open_doors(void)
{
    static const struct http_route routes[] = {{"GET", "/api/say", handle, HTTP_OPEN},
                                               {"POST", "/api/say", handle, HTTP_OPEN},
                                               {"GET", "/api/part/*", handle, HTTP_OPEN},
                                               {"GET", "/api/secret", handle, HTTP_LOCAL},
                                               {"POST", "/api/secret", handle, HTTP_LOCAL}};
    struct loop_hooks hooks = {.on_tick = on_tick};
    if (!z.dir[0]) {
        strcpy(z.dir, "/tmp/dantin-fuzz-XXXXXX");
        MUST(mkdtemp(z.dir));
        atexit(remove_dir);
        z.always = eventfd(1, EFD_CLOEXEC);
    }
    MUST(loop_open(&z.loop, &hooks) == 0);
    struct http_setup s = {.loop = z.loop,
                           .dir = z.dir,
                           .host = "127.0.0.1",
                           .name = "office.example",
                           .routes = routes,
                           .n_routes = sizeof routes / sizeof routes[0]};
    MUST(http_open(&z.http, &s) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0 || n > 32768)
        return 0;
    char *text = malloc(n);
    memcpy(text, data + 1, n - 1);
    text[n - 1] = 0;
    z.request = text;
    z.n_request = n - 1;
    z.local = data[0] % 2 == 0;
    z.n_reply = z.ticks = z.rounds = 0;
    open_doors();
    connect_to();
    loop_run(z.loop);
    MUST(z.n_reply == 0 || (z.n_reply > 12 && memcmp(z.reply, "HTTP/1.1 ", 9) == 0 &&
                            z.reply[9] >= '1' && z.reply[9] <= '5'));
    loop_remove_fd(z.loop, z.always);
    loop_remove_fd(z.loop, z.fd);
    close(z.fd);
    http_close(&z.http);
    loop_close(&z.loop);
    free(text);
    return 0;
}

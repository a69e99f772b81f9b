// daemon.h - one unit's daemon: an office, the loop, the link to the parent, pages and commands.
//
// What node and hub have in common, wired once. The hub adds its gate by the hooks. Order: lock the
// state directory, read identity and settings, loop, office, link, http. The turn's end commits; an
// I/O error of the store ends the program with a mark beside the store, and the next start mends it.
#pragma once
#include "common/base/config.h"
#include "common/net/http.h"
#include "common/net/loop.h"
#include "common/office/office.h"
#include "people.h"

struct daemon; // owns all of it

struct daemon_setup {
    const char *dir, *program, *pages; // pages: "node" or "hub"
    const struct http_route *routes;
    size_t n_routes;
    const struct persons_rules *people;
    unsigned desk;          // rights of whoever has the page at the desk, while nobody has a secret
    void *ctx;              // of the routes and of the hooks
    struct daemon **daemon; // where it is put before anything calls back
    int (*send)(void *ctx, uint32_t peer, struct bytes frame); // to a child; NULL: has none
    void (*drop)(void *ctx, uint32_t peer);
    int (*on_open)(void *ctx, struct daemon *d); // after the office, before pages
    char *(*event)(void *ctx);                   // JSON of one event after a turn; malloc'd or NULL
};

// Returns the program's exit code; says on stderr what is wrong, where and what to do.
int daemon_serve(const struct daemon_setup *setup);

struct office *daemon_office(struct daemon *d);
struct loop *daemon_loop(struct daemon *d);
const struct config *daemon_config(const struct daemon *d);
const char *daemon_dir(const struct daemon *d);
struct people *daemon_people(struct daemon *d);
struct moment daemon_now(void);
// After a handler said something by itself: the event goes out, the link is looked at.
void daemon_turned(struct daemon *d, int rc);
// Answers a POST whose commit failed: full disk or worse.
void daemon_refuse(struct http_reply *reply, int rc);

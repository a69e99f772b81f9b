// loop.h - the program's only event loop: a zloop with an end of turn, a tick, signals and systemd.
//
// Order: loop_open before any socket or thread of the process, so that all of them inherit the
// blocked signals. SIGTERM and SIGINT end the loop; SIGPIPE is ignored. A child process inherits
// the blocked mask: whoever spawns one sets an empty mask for it (POSIX_SPAWN_SETSIGMASK).
//
// A turn: the sources that are ready are called, once each, and drain what waits behind them,
// bounded. The first that took something calls loop_arm; before the next source is called,
// on_turn_end is, once. Callbacks may add and remove sources, also themselves. The file descriptors
// stay the caller's.
#pragma once
#include <stdbool.h>

struct loop;

enum { LOOP_TICK_MS = 200 }; // a node at rest wakes five times a second

struct loop_hooks {
    void *ctx;
    void (*on_turn_end)(void *ctx); // may be NULL
    void (*on_tick)(void *ctx);     // may be NULL; late ticks are not made up for
};

int loop_open(struct loop **ret_loop, const struct loop_hooks *hooks); // one in a process at a time
void loop_close(struct loop **loop);

int loop_run(struct loop *l);            // 0: ended by a signal; else what loop_stop said, or -EIO
void loop_stop(struct loop *l, int why); // why < 0; takes effect when the running callback returns
void loop_arm(struct loop *l);           // something was taken in: the turn will have an end

int loop_add_fd(struct loop *l, int fd, void (*on_ready)(void *ctx), void *ctx);
void loop_remove_fd(struct loop *l, int fd); // before it is closed
int loop_add_socket(struct loop *l, void *zsock, void (*on_ready)(void *ctx), void *ctx);
void loop_remove_socket(struct loop *l,
                        void *zsock); // a zsock_t or a raw socket, before it is closed

// Tells systemd that we are at work, and what we are doing; may be said again. Without
// $NOTIFY_SOCKET nothing happens. The watchdog is fed from the tick.
void loop_ready(struct loop *l, const char *status);

// session.h - one link between a child and its parent: greeting, who sends which log, both deadlines.
//
// Pure: no clock, no socket, no store. The caller brings events with the time in `env`, performs the
// action that comes back, and then pulls: session_say() for frames that are owed, session_wants()
// for a run to read from the store and send. Frames that answer are owed only after COMMITTED, so
// nothing is acknowledged that is not on disk.
//
//             LINK_UP            HELLO              peer's last HAVE
//   DOWN ──► GREETING ────────► LISTING ──────────► OPEN        child: DOWN until its link is up
//     ▲          │                  │                 │         parent: begins in LISTING by a HELLO
//     └──────────┴── silence, no progress, BYE, link down ◄┘    a parent's session then ends (GONE)
#pragma once
#include "flow.h"

enum {
    SESSION_WINDOW = 32, // runs that may be on the way to this end: lone ones, on a thin, long line
    SESSION_FLIGHT =
        32768, // bytes of runs on the way, above which no other is sent: what comes first
               // waits no longer than these take
    SESSION_BEAT_HAVES = 16, // logs repeated in each beat, in turn
    SESSION_BEAT_MS = 5000,
    SESSION_DEADLINE_MS = 20000,
    SESSION_BACKOFF_FIRST_MS =
        1000, // the longest wait after the first fall; each time twice as long
    SESSION_BACKOFF_MS = 15000
};
enum session_state { SESSION_DOWN, SESSION_GREETING, SESSION_LISTING, SESSION_OPEN, SESSION_GONE };
enum session_event_kind {
    SESSION_TICK,
    SESSION_LINK_UP,
    SESSION_LINK_DOWN,
    SESSION_HEARD,     // a frame other than RUN, decoded
    SESSION_TOOK,      // a run was looked at: appended, or not
    SESSION_COMMITTED, // what was taken is on disk
    SESSION_SHIPPED,   // a run went out
    SESSION_REFUSED    // this end ends it, with why
};
enum took { TOOK_APPENDED, TOOK_COMPARED, TOOK_DROPPED, TOOK_FORKED };

struct session_env {
    const struct log_table *logs;
    int64_t now, wall; // ms: of a clock that only goes forward; since 1970
    uint64_t random;   // fresh for each step
    unsigned taking;   // TAKING ...
    uint32_t plan;
    uint8_t plan_hash[HASH_SIZE];
    uint64_t free_disk;
    int64_t beat_ms, deadline_ms, backoff_ms;
    const struct frame_link *links; // words of this end's children, for its parent; at most
    uint32_t n_links;               // FRAME_LINKS_MAX in a beat
};
struct session_event {
    enum session_event_kind kind;
    const struct frame *frame; // HEARD
    uint32_t log;              // TOOK, SHIPPED
    enum took took;
    uint64_t n;      // SHIPPED: the last record of the run
    size_t bytes;    // SHIPPED
    const char *why; // REFUSED
};
enum session_action_kind { SESSION_NOTHING, SESSION_CONNECT, SESSION_CLOSE };
struct session_action {
    enum session_action_kind kind;
    const char *why;
};

struct session {
    bool child; // this end is the child: it knocks
    enum session_state state;
    struct code unit; // whom this end speaks for
    uint8_t election[ELECTION_SIZE];
    uint64_t id, store, boot;
    const char *program; // version of this end, NULL: not said; outlives the session
    struct flow *flows;  // ascending by log; the caller's memory
    uint32_t n_flows, cap_flows;
    uint32_t next_listed, next_beaten; // flows to list, flows to repeat in beats
    bool hello_owed, list_done, peer_done, bye_owed, beat_owed, have_owed;
    const char *bye;
    unsigned falls;                            // since the last session that lived for a beat
    uint64_t out_runs, peer_seen, peer_credit; // sent; looked at; allowed in all
    uint32_t sizes[SESSION_WINDOW];            // bytes of the last runs sent, by number
    uint64_t in_runs;
    uint64_t bytes_own, bytes_evidence;
    int64_t heard_at, progress_at, beat_at, retry_at;
    uint64_t backlog; // records this end still has to send, as of the last look
    // what the other end said
    struct code peer;
    char peer_program[PROGRAM_MAX + 1];
    uint64_t peer_boot, peer_backlog, peer_free_disk;
    bool peer_beat; // it has said the above in this session
    uint8_t peer_plan_hash[HASH_SIZE];
    unsigned peer_taking;
    int64_t peer_offset; // its clock minus ours, ms
};

void session_init(struct session *s, bool child, const struct code *unit, const uint8_t *election);
// A parent's session begins with the HELLO that was heard. -EPROTO with a reason to say in a BYE.
int session_accept(struct session *s, const struct frame *hello, const struct session_env *env,
                   const char **ret_why);
// The flows are for this session only; the caller shares the logs anew after LINK_UP or accept.
void session_share(struct session *s, uint32_t log); // once or again; flows must have room for one
struct flow *session_flow(struct session *s, uint32_t log); // or NULL: not shared

struct session_action session_step(struct session *s, const struct session_event *ev,
                                   const struct session_env *env);
// Packs the next frame that is owed; false when there is none.
bool session_say(struct session *s, const struct session_env *env, struct packer *p);
// A frame that session_say gave could not be sent: what it said is owed again.
void session_unsaid(struct session *s);
// The log to send from; NULL when nothing may go out now. It is the run after flow->sent_n; where
// that is what the other end has and the run does not begin with flow->peer_hash, or the flow is
// disputed, it is the run that covers the lesser of flow->peer_n and the own head, and the flow is
// `forked` with it.
struct flow *session_wants(struct session *s, const struct session_env *env);

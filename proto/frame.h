// frame.h - the frames of a session as structs and bytes, with every limit.
//
//   HELLO    = [1, session, lowest, highest, election, unit, store, boot, clock, plan version, program]
//   HAVE     = [2, session, seen, credit, last, [*[author, about, stream, incarnation, n, h(n)]]]
//   RUN      = [3, session, author, about, stream, incarnation, [+[body, texts]]]
//   MARK     = [4, session, [+mark]]
//   BEAT     = [5, session, clock, backlog, free disk, state, plan hash, [*[unit, word, since]]]
//   ENROL    = [6, session, certificate]
//   ENROLLED = [7, session, taken, reason]
//   BYE      = [8, session, reason]
//   texts    = *[record's number in its log, salt || text]      pairs, one behind the other
//
// seen: runs of this session that were looked at, kept or not. credit: runs that may be sent in this
// session in all, counted from its start, so that a frame under way is never counted twice.
#pragma once
#include "chain.h"

enum {
    FRAME_MAX = 64 * 1024, // bytes of a frame: ZMQ_MAXMSGSIZE
    FRAME_HAVES_MAX = 256, // logs in one HAVE
    FRAME_RUNS_MAX = 64,   // runs in one RUN
    FRAME_MARKS_MAX = 64,
    FRAME_LINKS_MAX = 128, // link words in one BEAT
    REASON_MAX = 200,
    PROGRAM_MAX = 40,
    PROTOCOL_VERSION = 1
};
enum frame_kind {
    FRAME_HELLO = 1,
    FRAME_HAVE,
    FRAME_RUN,
    FRAME_MARK,
    FRAME_BEAT,
    FRAME_ENROL,
    FRAME_ENROLLED,
    FRAME_BYE
};
enum taking { TAKING = 1, TAKING_FULL, TAKING_LOADING, TAKING_REBUILDING };
enum enrolled { ENROL_REFUSED, ENROL_TAKEN, ENROL_LATER }; // later: the hub is starting, ask again
enum link_word { LINK_NEVER_SEEN = 1, LINK_CONNECTED, LINK_STUCK, LINK_SILENT };

struct have {
    struct log_id log;
    uint64_t n;
    uint8_t hash[HASH_SIZE];
};
struct frame_link {
    struct code unit;
    unsigned word;
    int64_t since;
};

struct frame { // as decoded; `items` is a list to be walked with the frame_next_ functions
    enum frame_kind kind;
    uint64_t session;
    unsigned lowest, highest; // HELLO
    uint8_t election[ELECTION_SIZE];
    struct code unit;
    uint64_t store, boot;
    int64_t clock; // HELLO, BEAT
    uint32_t plan;
    struct bytes program;  // HELLO: its version, to be shown
    uint64_t seen, credit; // HAVE
    bool last;
    struct log_id log;           // RUN
    uint64_t backlog, free_disk; // BEAT
    unsigned taking;
    uint8_t plan_hash[HASH_SIZE];
    struct bytes blob; // ENROL: certificate; ENROLLED, BYE: reason
    unsigned taken;    // ENROLLED: ENROL_ ...
    unsigned n_items;
    struct cursor items;
};

// 0, or -EBADMSG with a reason: the frame is whole and strict, its items are walked and good.
int frame_decode(struct frame *f, struct bytes b, const char **ret_why);
bool frame_next_have(struct cursor *items, struct have *ret);
bool frame_next_run(struct cursor *items, struct bytes *ret_body, struct bytes *ret_texts);
bool frame_next_mark(struct cursor *items, struct bytes *ret_mark);
bool frame_next_link(struct cursor *items, struct frame_link *ret);

// Writers. A list is written head first with its number of items, then item by item.
void frame_hello(struct packer *p, const struct frame *f);
void frame_have(struct packer *p, const struct frame *f, size_t n_items); // seen, credit, last
void frame_have_item(struct packer *p, const struct log_id *log, uint64_t n, const uint8_t *hash);
void frame_run(struct packer *p, uint64_t session, const struct log_id *log, size_t n_items);
void frame_run_item(struct packer *p, struct bytes body, struct bytes texts);
void frame_mark(struct packer *p, uint64_t session, size_t n_items); // then pack_raw of each mark
void frame_beat(struct packer *p, const struct frame *f, size_t n_items);
void frame_beat_item(struct packer *p, const struct frame_link *l);
void frame_enrol(struct packer *p, uint64_t session, struct bytes certificate);
void frame_enrolled(struct packer *p, uint64_t session, enum enrolled taken, const char *reason);
void frame_bye(struct packer *p, uint64_t session, const char *reason);

// The texts of a run: pairs one behind the other, walked in order of their records.
bool texts_next(struct cursor *c, uint64_t *ret_n, struct bytes *ret_salted);
int texts_check(struct bytes texts); // 0 or -EBADMSG

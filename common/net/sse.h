// sse.h - event streams: one bounded ring of text that every open page reads at its own pace.
//
// An event on the wire:   id: TURN.BOOT \n data: JSON \n \n      (BOOT: this start of the program)
// First comes an id without data, so that a reconnect names the start even if nothing was
// published. A page reads the state first, which names its turn, and in the header X-Dantin-Start its
// BOOT; then it opens the stream with ?after=TURN.BOOT. A browser that reconnects says Last-Event-ID by
// itself. What is no longer in the ring, was passed over since nobody listened, or is of another start,
// is answered by `event: reset`: read the state again. A reader the ring has overtaken is dropped. Where
// nothing happens, `event: beat` says that the stream is alive.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct sse; // owns the ring, and the readers while they live
struct MHD_Connection;
struct MHD_Response;

enum {
    SSE_RING = 256 << 10,
    SSE_EVENT_MAX = 64 << 10,
    SSE_EVENTS_MAX = 4096, // that can be resumed from
    SSE_READERS_MAX = 2000,
    SSE_BEAT_MS = 15000,
};

int sse_open(struct sse **ret_sse);
void sse_close(struct sse **sse); // after http_close

// To all readers. Turns grow; JSON is one line. -EMSGSIZE: too long, the readers are told to reset.
int sse_publish(struct sse *s, uint64_t turn, const char *json);
// Nobody listens: what changed up to this turn is kept for nobody.
void sse_skip(struct sse *s, uint64_t turn);
unsigned sse_readers(const struct sse *s);
uint32_t sse_start(const struct sse *s); // BOOT

// For http only. on_wake: readers were resumed, MHD has to run for them, though not within this
// call.
void sse_on_wake(struct sse *s, void (*on_wake)(void *ctx), void *ctx);
void sse_tick(struct sse *s, int64_t now_mono);
int sse_join(struct sse *s, struct MHD_Connection *connection, struct MHD_Response **ret_response);
void sse_end(struct sse *s); // all readers; no new ones from now on

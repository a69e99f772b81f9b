"""slowlink - a TCP proxy that is a thin, long, lossy line: 32 kbit/s each way, 600 ms round trip, 5 % loss.

    line = SlowLink(lambda: port, kbit=32, rtt_ms=600, loss=0.05, seed=1)    listens at line.port; a good line at first
    line.cut()       what is up ends; calls are taken and hear nothing, as if no packet came through
    line.mend()      calls that still wait go through now, and all go as slowly as was said
    line.counts      {"up": Count, "down": Count} since the last cut: up is what the caller says

What is modelled, for each direction on its own:
  * segments of 1,400 bytes with 40 bytes of TCP and IP before them, sent one behind the other at the rate, all calls together:
    the line is one queue, as a modem's is;
  * half the round trip until a segment is there; a call is up after a whole one, as SYN and its answer take;
  * loss: a segment is lost with the given chance, by its direction's own generator (same seed, same bytes: same losses). It
    takes the line again, and arrives a retransmission's wait later: 1 s and the round trip, twice that when it is lost once
    more, and so on. What is behind it keeps the line busy and waits for it at the receiver, as TCP delivers in order;
  * a sender may have WINDOW bytes under way, then it is not read from: behind that only its own socket buffers hold more,
    and they are kept small.
Not modelled: slow start and the window that shrinks after a loss (at 5 % and 600 ms TCP may send some 12 kB/s by
1.22 * MSS / (RTT * sqrt(loss)), thrice this line's rate, so the line and not the window is what limits), bytes of pure
acknowledgements, lost acknowledgements (the next one repeats them), reordering.
"""
import asyncio
import dataclasses
import random
import socket
import threading

SEGMENT, HEADERS = 1400, 40
WINDOW = 16384
BUFFER = 8192  # of our own sockets
WAIT_S = 1.0   # of a retransmission, beside the round trip


@dataclasses.dataclass
class Count:
    bytes: int = 0     # as TCP carries them
    segments: int = 0  # sent, the lost ones too
    lost: int = 0

    def wire(self):
        """With headers, without what was sent again."""
        return self.bytes + (self.segments - self.lost) * HEADERS


class Way:
    """One direction of the line: when the next segment may be sent, and when it is there."""

    def __init__(self, link, seed):
        self.link, self.chance, self.free_at, self.count = link, random.Random(seed), 0.0, Count()

    def send(self, n, now):
        """When the last byte is there."""
        self.count.bytes += n
        at, extra, wait = max(now, self.free_at), 0.0, WAIT_S + self.link.rtt
        while True:
            at += (n + HEADERS) * 8 / self.link.rate
            self.count.segments += 1
            if self.chance.random() >= self.link.loss:
                break
            self.count.lost += 1
            extra, wait = extra + wait, 2 * wait
        self.free_at = at
        return at + self.link.rtt / 2 + extra


class Call:
    """One caller, and the call to what is behind."""

    def __init__(self, link, reader, writer):
        self.link, self.near, self.writers = link, (reader, writer), [writer]
        self.tasks = [asyncio.current_task()]

    async def until_through(self):
        """What it said so far; None: it hung up before the line was there."""
        said, there = b"", self.begin(self.link.through.wait())
        while not self.link.through.is_set():
            more = self.begin(self.near[0].read(SEGMENT))
            await asyncio.wait((there, more), return_when=asyncio.FIRST_COMPLETED)
            if not more.done():
                more.cancel()
            elif not more.result():
                return None
            else:
                said += more.result()
        return said

    def begin(self, work):
        self.tasks.append(asyncio.ensure_future(work))
        return self.tasks[-1]

    async def serve(self):
        said = await self.until_through()
        if said is None:
            return
        if self.link.slow:
            await asyncio.sleep(self.link.rtt)
        far = await asyncio.open_connection("127.0.0.1", self.link.behind(), limit=BUFFER)
        shrink(far[1])
        self.writers.append(far[1])
        self.link.up += 1
        both = [self.begin(self.pump(said, self.near[0], far[1], "up")), self.begin(self.pump(b"", far[0], self.near[1], "down"))]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)

    async def pump(self, data, reader, writer, name):
        """Ends when its end is gone, as soon as what it said is there."""
        loop, way, queue = asyncio.get_running_loop(), self.link.ways[name], asyncio.Queue()
        room, arrives = asyncio.Semaphore(WINDOW // SEGMENT), 0.0
        deliverer = self.begin(self.deliver(queue, writer, room))
        while data or (data := await reader.read(SEGMENT)):
            if self.link.slow:
                await room.acquire()
                arrives = max(arrives, way.send(len(data), loop.time()))
                queue.put_nowait((arrives, data))
            else:
                writer.write(data)
                await writer.drain()
            data = b""
        queue.put_nowait((arrives, b""))
        await deliverer

    async def deliver(self, queue, writer, room):
        loop = asyncio.get_running_loop()
        while True:
            at, data = await queue.get()
            await asyncio.sleep(at - loop.time())
            if not data:
                return
            writer.write(data)
            room.release()

    def close(self, reset):
        for task in self.tasks[0 if reset else 1:]:  # the first is the call's own
            task.cancel()
        for writer in self.writers:
            if reset:
                writer.transport.abort()
            writer.close()


def shrink(writer):
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, option, BUFFER)


class SlowLink:
    def __init__(self, behind, kbit=32, rtt_ms=600, loss=0.05, seed=1):
        self.behind, self.rate, self.rtt, self.loss, self.seed = behind, kbit * 1000, rtt_ms / 1000, loss, seed
        self.slow, self.calls, self.up = False, set(), 0  # `up`: calls that came through since the last cut
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)  # before a window is offered
        self.port = self.listener.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self.fresh()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def fresh(self):
        self.ways = {name: Way(self, f"{self.seed} {name}") for name in ("up", "down")}

    @property
    def counts(self):
        return {name: dataclasses.replace(way.count) for name, way in self.ways.items()}

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.through = asyncio.Event()
        self.through.set()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.call, sock=self.listener, limit=BUFFER))
        self.loop.run_forever()

    async def call(self, reader, writer):
        call = Call(self, reader, writer)
        shrink(writer)
        self.calls.add(call)
        try:
            await call.serve()
        except (OSError, ValueError, asyncio.CancelledError):  # an end is gone, or nobody is behind, or the line was cut
            pass
        finally:
            self.calls.discard(call)
            call.close(False)

    def do(self, what):
        """In the line's own thread, done when this returns."""
        async def done():
            what()
        asyncio.run_coroutine_threadsafe(done(), self.loop).result(5)

    def end_calls(self):
        for call in list(self.calls):
            call.close(True)

    def cut(self):
        def end_all():
            self.through.clear()
            self.slow, self.up = True, 0
            self.fresh()
            self.end_calls()
        self.do(end_all)

    def mend(self):
        self.do(self.through.set)

    def close(self):
        def end_all():
            self.server.close()
            self.end_calls()
        self.do(end_all)
        self.do(lambda: None)  # what was cancelled ends in this turn
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

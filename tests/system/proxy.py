"""proxy - a TCP proxy of the tests, which treats what passes as bad lines do; it adds and repeats nothing.

    proxy = Proxy(lambda: port)          listens at proxy.port, and asks for the port behind at each call
    proxy.treat(Manner("freeze", after=700, way="down", seconds=5))     lines that are up, and those to come
    proxy.treat(None)                    new calls pass as they are; what froze for ever stays so
"""
import asyncio
import dataclasses
import random
import socket
import struct
import threading

KINDS = ("cut", "truncate", "half_close", "freeze", "delay", "drip")
CHUNK = 16384


@dataclasses.dataclass(frozen=True)
class Manner:
    """What is done to a line, from its byte `after` on, counted from now."""

    kind: str
    after: int = 0
    way: str = "both"  # up: what the caller says; down: what it hears
    seconds: float = 0  # of a delay; how long it freezes, 0: for ever
    rate: int = 200  # bytes in a second, of a drip

    def __str__(self):
        more = {"drip": f" at {self.rate} B/s", "delay": f" by {self.seconds:.2f} s",
                "freeze": f" for {self.seconds:.1f} s" if self.seconds else " for ever"}
        return f"{self.kind}{more.get(self.kind, '')} {self.way} after {self.after} B"


def draw(rng):
    """Any manner; most begin early, where keys are agreed on and sessions opened."""
    kind = rng.choice(KINDS)
    return Manner(kind, after=int(10 ** rng.uniform(0, 4.5)) - 1, way=rng.choice(("up", "down", "both")),
                  seconds=rng.uniform(0.05, 1.5) if kind == "delay" else rng.choice((0, 0, rng.uniform(1, 12))),
                  rate=int(10 ** rng.uniform(2, 4)))


class Line:
    """One caller, and the call to what is behind."""

    def __init__(self, manner):
        self.writers, self.tasks = [], []
        self.treat(manner)

    def treat(self, manner):
        self.manner, self.passed = manner, {"up": 0, "down": 0}

    def applies(self, way):
        return self.manner is not None and self.manner.way in (way, "both")

    def close(self, reset):
        for writer in self.writers:
            if reset and not writer.transport.is_closing():
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
            writer.close()
        for task in self.tasks:
            task.cancel()

    async def pump(self, reader, writer, way):
        try:
            while data := await reader.read(CHUNK):
                if not await self.pass_on(data, writer, way):
                    return
            writer.write_eof()
        except (OSError, RuntimeError):  # one end is gone: so is the other
            self.close(True)

    async def pass_on(self, data, writer, way):
        """False: nothing more goes this way."""
        while data:
            clean = len(data)
            if self.applies(way):
                clean = min(clean, self.manner.after - self.passed[way])
            if clean > 0:
                writer.write(data[:clean])
                await writer.drain()
                self.passed[way] += clean
                data = data[clean:]
            elif not (data := await self.spoil(data, writer, way)):
                return data is not None
        return True

    async def spoil(self, data, writer, way):
        """What is left to pass on; None: nothing more goes this way."""
        m = self.manner
        if m.kind in ("cut", "truncate"):
            self.close(m.kind == "cut")
            return None
        if m.kind == "half_close":
            writer.write_eof()
            return None
        if m.kind == "freeze":
            await asyncio.sleep(m.seconds or 10**6)
            self.treat(None)
            return data
        n = 1 if m.kind == "drip" else len(data)
        await asyncio.sleep(1 / m.rate if m.kind == "drip" else m.seconds * random.uniform(0.5, 1))
        writer.write(data[:n])
        await writer.drain()
        return data[n:]


class Proxy:
    def __init__(self, behind):
        self.behind, self.manner, self.lines, self.calls = behind, None, [], 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self.call, sock=self.listener))
        self.loop.run_forever()

    def treat(self, manner):
        self.loop.call_soon_threadsafe(self.treat_all, manner)

    def treat_all(self, manner):
        self.manner = manner
        for line in self.lines:
            if manner is not None or line.manner is None or line.manner.kind != "freeze":
                line.treat(manner)

    def end_lines(self):
        """Every line ends at once, frozen ones too."""
        self.loop.call_soon_threadsafe(lambda: [line.close(True) for line in self.lines])

    async def call(self, reader, writer):
        self.calls += 1
        line = Line(self.manner)
        line.writers.append(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.behind())
        except (OSError, ValueError):
            return line.close(True)
        line.writers.append(far_writer)
        line.tasks = [asyncio.ensure_future(line.pump(reader, far_writer, "up")),
                      asyncio.ensure_future(line.pump(far_reader, writer, "down"))]
        self.lines.append(line)
        await asyncio.gather(*line.tasks, return_exceptions=True)
        line.close(False)
        self.lines.remove(line)

    async def end(self):
        self.server.close()
        while self.lines:
            for line in self.lines:
                line.close(True)
            await asyncio.sleep(0.01)

    def close(self):
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

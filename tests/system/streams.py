#!/usr/bin/env python3
"""streams.py - a page's event stream over everything that happens to it: it goes on where it was, or is told to read the
state again; over a restart, over a gap in which nobody listened, and beyond what is kept. 200 readers get an update soon."""
import json
import pathlib
import socket
import subprocess

import lib
from lib import daemons


class Stream:
    """One EventSource: what it remembers is what a browser would."""

    def __init__(self, daemon, after=None, last_id=None):
        self.text = ""
        self.socket = socket.create_connection(("127.0.0.1", daemon.port), timeout=daemons.DEADLINE)
        path = "/api/events" + (f"?after={after}" if after else "")
        more = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n{more}\r\n".encode())
        self.until("\n\n", "the head of a stream")
        self.until("id: ", "its first id")

    def until(self, words, what):
        while words not in self.text:
            data = self.socket.recv(1 << 16)
            assert data, f"{what}: the stream ended with {self.text[-200:]!r}"
            self.text += data.decode()
        return self.text

    def last_id(self):
        return self.text.rpartition("\nid: ")[2].split("\n")[0].strip()

    def close(self):
        self.socket.close()


def state_of(daemon):
    """(turn, start) as a page has them from the state it read."""
    connection = daemon.connection()
    try:
        connection.request("GET", "/api/state")
        reply = connection.getresponse()
        start = reply.getheader("X-Dantin-Start")
        return json.loads(reply.read())["turn"], start
    finally:
        connection.close()


def test(world):
    tree = world.tree(communes=1)
    node = tree.nodes[0]
    place = lib.places_of(node)[0]
    turn, start = state_of(node)
    page = Stream(node, f"{turn}.{start}")
    assert "event: reset" not in page.text, page.text
    lib.say(node, lib.turnout(place, 10))
    page.until("data: {\"turn\"", "an event")
    here = page.last_id()

    # It comes back with what it knew: nothing was missed, nothing is told twice.
    other = Stream(node)  # somebody listens all the time
    page.close()
    lib.say(node, lib.turnout(place, 11, replaces="last", why="đếm lại"))
    other.until("data: {\"turn\"", "an event for the other")
    page = Stream(node, last_id=here)
    page.until("data: {\"turn\"", "what it had missed")
    assert "event: reset" not in page.text, page.text

    # Nobody listened: what happened then was kept for nobody, and who comes back reads the state.
    here = page.last_id()
    page.close()
    other.close()
    gone = lambda: (lib.say(node, lib.incident(place)), "event: reset" in Stream(node, last_id=here).text)[1]  # noqa: E731
    lib.wait_for("a reader from before the gap is told to read the state", gone)
    turn, start = state_of(node)
    level = Stream(node, f"{turn}.{start}")
    assert "event: reset" not in level.text, level.text

    # Over a restart every turn of before is of another start, also one that is higher than any now.
    here = level.last_id()
    level.close()
    lib.stop(node)
    lib.restart(node)
    for words in ({"last_id": here}, {"after": f"{turn}.{start}"}, {"after": f"{turn + 1000}.{start}"}):
        back = Stream(node, **words)
        back.until("event: reset", f"a reset for {words}")
        back.close()
    turn, fresh = state_of(node)
    assert fresh != start, "two starts have one name"
    level = Stream(node, f"{turn}.{fresh}")
    assert "event: reset" not in level.text, level.text
    level.close()

    bench = pathlib.Path(daemons.ROOT) / "tests" / "bench" / "live"
    for pages in ((), ("--pages",)):
        done = subprocess.run([bench, "--readers", "200", "--updates", "3", "--check", *pages], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    return "resumed, reset after a gap and after a restart; " + done.stdout.splitlines()[0]


lib.run(test)

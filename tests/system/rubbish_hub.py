#!/usr/bin/env python3
"""rubbish_hub.py - whatever answers at the parent's address, a node goes on knocking and taking entries, and is back by
itself when the right hub is there again."""
import contextlib
import os
import socket
import threading

import lib

NULL = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31)
CURVE = b"\xff" + bytes(8) + b"\x7f\x03\x00CURVE" + bytes(15) + b"\x01" + bytes(31)


def http(s):
    s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello")


def closes(s):
    pass


def mute(s):
    with contextlib.suppress(OSError):
        while s.recv(4096):
            pass


def other_zmtp(s):
    s.sendall(NULL)
    mute(s)


def half_curve(s):
    s.sendall(CURVE)
    s.recv(4096)
    s.sendall(b"\x04\xa8\x07WELCOME" + os.urandom(160))
    mute(s)


def noise(s):
    s.sendall(os.urandom(70000))


class Impostor:
    """Listens at the hub's port and treats each caller in its way."""

    def __init__(self, port, way):
        self.way, self.calls, self.sockets = way, 0, []
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen(16)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                s, _ = self.listener.accept()
                self.calls += 1
                self.sockets.append(s)
                threading.Thread(target=self.treat, args=(s,), daemon=True).start()

    def treat(self, s):
        with contextlib.suppress(OSError):
            self.way(s)
        s.close()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for s in self.sockets:
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)


def test(world):
    tree = world.tree(1)
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    place, entered = lib.places_of(node)[0], 0
    port = int((hub.dir / "link.port").read_text())
    for way in (http, closes, mute, other_zmtp, half_curve, noise):
        lib.stop(hub)
        impostor = Impostor(port, way)
        try:
            lib.wait_for(f"the node knocks again and again at one that {way.__name__}", lambda: impostor.calls >= 3,
                         alive=[node])
            lib.wait_for("the node says that its parent is silent",
                         lambda: node.get("/api/state")["link"]["word"] == "silent")
            lib.say(node, lib.incident(place))
            entered += 1
        finally:
            impostor.close()
        lib.restart(hub)
        tree.wait_taking(node)
        lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == entered)
    node_again(tree, node, port, hub)
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    return f"{entered} impostors"


def node_again(tree, node, port, hub):
    """A node that starts while an impostor is there takes entries after its wait, as without a line."""
    lib.stop(node, hub)
    impostor = Impostor(port, mute)
    try:
        lib.restart(node)
        lib.wait_for("entries are taken", lambda: node.get("/api/state")["wait_ms"] == 0)
        lib.say(node, lib.incident(lib.places_of(node)[0]))
        lib.wait_for("it knocks", lambda: impostor.calls >= 2)
    finally:
        impostor.close()
    lib.restart(hub)
    tree.wait_taking(node)
    lib.settle(tree)


lib.run(test)

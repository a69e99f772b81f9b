#!/usr/bin/env python3
"""keys.py - nobody without a key gets in, nobody speaks for another unit or election, a token makes one machine, a
retired key is out at once; and what strangers send to the gate's port stores nothing and stops nothing."""
import contextlib
import os
import random
import re
import shutil
import socket
import struct

import lib
from lib import daemons

try:
    import zmq
    from zmq.utils import z85
except ImportError:
    zmq = None
FRAME_MAX = 64 * 1024
HELLO, BYE = 1, 8


def status(hub):
    return hub.get("/api/status")


def refused(hub):
    return sum(status(hub)["refused"].values())


# ---- bytes ----

def pack(v):
    if isinstance(v, int):
        for most, head, size in ((0x7f, None, 0), (0xff, 0xcc, 1), (0xffff, 0xcd, 2), (0xffffffff, 0xce, 4)):
            if v <= most:
                return bytes([v]) if head is None else bytes([head]) + v.to_bytes(size, "big")
        return b"\xcf" + v.to_bytes(8, "big")
    if isinstance(v, str):
        b = v.encode()
        return (bytes([0xa0 + len(b)]) if len(b) < 32 else bytes([0xd9, len(b)])) + b
    if isinstance(v, bytes):
        return (bytes([0xc4, len(v)]) if len(v) < 256 else b"\xc5" + struct.pack(">H", len(v))) + v
    return bytes([0x90 + len(v)]) + b"".join(pack(x) for x in v)


def identity_of(daemon):
    """The plain lines of its identity: name -> value, names of a section before it."""
    words, section = {}, ""
    for line in (daemon.dir / "identity").read_text().splitlines():
        match = re.match(r"(\s*)([\w/]+)(?:\s*=\s*\"?([^\"]*)\"?)?\s*$", line)
        if not match:
            continue
        indent, name, value = match.groups()
        if value is None:
            section = name + "/" if not indent else section.split("/")[0] + "/" + name + "/"
        else:
            words[(section if indent else "") + name] = re.sub(r"\s", "", value) if "address" not in name else value
    return words


def hello(session, election, unit):
    return pack([HELLO, session, 1, 1, election, unit, 1, 1, 0, 0, "test"])


@contextlib.contextmanager
def knock(hub, public, secret, server):
    """A DEALER at the hub's gate, as a child has one."""
    context = zmq.Context()
    s = context.socket(zmq.DEALER)
    s.linger, s.rcvtimeo, s.sndtimeo = 0, 1000 * lib.daemons.DEADLINE, 5000
    s.setsockopt(zmq.CURVE_SERVERKEY, server)
    s.setsockopt(zmq.CURVE_PUBLICKEY, public)
    s.setsockopt(zmq.CURVE_SECRETKEY, secret)
    s.connect(f"tcp://127.0.0.1:{(hub.dir / 'link.port').read_text().strip()}")
    try:
        yield s
    finally:
        s.close()
        context.term()


def keys_of(who):
    return bytes.fromhex(who["link/public"]), bytes.fromhex(who["link/secret"])


# ---- what is tried ----

def new_token(hub, unit, *words):
    return daemons.run(hub.program, "token", unit, "--as", lib.PERSON, "--dir", hub.dir, *words).strip()


def tokens(tree, home):
    """Of a commune whose machine was taken away before it said anything."""
    hub, node = tree.at[lib.HUB], tree.nodes[2]
    daemons.run(hub.program, "retire", node.unit, "--as", lib.PERSON, "--dir", hub.dir)
    lib.stop(node)
    shutil.rmtree(node.dir)
    token = new_token(hub, node.unit)
    for _ in range(2):  # the second time as if the answer had been lost
        daemons.run(node.program, "join", "--dir", node.dir, token)
    children = [c for c in hub.get("/api/children")["children"] if c["unit"] == node.unit and not c["retired"]]
    assert len(children) == 1, f"one machine, not {children}"
    code, _, err = lib.try_command(node.program, "join", "--dir", home / "other", token)
    assert code == 1 and "used by another machine" in err, f"{code} {err}"
    code, _, err = lib.try_command(node.program, "join", "--dir", home / "other2", token[:-3] + "000")
    assert code == 1 and "token" in err, f"{code} {err}"
    code, _, err = lib.try_command(hub.program, "token", node.unit, "--as", lib.PERSON, "--dir", hub.dir)
    assert code == 1 and "machine already" in err, f"{code} {err}"
    code, _, err = lib.try_command(hub.program, "token", node.unit, "--as", "nobody", "--dir", hub.dir)
    assert code == 1 and "people.csv" in err, f"{code} {err}"
    tree.prepare(node)
    node.start().wait_ready()
    tree.wait_plan(node)
    tree.wait_taking(node)


def another_election(tree, home):
    """A real election beside the drill: neither its token nor a drill's directory is taken by the other."""
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    real = daemons.Daemon("dantin-hub", lib.TOP, home / "real")
    daemons.run(real.program, "init", "--dir", real.dir, "--unit", lib.TOP, "--real")
    tree.prepare(real)
    lib.write_people(real)
    real.start().wait_ready()
    try:
        daemons.run(real.program, "plan", "load", tree.plan, "--dir", real.dir, "--as", lib.PERSON)
        token = new_token(real, lib.HUB)
        code, _, err = lib.try_command(hub.program, "init", "--dir", hub.dir, "--token", token)
        assert code == 1 and "another election" in err, f"{code} {err}"
        stray = daemons.Daemon("dantin-node", node.unit, home / "stray")
        stray.dir.mkdir(mode=0o700)
        text = (node.dir / "identity").read_text()
        mine, theirs = identity_of(node), identity_of(real)
        text = text.replace(mine["ways/1/address"], f"127.0.0.1:{(real.dir / 'link.port').read_text().strip()}")
        text = text.replace(mine["ways/1/curve"], theirs["link/public"])
        save(stray, text)
        tree.prepare(stray)
        before, records = status(real)["refused"]["keys"], status(real)["records"]
        stray.start().wait_ready()
        try:
            lib.wait_for("the real hub refuses the drill's key", lambda: status(real)["refused"]["keys"] > before)
            assert stray.get("/api/state")["link"]["word"] == "never_seen"
        finally:
            lib.stop(stray)
        assert status(real)["records"] == records and not real.get("/api/children")["children"]
    finally:
        lib.stop(real)


def save(daemon, text):
    path = daemon.dir / "identity"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
        f.write(text)


def known_key_other_words(tree, home):
    """A known key whose machine was set up for another election, as a whole node: refused with the reason."""
    node = tree.nodes[0]
    text, who = (node.dir / "identity").read_text(), identity_of(node)
    lib.stop(node)
    try:
        save(node, text.replace(who["election"], "0" * 31 + "1"))
        node.start().wait_ready()
        lib.wait_for("the node says why it is refused",
                     lambda: "another election" in (node.get("/api/state").get("last_refusal") or ""))
        lib.stop(node)
    finally:
        save(node, text)
    lib.delete_store(node)
    lib.restart(node)
    tree.wait_plan(node)
    tree.wait_taking(node)


def wrong_server_key(tree):
    """Somebody else answers at the hub's address: the node's handshake fails, and it goes on trying."""
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    text, who = (node.dir / "identity").read_text(), identity_of(node)
    lib.stop(node)
    save(node, text.replace(who["ways/1/curve"], identity_of(tree.top)["link/public"]))
    node.start().wait_ready()
    try:
        lib.wait_for("the hub misses it", lambda: any(c["unit"] == node.unit and c["link"]["word"] == "silent"
                                                      for c in hub.get("/api/children")["children"]))
        assert node.get("/api/state")["link"]["word"] == "never_seen"
    finally:
        lib.stop(node)
        save(node, text)
    lib.restart(node)
    tree.wait_taking(node)


def unknown_key(tree):
    hub, before = tree.at[lib.HUB], status(tree.at[lib.HUB])["refused"]["keys"]
    public, secret = zmq.curve_keypair()
    with knock(hub, z85.decode(public), z85.decode(secret),
               bytes.fromhex(identity_of(hub)["link/public"])):
        lib.wait_for("an unknown key is counted", lambda: status(hub)["refused"]["keys"] > before)


def known_key_bad_frames(tree):
    """With a node's own key: for another unit, of another election, garbage, too long."""
    hub, node = tree.at[lib.HUB], tree.nodes[1]
    who, server = identity_of(node), bytes.fromhex(identity_of(hub)["link/public"])
    election = bytes.fromhex(who["election"])
    for frame, reason in ((hello(7, election, tree.nodes[0].unit), b"another unit"),
                          (hello(7, bytes(15) + b"\1", node.unit), b"another election"),
                          (pack([HELLO, 7, 9, 9, election, node.unit, 1, 1, 0, 0, "test"]), b"version")):
        with knock(hub, *keys_of(who), server) as s:
            s.send(frame)
            reply = s.recv()
            assert reply[1] == BYE and reason in reply, reply
    chance = random.Random(3)
    before = refused(hub)
    with knock(hub, *keys_of(who), server) as s:
        for n in (0, 1, 5, 100, 4000, FRAME_MAX - 100):  # CURVE adds a few bytes of its own
            s.send(chance.randbytes(n))
        s.send_multipart([b"two", b"parts"])
        lib.wait_for("garbage is counted", lambda: refused(hub) >= before + 6)
    with knock(hub, *keys_of(who), server) as s:
        s.send(bytes(FRAME_MAX + 1))  # libzmq ends such a connection itself
        s.send(hello(9, bytes(16), node.unit))
    with knock(hub, *keys_of(who), server) as s:
        s.send(hello(7, election, node.unit))  # and the key is as good as before
        assert s.recv()[1] == HELLO


def strangers(tree):
    """No ZMTP, or none that goes on, at the gate's port."""
    port = int((tree.at[lib.HUB].dir / "link.port").read_text())
    null = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31)
    curve = b"\xff" + bytes(8) + b"\x7f\x03\x00CURVE" + bytes(15) + b"\x00" + bytes(31)
    for said in (b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n", os.urandom(5000), null + b"\x04\x19\x05READY" + bytes(20),
                 curve + os.urandom(300), curve + b"\x06" + b"\xff" * 8 + bytes(1000), b""):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
            with contextlib.suppress(OSError):
                s.sendall(said)
                s.shutdown(socket.SHUT_WR)
                while s.recv(4096):
                    pass


def retire(tree):
    """Its link ends at once; what it says afterwards is its own, and shown so; a new machine takes its place."""
    hub, node = tree.at[lib.HUB], tree.nodes[1]
    place = lib.places_of(node)[0]
    lib.say(node, lib.incident(place), lib.incident(place))
    lib.settle(tree)
    before = lib.total(tree.top)["incidents"]
    daemons.run(hub.program, "retire", node.unit, "--as", lib.PERSON, "--why", "máy bị mất", "--dir", hub.dir)
    lib.say(node, lib.incident(place))
    lib.wait_for("the retired node is silent", lambda: any(
        c["unit"] == node.unit and c["retired"] and c["link"]["word"] == "silent"
        for c in hub.get("/api/children")["children"]))
    lib.wait_for("and knows no link", lambda: node.get("/api/state")["link"]["word"] == "silent")
    keys = status(hub)["refused"]["keys"]
    lib.wait_for("its key is refused at the door", lambda: status(hub)["refused"]["keys"] > keys)
    lib.say(tree.nodes[0], lib.incident(lib.places_of(tree.nodes[0])[0]))
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == before + 1, but={node.unit})
    lib.stop(node)
    shutil.rmtree(node.dir)
    daemons.run(node.program, "join", "--dir", node.dir, new_token(hub, node.unit))
    tree.prepare(node)
    node.start().wait_ready()
    tree.wait_plan(node)
    tree.wait_taking(node)
    lib.say(node, lib.incident(place))
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == before + 2)


def test(world):
    if zmq is None:
        raise lib.Skip("python3-zmq is missing")
    tree = world.tree(3)
    records = status(tree.at[lib.HUB])["records"]
    for part in (unknown_key, known_key_bad_frames, strangers):
        part(tree)
    assert status(tree.at[lib.HUB])["records"] == records, "strangers have stored something"
    for node in tree.nodes[:2]:
        tree.wait_taking(node)
        lib.say(node, lib.incident(lib.places_of(node)[0]))
    tokens(tree, world.home)
    another_election(tree, world.home)
    wrong_server_key(tree)
    known_key_other_words(tree, world.home)
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == 2)
    retire(tree)
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    return "unknown, wrong, used, foreign and retired keys, and strangers"


lib.run(test)

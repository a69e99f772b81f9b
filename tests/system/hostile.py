#!/usr/bin/env python3
"""hostile.py - whatever strangers, stolen keys and an enrolled child do at a hub's gate, honest nodes are served within
five seconds all the time, memory stays below a bound, nothing forged counts, and each refusal is counted."""
import contextlib
import os
import random
import resource
import sys
import threading
import time

import enemy
import lib
from enemy import BEAT, BYE, ENROL, ENROLLED, HAVE, HELLO, RUN, Child, Keys, Log
from lib import daemons

SERVED_S = 5
IDLE_LEAST, IDLE_MOST = 1000, 4000
FLOOD_S = 6  # of each kind of frames without end
STORM = 3000  # greetings
# Growth of the hub while all this goes on: sixteen frames of 64 KiB may wait in each connection. A build with
# sanitizers has more around each piece, and keeps some of what was freed.
MEMORY_MIB = 64
MEMORY_SANITIZED_MIB = 256


def status(hub):
    return hub.get("/api/status")


def counted(hub, *names):
    refused = status(hub)["refused"]
    return sum(refused[name] for name in names)


class Honest(threading.Thread):
    """Enters at one node without pause, and looks how long it takes until the hub has counted it."""

    def __init__(self, hub, node):
        super().__init__(daemon=True)
        self.hub, self.node, self.place = hub, node, lib.places_of(node)[0]
        self.entered, self.worst, self.trouble, self.ending = 0, 0.0, None, False

    def run(self):
        try:
            while not self.ending:
                lib.say(self.node, lib.incident(self.place))
                self.entered += 1
                self.served()
                time.sleep(0.1)
        except Exception as e:
            self.trouble = e

    def served(self):
        began = time.monotonic()
        lib.wait_for(f"the hub counts what {self.node.name()} entered", lambda: lib.total(self.hub, self.node.unit)
                     ["incidents"] >= self.entered, SERVED_S, [self.hub, self.node])
        self.worst = max(self.worst, time.monotonic() - began)


class Watch:
    """The honest nodes, and the hub's memory, beside what is done to it."""

    def __init__(self, world, hub, nodes):
        self.hub, self.honest = hub, [Honest(hub, n) for n in nodes]
        self.before = status(hub)["rss_kb"]
        world.threads += self.honest
        for thread in self.honest:
            thread.start()

    def check(self, what):
        """What the daemon's life, memory and service came to during that; the worst of it begins anew."""
        self.hub.check_alive()
        for h in self.honest:
            if h.trouble:
                raise lib.Trouble(f"during {what}: {h.trouble}")
        grown = (status(self.hub)["rss_kb"] - self.before) // 1024
        sanitized = b"__asan" in self.hub.program.read_bytes()
        assert grown < (MEMORY_SANITIZED_MIB if sanitized else MEMORY_MIB), f"{what}: the hub has grown by {grown} MiB"
        print(f"{what}: served within {max(h.worst for h in self.honest):.2f} s, {grown} MiB more", flush=True)
        for h in self.honest:
            h.worst = 0.0

    def finish(self):
        for h in self.honest:
            h.ending = True
        for h in self.honest:
            h.join(lib.daemons.DEADLINE)
            if h.trouble:
                raise h.trouble
        return {h.node.unit: h.entered for h in self.honest}


# ---- strangers ----

def garbage(stage):
    chance = random.Random(5)
    for mechanism in (b"NULL", b"PLAIN", b"CURVE", b"GSSAPI", b"\xff" * 20):
        hello = enemy.greeting(mechanism)
        ready = enemy.command(b"READY", b"\x0bSocket-Type\x00\x00\x00\x06DEALER")
        plain = enemy.command(b"HELLO", b"\x04user\x08password")
        for behind in (b"", ready, plain, ready + b"\x00\x05hello", chance.randbytes(2000),
                       enemy.command(b"HELLO", chance.randbytes(194)), enemy.command(b"INITIATE", chance.randbytes(300)),
                       b"\x06" + b"\xff" * 8 + bytes(1000), b"\x02" + b"\x7f" + b"\xff" * 7 + bytes(70000)):
            enemy.throw(stage.hub, hello, behind)
    for piece in (b"", b"\0", b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", chance.randbytes(70000),
                  b"\xff" * 64, bytes(100000)):
        enemy.throw(stage.hub, piece)


def mechanisms(stage):
    """Whole ZMTP peers that know nothing of CURVE, with all that libzmq can say."""
    import zmq
    context = zmq.Context()
    sockets = []
    for plain in (False, True):
        s = context.socket(zmq.DEALER)
        s.linger = 0
        if plain:
            s.plain_username, s.plain_password = b"drill", b"drill"
        s.connect(f"tcp://127.0.0.1:{enemy.gate_port(stage.hub)}")
        for _ in range(16):
            s.send(enemy.pack([HELLO, 9, 1, 1, stage.stolen.election, stage.stolen.unit, 1, 1, 0, 0]))
        sockets.append(s)
    time_to_answer = time.monotonic() + 1
    while time.monotonic() < time_to_answer:
        assert not any(s.poll(100) for s in sockets), "the hub answers somebody without a key"
    for s in sockets:
        s.close()
    context.term()


def idle(stage):
    """Thousands that connect and say nothing, or a byte now and then; more come than go."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    n = min(IDLE_MOST, hard // 4)
    assert n >= IDLE_LEAST, f"only {hard} descriptors here"
    drip, some = enemy.greeting(b"CURVE") + enemy.command(b"HELLO", os.urandom(194)), []
    try:
        for i in range(n):
            some.append(enemy.knock(stage.hub))
        for at in range(4):  # slower than the wait for a handshake
            for s in some[::4]:
                with contextlib.suppress(OSError):
                    s.send(drip[at:at + 1])
            stage.watch.check(f"{n} idle connections, a byte each second from a quarter of them")
            stage.end.wait(1)
    finally:
        for s in some:
            s.close()


def unknown_keys(stage):
    import zmq
    from zmq.utils import z85
    before = counted(stage.hub, "keys")
    with contextlib.ExitStack() as stack:
        for _ in range(100):
            public, secret = (z85.decode(k) for k in zmq.curve_keypair())
            stack.enter_context(Child(stage.hub, public, secret))
        lib.wait_for("each unknown key is counted", lambda: counted(stage.hub, "keys") >= before + 100)


# ---- keys that are known ----

def other_names(stage):
    """A stolen key for another unit, for another election, of another version; a frame that is none."""
    k, other = stage.stolen, stage.watch.honest[0].node.unit
    before = counted(stage.hub, "frames")
    for unit, election, versions, why in ((other, k.election, (1, 1), "another unit"), ("51", k.election, (1, 1), "another unit"),
                                          (k.unit, bytes(15) + b"\1", (1, 1), "another election"),
                                          (k.unit, k.election, (9, 9), "version")):
        with Child(stage.hub, k.curve, k.curve_secret) as c:
            c.hello(election, unit, versions=versions)
            assert why in c.wait(BYE)[2]
    for junk in (b"", b"\x91", os.urandom(300), os.urandom(60000), enemy.pack([99, 1]), enemy.pack([BEAT, 1])):
        with Child(stage.hub, k.curve, k.curve_secret) as c:
            c.open(k)
            c.send(junk)
            c.wait(BYE)
    lib.wait_for("each is counted", lambda: counted(stage.hub, "frames") >= before + 10)
    before = counted(stage.hub, "messages")
    with Child(stage.hub, k.curve, k.curve_secret) as c:
        for _ in range(50):
            c.send(b"two", b"parts")
        lib.wait_for("messages of several parts are counted", lambda: counted(stage.hub, "messages") >= before + 50)
    for _ in range(20):
        with Child(stage.hub, k.curve, k.curve_secret) as c:
            c.send(bytes(enemy.FRAME_MAX + 1))  # libzmq ends such a connection


def forged(stage):
    """Logs of others, under others' names, with signatures that are none: refused or dropped, and counted."""
    k, victim = stage.stolen, stage.watch.honest[0]
    own = stage.place
    before, records = counted(stage.hub, "runs", "dropped"), enemy.incident(victim.place)
    with Child(stage.hub, k.curve, k.curve_secret) as c:
        c.open(k)
        logs = [Log(k, author=victim.node.unit), Log(k, author=victim.node.unit, incarnation=7), Log(k, author=lib.HUB),
                Log(k, author=lib.HUB, about=victim.node.unit, stream=enemy.ABOUT), Log(k, author=lib.TOP, stream=3),
                Log(k, signer=enemy.SigningKey.generate(), incarnation=8)]
        for log in logs:
            c.say(log.frame(c, log.run(records)))
        good = Log(k, incarnation=9)
        c.say(good.frame(c, good.run(enemy.incident(own), signature=bytes(64))))
        lib.wait_for("each is refused or dropped", lambda: counted(stage.hub, "runs", "dropped") >= before + len(logs) + 1)
    # Under its own key, about places that are none of its business: kept, for it is signed, and it counts nowhere.
    with Child(stage.hub, k.curve, k.curve_secret) as c:
        c.open(k)
        log, strange = Log(k), Log(k, about=stage.retired.unit, stream=enemy.ABOUT)
        log.n, log.hash = stage.head
        c.say(strange.frame(c, strange.run(records)))
        c.say(log.frame(c, log.run(enemy.incident(victim.place), enemy.incident("51"), b"\xc1")))
        lib.wait_for("it is kept", lambda: lib.heads(stage.hub)[stage.log_name][0] == log.n)
        stage.head = log.n, log.hash


def fork(stage):
    """Two histories under one key: both are kept, it is shown, and nobody else is touched."""
    k, before = stage.stolen, lib.forks_at(stage.hub)
    with Child(stage.hub, k.curve, k.curve_secret) as c:
        c.open(k)
        ends = []
        for text in ("one", "two"):
            log = Log(k)
            log.n, log.hash = stage.head
            c.say(log.frame(c, log.run(enemy.incident(stage.place, text))))
            ends.append((log.n, log.hash))
        lib.wait_for("the fork is shown", lambda: lib.forks_at(stage.hub) == before + 1)
    stage.head = ends[0]  # what came first goes on
    stage.counted += 1


def door(stage):
    """A token that was given and not used yet opens for one thing only."""
    token = stage.hub.command("/api/token", {"unit": stage.retired.unit, "by": lib.PERSON})["token"]
    curve, secret = enemy.door_of(token, stage.retired.unit)
    k, before = stage.stolen, counted(stage.hub, "knocks")
    said = [[HELLO, 5, 1, 1, k.election, stage.retired.unit, 1, 1, 0, 0], [HAVE, 5, 0, 0, 1, []],
            [RUN, 5, *Log(k).id, [[Log(k).run(enemy.incident(stage.place)), b""]]], [BYE, 5, "x"],
            [ENROL, 5, bytes(100)], [ENROL, 5, enemy.pack([k.unit, 1, k.key, k.curve, k.key, bytes(64), bytes(64)])]]
    for what in said:
        with Child(stage.hub, curve, secret) as c:
            c.say(what)
            answer = c.wait(ENROLLED)
            assert answer[2] == 0 and answer[3], answer
    with Child(stage.hub, curve, secret) as c:
        for _ in range(500):
            c.send(os.urandom(200))
        lib.wait_for("each is counted", lambda: counted(stage.hub, "knocks") >= before + 500 + len(said))


def retired_key(stage):
    """Connected while it is retired: not one more word is taken; and then it is refused at the door."""
    k = stage.retired
    with Child(stage.hub, k.curve, k.curve_secret) as c:
        c.open(k)
        daemons.run(stage.hub.program, "retire", k.unit, "--as", lib.PERSON, "--dir", stage.hub.dir)
        before = counted(stage.hub, "messages")
        log = Log(k)
        for _ in range(20):
            c.say(log.frame(c, log.run(enemy.incident(stage.place))))
        lib.wait_for("each message of a retired key is refused", lambda: counted(stage.hub, "messages") >= before + 20)
    before = counted(stage.hub, "keys")
    with Child(stage.hub, k.curve, k.curve_secret):
        lib.wait_for("a retired key is refused at the door", lambda: counted(stage.hub, "keys") > before)


def real_hub(stage):
    """The drill's keys mean nothing at a hub of a real election."""
    real = daemons.Daemon("dantin-hub", lib.TOP, stage.home / "real")
    daemons.run(real.program, "init", "--dir", real.dir, "--unit", lib.TOP, "--real")
    real.start().wait_ready()
    try:
        for k in (stage.stolen, stage.retired):
            before = counted(real, "keys")
            with Child(real, k.curve, k.curve_secret) as c:
                c.hello(k.election, k.unit)
                lib.wait_for("a drill's key is refused", lambda: counted(real, "keys") > before)
        assert status(real)["records"] == 0 and status(real)["children"] == 0
    finally:
        lib.stop(real)


# ---- an enrolled child without end ----

def storm(stage):
    """Greetings without end over one connection, and over many."""
    k = stage.stolen
    with Child(stage.hub, k.curve, k.curve_secret) as c:
        for _ in range(STORM):
            c.hello(k.election, k.unit)
            c.drain(may_end=True)
    for _ in range(100):
        with Child(stage.hub, k.curve, k.curve_secret) as c:
            c.hello(k.election, k.unit)


def flood(stage, what):
    """One frame again and again, as fast as it goes. How many were sent in a second."""
    k, sent, end = stage.stolen, 0, time.monotonic() + FLOOD_S
    with Child(stage.hub, k.curve, k.curve_secret) as c:
        c.open(k)
        frame = enemy.pack(what(c))
        while time.monotonic() < end:
            sent += c.send(frame)
            if sent % 64 == 0:
                c.drain()
    return sent / FLOOD_S


def beats(stage):
    links = [[stage.place, 1 + i % 4, i] for i in range(128)]
    return flood(stage, lambda c: [BEAT, c.session, enemy.now(), 1, 1, 1, bytes(32), links])


def haves(stage):
    """Positions of logs that are its own, of others, and of nobody."""
    ids = [stage.log_id] + [[stage.stolen.unit, stage.stolen.unit, 1, 1000 + i] for i in range(255)]
    return flood(stage, lambda c: [HAVE, c.session, 0, 0, 1, [[*i, 1, bytes(32)] for i in ids]])


def same_run(stage):
    """A run that is held already, without end, until the child's budget of the day is used up."""
    log = Log(stage.stolen)
    log.n, log.hash = stage.head
    body = log.run(*[enemy.incident(stage.place, "x" * 200) for _ in range(100)])
    stage.head = log.n, log.hash
    stage.counted += 100
    rate = flood(stage, lambda c: log.frame(c, body))
    assert lib.heads(stage.hub)[stage.log_name] == (log.n, log.hash.hex()), "the run was kept once"
    return rate


class Stage:
    """The hub under attack, two honest nodes, and two communes whose machines' files were stolen: one of them stopped,
    one to be retired."""

    def __init__(self, world):
        self.tree, self.home, self.end = world.tree(4), world.home, threading.Event()
        self.hub = self.tree.at[lib.HUB]
        lost, retired = self.tree.nodes[2:]
        self.place = lib.places_of(lost)[0]
        lib.say(lost, lib.incident(self.place))
        lib.settle(self.tree)
        self.counted = 1  # of what the stolen key says, where it may
        self.gone = {lost.unit, retired.unit}
        lib.stop(lost, retired)
        self.stolen, self.retired = Keys(lost), Keys(retired)
        log, (n, h) = next((log, head) for log, head in lib.heads(self.hub).items() if log[0] == log[1] == lost.unit)
        self.log_id, self.head = [lost.unit, lost.unit, enemy.REPORTS, int(log[3], 16)], (n, bytes.fromhex(h))
        self.log_name = log
        self.watch = Watch(world, self.hub, self.tree.nodes[:2])


def test(world):
    enemy.need_means()
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"
    stage = Stage(world)
    parts = (garbage, mechanisms, unknown_keys, idle, other_names, forged, retired_key, door, real_hub, fork, storm, beats,
             haves, same_run)
    for part in [p for p in parts if p.__name__ in sys.argv[1:]] or parts:
        rate = part(stage)
        stage.watch.check(part.__name__ + (f" at {rate:.0f} a second" if rate else ""))
    entered = stage.watch.finish()
    lib.settle(stage.tree, lambda: lib.total(stage.tree.top)["incidents"] == sum(entered.values()) + stage.counted, but=stage.gone)
    for unit, n in entered.items():
        assert lib.total(stage.hub, unit)["incidents"] == n, f"{unit} entered {n}, the hub counts {lib.total(stage.hub, unit)}"
    assert lib.forks_at(stage.hub) == 1, "the one fork that was made"
    for daemon in (stage.hub, stage.tree.top, *stage.tree.nodes[:2]):
        report = lib.verify(daemon)
        assert report["ok"] or daemon in (stage.hub, stage.tree.top), f"{daemon.name()}: {report}"
    return f"{sum(entered.values())} entries of honest nodes, each served within {SERVED_S} s"


if __name__ == "__main__":
    lib.run(test)

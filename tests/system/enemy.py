"""enemy - what a peer may be that means harm: frames and logs of its own making, keys that are not its own, and
sockets that speak ZMTP badly or not at all. For hostile.py and runaway.py; needs python3-zmq and python3-nacl."""
import contextlib
import itertools
import re
import socket
import time

import lib
from lib import daemons

try:
    import canonical
    import zmq
    from canonical import digest, pack
    from nacl.bindings import crypto_scalarmult_base
    from nacl.signing import SigningKey
except ImportError:
    zmq = None
HELLO, HAVE, RUN, MARK, BEAT, ENROL, ENROLLED, BYE = range(1, 9)
REPORTS, ABOUT = 1, 2
INCIDENT = 6
FRAME_MAX = 64 * 1024
acts = itertools.count(10**12)


def need_means():
    if zmq is None:
        raise lib.Skip("python3-zmq or python3-nacl is missing")


def now():
    return int(time.time() * 1000)


class Keys:
    """What a stolen identity file holds."""

    def __init__(self, daemon):
        text = (daemon.dir / "identity").read_text()
        section, words = "", {}
        for line in text.splitlines():
            m = re.match(r"(\s*)([\w/]+)(?:\s*=\s*\"?([^\"]*)\"?)?\s*$", line)
            if m and m.group(3) is None:
                section = m.group(2)
            elif m:
                words[(section + "/" if m.group(1) else "") + m.group(2)] = re.sub(r"\s", "", m.group(3))
        self.unit = daemon.unit
        self.election = bytes.fromhex(words["election"])
        self.curve, self.curve_secret = bytes.fromhex(words["link/public"]), bytes.fromhex(words["link/secret"])
        self.key, self.signer = bytes.fromhex(words["signing/public"]), SigningKey(bytes.fromhex(words["signing/seed"]))
        self.incarnation = int(words["incarnation"], 16)


def door_of(token, unit):
    """The keys of an unused token's door."""
    digits, bits, held, raw = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 0, 0, bytearray()
    for c in token.split("-", 1)[1][:-4]:
        held, bits = held << 5 | digits.index(c), bits + 5
        if bits >= 8:
            bits -= 8
            raw.append(held >> bits & 255)
    election, _, named, _, _, seed = canonical.unpack(bytes(raw))
    assert named == unit
    secret = digest(pack(["dantin door 1", election, seed]))
    return crypto_scalarmult_base(secret), secret


class Child:
    """A DEALER at the hub's gate, under any keys; a session of its own."""
    context, numbers = None, itertools.count(1000)

    def __init__(self, hub, curve, secret, patience=10):
        Child.context = Child.context or zmq.Context()
        self.server = Keys(hub).curve
        self.socket = Child.context.socket(zmq.DEALER)
        self.socket.linger, self.socket.rcvtimeo, self.socket.sndtimeo = 0, patience * 1000, 2000
        self.socket.setsockopt(zmq.CURVE_SERVERKEY, self.server)
        self.socket.setsockopt(zmq.CURVE_PUBLICKEY, curve)
        self.socket.setsockopt(zmq.CURVE_SECRETKEY, secret)
        self.socket.setsockopt(zmq.IMMEDIATE, 1)
        self.socket.connect(f"tcp://127.0.0.1:{gate_port(hub)}")
        self.session = next(Child.numbers)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *parts):
        """False where the hub does not read, or is gone."""
        try:
            self.socket.send_multipart(parts)
            return True
        except zmq.Again:
            return False

    def say(self, what):
        return self.send(pack(what))

    def hello(self, election, unit, session=None, versions=(1, 1)):
        self.session = session or next(Child.numbers)
        return self.say([HELLO, self.session, *versions, election, unit, 77, 78, now(), 1, "enemy"])

    def open(self, keys):
        """Greets as it should, lists nothing, and wants nothing."""
        self.hello(keys.election, keys.unit)
        self.wait(HELLO)
        self.say([HAVE, self.session, 0, 0, 1, []])
        return self

    def wait(self, *kinds):
        """The next frame of one of these kinds; others are passed over."""
        end = time.monotonic() + daemons.DEADLINE
        while time.monotonic() < end:
            try:
                frame = canonical.unpack(self.socket.recv())
            except zmq.Again:
                break
            if frame[0] in kinds:
                return frame
        raise lib.Trouble(f"no answer of kind {kinds} from the hub")

    def drain(self, may_end=False):
        """Reads away what has come; a session that was ended is Trouble."""
        with contextlib.suppress(zmq.Again):
            while True:
                frame = canonical.unpack(self.socket.recv(zmq.DONTWAIT))
                if frame[:2] == [BYE, self.session] and not may_end:
                    raise lib.Trouble(f"the hub ended the session: {frame[2]}")


class Log:
    """A log of its own making, under any key and any name."""

    def __init__(self, keys, author=None, about=None, stream=REPORTS, incarnation=None, signer=None):
        author = author or keys.unit
        self.election, self.signer = keys.election, signer or keys.signer
        self.id = [author, about or author, stream, incarnation or keys.incarnation]
        self.n, self.hash = 0, digest(pack(["dantin log 1", keys.election, *self.id, keys.key]))

    def run(self, *records, signature=None):
        """The next run's bytes; the head moves."""
        first, prev = self.n + 1, self.hash
        for r in records:
            self.n, self.hash = self.n + 1, digest(self.hash, r)
        signed = self.signer.sign(pack(["dantin run 1", self.election, *self.id, self.n, self.hash])).signature
        return pack([first, prev, list(records), signature or signed])

    def frame(self, child, *bodies):
        return [RUN, child.session, *self.id, [[b, b""] for b in bodies]]


def incident(place, why=""):
    return pack([next(acts), INCIDENT, now(), now(), daemons.PERSON, 1, "", 1, [], why, place, "", [1, 1, 1, "", b""]])


# ---- raw sockets ----

def gate_port(hub):
    return int((hub.dir / "link.port").read_text())


def greeting(mechanism, server=0):
    return b"\xff" + bytes(8) + b"\x7f\x03\x00" + mechanism.ljust(20, b"\0") + bytes([server]) + bytes(31)


def command(name, body=b""):
    inside = bytes([len(name)]) + name + body
    return (b"\x04" + bytes([len(inside)]) if len(inside) < 256 else
            b"\x06" + len(inside).to_bytes(8, "big")) + inside


def knock(hub):
    s = socket.create_connection(("127.0.0.1", gate_port(hub)), timeout=5)
    return s


def throw(hub, *said):
    """Bytes in one or more pieces; whatever is answered is read until the other end has enough, or a second."""
    with contextlib.suppress(OSError), knock(hub) as s:
        s.settimeout(1)
        for piece in said:
            s.sendall(piece)
        s.shutdown(socket.SHUT_WR)
        while s.recv(4096):
            pass

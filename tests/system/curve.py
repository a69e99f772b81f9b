"""curve - a ZMTP 3 client with CURVE over a plain socket, frame by frame: what libzmq as a client does not let one say,
a message that never ends. Needs python3-nacl; for the tests of hostile peers only."""
import socket
import struct

try:
    from nacl.bindings import crypto_box, crypto_box_afternm, crypto_box_beforenm, crypto_box_keypair, crypto_box_open
except ImportError:
    crypto_box = None
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"CURVE".ljust(20, b"\0") + bytes(32)
MORE = 1


def frame(body, flags=0):
    return (bytes([flags, len(body)]) if len(body) < 256 else bytes([flags | 2]) + struct.pack(">Q", len(body))) + body


class Curve:
    def __init__(self, port, server, public, secret, patience=10):
        self.s = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self.s.sendall(GREETING)
        self.take(64)
        self.nonce = 0
        mine, hidden = crypto_box_keypair()
        n = self.next()
        self.s.sendall(frame(b"\x05HELLO\x01\x00" + bytes(72) + mine + n + crypto_box(
            bytes(64), b"CurveZMQHELLO---" + n, server, hidden), 4))
        welcome = self.take_frame()
        assert welcome[:8] == b"\x07WELCOME", welcome[:20]
        opened = crypto_box_open(welcome[24:], b"WELCOME-" + welcome[8:24], server, hidden)
        theirs, cookie = opened[:32], opened[32:]
        vouch = crypto_box(mine + server, b"VOUCH---" + bytes(16), theirs, secret)
        about = b"\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER" + b"\x08Identity" + bytes(4)
        n = self.next()
        self.s.sendall(frame(b"\x08INITIATE" + cookie + n + crypto_box(
            public + bytes(16) + vouch + about, b"CurveZMQINITIATE" + n, theirs, hidden), 4))
        ready = self.take_frame()
        assert ready[:6] == b"\x05READY", ready[:20]
        self.key = crypto_box_beforenm(theirs, hidden)

    def next(self):
        self.nonce += 1
        return struct.pack(">Q", self.nonce)

    def take(self, n):
        b = b""
        while len(b) < n:
            more = self.s.recv(n - len(b))
            if not more:
                raise ConnectionError("the hub has closed")
            b += more
        return b

    def take_frame(self):
        flags, size = self.take(2)
        if flags & 2:
            size = struct.unpack(">Q", bytes([size]) + self.take(7))[0]
        return self.take(size)

    def send(self, part, flags=0):
        n = self.next()
        self.s.sendall(frame(b"\x07MESSAGE" + n + crypto_box_afternm(bytes([flags]) + part, b"CurveZMQMESSAGEC" + n, self.key)))

    def close(self):
        self.s.close()

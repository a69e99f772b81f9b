"""spaces - file systems, networks and clocks that are a test's own: a small disk that fills, a port whose packets are
lost, a machine that is a day ahead.

A test that wants them calls own() before all else: it starts the program again where its mounts, and its network where
that may be, are nobody else's. Where that is refused the test says what it skips.
"""
import glob
import os
import subprocess
import sys

MIB, HELD = 1 << 20, "DANTIN_TEST_SPACES"
SPACES = {"mount": ["--mount", "--propagation", "private"], "net": ["--net"]}


def works(*words):
    try:
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def own(*wanted):
    """This program again with as many of the wanted spaces as it may have; it goes on here when it has them."""
    if HELD in os.environ:
        if has("net"):
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    words, got = ["unshare"], []
    if os.geteuid() != 0:
        words += ["--map-root-user", "--user"]
    trials = {"mount": ["mount", "-t", "tmpfs", "tmpfs", "/mnt"], "net": ["ip", "link", "set", "lo", "up"]}
    for space in wanted:
        if works(*words, *SPACES[space], *trials[space]):
            words += SPACES[space]
            got.append(space)
    if got:
        os.execvpe(words[0], [*words, sys.executable, *sys.argv], {**os.environ, HELD: " ".join(got)})


def has(space):
    return space in os.environ.get(HELD, "").split()


class Disk:
    """A small file system of its own for one state directory."""

    def __init__(self, path, size):
        path.mkdir(mode=0o700)
        self.path, self.ballast = path, path / "ballast"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(path)], check=True)

    def free(self):
        s = os.statvfs(self.path)
        return s.f_bavail * s.f_frsize

    def fill(self, left):
        """Until so many bytes are free."""
        with open(self.ballast, "ab") as f:
            while self.free() > left:
                f.write(bytes(min(self.free() - left, MIB)))
                f.flush()

    def ease(self):
        self.ballast.unlink(missing_ok=True)

    def close(self):
        subprocess.run(["umount", "-l", str(self.path)], check=False)


class Loss:
    """Packets of some ports that are lost, in a network of the test's own."""

    def __init__(self):
        nft("add table inet lossy", "add chain inet lossy in { type filter hook input priority 0 ; }")

    def begin(self, port, percent=30):
        nft(*(f"add rule inet lossy in tcp {way} {port} numgen random mod 100 < {percent} drop"
              for way in ("dport", "sport")))

    def end(self):
        nft("flush chain inet lossy in")


def nft(*lines):
    subprocess.run(["nft", "-f", "-"], input="\n".join(lines) + "\n", text=True, check=True)


def can_lose():
    return has("net") and works("nft", "add table inet trial")


def a_day_ahead():
    """The environment of a program whose clock is; empty where there is no libfaketime."""
    shim = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    asan = os.environ.get("ASAN_OPTIONS", "")
    return {"LD_PRELOAD": shim[0], "FAKETIME": "+1d", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": f"{asan}:verify_asan_link_order=0"} if shim else {}

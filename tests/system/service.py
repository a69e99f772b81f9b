#!/usr/bin/env python3
"""service.py - a hub and its node work as systemd runs them: within the calls that their units allow, and telling
it when they are ready, that they live, and that they stop."""
import importlib.util
import pathlib
import shutil
import socket
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy"))
import daemons

PERIOD_US = "300000"  # as WatchdogSec would set it; told from within a third of it


def sandbox(daemon):
    """The words before the program; none where the means are missing."""
    if not importlib.util.find_spec("seccomp") or not shutil.which("systemd-analyze"):
        return []
    unit = {"dantin-hub": "dantin-hub.service", "dantin-node": "dantin-node@.service"}[daemon.program.name]
    return [sys.executable, str(ROOT / "tests/system/sandbox.py"), str(ROOT / "deploy/systemd" / unit)]


def hear(listener, word, daemon):
    """Datagrams until one has the word as a line."""
    listener.settimeout(0.2)

    def heard():
        try:
            return word in listener.recv(4096).decode().splitlines()
        except TimeoutError:
            return False
    daemons.wait_for(f"{daemon.name()} tells {word}", heard, alive=[daemon])


def check(daemon, home):
    """The daemon runs already; it is started again with somebody who listens."""
    daemon.stop()
    path = home / f"notify-{daemon.unit}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        # The leak checker of a sanitized build needs calls that a service does not.
        daemon.start({"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": PERIOD_US, "ASAN_OPTIONS": "detect_leaks=0"},
                     sandbox(daemon))
        hear(listener, "READY=1", daemon)
        daemon.wait_ready(1)  # ready means: it answers already
        hear(listener, "WATCHDOG=1", daemon)
        hear(listener, "WATCHDOG=1", daemon)


def stop(daemon, home):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        path = home / f"notify-{daemon.unit}"
        path.unlink()
        listener.bind(str(path))
        listener.settimeout(1)
        daemon.process.terminate()
        code = daemon.stop(asked=True)
        assert code == 0, f"{daemon.name()} ended with {code}\n{daemon.last_words()}"
        told = listener.recv(4096).decode()
        while "STOPPING=1" not in told:
            told = listener.recv(4096).decode()


def enter(tree):
    """Both in their sandboxes: an opening entered at the node is seen at the hub."""
    node = tree.nodes[0]
    tree.wait_taking(node)
    place = node.get("/api/state")["places"][0]["code"]
    status, reply = node.post("/api/say", f"kind=step&what=opened&place={place}&by={daemons.PERSON}")
    assert status == 200, f"{status} {reply}"
    daemons.wait_for("the opening is at the hub", lambda: any(
        t["opened"] for t in tree.top.get("/api/state")["totals"]), alive=tree.running())


def main():
    with tempfile.TemporaryDirectory(prefix="dantin-service-") as folder:
        home = pathlib.Path(folder)
        daemons.make_drill(home / "plan", *daemons.SMALL, "--communes", 1, "--flat")
        tree = daemons.Tree(home / "plan", home)
        try:
            tree.start()
            for daemon in (tree.top, tree.nodes[0]):
                check(daemon, home)
            enter(tree)
            for daemon in (tree.nodes[0], tree.top):
                stop(daemon, home)
        finally:
            tree.close()
    print("a hub and a node work as services" + ("" if sandbox(tree.top) else "; not tried within the units' calls: "
                                                 "python3-seccomp or systemd-analyze is missing"))


if __name__ == "__main__":
    try:
        main()
    except daemons.Trouble as e:
        sys.exit(f"service.py: {e}")

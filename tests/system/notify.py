#!/usr/bin/env python3
"""notify.py - a hub and its node tell systemd when they are ready, that they live, and that they stop."""
import pathlib
import socket
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy"))
import daemons

PERIOD_US = "300000"  # as WatchdogSec would set it; told from within a third of it


def hear(listener, word, daemon):
    """Datagrams until one has the word as a line."""
    listener.settimeout(daemons.DEADLINE)
    while True:
        daemon.check_alive()
        if word in listener.recv(4096).decode().splitlines():
            return


def check(daemon, home):
    """The daemon runs already; it is started again with somebody who listens."""
    daemon.stop()
    path = home / f"notify-{daemon.unit}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        daemon.start({"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": PERIOD_US})
        hear(listener, "READY=1", daemon)
        daemon.wait_ready(1)  # ready means: it answers already
        hear(listener, "WATCHDOG=1", daemon)
        hear(listener, "WATCHDOG=1", daemon)
        daemon.process.terminate()
        hear(listener, "STOPPING=1", daemon)
        code = daemon.stop()
        assert code == 0, f"{daemon.name()} ended with {code}\n{daemon.last_words()}"
    print(f"{daemon.name()}: ready, alive and stopping are told")


def main():
    with tempfile.TemporaryDirectory(prefix="dantin-notify-") as folder:
        home = pathlib.Path(folder)
        daemons.make_drill(home / "plan", *daemons.SMALL, "--communes", 1)
        tree = daemons.Tree(home / "plan", home)
        try:
            tree.start()
            for daemon in tree.nodes + tree.hubs[::-1]:
                check(daemon, home)
        finally:
            tree.close()


if __name__ == "__main__":
    try:
        main()
    except daemons.Trouble as e:
        sys.exit(f"notify.py: {e}")

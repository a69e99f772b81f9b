#!/usr/bin/env python3
"""runaway.py - an enrolled child without measure: a message that never ends is ended by the memory limit of the unit,
and honest nodes are served again within ten seconds; a child above its budget of the day gets one run in ten seconds
through, and its siblings notice nothing."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import time

import curve
import enemy
import lib
from enemy import Child, Keys, Log
from lib import daemons

MEMORY_MIB = 256  # where the unit's MemoryMax is 2G; the way is shorter so
RESTART_S = 2  # RestartSec= of the unit
AGAIN_S = 10
SERVED_S = 5
BUDGET_MIB = 1
SLOW_S = 10  # a child above its budget: one run in so long
RUNS_MAX = 10000


# ---- the limit, as systemd sets it or as it can be had here ----

def by_systemd():
    words = ["systemd-run", "--user", "--scope", "--quiet", "-p", f"MemoryMax={MEMORY_MIB}M", "-p", "MemorySwapMax=0"]
    if shutil.which(words[0]) and subprocess.run([*words, "true"], capture_output=True).returncode == 0:
        return words
    return None


class Group:
    """A control group of our own, where the file system of groups may be written."""

    def __init__(self):
        self.dir = None
        for base, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
            folder = pathlib.Path(base) / f"dantin-runaway-{os.getpid()}"
            try:
                folder.mkdir()
            except OSError:
                continue
            self.dir = folder
            try:
                (folder / limit).write_text(str(MEMORY_MIB << 20))
                if self.holds():
                    return
            except OSError:
                pass
            self.close()

    def words(self):
        return ["sh", "-c", f'echo $$ >{self.dir}/cgroup.procs && exec "$@"', "sh"]

    def holds(self):
        """Whether one that takes twice as much is ended by it."""
        greedy = f"b = bytearray({MEMORY_MIB << 21}); b[::4096] = b'1' * len(b[::4096])"
        return subprocess.run([*self.words(), "python3", "-c", greedy], capture_output=True).returncode == -9

    def close(self):
        if self.dir:
            with contextlib.suppress(OSError):
                self.dir.rmdir()
        self.dir = None


class Limit:
    """words before the program, its environment, and what it is."""

    def __init__(self, program):
        self.environment, self.group = {}, None
        sanitized = b"__asan" in program.read_bytes()
        if sanitized:
            self.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"
        self.words, self.name = by_systemd(), "MemoryMax"
        if self.words is None:
            self.group = Group()
            self.words, self.name = (self.group.words(), "a memory group") if self.group.dir else (None, None)
        if self.words is None and sanitized:
            self.environment["ASAN_OPTIONS"] += f":hard_rss_limit_mb={MEMORY_MIB}"
            self.words, self.name = [], "the sanitizer's limit"
        if self.words is None:
            self.words, self.name = ["prlimit", f"--data={MEMORY_MIB << 20}"], "RLIMIT_DATA"
        if self.name != "MemoryMax":
            print(f"NO SYSTEMD HERE: {self.name} stands in for MemoryMax={MEMORY_MIB}M, and this test restarts the hub "
                  f"after {RESTART_S} s as the unit says", flush=True)

    def outcome(self, hub):
        """How it met the hub. Without memory libzmq may give up the connection alone; then nobody has to die."""
        with contextlib.suppress(lib.Trouble):
            lib.wait_for("the limit ends the hub", lambda: hub.process.poll() is not None,
                         2 if self.name == "RLIMIT_DATA" else 20)
        code = hub.process.poll()
        assert code != 0, "the hub ended as if it had been asked to"
        assert code is not None or self.name == "RLIMIT_DATA", "the limit does not end the hub"
        return "the connection was given up" if code is None else f"ended with {code}"

    def close(self):
        if self.group:
            self.group.close()


# ---- what is tried ----

def served(hub, node, place, count, deadline, began=None):
    """Seconds until the hub has counted one more entry of the node; `began`: since when."""
    began = began or time.monotonic()

    def entered():
        with contextlib.suppress(OSError, daemons.http.client.HTTPException, lib.Trouble):
            return lib.total(hub, node.unit)["incidents"] >= count
        return False
    lib.say(node, lib.incident(place))
    lib.wait_for(f"the hub counts what {node.name()} entered", entered, max(0.1, deadline - (time.monotonic() - began)), [node])
    return time.monotonic() - began


def endless(hub, keys):
    """One message of parts without end, until the hub is gone. MiB sent."""
    c = curve.Curve(enemy.gate_port(hub), Keys(hub).curve, keys.curve, keys.curve_secret)
    part, sent = os.urandom(60000), 0
    try:
        while sent < MEMORY_MIB << 24:
            c.send(part, curve.MORE)
            sent += len(part)
    except OSError:
        pass
    finally:
        c.close()
    return sent >> 20


def memory(tree, limit, entered):
    hub, node = tree.at[lib.HUB], tree.nodes[0]
    keys, place = Keys(tree.nodes[1]), lib.places_of(node)[0]
    sent = endless(hub, keys)
    ended, how = time.monotonic(), limit.outcome(hub)
    if hub.process.poll() is not None:
        hub.stop(asked=True)
        time.sleep(RESTART_S)  # systemd's own wait
        hub.start(limit.environment, limit.words)
        hub.wait_ready(AGAIN_S)
    took = served(hub, node, place, entered + 1, AGAIN_S, ended)
    print(f"{limit.name}: {how} after {sent} MiB of one message; an honest node was served again after {took:.1f} s",
          flush=True)
    return entered + 1


def budget(tree, mine):
    """The child goes on with its log as fast as it can, and does not wait to be asked."""
    hub, node, place = tree.at[lib.HUB], tree.nodes[0], lib.places_of(tree.nodes[0])[0]
    keys = Keys(tree.nodes[1])
    log, runs, began, worst, entered = Log(keys, incarnation=77), [], None, 0.0, 0
    name = (keys.unit, keys.unit, "reports", f"{77:016x}")
    counts = []  # (when, how much of the log is held)

    def held():
        return lib.heads(hub).get(name, (0,))[0]
    with Child(hub, keys.curve, keys.curve_secret) as c:
        c.open(keys)
        while began is None or time.monotonic() < began + 2.5 * SLOW_S:
            at = held()
            counts.append((time.monotonic(), at))
            while len(runs) <= at // 100 + 8:
                runs.append(log.run(*[enemy.incident(mine, "x" * 380) for _ in range(100)]))
            for body in runs[at // 100:at // 100 + 8]:
                c.say(log.frame(c, body))
            c.drain()
            if began is None and hub.get("/api/status")["refused"]["slowed"]:
                began = time.monotonic()
            entered += 1
            worst = max(worst, served(hub, node, place, entered, SERVED_S))
    free = max(n for when, n in counts if when <= began) * len(runs[0]) // 100
    late = (counts[-1][1] - max(n for when, n in counts if when <= began + 1)) // 100
    assert free <= (BUDGET_MIB << 20) + 3 * len(runs[0]), f"{free} bytes before it was slowed down"
    assert 1 <= late <= 3, f"{late} runs in {2.5 * SLOW_S} s above the budget"
    print(f"budget: {free >> 10} KiB at once, then {late} runs in {2.5 * SLOW_S:.0f} s; its sibling was served within "
          f"{worst:.2f} s", flush=True)
    return entered


def test(world):
    """The district alone has the small budget: at the province all of it is one child."""
    enemy.need_means()
    tree = world.tree(2)
    hub, (node, other) = tree.at[lib.HUB], tree.nodes
    mine = lib.places_of(other)[0]
    lib.settle(tree)
    lib.stop(other, hub)
    daemons.write_settings(hub.dir, {**lib.QUICK, "hub/budget_mib": BUDGET_MIB})
    limit = Limit(hub.program)
    try:
        hub.start(limit.environment, limit.words).wait_ready()
        tree.wait_taking(node)
        entered = budget(tree, mine)
        entered = memory(tree, limit, entered)
        lib.settle(tree, lambda: lib.total(hub, node.unit)["incidents"] == entered, but={other.unit})
        assert lib.verify(hub)["ok"]
        lib.stop(hub)
    finally:
        if hub.process:
            hub.kill()  # nobody may stand in the group when it is removed
        limit.close()
    return f"a child without measure: {limit.name}, and its budget"


if __name__ == "__main__":
    lib.run(test)

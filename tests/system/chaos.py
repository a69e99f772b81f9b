#!/usr/bin/env python3
"""chaos.py - a province, its hubs and nodes that enter without pause, and everything that may happen to them at once:
within 60 s of the end of it every accepted statement is at the province once, and the totals are what was entered.

    tests/system/chaos.py [--seconds N] [--seed N] [--nodes N] [--pause S] [--keep DIR]

A seed gives the same faults at the same times again; what meets what depends on the machine. With --keep, the folders of
a run that failed stay there.
"""
import argparse
import collections
import contextlib
import pathlib
import random
import re
import shutil
import time

import entering
import faults
import lib
import proxy
import spaces
from lib import daemons

DISTRICTS = ("535", "524", "528")
SETTINGS = {"link/beat_ms": 300, "link/deadline_ms": 2500, "link/backoff_ms": 1000, "node/wait_ms": 2000,
            "store/full_mib": 4}
MEMORY = {"dantin-node": (24, 3), "dantin-hub": (40, 3)}  # MiB, and KiB for each statement in its store


class Skewed(daemons.Daemon):
    """A node whose machine is a day ahead."""

    def start(self, environment=None, within=()):
        return super().start({**spaces.a_day_ahead(), **(environment or {})}, within)


class Tree(daemons.Tree):
    """Children reach their hubs by the tests' proxies."""

    def __init__(self, plan, home, proxies, skewed):
        self.proxies, self.skewed = proxies, skewed
        super().__init__(plan, home, SETTINGS)

    def daemon(self, code):
        d = super().daemon(code)
        if code == self.skewed:
            return Skewed(d.program.name, code, d.dir)
        if self.children[code]:
            self.proxies[code] = proxy.Proxy(lambda: int((d.dir / "link.port").read_text()))
        return d

    def prepare(self, daemon):
        super().prepare(daemon)
        if daemon.unit in self.proxies:
            daemons.write_settings(daemon.dir, {
                **SETTINGS, "link/advertise": f"127.0.0.1:{self.proxies[daemon.unit].port}"})


class Chaos:
    """The faults that are under way, and what they may touch."""

    RENEWALS_MAX = 20  # a unit has room for so many logs

    def __init__(self, tree, home, options):
        self.tree, self.home, self.options = tree, home, options
        self.proxies, self.speakers, self.loss, self.disks = tree.proxies, {}, None, {}
        self.busy, self.frozen, self.treated, self.filled, self.healing = set(), set(), set(), set(), set()
        self.losing, self.over, self.n_copies, self.full_bytes = False, False, 0, SETTINGS["store/full_mib"] * spaces.MIB
        self.copies, self.renewals, self.counts = [], collections.Counter(), collections.Counter()
        self.left_out, self.memory = collections.Counter(), {}
        self.began, self.watched = time.monotonic(), 0

    def told(self, text):
        print(f"{time.monotonic() - self.began:7.2f} {text}", flush=True)

    # ---- what faults need ----

    def draw(self, rng):
        """A hub nearly as often as a node; the first in the draw to which nothing happens now."""
        some = list(self.tree.hubs if rng.random() < 0.4 else self.tree.nodes)
        rng.shuffle(some)
        return next((d for d in some if d.unit not in self.busy), some[0])

    @contextlib.contextmanager
    def held(self, *some):
        """Nothing else happens to these processes meanwhile."""
        units = {d.unit for d in some}
        if units & self.busy:
            raise faults.LeftOut("something else happens to it")
        self.busy |= units
        try:
            yield
        finally:
            self.busy -= units

    @contextlib.contextmanager
    def clear_lines(self, daemon):
        """Lines of the daemon, up and down, are good and stay so."""
        units = set() if daemon is None else {daemon.unit, self.tree.units[daemon.unit]["parent_code"]} & set(self.proxies)
        if units & self.treated or (units and self.losing) or (daemon and daemon.unit in self.filled):
            raise faults.LeftOut("its lines are treated badly")
        self.treated |= units
        for unit in units:
            self.proxies[unit].end_lines()
        try:
            yield
        finally:
            self.treated -= units

    def near(self, daemon):
        """Its parent and its children."""
        return {self.tree.units[daemon.unit]["parent_code"], *self.tree.children[daemon.unit]} - {""}

    def kill(self, daemon):
        daemon.check_alive()
        daemon.port = None  # another daemon may get it
        daemon.kill()

    def stopped(self, daemon):
        daemon.check_alive()
        daemon.process.terminate()
        yield from self.surely(f"{daemon.name()} ends", lambda: daemon.process.poll() is not None, 10)
        code = daemon.process.returncode
        if code != 0:
            raise lib.Trouble(f"{daemon.name()} ended with {code}, asked to end:\n{daemon.last_words()}")
        daemon.process, daemon.port = None, None

    def sleep(self, seconds):
        yield from self.until(lambda: self.over, seconds)

    def until(self, condition, seconds):
        """Whether it came true."""
        end = time.monotonic() + seconds
        while not (value := condition()):
            if time.monotonic() > end:
                return False
            yield
        return value

    def surely(self, what, condition, seconds=daemons.DEADLINE):
        """Counted from the end of all faults where they are what it may have to wait for."""
        if not (yield from self.until(condition, seconds)):
            yield from self.until(lambda: self.over, self.options.seconds)
            if not (yield from self.until(condition, seconds)):
                raise lib.Trouble(f"still waiting: {what}")

    def ready(self, daemon):
        """A full disk does not keep it from starting; there it only says at which port."""
        def port():
            daemon.check_alive()
            file = daemon.dir / "http.port"
            said = file.read_text() if file.exists() else ""
            if not said and daemon.unit in self.disks and (told := re.search(r"the page is at port (\d+)\n", daemon.words())):
                said = told[1]
                self.counts["start without room"] += 1
            return int(said) if said else None

        daemon.port = yield from self.until(port, daemons.DEADLINE)
        if not daemon.port:
            raise lib.Trouble(f"{daemon.name()} does not answer\n{daemon.last_words()}")

    def may(self, speaker, what):
        if speaker:
            speaker.may = what

    def heads(self, daemon):
        """Of its logs; None where it does not answer now."""
        if daemon.unit in self.frozen or not daemon.process or daemon.port is None:
            return None
        try:
            return lib.heads(daemon, timeout=2)
        except (OSError, ValueError, lib.Trouble, lib.http.client.HTTPException):
            return None

    def own_logs(self, daemon):
        return {log: head for log, head in (self.heads(daemon) or {}).items() if log[0] == daemon.unit}

    def above_holds(self, daemon):
        """All that a person said at it."""
        parent = self.tree.units[daemon.unit]["parent_code"]
        own = self.own_logs(daemon)
        if not parent:
            return bool(own)
        above = self.heads(self.tree.at[parent]) if own else None
        return above is not None and all(above.get(log, (0,))[0] >= head[0] for log, head in own.items()
                                         if log[2] == "about" or daemon in self.tree.nodes)

    def around_hold(self, daemon):
        """How much of its logs stands at its parent and its children: what it will have again."""
        most = {}
        for unit in self.near(daemon):
            for log, (n, _) in (self.heads(self.tree.at[unit]) or {}).items():
                if log[0] == daemon.unit:
                    most[log] = max(n, most.get(log, 0))
        return most

    def has_again(self, daemon, before):
        now = self.heads(daemon)
        return now is not None and all(now.get(log, (0,))[0] >= n for log, n in before.items())

    # ---- the run ----

    def schedule(self):
        """(second, fault, its own source of chance): the same for a seed and a length."""
        chance, at, plan = random.Random(self.options.seed), 0.5, []
        while at < self.options.seconds:
            kind = chance.choices(list(faults.WEIGHTS), faults.WEIGHTS.values())[0]
            plan.append((at, kind, random.Random(chance.getrandbits(63))))
            at += chance.expovariate(self.options.nodes / 6)
        return plan

    def step(self, running):
        """One turn of each fault that is under way."""
        for kind, fault in list(running):
            try:
                next(fault)
                continue
            except StopIteration:
                self.counts[kind.__name__] += 1
            except faults.LeftOut as e:
                self.left_out[kind.__name__, str(e)] += 1
            running.remove((kind, fault))

    def watch(self):
        """Nobody dies by itself, and nobody grows beyond bounds."""
        for d in self.tree.running():
            if d.unit not in self.busy:
                d.check_alive()
            with contextlib.suppress(OSError, StopIteration):
                lines = pathlib.Path(f"/proc/{d.process.pid}/status").read_text().splitlines()
                kib = int(next(x for x in lines if x.startswith("VmHWM")).split()[1])
                self.memory[d.unit] = max(self.memory.get(d.unit, 0), kib)
        for speaker in self.speakers.values():
            if speaker.trouble:
                raise speaker.trouble

    def play(self):
        """Returns when all faults are over, and the time of their end."""
        plan, running, self.began = self.schedule(), [], time.monotonic()
        try:
            while running or not self.over:
                self.turn(plan, running, time.monotonic() - self.began)
                time.sleep(0.04)
        finally:
            for _, fault in running:
                fault.close()
            for line in self.proxies.values():
                line.treat(None)
        return time.monotonic()

    def turn(self, plan, running, now):
        if not self.over and now >= self.options.seconds:
            self.over = True
            plan.clear()
            self.told("no more faults")
        while plan and plan[0][0] <= now:
            _, kind, rng = plan.pop(0)
            running.append((kind, kind(self, rng)))
        self.step(running)
        if now - self.watched > 1:
            self.watched = now
            self.watch()

    def close(self):
        """When all daemons have ended."""
        if self.options.keep:
            shutil.copytree(self.home, self.options.keep, dirs_exist_ok=True,
                            ignore=lambda _, names: [x for x in names if x.endswith((".sock", "ballast"))])
        for disk in self.disks.values():
            disk.close()
        for p in self.proxies.values():
            p.close()


# ---- what must hold at the end ----

def check_memory(c, speakers):
    said = {s.daemon_.unit: len(s.accepted) for s in speakers}
    sanitized = b"__asan" in c.tree.top.program.read_bytes()  # more around each piece, and what was freed is kept
    for d in c.tree.daemons():
        base, each = MEMORY[d.program.name]
        held = sum(said.get(u, 0) for u in lib.below(c.tree, d.unit))
        limit = base * 1024 + each * held
        assert c.memory[d.unit] <= (16 * limit if sanitized else limit), \
            f"{d.name()} took {c.memory[d.unit]} KiB, more than {limit} KiB for {held} statements"


def check(c, since):
    tree, speakers = c.tree, list(c.speakers.values())
    clerks = [s for s in speakers if isinstance(s, entering.Clerk)]
    counts = [len(s.accepted) for s in speakers]
    lib.wait_for("everybody enters again", lambda: all(
        len(s.accepted) > n or s.trouble for s, n in zip(speakers, counts)), 30)
    for s in speakers:
        s.ending = True
    for s in speakers:
        s.finish()
    seen = []
    try:
        lib.settle(tree, lambda: not seen.append(entering.differences(tree, clerks)) and not seen[-1],
                   deadline=max(1, round(60 - (time.monotonic() - since))))
    except lib.Trouble as e:
        raise lib.Trouble(f"{e}; " + "; ".join((seen or [[]])[-1][:6]))
    settled = time.monotonic() - since
    entering.check_acts(tree, speakers)
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    c.watch()
    check_memory(c, speakers)
    return sum(len(s.accepted) for s in speakers), settled


# ---- the whole ----

def missing(options, skew):
    """What this machine cannot do, aloud."""
    wants = ((spaces.has("mount"), "small disks: no file system may be mounted here (root, or user namespaces)"),
             (spaces.can_lose(), "lost packets: no network of its own, or no nft (nftables)"),
             (skew, "a clock a day off: no libfaketime (libfaketime)"))
    lines = [text for here, text in wants if not here]
    for text in lines:
        print(f"SKIPPED {text}", flush=True)
    return lines


def begin(world, options):
    plan = world.home / "tree" / "plan"
    plan.parent.mkdir()
    each = -(-options.nodes // len(DISTRICTS))
    daemons.make_drill(plan, "--districts", ",".join(DISTRICTS), "--communes", each, "--places", "2-3", "--cutoffs", 3,
                       seed=options.seed)
    skew = bool(spaces.a_day_ahead())
    nodes = [code for code, row in daemons.read_units(plan).items() if row["level"] == "xã"]
    tree = Tree(plan, plan.parent, {}, nodes[-1] if skew else None)
    c = Chaos(tree, world.home, options)
    world.trees.append(tree)
    world.closers.append(c.close)
    skipped = missing(options, skew)
    if spaces.has("mount"):
        for d in (tree.nodes[0], tree.hubs[1]):
            c.disks[d.unit] = spaces.Disk(d.dir, "192m")
    if spaces.can_lose():
        c.loss = spaces.Loss()
    tree.start()
    for hub in tree.hubs:
        lib.write_people(hub)
    return c, skipped


def speak(world, c):
    chance = random.Random(c.options.seed)
    source = lambda: random.Random(chance.getrandbits(63))
    clerks = [entering.Clerk(n, source(), c.options.pause, entering.DAY if isinstance(n, Skewed) else 0)
              for n in c.tree.nodes]
    desks = [entering.Desk(h, [k for k in clerks if c.tree.units[k.daemon_.unit]["parent_code"] == h.unit], source(),
                           2 * c.options.pause) for h in c.tree.hubs if h is not c.tree.top]
    for speaker in clerks + desks:
        c.speakers[speaker.daemon_.unit] = speaker
        world.threads.append(speaker)
        speaker.start()


def test(world):
    c, skipped = begin(world, OPTIONS)
    try:
        speak(world, c)
        n, settled = check(c, c.play())
    except (lib.Trouble, AssertionError) as e:
        again = " ".join(f"--{name} {getattr(OPTIONS, name)}" for name in ("seed", "seconds", "nodes", "pause"))
        raise lib.Trouble(f"seed {OPTIONS.seed}: {e}; again: tests/system/chaos.py {again}") from e
    for (name, why), k in sorted(c.left_out.items()):
        print(f"left out {k:3} times: {name}: {why}")
    say = ", ".join(f"{k} {name}" for name, k in sorted(c.counts.items()))
    most = {p: max(c.memory[d.unit] for d in c.tree.daemons() if d.program.name == p) // 1024 for p in MEMORY}
    return (f"seed {OPTIONS.seed}, {OPTIONS.seconds} s, {say} ({sum(c.left_out.values())} left out"
            f"{f', {len(skipped)} KINDS SKIPPED' if skipped else ''}): {n} statements, all once, totals equal after "
            f"{settled:.0f} s; node {most['dantin-node']} MiB, hub {most['dantin-hub']} MiB")


def options():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--seconds", type=int, default=15, help="how long faults happen")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--nodes", type=int, default=6, help="rounded up to equal districts")
    p.add_argument("--pause", type=float, default=0.15, help="seconds between two entries of a clerk")
    p.add_argument("--keep", type=pathlib.Path, help="copies the folders of the run there")
    return p.parse_args()


if __name__ == "__main__":
    OPTIONS = options()
    spaces.own("mount", "net")
    lib.run(test)

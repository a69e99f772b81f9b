"""faults - what happens to a tree in chaos. Each fault is a generator: it does something, yields until the next turn of
the main loop, which alone starts daemons, and mends at its end what it broke.

A fault draws from a source of its own before it looks at anything, so that a seed gives the same faults again. One that
may not happen at its moment (something else happens there) is counted as left out.
"""
import os
import random
import signal

import entering
import lib
import proxy
from lib import daemons


class LeftOut(Exception):
    """Not now, and why."""


def kill(c, rng):
    """kill -9; now and then again while it is still starting."""
    d, again, pauses = c.draw(rng), rng.choice((0, 0, 1, 2)), [rng.uniform(0, 1.5) for _ in range(4)]
    with c.held(d):
        for i in range(again + 1):
            c.told(f"kill -9 {d.name()}")
            c.kill(d)
            yield from c.sleep(pauses[i])
            d.start()
            if i < again:
                yield from c.sleep(pauses[3] / 4)
        yield from c.ready(d)


def stop(c, rng):
    """SIGTERM ends it within 10 s, with 0."""
    d, pause = c.draw(rng), rng.uniform(0, 1)
    with c.held(d):
        c.told(f"SIGTERM {d.name()}")
        yield from c.stopped(d)
        yield from c.sleep(pause)
        d.start()
        yield from c.ready(d)


def freeze(c, rng):
    """SIGSTOP."""
    d, seconds = c.draw(rng), min(rng.uniform(1, 20), c.options.seconds / 4)
    with c.held(d):
        c.told(f"SIGSTOP {d.name()} for {seconds:.1f} s")
        c.frozen.add(d.unit)
        os.kill(d.process.pid, signal.SIGSTOP)
        try:
            yield from c.sleep(seconds)
        finally:
            os.kill(d.process.pid, signal.SIGCONT)
            c.frozen.discard(d.unit)


def line(c, rng):
    """The proxy in front of a hub or the province treats all lines to it badly."""
    hub, manner, seconds = rng.choice(c.tree.hubs), proxy.draw(rng), rng.uniform(1, 8)
    if hub.unit in c.treated:
        raise LeftOut("its lines are treated already")
    c.treated.add(hub.unit)
    c.told(f"lines to {hub.unit}: {manner}, {seconds:.1f} s")
    c.proxies[hub.unit].treat(manner)
    yield from c.sleep(seconds)
    c.proxies[hub.unit].treat(None)
    c.treated.discard(hub.unit)


def loss(c, rng):
    """30 % of the packets to and from a hub's port."""
    hub, seconds = rng.choice(c.tree.hubs), rng.uniform(3, 15)
    if not c.loss:
        raise LeftOut("no packets can be lost here")
    if c.losing:
        raise LeftOut("packets are lost already")
    c.losing = True
    c.told(f"30 % of the packets to {hub.unit} are lost for {seconds:.1f} s")
    c.loss.begin(c.proxies[hub.unit].port)
    yield from c.sleep(seconds)
    c.loss.end()
    c.losing = False


def fill(c, rng):
    """A disk that is full for a while."""
    part, left, seconds = rng.random(), rng.choice((0, 0, rng.randint(0, c.full_bytes))), rng.uniform(1, 6)
    if not c.disks:
        raise LeftOut("no small disk can be mounted here")
    unit = sorted(c.disks)[int(part * len(c.disks))]
    if unit in c.filled:
        raise LeftOut("it is full already")
    c.filled.add(unit)
    c.told(f"the disk of {unit} has {left} bytes left for {seconds:.1f} s")
    c.disks[unit].fill(left)
    yield from c.sleep(seconds)
    c.disks[unit].ease()
    c.filled.discard(unit)


def copy(c, rng):
    """A copy of a store for later: by `backup` at work, or of the files, after an end or a kill."""
    d, way = c.draw(rng), rng.choice(("backup", "stopped", "killed"))
    with c.held(d):
        c.n_copies += 1
        to = c.home / f"copy-{c.n_copies}"
        if way == "backup":
            to.mkdir()
            code, _, err = lib.try_command(d.program, "backup", "--dir", d.dir, to / "store.db")
            if code != 0:
                raise LeftOut(f"no backup now: {err.strip()}")
        else:
            if way == "killed":
                c.kill(d)
            else:
                yield from c.stopped(d)
            lib.copy_store(d, to)
            d.start()
            yield from c.ready(d)
        c.told(f"copy of {d.name()}, {way}")
        c.copies.append((d.unit, to))


def lose(c, rng):
    """The store is deleted, the key is kept."""
    d = c.draw(rng)

    def losing():
        c.told(f"the store of {d.name()} is deleted")
        lib.delete_store(d)
    yield from without_store(c, d, losing, lost=True)


def restore(c, rng):
    """An old copy comes back, as other files or as other bytes of the same file."""
    in_place, order = rng.random() < 0.4, random.Random(rng.random())
    if not c.copies:
        raise LeftOut("there is no copy yet")
    some = list(c.copies)
    order.shuffle(some)
    unit, saved = next((x for x in some if x[0] not in c.busy), some[0])
    d = c.tree.at[unit]

    def putting():
        c.told(f"{saved.name} of {d.name()} is put back, {'the same file' if in_place else 'another file'}")
        if unit in c.filled:  # who puts a copy back makes room for it
            c.disks[unit].ease()
        lib.put_store(d, saved, in_place)
    around = [c.tree.at[u] for u in c.near(d)] if in_place else []
    yield from without_store(c, d, putting, around=around)


def without_store(c, d, change, lost=False, around=()):
    """What only this store holds is in no other, so first the tier above must have it, and those around it must not be
    losing theirs. `around`: nobody can know the same file with older bytes from what it was, until the tiers around it
    say so; they must then be there, and it must say nothing before."""
    if d.unit in c.healing or c.healing & c.near(d):
        raise LeftOut("a store beside it is coming back")
    if c.renewals[d.unit] >= c.RENEWALS_MAX:
        raise LeftOut("it has begun enough logs")
    with c.held(d, *around), c.clear_lines(d if around else None):
        speaker = c.speakers.get(d.unit)
        c.healing.add(d.unit)
        try:
            c.may(speaker, entering.NOTHING)
            held = yield from c.until(lambda: (not speaker or speaker.quiet()) and c.above_holds(d), 15)
            before = c.around_hold(d) if held and not c.over else None
            if not before:
                raise LeftOut("the tier above does not hold all of it")
            c.renewals[d.unit] += 1
            c.kill(d)
            change()
            d.start()
            yield from c.ready(d)
            if lost and d is c.tree.top:  # nobody below holds the whole plan
                daemons.run(d.program, "plan", "load", c.tree.plan, "--dir", d.dir, "--as", lib.PERSON)
            if not around and isinstance(speaker, entering.Clerk):  # a desk's words all replace others
                c.may(speaker, entering.INCIDENTS)
            yield from c.surely(f"{d.name()} has its logs again", lambda: c.has_again(d, before))
        finally:
            c.may(speaker, entering.EVERYTHING)
            c.healing.discard(d.unit)


WEIGHTS = {kill: 30, stop: 5, freeze: 16, line: 24, loss: 6, fill: 8, copy: 8, lose: 6, restore: 10}

#!/usr/bin/env python3
"""kill9.py - whatever is killed while clerks enter, every statement that a clerk saw accepted is at the province once,
and every log is the same at commune, district and province."""
import random

import lib

KILLS, BETWEEN = 12, 60  # of these; at most so many statements are accepted before the next one


def kill_some(tree, clerk):
    """Node and district hub in turn, sometimes both at once; killed again while they are still starting."""
    chance = random.Random(7)
    for i in range(KILLS):
        victims = [tree.nodes[0], tree.at[lib.HUB]] if i % 4 == 3 else [[tree.nodes[0], tree.at[lib.HUB]][i % 2]]
        for daemon in victims:
            daemon.kill()
        for daemon in victims:
            daemon.start()
        if i % 3 == 2:
            continue
        for daemon in (tree.nodes[0], tree.at[lib.HUB]):
            daemon.wait_ready()
        n = len(clerk.accepted) + chance.randint(0, BETWEEN)
        lib.wait_for("entries go on", lambda: len(clerk.accepted) >= n or clerk.trouble)
    for daemon in (tree.nodes[0], tree.at[lib.HUB]):
        daemon.wait_ready()


def test(world):
    tree = world.tree(2)
    clerks = [world.clerk(node, lib.places_of(node)[0]) for node in tree.nodes]
    lib.wait_for("entries go on", lambda: all(len(c.accepted) > 30 for c in clerks))
    kill_some(tree, clerks[0])
    for clerk in clerks:
        n = len(clerk.accepted)
        lib.wait_for("entries go on after the last kill", lambda: len(clerk.accepted) > n or clerk.trouble)
        clerk.finish()
    incidents = sum(len(c.accepted) * c.lines // (c.lines + 1) for c in clerks)
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == incidents)
    for clerk in clerks:
        for daemon in (tree.top, tree.at[lib.HUB]):
            acts = lib.check_once(daemon, clerk.node.unit, clerk.accepted)
            assert len(acts) == len(clerk.accepted), f"{len(acts)} acts of {len(clerk.accepted)} accepted"
            assert lib.turnout_of(daemon, clerk.place)["voted"] == clerk.voted
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    return (f"{KILLS} times, {sum(len(c.accepted) for c in clerks)} statements, "
            f"{sum(c.repeats for c in clerks)} sent again without an answer")


lib.run(test)

#!/usr/bin/env python3
"""lost_hub.py - a district hub whose store is lost comes back from its nodes and its parent, with what it said of a
child by telephone, while entries go on; a province hub comes back from the district."""
import lib
from lib import daemons


def phone(hub, node, place):
    """The district enters a turnout for a commune; the commune's own machine gets it too."""
    words = {"cutoff": 2, "about": node.unit, "how": "phone", "behalf": "chị Lan"}
    said = lib.say_of(hub, lib.turnout(place, 41, **words))
    said += lib.say_of(hub, lib.turnout(place, 47, **words, replaces="last", why="nghe nhầm"))
    lib.wait_for("the phoned figure is at the node", lambda: lib.turnout_of(node, place, 2)["voted"] == 47)
    return [s["act"] for s in said]


def lose(tree, daemon):
    daemon.kill()
    lib.delete_store(daemon)
    daemon.start().wait_ready()
    if daemon is tree.top:  # nobody below holds the whole plan: it is loaded from its folder again
        daemons.run(daemon.program, "plan", "load", tree.plan, "--dir", daemon.dir, "--as", lib.PERSON)


def about_acts(daemon, unit):
    return {f"{r[0]:016x}" for log, records in lib.logs_of(daemon).items() if log[1] == unit and log[2] == 2
            for r in records}


def check(tree, clerks, phoned, phone_place):
    incidents = sum(len(c.accepted) * c.lines // (c.lines + 1) for c in clerks)
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == incidents)
    for clerk in clerks:
        lib.check_once(tree.top, clerk.node.unit, clerk.accepted)
        lib.check_once(tree.at[lib.HUB], clerk.node.unit, clerk.accepted)
        assert lib.turnout_of(tree.top, clerk.place)["voted"] == clerk.voted
    for daemon in (tree.top, tree.at[lib.HUB], tree.nodes[0]):
        assert lib.turnout_of(daemon, phone_place, 2)["voted"] == 47, daemon.name()
        assert set(phoned) <= about_acts(daemon, tree.nodes[0].unit), daemon.name()
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    assert not lib.total(tree.top)["conflicts"]


def test(world):
    tree = world.tree(3)
    hub = tree.at[lib.HUB]
    clerks = [world.clerk(node, lib.places_of(node)[0]) for node in tree.nodes[:2]]
    place = lib.places_of(tree.nodes[0])[1]
    phoned = phone(hub, tree.nodes[0], place)
    for loser in (hub, tree.top, hub):
        n = [len(c.accepted) for c in clerks]
        lib.wait_for("entries go on", lambda: all(len(c.accepted) > m + 20 or c.trouble for c, m in zip(clerks, n)))
        lose(tree, loser)
    n = [len(c.accepted) for c in clerks]
    lib.wait_for("entries go on", lambda: all(len(c.accepted) > m + 20 or c.trouble for c, m in zip(clerks, n)))
    clerks = [c.finish() for c in clerks]
    check(tree, clerks, phoned, place)
    # What the hub says from now on stands in a new log, and is understood by both sides.
    phoned += [s["act"] for s in lib.say_of(hub, lib.turnout(place, 52, about=tree.nodes[0].unit, how="phone"))]
    lib.settle(tree, lambda: lib.turnout_of(tree.top, place)["voted"] == 52
               and lib.turnout_of(tree.nodes[0], place)["voted"] == 52)
    return f"3 stores lost, {sum(len(c.accepted) for c in clerks)} statements and {len(phoned)} by telephone"


lib.run(test)
